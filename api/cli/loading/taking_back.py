"""Taking an import back, and making a shipped district anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from api.district_store import Say
from geo.core.sentences import Sentences
from geo.districts import build_district
from geo.store import Store
from geo.store.history import Changes

TEXT: Final = Sentences("api.cli")


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
        *TEXT.words(
            "import_is_taken_back", load_id=load_id, added=added, changed=changed, removed=removed
        )
    )
    return changes


def build(raw: Path, out_folder: Path) -> list[Path]:
    """Rebuild a shipped district from its raw facts; the same facts give the same bytes."""
    return build_district(raw, out_folder)
