"""The tables of a report: commitments, progress, townships, coverage, gaps."""

from __future__ import annotations

from typing import Final

from geo.core.vocabulary import (
    OWN_AUDIENCE,
    RURAL_KINDS,
    Audience,
    Group,
    Kind,
    Mode,
    Settlement,
    TownshipKind,
)
from geo.siting.labels import AUDIENCES
from layers import Record
from layers.report.words import NONE, ReportWords, at_least, no_more, share, tenths, whole

MOST_GAPS: Final = 20
_ALL_PER_CENT: Final = 100
_AUDIENCES: Final = (Audience.YOUTH, Audience.SENIORS, Audience.FARMERS)


def commitment_rows(progress: Record, words: ReportWords) -> list[Record]:
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


def progress_rows(progress: Record, words: ReportWords) -> list[Record]:
    """Return each commitment with its values at the ends of the plan's years."""
    years = [str(year) for year in progress["years"]]
    return [
        {
            "name": words.of(row),
            "unit": words.of(row, "unit"),
            "target": NONE if row["target"] is None else f"{row['target']:,g}",
            "by_year": [_of_year(row, year, words) for year in years],
            "how": words.text("by_hand" if row["by_hand"] else "computed"),
        }
        for row in progress["commitments"]
    ]


def _target(row: Record, words: ReportWords) -> str:
    if row["target"] is None:
        return NONE
    target = _with_unit(f"{row['target']:,g}", words.of(row, "unit"))
    return words.text("a_year", figure=target) if row["rule"] == "each_year" else target


def _with_unit(number: str, unit: str) -> str:
    return f"{number}%" if unit == "%" else f"{number} {unit}".strip()


def _how(row: Record, words: ReportWords) -> str:
    if not row["by_hand"]:
        return words.text("computed")
    return words.text("by_hand_rule", rule=words.text(f"rule_{row['rule']}"))


def _of_year(row: Record, year: str, words: ReportWords) -> str:
    """Return a year's value; a year to come has none, and one not filled in is not zero."""
    figure = row["by_year"].get(year)
    if figure is None:
        return NONE
    if figure["value"] is None:
        return _nothing(row, words)
    sign = "≥" if figure["is_lower_bound"] else ""
    return sign + _number(figure)


def _figure(figure: Record, row: Record, words: ReportWords) -> str:
    if figure["value"] is None:
        return _nothing(row, words)
    unit = words.of(row, "unit")
    shown = _with_unit(_number(figure), unit)
    if figure["is_approximate"]:
        shown = words.text("about", figure=shown)
    # Nothing is more than all: a hundred per cent is no lower bound.
    is_all = unit == "%" and figure["value"] >= _ALL_PER_CENT
    return words.bounded(shown, figure["is_lower_bound"] and not is_all)


def _nothing(row: Record, words: ReportWords) -> str:
    return words.text("not_given" if row["by_hand"] else "no_data")


def _number(figure: Record) -> str:
    value: float = figure["value"]
    return f"{value:,.0f}" if value == round(value) else f"{value:,.{figure['digits']}f}"


def township_rows(document: Record, words: ReportWords) -> list[Record]:
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


def coverage_rows(document: Record, words: ReportWords) -> list[Record]:
    """Return coverage by group and kind, with the audiences that are left out."""
    rows, single = [], single_kinds(document)
    for row in _by_group(document["district"]["coverage"]):
        if row["kind"] is None and row["group"] in single:
            continue
        people = {one["audience"]: one["coverage_rate"] for one in row["audiences"]}
        rows.append(
            {
                "name": _target_name(row, single, words),
                "is_group": row["kind"] is None,
                "facilities": str(row["facility_count"]),
                "rate": share(row["coverage_rate"]),
                "left": whole(row["gap_population"]),
                "standard": words.text("semicolon").join(
                    _standard(one, words) for one in row["standards"]
                ),
                **{name.value: share(people.get(name.value)) for name in _AUDIENCES},
            }
        )
    return rows


