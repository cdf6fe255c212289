"""Labels: inside where one fits, beside with a line where not, never on each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from layers.paper.canvas import LINE_HEIGHT, MM_PER_POINT, Box, Canvas
from layers.paper.fonts import Fonts
from layers.paper.labels import MapLabel, draw_labels, place_labels

FRAME = Box(10, 10, 200, 150)


@pytest.fixture
def canvas(fonts: Fonts) -> Canvas:
    return Canvas(297, 210, 1.0, fonts)


def ring(box: Box) -> Any:
    corners = [(box.x, box.y), (box.right, box.y), (box.right, box.top), (box.x, box.top)]
    return np.array([*corners, corners[0]])


def label(box: Box, *lines: str, **given: Any) -> MapLabel:
    return MapLabel(lines or ("城东街道", "≥120"), [[ring(box)]], 8.0, **given)


def test_a_label_lies_in_the_middle_of_a_large_polygon(canvas: Canvas) -> None:
    box = Box(50, 50, 60, 40)
    (placed,) = place_labels(canvas, [label(box)], FRAME, [], [])
    assert placed.box.within(box)
    assert placed.anchor is None
    x, y = placed.box.middle
    assert abs(x - 80) < 12
    assert abs(y - 70) < 6


def test_its_box_is_as_wide_as_the_longest_line_and_as_high_as_all(canvas: Canvas) -> None:
    (placed,) = place_labels(canvas, [label(Box(50, 50, 60, 40), "长名街道", "1")], FRAME, [], [])
    assert placed.box.width == pytest.approx(canvas.width_mm("长名街道", 8, bold=True))
    assert placed.box.height == pytest.approx(2 * 8 * MM_PER_POINT * LINE_HEIGHT)


def test_a_small_polygon_has_its_label_beside_it_with_a_line(canvas: Canvas) -> None:
    small = Box(100, 80, 2, 2)
    (placed,) = place_labels(canvas, [label(small)], FRAME, [small], [Box(98, 78, 6, 6)])
    assert placed.anchor is not None
    assert not placed.box.overlaps(small)
    x, y = placed.anchor
    assert 100 <= x <= 102
    assert 80 <= y <= 82
    lines: list[tuple[Any, Any]] = []
    canvas.line = lambda xs, ys, **_: lines.append((xs, ys))  # type: ignore[method-assign]
    draw_labels(canvas, [placed], layer=1)
    ((xs, ys),) = lines
    assert (xs[1], ys[1]) == placed.anchor
    assert placed.box.x <= xs[0] <= placed.box.right, "the line ends at the label's edge"


def test_what_may_not_lead_stays_in_its_polygon_or_is_left_out(canvas: Canvas) -> None:
    narrow, wide = Box(100, 80, 2, 2), Box(20, 20, 70, 40)
    taken = [narrow.grown(1)]
    names = [label(narrow, may_lead=False), label(wide, may_lead=False)]
    (placed,) = place_labels(canvas, names, FRAME, [], taken)
    assert placed.name is names[1]


def test_nothing_is_placed_where_no_label_may_be(canvas: Canvas) -> None:
    box = Box(50, 50, 60, 40)
    half = Box(50, 50, 30, 40)
    (placed,) = place_labels(canvas, [label(box)], FRAME, [], [half])
    assert not placed.box.overlaps(half)
    assert place_labels(canvas, [label(box)], FRAME, [], [FRAME]) == []


def test_a_polygon_beyond_the_frame_has_no_label(canvas: Canvas) -> None:
    assert place_labels(canvas, [label(Box(220, 50, 20, 20))], FRAME, [], []) == []
    partly = Box(180, 50, 100, 60)
    (placed,) = place_labels(canvas, [label(partly)], FRAME, [], [])
    assert placed.box.within(FRAME)


def test_a_label_keeps_off_large_signs_where_it_can(canvas: Canvas) -> None:
    box = Box(50, 50, 60, 40)
    sign = Box(78, 68, 4, 4)
    (free,) = place_labels(canvas, [label(box)], FRAME, [], [])
    assert free.box.overlaps(sign)
    (placed,) = place_labels(canvas, [label(box)], FRAME, [sign], [])
    assert not placed.box.overlaps(sign)
    assert placed.box.within(box)


def test_small_polygons_choose_first(canvas: Canvas) -> None:
    names = [label(Box(20, 20, 150, 120), "大"), label(Box(60, 60, 14, 8), "小")]
    placed = place_labels(canvas, names, FRAME, [], [])
    assert [item.name.lines[0] for item in placed] == ["小", "大"]
    neighbours_last = [label(Box(60, 60, 14, 8), "邻", may_lead=False), names[0]]
    placed = place_labels(canvas, neighbours_last, FRAME, [], [])
    assert placed[0].name.lines == ("大",)


def test_a_polygon_of_no_rings_is_passed_over(canvas: Canvas) -> None:
    assert place_labels(canvas, [MapLabel(("x",), [], 8.0)], FRAME, [], []) == []


def test_the_same_labels_have_the_same_places(canvas: Canvas) -> None:
    names = [label(Box(20 + 30 * at, 40, 28, 30), f"街道{at}", "1") for at in range(5)]
    one, other = (place_labels(canvas, names, FRAME, [], []) for _ in range(2))
    assert [item.box for item in one] == [item.box for item in other]


def test_names_keep_off_each_other(canvas: Canvas) -> None:
    """Twenty narrow strips, each narrower than its name."""
    strips = [Box(20 + 9 * number, 30, 9, 100) for number in range(20)]
    names = [label(strip, "名字很长的街道", "≥120") for strip in strips]
    placed = place_labels(canvas, names, FRAME, [], [])
    assert len(placed) == len(names)
    boxes = [item.box for item in placed]
    assert all(box.within(FRAME) for box in boxes)
    assert not any(a.overlaps(b) for place, a in enumerate(boxes) for b in boxes[:place])
