"""Villages with positions, and the layers on which coverage rests, in any store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import geopandas as gpd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from geo.core.crs import STORAGE_CRS
from geo.core.errors import DataError, UndoError
from geo.core.schema import BASE_LAYERS, ROADS, VILLAGES, WEIGHTS, Table, conform
from geo.store import Store

NOW = datetime(2025, 4, 1, tzinfo=UTC)


def weights(*values: float, source_id: str = "w") -> gpd.GeoDataFrame:
    squares = [
        shapely.MultiPolygon([shapely.box(111.4 + row / 1000, 27.2, 111.401 + row / 1000, 27.201)])
        for row in range(len(values))
    ]
    frame = gpd.GeoDataFrame({"weight": list(values)}, geometry=squares, crs=STORAGE_CRS)
    rows = {"source_file": "w.tif", "source_row": range(1, len(values) + 1)}
    return conform(frame.assign(source_id=source_id, **rows), WEIGHTS)


def roads(*names: str, source_id: str = "r") -> gpd.GeoDataFrame:
    lines = [
        shapely.LineString([(111.4, 27.2 + y / 100), (111.5, 27.2)]) for y, _ in enumerate(names)
    ]
    frame = gpd.GeoDataFrame({"name": list(names)}, geometry=lines, crs=STORAGE_CRS)
    frame = frame.assign(road_class="primary", oneway="both", level=0, source_id=source_id)
    rows = {"source_file": "r.gpkg", "source_row": range(1, len(names) + 1)}
    return conform(frame.assign(**rows), ROADS)


LAYERS = [(WEIGHTS, weights(1.5, 0.0, 2.0), weights(4.0)), (ROADS, roads("甲", "乙"), roads("丙"))]


@pytest.fixture
def toy(store: Store, make: Any) -> Store:
    store.replace_district(make.district(), make.load())
    return store


@pytest.mark.parametrize(("table", "one", "other"), LAYERS, ids=BASE_LAYERS)
def test_a_layer_is_replaced_as_a_whole_and_taken_back(
    toy: Store, make: Any, table: Table, one: gpd.GeoDataFrame, other: gpd.GeoDataFrame
) -> None:
    assert getattr(toy.read_district(), table.name) is None
    source = str(one["source_id"].iloc[0])
    changes = toy.replace_ground(table, one, make.sources(source), make.load(table.name, len(one)))
    assert changes.counts == (len(one), 0, 0, 0)
    assert_geodataframe_equal(getattr(toy.read_district(), table.name), one)
    version = toy.version()
    again = toy.replace_ground(table, one, make.sources(source), make.load(table.name))
    assert again.nothing
    assert toy.version() == version
    toy.replace_ground(table, other, make.sources(source), make.load(table.name))
    assert_geodataframe_equal(getattr(toy.read_district(), table.name), other)
    assert_geodataframe_equal(getattr(toy.read_district(2), table.name), one)
    with pytest.raises(UndoError):
        toy.undo(2, "", NOW)
    toy.undo(4, "", NOW)
    assert_geodataframe_equal(getattr(toy.read_district(), table.name), one)
    toy.undo(2, "", NOW)
    assert getattr(toy.read_district(), table.name) is None
    assert source not in toy.read_district().sources.index


def test_another_district_leaves_no_layer_behind(toy: Store, make: Any) -> None:
    toy.replace_ground(ROADS, roads("甲"), make.sources("r"), make.load("roads"))
    toy.replace_ground(WEIGHTS, weights(1), make.sources("w"), make.load("weights"))
    data = replace(make.district(), weights=weights(2, 3), sources=make.sources("map", "w"))
    toy.replace_district(data, make.load())
    found = toy.read_district()
    assert found.roads is None
    assert found.weights is not None
    assert found.weights["weight"].tolist() == [2, 3]
    toy.undo(4, "", NOW)
    assert toy.read_district().roads is not None


@pytest.mark.parametrize(
    ("table", "frame"),
    [
        (WEIGHTS, weights(-1.0)),
        (WEIGHTS, weights(1.0).set_geometry([shapely.Point(111, 27)], crs=STORAGE_CRS)),
        (ROADS, roads("甲").assign(oneway="sideways")),
        (ROADS, roads("甲").to_crs("EPSG:4546")),
    ],
)
def test_what_is_no_such_layer_is_refused(
    toy: Store, make: Any, table: Table, frame: gpd.GeoDataFrame
) -> None:
    version = toy.version()
    with pytest.raises(DataError):
        toy.replace_ground(table, frame, make.sources("w", "r"), make.load(table.name))
    assert toy.version() == version


def test_villages_may_be_points_areas_or_unplaced(toy: Store, make: Any) -> None:
    before = toy.read_district().villages
    shapes = [shapely.Point(111.41, 27.21), make.square(1, 0), None, None]
    after = conform(
        before.reset_index()
        .set_geometry(shapes, crs=STORAGE_CRS)
        .assign(population=[5, None, 0, None]),
        VILLAGES,
    ).set_index("village_code")
    load = make.load("villages", 4)
    changes = toy.load_villages(after, make.sources("villages"), load)
    assert changes.counts == (0, 3, 0, 1)  # the third only says that 0 people live there
    assert_geodataframe_equal(toy.read_district().villages, after)
    assert toy.load_villages(after, make.sources("villages"), load).nothing
    toy.undo(2, "", NOW)
    assert_geodataframe_equal(toy.read_district().villages, before)


def test_boundaries_with_villages_are_undone_together(toy: Store, make: Any) -> None:
    before = toy.read_district()
    townships, districts = make.boundaries("new")
    one = make.villages().iloc[:1]
    load = make.load("boundaries")
    toy.replace_boundaries(townships, districts, one, make.sources("new", "villages"), load)
    toy.undo(2, "", NOW)
    assert_geodataframe_equal(toy.read_district().villages, before.villages)
