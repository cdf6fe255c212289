"""A study as plain JSON values, the same from every door.

``docs/architecture.md`` lists the keys. Counts of people are rounded to the
person and areas to the square centimetre only here, never before.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.plain import Record, number, records
from geo.population import denominators, residents
from geo.reach import Target
from geo.scenario import Scenario
from geo.study import Study
from geo.surface import SurfaceKind
from geo.terms import GROUP_OF_KIND, Caliber, Group, Kind, Label, Quality, Scope, Settlement

_SURFACES = {
    SurfaceKind.VILLAGES: Label("按村社区", "by villages"),
    SurfaceKind.WEIGHTS: Label("按栅格或建筑", "by raster or buildings"),
    SurfaceKind.EVEN: Label("在乡镇内均匀分布", "spread evenly within a township"),
}
_AREA_DIGITS = 4
_RATE_DIGITS = 6
_PEOPLE_DIGITS = 3


def study_document(study: Study) -> Record:
    """Return the whole study as one JSON object.

    Examples
    --------
    The door of the command line prints it: ``kepu study --json``.
    """
    return {
        **marks(study),
        "district": _district(study),
        "townships": township_records(study),
        "gaps": gap_records(study),
        "findings": records(study.findings),
        "options": _options(study),
    }


def marks(study: Study) -> Record:
    """Return what every answer and export carries: choices, date, marks and sources."""
    scenario = study.scenario
    return {
        "on": scenario.on.isoformat(),
        "caliber": scenario.caliber.value,
        "scope": scenario.scope.value,
        "denominator": _denominator(study),
        "scenario": {"name": scenario.name, "digest": scenario.digest},
        "surface": surface_record(study),
        "demonstration": study.data.demonstration,
        "map": _map_notes(study),
        "sources": source_records(study),
    }


def _denominator(study: Study) -> Record:
    people = study.residents
    return {
        "id": people.denominator,
        "zh": people.title("zh"),
        "en": people.title("en"),
        "population_kind": people.population_kind.value,
        "year": people.year,
        "quality": people.quality.value,
        "source_id": people.source_id,
        "basis": people.basis,
    }


def _map_notes(study: Study) -> Record:
    qualities = [study.data.townships["quality"], study.data.districts["quality"]]
    schematic = any((quality == Quality.SCHEMATIC.value).any() for quality in qualities)
    return {"schematic": bool(schematic), "approval_number": study.data.approval_number}


def _district(study: Study) -> Record:
    figures = study.district
    audiences = _by_audience(study)
    return {
        "district_code": study.data.district_code,
        "name_zh": study.data.district_name,
        "population": number(figures.population, _PEOPLE_DIGITS),
        "counted_area_m2": number(figures.counted_area_m2, _AREA_DIGITS),
        "area_per_10k_m2": number(figures.area_per_10k_m2, _AREA_DIGITS),
        "area_gap_m2": number(figures.area_gap_m2, _AREA_DIGITS),
        "target_area_per_10k_m2": study.scenario.target_area_per_10k_m2,
        "is_lower_bound": figures.is_lower_bound,
        "unknown_area_count": figures.unknown_area_count,
        "facility_count": figures.facility_count,
        "facility_count_by_group": {
            group.value: count for group, count in figures.facility_count_by_group.items()
        },
        "outside_count": figures.outside_count,
        "outside_area_m2": number(figures.outside_area_m2, _AREA_DIGITS),
        "unplaced_count": figures.unplaced_count,
        "unplaced_area_m2": number(figures.unplaced_area_m2, _AREA_DIGITS),
        "pending_count": figures.pending_count,
        "disagreement_count": figures.disagreement_count,
        "coverage": [
            row
            | {
                "audiences": audiences.get(_target_id(row), []),
                "standards": _standards(study.scenario, row["group"], row["kind"]),
            }
            for row in records(_rounded(study.coverage_of_district))
        ],
    }


def surface_record(study: Study) -> Record:
    """Return what the demand points rest on, in words too."""
    surface = study.surface
    kinds = [SurfaceKind(kind) for kind in surface.kind_by_township.dropna().unique()]
    ordered = [kind for kind in SurfaceKind if kind in kinds]
    zh = "、".join(_SURFACES[kind].zh for kind in ordered)
    en = ", ".join(_SURFACES[kind].en for kind in ordered)
    count, cell_m = len(surface.points), surface.cell_m
    return {
        "kinds": [kind.value for kind in ordered],
        "point_count": count,
        "cell_m": cell_m,
        "by_district_share": list(surface.by_share),
        "zh": f"人口{zh}，在 {count:,} 个需求点上统计（{cell_m:g} 米网格）",
        "en": f"residents {en}, counted at {count:,} demand points ({cell_m:g} m cells)",
    }


def _target_id(row: Record) -> str:
    return Target(Group(row["group"]), Kind(row["kind"]) if row["kind"] else None).id


def _by_audience(study: Study) -> dict[str, list[Record]]:
    """Return the district's coverage of each audience, by target."""
    rows = study.coverage_by_audience
    if rows.empty:
        return {}
    names = ["population", "covered_population"]
    sums = rows.groupby(["target_id", "audience"])[names].agg(lambda v: v.sum(skipna=False))
    people = sums["population"]
    rates = (sums["covered_population"] / people.where(people > 0)).round(_RATE_DIGITS)
    told = sums.round(_PEOPLE_DIGITS).assign(coverage_rate=rates).reset_index()
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


