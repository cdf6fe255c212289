"""Where the district lies on the sheet: scale, position in the frame, enlarged part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

import numpy as np

from layers import Record
from layers.paper.canvas import Box
from layers.paper.layout import scales_from

_INNER_MM: Final = 3.5
_SHIFTS: Final = (0.5, 0.0, 1.0)
_SCALES_TRIED: Final = 4
_INSET_SCALES: Final = 14
_LEAST_ENLARGED: Final = 1.5
_LABEL_MM2: Final = 13.0 * 8.0
_TIGHT: Final = (2.0, 1.2)
_MOST_OF_DISTRICT: Final = 0.5
_MOST_OF_FRAME: Final = 0.5


@dataclass(frozen=True, slots=True)
class View:
    """How metres become layout millimetres within a box.

    Attributes
    ----------
    box : Box
        The part of the sheet.
    scale : int
        The n of 1:n on the printed sheet.
    enlarged : float
        Millimetres on paper for one of the layout.
    east_m, north_m : float
        What lies at the lower left corner of the box.
    """

    box: Box
    scale: int
    enlarged: float
    east_m: float
    north_m: float

    @property
    def mm_per_m(self) -> float:
        """Layout millimetres for a metre on the ground."""
        return 1_000 / self.scale / self.enlarged

    def place(self, east_m: float, north_m: float) -> tuple[float, float]:
        """Return where a point lies on the sheet."""
        step = self.mm_per_m
        return (
            self.box.x + (east_m - self.east_m) * step,
            self.box.y + (north_m - self.north_m) * step,
        )

    def rings(self, polygons: Iterable[Sequence[Any]]) -> list[list[np.ndarray]]:
        """Return polygons of rings in layout millimetres."""
        origin = np.array([self.east_m, self.north_m])
        corner = np.array([self.box.x, self.box.y])
        return [
            [(np.asarray(ring) - origin) * self.mm_per_m + corner for ring in polygon]
            for polygon in polygons
        ]

    def extent(self, bounds: Sequence[float]) -> Box:
        """Return the box that bounds in metres (west, south, east, north) take on the sheet."""
        x, y = self.place(bounds[0], bounds[1])
        return Box(
            x, y, (bounds[2] - bounds[0]) * self.mm_per_m, (bounds[3] - bounds[1]) * self.mm_per_m
        )


@dataclass(frozen=True)
class Placement:
    """The main view and, where some townships are too small for a label, an enlarged one."""

    main: View
    inset: View | None
    inset_bounds: tuple[float, float, float, float] | None


def bounds_of(rows: Iterable[Record]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of polygons in metres.

    Examples
    --------
    >>> bounds_of([{"polygons": [[[[0, 1], [4, 1], [4, 3]]]]}])
    (0.0, 1.0, 4.0, 3.0)
    """
    points = np.vstack(
        [np.asarray(ring) for row in rows for polygon in row["polygons"] for ring in polygon]
    )
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return float(west), float(south), float(east), float(north)


def place_on(frame: Box, townships: list[Record], enlarged: float) -> Placement:
    """Return the largest round scale that fits, with an enlarged part where one is needed.

    A part is enlarged where townships are too small for their names and the enlargement hides
    nothing of the district; smaller scales and shifts of the main view are tried for that.

    Parameters
    ----------
    frame : Box
        The space for the map.
    townships : list of dict
        Of :func:`geo.publish.map_sheet.map_shapes`, polygons in metres.
    enlarged : float
        Millimetres on paper for one of the layout.
    """
    bounds = bounds_of(townships)
    inner = frame.grown(-_INNER_MM)
    least = max(
        (bounds[2] - bounds[0]) / inner.width, (bounds[3] - bounds[1]) / inner.height
    ) * 1_000 / enlarged  # fmt: skip
    scales = scales_from(least, _SCALES_TRIED)
    plain = Placement(_shifted(frame, bounds, scales[0], enlarged, (0.5, 0.5)), None, None)
    parts = [_part(_small(townships, plain.main, tight), bounds) for tight in _TIGHT]
    points = _points_of(townships)
    for scale in scales:
        placements = [
            Placement(view, inset, part)
            for part in parts
            if part is not None
            for view in (
                _shifted(frame, bounds, scale, enlarged, shift)
                for shift in product(_SHIFTS, _SHIFTS)
            )
            if (inset := _inset(view, part, points)) is not None
        ]
        if placements:
            return min(placements, key=lambda placed: placed.inset.scale if placed.inset else 0)
    return plain


