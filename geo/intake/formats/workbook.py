"""Excel workbooks, .xlsx and .xls, as parts: values only, formulas by their last result."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Final
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError, ParserCreate

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

from geo.core.errors import FileTooLargeError, FileTypeError, Place
from geo.core.messages import Note, Unreadable
from geo.intake.formats.archive import DAMAGE, damaged, vet_workbook
from geo.intake.formats.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, InputFile, foreign_content
from geo.intake.formats.parts import Part, Raw, Row, is_blank
from geo.intake.sentences import message

_CHUNK: Final = 1 << 20
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_WORKBOOK: Final = "xl/workbook.xml"
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

NO_RESULT: Final = message("general.formula_without_result")
_ERROR: Final = message("formats.cell_error")

At = tuple[int, int]
"""Row and column, from 1."""


_SHEET_TOO_LARGE = message("formats.sheet_too_large")


def unreadable_cells(content: bytes, file: str) -> Mapping[str, Mapping[At, Unreadable]]:
    """Return, by sheet's title, the cells that hold something and have no value.

    Parameters
    ----------
    content : bytes
        A workbook (.xlsx) that :func:`geo.intake.formats.archive.vet_workbook` let through.
    file : str
        Its name, for messages.

    Raises
    ------
    FileTooLargeError
        A cell beyond the rows or columns that are taken holds something.
    xml.parsers.expat.ExpatError, KeyError, ValueError
        The workbook is not as the standard says.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {}
        for title, name in _sheet_parts(archive).items():
            with archive.open(name) as part:
                found[title] = _look_through(part, file, title)
        return found


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the parts that hold worksheets, by the title that people see."""
    try:
        book = ElementTree.fromstring(archive.read(_WORKBOOK))  # noqa: S314  (no DTD: vetted)
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    targets = {item.get("Id"): str(item.get("Target")) for item in relations}
    parts = {}
    for sheet in (*book.iter(f"{_MAIN}sheet"), *book.iter(f"{_STRICT}sheet")):
        target = targets.get(next((sheet.get(key) for key in _RELATION if sheet.get(key)), None))
        name = posixpath.normpath(posixpath.join("/xl", target or "")).lstrip("/")
        if name in archive.namelist() and "chartsheet" not in name:
            parts[str(sheet.get("name"))] = name
    return parts


class _Looker:
    """Goes through one worksheet, element by element."""

    def __init__(self, file: str, title: str) -> None:
        self.found: dict[At, Unreadable] = {}
        self._file, self._title = file, title
        self._at: At = (0, 0)
        self._kind = ""
        self._formula = False
        self._text: list[str] = []
        self._inside: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._inside.append(name)
        if name == "row":
            self._at = (int(attributes.get("r", self._at[0] + 1)), 0)
        elif name == "c":
            reference = attributes.get("r")
            row, column = self._at
            self._at = at(reference) if reference else (row, column + 1)
            self._kind, self._formula = attributes.get("t", ""), False
            self._text.clear()
        elif name == "f":
            self._formula = True

    def data(self, text: str) -> None:
        if self._inside and self._inside[-1] in ("v", "t"):
            self._text.append(text)

    def end(self, _tag: str) -> None:
        if self._inside.pop() != "c":
            return
        text = "".join(self._text)
        row, column = self._at
        if (text or self._formula) and (row > MAX_ROWS or column > MAX_COLUMNS):
            raise too_far(Place(file=self._file, sheet=self._title, row=row))
        if self._kind == "e":
            self.found[self._at] = error_cell(text)
        # A formula whose result is the empty text is reported by its type.
        elif self._formula and not text and self._kind != "str":
            self.found[self._at] = NO_RESULT.unreadable()


def _look_through(part: IO[bytes], file: str, title: str) -> dict[At, Unreadable]:
    looker = _Looker(file, title)
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = looker.start, looker.end
    parser.CharacterDataHandler = looker.data
    while chunk := part.read(_CHUNK):
        parser.Parse(chunk)
    parser.Parse(b"", True)
    return looker.found


def at(reference: str) -> At:
    """Return the row and column, from 1, that a cell's name such as ``AB12`` gives.

    Raises
    ------
    ValueError
        It is no cell's name.

    Examples
    --------
    >>> at("A1"), at("AB12"), at("XFD1048576")
    ((1, 1), (12, 28), (1048576, 16384))
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"no cell: {reference[:20]!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def error_cell(text: str) -> Unreadable:
    """Return what stands for a cell with an error such as #N/A."""
    return _ERROR.unreadable(text=text)


def too_far(place: Place) -> FileTooLargeError:
    """Return the error for content beyond the rows or columns that are taken."""
    return _SHEET_TOO_LARGE.error(
        FileTooLargeError, place=place, max_rows=f"{MAX_ROWS:,}", max_columns=MAX_COLUMNS
    )


MALFORMED: Final = (ExpatError, KeyError, ValueError)
"""What :func:`unreadable_cells` raises on a workbook that is not as the standard says."""


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

MACROS: Final = message("formats.macros_not_run")
OLD_EXCEL: Final = message("formats.old_excel")


_WORKBOOK_PASSWORD = message("formats.workbook_password")


def read_workbook(source: InputFile) -> list[Part]:
    """Read all worksheets of a workbook, hidden ones too, which are marked.

    The content decides between .xlsx and .xls, whatever the suffix says.

    Raises
    ------
    FileTypeError
        It is no workbook, is damaged or encrypted.
    FileTooLargeError
        It exceeds a bound of :mod:`geo.intake.formats.limits`.
    """
    notes: list[Note] = []
    unreadable: Mapping[str, Mapping[At, Unreadable]] = {}
    try:
        if source.content.startswith(_ZIP):
            vetted = vet_workbook(source.content, source.name)
            notes += [MACROS.note()] * vetted.macros
            if vetted.closer:
                unreadable = unreadable_cells(source.content, source.name)
        elif source.content.startswith(_OLE):
            notes.append(OLD_EXCEL.note())
        else:
            raise foreign_content(source, " Excel 或 WPS ", "an Excel workbook")
        return list(_parts(source, unreadable, tuple(notes)))
    except PasswordError as error:
        raise _encrypted(source) from error
    except _DAMAGED as error:
        raise damaged(source.name) from error


def _parts(
    source: InputFile,
    unreadable: Mapping[str, Mapping[At, Unreadable]],
    notes: tuple[Note, ...],
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
            notes=notes,
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
    return _WORKBOOK_PASSWORD.error(FileTypeError, place=Place(file=source.name))