def township_records(study: Study) -> list[Record]:
    """Return a row for each township, with its coverage by group."""
    townships = study.townships
    by_group = study.coverage[study.coverage["kind"].isna()]
    rates = by_group.pivot_table(
        index="township_code", columns="group", values="coverage_rate", aggfunc="first"
    )
    rows = pd.DataFrame(
        {
            "township_code": townships.index,
            "name_zh": townships["name_zh"].to_numpy(),
            "kind": townships["kind"].to_numpy(),
            "population": townships["population"].round(_PEOPLE_DIGITS).to_numpy(),
            "population_quality": study.residents.quality_by_township.to_numpy(),
            "counted_area_m2": townships["counted_area_m2"].round(_AREA_DIGITS).to_numpy(),
            "area_per_10k_m2": townships["area_per_10k_m2"].round(_AREA_DIGITS).to_numpy(),
            "area_gap_m2": townships["area_gap_m2"].round(_AREA_DIGITS).to_numpy(),
            "is_lower_bound": townships["is_lower_bound"].to_numpy(),
            "unknown_area_count": townships["unknown_area_count"].to_numpy(),
            "facility_count": townships["facility_count"].to_numpy(),
        }
    )
    return [
        row | {"coverage_rate": _rates_of(rates, row["township_code"])} for row in records(rows)
    ]


def _rates_of(rates: pd.DataFrame, code: str) -> dict[str, float | None]:
    if code not in rates.index:
        return {}
    return {str(group): number(value, _RATE_DIGITS) for group, value in rates.loc[code].items()}


def gap_records(study: Study) -> list[Record]:
    """Return a row for each gap, the most people first, without its geometry."""
    gaps = study.gaps
    names = study.data.townships["name_zh"]
    nearest = study.data.facilities["name"]
    rows = _rounded(gaps.drop(columns="geometry"))
    rows.insert(0, "gap_id", gaps.index)
    place = rows.columns.get_loc("township_code") + 1
    rows.insert(place, "township_name", rows["township_code"].map(names))
    place = rows.columns.get_loc("nearest_facility_id") + 1
    rows.insert(place, "nearest_facility_name", rows["nearest_facility_id"].map(nearest))
    return records(rows)


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    digits = {
        "population": _PEOPLE_DIGITS,
        "covered_population": _PEOPLE_DIGITS,
        "gap_population": _PEOPLE_DIGITS,
        "coverage_rate": _RATE_DIGITS,
        "population_share": _RATE_DIGITS,
        "area_km2": _AREA_DIGITS,
        "nearest_distance_m": 1,
    }
    rounded = frame.round({name: n for name, n in digits.items() if name in frame.columns})
    return pd.DataFrame(rounded).reset_index(drop=True)


def source_records(study: Study) -> list[Record]:
    """Return the sources of the data that the study rests on, without checksums."""
    sources = study.data.sources.drop(columns="sha256").reset_index()
    return records(sources)


def _options(study: Study) -> dict[str, Any]:
    known = sorted(denominators(study.data.population).unique())
    titles = {
        denominator: residents(
            study.data.population,
            denominator,
            district_code=study.data.district_code,
            township_codes=study.data.townships.index,
        )
        for denominator in known
    }
    return {
        "calibers": [caliber.value for caliber in Caliber],
        "scopes": [scope.value for scope in Scope],
        "denominators": [
            {"id": name, "zh": people.title("zh"), "en": people.title("en")}
            for name, people in titles.items()
        ],
    }
