"""A ledger while it is being read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from shapely import Point

from geo.errors import Place
from geo.intake.examined import LeftOutRow
from geo.intake.faults import Faults
from geo.intake.messages import message
from geo.intake.progress import Progress, silent
from geo.intake.rows import Sheet
from geo.intake.table import Noted, Record, TableReader

_ORDER: Final = message(
    "dates_reversed",
    "{end} 早于起始日期 {start}，请核对两个日期。",
    "{end} is before the first day {start}; check both.",
)


@dataclass
class ReadRow:
    """One row as read: its reader, its record with all values, its position.

    ``stated_id`` is the facility's id where the row itself tells it.
    """

    reader: TableReader
    record: Record
    stated_id: Any = None
    point: Point | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Its values by column: what the cells say, and what was filled in."""
        return self.record.values

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return self.reader.place(self.record.number)


@dataclass
class Draft:
    """What is being read; ``stored`` are ids of places that the store has and the file has not."""

    file: str
    faults: Faults = field(default_factory=Faults)
    noted: list[Noted] = field(default_factory=list)
    left_out: list[LeftOutRow] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    tells_of_plaques: bool = False
    stored: frozenset[str] = frozenset()
    places: list[ReadRow] = field(default_factory=list)
    plaques: list[ReadRow] = field(default_factory=list)
    progress: Progress = silent


def check_order(record: Record, reader: TableReader, first: str, last: str) -> None:
    """Add a fault where a row's last day is before its first."""
    start, end = record.values.get(first), record.values.get(last)
    if start is not None and end is not None and end < start:  # type: ignore[operator]
        fault = _ORDER.fault(start=start, end=end)
        reader.faults.add(fault, reader.place(record.number, last))


def provenance(sheet: Sheet, record: Record) -> dict[str, Any]:
    """Return the columns that say where a row came from."""
    return {
        "source_file": sheet.file,
        "source_sheet": sheet.name,
        "source_row": record.number,
    }
