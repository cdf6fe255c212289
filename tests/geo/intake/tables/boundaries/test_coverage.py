from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, affinity, box

from geo.intake.tables.boundaries.coverage import (
    GAP_WIDTH_M,
    LEAST_AREA_M2,
    MAX_OVERLAPS,
    Coverage,
    Detached,
    Overlap,
    examine_coverage,
    mend_coverage,
    width_of,
)
from geo.intake.tables.boundaries.polygons import multi


def square(x: float, y: float, side: float = 1_000) -> MultiPolygon:
    return multi(box(x, y, x + side, y + side))


def sheet(*, gap: tuple[float, float, float, float] | None = None) -> list[MultiPolygon]:
    """Return two townships side by side, with a hole cut from their common border."""
    hole = Polygon() if gap is None else box(*gap)
    return [multi(box(0, 0, 1000, 2000) - hole), multi(box(1000, 0, 2000, 2000) - hole)]


@pytest.mark.parametrize(
    "areas",
    [
        [square(0, 0), square(1000, 0), square(0, 1000), square(1000, 1000)],
        # Corners that do not meet are no overlap and no gap.
        [square(0, 0, 2000), square(2000, 0), square(2000, 1000)],
        [square(0, 0)],
        # A notch where two townships meet outside is the border's own shape.
        [square(0, 0), multi(box(1000, -500, 2000, 700))],
        # An enclave within one township alone is reported apart by its own hole.
        sheet(),
    ],
)
def test_what_is_a_coverage(areas: list[MultiPolygon]) -> None:
    assert examine_coverage(areas) == Coverage()


def test_overlaps_come_in_order_with_area_and_width() -> None:
    found = examine_coverage([square(0, 0), square(500, 0), square(9000, 9000), square(0, 990)])
    assert found.overlaps == (
        Overlap(0, 1, 500_000.0, 500.0),
        Overlap(0, 3, 10_000.0, 10.0),
        Overlap(1, 3, 5_000.0, 10.0),
    )


def test_the_same_area_twice() -> None:
    (overlap,) = examine_coverage([square(0, 0), square(0, 0)]).overlaps
    assert overlap == Overlap(0, 1, 1e6, 1000.0)


@given(st.integers(2, 400))
def test_the_bound_is_in_square_metres(width_mm: int) -> None:
    found = examine_coverage([square(0, 0), square(1000 - width_mm / 1000, 0)])
    assert bool(found.overlaps) == (width_mm >= LEAST_AREA_M2)


def test_the_search_for_overlaps_ends() -> None:
    found = examine_coverage([square(0, 0)] * 60)
    assert (len(found.overlaps), found.ended_early) == (MAX_OVERLAPS, True)


@pytest.mark.parametrize(
    ("hole", "area_m2", "width_m"),
    [
        # A sliver, a wide lake, a square: width is of the largest circle within.
        ((998, 500, 1002, 1500), 4_000, 4),
        ((900, 500, 1100, 1500), 200_000, 200),
        ((950, 500, 1050, 600), 10_000, 100),
    ],
)
def test_a_hole_between_two_is_a_gap_of_any_width(
    hole: tuple[float, float, float, float], area_m2: float, width_m: float
) -> None:
    (gap,) = examine_coverage(sheet(gap=hole)).gaps
    assert (gap.neighbours, gap.area_m2, gap.width_m) == ((0, 1), area_m2, width_m)
    assert box(*hole).contains(shapely.Point(gap.at))


@pytest.mark.parametrize("width", [0.05, 0.2, 4, GAP_WIDTH_M, GAP_WIDTH_M + 1])
def test_a_strip_open_to_the_outside_is_a_gap_up_to_a_width(width: float) -> None:
    found = examine_coverage([square(0, 0), square(1000 + width, 0)])
    if width * 1000 < LEAST_AREA_M2:
        assert found.gaps == ()
    elif width <= GAP_WIDTH_M:
        (gap,) = found.gaps
        assert gap.area_m2 == pytest.approx(width * 1000)
        # The strip parts the district in two, and is reported once: as the gap.
        assert found.detached == ()
    else:
        assert found.gaps == ()
        assert found.detached == (Detached((1,), 1e6, width),)


