"""Facilities on the map: a shape for each group, filled where its area counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from geo.core.vocabulary import Group
from layers.palette import SYMBOLS
from layers.paper.canvas import Box, Canvas
from layers.paper.measures import Theme
from layers.paper.placing import View

Record = dict[str, Any]
_BOX: Final = 20.0
_TOKENS: Final = re.compile(r"[MHVLAZ]|-?\d+(?:\.\d+)?")
_ORDER: Final = (Group.SERVICE_CENTRE, Group.SCHOOL, Group.PUBLIC_VENUE, Group.BASE, Group.HALL)
COUNTED_MM: Final = 3.1
OTHER_MM: Final = 1.75
SERVING_MM: Final = 2.4
_CIRCLE_STEPS: Final = 24


@dataclass(frozen=True, slots=True)
class Mark:
    """A facility on the sheet: its middle in layout millimetres, and how it is drawn."""

    x: float
    y: float
    group: Group
    is_filled: bool
    size: float

    @property
    def box(self) -> Box:
        """The room that it takes."""
        return Box(self.x - self.size / 2, self.y - self.size / 2, self.size, self.size)


def shown_facilities(facilities: Iterable[Record], theme: Theme) -> list[Record]:
    """Return the facilities that a theme is about, with a position or without.

    For coverage those that serve and have one of its kinds, by a plaque too; else all
    that operate on the date.
    """
    if theme.kinds is None:
        return [row for row in facilities if row["open_on_date"]]
    return [row for row in facilities if row["serves"] and theme.kinds.intersection(row["kinds"])]


def marks_in(facilities: Iterable[Record], theme: Theme, view: View) -> list[Mark]:
    """Return the marks of the facilities that a theme shows and a view holds, the least first."""
    shown = shown_facilities(facilities, theme)
    found = [_mark(row, theme, view) for row in shown if row["east_m"] is not None]
    inside = [mark for mark in found if mark.box.within(view.box)]
    return sorted(inside, key=lambda m: (m.is_filled, _ORDER.index(m.group), m.y, m.x))


def _mark(row: Record, theme: Theme, view: View) -> Mark:
    x, y = view.place(row["east_m"], row["north_m"])
    if theme.kinds is not None:
        return Mark(x, y, theme.groups[0], True, SERVING_MM)
    filled = row["counted"]
    return Mark(x, y, Group(row["group"]), filled, COUNTED_MM if filled else OTHER_MM)


def draw_mark(canvas: Canvas, mark: Mark, *, clip: Box, layer: float) -> None:
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


INK: Final = "#111111"


@cache
def ring_of(path: str, box: float = _BOX) -> np.ndarray:
    """Return one of the palette's shapes as a ring in a box of 1 by 1, y downwards.

    ``box`` is the side of the box in which the shape is given.

    The shapes use moves, lines (M, L, H, V) and arcs that make whole circles.
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
