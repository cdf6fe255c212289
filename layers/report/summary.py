"""The summary in ten lines, for a reader who reads nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from geo.core.vocabulary import PER_10K, Group
from geo.measures.plan_progress import State
from layers.report.sites import sites_of
from layers.report.wording import (
    NONE,
    Record,
    Words,
    share,
    short,
    tenths,
    told_pending,
    whole,
)

_NAMED: Final = 3
_NAME_SIGNS: Final = 12


def summary(document: Record, progress: Record, proposal: Record | None, words: Words) -> list[str]:
    """Return ten lines: the area, who lacks what, the plan, the sites, and how sure it is.

    Parameters
    ----------
    document, progress, proposal
        As :func:`geo.publish.study_json.study_document`,
        :func:`geo.publish.study_json.progress.progress_record`
        and :func:`geo.publish.study_json.siting.proposal_record` return them.
    words : Words
        The language.
    """
    return [
        _reached(document, words),
        _missing(document, words),
        _townships(document, words),
        _worst(document, words),
        _coverage(document, words),
        _evenness(document, words),
        _schools_and_villages(document, words),
        _plan(progress, words),
        _sites(proposal, words),
        _data(document, words),
    ]


def _reached(document: Record, words: Words) -> str:
    district = document["district"]
    target, rate = district["target_area_per_10k_m2"], district["area_per_10k_m2"]
    told = words.bounded(tenths(rate), district["is_lower_bound"])
    part = share(None if rate is None else rate / target)
    return words.say(
        f"截至 {document['on']}，{district['name_zh']}每万人拥有科普展厅面积{told} 平方米，"
        f"为目标 {target:g} 平方米的 {part}。",
        f"On {document['on']}, {district['name_zh']} has {told} m² of exhibition area per 10,000 "
        f"residents, {part} of the target of {target:g} m².",
    )


def _missing(document: Record, words: Words) -> str:
    district, people = document["district"], words.of(document["denominator"])
    population, target = district["population"], district["target_area_per_10k_m2"]
    needed = None if population is None else population * target / PER_10K
    have = words.bounded(whole(district["counted_area_m2"]), district["is_lower_bound"])
    gap = words.at_most(whole(district["area_gap_m2"]), district["is_lower_bound"])
    return words.say(
        f"按{people} {whole(population)} 人计，应有 {whole(needed)} 平方米，已有{have} 平方米，"
        f"还差{gap} 平方米。",
        f"For {whole(population)} residents ({people}), {whole(needed)} m² are needed; there are "
        f"{have} m², and {gap} m² are missing.",
    )


def _townships(document: Record, words: Words) -> str:
    rows = document["townships"]
    target = document["district"]["target_area_per_10k_m2"]
    met = sum(1 for row in rows if (row["area_per_10k_m2"] or 0) >= target)
    none = [row for row in rows if row["counted_area_m2"] == 0 and not row["is_lower_bound"]]
    names = words.listed(_names(none), most=_NAMED)
    tail = words.say(
        f"；{len(none)} 个没有一平方米计入面积：{names}" if none else "",
        f"; {len(none)} have none: {names}" if none else "",
    )
    return words.say(
        f"{len(rows)} 个乡镇街道中，{met} 个达到每万人 {target:g} 平方米（参考）{tail}。",
        f"Of {len(rows)} townships, {met} have {target:g} m² per 10,000 (for reference){tail}.",
    )


def _worst(document: Record, words: Words) -> str:
    rows = [row for row in document["townships"] if row["area_gap_m2"]]
    rows.sort(key=lambda row: -row["area_gap_m2"])
    if not rows:
        return words.say(
            "没有已知缺展厅面积的乡镇街道。", "No township is known to lack exhibition area."
        )
    told = words.joined(
        f"{short(row['name_zh'], _NAME_SIGNS)} "
        + words.at_most(whole(row["area_gap_m2"]), row["is_lower_bound"])
        for row in rows[:_NAMED]
    )
    return words.say(
        f"缺展厅面积最多的是（平方米，参考）：{told}。",
        f"Most area is missing in (m², for reference): {told}.",
    )


def _coverage(document: Record, words: Words) -> str:
    groups = [row for row in document["district"]["coverage"] if row["kind"] is None]
    if not groups:
        return words.say("没有设服务标准，未算覆盖。", "No service standard is set.")
    told = words.joined(
        f"{words.term(Group, row['group'])} {share(row['coverage_rate'])}" for row in groups
    )
    most = max(groups, key=lambda row: row["gap_population"] or 0)
    left = f"{words.term(Group, most['group'])} {whole(most['gap_population'])}"
    return words.say(
        f"在服务标准内能到的居民：{told}；够不到的最多是{left} 人。",
        f"Residents within the service standards: {told}; most are left out by {left}.",
    )


def _evenness(document: Record, words: Words) -> str:
    gini = next(
        (row["gini"] for row in document["inequality"] if row["measure"] == "area_per_10k_m2"), None
    )
    access = document["accessibility"]
    near = words.bounded(tenths(access["accessible_area_per_10k_m2"]), access["is_lower_bound"])
    index = NONE if gini is None else f"{gini:.3f}"
    return words.say(
        f"乡镇街道之间的基尼系数为 {index}（0 为完全均衡，1 为最不均衡）；"
        f"居民就近能共享到的展厅面积每万人{near} 平方米。",
        f"The Gini index among townships is {index} (0 even, 1 most uneven); residents can share "
        f"{near} m² per 10,000 within reach.",
    )


def _schools_and_villages(document: Record, words: Words) -> str:
    schools, villages = document["schools"], document["villages"]
    first = words.say(
        f"{schools['school_count']} 所中小学中 {schools['reached_count']} 所能到科普基地"
        if schools["school_count"]
        else "台账中没有学校",
        f"{schools['reached_count']} of {schools['school_count']} schools reach a science base"
        if schools["school_count"]
        else "The ledger has no school",
    )
    second = words.say(
        f"{villages['village_count']} 个村社区中 {villages['with_count']} 个有党群服务中心"
        "或文明实践站"
        if villages["village_count"]
        else "没有村社区名录",
        f"{villages['with_count']} of {villages['village_count']} villages have a service centre"
        if villages["village_count"]
        else "there is no list of villages",
    )
    return words.say(f"{first}；{second}。", f"{first}; {second}.")


def _plan(progress: Record, words: Words) -> str:
    asked = [row for row in progress["commitments"] if row["target"] is not None]
    count = {state: sum(1 for row in asked if row["state"] == state.value) for state in State}
    return words.say(
        f"规划有量化目标的 {len(asked)} 项承诺：已达到 {count[State.MET]} 项，"
        f"未达到 {count[State.NOT_MET]} 项，数据不全不能判定 {count[State.UNDECIDED]} 项，"
        f"未填报或无数据 {count[State.UNKNOWN]} 项。",
        f"Of the plan's {len(asked)} commitments with a figure, {count[State.MET]} are met, "
        f"{count[State.NOT_MET]} are not, {count[State.UNDECIDED]} cannot be decided, and "
        f"{count[State.UNKNOWN]} have no data.",
    )


def _sites(proposal: Record | None, words: Words) -> str:
    if proposal is None:
        return words.say("本次没有计算选址建议。", "Sites were not worked out this time.")
    if not proposal["sites"]:
        return words.say("没有找到可建议的位置。", "No site could be proposed.")
    told = [_programme(row, sites_of(proposal, row), words) for row in proposal["programmes"]]
    return words.say(
        f"建议新设 {len(proposal['sites'])} 处：{'；'.join(told)}。",
        f"{len(proposal['sites'])} new sites are proposed: {'; '.join(told)}.",
    )


def _programme(row: Record, sites: Sequence[Record], words: Words) -> str:
    own = sorted(sites, key=lambda site: -(site["newly_covered"] or 0))
    towns = list(dict.fromkeys(site["township_name"] for site in own))
    names = words.listed([short(name, _NAME_SIGNS) for name in towns], most=_NAMED)
    demand = row["demand"]
    before, after = whole(demand["covered_before"]), whole(demand["covered_after"])
    who = words.of(row, "audience")
    return words.say(
        f"{row['zh']} {len(own)} 处（{names or NONE}），覆盖{who}由 {before} 人增至 {after} 人",
        f"{row['en']}: {len(own)} ({names or NONE}), {who} covered from {before} to {after}",
    )


def _data(document: Record, words: Words) -> str:
    district = document["district"]
    unknown, pending = district["unknown_area_count"], told_pending(district, words)
    bound = words.say("，所以面积是下限", ", so areas are lower bounds") if unknown else ""
    mark = (
        words.say("含演示数据，不是真实台账。", " The ledger is demonstration data.")
        if document["demonstration"]
        else ""
    )
    return words.say(
        f"{unknown} 处面积等不明、{pending}，都没有计入{bound}；请先核实这些。{mark}",
        f"{unknown} facilities lack an area or the like and {pending}; none "
        f"is counted{bound}. Verify these first.{mark}",
    )


def _names(rows: Sequence[Record]) -> list[str]:
    return [short(row["name_zh"], _NAME_SIGNS) for row in rows]
