"""Connections to one SQLite file, and what its faults mean to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final

from geo.core.errors import Place, StoreBusyError, StoreError
from geo.core.sentences import Sentences
from geo.store.blob import sql_functions

TEXT: Final = Sentences("geo.store")

_PRIMARY_CODE: Final = 0xFF
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_NOT_A_STORE: Final = TEXT.words("file_is_no_database")
_MEANINGS: Final = {
    sqlite3.SQLITE_READONLY: TEXT.words("store_not_writable"),
    sqlite3.SQLITE_PERM: TEXT.words("store_may_not_be_accessed"),
    sqlite3.SQLITE_CANTOPEN: TEXT.words("store_cannot_be_opened"),
    sqlite3.SQLITE_FULL: TEXT.words("disk_is_full"),
    sqlite3.SQLITE_CORRUPT: _NOT_A_STORE,
    sqlite3.SQLITE_NOTADB: _NOT_A_STORE,
}


def store_error(error: sqlite3.Error, path: Path) -> StoreError:
    """Return what an error of SQLite means, with the way out.

    Examples
    --------
    >>> fault = sqlite3.OperationalError("database is locked")
    >>> fault.sqlite_errorcode = sqlite3.SQLITE_BUSY
    >>> print(store_error(fault, Path("kepu.gpkg")).message("en"))
    kepu.gpkg: Another program is writing to the store; nothing was changed. Try again later.
    """
    place = Place(file=path.name)
    code = (getattr(error, "sqlite_errorcode", None) or 0) & _PRIMARY_CODE
    if code in _BUSY:
        return StoreBusyError(**TEXT.both("store_is_busy"), place=place)
    other = TEXT.words("store_failed", error=error)
    zh, en = _MEANINGS.get(code, other)
    return StoreError(zh=zh, en=en, place=place)


def file_uri(path: Path, mode: str) -> str:
    """Return the address under which SQLite opens a file, whatever its name holds.

    Parameters
    ----------
    path : pathlib.Path
        Any name; ``%``, ``?`` and ``#`` are quoted, so that none is read as an option.
    mode : str
        ``rw``, or ``rwc`` to make the file.

    Examples
    --------
    >>> file_uri(Path("/data/a?b#c%20.gpkg"), "rw")
    'file:///data/a%3Fb%23c%2520.gpkg?mode=rw'
    """
    return f"{path.absolute().as_uri()}?mode={mode}"


def connect(path: Path, *, busy_timeout_s: float) -> sqlite3.Connection:
    """Open a connection in WAL mode, recovering what a killed process left.

    Parameters
    ----------
    path : pathlib.Path
        A file that is there.
    busy_timeout_s : float
        How long a statement waits for another writer, in seconds.

    Raises
    ------
    sqlite3.Error
        As SQLite says it; :func:`store_error` tells what it means.
    StoreError
        The file system cannot keep a WAL, as on a network share.
    """
    connection = sqlite3.connect(
        file_uri(path, "rw"),
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
        # The pool hands a connection to one thread at a time.
        check_same_thread=False,
    )
    with ExitStack() as at_fault:
        at_fault.callback(connection.close)
        _prepare(connection, path)
        at_fault.pop_all()
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # QGIS sets the mode back when it is the last to close the file.
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreError(**TEXT.both("file_system_cannot_share"), place=Place(file=path.name))
    # Loads are rare and an office's power fails: a commit waits until the disk has it.
    connection.execute("PRAGMA synchronous = FULL")
    for name, function in sql_functions().items():
        connection.create_function(name, 1, function, deterministic=True)


class ConnectionPool:
    """Connections that wait to be used again; as many as there were calls at once.

    Not one for each thread: a web server's threads come and go, and each would
    leave its connection open. Not to be carried across a fork.

    Parameters
    ----------
    path : pathlib.Path
        A file that is there.
    busy_timeout_s : float
        How long a statement waits for another writer, in seconds.
    """

    def __init__(self, path: Path, *, busy_timeout_s: float) -> None:
        self.path = path
        self._busy_timeout_s = busy_timeout_s
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection; its faults come out as errors of the store.

        Raises
        ------
        StoreBusyError
            Another process was writing for longer than the timeout.
        StoreError
            The pool is closed, or SQLite failed.
        """
        try:
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)
        except sqlite3.Error as error:
            raise store_error(error, self.path) from error

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StoreError(**TEXT.both("store_is_closed"), place=Place(file=self.path.name))
            if self._idle:
                return self._idle.pop()
        return connect(self.path, busy_timeout_s=self._busy_timeout_s)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close every connection; one that is lent is closed when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


@contextmanager
def reading(pool: ConnectionPool) -> Iterator[sqlite3.Connection]:
    """Lend a connection in a transaction that sees one version from first to last."""
    with pool.connection() as connection:
        connection.execute("BEGIN")
        with connection:
            yield connection


@contextmanager
def writing(pool: ConnectionPool) -> Iterator[sqlite3.Connection]:
    """Lend a connection in a transaction that keeps all of what is done in it, or nothing."""
    with pool.connection() as connection:
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            yield connection
        # So that the file alone is whole when someone copies it. It has been
        # committed already: what fails here is done by a later commit.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
