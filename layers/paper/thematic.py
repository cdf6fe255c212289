"""A thematic map of a district on one sheet, as PDF or PNG."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from geo.core.errors import Lang
from geo.core.vocabulary import Group
from layers.paper.canvas import Canvas, FileFormat
from layers.paper.fonts import Fonts, printable
from layers.paper.frame import (
    Margin,
    draw_band,
    draw_footer,
    draw_neatline,
    draw_title,
    room_above_band,
)
from layers.paper.legend import Legend, draw_legend, tally
from layers.paper.mapping import Drawing, draw_map
from layers.paper.marks import shown_facilities
from layers.paper.measures import MapMeasure, Theme, theme_of
from layers.paper.placing import Placement, bounds_of, place_on
from layers.paper.sheet import SheetSize, layout_of, suits_landscape
from layers.paper.words import say

Record = dict[str, Any]
DPI: Final = {"A4": 200, "A3": 150}
"""Dots per inch of a PNG."""


def thematic_map(
    document: Record, shapes: Record, *, measure: MapMeasure, sheet: SheetSize, lang: Lang,
    fonts: Fonts, file_format: FileFormat, landscape: bool | None = None,
) -> bytes:  # fmt: skip
    """Return a sheet that can be hung up and needs no explaining.

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
        The file; the same for the same question, with no time in it.

    Raises
    ------
    OutputError
        A character that must be drawn is in no font.
    QueryError
        The study has no coverage of the group or kind asked for.
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
    district = printable(document["district"]["name_zh"], 20)
    title = theme.title.replace("{district}", district)
    if not document["map"]["schematic"]:
        return title
    return (
        f"{title}（{say('schematic', lang)}）"
        if lang == "zh"
        else f"{title} ({say('schematic', lang)})"
    )


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
