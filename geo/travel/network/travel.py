"""Travel costs along roads: minutes from demand points to sites."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.core.vocabulary import TOLERANCE, Mode
from geo.travel.network.network import RoadNetwork
from geo.travel.network.parts import ModeNetwork, mode_network
from geo.travel.network.paths import Around, around
from geo.travel.network.pieces import Floats, Positions, ranges
from geo.travel.network.reports import PartReport
from geo.travel.network.snap import SNAP_LIMIT_M, Snapped, legs_of, snap
from geo.travel.network.speeds import WALKING_KM_PER_H
from geo.travel.od_matrix import TravelCosts

_BLOCK_PAIRS: Final = 4_000_000

_Pairs = tuple[Positions, Positions, Floats]
_NO_PAIRS: Final[_Pairs] = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass(frozen=True, eq=False)
class NetworkCosts:
    """Travel costs along roads, and what they rest on.

    Attributes
    ----------
    costs : TravelCosts
        With the basis ``network``.
    demand, sites : Snapped
        Where the places lie on the roads; ``unsnapped`` tells those that do not.
    report : PartReport
        What of the network the mode cannot use.
    """

    costs: TravelCosts
    demand: Snapped
    sites: Snapped
    report: PartReport


def network_costs(
    network: RoadNetwork,
    demand: gpd.GeoSeries,
    sites: gpd.GeoSeries,
    *,
    mode: Mode,
    cutoff_minutes: float,
    snap_limit_m: float = SNAP_LIMIT_M,
    speeds_km_per_h: Mapping[str, float] | None = None,
    walking_km_per_h: float = WALKING_KM_PER_H,
) -> NetworkCosts:
    """Return how long people need along roads to each site within a cut-off.

    :func:`geo.travel.network.parts.mode_network`, then :func:`costs_on`; who asks several times
    for one mode makes the first once.

    Parameters
    ----------
    network : RoadNetwork
    demand, sites : geopandas.GeoSeries
        Points by id, in the system of the network.
    mode : Mode
    cutoff_minutes : float
        Pairs beyond it are not listed; exactly at it they are.
    snap_limit_m : float
        A place further from every road of the mode has no pair.
    speeds_km_per_h : Mapping of str to float, optional
        As :func:`geo.travel.network.parts.mode_network` takes it.
    walking_km_per_h : float
        From a place to its road.

    Returns
    -------
    NetworkCosts

    Raises
    ------
    ScenarioError, BadValueError
        As :func:`geo.travel.network.parts.mode_network`.
    ValueError
        Places are not points in the network's system, or a number is out of bounds.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from geo.travel.network import make_network
    >>> roads = make_network(gpd.GeoDataFrame({"road_class": ["村道"]}, crs="EPSG:4546",
    ...     geometry=[LineString([(0, 0), (2000, 0)])]))
    >>> found = network_costs(roads, gpd.GeoSeries([Point(100, 40)], ["d"], crs="EPSG:4546"),
    ...     gpd.GeoSeries([Point(900, 0)], ["s"], crs="EPSG:4546"),
    ...     mode=Mode.FOOT, cutoff_minutes=15)
    >>> found.costs.minutes.round(6).tolist()  # 40 m and 800 m at 66.7 m a minute
    [12.6]
    """
    ways = mode_network(network, mode, speeds_km_per_h=speeds_km_per_h)
    return costs_on(
        ways,
        demand,
        sites,
        cutoff_minutes=cutoff_minutes,
        snap_limit_m=snap_limit_m,
        walking_km_per_h=walking_km_per_h,
    )


def costs_on(
    ways: ModeNetwork,
    demand: gpd.GeoSeries,
    sites: gpd.GeoSeries,
    *,
    cutoff_minutes: float,
    snap_limit_m: float = SNAP_LIMIT_M,
    walking_km_per_h: float = WALKING_KM_PER_H,
) -> NetworkCosts:
    """Return how long people need to each site along the roads of one mode.

    minutes = straight line from the demand point to the nearest point of a road, on foot
    + the fastest way along roads, parts of edges by their length
    + straight line from the road to the site, on foot. The way leads from the demand
    point to the site, which matters where streets are one-way.

    Parameters
    ----------
    ways : ModeNetwork
    demand, sites, cutoff_minutes, snap_limit_m, walking_km_per_h
        As :func:`network_costs` takes them.

    Returns
    -------
    NetworkCosts
        Memory beyond a few times the result itself is bounded, however large the network:
        blocks of four million minutes.

    Raises
    ------
    ValueError
        Places are not points in the network's system, or a number is out of bounds.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from geo.travel.network import make_network
    >>> roads = make_network(gpd.GeoDataFrame({"road_class": ["省道"]}, crs="EPSG:4546",
    ...     geometry=[LineString([(0, 0), (9000, 0)])]))
    >>> found = costs_on(mode_network(roads, Mode.CAR),
    ...     gpd.GeoSeries([Point(0, 0), Point(0, 600)], ["d", "e"], crs="EPSG:4546"),
    ...     gpd.GeoSeries([Point(4000, 0)], ["s"], crs="EPSG:4546"), cutoff_minutes=30)
    >>> found.costs.minutes.round(9).tolist(), found.demand.unsnapped.to_dict()
    ([6.0], {'e': 600.0})
    """
    _check(cutoff_minutes, walking_km_per_h)
    from_demand = snap(ways, demand, limit_m=snap_limit_m)
    to_sites = snap(ways, sites, limit_m=snap_limit_m)
    min_per_m = 60 / (walking_km_per_h * 1_000)
    limit = cutoff_minutes * (1 + TOLERANCE)
    leaving = _leaving(ways, from_demand, min_per_m)
    at = np.flatnonzero(to_sites.edge >= 0)
    door = to_sites.distance_m[at] * min_per_m
    direct = along_one_edge(ways, from_demand, to_sites, at, min_per_m)
    found = [_NO_PAIRS]
    for group in around(ways, to_sites.edge[at], to_sites.along_m[at], door, limit):
        found += [(d, at[s], m) for d, s, m in _reached(leaving, direct, group, limit)]
    costs = _in_order(found, demand.index, sites.index, cutoff_minutes)
    return NetworkCosts(costs, from_demand, to_sites, ways.report)


def _in_order(
    found: list[_Pairs], demand_ids: pd.Index, site_ids: pd.Index, cutoff_minutes: float
) -> TravelCosts:
    """Return pairs, each there once, by demand point, then site; what is given is used up."""
    # Imported here: scipy takes a quarter of a second, which only a district with roads needs.
    from scipy.sparse import coo_array  # noqa: PLC0415

    of, site, minutes = (np.concatenate(column) for column in zip(*found, strict=True))
    found.clear()
    size = (len(demand_ids), len(site_ids))
    table = coo_array((minutes, (of, site)), shape=size).tocsr()
    by_demand = np.repeat(np.arange(size[0]), np.diff(table.indptr))
    to_site = table.indices.astype(np.int64)
    return TravelCosts(
        demand_ids, site_ids, by_demand, to_site, table.data, cutoff_minutes, "network"
    )


@dataclass(frozen=True, eq=False)
class _Leaving:
    """Demand points on roads: their edges and these edges' ends, and the minutes to them."""

    place: Positions
    edge: Positions
    xy: Floats
    node: Positions
    minutes: Floats


