"""Boundaries beside those that the store has: names, datum, outline, mending, acceptance."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box, to_geojson

from geo.core.datum import Datum, to_bd09, to_gcj02
from geo.core.errors import BoundaryError
from geo.core.vocabulary import Quality
from geo.districts import load_shipped, shipped_districts
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Limits, read_file
from geo.intake.tables.boundaries import BOUNDARY_TABLE, Boundaries, Check
from geo.intake.tables.boundaries.assessment import assess, assess_apart

SHIPPED = load_shipped(shipped_districts()[0])
KNOWN = ReferenceData(
    SHIPPED.townships, districts=SHIPPED.districts, source_id="file-1", quality=Quality.OFFICIAL
)
NAMES = SHIPPED.townships["name_zh"].to_dict()
AREAS: dict[str, MultiPolygon] = SHIPPED.townships.geometry.to_dict()

Maker = Callable[..., Path]


def examine(path: Path, setting: ReferenceData = KNOWN) -> Imported[Boundaries | None]:
    return parse(BOUNDARY_TABLE, read_file(path, takes=BOUNDARY_TABLE.suffixes), setting)


def features(areas: dict[str, Any], *, coded: bool = True) -> list[tuple[dict[str, Any], Any]]:
    """Return features of areas by code, with their codes or with names alone."""
    return [
        (
            ({"乡镇代码": code} if coded else {}) | {"名称": NAMES[code]},
            json.loads(to_geojson(area)),
        )
        for code, area in areas.items()
    ]


def codes_of(found: Imported[Boundaries | None]) -> tuple[list[str], list[str]]:
    """Return the codes of the faults and of the remarks."""
    account = found.report
    return [error.code for error in account.errors], [one.note.code for one in account.warnings]


def moved(areas: dict[str, MultiPolygon], shift: Callable[..., Any]) -> dict[str, MultiPolygon]:
    def vertices(xy: Any) -> Any:
        return np.column_stack(shift(xy[:, 0], xy[:, 1]))

    return {code: shapely.transform(area, vertices) for code, area in areas.items()}


def iou(one: gpd.GeoSeries, other: gpd.GeoSeries) -> float:
    first, second = shapely.union_all(one.array), shapely.union_all(other.array)
    return float(first.intersection(second).area / first.union(second).area)


def test_the_same_again_is_clean_and_unchanged(collection: Maker) -> None:
    found = examine(collection(*features(AREAS)))
    assert codes_of(found) == ([], ["outline_unshifted", "boundaries_outline_agrees"])
    assert found.data is not None
    assert found.data.townships.geometry.geom_equals(SHIPPED.townships.geometry).all()
    assert len(found.report.taken) == len(AREAS)
    assert "重合 100.0%" in found.report.warnings[1].note.zh


def test_names_alone_find_their_codes(collection: Maker) -> None:
    found = examine(collection(*features(AREAS, coded=False)))
    assert found.data is not None
    assert found.data.townships.index.tolist() == list(AREAS)


def test_two_names_for_one_code_are_put_to_the_user(collection: Maker) -> None:
    rows = features(AREAS)
    first, second = rows[0][0], rows[1][0]
    first["名称"], second["名称"] = second["名称"], first["名称"]
    path = collection(*rows)
    found = examine(path)
    assert found.data is None
    assert codes_of(found)[0] == ["division_conflict"] * 2
    assert len(found.report.quarantined) == 2
    assert len(found.report.taken) == len(AREAS) - 2
    # A reform may have renamed them: then the file holds, because its user said so.
    accepted = examine(path, replace(KNOWN, accepted=frozenset({Check.NAMES})))
    assert accepted.data is not None
    assert accepted.data.townships["name_zh"].iloc[0] == first["名称"]


def test_a_code_that_lost_its_last_zero_is_told_by_its_name(collection: Maker) -> None:
    rows = features(AREAS)
    code = next(code for code in AREAS if code.endswith("0"))
    position = list(AREAS).index(code)
    rows[position][0]["乡镇代码"] = code[:-1]
    found = examine(collection(*rows))
    assert found.data is not None
    assert code in found.data.townships.index
    assert "division_code_damaged" in codes_of(found)[1]


@pytest.mark.parametrize(
    ("shift", "datum"), [(to_gcj02, Datum.GCJ02), (to_bd09, Datum.BD09)], ids=["gcj02", "bd09"]
)
@pytest.mark.parametrize("stated", [True, False])
def test_a_shifted_file_is_told_by_its_outline_and_put_right(
    collection: Maker, shift: Callable[..., Any], datum: Datum, stated: bool
) -> None:
    path = collection(*features(moved(AREAS, shift)))
    found = examine(path, replace(KNOWN, datum=datum if stated else None))
    assert found.data is not None
    assert codes_of(found)[1][0] == ("boundaries_outline_agrees" if stated else "outline_shifted")
    assert iou(found.data.townships.geometry, SHIPPED.townships.geometry) > 0.999999


def test_what_is_said_not_to_be_shifted_stays(collection: Maker) -> None:
    path = collection(*features(moved(AREAS, to_bd09)))
    found = examine(path, replace(KNOWN, datum=Datum.CGCS2000))
    errors, notes = codes_of(found)
    assert (errors, notes) == (["boundaries_outline_differs"], [])
    assert found.report.errors[0].place is not None
    assert found.report.errors[0].place.row is None


def test_a_township_too_few(collection: Maker) -> None:
    largest = max(AREAS, key=lambda code: AREAS[code].area)
    path = collection(*features({code: AREAS[code] for code in AREAS if code != largest}))
    found = examine(path)
    assert "boundaries_outline_differs" in codes_of(found)[0]
    assert found.data is None
    accepted = examine(path, replace(KNOWN, accepted=frozenset(Check)))
    assert accepted.data is not None
    assert "boundaries_accepted" in codes_of(accepted)[1]


def test_another_district_is_not_held_against_these_names(collection: Maker) -> None:
    square = json.loads(to_geojson(box(116, 39, 116.1, 39.1)))
    found = examine(collection(({"乡镇代码": "110101001", "名称": "东华门街道"}, square)))
    assert found.data is not None
    assert codes_of(found) == ([], ["boundaries_no_outline"])


def torn(cut: Polygon) -> dict[str, MultiPolygon]:
    """Return the townships with something cut from all of them."""
    return {code: MultiPolygon(_parts(area - cut)) for code, area in AREAS.items()}


def _parts(area: Any) -> list[Polygon]:
    return [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]


def _border_point() -> shapely.Point:
    """Return a point within the district on a border of two townships."""
    lines = shapely.union_all([area.boundary for area in AREAS.values()])
    outline = SHIPPED.districts.geometry[SHIPPED.district_code].boundary
    inner = lines.difference(outline.buffer(0.003))
    longest = max(shapely.get_parts(shapely.line_merge(inner)), key=lambda line: line.length)
    return longest.interpolate(0.5, normalized=True)


def test_a_gap_is_told_mended_or_accepted(collection: Maker) -> None:
    # A circle of some four metres is 55 m², less than what counts; one of thirty is a gap.
    small = collection(*features(torn(_border_point().buffer(0.00004))))
    assert codes_of(examine(small))[0] == []
    wide = collection(*features(torn(_border_point().buffer(0.0003))))
    errors, _ = codes_of(examine(wide))
    assert errors == ["boundaries_gap"]
    accepted = examine(wide, replace(KNOWN, accepted=frozenset({Check.GAPS})))
    assert accepted.data is not None
    assert "boundaries_accepted" in codes_of(accepted)[1]
    too_narrow = examine(wide, replace(KNOWN, mend_width_m=10))
    assert codes_of(too_narrow)[0] == ["boundaries_gap"]
    mended = examine(wide, replace(KNOWN, mend_width_m=100))
    assert mended.data is not None
    told = [one.note for one in mended.report.warnings if one.note.code == "boundaries_mended"]
    assert len(told) == 1
    areas = mended.data.townships.geometry
    assert shapely.coverage_is_valid(list(areas.array))
    assert iou(areas, SHIPPED.townships.geometry) > 0.99999


def test_a_polygon_that_crosses_itself_is_mended_on_request(collection: Maker) -> None:
    bow_tie = Polygon([(111, 27), (111.1, 27.1), (111.1, 27), (111, 27.1)])
    path = collection(
        ({"乡镇代码": "110101001", "名称": "东华门街道"}, json.loads(to_geojson(bow_tie)))
    )
    assert codes_of(examine(path))[0] == ["boundary_invalid"]
    found = examine(path, replace(KNOWN, mend_width_m=1))
    assert found.data is not None
    assert found.data.townships.geometry.is_valid.all()
    (told,) = [one for one in found.report.warnings if one.note.code == "boundary_mended"]
    # Both wings together: half of 9.92 km by 11.08 km.
    assert found.data.townships.geometry.iloc[0].area == pytest.approx(0.005, rel=1e-6)
    assert "变为 54,9" in told.note.zh


def test_wide_overlaps_are_never_mended(collection: Maker) -> None:
    codes = list(AREAS)
    areas = AREAS | {codes[0]: MultiPolygon(_parts(AREAS[codes[0]].buffer(0.002)))}
    found = examine(collection(*features(areas)), replace(KNOWN, mend_width_m=50))
    errors, notes = codes_of(found)
    assert set(errors) == {"boundaries_overlap"}
    assert "boundary_mended" not in notes


def comb(teeth: int, *, upright: bool) -> Polygon:
    """Return a comb whose teeth cross each tooth of another laid across it."""
    step = 0.1 / teeth
    points: list[tuple[float, float]] = [(0.0, 0.1)]
    for tooth in range(teeth):
        points += [(tooth * step, 0), (tooth * step + step / 3, 0),
                   (tooth * step + step / 3, 0.099), (tooth * step + step, 0.099)]  # fmt: skip
    points.append((0.1, 0.1))
    turned = points if upright else [(y, x) for x, y in points]
    return Polygon([(111 + x, 27 + y) for x, y in turned])


def test_polygons_that_would_take_for_ever_are_stopped() -> None:
    combs = [comb(4_000, upright=True), comb(4_000, upright=False)]
    limits = Limits(cpu_seconds=2, wall_seconds=10)
    with pytest.raises(BoundaryError, match=r"图\.geojson：面的相互关系太复杂，核对超过 2 秒"):
        assess_apart("图.geojson", combs, limits=limits)


def test_the_process_gives_what_the_function_gives() -> None:
    reference = SHIPPED.districts.geometry[SHIPPED.district_code]
    areas = list(moved(torn(_border_point().buffer(0.0003)), to_gcj02).values())
    for mend_width_m in (0.0, 100.0):
        apart = assess_apart("图.geojson", areas, reference, mend_width_m=mend_width_m)
        assert apart == assess(areas, reference, mend_width_m=mend_width_m)
        assert apart.datum is Datum.GCJ02


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5)
@given(order=st.permutations(range(len(AREAS))))
def test_the_order_of_features_changes_nothing_but_itself(
    collection: Maker, order: Sequence[int]
) -> None:
    rows = features(AREAS)
    found = examine(collection(*(rows[position] for position in order)))
    assert found.data is not None
    codes = [list(AREAS)[position] for position in order]
    assert found.data.townships.index.tolist() == codes
    # The union is the same land, whatever the order in which it was made.
    outline = found.data.districts.geometry.iloc[0]
    known = SHIPPED.districts.geometry[SHIPPED.district_code]
    assert outline.symmetric_difference(known).area < 1e-6
