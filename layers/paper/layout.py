"""The sheet: its size, where the parts of a map lie on it, and the scale that fits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from layers.paper.canvas import Box

SheetSize = Literal["A4", "A3"]

_SHORT_MM, _LONG_MM = 210.0, 297.0
_ENLARGED: Final = {"A4": 1.0, "A3": 420 / 297}
_STEPS: Final = (
    1.0,
    1.2,
    1.25,
    1.5,
    1.8,
    2.0,
    2.2,
    2.5,
    3.0,
    3.5,
    4.0,
    4.5,
    5.0,
    6.0,
    7.5,
    8.0,
    9.0,
)
_BAR_STEPS: Final = (1.0, 2.0, 5.0)
_EDGE_MM, _GAP_MM = 7.0, 3.0


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """Where the parts lie, in layout millimetres of A4.

    Attributes
    ----------
    width, height : float
        Of the sheet.
    enlarged : float
        Millimetres on paper for one of the layout.
    neatline, title, frame, panel, footer : Box
        The outer line; title, map, legend and notes, scale and sources.
    """

    width: float
    height: float
    enlarged: float
    neatline: Box
    title: Box
    frame: Box
    panel: Box
    footer: Box

    @property
    def is_landscape(self) -> bool:
        """Whether the legend stands beside the map; else it stands below."""
        return self.width > self.height


def layout_of(
    size: SheetSize, *, landscape: bool, is_wordy: bool = False, programmes: int = 0
) -> SheetLayout:
    """Return where everything lies on a sheet.

    English sources take more space than Chinese ones; below the map the legend takes more
    where it lists the programmes of a plan.

    Parameters
    ----------
    size : {"A4", "A3"}
        An A3 sheet is the A4 one enlarged.
    landscape : bool
        Whether the legend stands beside the map.
    is_wordy : bool
        Whether the words are English.
    programmes : int
        How many the legend lists.

    Examples
    --------
    >>> layout_of("A4", landscape=True).frame.width > layout_of("A4", landscape=False).frame.width
    True
    """
    width, height = (_LONG_MM, _SHORT_MM) if landscape else (_SHORT_MM, _LONG_MM)
    outer = Box(0, 0, width, height).grown(-_EDGE_MM)
    inner = outer.grown(-_GAP_MM)
    title_mm, footer_mm = (15.0, 24.5) if landscape else (20.0, 34.0 if is_wordy else 28.0)
    title = Box(inner.x, inner.top - title_mm, inner.width, title_mm)
    footer = Box(inner.x, inner.y, inner.width, footer_mm)
    low, high = footer.top + _GAP_MM, title.y - _GAP_MM + 1
    if landscape:
        panel_mm = 76.0
        frame = Box(inner.x, low, inner.width - panel_mm - _GAP_MM, high - low)
        panel = Box(frame.right + _GAP_MM, low, panel_mm, high - low)
    else:
        panel_mm = 56.0 + (6.0 + 5.0 * programmes if programmes else 0.0)
        panel = Box(inner.x, low, inner.width, panel_mm)
        frame = Box(inner.x, panel.top + _GAP_MM, inner.width, high - panel.top - _GAP_MM)
    return SheetLayout(width, height, _ENLARGED[size], outer, title, frame, panel, footer)


def suits_landscape(width_m: float, height_m: float) -> bool:
    """Return whether a district is drawn larger beside its legend than above it.

    Examples
    --------
    >>> suits_landscape(20_000, 10_000), suits_landscape(10_000, 20_000)
    (True, False)
    """
    wide, tall = (layout_of("A4", landscape=answer).frame for answer in (True, False))
    return _filled(wide, width_m, height_m) >= _filled(tall, width_m, height_m)


def _filled(frame: Box, width_m: float, height_m: float) -> float:
    return min(frame.width / width_m, frame.height / height_m)


def scales_from(least: float, count: int) -> list[int]:
    """Return round scales, the largest that fits first, as the n of 1:n.

    Parameters
    ----------
    least : float
        The scale at which everything just fits.

    Examples
    --------
    >>> scales_from(108_700, 3), scales_from(60_000, 1)
    ([120000, 125000, 150000], [60000])
    """
    power = math.floor(math.log10(least))
    all_scales = (round(step * 10.0**p) for p in (power, power + 1) for step in _STEPS)
    return [scale for scale in all_scales if scale >= least * (1 - 1e-9)][:count]


def bar_length_m(scale: int, enlarged: float, most_mm: float) -> float:
    """Return the longest round distance whose bar is not longer than ``most_mm`` of the layout.

    Examples
    --------
    >>> bar_length_m(150_000, 1.0, 40.0)
    5000.0
    """
    most_m = most_mm * enlarged * scale / 1_000
    power = 10.0 ** math.floor(math.log10(most_m))
    return max(step * power for step in _BAR_STEPS if step * power <= most_m)
