"""The tree of :mod:`geo.core.errors`, mapped once to exit codes of a process.

Apart from the statuses of HTTP, which need the web framework: a command starts without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.core.errors import (
    DataError,
    FileMissingError,
    InputError,
    KepuError,
    NotFoundError,
    OutputError,
    QueryError,
    ScenarioError,
    SitingError,
    StoreBusyError,
    StoreError,
    TableError,
)

EXIT_CODE: Final[Mapping[type[KepuError], int]] = {
    QueryError: 64,
    InputError: 65,
    TableError: 65,
    FileMissingError: 66,
    NotFoundError: 66,
    DataError: 70,
    OutputError: 73,
    StoreError: 74,
    StoreBusyError: 75,
    ScenarioError: 78,
    SitingError: 65,
    KepuError: 70,
}
"""The codes of BSD's sysexits, so that a script can distinguish errors."""


def exit_code(error: KepuError) -> int:
    """Return the exit code of an error.

    Examples
    --------
    >>> exit_code(FileMissingError(zh="无此文件", en="no such file"))
    66
    """
    return next(EXIT_CODE[cls] for cls in type(error).__mro__ if cls in EXIT_CODE)
