"""A Word template that an office has changed: looked over before any library unpacks it."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from geo.core.errors import FileTooLargeError, FileTypeError, InputError, Place
from geo.core.messages import Whole
from geo.intake.formats.archive import check_xml
from geo.intake.formats.limits import MEBIBYTE, read_bounded, shown_name
from geo.intake.sentences import message

MAX_TEMPLATE_BYTES: Final = 10 * MEBIBYTE
MAX_UNPACKED_BYTES: Final = 40 * MEBIBYTE
MAX_XML_BYTES: Final = 2 * MEBIBYTE
"""Of one XML part; a report of twenty pages without pictures has a tenth of it."""
MAX_PARTS: Final = 400

_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1
_PACKINGS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MAIN_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)
_HYPERLINK: Final = "/hyperlink"
_ACTIVE: Final = ("vbaproject.bin", "vbadata.xml", "activex", "embeddings/oleobject")
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, KeyError,
)  # fmt: skip

_NOT_DOCX: Final = message("word_template.template_not_docx")
_MACROS: Final = message("word_template.template_macros")
_TOO_LARGE: Final = message("word_template.template_too_large")
_DAMAGED: Final = message("word_template.template_damaged")
_LINKED: Final = message("word_template.template_linked")


def read_word_template(path: Path) -> bytes:
    """Return an office's template, once it is known to hold nothing but text and pictures.

    Nothing of it is run or fetched: macros, controls, embedded objects and links to other
    files are refused (hyperlinks stay), and its size is bounded before it is unpacked.

    Raises
    ------
    InputError
        It is no .docx, damaged, too large, or holds what is refused.
    """
    file = shown_name(path)
    suffix = Path(file).suffix.lower()
    if suffix in {".docm", ".dotm"}:
        raise _MACROS.error(FileTypeError, place=Place(file=file))
    if suffix != ".docx":
        raise _NOT_DOCX.error(FileTypeError, place=Place(file=file))
    content = read_bounded(path, file)
    check_word_template(content, file)
    return content


def check_word_template(content: bytes, file: str) -> None:
    """Raise unless bytes are a Word document as :func:`read_word_template` takes it."""
    place = Place(file=file)
    if len(content) > MAX_TEMPLATE_BYTES:
        limit = MAX_TEMPLATE_BYTES // MEBIBYTE
        raise _too_large(f"超过 {limit} MB", f"over {limit} MB", place)
    # Counted in the raw bytes: zipfile makes an object of every entry on opening.
    if content.count(_DIRECTORY_ENTRY) > MAX_PARTS:
        raise _too_large(f"超过 {MAX_PARTS} 个部件", f"over {MAX_PARTS} parts", place)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive, place)
    except (*_DAMAGE, ElementTree.ParseError) as error:
        raise _DAMAGED.error(FileTypeError, place=place) from error


def _check_parts(archive: zipfile.ZipFile, place: Place) -> None:
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    unusual = any(
        entry.flag_bits & _ENCRYPTED or entry.compress_type not in _PACKINGS for entry in entries
    )
    if unusual or len(set(names)) < len(names):
        raise _DAMAGED.error(FileTypeError, place=place)
    if any(word in name for name in names for word in _ACTIVE):
        raise _MACROS.error(FileTypeError, place=place)
    total = 0
    for entry in entries:
        text = _is_xml(entry.filename)
        read = _bounded(archive, entry, MAX_XML_BYTES if text else MAX_UNPACKED_BYTES, place)
        total += len(read)
        if total > MAX_UNPACKED_BYTES:
            raise _unpacked_too_large(place)
        if text:
            _check_xml(read, place)
        if entry.filename.endswith(".rels"):
            _check_links(read, place)
    types = archive.read("[Content_Types].xml").decode("utf-8")
    if "macroenabled" in types.lower():
        raise _MACROS.error(FileTypeError, place=place)
    if _MAIN_TYPE not in types:
        raise _NOT_DOCX.error(FileTypeError, place=place)


def _check_xml(content: bytes, place: Place) -> None:
    """Raise unless a part is XML in UTF-8 without a document type, which could declare entities."""
    try:
        check_xml(content, str(place.file))
    except InputError as error:
        # Its words are of workbooks.
        raise _DAMAGED.error(FileTypeError, place=place) from error


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, place: Place) -> bytes:
    """Return a part, unpacked no further than so many bytes whatever its entry claims."""
    with archive.open(entry) as part:
        read = part.read(most + 1)
    if len(read) > most:
        raise _unpacked_too_large(place)
    return read


def _check_links(content: bytes, place: Place) -> None:
    # Looked over by check_xml: there is no document type, so no entities.
    for link in ElementTree.fromstring(content):  # noqa: S314
        if link.get("TargetMode") != "External" or link.get("Type", "").endswith(_HYPERLINK):
            continue
        raise _LINKED.error(FileTypeError, place=place, target=link.get("Target", ""))


def _unpacked_too_large(place: Place) -> InputError:
    limit = MAX_UNPACKED_BYTES // MEBIBYTE
    return _too_large(f"解压后超过 {limit} MB", f"over {limit} MB unpacked", place)


def _too_large(zh: str, en: str, place: Place) -> InputError:
    return _TOO_LARGE.error(FileTooLargeError, place=place, why=Whole(zh), why_en=Whole(en))
