"""Which Gauss-Kruger system of CGCS2000 a file's metres are in, told by their magnitude.

EPSG 4491 to 4501 are the 6-degree zones 13 to 23 with the zone before the easting,
4513 to 4533 the 3-degree zones 25 to 45 likewise, and 4534 to 4554 the 3-degree
meridians 75 to 135 degrees east without it (the 6-degree meridians are among them).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from geo.core.crs import STORAGE_CRS, central_meridian, measuring_crs
from geo.core.errors import BoundaryError
from geo.intake.positions.bounds import EAST, NORTH, SOUTH, WEST

Numbers = npt.NDArray[np.float64]
Systems = npt.NDArray[np.int64]
Bounds = tuple[float, float, float, float]

DEGREES: Final = 4490
NO_SYSTEM: Final = 0
_LEAST_NORTHING_M, _GREATEST_NORTHING_M = 331_000.0, 6_000_000.0
_FALSE_EASTING_M, _HALF_ZONE_M = 500_000.0, 400_000.0
_ZONE_M: Final = 1_000_000.0
_FIRST_WIDE_ZONE, _LAST_WIDE_ZONE, _FIRST_WIDE_EPSG = 13, 23, 4491
_FIRST_ZONE, _LAST_ZONE, _FIRST_EPSG = 25, 45, 4513
_FIRST_BARE_EPSG: Final = 4534
_NEAR_DEGREES: Final = 0.5
_LARGEST: Final = 1e9


def systems_of(x: Numbers, y: Numbers, own: int) -> Systems:
    """Return the system in which x is the longitude or easting and y the other, else 0.

    Parameters
    ----------
    x, y : numpy.ndarray
        Degrees or metres, NaN where unknown.
    own : int
        EPSG code for eastings without a zone.

    Examples
    --------
    >>> x, y = np.array([111.4, 5e5, 37.5e6, 19.5e6, 27.2]), np.array([27.2, *[3.01e6] * 3, 111.4])
    >>> systems_of(x, y, 4546).tolist()
    [4490, 4546, 4525, 4497, 0]
    """
    degrees = (x >= WEST) & (x <= EAST) & (y >= SOUTH) & (y <= NORTH)
    northing = (y >= _LEAST_NORTHING_M) & (y <= _GREATEST_NORTHING_M)
    zone = np.floor(np.where(northing & (np.abs(x) < _LARGEST), x, 0) / _ZONE_M).astype(np.int64)
    metric = northing & (np.abs(x - zone * _ZONE_M - _FALSE_EASTING_M) <= _HALF_ZONE_M)
    wide = (zone >= _FIRST_WIDE_ZONE) & (zone <= _LAST_WIDE_ZONE)
    narrow = (zone >= _FIRST_ZONE) & (zone <= _LAST_ZONE)
    return np.select(
        [degrees, metric & (zone == 0), metric & wide, metric & narrow],
        [
            DEGREES,
            own,
            _FIRST_WIDE_EPSG + zone - _FIRST_WIDE_ZONE,
            _FIRST_EPSG + zone - _FIRST_ZONE,
        ],
        NO_SYSTEM,
    )


def own_system(one: Numbers, two: Numbers, bounds: Bounds) -> int:
    """Return the system without zones that puts most rows near the district.

    Parameters
    ----------
    one, two : numpy.ndarray
        Both numbers of each row, in either order.
    bounds : tuple of float
        West, south, east and north of the district, degrees.

    Raises
    ------
    BoundaryError
        The bounds lie outside the zones of CGCS2000.

    Examples
    --------
    >>> own_system(np.array([5e5]), np.array([3.01e6]), (111.3, 27.0, 111.6, 27.3))
    4546
    """
    west, _, east, _ = bounds
    own = central_meridian((west + east) / 2)
    best, most = _epsg(own), -1
    for meridian in (own, own - 3, own + 3):
        try:
            epsg = _epsg(meridian)
        except BoundaryError:
            continue
        near = _rows_near(one, two, epsg, bounds)
        if near > most:
            best, most = epsg, near
    return best


def _epsg(meridian: float) -> int:
    return int(measuring_crs(meridian).to_epsg() or 0)


def _rows_near(one: Numbers, two: Numbers, epsg: int, bounds: Bounds) -> int:
    near = 0
    for x, y in ((one, two), (two, one)):
        rows = systems_of(x, y, epsg) == epsg
        longitude, latitude = to_degrees(epsg, x[rows], y[rows])
        inside = (longitude >= bounds[0] - _NEAR_DEGREES) & (longitude <= bounds[2] + _NEAR_DEGREES)
        inside &= (latitude >= bounds[1] - _NEAR_DEGREES) & (latitude <= bounds[3] + _NEAR_DEGREES)
        near += int(inside.sum())
    return near


def to_degrees(epsg: int, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return eastings and northings of a system as degrees of CGCS2000.

    Examples
    --------
    >>> [part.round(6).tolist() for part in to_degrees(4546, np.array([5e5]), np.array([3.01e6]))]
    [[111.0], [27.201883]]
    """
    longitude, latitude = _transformer(epsg).transform(x, y)
    return longitude, latitude


def meridian_of(epsg: int) -> int:
    """Return the central meridian of one of the systems above, degrees east.

    Examples
    --------
    >>> meridian_of(4546), meridian_of(4525), meridian_of(4497)
    (111, 111, 111)
    """
    if epsg >= _FIRST_BARE_EPSG:
        return 75 + 3 * (epsg - _FIRST_BARE_EPSG)
    if epsg >= _FIRST_EPSG:
        return 3 * (epsg - _FIRST_EPSG + _FIRST_ZONE)
    return 6 * (epsg - _FIRST_WIDE_EPSG + _FIRST_WIDE_ZONE) - 3


@lru_cache(maxsize=64)
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, STORAGE_CRS, always_xy=True)
