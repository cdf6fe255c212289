"""Lines cut at their junctions: edges between numbered nodes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.travel.network.crossings import Cuts
from geo.travel.network.order import along_curve
from geo.travel.network.pieces import SAME_PLACE_M, Floats, Geometries, Positions, pieces


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges and nodes, in an order that does not depend on that of the lines.

    Attributes
    ----------
    geometry : numpy.ndarray
        LineStrings from node to node.
    line, start, end : numpy.ndarray
        Of each edge: the line that it is a piece of, and its nodes.
    node_xy : numpy.ndarray
        Of each node: x and y, metres.
    loop_count : int
        Pieces that led back to their own start, and were halved.
    short_count, short_m : int, float
        Pieces that vanished in one junction, and their length.
    """

    geometry: Geometries
    line: Positions
    start: Positions
    end: Positions
    node_xy: Floats
    loop_count: int
    short_count: int
    short_m: float


@dataclass(frozen=True, eq=False)
class _Stops:
    """Where lines are cut, line by line in order of distance, with the junction of each place."""

    line: Positions
    along_m: Floats
    junction: Positions

    def inner(self) -> Positions:
        """Return the stops after which a piece of the same line follows."""
        return np.flatnonzero(self.line[1:] == self.line[:-1])


def cut_lines(lines: Geometries, cuts: Cuts, least_m: float) -> Edges:
    """Return lines cut at their places; those on a line that are too near are one.

    The ends of edges are drawn to their junction, so that no edge is shorter than the
    straight line between its nodes.

    Parameters
    ----------
    lines : numpy.ndarray of LineString
    cuts : Cuts
        As :mod:`geo.travel.network.crossings` gives them.
    least_m : float
        Places on a line that are no further apart are one junction.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (300, 0)])
    >>> cuts = Cuts(np.array([0, 0, 0]), np.array([0.0, 300.0, 100.0]), *np.zeros((2, 0), int))
    >>> found = cut_lines(np.array([line]), cuts, 0.5)
    >>> sorted(shapely.length(found.geometry).tolist())
    [100.0, 200.0]
    """
    stops, short_count, short_m = _stops(lines, cuts, max(least_m, SAME_PLACE_M))
    stops, loop_count = _halved(stops)
    place = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[stops.line], stops.along_m)
    )
    stops, node_xy = _numbered(stops, place)
    at = stops.inner()
    start, end = stops.junction[at], stops.junction[at + 1]
    ends = np.stack([node_xy[start], node_xy[end]], axis=1)
    geometry = pieces(lines, stops.line[at], stops.along_m[at], stops.along_m[at + 1], ends)
    length = shapely.length(geometry)
    order = np.lexsort((length, np.maximum(start, end), np.minimum(start, end)))
    return Edges(
        geometry[order],
        stops.line[at][order],
        start[order],
        end[order],
        node_xy,
        loop_count,
        short_count,
        short_m,
    )


def _stops(lines: Geometries, cuts: Cuts, least_m: float) -> tuple[_Stops, int, float]:
    # Imported here: scipy takes a quarter of a second, which only a district with roads needs.
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    order = np.lexsort((cuts.along_m, cuts.line))
    line, along = cuts.line[order], cuts.along_m[order]
    near = (line[1:] == line[:-1]) & (np.diff(along) <= least_m)
    one = np.r_[cuts.one, order[:-1][near]]
    other = np.r_[cuts.other, order[1:][near]]
    size = len(cuts.line)
    joined = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    junction = connected_components(joined, directed=False)[1].astype(np.int64)
    run = np.cumsum(np.r_[True, ~near]) - 1
    first, last = np.r_[True, ~near], np.r_[~near, True]
    # An end holds its place among the cuts beside it.
    length = shapely.length(lines)
    ends_here = np.bincount(run, along >= length[line]) > 0
    where = np.where(ends_here & (along[first] > 0), along[last], along[first])
    short = np.bincount(run, (along <= 0) | (along >= length[line])) > 1
    vanished = line[first][short & (length[line[first]] <= along[last] - along[first])]
    stops = _Stops(line[first], where, junction[order][first])
    return stops, len(vanished), float(length[vanished].sum())


def _halved(stops: _Stops) -> tuple[_Stops, int]:
    """Return stops with one more in the middle of each piece that leads back to its start."""
    at = stops.inner()
    loop = at[stops.junction[at] == stops.junction[at + 1]]
    middle = (stops.along_m[loop] + stops.along_m[loop + 1]) / 2
    fresh = stops.junction.max(initial=-1) + 1 + np.arange(len(loop))
    line = np.r_[stops.line, stops.line[loop]]
    along = np.r_[stops.along_m, middle]
    order = np.lexsort((along, line))
    return _Stops(line[order], along[order], np.r_[stops.junction, fresh][order]), len(loop)


def _numbered(stops: _Stops, place: Floats) -> tuple[_Stops, Floats]:
    """Return stops whose junctions are numbered along a curve through the plane, and their xy."""
    order = np.lexsort((place[:, 1], place[:, 0], stops.junction))
    first = np.unique(stops.junction[order], return_index=True)[1]
    xy = place[order[first]]
    curve = np.lexsort((xy[:, 1], xy[:, 0], along_curve(xy)))
    number = np.empty(len(xy), dtype=np.int64)
    number[curve] = np.arange(len(xy))
    compact = np.unique(stops.junction, return_inverse=True)[1]
    return replace(stops, junction=number[compact]), xy[curve]
