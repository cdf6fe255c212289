"""The store's own tables as SQL, derived from the data dictionary."""

from __future__ import annotations

from typing import Final, get_args

from geo.core.schema import Column, Dtype, Table
from geo.core.sentences import Sentences
from geo.store.load_record import Loaded

TEXT: Final = Sentences("geo.store")

SCHEMA_VERSION: Final = 6
"""Of our tables; an older store is brought up to it, a newer one is refused."""

PRODUCT: Final = "kepu-atlas"
"""Stands in ``meta``, so that another program's GeoPackage is not taken for a store."""

# Names are those of geo.core.schema, quoted; no value is ever put into a statement.
# ruff: noqa: S608

GEOMETRY_COLUMN: Final = "geom"

SQL_TYPES: Final[dict[Dtype, str]] = {
    "text": "TEXT",
    "real": "REAL",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
    "date": "DATE",
}


def _literals(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


LOADED: Final[tuple[Loaded, ...]] = get_args(Loaded)
WITHOUT_FILE: Final = ("undo", "edit", "upgrade", "merge")
"""What else changes the tables: an import taken back, an edit in QGIS, a newer program,
facilities that a person said are one place."""

OWN_TABLES: Final = {
    "loads": TEXT.words("loads"),
    "meta": TEXT.words("about_this_store"),
}
"""Tables that are no frame of a district, with their labels."""

CREATE_LOADS: Final = f"""
CREATE TABLE loads (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  loaded_at DATETIME NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL
    CHECK (length(sha256) = 64 OR sha256 = '' AND what NOT IN ({_literals(LOADED)})),
  what TEXT NOT NULL CHECK (what IN ({_literals((*LOADED, *WITHOUT_FILE))})),
  row_count INTEGER NOT NULL CHECK (row_count >= 0),
  who TEXT NOT NULL DEFAULT '',
  added INTEGER,
  changed INTEGER,
  removed INTEGER,
  unchanged INTEGER,
  quarantined INTEGER,
  undoes INTEGER
)"""

CREATE_QUARANTINE: Final = (
    """CREATE TABLE quarantine (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  load_id INTEGER NOT NULL,
  since_load INTEGER NOT NULL,
  resolved_by_load INTEGER,
  what TEXT NOT NULL,
  source_file TEXT NOT NULL,
  source_sheet TEXT,
  source_row INTEGER NOT NULL CHECK (source_row >= 1),
  facility_id TEXT,
  cells TEXT NOT NULL,
  reasons TEXT NOT NULL
)""",
    "CREATE INDEX quarantine_open ON quarantine (source_file) WHERE resolved_by_load IS NULL",
)

CREATE_MERGES: Final = """
CREATE TABLE merges (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  load_id INTEGER NOT NULL,
  keep_id TEXT NOT NULL,
  other_id TEXT NOT NULL CHECK (other_id != keep_id),
  as_plaque BOOLEAN NOT NULL CHECK (as_plaque IN (0, 1))
)"""

CREATE_META: Final = """
CREATE TABLE meta (
  fid INTEGER PRIMARY KEY NOT NULL CHECK (fid = 1),
  product TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  version INTEGER NOT NULL,
  approval_number TEXT
)"""

BUMP_VERSION: Final = "UPDATE meta SET version = version + 1"


def quoted(name: str) -> str:
    """Return a name as an SQL identifier.

    Examples
    --------
    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def stored_names(table: Table) -> list[str]:
    """Return the geometry's column, where there is one, and the others, quoted and in order.

    Examples
    --------
    >>> from geo.core.schema import TOWNSHIPS
    >>> stored_names(TOWNSHIPS)[:2]
    ['"geom"', '"township_code"']
    """
    geometry = (GEOMETRY_COLUMN,) if table.geometry else ()
    return [quoted(name) for name in (*geometry, *table.names)]


def rtree_name(table: Table) -> str:
    """Return the name that GeoPackage gives a table's R-tree.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> rtree_name(FACILITIES)
    'rtree_facilities_geom'
    """
    return f"rtree_{table.name}_{GEOMETRY_COLUMN}"


def create_table(table: Table) -> str:
    """Return the statement that makes a table with the dictionary's bounds as constraints.

    Examples
    --------
    >>> from geo.core.schema import VILLAGES
    >>> print(create_table(VILLAGES).splitlines()[5].strip())
    "name_zh" TEXT NOT NULL CONSTRAINT "name_zh" CHECK (length("name_zh") <= 20000),
    """
    parts = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
    if table.geometry:
        parts.append(f"{GEOMETRY_COLUMN} {table.geometry}")
    parts += [_column(column, is_key=column.name == table.key) for column in table.columns]
    if table.name == "population":
        # Two figures for one place, kind and year would count its people twice.
        parts.append("UNIQUE (division_code, population_kind, year)")
    return f"CREATE TABLE {quoted(table.name)} (\n  " + ",\n  ".join(parts) + "\n)"


def _column(column: Column, *, is_key: bool) -> str:
    name = quoted(column.name)
    words = [name, SQL_TYPES[column.dtype]]
    if column.required:
        words.append("NOT NULL")
    if is_key:
        words.append("UNIQUE")
    # SQLite tells the name of a check that fails, so it is the column's.
    words += [f"CONSTRAINT {name} CHECK ({check})" for check in _checks(column)]
    return " ".join(words)


def _checks(column: Column) -> list[str]:
    name = quoted(column.name)
    if column.choices is not None:
        return [f"{name} IN ({', '.join(_literal(choice.value) for choice in column.choices)})"]
    if column.dtype == "text":
        return [f"length({name}) <= {column.max_length}"]
    if column.dtype == "boolean":
        return [f"{name} IN (0, 1)"]
    if column.dtype == "date":
        # A day that does not exist, such as 30 February, comes back as another one.
        return [f"date({name}, '+0 days') IS {name}"]
    checks = [f"typeof({name}) IN ('{column.dtype}', 'null')"]
    checks += [f"{name} >= {column.minimum}"] if column.minimum is not None else []
    checks += [f"{name} <= {column.maximum}"] if column.maximum is not None else []
    return checks


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def create_rtree(table: Table) -> str:
    """Return the statement that makes a table's R-tree (GeoPackage 1.3, annex F.3).

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> create_rtree(FACILITIES)
    'CREATE VIRTUAL TABLE "rtree_facilities_geom" USING rtree(id, minx, maxx, miny, maxy)'
    """
    return (
        f"CREATE VIRTUAL TABLE {quoted(rtree_name(table))} USING rtree(id, minx, maxx, miny, maxy)"
    )


def triggers(table: Table) -> dict[str, str]:
    """Return a table's triggers by name: the R-tree's, and those that raise the version.

    The latter let a reader notice a row that was edited in QGIS.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES, SOURCES
    >>> len(triggers(FACILITIES)), list(triggers(SOURCES))
    (9, ['kepu_sources_insert', 'kepu_sources_update', 'kepu_sources_delete'])
    """
    made = {
        f"kepu_{table.name}_{event.lower()}": (
            f"AFTER {event} ON {quoted(table.name)} BEGIN {BUMP_VERSION}; END"
        )
        for event in ("INSERT", "UPDATE", "DELETE")
    }
    if table.geometry:
        made |= _rtree_triggers(table)
    return _as_statements(made)


def rtree_triggers(table: Table) -> dict[str, str]:
    """Return the triggers by name that keep a table's R-tree, as GeoPackage 1.3 prescribes them.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> len(rtree_triggers(FACILITIES))
    6
    """
    return _as_statements(_rtree_triggers(table))


def _as_statements(bodies: dict[str, str]) -> dict[str, str]:
    return {name: f"CREATE TRIGGER {quoted(name)} {body}" for name, body in bodies.items()}


def _rtree_triggers(table: Table) -> dict[str, str]:
    """Return the triggers that GeoPackage 1.3 prescribes, without CREATE TRIGGER."""
    name, rtree, geom = quoted(table.name), quoted(rtree_name(table)), quoted(GEOMETRY_COLUMN)
    there = f"(NEW.{geom} NOT NULL AND NOT ST_IsEmpty(NEW.{geom}))"
    missing = f"(NEW.{geom} IS NULL OR ST_IsEmpty(NEW.{geom}))"
    sides = ", ".join(f"ST_{side}(NEW.{geom})" for side in ("MinX", "MaxX", "MinY", "MaxY"))
    put = f"INSERT OR REPLACE INTO {rtree} VALUES (NEW.fid, {sides});"
    drop = f"DELETE FROM {rtree} WHERE id = OLD.fid;"
    drop_both = f"DELETE FROM {rtree} WHERE id IN (OLD.fid, NEW.fid);"
    bodies = {
        "insert": f"AFTER INSERT ON {name} WHEN {there} BEGIN {put} END",
        "update1": f"AFTER UPDATE OF {geom} ON {name} WHEN OLD.fid = NEW.fid AND {there} "
        f"BEGIN {put} END",
        "update2": f"AFTER UPDATE OF {geom} ON {name} WHEN OLD.fid = NEW.fid AND {missing} "
        f"BEGIN {drop} END",
        "update3": f"AFTER UPDATE ON {name} WHEN OLD.fid != NEW.fid AND {there} "
        f"BEGIN {drop} {put} END",
        "update4": f"AFTER UPDATE ON {name} WHEN OLD.fid != NEW.fid AND {missing} "
        f"BEGIN {drop_both} END",
        "delete": f"AFTER DELETE ON {name} WHEN OLD.{geom} NOT NULL BEGIN {drop} END",
    }
    return {f"{rtree_name(table)}_{event}": body for event, body in bodies.items()}
