"""Features cut into tiles, and read again by the library's own reader."""

from __future__ import annotations

from time import process_time
from typing import Any

import geopandas as gpd
import mapbox_vector_tile
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo.core.geojson import encode
from geo.core.output_systems import OutputSystem, epsg_uri
from geo.core.schema import Column
from geo.publish.tiles import MOST_FEATURES, Tile, TileSource, tile_of

COLUMNS = (
    Column("name", "text", "名称", "Name"),
    Column("area", "real", "面积", "Area"),
    Column("count", "integer", "数", "Count"),
    Column("open", "boolean", "开放", "Open"),
    Column("since", "date", "自", "Since"),
)
MERCATOR = OutputSystem(epsg_uri(3857), CRS.from_epsg(3857))
EXTENT, BUFFER = 4096, 64


def source(shapes: list[Any], **values: list[Any]) -> TileSource:
    count = len(shapes)
    rows = {
        "name": [f"馆{row}" for row in range(count)],
        "area": [row / 2 for row in range(count)],
        "count": pd.array(range(count), dtype="Int64"),
        "open": pd.array([[True, False, None][row % 3] for row in range(count)], dtype="boolean"),
        "since": pd.to_datetime([["2021-02-28", None][row % 2] for row in range(count)]),
    } | values
    ids = [f"f{row:05d}" for row in range(count)]
    frame = gpd.GeoDataFrame(rows, geometry=shapes, index=ids, crs=4490)
    columns = tuple(column.name for column in COLUMNS)
    return TileSource("halls", encode(frame, pick_by=columns), COLUMNS, MERCATOR)


def read(content: bytes) -> dict[str, Any]:
    """Return the features of a tile by id; y points down, as in the tile."""
    if not content:
        return {}
    layers = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    assert list(layers) == ["halls"]
    assert layers["halls"]["extent"] == EXTENT
    assert layers["halls"]["version"] == 2
    found = {one["properties"]["id"]: one for one in layers["halls"]["features"]}
    assert len(found) == len(layers["halls"]["features"])
    return found


def placed(feature: dict[str, Any], tile: Tile) -> shapely.Geometry:
    """Return a decoded geometry in metres."""
    west, north = tile.west_north
    step = tile.size_m / EXTENT
    return shapely.transform(
        shapely.geometry.shape(feature["geometry"]),
        lambda xy: np.column_stack([west + xy[:, 0] * step, north - xy[:, 1] * step]),
    )


def metres(shape: shapely.Geometry) -> shapely.Geometry:
    return MERCATOR.written(np.array([shape], dtype=object))[0]


def test_properties_come_back_with_their_types() -> None:
    point = shapely.Point(111.46, 27.23)
    tile = tile_of(111.46, 27.23, 10)
    found = read(source([point, point]).encode(tile).content)
    assert found["f00000"]["properties"] == {
        "id": "f00000", "name": "馆0", "area": 0.0, "count": 0, "open": True, "since": "2021-02-28"
    }  # fmt: skip
    # What is unknown is not there: the format has no null.
    assert found["f00001"]["properties"] == {
        "id": "f00001", "name": "馆1", "area": 0.5, "count": 1, "open": False
    }  # fmt: skip
    types = [type(value) for value in found["f00000"]["properties"].values()]
    assert types == [str, str, float, int, bool, str]


def test_a_point_stands_where_it_is() -> None:
    """0.8096111 * 1024 - 829 = 0.04178, of 4096 steps the 171st from the west."""
    tile = tile_of(111.46, 27.23, 10)
    found = read(source([shapely.Point(111.46, 27.23)]).encode(tile).content)
    x, y = found["f00000"]["geometry"]["coordinates"]
    assert x == 171
    there = metres(shapely.Point(111.46, 27.23))
    assert placed(found["f00000"], tile).distance(there) < tile.size_m / EXTENT
    assert 0 <= y < EXTENT


def test_a_polygon_across_a_border_meets_in_both_tiles() -> None:
    left = Tile(10, 431, 829)
    tiles = (left, Tile(10, 431, 830))
    west, south, east, _ = left.bounds()
    back = shapely.box(east - 3_000, south + 5_000, east + 4_000, south + 9_000)
    ring = shapely.transform(
        back, lambda xy: np.column_stack(MERCATOR._to.transform(*xy.T, direction="INVERSE"))
    )
    made = source([ring])
    parts = [placed(read(made.encode(tile).content)["f00000"], tile) for tile in tiles]
    step = left.size_m / EXTENT
    cut = [
        part.intersection(shapely.box(*tile.bounds()))
        for part, tile in zip(parts, tiles, strict=True)
    ]
    assert sum(part.area for part in cut) == pytest.approx(back.area, rel=3 * step / 4_000)
    assert cut[0].distance(cut[1]) <= 1e-6
    # Beyond the border it goes on for the buffer, so that no line is drawn along it.
    assert parts[0].bounds[2] == pytest.approx(east + BUFFER * step)
    assert west < parts[0].bounds[0]


def test_outer_rings_are_positive_where_y_points_down_and_holes_are_not() -> None:
    ring = (
        shapely.Point(111.46, 27.23)
        .buffer(0.05)
        .difference(shapely.Point(111.46, 27.23).buffer(0.02))
    )
    for tile in (tile_of(111.46, 27.23, 9), tile_of(111.46, 27.23, 11)):
        found = read(source([ring]).encode(tile).content)["f00000"]["geometry"]
        shape = shapely.geometry.shape(found)
        polygons = shapely.get_parts(shape)
        for polygon in polygons:
            assert shapely.is_ccw(polygon.exterior)
            assert all(not shapely.is_ccw(hole) for hole in polygon.interiors)
            assert polygon.is_valid


