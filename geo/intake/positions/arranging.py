"""What a file's two columns of coordinates are: degrees or metres, and which is which.

Each row is judged by magnitude alone, the file by the count of its rows, and no row
is ever turned against the rest of its file: it is named, with what it seems to be.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.core.messages import Remark, message
from geo.intake.positions.projected import (
    DEGREES,
    NO_SYSTEM,
    Bounds,
    Numbers,
    Systems,
    meridian_of,
    own_system,
    systems_of,
    to_degrees,
)

MIN_CONFIDENCE: Final = 0.35
"""Below it a file's layout is not concluded: three rows that agree reach it, or four of five."""
MIN_SHARE: Final = 2 / 3
"""Of the rows with both numbers, however many they are."""

DEGREES_AS_USUAL: Final = message(
    "layout_degrees",
    "坐标按「经度、纬度」读取（{count} 行中有 {support} 行如此）。",
    "Positions are longitude and latitude in degrees ({support} of {count} rows).",
)
DEGREES_SWAPPED: Final = message(
    "layout_swapped",
    "经度和纬度两列填反了，已对调（{count} 行中有 {support} 行如此）。",
    "The columns of longitude and latitude are swapped; put right ({support} of {count} rows).",
)
PROJECTED: Final = message(
    "layout_projected",
    "坐标是以米为单位的高斯-克吕格投影，按 CGCS2000 中央经线 {meridian}°"
    "（EPSG:{epsg}，{order_zh}）换算成经纬度（{count} 行中有 {support} 行如此）；"
    "若是 1980 西安或 1954 北京坐标系，请先转换。",
    "Positions are Gauss-Kruger metres, read as CGCS2000 of meridian {meridian} E"
    " (EPSG:{epsg}, {order_en}; {support} of {count} rows); convert Xi'an 1980 or Beijing 1954.",
)
UNDECIDED: Final = message(
    "layout_undecided",
    "看不出坐标的写法（{count} 行中最多 {support} 行一致），按「经度、纬度」读取；请核对坐标两列。",
    "How positions are written is not clear (at most {support} of {count} rows agree);"
    " they are read as longitude and latitude. Check both columns.",
)

_Z: Final = 1.96


class Layout(NamedTuple):
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
    seems : Layout or None
        What it would be by itself, None where its numbers are no position in China.
    longitude, latitude : float
        Where it would then be, degrees of CGCS2000; NaN where ``seems`` is None.
    """

    row: int
    seems: Layout | None
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Reasoned:
    """What was concluded of a whole file, and why.

    Attributes
    ----------
    layout : Layout
        What the rows were read as.
    decided : bool
        False where the rows do not tell; they are then read as degrees.
    support, count : int
        Rows that read so, and rows that have both numbers.
    confidence : float
        Lower end of Wilson's 95% interval of ``support / count``, 0 to 1.
    evidence : Remark
        The conclusion with its numbers.
    exceptions : tuple of Exceptional
        The rows that read otherwise, in order.
    """

    layout: Layout
    decided: bool
    support: int
    count: int
    confidence: float
    evidence: Remark
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
        :func:`geo.intake.positions.coordinates.read_coordinate` gave them; NaN where empty.
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
    ([111.4, 111.4, 111.4, 111.4, nan], Layout(epsg=4490, swapped=True))
    >>> found.reasoned.exceptions
    (Exceptional(row=4, seems=Layout(epsg=4490, swapped=False), longitude=111.4, latitude=27.2),)
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    layouts = _layouts(one, two, bounds)
    longitude, latitude = _converted(one, two, layouts)
    counted = ~(np.isnan(one) | np.isnan(two))
    chosen, support = _most(layouts[counted])
    count = int(counted.sum())
    confidence = wilson(support, count)
    decided = confidence >= MIN_CONFIDENCE and support >= MIN_SHARE * count
    layout = chosen if decided else Layout(DEGREES, False)
    odd = counted & (layouts != _number_of(layout))
    reasoned = Reasoned(
        layout,
        decided,
        support,
        count,
        confidence,
        _evidence(layout, decided, support, count),
        tuple(_exceptions(np.flatnonzero(odd), layouts, longitude, latitude)),
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


def _number_of(layout: Layout) -> int:
    """Return a layout as one number, so that rows can be compared in an array."""
    return -layout.epsg if layout.swapped else layout.epsg


def _layout_of(number: int) -> Layout | None:
    return Layout(abs(number), number < 0) if number else None


def _most(layouts: Systems) -> tuple[Layout, int]:
    """Return the layout of most rows, that of no position left out, and their number."""
    found, counts = np.unique(layouts[layouts != NO_SYSTEM], return_counts=True)
    if not found.size:
        return Layout(DEGREES, False), 0
    best = int(counts.argmax())
    return _layout_of(int(found[best])) or Layout(DEGREES, False), int(counts[best])


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


def _exceptions(
    rows: Systems,
    layouts: Systems,
    longitude: Numbers,
    latitude: Numbers,
) -> Iterator[Exceptional]:
    for row in rows.tolist():
        yield Exceptional(
            row, _layout_of(int(layouts[row])), float(longitude[row]), float(latitude[row])
        )


def _evidence(layout: Layout, decided: bool, support: int, count: int) -> Remark:
    if not decided:
        return UNDECIDED.remark(support=support, count=count)
    if layout.epsg == DEGREES:
        said = DEGREES_SWAPPED if layout.swapped else DEGREES_AS_USUAL
        return said.remark(support=support, count=count)
    return PROJECTED.remark(
        epsg=layout.epsg,
        meridian=meridian_of(layout.epsg),
        support=support,
        count=count,
        order_zh="北坐标在前" if layout.swapped else "东坐标在前",
        order_en="northing first" if layout.swapped else "easting first",
    )
