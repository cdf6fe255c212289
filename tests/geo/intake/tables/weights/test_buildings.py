"""Settlements and buildings as weights, on four square townships of 4 km."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.errors import BadValueError, EmptyFileError
from geo.core.schema import WEIGHTS
from geo.intake.formats.parts import Feature
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.tables.weights import WEIGHT_TABLE
from geo.intake.tables.weights.buildings import weights_of

Examine = Callable[..., Imported[gpd.GeoDataFrame]]
METRES = "EPSG:4546"


def square(x_km: float, y_km: float, side_m: float = 20) -> Polygon:
    east, north = 500_000 + 1000 * x_km, 3_010_000 + 1000 * y_km
    return box(east, north, east + side_m, north + side_m)


def frame(*rows: tuple[dict[str, Any], Any], crs: str = METRES) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame([p for p, _ in rows], geometry=[g for _, g in rows], crs=crs)


@pytest.fixture
def examine(tmp_path: Path, toy: DistrictData) -> Examine:
    def make(layer: gpd.GeoDataFrame, name: str = "房屋.gpkg") -> Imported[gpd.GeoDataFrame]:
        path = tmp_path / name
        layer.to_file(path, engine="pyogrio")
        return parse(
            WEIGHT_TABLE,
            WEIGHT_TABLE.open_file(path, ReferenceData.of(toy, "file-1")),
            ReferenceData.of(toy, "file-1"),
        )

    return make


def told(found: Imported[gpd.GeoDataFrame]) -> dict[str, str]:
    return {one.note.code: one.note.zh for one in found.report.warnings}


# A square of 20 m is 400 m² (to a part in 10⁴ through degrees and back).
@pytest.mark.parametrize(
    ("first", "second", "expected", "code"),
    [
        ({"人口": 7, "层数": 3}, {"人口": 5, "层数": 1}, [7, 5], "weights_by_people"),
        ({"建筑面积": 1200}, {"建筑面积": "800㎡"}, [1200, 800], "weights_by_floor_area"),
        ({"层数": 6}, {"层数": 2}, [2400, 800], "weights_by_floors"),
        ({"floors": "6层"}, {"floors": None}, [400, 400], "weights_by_footprint"),
        ({"层数": 6}, {"层数": None}, [2400, 400], "weights_by_floors"),
        ({"Height": 18.2}, {"Height": 1.0}, [2400, 400], "weights_by_height"),
        ({"面积": 1200}, {"面积": 800}, [1200, 800], "weights_by_floor_area"),
        ({"面积": 0.6}, {"面积": 0.6}, [400, 400], "weights_area_column_unlike"),
        ({"用途": "住宅"}, {"用途": None}, [400, 400], "weights_by_footprint"),
    ],
)
def test_the_weight_of_a_building(
    examine: Examine,
    first: dict[str, Any],
    second: dict[str, Any],
    expected: list[float],
    code: str,
) -> None:
    found = examine(frame((first, square(1, 1)), (second, square(2, 2))))
    weights = found.data
    assert weights["weight"].tolist() == pytest.approx(expected, rel=1e-4)
    assert code in told(found)
    assert list(weights.columns) == [*WEIGHTS.names, "geometry"]
    assert weights.crs == STORAGE_CRS
    assert weights["source_row"].tolist() == [1, 2]
    assert "weights_townships_without" in told(found)


def test_without_a_count_of_people_there_is_no_weight(examine: Examine) -> None:
    found = examine(frame(({"人口": 7}, square(1, 1)), ({"人口": None}, square(2, 2))))
    assert found.data["weight"].tolist() == [7]
    assert told(found)["weights_cells_unread"].endswith("未采用。")


def test_what_is_mended_doubled_outside_or_no_area_is_counted(examine: Examine) -> None:
    knot = Polygon([(p[0], p[1]) for p in [*square(1, 1).exterior.coords][:4]])
    first, second, third, fourth = knot.exterior.coords[:4]
    bowtie = Polygon([first, third, second, fourth])
    layer = frame(
        ({}, bowtie), ({}, square(2, 2)), ({}, square(2, 2)), ({}, square(-3, 1)),
        ({}, shapely.Point(500_500, 3_010_500)), ({}, None),
    )  # fmt: skip
    found = examine(layer.assign(标识=1), "混合.geojson")
    notes = told(found)
    assert notes["weights_areas_mended"].startswith("1 个")
    assert notes["weights_areas_twice"].startswith("1 个")
    assert notes["weights_outside"].startswith("1 个")
    assert notes["weights_features_no_areas"].startswith("2 个")
    assert len(found.data) == 2
    assert found.data.geometry.is_valid.all()


@pytest.mark.parametrize(
    ("layer", "kind", "code"),
    [
        (frame(({"人口": -3}, square(1, 1))), BadValueError, "weights_negative"),
        (frame(({"人口": "-3人"}, square(1, 1))), BadValueError, "weights_negative"),
        (frame(({"人口": 0}, square(1, 1))), BadValueError, "weights_all_zero"),
        (frame(({}, square(99, 99))), BadValueError, "layer_not_near_district"),
        (frame(({}, square(1, 1)), crs="EPSG:4490"), BadValueError, "layer_metres_as_degrees"),
        (frame(({}, box(111, 27, 111.1, 27.1))), BadValueError, "layer_degrees_as_metres"),
        (frame(({}, shapely.Point(500_500, 3_010_500))), EmptyFileError, "weights_without_areas"),
    ],
)
def test_layers_that_cannot_be_weights(
    examine: Examine, layer: gpd.GeoDataFrame, kind: type[Exception], code: str
) -> None:
    with pytest.raises(kind) as caught:
        examine(layer.assign(标识=1))
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert caught.value.place.file  # type: ignore[attr-defined]


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2**62), st.floats(), st.text(max_size=20),
    st.sampled_from(["6层", "1,200㎡", "约3", "-2", [1], {"a": 1}]),
)  # fmt: skip


@given(
    column=st.sampled_from(["人口", "建筑面积", "层数", "高度", "面积", "别的"]),
    cells=st.lists(CELLS, min_size=1, max_size=6),
)
def test_any_cells_give_weights_that_are_never_negative(column: str, cells: list[Any]) -> None:
    features = [Feature(row, {column: cell}, None) for row, cell in enumerate(cells, start=1)]
    footprint_m2 = np.full(len(cells), 100.0)
    try:
        weights, notes, _ = weights_of(features, footprint_m2)
    except BadValueError as error:
        told = error.code
    else:
        told = ""
        known = weights[~np.isnan(weights)]
        assert ((known >= 0) & np.isfinite(known)).all()
        assert notes
    assert told in {"", "weights_negative"}
