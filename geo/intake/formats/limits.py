"""How large an untrusted file may be, and the first look at what it is."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Final

from geo.core.errors import (
    EmptyFileError,
    FileMissingError,
    FileTooLargeError,
    FileTypeError,
    InputError,
    Place,
)
from geo.core.messages import Whole
from geo.intake.sentences import message

MEBIBYTE: Final = 1024 * 1024
MAX_FILE_BYTES: Final = 64 * MEBIBYTE
MAX_COPIED_BYTES: Final = 2048 * MEBIBYTE
"""Of a file that is copied for its reader and never held in memory: a raster, an extract."""
MAX_UNPACKED_BYTES: Final = 300 * MEBIBYTE
"""Of all parts of a workbook together."""
MAX_PARTS: Final = 2_000
MAX_SHEETS: Final = 50
MAX_RATIO: Final = 200
"""By which a workbook or zip may grow on unpacking; real ledgers reach some 30."""
RATIO_FROM_BYTES: Final = 20 * MEBIBYTE
"""Unpacked size below which the ratio is not asked for."""
MAX_TAGS: Final = 24_000_000
"""XML tags in a workbook (four a filled cell): some 200,000 rows of 28 columns."""
MAX_STRING_TAGS: Final = 12_000_000
"""XML tags in a workbook's table of texts, which the reader holds in memory."""
MAX_OTHER_TAGS: Final = 400_000
"""XML tags beside cells and texts (styles, merged ranges), a kilobyte each once read."""
MAX_CELLS: Final = 20_000_000
"""Cells of a sheet from A1 to the last one used, empty ones included."""
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 200
MAX_CSV_CELLS: Final = 6_000_000
"""Cells of a CSV file, those left empty between others included: 200,000 rows of 30."""
MAX_CSV_ROW: Final = 1_000_000
"""Characters of one row of a CSV file, however many lines its quotes span."""
MAX_CONTAINERS: Final = 3_000_000
"""Opening brackets in JSON (one a vertex), each a hundred bytes or more once read."""
MAX_DEPTH: Final = 20
"""Objects and arrays within each other in JSON; a MultiPolygon stands at 8."""

COMPANIONS: Final = (".dbf", ".shx", ".prj", ".cpg")
"""Files that belong to a .shp; only the .dbf must be there."""

_BEGINNING: Final = 64
_SAVE_AS_XLSX: Final = "请在 Excel 或 WPS 中另存为 .xlsx"
_TO_XLSX: Final = (_SAVE_AS_XLSX, "save it as .xlsx")
_TO_GEOJSON: Final = ("请在 QGIS 中导出为 GeoJSON", "export it from QGIS as GeoJSON")
_OF_SHAPEFILE: Final = (
    "请指定同名的 .shp，其余文件放在同一文件夹，或一起压缩为 .zip",
    "name the .shp beside it, or zip them together",
)
_WAYS_OUT: Final = {
    **dict.fromkeys((".xls", ".xlsb", ".et", ".ods", ".numbers", ".doc", ".docx"), _TO_XLSX),
    **dict.fromkeys((".shp", ".gpkg", ".kml", ".kmz", ".gml", ".dwg", ".dxf", ".tab"), _TO_GEOJSON),
    **dict.fromkeys((".dbf", ".shx", ".prj", ".cpg"), _OF_SHAPEFILE),
    ".rar": ("请改用 .zip 压缩", "pack it as .zip"),
    ".7z": ("请改用 .zip 压缩", "pack it as .zip"),
}
_SIGNATURES: Final = (
    (b"PK\x03\x04", "Excel 工作簿或压缩包", "a workbook or a zip"),
    (b"\xd0\xcf\x11\xe0", "旧版 Excel（.xls）或加密文件", "an old or encrypted Excel file"),
    (b"%PDF", "PDF", "a PDF"),
    (b"SQLite format 3\x00", "SQLite 或 GeoPackage 数据库", "a SQLite database"),
    (b"\x00\x00\x27\x0a", "shapefile", "a shapefile"),
    (b"\x1f\x8b", "gzip 压缩文件", "a gzip file"),
)


_FILE_EMPTY = message("formats.file_empty")
_FILE_NOT_REGULAR = message("formats.file_not_regular")
_FILE_TOO_LARGE = message("formats.file_too_large")
_FILE_CONTENT_FOREIGN = message("formats.file_content_foreign")
_FILE_TYPE_UNKNOWN = message("formats.file_type_unknown")
_FILE_FORBIDDEN = message("formats.file_forbidden")
_FILE_MISSING = message("formats.file_missing")


@dataclass(frozen=True)
class InputFile:
    """A user's file, read once.

    Attributes
    ----------
    name : str
        As shown.
    suffix : str
        In lower case, with the dot.
    content : bytes
        Of the file.
    companions : Mapping[str, bytes]
        Files of the same stem that belong to a shapefile, by suffix.
    path : pathlib.Path, optional
        Of a file that is only copied for its reader; ``content`` is its beginning then.
    """

    name: str
    suffix: str
    content: bytes
    companions: Mapping[str, bytes] = field(default_factory=dict)
    path: Path | None = None


def shown_name(path: Path) -> str:
    r"""Return a file's name as it may be kept and shown.

    Examples
    --------
    >>> shown_name(Path("folder/台账\n.xlsx"))
    '台账�.xlsx'
    """
    return printable(path.name)


