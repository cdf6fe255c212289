"""What a file's two columns of coordinates are: degrees or metres, and which is which.

Each row is judged by magnitude alone, the file by the count of its rows, and no row
is ever turned against the rest of its file: it is named, with what it seems to be.

EPSG 4491 to 4501 are the 6-degree zones 13 to 23 with the zone before the easting,
4513 to 4533 the 3-degree zones 25 to 45 likewise, and 4534 to 4554 the 3-degree
meridians 75 to 135 degrees east without it (the 6-degree meridians are among them).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from geo.core.crs import STORAGE_CRS, central_meridian, measuring_crs
from geo.core.errors import BoundaryError
from geo.core.messages import Note
from geo.intake.georeference.bounds import EAST, NORTH, SOUTH, WEST
from geo.intake.sentences import message

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
    best, most = int(measuring_crs(own).to_epsg() or 0), -1
    for meridian in (own, own - 3, own + 3):
        try:
            epsg = int(measuring_crs(meridian).to_epsg() or 0)
        except BoundaryError:
            continue
        near = _rows_near(one, two, epsg, bounds)
        if near > most:
            best, most = epsg, near
    return best


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


MIN_CONFIDENCE: Final = 0.35
"""Below it a file's layout is not concluded: three rows that agree reach it, or four of five."""
MIN_SHARE: Final = 2 / 3
"""Of the rows with both numbers, however many they are."""

DEGREES_AS_USUAL: Final = message("georeference.layout_degrees")
DEGREES_SWAPPED: Final = message("georeference.layout_swapped")
PROJECTED: Final = message("georeference.layout_projected")
UNDECIDED: Final = message("georeference.layout_undecided")

_Z: Final = 1.96


class AxisOrder(NamedTuple):
    """How a row's two numbers are to be read.

    Attributes
    ----------
    epsg : int
        4490 for degrees, else a Gauss-Kruger system of CGCS2000.
    swapped : bool
        Whether the first number is the latitude or northing. (A survey's X is its
        northing, so a file headed X, Y is swapped in this sense.)
    """

    epsg: int
    swapped: bool


@dataclass(frozen=True)
class Exceptional:
    """A row that does not read as its file does; a person decides.

    Attributes
    ----------
    row : int
        Position in the arrays, from 0.
    seems : AxisOrder or None
        What it would be by itself, None where its numbers are no position in China.
    longitude, latitude : float
        Where it would then be, degrees of CGCS2000; NaN where ``seems`` is None.
    """

    row: int
    seems: AxisOrder | None
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Reasoned:
    """What was concluded of a whole file, and why.

    Attributes
    ----------
    layout : AxisOrder
        What the rows were read as.
    decided : bool
        False where the rows do not tell; they are then read as degrees.
    support, count : int
        Rows that read so, and rows that have both numbers.
    confidence : float
        Lower end of Wilson's 95% interval of ``support / count``, 0 to 1.
    evidence : Note
        The conclusion with its numbers.
    exceptions : tuple of Exceptional
        The rows that read otherwise, in order.
    """

    layout: AxisOrder
    decided: bool
    support: int
    count: int
    confidence: float
    evidence: Note
    exceptions: tuple[Exceptional, ...]


@dataclass(frozen=True)
class Arrangement:
    """Degrees of CGCS2000 by row, NaN where unknown or exceptional, and the reasons."""

    longitude: Numbers
    latitude: Numbers
    reasoned: Reasoned