def _target_name(row: Record, single: dict[str, str], words: ReportWords) -> str:
    name = words.target(row)
    if row["kind"] is None or single.get(row["group"]) != row["kind"]:
        return name
    group = words.within(words.term(Group, row["group"]))
    return words.text("only_kind", kind=name, group=group)


def shares_note(document: Record, words: ReportWords) -> str:
    """Return that ages are the district's shares where townships have none of their own."""
    if not document["surface"]["by_district_share"]:
        return ""
    return words.text("ages_by_district")


def _by_group(rows: list[Record]) -> list[Record]:
    """Return rows group by group, the group itself before its kinds."""
    order = [group.value for group in Group]
    return sorted(rows, key=lambda row: (order.index(row["group"]), row["kind"] or ""))


def _standard(row: Record, words: ReportWords) -> str:
    settlement, mode = words.term(Settlement, row["settlement"]), words.term(Mode, row["mode"])
    if row["minutes"] is None:
        metres = whole(row["straight_line_m"])
        return words.text("standard_metres", settlement=settlement, mode=mode, metres=metres)
    return words.text("standard_minutes", settlement=settlement, mode=mode, minutes=row["minutes"])


def worst_gaps(document: Record) -> list[Record]:
    """Return the gaps worth a line, those of most people first.

    A group of which only one kind has a standard has the gaps of that kind, so the group's own
    are left out. A kind that serves one audience only (a farmers' field school) leaves a gap
    only among that audience: where none of it lives, or nobody in the countryside, there is
    no gap.

    Parameters
    ----------
    document : dict
        Of :func:`geo.publish.study_json.study_document`.

    Returns
    -------
    list of dict
        Rows of the document's ``gaps`` with ``people`` (residents not reached) and
        ``audience`` (None for all residents).
    """
    single = single_kinds(document)
    rows = []
    for row in document["gaps"]:
        if row["kind"] is None and row["group"] in single:
            continue
        if row["kind"] in RURAL_KINDS and row["audiences"].get(Audience.FARMERS.value) == 0:
            continue
        who = OWN_AUDIENCE.get(Kind(row["kind"])) if row["kind"] else None
        people = row["population"] if who is None else row["audiences"].get(who.value)
        if people is None or people > 0:
            rows.append(row | {"people": people, "audience": who})
    return sorted(rows, key=lambda row: (-(row["people"] or 0), row["gap_id"]))


def single_kinds(document: Record) -> dict[str, str]:
    """Return the groups of which one kind alone has a standard, with that kind."""
    kinds: dict[str, list[str]] = {}
    for row in document["district"]["coverage"]:
        if row["kind"] is not None:
            kinds.setdefault(row["group"], []).append(row["kind"])
    return {group: some[0] for group, some in kinds.items() if len(some) == 1}


def gap_row(row: Record, words: ReportWords) -> Record:
    """Return one gap in words."""
    nearest = row["nearest_facility_name"]
    who, target = row["audience"], words.target(row)
    if who is not None:
        name = AUDIENCES[who].zh if words.lang == "zh" else AUDIENCES[who].en
        target = words.text("gap_for", target=target, audience=name)
    return {
        "target": target,
        "township": row["township_name"],
        "people": whole(row["people"]),
        "share": share(row["population_share"]) if who is None else NONE,
        "nearest": nearest or words.text("gap_no_facility"),
        "way": _way(row) if nearest else NONE,
    }


def _way(row: Record) -> str:
    minutes, metres = row["nearest_travel_minutes"], row["nearest_distance_m"]
    way = NONE if metres is None else f"{metres / 1_000:.1f} km"
    return way if minutes is None else f"{way} / {minutes:.0f} min"


def gaps_title(count: int, words: ReportWords) -> str:
    """Return the title of the table of gaps, or that there is none."""
    if not count:
        return words.text("no_gap")
    return words.text("gaps_title", count=count, shown=min(count, MOST_GAPS))