def test_a_bow_tie_is_mended() -> None:
    bow = shapely.Polygon([(111.4, 27.2), (111.5, 27.3), (111.5, 27.2), (111.4, 27.3)])
    tile = tile_of(111.46, 27.23, 9)
    shape = placed(read(source([bow]).encode(tile).content)["f00000"], tile)
    assert shape.is_valid
    assert shape.area == pytest.approx(metres(shapely.make_valid(bow)).area, rel=0.02)


@pytest.mark.parametrize("zoom", [0, 4, 8])
def test_a_tiny_area_is_a_point_in_one_tile(zoom: int) -> None:
    village = shapely.Point(111.46, 27.23).buffer(0.0001)
    tile = tile_of(111.46, 27.23, zoom)
    found = read(source([village]).encode(tile).content)["f00000"]
    assert found["geometry"]["type"] == "Point"


def test_features_without_a_place_are_in_no_tile() -> None:
    made = source([None, shapely.Point(), shapely.Point(111.46, 27.23)])
    assert list(read(made.encode(Tile(0, 0, 0)).content)) == ["f00002"]
    assert source([None]).encode(Tile(0, 0, 0)).content == b""
    assert source([None]).bounds is None
    assert source([]).encode(Tile(0, 0, 0)).matched == 0


def test_of_too_many_the_first_are_drawn_and_it_is_told() -> None:
    points = [shapely.Point(111.46, 27.23)] * (MOST_FEATURES + 5)
    tile = source(points).encode(Tile(0, 0, 0))
    assert tile.truncated
    assert tile.matched == MOST_FEATURES + 5
    found = read(tile.content)
    assert len(found) == MOST_FEATURES
    assert "f00000" in found
    assert f"f{MOST_FEATURES:05d}" not in found


def test_of_some_only_these_are_drawn() -> None:
    made = source([shapely.Point(111.46, 27.23)] * 5)
    found = made.encode(Tile(0, 0, 0), np.array([4, 1]))
    assert list(read(found.content)) == ["f00001", "f00004"]
    assert made.encode(Tile(0, 0, 0), np.array([], dtype=int)).content == b""


LON, LAT = st.floats(111.2, 111.7), st.floats(27.0, 27.5)
SHAPES = st.one_of(
    st.builds(shapely.Point, LON, LAT),
    st.builds(
        lambda lon, lat, size: shapely.Point(lon, lat).buffer(size, quad_segs=3),
        LON, LAT, st.floats(1e-6, 0.2),
    ),
    st.lists(st.tuples(LON, LAT), min_size=3, max_size=7).map(shapely.Polygon),
    st.lists(st.tuples(LON, LAT), min_size=2, max_size=5).map(shapely.LineString),
)  # fmt: skip


@settings(max_examples=40, phases=[Phase.generate], database=None)
@given(st.lists(SHAPES, min_size=1, max_size=6), st.integers(5, 13))
def test_four_children_cover_what_their_parent_draws(
    shapes: list[shapely.Geometry], zoom: int
) -> None:
    shapes = [shape for shape in shapes if shape.length > 0 or shape.geom_type == "Point"]
    made = source(shapes)
    parent = tile_of(111.46, 27.23, zoom)
    square = shapely.box(*parent.bounds())
    drawn = read(made.encode(parent).content)
    children = {child: read(made.encode(child).content) for child in parent.children}
    step = parent.size_m / EXTENT
    for feature_id, feature in drawn.items():
        core = placed(feature, parent).intersection(square)
        if core.is_empty:
            continue
        parts = [placed(found[feature_id], child)
                 for child, found in children.items() if feature_id in found]  # fmt: skip
        assert parts
        # Steps of the parent are twice as long as theirs, and thinning takes one of each.
        assert shapely.union_all(parts).buffer(5 * step).covers(core)


@settings(max_examples=40, phases=[Phase.generate], database=None)
@given(st.lists(SHAPES, min_size=1, max_size=6), st.integers(3, 16))
def test_all_that_is_drawn_is_valid_and_where_the_feature_is(
    shapes: list[shapely.Geometry], zoom: int
) -> None:
    made = source(shapes)
    tile = tile_of(111.46, 27.23, zoom)
    step = tile.size_m / EXTENT
    for feature_id, feature in read(made.encode(tile).content).items():
        shape = placed(feature, tile)
        assert not shape.is_empty
        assert shapely.box(*tile.bounds(BUFFER / EXTENT)).buffer(step).covers(shape)
        original = shapely.make_valid(metres(shapes[int(feature_id[1:])]))
        assert original.buffer(3 * step).covers(shape)


def test_the_same_features_give_the_same_bytes() -> None:
    points = [shapely.Point(111.4 + row / 1000, 27.2) for row in range(100)]
    tile = tile_of(111.46, 27.23, 8)
    assert source(points).encode(tile) == source(points).encode(tile)


def test_a_tile_of_a_ledger_of_ten_thousand_holds_its_points() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(111.35, 111.6, 10_000), rng.uniform(27.05, 27.35, 10_000)
    made = source(list(shapely.points(lon, lat)))
    made.encode(Tile(0, 0, 0))
    for zoom in (10, 11, 12):
        begun = process_time()
        found = made.encode(tile_of(111.46, 27.23, zoom))
        spent = process_time() - begun
        print(f"zoom {zoom}: {found.matched} of 10,000 points in {1000 * spent:.0f} ms CPU")
        assert found.matched > 100
