"""A ledger on its way into the store: what the tables shall hold, and what that changes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.core.schema import DESIGNATIONS, FACILITIES
from geo.store.commits import plain
from geo.store.history import Changes, Mode, compare_ledgers
from geo.store.load_record import LoadRecord
from geo.store.quarantined import QuarantineSettlement, settle
from geo.store.rows import rows_of
from geo.store.tables import fetch
from geo.store.targets import Record, TableTarget, column_of, merged, reader, replaced, target
from geo.store.versions import next_fid


@dataclass(frozen=True)
class LedgerTarget:
    """A file's rows as stored rows, and how they are meant.

    ``designations`` None: the file says nothing of plaques. ``contents`` are its rows
    in quarantine. ``ids``: facilities that have a clean row; ``held``: those that have
    none but in quarantine, and stay as they are. ``frames`` are the file's as given.
    """

    facilities: list[Record]
    designations: list[Record] | None
    contents: list[tuple[Any, ...]]
    mode: Mode
    ids: set[str]
    held: set[str]
    frames: tuple[pd.DataFrame, pd.DataFrame | None]

    def targets(self, connection: sqlite3.Connection) -> list[TableTarget]:
        """Return what facilities and designations shall hold."""
        facilities, plaques = fetch(connection, FACILITIES), fetch(connection, DESIGNATIONS)
        if self.mode == "replace":
            after = self._replaced(facilities, plaques)
        else:
            after = self._updated(connection, facilities, plaques)
        return [
            target(FACILITIES, facilities, after[0]),
            target(DESIGNATIONS, plaques, after[1]),
        ]

    def _replaced(
        self, facilities: list[Record], plaques: list[Record]
    ) -> tuple[list[Record], list[Record]]:
        of, on = reader(FACILITIES, "facility_id"), reader(DESIGNATIONS, "facility_id")
        held = [record for record in facilities if of(record) in self.held]
        if self.designations is None:
            there = self.ids | self.held
            stay = [record for record in plaques if on(record) in there]
            return replaced(self.facilities, held), stay
        spoken = column_of(self.designations, DESIGNATIONS, "facility_id")
        silent = self.held - spoken
        stay = [record for record in plaques if on(record) in silent]
        return replaced(self.facilities, held), replaced(self.designations, stay)

    def _updated(
        self, connection: sqlite3.Connection, facilities: list[Record], plaques: list[Record]
    ) -> tuple[list[Record], list[Record]]:
        number = next_fid(connection, FACILITIES)
        after = merged(
            facilities, self.facilities, FACILITIES, goes=lambda _: False, next_fid=number
        )
        if self.designations is None:
            return after, plaques
        on, number = reader(DESIGNATIONS, "facility_id"), next_fid(connection, DESIGNATIONS)
        spoken = self.ids | column_of(self.designations, DESIGNATIONS, "facility_id")
        hung = merged(
            plaques,
            self.designations,
            DESIGNATIONS,
            goes=lambda record: on(record) in spoken,
            next_fid=number,
        )
        return after, hung

    def changes(self, targets: list[TableTarget]) -> Changes:
        """Return what the file changes."""
        facilities, plaques = (plain(each.before, each.table) for each in targets)
        return compare_ledgers(
            facilities,
            plaques,
            *self.frames,
            mode=self.mode,
            keep=self.held,
        )

    def settlement(self, connection: sqlite3.Connection, load: LoadRecord) -> QuarantineSettlement:
        """Return what becomes of the quarantine."""
        return settle(connection, load.what, load.file_name, self.contents, self.ids)


def ledger_of(
    facilities: gpd.GeoDataFrame,
    designations: pd.DataFrame | None,
    contents: list[tuple[Any, ...]],
    mode: Mode,
) -> LedgerTarget:
    """Return frames as a ledger.

    Raises
    ------
    TableError, DataError
        As :func:`geo.store.rows.rows_of`.
    """
    plaques = None
    if designations is not None:
        plaques = list(rows_of(designations, DESIGNATIONS).records())
    rows = list(rows_of(facilities, FACILITIES).records())
    ids = column_of(rows, FACILITIES, "facility_id")
    held = {content[3] for content in contents if content[3] is not None} - ids
    return LedgerTarget(rows, plaques, contents, mode, ids, held, (facilities, designations))
