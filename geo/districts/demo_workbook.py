"""A ledger as an Excel workbook with the office's headings, the same bytes every time."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geo.core.schema import DESIGNATIONS, FACILITIES, Column, Table
from geo.core.vocabulary import LABELS
from geo.core.workbook import LEDGER_SHEET, PLAQUE_SHEET, heading, workbook_bytes

_NOTES_SHEET: Final = "说明"
_PROVENANCE: Final = frozenset({"source_file", "source_sheet", "source_row"})
_NOTES: Final = (
    "演示台账：除「是否演示数据」为「否」的行外，所有设施均为虚构，仅供试用。",
    "「设施台账」一行一处场所；「挂牌」一行一块牌匾，用「设施编号」对应场所。",
    "展厅面积只填对公众开放的室内展示面积；建筑面积、室外展示面积、画廊长度各填各列，不得混填。",
    "不知道的留空，不要填0；没有的填0。",
    "经度、纬度为 CGCS2000（与 WGS 84 相差厘米级）的度数；高德、腾讯、百度坐标请先转换。",
)
_WIDTHS: Final = {"name": 36, "title": 32, "note": 40, "address": 30, "department": 18}

Row = dict[str, Any]


def ledger_workbook(rows: list[Row], plaques: list[Row]) -> bytes:
    """Return a workbook with the sheets 说明, 设施台账 and 挂牌.

    Parameters
    ----------
    rows : list of dict
        One for each place: columns of :data:`geo.core.schema.FACILITIES` by name, and
        ``point`` (a shapely Point in degrees, or None).
    plaques : list of dict
        One for each plaque: columns of :data:`geo.core.schema.DESIGNATIONS` by name.
    """
    book = Workbook()
    notes = book.active
    assert isinstance(notes, Worksheet)  # noqa: S101  (a new workbook has one)
    notes.title = _NOTES_SHEET
    notes.column_dimensions["A"].width = 110
    for text in _NOTES:
        notes.append([text])
    _sheet(book, LEDGER_SHEET, FACILITIES, rows, positions=True)
    _sheet(book, PLAQUE_SHEET, DESIGNATIONS, plaques, positions=False)
    book.active = 1
    return workbook_bytes(book)


def _sheet(book: Workbook, title: str, table: Table, rows: list[Row], *, positions: bool) -> None:
    sheet = book.create_sheet(title)
    columns = [column for column in table.columns if column.name not in _PROVENANCE]
    sheet.append([heading(column) for column in columns] + ["经度", "纬度"] * positions)
    for row in rows:
        cells = [_cell(column, row.get(column.name)) for column in columns]
        point = row.get("point")
        position = [point.x, point.y] if point is not None else [None, None]
        sheet.append(cells + position * positions)
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            # A text that begins with = would else be a live formula.
            if cell.data_type == "f":
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE8F0")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    for number, column in enumerate(columns, start=1):
        width = _WIDTHS.get(column.name, 14)
        sheet.column_dimensions[get_column_letter(number)].width = width


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.choices is not None:
        return LABELS[column.choices][_term(column.choices, value)].zh
    if column.dtype == "boolean":
        return "是" if value else "否"
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return value


def _term(choices: type[StrEnum], value: str) -> StrEnum:
    return choices(value)
