"""Where the rows of a sheet stand: however their positions are written, and in which datum."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from shapely import Point

from geo.core.datum import DATUM_LABELS, Datum, apply_datum
from geo.core.errors import InputError, Proposal
from geo.core.messages import Note
from geo.core.schema import Column
from geo.core.vocabulary import VILLAGE_POSITION
from geo.intake.formats.parts import is_blank
from geo.intake.georeference.axes import Arrangement, Exceptional, arrange
from geo.intake.georeference.bounds import LATITUDE, LONGITUDE, in_china, outside_china
from geo.intake.georeference.coordinates import Axis, read_coordinate, split_pair
from geo.intake.georeference.datum import DatumGuess, datum_named, guess_datum
from geo.intake.sentences import message
from geo.intake.table_reader import Record, TableReader

X: Final = Column("x_coordinate", "text", "X坐标", "X")
Y: Final = Column("y_coordinate", "text", "Y坐标", "Y")
POSITION: Final = Column("position", "text", "坐标", "Position")
DATUM: Final = Column("datum", "text", "坐标系", "Datum")
POSITION_COLUMNS: Final = (LONGITUDE, LATITUDE, X, Y, POSITION, DATUM)
RAW_COLUMNS: Final = frozenset(column.name for column in POSITION_COLUMNS)

_PAIRS: Final = (("longitude", "latitude"), ("x_coordinate", "y_coordinate"))
_HALF: Final = message("georeference.position_half")
_NO_PAIR: Final = message("georeference.position_no_pair")


@dataclass
class Written:
    """What the rows of a sheet say of where they are; a row's cells are not kept.

    Attributes
    ----------
    reader : TableReader
        Of the sheet; errors of single cells go to it.
    numbers : list of int
        Of the rows.
    names, townships : list
        What each row gives as its name and its township's code, None for nothing.
    about : list of bool
        Whether it says that its position is the middle of its village.
    datums : dict of str
        What rows say of their datum, each once, as written.
    first, second : array of float
        Of each row the numbers that stand for longitude and latitude, NaN for none.
    """

    reader: TableReader
    numbers: list[int] = field(default_factory=list)
    names: list[object] = field(default_factory=list)
    townships: list[object] = field(default_factory=list)
    about: list[bool] = field(default_factory=list)
    datums: dict[str, None] = field(default_factory=dict)
    first: array[float] = field(default_factory=lambda: array("d"))
    second: array[float] = field(default_factory=lambda: array("d"))

    def add(self, records: Iterable[Record]) -> None:
        """Read the positions of rows; what is wrong with them is reported to the reader."""
        for record in records:
            first, second = _pair(self.reader, record) or (np.nan, np.nan)
            self.first.append(first)
            self.second.append(second)
            self.numbers.append(record.number)
            self.names.append(record.values.get("name"))
            self.townships.append(record.values.get("township_code"))
            told = record.values.get("position_source")
            self.about.append(isinstance(told, str) and told.startswith(VILLAGE_POSITION))
            datum = self.reader.cell(record, "datum")
            if not is_blank(datum):
                self.datums[str(datum)] = None


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
        error = _NO_PAIR.error(text=str(raw))
        reader.errors.add(error, reader.place(record.number, "position"))
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
    before = reader.errors.count
    axes: tuple[Axis, Axis] = ("longitude", "latitude")
    numbers = [
        _number(reader, record, column, reader.cell(record, column), axis)
        for column, axis in zip(columns, axes, strict=True)
    ]
    if None in numbers and numbers != [None, None] and reader.errors.count == before:
        lacking = LONGITUDE if numbers[0] is None else LATITUDE
        error = _HALF.error(lacking=lacking.zh, lacking_en=lacking.en.lower())
        reader.errors.add(error, reader.place(record.number, columns[numbers.index(None)]))
    return _both(numbers)


def _both(numbers: Sequence[float | None]) -> tuple[float, float] | None:
    first, second = numbers
    return None if first is None or second is None else (first, second)


def _number(
    reader: TableReader, record: Record, column: str, raw: object, axis: Axis
) -> float | None:
    try:
        found = read_coordinate(raw, axis)  # type: ignore[arg-type]
    except InputError as error:
        reader.errors.add(error, reader.place(record.number, column))
        return None
    if found.note is not None:
        reader.note(found.note, record.number, column)
    return found.value if isinstance(found.value, float) else None


_DEGREES: Final = 4490
_LEAST_GUESSED: Final = 3
"""Rows with a position below which a file's datum is not worth a note."""

_ODD: Final = message("georeference.position_unlike_others")
_STATED: Final = message("georeference.datum_stated")
_SEVERAL: Final = message("georeference.datum_several")


@dataclass(frozen=True)
class Surroundings:
    """What positions are held against.

    Attributes
    ----------
    townships : geopandas.GeoDataFrame
        Of the district, EPSG:4490, indexed by code.
    known : Mapping[str, tuple of float]
        Longitude and latitude of places known by name, for the datum.
    """

    townships: gpd.GeoDataFrame
    known: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Located:
    """The positions of a sheet's rows, and what was done to them all.

    Attributes
    ----------
    points : list of Point or None
        None where there is none.
    notes : tuple of Note
        On the sheet.
    converted_from : str or None
        In Chinese, what the positions were before; None where they stay as written.
    datum : Datum or None
        That they were in; None where that was not looked into.
    """

    points: list[Point | None]
    notes: tuple[Note, ...] = ()
    converted_from: str | None = None
    datum: Datum | None = None


