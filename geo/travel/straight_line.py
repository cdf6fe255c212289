"""Travel costs where there is no road network: straight lines times a detour factor."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.core.vocabulary import TOLERANCE
from geo.travel.od_matrix import TravelCosts

_BLOCK_ROWS: Final = 256
_BLOCK_PAIRS: Final = 2_000_000
_MARGIN_M: Final = 0.001
_M_PER_MIN_OF_KM_PER_H: Final = 1_000 / 60

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]


def straight_line_costs(
    demand: gpd.GeoSeries,
    sites: gpd.GeoSeries,
    *,
    speed_km_per_h: float,
    detour_factor: float,
    cutoff_minutes: float,
) -> TravelCosts:
    """Return how long people need to each site within a cut-off, were roads straight lines.

    minutes = straight line in metres x detour factor / (speed x 1,000 / 60).
    A missing or empty point is at no place and has no pair; exactly at the cut-off
    is within it.

    Parameters
    ----------
    demand, sites : geopandas.GeoSeries
        Points by id, in one projected system in metres.
    speed_km_per_h : float
        Door-to-door planning speed of the mode.
    detour_factor : float
        Length by road / straight line, at least 1.
    cutoff_minutes : float
        Pairs beyond it are not listed.

    Returns
    -------
    TravelCosts
        With the basis ``straight_line``. Memory beyond the result itself is a
        block of two million pairs, however many points there are.

    Raises
    ------
    ValueError
        The systems differ or are not in metres, an id is there twice, a geometry
        is no point, or a number is out of bounds.

    Examples
    --------
    >>> from shapely import Point
    >>> costs = straight_line_costs(
    ...     gpd.GeoSeries([Point(0, 0)], index=["d"], crs="EPSG:4546"),
    ...     gpd.GeoSeries([Point(300, 400), Point(3000, 4000)], index=["a", "b"],
    ...                   crs="EPSG:4546"),
    ...     speed_km_per_h=4, detour_factor=1.3, cutoff_minutes=15)
    >>> costs.site.tolist(), costs.minutes.round(6).tolist()  # 500 m x 1.3 at 66.7 m a minute
    ([0], [9.75])
    """
    _check_points(demand, sites)
    _check_numbers(speed_km_per_h, detour_factor, cutoff_minutes)
    min_per_m = detour_factor / (speed_km_per_h * _M_PER_MIN_OF_KM_PER_H)
    limit = cutoff_minutes * (1 + TOLERANCE)
    counts = np.zeros(len(demand), dtype=np.int64)
    for rows, _, minutes in _blocks(demand, sites, min_per_m, limit):
        counts[rows] = np.count_nonzero(minutes <= limit, axis=1)
    starts = np.cumsum(counts) - counts
    # Counted first and filled then: the pairs are held once, and in their order.
    site = np.empty(counts.sum(), dtype=np.int64)
    listed = np.empty(counts.sum())
    for rows, columns, minutes in _blocks(demand, sites, min_per_m, limit):
        person, near = np.nonzero(minutes <= limit)
        # Where in its own row each pair comes: pairs so far, less those of earlier rows.
        place = np.arange(len(person)) - np.searchsorted(person, person)
        at = starts[rows[person]] + place
        site[at] = columns[near]
        listed[at] = minutes[person, near]
    of = np.repeat(np.arange(len(demand)), counts)
    return TravelCosts(demand.index, sites.index, of, site, listed, cutoff_minutes, "straight_line")


def _blocks(
    demand: gpd.GeoSeries, sites: gpd.GeoSeries, min_per_m: float, limit: float
) -> Iterator[tuple[Positions, Positions, Floats]]:
    """Yield demand points that lie together, the sites near them, and the minutes between."""
    tree = shapely.STRtree(sites.array)
    x, y = _xy(sites)
    reach = limit / min_per_m * (1 + TOLERANCE) + _MARGIN_M
    size = max(1, min(_BLOCK_ROWS, _BLOCK_PAIRS // max(1, len(sites))))
    demand_x, demand_y = _xy(demand)
    order = _in_rows(demand_x, demand_y, reach)
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        here_x, here_y = demand_x[rows], demand_y[rows]
        around = shapely.box(
            here_x.min() - reach, here_y.min() - reach, here_x.max() + reach, here_y.max() + reach
        )
        columns = np.sort(tree.query(around))
        across, along = here_x[:, None] - x[columns], here_y[:, None] - y[columns]
        # Faster than np.hypot, whose range metres do not need.
        metres = np.sqrt(across * across + along * along)
        yield rows, columns, metres * min_per_m


def _in_rows(x: Floats, y: Floats, height: float) -> Positions:
    """Return positions of points that are somewhere, strip by strip, so that neighbours meet."""
    there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    order: Positions = np.lexsort((x[there], np.floor(y[there] / height)))
    return there[order]


def _xy(points: gpd.GeoSeries) -> tuple[Floats, Floats]:
    geometries = points.to_numpy()
    there = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    xy = np.full((2, len(geometries)), np.nan)
    xy[:, there] = shapely.get_coordinates(geometries[there]).T
    return xy[0], xy[1]


def _check_points(demand: gpd.GeoSeries, sites: gpd.GeoSeries) -> None:
    if demand.crs is None or demand.crs != sites.crs:
        raise ValueError("demand points and sites need one system")
    if not demand.crs.is_projected or demand.crs.axis_info[0].unit_name != "metre":
        raise ValueError("demand points and sites need a projected system in metres")
    if not (demand.index.is_unique and sites.index.is_unique):
        raise ValueError("an id stands for one point only")
    for points in (demand, sites):
        kinds = shapely.get_type_id(points.array)
        if not np.isin(kinds, (shapely.GeometryType.MISSING, shapely.GeometryType.POINT)).all():
            raise ValueError("demand points and sites are points")


def _check_numbers(speed_km_per_h: float, detour_factor: float, cutoff_minutes: float) -> None:
    if not (math.isfinite(speed_km_per_h) and speed_km_per_h > 0):
        raise ValueError("a speed is above zero")
    if not (math.isfinite(detour_factor) and detour_factor >= 1):
        raise ValueError("a detour factor is at least 1")
    if not (math.isfinite(cutoff_minutes) and cutoff_minutes >= 0):
        raise ValueError("a cut-off is not negative")
