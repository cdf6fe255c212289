"""A sender's own workbook with the cells to mend coloured and commented, ready to send back."""

from __future__ import annotations

import io
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from geo.core.workbook import set_text
from geo.intake.formats.parts import Part

Severity = Literal["fault", "remark"]

_AUTHOR: Final = "kepu-atlas"
_FILLS: Final[Mapping[str, PatternFill]] = {
    "fault": PatternFill("solid", fgColor="FFF4B6A6"),
    "remark": PatternFill("solid", fgColor="FFFFF2B3"),
}
_WORDS: Final = {"fault": "请改正 mend", "remark": "请核对 check"}
_LIST_SHEET: Final = "核对清单"
_LIST_HEADINGS: Final = ("工作表", "行", "列", "级别", "说明", "建议")
_LIST_WIDTHS: Final = (16, 8, 18, 14, 80, 24)
_ROW_COLUMN: Final = 2
_HEAD_FILL: Final = PatternFill("solid", fgColor="FFDDE3EA")
_SIDE: Final = Side(style="thin", color="FFB0B7BF")
_BORDER: Final = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_LINE_POINTS: Final = 17
_MAX_COMMENT: Final = 2_000
_COMMENT_WIDTH, _LINE_PX, _MAX_COMMENT_PX = 44, 18, 420
_LEAST_WIDTH, _MOST_WIDTH, _LOOKED_AT = 8, 40, 200


@dataclass(frozen=True)
class CellMark:
    """What is to be said at a cell, or at a row where no column is known.

    Attributes
    ----------
    sheet : str or None
        Title of the sheet; None in files that have none.
    row : int
        From 1; 0 for the whole sheet, which has no cell to colour.
    position : int or None
        Of the column, from 0.
    column : str
        Its heading, for the list.
    text : str
        What is wrong, or was done.
    proposal : str
        What the cell might say; empty where nothing is proposed.
    severity : {"fault", "note"}
        Whether the row is held back, or was taken all the same.
    """

    sheet: str | None
    row: int
    position: int | None
    column: str
    text: str
    proposal: str
    severity: Severity


def marked_workbook(content: bytes, marks: Sequence[CellMark]) -> bytes:
    """Return a workbook (.xlsx) with its cells marked, and a list of the marks as first sheet.

    Everything else of it stays, but for what openpyxl does not keep (charts,
    shapes, macros). Formulas stay formulas: it is the sender's own file.

    Raises
    ------
    ValueError, KeyError, zipfile.BadZipFile
        It is not as the standard says.
    """
    with warnings.catch_warnings():
        # openpyxl warns of extensions that it leaves out.
        warnings.simplefilter("ignore", UserWarning)
        book = load_workbook(io.BytesIO(content))
    return _finished(book, marks)


def workbook_of(parts: Sequence[Part], marks: Sequence[CellMark]) -> bytes:
    """Return a new workbook with the rows of any file, its cells marked in the same way."""
    book = Workbook()
    first = book.active
    assert first is not None  # noqa: S101  (a new workbook has a sheet)
    for number, part in enumerate(parts):
        sheet = first if number == 0 else book.create_sheet()
        sheet.title = _title(part.name, number)
        for row in part.rows:
            for position, raw in enumerate(row.cells, start=1):
                _write(sheet, row.number, position, str(raw) if raw is not None else None)
        _widen(sheet, part)
    titled = {part.name: _title(part.name, number) for number, part in enumerate(parts)}
    return _finished(
        book,
        [
            CellMark(
                titled.get(mark.sheet),
                mark.row,
                mark.position,
                mark.column,
                mark.text,
                mark.proposal,
                mark.severity,
            )
            for mark in marks
        ],
    )


