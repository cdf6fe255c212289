"""One import, from the tables it brings to the number it gets: within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from geo.core.schema import DESIGNATIONS, FACILITIES, SOURCES, Table
from geo.store.history import Changes, compare, compare_ledgers, joined
from geo.store.imports import add_import, check_who
from geo.store.load_record import LoadRecord
from geo.store.quarantined import QuarantineSettlement, write_settlement
from geo.store.rows import frame_of
from geo.store.schema import BUMP_VERSION
from geo.store.tables import write
from geo.store.targets import Record, TableTarget
from geo.store.versions import begin_versions, end_versions

NOTHING_SETTLED = QuarantineSettlement([], [])


def commit(
    connection: sqlite3.Connection,
    load: LoadRecord,
    targets: Sequence[TableTarget],
    changes_of: Callable[[], Changes],
    *,
    settlement: QuarantineSettlement = NOTHING_SETTLED,
    quarantined: int = 0,
    always: bool = True,
) -> Changes:
    """Write the tables, the list of imports, the quarantine and the versions.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction, whose end commits all of it.
    load : LoadRecord
        Where the rows come from.
    targets : sequence of TableTarget
        What the tables shall hold.
    changes_of : callable
        Tells the changes; called when the tables have taken the rows.
    settlement : QuarantineSettlement
        What becomes of the quarantine.
    quarantined : int
        How many rows of the file are in it.
    always : bool
        Whether an import that changes nothing raises the store's version too.

    Raises
    ------
    DuplicateError, DataError, BadValueError
        The rows, or the record, cannot be kept.
    """
    check_who(load.who)
    for target in targets:
        write(connection, target)
    changes = changes_of()
    load_id = add_import(connection, load, changes, quarantined)
    write_settlement(connection, load.what, settlement, load_id)
    write_versions(connection, targets, load_id)
    if always or settlement.differs or any(target.differs for target in targets):
        connection.execute(BUMP_VERSION)
    return changes


def write_versions(
    connection: sqlite3.Connection, targets: Iterable[TableTarget], load_id: int
) -> None:
    """End and begin versions in the name of a load; the tables hold their targets already."""
    for target in targets:
        table, gone = target.table, target.gone
        whole = len(gone) == len(target.before)
        end_versions(connection, table, load_id, None if whole else gone)
        come = [record[0] for record in target.come]
        whole = len(come) == len(target.after)
        begin_versions(connection, table, load_id, None if whole else come)


def changes_between(targets: Sequence[TableTarget]) -> Changes:
    """Return what differs between the tables before and after, plaques with their facilities."""
    frames = {
        each.table: (plain(each.before, each.table), plain(each.after, each.table))
        for each in targets
    }
    told = []
    if FACILITIES in frames and DESIGNATIONS in frames:
        was, now = frames.pop(FACILITIES), frames.pop(DESIGNATIONS)
        told.append(compare_ledgers(was[0], now[0], was[1], now[1]))
    told += [compare(*pair, table) for table, pair in frames.items() if table is not SOURCES]
    return joined(*told)


def plain(records: Iterable[Record], table: Table) -> pd.DataFrame:
    """Return stored rows, each led by its fid, as a frame."""
    return frame_of([record[1:] for record in records], table)
