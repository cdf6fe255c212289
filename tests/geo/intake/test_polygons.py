from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from geo.intake.polygons import LEAST_OVERLAP_M2, multi, named_feature, overlaps

EAST, NORTH = 111.0, 27.0


def square(x: float, y: float, side: float = 0.01) -> MultiPolygon:
    return multi(box(EAST + x, NORTH + y, EAST + x + side, NORTH + y + side))


def test_neighbours_do_not_overlap() -> None:
    assert overlaps([square(0, 0), square(0.01, 0), square(0, 0.01), square(0.01, 0.01)]) == []


def test_corners_that_do_not_meet_are_no_overlap() -> None:
    assert overlaps([square(0, 0, 0.02), square(0.02, 0), square(0.02, 0.01)]) == []


def test_one_alone() -> None:
    assert overlaps([square(0, 0)]) == []


def test_pairs_come_in_order_with_their_area() -> None:
    found = overlaps([square(0, 0), square(0.005, 0), square(0.5, 0.5), square(0, 0.009)])
    assert [(i, j) for i, j, _ in found] == [(0, 1), (0, 3), (1, 3)]
    # A degree of longitude is 99.2 km at 27 degrees north, one of latitude 110.8 km.
    assert found[0][2] == pytest.approx(0.005 * 99_250 * 0.01 * 110_800, rel=0.01)


def test_the_same_area_twice() -> None:
    ((_, _, area_m2),) = overlaps([square(0, 0), square(0, 0)])
    assert area_m2 == pytest.approx(0.01 * 99_250 * 0.01 * 110_800, rel=0.01)


@given(st.integers(2, 400))
def test_the_bound_is_in_square_metres(width_mm: int) -> None:
    # A strip along a border of 1,108 m; rounding coordinates leaves some millimetres.
    width = width_mm / 1000 / 99_250
    found = overlaps([square(0, 0), square(0.01 - width, 0)])
    area_m2 = 1_108 * width_mm / 1000
    if abs(area_m2 - LEAST_OVERLAP_M2) > 5:
        assert bool(found) == (area_m2 > LEAST_OVERLAP_M2)


def test_parts_that_are_no_areas_are_left_out() -> None:
    made = multi(MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)]))
    assert len(made.geoms) == 2
    assert multi(Polygon()).is_empty


def test_names_are_quoted_short() -> None:
    zh, en = named_feature(2, "长" * 99)
    assert zh == f"第2个要素「{'长' * 40}…」"
    assert en.startswith("feature 2 '")
