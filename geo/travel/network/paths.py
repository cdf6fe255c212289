"""Shortest paths backwards from groups of places, each group on the roads around it alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.travel.network.order import along_curve
from geo.travel.network.parts import ModeNetwork
from geo.travel.network.pieces import Floats, Positions
from geo.travel.network.snap import legs_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_MARGIN_M: Final = 1.0
_MAX_ENTRIES: Final = 4_000_000
"""Minutes held at once, sites by nodes: 32 MB."""
_MAX_GROUP: Final = 64
_SPREAD_OF_REACH: Final = 0.5
"""A group's box grows by at most this share of the reach; a bigger one holds roads in vain."""


@dataclass(frozen=True, eq=False)
class Around:
    """Minutes from the nodes around a group of sites to each of these.

    Attributes
    ----------
    sites : numpy.ndarray
        Positions among the places asked for.
    nodes : numpy.ndarray
        Those that may be within the limit, ascending.
    local : numpy.ndarray
        Of every node: its position in ``nodes``, -1 of the others. Valid until the next group.
    minutes : numpy.ndarray
        Sites by nodes; infinite beyond the limit.
    box : tuple of float
        West, south, east, north: nothing outside is within the limit.
    """

    sites: Positions
    nodes: Positions
    local: Positions
    minutes: Floats
    box: tuple[float, float, float, float]


def around(
    ways: ModeNetwork, edge: Positions, along_m: Floats, before_min: Floats, limit_min: float
) -> Iterator[Around]:
    """Yield groups of near sites with the minutes to them from the nodes around.

    What can be reached in the limit lies within limit x highest speed of the site, as the
    crow flies, for no edge is shorter than the straight line between its nodes. So the
    graph is cut to a box around each group first: exact, and a site costs no more on a
    large network than on a small one. Dijkstra 1959, by
    :func:`scipy.sparse.csgraph.dijkstra`; a site is a node of its own in the cut graph.

    Parameters
    ----------
    ways : ModeNetwork
    edge, along_m : numpy.ndarray
        Of each site: its edge, and metres along it.
    before_min : numpy.ndarray
        Of each site: minutes from the road to its door.
    limit_min : float
        Minutes beyond which nothing is looked for; exactly at it is within.

    Yields
    ------
    Around
        Memory is bounded by the group: 4 million minutes.
    """
    # Imported here: scipy takes a quarter of a second, which only a district with roads needs.
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    place = shapely.get_coordinates(
        shapely.line_interpolate_point(ways.geometry[edge], along_m)
    ).reshape(-1, 2)
    reach_m = limit_min * ways.fastest_m_per_min + _MARGIN_M
    legs = legs_of(ways, edge, along_m)
    leg_min = np.c_[legs.from_start, legs.from_end] + before_min[:, None]
    leg_node = np.c_[ways.start[edge], ways.end[edge]]
    local = np.full(len(ways.node_xy), -1, dtype=np.int64)
    for group in _groups(place, reach_m):
        low, high = place[group].min(axis=0) - reach_m, place[group].max(axis=0) + reach_m
        box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        nodes = ways.backwards.nodes_within(*box)
        local[nodes] = np.arange(len(nodes))
        part = ways.backwards.part(nodes, local)
        size = max(1, _MAX_ENTRIES // max(1, len(nodes)))
        for begin in range(0, len(group), size):
            sites = group[begin : begin + size]
            graph = _with_sites(part, local[leg_node[sites]], leg_min[sites])
            found = dijkstra(graph, indices=len(nodes) + np.arange(len(sites)), limit=limit_min)
            yield Around(sites, nodes, local, found[:, : len(nodes)], box)
        local[nodes] = -1


def _with_sites(
    part: tuple[Positions, Positions, Floats], node: Positions, minutes: Floats
) -> csr_array:
    """Return a graph with one more node for each site, from which arcs lead to its edge's ends."""
    from scipy.sparse import csr_array  # noqa: PLC0415  (as above)

    first, target, arc_min = part
    there = (node >= 0) & np.isfinite(minutes)
    # Both ends of an edge may be one node of the graph only for a loop, and these were halved.
    ends = np.cumsum(there.sum(axis=1)) + first[-1]
    size = len(first) - 1 + len(node)
    return csr_array(
        (np.r_[arc_min, minutes[there]], np.r_[target, node[there]], np.r_[first, ends]),
        shape=(size, size),
    )


def _groups(place: Floats, reach_m: float) -> Iterator[Positions]:
    """Yield sites that lie together, in the order of a curve, in boxes that stay small."""
    order = np.argsort(along_curve(place), kind="stable")
    most_m = reach_m * _SPREAD_OF_REACH
    begin = 0
    while begin < len(order):
        ahead = place[order[begin : begin + _MAX_GROUP]]
        spread = np.maximum.accumulate(ahead, axis=0) - np.minimum.accumulate(ahead, axis=0)
        count = int((spread.max(axis=1) <= most_m).sum())
        yield order[begin : begin + count]
        begin += count
