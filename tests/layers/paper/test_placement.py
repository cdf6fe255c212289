"""Where the district lies: metres to millimetres, round scales, enlarged parts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from layers.paper.canvas import Box
from layers.paper.layout import bar_length_m, layout_of, scales_from
from layers.paper.placement import View, bounds_of, place_on

FRAME = Box(10, 20, 200, 150)


def square(west: float, south: float, side: float) -> dict[str, Any]:
    ring = [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]
    return {"polygons": [[[*ring, ring[0]]]]}


def test_a_kilometre_at_one_to_100000_is_ten_millimetres() -> None:
    view = View(FRAME, 100_000, 1.0, 500_000, 3_010_000)
    assert view.mm_per_m == 0.01
    assert view.place(500_000, 3_010_000) == (10, 20)
    assert view.place(501_000, 3_012_000) == pytest.approx((20, 40))
    box = view.extent((500_000, 3_010_000, 502_000, 3_011_000))
    assert (box.x, box.y, box.width, box.height) == pytest.approx((10, 20, 20, 10))


def test_on_a3_a_layout_millimetre_is_longer_on_paper() -> None:
    enlarged = 420 / 297
    view = View(FRAME, 100_000, enlarged, 0, 0)
    x, _ = view.place(1_000, 0)
    assert (x - FRAME.x) * enlarged == pytest.approx(10)


def test_rings_keep_their_shape() -> None:
    view = View(FRAME, 50_000, 1.0, 0, 0)
    (polygon,) = view.rings(square(1_000, 2_000, 500)["polygons"])
    assert np.ptp(polygon[0], axis=0) == pytest.approx([10, 10])
    assert polygon[0][0] == pytest.approx([10 + 20, 20 + 40])


def test_bounds_are_those_of_every_ring() -> None:
    assert bounds_of([square(5, 1, 2), square(-3, 4, 1)]) == (-3.0, 1.0, 7.0, 5.0)


@pytest.mark.parametrize("side", [800.0, 8_000.0, 25_000.0, 640_000.0])
def test_a_square_lies_in_the_middle_at_the_largest_round_scale(side: float) -> None:
    placed = place_on(FRAME, [square(500_000, 3_000_000, side)], 1.0)
    # 150 mm less 3.5 above and below: 143.
    least = side / 143 * 1_000
    assert placed.main.scale == scales_from(least, 1)[0]
    box = placed.main.extent((500_000, 3_000_000, 500_000 + side, 3_000_000 + side))
    assert box.middle == pytest.approx(FRAME.middle)
    assert placed.inset is None
    assert placed.inset_bounds is None


def districts(small: int) -> list[dict[str, Any]]:
    """Return one large township of 20 km, and small ones of 600 m in its upper right part."""
    half = [square(0, 0, 10_000), square(0, 10_000, 10_000), square(10_000, 0, 10_000)]
    row = [square(15_000 + 650 * at, 12_000, 600) for at in range(small)]
    return half + row


def test_small_townships_are_enlarged_in_a_free_corner() -> None:
    rows = districts(4)
    placed = place_on(Box(0, 0, 190, 143), rows, 1.0)
    assert placed.inset is not None
    assert placed.inset_bounds is not None
    west, south, east, north = placed.inset_bounds
    assert west < 15_000 < east
    assert south < 12_000 < north
    assert placed.inset.scale * 1.5 <= placed.main.scale
    part = placed.inset.extent(bounds_of(rows[3:]))
    assert part.within(placed.inset.box)
    large = placed.inset.mm_per_m / placed.main.mm_per_m
    assert large == pytest.approx(placed.main.scale / placed.inset.scale)


def test_one_small_township_needs_no_enlarging() -> None:
    assert place_on(Box(0, 0, 190, 143), districts(1), 1.0).inset is None


def test_small_townships_all_over_are_not_enlarged() -> None:
    rows = [square(0, 0, 20_000), square(100, 100, 500), square(19_000, 19_000, 500)]
    assert place_on(Box(0, 0, 190, 143), rows, 1.0).inset is None


def test_the_district_lies_within_the_frame(demo: Any, toy_subject: Any) -> None:
    for subject in (demo, toy_subject):
        townships = subject.shapes["townships"]
        for size in ("A4", "A3"):
            for landscape in (True, False):
                layout = layout_of(size, landscape=landscape)  # type: ignore[arg-type]
                placed = place_on(layout.frame, townships, layout.enlarged)
                assert placed.main.extent(bounds_of(townships)).within(layout.frame)


def test_an_enlarged_part_hides_nothing_of_the_district(demo: Any) -> None:
    townships = demo.shapes["townships"]
    layout = layout_of("A4", landscape=True)
    placed = place_on(layout.frame, townships, 1.0)
    assert placed.inset is not None
    assert placed.inset.scale * 1.5 <= placed.main.scale
    for row in townships:
        for polygon in placed.main.rings(row["polygons"]):
            for x, y in polygon[0]:
                assert not placed.inset.box.overlaps(Box(x, y, 0.01, 0.01))


def test_four_large_townships_need_no_enlarging(toy_subject: Any) -> None:
    layout = layout_of("A4", landscape=True)
    assert place_on(layout.frame, toy_subject.shapes["townships"], 1.0).inset is None


@pytest.mark.parametrize("least", [1_234.5, 99_999.0, 100_000.0, 100_001.0, 987_654.0])
def test_scales_are_round_and_fit(least: float) -> None:
    found = scales_from(least, 4)
    assert found[0] >= least * (1 - 1e-9)
    assert found[0] <= least * 1.34
    assert found == sorted(found)
    assert all(float(f"{scale:.2g}") == scale or scale % 125 == 0 for scale in found)


@pytest.mark.parametrize("scale", [5_000, 62_000, 150_000, 2_000_000])
def test_a_bar_fits_and_is_not_tiny(scale: int) -> None:
    length_mm = bar_length_m(scale, 1.0, 50.0) * 1_000 / scale
    assert 20 <= length_mm <= 50


def test_a_scale_is_exact_on_paper(demo: Any) -> None:
    """The distance of two corners on the printed sheet, times the scale, is that in metres."""
    layout = layout_of("A3", landscape=True)
    view = place_on(layout.frame, demo.shapes["townships"], layout.enlarged).main
    a, b = (view.place(*point) for point in ((500_000, 3_000_000), (503_000, 3_004_000)))
    assert math.dist(a, b) * layout.enlarged / 1_000 * view.scale == pytest.approx(5_000)
