"""What every answer and export carries: choices, date, marks, sources, and what it rests on."""

from __future__ import annotations

from typing import Final

from geo.core.disclosure import left_out
from geo.core.json_values import Record, records
from geo.core.sentences import Sentences
from geo.core.vocabulary import Label, Quality
from geo.measures.demand_points import SurfaceKind
from geo.measures.study import Study
from geo.publish.study_json.digits import PEOPLE_DIGITS
from geo.publish.study_json.travel import travel_record

TEXT: Final = Sentences("geo.publish")

_SURFACES: Final = {
    SurfaceKind.VILLAGES: Label("按村社区", "by villages"),
    SurfaceKind.WEIGHTS: Label("按栅格或建筑", "by raster or buildings"),
    SurfaceKind.EVEN: Label("在乡镇内均匀分布", "spread evenly within a township"),
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
        "travel": travel_record(study),
        "edge": edge_record(study),
        "demonstration": study.data.demonstration,
        "profile": left_out(study.data.profile),
        "map": _map_notes(study),
        "sources": source_records(study),
    }


def stamp(study: Study) -> Record:
    """Return what stands beside every figure, for programs that drop a collection's members."""
    scenario, found = study.scenario, study.district_coverage
    return {
        "on": scenario.on.isoformat(),
        "caliber": scenario.caliber.value,
        "scope": scenario.scope.value,
        "denominator": study.residents.denominator,
        "surface": ",".join(sorted(set(found.surface.kind_by_township.dropna()))),
        "travel": found.travel.basis,
        "detour_factor": None if found.travel.basis == "network" else scenario.detour_factor,
        "demonstration": study.data.demonstration,
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


def source_records(study: Study) -> list[Record]:
    """Return the sources of the data that the study rests on, without checksums."""
    sources = study.data.sources.drop(columns="sha256").reset_index()
    return records(sources)


def surface_record(study: Study) -> Record:
    """Return what the demand points rest on, in words too."""
    surface = study.district_coverage.surface
    kinds = [SurfaceKind(kind) for kind in surface.kind_by_township.dropna().unique()]
    ordered = [kind for kind in SurfaceKind if kind in kinds]
    zh = "、".join(_SURFACES[kind].zh for kind in ordered)
    en = ", ".join(_SURFACES[kind].en for kind in ordered)
    count, cell_m = len(surface.points), surface.cell_m
    ages = {str(name): int(of_age.sum()) for name, of_age in surface.own_ages.items()}
    own = {
        "年龄": ("ages", int(surface.own_ages.any(axis="columns").sum())),
        "城乡": ("urban and rural people", int(surface.own_settlement.fillna(False).sum())),
    }
    return {
        "kinds": [kind.value for kind in ordered],
        "point_count": count,
        "cell_m": cell_m,
        "by_district_share": list(surface.by_share),
        "by_village_ages": ages,
        "by_village_settlement": own["城乡"][1],
        "zh": f"人口{zh}，在 {count:,} 个需求点上统计（{cell_m:g} 米网格）"
        + "".join(f"，{n} 个乡镇街道的{name}按村社区统计" for name, (_, n) in own.items() if n),
        "en": f"residents {en}, counted at {count:,} demand points ({cell_m:g} m cells)"
        + "".join(f", {name} of {n} townships by village" for name, n in own.values() if n),
    }


def edge_record(study: Study) -> Record:
    """Return what lies beyond the district's edge, and what that does to figures near it."""
    homes = study.facilities["assigned_township_code"].reindex(study.district_coverage.sites.index)
    count = int(homes.isna().sum())
    people = study.accessibility_and_equity.beyond_population
    known = {
        "outside_facility_count": count,
        "outside_population": round(people, PEOPLE_DIGITS),
    }
    if people > 0:
        return (
            known
            | TEXT.words("beyond_the_border_with_raster", count=count, people=people)._asdict()
        )
    return known | TEXT.words("beyond_the_border", count=count)._asdict()
