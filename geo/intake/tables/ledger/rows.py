"""Rows of a ledger as columns: of a long file only a chunk of cells is in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd
from rapidfuzz import fuzz, process
from shapely import Point

from geo.core.errors import Place
from geo.core.schema import Column
from geo.intake.headers.normalise import folded
from geo.intake.pipeline import Draft
from geo.intake.sentences import message
from geo.intake.table_reader import Record, TableReader, columns_of

LONGEST: Final = 100
LEAST_LIKENESS: Final = 60.0
_MOST_COMPARED: Final = 20_000_000
RATIO_WEIGHT: Final = 0.9
"""Our own scale: the name of a place that is written otherwise is never certain."""
_ORDER: Final = message("ledger.dates_reversed")


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
class FacilityRows:
    """Rows of places, and where each stands in degrees of CGCS2000, None where unknown."""

    rows: ReadRows
    points: list[Point | None]


@dataclass(frozen=True, slots=True)
class KnownFacility:
    """A place that a designation may hang on.

    Attributes
    ----------
    key : str or None
        Its id; None where the row that states it has an error there.
    name : str
        As written.
    township : str
        Code of nine digits, empty where not known.
    told : str
        Where it stands, and its id, as a message shows it.
    demonstration : bool
        Its mark, which a designation without one takes.
    """

    key: str | None
    name: str
    township: str
    told: str
    demonstration: bool


class KnownFacilities:
    """Places of the file, and of the store beside them, by id and by name.

    Examples
    --------
    >>> places = KnownFacilities([KnownFacility("P1", "清风科技馆", "", "3（P1）", False)])
    >>> places.by_id["P1"].name, [place.key for place in places.named("清风 科技馆")]
    ('清风科技馆', ['P1'])
    >>> places.nearest("清风科枝馆")
    ('清风科技馆', 0.72)
    """

    def __init__(
        self, places: Iterable[KnownFacility], stored: Sequence[KnownFacility] = ()
    ) -> None:
        self.stored = frozenset(place.key for place in stored if place.key is not None)
        self.by_id: dict[str, KnownFacility] = {}
        named: dict[str, dict[str | None, KnownFacility]] = defaultdict(dict)
        for place in (*places, *stored):
            if place.key is not None:
                self.by_id.setdefault(place.key, place)
            named[folded(place.name)].setdefault(place.key, place)
        self._named: Mapping[str, dict[str | None, KnownFacility]] = named
        self._short = [name for name in named if 0 < len(name) <= LONGEST]
        self._compared = 0

    def named(self, name: str) -> tuple[KnownFacility, ...]:
        """Return the places of just this name, folded; each id once."""
        return tuple(self._named.get(folded(name), {}).values())

    def nearest(self, name: str) -> tuple[str, float] | None:
        """Return the name that comes nearest, with 0.9 of rapidfuzz's ratio as confidence.

        None for names under 60% alike, and where so many were compared already that
        it would take long.
        """
        key = folded(name[: 2 * LONGEST])
        if len(key) > LONGEST or self._compared > _MOST_COMPARED:
            return None
        self._compared += len(self._short)
        best = process.extractOne(key, self._short, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
        if best is None:
            return None
        place = next(iter(self._named[best[0]].values()))
        return place.name, round(RATIO_WEIGHT * best[1] / 100, 2)


@dataclass
class LedgerDraft(Draft):
    """A ledger while it is being read.

    Attributes
    ----------
    has_designations : bool
        Whether the file has a sheet of designations.
    places : list of FacilityRows
        Sheets of facilities.
    designations : list of ReadRows
        Sheets of designations, in chunks.
    known : KnownFacilities, optional
        The facilities that a designation may be of, once all of them are read.
    """

    has_designations: bool = False
    places: list[FacilityRows] = field(default_factory=list)
    designations: list[ReadRows] = field(default_factory=list)
    known: KnownFacilities | None = None

    @property
    def stored(self) -> frozenset[str]:
        """The ids of facilities that the store has and the file has not."""
        return frozenset() if self.known is None else self.known.stored


def check_order(record: Record, reader: TableReader, first: str, last: str) -> None:
    """Add an error where a row's last day is before its first."""
    start, end = record.values.get(first), record.values.get(last)
    if start is not None and end is not None and end < start:  # type: ignore[operator]
        error = _ORDER.error(start=start, end=end)
        reader.errors.add(error, reader.place(record.number, last))
