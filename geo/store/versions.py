"""The version tables: every state of every row, from the load that made it to the next.

Beside each table stands ``<table>_history`` with the same columns and

- ``valid_from_load``: the load that wrote the row as it stands here;
- ``valid_to_load``: the load that ended it, NULL while it holds;
- ``live_fid``: the row's ``fid``, which also gives the order.

The rows that hold are exactly those of the table itself. This is *transaction time*
(Snodgrass 1999): what the store knew when. What was so when is in the columns, as
``opened_on``. No version is ever changed but by writing its ``valid_to_load``, once.

GeoPackage allows tables that are not in ``gpkg_contents``; QGIS does not offer them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from geo.core.schema import Table
from geo.store.differences import identity_of
from geo.store.schema import GEOMETRY_COLUMN, SQL_TYPES, quoted, stored_names

# Table and column names are those of geo.core.schema, quoted; no value is ever put into a
# statement.
# ruff: noqa: S608

EDIT_SESSION_S: Final = 60
"""An edit in QGIS within so many seconds of the one before belongs to the same import."""

_NOW: Final = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"
_SESSION_BEGIN: Final = f"strftime('%Y-%m-%dT%H:%M:%fZ','now','-{EDIT_SESSION_S} seconds')"
_LAST: Final = "(SELECT max(fid) FROM loads)"


def history_name(table: Table) -> str:
    """Return the name of a table's version table, quoted.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> history_name(FACILITIES)
    '"facilities_history"'
    """
    return quoted(f"{table.name}_history")


def create_history(table: Table) -> list[str]:
    """Return the statements that make a table's version table.

    It has no bounds: what the dictionary once allowed is still what was there.

    Examples
    --------
    >>> from geo.core.schema import SOURCES
    >>> [statement.split(" (")[0] for statement in create_history(SOURCES)]  # doctest: +ELLIPSIS
    ['CREATE TABLE "sources_history"', 'CREATE UNIQUE INDEX ...', 'CREATE INDEX ...']
    """
    parts = [
        "fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
        "valid_from_load INTEGER NOT NULL",
        "valid_to_load INTEGER",
        "live_fid INTEGER NOT NULL",
    ]
    parts += [f"{GEOMETRY_COLUMN} BLOB"] if table.geometry else []
    parts += [f"{quoted(column.name)} {SQL_TYPES[column.dtype]}" for column in table.columns]
    name, first = history_name(table), quoted(identity_of(table)[0])
    return [
        f"CREATE TABLE {name} (\n  " + ",\n  ".join(parts) + "\n)",
        f"CREATE UNIQUE INDEX {quoted(f'{table.name}_history_now')} ON {name} (live_fid) "
        "WHERE valid_to_load IS NULL",
        f"CREATE INDEX {quoted(f'{table.name}_history_id')} ON {name} ({first})",
    ]


def history_triggers(table: Table) -> dict[str, str]:
    """Return the triggers that keep the version table when a row is edited in QGIS.

    Examples
    --------
    >>> from geo.core.schema import SOURCES
    >>> list(history_triggers(SOURCES))
    ['kepu_sources_history_insert', 'kepu_sources_history_update', 'kepu_sources_history_delete']
    """
    end = f"UPDATE {history_name(table)} SET valid_to_load = {_LAST} WHERE valid_to_load IS NULL"
    # INSERT OR REPLACE takes away the row in its way without a trigger.
    same = f" OR {quoted(table.key)} = NEW.{quoted(table.key)}" if table.key else ""
    new = f"{_opening(table)} WHERE fid = NEW.fid;".replace("?", _LAST)
    bodies = {
        "INSERT": f"{end} AND (live_fid = NEW.fid{same}); {new}",
        "UPDATE": f"{end} AND live_fid IN (OLD.fid, NEW.fid); {new}",
        "DELETE": f"{end} AND live_fid = OLD.fid;",
    }
    return {
        f"kepu_{table.name}_history_{event.lower()}": (
            f"CREATE TRIGGER {quoted(f'kepu_{table.name}_history_{event.lower()}')} "
            f"AFTER {event} ON {quoted(table.name)} BEGIN {_note_edit()} {body} END"
        )
        for event, body in bodies.items()
    }


def end_versions(
    connection: sqlite3.Connection, table: Table, load_id: int, fids: Iterable[int] | None
) -> None:
    """End the versions of rows that a load took away or changed; None means of all."""
    statement = f"UPDATE {history_name(table)} SET valid_to_load = ? WHERE valid_to_load IS NULL"
    if fids is None:
        connection.execute(statement, (load_id,))
    else:
        values = ((load_id, fid) for fid in fids)
        connection.executemany(f"{statement} AND live_fid = ?", values)


def begin_versions(
    connection: sqlite3.Connection, table: Table, load_id: int, fids: Iterable[int] | None
) -> None:
    """Begin versions of rows as they now stand in the table; None means of all."""
    if fids is None:
        connection.execute(_opening(table), (load_id,))
    else:
        values = ((load_id, fid) for fid in fids)
        connection.executemany(f"{_opening(table)} WHERE fid = ?", values)


def records_at(connection: sqlite3.Connection, table: Table, load_id: int) -> list[tuple[Any, ...]]:
    """Return a table's rows as they stood after a load; of the form of :func:`fetch`."""
    names = ", ".join(["live_fid", *stored_names(table)])
    return connection.execute(
        f"SELECT {names} FROM {history_name(table)} WHERE valid_from_load <= ? "
        "AND (valid_to_load IS NULL OR valid_to_load > ?) ORDER BY live_fid",
        (load_id, load_id),
    ).fetchall()


