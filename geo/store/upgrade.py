"""Bringing a store that an older version made up to date, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from geo.core.schema import ALL_TABLES, TABLES, Table
from geo.store.imports import moment_text
from geo.store.package import add_history, add_table, drop_table
from geo.store.schema import (
    BUMP_VERSION,
    CREATE_LOADS,
    CREATE_MERGES,
    SCHEMA_VERSION,
    quoted,
    stored_names,
)
from geo.store.tables import fill
from geo.store.versions import begin_versions, create_history, history_triggers

# Table and column names are those of geo.core.schema, quoted; no value is ever put into a
# statement.
# ruff: noqa: S608

_WITHOUT_HISTORY: Final = 1
_WITHOUT_MERGES: Final = 2
_WITH_GROUND: Final = 4
UPGRADED: Final = frozenset({_WITHOUT_HISTORY, _WITHOUT_MERGES, 3, _WITH_GROUND, 5})
"""Versions from which a store can be brought up to date."""


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring a store up to date; one that another process just did is left alone.

    Each table is made anew by the present dictionary and takes its rows over, so that
    columns added since are there and empty; so does each version table, with the
    number of every import. In a store of before there was a history, the rows become
    the first versions, of an import ``upgrade``: what was before it the store does
    not know.

    Raises
    ------
    DuplicateError, DataError
        A row breaks the present dictionary; nothing was changed.
    """
    (found,) = connection.execute("SELECT schema_version FROM meta").fetchone()
    if found not in UPGRADED:
        return
    there = ALL_TABLES if found >= _WITH_GROUND else TABLES.values()
    records = {table: _old_records(connection, table) for table in there}
    for table in ALL_TABLES:
        drop_table(connection, table)
        add_table(connection, table)
    _remake(connection, "loads", [CREATE_LOADS])
    if found == _WITHOUT_HISTORY:
        _begin_history(connection, records)
    else:
        _renew_history(connection, records)
        if found == _WITHOUT_MERGES:
            connection.execute(CREATE_MERGES)
    connection.execute("UPDATE meta SET schema_version = ?", (SCHEMA_VERSION,))
    connection.execute(BUMP_VERSION)


def _old_records(connection: sqlite3.Connection, table: Table) -> list[tuple[Any, ...]]:
    there = _columns(connection, table.name)
    names = [name if name in there else "NULL" for name in stored_names(table)]
    query = f"SELECT fid, {', '.join(names)} FROM {quoted(table.name)} ORDER BY fid"
    return connection.execute(query).fetchall()


def _begin_history(
    connection: sqlite3.Connection, records: dict[Table, list[tuple[Any, ...]]]
) -> None:
    add_history(connection)
    load_id = _note(connection)
    for table, kept in records.items():
        fill(connection, table, kept)
        begin_versions(connection, table, load_id, None)


def _renew_history(
    connection: sqlite3.Connection, records: dict[Table, list[tuple[Any, ...]]]
) -> None:
    """Take every version over as it is; the quarantine stays as it stands."""
    for table in ALL_TABLES:
        if table not in records:
            for statement in (*create_history(table), *history_triggers(table).values()):
                connection.execute(statement)
    for table, kept in records.items():
        made = [*create_history(table), *history_triggers(table).values()]
        _remake(connection, f"{table.name}_history", made)
        fill(connection, table, kept)


def _remake(connection: sqlite3.Connection, name: str, statements: Iterable[str]) -> None:
    """Make a table anew by its statements, with the rows that it holds."""
    names = ", ".join(_columns(connection, name))
    indexes = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql NOT NULL",
        (name,),
    ).fetchall()
    connection.execute(f"ALTER TABLE {quoted(name)} RENAME TO kepu_old")
    for (index,) in indexes:
        connection.execute(f"DROP INDEX {quoted(index)}")
    for statement in statements:
        connection.execute(statement)
    connection.execute(
        f"INSERT INTO {quoted(name)} ({names}) SELECT {names} FROM kepu_old ORDER BY fid"
    )
    connection.execute("DROP TABLE kepu_old")


def _columns(connection: sqlite3.Connection, name: str) -> list[str]:
    info = connection.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
    return [quoted(column) for _, column, *_ in info]


def _note(connection: sqlite3.Connection) -> int:
    cursor = connection.execute(
        "INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) "
        "VALUES (?, '', '', 'upgrade', 0)",
        (moment_text(datetime.now(UTC)),),
    )
    return int(cursor.lastrowid or 0)
