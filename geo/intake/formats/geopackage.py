"""GeoPackages from others: looked over first, then read by plain SQL; GDAL never sees one."""

from __future__ import annotations

import math
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from geo.core.errors import FileTooLargeError, FileTypeError, Place
from geo.core.messages import Whole, shown
from geo.intake.formats.limits import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, InputFile, foreign_content
from geo.intake.formats.parts import Feature, Part
from geo.intake.sentences import message

_SQLITE: Final = b"SQLite format 3\x00"
_OWN_PREFIXES: Final = ("gpkg_", "rtree_", "sqlite_")
_OWN_TRIGGERS: Final = (
    "rtree_",
    "gpkg_",
    "trigger_insert_feature_count_",
    "trigger_delete_feature_count_",
)
_GEOMETRY_MARK: Final = b"GP"
_HEADER_BYTES: Final = 8
_ENVELOPE_BYTES: Final = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_EMPTY: Final = 0x10
_MAX_VALUE_BYTES: Final = 100_000_000
_ALLOWED: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA})


_GEOPACKAGE_GEOMETRY = message("formats.geopackage_geometry")
_GEOPACKAGE_REFUSED = message("formats.geopackage_refused")
_GEOPACKAGE_TOO_LARGE = message("formats.geopackage_too_large")


def read_geopackage(source: InputFile) -> list[Part]:
    """Read the layers of features and the tables of attributes of a GeoPackage.

    It is opened read-only, without its triggers ever firing, and only if it holds
    no view, no virtual table but R-trees, and no trigger but those of the standard.

    Raises
    ------
    FileTypeError
        It is no GeoPackage, is damaged, or holds what is named above.
    FileTooLargeError
        It has more layers, columns or features than
        :mod:`geo.intake.formats.limits` allows.
    """
    if not source.content.startswith(_SQLITE):
        raise foreign_content(source, " QGIS 按 GeoPackage ", "a GeoPackage")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "input.gpkg")
        path.write_bytes(source.content)
        try:
            with closing(_open(path)) as connection:
                _vet(connection, source)
                return [_part(connection, *layer, source) for layer in _layers(connection, source)]
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise _refused(source, "已损坏或不合规范", "is damaged") from error


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.set_authorizer(_authorize)
    return connection


def _authorize(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _vet(connection: sqlite3.Connection, source: InputFile) -> None:
    """Raise unless a schema holds tables, indexes, R-trees and their triggers alone."""
    for kind, name, statement in connection.execute("SELECT type, name, sql FROM sqlite_master"):
        virtual = str(statement or "").lstrip()[:20].upper().startswith("CREATE VIRTUAL")
        if kind == "view":
            raise _refused(source, f"含有视图「{shown(name)}」", f"holds the view '{shown(name)}'")
        if kind == "trigger" and not str(name).startswith(_OWN_TRIGGERS):
            raise _refused(
                source, f"含有触发器「{shown(name)}」", f"holds the trigger '{shown(name)}'"
            )
        if virtual and "using rtree" not in " ".join(str(statement).lower().split()):
            raise _refused(
                source, f"含有虚拟表「{shown(name)}」", f"holds the virtual table '{shown(name)}'"
            )


def _layers(
    connection: sqlite3.Connection, source: InputFile
) -> list[tuple[str, str | None, str | None]]:
    """Return each table with its column of geometry and its system, None where it has none."""
    tables = {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    if "gpkg_contents" not in tables:
        raise _refused(source, "不是 GeoPackage", "is no GeoPackage")
    rows = connection.execute(
        "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
    ).fetchall()
    if len(rows) > MAX_SHEETS:
        raise _too_large(source, f"超过 {MAX_SHEETS} 个图层", f"over {MAX_SHEETS} layers")
    names = [str(name) for (name,) in rows]
    return [
        (name, *_geometry_of(connection, name))
        for name in names
        if name in tables and not name.startswith(_OWN_PREFIXES)
    ]


def _geometry_of(connection: sqlite3.Connection, table: str) -> tuple[str | None, str | None]:
    found = connection.execute(
        "SELECT g.column_name, s.organization, s.organization_coordsys_id, s.definition"
        " FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
        " WHERE g.table_name = ?",
        (table,),
    ).fetchone()
    if found is None:
        return None, None
    column, organization, number, definition = found
    if str(organization).upper() == "EPSG":
        return str(column), f"EPSG:{number}"
    known = str(definition or "").lstrip()[:1].isalpha() and definition != "undefined"
    return str(column), str(definition) if known else None


def _part(
    connection: sqlite3.Connection,
    table: str,
    geometry: str | None,
    system: str | None,
    source: InputFile,
) -> Part:
    quoted = '"' + table.replace('"', '""') + '"'
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted})")]
    if len(columns) > MAX_COLUMNS:
        raise _too_large(source, f"超过 {MAX_COLUMNS} 列", f"over {MAX_COLUMNS} columns")
    cursor = connection.execute(f"SELECT * FROM {quoted}")  # noqa: S608  (quoted above)
    return Part(table, features=list(_features(cursor, columns, geometry, source)), system=system)


def _features(
    cursor: sqlite3.Cursor, columns: list[str], geometry: str | None, source: InputFile
) -> Iterator[Feature]:
    for number, row in enumerate(cursor, start=1):
        if number > MAX_ROWS:
            raise _too_large(source, f"超过 {MAX_ROWS:,} 个要素", f"over {MAX_ROWS:,} features")
        values = dict(zip(columns, row, strict=True))
        blob = values.pop(geometry, None) if geometry else None
        values.pop("fid", None)
        shape = geometry_of(blob, source.name, number) if isinstance(blob, bytes) else None
        yield Feature(number, {name: _plain(value) for name, value in values.items()}, shape)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"（{len(value)} 字节二进制）"
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def geometry_of(blob: bytes, file: str, number: int) -> dict[str, Any] | None:
    """Return a GeoPackage's geometry as GeoJSON says it; None of an empty one.

    Raises
    ------
    FileTypeError
        The blob is none, or GEOS cannot read it.
    """
    # Only layers with geometry need the library, which takes a while to load.
    import orjson  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    place = Place(file=file, row=number)
    broken = _GEOPACKAGE_GEOMETRY.error(FileTypeError, place=place)
    if len(blob) < _HEADER_BYTES or not blob.startswith(_GEOMETRY_MARK):
        raise broken
    flags = blob[3]
    envelope = _ENVELOPE_BYTES.get((flags >> 1) & 0b111)
    if flags & _EMPTY:
        return None
    if envelope is None:
        raise broken
    try:
        shape = shapely.force_2d(shapely.from_wkb(blob[_HEADER_BYTES + envelope :]))
    except (shapely.errors.GEOSException, ValueError) as error:
        raise broken from error
    if shape is None or shape.is_empty:
        return None
    try:
        found: dict[str, Any] = orjson.loads(shapely.to_geojson(shape))
    except (shapely.errors.GEOSException, orjson.JSONDecodeError) as error:
        raise broken from error
    return found


def _refused(source: InputFile, zh: str, en: str) -> FileTypeError:
    return _GEOPACKAGE_REFUSED.error(
        FileTypeError, place=Place(file=source.name), why=Whole(zh), why_en=Whole(en)
    )


def _too_large(source: InputFile, zh: str, en: str) -> FileTooLargeError:
    return _GEOPACKAGE_TOO_LARGE.error(
        FileTooLargeError, place=Place(file=source.name), why=Whole(zh), why_en=Whole(en)
    )
