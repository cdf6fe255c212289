"""Spatial predicates against shapely, geometry by geometry, and the systems of their literals."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from geo.core.errors import QueryError
from geo.publish.cql2 import FilterLang, Queryable, parse_filter

QUERYABLES = {"g": Queryable("g", "geometry", "位置", "Position")}
RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "S_INTERSECTS": shapely.intersects,
    "S_EQUALS": shapely.equals,
    "S_DISJOINT": shapely.disjoint,
    "S_TOUCHES": shapely.touches,
    "S_WITHIN": shapely.within,
    "S_OVERLAPS": shapely.overlaps,
    "S_CROSSES": shapely.crosses,
    "S_CONTAINS": shapely.contains,
}

steps = st.integers(0, 4)
points = st.builds(shapely.Point, steps, steps)
lines = st.builds(
    lambda a, b, c, d: shapely.LineString([(a, b), (a + 1 + c, d)]), steps, steps, steps, steps
)
areas = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + 1 + w, y + 1 + h), steps, steps, steps, steps
)
several = st.one_of(
    st.builds(lambda a, b: shapely.MultiPoint([a, b]), points, points),
    st.builds(lambda a, b: shapely.MultiLineString([a, b]), lines, lines),
    st.builds(lambda a: shapely.MultiPolygon([a, shapely.box(20, 20, 21, 21)]), areas),
)
collections = st.builds(lambda a, b: shapely.GeometryCollection([a, b]), points, lines)
shapes = points | lines | areas | several


@settings(max_examples=150, deadline=None)
@given(
    relation=st.sampled_from(sorted(RELATIONS)),
    kept=st.lists(st.none() | shapes, min_size=1, max_size=4),
    literal=shapes | collections,
    exchanged=st.booleans(),
)
def test_a_relation_is_shapelys(
    relation: str, kept: list[Any], literal: Any, exchanged: bool
) -> None:
    text = f"{relation}(g, {literal.wkt})"
    if exchanged:
        text = f"{relation}({literal.wkt}, g)"
    mask = parse_filter(text, FilterLang.TEXT, QUERYABLES).mask({}, np.array(kept, dtype=object))
    pairs = [(literal, each) if exchanged else (each, literal) for each in kept]
    assert mask.tolist() == [
        None not in pair and bool(RELATIONS[relation](*pair)) for pair in pairs
    ]


@settings(max_examples=50, deadline=None)
@given(relation=st.sampled_from(sorted(RELATIONS)), kept=shapes)
def test_a_shape_beside_itself(relation: str, kept: Any) -> None:
    mask = parse_filter(f"{relation}(g, g)", FilterLang.TEXT, QUERYABLES).mask(
        {}, np.array([kept, None], dtype=object)
    )
    assert mask.tolist() == [bool(RELATIONS[relation](kept, kept)), False]


@settings(max_examples=50, deadline=None)
@given(literal=shapes | collections, kept=shapes)
def test_geojson_says_the_same_as_wkt(literal: Any, kept: Any) -> None:
    form = {
        "op": "s_intersects",
        "args": [{"property": "g"}, json.loads(shapely.to_geojson(literal))],
    }
    geometry = np.array([kept], dtype=object)
    by_json = parse_filter(json.dumps(form), FilterLang.JSON, QUERYABLES).mask({}, geometry)
    assert by_json.tolist() == [shapely.intersects(kept, literal)]


def test_what_is_unknown_matches_neither_a_relation_nor_its_contrary() -> None:
    geometry = np.array([None, shapely.Point(0, 0)], dtype=object)
    for text in ("S_INTERSECTS(g, POINT(5 5))", "NOT S_DISJOINT(g, POINT(5 5))"):
        mask = parse_filter(text, FilterLang.TEXT, QUERYABLES).mask({}, geometry)
        assert mask.tolist() == [False, False]


PLACE = shapely.Point(111.5, 27.2)


@pytest.mark.parametrize(
    "code", ["EPSG:4490", "EPSG:4326", "EPSG:4546", "EPSG:4525", "EPSG:3857", "OGC:CRS84"]
)
def test_a_box_in_a_system_has_its_order_of_axes(code: str) -> None:
    crs = CRS(code)
    first, second = Transformer.from_crs(4490, crs).transform(27.2, 111.5)
    reach = 1e-4 if crs.is_geographic else 10.0
    for dx, hit in ((0.0, True), (3 * reach, False)):
        numbers = [first + dx - reach, second - reach, first + dx + reach, second + reach]
        written = ", ".join(f"{number:.7f}" for number in numbers)
        asked = parse_filter(f"S_INTERSECTS(g, BBOX({written}))", FilterLang.TEXT, QUERYABLES, crs)
        assert asked.mask({}, np.array([PLACE], dtype=object)).tolist() == [hit]


def test_each_axis_is_told_from_the_other() -> None:
    """North first in EPSG:4490, east first without a system."""
    geometry = np.array([PLACE], dtype=object)
    north_first = "S_INTERSECTS(g, POLYGON((27 111, 27 112, 28 112, 28 111, 27 111)))"
    asked = parse_filter(north_first, FilterLang.TEXT, QUERYABLES, CRS(4490))
    assert asked.mask({}, geometry).tolist() == [True]
    with pytest.raises(QueryError, match="坐标顺序"):
        parse_filter(north_first, FilterLang.TEXT, QUERYABLES)


def test_a_box_across_180_degrees() -> None:
    asked = parse_filter("S_WITHIN(g, BBOX(170, -10, -170, 10))", FilterLang.TEXT, QUERYABLES)
    geometry = shapely.points([[175, 0], [-175, 0], [0, 0], [165, 0]])
    assert asked.mask({}, geometry).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("box", "hits"),
    [
        ("BBOX(1, 1, 1, 1)", 1),
        ("BBOX(0, 1, 2, 1)", 1),
        ("BBOX(0, 0, -5, 2, 2, 5)", 1),
        ("BBOX(2, 2, 3, 3)", 0),
    ],
)
def test_a_box_may_shrink_or_have_heights(box: str, hits: int) -> None:
    asked = parse_filter(f"S_INTERSECTS(g, {box})", FilterLang.TEXT, QUERYABLES)
    assert asked.mask({}, shapely.points([[1, 1]])).sum() == hits


@pytest.mark.parametrize(
    "literal",
    [
        "POINT(90 180)", "POINT(181 0)", "BBOX(0, 2, 1, 1)", "BBOX(1, 2, 3)", "BBOX(0, -91, 1, 1)",
        "POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))", "POLYGON((0 0, 1 0, 1 1))", "POINT EMPTY",
        "LINESTRING(1 1, 1 1)", "POLYGON((0 0, 1 0, 1 1, 0 1))", "POINT(1e400 1)", "'POINT(1 1)'",
    ],
)  # fmt: skip
def test_a_wrong_literal_is_refused(literal: str) -> None:
    with pytest.raises(QueryError):
        parse_filter(f"S_INTERSECTS(g, {literal})", FilterLang.TEXT, QUERYABLES)


@pytest.mark.parametrize(
    "literal",
    [
        {"type": "Point", "coordinates": [1, float("1e308") * 10]}, {"type": "Point"},
        {"type": "Point", "coordinates": [True, 1]}, {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": [[1, 1]]}, {"type": "Point", "coordinates": "11"},
        {"type": "Point", "coordinates": [1, 1], "crs": "x"}, {"type": "Curve", "coordinates": [1]},
        {"type": "GeometryCollection", "geometries": []}, {"bbox": [1, 2, 3, "4"]},
        {"type": "GeometryCollection", "geometries": [1]}, {"bbox": {}}, {"type": ["Point"]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, {"bbox": [10**400, 0, 1, 1]},
        {"type": "MultiPolygon", "coordinates": [[]]}, {"type": "Polygon", "coordinates": None},
        {"type": "LineString", "coordinates": [[0, 0]]},
    ],
)  # fmt: skip
def test_a_wrong_literal_of_json_is_refused(literal: Any) -> None:
    form = {"op": "s_intersects", "args": [{"property": "g"}, literal]}
    with pytest.raises(QueryError):
        parse_filter(json.dumps(form), FilterLang.JSON, QUERYABLES)


@pytest.mark.parametrize("number", ["9" * 30, "111.5", "-" + "9" * 30])
@pytest.mark.parametrize("code", [4546, 4525, 3857])
def test_what_a_system_does_not_hold_is_refused(code: int, number: str) -> None:
    with pytest.raises(QueryError):
        parse_filter(
            f"S_INTERSECTS(g, POINT({'9' * 20} {number}))", FilterLang.TEXT, QUERYABLES, CRS(code)
        )
