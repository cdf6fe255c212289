"""The score card of each township, so much of everything as one page holds."""

from __future__ import annotations

from typing import Final

from geo.core.vocabulary import Group, TownshipKind
from layers.report.gaps import gap_row, no_gap, told_gaps
from layers.report.tables import covered_groups
from layers.report.wording import (
    NONE,
    Record,
    Words,
    at_least,
    share,
    short,
    tenths,
    told_pending,
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
    document: Record, trend: Record, proposal: Record | None, words: Words
) -> list[Record]:
    """Return the card of each township, in the order of the study.

    There is no rank over all measures: a gap is several answers, never one. Names are cut
    and lists end early, so that a card stays on its page; how many there are is told.
    """
    gaps: dict[str, list[Record]] = {}
    for gap in told_gaps(document):
        gaps.setdefault(gap["township_code"], []).append(gap)
    return [
        _card(row, document, trend, proposal, words)
        | _gaps(gaps.get(row["township_code"], []), words)
        for row in document["townships"]
    ]


def _card(
    row: Record, document: Record, trend: Record, proposal: Record | None, words: Words
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
        "data": words.say(
            f"数据：面积等不明 {row['unknown_area_count']} 处，{told_pending(row, words)}，"
            f"代码与位置不一致 {row['disagreement_count']} 处。",
            f"Data: {row['unknown_area_count']} unknown areas, {told_pending(row, words)}, "
            f"{row['disagreement_count']} whose code and position disagree.",
        ),
    }


def _measures(row: Record, document: Record, trend: Record, words: Words) -> list[Record]:
    rows = trend["townships"].get(row["township_code"], [])
    district = document["district"]
    found = [
        _measure(
            words.say(
                "每万人展厅面积（m²，目标为参考）", "Area per 10,000 (m², target for reference)"
            ),
            at_least(tenths(row[_PROVIDED]), row["is_lower_bound"]),
            at_least(tenths(district[_PROVIDED]), district["is_lower_bound"]),
            _rank(row, _PROVIDED, document, words),
            [at_least(tenths(one[_PROVIDED]), one["is_lower_bound"]) for one in rows],
        ),
        _measure(
            words.say("可达展厅面积（每万人 m²）", "Accessible area (m² per 10,000)"),
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
        label = words.term(Group, group)
        found.append(
            _measure(
                words.say(f"{label}覆盖率", f"Covered by {label.lower()}"),
                share(row["coverage_rate"].get(group)),
                share(whole_rates.get(group)),
                _rank(row, group, document, words),
                [share(one["coverage_rate"].get(group)) for one in rows],
            )
        )
    return found


def _measure(name: str, value: str, district: str, rank: str, years: list[str]) -> Record:
    return {"name": name, "value": value, "district": district, "rank": rank, "years": years}


def _rank(row: Record, measure: str, document: Record, words: Words) -> str:
    place = row["ranks"].get(measure)
    if place is None:
        return NONE
    ranked = sum(1 for one in document["townships"] if one["ranks"].get(measure) is not None)
    return words.say(f"第 {place} / {ranked}", f"{place} of {ranked}")


def _schools(row: Record, document: Record, words: Words) -> str:
    count, reached = row["school_count"], row["schools_reached_count"]
    if not count:
        return words.say("台账中没有学校。", "The ledger has no school here.")
    left = [
        short(one["name"], _NAME_SIGNS)
        for one in document["schools"]["rows"]
        if one["township_code"] == row["township_code"] and one["reached"] is False
    ]
    names = words.listed(left, most=_MOST_NAMES)
    tail = words.say(f"；不能的：{names}", f"; not: {names}") if left else ""
    return words.say(
        f"{count} 所学校中 {reached} 所能在服务标准内到科普基地{tail}。",
        f"{reached} of {count} schools reach a science base within the standard{tail}.",
    )


def _villages(row: Record, document: Record, words: Words) -> str:
    count, without = row["village_count"], row["villages_without_count"]
    if not count:
        return words.say("没有村社区名录。", "There is no list of villages.")
    left = [
        short(one["name_zh"], _NAME_SIGNS)
        for one in document["villages"]["without"]
        if one["township_code"] == row["township_code"]
    ]
    names = words.listed(left, most=_MOST_NAMES)
    tail = words.say(f"；没有的：{names}", f"; without: {names}") if left else ""
    return words.say(
        f"{count} 个村社区中 {count - without} 个有党群服务中心或文明实践站{tail}。",
        f"{count - without} of {count} villages and communities have a service centre{tail}.",
    )


def _gaps(gaps: list[Record], words: Words) -> Record:
    """Return the gaps of a township that its card shows, and how many it leaves out."""
    shown = [gap_row(row, words) for row in gaps[:MOST_GAPS]]
    return {
        "gaps": [
            row
            | {
                "nearest": short(row["nearest"], _PLACE_SIGNS),
                "target": short(row["target"], _TARGET_SIGNS),
            }
            for row in shown
        ],
        "gap_note": words.say(
            f"共 {len(gaps)} 项，列出未覆盖人数最多的 {len(shown)} 项。",
            f"{len(gaps)} in all; the {len(shown)} with the most residents not reached.",
        )
        if gaps
        else no_gap(words),
    }


def _sites_of(code: str, proposal: Record | None) -> list[Record]:
    return [row for row in proposal["sites"] if row["township_code"] == code] if proposal else []


def _sites(code: str, proposal: Record | None, words: Words) -> list[Record]:
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


def _site_note(code: str, proposal: Record | None, words: Words) -> str:
    if proposal is None:
        return words.say("本次没有计算选址建议。", "Sites were not worked out this time.")
    count = len(_sites_of(code, proposal))
    if not count:
        return words.say("本轮没有建议在这里新设基地。", "No new base is proposed here this time.")
    shown = min(count, MOST_SITES)
    return words.say(
        f"共建议 {count} 处，列出前 {shown} 处。", f"{count} are proposed; the first {shown}."
    )
