"""What of a network one mode can use: its biggest part from which one also comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from geo.core.errors import BadValueError
from geo.core.vocabulary import Mode, label
from geo.travel.network.graph import Graph, make_graph
from geo.travel.network.network import RoadNetwork
from geo.travel.network.pieces import Floats, Geometries, Positions
from geo.travel.network.reports import Loss, LossReason, PartReport
from geo.travel.network.speeds import CLASS_SPEEDS_KM_PER_H, check_speeds, m_per_min

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ModeNetwork:
    """The edges that one mode uses, with the minutes that they take.

    Attributes
    ----------
    network : RoadNetwork
    mode : Mode
    edge : numpy.ndarray
        Positions of the edges in ``network``; what follows is by these.
    node_xy : numpy.ndarray
        Of each node that they touch: x and y, metres.
    start, end : numpy.ndarray
        Nodes of each edge.
    length_m : numpy.ndarray
        Of each edge.
    with_min, against_min : numpy.ndarray
        Minutes from start to end and from end to start; infinite against a one-way street.
    fastest_m_per_min : float
        No one gets further from a place in a minute, as the crow flies.
    report : PartReport
        What was cut off.
    """

    network: RoadNetwork
    mode: Mode
    edge: Positions
    node_xy: Floats
    start: Positions
    end: Positions
    length_m: Floats
    with_min: Floats
    against_min: Floats
    fastest_m_per_min: float
    report: PartReport

    @cached_property
    def geometry(self) -> Geometries:
        """The line of each edge."""
        return self.network.geometry[self.edge]

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The lines, by where they are."""
        return shapely.STRtree(self.geometry)

    @cached_property
    def backwards(self) -> Graph:
        """The graph in which a path leads from a place to where one can reach it from."""
        return make_graph(self.node_xy, self.start, self.end, self.against_min, self.with_min)


def mode_network(
    network: RoadNetwork, mode: Mode, *, speeds_km_per_h: Mapping[str, float] | None = None
) -> ModeNetwork:
    """Return the biggest part of a network that a mode can use, and what was cut off.

    On foot and by e-bicycle a one-way street is one in both directions. By car the part
    is strongly connected: from every place in it one gets to every other and back. The
    biggest is the longest in metres.

    Parameters
    ----------
    network : RoadNetwork
    mode : Mode
    speeds_km_per_h : Mapping of str to float, optional
        By road class; a class left out is closed. Else
        :data:`geo.travel.network.speeds.CLASS_SPEEDS_KM_PER_H`.

    Returns
    -------
    ModeNetwork

    Raises
    ------
    ScenarioError
        As :func:`geo.travel.network.speeds.check_speeds`.
    BadValueError
        No road is open to the mode, or none from which one comes back.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.travel.network.network import make_network
    >>> roads = make_network(gpd.GeoDataFrame({"road_class": ["省道", "台阶"]}, crs="EPSG:4546",
    ...     geometry=[shapely.LineString([(1000, 0), (1300, 0)]),
    ...               shapely.LineString([(1300, 0), (1300, 50)])]))
    >>> ways = mode_network(roads, Mode.CAR)
    >>> ways.with_min.round(9).tolist(), ways.report.losses[0].reason.value  # 300 m at 40 km/h
    ([0.45], 'closed_to_mode')
    """
    speeds = CLASS_SPEEDS_KM_PER_H[mode] if speeds_km_per_h is None else speeds_km_per_h
    check_speeds(mode, speeds)
    speed = m_per_min(network.road_class, speeds)
    is_open = np.isfinite(speed)
    direction = network.direction if mode is Mode.CAR else np.zeros_like(network.direction)
    kept, connected, part_count = _biggest(network, is_open, direction)
    if not kept.any():
        raise BadValueError(
            zh=f"路网中没有{label(mode)}可往返通行的道路。请检查道路等级、单行和速度设置。",
            en=f"No road of the network can be used there and back by {label(mode, 'en')}. "
            "Check classes, one-ways and speeds.",
        )
    edge = np.flatnonzero(kept)
    nodes, ends = np.unique(np.r_[network.start[edge], network.end[edge]], return_inverse=True)
    minutes = network.length_m[edge] / speed[edge]
    return ModeNetwork(
        network,
        mode,
        edge,
        network.node_xy[nodes],
        ends[: len(edge)],
        ends[len(edge) :],
        network.length_m[edge],
        np.where(direction[edge] >= 0, minutes, np.inf),
        np.where(direction[edge] <= 0, minutes, np.inf),
        float(speed[edge].max()),
        PartReport(
            len(edge),
            float(network.length_m[edge].sum()),
            tuple(_losses(network.length_m, is_open, connected, kept)),
            part_count,
        ),
    )


def _biggest(
    network: RoadNetwork, is_open: Flags, direction: npt.NDArray[np.int8]
) -> tuple[Flags, Flags, int]:
    """Return which edges are in the longest part, which hang on it, and how many parts do not."""
    # Imported here: scipy takes a quarter of a second, which only a district with roads needs.
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    start, end = network.start, network.end
    forth, back = is_open & (direction >= 0), is_open & (direction <= 0)
    source, target = np.r_[start[forth], end[back]], np.r_[end[forth], start[back]]
    size = len(network.node_xy)
    ways = coo_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=(size, size))
    strong = connected_components(ways, connection="strong")[1]
    inside = is_open & (strong[start] == strong[end])
    if not inside.any():
        return inside, inside, 0
    length_m = np.bincount(strong[start[inside]], network.length_m[inside])
    biggest = length_m.argmax()
    kept = inside & (strong[start] == biggest)
    weak = connected_components(ways, connection="weak")[1]
    connected = is_open & (weak[start] == weak[start[kept][0]])
    return kept, connected, len(np.unique(weak[start[is_open & ~connected]]))


def _losses(length_m: Floats, is_open: Flags, connected: Flags, kept: Flags) -> list[Loss]:
    reasons = {
        LossReason.CLOSED_TO_MODE: ~is_open,
        LossReason.UNCONNECTED: is_open & ~connected,
        LossReason.NO_WAY_BACK: connected & ~kept,
    }
    return [
        Loss(reason, int(lost.sum()), float(length_m[lost].sum()))
        for reason, lost in reasons.items()
        if lost.any()
    ]
