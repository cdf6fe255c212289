"""Zip files that hold what is to be read: a shapefile, a KMZ, or one file of another format."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from pathlib import PurePosixPath
from typing import Final

from geo.core.errors import FileTooLargeError, FileTypeError, Place
from geo.core.messages import Whole, shown
from geo.intake.formats.archive import DAMAGE
from geo.intake.formats.limits import (
    COMPANIONS,
    MAX_FILE_BYTES,
    MAX_PARTS,
    MAX_UNPACKED_BYTES,
    MEBIBYTE,
    InputFile,
    foreign_content,
    printable,
)
from geo.intake.sentences import message

_ZIP: Final = b"PK\x03\x04"
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1
_UTF8_FLAG: Final = 0x800
_HIDDEN: Final = ("__MACOSX", ".")


_ZIP_DAMAGED = message("formats.zip_damaged")
_ZIP_WITHOUT_DATA = message("formats.zip_without_data")
_ZIP_PASSWORD = message("formats.zip_password")
_ZIP_TOO_LARGE = message("formats.zip_too_large")


def unzip(source: InputFile, takes: tuple[str, ...]) -> list[InputFile]:
    """Return the files within a zip that can be read, each with its companions.

    Names within are only ever shown, never used as paths. Files of other types
    are passed over.

    Raises
    ------
    FileTypeError
        It is no zip, is damaged or encrypted, or holds nothing that can be read.
    FileTooLargeError
        It has too many parts, or unpacks to too much.
    """
    if not source.content.startswith(_ZIP):
        raise foreign_content(source, " .zip ", "a zip")
    place = Place(file=source.name)
    # Counted in the raw bytes: zipfile makes an object of every entry on opening.
    if source.content.count(_DIRECTORY_ENTRY) > MAX_PARTS:
        raise _too_large(f"超过 {MAX_PARTS} 个文件", f"over {MAX_PARTS} files", place)
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            members = _members(archive, place)
    except DAMAGE as error:
        raise _ZIP_DAMAGED.error(FileTypeError, place=place) from error
    found = [_with_companions(path, members, source.name) for path in members]
    files = [item for item in found if item.suffix in takes]
    if files:
        return files
    names = "、".join(shown(path.name) for path in list(members)[:10]) or "—"
    raise _ZIP_WITHOUT_DATA.error(
        FileTypeError,
        place=place,
        names=Whole(names),
        takes=tuple(takes),
    )


def _members(archive: zipfile.ZipFile, place: Place) -> dict[PurePosixPath, bytes]:
    entries = [item for item in archive.infolist() if not item.is_dir()]
    if any(item.flag_bits & _ENCRYPTED for item in entries):
        raise _ZIP_PASSWORD.error(FileTypeError, place=place)
    if sum(item.file_size for item in entries) > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // MEBIBYTE
        raise _too_large(f"解压后超过 {limit} MB", f"over {limit} MB unpacked", place)
    found = {}
    for item in entries:
        path = PurePosixPath(_name(item))
        if not any(part.startswith(_HIDDEN) and part != ".." for part in path.parts):
            found[path] = _unpacked(archive, item, place)
    return found


def _name(item: zipfile.ZipInfo) -> str:
    """Return a member's name as it was meant: Chinese Windows writes GBK without saying so."""
    if item.flag_bits & _UTF8_FLAG:
        return printable(item.filename)
    try:
        return printable(item.filename.encode("cp437").decode("gb18030"))
    except (UnicodeEncodeError, UnicodeDecodeError):
        return printable(item.filename)


def _unpacked(archive: zipfile.ZipFile, item: zipfile.ZipInfo, place: Place) -> bytes:
    if item.file_size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // MEBIBYTE
        raise _too_large(f"其中一个文件超过 {limit} MB", f"a file of over {limit} MB", place)
    # zipfile reads no more than the size that the directory states.
    return archive.read(item)


def _with_companions(
    path: PurePosixPath, members: dict[PurePosixPath, bytes], outer: str
) -> InputFile:
    suffix = path.suffix.lower()
    companions: dict[str, bytes] = defaultdict(bytes)
    if suffix == ".shp":
        for other, content in members.items():
            same = other.parent == path.parent and other.stem.lower() == path.stem.lower()
            if same and other.suffix.lower() in COMPANIONS:
                companions[other.suffix.lower()] = content
    return InputFile(f"{outer}/{path.name}", suffix, members[path], dict(companions))


def _too_large(zh: str, en: str, place: Place) -> FileTooLargeError:
    return _ZIP_TOO_LARGE.error(FileTooLargeError, place=place, why=Whole(zh), why_en=Whole(en))
