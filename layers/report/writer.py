"""Writes a template: paragraphs, loops and tables whose texts are the names of content."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.shared import Cm, Pt

from layers.report import styles
from layers.report.engine import packed
from layers.strings import Lang

_STAMP: Final = datetime(2026, 1, 1)  # noqa: DTZ001  (Word's times have no zone)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its width in cm, what stands in it, and where.

    With ``heading_loop`` and ``text_loop`` (``"year in years"``) it is one for each item.
    """

    heading: str
    width_cm: float
    text: str
    right: bool = False
    heading_loop: str = ""
    text_loop: str = ""

    @property
    def cells(self) -> list[Column]:
        """The column as its cells stand in a template: a loop takes a cell before and after."""
        if not self.heading_loop:
            return [self]
        before = Column(
            "{%tc for " + self.heading_loop + " %}", 0.2, "{%tc for " + self.text_loop + " %}"
        )
        alone = Column(self.heading, self.width_cm, self.text, self.right)
        return [before, alone, Column("{%tc endfor %}", 0.2, "{%tc endfor %}")]


class Writer:
    """A template under way, in one language."""

    def __init__(self, lang: Lang, *, body_pt: float, margin_cm: float = 2.0) -> None:
        self.lang = lang
        self.document = Document()
        styles.slim(self.document)
        styles.dress(self.document, body_pt=body_pt, margin_cm=margin_cm)
        self._width_cm = 21 - 2 * margin_cm
        self._frame()

    def say(self, zh: str, en: str) -> str:
        """Return the words in the template's language."""
        return zh if self.lang == "zh" else en

    def _frame(self) -> None:
        """Put the marks above and the page numbers below every page."""
        section = self.document.sections[0]
        head = section.header.paragraphs[0]
        head.alignment = styles.CENTRE
        styles.tighten(head)
        styles.run(
            head, "{% if demonstration %}{{ demonstration }}　{% endif %}", size=9, bold=True,
            colour=styles.RED,
        )  # fmt: skip
        styles.run(head, "{{ map_mark }}", size=9, bold=True, colour=styles.RED)
        foot = section.footer.paragraphs[0]
        foot.alignment = styles.CENTRE
        styles.tighten(foot)
        styles.run(
            foot, self.say("{{ district }} · 截至 {{ on }} · 情景 {{ digest }} · 第 ",
                           "{{ district }} · as of {{ on }} · scenario {{ digest }} · page "),
            size=8, colour=styles.SOFT,
        )  # fmt: skip
        styles.field(foot, "PAGE", size=8)
        styles.run(foot, self.say(" / ", " of "), size=8, colour=styles.SOFT)
        styles.field(foot, "NUMPAGES", size=8)

    def title(self, text: str, *, size: float = 20, new_page: bool = False) -> None:
        """Add the title."""
        added = self.document.add_paragraph(style="Title")
        added.paragraph_format.page_break_before = new_page
        styles.run(added, text, size=size, bold=True)
        styles.tighten(added, after=3)

    def heading(self, text: str, level: int = 1, *, new_page: bool = False) -> None:
        """Add a heading."""
        added = self.document.add_paragraph(style=f"Heading {level}")
        added.add_run(text)
        added.paragraph_format.page_break_before = new_page

    def text(
        self,
        text: str,
        *,
        size: float | None = None,
        bold: bool = False,
        soft: bool = False,
        centre: bool = False,
        after: float = 3,
        keep: bool = False,
    ) -> Any:
        """Add a paragraph."""
        added = self.document.add_paragraph()
        styles.run(added, text, size=size, bold=bold, colour=styles.SOFT if soft else None)
        styles.tighten(added, after=after, line=1.12)
        added.paragraph_format.keep_with_next = keep
        if centre:
            added.alignment = styles.CENTRE
        return added

    def tag(self, marker: str) -> None:
        """Add a marker in a paragraph of its own, which goes with it."""
        added = self.document.add_paragraph()
        styles.run(added, "{%p " + marker + " %}")

    def lines(
        self, loop: str, name: str, *, size: float | None = None, numbered: bool = False
    ) -> None:
        """Add a paragraph for each line of content."""
        self.tag(f"for {name} in {loop}")
        number = "{{ loop.index }}. " if numbered else "· "
        added = self.text(number + "{{ " + name + " }}", size=size, after=2.5)
        added.paragraph_format.left_indent = Pt(16)
        added.paragraph_format.first_line_indent = Pt(-16)
        self.tag("endfor")

    def pictures(self, loop: str) -> None:
        """Add pictures one after another, each above its caption."""
        self.tag(f"for picture in {loop}")
        shown = self.text("{{ picture.picture }}", centre=True, after=1, keep=True)
        shown.paragraph_format.line_spacing = 1.0
        self.text("{{ picture.caption }}", size=9, soft=True, centre=True, after=6)
        self.tag("endfor")

    def table(
        self,
        columns: Sequence[Column],
        loop: str,
        *,
        size: float = 8.5,
        last: Sequence[str] = (),
        last_loop: str = "",
        row_cm: float | None = None,
    ) -> None:
        """Add a table with a row for each item, and a last row of its own texts where given."""
        cells = [cell for column in columns for cell in column.cells]
        widths = _scaled([cell.width_cm for cell in cells], self._width_cm)
        table = self._grid(widths)
        headings = [(one.heading, one.right) for one in cells]
        self._row(table, headings, size, widths, heading=True, row_cm=row_cm)
        self._marker_row(table, f"for row in {loop}", widths)
        texts = [(one.text, one.right) for one in cells]
        self._row(table, texts, size, widths, row_cm=row_cm)
        self._marker_row(table, "endfor", widths)
        if last:
            told = [
                replace(one, text=text, text_loop=last_loop)
                for text, one in zip(last, columns, strict=True)
            ]
            ending = [(cell.text, cell.right) for one in told for cell in one.cells]
            self._row(table, ending, size, widths, row_cm=row_cm)
        self.space(4)

    def boxes(self, texts: Sequence[tuple[str, str]], *, size: float = 15) -> None:
        """Add figures side by side, each above its words."""
        widths = [self._width_cm / len(texts)] * len(texts)
        table = self._grid(widths)
        row = table.add_row()
        styles.keep_row(row)
        for cell, (figure, words) in zip(row.cells, texts, strict=True):
            styles.shade(cell, "F4F6F8")
            first = cell.paragraphs[0]
            first.alignment = styles.CENTRE
            styles.run(first, figure, size=size, bold=True)
            styles.tighten(first, before=3)
            second = cell.add_paragraph()
            second.alignment = styles.CENTRE
            styles.run(second, words, size=8.5, colour=styles.SOFT)
            styles.tighten(second, after=3)
        _fix_widths(table, widths)
        self.space(4)

    def space(self, points: float) -> None:
        """Add an empty line of so many points."""
        added = self.document.add_paragraph()
        styles.run(added, "", size=1)
        styles.tighten(added, after=points)
        added.paragraph_format.line_spacing = Pt(1)

    def _grid(self, widths: Sequence[float]) -> Any:
        table = self.document.add_table(rows=0, cols=len(widths))
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        styles.border(table)
        styles.pad(table, 60)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        return table

    def _row(
        self,
        table: Any,
        texts: Sequence[tuple[str, bool]],
        size: float,
        widths: Sequence[float],
        *,
        heading: bool = False,
        row_cm: float | None = None,
    ) -> None:
        row = table.add_row()
        styles.keep_row(row, heading=heading)
        if row_cm is not None:
            row.height = Cm(row_cm)
        for cell, (text, right), width in zip(row.cells, texts, widths, strict=True):
            cell.width = Cm(width)
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            paragraph = cell.paragraphs[0]
            styles.tighten(paragraph)
            styles.run(paragraph, text, size=size, bold=heading)
            if heading:
                styles.shade(cell)
                paragraph.alignment = styles.CENTRE
            elif right:
                paragraph.alignment = styles.RIGHT

    def _marker_row(self, table: Any, marker: str, widths: Sequence[float]) -> None:
        row = table.add_row()
        styles.run(row.cells[0].paragraphs[0], "{%tr " + marker + " %}")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)

    def saved(self) -> bytes:
        """Return the template's bytes, the same each time."""
        properties = self.document.core_properties
        properties.author = properties.last_modified_by = "kepu-atlas"
        properties.title = properties.comments = ""
        properties.created = properties.modified = _STAMP
        out = io.BytesIO()
        self.document.save(out)
        return packed(out)


def _scaled(widths: Sequence[float], whole: float) -> list[float]:
    return [width * whole / sum(widths) for width in widths]


def _fix_widths(table: Any, widths: Sequence[float]) -> None:
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
