"""Bringing a store that an older version made up to date, in one transaction."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any, Final

from geo.columns import TABLES, Table
from geo.store.imports import moment_text
from geo.store.package import add_history, add_table, drop_table
from geo.store.schema import (
    BUMP_VERSION,
    CREATE_LOADS,
    SCHEMA_VERSION,
    quoted,
    stored_names,
)
from geo.store.tables import fill
from geo.store.versions import begin_versions

# Table and column names are those of geo.columns, quoted; no value is ever put into a statement.
# ruff: noqa: S608

UPGRADED: Final = frozenset({1})
"""Versions from which a store can be brought up to date."""


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring a store up to date; one that another process just did is left alone.

    Each table is made anew by the present dictionary and takes its rows over, so that
    columns added since are there and empty. The rows become the first versions, of
    an import ``upgrade``: what was before it the store does not know.

    Raises
    ------
    DuplicateError, DataError
        A row breaks the present dictionary; nothing was changed.
    """
    (found,) = connection.execute("SELECT schema_version FROM meta").fetchone()
    if found not in UPGRADED:
        return
    records = {table: _old_records(connection, table) for table in TABLES.values()}
    for table in records:
        drop_table(connection, table)
        add_table(connection, table)
    _renew_loads(connection)
    add_history(connection)
    load_id = _note(connection)
    for table, kept in records.items():
        fill(connection, table, kept)
        begin_versions(connection, table, load_id, None)
    connection.execute("UPDATE meta SET schema_version = ?", (SCHEMA_VERSION,))
    connection.execute(BUMP_VERSION)


def _old_records(connection: sqlite3.Connection, table: Table) -> list[tuple[Any, ...]]:
    info = connection.execute(f"PRAGMA table_info({quoted(table.name)})").fetchall()
    there = {quoted(name) for _, name, *_ in info}
    names = [name if name in there else "NULL" for name in stored_names(table)]
    query = f"SELECT fid, {', '.join(names)} FROM {quoted(table.name)} ORDER BY fid"
    return connection.execute(query).fetchall()


def _renew_loads(connection: sqlite3.Connection) -> None:
    names = "fid, loaded_at, file_name, sha256, what, row_count"
    rows = connection.execute(f"SELECT {names} FROM loads ORDER BY fid").fetchall()
    connection.execute("DROP TABLE loads")
    connection.execute(CREATE_LOADS)
    connection.executemany(f"INSERT INTO loads ({names}) VALUES (?, ?, ?, ?, ?, ?)", rows)


def _note(connection: sqlite3.Connection) -> int:
    cursor = connection.execute(
        "INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) "
        "VALUES (?, '', '', 'upgrade', 0)",
        (moment_text(datetime.now(UTC)),),
    )
    return int(cursor.lastrowid or 0)
