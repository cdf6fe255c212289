"""Where lines are to be cut, and which of these places are one junction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.core.errors import BadValueError
from geo.core.sentences import Sentences
from geo.travel.network.pieces import SAME_PLACE_M, Floats, Positions, vertices_of
from geo.travel.network.topology import Lines

TEXT: Final = Sentences("geo.travel")

MAX_MEETINGS: Final = 10_000_000
"""Pairs of lines that meet; a layer with more is refused. A grid of a million has 3 million."""

_BLOCK: Final = 1_000


@dataclass(frozen=True, eq=False)
class Cuts:
    """Places on lines, both ends of each line among them.

    Attributes
    ----------
    line, along_m : numpy.ndarray
        Of each place: the line, and metres along it. The ends of line ``n`` are the
        places ``2 n`` and ``2 n + 1``.
    one, other : numpy.ndarray
        Pairs of places that are one junction.
    gap_count : int
        Ends that meet a road only over a gap.
    """

    line: Positions
    along_m: Floats
    one: Positions
    other: Positions
    gap_count: int = 0


def at_own_crossings(lines: Lines) -> Lines:
    """Return lines cut where they cross or touch themselves."""
    crossed = np.flatnonzero(~shapely.is_simple(lines.geometry))
    if not len(crossed):
        return lines
    parts, of = shapely.get_parts(shapely.node(lines.geometry[crossed]), return_index=True)
    kept = np.setdiff1d(np.arange(len(lines.geometry)), crossed)
    found = lines.take(np.r_[kept, crossed[of]])
    geometry = np.r_[lines.geometry[kept], parts]
    return Lines(geometry, found.road_class, found.direction, found.level, found.row)


def cuts_at_crossings(lines: Lines, snap_m: float) -> Cuts:
    """Return where lines cross or touch on the same level, or nearly touch with an end.

    An end joins an end on any level, for a bridge begins where a road ends. An end joins
    the middle of a line of its own level, and a bridge's or tunnel's end that of a line
    nearer to the ground; a road that ends under a bridge does not join it.

    Parameters
    ----------
    lines : Lines
        Each without crossings of its own.
    snap_m : float
        Over how many metres an end joins.

    Raises
    ------
    BadValueError
        More than :data:`MAX_MEETINGS` pairs of lines meet.
    """
    geometry, count = lines.geometry, len(lines.geometry)
    tree = shapely.STRtree(geometry)
    ends = _ends(lines)
    one, other, place = _crossings(lines, tree)
    crossing = np.arange(len(one))
    crossing_along = [shapely.line_locate_point(geometry[of], place) for of in (one, other)]
    end, line, gap = _near_ends(lines, tree, ends, snap_m)
    near_along = shapely.line_locate_point(geometry[line], ends[end])
    begin = 2 * count
    near = begin + 2 * len(crossing) + np.arange(len(end))
    closed = _closed(lines, ends, snap_m)
    length = shapely.length(geometry)
    return Cuts(
        np.r_[np.repeat(np.arange(count), 2), one, other, line],
        np.r_[np.c_[np.zeros(count), length].ravel(), *crossing_along, near_along],
        np.r_[begin + crossing, end, 2 * closed],
        np.r_[begin + len(crossing) + crossing, near, 2 * closed + 1],
        len(np.unique(end[gap > SAME_PLACE_M])),
    )


def cuts_at_shared_nodes(lines: Lines) -> Cuts:
    """Return the ends of lines, and the vertices that occur more than once, joined where equal.

    So OpenStreetMap means it: roads that cross without a shared vertex do not meet.
    """
    count = len(lines.geometry)
    vertices = vertices_of(lines.geometry)
    order = np.lexsort((vertices.xy[:, 0], vertices.xy[:, 1]))
    sorted_xy = vertices.xy[order]
    new = np.r_[True, (sorted_xy[1:] != sorted_xy[:-1]).any(axis=1)]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    line = vertices.line
    first, last = np.r_[True, line[1:] != line[:-1]], np.r_[line[1:] != line[:-1], True]
    inner = np.flatnonzero(~(first | last) & (np.bincount(place)[place] > 1))
    ends = np.c_[np.flatnonzero(first), np.flatnonzero(last)].ravel()
    chosen = np.r_[ends, inner]
    by_place = np.argsort(place[chosen], kind="stable")
    same = np.diff(place[chosen][by_place]) == 0
    along = vertices.along_m[chosen]
    along[1 : 2 * count : 2] = shapely.length(lines.geometry)
    return Cuts(line[chosen], along, by_place[:-1][same], by_place[1:][same])


def _ends(lines: Lines) -> npt.NDArray[np.object_]:
    """Return both ends of each line, in turn."""
    first, last = shapely.get_point(lines.geometry, 0), shapely.get_point(lines.geometry, -1)
    return np.asarray(np.c_[first, last].ravel(), dtype=object)


def _crossings(
    lines: Lines, tree: shapely.STRtree
) -> tuple[Positions, Positions, npt.NDArray[np.object_]]:
    """Return pairs of lines of one level, and each place where they meet."""
    one, other = _pairs(
        lines.geometry,
        lambda shapes: tree.query(shapes, predicate="intersects"),
        lambda a, b: (a < b) & (lines.level[a] == lines.level[b]),
    )
    shared = shapely.intersection(lines.geometry[one], lines.geometry[other])
    parts, of = shapely.get_parts(shared, return_index=True)
    parts, within = shapely.get_parts(parts, return_index=True)
    of = of[within]
    is_line = shapely.get_dimensions(parts) == 1
    stretch = parts[is_line]
    place = np.r_[
        parts[~is_line], shapely.get_point(stretch, 0), shapely.get_point(stretch, -1)
    ].astype(object)
    of = np.r_[of[~is_line], of[is_line], of[is_line]]
    there = ~(shapely.is_missing(place) | shapely.is_empty(place))
    return one[of[there]], other[of[there]], place[there]


def _pairs(
    shapes: npt.NDArray[np.object_],
    find: Callable[[npt.NDArray[np.object_]], Positions],
    wanted: Callable[[Positions, Positions], npt.NDArray[np.bool_]],
) -> tuple[Positions, Positions]:
    """Return pairs of shapes and lines that are found and wanted, block by block."""
    found, count = [np.zeros((2, 0), dtype=np.int64)], 0
    for begin in range(0, len(shapes), _BLOCK):
        block = find(shapes[begin : begin + _BLOCK])
        block[0] += begin
        found.append(block[:, wanted(*block)])
        count += found[-1].shape[1]
        if count > MAX_MEETINGS:
            raise BadValueError(**TEXT.both("lines_meet_too_often", max_meetings=MAX_MEETINGS))
    one, other = np.concatenate(found, axis=1)
    return one, other


def _near_ends(
    lines: Lines, tree: shapely.STRtree, ends: npt.NDArray[np.object_], snap_m: float
) -> tuple[Positions, Positions, Floats]:
    """Return ends, the lines that they join, and the gap between, metres."""
    end, line = _pairs(
        ends,
        lambda shapes: tree.query(shapes, predicate="dwithin", distance=snap_m),
        lambda e, of: e // 2 != of,
    )
    mine = end // 2
    to_end = np.minimum(
        shapely.distance(ends[end], ends[2 * line]), shapely.distance(ends[end], ends[2 * line + 1])
    )
    level, other_level = lines.level[mine], lines.level[line]
    joins = (to_end <= snap_m) | (level == other_level) | (abs(level) > abs(other_level))
    end, line = end[joins], line[joins]
    return end, line, shapely.distance(ends[end], lines.geometry[line])


def _closed(lines: Lines, ends: npt.NDArray[np.object_], snap_m: float) -> Positions:
    """Return the lines that end where they begin."""
    apart = shapely.distance(ends[::2], ends[1::2])
    return np.flatnonzero((apart <= snap_m) & (shapely.length(lines.geometry) > 2 * snap_m))
