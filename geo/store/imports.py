"""The list of imports: what was loaded when, by whom, and what it changed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from geo.core.district import LedgerState
from geo.core.errors import BadValueError, NotFoundError
from geo.core.sentences import Sentences
from geo.store.history import Changes
from geo.store.load_record import LoadRecord

TEXT: Final = Sentences("geo.store")

MAX_WHO: Final = 100

_TEXTS: Final = ("who", "what", "file_name", "sha256")
_NUMBERS: Final = (
    "row_count", "added", "changed", "removed", "unchanged", "quarantined", "undoes", "undone_by"
)  # fmt: skip
_SELECT: Final = """
SELECT loads.fid, loads.loaded_at, loads.who, loads.what, loads.file_name, loads.sha256,
  loads.row_count, loads.added, loads.changed, loads.removed, loads.unchanged,
  loads.quarantined, loads.undoes, undo.fid, undo.loaded_at
FROM loads LEFT JOIN loads AS undo ON undo.undoes = loads.fid ORDER BY loads.fid"""


def check_who(who: str) -> None:
    """Raise unless a name is one short line, or empty.

    Raises
    ------
    BadValueError
        It is longer than 100 characters or holds a control character.

    Examples
    --------
    >>> check_who("王芳（科普办）")
    """
    if len(who) > MAX_WHO or not (who.isprintable() or not who):
        raise BadValueError(**TEXT.both("person_name_too_long", max_who=MAX_WHO))


def moment_text(moment: datetime) -> str:
    """Return a moment as the store keeps it; GeoPackage knows no finer than milliseconds.

    Raises
    ------
    ValueError
        It has no time zone.

    Examples
    --------
    >>> moment_text(datetime(2025, 3, 1, 8, 30, tzinfo=UTC))
    '2025-03-01T08:30:00.000Z'
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def add_import(
    connection: sqlite3.Connection, load: LoadRecord, changes: Changes, quarantined: int
) -> int:
    """Write down a load, and return its number."""
    values = (load.loaded_at, load.file_name, load.sha256, load.what, load.row_count, load.who)
    return _add(connection, values, changes, quarantined, None)


def add_undo(
    connection: sqlite3.Connection, undone: int, who: str, at: datetime, changes: Changes
) -> int:
    """Write down that an import was taken back, and return the number of that."""
    (file_name, sha256, row_count) = connection.execute(
        "SELECT file_name, sha256, row_count FROM loads WHERE fid = ?", (undone,)
    ).fetchone()
    return _add(connection, (at, file_name, sha256, "undo", row_count, who), changes, 0, undone)


def add_merge(
    connection: sqlite3.Connection,
    title: str,
    row_count: int,
    changes: Changes,
    *,
    who: str,
    at: datetime,
) -> int:
    """Write down that facilities were made one, and return the number of that."""
    return _add(connection, (at, title, "", "merge", row_count, who), changes, 0, None)


def _add(
    connection: sqlite3.Connection,
    values: tuple[Any, ...],
    changes: Changes,
    quarantined: int,
    undoes: int | None,
) -> int:
    moment, *rest = values
    cursor = connection.execute(
        "INSERT INTO loads (loaded_at, file_name, sha256, what, row_count, who, added, changed, "
        "removed, unchanged, quarantined, undoes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (moment_text(moment), *rest, *changes.counts, quarantined, undoes),
    )
    return int(cursor.lastrowid or 0)


def imports_frame(connection: sqlite3.Connection) -> pd.DataFrame:
    """Return the imports, oldest first; see :meth:`geo.store.Store.imports`."""
    names = ["load_id", "loaded_at", *_TEXTS, *_NUMBERS, "undone_at"]
    frame = pd.DataFrame(connection.execute(_SELECT).fetchall(), columns=names)
    times = {
        name: pd.to_datetime(frame[name], format="ISO8601", utc=True).astype("datetime64[ms, UTC]")
        for name in ("loaded_at", "undone_at")
    }
    text = {name: frame[name].astype("str") for name in _TEXTS}
    numbers = {name: frame[name].astype("Int64") for name in _NUMBERS}
    return frame.assign(**times, **text, **numbers).set_index("load_id")


def load_at(connection: sqlite3.Connection, at: datetime | int) -> int:
    """Return the number of the last import at a moment, or check one that is given.

    Raises
    ------
    NotFoundError
        There is no such import, or the history begins later.
    ValueError
        The moment has no time zone.
    """
    if isinstance(at, datetime):
        query, value = "loaded_at <= ?", moment_text(at)
    else:
        query, value = "fid = ?", str(at)
    (found,) = connection.execute(
        f"SELECT max(fid) FROM loads WHERE {query}",  # noqa: S608  (one of two constants)
        (value,),
    ).fetchone()
    first, begins = first_with_history(connection)
    if found is None or found < first:
        raise NotFoundError(**TEXT.both("there_is_no_state_of", at=at, begins=begins))
    return int(found)


def state_at(connection: sqlite3.Connection, at: datetime | int | None = None) -> LedgerState:
    """Return which state of the history holds, at a moment, after an import, or now.

    Its mark changes with every edit in QGIS, which counts rows and moves the moment.

    Raises
    ------
    NotFoundError
        There is no such import, or the history begins later.
    """
    if at is None:
        (number,) = connection.execute("SELECT max(fid) FROM loads").fetchone()
    else:
        number = load_at(connection, at)
    if number is None:
        return LedgerState()
    record = connection.execute(
        "SELECT loaded_at, what, file_name, sha256, row_count FROM loads WHERE fid = ?", (number,)
    ).fetchone()
    return LedgerState(int(number), "\n".join(map(str, record)))


def first_with_history(connection: sqlite3.Connection) -> tuple[int, str]:
    """Return the first import whose state the store still knows, and its moment."""
    found = connection.execute(
        "SELECT fid, loaded_at FROM loads WHERE fid >= coalesce("
        "(SELECT max(fid) FROM loads WHERE what = 'upgrade'), 0) ORDER BY fid LIMIT 1"
    ).fetchone()
    return (1, "—") if found is None else (int(found[0]), str(found[1]))
