"""A workbook's zip and XML, looked over before any library unpacks it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import IO, Final
from xml.parsers.expat import ExpatError, ParserCreate

from geo.core.errors import FileTooLargeError, FileTypeError, InputError, Place
from geo.core.messages import Whole
from geo.intake.formats.limits import (
    MAX_OTHER_TAGS,
    MAX_PARTS,
    MAX_RATIO,
    MAX_SHEETS,
    MAX_STRING_TAGS,
    MAX_TAGS,
    MAX_UNPACKED_BYTES,
    MEBIBYTE,
    RATIO_FROM_BYTES,
)
from geo.intake.sentences import message

_CHUNK: Final = 256 * 1024
_TAIL: Final = 20
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
# A cell beyond the 200th column or the 199,999th row, filled or not.
_FAR: Final = re.compile(
    rb' r="(?:(?:[A-Z]{3}|G[S-Z]|[H-Z][A-Z])\d|[A-Z]{0,3}(?:[2-9]\d{5}|\d{7}))'
)
_CLOSER: Final = (*(b"%cf%c" % (a, b) for a in b"<:" for b in b" \t\r\n/>"), b't="e"', b"t='e'")
"""What a worksheet holds that must be looked through cell by cell: formulas, errors."""
_SHEET: Final = re.compile(rb"[<:]sheet[\s/>]")
# Cells and texts, also of pivot tables; a prefix before the name is passed over for good.
_OTHER_TAG: Final = re.compile(
    rb"<(?![/?!])(?:[\w.-]{1,40}:)?+"
    rb"(?!(?:row|c|v|f|is|si|t|r|rPr|rPh|rFont|sz|color|family|charset|scheme|phoneticPr"
    rb"|x|n|s|d|b|m|e)[\s/>])"
)
_MACROS: Final = "vbaproject.bin"
_ENCODINGS: Final = frozenset({None, "utf-8", "us-ascii"})
_ENCRYPTED: Final = 0x1
_PACKINGS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_STRINGS, _WORKBOOK, _WORKSHEET = "sst", "workbook", "worksheet"
_READ: Final = frozenset({_STRINGS, _WORKBOOK, _WORKSHEET})
"""Roots of the parts that rows are read from."""

DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
"""What zipfile raises on an archive that is damaged, or packed in an odd way."""


_WORKBOOK_DAMAGED = message("formats.workbook_damaged")
_XML_DAMAGED = message("formats.xml_damaged")
_WORKBOOK_REFUSED = message("formats.workbook_refused")
_XML_REFUSED = message("formats.xml_refused")
_WORKBOOK_TOO_LARGE = message("formats.workbook_too_large")


class _Census:
    """What has been counted in a workbook so far."""

    def __init__(self) -> None:
        self.size = self.tags = self.string_tags = self.other_tags = self.sheets = 0
        self.closer = self.macros = False


@dataclass(frozen=True)
class Vetted:
    """What a workbook was found to hold.

    Attributes
    ----------
    closer : bool
        Whether its sheets must be looked through cell by cell: there are formulas,
        errors, or cells far from the first.
    macros : bool
        Whether it holds macros, which are never run.
    """

    closer: bool
    macros: bool


def vet_workbook(content: bytes, file: str) -> Vetted:
    """Unpack a workbook once, part by part, and keep nothing; tell what it holds.

    Parameters
    ----------
    content : bytes
        The file, known to begin as a zip does.
    file : str
        Its name, for messages.

    Raises
    ------
    FileTooLargeError
        It has more parts, sheets, unpacked bytes or XML tags than
        :mod:`geo.intake.formats.limits` allows.
    FileTypeError
        It is damaged or encrypted, holds two parts of one name, or XML with a
        document type, through which entities could be declared.
    """
    place = Place(file=file)
    # Counted in the raw bytes: zipfile makes an object of every entry on opening.
    if content.count(_DIRECTORY_ENTRY) > MAX_PARTS:
        raise _too_large(f"超过 {MAX_PARTS} 个部件", f"over {MAX_PARTS} parts", place)
    census = _Census()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive.infolist(), len(content), place)
            names = archive.namelist()
            census.macros = any(name.lower().endswith(_MACROS) for name in names)
            for entry in archive.infolist():
                with archive.open(entry) as part:
                    _survey(part, census, place)
    except (*DAMAGE, ExpatError) as error:
        raise damaged(file) from error
    return Vetted(census.closer, census.macros)


def damaged(file: str) -> FileTypeError:
    """Return the error for a workbook that cannot be unpacked or read."""
    return _WORKBOOK_DAMAGED.error(FileTypeError, place=Place(file=file))


def check_xml(content: bytes, file: str) -> None:
    """Raise unless bytes are XML in UTF-8 without a document type.

    Raises
    ------
    FileTypeError
        They are not, or could declare entities.
    """
    place = Place(file=file)
    if _root_of(content[:_CHUNK], partial(_xml_refused, place)) is None:
        raise _XML_DAMAGED.error(FileTypeError, place=place)


def _check_directory(entries: list[zipfile.ZipInfo], packed: int, place: Place) -> None:
    names = [entry.filename.lower() for entry in entries]
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise _refused("有密码，请取消密码后另存", "is encrypted; save it without", place)
    if any(entry.compress_type not in _PACKINGS for entry in entries):
        raise _refused("的压缩方式不常见，请用 Excel 另存", "is packed in an odd way", place)
    if len(set(names)) < len(names):
        raise _refused("有重名的部件，请用 Excel 另存", "has two parts of one name", place)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise _unpacked_too_large(place)
    if unpacked > RATIO_FROM_BYTES and unpacked > packed * MAX_RATIO:
        raise _too_large(
            f"解压后是原来的 {unpacked // packed} 倍", f"it grows {unpacked // packed}-fold", place
        )


def _survey(part: IO[bytes], census: _Census, place: Place) -> None:
    """Read one part to its end, counting what later work on it would cost."""
    chunk = part.read(_CHUNK)
    root = _root_of(chunk, partial(_part_refused, place))
    tail = b""
    # The fast reader takes XML that breaks off for XML that ends, and would lose rows.
    parser = ParserCreate() if root in _READ else None
    while chunk:
        if parser is not None:
            parser.Parse(chunk)
        census.size += len(chunk)
        if root is not None:
            tags = chunk.count(b"<")
            census.tags += tags
            census.string_tags += tags if root == _STRINGS else 0
            census.other_tags += sum(1 for _ in _OTHER_TAG.finditer(chunk))
            window = tail + chunk
            if root == _WORKSHEET and not census.closer:
                census.closer = any(sign in window for sign in _CLOSER) or bool(_FAR.search(window))
            if root == _WORKBOOK:
                found = _SHEET.finditer(window)
                census.sheets += sum(match.end() > len(tail) for match in found)
            tail = chunk[-_TAIL:]
        _check_census(census, place)
        chunk = part.read(_CHUNK)
    if parser is not None:
        parser.Parse(b"", True)


def _check_census(census: _Census, place: Place) -> None:
    if census.size > MAX_UNPACKED_BYTES:
        raise _unpacked_too_large(place)
    if census.sheets > MAX_SHEETS:
        raise _too_large(f"超过 {MAX_SHEETS} 张工作表", f"over {MAX_SHEETS} sheets", place)
    if census.tags > MAX_TAGS or census.string_tags > MAX_STRING_TAGS:
        raise _too_large("单元格太多", "too many cells", place)
    if census.other_tags > MAX_OTHER_TAGS:
        raise _too_large("样式或合并单元格太多", "too many styles or merged cells", place)


def _root_of(head: bytes, refused: Callable[[str, str], FileTypeError]) -> str | None:
    """Return the root element's name of a part, None of one that is not XML.

    Entities can be declared only before the root, so the parser goes no further
    than the first chunk. It is the same parser that openpyxl uses, which leaves
    no encoding that one of the two would read otherwise.
    """
    names: list[str] = []
    encodings: list[str | None] = []

    def refuse(*_: object) -> None:
        raise refused("含有文档类型声明（DOCTYPE）", "declares a DOCTYPE")

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.XmlDeclHandler = lambda _version, encoding, _alone: encodings.append(encoding)
    parser.StartElementHandler = lambda name, _attributes: names.append(name)
    try:
        parser.Parse(head, len(head) < _CHUNK)
    except (ExpatError, LookupError, ValueError):
        # No XML, such as a picture; or broken: whoever needs the part will say so.
        if not names:
            return None
    if not names and head:
        raise refused("有不能识别的部件", "has a part without a root")
    encoding = encodings[0].lower() if encodings and encodings[0] else None
    if encoding not in _ENCODINGS or b"\x00" in head:
        raise refused("的编码不是 UTF-8", "is not in UTF-8")
    return names[0].rpartition(":")[2] if names else None


def _refused(zh: str, en: str, place: Place) -> FileTypeError:
    return _WORKBOOK_REFUSED.error(FileTypeError, place=place, why=Whole(zh), why_en=Whole(en))


def _part_refused(place: Place, zh: str, en: str) -> FileTypeError:
    return _refused(f"{zh}，请用 Excel 另存", en, place)


def _xml_refused(place: Place, zh: str, en: str) -> FileTypeError:
    return _XML_REFUSED.error(FileTypeError, place=place, why=Whole(zh), why_en=Whole(en))


def _too_large(zh: str, en: str, place: Place) -> InputError:
    return _WORKBOOK_TOO_LARGE.error(
        FileTooLargeError, place=place, why=Whole(zh), why_en=Whole(en)
    )


def _unpacked_too_large(place: Place) -> InputError:
    limit = MAX_UNPACKED_BYTES // MEBIBYTE
    return _too_large(f"解压后超过 {limit} MB", f"over {limit} MB unpacked", place)
