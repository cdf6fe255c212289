"""Connections to one SQLite file, and what its faults mean to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final

from geo.core.errors import Place, StoreBusyError, StoreError
from geo.store.blob import sql_functions

_PRIMARY_CODE: Final = 0xFF
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_NOT_A_STORE: Final = (
    "文件已损坏或不是数据库。请换回备份，或移走它后重新导入。",
    "The file is broken or no database; put back a copy, or move it away and load again.",
)
_MEANINGS: Final = {
    sqlite3.SQLITE_READONLY: (
        "数据库文件或其文件夹不可写。请检查写权限。",
        "The store or its folder cannot be written to; check the permissions.",
    ),
    sqlite3.SQLITE_PERM: (
        "没有访问数据库文件的权限。请检查权限。",
        "The store may not be accessed; check the permissions.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "无法打开数据库文件。请检查文件夹是否存在、是否可写。",
        "The store cannot be opened; check that its folder is there and can be written to.",
    ),
    sqlite3.SQLITE_FULL: (
        "磁盘已满，未作任何更改。请腾出空间后再试。",
        "The disk is full and nothing was changed; make room and try again.",
    ),
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
        return StoreBusyError(
            zh="另一个程序正在写入数据库，未作任何更改。请稍后再试。",
            en="Another program is writing to the store; nothing was changed. Try again later.",
            place=place,
        )
    other = (
        f"数据库出错：{error}。请检查磁盘和文件后再试。",
        f"The store failed: {error}. Check the disk and the file and try again.",
    )
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
        raise StoreError(
            zh="此处的文件系统不支持多程序同时读写（例如网络共享）。请把数据库放在本机磁盘上。",
            en="This file system cannot share the store safely; put it on a local disk.",
            place=Place(file=path.name),
        )
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
                raise StoreError(
                    zh="数据库已经关闭。请重新打开。",
                    en="The store is closed; open it again.",
                    place=Place(file=self.path.name),
                )
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
