"""Proposed sites on the map: a shape and a number each, search areas in a dashed square."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from layers.palette import SITE_SYMBOLS
from layers.paper.canvas import INK, MM_PER_POINT, Box, Canvas
from layers.paper.marks import ring_of
from layers.paper.placing import View

Record = dict[str, Any]
SITE_MM: Final = 4.4
_BOX: Final = 28.0
_DIGITS: Final = 0.47
"""The height of digits, as a share of the sign."""
_CAP: Final = 0.72
_DASHES: Final = (3.0, 2.2)
_AROUND_MM: Final = 0.7
_DARK: Final = "#1c2733"


@dataclass(frozen=True, slots=True)
class SiteMark:
    """A site on the sheet.

    Attributes
    ----------
    x, y : float
        Its middle in layout millimetres.
    programme : int
        Whose shape and fill it has.
    number : str
        Written on it.
    area_mm : float
        The side of its search area; 0 for an address.
    size : float
        Of the sign.
    """

    x: float
    y: float
    programme: int
    number: str
    area_mm: float
    size: float = SITE_MM

    @property
    def box(self) -> Box:
        """The room that it takes."""
        side = max(self.size, self.area_mm)
        return Box(self.x - side / 2, self.y - side / 2, side, side)


def site_marks(sites: Record | None, view: View) -> list[SiteMark]:
    """Return the marks of the sites that a view holds, by number."""
    if sites is None:
        return []
    side = 0.0 if sites["grid_m"] is None else sites["grid_m"] * view.mm_per_m
    found = [_mark(row, side, view) for row in sites["sites"]]
    return [mark for mark in found if _core(mark).within(view.box)]


def _mark(row: Record, side: float, view: View) -> SiteMark:
    x, y = view.place(row["east_m"], row["north_m"])
    # A square smaller than the sign could not be seen.
    area = max(side, SITE_MM + 2 * _AROUND_MM) if row["is_area"] else 0.0
    return SiteMark(x, y, row["programme"], str(row["number"]), area)


def _core(mark: SiteMark) -> Box:
    return Box(mark.x - mark.size / 2, mark.y - mark.size / 2, mark.size, mark.size)


def draw_sites(canvas: Canvas, marks: Sequence[SiteMark], clip: Box, layer: float) -> None:
    """Draw squares first, so that no sign lies under one."""
    for mark in marks:
        if mark.area_mm:
            draw_square(canvas, mark, clip, layer)
    for number, mark in enumerate(reversed(marks)):
        _draw_sign(canvas, mark, clip, layer + 0.01 + number * 0.001)


def draw_square(canvas: Canvas, mark: SiteMark, clip: Box, layer: float) -> None:
    """Draw the search area of a site."""
    box = mark.box
    corners = [(box.x, box.y), (box.right, box.y), (box.right, box.top), (box.x, box.top)]
    ring = [np.array(corners)]
    canvas.polygons([ring], clip=clip, line="#ffffff", width=2.0, layer=layer)
    canvas.polygons([ring], clip=clip, line=INK, width=0.9, layer=layer, dashes=_DASHES)


def _draw_sign(canvas: Canvas, mark: SiteMark, clip: Box, layer: float) -> None:
    sign = SITE_SYMBOLS[mark.programme]
    points = (ring_of(sign.path, _BOX) - 0.5) * np.array([mark.size, -mark.size])
    ring = [points + np.array([mark.x, mark.y])]
    is_dark = sign.colour == _DARK
    canvas.polygons([ring], clip=clip, line="#ffffff", width=2.2, layer=layer)
    canvas.polygons([ring], clip=clip, fill=sign.colour, line=INK, width=0.8, layer=layer)
    size = mark.size * _DIGITS / MM_PER_POINT
    canvas.write(
        mark.x, mark.y - size * MM_PER_POINT * _CAP / 2, mark.number, size, bold=True,
        align="center", colour="#ffffff" if is_dark else INK, layer=layer,
    )  # fmt: skip
