"""What stands around the map: title, marks, scale, north, sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.core.errors import Lang
from geo.core.vocabulary import Caliber, Quality, Scope, label
from layers.paper.canvas import INK, LINE_HEIGHT, MM_PER_POINT, SOFT, Box, Canvas
from layers.paper.fonts import printable
from layers.paper.placing import View
from layers.paper.sheet import Layout, SheetSize, bar_length_m
from layers.paper.words import say

Record = dict[str, Any]
_YELLOW, _RED = "#ffd24d", "#a40000"
_TITLE, _SUBTITLE, _MARK, _BODY, _SMALL = 19.0, 8.5, 9.0, 7.5, 6.5
_NORTH = Box(0, 0, 11.0, 15.0)
_BAND_MM, _SCALE_MM = 6.4, 14.0


@dataclass(frozen=True)
class Margin:
    """What is written around a map: on what, of which study, where."""

    canvas: Canvas
    document: Record
    layout: Layout
    lang: Lang


def draw_neatline(margin: Margin) -> None:
    """Draw the double line around the sheet and the frame of the map."""
    canvas, layout = margin.canvas, margin.layout
    canvas.rectangle(layout.neatline, line=INK, width=1.8)
    canvas.rectangle(layout.neatline.grown(-1.1), line=INK, width=0.5)
    canvas.rectangle(layout.frame, line=INK, width=0.9, layer=4.9)


def draw_title(margin: Margin, title: str) -> None:
    """Draw title and choices in the middle, the marks on both sides of them."""
    canvas, document, layout, lang = margin.canvas, margin.document, margin.layout, margin.lang
    box = layout.title
    if layout.is_landscape:
        left, right = _mark_boxes(canvas, document, box, lang)
        room = Box(left, box.y, right - left, box.height)
    else:
        low = Box(box.x, box.y, box.width, 6.0)
        _mark_boxes(canvas, document, low, lang)
        room = Box(box.x, low.top, box.width, box.height - low.height)
    shown, size = canvas.fitted(title, _TITLE, room.width - 10, bold=True, least=9)
    x = (
        box.middle[0]
        if 2 * abs(room.middle[0] - box.middle[0]) < room.width / 4
        else room.middle[0]
    )
    canvas.write(x, room.top - 7.2, shown, size, bold=True, align="center")
    words, size = canvas.fitted(_choices(document, lang), _SUBTITLE, room.width - 8, least=6)
    canvas.write(x, room.top - 12.3, words, size, align="center")


def _choices(document: Record, lang: Lang) -> str:
    return say(
        "subtitle", lang,
        on=document["on"],
        caliber=label(Caliber(document["caliber"]), lang),
        scope=label(Scope(document["scope"]), lang),
        denominator=printable(document["denominator"][lang]),
    )  # fmt: skip


def _mark_boxes(canvas: Canvas, document: Record, box: Box, lang: Lang) -> tuple[float, float]:
    """Draw the demonstration mark at the left and the internal one at the right."""
    left, right = box.x, box.right
    middle = box.middle[1]
    if document["demonstration"]:
        words = say("demonstration", lang)
        left += _badge(canvas, words, Box(box.x, middle - 3, 0, 6), _YELLOW, INK) + 2
    if not document["map"]["approval_number"]:
        words = say("internal", lang)
        width = _badge_width(canvas, words)
        right -= width + 2
        _badge(canvas, words, Box(box.right - width, middle - 3, 0, 6), "#ffffff", _RED)
    return left, right


def _badge_width(canvas: Canvas, words: str) -> float:
    return canvas.width_mm(words, _MARK, bold=True) + 4.0


def _badge(canvas: Canvas, words: str, box: Box, fill: str, colour: str) -> float:
    width = _badge_width(canvas, words)
    shape = Box(box.x, box.y, width, box.height)
    canvas.rectangle(shape, fill=fill, line=colour, width=1.2, layer=3)
    canvas.write(
        shape.middle[0], box.y + 1.9, words, _MARK, bold=True, align="center", colour=colour
    )
    return width


def room_above_band(document: Record, frame: Box) -> Box:
    """Return the part of the frame that is left to the map above the demonstration mark."""
    band_mm = _BAND_MM if document["demonstration"] else 0.0
    return Box(frame.x, frame.y + band_mm, frame.width, frame.height - band_mm)


def draw_band(margin: Margin) -> None:
    """Draw the demonstration mark within the frame, so that it stays where a map is cut out."""
    if not margin.document["demonstration"]:
        return
    canvas, frame = margin.canvas, margin.layout.frame
    band = Box(frame.x, frame.y, frame.width, _BAND_MM)
    canvas.rectangle(band, fill=_YELLOW, line=INK, width=0.9, layer=4.8)
    words = say("demonstration", margin.lang)
    canvas.write(band.middle[0], band.y + 2.0, words, 10.5, bold=True, align="center")


def draw_north(canvas: Canvas, corner: tuple[float, float], degrees: float, lang: Lang) -> None:
    """Draw an arrow that points to true north, its lower left corner given."""
    x, y = corner[0] + _NORTH.width / 2, corner[1] + 3.2
    turn = math.radians(degrees)
    along, across = (
        np.array([math.sin(turn), math.cos(turn)]),
        np.array([math.cos(turn), -math.sin(turn)]),
    )
    base = np.array([x, y])
    tip, notch = base + 8.5 * along, base + 2.0 * along
    left, right = base - 2.4 * across, base + 2.4 * across
    box = Box(*corner, _NORTH.width, _NORTH.height).grown(2)
    canvas.polygons([[np.array([tip, left, notch])]], clip=box, fill=INK, line=INK, layer=4.8)
    canvas.polygons(
        [[np.array([tip, right, notch])]], clip=box, fill="#ffffff", line=INK, layer=4.8
    )
    canvas.write(x, corner[1] + 12.3, "N", 9, bold=True, align="center", halo=2)
    canvas.write(x, corner[1] + 0.4, say("north", lang), _SMALL, align="center", halo=2)


def north_corner(frame: Box, taken: Sequence[Box], points: np.ndarray) -> tuple[float, float]:
    """Return the corner of the frame in which an arrow covers least of the map."""
    room = frame.grown(-3.0)
    corners = [
        (x, y)
        for y in (room.top - _NORTH.height, room.y + 5)
        for x in (room.x, room.right - _NORTH.width)
    ]

    def cost(corner: tuple[float, float]) -> float:
        box = Box(*corner, _NORTH.width, _NORTH.height)
        east, north = points.T
        inside = (east > box.x) & (east < box.right) & (north > box.y) & (north < box.top)
        return float(inside.mean()) + any(box.overlaps(other) for other in taken)

    return min(corners, key=cost)


def north_box(corner: tuple[float, float]) -> Box:
    """Return the room that the arrow takes."""
    return Box(*corner, _NORTH.width, _NORTH.height)


def draw_footer(margin: Margin, crs: Record, view: View, size: SheetSize) -> None:
    """Draw the scale at the left, then approval, systems, sources and the scenario's digest."""
    canvas, document, lang = margin.canvas, margin.document, margin.lang
    box = margin.layout.footer
    bar_mm = 66.0
    _draw_scale(canvas, view, Box(box.x, box.top - _SCALE_MM, bar_mm, _SCALE_MM), size, lang)
    x, width = box.x + bar_mm + 4, box.width - bar_mm - 4
    top = canvas.paragraph(x, box.top, _approval(document, lang), _MARK - 0.5, width, bold=True)
    for note in (_system(crs, lang), _north_note(crs, lang), _scenario(document, lang)):
        top = canvas.paragraph(x, top, note, _SMALL, width, colour=SOFT, most_lines=2)
    top = min(top, box.top - _SCALE_MM) - 0.5
    room = max(1, int((top - box.y) / (_SMALL * MM_PER_POINT * LINE_HEIGHT)))
    canvas.paragraph(
        box.x, top, _sources(document, lang), _SMALL, box.width, colour=SOFT, most_lines=room
    )


