"""What a table shall hold after a write, worked out from what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from geo.core.schema import Table
from geo.store.differences import identity_of

Record = tuple[Any, ...]
"""A stored row: its fid, its geometry's blob where the table has one, and its columns."""


@dataclass(frozen=True)
class TableTarget:
    """A table's rows before and after a write, in order.

    ``gone`` are the fids of rows that go or change, ``come`` the rows that come or
    are changed; what stands in neither stays untouched.
    """

    table: Table
    before: list[Record]
    after: list[Record]
    gone: list[int]
    come: list[Record]

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.gone or self.come)


def target(table: Table, before: list[Record], after: list[Record]) -> TableTarget:
    """Return what must be written to bring a table from one state to another.

    Examples
    --------
    >>> from geo.core.schema import SOURCES
    >>> found = target(SOURCES, [(1, "a"), (2, "b")], [(2, "c"), (3, "d")])
    >>> found.gone, found.come
    ([1, 2], [(2, 'c'), (3, 'd')])
    """
    was = {record[0]: record for record in before}
    now = {record[0]: record for record in after}
    gone = [fid for fid, record in was.items() if now.get(fid) != record]
    come = [record for fid, record in now.items() if was.get(fid) != record]
    return TableTarget(table, before, after, gone, come)


def replaced(given: Iterable[Record], kept: Iterable[Record] = ()) -> list[Record]:
    """Return rows numbered anew in their order, those that are kept after the others.

    Examples
    --------
    >>> replaced([(None, "x"), (None, "y")], [(1, "z")])
    [(1, 'x'), (2, 'y'), (3, 'z')]
    """
    rows = [*given, *kept]
    return [(fid, *record[1:]) for fid, record in enumerate(rows, start=1)]


def merged(
    present: list[Record],
    given: Iterable[Record],
    table: Table,
    *,
    goes: Callable[[Record], bool],
    next_fid: int,
) -> list[Record]:
    """Return the rows present with those given in their places, new ones at the end.

    Parameters
    ----------
    present, given : sequence of tuple
        Stored rows; the fids of those given do not count.
    table : Table
        Which table it is; its identity tells which row takes whose place.
    goes : callable
        Whether a row present goes unless it is given.
    next_fid : int
        Of the first new row.

    Examples
    --------
    >>> from geo.core.schema import DESIGNATIONS
    >>> merged([(1, "P1", "基地"), (2, "P1", "场馆")], [(None, "P1", "场馆"), (None, "P2", "馆")],
    ...        DESIGNATIONS, goes=lambda row: row[1] == "P1", next_fid=3)
    [(2, 'P1', '场馆'), (3, 'P2', '馆')]
    """
    there = {identity: record[0] for identity, record in _identified(present, table)}
    kept = {record[0]: record for record in present if not goes(record)}
    for identity, record in _identified(given, table):
        fid = there.get(identity)
        if fid is None:
            fid, next_fid = next_fid, next_fid + 1
        kept[fid] = (fid, *record[1:])
    return [kept[fid] for fid in sorted(kept)]


def reader(table: Table, *names: str) -> Callable[[Record], Any]:
    """Return a function that reads one column of a stored row, or a tuple of several.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> reader(FACILITIES, "facility_id")((1, None, "P1"))
    'P1'
    """
    first = 1 + (table.geometry is not None)
    return itemgetter(*(first + table.names.index(name) for name in names))


def column_of(records: Iterable[Record], table: Table, name: str) -> set[Any]:
    """Return the values of one column."""
    return set(map(reader(table, name), records))


def _identified(records: Iterable[Record], table: Table) -> Iterator[tuple[Any, Record]]:
    """Yield rows with what tells them apart: plaques of the same title by their turn."""
    read, turns = reader(table, *identity_of(table)), Counter[Any]()
    for record in records:
        identity = read(record)
        yield (identity, turns[identity]), record
        turns[identity] += 1
