"""Which sources the rows refer to, and which may go with the rows that did."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from geo.core.schema import (
    DISTRICTS,
    POPULATION,
    ROADS,
    SOURCES,
    TOWNSHIPS,
    VILLAGES,
    WEIGHTS,
    Table,
)
from geo.store.rows import StoredRows
from geo.store.schema import quoted
from geo.store.tables import fetch
from geo.store.targets import Record, TableTarget, column_of, merged, reader, target
from geo.store.versions import next_fid

_REFERRING: Final = (TOWNSHIPS, DISTRICTS, VILLAGES, POPULATION, WEIGHTS, ROADS)


def sources_in_use(connection: sqlite3.Connection, after: Mapping[Table, list[Record]]) -> set[str]:
    """Return the sources to which rows refer, given what some tables will hold."""
    found: set[str] = set()
    for table in _REFERRING:
        if table in after:
            found |= column_of(after[table], table, "source_id")
        else:
            query = f"SELECT DISTINCT source_id FROM {quoted(table.name)}"  # noqa: S608
            found |= {source_id for (source_id,) in connection.execute(query)}
    return found


def sources_with(
    connection: sqlite3.Connection, named: StoredRows, targets: list[TableTarget]
) -> TableTarget:
    """Return the sources with those of a file, without those that no row refers to any more.

    A map that printed the latter would claim to rest on what it does not hold. One
    to which no row ever referred stays.
    """
    present, given = fetch(connection, SOURCES), list(named.records())
    rows = merged(
        present, given, SOURCES, goes=lambda _: False, next_fid=next_fid(connection, SOURCES)
    )
    gone = sources_in_use(connection, {})
    gone -= sources_in_use(connection, {each.table: each.after for each in targets})
    gone -= column_of(given, SOURCES, "source_id")
    key = reader(SOURCES, "source_id")
    return target(SOURCES, present, [row for row in rows if key(row) not in gone])
