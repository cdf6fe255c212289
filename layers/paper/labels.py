"""Labels that do not overlap: within their polygon where one fits, else beside it.

Places are tried on a grid in the polygon and on rings around it; the cheapest free one is
taken. The costs weigh lying off the polygon, hiding signs, and leading lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from matplotlib.path import Path as Outline

from layers.paper.canvas import LINE_HEIGHT, MM_PER_POINT, Box, Canvas, outline_of

_GRID: Final = 17
_EDGE_COST, _OFF_COST, _OTHER_COST = 1.0, 2.2, 2.0
_SMALL_COST, _MOST_SMALL, _LARGE_COST, _LARGE_MM = 0.25, 0.9, 1.1, 2.5
_LEADER_COST: Final = 1.6
_RINGS_MM: Final = (6.0, 9.0, 12.0, 16.0, 21.0)
_BEARINGS: Final = 16
_WORST: Final = 3.0
_LEAST_LEADER_MM: Final = 1.5


@dataclass(frozen=True)
class MapLabel:
    """A label to be placed: its lines, and the polygons it belongs to in layout millimetres."""

    lines: tuple[str, ...]
    polygons: list[list[np.ndarray]]
    size: float
    bold: bool = True
    may_lead: bool = True
    colour: str = "#111111"


@dataclass(frozen=True)
class PlacedLabel:
    """Where a label went; ``anchor`` is where a line leads to, if it stands beside."""

    name: MapLabel
    box: Box
    anchor: tuple[float, float] | None


def place_labels(
    canvas: Canvas,
    names: Sequence[MapLabel],
    frame: Box,
    marks: Sequence[Box],
    taken: Sequence[Box],
) -> list[PlacedLabel]:
    """Return places for labels, the smallest polygons first; one without a free place is left out.

    Parameters
    ----------
    canvas : Canvas
        It measures the texts.
    names : sequence of MapLabel
        What is to be placed.
    frame : Box
        No label goes beyond it.
    marks : sequence of Box
        Signs that labels avoid where they can.
    taken : sequence of Box
        Where no label may go.

    Returns
    -------
    list of PlacedLabel
        In the order of placing; boxes in layout millimetres, none on another.
    """
    labels: list[PlacedLabel] = []
    used = list(taken)
    outlines = [(name, outline_of(name.polygons)) for name in names]
    known = [(name, outline) for name, outline in outlines if outline is not None]
    for name, outline in sorted(known, key=lambda item: (not item[0].may_lead, _room(item[0]))):
        others = [other for owner, other in known if owner is not name and owner.may_lead]
        placed = _place(canvas, name, outline, _Obstacles(frame, marks, used, others))
        if placed is not None:
            labels.append(placed)
            used.append(placed.box.grown(0.4))
    return labels


def draw_labels(canvas: Canvas, placed: Sequence[PlacedLabel], *, layer: float) -> None:
    """Draw labels with a white halo, and the lines that lead to their polygons."""
    for item in placed:
        name, box = item.name, item.box
        if item.anchor is not None:
            x, y = _nearest(box, item.anchor)
            if max(abs(x - item.anchor[0]), abs(y - item.anchor[1])) >= _LEAST_LEADER_MM:
                canvas.line([x, item.anchor[0]], [y, item.anchor[1]], width=0.6, layer=layer - 0.2)
        step = name.size * MM_PER_POINT * LINE_HEIGHT
        for row, line in enumerate(name.lines):
            y = box.top - name.size * MM_PER_POINT * 0.95 - row * step
            canvas.write(
                box.middle[0], y, line, name.size, bold=name.bold, align="center", layer=layer,
                halo=2.2, colour=name.colour,
            )  # fmt: skip


def _nearest(box: Box, point: tuple[float, float]) -> tuple[float, float]:
    return min(max(point[0], box.x), box.right), min(max(point[1], box.y), box.top)


def _room(name: MapLabel) -> float:
    points = np.vstack([polygon[0] for polygon in name.polygons])
    return float(np.prod(points.max(axis=0) - points.min(axis=0)))


@dataclass(frozen=True)
class _Obstacles:
    """The obstacles of a label: frame, signs, taken boxes, other polygons."""

    frame: Box
    marks: Sequence[Box]
    used: Sequence[Box]
    others: Sequence[Outline]

    def is_free(self, box: Box) -> bool:
        return box.within(self.frame) and not any(box.overlaps(other) for other in self.used)

    def hidden(self, box: Box) -> float:
        """Return the cost of the signs that a label would hide, a large one more than a place."""
        hit = [mark.width for mark in self.marks if box.overlaps(mark)]
        small = sum(_SMALL_COST for width in hit if width < _LARGE_MM)
        return min(small, _MOST_SMALL) + sum(_LARGE_COST for width in hit if width >= _LARGE_MM)


def _place(
    canvas: Canvas, name: MapLabel, outline: Outline, obstacles: _Obstacles
) -> PlacedLabel | None:
    width = max(canvas.width_mm(line, name.size, bold=name.bold) for line in name.lines)
    size = width, len(name.lines) * name.size * MM_PER_POINT * LINE_HEIGHT
    inside = _grid(name, obstacles.frame, outline)
    if len(inside) == 0:
        return None
    depth = _depth(inside, name)
    points = zip(inside, depth / depth.max(), strict=True)
    places = list(_within(name, size, points, outline, obstacles))
    if name.may_lead and (not places or min(places, key=_cost)[0] > _WORST):
        anchor = inside[int(depth.argmax())]
        places += _beside(name, size, (float(anchor[0]), float(anchor[1])), obstacles)
    return min(places, key=_cost)[1] if places else None


def _cost(item: tuple[float, PlacedLabel]) -> float:
    return item[0]


def _within(
    name: MapLabel,
    size: tuple[float, float],
    points: Iterable[tuple[np.ndarray, float]],
    outline: Outline,
    obstacles: _Obstacles,
) -> Iterator[tuple[float, PlacedLabel]]:
    """Yield places around points of the polygon, each with its cost."""
    for centre, deep in points:
        box = _around(centre, *size)
        if obstacles.is_free(box):
            off = 1 - _share_inside(box, outline)
            cost = _OFF_COST * off + obstacles.hidden(box) + _EDGE_COST * (1 - deep)
            yield cost, PlacedLabel(name, box, None)


def _beside(
    name: MapLabel, size: tuple[float, float], anchor: tuple[float, float], obstacles: _Obstacles
) -> Iterator[tuple[float, PlacedLabel]]:
    """Yield places around the polygon, rather not on another's."""
    for far, turn in product(_RINGS_MM, range(_BEARINGS)):
        angle = 2 * np.pi * turn / _BEARINGS
        centre = np.array(anchor) + far * np.array([1.4 * np.cos(angle), np.sin(angle)])
        box = _around(centre, *size)
        if obstacles.is_free(box):
            on_other = any(outline.contains_point(tuple(centre)) for outline in obstacles.others)
            cost = _LEADER_COST + far / 10 + obstacles.hidden(box) + _OTHER_COST * on_other
            yield cost, PlacedLabel(name, box, anchor)


