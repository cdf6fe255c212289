"""The panel beside the map: the district's figure, the classes, the signs, how to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from geo.core.errors import Lang
from geo.core.vocabulary import Group, label
from layers.palette import NO_DATA_COLOUR
from layers.paper.canvas import INK, LINE_HEIGHT, MM_PER_POINT, SOFT, Box, Canvas
from layers.paper.fonts import printable
from layers.paper.marks import COUNTED_MM, OTHER_MM, SERVING_MM, Mark, draw_mark
from layers.paper.measures import GAP_HATCH, NOBODY_HATCH, MapClass, Theme, figure
from layers.paper.sheet import Layout
from layers.paper.sites import SiteMark, draw_sites, draw_square
from layers.paper.words import say

Record = dict[str, Any]
_BODY, _HEAD, _SMALL = 8.0, 9.5, 7.0
_LOOSE_MM, _CLOSE_MM, _SWATCH_MM = 5.0, 4.0, 9.0
_BAR_MM = 4.0
_MEANING = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
DISTRICT_LINE, TOWNSHIP_LINE, NEIGHBOUR_LINE = 1.9, 0.7, 0.6
NEIGHBOUR_COLOUR = "#7d7d7d"


@dataclass(frozen=True)
class Tally:
    """How many facilities, and how many of them are in the district."""

    count: int
    inside: int


def tally(facilities: Sequence[Record]) -> Tally:
    """Return how many facilities there are, and how many of them are in the district."""
    return Tally(len(facilities), sum(1 for row in facilities if row["in_district"]))


@dataclass(frozen=True)
class Legend:
    """What the panel needs to know.

    Attributes
    ----------
    counts : Mapping
        Facilities that have a position, by group.
    drawn, without_position : Tally
        Facilities that have a position, and those that would be shown and have none.
    has_inset : bool
        Whether a part is enlarged.
    sites : dict or None
        Of :func:`geo.publish.map_sheet_sites.site_shapes`, where a plan is drawn.
    is_close : bool
        Whether rows stand close: a plan's in one column, and all groups with their counts.
    """

    document: Record
    theme: Theme
    lang: Lang
    counts: Mapping[Group, int]
    drawn: Tally
    without_position: Tally
    has_inset: bool
    sites: Record | None = None
    is_close: bool = False

    @property
    def row_mm(self) -> float:
        """The height of a row."""
        return _CLOSE_MM if self.is_close else _LOOSE_MM

    @property
    def gap_mm(self) -> float:
        """What parts the blocks."""
        return 1.6 if self.is_close else 2.8


def draw_legend(canvas: Canvas, legend: Legend, layout: Layout) -> None:
    """Draw the panel: one column beside the map, or three below it."""
    box = layout.panel
    canvas.rectangle(box, line=INK, width=0.5, fill="#ffffff", layer=2)
    inner = box.grown(-3.0)
    if layout.is_landscape:
        legend = replace(legend, is_close=legend.sites is not None)
        _stack(canvas, legend, inner, _COLUMN)
        return
    legend = replace(legend, is_close=legend.theme.kinds is None)
    width = (inner.width - 10.0) / 3
    columns = _COLUMNS if legend.sites is None else _COLUMNS_WITH_SITES
    for number, blocks in enumerate(columns):
        x = inner.x + number * (width + 5.0)
        _stack(canvas, legend, Box(x, inner.y, width, inner.height), blocks)
        if number:
            canvas.line([x - 2.5, x - 2.5], [inner.y, inner.top], colour="#bbbbbb", layer=3)


Block = Callable[[Canvas, Legend, Box], float]


def _stack(canvas: Canvas, legend: Legend, box: Box, blocks: tuple[Block, ...]) -> None:
    for block in blocks:
        low = block(canvas, legend, box) - legend.gap_mm
        box = Box(box.x, box.y, box.width, max(low - box.y, 0.0))


def _headline(canvas: Canvas, legend: Legend, box: Box) -> float:
    name, bound, text, below = legend.theme.headline
    top = canvas.paragraph(box.x, box.top, name, _HEAD, box.width, bold=True)
    big = 19.0
    lead = canvas.width_mm(bound, _HEAD, bold=True) if bound else 0.0
    text, big = canvas.fitted(text, big, box.width - lead - 1, bold=True)
    baseline = top - 8.0
    if bound:
        canvas.write(box.x, baseline, bound, _HEAD, bold=True)
    canvas.write(box.x + lead, baseline, text, big, bold=True)
    top = baseline - 2.6
    if legend.theme.share is not None:
        top = _gauge(canvas, legend, Box(box.x, top - _BAR_MM, box.width, _BAR_MM))
    return canvas.paragraph(box.x, top - 0.6, below, _BODY, box.width)


def _gauge(canvas: Canvas, legend: Legend, box: Box) -> float:
    """Draw how far the district is: full at the target, or at all residents."""
    share = legend.theme.share or 0.0
    whole = max(share, 1.0)
    canvas.rectangle(box, fill="#ffffff", line=INK, width=0.6, layer=3)
    filled = Box(box.x, box.y, box.width * share / whole, box.height)
    canvas.rectangle(filled, fill="#6b6b6b", line=INK, width=0.6, layer=3)
    if whole > 1:
        x = box.x + box.width / whole
        canvas.line([x, x], [box.y - 0.8, box.top + 0.8], width=1.6, layer=4)
    return box.y - 1.2


def _heading(canvas: Canvas, text: str, box: Box) -> float:
    shown, size = canvas.fitted(text, _HEAD, box.width, bold=True)
    return canvas.paragraph(box.x, box.top, shown, size, box.width + 1, bold=True) - 0.6


def _classes(canvas: Canvas, legend: Legend, box: Box) -> float:
    top = _heading(canvas, f"{say('legend', legend.lang)} · {legend.theme.unit}", box)
    rows = legend.document["townships"]
    inside = [legend.theme.class_of(row) for row in rows]
    if legend.theme.gap_target is not None:
        return _gap_classes(canvas, legend, Box(box.x, box.y, box.width, top - box.y))
    for item in reversed(legend.theme.classes):
        top = _class_row(
            canvas, item, inside.count(item), legend, Box(box.x, box.y, box.width, top - box.y)
        )
        if item.is_met and item.low == legend.document["district"]["target_area_per_10k_m2"]:
            top = _target_line(canvas, legend, Box(box.x, box.y, box.width, top - box.y))
    nobody = inside.count(None)
    if nobody:
        swatch = Box(box.x, top - legend.row_mm + 0.8, _SWATCH_MM, legend.row_mm - 1.4)
        canvas.rectangle(
            swatch, fill=NO_DATA_COLOUR, line=INK, width=0.6, layer=3, hatch=NOBODY_HATCH
        )
        row = Box(box.x, box.y, box.width, top - box.y)
        _row_words(canvas, legend, say("no_value", legend.lang), nobody, row)
        top -= legend.row_mm
    return top


def _class_row(canvas: Canvas, item: MapClass, count: int, legend: Legend, box: Box) -> float:
    swatch = Box(box.x, box.top - legend.row_mm + 0.8, _SWATCH_MM, legend.row_mm - 1.4)
    width = 1.5 if item.is_met else 0.6
    canvas.rectangle(
        swatch, fill=item.colour, line=INK, width=width, layer=3, hatch=item.hatch or None
    )
    _row_words(canvas, legend, item.words, count, box)
    return box.top - legend.row_mm


def _row_words(canvas: Canvas, legend: Legend, words: str, count: int, box: Box) -> None:
    baseline = box.top - legend.row_mm / 2 - 1.1
    canvas.write(box.x + _SWATCH_MM + 2, baseline, words, _BODY)
    told = say("count", legend.lang, count=count)
    canvas.write(
        box.right, baseline, told, _BODY, align="right", colour=INK if count else "#8a8a8a"
    )


def _target_line(canvas: Canvas, legend: Legend, box: Box) -> float:
    y = box.top - 0.6
    canvas.line([box.x, box.right], [y, y], width=1.3, layer=3)
    target = figure(legend.document["district"]["target_area_per_10k_m2"])
    words = say("target_line", legend.lang, target=target)
    return canvas.paragraph(box.x, y - 0.6, f"↑ {words}", _SMALL, box.width, bold=True) - 0.2


def _gap_classes(canvas: Canvas, legend: Legend, box: Box) -> float:
    top = box.top
    for hatch, fill, key in ((GAP_HATCH, "#e8e8e8", "gap"), (None, "#ffffff", "reached")):
        swatch = Box(box.x, top - legend.row_mm + 0.8, _SWATCH_MM, legend.row_mm - 1.4)
        canvas.rectangle(swatch, fill=fill, line=INK, width=0.6, layer=3, hatch=hatch)
        canvas.write(
            box.x + _SWATCH_MM + 2, top - legend.row_mm / 2 - 1.1, say(key, legend.lang), _BODY
        )
        top -= legend.row_mm
    return top


def _signs(canvas: Canvas, legend: Legend, box: Box) -> float:
    top = _heading(canvas, legend.theme.signs, box)
    shows_counted = legend.theme.kinds is None
    for group in legend.theme.groups:
        y = top - legend.row_mm / 2
        mark = Mark(box.x + 2.5, y, group, True, COUNTED_MM if shows_counted else SERVING_MM)
        draw_mark(canvas, mark, clip=box.grown(3), layer=4)
        if shows_counted:
            draw_mark(
                canvas, Mark(box.x + 6.8, y, group, False, OTHER_MM), clip=box.grown(3), layer=4
            )
        canvas.write(box.x + _SWATCH_MM + 2, y - 1.1, label(group, legend.lang), _BODY)
        told = str(legend.counts.get(group, 0))
        canvas.write(box.right, y - 1.1, told, _BODY, align="right")
        top -= legend.row_mm
    top -= 0.5
    if shows_counted:
        top = canvas.paragraph(
            box.x, top, say("counted_mark", legend.lang), _SMALL, box.width, colour=SOFT
        )
    for words in _tallied(legend):
        top = canvas.paragraph(box.x, top - 0.4, words, _SMALL, box.width, colour=SOFT)
    return top


def _tallied(legend: Legend) -> Iterator[str]:
    """Yield how many are drawn and how many are not, so that a reader can add them up."""
    drawn, left = legend.drawn, legend.without_position
    outside = drawn.count - drawn.inside
    key = "drawn" if outside else "drawn_inside"
    yield say(key, legend.lang, count=drawn.count, inside=drawn.inside, outside=outside)
    if left.count:
        yield say("not_drawn", legend.lang, count=left.count, inside=left.inside)


def _sites(canvas: Canvas, legend: Legend, box: Box) -> float:
    """List the programmes of the plan that is drawn, with how many sites each has, and the date."""
    sites, lang = legend.sites, legend.lang
    if sites is None:
        return box.top + legend.gap_mm
    top = _heading(canvas, say("sites", lang), box)
    x, room = box.x + _SWATCH_MM + 2, box.width - _SWATCH_MM - 2
    for at, programme in enumerate(sites["programmes"]):
        y = top - legend.row_mm / 2
        mark = SiteMark(box.x + 2.5, y, at, "1", 0.0, legend.row_mm - 0.4)
        draw_sites(canvas, [mark], box.grown(3), 4)
        told = say("sites_count", lang, count=programme["count"])
        left = room - canvas.width_mm(told, _BODY) - 1
        shown, size = canvas.fitted(programme[lang], _BODY, left, least=5)
        canvas.write(x, y - 1.1, shown, size)
        canvas.write(box.right, y - 1.1, told, _BODY, align="right")
        top -= legend.row_mm
    if any(row["is_area"] for row in sites["sites"]):
        side = legend.row_mm - 0.9
        square = SiteMark(box.x + 2.5, top - legend.row_mm / 2, 0, "", side, 0.0)
        draw_square(canvas, square, box.grown(3), 4)
        canvas.write(x, top - legend.row_mm / 2 - 1.1, say("search_area", lang), _BODY)
        top -= legend.row_mm
    note = say("sites_note", lang, on=sites["on"])
    return canvas.paragraph(box.x, top - 0.3, note, _SMALL, box.width, colour=SOFT)


def _lines(canvas: Canvas, legend: Legend, box: Box) -> float:
    samples: list[tuple[str, float, tuple[float, ...], str]] = [
        ("district_line", DISTRICT_LINE, (), INK),
        ("township_line", TOWNSHIP_LINE, (), INK),
        ("neighbour_line", NEIGHBOUR_LINE, (), NEIGHBOUR_COLOUR),
    ]
    if legend.has_inset:
        samples.append(("inset_line", 1.0, (1.5, 1.5), INK))
    top, half = box.top, box.width / 2
    for number, (key, width, dashes, colour) in enumerate(samples):
        x, y = box.x + half * (number % 2), top - legend.row_mm / 2 - legend.row_mm * (number // 2)
        canvas.line([x, x + _SWATCH_MM], [y, y], width=width, dashes=dashes, colour=colour, layer=4)
        canvas.write(x + _SWATCH_MM + 2, y - 1.1, say(key, legend.lang), _BODY)
    return top - legend.row_mm * ((len(samples) + 1) // 2)


def _meaning(canvas: Canvas, legend: Legend, box: Box) -> float:
    """Write how the figures are to be read, as large as there is room for."""
    words = legend.theme.meaning
    for size in _MEANING:
        most = int(box.height / (size * MM_PER_POINT * LINE_HEIGHT))
        if len(canvas.wrapped(words, size, box.width)) <= most:
            break
    return canvas.paragraph(box.x, box.top, words, size, box.width, most_lines=max(most, 1))


def _values(canvas: Canvas, legend: Legend, box: Box) -> float:
    """List every township with its figure, in two columns, where there is room for all."""
    rows = legend.document["townships"]
    step, half = _BODY * MM_PER_POINT * LINE_HEIGHT, (box.width - 4.0) / 2
    deep = (len(rows) + 1) // 2
    if box.height < _HEAD * MM_PER_POINT * LINE_HEIGHT + 1 + deep * step:
        return box.top
    top = _heading(canvas, say("all_townships", legend.lang), box)
    for number, row in enumerate(rows):
        x = box.x + (half + 4.0) * (number // deep)
        y = top - step * (number % deep) - _BODY * MM_PER_POINT
        text = legend.theme.text(row)
        name = printable(row["name_zh"], 14)
        shown, size = canvas.fitted(name, _SMALL, half - canvas.width_mm(text, _SMALL) - 1, least=5)
        canvas.write(x, y, shown, size)
        canvas.write(x + half, y, text, _SMALL, align="right")
        canvas.line([x, x + half], [y - 0.9] * 2, colour="#cccccc", width=0.3, layer=3)
    return top - step * deep


_COLUMNS: Final = ((_headline, _meaning), (_classes, _values), (_signs, _lines))
_COLUMNS_WITH_SITES: Final = ((_headline, _lines, _meaning), (_classes, _values), (_signs, _sites))
_COLUMN: Final = (_headline, _classes, _signs, _sites, _lines, _meaning, _values)
