"""The tables of a report: commitments, progress, townships, coverage, gaps, sites."""

from __future__ import annotations

from typing import Final

from geo.progress import State
from geo.terms import Audience, Group, Mode, Settlement, TownshipKind
from layers.report.wording import NONE, Record, Words, share, tenths, whole

_STATES: Final = {
    State.MET: ("已达到", "met"),
    State.NOT_MET: ("未达到", "not met"),
    State.UNDECIDED: ("不能判定（下限未达）", "cannot be decided (lower bound)"),
    State.UNKNOWN: ("未填报或无数据", "no data"),
    State.NO_TARGET: ("方案无量化目标", "no figure in the plan"),
}
_RULES: Final = {
    "latest": ("取最近一年", "last year known"),
    "each_year": ("逐年对照", "each year"),
    "sum": ("各年合计", "sum of years"),
}
_AUDIENCES: Final = (Audience.YOUTH, Audience.SENIORS, Audience.FARMERS)
MOST_GAPS: Final = 20


def commitment_rows(progress: Record, words: Words) -> list[Record]:
    """Return each commitment with its target, where it stands, and how that is known."""
    return [
        {
            "name": words.of(row),
            "target": _target(row, words),
            "current": _figure(row["current"], row, words),
            "state": words.say(*_STATES[State(row["state"])]),
            "how": _how(row, words),
            "section": row["section"],
            "has_target": row["target"] is not None,
        }
        for row in progress["commitments"]
    ]


def progress_rows(progress: Record, words: Words) -> list[Record]:
    """Return each commitment with its values at the ends of the plan's years."""
    years = [str(year) for year in progress["years"]]
    return [
        {
            "name": words.of(row),
            "unit": words.of(row, "unit"),
            "target": NONE if row["target"] is None else f"{row['target']:,g}",
            "by_year": [_of_year(row, year, words) for year in years],
            "how": words.say("手工填报", "by hand")
            if row["by_hand"]
            else words.say("计算", "computed"),
        }
        for row in progress["commitments"]
    ]


def _target(row: Record, words: Words) -> str:
    if row["target"] is None:
        return NONE
    each = words.say("每年 ", "a year ") if row["rule"] == "each_year" else ""
    return f"{each}{row['target']:,g} {words.of(row, 'unit')}".strip()


def _how(row: Record, words: Words) -> str:
    if not row["by_hand"]:
        return words.say("计算", "computed")
    return words.say("手工填报，", "by hand, ") + words.say(*_RULES[row["rule"]])


def _of_year(row: Record, year: str, words: Words) -> str:
    """Return a year's value; a year to come has none, and one not filled in is not zero."""
    found = row["by_year"].get(year)
    if found is None:
        return NONE
    if found["value"] is None:
        return _nothing(row, words)
    sign = "≥" if found["is_lower_bound"] else ""
    return sign + _number(found)


def _figure(found: Record, row: Record, words: Words) -> str:
    if found["value"] is None:
        return _nothing(row, words)
    unit = words.of(row, "unit")
    return words.bounded(f"{_number(found)} {unit}".strip(), found["is_lower_bound"])


def _nothing(row: Record, words: Words) -> str:
    return words.say("未填报", "not given") if row["by_hand"] else words.say("无数据", "no data")


def _number(found: Record) -> str:
    value: float = found["value"]
    return f"{value:,.0f}" if value == round(value) else f"{value:,.{found['digits']}f}"


def township_rows(document: Record, words: Words) -> list[Record]:
    """Return a row for each township: area, what is missing, coverage by group."""
    groups = covered_groups(document)
    return [
        {
            "name": row["name_zh"],
            "kind": words.term(TownshipKind, row["kind"]),
            "population": whole(row["population"]),
            "counted": _at_least(whole(row["counted_area_m2"]), row["is_lower_bound"]),
            "per_10k": _at_least(tenths(row["area_per_10k_m2"]), row["is_lower_bound"]),
            "gap": _no_more(whole(row["area_gap_m2"]), row["is_lower_bound"]),
            "accessible": _at_least(
                tenths(row["accessible_area_per_10k_m2"]), row["accessible_is_lower_bound"]
            ),
            "facilities": str(row["facility_count"]),
            "unknown": str(row["unknown_area_count"]),
            "coverage": [share(row["coverage_rate"].get(group)) for group in groups],
        }
        for row in document["townships"]
    ]


