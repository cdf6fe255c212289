"""Signs on the map: facilities by group and counting, proposed sites by programme and number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from geo.core.vocabulary import Group
from layers import Record
from layers.palette import SITE_SYMBOLS, SYMBOLS
from layers.paper.canvas import INK, MM_PER_POINT, Box, Canvas
from layers.paper.placement import View
from layers.paper.theme import Theme

_BOX: Final = 20.0
_TOKENS: Final = re.compile(r"[MHVLAZ]|-?\d+(?:\.\d+)?")
_ORDER: Final = (Group.SERVICE_CENTRE, Group.SCHOOL, Group.PUBLIC_VENUE, Group.BASE, Group.HALL)
COUNTED_MM: Final = 3.1
OTHER_MM: Final = 1.75
SERVING_MM: Final = 2.4
_CIRCLE_STEPS: Final = 24
SITE_MM: Final = 4.4
_SITE_BOX: Final = 28.0
_DIGITS: Final = 0.47
"""The height of digits, as a share of the sign."""
_CAP: Final = 0.72
_DASHES: Final = (3.0, 2.2)
_AROUND_MM: Final = 0.7
_DARK: Final = "#1c2733"


@dataclass(frozen=True, slots=True)
class FacilityMark:
    """A facility on the sheet: its middle in layout millimetres, and how it is drawn."""

    x: float
    y: float
    group: Group
    is_filled: bool
    size: float

    @property
    def box(self) -> Box:
        """The space that it takes."""
        return Box(self.x - self.size / 2, self.y - self.size / 2, self.size, self.size)


def shown_facilities(facilities: Iterable[Record], theme: Theme) -> list[Record]:
    """Return the facilities that a theme shows, with a position or without.

    For coverage and gaps those that serve and have one of its kinds, also by a designation;
    else all that operate on the date.
    """
    if theme.kinds is None:
        return [row for row in facilities if row["open_on_date"]]
    return [row for row in facilities if row["serves"] and theme.kinds.intersection(row["kinds"])]


def marks_in(facilities: Iterable[Record], theme: Theme, view: View) -> list[FacilityMark]:
    """Return the marks of the facilities that a theme shows and a view holds, the least first."""
    shown = shown_facilities(facilities, theme)
    marks = [_mark(row, theme, view) for row in shown if row["east_m"] is not None]
    inside = [mark for mark in marks if mark.box.within(view.box)]
    return sorted(inside, key=lambda m: (m.is_filled, _ORDER.index(m.group), m.y, m.x))


def _mark(row: Record, theme: Theme, view: View) -> FacilityMark:
    x, y = view.place(row["east_m"], row["north_m"])
    if theme.kinds is not None:
        return FacilityMark(x, y, theme.groups[0], True, SERVING_MM)
    filled = row["counted"]
    return FacilityMark(x, y, Group(row["group"]), filled, COUNTED_MM if filled else OTHER_MM)


def draw_mark(canvas: Canvas, mark: FacilityMark, *, clip: Box, layer: float) -> None:
    """Draw a mark with a white edge, or hollow with an edge of its colour."""
    sign = SYMBOLS[mark.group]
    ring = ring_of(sign.path)
    size = mark.size
    points = (ring - 0.5) * np.array([size, -size]) + np.array([mark.x, mark.y])
    if mark.is_filled:
        canvas.polygons(
            [[points]], clip=clip, fill=sign.colour, line="#ffffff", width=1.7, layer=layer
        )
        canvas.polygons([[points]], clip=clip, fill=sign.colour, line=INK, width=0.45, layer=layer)
    else:
        canvas.polygons(
            [[points]], clip=clip, fill="#ffffff", line=sign.colour, width=0.75, layer=layer
        )


@cache
def ring_of(path: str, box: float = _BOX) -> np.ndarray:
    """Return one of the palette's shapes as a ring in a box of 1 by 1, y downwards.

    Parameters
    ----------
    path : str
        An SVG path of moves, lines (M, L, H, V) and arcs that make whole circles.
    box : float
        The side of the box in which the path is given.

    Examples
    --------
    >>> ring_of("M0 0H20V20Z").tolist()
    [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]
    """
    points: list[tuple[float, float]] = []
    command = "M"
    numbers: list[float] = []
    for token in _TOKENS.findall(path):
        if token.isalpha():
            command, numbers = token, []
            continue
        numbers.append(float(token))
        if command == "A":
            continue
        x, y = points[-1] if points else (0.0, 0.0)
        if command == "H":
            points.append((numbers.pop(), y))
        elif command == "V":
            points.append((x, numbers.pop()))
        elif len(numbers) == 2:  # noqa: PLR2004 - a point is two numbers
            points.append((numbers[0], numbers[1]))
            numbers = []
    if "A" in path:
        return _circle(points[0])
    return np.array(points) / box


def _circle(top: tuple[float, float]) -> np.ndarray:
    radius = _BOX / 2 - top[1]
    turns = np.linspace(0, 2 * np.pi, _CIRCLE_STEPS, endpoint=False)
    ring = np.column_stack([np.cos(turns), np.sin(turns)]) * radius + _BOX / 2
    return ring / _BOX


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
        """The space that it takes."""
        side = max(self.size, self.area_mm)
        return Box(self.x - side / 2, self.y - side / 2, side, side)


def site_marks(sites: Record | None, view: View) -> list[SiteMark]:
    """Return the marks of the sites that a view holds, by number."""
    if sites is None:
        return []
    side = 0.0 if sites["grid_m"] is None else sites["grid_m"] * view.mm_per_m
    marks = [_site_mark(row, side, view) for row in sites["sites"]]
    return [mark for mark in marks if _core(mark).within(view.box)]


def _site_mark(row: Record, side: float, view: View) -> SiteMark:
    x, y = view.place(row["east_m"], row["north_m"])
    # A search area smaller than the sign would be hidden under it.
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
    points = (ring_of(sign.path, _SITE_BOX) - 0.5) * np.array([mark.size, -mark.size])
    ring = [points + np.array([mark.x, mark.y])]
    is_dark = sign.colour == _DARK
    canvas.polygons([ring], clip=clip, line="#ffffff", width=2.2, layer=layer)
    canvas.polygons([ring], clip=clip, fill=sign.colour, line=INK, width=0.8, layer=layer)
    size = mark.size * _DIGITS / MM_PER_POINT
    canvas.write(
        mark.x, mark.y - size * MM_PER_POINT * _CAP / 2, mark.number, size, bold=True,
        align="center", colour="#ffffff" if is_dark else INK, layer=layer,
    )  # fmt: skip
