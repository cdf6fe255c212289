"""Tables as users send them, as one stream of rows that know their place."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from geo.errors import EmptyFileError, FileTypeError, KepuError, Place
from geo.intake.bounds import MAX_COLUMNS, MAX_ROWS, check_zip, read_bytes, too_large

_ZIP_MAGIC: Final = b"PK\x03\x04"
_MAX_CELL: Final = 131_072
_TAKEN: Final = "xlsx、csv、geojson"


@dataclass(frozen=True)
class SheetTable:
    """One table of a file: its headings, and its rows with their number in the file."""

    place: Place
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...] = field(repr=False)


def read_tables(path: Path) -> dict[str, SheetTable]:
    """Return every table of an .xlsx or .csv file by sheet name.

    The first row that holds anything has the headings; rows that hold nothing
    are passed over. Formulas give the value that was saved with them.

    Raises
    ------
    InputError
        The file is missing, empty, too large, damaged, or of another type.
    """
    content = read_bytes(path)
    place = Place(file=path.name)
    suffix = path.suffix.lower()
    if suffix == ".xlsx" and content.startswith(_ZIP_MAGIC):
        return _read_workbook(content, place)
    if suffix == ".csv":
        return {"": _table(_csv_rows(content, place), place)}
    raise wrong_type(place)


def wrong_type(place: Place) -> FileTypeError:
    """Return the error for a file of a type that is not taken."""
    return FileTypeError(
        zh=f"不是可用的文件类型（可用：{_TAKEN}）。如果是旧版 xls 或其他表格，请另存为 xlsx。",
        en="Not a type that is taken (xlsx, csv, geojson); save it as xlsx.",
        place=place,
    )


def _read_workbook(content: bytes, place: Place) -> dict[str, SheetTable]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_zip(archive, place)
        with warnings.catch_warnings():
            # Styles and validations that openpyxl leaves out are nothing to us.
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
            found = {}
            for name in names:
                where = Place(file=place.file, sheet=name)
                rows = list(_sheet_rows(book[name], where))
                if rows:
                    found[name] = _table(iter(rows), where)
    except KepuError:
        raise
    except (
        zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, SyntaxError,
        AttributeError, IndexError, NotImplementedError, EOFError, OverflowError,
    ) as error:  # fmt: skip
        # What openpyxl raises on damaged parts; ParseError is a SyntaxError.
        raise FileTypeError(
            zh="工作簿已损坏或不是真正的 xlsx。请用 Excel 打开后另存为 xlsx。",
            en="The workbook is damaged or no real xlsx; open and save it with Excel.",
            place=place,
        ) from error
    if not found:
        raise EmptyFileError(zh="工作簿里没有数据。", en="The workbook is empty.", place=place)
    return found


def _sheet_rows(sheet: Any, place: Place) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield each row that holds anything; a cell beyond the bounds is refused, not padded to."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows():
        number = 0
        values: list[Any] = []
        for cell in row:
            if cell.value is None:
                continue
            number = cell.row
            if cell.column > MAX_COLUMNS:
                raise too_large(place, f"{MAX_COLUMNS} columns")
            if number > MAX_ROWS:
                raise too_large(place, f"{MAX_ROWS} rows")
            values += [None] * (cell.column - 1 - len(values)) + [cell.value]
        if values:
            yield number, tuple(values)


def _csv_rows(content: bytes, place: Place) -> Iterator[tuple[int, tuple[Any, ...]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileTypeError(
            zh="不是 UTF-8 编码。请在 Excel 中另存为“CSV UTF-8”。",
            en="Not in UTF-8; save it as 'CSV UTF-8'.",
            place=place,
        ) from error
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise too_large(place, f"{MAX_COLUMNS} columns")
            if reader.line_num > MAX_ROWS:
                raise too_large(place, f"{MAX_ROWS} rows")
            values = tuple(value if value.strip() else None for value in row)
            if any(value is not None for value in values):
                yield reader.line_num, values
    except csv.Error as error:
        raise FileTypeError(
            zh=f"CSV 格式有误：{error}。",
            en=f"Not a well-formed CSV file: {error}.",
            place=Place(file=place.file, row=reader.line_num),
        ) from error


def _table(rows: Iterator[tuple[int, tuple[Any, ...]]], place: Place) -> SheetTable:
    _, first = next(rows, (0, ()))
    headings = tuple("" if value is None else str(value).strip() for value in first)
    if not headings:
        raise EmptyFileError(zh="文件里没有数据。", en="There is no row.", place=place)
    return SheetTable(place, headings, tuple(rows))