def printable(text: str) -> str:
    r"""Return text on one line, with a mark for each sign that cannot be shown.

    Examples
    --------
    >>> printable("2024/2025\x1b[31m")
    '2024/2025�[31m'
    """
    # A name on Linux is bytes, and some of them are no text.
    known = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in known)


def open_input(path: Path, *, takes: Sequence[str], name: str | None = None) -> InputFile:
    """Read a user's file, if it is one, of a suffix taken, not empty and not too large.

    Parameters
    ----------
    path : pathlib.Path
        Where it is.
    takes : sequence of str
        Suffixes in lower case with the dot.
    name : str, optional
        What to call it instead of the path's own name; its suffix counts then.

    Raises
    ------
    FileMissingError, FileTypeError, FileTooLargeError, EmptyFileError
        As their names say.
    """
    called = Path(name) if name else path
    file = shown_name(called)
    suffix = called.suffix.lower()
    content = read_bounded(path, file)
    if suffix not in takes:
        raise _wrong_suffix(file, suffix, takes)
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise _FILE_EMPTY.error(EmptyFileError, place=Place(file=file))
    return InputFile(file, suffix, content)


def read_bounded(path: Path, file: str) -> bytes:
    """Return a regular file's bytes, at most :data:`MAX_FILE_BYTES`.

    Raises
    ------
    FileMissingError
        It is not there or may not be read.
    FileTypeError
        It is a folder, a pipe or a device.
    FileTooLargeError
        It is larger.
    """
    with opened(path, file, MAX_FILE_BYTES) as stream:
        content = stream.read(MAX_FILE_BYTES + 1)
    # It may have grown since.
    if len(content) > MAX_FILE_BYTES:
        raise _too_large(Place(file=file), MAX_FILE_BYTES)
    return content


def open_copied(path: Path, *, takes: Sequence[str], most: int) -> InputFile:
    """Return a user's file that is to be copied for its reader, with its first bytes.

    Parameters
    ----------
    path : pathlib.Path
        Where it is.
    takes : sequence of str
        Suffixes in lower case with the dot.
    most : int
        Bytes that it may have.

    Raises
    ------
    FileMissingError, FileTypeError, FileTooLargeError, EmptyFileError
        As their names say.
    """
    file, suffix = shown_name(path), path.suffix.lower()
    with opened(path, file, most) as stream:
        beginning = stream.read(_BEGINNING)
    if suffix not in takes:
        raise _wrong_suffix(file, suffix, takes)
    if not beginning:
        raise _FILE_EMPTY.error(EmptyFileError, place=Place(file=file))
    return InputFile(file, suffix, beginning, path=path)


@contextmanager
def opened(path: Path, file: str, most: int) -> Iterator[BufferedReader]:
    """Open a regular file of at most so many bytes.

    Raises
    ------
    FileMissingError, FileTypeError, FileTooLargeError
        As :func:`read_bounded`.
    """
    place = Place(file=file)
    try:
        # Asked before opening: to open a pipe is to wait for its writer.
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _FILE_NOT_REGULAR.error(FileTypeError, place=place)
        if found.st_size > most:
            raise _too_large(place, most)
        with path.open("rb") as stream:
            yield stream
    except (OSError, ValueError) as error:
        raise _unreadable(error, place) from error


def _too_large(place: Place, most: int) -> FileTooLargeError:
    return _FILE_TOO_LARGE.error(FileTooLargeError, place=place, limit=most // MEBIBYTE)


def foreign_content(source: InputFile, expected_zh: str, expected_en: str) -> FileTypeError:
    """Return the error for a file whose content is not what its suffix says."""
    what_zh, what_en = _content_in_words(source.content)
    return _FILE_CONTENT_FOREIGN.error(
        FileTypeError,
        place=Place(file=source.name),
        suffix=Whole(source.suffix),
        what=Whole(what_zh),
        wanted=Whole(expected_zh),
        what_en=Whole(what_en),
        wanted_en=Whole(expected_en),
    )


def is_foreign(content: bytes) -> bool:
    r"""Return whether bytes that should be text begin as some other known type does.

    Examples
    --------
    >>> is_foreign(b"PK\x03\x04"), is_foreign("名称,类型".encode())
    (True, False)
    """
    return any(content.startswith(signature) for signature, _, _ in _SIGNATURES) or _is_markup(
        content
    )


def _is_markup(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _content_in_words(content: bytes) -> tuple[str, str]:
    for signature, zh, en in _SIGNATURES:
        if content.startswith(signature):
            return zh, en
    if _is_markup(content):
        return "网页或 XML", "HTML or XML"
    return "别的东西", "something else"


def _wrong_suffix(file: str, suffix: str, takes: Sequence[str]) -> FileTypeError:
    way_zh, way_en = _WAYS_OUT.get(suffix, ("请换一种格式保存", "save it as one of these"))
    what_zh = f"{suffix} 文件" if suffix else "没有扩展名的文件"
    return _FILE_TYPE_UNKNOWN.error(
        FileTypeError,
        place=Place(file=file),
        what=Whole(what_zh),
        takes=tuple(takes),
        way=Whole(way_zh),
        suffix=Whole(suffix),
        way_en=Whole(way_en),
    )


def _unreadable(error: OSError | ValueError, place: Place) -> InputError:
    if isinstance(error, PermissionError):
        return _FILE_FORBIDDEN.error(FileMissingError, place=place)
    return _FILE_MISSING.error(FileMissingError, place=place)
