"""How large a user's file may be, and what it must be, before anything reads it."""

from __future__ import annotations

import hashlib
import stat
import zipfile
from pathlib import Path
from typing import Final

from geo.errors import (
    EmptyFileError,
    FileMissingError,
    FileTooLargeError,
    FileTypeError,
    Place,
)

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 300 * 1024 * 1024
MAX_ZIP_ENTRIES: Final = 2_000
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 200
MAX_DEPTH: Final = 20
MAX_FAULTS: Final = 1_000
_BLOCK: Final = 1024 * 1024
_MEGABYTE: Final = 1024 * 1024


def read_bytes(path: Path) -> bytes:
    """Return a file's content, within the bounds.

    Raises
    ------
    FileMissingError
        There is no such file, or it cannot be read.
    FileTypeError
        It is a folder or a device.
    FileTooLargeError
        It is over 64 MB.
    EmptyFileError
        It has no byte.
    """
    place = Place(file=path.name)
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise FileTypeError(
                zh="这不是文件。请指定一个文件。", en="This is not a file.", place=place
            )
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise FileMissingError(
            zh="找不到或读不了这个文件，请检查路径。",
            en="The file is not there or cannot be read; check its path.",
            place=place,
        ) from error
    if len(content) > MAX_FILE_BYTES:
        raise too_large(place, f"{MAX_FILE_BYTES // _MEGABYTE} MB")
    if not content.strip():
        raise EmptyFileError(zh="文件是空的。", en="The file is empty.", place=place)
    return content


def too_large(place: Place, bound: str) -> FileTooLargeError:
    """Return the error for a file that exceeds a bound, which is named."""
    return FileTooLargeError(
        zh=f"文件超过上限（{bound}）。请删去多余的行、列或工作表后重试。",
        en=f"The file exceeds the bound of {bound}; remove superfluous rows, columns or sheets.",
        place=place,
    )


def check_zip(archive: zipfile.ZipFile, place: Place) -> None:
    """Raise unless a zip stays within the bounds when it is really unpacked.

    The sizes that an archive declares may lie, so each entry is read through
    once, in blocks, and counted.

    Raises
    ------
    FileTooLargeError
        Too many entries, or too many bytes when unpacked.
    FileTypeError
        An entry is encrypted or declares XML entities.
    zipfile.BadZipFile
        An entry is damaged.
    """
    entries = archive.infolist()
    if len(entries) > MAX_ZIP_ENTRIES:
        raise too_large(place, f"{MAX_ZIP_ENTRIES} zip entries")
    total = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise FileTypeError(
                zh="文件有密码。请去掉密码后另存。",
                en="The file is encrypted; save it without a password.",
                place=place,
            )
        with archive.open(entry) as file:
            head = True
            while block := file.read(_BLOCK):
                total += len(block)
                if total > MAX_UNPACKED_BYTES:
                    raise too_large(place, f"{MAX_UNPACKED_BYTES // _MEGABYTE} MB unpacked")
                if head and b"<!DOCTYPE" in block[:4096].upper():
                    raise FileTypeError(
                        zh="文件含有 XML 实体声明，不予读取。请用 Excel 另存后重试。",
                        en="The file declares XML entities; save it again with Excel.",
                        place=place,
                    )
                head = False


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a"
    ...     _ = path.write_bytes(b"a")
    ...     file_digest(path)[:12]
    'ca978112ca1b'
    """
    return hashlib.sha256(read_bytes(path)).hexdigest()
