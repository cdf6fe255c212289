"""Text tables (.csv, .tsv, .txt) as one part of numbered rows; every cell is text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from geo.core.errors import FileTooLargeError, FileTypeError, Place
from geo.core.messages import Note
from geo.intake.formats.limits import (
    MAX_COLUMNS,
    MAX_CSV_CELLS,
    MAX_CSV_ROW,
    MAX_ROWS,
    InputFile,
    foreign_content,
    is_foreign,
)
from geo.intake.formats.parts import Part, Row, trimmed
from geo.intake.sentences import message

_EXPECTED: Final = ("「CSV UTF-8」格式", "CSV in UTF-8")
_SEPARATORS: Final = ",\t;|"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")

ENCODING: Final = message("formats.encoding_guessed")


_CSV_QUOTES = message("formats.csv_quotes")
_CSV_ENCODING = message("formats.csv_encoding")
_CSV_TOO_LARGE = message("formats.csv_too_large")


def read_csv(source: InputFile) -> Part:
    r"""Read a text table in UTF-8, with or without a mark, UTF-16 with one, or GB18030.

    Rows count as a spreadsheet counts them: a quoted cell with line ends is one
    row. Cells are separated by commas or, where the first line has none, by
    whichever of tab, semicolon and bar stands most often in it; a ``.tsv`` by tabs.

    Raises
    ------
    FileTypeError
        It is of another type, in no such encoding, holds NUL, or its quotes do not match.
    FileTooLargeError
        It has more rows, columns, cells or characters in a row than
        :mod:`geo.intake.formats.limits` allows, or a cell of more than 131,072 characters.

    Examples
    --------
    >>> read_csv(InputFile("a.csv", ".csv", "名称,类型\n\n馆,科技馆\n".encode())).rows
    [Row(number=1, cells=('名称', '类型')), Row(number=3, cells=('馆', '科技馆'))]
    >>> read_csv(InputFile("a.csv", ".csv", "名称,类型\n".encode("gbk"))).notes[0].code
    'encoding_guessed'
    """
    text, notes = _text(source)
    separator = "\t" if source.suffix == ".tsv" else _separator(text)
    rows = list(_rows(text, source.name, separator))
    return Part(None, rows, delimited=True, notes=notes)


def _text(source: InputFile) -> tuple[str, tuple[Note, ...]]:
    if is_foreign(source.content):
        raise foreign_content(source, *_EXPECTED)
    encodings = ("utf-16",) if source.content.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = source.content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        told = encoding == "gb18030"
        return text, (ENCODING.note(encoding="GB18030"),) if told else ()
    raise _unknown_encoding(source.name)


def _separator(text: str) -> str:
    """Return the sign that parts the first line: a comma where it has one, or has no sign."""
    head = text[:MAX_CSV_ROW].lstrip("\r\n").partition("\n")[0]
    if "," in head:
        return ","
    return max(_SEPARATORS, key=head.count)


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


def _rows(text: str, file: str, separator: str) -> Iterator[Row]:
    # The size of a cell is bounded by the csv module's own limit, which is left as it is.
    lines = _Lines(text, file)
    reader = csv.reader(lines, strict=True, delimiter=separator)
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
        raise _CSV_QUOTES.error(FileTypeError, place=place) from error


def _unknown_encoding(file: str) -> FileTypeError:
    return _CSV_ENCODING.error(FileTypeError, place=Place(file=file))


def _too_large(place: Place) -> FileTooLargeError:
    return _CSV_TOO_LARGE.error(
        FileTooLargeError,
        place=place,
        max_rows=f"{MAX_ROWS:,}",
        max_columns=MAX_COLUMNS,
        max_csv_cells=f"{MAX_CSV_CELLS:,}",
        max_csv_row=f"{MAX_CSV_ROW:,}",
    )
