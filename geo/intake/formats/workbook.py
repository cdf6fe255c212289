"""Excel workbooks, .xlsx and .xls, as parts: values only, formulas by their last result."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from geo.core.errors import FileTypeError, Place
from geo.core.messages import Remark, Unreadable, message
from geo.intake.formats.archive import DAMAGE, damaged, vet_workbook
from geo.intake.formats.bounds import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, InputFile, foreign_content
from geo.intake.formats.cells import MALFORMED, At, too_far, unreadable_cells
from geo.intake.formats.part import Part
from geo.intake.rows import Raw, Row, is_blank

_EXACT: Final = 2**53
"""Above it a float no longer tells neighbouring whole numbers apart."""
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED: Final = (
    *DAMAGE,
    *MALFORMED,
    CalamineError,
    XmlError,
    ZipError,
    LookupError,
    OverflowError,
)

MACROS: Final = message(
    "macros_not_run",
    "工作簿带宏：只读取数值，宏没有运行。",
    "The workbook holds macros: only values were read, nothing was run.",
)
OLD_EXCEL: Final = message(
    "old_excel",
    "旧版 .xls：其中的错误值（如 #DIV/0!）读作空白；如有，请另存为 .xlsx 再导入。",
    "An old .xls: errors such as #DIV/0! read as empty cells; save it as .xlsx if there are any.",
)


_WORKBOOK_PASSWORD = message(
    "workbook_password",
    "工作簿有密码，请取消密码后另存。",
    "The workbook is encrypted; save it without a password.",
)


def read_workbook(source: InputFile) -> list[Part]:
    """Read all worksheets of a workbook, hidden ones too, which are marked.

    The content decides between .xlsx and .xls, whatever the suffix says.

    Raises
    ------
    FileTypeError
        It is no workbook, is damaged or encrypted.
    FileTooLargeError
        It exceeds a bound of :mod:`geo.intake.formats.bounds`.
    """
    remarks: list[Remark] = []
    unreadable: Mapping[str, Mapping[At, Unreadable]] = {}
    try:
        if source.content.startswith(_ZIP):
            vetted = vet_workbook(source.content, source.name)
            remarks += [MACROS.remark()] * vetted.macros
            if vetted.closer:
                unreadable = unreadable_cells(source.content, source.name)
        elif source.content.startswith(_OLE):
            remarks.append(OLD_EXCEL.remark())
        else:
            raise foreign_content(source, " Excel 或 WPS ", "an Excel workbook")
        return list(_parts(source, unreadable, tuple(remarks)))
    except PasswordError as error:
        raise _encrypted(source) from error
    except _DAMAGED as error:
        raise damaged(source.name) from error


def _parts(
    source: InputFile,
    unreadable: Mapping[str, Mapping[At, Unreadable]],
    remarks: tuple[Remark, ...],
) -> Iterator[Part]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        found = book.get_sheet_by_name(sheet.name)
        rows = list(_rows(found, source.name, sheet.name, unreadable.get(sheet.name, {})))
        yield Part(
            sheet.name,
            rows,
            hidden=sheet.visible != SheetVisibleEnum.Visible,
            merged=_merged(found),
            remarks=remarks,
        )


def _rows(
    sheet: CalamineSheet, file: str, title: str, unreadable: Mapping[At, Unreadable]
) -> Iterator[Row]:
    by_row: dict[int, dict[int, Unreadable]] = {}
    for (number, column), cell in unreadable.items():
        by_row.setdefault(number, {})[column - 1] = cell
    # Rows are given from the sheet's first, cells from its first column in use.
    before = (None,) * (sheet.start[1] if sheet.start else 0)
    seen = last = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        last = number
        seen += len(cells)
        used = _used(cells)
        values = _with_unreadable(before + used if used else (), by_row.get(number))
        if not values:
            continue
        if number > MAX_ROWS or len(values) > MAX_COLUMNS or seen > MAX_CELLS:
            raise too_far(Place(file=file, sheet=title, row=number))
        yield Row(number, values)
    for number in sorted(row for row in by_row if row > last):
        yield Row(number, _with_unreadable((), by_row[number]))


def _used(cells: Sequence[Raw]) -> tuple[Raw, ...]:
    """Return a row's cells to the last that is not blank; empty text is None."""
    end = len(cells)
    while end and is_blank(cells[end - 1]):
        end -= 1
    return tuple(map(_plain, cells[:end]))


def _plain(cell: Raw) -> Raw:
    """Return a cell as the sheet shows it: empty text is none, 2023.0 is 2023."""
    if cell == "":
        return None
    if type(cell) is float and cell.is_integer() and abs(cell) <= _EXACT:
        return int(cell)
    return cell


def _with_unreadable(
    cells: tuple[Raw, ...], found: Mapping[int, Unreadable] | None
) -> tuple[Raw, ...]:
    if not found:
        return cells
    width = max(len(cells), max(found) + 1)
    padded = [*cells, *[None] * (width - len(cells))]
    for position, cell in found.items():
        padded[position] = cell
    return tuple(padded)


def _merged(sheet: CalamineSheet) -> tuple[tuple[int, int, int, int], ...]:
    return tuple(
        (top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )


def _encrypted(source: InputFile) -> FileTypeError:
    return _WORKBOOK_PASSWORD.fault(FileTypeError, place=Place(file=source.name))
