"""Reading and writing whole tables of the store, within a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from geo.core.errors import DataError, DuplicateError
from geo.core.schema import Table
from geo.core.sentences import Sentences, Words
from geo.store.package import touch_contents
from geo.store.rows import StoredRows, rows_from_records
from geo.store.schema import create_rtree, quoted, rtree_name, stored_names, triggers
from geo.store.targets import Record, TableTarget
from geo.store.versions import history_triggers

TEXT: Final = Sentences("geo.store")

# Table and column names are those of geo.core.schema, quoted; no value is ever put into a
# statement.
# ruff: noqa: S608

_REBUILD_SHARE: Final = 0.1
"""From this share of changed rows on, making the R-tree anew is faster than mending it."""


def fetch(connection: sqlite3.Connection, table: Table) -> list[Record]:
    """Return a table's rows in order: fid, blob where there is geometry, and columns."""
    names = ", ".join(["fid", *stored_names(table)])
    return connection.execute(f"SELECT {names} FROM {quoted(table.name)} ORDER BY fid").fetchall()


def write(connection: sqlite3.Connection, target: TableTarget) -> None:
    """Bring a table and its R-tree to a target; one that does not differ is left alone.

    Raises
    ------
    DuplicateError
        A row has the key of another.
    DataError
        A value breaks the data dictionary.
    """
    if not target.differs:
        return
    table = target.table
    with _without_triggers(connection, table):
        _delete(connection, quoted(table.name), "fid", target)
        _insert(connection, table, target.come)
        after = rows_from_records(target.after, table)
        if table.geometry:
            _follow(connection, target, after)
    touch_contents(connection, table, after.extent())


def fill(connection: sqlite3.Connection, table: Table, records: Sequence[Record]) -> None:
    """Fill a table that was made just now, and its R-tree.

    Raises
    ------
    DuplicateError, DataError
        As :func:`write`.
    """
    write(connection, TableTarget(table, [], list(records), [], list(records)))


def _insert(connection: sqlite3.Connection, table: Table, records: Sequence[Record]) -> None:
    names = ["fid", *stored_names(table)]
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {quoted(table.name)} ({', '.join(names)}) VALUES ({marks})"
    with _faults_of_rows(table):
        connection.executemany(statement, records)


def _delete(connection: sqlite3.Connection, name: str, column: str, target: TableTarget) -> None:
    if len(target.gone) == len(target.before):
        # Without a condition SQLite empties the table at once.
        connection.execute(f"DELETE FROM {name}")
    else:
        fids = ((fid,) for fid in target.gone)
        connection.executemany(f"DELETE FROM {name} WHERE {column} = ?", fids)


def _follow(connection: sqlite3.Connection, target: TableTarget, after: StoredRows) -> None:
    """Bring the R-tree to the rows as they now are."""
    table, name = target.table, quoted(rtree_name(target.table))
    written = len(target.gone) + len(target.come)
    if written > _REBUILD_SHARE * max(len(target.before), len(target.after)):
        # Dropping and making it anew takes a tenth of emptying it row by row.
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute(create_rtree(table))
        boxes = after
    else:
        _delete(connection, name, "id", target)
        boxes = rows_from_records(target.come, table)
    connection.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?)", boxes.boxes())


@contextmanager
def _without_triggers(connection: sqlite3.Connection, table: Table) -> Iterator[None]:
    """Set a table's triggers aside: a bulk load does their work once instead of row by row.

    SQLite takes this into the transaction, so no other connection sees the
    table without them.
    """
    made = triggers(table) | history_triggers(table)
    for name in made:
        connection.execute(f"DROP TRIGGER IF EXISTS {quoted(name)}")
    yield
    for statement in made.values():
        connection.execute(statement)


@contextmanager
def _faults_of_rows(table: Table) -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise _constraint_fault(error, table) from error
    except (UnicodeEncodeError, OverflowError, sqlite3.DataError) as error:
        raise DataError(
            **TEXT.both("value_cannot_be_kept", table=Words(table.zh, table.name), error=error)
        ) from error


def _constraint_fault(error: sqlite3.IntegrityError, table: Table) -> DataError | DuplicateError:
    """Return what a constraint means; SQLite names it or its columns after the colon."""
    names = [name.rpartition(".")[2] for name in str(error).rpartition(": ")[2].split(", ")]
    zh = "、".join(table[name].zh for name in names if name in table.names)
    en = ", ".join(names)
    if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
        return DuplicateError(
            **TEXT.both("duplicate_key", table=Words(table.zh, table.name), what=Words(zh, en))
        )
    return DataError(
        **TEXT.both(
            "missing_or_forbidden_value", table=Words(table.zh, table.name), what=Words(zh, en)
        )
    )
