"""Positions of a sheet's rows as they are written: gathered row by row, decided upon later."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.core.errors import InputError
from geo.core.messages import message
from geo.core.schema import Column
from geo.core.vocabulary import VILLAGE_POSITION
from geo.intake.positions.bounds import LATITUDE, LONGITUDE
from geo.intake.positions.coordinate_words import Axis
from geo.intake.positions.coordinates import read_coordinate, split_pair
from geo.intake.rows import is_blank
from geo.intake.table import Record, TableReader

X: Final = Column("x_coordinate", "text", "X坐标", "X")
Y: Final = Column("y_coordinate", "text", "Y坐标", "Y")
POSITION: Final = Column("position", "text", "坐标", "Position")
DATUM: Final = Column("datum", "text", "坐标系", "Datum")
POSITION_COLUMNS: Final = (LONGITUDE, LATITUDE, X, Y, POSITION, DATUM)
RAW_COLUMNS: Final = frozenset(column.name for column in POSITION_COLUMNS)

_PAIRS: Final = (("longitude", "latitude"), ("x_coordinate", "y_coordinate"))
_HALF: Final = message(
    "position_half",
    "只填了一半的位置，缺{lacking}。请补上，或两格都留空。",
    "Half a position: the {lacking_en} is missing; fill in both or neither.",
)
_NO_PAIR: Final = message(
    "position_no_pair",
    "「{text}」读不出经度和纬度。请写成「111.4522,27.2345」，或分两列填写；不知道就留空。",
    "'{text}' is no pair of longitude and latitude; write 111.4522,27.2345.",
)


@dataclass
class Written:
    """What the rows of a sheet say of where they are; a row's cells are not kept.

    Attributes
    ----------
    reader : TableReader
        Of the sheet; faults of single cells go to it.
    numbers : list of int
        Of the rows.
    names, townships : list
        What each row gives as its name and its township's code, None for nothing.
    about : list of bool
        Whether it says that its position is the middle of its village.
    datums : list of str
        What rows say of their datum, each once, as written.
    """

    reader: TableReader
    numbers: list[int] = field(default_factory=list)
    names: list[object] = field(default_factory=list)
    townships: list[object] = field(default_factory=list)
    about: list[bool] = field(default_factory=list)
    datums: dict[str, None] = field(default_factory=dict)
    _first: array[float] = field(default_factory=lambda: array("d"))
    _second: array[float] = field(default_factory=lambda: array("d"))

    def add(self, records: Iterable[Record]) -> None:
        """Read the positions of rows; what is wrong with them is told to the reader."""
        for record in records:
            first, second = _pair(self.reader, record) or (np.nan, np.nan)
            self._first.append(first)
            self._second.append(second)
            self.numbers.append(record.number)
            self.names.append(record.values.get("name"))
            self.townships.append(record.values.get("township_code"))
            told = record.values.get("position_source")
            self.about.append(isinstance(told, str) and told.startswith(VILLAGE_POSITION))
            datum = self.reader.cell(record, "datum")
            if not is_blank(datum):
                self.datums[str(datum)] = None

    @property
    def first(self) -> npt.NDArray[np.float64]:
        """Of each row the number that stands for the longitude, NaN for none."""
        return np.array(self._first, dtype=np.float64)

    @property
    def second(self) -> npt.NDArray[np.float64]:
        """Of each row the number that stands for the latitude, NaN for none."""
        return np.array(self._second, dtype=np.float64)


def _pair(reader: TableReader, record: Record) -> tuple[float, float] | None:
    """Return a row's two numbers as written, first what stands for the longitude."""
    for first, second in _PAIRS:
        if not {first, second} <= reader.headings.positions.keys():
            continue
        cells = reader.cell(record, first), reader.cell(record, second)
        if not all(map(is_blank, cells)):
            return _two_cells(reader, record, (first, second))
    raw = reader.cell(record, "position")
    if is_blank(raw):
        return None
    parts = split_pair(raw)
    if parts is None:
        fault = _NO_PAIR.fault(text=str(raw))
        reader.faults.add(fault, reader.place(record.number, "position"))
        return None
    axes: tuple[Axis, Axis] = ("longitude", "latitude")
    numbers = [
        _number(reader, record, "position", part, axis)
        for part, axis in zip(parts, axes, strict=True)
    ]
    return _both(numbers)


def _two_cells(
    reader: TableReader, record: Record, columns: tuple[str, str]
) -> tuple[float, float] | None:
    before = reader.faults.count
    axes: tuple[Axis, Axis] = ("longitude", "latitude")
    numbers = [
        _number(reader, record, column, reader.cell(record, column), axis)
        for column, axis in zip(columns, axes, strict=True)
    ]
    if None in numbers and numbers != [None, None] and reader.faults.count == before:
        lacking = LONGITUDE if numbers[0] is None else LATITUDE
        fault = _HALF.fault(lacking=lacking.zh, lacking_en=lacking.en.lower())
        reader.faults.add(fault, reader.place(record.number, columns[numbers.index(None)]))
    return _both(numbers)


def _both(numbers: Sequence[float | None]) -> tuple[float, float] | None:
    first, second = numbers
    return None if first is None or second is None else (first, second)


def _number(
    reader: TableReader, record: Record, column: str, raw: object, axis: Axis
) -> float | None:
    try:
        found = read_coordinate(raw, axis)  # type: ignore[arg-type]
    except InputError as fault:
        reader.faults.add(fault, reader.place(record.number, column))
        return None
    if found.remark is not None:
        reader.note(found.remark, record.number, column)
    return found.value if isinstance(found.value, float) else None
