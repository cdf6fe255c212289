"""The past of single records, and of single imports."""

from __future__ import annotations

import sqlite3
from typing import Final

import pandas as pd

from geo.core.errors import NotFoundError
from geo.core.schema import ALL_TABLES, DESIGNATIONS, FACILITIES, Table
from geo.core.sentences import Sentences, Words
from geo.store.commits import changes_between
from geo.store.history import Changes
from geo.store.imports import imports_frame
from geo.store.rows import frame_of
from geo.store.targets import target
from geo.store.versions import loads_that_touched, records_at, versions_of

TEXT: Final = Sentences("geo.store")

_SPAN = ["from_load", "loaded_at", "who", "what", "file_name", "to_load", "to"]


def history_frame(connection: sqlite3.Connection, table: Table, row_id: str) -> pd.DataFrame:
    """Return the versions of a record; see :meth:`geo.store.Store.history`."""
    found = versions_of(connection, table, row_id)
    if not found:
        raise NotFoundError(
            **TEXT.both("table_never_held", table=Words(table.zh, table.name), row_id=row_id[:64])
        )
    frame = frame_of([record[2:] for record in found], table).reset_index()
    imports = imports_frame(connection)
    begun = pd.Index([record[0] for record in found])
    ended = pd.Series([record[1] for record in found], dtype="Int64")
    began = imports.loc[begun, ["loaded_at", "who", "what", "file_name"]].reset_index(drop=True)
    span = began.assign(
        from_load=begun, to_load=ended, to=ended.map(imports["loaded_at"], na_action="ignore")
    )
    span["to"] = span["to"].astype("datetime64[ms, UTC]")
    for name in _SPAN:
        frame[name] = span[name]
    names = [*_SPAN, *(["geometry"] if table.geometry else []), *table.names]
    return frame[names]


def changes_of_load(connection: sqlite3.Connection, load_id: int) -> Changes:
    """Return what an import changed; see :meth:`geo.store.Store.changes`."""
    touched = {
        table for table in ALL_TABLES if load_id in loads_that_touched(connection, table, load_id)
    }
    ledger = {FACILITIES, DESIGNATIONS}
    # A plaque's change is its facility's.
    touched |= ledger if touched & ledger else set()
    return changes_between(
        [
            target(
                table,
                records_at(connection, table, load_id - 1),
                records_at(connection, table, load_id),
            )
            for table in ALL_TABLES
            if table in touched
        ]
    )
