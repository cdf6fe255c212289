"""GCJ-02 and BD-09, the two shifted datums of Chinese web maps, and the way back.

Longitudes and latitudes are arrays of float64 degrees. WGS 84 and CGCS2000 differ
by centimetres and count as one here. What is NaN stays NaN. The shift is applied
inside a box of :data:`WEST` to :data:`EAST` and :data:`SOUTH` to :data:`NORTH` degrees,
the one that public implementations share; outside it positions stay as they are.

Neither datum was ever published. The formulas are those that the public
implementations agree on: GCJ-02 as it became known in 2010 with the WP7 map
program ``EvilTransform`` and is described in Wikipedia, "Restrictions on geographic
data in China"; BD-09 as in the same article. They are of terms of a few hundred
metres on Krasovsky's ellipsoid of 1940.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.core.vocabulary import Label

Degrees = npt.NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
"""Degrees of the box outside which nothing is shifted."""

_SEMI_MAJOR_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_ORIGIN_LONGITUDE, _ORIGIN_LATITUDE = 105.0, 35.0
_BD_RADIANS_PER_DEGREE: Final = np.pi * 3000.0 / 180.0
_BD_EAST, _BD_NORTH = 0.0065, 0.006
_ITERATIONS: Final = 8
"""Each round makes the error at least fifty times smaller, of 1,500 m to begin with."""


class Datum(StrEnum):
    """What a file's longitudes and latitudes may be measured in."""

    CGCS2000 = "cgcs2000"
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


DATUM_LABELS: Final[Mapping[Datum, Label]] = MappingProxyType(
    {
        Datum.CGCS2000: Label("国家大地坐标系 CGCS2000", "CGCS2000"),
        Datum.WGS84: Label("WGS 84（GPS）", "WGS 84 (GPS)"),
        Datum.GCJ02: Label("火星坐标 GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)"),
        Datum.BD09: Label("百度坐标 BD-09", "BD-09 (Baidu)"),
    }
)


