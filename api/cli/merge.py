"""``kepu merge``: facilities that a person says are one place, made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from api.district_store import Say
from geo.core.district import DistrictData
from geo.core.messages import Note
from geo.store import Store
from geo.store.facility_merge import merge_facilities
from geo.store.history import Changes, compare_ledgers


@dataclass(frozen=True)
class Merge:
    """Which facilities a person says are one place.

    Attributes
    ----------
    keep : str
        The facility that stays.
    others : sequence of str
        Those that go into it.
    as_plaques : bool
        Whether they are further plaques of the place, and not the same entry twice.
    check : bool
        Only tell; write nothing into the store.
    who : str
        Who says so.
    """

    keep: str
    others: Sequence[str]
    as_plaques: bool = False
    check: bool = False
    who: str = ""


def merge(store: Store, wish: Merge, say: Say) -> Changes:
    """Make facilities one, and tell what was taken from where and what differed.

    Raises
    ------
    NotFoundError, QueryError
        They cannot be one; the store is as it was.
    """
    if wish.check:
        changes, told = _would_merge(store.read_district(), wish)
    else:
        changes, told = store.merge_facilities(
            wish.keep,
            wish.others,
            as_plaques=wish.as_plaques,
            who=wish.who,
            at=datetime.now(UTC),
        )
    for note in told:
        say(note.zh, note.en)
    if wish.check:
        say("只做了检查，数据库没有改动。", "Checked only; the store is as it was.")
        return changes
    count, number = len(changes.removed), store.imports().index[-1]
    say(
        f"已把 {count} 处设施并入「{wish.keep}」。要撤销：kepu undo {number}",
        f"{count} facilities went into '{wish.keep}'. To take it back: kepu undo {number}",
    )
    return changes


def _would_merge(before: DistrictData, wish: Merge) -> tuple[Changes, tuple[Note, ...]]:
    facilities, designations = before.facilities, before.designations
    merged = merge_facilities(
        facilities, designations, wish.keep, wish.others, as_plaques=wish.as_plaques
    )
    changes = compare_ledgers(facilities, designations, merged.facilities, merged.designations)
    return changes, merged.told
