"""The road network of a line layer: edges between junctions, and what was left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.core.errors import EmptyFileError
from geo.core.sentences import Sentences
from geo.travel.network.crossings import (
    Cuts,
    at_own_crossings,
    cuts_at_crossings,
    cuts_at_shared_nodes,
)
from geo.travel.network.layer import check_layer
from geo.travel.network.mode_part import Edges, cut_lines
from geo.travel.network.pieces import Floats, Geometries, Positions
from geo.travel.network.reports import LayerReport, Loss, LossReason
from geo.travel.network.topology import Cleaned, clean_lines

TEXT: Final = Sentences("geo.travel")

SNAP_M: Final = 0.5
"""Over how many metres an end joins a road: below half a lane, above any digitising error
of a layer that was drawn with snapping off at 1:2,000 (0.2 mm on the map is 0.4 m)."""

MAX_SNAP_M: Final = 20.0

Split = Literal["crossings", "shared_nodes"]
"""Lines meet where they cross or touch, or, as in OpenStreetMap, only at shared vertices."""


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Edges between nodes, as drawn, for all modes.

    Attributes
    ----------
    crs : pyproj.CRS
        Projected, in metres.
    node_xy : numpy.ndarray
        Of each node: x and y.
    start, end : numpy.ndarray
        Of each edge: its nodes, in the order in which its line was drawn.
    length_m : numpy.ndarray
        Of each edge, as drawn.
    road_class, direction : numpy.ndarray
        Of each edge: one of :data:`geo.travel.network.classes.ROAD_CLASSES`; 1 only from
        start to end, -1 only from end to start, 0 both.
    row : numpy.ndarray
        Of each edge: the position of its line in the layer.
    geometry : numpy.ndarray
        Of each edge: a LineString.
    report : LayerReport
        What became of the layer.
    """

    crs: Any
    node_xy: Floats
    start: Positions
    end: Positions
    length_m: Floats
    road_class: npt.NDArray[np.object_]
    direction: npt.NDArray[np.int8]
    row: Positions
    geometry: Geometries
    report: LayerReport


def make_network(
    lines: gpd.GeoDataFrame, *, split: Split = "crossings", snap_m: float = SNAP_M
) -> RoadNetwork:
    """Return the road network of a line layer.

    Lines are cleaned (:func:`geo.travel.network.topology.clean_lines`), cut where they meet and
    their pieces joined at numbered nodes; an edge that leads back to its own start is
    halved, for people live along it. Which edges a mode can use, and the biggest
    connected part of them, :func:`geo.travel.network.parts.mode_network` tells.

    Parameters
    ----------
    lines : geopandas.GeoDataFrame
        In a projected system in metres: ``road_class`` (OSM's ``highway`` or Chinese
        words), and where it has them ``oneway`` (forward, reverse, both; missing is both)
        and ``level`` (bridges above 0, tunnels below; missing is 0).
    split : {"crossings", "shared_nodes"}
        Where lines meet. At crossings: where they cross or touch on the same level, and
        where an end lies within ``snap_m`` of a line. At shared nodes: only at vertices
        that are exactly equal, whatever the level.
    snap_m : float
        Over how many metres an end joins at crossings; also the length below which a
        piece vanishes in its junction. At most :data:`MAX_SNAP_M`.

    Returns
    -------
    RoadNetwork
        Nodes and edges in an order that does not depend on that of the lines.

    Raises
    ------
    EmptyFileError, MissingColumnError, BadValueError
        As :func:`geo.travel.network.layer.check_layer`; also where no line is left.
    ValueError
        ``split`` or ``snap_m`` is out of bounds.

    Examples
    --------
    >>> layer = gpd.GeoDataFrame({"road_class": ["省道", "村道"]}, crs="EPSG:4546", geometry=[
    ...     shapely.LineString([(1000, 0), (1300, 0)]),
    ...     shapely.LineString([(1100, -50), (1100, 50)])])
    >>> sorted(make_network(layer).length_m.tolist())
    [50.0, 50.0, 100.0, 200.0]
    """
    if split not in {"crossings", "shared_nodes"}:
        raise ValueError("lines are split at crossings or at shared nodes")
    if not (math.isfinite(snap_m) and 0 <= snap_m <= MAX_SNAP_M):
        raise ValueError(f"a snapping tolerance is between 0 and {MAX_SNAP_M} m")
    check_layer(lines)
    cleaned = clean_lines(lines)
    if not len(cleaned.lines.geometry):
        raise _nothing_left()
    if split == "crossings":
        roads = at_own_crossings(cleaned.lines)
        cuts, least_m = cuts_at_crossings(roads, snap_m), snap_m
    else:
        roads = cleaned.lines
        cuts, least_m = cuts_at_shared_nodes(roads), 0.0
    edges = cut_lines(roads.geometry, cuts, least_m)
    if not len(edges.line):
        raise _nothing_left()
    length_m = shapely.length(edges.geometry)
    return RoadNetwork(
        lines.crs,
        edges.node_xy,
        edges.start,
        edges.end,
        length_m,
        roads.road_class[edges.line],
        roads.direction[edges.line],
        roads.row[edges.line],
        edges.geometry,
        _report(lines, cleaned, edges, cuts, length_m),
    )


def _nothing_left() -> EmptyFileError:
    return EmptyFileError(**TEXT.both("road_layer_has_no_usable_line"))


def _report(
    layer: gpd.GeoDataFrame, cleaned: Cleaned, edges: Edges, cuts: Cuts, length_m: Floats
) -> LayerReport:
    losses = cleaned.losses
    if edges.short_count:
        losses += (Loss(LossReason.SHORTER_THAN_SNAP, edges.short_count, edges.short_m),)
    return LayerReport(
        len(layer),
        len(edges.node_xy),
        len(edges.line),
        float(length_m.sum()),
        losses,
        cuts.gap_count,
        edges.loop_count,
        cleaned.unknown["road_class"],
        cleaned.unknown["oneway"],
        cleaned.unknown["level"],
    )
