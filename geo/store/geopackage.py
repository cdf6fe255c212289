"""The store in one GeoPackage file, which QGIS opens as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import geopandas as gpd
import pandas as pd

from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.errors import BadValueError
from geo.core.messages import Note
from geo.core.quarantine import QuarantinedRow
from geo.core.schema import (
    ALL_TABLES,
    BASE_LAYERS,
    DISTRICTS,
    FACILITIES,
    POPULATION,
    SOURCES,
    TABLES,
    TOWNSHIPS,
    VILLAGES,
    Table,
    empty_frame,
)
from geo.store.commits import changes_between, commit, plain
from geo.store.connection import ConnectionPool, reading, writing
from geo.store.history import Changes, Mode
from geo.store.imports import imports_frame, load_at, state_at
from geo.store.ledger import ledger_of
from geo.store.load_record import LoadRecord
from geo.store.merges import StoredMerge, merge, merges_frame
from geo.store.quarantined import contents_of, quarantine_frame, settle
from geo.store.records import changes_of_load, history_frame
from geo.store.rows import StoredRows, rows_of
from geo.store.schema import BUMP_VERSION, LOADED
from geo.store.sources import sources_with
from geo.store.tables import fetch
from geo.store.targets import TableTarget, merged, reader, replaced, target
from geo.store.undo import undo
from geo.store.versions import next_fid, records_at

BUSY_TIMEOUT_S: Final = 10.0
"""How long a write waits for another one before it gives up."""

_MAX_APPROVAL_NUMBER: Final = 100
_LOAD_COLUMNS: Final = ("loaded_at", "file_name", "sha256", "what", "row_count")


class GeoPackageStore:
    """A :class:`geo.store.Store` in a GeoPackage; see there for what each method answers.

    One process writes at a time, by short transactions in SQLite's WAL mode;
    readers go on undisturbed. GDAL never writes the live file. Use
    :func:`geo.store.open_store` or :func:`geo.store.create_store` to get one.

    Parameters
    ----------
    pool : ConnectionPool
        Connections to a file that is a store.
    """

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    @property
    def path(self) -> Path:
        """The file."""
        return self._pool.path

    def version(self) -> int:
        """Return the number of the last commit; an edit in QGIS counts too."""
        with self._pool.connection() as connection:
            return _version(connection)

    def last_import(self) -> int:
        """Return the number of the latest import, an edit in QGIS included."""
        with self._pool.connection() as connection:
            (number,) = connection.execute("SELECT coalesce(max(fid), 0) FROM loads").fetchone()
        return int(number)

    def read_district(self, at: datetime | int | None = None) -> DistrictData:
        """Return all frames, read in one transaction; of the past, those of the version tables.

        Raises
        ------
        NotFoundError
            The history begins later, or has no such import.
        DataError
            A stored value is not of its column's type, or a geometry is broken.
        """
        with reading(self._pool) as connection:
            version, number = _version(connection), _approval_number(connection)
            state = state_at(connection, at)
            fetched = _fetched(connection, None if at is None else state.number)
        frames = {
            table.name: plain(records, table)
            for table, records in fetched.items()
            if records or table.name in TABLES
        }
        return DistrictData(**frames, version=version, state=state, approval_number=number)

    def replace_district(self, data: DistrictData, load: LoadRecord) -> Changes:
        """Replace every table in one transaction."""
        prepared = [rows_of(getattr(data, name), table) for name, table in TABLES.items()]
        ground = [(table, getattr(data, name)) for name, table in BASE_LAYERS.items()]
        prepared += [rows_of(_or_none(frame, table), table) for table, frame in ground]
        with writing(self._pool) as connection:
            targets = [_replacing(connection, rows) for rows in prepared]
            return commit(connection, load, targets, lambda: changes_between(targets))

    def replace_facilities(
        self, facilities: gpd.GeoDataFrame, designations: pd.DataFrame, load: LoadRecord
    ) -> Changes:
        """Replace facilities and their designations in one transaction."""
        return self._load_ledger(facilities, designations, load, (), "replace", always=True)

    def load_facilities(
        self,
        facilities: gpd.GeoDataFrame,
        designations: pd.DataFrame | None,
        load: LoadRecord,
        *,
        quarantine: Sequence[QuarantinedRow] = (),
        mode: Mode = "replace",
    ) -> Changes:
        """Load a ledger, or part of one, and its quarantine in one transaction."""
        return self._load_ledger(facilities, designations, load, quarantine, mode, always=False)

    def _load_ledger(
        self,
        facilities: gpd.GeoDataFrame,
        designations: pd.DataFrame | None,
        load: LoadRecord,
        quarantine: Sequence[QuarantinedRow],
        mode: Mode,
        *,
        always: bool,
    ) -> Changes:
        ledger = ledger_of(facilities, designations, contents_of(quarantine), mode)
        with writing(self._pool) as connection:
            targets = ledger.targets(connection)
            return commit(
                connection,
                load,
                targets,
                lambda: ledger.changes(targets),
                settlement=ledger.settlement(connection, load),
                quarantined=len(quarantine),
                always=always,
            )

    def load_population(
        self,
        population: pd.DataFrame,
        sources: pd.DataFrame,
        load: LoadRecord,
        *,
        quarantine: Sequence[QuarantinedRow] = (),
    ) -> Changes:
        """Replace the figures that the frame holds, with its quarantine, in one transaction."""
        figures, named = rows_of(population, POPULATION), rows_of(sources, SOURCES)
        given, held = list(figures.records()), contents_of(quarantine)
        read = reader(POPULATION, "division_code", "population_kind", "year")
        keys = set(map(read, given))
        with writing(self._pool) as connection:
            present = fetch(connection, POPULATION)
            was = [record for record in present if read(record) in keys]
            number = next_fid(connection, POPULATION)
            after = merged(
                present, given, POPULATION, goes=lambda row: read(row) in keys, next_fid=number
            )
            targets = [target(POPULATION, present, after)]
            targets.append(sources_with(connection, named, targets))
            figures_of = target(POPULATION, was, given)
            return commit(
                connection,
                load,
                targets,
                lambda: changes_between([figures_of]),
                settlement=settle(connection, load.what, load.file_name, held, ()),
                quarantined=len(held),
                always=False,
            )

    def replace_boundaries(
        self,
        townships: gpd.GeoDataFrame,
        districts: gpd.GeoDataFrame,
        villages: pd.DataFrame | None,
        sources: pd.DataFrame,
        load: LoadRecord,
    ) -> Changes:
        """Replace townships and districts, and villages where given, in one transaction."""
        prepared = [rows_of(townships, TOWNSHIPS), rows_of(districts, DISTRICTS)]
        prepared += [] if villages is None else [rows_of(villages, VILLAGES)]
        named = rows_of(sources, SOURCES)
        with writing(self._pool) as connection:
            targets = [_replacing(connection, rows) for rows in prepared]
            targets.append(sources_with(connection, named, targets))
            return commit(connection, load, targets, lambda: changes_between(targets))

    def load_villages(
        self,
        villages: pd.DataFrame,
        sources: pd.DataFrame,
        load: LoadRecord,
        *,
        quarantine: Sequence[QuarantinedRow] = (),
    ) -> Changes:
        """Replace villages, with the file's quarantine, in one transaction."""
        prepared, named = rows_of(villages, VILLAGES), rows_of(sources, SOURCES)
        held = contents_of(quarantine)
        with writing(self._pool) as connection:
            targets = [_replacing(connection, prepared)]
            targets.append(sources_with(connection, named, targets))
            return commit(
                connection,
                load,
                targets,
                lambda: changes_between(targets),
                settlement=settle(connection, load.what, load.file_name, held, ()),
                quarantined=len(held),
                always=False,
            )

    def replace_ground(
        self, table: Table, frame: gpd.GeoDataFrame, sources: pd.DataFrame, load: LoadRecord
    ) -> Changes:
        """Replace a layer of the ground in one transaction."""
        prepared, named = rows_of(frame, table), rows_of(sources, SOURCES)
        with writing(self._pool) as connection:
            targets = [_replacing(connection, prepared)]
            targets.append(sources_with(connection, named, targets))
            return commit(connection, load, targets, lambda: changes_between(targets), always=False)

    def undo(self, load_id: int, who: str, at: datetime) -> Changes:
        """Take an import back in one transaction; it and its undoing stay in the history."""
        with writing(self._pool) as connection:
            return undo(connection, load_id, who, at)

    def merge_facilities(
        self, keep: str, others: Sequence[str], *, as_plaques: bool, who: str, at: datetime
    ) -> tuple[Changes, tuple[Note, ...]]:
        """Make facilities one in one transaction."""
        wish = StoredMerge(keep, tuple(dict.fromkeys(others)), as_plaques)
        with writing(self._pool) as connection:
            return merge(connection, wish, who, at)

    def merges(self) -> pd.DataFrame:
        """Return the merges that hold, oldest first."""
        with self._pool.connection() as connection:
            return merges_frame(connection)

    def loads(self) -> pd.DataFrame:
        """Return the loads of files, oldest first; ``loaded_at`` in UTC, to the millisecond."""
        imports = self.imports()
        loads = imports.loc[imports["what"].isin(LOADED), list(_LOAD_COLUMNS)]
        return loads.astype({"row_count": "int64"}).reset_index(drop=True)

    def imports(self) -> pd.DataFrame:
        """Return all that changed the tables, oldest first."""
        with self._pool.connection() as connection:
            return imports_frame(connection)

    def changes(self, load_id: int) -> Changes:
        """Return what an import changed, from the versions."""
        with reading(self._pool) as connection:
            load_at(connection, load_id)
            return changes_of_load(connection, load_id)

    def history(self, row_id: str, table: Table = FACILITIES) -> pd.DataFrame:
        """Return the versions of a record."""
        with reading(self._pool) as connection:
            return history_frame(connection, table, row_id)

    def quarantine(self, *, open_only: bool = True) -> pd.DataFrame:
        """Return the rows in quarantine, oldest first."""
        with self._pool.connection() as connection:
            return quarantine_frame(connection, open_only=open_only)

    def approval_number(self) -> str | None:
        """Return the number that was entered, or None."""
        with self._pool.connection() as connection:
            return _approval_number(connection)

    def set_approval_number(self, text: str | None) -> None:
        """Keep a number, without the blanks around it; None or nothing but blanks forgets it."""
        kept = (text or "").strip()
        if len(kept) > _MAX_APPROVAL_NUMBER or not (kept.isprintable() or not kept):
            raise BadValueError(
                zh=f"审图号应为一行不超过{_MAX_APPROVAL_NUMBER}字的文字。请照批准文件填写。",
                en=f"An approval number is one line of up to {_MAX_APPROVAL_NUMBER} characters.",
            )
        with writing(self._pool) as connection:
            connection.execute("UPDATE meta SET approval_number = ?", (kept or None,))
            connection.execute(BUMP_VERSION)

    def close(self) -> None:
        """Close every connection to the file."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _approval_number(connection: sqlite3.Connection) -> str | None:
    found: tuple[str | None] = connection.execute("SELECT approval_number FROM meta").fetchone()
    return found[0]


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("SELECT version FROM meta").fetchone()
    return int(version)


def _fetched(connection: sqlite3.Connection, number: int | None) -> dict[Table, Any]:
    if number is None:
        return {table: fetch(connection, table) for table in ALL_TABLES}
    return {table: records_at(connection, table, number) for table in ALL_TABLES}


def _or_none(frame: gpd.GeoDataFrame | None, table: Table) -> gpd.GeoDataFrame:
    """Return a layer, or one without a row where there is none."""
    if frame is not None:
        return frame
    return gpd.GeoDataFrame(empty_frame(table), geometry=[], crs=STORAGE_CRS)


def _replacing(connection: sqlite3.Connection, rows: StoredRows) -> TableTarget:
    return target(rows.table, fetch(connection, rows.table), replaced(rows.records()))
