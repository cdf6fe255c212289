"""Reading and writing whole tables of the store, within a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from geo.columns import Table
from geo.errors import DataError, DuplicateError
from geo.store.package import touch_contents
from geo.store.rows import Rows
from geo.store.schema import GEOMETRY_COLUMN, create_rtree, quoted, rtree_name, triggers

# Table and column names are those of geo.columns, quoted; no value is ever put into a statement.
# ruff: noqa: S608


def fetch(connection: sqlite3.Connection, table: Table) -> list[tuple[Any, ...]]:
    """Return a table's rows, in the order in which they were written.

    Each row holds the geometry's blob, where the table has one, and its columns.
    """
    names = ", ".join(_names(table))
    return connection.execute(f"SELECT {names} FROM {quoted(table.name)} ORDER BY fid").fetchall()


def replace_all(connection: sqlite3.Connection, rows: Rows) -> None:
    """Put rows in the place of all that the table holds, and fill its R-tree anew.

    Raises
    ------
    DuplicateError, DataError
        As :func:`add`.
    """
    table = rows.table
    with _without_triggers(connection, table):
        connection.execute(f"DELETE FROM {quoted(table.name)}")
        add(connection, rows)
        if table.geometry:
            _fill_rtree(connection, rows)
    touch_contents(connection, table, rows.extent())


def add(connection: sqlite3.Connection, rows: Rows, *, on_conflict: str = "") -> None:
    """Add rows to a table.

    Raises
    ------
    DuplicateError
        A row has the key of another.
    DataError
        A value breaks the data dictionary.
    """
    names = ["fid", *_names(rows.table)]
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {quoted(rows.table.name)} ({', '.join(names)}) VALUES ({marks})"
    with _faults_of_rows(rows.table):
        connection.executemany(f"{statement} {on_conflict}", rows.records())


def upsert(connection: sqlite3.Connection, rows: Rows) -> None:
    """Add rows, or bring those that have the same key up to date.

    Raises
    ------
    DataError
        A value breaks the data dictionary.
    """
    others = [name for name in _names(rows.table) if name != quoted(str(rows.table.key))]
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    key = quoted(str(rows.table.key))
    add(connection, rows, on_conflict=f"ON CONFLICT ({key}) DO UPDATE SET {changes}")
    touch_contents(connection, rows.table, rows.extent())


def _names(table: Table) -> list[str]:
    geometry = (GEOMETRY_COLUMN,) if table.geometry else ()
    return [quoted(name) for name in (*geometry, *table.names)]


def _fill_rtree(connection: sqlite3.Connection, rows: Rows) -> None:
    # Dropping and making it anew takes a tenth of emptying it row by row.
    connection.execute(f"DROP TABLE IF EXISTS {quoted(rtree_name(rows.table))}")
    connection.execute(create_rtree(rows.table))
    statement = f"INSERT INTO {quoted(rtree_name(rows.table))} VALUES (?, ?, ?, ?, ?)"
    connection.executemany(statement, rows.boxes())


@contextmanager
def _without_triggers(connection: sqlite3.Connection, table: Table) -> Iterator[None]:
    """Set a table's triggers aside: a bulk load does their work once instead of row by row.

    SQLite takes this into the transaction, so no other connection sees the
    table without them.
    """
    made = triggers(table)
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
            zh=f"「{table.zh}」表中有无法保存的值：{error}。请检查后重新导入。",
            en=f"Table '{table.name}' has a value that cannot be kept: {error}.",
        ) from error


def _constraint_fault(error: sqlite3.IntegrityError, table: Table) -> DataError | DuplicateError:
    """Return what a constraint means; SQLite names it or its columns after the colon."""
    names = [name.rpartition(".")[2] for name in str(error).rpartition(": ")[2].split(", ")]
    zh = "、".join(table[name].zh for name in names if name in table.names)
    en = ", ".join(names)
    if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
        return DuplicateError(
            zh=f"「{table.zh}」表中有重复的{zh}。请删去或更正重复的行后重新导入。",
            en=f"Table '{table.name}' has the same {en} twice; mend the rows and load again.",
        )
    return DataError(
        zh=f"「{table.zh}」表的「{zh}」列有缺失或超出规定的值。请更正后重新导入。",
        en=f"Table '{table.name}' has a missing or forbidden value in {en}; mend it, load again.",
    )
