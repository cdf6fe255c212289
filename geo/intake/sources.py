"""A file's digest, and its row among the sources."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import pandas as pd

from geo.core.schema import SOURCES
from geo.core.vocabulary import Quality
from geo.intake.formats.limits import MAX_COPIED_BYTES, opened, printable, shown_name
from geo.intake.table_reader import frame_of

_NOT_STATED: Final = "未注明 not stated"
_ID_DIGITS: Final = 16


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a user's file, 64 hexadecimal digits.

    Raises
    ------
    InputError
        It is not there, is no file, or is larger than intake takes.
    """
    with opened(path, shown_name(path), MAX_COPIED_BYTES) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def source_of_file(
    path: Path, *, title: str, quality: Quality, name: str | None = None
) -> pd.DataFrame:
    """Return a loaded file's row among the sources.

    What the file cannot tell (publisher, date, licence) stands as not stated.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    title : str
        What people see as the name of the source.
    quality : Quality
        How good its figures or outlines are held to be.
    name : str, optional
        The file's name as its user knows it, where the path's own is another.

    Returns
    -------
    pandas.DataFrame
        One row, indexed by ``source_id``, columns of :data:`geo.core.schema.SOURCES`.
        The same bytes have the same id.

    Raises
    ------
    InputError
        As in :func:`file_digest`.
    """
    digest = file_digest(path)
    file = shown_name(Path(name or path))
    shown_title = printable(title) or file
    row = {
        "source_id": f"file-{digest[:_ID_DIGITS]}",
        "title_zh": shown_title,
        "title_en": shown_title,
        "publisher": f"导入文件 {file}",
        "published_on": _NOT_STATED,
        "licence": _NOT_STATED,
        "quality": quality.value,
        "sha256": digest,
    }
    return frame_of([row], SOURCES).set_index("source_id")