def _shifted(
    frame: Box, bounds: Sequence[float], scale: int, enlarged: float, shift: tuple[float, float]
) -> View:
    """Return a view with the district shifted in the frame: 0 west or south, 1 east or north."""
    per_mm = scale * enlarged / 1_000
    room_x = frame.width * per_mm - (bounds[2] - bounds[0])
    room_y = frame.height * per_mm - (bounds[3] - bounds[1])
    edge = _INNER_MM * per_mm
    shift_x = edge + (room_x - 2 * edge) * shift[0]
    shift_y = edge + (room_y - 2 * edge) * shift[1]
    return View(frame, scale, enlarged, bounds[0] - shift_x, bounds[1] - shift_y)


def _small(townships: list[Record], view: View, tight: float) -> list[Record]:
    """Return the townships smaller than ``tight`` times the space of a label."""
    least = tight * _LABEL_MM2
    return [row for row in townships if _area_m2(row) * view.mm_per_m**2 < least]


def _area_m2(row: Record) -> float:
    return sum(abs(_ring_area(polygon[0])) for polygon in row["polygons"])


def _ring_area(ring: Sequence[Sequence[float]]) -> float:
    x, y = np.asarray(ring).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _part(small: list[Record], whole: Sequence[float]) -> tuple[float, float, float, float] | None:
    """Return the bounds to be enlarged; None where few are small or they lie all over."""
    if len(small) < 2:  # noqa: PLR2004 - for one, a label beside it will do
        return None
    west, south, east, north = bounds_of(small)
    edge = 0.03 * max(east - west, north - south)
    grown = (west - edge, south - edge, east + edge, north + edge)
    share = max(
        (grown[2] - grown[0]) / (whole[2] - whole[0]), (grown[3] - grown[1]) / (whole[3] - whole[1])
    )
    return grown if share <= _MOST_OF_DISTRICT else None


def _points_of(townships: list[Record]) -> np.ndarray:
    """Return points along the outlines, and between them, close enough to see an overlap."""
    points = []
    for row in townships:
        for polygon in row["polygons"]:
            ring = np.asarray(polygon[0])
            steps = np.linspace(0, 1, 12)[:, None, None]
            along = (ring[:-1] + steps * np.diff(ring, axis=0)).reshape(-1, 2)
            middle = along.mean(axis=0)
            inward = np.linspace(0.0, 1.0, 6)[:, None, None]
            points.append((along + inward * (middle - along)).reshape(-1, 2))
    return np.vstack(points)


def _inset(view: View, part: tuple[float, float, float, float], points: np.ndarray) -> View | None:
    """Return the largest enlargement that covers nothing of the district; None if none fits."""
    width_m, height_m = part[2] - part[0], part[3] - part[1]
    placed = view.rings([[points]])[0][0]
    room = view.box.grown(-1.2)
    least = (
        max(width_m / room.width, height_m / room.height) * 1_000 / view.enlarged / _MOST_OF_FRAME
    )
    for scale in scales_from(least, _INSET_SCALES):
        if scale * _LEAST_ENLARGED > view.scale:
            return None
        size = replace(view, scale=scale).mm_per_m
        width, height = width_m * size, height_m * size
        for right, upper in ((True, True), (False, True), (True, False), (False, False)):
            x = room.right - width if right else room.x
            y = room.top - height if upper else room.y
            box = Box(x, y, width, height)
            if not _covers(box.grown(2.0), placed):
                return View(box, scale, view.enlarged, part[0], part[1])
    return None


def _covers(box: Box, points: np.ndarray) -> bool:
    inside = (
        (points[:, 0] > box.x) & (points[:, 0] < box.right)
        & (points[:, 1] > box.y) & (points[:, 1] < box.top)
    )  # fmt: skip
    return bool(inside.any())
