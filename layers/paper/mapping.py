"""The map itself: land, gaps, facilities and names, on the main view and an enlarged one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from geo.core.errors import Lang
from layers.palette import NO_DATA_COLOUR
from layers.paper.canvas import INK, SOFT, Box, Canvas
from layers.paper.fonts import printable
from layers.paper.frame import draw_north, north_box, north_corner
from layers.paper.labels import Name, draw_names, place_names
from layers.paper.legend import DISTRICT_LINE, NEIGHBOUR_COLOUR, NEIGHBOUR_LINE, TOWNSHIP_LINE
from layers.paper.marks import Mark, draw_mark, marks_in
from layers.paper.measures import GAP_HATCH, NOBODY_HATCH, Theme
from layers.paper.placing import Placement, View
from layers.paper.sites import SiteMark, draw_sites, site_marks
from layers.paper.words import say

Record = dict[str, Any]
_NAME, _NEIGHBOUR, _INSET = 8.0, 8.5, 7.5
_MOST_NAME: Final = 14
_MOST_VERTICES: Final = 400
_MET_LINE: Final = 1.5
_LAND, _BEYOND, _LEFT_OUT = "#ffffff", "#eaeae7", "#e8e8e8"


@dataclass(frozen=True)
class Drawing:
    """What is drawn and on what: a canvas, the study's document and shapes, the theme."""

    canvas: Canvas
    document: Record
    shapes: Record
    theme: Theme
    lang: Lang

    @cached_property
    def rows(self) -> dict[str, Record]:
        """The document's townships by code."""
        return {row["township_code"]: row for row in self.document["townships"]}

    def of_role(self, *, own: bool) -> list[Record]:
        """Return the district's own outline, or those of its neighbours."""
        districts = self.shapes["districts"]
        return [row for row in districts if (row["role"] == "district") == own and row["polygons"]]


def draw_map(drawing: Drawing, placement: Placement) -> None:
    """Draw the main view, the enlarged one where there is one, the arrow and the names."""
    main, inset = placement.main, placement.inset
    taken: list[Box] = []
    named: frozenset[str] = frozenset()
    _draw_land(drawing, main, 1.0)
    marks = marks_in(drawing.shapes["facilities"], drawing.theme, main)
    sites = site_marks(drawing.shapes.get("sites"), main)
    if inset is not None and placement.inset_bounds is not None:
        part = main.extent(placement.inset_bounds)
        marks = [mark for mark in marks if not mark.box.overlaps(part)]
        sites = [mark for mark in sites if not mark.box.overlaps(part)]
        _draw_part(drawing.canvas, part)
        named = _draw_inset(drawing, inset)
        taken.append(inset.box.grown(1.5))
    taken.append(_draw_arrow(drawing, main, taken))
    _draw_marks(drawing.canvas, marks, main.box, 2.6)
    draw_sites(drawing.canvas, sites, main.box, 2.8)
    names = [name for code, name in _names(drawing, main) if code not in named]
    every = [*names, *_neighbours(drawing, main)]
    _label(drawing.canvas, every, main.box, [*marks, *sites], taken, layer=3.0)


def _draw_part(canvas: Canvas, box: Box) -> None:
    """Draw what is enlarged as a dashed line on a white one, seen on every colour."""
    canvas.rectangle(box, line="#ffffff", width=2.2, layer=2.4)
    xs, ys = [box.x, box.right, box.right, box.x, box.x], [box.y, box.y, box.top, box.top, box.y]
    canvas.line(xs, ys, width=1.0, dashes=(1.5, 1.5), layer=2.5)


def _draw_arrow(drawing: Drawing, main: View, taken: Sequence[Box]) -> Box:
    townships = drawing.shapes["townships"]
    points = np.vstack([ring for row in townships for ring in _outer_rings(row, main)])
    corner = north_corner(main.box, taken, points)
    draw_north(drawing.canvas, corner, drawing.shapes["crs"]["true_north_deg"], drawing.lang)
    return north_box(corner)


def _outer_rings(row: Record, view: View) -> list[np.ndarray]:
    return [polygon[0] for polygon in view.rings(row["polygons"])]


def _draw_inset(drawing: Drawing, view: View) -> frozenset[str]:
    """Draw the enlarged part, and return the townships that are named in it."""
    canvas, edge = drawing.canvas, view.box.grown(1.2)
    canvas.rectangle(edge, fill="#ffffff", layer=3.2)
    _draw_land(drawing, view, 3.3)
    marks = marks_in(drawing.shapes["facilities"], drawing.theme, view)
    _draw_marks(canvas, marks, view.box, 3.75)
    sites = site_marks(drawing.shapes.get("sites"), view)
    draw_sites(canvas, sites, view.box, 3.9)
    words = say("inset", drawing.lang, scale=f"{view.scale:,}")
    sign = Box(edge.x, edge.y, canvas.width_mm(words, _INSET, bold=True) + 3, 4.6)
    canvas.rectangle(sign, fill="#ffffff", line=INK, width=0.7, layer=4.4)
    canvas.write(sign.middle[0], sign.y + 1.4, words, _INSET, bold=True, align="center")
    canvas.rectangle(edge, line=INK, width=1.2, layer=4.5)
    townships = drawing.shapes["townships"]
    inside = {row["township_code"] for row in townships if _is_within(row, view)}
    names = [name for code, name in _names(drawing, view) if code in inside]
    _label(canvas, names, view.box, [*marks, *sites], [sign], layer=4.2)
    return frozenset(inside)


