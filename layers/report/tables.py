"""The tables of a report: commitments, progress, townships, coverage."""

from __future__ import annotations

from typing import Final

from geo.core.vocabulary import Audience, Group, Mode, Settlement, TownshipKind
from layers.report.gaps import single_kinds
from layers.report.wording import NONE, Record, Words, at_least, no_more, share, tenths, whole

_RULES: Final = {
    "latest": ("取最近一年", "last year known"),
    "each_year": ("逐年对照", "each year"),
    "sum": ("各年合计", "sum of years"),
}
_ALL_PER_CENT: Final = 100
_AUDIENCES: Final = (Audience.YOUTH, Audience.SENIORS, Audience.FARMERS)


def commitment_rows(progress: Record, words: Words) -> list[Record]:
    """Return each commitment with its target, where it stands, and how that is known."""
    return [
        {
            "name": words.of(row),
            "target": _target(row, words),
            "current": _figure(row["current"], row, words),
            "state": words.of(row, "state"),
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
    return each + _with_unit(f"{row['target']:,g}", words.of(row, "unit"))


def _with_unit(number: str, unit: str) -> str:
    return f"{number}%" if unit == "%" else f"{number} {unit}".strip()


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
    about = words.say("约 ", "about ") if found["is_approximate"] else ""
    is_all = unit == "%" and found["value"] >= _ALL_PER_CENT
    told = about + _with_unit(_number(found), unit)
    return words.bounded(told, found["is_lower_bound"] and not is_all)


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
            "counted": at_least(whole(row["counted_area_m2"]), row["is_lower_bound"]),
            "per_10k": at_least(tenths(row["area_per_10k_m2"]), row["is_lower_bound"]),
            "gap": no_more(whole(row["area_gap_m2"]), row["is_lower_bound"]),
            "accessible": at_least(
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


def coverage_rows(document: Record, words: Words) -> list[Record]:
    """Return coverage by group and kind, with the audiences that are left out."""
    rows, single = [], single_kinds(document)
    for row in _by_group(document["district"]["coverage"]):
        if row["kind"] is None and row["group"] in single:
            continue
        people = {one["audience"]: one["coverage_rate"] for one in row["audiences"]}
        rows.append(
            {
                "name": words.target(row) + _alone(row, single, words),
                "is_group": row["kind"] is None,
                "facilities": str(row["facility_count"]),
                "rate": share(row["coverage_rate"]),
                "left": whole(row["gap_population"]),
                "standard": words.say("；", "; ").join(_standards(row["standards"], words)),
                **{name.value: share(people.get(name.value)) for name in _AUDIENCES},
            }
        )
    return rows


def _alone(row: Record, single: dict[str, str], words: Words) -> str:
    if row["kind"] is None or single.get(row["group"]) != row["kind"]:
        return ""
    group = words.term(Group, row["group"])
    return words.say(
        f"（{group}中只有它有服务标准）", f" (alone of {group.lower()} with a standard)"
    )


def shares_note(document: Record, words: Words) -> str:
    """Return that ages are the district's shares, where townships do not tell their own."""
    if not document["surface"]["by_district_share"]:
        return ""
    return words.say(
        "乡镇街道没有各自的年龄数，0—14岁和60岁以上按全区比例估计，所以这两列与全体居民的覆盖率相同或相近。",
        "Townships do not tell their own ages: those aged 0-14 and 60 and over are taken by the "
        "district's shares, so that both are the same as all residents, or nearly.",
    )


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