def _widen(sheet: Any, part: Part) -> None:
    """Make columns as wide as what stands in them, within bounds."""
    widths: dict[int, int] = defaultdict(int)
    for row in part.rows[:_LOOKED_AT]:
        for position, raw in enumerate(row.cells, start=1):
            widths[position] = max(widths[position], _width("" if raw is None else str(raw)[:99]))
    for position, width in widths.items():
        fitting = min(max(width + 2, _LEAST_WIDTH), _MOST_WIDTH)
        sheet.column_dimensions[get_column_letter(position)].width = fitting


def _title(name: str | None, number: int) -> str:
    plain = "".join(sign for sign in name or "" if sign not in "[]:*?/\\'")[:28]
    return plain or f"表{number + 1}"


def _finished(book: Any, marks: Sequence[CellMark]) -> bytes:
    by_cell: dict[tuple[str, int, int], list[CellMark]] = defaultdict(list)
    for mark in marks:
        title = mark.sheet if mark.sheet in book.sheetnames else None
        if title is not None and mark.row:
            by_cell[title, mark.row, (mark.position or 0) + 1].append(mark)
    for (title, row, column), found in by_cell.items():
        _mark(book[title].cell(row, column), found)
    _list(book, marks)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _mark(cell: Any, marks: Sequence[CellMark]) -> None:
    # Of merged cells only the first can be written to.
    if not hasattr(cell, "comment") or type(cell).__name__ == "MergedCell":
        return
    worst = "fault" if any(mark.severity == "fault" for mark in marks) else "remark"
    cell.fill = _FILLS[worst]
    lines = [mark.text + (f"\n→ {mark.proposal}" if mark.proposal else "") for mark in marks]
    text = "\n".join(lines)[:_MAX_COMMENT]
    height = _LINE_PX * (2 + _lines(text, _COMMENT_WIDTH))
    cell.comment = Comment(text, _AUTHOR, width=320, height=min(height, _MAX_COMMENT_PX))


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes where a Chinese sign is as wide as two letters."""
    return sum(max(1, -(-_width(line) // width)) for line in text.split("\n"))


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(sign) in "WFA") for sign in text)


def _list(book: Any, marks: Sequence[CellMark]) -> None:
    title = _LIST_SHEET
    while title in book.sheetnames:
        title += "'"
    sheet = book.create_sheet(title.replace("'", "·"), 0)
    for position, (head, width) in enumerate(zip(_LIST_HEADINGS, _LIST_WIDTHS, strict=True), 1):
        cell = sheet.cell(1, position, head)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD_FILL, _BORDER
        cell.alignment = Alignment(horizontal="center")
        sheet.column_dimensions[get_column_letter(position)].width = width
    for number, mark in enumerate(marks, start=2):
        row = (
            mark.sheet, mark.row or "整张表", mark.column, _WORDS[mark.severity], mark.text,
            mark.proposal,
        )  # fmt: skip
        for position, value in enumerate(row, start=1):
            if isinstance(value, int):
                sheet.cell(number, position, value)
            else:
                _write(sheet, number, position, value)
            cell = sheet.cell(number, position)
            side = "center" if position == _ROW_COLUMN else None
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=side)
            cell.border = _BORDER
        sheet.cell(number, 4).fill = _FILLS[mark.severity]
        # Not every program finds out by itself how high a row with broken lines must be.
        sheet.row_dimensions[number].height = _LINE_POINTS * max(
            _lines(str(value or ""), width) for value, width in zip(row, _LIST_WIDTHS, strict=True)
        )
        if mark.sheet in book.sheetnames and mark.row:
            _link(sheet.cell(number, _ROW_COLUMN), mark)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.active = 0


def _link(cell: Any, mark: CellMark) -> None:
    """Let a click on the row's number lead to the cell that is marked."""
    there = f"{get_column_letter((mark.position or 0) + 1)}{mark.row}"
    title = str(mark.sheet).replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!{there}")
    own = cell.font
    cell.font = Font(name=own.name, size=own.size, color="FF0563C1", underline="single")


def _write(sheet: Any, row: int, column: int, text: str | None) -> None:
    if text:
        set_text(sheet.cell(row, column), text)