def _around(centre: np.ndarray, width: float, height: float) -> Box:
    return Box(float(centre[0]) - width / 2, float(centre[1]) - height / 2, width, height)


def _grid(name: MapLabel, frame: Box, outline: Outline) -> np.ndarray:
    """Return points within the polygon and the frame, by rows."""
    points = np.vstack([polygon[0] for polygon in name.polygons])
    low = np.maximum(points.min(axis=0), [frame.x, frame.y])
    high = np.minimum(points.max(axis=0), [frame.right, frame.top])
    if (low >= high).any():
        return np.empty((0, 2))
    steps = (np.arange(_GRID) + 0.5) / _GRID
    x, y = np.meshgrid(low[0] + steps * (high[0] - low[0]), low[1] + steps * (high[1] - low[1]))
    grid = np.column_stack([x.ravel(), y.ravel()])
    inside: np.ndarray = grid[outline.contains_points(grid)]
    return inside


def _depth(points: np.ndarray, name: MapLabel) -> np.ndarray:
    """Return how far each point lies from the polygon's edge, in millimetres."""
    edges = [
        (ring[:-1], ring[1:]) for polygon in name.polygons for ring in polygon if len(ring) > 1
    ]
    starts = np.vstack([start for start, _ in edges])
    along = np.vstack([end for _, end in edges]) - starts
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    offset = points[:, None, :] - starts[None]
    share = np.clip((offset * along).sum(axis=2) / length, 0, 1)
    gap = offset - share[..., None] * along
    nearest: np.ndarray = np.sqrt((gap**2).sum(axis=2)).min(axis=1)
    return nearest


def _share_inside(box: Box, outline: Outline) -> float:
    x, y = np.meshgrid(np.linspace(box.x, box.right, 5), np.linspace(box.y, box.top, 3))
    inside = outline.contains_points(np.column_stack([x.ravel(), y.ravel()]))
    return float(inside.mean())