def _leaving(ways: ModeNetwork, demand: Snapped, min_per_m: float) -> _Leaving:
    at = np.flatnonzero(demand.edge >= 0)
    edge = demand.edge[at]
    legs = legs_of(ways, edge, demand.along_m[at])
    node = np.c_[ways.start[edge], ways.end[edge]]
    walk = (demand.distance_m[at] * min_per_m)[:, None]
    minutes = np.c_[legs.to_start, legs.to_end] + walk
    # A demand point may lie further off than its road: its nodes are what a box is asked for.
    return _Leaving(at, edge, ways.node_xy[node], node, minutes)


@dataclass(frozen=True, eq=False)
class Direct:
    """Pairs on one edge, by way of it: sites (ascending) and demand points among the snapped."""

    site: Positions
    leaving: Positions
    minutes: Floats


def along_one_edge(
    ways: ModeNetwork, demand: Snapped, sites: Snapped, at: Positions, min_per_m: float
) -> Direct:
    """Return the pairs of sites (of those at ``at``) and demand points that share an edge."""
    leaving = np.flatnonzero(demand.edge >= 0)
    order = np.argsort(demand.edge[leaving], kind="stable")
    edges = demand.edge[leaving[order]]
    first = np.searchsorted(edges, sites.edge[at], side="left")
    count = np.searchsorted(edges, sites.edge[at], side="right") - first
    number, row = np.repeat(np.arange(len(at)), count), order[ranges(first, count)]
    of, site = leaving[row], at[number]
    edge = demand.edge[of]
    ahead_m = sites.along_m[site] - demand.along_m[of]
    whole = np.where(ahead_m > 0, ways.with_min[edge], ways.against_min[edge])
    road = np.where(ahead_m == 0, 0.0, abs(ahead_m) / ways.length_m[edge])
    road *= np.where(ahead_m == 0, 0.0, whole)
    return Direct(number, row, road + (demand.distance_m[of] + sites.distance_m[site]) * min_per_m)


def _reached(leaving: _Leaving, direct: Direct, group: Around, limit: float) -> Iterator[_Pairs]:
    """Yield the pairs of a group of sites: demand points, sites, minutes."""
    west, south, east, north = group.box
    x, y = leaving.xy[..., 0], leaving.xy[..., 1]
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    near = np.zeros(len(leaving.place), dtype=bool)
    near[inside.any(axis=1)] = True
    first = np.searchsorted(direct.site, group.sites, side="left")
    count = np.searchsorted(direct.site, group.sites, side="right") - first
    pair = ranges(first, count)
    row = np.repeat(np.arange(len(group.sites)), count)
    near[direct.leaving[pair]] = True
    rows = np.flatnonzero(near)
    size = max(1, _BLOCK_PAIRS // max(1, len(group.sites)))
    for begin in range(0, len(rows), size):
        block = rows[begin : begin + size]
        best = _around(leaving, group, block)
        column = np.searchsorted(block, direct.leaving[pair])
        here = (column < len(block)) & (
            block[column.clip(max=len(block) - 1)] == direct.leaving[pair]
        )
        at = row[here], column[here]
        # The fastest of each pair: along one edge, or around.
        best[at] = np.minimum(best[at], direct.minutes[pair[here]])
        site, one = np.nonzero(best <= limit)
        yield leaving.place[block[one]], group.sites[site], best[site, one]


def _around(leaving: _Leaving, group: Around, block: Positions) -> Floats:
    """Return the minutes from demand points to a group of sites by way of nodes, sites first."""
    best = np.full((len(group.sites), len(block)), np.inf)
    for end in (0, 1):
        local = group.local[leaving.node[block, end]]
        known = np.flatnonzero(local >= 0)
        minutes = group.minutes[:, local[known]] + leaving.minutes[block[known], end]
        best[:, known] = np.minimum(best[:, known], minutes)
    return best


def _check(cutoff_minutes: float, walking_km_per_h: float) -> None:
    if not (math.isfinite(cutoff_minutes) and cutoff_minutes >= 0):
        raise ValueError("a cut-off is not negative")
    if not (math.isfinite(walking_km_per_h) and walking_km_per_h > 0):
        raise ValueError("a speed is above zero")