def _is_within(row: Record, view: View) -> bool:
    points = np.vstack(_outer_rings(row, view))
    (x, y), (right, top) = points.min(axis=0), points.max(axis=0)
    return Box(x, y, right - x, top - y).within(view.box)


def _draw_land(drawing: Drawing, view: View, layer: float) -> None:
    """Draw neighbours, townships with their classes, gaps, and the lines over them."""
    canvas, box = drawing.canvas, view.box
    canvas.rectangle(box, fill=_BEYOND, layer=layer)
    for row in drawing.of_role(own=False):
        rings = view.rings(row["polygons"])
        canvas.polygons(rings, clip=box, line=NEIGHBOUR_COLOUR, width=NEIGHBOUR_LINE, layer=layer)
    for shape in drawing.shapes["townships"]:
        _draw_township(drawing, view, shape, layer + 0.1)
    _draw_gaps(drawing, view, layer + 0.2)
    for shape in drawing.shapes["townships"]:
        found = drawing.theme.class_of(drawing.rows[shape["township_code"]])
        width = _MET_LINE if found is not None and found.is_met else TOWNSHIP_LINE
        rings = view.rings(shape["polygons"])
        canvas.polygons(rings, clip=box, line=INK, width=width, layer=layer + 0.3)
    for row in drawing.of_role(own=True):
        rings = view.rings(row["polygons"])
        canvas.polygons(rings, clip=box, line=INK, width=DISTRICT_LINE, layer=layer + 0.35)


def _draw_township(drawing: Drawing, view: View, shape: Record, layer: float) -> None:
    canvas, rings = drawing.canvas, view.rings(shape["polygons"])
    if drawing.theme.gap_target is not None:
        canvas.polygons(rings, clip=view.box, fill=_LAND, layer=layer)
        return
    found = drawing.theme.class_of(drawing.rows[shape["township_code"]])
    fill, hatch = (NO_DATA_COLOUR, NOBODY_HATCH) if found is None else (found.colour, found.hatch)
    canvas.polygons(rings, clip=view.box, fill=fill, layer=layer)
    if hatch:
        canvas.hatched(rings, hatch, clip=view.box, layer=layer + 0.01)


def _draw_gaps(drawing: Drawing, view: View, layer: float) -> None:
    for gap in drawing.shapes["gaps"]:
        if gap["target_id"] == drawing.theme.gap_target:
            rings, canvas = view.rings(gap["polygons"]), drawing.canvas
            canvas.polygons(rings, clip=view.box, fill=_LEFT_OUT, line=INK, layer=layer)
            canvas.hatched(
                rings, GAP_HATCH, clip=view.box, colour=INK, width=0.7, layer=layer + 0.01
            )


def _draw_marks(canvas: Canvas, marks: Sequence[Mark], clip: Box, layer: float) -> None:
    for number, mark in enumerate(marks):
        draw_mark(canvas, mark, clip=clip, layer=layer + 0.2 * number / len(marks))


def _names(drawing: Drawing, view: View) -> list[tuple[str, Name]]:
    """Return the label of each township, by its code."""
    return [
        (
            shape["township_code"],
            Name(
                (
                    printable(shape["name_zh"], _MOST_NAME),
                    drawing.theme.text(drawing.rows[shape["township_code"]]),
                ),
                _thinned(view.rings(shape["polygons"])),
                _NAME,
            ),
        )
        for shape in drawing.shapes["townships"]
        if shape["polygons"]
    ]


def _neighbours(drawing: Drawing, view: View) -> list[Name]:
    return [
        Name(
            (printable(row["name_zh"], _MOST_NAME),),
            _thinned(view.rings(row["polygons"])),
            _NEIGHBOUR,
            bold=False,
            may_lead=False,
            colour=SOFT,
        )
        for row in drawing.of_role(own=False)
    ]


def _thinned(polygons: list[list[np.ndarray]]) -> list[list[np.ndarray]]:
    """Return polygons with fewer vertices, enough to place a name by."""
    return [
        [np.vstack([ring[:: max(1, len(ring) // _MOST_VERTICES)], ring[-1:]]) for ring in polygon]
        for polygon in polygons
    ]


def _label(
    canvas: Canvas,
    names: Sequence[Name],
    frame: Box,
    marks: Sequence[Mark | SiteMark],
    taken: Sequence[Box],
    *,
    layer: float,
) -> None:
    boxes = [mark.box for mark in marks]
    draw_names(canvas, place_names(canvas, names, frame.grown(-1.0), boxes, taken), layer=layer)
