"""The proposed sites of a report: their standard, what the plan still lacks, and the reasons."""

from __future__ import annotations

from geo.core.plan import Measure
from geo.core.vocabulary import Mode, Settlement
from layers import Record
from layers.report.words import ReportWords, whole


def siting_note(proposal: Record | None, words: ReportWords) -> str:
    """Return which question was answered and how good the answer is proved to be.

    Parameters
    ----------
    proposal : dict or None
        Of :func:`geo.publish.study_json.siting.proposal_record`; None where no sites were computed.
    words : ReportWords
        The language.
    """
    if proposal is None:
        return words.text("no_siting")
    question = words.of(proposal["choice"], "question")
    note = words.text("siting_note", question=question, proof=words.of(proposal["proof"]))
    if any(row["source"] == "search_area" for row in proposal["sites"]):
        return words.text("siting_note_search", note=note)
    return note


def programme_lines(
    document: Record, progress: Record, proposal: Record | None, words: ReportWords
) -> list[str]:
    """Return for each programme its standard beside that of coverage, and what the plan lacks.

    Siting and coverage may use different standards; a reader must not compare their figures.

    Parameters
    ----------
    document, progress, proposal
        As :class:`layers.report.Parts` holds them.
    words : ReportWords
        The language.
    """
    if proposal is None or not proposal["sites"]:
        return []
    requested = {row["kind"]: row for row in proposal["choice"]["programmes"]}
    lines = []
    for row in proposal["programmes"]:
        one = requested[row["kind"]]
        parts = (
            words.text(
                "siting_standard",
                audience=words.of(row, "audience"),
                mode=words.within(words.term(Mode, one["mode"])),
                minutes=one["minutes"],
            ),
            _coverage_standard(one, document, words),
            _plan(row, progress, proposal, words),
        )
        joined = words.text("semicolon").join(part for part in parts if part)
        lines.append(words.text("programme_line", programme=words.of(row), parts=joined))
    return lines


def _coverage_standard(requested: Record, document: Record, words: ReportWords) -> str:
    """Return the standard of the coverage rate, where it differs; else nothing."""
    rows = [row for row in document["district"]["coverage"] if row["kind"] == requested["kind"]]
    others = {
        (words.term(Mode, row["mode"]), row["minutes"])
        for coverage in rows
        for row in coverage["standards"]
        if requested["settlement"] in {None, row["settlement"]}
        and (row["mode"], row["minutes"]) != (requested["mode"], requested["minutes"])
        and row["minutes"] is not None
    }
    if not others:
        return ""
    standards = words.joined(
        words.text("mode_minutes", mode=words.within(mode), minutes=minutes)
        for mode, minutes in sorted(others)
    )
    if not requested["settlement"]:
        return words.text("coverage_standard_anywhere", standards=standards)
    settlement = words.within(words.term(Settlement, requested["settlement"]))
    return words.text("coverage_standard", settlement=settlement, standards=standards)


def _plan(row: Record, progress: Record, proposal: Record, words: ReportWords) -> str:
    """Return how many the plan wants, how many stand, and how many are to be chosen."""
    if not progress["of_this_district"]:
        return ""
    for one in progress["commitments"]:
        is_new = one["measure"] == Measure.NEW_FACILITIES.value and one["kinds"] == [row["kind"]]
        built = one["current"]["value"]
        if is_new and one["target"] is not None and built is not None:
            return _lacking(one["target"], built, len(sites_of(proposal, row)), words)
    return ""


def _lacking(target: float, built: float, shown: int, words: ReportWords) -> str:
    left = max(target - built, 0.0)
    lacks = words.text("plan_lacks", target=target, built=built, left=left)
    if shown <= left:
        return lacks
    return words.text("plan_lacks_fewer", lacks=lacks, shown=shown, left=left)


def sites_of(proposal: Record, programme: Record) -> list[Record]:
    """Return the proposed sites of a programme, in their order."""
    return [row for row in proposal["sites"] if row["programme"] == programme["kind"]]


def programme_rows(proposal: Record, words: ReportWords) -> list[Record]:
    """Return for each programme whom it covers, before and after."""
    return [
        {
            "name": words.of(row),
            "audience": words.of(row, "audience"),
            "existing": str(row["existing_count"]),
            "sites": str(len(sites_of(proposal, row))),
            "population": whole(row["demand"]["population"]),
            "before": whole(row["demand"]["covered_before"]),
            "after": whole(row["demand"]["covered_after"]),
        }
        for row in proposal["programmes"]
    ]


def site_rows(proposal: Record, words: ReportWords) -> list[Record]:
    """Return the proposed sites, each with its reasons."""
    return [
        {
            "number": str(row["site"]),
            "programme": words.of(row, "programme"),
            "name": row["name"],
            "township": row["township_name"],
            "what": words.of(row, "source"),
            "newly": whole(row["newly_covered"]),
            "alone": whole(row["covered_alone"]),
            "reason": _reason(row, words),
        }
        for row in proposal["sites"]
    ]


def _reason(row: Record, words: ReportWords) -> str:
    newly, alone = whole(row["newly_covered"]), whole(row["covered_alone"])
    reason = words.text("reason", newly=newly, alone=alone)
    if row["next_best_name"] is None:
        return words.text("reason_only", reason=reason)
    loss = row["next_best_loss"] or 0
    key = "reason_next_fewer" if loss >= 0 else "reason_next_more"
    return words.text(key, reason=reason, next=row["next_best_name"], people=whole(abs(loss)))