def _approval(document: Record, lang: Lang) -> str:
    number = document["map"]["approval_number"]
    words = say("approval", lang, number=printable(number)) if number else say("no_approval", lang)
    if document["map"]["schematic"]:
        words += say("separator", lang) + say("schematic_long", lang)
    return words


def _system(crs: Record, lang: Lang) -> str:
    return say("crs", lang, crs=crs[lang]) + f" (EPSG:{crs['epsg']})"


def _north_note(crs: Record, lang: Lang) -> str:
    degrees = crs["true_north_deg"]
    # Where true north lies left of straight up, straight up lies east of true north.
    side = say("east" if degrees < 0 else "west", lang)
    return say("north_note", lang, side=side, degrees=f"{abs(degrees):.2f}")


def _scenario(document: Record, lang: Lang) -> str:
    scenario = document["scenario"]
    return say("scenario", lang, name=printable(scenario["name"]), digest=scenario["digest"])


def _sources(document: Record, lang: Lang) -> str:
    people = document["denominator"]
    quality = label(Quality(people["quality"]), lang)
    basis = say(
        "basis", lang, denominator=printable(people[lang]), quality=quality,
        basis=printable(people["basis"] or "—", 60),
    )  # fmt: skip
    rows = [_source(row, lang) for row in document["sources"]]
    return say("sources", lang) + say("separator", lang).join([basis, *rows])


def _source(row: Record, lang: Lang) -> str:
    number = row["map_approval_number"]
    approved = say("source_approved", lang, number=printable(number)) if number else ""
    return say(
        "source", lang,
        title=printable(row["title_zh"] if lang == "zh" else row["title_en"], 70),
        publisher=printable(row["publisher"]),
        date=printable(row["published_on"]) + approved,
    )  # fmt: skip


def _draw_scale(canvas: Canvas, view: View, box: Box, size: SheetSize, lang: Lang) -> None:
    length_m = bar_length_m(view.scale, view.enlarged, box.width - 12)
    width = length_m * view.mm_per_m
    y, parts = box.top - 8.5, 4
    words = say("scale", lang, scale=f"{view.scale:,}", sheet=size)
    shown, points = canvas.fitted(words, 8.5, box.width, bold=True)
    canvas.write(box.x, box.top - 3.2, shown, points, bold=True)
    for part in range(parts):
        piece = Box(box.x + 1 + width * part / parts, y, width / parts, 1.7)
        canvas.rectangle(
            piece, fill=INK if part % 2 == 0 else "#ffffff", line=INK, width=0.6, layer=3
        )
    for part in range(0, parts + 1, 2):
        distance = f"{length_m * part / parts / 1_000:g}" + (" km" if part == parts else "")
        canvas.write(
            box.x + 1 + width * part / parts, y - 3.4, distance, _BODY, align="center", colour=SOFT
        )