def covered_groups(document: Record) -> list[str]:
    """Return the groups that have a standard, in the order of the vocabulary."""
    known = {row["group"] for row in document["district"]["coverage"] if row["kind"] is None}
    return [group.value for group in Group if group.value in known]


def _at_least(figure: str, is_lower_bound: bool) -> str:
    return f"≥{figure}" if is_lower_bound and figure != NONE else figure


def _no_more(figure: str, is_lower_bound: bool) -> str:
    return f"≤{figure}" if is_lower_bound and figure != NONE else figure


def coverage_rows(document: Record, words: Words) -> list[Record]:
    """Return coverage by group and kind, with the audiences that are left out."""
    rows = []
    for row in _by_group(document["district"]["coverage"]):
        people = {one["audience"]: one["coverage_rate"] for one in row["audiences"]}
        rows.append(
            {
                "name": words.target(row),
                "is_group": row["kind"] is None,
                "facilities": str(row["facility_count"]),
                "rate": share(row["coverage_rate"]),
                "left": whole(row["gap_population"]),
                "standard": words.say("；", "; ").join(_standards(row["standards"], words)),
                **{name.value: share(people.get(name.value)) for name in _AUDIENCES},
            }
        )
    return rows


def _by_group(rows: list[Record]) -> list[Record]:
    """Return rows group by group, the group itself before its kinds."""
    order = [group.value for group in Group]
    return sorted(rows, key=lambda row: (order.index(row["group"]), row["kind"] or ""))


def _standards(rows: list[Record], words: Words) -> list[str]:
    return [
        words.say(
            f"{words.term(Settlement, row['settlement'])}{words.term(Mode, row['mode'])}"
            f"{_limit(row, words)}",
            f"{words.term(Settlement, row['settlement'])} {words.term(Mode, row['mode'])} "
            f"{_limit(row, words)}",
        )
        for row in rows
    ]


def _limit(row: Record, words: Words) -> str:
    if row["minutes"] is None:
        return f"{whole(row['straight_line_m'])} m"
    return words.say(f" {row['minutes']:g} 分钟", f"{row['minutes']:g} min")


def gap_rows(document: Record, words: Words, *, most: int = MOST_GAPS) -> list[Record]:
    """Return the largest gaps: of which facilities, where, how many, what is nearest."""
    return [gap_row(row, words) for row in document["gaps"][:most]]


def gap_row(row: Record, words: Words) -> Record:
    """Return one gap in words."""
    nearest = row["nearest_facility_name"]
    minutes, metres = row["nearest_travel_minutes"], row["nearest_distance_m"]
    way = NONE if metres is None else f"{metres / 1_000:.1f} km"
    told = way if minutes is None else f"{way} / {minutes:.0f} min"
    return {
        "target": words.target(row),
        "township": row["township_name"],
        "people": whole(row["population"]),
        "share": share(row["population_share"]),
        "nearest": nearest or words.say("没有这类设施", "no such facility"),
        "way": told if nearest else NONE,
    }


def programme_rows(proposal: Record, words: Words) -> list[Record]:
    """Return for each programme whom it covers, before and after."""
    return [
        {
            "name": words.of(row),
            "audience": words.of(row, "audience"),
            "existing": str(row["existing_count"]),
            "sites": str(sum(1 for one in proposal["sites"] if one["programme"] == row["kind"])),
            "population": whole(row["demand"]["population"]),
            "before": whole(row["demand"]["covered_before"]),
            "after": whole(row["demand"]["covered_after"]),
        }
        for row in proposal["programmes"]
    ]


def site_rows(proposal: Record, words: Words) -> list[Record]:
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


def _reason(row: Record, words: Words) -> str:
    newly, alone = whole(row["newly_covered"]), whole(row["covered_alone"])
    told = words.say(
        f"新增覆盖 {newly} 人，其中 {alone} 人没有别处可去",
        f"newly covers {newly}, {alone} of them by it alone",
    )
    if row["next_best_name"] is None:
        return told + words.say("；没有可替换的位置", "; nothing could stand in for it")
    loss = row["next_best_loss"] or 0
    change = words.say("少" if loss >= 0 else "多", "fewer" if loss >= 0 else "more")
    return told + words.say(
        f"；改用「{row['next_best_name']}」则{change} {whole(abs(loss))} 人",
        f"; '{row['next_best_name']}' instead would cover {whole(abs(loss))} {change}",
    )
