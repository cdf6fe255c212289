"""The parts of a sheet, its scale and its bar."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest

from layers.paper.canvas import Box
from layers.paper.layout import bar_length_m, layout_of, scales_from, suits_landscape

EVERY = list(product(("A4", "A3"), (True, False), (True, False), (0, 2, 4)))


@pytest.mark.parametrize(("size", "landscape", "wordy", "programmes"), EVERY)
def test_parts_lie_within_the_neatline_and_apart(
    size: Any, landscape: bool, wordy: bool, programmes: int
) -> None:
    layout = layout_of(size, landscape=landscape, is_wordy=wordy, programmes=programmes)
    parts = (layout.title, layout.frame, layout.panel, layout.footer)
    assert all(part.within(layout.neatline) for part in parts)
    assert not any(one.overlaps(other) for one, other in combinations(parts, 2))
    assert layout.neatline.within(Box(0, 0, layout.width, layout.height))
    assert layout.is_landscape == landscape
    assert layout.frame.width * layout.frame.height > 0.35 * layout.width * layout.height


def test_the_map_of_an_a4_sheet_on_its_side() -> None:
    # 297 less 7 and 3 mm on either side is 277; the legend takes 76 and a gap of 3.
    layout = layout_of("A4", landscape=True)
    assert layout.frame.width == pytest.approx(277 - 76 - 3)
    # 210 less 20 is 190: 15 for the title, 24.5 for the footer, 3 + 2 between them.
    assert layout.frame.height == pytest.approx(190 - 15 - 24.5 - 3 - 2)


def test_an_a3_sheet_is_the_a4_one_enlarged() -> None:
    small, large = (layout_of(size, landscape=True) for size in ("A4", "A3"))  # type: ignore[arg-type]
    assert (small.frame, small.panel) == (large.frame, large.panel)
    assert large.enlarged * 297 == 420
    assert small.enlarged == 1


def test_programmes_and_english_take_space_from_the_map_below_which_they_stand() -> None:
    tall = layout_of("A4", landscape=False)
    with_plan = layout_of("A4", landscape=False, programmes=2)
    assert tall.frame.height - with_plan.frame.height == pytest.approx(6 + 2 * 5)
    english = layout_of("A4", landscape=False, is_wordy=True)
    assert tall.frame.height - english.frame.height == pytest.approx(34 - 28)
    assert layout_of("A4", landscape=True, programmes=2) == layout_of("A4", landscape=True)


@pytest.mark.parametrize(
    ("width", "height", "wide"), [(3, 1, True), (1, 3, False), (2, 1, True), (1, 2, False)]
)
def test_a_wide_district_takes_a_wide_sheet(width: float, height: float, wide: bool) -> None:
    assert suits_landscape(width * 1e4, height * 1e4) == wide


@pytest.mark.parametrize(
    ("least", "first"),
    [(40_001, 45_000), (99_999, 100_000), (100_001, 120_000), (91_000, 100_000)],
)
def test_the_largest_round_scale_that_fits_comes_first(least: float, first: int) -> None:
    scales = scales_from(least, 5)
    assert scales[0] == first
    assert scales == sorted(set(scales))
    assert len(scales) == 5


@pytest.mark.parametrize(
    ("scale", "enlarged", "most_mm", "length"),
    [
        # 50 mm at 1:100,000 are 5 km; on A3 the same bar is 1.41 times as long on paper.
        (100_000, 1.0, 50.0, 5_000),
        (100_000, 1.0, 49.9, 2_000),
        (100_000, 420 / 297, 36.0, 5_000),
        (5_000, 1.0, 50.0, 200),
        (2_000_000, 1.0, 50.0, 100_000),
    ],
)
def test_a_bar_is_the_longest_round_distance(
    scale: int, enlarged: float, most_mm: float, length: float
) -> None:
    assert bar_length_m(scale, enlarged, most_mm) == length
