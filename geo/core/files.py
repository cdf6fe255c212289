"""Files that leave the product: written beside, then put in place."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from geo.core.errors import OutputError, Place
from geo.core.sentences import Sentences, Words

TEXT: Final = Sentences("geo.core")


def check_ending(path: Path, *endings: str) -> None:
    """Raise unless a file's name ends as its content will be: nothing is written wrongly named.

    Raises
    ------
    OutputError
        It does not; the message says how it should end.

    Examples
    --------
    >>> check_ending(Path("报告.DOCX"), ".docx")
    >>> check_ending(Path("报告.pdf"), ".docx")
    Traceback (most recent call last):
    geo.core.errors.OutputError: 报告.pdf：文件名应以 .docx 结尾。
    """
    if path.suffix.lower() not in endings:
        raise OutputError(
            **TEXT.both(
                "file_name_must_end_in", endings=Words(" 或 ".join(endings), " or ".join(endings))
            ),
            place=Place(file=path.name),
        )


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that its name never holds half of it.

    The bytes go to a new file in the same folder, reach the disk, and take the
    name in one step; a fault leaves what stood there before.

    Raises
    ------
    OutputError
        The folder is missing, not writable, or the path is a folder.

    Examples
    --------
    >>> folder = tempfile.TemporaryDirectory()
    >>> target = Path(folder.name) / "map.html"
    >>> write_atomically(target, b"<!doctype html>")
    >>> target.read_bytes()
    b'<!doctype html>'
    >>> folder.cleanup()
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode_of_new_files())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise OutputError(
            **TEXT.both("file_cannot_be_written", strerror=error.strerror),
            place=Place(file=path.name),
        ) from error


def _mode_of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
