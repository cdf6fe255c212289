"""Workbooks for others: a table with frozen headings, its columns, and what it rests on.

Text is kept as text, whatever it begins with; the same content is the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from geo.core.fields import short_name
from geo.core.schema import Column
from geo.core.workbook import FORMULA_SIGNS, workbook_bytes
from geo.publish.files.csv_file import positions_of
from geo.publish.files.layer import Layer
from geo.publish.files.texts import for_xml

CELL_CHARACTERS: Final = 32_767
"""What a cell of Excel holds; more is cut."""

NOTES_SHEET: Final = "说明"
FIELDS_SHEET: Final = "字段"
_WIDE: Final = {"name": 36, "name_zh": 20, "title": 32, "note": 40, "address": 30,
                "department": 18, "designations": 36, "wkt": 40}  # fmt: skip
_WIDTH, _NOTES_WIDTH = 14, 110
_HEAD: Final = (Font(bold=True), PatternFill("solid", fgColor="DDE8F0"),
                Alignment(wrap_text=True, vertical="center"))  # fmt: skip


def workbook_of(layer: Layer, notes: Sequence[str]) -> bytes:
    """Return a layer as .xlsx: the table, 字段 with every column, and 说明.

    Parameters
    ----------
    layer : Layer
        Coordinates come in two columns for points, as WKT for areas.
    notes : sequence of str
        The lines of 说明.
    """
    book = Workbook(write_only=True)
    positions = positions_of(layer)
    heads = [*(f"{column.zh}{_unit(column)}" for column in layer.columns), *positions.head]
    names = [*(column.name for column in layer.columns), *positions.names]
    rows = ([*values, *place] for values, place in zip(layer.values(), positions.rows, strict=True))
    add_table(book, layer.table.zh, heads, rows, widths=[_WIDE.get(n, _WIDTH) for n in names])
    add_table(
        book,
        FIELDS_SHEET,
        ["列名", "中文", "English", "单位", "短名（Shapefile）"],
        ([c.name, c.zh, c.en, c.unit, short_name(c.name)] for c in layer.columns),
        widths=[34, 30, 40, 10, 18],
    )
    add_notes(book, notes)
    return workbook_bytes(book)


def _unit(column: Column) -> str:
    return f"（{column.unit}）" if column.unit else ""


def add_table(
    book: Workbook,
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    widths: Sequence[float],
    freeze: str = "C2",
) -> Any:
    """Add a sheet with bold headings that stay in sight; the rows are written at once."""
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = freeze
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.append([_head_cell(sheet, head) for head in heads])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{count}"
    return sheet


def add_notes(book: Workbook, notes: Sequence[str]) -> None:
    """Add the sheet 说明, a line in each row."""
    sheet: Any = book.create_sheet(NOTES_SHEET)
    sheet.column_dimensions["A"].width = _NOTES_WIDTH
    for line in notes:
        sheet.append([_cell(sheet, line)])


def _head_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font, cell.fill, cell.alignment = _HEAD
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  (Excel has no zones)
    if isinstance(value, float):
        return value if float(f"{value:.16g}") == value else _exact_cell(sheet, value)
    if not isinstance(value, str):
        return value
    text = for_xml(value)[:CELL_CHARACTERS]
    if not text.startswith(FORMULA_SIGNS):
        return text
    # A text that begins with = would else be a live formula.
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.quotePrefix = "s", True
    return cell


def _exact_cell(sheet: Any, value: float) -> Any:
    """Return a cell of a number to its last digit, where openpyxl would write sixteen."""
    cell: Any = WriteOnlyCell(sheet, value=value)
    # The setter would take the digits for text.
    cell._value = repr(value)
    return cell