def arrange(first: npt.ArrayLike, second: npt.ArrayLike, bounds: Bounds) -> Arrangement:
    """Return a file's positions as longitudes and latitudes, and how that was concluded.

    Parameters
    ----------
    first, second : array_like of float
        The column headed longitude (or the first of a pair) and the other, as
        :func:`geo.intake.georeference.coordinates.read_coordinate` gave them; NaN where empty.
    bounds : tuple of float
        West, south, east and north of the district, degrees of CGCS2000. Eastings
        without a zone are measured from its own 3-degree meridian, or from a
        neighbouring one (which 6-degree zones use) where that puts more rows near it.

    Returns
    -------
    Arrangement
        Rows that read as most do are converted. The others are NaN here and named in
        ``reasoned.exceptions`` with a proposal; so are numbers that are no position.

    Raises
    ------
    BoundaryError
        The bounds lie outside the zones of CGCS2000.

    Examples
    --------
    >>> found = arrange([27.2, 27.3, 27.1, 27.2, 111.4], [111.4] * 4 + [27.2],
    ...                 (111.3, 27.0, 111.6, 27.3))
    >>> found.longitude.tolist(), found.reasoned.layout
    ([111.4, 111.4, 111.4, 111.4, nan], AxisOrder(epsg=4490, swapped=True))
    >>> found.reasoned.exceptions
    (Exceptional(row=4, seems=AxisOrder(epsg=4490, swapped=False), longitude=111.4, latitude=27.2),)
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    layouts = _layouts(one, two, bounds)
    longitude, latitude = _converted(one, two, layouts)
    counted = ~(np.isnan(one) | np.isnan(two))
    chosen, support = _most(layouts[counted])
    count = int(counted.sum())
    confidence = wilson(support, count)
    decided = confidence >= MIN_CONFIDENCE and support >= MIN_SHARE * count
    layout = chosen if decided else AxisOrder(DEGREES, False)
    odd = counted & (layouts != (-layout.epsg if layout.swapped else layout.epsg))
    reasoned = Reasoned(
        layout,
        decided,
        support,
        count,
        confidence,
        _evidence(layout, decided, support, count),
        tuple(
            Exceptional(
                row, _layout_of(int(layouts[row])), float(longitude[row]), float(latitude[row])
            )
            for row in np.flatnonzero(odd).tolist()
        ),
    )
    return Arrangement(np.where(odd, np.nan, longitude), np.where(odd, np.nan, latitude), reasoned)


def wilson(support: int, count: int) -> float:
    """Return the lower end of Wilson's 95% interval of a share, 0 where nothing is counted.

    E. B. Wilson (1927), "Probable inference, the law of succession, and statistical
    inference", Journal of the American Statistical Association 22.

    Examples
    --------
    >>> [round(wilson(n, n), 2) for n in (0, 1, 4, 100)]
    [0.0, 0.21, 0.51, 0.96]
    """
    if not count:
        return 0.0
    share, square = support / count, _Z * _Z
    middle = share + square / (2 * count)
    spread = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return max(0.0, (middle - spread) / (1 + square / count))


def _layout_of(number: int) -> AxisOrder | None:
    return AxisOrder(abs(number), number < 0) if number else None


def _most(layouts: Systems) -> tuple[AxisOrder, int]:
    """Return the layout of most rows, that of no position left out, and their number."""
    found, counts = np.unique(layouts[layouts != NO_SYSTEM], return_counts=True)
    if not found.size:
        return AxisOrder(DEGREES, False), 0
    best = int(counts.argmax())
    return _layout_of(int(found[best])) or AxisOrder(DEGREES, False), int(counts[best])


def _layouts(one: Numbers, two: Numbers, bounds: Bounds) -> Systems:
    """Return for each row its layout by magnitude, 0 where it fits none."""
    own = own_system(one, two, bounds)
    layouts = np.full(one.shape, NO_SYSTEM, dtype=np.int64)
    # Straight last: where magnitude does not tell a northing from an easting, it stands.
    for x, y, sign in ((two, one, -1), (one, two, 1)):
        epsg = systems_of(x, y, own)
        layouts = np.where(epsg != NO_SYSTEM, sign * epsg, layouts)
    return layouts


def _converted(one: Numbers, two: Numbers, layouts: Systems) -> tuple[Numbers, Numbers]:
    """Return every row in degrees as its own layout reads it, NaN where it has none."""
    longitude, latitude = np.full(one.shape, np.nan), np.full(one.shape, np.nan)
    for number in np.unique(layouts[layouts != NO_SYSTEM]):
        rows = layouts == number
        x, y = (two[rows], one[rows]) if number < 0 else (one[rows], two[rows])
        if abs(number) != DEGREES:
            x, y = to_degrees(int(abs(number)), x, y)
        longitude[rows], latitude[rows] = x, y
    return longitude, latitude


def _evidence(layout: AxisOrder, decided: bool, support: int, count: int) -> Note:
    if not decided:
        return UNDECIDED.note(support=support, count=count)
    if layout.epsg == DEGREES:
        said = DEGREES_SWAPPED if layout.swapped else DEGREES_AS_USUAL
        return said.note(support=support, count=count)
    return PROJECTED.note(
        epsg=layout.epsg,
        meridian=meridian_of(layout.epsg),
        support=support,
        count=count,
        order_zh="北坐标在前" if layout.swapped else "东坐标在前",
        order_en="northing first" if layout.swapped else "easting first",
    )
