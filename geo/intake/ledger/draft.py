"""A ledger while it is being read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd
from shapely import Point

from geo.core.errors import Place
from geo.core.messages import Noted, message
from geo.core.schema import Column
from geo.intake.examined import LeftOutRow
from geo.intake.faults import Faults
from geo.intake.progress import Progress, silent
from geo.intake.rows import Sheet
from geo.intake.table import Record, TableReader, columns_of

_ORDER: Final = message(
    "dates_reversed",
    "{end} 早于起始日期 {start}，请核对两个日期。",
    "{end} is before the first day {start}; check both.",
)


@dataclass(frozen=True)
class ReadRows:
    """Rows of a sheet as read: their values as columns, without their cells.

    Attributes
    ----------
    reader : TableReader
        That read them, and finds their cells again.
    positions : range
        Where they stand among the rows of the reader's sheet.
    numbers : list of int
        Their numbers in the file.
    values : pandas.DataFrame
        Numbered from 0: what the cells say, and what was filled in; a faulty cell is missing.
    stated_ids : list
        Of each the facility's id where the row itself tells it, else None.
    """

    reader: TableReader
    positions: range
    numbers: list[int]
    values: pd.DataFrame
    stated_ids: list[Any]

    @classmethod
    def of(
        cls,
        reader: TableReader,
        positions: range,
        records: Sequence[Record],
        columns: Sequence[Column],
        stated_ids: list[Any],
    ) -> ReadRows:
        """Return records that were read, of their values those of some columns."""
        values = columns_of([record.values for record in records], columns)
        return cls(reader, positions, [record.number for record in records], values, stated_ids)

    @classmethod
    def joined(cls, chunks: Sequence[ReadRows]) -> ReadRows:
        """Return the chunks of one sheet as one."""
        first, last = chunks[0], chunks[-1]
        return cls(
            first.reader,
            range(first.positions.start, last.positions.stop),
            [number for chunk in chunks for number in chunk.numbers],
            pd.concat([chunk.values for chunk in chunks], ignore_index=True),
            [stated for chunk in chunks for stated in chunk.stated_ids],
        )

    def column(self, name: str) -> list[Any]:
        """Return the values of a column, None for those missing."""
        values = self.values[name]
        return values.astype(object).where(values.notna(), None).tolist()  # type: ignore[no-any-return]

    def place(self, at: int) -> Place:
        """Return where a row stands, told by its position among these."""
        return self.reader.place(self.numbers[at])

    def record(self, at: int) -> Record:
        """Return a row with its cells, told by its position among these."""
        return self.reader.again(self.positions[at])


@dataclass(frozen=True)
class PlaceRows:
    """Rows of places, and where each stands in degrees of CGCS2000, None where unknown."""

    rows: ReadRows
    points: list[Point | None]


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
    places: list[PlaceRows] = field(default_factory=list)
    plaques: list[ReadRows] = field(default_factory=list)
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
