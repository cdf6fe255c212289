"""The score card of each township, cut to one page."""

from __future__ import annotations

from typing import Final

from geo.core.vocabulary import Group, TownshipKind
from layers import Record
from layers.report.tables import covered_groups, gap_row, worst_gaps
from layers.report.words import (
    NONE,
    ReportWords,
    at_least,
    pending,
    share,
    short,
    tenths,
    whole,
)

MOST_GAPS: Final = 5
MOST_SITES: Final = 4
_MOST_NAMES: Final = 5
_NAME_SIGNS: Final = 14
_TITLE_SIGNS: Final = 18
_PLACE_SIGNS: Final = 17
_TARGET_SIGNS: Final = 12

_PROVIDED: Final = "area_per_10k_m2"
_ACCESSIBLE: Final = "accessible_area_per_10k_m2"


def card_rows(
    document: Record, trend: Record, proposal: Record | None, words: ReportWords
) -> list[Record]:
    """Return the card of each township, in the order of the study.

    There is no rank over all measures: a gap is several answers, never one. Names are cut
    and lists end early, so that a card stays on its page; how many there are in all stands
    beside them.

    Parameters
    ----------
    document, trend, proposal
        As :class:`layers.report.Parts` holds them.
    words : ReportWords
        The language.
    """
    gaps: dict[str, list[Record]] = {}
    for gap in worst_gaps(document):
        gaps.setdefault(gap["township_code"], []).append(gap)
    return [
        _card(row, document, trend, proposal, words)
        | _gaps(gaps.get(row["township_code"], []), words)
        for row in document["townships"]
    ]


def _card(
    row: Record, document: Record, trend: Record, proposal: Record | None, words: ReportWords
) -> Record:
    code, bound = row["township_code"], row["is_lower_bound"]
    target = document["district"]["target_area_per_10k_m2"]
    return {
        "code": code,
        "name": short(row["name_zh"], _TITLE_SIGNS),
        "kind": words.term(TownshipKind, row["kind"]),
        "population": whole(row["population"]),
        "counted": words.bounded(whole(row["counted_area_m2"]), bound),
        "per_10k": words.bounded(tenths(row[_PROVIDED]), bound),
        "gap": words.at_most(whole(row["area_gap_m2"]), bound),
        "target": f"{target:g}",
        "facilities": str(row["facility_count"]),
        "measures": _measures(row, document, trend, words),
        "schools": _schools(row, document, words),
        "villages": _villages(row, document, words),
        "sites": _sites(code, proposal, words),
        "site_note": _site_note(code, proposal, words),
        "data": words.text(
            "card_data",
            unknown=row["unknown_area_count"],
            pending=pending(row, words),
            disagreements=row["disagreement_count"],
        ),
    }


def _measures(row: Record, document: Record, trend: Record, words: ReportWords) -> list[Record]:
    rows = trend["townships"].get(row["township_code"], [])
    district = document["district"]
    measures = [
        _measure(
            words.text("card_area"),
            at_least(tenths(row[_PROVIDED]), row["is_lower_bound"]),
            at_least(tenths(district[_PROVIDED]), district["is_lower_bound"]),
            _rank(row, _PROVIDED, document, words),
            [at_least(tenths(one[_PROVIDED]), one["is_lower_bound"]) for one in rows],
        ),
        _measure(
            words.text("card_accessible"),
            at_least(tenths(row[_ACCESSIBLE]), row["accessible_is_lower_bound"]),
            at_least(
                tenths(document["accessibility"][_ACCESSIBLE]),
                document["accessibility"]["is_lower_bound"],
            ),
            _rank(row, _ACCESSIBLE, document, words),
            [at_least(tenths(one[_ACCESSIBLE]), one["accessible_is_lower_bound"]) for one in rows],
        ),
    ]
    whole_rates = {
        one["group"]: one["coverage_rate"] for one in district["coverage"] if one["kind"] is None
    }
    for group in covered_groups(document):
        name = words.within(words.term(Group, group))
        measures.append(
            _measure(
                words.text("card_coverage", group=name),
                share(row["coverage_rate"].get(group)),
                share(whole_rates.get(group)),
                _rank(row, group, document, words),
                [share(one["coverage_rate"].get(group)) for one in rows],
            )
        )
    return measures


def _measure(name: str, value: str, district: str, rank: str, years: list[str]) -> Record:
    return {"name": name, "value": value, "district": district, "rank": rank, "years": years}


def _rank(row: Record, measure: str, document: Record, words: ReportWords) -> str:
    place = row["ranks"].get(measure)
    if place is None:
        return NONE
    ranked = sum(1 for one in document["townships"] if one["ranks"].get(measure) is not None)
    return words.text("card_rank", place=place, count=ranked)


def _schools(row: Record, document: Record, words: ReportWords) -> str:
    count = row["school_count"]
    if not count:
        return words.text("card_no_schools")
    without = [
        short(one["name"], _NAME_SIGNS)
        for one in document["schools"]["rows"]
        if one["township_code"] == row["township_code"] and one["reached"] is False
    ]
    return words.text(
        "card_schools",
        count=count,
        reached=row["schools_reached_count"],
        without=_without("card_schools_without", without, words),
    )


def _villages(row: Record, document: Record, words: ReportWords) -> str:
    count = row["village_count"]
    if not count:
        return words.text("card_no_villages")
    without = [
        short(one["name_zh"], _NAME_SIGNS)
        for one in document["villages"]["without"]
        if one["township_code"] == row["township_code"]
    ]
    return words.text(
        "card_villages",
        count=count,
        with_centre=count - row["villages_without_count"],
        without=_without("card_villages_without", without, words),
    )


def _without(key: str, names: list[str], words: ReportWords) -> str:
    return words.text(key, names=words.listed(names, most=_MOST_NAMES)) if names else ""


def _gaps(gaps: list[Record], words: ReportWords) -> Record:
    """Return the gaps of a township that its card shows, and how many it leaves out."""
    shown = [gap_row(row, words) for row in gaps[:MOST_GAPS]]
    note = words.text("no_gap")
    if gaps:
        note = words.text("card_gaps", count=len(gaps), shown=len(shown))
    cut = [
        row
        | {
            "nearest": short(row["nearest"], _PLACE_SIGNS),
            "target": short(row["target"], _TARGET_SIGNS),
        }
        for row in shown
    ]
    return {"gaps": cut, "gap_note": note}


def _sites_of(code: str, proposal: Record | None) -> list[Record]:
    return [row for row in proposal["sites"] if row["township_code"] == code] if proposal else []


def _sites(code: str, proposal: Record | None, words: ReportWords) -> list[Record]:
    return [
        {
            "number": str(row["site"]),
            "programme": words.of(row, "programme"),
            "name": short(row["name"], _PLACE_SIGNS),
            "what": words.of(row, "source"),
            "newly": whole(row["newly_covered"]),
        }
        for row in _sites_of(code, proposal)[:MOST_SITES]
    ]


def _site_note(code: str, proposal: Record | None, words: ReportWords) -> str:
    if proposal is None:
        return words.text("no_siting")
    count = len(_sites_of(code, proposal))
    if not count:
        return words.text("card_no_site")
    return words.text("card_sites", count=count, shown=min(count, MOST_SITES))
