"""What makes a SQLite file a GeoPackage: the tables by which QGIS finds its way.

The statements follow OGC 12-128r17 (GeoPackage 1.3): sections 1.1.2
(``gpkg_spatial_ref_sys``), 1.1.3 (``gpkg_contents``), 2.1.5
(``gpkg_geometry_columns``), 2.3.2 (``gpkg_extensions``), annexes F.3 (R-tree)
and F.9 (schema: Chinese names of the columns and of the words in them).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from pyproj import CRS

from geo.core.schema import ALL_TABLES, Column, Table
from geo.core.vocabulary import LABELS
from geo.store.rows import SRS_ID
from geo.store.schema import (
    CREATE_LOADS,
    CREATE_MERGES,
    CREATE_META,
    CREATE_QUARANTINE,
    GEOMETRY_COLUMN,
    OWN_TABLES,
    PRODUCT,
    SCHEMA_VERSION,
    create_rtree,
    create_table,
    quoted,
    rtree_name,
    triggers,
)
from geo.store.versions import create_history, history_triggers

APPLICATION_ID: Final = int.from_bytes(b"GPKG")
USER_VERSION: Final = 10_300

_WGS84: Final = 4326
# To the letter as the standard has it: validators compare the text.
_NOW: Final = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"

_CREATE: Final = (
    """CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
)""",
    f"""CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT ({_NOW}),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
)""",
    """CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
)""",
    """CREATE TABLE gpkg_extensions (
  table_name TEXT,
  column_name TEXT,
  extension_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
)""",
    """CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
)""",
    """CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
)""",
)

_SCHEMA_EXTENSION: Final = (
    "gpkg_schema",
    "http://www.geopackage.org/spec121/#extension_schema",
    "read-write",
)
_RTREE_EXTENSION: Final = (
    "gpkg_rtree_index",
    "http://www.geopackage.org/spec120/#extension_rtree",
    "write-only",
)


def fill_new_file(connection: sqlite3.Connection) -> None:
    """Make an empty store in an empty SQLite file, within the connection's transaction.

    Examples
    --------
    >>> connection = sqlite3.connect(":memory:")
    >>> fill_new_file(connection)
    >>> connection.execute("SELECT product, version FROM meta").fetchone()
    ('kepu-atlas', 0)
    >>> connection.close()
    """
    start_file(connection, _reference_systems())
    for table in ALL_TABLES:
        add_table(connection, table)
    connection.execute(CREATE_LOADS)
    connection.execute(CREATE_META)
    add_history(connection)
    for name, (zh, en) in OWN_TABLES.items():
        _add_contents(connection, name, zh, en, None)
    connection.execute("INSERT INTO meta VALUES (1, ?, ?, 0, NULL)", (PRODUCT, SCHEMA_VERSION))


def start_file(
    connection: sqlite3.Connection, systems: Iterable[tuple[str, int, str, int, str, str]]
) -> None:
    """Make the lists of a GeoPackage in an empty SQLite file, with the coordinate systems given.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction.
    systems : iterable of tuple
        Rows of ``gpkg_spatial_ref_sys``, the two undefined ones among them.
    """
    # Application id and version stand in the file's header and cannot be parameters.
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _CREATE:
        connection.execute(statement)
    connection.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", systems)
    for name in ("gpkg_data_columns", "gpkg_data_column_constraints"):
        add_extension(connection, name, None, _SCHEMA_EXTENSION)


def add_history(connection: sqlite3.Connection) -> None:
    """Make the version tables with their triggers, the quarantine and the list of merges."""
    for table in ALL_TABLES:
        for statement in (*create_history(table), *history_triggers(table).values()):
            connection.execute(statement)
    for statement in (*CREATE_QUARANTINE, CREATE_MERGES):
        connection.execute(statement)


def touch_contents(
    connection: sqlite3.Connection, table: Table, extent: tuple[float | None, ...]
) -> None:
    """Tell in ``gpkg_contents`` that a table changed just now and how far it extends.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction.
    table : Table
        The table that was written.
    extent : tuple of float or None
        Least x and y, greatest x and y, in degrees.
    """
    connection.execute(
        f"UPDATE gpkg_contents SET last_change = {_NOW}, "  # noqa: S608  (constants only)
        "min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
        (*extent, table.name),
    )


def _reference_systems() -> Iterator[tuple[str, int, str, int, str, str]]:
    yield from UNDEFINED_SYSTEMS
    for code in (_WGS84, SRS_ID):
        yield reference_system(CRS.from_epsg(code))


UNDEFINED_SYSTEMS: Final = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic"),
)


def reference_system(crs: CRS) -> tuple[str, int, str, int, str, str]:
    """Return a system's row of ``gpkg_spatial_ref_sys``; its coordinates are x before y."""
    code = int(crs.to_epsg() or 0)
    words = "longitude and latitude in degrees" if crs.is_geographic else "easting and northing"
    return (crs.name, code, "EPSG", code, crs.to_wkt("WKT1_GDAL"), words)


def add_table(connection: sqlite3.Connection, table: Table) -> None:
    """Make a table of the dictionary, with its triggers, and enter it in the lists."""
    enter_table(connection, table, SRS_ID)
    for statement in triggers(table).values():
        connection.execute(statement)


def enter_table(connection: sqlite3.Connection, table: Table, srs_id: int) -> None:
    """Make a table and its R-tree without triggers, and enter it in the lists."""
    connection.execute(create_table(table))
    _add_contents(connection, table.name, table.zh, table.en, srs_id if table.geometry else None)
    if table.geometry:
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
            (table.name, GEOMETRY_COLUMN, table.geometry, srs_id),
        )
        connection.execute(create_rtree(table))
        add_extension(connection, table.name, GEOMETRY_COLUMN, _RTREE_EXTENSION)
    for column in table.columns:
        _describe(connection, table, column)


def drop_table(connection: sqlite3.Connection, table: Table) -> None:
    """Take a table away, with its R-tree, and out of the lists."""
    for name in (rtree_name(table), table.name):
        connection.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
    for name in ("data_columns", "extensions", "geometry_columns", "contents"):
        connection.execute(
            f"DELETE FROM gpkg_{name} WHERE table_name = ?",  # noqa: S608  (one of four constants)
            (table.name,),
        )


def _add_contents(
    connection: sqlite3.Connection, name: str, zh: str, en: str, srs_id: int | None
) -> None:
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) "
        "VALUES (?, ?, ?, ?, ?)",
        (name, "attributes" if srs_id is None else "features", zh, en, srs_id),
    )


def add_extension(
    connection: sqlite3.Connection, name: str, column: str | None, extension: tuple[str, ...]
) -> None:
    """Tell in ``gpkg_extensions`` that a table, or a column of it, is of an extension."""
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", (name, column, *extension)
    )


def _describe(connection: sqlite3.Connection, table: Table, column: Column) -> None:
    """Give a column its Chinese name, and its words their Chinese labels to choose from."""
    title = f"{column.zh}（{column.unit}）" if column.unit else column.zh
    constraint = None if column.choices is None else f"kepu_{column.choices.__name__.lower()}"
    connection.execute(
        "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
        (table.name, column.name, column.zh, title, column.en, constraint),
    )
    if column.choices is not None:
        connection.executemany(
            "INSERT OR IGNORE INTO gpkg_data_column_constraints "
            "VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
            _choices(column.choices, str(constraint)),
        )


def _choices(choices: type[StrEnum], constraint: str) -> Iterator[tuple[str, str, str]]:
    for term in choices:
        yield constraint, term.value, LABELS[choices][term].zh
