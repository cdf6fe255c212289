"""How a file is to be loaded, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.core.datum import Datum
from geo.core.errors import EmptyFileError, InputError, Place
from geo.core.sentences import Sentences
from geo.intake.examined import Examination
from geo.intake.faults import Faults
from geo.store import Store
from geo.store.history import Changes

TEXT: Final = Sentences("api.cli")


@dataclass(frozen=True)
class Options:
    """How a file is to be loaded.

    Attributes
    ----------
    check : bool
        Only report; write nothing into the store.
    report : pathlib.Path, optional
        Where to write the sender's workbook with the cells to mend marked.
    synonyms : pathlib.Path, optional
        The office's own words for headings.
    datum : Datum, optional
        Of the positions, where the sender has stated it; guessed else.
    update : bool
        Whether the file speaks of its own rows only, and others stay.
    who : str
        Who loads it.
    village_positions : bool
        Whether a facility without a position takes the middle of its village.
    """

    check: bool = False
    report: Path | None = None
    synonyms: Path | None = None
    datum: Datum | None = None
    update: bool = False
    who: str = ""
    village_positions: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a file: the account of its rows, and what changes in the store."""

    account: Examination
    changes: Changes

    @property
    def fault(self) -> InputError | None:
        """Why no row of the file is clean, where none is."""
        return None if self.account.taken else nothing_taken(self.account)


def nothing_loaded(store: Store, account: Examination) -> tuple[str, str]:
    """Return what to say of a file of which every row went to quarantine."""
    held, number = len(account.quarantined), store.imports().index[-1]
    return TEXT.words("no_ledger_row_taken", held=held, number=number)


def nothing_taken(account: Examination) -> InputError:
    """Return the error for a file of which no row is clean: its first fault, and how many more."""
    if not account.faults:
        return EmptyFileError(**TEXT.both("there_are_no_data"), place=Place(file=account.file))
    faults = Faults()
    for fault in account.faults:
        assert fault.place is not None  # noqa: S101  (intake gives every fault its place)
        faults.add(fault, fault.place)
    return faults.error()
