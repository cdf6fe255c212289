"""The summary in ten lines, for a reader who reads nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from geo.core.vocabulary import PER_10K, Group
from geo.measures.plan_progress import State
from layers import Record
from layers.report.sites import sites_of
from layers.report.words import NONE, ReportWords, pending, share, short, tenths, whole

_NAMED: Final = 3
_NAME_SIGNS: Final = 12


def summary(
    document: Record, progress: Record, proposal: Record | None, words: ReportWords
) -> list[str]:
    """Return ten lines: area, townships, coverage, equity, plan, sites, and how sure they are.

    Parameters
    ----------
    document, progress, proposal
        As :func:`geo.publish.study_json.study_document`,
        :func:`geo.publish.study_json.progress.progress_record`
        and :func:`geo.publish.study_json.siting.proposal_record` return them.
    words : ReportWords
        The language.
    """
    return [
        _area(document, words),
        _missing(document, words),
        _townships(document, words),
        _worst(document, words),
        _coverage(document, words),
        _equity(document, words),
        _schools_and_villages(document, words),
        _plan(progress, words),
        _sites(proposal, words),
        _data(document, words),
    ]


def _area(document: Record, words: ReportWords) -> str:
    district = document["district"]
    target, rate = district["target_area_per_10k_m2"], district["area_per_10k_m2"]
    return words.text(
        "summary_area",
        on=document["on"],
        district=district["name_zh"],
        area=words.bounded(tenths(rate), district["is_lower_bound"]),
        target=target,
        share=share(None if rate is None else rate / target),
    )


def _missing(document: Record, words: ReportWords) -> str:
    district = document["district"]
    population, target = district["population"], district["target_area_per_10k_m2"]
    bound = district["is_lower_bound"]
    return words.text(
        "summary_missing",
        people=words.of(document["denominator"]),
        population=whole(population),
        needed=whole(None if population is None else population * target / PER_10K),
        have=words.bounded(whole(district["counted_area_m2"]), bound),
        gap=words.at_most(whole(district["area_gap_m2"]), bound),
    )


def _townships(document: Record, words: ReportWords) -> str:
    rows = document["townships"]
    target = document["district"]["target_area_per_10k_m2"]
    met = sum(1 for row in rows if (row["area_per_10k_m2"] or 0) >= target)
    # A township whose area is a lower bound may have some: only a known zero is named.
    none = [
        short(row["name_zh"], _NAME_SIGNS)
        for row in rows
        if row["counted_area_m2"] == 0 and not row["is_lower_bound"]
    ]
    without = ""
    if none:
        names = words.listed(none, most=_NAMED)
        without = words.text("summary_without_area", count=len(none), names=names)
    return words.text("summary_townships", count=len(rows), met=met, target=target, without=without)


def _worst(document: Record, words: ReportWords) -> str:
    rows = [row for row in document["townships"] if row["area_gap_m2"]]
    rows.sort(key=lambda row: -row["area_gap_m2"])
    if not rows:
        return words.text("summary_no_worst")
    townships = words.joined(
        f"{short(row['name_zh'], _NAME_SIGNS)} "
        + words.at_most(whole(row["area_gap_m2"]), row["is_lower_bound"])
        for row in rows[:_NAMED]
    )
    return words.text("summary_worst", townships=townships)


def _coverage(document: Record, words: ReportWords) -> str:
    groups = [row for row in document["district"]["coverage"] if row["kind"] is None]
    if not groups:
        return words.text("summary_no_standard")
    rates = words.joined(
        f"{words.term(Group, row['group'])} {share(row['coverage_rate'])}" for row in groups
    )
    most = max(groups, key=lambda row: row["gap_population"] or 0)
    worst = f"{words.term(Group, most['group'])} {whole(most['gap_population'])}"
    return words.text("summary_coverage", rates=rates, worst=worst)


def _equity(document: Record, words: ReportWords) -> str:
    gini = next(
        (row["gini"] for row in document["inequality"] if row["measure"] == "area_per_10k_m2"), None
    )
    access = document["accessibility"]
    area = tenths(access["accessible_area_per_10k_m2"])
    return words.text(
        "summary_equity",
        gini=NONE if gini is None else f"{gini:.3f}",
        area=words.bounded(area, access["is_lower_bound"]),
    )


def _schools_and_villages(document: Record, words: ReportWords) -> str:
    schools, villages = document["schools"], document["villages"]
    first, second = words.text("summary_no_schools"), words.text("summary_no_villages")
    if schools["school_count"]:
        first = words.text(
            "summary_schools", count=schools["school_count"], reached=schools["reached_count"]
        )
    if villages["village_count"]:
        second = words.text(
            "summary_villages",
            count=villages["village_count"],
            with_centre=villages["with_count"],
        )
    return words.text("summary_schools_villages", schools=first, villages=second)


def _plan(progress: Record, words: ReportWords) -> str:
    rows = [row for row in progress["commitments"] if row["target"] is not None]
    count = {state: sum(1 for row in rows if row["state"] == state.value) for state in State}
    return words.text(
        "summary_plan",
        count=len(rows),
        met=count[State.MET],
        not_met=count[State.NOT_MET],
        undecided=count[State.UNDECIDED],
        unknown=count[State.UNKNOWN],
    )


def _sites(proposal: Record | None, words: ReportWords) -> str:
    if proposal is None:
        return words.text("no_siting")
    if not proposal["sites"]:
        return words.text("summary_no_site")
    rows = [_programme(row, sites_of(proposal, row), words) for row in proposal["programmes"]]
    programmes = words.text("semicolon").join(rows)
    return words.text("summary_sites", count=len(proposal["sites"]), programmes=programmes)


def _programme(row: Record, sites: Sequence[Record], words: ReportWords) -> str:
    own = sorted(sites, key=lambda site: -(site["newly_covered"] or 0))
    townships = list(dict.fromkeys(site["township_name"] for site in own))
    names = words.listed([short(name, _NAME_SIGNS) for name in townships], most=_NAMED)
    return words.text(
        "summary_programme",
        programme=words.of(row),
        count=len(own),
        townships=names or NONE,
        audience=words.of(row, "audience"),
        before=whole(row["demand"]["covered_before"]),
        after=whole(row["demand"]["covered_after"]),
    )


def _data(document: Record, words: ReportWords) -> str:
    district = document["district"]
    unknown = district["unknown_area_count"]
    return words.text(
        "summary_data",
        unknown=unknown,
        pending=pending(district, words),
        bound=words.text("summary_bound") if unknown else "",
        mark=words.text("summary_demonstration") if document["demonstration"] else "",
    )
