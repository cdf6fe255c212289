"""The nearest of many sites along roads, however far it is."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from geo.travel.network.parts import ModeNetwork
from geo.travel.network.pieces import Floats, Positions
from geo.travel.network.snap import SNAP_LIMIT_M, Legs, Snapped, legs_of, snap
from geo.travel.network.speeds import WALKING_KM_PER_H
from geo.travel.network.travel import along_one_edge

NOBODY = -1


def nearest_on(
    ways: ModeNetwork,
    demand: gpd.GeoSeries,
    sites: gpd.GeoSeries,
    *,
    snap_limit_m: float = SNAP_LIMIT_M,
    walking_km_per_h: float = WALKING_KM_PER_H,
) -> tuple[Positions, Floats]:
    """Return which site each demand point reaches first along roads, and the minutes.

    One search from all sites together (Dijkstra 1959, by
    :func:`scipy.sparse.csgraph.dijkstra`); minutes are those of
    :func:`geo.travel.network.travel.costs_on`. Of sites that are equally near it is any.

    Parameters
    ----------
    ways : ModeNetwork
    demand, sites : geopandas.GeoSeries
        Points by id, in the system of the network.
    snap_limit_m, walking_km_per_h
        As :func:`geo.travel.network.travel.costs_on` takes them.

    Returns
    -------
    site : numpy.ndarray
        Positions in ``sites``; -1 where neither the point nor any site lies on a road.
    minutes : numpy.ndarray
        Infinite there.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from geo.travel.network import make_network, mode_network
    >>> from geo.core.vocabulary import Mode
    >>> roads = make_network(gpd.GeoDataFrame({"road_class": ["村道"]}, crs="EPSG:4546",
    ...     geometry=[LineString([(0, 0), (9000, 0)])]))
    >>> here = gpd.GeoSeries([Point(100, 40)], ["d"], crs="EPSG:4546")
    >>> there = gpd.GeoSeries([Point(9000, 0), Point(900, 0)], ["a", "b"], crs="EPSG:4546")
    >>> site, minutes = nearest_on(mode_network(roads, Mode.FOOT), here, there)
    >>> site.tolist(), minutes.round(6).tolist()
    ([1], [12.6])
    """
    min_per_m = 60 / (walking_km_per_h * 1_000)
    of, to = snap(ways, demand, limit_m=snap_limit_m), snap(ways, sites, limit_m=snap_limit_m)
    site = np.full(len(demand), NOBODY, dtype=np.int64)
    minutes = np.full(len(demand), np.inf)
    on, there = np.flatnonzero(of.edge >= 0), np.flatnonzero(to.edge >= 0)
    if not (len(on) and len(there)):
        return site, minutes
    from_node, source = _from_all(ways, to, there, min_per_m)
    edge = of.edge[on]
    legs = legs_of(ways, edge, of.along_m[on])
    leaving = np.c_[legs.to_start, legs.to_end] + (of.distance_m[on] * min_per_m)[:, None]
    node = np.c_[ways.start[edge], ways.end[edge]]
    both = from_node[node] + leaving
    best = both.argmin(axis=1)
    rows = np.arange(len(on))
    minutes[on] = both[rows, best]
    found = source[node[rows, best]]
    site[on] = np.where(np.isfinite(minutes[on]), found, NOBODY)
    _by_one_edge(ways, of, to, min_per_m, site=site, minutes=minutes)
    return site, minutes


def _from_all(
    ways: ModeNetwork, to: Snapped, there: Positions, min_per_m: float
) -> tuple[Floats, Positions]:
    """Return of each node the minutes to its nearest site, and which one that is."""
    # Imported here: scipy takes a quarter of a second, which only a district with roads needs.
    from scipy.sparse import csr_array  # noqa: PLC0415
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    graph, size = ways.backwards, len(ways.node_xy)
    edge = to.edge[there]
    legs: Legs = legs_of(ways, edge, to.along_m[there])
    door = (to.distance_m[there] * min_per_m)[:, None]
    minutes = np.c_[legs.from_start, legs.from_end] + door
    node = np.c_[ways.start[edge], ways.end[edge]]
    usable = np.isfinite(minutes)
    # Each site is a node of its own, from which arcs lead to the ends of its edge.
    ends = np.cumsum(usable.sum(axis=1)) + graph.first[-1]
    whole = csr_array(
        (
            np.r_[graph.minutes, minutes[usable]],
            np.r_[graph.target, node[usable]],
            np.r_[graph.first, ends],
        ),
        shape=(size + len(there), size + len(there)),
    )
    found, _, source = dijkstra(
        whole, indices=size + np.arange(len(there)), min_only=True, return_predecessors=True
    )
    reached = source[:size] >= size
    which = there[np.where(reached, source[:size] - size, 0)]
    return found[:size], np.where(reached, which, NOBODY)


def _by_one_edge(
    ways: ModeNetwork,
    of: Snapped,
    to: Snapped,
    min_per_m: float,
    *,
    site: Positions,
    minutes: Floats,
) -> None:
    """Take the way along a single edge where that is shorter than around."""
    there = np.flatnonzero(to.edge >= 0)
    direct = along_one_edge(ways, of, to, there, min_per_m)
    demand, near = np.flatnonzero(of.edge >= 0)[direct.leaving], there[direct.site]
    order = np.lexsort((near, direct.minutes))[::-1]
    # Written from the longest to the shortest, so that the shortest stays.
    least, which = np.full(len(site), np.inf), np.full(len(site), NOBODY, dtype=np.int64)
    least[demand[order]], which[demand[order]] = direct.minutes[order], near[order]
    shorter = least < minutes
    minutes[shorter], site[shorter] = least[shorter], which[shorter]
