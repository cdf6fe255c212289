"""The quarantine as a table: rows that wait for a person, and the load that settled each."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geo.core.errors import BadValueError
from geo.core.quarantine import MAX_CELL, QuarantinedRow, cut
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.store")

_MAX_ROW: Final = 2**31
_CONTENT: Final = "source_file, source_sheet, source_row, facility_id, cells, reasons"
_COLUMNS: Final = ("quarantine_id", "load_id", "since_load", "resolved_by_load", "what")
_INSERT: Final = (
    f"INSERT INTO quarantine (load_id, since_load, what, {_CONTENT}) "  # noqa: S608
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True)
class QuarantineSettlement:
    """What a load does to the quarantine: which open rows it resolves, which it adds."""

    resolved: list[int]
    added: list[tuple[Any, ...]]

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.resolved or self.added)


def contents_of(rows: Sequence[QuarantinedRow]) -> list[tuple[Any, ...]]:
    """Return rows as they are kept.

    Raises
    ------
    BadValueError
        A row's number is not one.
    """
    return [_content(row) for row in rows]


def _content(row: QuarantinedRow) -> tuple[Any, ...]:
    if not 1 <= row.source_row < _MAX_ROW:
        raise BadValueError(**TEXT.both("quarantined_row_below_1", source_row=row.source_row))
    sheet = None if row.source_sheet is None else cut(row.source_sheet, MAX_CELL)
    facility_id = None if row.facility_id is None else cut(row.facility_id, MAX_CELL)
    file = cut(row.source_file, MAX_CELL)
    return file, sheet, row.source_row, facility_id, row.cells_json(), row.reasons_json()


def settle(
    connection: sqlite3.Connection,
    what: str,
    file_name: str,
    contents: list[tuple[Any, ...]],
    clean_ids: Collection[str],
) -> QuarantineSettlement:
    """Return what a load does to the quarantine.

    A row that comes again to the letter stays as it is. The file's other open rows
    are superseded by this version of it; so are those of other files whose facility
    has a clean row now.
    """
    left = Counter(contents)
    files = {file_name, *(content[0] for content in contents)}
    resolved = []
    for fid, *rest in _open_rows(connection, what):
        content = tuple(rest)
        if left[content]:
            left[content] -= 1
        elif content[0] in files or content[3] in clean_ids:
            resolved.append(fid)
    return QuarantineSettlement(resolved, list(left.elements()))


def write_settlement(
    connection: sqlite3.Connection, what: str, settlement: QuarantineSettlement, load_id: int
) -> None:
    """Resolve and add rows in the name of a load."""
    resolve(connection, settlement.resolved, load_id)
    values = ((load_id, load_id, what, *content) for content in settlement.added)
    connection.executemany(_INSERT, values)


def resolve(connection: sqlite3.Connection, fids: Collection[int], load_id: int) -> None:
    """Write down by which load rows were settled."""
    connection.executemany(
        "UPDATE quarantine SET resolved_by_load = ? WHERE fid = ?",
        ((load_id, fid) for fid in fids),
    )


def take_back(connection: sqlite3.Connection, undone: int, load_id: int) -> None:
    """Settle the rows that an import added, and open again those that it resolved."""
    connection.execute(
        f"INSERT INTO quarantine (load_id, since_load, what, {_CONTENT}) "  # noqa: S608
        f"SELECT load_id, ?, what, {_CONTENT} FROM quarantine "
        "WHERE resolved_by_load = ? ORDER BY fid",
        (load_id, undone),
    )
    added = connection.execute(
        "SELECT fid FROM quarantine WHERE load_id = ? AND resolved_by_load IS NULL", (undone,)
    )
    resolve(connection, [fid for (fid,) in added.fetchall()], load_id)


def loads_that_settled(connection: sqlite3.Connection, since: int) -> set[int]:
    """Return the loads, from one on, that changed anything in the quarantine."""
    found = connection.execute(
        "SELECT since_load FROM quarantine WHERE since_load >= ? "
        "UNION SELECT resolved_by_load FROM quarantine WHERE resolved_by_load >= ?",
        (since, since),
    )
    return {load_id for (load_id,) in found}


def quarantine_frame(connection: sqlite3.Connection, *, open_only: bool) -> pd.DataFrame:
    """Return the rows, oldest first; see :meth:`geo.store.Store.quarantine`."""
    where = "WHERE resolved_by_load IS NULL" if open_only else ""
    contents = _CONTENT.split(", ")
    found = connection.execute(
        f"SELECT fid, load_id, since_load, resolved_by_load, what, {_CONTENT} "  # noqa: S608
        f"FROM quarantine {where} ORDER BY fid"
    ).fetchall()
    frame = pd.DataFrame(found, columns=[*_COLUMNS, *contents])
    numbers = ("load_id", "since_load", "resolved_by_load", "source_row")
    texts = ("what", *(name for name in contents if name != "source_row"))
    types = dict.fromkeys(numbers, "Int64") | dict.fromkeys(texts, "str")
    return frame.astype(types).set_index("quarantine_id")


def _open_rows(connection: sqlite3.Connection, what: str) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"SELECT fid, {_CONTENT} FROM quarantine "  # noqa: S608
        "WHERE resolved_by_load IS NULL AND what = ? ORDER BY fid",
        (what,),
    ).fetchall()
