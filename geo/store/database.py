"""Making a store and opening one."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from geo.core.errors import Place, StoreError
from geo.core.sentences import Sentences
from geo.store.connection import ConnectionPool, file_uri, store_error, writing
from geo.store.geopackage import BUSY_TIMEOUT_S, GeoPackageStore
from geo.store.package import APPLICATION_ID, fill_new_file
from geo.store.schema import PRODUCT, SCHEMA_VERSION
from geo.store.upgrade import UPGRADED, upgrade

TEXT: Final = Sentences("geo.store")

_MAGIC: Final = b"SQLite format 3\0"
_APPLICATION_ID: Final = slice(68, 72)
_HEADER_BYTES: Final = 100
_SIDE_FILES: Final = ("-wal", "-shm", "-journal")


def open_store(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> GeoPackageStore:
    """Open a store that is there, for reading and writing.

    One that an older version made is brought up to date first, in one transaction:
    what it holds becomes the beginning of its history.

    Parameters
    ----------
    path : pathlib.Path
        A GeoPackage that :func:`create_store` made.
    busy_timeout_s : float
        How long a write waits for another process's, in seconds.

    Raises
    ------
    StoreError
        The file is missing, no GeoPackage, not made by this product or of
        a newer version; it, or its folder, cannot be written to.

    Examples
    --------
    >>> open_store(Path("nowhere.gpkg"))
    Traceback (most recent call last):
    geo.core.errors.StoreError: nowhere.gpkg：没有这个数据库文件。请检查路径，或先新建一个。
    """
    _check_header(path)
    pool = ConnectionPool(path.absolute(), busy_timeout_s=busy_timeout_s)
    with ExitStack() as at_fault:
        at_fault.callback(pool.close)
        _check_product(pool)
        at_fault.pop_all()
    return GeoPackageStore(pool)


def create_store(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> GeoPackageStore:
    """Make an empty store and open it; its version is 0.

    It is made beside, under another name, and put in place whole. Where another
    process made one in the meantime, that one is opened.

    Parameters
    ----------
    path : pathlib.Path
        Where it shall be; its folder is there.
    busy_timeout_s : float
        How long a write waits for another process's, in seconds.

    Raises
    ------
    StoreError
        A file of that name, or what is left of a store that was deleted, is in
        the way, or the folder is missing or cannot be written to.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, create_store(Path(folder) / "kepu.gpkg") as store:
    ...     store.version(), len(store.read_district().facilities), len(store.loads())
    (0, 0, 0)
    """
    if os.path.lexists(path):
        raise _error(path, *TEXT.words("file_is_there_already"))
    made = path.absolute().with_name(f".kepu-{secrets.token_hex(8)}.new")
    try:
        _check_no_remains(path)
        _make(made)
        _put_in_place(made, path)
    except sqlite3.Error as error:
        raise store_error(error, path) from error
    except (OSError, ValueError) as error:
        raise _error(path, *TEXT.words("store_cannot_be_made_here", error=error)) from error
    finally:
        made.unlink(missing_ok=True)
    return open_store(path, busy_timeout_s=busy_timeout_s)


def _make(path: Path) -> None:
    connection = sqlite3.connect(file_uri(path, "rwc"), uri=True, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            fill_new_file(connection)
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _put_in_place(made: Path, path: Path) -> None:
    """Give the new file its name, unless another process was first."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        return
    except OSError:
        # File systems without hard links (exFAT, some shares): the moment
        # between looking and renaming is the price.
        if not path.exists():
            made.replace(path)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _check_no_remains(path: Path) -> None:
    """Raise where a deleted store left its log, which SQLite would play into the new one."""
    remains = [path.with_name(path.name + suffix) for suffix in _SIDE_FILES]
    names = "、".join(file.name for file in remains if file.exists())
    # The log of a store that another process made just now is none.
    if names and not path.exists():
        raise _error(path, *TEXT.words("deleted_store_left", names=names))


def _check_header(path: Path) -> None:
    try:
        # A pipe would keep us waiting for ever.
        if path.exists() and not path.is_file():
            raise _not_ours(path)
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError as error:
        zh, en = TEXT.words("there_is_no_such_store")
        raise _error(path, zh, en) from error
    except (OSError, ValueError) as error:
        zh, en = TEXT.words("file_cannot_be_read")
        raise _error(path, zh, en) from error
    kind = header[_APPLICATION_ID]
    if not header.startswith(_MAGIC) or kind != APPLICATION_ID.to_bytes(4):
        raise _not_ours(path)


def _check_product(pool: ConnectionPool) -> None:
    with pool.connection() as connection:
        try:
            found = connection.execute("SELECT product, schema_version FROM meta").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            raise _not_ours(pool.path) from error
    if found is None or found[0] != PRODUCT:
        raise _not_ours(pool.path)
    if found[1] in UPGRADED:
        with writing(pool) as connection:
            upgrade(connection)
    elif found[1] != SCHEMA_VERSION:
        raise _error(
            pool.path,
            *TEXT.words("other_store_version", found=found[1], schema_version=SCHEMA_VERSION),
        )


def _not_ours(path: Path) -> StoreError:
    return _error(path, *TEXT.words("not_our_store"))


def _error(path: Path, zh: str, en: str) -> StoreError:
    return StoreError(zh=zh, en=en, place=Place(file=path.name))