def locate(
    reader: TableReader,
    records: Sequence[Record],
    surroundings: Surroundings | None,
    datum: Datum | None = None,
) -> Located:
    """Return where the rows of a sheet stand, in degrees of CGCS2000.

    Positions may stand in two columns or one, in degrees or degrees, minutes and
    seconds, swapped, or as metres of a Gauss-Kruger system. What most rows are is
    concluded for the sheet; a row that is something else is an error with a proposal.
    The datum is ``datum``, else what a heading or a column says, else a guess, which
    leaves positions as they are unless the evidence is strong.

    Parameters
    ----------
    reader : TableReader
        Of the sheet; errors of single cells go to it.
    records : sequence of Record
        Its rows.
    surroundings : Surroundings, optional
        Without them degrees are taken as they stand.
    datum : Datum, optional
        As the sender stated it.
    """
    written = Written(reader)
    written.add(records)
    return concluded(written, surroundings, datum)


def concluded(
    written: Written, surroundings: Surroundings | None, datum: Datum | None = None
) -> Located:
    """Return where rows stand whose positions were read, as :func:`locate` says it."""
    first, second = (np.array(one, dtype=np.float64) for one in (written.first, written.second))
    if (
        surroundings is None
        or surroundings.townships.geometry.isna().all()
        or np.isnan(first).all()
    ):
        return Located(list(_plain(written, first, second)))
    west, south, east, north = surroundings.townships.total_bounds.tolist()
    found = arrange(first, second, (west, south, east, north))
    # Nothing is said of a layout that is as it should be.
    usual = found.reasoned.layout == (_DEGREES, False) and found.reasoned.decided
    notes = [] if usual else [found.reasoned.evidence]
    _tell_exceptions(written, found, first, second)
    stated = datum or _stated(written, notes)
    longitude, latitude = found.longitude, found.latitude
    if stated is not None:
        sheet = written.reader.sheet
        how = "--datum" if datum else sheet.name or sheet.file
        label = DATUM_LABELS[stated]
        if stated in (Datum.GCJ02, Datum.BD09):
            notes.append(_STATED.note(datum_zh=label.zh, datum_en=label.en, how=how))
    else:
        guess = _guessed(written, longitude, latitude, surroundings)
        stated = guess.datum
        if guess.count >= _LEAST_GUESSED:
            notes.append(guess.evidence)
    longitude, latitude = apply_datum(longitude, latitude, stated)
    pairs = zip(longitude.tolist(), latitude.tolist(), strict=True)
    points = [None if np.isnan(x) or np.isnan(y) else Point(x, y) for x, y in pairs]
    return Located(points, tuple(notes), _origin(found, stated), stated)


def _origin(found: Arrangement, datum: Datum) -> str | None:
    """Return in words what positions were before they were converted."""
    parts = []
    if found.reasoned.decided and found.reasoned.layout.epsg != _DEGREES:
        parts.append(f"投影坐标（EPSG:{found.reasoned.layout.epsg}）")
    if datum in (Datum.GCJ02, Datum.BD09):
        parts.append(DATUM_LABELS[datum].zh)
    return "、".join(parts) or None


def _plain(
    written: Written, first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]
) -> Iterator[Point | None]:
    """Return degrees as they stand; what is not in China is an error."""
    reader = written.reader
    for number, longitude, latitude in zip(
        written.numbers, first.tolist(), second.tolist(), strict=True
    ):
        if np.isnan(longitude):
            yield None
        elif in_china(longitude, latitude):
            yield Point(longitude, latitude)
        else:
            place = reader.place(number, _shown_column(reader))
            reader.errors.add(outside_china(longitude, latitude), place)
            yield None


def _shown_column(reader: TableReader) -> str:
    names = ("longitude", "x_coordinate", "position")
    return next((name for name in names if name in reader.headings.positions), "longitude")


def _tell_exceptions(
    written: Written,
    found: Arrangement,
    first: npt.NDArray[np.float64],
    second: npt.NDArray[np.float64],
) -> None:
    reader = written.reader
    for odd in found.reasoned.exceptions:
        numbers = float(first[odd.row]), float(second[odd.row])
        place = reader.place(written.numbers[odd.row], _shown_column(reader))
        reader.errors.add(_exceptional(odd, numbers), place)


def _exceptional(odd: Exceptional, numbers: tuple[float, float]) -> InputError:
    if odd.seems is None:
        return outside_china(*numbers)
    proposal = Proposal(f"{odd.longitude:.6f}, {odd.latitude:.6f}", 0.8)
    first, second = (f"{number:.10g}" for number in numbers)
    return _ODD.error(proposal=proposal, first=first, second=second)


def _stated(written: Written, notes: list[Note]) -> Datum | None:
    """Return the datum that a heading or a column of the sheet states."""
    told = list(written.datums)
    implied = written.reader.headings.implied
    if "datum" in implied:
        told.append(implied["datum"])
    named = {datum_named(text) for text in told}
    if len(named) > 1:
        notes.append(_SEVERAL.note(values=tuple(dict.fromkeys(told))[:5]))
        return None
    return named.pop() if named else None


def _guessed(
    written: Written,
    longitude: npt.NDArray[np.float64],
    latitude: npt.NDArray[np.float64],
    surroundings: Surroundings,
) -> DatumGuess:
    names = [str(name or "") for name in written.names]
    unknown = (np.nan, np.nan)
    expected = np.array([surroundings.known.get(name, unknown) for name in names])
    # The middle of a village, from a ledger of ours, is no evidence of how a file is shifted.
    about = np.array(written.about, dtype=bool)
    return guess_datum(
        np.where(about, np.nan, longitude),
        np.where(about, np.nan, latitude),
        surroundings.townships,
        declared=written.townships,
        expected=(expected[:, 0], expected[:, 1]),
    )
