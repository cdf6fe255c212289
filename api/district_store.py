"""The store of a command or a service: opened, or made with the demonstration district."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from geo.store import Loaded, LoadRecord, Store, create_store, open_store

Say = Callable[[str, str], None]


def open_or_make(path: Path, say: Say) -> Store:
    """Open a store; one that is not there yet is made with the first district shipped.

    Parameters
    ----------
    path : pathlib.Path
        Where the GeoPackage is or shall be.
    say : callable
        Told in Chinese and English what is being made.

    Raises
    ------
    StoreError
        The file is there and is not a store, or cannot be made.
    """
    store = open_store(path) if path.exists() else create_store(path)
    # A store that was made and then killed before it was filled has no version yet.
    if store.version() == 0:
        _fill_with_demonstration(store, path, say)
    return store


def _fill_with_demonstration(store: Store, path: Path, say: Say) -> None:
    # Reading a ledger takes a second to import, and only a store's first command reads one.
    from geo.districts import demo_ledger_path, load_shipped, shipped_districts  # noqa: PLC0415
    from geo.intake.tables.ledger import read_ledger  # noqa: PLC0415

    code = shipped_districts()[0]
    shipped = load_shipped(code)
    say(
        f"数据库 {path.name} 尚不存在，正在新建并放入{shipped.district_name}（{code}）演示数据。",
        f"Store {path.name} is not there yet; making it with the demonstration data of {code}.",
    )
    ledger_path = demo_ledger_path(code)
    ledger = read_ledger(ledger_path)
    data = replace(shipped, facilities=ledger.facilities, designations=ledger.designations)
    store.replace_district(data, load_record(ledger_path, "district", len(ledger.facilities)))


def load_record(path: Path, what: Loaded, row_count: int, who: str = "") -> LoadRecord:
    """Return the record of a load that happens now."""
    # The readers of users' files are imported by commands that read one.
    from geo.intake.sources import file_digest  # noqa: PLC0415

    return LoadRecord(
        loaded_at=datetime.now(UTC),
        file_name=path.name,
        sha256=file_digest(path),
        what=what,
        row_count=row_count,
        who=who,
    )
