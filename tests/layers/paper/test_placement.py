"""Scales, leanings and enlarged parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from layers.paper.canvas import Box, Canvas
from layers.paper.fonts import Fonts
from layers.paper.labels import MapLabel, place_labels
from layers.paper.layout import bar_length_m, layout_of, scales_from
from layers.paper.placement import bounds_of, place_on


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


def test_names_keep_off_each_other(fonts: Fonts) -> None:
    """Twenty narrow strips, each narrower than its name."""
    canvas = Canvas(297, 210, 1.0, fonts)
    frame = Box(10, 10, 200, 150)
    strips = [Box(20 + 9 * number, 30, 9, 100) for number in range(20)]
    names = [
        MapLabel(("名字很长的街道", "≥120"), [[_ring(strip)]], 8.0) for strip in strips
    ]  # fmt: skip
    placed = place_labels(canvas, names, frame, [], [])
    assert len(placed) == len(names)
    boxes = [item.box for item in placed]
    assert all(box.within(frame) for box in boxes)
    assert not any(a.overlaps(b) for place, a in enumerate(boxes) for b in boxes[:place])


def _ring(box: Box) -> Any:
    return np.array([(box.x, box.y), (box.right, box.y), (box.right, box.top), (box.x, box.top)])
