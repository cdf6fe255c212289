"""What a fast reader of workbooks passes over: errors, formulas without a result, far cells."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from typing import IO, Final
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError, ParserCreate

from geo.core.errors import FileTooLargeError, Place
from geo.core.messages import Unreadable, message
from geo.intake.formats.bounds import MAX_COLUMNS, MAX_ROWS

_CHUNK: Final = 1 << 20
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_WORKBOOK: Final = "xl/workbook.xml"
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

NO_RESULT: Final = message(
    "formula_without_result",
    "公式没有结果。请在 Excel 中打开并保存一次，或改填数值。",
    "The formula has no result; open and save the file in Excel, or enter the value.",
).unreadable()
_ERROR: Final = message(
    "cell_error",
    "单元格是错误值 {text}，请改正公式或填入数值。",
    "The cell holds the error {text}; mend the formula or enter the value.",
)

At = tuple[int, int]
"""Row and column, from 1."""


_SHEET_TOO_LARGE = message(
    "sheet_too_large",
    "内容超出 {max_rows} 行或 {max_columns} 列的上限，请删去远处的单元格或拆分。",
    "Content beyond {max_rows} rows or {max_columns} columns; delete or split.",
)


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
        # A formula whose result is the empty text is told by its type.
        elif self._formula and not text and self._kind != "str":
            self.found[self._at] = NO_RESULT


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
    return _SHEET_TOO_LARGE.fault(
        FileTooLargeError, place=place, max_rows=f"{MAX_ROWS:,}", max_columns=MAX_COLUMNS
    )


MALFORMED: Final = (ExpatError, KeyError, ValueError)
"""What :func:`unreadable_cells` raises on a workbook that is not as the standard says."""
