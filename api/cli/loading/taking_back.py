"""Taking an import back, and making a shipped district anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from api.district_store import Say
from geo.districts import build_district
from geo.store import Store
from geo.store.history import Changes


def undo(store: Store, load_id: int, who: str, say: Say) -> Changes:
    """Take a whole import back.

    Raises
    ------
    NotFoundError, UndoError
        There is no such import, or a later one stands in the way.
    """
    changes = store.undo(load_id, who, datetime.now(UTC))
    added, changed, removed, _ = changes.counts
    say(
        f"已撤销第 {load_id} 次导入：恢复 {added}，改回 {changed}，移除 {removed}。",
        f"Import {load_id} is taken back: {added} are there again, {changed} as before, "
        f"{removed} gone.",
    )
    return changes


def build(raw: Path, out_folder: Path) -> list[Path]:
    """Rebuild a shipped district from its raw facts; the same facts give the same bytes."""
    return build_district(raw, out_folder)
