"""CSV files in UTF-8 as one sheet of numbered rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from geo.errors import FileTooLargeError, FileTypeError, Place
from geo.intake.formats.bounds import (
    MAX_COLUMNS,
    MAX_CSV_CELLS,
    MAX_CSV_ROW,
    MAX_ROWS,
    InputFile,
    foreign_content,
    is_foreign,
)
from geo.intake.rows import Row, Sheet, trimmed

_EXPECTED: Final = ("「CSV UTF-8」格式", "CSV in UTF-8")


def read_csv(source: InputFile) -> Sheet:
    r"""Read a CSV file in UTF-8, with or without a byte order mark; every cell is text.

    Rows count as a spreadsheet counts them: a quoted cell with line ends is one row.

    Raises
    ------
    FileTypeError
        It is of another type, not UTF-8, holds NUL, or its quotes do not match.
    FileTooLargeError
        It has more rows, columns, cells or characters in a row than
        :mod:`geo.intake.formats.bounds` allows, or a cell of more than 131,072 characters.

    Examples
    --------
    >>> read_csv(InputFile("a.csv", ".csv", "名称,类型\n\n馆,科技馆\n".encode())).rows
    [Row(number=1, cells=('名称', '类型')), Row(number=3, cells=('馆', '科技馆'))]
    """
    text = _text(source)
    return Sheet(source.name, None, list(_rows(text, source.name)), delimited=True)


def _text(source: InputFile) -> str:
    if is_foreign(source.content):
        raise foreign_content(source, *_EXPECTED)
    try:
        text = source.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(source.name) from error
    if "\x00" in text:
        raise _not_utf8(source.name)
    return text


class _Lines:
    """The lines of a text; a row of too many characters ends before it is taken apart."""

    def __init__(self, text: str, file: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._file = file
        self._row = 1
        self._characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._characters += len(line)
        if self._characters > MAX_CSV_ROW:
            raise _too_large(Place(file=self._file, row=self._row))
        return line

    def next_row(self) -> None:
        """Count characters anew: a row is complete."""
        self._row += 1
        self._characters = 0


def _rows(text: str, file: str) -> Iterator[Row]:
    # The size of a cell is bounded by the csv module's own limit, which is left as it is.
    lines = _Lines(text, file)
    reader = csv.reader(lines, strict=True)
    number = count = 0
    try:
        for number, cells in enumerate(reader, start=1):
            lines.next_row()
            used = trimmed(cells)
            count += len(used)
            if number > MAX_ROWS or len(used) > MAX_COLUMNS or count > MAX_CSV_CELLS:
                raise _too_large(Place(file=file, row=number))
            if used:
                yield Row(number, tuple(cell or None for cell in used))
    except csv.Error as error:
        place = Place(file=file, row=number + 1)
        if "field limit" in str(error):
            raise _too_large(place) from error
        raise FileTypeError(
            zh="这一行的引号不配对，请重新导出 CSV；文字中的引号要写成两个。",
            en="The quotes of this row do not match; export the CSV again.",
            place=place,
        ) from error


def _not_utf8(file: str) -> FileTypeError:
    return FileTypeError(
        zh="文件不是 UTF-8 编码。请在 Excel 中另存为「CSV UTF-8（逗号分隔）」。",
        en="The file is not in UTF-8; save it as 'CSV UTF-8' in Excel.",
        place=Place(file=file),
    )


def _too_large(place: Place) -> FileTooLargeError:
    return FileTooLargeError(
        zh=f"超出 {MAX_ROWS:,} 行、{MAX_COLUMNS} 列、{MAX_CSV_CELLS:,} 格、一行 {MAX_CSV_ROW:,} 字"
        "或一格 131,072 字的上限，请拆分。",
        en=f"Beyond {MAX_ROWS:,} rows, {MAX_COLUMNS} columns, {MAX_CSV_CELLS:,} cells,"
        f" {MAX_CSV_ROW:,} characters a row or 131,072 a cell; split it.",
        place=place,
    )
