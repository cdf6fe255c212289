"""Coverage, gaps, schools and villages as plain rows."""

from __future__ import annotations

from geo.core.json_values import Record, number, records
from geo.core.scenario import Scenario
from geo.core.vocabulary import GROUP_OF_KIND, Group, Kind, Settlement
from geo.measures.nearest import Target
from geo.measures.study import Study
from geo.publish.study_json.digits import PEOPLE_DIGITS, RATE_DIGITS, rounded


def coverage_records(study: Study) -> list[Record]:
    """Return coverage of the district by group and kind, with audiences and standards."""
    audiences = _by_audience(study)
    return [
        row
        | {
            "audiences": audiences.get(_target_id(row), []),
            "standards": _standards(study.scenario, row["group"], row["kind"]),
        }
        for row in records(rounded(study.district_coverage.coverage_of_district))
    ]


def _target_id(row: Record) -> str:
    return Target(Group(row["group"]), Kind(row["kind"]) if row["kind"] else None).id


def _by_audience(study: Study) -> dict[str, list[Record]]:
    """Return the district's coverage of each audience, by target."""
    rows = study.district_coverage.coverage_by_audience
    if rows.empty:
        return {}
    names = ["population", "covered_population"]
    sums = rows.groupby(["target_id", "audience"])[names].agg(lambda v: v.sum(skipna=False))
    people = sums["population"]
    rates = (sums["covered_population"] / people.where(people > 0)).round(RATE_DIGITS)
    told = sums.round(PEOPLE_DIGITS).assign(coverage_rate=rates).reset_index()
    found: dict[str, list[Record]] = {}
    for row in records(told):
        found.setdefault(str(row.pop("target_id")), []).append(row)
    return found


def _standards(scenario: Scenario, group: str, kind: str | None) -> list[Record]:
    """Return the limits that hold for a kind, or for the kinds of a group, without repeats."""
    kinds = [Kind(kind)] if kind else list(Kind)
    found: list[Record] = []
    for settlement in Settlement:
        for candidate in kinds:
            standard = scenario.standard(candidate, settlement)
            if standard is None or GROUP_OF_KIND[candidate] != group:
                continue
            limit_m = scenario.limit_m(candidate, settlement)
            row = {
                "settlement": settlement.value,
                "mode": standard.mode.value,
                "minutes": standard.minutes,
                "straight_line_m": number(limit_m or 0.0, 0),
            }
            if row not in found:
                found.append(row)
    return found


def gap_records(study: Study) -> list[Record]:
    """Return a row for each gap, the most people first, without its geometry."""
    gaps = study.district_coverage.gaps
    names = study.data.townships["name_zh"]
    nearest = study.data.facilities["name"]
    rows = rounded(gaps.drop(columns="geometry"))
    rows.insert(0, "gap_id", gaps.index)
    place = rows.columns.get_loc("township_code") + 1
    rows.insert(place, "township_name", rows["township_code"].map(names))
    place = rows.columns.get_loc("nearest_facility_id") + 1
    rows.insert(place, "nearest_facility_name", rows["nearest_facility_id"].map(nearest))
    left = _left_out(study)
    return [
        row | {"audiences": left.get((row["target_id"], row["township_code"]), {})}
        for row in records(rows)
    ]


def _left_out(study: Study) -> dict[tuple[str, str], dict[str, float | None]]:
    """Return how many of each audience are not reached, by target and township."""
    rows = study.district_coverage.coverage_by_audience
    found: dict[tuple[str, str], dict[str, float | None]] = {}
    left = rows["population"] - rows["covered_population"]
    keys = zip(rows["target_id"], rows["township_code"], rows["audience"], left, strict=True)
    for target, code, audience, count in keys:
        known = found.setdefault((str(target), str(code)), {})
        known[str(audience)] = number(float(count), PEOPLE_DIGITS)
    return found


def schools_record(study: Study) -> Record:
    """Return how many schools reach a science base, and each of them."""
    schools = study.district_coverage.schools
    rows = rounded(schools)
    rows.insert(0, "facility_id", schools.index)
    rows.insert(1, "name", study.data.facilities["name"].reindex(schools.index).to_numpy())
    towns = study.data.townships["name_zh"]
    rows.insert(3, "township_name", rows["township_code"].map(towns))
    names = study.data.facilities["name"]
    rows["nearest_facility_name"] = rows["nearest_facility_id"].map(names)
    judged = schools["reached"].notna()
    rows = rows.sort_values(["reached", "travel_minutes"], ascending=[True, False])
    return {
        "school_count": len(schools),
        "reached_count": int(schools["reached"].fillna(False).sum()),
        "unknown_count": int((~judged).sum()),
        "rows": records(rows),
    }


def villages_record(study: Study) -> Record:
    """Return how many villages and communities have a service centre, and those without."""
    found = study.district_coverage.villages
    without = found.without
    towns = study.data.townships["name_zh"]
    rows = without[["township_code", "name_zh"]].rename_axis("village_code").reset_index()
    rows["township_name"] = rows["township_code"].map(towns)
    return {
        "village_count": len(found.by_village),
        "with_count": len(found.by_village) - len(without),
        "unassigned_count": found.unassigned_count,
        "without": records(rows),
    }
