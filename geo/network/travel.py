"""Travel costs along roads: minutes from demand points to sites."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geo.costs import TOLERANCE, TravelCosts
from geo.network.network import RoadNetwork
from geo.network.parts import ModeNetwork, mode_network
from geo.network.paths import Around, around
from geo.network.pieces import Floats, Positions, ranges
from geo.network.reports import PartReport
from geo.network.snapping import SNAP_LIMIT_M, Snapped, legs_of, snap
from geo.network.speeds import WALKING_KM_PER_H
from geo.terms import Mode

_BLOCK_PAIRS = 4_000_000


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

    :func:`geo.network.parts.mode_network`, then :func:`costs_on`; who asks several times
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
        As :func:`geo.network.parts.mode_network` takes it.
    walking_km_per_h : float
        From a place to its road.

    Returns
    -------
    NetworkCosts

    Raises
    ------
    ScenarioError, BadValueError
        As :func:`geo.network.parts.mode_network`.
    ValueError
        Places are not points in the network's system, or a number is out of bounds.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from geo.network import make_network
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
        Memory beyond the result itself is bounded, however large the network.

    Raises
    ------
    ValueError
        Places are not points in the network's system, or a number is out of bounds.
    """
    _check(cutoff_minutes, walking_km_per_h)
    from_demand = snap(ways, demand, limit_m=snap_limit_m)
    to_sites = snap(ways, sites, limit_m=snap_limit_m)
    min_per_m = 60 / (walking_km_per_h * 1_000)
    limit = cutoff_minutes * (1 + TOLERANCE)
    leaving = _leaving(ways, from_demand, min_per_m)
    at = np.flatnonzero(to_sites.edge >= 0)
    door = to_sites.distance_m[at] * min_per_m
    found = [along_one_edge(ways, from_demand, to_sites, min_per_m, limit)]
    groups = around(ways, to_sites.edge[at], to_sites.along_m[at], door, limit)
    for group in groups:
        found += [(d, at[s], m) for d, s, m in _reached(leaving, group, limit)]
    # The fastest of each pair: along one edge, or around.
    of, site, minutes = (np.concatenate(column) for column in zip(*found, strict=True))
    pair = of * max(1, len(sites)) + site
    order = np.lexsort((minutes, pair))
    first = order[np.r_[True, np.diff(pair[order]) != 0][: len(order)]]
    costs = TravelCosts(
        demand.index, sites.index, of[first], site[first], minutes[first], cutoff_minutes, "network"
    )
    return NetworkCosts(costs, from_demand, to_sites, ways.report)


@dataclass(frozen=True, eq=False)
class _Leaving:
    """Demand points on roads: where they are, and the minutes to their edge's ends."""

    place: Positions
    xy: Floats
    node: Positions
    minutes: Floats


def _leaving(ways: ModeNetwork, demand: Snapped, min_per_m: float) -> _Leaving:
    at = np.flatnonzero(demand.edge >= 0)
    edge = demand.edge[at]
    legs = legs_of(ways, edge, demand.along_m[at])
    node = np.c_[ways.start[edge], ways.end[edge]]
    access = (demand.distance_m[at] * min_per_m)[:, None]
    # A demand point may lie further off than its road: its nodes are what a box is asked for.
    return _Leaving(at, ways.node_xy[node], node, np.c_[legs.to_start, legs.to_end] + access)


def _reached(
    leaving: _Leaving, group: Around, limit: float
) -> list[tuple[Positions, Positions, Floats]]:
    """Return the pairs of a group of sites: demand points, sites, minutes."""
    west, south, east, north = group.box
    x, y = leaving.xy[..., 0], leaving.xy[..., 1]
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    near = np.flatnonzero(inside.any(axis=1))
    local = group.local[leaving.node[near]]
    found = []
    size = max(1, _BLOCK_PAIRS // max(1, len(near)))
    for begin in range(0, len(group.sites), size):
        minutes = group.minutes[begin : begin + size]
        ways = [
            np.where(local[:, end] >= 0, minutes[:, local[:, end]], np.inf)
            + leaving.minutes[near, end]
            for end in (0, 1)
        ]
        best = np.minimum(*ways)
        site, row = np.nonzero(best <= limit)
        found.append((leaving.place[near[row]], group.sites[begin + site], best[site, row]))
    return found


def along_one_edge(
    ways: ModeNetwork, demand: Snapped, sites: Snapped, min_per_m: float, limit: float
) -> tuple[Positions, Positions, Floats]:
    """Return the pairs of demand points and sites on one edge, by way of it."""
    on = np.flatnonzero(sites.edge >= 0)
    on = on[np.argsort(sites.edge[on], kind="stable")]
    edges = sites.edge[on]
    at = np.flatnonzero(demand.edge >= 0)
    first = np.searchsorted(edges, demand.edge[at], side="left")
    count = np.searchsorted(edges, demand.edge[at], side="right") - first
    of, site = np.repeat(at, count), on[ranges(first, count)]
    edge = demand.edge[of]
    ahead_m = sites.along_m[site] - demand.along_m[of]
    per_m = np.where(ahead_m > 0, ways.with_min[edge], ways.against_min[edge])
    share = abs(ahead_m) / ways.length_m[edge]
    road = np.where(ahead_m == 0, 0.0, share) * np.where(ahead_m == 0, 0.0, per_m)
    minutes = road + (demand.distance_m[of] + sites.distance_m[site]) * min_per_m
    within = minutes <= limit
    return of[within], site[within], minutes[within]


def _check(cutoff_minutes: float, walking_km_per_h: float) -> None:
    if not (math.isfinite(cutoff_minutes) and cutoff_minutes >= 0):
        raise ValueError("a cut-off is not negative")
    if not (math.isfinite(walking_km_per_h) and walking_km_per_h > 0):
        raise ValueError("a speed is above zero")
