"""Where the rows of a sheet stand: however their positions are written, and in which datum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from shapely import Point

from geo.core.datum import DATUM_LABELS, Datum, apply_datum
from geo.core.errors import InputError, Proposal
from geo.core.messages import Remark, message
from geo.intake.positions.arranging import Arrangement, Exceptional, arrange
from geo.intake.positions.bounds import in_china, outside_china
from geo.intake.positions.datums import DatumGuess, guess_datum
from geo.intake.positions.naming_datums import datum_named
from geo.intake.positions.written import Written
from geo.intake.table import Record, TableReader

_DEGREES: Final = 4490
_LEAST_GUESSED: Final = 3
"""Rows with a position below which a file's datum is not worth a remark."""

_ODD: Final = message(
    "position_unlike_others",
    "这一行的坐标（{first}, {second}）与本表其他行写法不同，可能填反了或用了别的坐标系，请核对。",
    "The position ({first}, {second}) is not written as the other rows are: swapped, or of"
    " another system?",
)
_STATED: Final = message(
    "datum_stated",
    "坐标按{datum_zh}读取（{how}），已换算为 CGCS2000。",
    "Positions were read as {datum_en} ({how}) and converted to CGCS2000.",
)
_SEVERAL: Final = message(
    "datum_several",
    "「坐标系」一列说法不一：{values}。请分成几个文件，或改成一致。",
    "The column of datums says several things: {values}; make them one, or split the file.",
)


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
    remarks : tuple of Remark
        On the sheet.
    converted_from : str or None
        In Chinese, what the positions were before; None where they stay as written.
    datum : Datum or None
        That they were in; None where that was not looked into.
    """

    points: list[Point | None]
    remarks: tuple[Remark, ...] = ()
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
    concluded for the sheet; a row that is something else is a fault with a proposal.
    The datum is ``datum``, else what a heading or a column says, else a guess, which
    leaves positions as they are unless the evidence is strong.

    Parameters
    ----------
    reader : TableReader
        Of the sheet; faults of single cells go to it.
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
    first, second = written.first, written.second
    if (
        surroundings is None
        or surroundings.townships.geometry.isna().all()
        or np.isnan(first).all()
    ):
        return Located(list(_plain(written, first, second)))
    west, south, east, north = surroundings.townships.total_bounds.tolist()
    found = arrange(first, second, (west, south, east, north))
    remarks = _layout_remarks(found)
    _tell_exceptions(written, found, first, second)
    stated = datum or _stated(written, remarks)
    longitude, latitude = found.longitude, found.latitude
    if stated is not None:
        sheet = written.reader.sheet
        how = "--datum" if datum else sheet.name or sheet.file
        label = DATUM_LABELS[stated]
        if stated in (Datum.GCJ02, Datum.BD09):
            remarks.append(_STATED.remark(datum_zh=label.zh, datum_en=label.en, how=how))
    else:
        guess = _guessed(written, longitude, latitude, surroundings)
        stated = guess.datum
        if guess.count >= _LEAST_GUESSED:
            remarks.append(guess.evidence)
    longitude, latitude = apply_datum(longitude, latitude, stated)
    points = _points(longitude, latitude)
    return Located(points, tuple(remarks), _origin(found, stated), stated)


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
    """Return degrees as they stand; what is not in China is a fault."""
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
            reader.faults.add(outside_china(longitude, latitude), place)
            yield None


def _shown_column(reader: TableReader) -> str:
    names = ("longitude", "x_coordinate", "position")
    return next((name for name in names if name in reader.headings.positions), "longitude")


def _layout_remarks(found: Arrangement) -> list[Remark]:
    """Return what to say of a sheet's layout: nothing where it is as it should be."""
    usual = found.reasoned.layout == (4490, False) and found.reasoned.decided
    return [] if usual else [found.reasoned.evidence]


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
        reader.faults.add(_exceptional(odd, numbers), place)


def _exceptional(odd: Exceptional, numbers: tuple[float, float]) -> InputError:
    if odd.seems is None:
        return outside_china(*numbers)
    proposal = Proposal(f"{odd.longitude:.6f}, {odd.latitude:.6f}", 0.8)
    first, second = (f"{number:.10g}" for number in numbers)
    return _ODD.fault(proposal=proposal, first=first, second=second)


def _stated(written: Written, remarks: list[Remark]) -> Datum | None:
    """Return the datum that a heading or a column of the sheet states."""
    told = list(written.datums)
    implied = written.reader.headings.implied
    if "datum" in implied:
        told.append(implied["datum"])
    named = {datum_named(text) for text in told}
    if len(named) > 1:
        remarks.append(_SEVERAL.remark(values=tuple(dict.fromkeys(told))[:5]))
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


def _points(
    longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]
) -> list[Point | None]:
    pairs = zip(longitude.tolist(), latitude.tolist(), strict=True)
    return [None if np.isnan(x) or np.isnan(y) else Point(x, y) for x, y in pairs]
