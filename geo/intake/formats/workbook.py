"""Excel workbooks (.xlsx) as sheets of numbered rows."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import TranslatorError
from openpyxl.utils.exceptions import InvalidFileException

from geo.errors import FileTooLargeError, Place
from geo.intake.faults import shown
from geo.intake.formats.archive import DAMAGE, damaged, vet_workbook
from geo.intake.formats.bounds import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, InputFile, foreign_content
from geo.intake.rows import Raw, Row, Sheet, Unreadable, is_blank

_EXCEL_ROWS: Final = 1_048_576
_ZIP: Final = b"PK\x03\x04"
_MALFORMED: Final = (
    *DAMAGE,
    ArithmeticError,
    AssertionError,
    AttributeError,
    InvalidFileException,
    LookupError,
    RuntimeError,
    SyntaxError,
    TokenizerError,
    TranslatorError,
    TypeError,
)
"""What openpyxl raises on a workbook that is not as the standard says."""

_NO_RESULT: Final = Unreadable(
    zh="公式没有结果。请在 Excel 中打开并保存一次，或改填数值。",
    en="The formula has no result; open and save the file in Excel, or enter the value.",
)

Choose = Callable[[Sequence[str]], Sequence[str]]
_At = tuple[int, int]


def read_workbook(source: InputFile, choose: Choose) -> dict[str, Sheet]:
    """Read some sheets of a workbook: values only, formulas by their last result.

    Parameters
    ----------
    source : InputFile
        The file.
    choose : callable
        Given the titles of the visible sheets, returns those to read.

    Returns
    -------
    dict of str to Sheet
        By title, in the order chosen.

    Raises
    ------
    FileTypeError
        It is no workbook, is damaged, encrypted or holds macros.
    FileTooLargeError
        It exceeds a bound of :mod:`geo.intake.formats.bounds`.
    """
    if not source.content.startswith(_ZIP):
        raise foreign_content(source, " Excel 或 WPS ", "an Excel workbook")
    formulas = vet_workbook(source.content, source.name)
    try:
        # openpyxl warns of styles and extensions that play no part here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return _read(source, choose, formulas)
    except _MALFORMED as error:
        raise damaged(source.name) from error


def _read(source: InputFile, choose: Choose, formulas: bool) -> dict[str, Sheet]:
    book = _open(source, results=True)
    # Templates keep the words of their drop-down lists in hidden sheets.
    sheets = {sheet.title: sheet for sheet in book.worksheets if sheet.sheet_state == "visible"}
    titles = choose(list(sheets))
    lacking: dict[str, set[_At]] = {}
    if formulas:
        texts = {sheet.title: sheet for sheet in _open(source, results=False).worksheets}
        lacking = {title: set(_formulas(texts[title], source.name)) for title in titles}
    return {
        title: Sheet(
            source.name, title, _rows(sheets[title], source.name, lacking.get(title, set()))
        )
        for title in titles
    }


def _open(source: InputFile, *, results: bool) -> Workbook:
    stream = io.BytesIO(source.content)
    return load_workbook(stream, read_only=True, data_only=results, keep_links=False)


def _cells(sheet: Any, file: str) -> Iterator[tuple[int, Sequence[Any]]]:
    """Return number and cells of each row that has any, within the bound of cells."""
    # The range that a file declares for a sheet is often wrong and would hide rows.
    sheet.reset_dimensions()
    seen = 0
    for number, cells in enumerate(sheet.iter_rows(max_row=_EXCEL_ROWS), start=1):
        seen += len(cells)
        if seen > MAX_CELLS:
            raise _too_far(Place(file=file, sheet=sheet.title, row=number))
        if cells:
            yield number, cells


def _rows(sheet: Any, file: str, formulas: set[_At]) -> list[Row]:
    rows = []
    for number, cells in _cells(sheet, file):
        values = tuple(
            _raw(cell, (number, position) in formulas)
            for position, cell in enumerate(_used(cells, number, formulas))
        )
        if all(map(is_blank, values)):
            continue
        if number > MAX_ROWS or len(values) > MAX_COLUMNS:
            raise _too_far(Place(file=file, sheet=sheet.title, row=number))
        rows.append(Row(number, values))
    return rows


def _used(cells: Sequence[Any], row: int, formulas: set[_At]) -> Sequence[Any]:
    end = len(cells)
    while end and is_blank(cells[end - 1].value) and (row, end - 1) not in formulas:
        end -= 1
    return cells[:end]


def _formulas(sheet: Any, file: str) -> Iterator[_At]:
    """Return row and position of each cell that holds a formula."""
    for number, cells in _cells(sheet, file):
        for position, cell in enumerate(cells):
            if cell.data_type == "f":
                yield number, position


def _raw(cell: Any, formula: bool) -> Raw:
    if cell.data_type == "e":
        error = shown(cell.value)
        return Unreadable(
            zh=f"单元格是错误值 {error}，请改正公式或填入数值。",
            en=f"The cell holds the error {error}; mend the formula or enter the value.",
        )
    # A formula whose result is the empty text is told by its type.
    if cell.value is None and formula and cell.data_type != "str":
        return _NO_RESULT
    value: Raw = cell.value
    return value


def _too_far(place: Place) -> FileTooLargeError:
    return FileTooLargeError(
        zh=f"内容超出 {MAX_ROWS:,} 行或 {MAX_COLUMNS} 列的上限，请删去远处的单元格或拆分。",
        en=f"Content beyond {MAX_ROWS:,} rows or {MAX_COLUMNS} columns; delete or split.",
        place=place,
    )
