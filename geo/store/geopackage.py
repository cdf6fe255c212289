"""The store in one GeoPackage file, which QGIS opens as it is."""

from __future__ import annotations

import sqlite3
from datetime import UTC
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import geopandas as gpd
import pandas as pd

from geo.columns import (
    DESIGNATIONS,
    DISTRICTS,
    FACILITIES,
    POPULATION,
    SOURCES,
    TABLES,
    TOWNSHIPS,
    VILLAGES,
)
from geo.district import DistrictData
from geo.errors import BadValueError
from geo.store.connection import Pool, reading, writing
from geo.store.protocol import LoadRecord
from geo.store.rows import Rows, frame_of, rows_of
from geo.store.schema import BUMP_VERSION
from geo.store.tables import add, fetch, replace_all, upsert

BUSY_TIMEOUT_S: Final = 10.0
"""How long a write waits for another one before it gives up."""

_MAX_APPROVAL_NUMBER: Final = 100
_WITH_SOURCES: Final = (TOWNSHIPS, DISTRICTS, VILLAGES, POPULATION)

_LOAD_COLUMNS: Final = ("loaded_at", "file_name", "sha256", "what", "row_count")


class GeoPackageStore:
    """A :class:`geo.store.Store` in a GeoPackage; see there for what each method answers.

    One process writes at a time, by short transactions in SQLite's WAL mode;
    readers go on undisturbed. GDAL never writes the live file. Use
    :func:`geo.store.open_store` or :func:`geo.store.create_store` to get one.

    Parameters
    ----------
    pool : Pool
        Connections to a file that is a store.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @property
    def path(self) -> Path:
        """The file."""
        return self._pool.path

    def version(self) -> int:
        """Return the number of the last commit; an edit in QGIS counts too."""
        with self._pool.connection() as connection:
            return _version(connection)

    def read_district(self) -> DistrictData:
        """Return all frames, read in one transaction.

        Raises
        ------
        DataError
            A stored value is not of its column's type, or a geometry is broken.
        """
        with reading(self._pool) as connection:
            version, number = _version(connection), _approval_number(connection)
            fetched = {table: fetch(connection, table) for table in TABLES.values()}
        frames = {table.name: frame_of(records, table) for table, records in fetched.items()}
        return DistrictData(**frames, version=version, approval_number=number)

    def replace_district(self, data: DistrictData, load: LoadRecord) -> None:
        """Replace every table in one transaction."""
        prepared = [rows_of(getattr(data, name), table) for name, table in TABLES.items()]
        with writing(self._pool) as connection:
            for rows in prepared:
                replace_all(connection, rows)
            _commit(connection, load)

    def replace_facilities(
        self, facilities: gpd.GeoDataFrame, designations: pd.DataFrame, load: LoadRecord
    ) -> None:
        """Replace facilities and their designations in one transaction."""
        prepared = (rows_of(facilities, FACILITIES), rows_of(designations, DESIGNATIONS))
        with writing(self._pool) as connection:
            for rows in prepared:
                replace_all(connection, rows)
            _commit(connection, load)

    def replace_population(
        self, population: pd.DataFrame, sources: pd.DataFrame, load: LoadRecord
    ) -> None:
        """Replace the denominators that the frame holds, in one transaction."""
        figures, named = rows_of(population, POPULATION), rows_of(sources, SOURCES)
        pairs = population[["population_kind", "year"]].drop_duplicates()
        with writing(self._pool) as connection:
            before = _sources_in_use(connection)
            connection.executemany(
                "DELETE FROM population WHERE population_kind = ? AND year = ?",
                [(str(kind), int(year)) for kind, year in pairs.itertuples(index=False)],
            )
            add(connection, figures)
            upsert(connection, named)
            _forget_sources(connection, before, named)
            _commit(connection, load)

    def replace_boundaries(
        self,
        townships: gpd.GeoDataFrame,
        districts: gpd.GeoDataFrame,
        villages: pd.DataFrame | None,
        sources: pd.DataFrame,
        load: LoadRecord,
    ) -> None:
        """Replace townships and districts, and villages where given, in one transaction."""
        prepared = [rows_of(townships, TOWNSHIPS), rows_of(districts, DISTRICTS)]
        prepared += [] if villages is None else [rows_of(villages, VILLAGES)]
        named = rows_of(sources, SOURCES)
        with writing(self._pool) as connection:
            before = _sources_in_use(connection)
            for rows in prepared:
                replace_all(connection, rows)
            upsert(connection, named)
            _forget_sources(connection, before, named)
            _commit(connection, load)

    def loads(self) -> pd.DataFrame:
        """Return the loads, oldest first; ``loaded_at`` in UTC, to the millisecond."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT loaded_at, file_name, sha256, what, row_count FROM loads ORDER BY fid"
            ).fetchall()
        frame = pd.DataFrame(rows, columns=list(_LOAD_COLUMNS))
        times = pd.to_datetime(frame["loaded_at"], format="ISO8601", utc=True)
        text = {name: frame[name].astype("str") for name in ("file_name", "sha256", "what")}
        return frame.assign(
            loaded_at=times.astype("datetime64[ms, UTC]"),
            **text,
            row_count=frame["row_count"].astype("int64"),
        )

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


def _commit(connection: sqlite3.Connection, load: LoadRecord) -> None:
    """Write down the load and raise the version; the transaction's end commits both."""
    # GeoPackage knows no finer DATETIME than milliseconds.
    moment = load.loaded_at.astimezone(UTC).isoformat(timespec="milliseconds")
    values: tuple[Any, ...] = (
        moment.replace("+00:00", "Z"),
        load.file_name,
        load.sha256,
        load.what,
        load.row_count,
    )
    connection.execute(
        "INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) VALUES (?, ?, ?, ?, ?)",
        values,
    )
    connection.execute(BUMP_VERSION)


def _sources_in_use(connection: sqlite3.Connection) -> set[str]:
    selects = [f"SELECT source_id FROM {table.name}" for table in _WITH_SOURCES]  # noqa: S608
    query = " UNION ".join(selects)
    return {source_id for (source_id,) in connection.execute(query)}


def _forget_sources(connection: sqlite3.Connection, before: set[str], named: Rows) -> None:
    """Take away sources that only the rows just replaced referred to.

    A map that printed them would claim to rest on what it does not hold.
    """
    given = set(named.columns[named.table.names.index("source_id")])
    gone = before - _sources_in_use(connection) - given
    connection.executemany("DELETE FROM sources WHERE source_id = ?", [(row,) for row in gone])
