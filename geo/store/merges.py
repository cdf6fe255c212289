"""Facilities that a person said are one place: made one, as an import of its own."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pandas as pd

from geo.core.messages import Note
from geo.core.quarantine import cut
from geo.core.schema import DESIGNATIONS, FACILITIES, Table
from geo.store.commits import changes_between, plain, write_versions
from geo.store.facility_merge import merge_facilities
from geo.store.history import Changes
from geo.store.imports import add_merge, check_who
from geo.store.rows import rows_of
from geo.store.schema import BUMP_VERSION
from geo.store.tables import fetch, write
from geo.store.targets import Record, TableTarget, merged, reader, target
from geo.store.versions import next_fid

_TYPES: Final = {"load_id": "int64", "keep_id": "str", "other_id": "str", "as_plaque": "bool"}
_INSERT: Final = "INSERT INTO merges (load_id, keep_id, other_id, as_plaque) VALUES (?, ?, ?, ?)"
_MAX_TITLE: Final = 200


@dataclass(frozen=True)
class StoredMerge:
    """Which facility stays, which go into it, and whether as plaques of it."""

    keep: str
    others: tuple[str, ...]
    as_plaques: bool

    @property
    def title(self) -> str:
        """What stands for it in the list of imports, where a load has its file.

        Examples
        --------
        >>> StoredMerge("A1", ("B2", "C3"), as_plaques=False).title
        'A1 ← B2、C3'
        """
        return cut(f"{self.keep} ← {'、'.join(self.others)}", _MAX_TITLE)


def merge(
    connection: sqlite3.Connection, wish: StoredMerge, who: str, at: datetime
) -> tuple[Changes, tuple[Note, ...]]:
    """Make facilities one; see :meth:`geo.store.Store.merge_facilities`."""
    check_who(who)
    before = {table: fetch(connection, table) for table in (FACILITIES, DESIGNATIONS)}
    facilities, plaques = (plain(records, table) for table, records in before.items())
    result = merge_facilities(
        facilities, plaques, wish.keep, wish.others, as_plaques=wish.as_plaques
    )
    hung = result.designations
    targets = [
        _target(connection, before, wish, FACILITIES, result.facilities.loc[[wish.keep]]),
        _target(connection, before, wish, DESIGNATIONS, hung[hung["facility_id"] == wish.keep]),
    ]
    for each in targets:
        write(connection, each)
    changes = changes_between(targets)
    count = 1 + len(wish.others)
    load_id = add_merge(connection, wish.title, count, changes, who=who, at=at)
    write_versions(connection, targets, load_id)
    rows = [(load_id, wish.keep, other, wish.as_plaques) for other in wish.others]
    connection.executemany(_INSERT, rows)
    connection.execute(BUMP_VERSION)
    return changes, result.told


def _target(
    connection: sqlite3.Connection,
    before: dict[Table, list[Record]],
    wish: StoredMerge,
    table: Table,
    rows: pd.DataFrame,
) -> TableTarget:
    """Return a table in which only the rows of these facilities differ."""
    of, names = reader(table, "facility_id"), {wish.keep, *wish.others}
    present = before[table]
    after = merged(
        present,
        rows_of(rows, table).records(),
        table,
        goes=lambda record: of(record) in names,
        next_fid=next_fid(connection, table),
    )
    return target(table, present, after)


def merges_frame(connection: sqlite3.Connection) -> pd.DataFrame:
    """Return the merges that hold, oldest first; see :meth:`geo.store.Store.merges`."""
    found = connection.execute(
        f"SELECT {', '.join(_TYPES)} FROM merges "  # noqa: S608  (constants only)
        "WHERE load_id NOT IN (SELECT undoes FROM loads WHERE undoes IS NOT NULL) ORDER BY fid"
    ).fetchall()
    return pd.DataFrame(found, columns=list(_TYPES)).astype(_TYPES)
