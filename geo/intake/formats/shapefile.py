"""Shapefiles as one layer: the .shp with its companions, text in UTF-8 or GB18030."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from typing import Any, Final

import shapefile

from geo.core.errors import FileTypeError, Place
from geo.core.messages import Note
from geo.intake.formats.geojson import too_large
from geo.intake.formats.limits import MAX_ROWS, InputFile, foreign_content
from geo.intake.formats.parts import Feature, Part
from geo.intake.sentences import message

_MAGIC: Final = b"\x00\x00\x27\x0a"
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"
_NULL_SHAPE: Final = 0
_UTF8_NAMES: Final = frozenset({"utf-8", "utf8", "65001"})
_DBF_HEADER: Final = struct.Struct("<4xIHH20x")
_LANGUAGE_AT: Final = 29
_LANGUAGE_GBK: Final = 0x4D
_BROKEN: Final = (
    shapefile.ShapefileException,
    shapefile.PossiblyCorruptFileHeader,
    struct.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    EOFError,
    AssertionError,
)
"""What pyshp raises on files that are not as the format says."""

DBF_ENCODING: Final = message("formats.dbf_encoding_guessed")
CUT_TEXT: Final = message("formats.dbf_text_cut")


_SHAPEFILE_WITHOUT_DBF = message("formats.shapefile_without_dbf")
_SHAPEFILE_DAMAGED = message("formats.shapefile_damaged")


def read_shapefile(source: InputFile) -> Part:
    """Read a shapefile: the features of its one layer.

    Raises
    ------
    FileTypeError
        It is none, lacks its .dbf, or is damaged.
    FileTooLargeError
        It has too many features.
    """
    if not source.content.startswith(_MAGIC):
        raise foreign_content(source, " QGIS 按 Shapefile ", "a shapefile")
    dbf = source.companions.get(".dbf")
    if dbf is None:
        raise _SHAPEFILE_WITHOUT_DBF.error(FileTypeError, place=Place(file=source.name))
    _check_table(dbf, source)
    encoding, told = _encoding(source, dbf)
    notes = [DBF_ENCODING.note(encoding=encoding)] if told else []
    try:
        # A file that is shorter than it says has lost features: no warning, an error.
        with warnings.catch_warnings(action="error", category=shapefile.PossiblyCorruptFileHeader):
            features = list(_read(source, dbf, encoding, notes))
    except _BROKEN as error:
        raise _damaged(source) from error
    return Part(None, features=features, system=_system(source), notes=tuple(notes))


def _read(source: InputFile, dbf: bytes, encoding: str, notes: list[Note]) -> Iterator[Feature]:
    with shapefile.Reader(
        shp=io.BytesIO(source.content),
        dbf=io.BytesIO(dbf),
        encoding=encoding,
        encodingErrors="replace",
    ) as reader:
        yield from _features(reader, notes)


def _check_table(dbf: bytes, source: InputFile) -> None:
    """Raise where a .dbf promises more rows than it has bytes for, or more than are taken."""
    if len(dbf) < _DBF_HEADER.size:
        raise _damaged(source)
    count, header, width = _DBF_HEADER.unpack_from(dbf)
    if count > MAX_ROWS:
        raise too_large(source, f"超过 {MAX_ROWS:,} 个要素", f"over {MAX_ROWS:,} features")
    if width == 0 or header + count * width > len(dbf) + 1:
        raise _damaged(source)


def _encoding(source: InputFile, dbf: bytes) -> tuple[str, bool]:
    """Return the encoding of a .dbf, and whether it had to be guessed.

    A .cpg says it, or the table's own language mark. Else it is UTF-8 where the
    table's own bytes are, and GB18030 where they are not: a GBK table read as
    anything else is nonsense without an error.
    """
    stated = source.companions.get(".cpg", b"").decode("ascii", "replace").strip().lower()
    if stated:
        return ("utf-8" if stated in _UTF8_NAMES else "gb18030"), False
    if dbf[_LANGUAGE_AT] == _LANGUAGE_GBK:
        return "gb18030", False
    if dbf[_DBF_HEADER.size :].isascii():
        return "utf-8", False
    return ("utf-8" if _is_mostly_utf8(dbf) else "gb18030"), True


def _is_mostly_utf8(content: bytes) -> bool:
    """Return whether text is UTF-8, but for characters that a field's end has cut."""
    text = content.decode("utf-8", "replace")
    foreign = sum(1 for sign in text if ord(sign) > 0x7F and sign != _REPLACED)  # noqa: PLR2004
    return text.count(_REPLACED) * 5 < foreign


def _features(reader: shapefile.Reader, notes: list[Note]) -> Iterator[Feature]:
    names = [_whole(field[0], notes) for field in reader.fields if field[0] != "DeletionFlag"]
    for number, item in enumerate(reader.iterShapeRecords(), start=1):
        values = [_whole(value, notes) for value in item.record]
        shape = item.shape
        geometry: Any = None
        if shape is not None and shape.shapeType != _NULL_SHAPE:
            geometry = dict(shape.__geo_interface__)
        yield Feature(number, dict(zip(names, values, strict=True)), geometry)


def _whole(value: Any, notes: list[Note]) -> Any:
    """Return text without a character that was cut in the middle; other values as they are."""
    if not isinstance(value, str) or _REPLACED not in value:
        return value
    if not any(note.code == CUT_TEXT.code for note in notes):
        notes.append(CUT_TEXT.note())
    return value.rstrip(_REPLACED)


def _system(source: InputFile) -> str | None:
    text = source.companions.get(".prj", b"").decode("utf-8", "replace").strip()
    return text or None


def _damaged(source: InputFile) -> FileTypeError:
    return _SHAPEFILE_DAMAGED.error(FileTypeError, place=Place(file=source.name))