def versions_of(connection: sqlite3.Connection, table: Table, row_id: str) -> list[tuple[Any, ...]]:
    """Return every version of a record, oldest first: its two loads, then the stored columns.

    Versions that an edit session itself replaced never held at any moment and are left out.
    """
    names = ", ".join(["valid_from_load", "valid_to_load", *stored_names(table)])
    return connection.execute(
        f"SELECT {names} FROM {history_name(table)} WHERE {quoted(identity_of(table)[0])} = ? "
        "AND valid_from_load IS NOT valid_to_load ORDER BY valid_from_load, live_fid",
        (row_id,),
    ).fetchall()


def loads_that_touched(connection: sqlite3.Connection, table: Table, since: int) -> set[int]:
    """Return the loads, from one on, that changed anything in a table."""
    found = connection.execute(
        f"SELECT DISTINCT valid_from_load FROM {history_name(table)} WHERE valid_from_load >= ? "
        f"UNION SELECT DISTINCT valid_to_load FROM {history_name(table)} WHERE valid_to_load >= ?",
        (since, since),
    )
    return {load_id for (load_id,) in found}


def next_fid(connection: sqlite3.Connection, table: Table) -> int:
    """Return a fid that no row of a table ever had."""
    query = f"SELECT coalesce(max(live_fid), 0) + 1 FROM {history_name(table)}"
    (fid,) = connection.execute(query).fetchone()
    return int(fid)


def _opening(table: Table) -> str:
    names = ", ".join(stored_names(table))
    return (
        f"INSERT INTO {history_name(table)} (valid_from_load, live_fid, {names}) "
        f"SELECT ?, fid, {names} FROM {quoted(table.name)}"
    )


def _note_edit() -> str:
    """Return the statements by which an edit is an import: one for all edits of a session."""
    return (
        f"UPDATE loads SET loaded_at = {_NOW}, row_count = row_count + 1 "
        f"WHERE fid = {_LAST} AND what = 'edit' AND loaded_at BETWEEN {_SESSION_BEGIN} AND {_NOW}; "
        "INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) "
        f"SELECT {_NOW}, '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads "
        f"WHERE fid = {_LAST} AND what = 'edit' AND loaded_at = {_NOW});"
    )
