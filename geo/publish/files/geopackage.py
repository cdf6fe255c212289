"""A GeoPackage 1.3 of one layer, with its styles, Chinese names and metadata.

Made in memory and taken as bytes; GDAL has no part in it. The styles stand in the table
``layer_styles`` that QGIS reads; ``useAsDefault`` makes it put them on by itself.
The statements of the metadata extension follow OGC 12-128r17, annex F.8.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from pyproj import CRS

from geo.core.schema import Table
from geo.publish.files.layer import Layer
from geo.publish.files.styles import Style
from geo.store.blob import bounds_of, encode
from geo.store.package import (
    UNDEFINED_SYSTEMS,
    add_extension,
    enter_table,
    reference_system,
    start_file,
)
from geo.store.schema import GEOMETRY_COLUMN, quoted, rtree_name, rtree_triggers, stored_names

# Names are those of geo.core.fields, quoted; no value is ever put into a statement.
# ruff: noqa: S608

_UNDEFINED_GEOGRAPHIC, _WGS84 = 0, 4326
_METADATA_EXTENSION: Final = (
    "gpkg_metadata",
    "http://www.geopackage.org/spec121/#extension_metadata",
    "read-write",
)
_MANIFEST_URI: Final = "urn:kepu-atlas:manifest:1"

_CREATE: Final = (
    """CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT ''
)""",
    """CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL,
  table_name TEXT,
  column_name TEXT,
  row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL,
  md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
)""",
)

_CREATE_STYLES: Final = """CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(30),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME
)"""


def geopackage_bytes(
    layer: Layer, *, style: Style, manifest: str, on: str, description: str
) -> bytes:
    """Return a layer as a GeoPackage.

    Parameters
    ----------
    layer : Layer
        In any system; GCJ-02 is kept as an undefined one, so that no program lays it
        over others as if it were true.
    style : Style
        What QGIS draws it with.
    manifest : str
        JSON, kept as the file's metadata.
    on : str
        The date of the answer as ISO 8601 writes it: it stands for the time of the last
        change, so that the same answer is the same file.
    description : str
        What the layer is, with its marks, as QGIS shows it.
    """
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.execute("BEGIN")
        moment = f"{on}T00:00:00.000Z"
        _fill(connection, layer, style, _About(manifest, description, moment))
        _set_times(connection, moment)
        connection.execute("COMMIT")
        return connection.serialize()
    finally:
        connection.close()


class _About(NamedTuple):
    """What a file says of itself."""

    manifest: str
    description: str
    moment: str


def _fill(connection: sqlite3.Connection, layer: Layer, style: Style, about: _About) -> None:
    crs = layer.system.crs
    known = () if crs is None else (reference_system(crs),)
    start_file(connection, (*UNDEFINED_SYSTEMS, *_needed(known)))
    srs_id = known[0][1] if known else _UNDEFINED_GEOGRAPHIC
    # The key's values are unique; what else the ledger asks of itself is none of a copy's.
    table = replace(
        layer.table, columns=tuple(replace(column, required=False) for column in layer.columns)
    )
    enter_table(connection, table, srs_id)
    _insert(connection, table, layer, srs_id)
    for statement in rtree_triggers(table).values():
        connection.execute(statement)
    for statement in _CREATE:
        connection.execute(statement)
    _add_metadata(connection, about.manifest)
    connection.execute("UPDATE gpkg_contents SET description = ?", (about.description,))
    _add_style(connection, table, style, about.moment)


def _needed(known: Iterable[Any]) -> list[Any]:
    """Return the systems, WGS 84 among them, as the standard wants it in every file."""
    rows = {row[1]: row for row in (reference_system(CRS.from_epsg(_WGS84)), *known)}
    return list(rows.values())


def _insert(connection: sqlite3.Connection, table: Table, layer: Layer, srs_id: int) -> None:
    names = stored_names(table)
    marks = ", ".join("?" for _ in names)
    blobs = encode(layer.shapes, srs_id)
    rows = (
        (blob, *(_stored(value) for value in values))
        for blob, values in zip(blobs, layer.values(), strict=True)
    )
    connection.executemany(
        f"INSERT INTO {quoted(table.name)} ({', '.join(names)}) VALUES ({marks})", rows
    )
    bounds = bounds_of(layer.shapes)
    known = np.isfinite(bounds).all(axis=1)
    connection.executemany(
        f"INSERT INTO {quoted(rtree_name(table))} VALUES (?, ?, ?, ?, ?)",
        (
            (fid, *box)
            for fid, box in zip(
                (np.flatnonzero(known) + 1).tolist(), bounds[known].tolist(), strict=True
            )
        ),
    )
    west, east, south, north = _extent(bounds[known])
    connection.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?",
        (west, south, east, north),
    )


def _extent(bounds: Any) -> tuple[float | None, ...]:
    if not len(bounds):
        return None, None, None, None
    west, _, south, _ = bounds.min(axis=0).tolist()
    _, east, _, north = bounds.max(axis=0).tolist()
    return west, east, south, north


def _stored(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    # SQLite ends a text at its first NUL for some who read it.
    return value.replace("\0", "�") if isinstance(value, str) else value


def _add_metadata(connection: sqlite3.Connection, manifest: str) -> None:
    for name in ("gpkg_metadata", "gpkg_metadata_reference"):
        add_extension(connection, name, None, _METADATA_EXTENSION)
    connection.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', ?, 'application/json', ?)",
        (_MANIFEST_URI, manifest),
    )
    connection.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, '', 1, NULL)"
    )


def _add_style(connection: sqlite3.Connection, table: Table, style: Style, moment: str) -> None:
    connection.execute(_CREATE_STYLES)
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles')"
    )
    connection.execute(
        "INSERT INTO layer_styles VALUES (1, '', '', ?, ?, 'kepu', ?, ?, 1, ?, '', NULL, ?)",
        (table.name, GEOMETRY_COLUMN, style.qml, style.sld, style.title, moment),
    )


def _set_times(connection: sqlite3.Connection, moment: str) -> None:
    connection.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
    connection.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (moment,))