def test_a_part_that_lies_apart() -> None:
    exclave = MultiPolygon([*square(0, 0).geoms, *square(5000, 0, 200).geoms])
    (found,) = examine_coverage([exclave, square(0, 1000)]).detached
    assert found == Detached((0,), 40_000.0, 4_000.0)


def test_the_widest_neighbour_stands_first() -> None:
    hole = box(900, 900, 1100, 1000)
    areas = [multi(box(0, 0, 1000, 1000) - hole), multi(box(1000, 0, 2000, 1000) - hole),
             multi(box(0, 1000, 2000, 2000))]  # fmt: skip
    (gap,) = examine_coverage(areas).gaps
    # 200 m of border above, 200 on the two sides of each of the others.
    assert set(gap.neighbours) == {0, 1, 2}
    assert gap.neighbours[0] in (0, 2)


def test_mending_fills_what_is_narrow_and_leaves_what_is_wide() -> None:
    narrow, wide = box(998, 500, 1002, 1500), box(900, 1600, 1100, 1900)
    areas = [multi(box(0, 0, 1000, 2000) - narrow - wide),
             multi(box(1000, 0, 2000, 2000) - narrow - wide)]  # fmt: skip
    mended = mend_coverage(areas, width_m=10)
    (gap,) = examine_coverage(mended).gaps
    assert gap.width_m == 200
    assert sum(area.area for area in mended) == 4e6 - wide.area


@pytest.mark.parametrize("width", [1, 5])
def test_mending_closes_open_strips_and_narrow_overlaps(width: float) -> None:
    areas = [square(0, 0), square(1000 + width, 0), multi(box(0, 1000 - width, 2000, 2000))]
    mended = mend_coverage(areas, width_m=5)
    assert examine_coverage(mended) == Coverage()
    assert shapely.coverage_is_valid(list(mended))
    # What was in one of them still is; what was in none, up to the width, is now.
    before, after = shapely.union_all(areas), shapely.union_all(list(mended))
    assert after.buffer(0.001).covers(before)
    assert after.area - before.area == pytest.approx(width * (1000 - width), rel=0.01)


def test_mending_changes_nothing_of_a_coverage() -> None:
    areas = sheet()
    assert all(a.equals(b) for a, b in zip(areas, mend_coverage(areas, width_m=10), strict=True))


@st.composite
def torn_sheets(draw: st.DrawFn) -> tuple[list[MultiPolygon], float]:
    """Return a grid of townships, each moved by less than a width: overlaps and gaps."""
    width = draw(st.floats(0.5, 4))
    # To the millimetre; GEOS warns of numbers such as 1e-313.
    shifts = st.floats(-width / 4, width / 4).map(lambda shift: round(shift, 3))
    areas = [
        multi(affinity.translate(box(x, y, x + 1000, y + 1000), draw(shifts), draw(shifts)))
        for x in (0, 1000, 2000)
        for y in (0, 1000)
    ]
    return areas, width


@given(torn_sheets())
def test_whatever_is_torn_less_than_a_width_is_mended(
    torn: tuple[list[MultiPolygon], float],
) -> None:
    areas, width = torn
    mended = mend_coverage(areas, width_m=width)
    found = examine_coverage(mended)
    assert found.overlaps == found.gaps == found.detached == ()
    assert all(
        shapely.symmetric_difference(was, now).area <= 4 * width * 1000 + 4 * width**2
        for was, now in zip(areas, mended, strict=True)
    )


def test_parts_that_are_no_areas_are_left_out() -> None:
    made = multi(MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)]))
    assert len(made.geoms) == 2
    assert multi(Polygon()).is_empty
    assert width_of(shapely.LineString([(0, 0), (1, 1)])) == 0
