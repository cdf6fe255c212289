"""Taking an import back: the tables as they stood before it, as a new import."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final

from geo.core.errors import NotFoundError, UndoError
from geo.core.schema import (
    DESIGNATIONS,
    DISTRICTS,
    FACILITIES,
    POPULATION,
    ROADS,
    SOURCES,
    TOWNSHIPS,
    VILLAGES,
    WEIGHTS,
    Table,
)
from geo.core.sentences import Sentences, Words
from geo.store.commits import changes_between, write_versions
from geo.store.history import Changes
from geo.store.imports import add_undo, check_who, first_with_history
from geo.store.quarantined import loads_that_settled, take_back
from geo.store.schema import BUMP_VERSION
from geo.store.sources import sources_in_use
from geo.store.tables import fetch, write
from geo.store.targets import Record, TableTarget, reader, target
from geo.store.versions import loads_that_touched, records_at

TEXT: Final = Sentences("geo.store")

Parts = frozenset[str]

_PARTS: Final[dict[str, tuple[Table, ...]]] = {
    "facilities": (FACILITIES, DESIGNATIONS),
    "population": (POPULATION,),
    "boundaries": (TOWNSHIPS, DISTRICTS),
    "villages": (VILLAGES,),
    "weights": (WEIGHTS,),
    "roads": (ROADS,),
    "sources": (SOURCES,),
}
"""What stands and falls together."""

Load = tuple[int, str, str, str]
"""Number, kind, moment and file."""


def undo(connection: sqlite3.Connection, load_id: int, who: str, at: datetime) -> Changes:
    """Take an import back; see :meth:`geo.store.Store.undo`."""
    check_who(who)
    load = _find(connection, load_id)
    touched = _touched(connection, load_id)
    parts = _parts(load, touched.get(load_id, frozenset()))
    _check_nothing_later(connection, load, parts, touched)
    targets = [
        target(table, fetch(connection, table), records_at(connection, table, load_id - 1))
        for part in _PARTS
        if part in parts
        for table in _PARTS[part]
    ]
    _check_outlines_stay(targets, load)
    changes = changes_between(targets)
    if "sources" not in parts:
        targets.append(_sources_before(connection, load_id, targets))
    for each in targets:
        write(connection, each)
    number = add_undo(connection, load_id, who, at, changes)
    write_versions(connection, targets, number)
    take_back(connection, load_id, number)
    connection.execute(BUMP_VERSION)
    return changes


def _find(connection: sqlite3.Connection, load_id: int) -> Load:
    found = connection.execute(
        "SELECT fid, what, loaded_at, file_name FROM loads WHERE fid = ?", (load_id,)
    ).fetchone()
    if found is None:
        raise NotFoundError(**TEXT.both("there_is_no_import", load_id=load_id))
    by = connection.execute("SELECT fid FROM loads WHERE undoes = ?", (load_id,)).fetchone()
    if by is not None:
        raise UndoError(**TEXT.both("import_was_undone_already", load_id=load_id, by=by[0]))
    if found[1] in {"undo", "upgrade"} or load_id < first_with_history(connection)[0]:
        raise UndoError(**TEXT.both("import_cannot_be_undone", load_id=load_id))
    return int(found[0]), str(found[1]), str(found[2]), str(found[3])


def _touched(connection: sqlite3.Connection, since: int) -> dict[int, Parts]:
    """Return the parts that each load, from one on, changed."""
    found: dict[int, set[str]] = {}
    for part, tables in _PARTS.items():
        for table in tables:
            for number in loads_that_touched(connection, table, since):
                found.setdefault(number, set()).add(part)
    for number in loads_that_settled(connection, since):
        found.setdefault(number, set())
    return {number: frozenset(parts) for number, parts in found.items()}


def _parts(load: Load, touched: Parts) -> Parts:
    _, what, _, _ = load
    if what == "district":
        return frozenset(_PARTS)
    # Boundaries may come with the villages within them.
    return frozenset({what}) | (touched & {"villages"}) if what in _PARTS else touched


def _check_nothing_later(
    connection: sqlite3.Connection, load: Load, parts: Parts, touched: dict[int, Parts]
) -> None:
    """Raise where a later import of the same kind still holds.

    One that was taken back, or that changed nothing, stands in no one's way.
    """
    later = connection.execute(
        "SELECT fid, what, loaded_at, file_name FROM loads WHERE fid > ? AND what != 'undo' "
        "AND fid NOT IN (SELECT undoes FROM loads WHERE undoes IS NOT NULL) ORDER BY fid DESC",
        (load[0],),
    ).fetchall()
    for found in later:
        if found[0] in touched and _parts(found, touched[found[0]]) & parts:
            number, what, moment, file = found
            name = f"{moment} 在 QGIS 中的修改" if what == "edit" else f"{moment} {file}"
            raise UndoError(
                **TEXT.both(
                    "import_came_after",
                    load=load[0],
                    number=number,
                    name=Words(name, f"{what}, {moment} {file}"),
                )
            )


def _check_outlines_stay(targets: list[TableTarget], load: Load) -> None:
    for each in targets:
        if each.table is DISTRICTS and each.before and not each.after:
            raise UndoError(**TEXT.both("store_was_empty_before", load=load[0]))


def _sources_before(
    connection: sqlite3.Connection, load_id: int, targets: list[TableTarget]
) -> TableTarget:
    """Return the sources with those that the load touched as before it.

    Those that a later import brought up to date stay; so do those in use.
    """
    key = reader(SOURCES, "source_id")
    was, then, now = (
        {key(record): record for record in records}
        for records in (
            records_at(connection, SOURCES, load_id - 1),
            records_at(connection, SOURCES, load_id),
            fetch(connection, SOURCES),
        )
    )
    used = sources_in_use(connection, {each.table: each.after for each in targets})
    after: dict[str, Record] = dict(now)
    for name in was.keys() | then.keys():
        if was.get(name) == then.get(name) or now.get(name) != then.get(name):
            continue
        if name in was:
            after[name] = was[name]
        elif name not in used:
            del after[name]
    return target(SOURCES, list(now.values()), sorted(after.values()))
