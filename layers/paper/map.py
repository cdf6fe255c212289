"""A thematic map of a district on one sheet: the map itself, and what stands around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from geo.core.errors import Lang
from geo.core.vocabulary import Group
from layers import Record
from layers.palette import NO_DATA_COLOUR
from layers.paper.canvas import INK, SOFT, Box, Canvas, FileFormat
from layers.paper.fonts import Fonts, printable
from layers.paper.frame import (
    Margin,
    draw_band,
    draw_footer,
    draw_neatline,
    draw_north,
    draw_title,
    north_box,
    north_corner,
    room_above_band,
)
from layers.paper.labels import MapLabel, draw_labels, place_labels
from layers.paper.layout import SheetSize, layout_of, suits_landscape
from layers.paper.legend import (
    DISTRICT_LINE,
    NEIGHBOUR_COLOUR,
    NEIGHBOUR_LINE,
    TOWNSHIP_LINE,
    Legend,
    draw_legend,
    tally,
)
from layers.paper.placement import Placement, View, bounds_of, place_on
from layers.paper.symbols import (
    FacilityMark,
    SiteMark,
    draw_mark,
    draw_sites,
    marks_in,
    shown_facilities,
    site_marks,
)
from layers.paper.theme import GAP_HATCH, NOBODY_HATCH, MapMeasure, Theme, theme_of
from layers.text import SHEET

DPI: Final = {"A4": 200, "A3": 150}
"""Dots per inch of a PNG."""
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


def thematic_map(
    document: Record, shapes: Record, *, measure: MapMeasure, sheet: SheetSize, lang: Lang,
    fonts: Fonts, file_format: FileFormat, landscape: bool | None = None,
) -> bytes:  # fmt: skip
    """Return a sheet that explains itself on a wall: map, legend, marks, sources.

    Parameters
    ----------
    document : dict
        Of :func:`geo.publish.study_json.study_document`.
    shapes : dict
        Of :func:`geo.publish.map_sheet.map_shapes`, of the same study; with ``sites`` of
        :func:`geo.publish.map_sheet_sites.site_shapes` beside them, a siting plan is drawn too.
    measure : MapMeasure
        What the colours, or the gaps, show.
    sheet : {"A4", "A3"}
        An A3 sheet is the A4 one enlarged, at a round scale of its own.
    lang : {"zh", "en"}
        Of the words; names stay as the office wrote them.
    fonts : Fonts
        Of :func:`layers.paper.fonts.find_fonts`.
    file_format : {"pdf", "png"}
        PNG in 200 dots per inch on A4, 150 on A3.
    landscape : bool, optional
        None for the side on which the district is shown larger.

    Returns
    -------
    bytes
        The file; the same arguments give the same bytes, with no time in it.

    Raises
    ------
    OutputError
        A character that must be drawn is in no font.
    QueryError
        The study has no coverage of the group or kind.
    """
    theme = theme_of(document, measure, lang)
    west, south, east, north = bounds_of(shapes["townships"])
    if landscape is None:
        landscape = suits_landscape(east - west, north - south)
    layout = layout_of(
        sheet, landscape=landscape, is_wordy=lang == "en",
        programmes=len(shapes.get("sites", {}).get("programmes", ())),
    )  # fmt: skip
    canvas = Canvas(layout.width, layout.height, layout.enlarged, fonts)
    room = room_above_band(document, layout.frame)
    placement = place_on(room, shapes["townships"], layout.enlarged)
    title = _title(document, theme, lang)
    drawing = Drawing(canvas, document, shapes, theme, lang)
    margin = Margin(canvas, document, layout, lang)
    draw_neatline(margin)
    draw_title(margin, title)
    draw_map(drawing, placement)
    draw_band(margin)
    draw_legend(canvas, _legend(drawing, placement), layout)
    draw_footer(margin, shapes["crs"], placement.main, sheet)
    return canvas.save(file_format, DPI[sheet], title)


def _title(document: Record, theme: Theme, lang: Lang) -> str:
    if not document["map"]["schematic"]:
        return theme.title
    return SHEET.text("title_schematic", lang, title=theme.title)


def _legend(drawing: Drawing, placement: Placement) -> Legend:
    theme = drawing.theme
    shown = shown_facilities(drawing.shapes["facilities"], theme)
    placed = [row for row in shown if row["east_m"] is not None]
    one = theme.groups[0] if theme.kinds is not None else None
    return Legend(
        document=drawing.document,
        theme=theme,
        lang=drawing.lang,
        counts=Counter(one or Group(row["group"]) for row in placed),
        drawn=tally(placed),
        without_position=tally([row for row in shown if row["east_m"] is None]),
        has_inset=placement.inset is not None,
        sites=drawing.shapes.get("sites"),
    )


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
    words = SHEET.text("inset", drawing.lang, scale=f"{view.scale:,}")
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
        its_class = drawing.theme.class_of(drawing.rows[shape["township_code"]])
        width = _MET_LINE if its_class is not None and its_class.is_met else TOWNSHIP_LINE
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
    its_class = drawing.theme.class_of(drawing.rows[shape["township_code"]])
    fill, hatch = NO_DATA_COLOUR, NOBODY_HATCH
    if its_class is not None:
        fill, hatch = its_class.colour, its_class.hatch
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


def _draw_marks(canvas: Canvas, marks: Sequence[FacilityMark], clip: Box, layer: float) -> None:
    for number, mark in enumerate(marks):
        draw_mark(canvas, mark, clip=clip, layer=layer + 0.2 * number / len(marks))


def _names(drawing: Drawing, view: View) -> list[tuple[str, MapLabel]]:
    """Return the label of each township, by its code."""
    return [
        (
            shape["township_code"],
            MapLabel(
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


def _neighbours(drawing: Drawing, view: View) -> list[MapLabel]:
    return [
        MapLabel(
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
    names: Sequence[MapLabel],
    frame: Box,
    marks: Sequence[FacilityMark | SiteMark],
    taken: Sequence[Box],
    *,
    layer: float,
) -> None:
    boxes = [mark.box for mark in marks]
    draw_labels(canvas, place_labels(canvas, names, frame.grown(-1.0), boxes, taken), layer=layer)