def to_gcj02(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Pair:
    """Return positions in GCJ-02, as Amap and Tencent show them.

    Parameters
    ----------
    longitude, latitude : array_like of float
        Degrees of CGCS2000 or WGS 84, of one shape; NaN where unknown.

    Returns
    -------
    tuple of numpy.ndarray
        Longitude and latitude in degrees of GCJ-02.

    Examples
    --------
    >>> [value.round(6).tolist() for value in to_gcj02([111.47, 0.0], [27.2, 51.5])]
    [[111.475555, 0.0], [27.19674, 51.5]]
    """
    return _where_in_box(_shift_gcj02, *_as_degrees(longitude, latitude))


def from_gcj02(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Pair:
    """Return the positions whose GCJ-02 is given, exact to a micrometre.

    Solved by fixed-point iteration p ← q − (f(p) − p): the shift changes by less
    than a fiftieth of the way gone, so the iteration contracts, but for the square
    root at 105° E, which leaves the micrometre. A position whose original would lie
    outside the box is taken as never shifted.

    Parameters
    ----------
    longitude, latitude : array_like of float
        Degrees of GCJ-02, of one shape; NaN where unknown.

    Returns
    -------
    tuple of numpy.ndarray
        Longitude and latitude in degrees of CGCS2000.

    Examples
    --------
    >>> [value.round(9).tolist() for value in from_gcj02(*to_gcj02([111.47], [27.2]))]
    [[111.47], [27.2]]
    """
    return _undone(_shift_gcj02, *_as_degrees(longitude, latitude))


def to_bd09(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Pair:
    """Return positions in BD-09, as Baidu shows them: GCJ-02 and one more shift.

    Parameters and result are as of :func:`to_gcj02`.

    Examples
    --------
    >>> [value.round(6).tolist() for value in to_bd09([111.47], [27.2])]
    [[111.481961], [27.203062]]
    """
    return _where_in_box(_shift_bd09, *_as_degrees(longitude, latitude))


def from_bd09(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Pair:
    """Return the positions whose BD-09 is given, exact to a micrometre.

    Solved by iteration over both shifts at once, as :func:`from_gcj02`; the closed form
    in use elsewhere takes the second shift at the wrong end and is off by decimetres.

    Examples
    --------
    >>> [value.round(9).tolist() for value in from_bd09(*to_bd09([111.47], [27.2]))]
    [[111.47], [27.2]]
    """
    return _undone(_shift_bd09, *_as_degrees(longitude, latitude))


def apply_datum(longitude: npt.ArrayLike, latitude: npt.ArrayLike, datum: Datum) -> Pair:
    """Return positions of a datum as longitudes and latitudes of CGCS2000, degrees.

    Parameters
    ----------
    longitude, latitude : array_like of float
        Degrees, of one shape; NaN where unknown.
    datum : Datum
        What they are measured in.

    Examples
    --------
    >>> [round(float(value), 5) for value in apply_datum(111.475555, 27.19674, Datum.GCJ02)]
    [111.47, 27.2]
    """
    if datum is Datum.GCJ02:
        return from_gcj02(longitude, latitude)
    if datum is Datum.BD09:
        return from_bd09(longitude, latitude)
    return np.array(longitude, dtype=np.float64), np.array(latitude, dtype=np.float64)


def _as_degrees(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Pair:
    return np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)


def _in_box(longitude: Degrees, latitude: Degrees) -> npt.NDArray[np.bool_]:
    inside = (longitude >= WEST) & (longitude <= EAST)
    return np.asarray(inside & (latitude >= SOUTH) & (latitude <= NORTH))


def _where_in_box(shift: Callable[..., Pair], longitude: Degrees, latitude: Degrees) -> Pair:
    inside = _in_box(longitude, latitude)
    # Outside, an infinity or a pole would only make warnings: the middle stands in.
    east, north = shift(*_tame(inside, longitude, latitude))
    return np.where(inside, longitude + east, longitude), np.where(
        inside, latitude + north, latitude
    )


def _undone(shift: Callable[..., Pair], longitude: Degrees, latitude: Degrees) -> Pair:
    near = _tame(np.abs(longitude) + np.abs(latitude) < 360, longitude, latitude)  # noqa: PLR2004
    solved = near
    for _ in range(_ITERATIONS):
        east, north = shift(*_tame(_in_box(*solved), *solved))
        solved = near[0] - east, near[1] - north
    inside = _in_box(*solved) & (near[0] == longitude) & (near[1] == latitude)
    return np.where(inside, solved[0], longitude), np.where(inside, solved[1], latitude)


def _tame(good: npt.NDArray[np.bool_], longitude: Degrees, latitude: Degrees) -> Pair:
    return np.where(good, longitude, _ORIGIN_LONGITUDE), np.where(good, latitude, _ORIGIN_LATITUDE)


def _shift_gcj02(longitude: Degrees, latitude: Degrees) -> Pair:
    """Return by how many degrees GCJ-02 lies east and north of the truth."""
    x, y = longitude - _ORIGIN_LONGITUDE, latitude - _ORIGIN_LATITUDE
    sine = np.sin(np.radians(latitude))
    w_squared = 1 - _ECCENTRICITY_SQUARED * sine * sine
    w = np.sqrt(w_squared)
    # Radii of curvature of the meridian and of the prime vertical, in metres.
    meridian_m = _SEMI_MAJOR_AXIS_M * (1 - _ECCENTRICITY_SQUARED) / (w_squared * w)
    vertical_m = _SEMI_MAJOR_AXIS_M / w
    east = np.degrees(_east_m(x, y) / (vertical_m * np.cos(np.radians(latitude))))
    return east, np.degrees(_north_m(x, y) / meridian_m)


def _east_m(x: Degrees, y: Degrees) -> Degrees:
    waves = 15 * np.sin(np.pi * x / 12) + 30 * np.sin(np.pi * x / 30)
    waves = waves + 2 * np.sin(np.pi * x) + 4 * np.sin(np.pi * x / 3) + _common_waves(x)
    trend = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    return np.asarray(trend + 20 / 3 * waves)


def _north_m(x: Degrees, y: Degrees) -> Degrees:
    waves = 16 * np.sin(np.pi * y / 12) + 32 * np.sin(np.pi * y / 30)
    waves = waves + 2 * np.sin(np.pi * y) + 4 * np.sin(np.pi * y / 3) + _common_waves(x)
    trend = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    return np.asarray(trend + 20 / 3 * waves)


def _common_waves(x: Degrees) -> Degrees:
    return np.asarray(2 * np.sin(6 * np.pi * x) + 2 * np.sin(2 * np.pi * x))


def _shift_bd09(longitude: Degrees, latitude: Degrees) -> Pair:
    """Return by how many degrees BD-09 lies east and north of the truth."""
    east, north = _shift_gcj02(longitude, latitude)
    x, y = longitude + east, latitude + north
    radius = np.hypot(x, y) + 0.00002 * np.sin(_BD_RADIANS_PER_DEGREE * y)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(_BD_RADIANS_PER_DEGREE * x)
    bd_longitude = radius * np.cos(angle) + _BD_EAST
    return bd_longitude - longitude, radius * np.sin(angle) + _BD_NORTH - latitude
