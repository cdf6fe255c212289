"""What became of every row of a file: taken, held back, or left out, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geo.core.errors import InputError, Place
from geo.core.messages import Noted, Remark
from geo.core.quarantine import QuarantinedRow, quarantined


@dataclass(frozen=True)
class Quarantined:
    """A row that is held back until its sender mends it.

    Attributes
    ----------
    place : Place
        File, sheet and row.
    cells : Mapping[str, str]
        Its cells as the sender wrote them, under the sender's headings.
    faults : tuple of InputError
        Why, each with its place and, where one is known, a proposal.
    positions : Mapping[str, int]
        The sender's headings to the columns that they stand in, from 0.
    facility_id : str or None
        Where the row states it.
    """

    place: Place
    cells: Mapping[str, str]
    faults: tuple[InputError, ...]
    positions: Mapping[str, int] = field(default_factory=dict)
    facility_id: str | None = None

    def as_kept(self) -> QuarantinedRow:
        """Return the row as the store keeps it."""
        return quarantined(self.place, self.cells, self.faults, facility_id=self.facility_id)


@dataclass(frozen=True)
class LeftOutRow:
    """A row or sheet that is no data: a title, a total, a note, a hidden sheet."""

    place: Place
    reason: Remark


@dataclass(frozen=True)
class Examination:
    """The account of a file: every row of it stands in just one of three lists.

    Attributes
    ----------
    file : str
        Its name as shown.
    taken : tuple of Place
        Rows that are clean.
    quarantined : tuple of Quarantined
        Rows held back.
    left_out : tuple of LeftOutRow
        Rows and sheets that are no data.
    noted : tuple of Noted
        What was done to cells that were taken all the same.
    ignored_headings : tuple of str
        Headings that name no column, each once.
    columns : Mapping[str or None, Mapping[str, int]]
        Of each sheet its headings, and our words for them, to where they stand, from 0.
    """

    file: str
    taken: tuple[Place, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    left_out: tuple[LeftOutRow, ...] = ()
    noted: tuple[Noted, ...] = ()
    ignored_headings: tuple[str, ...] = ()
    columns: Mapping[str | None, Mapping[str, int]] = field(default_factory=dict)

    @property
    def faults(self) -> tuple[InputError, ...]:
        """All faults of all rows held back, in reading order."""
        return tuple(fault for row in self.quarantined for fault in row.faults)


@dataclass
class ByRow:
    """Faults by the sheet and row that they stand in."""

    faults: dict[tuple[str | None, int | None], list[InputError]] = field(default_factory=dict)

    @classmethod
    def of(cls, faults: Sequence[InputError]) -> ByRow:
        """Return faults sorted by row."""
        found = cls()
        for fault in faults:
            found.faults.setdefault(_row(fault.place), []).append(fault)
        return found

    def in_sheet(self, sheet: str | None) -> dict[int | None, tuple[InputError, ...]]:
        """Return the faults of a sheet by row."""
        return {row: tuple(found) for (name, row), found in self.faults.items() if name == sheet}

    def at(self, place: Place) -> tuple[InputError, ...]:
        """Return the faults of a row."""
        return tuple(self.faults.get(_row(place), ()))


def _row(place: Place | None) -> tuple[str | None, int | None]:
    return (place.sheet, place.row) if place else (None, None)
