"""Pieces of lines between two distances along them, many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

SAME_PLACE_M: Final = 1e-6
"""Two places on a line nearer than this are one: a thousandth of a millimetre."""


@dataclass(frozen=True, eq=False)
class Vertices:
    """The vertices of many lines in their order: line, distance along it, position (metres)."""

    line: Positions
    along_m: Floats
    xy: Floats


def vertices_of(lines: Geometries) -> Vertices:
    """Return the vertices of lines, with how far along its line each lies.

    Examples
    --------
    >>> found = vertices_of(np.array([shapely.LineString([(0, 0), (3, 4), (3, 5)])]))
    >>> found.along_m.tolist()
    [0.0, 5.0, 6.0]
    """
    xy, of = shapely.get_coordinates(lines, return_index=True)
    if not len(xy):
        return Vertices(of.astype(np.int64), np.zeros(0), xy)
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    first = np.r_[True, of[1:] != of[:-1]]
    step[first] = 0.0
    # Summed over all lines at once, in more digits than are kept.
    total = np.cumsum(step, dtype=np.longdouble)
    along = (total - total[first][np.cumsum(first) - 1]).astype(np.float64)
    return Vertices(of.astype(np.int64), along, xy)


def pieces(
    lines: Geometries, of: Positions, from_m: Floats, to_m: Floats, ends: Floats | None = None
) -> Geometries:
    """Return pieces of lines, each from one distance along its line to a greater one.

    Parameters
    ----------
    lines : numpy.ndarray of LineString
    of : numpy.ndarray
        Of each piece: the position of its line.
    from_m, to_m : numpy.ndarray
        Of each piece: where it begins and ends, metres along its line.
    ends : numpy.ndarray, optional
        Of each piece: x and y of its begin and of its end, where these are to be moved;
        of shape (pieces, 2, 2).

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (10, 0), (10, 10)])
    >>> pieces(np.array([line]), np.array([0]), np.array([5.0]), np.array([12.0])).tolist()
    [<LINESTRING (5 0, 10 0, 10 2)>]
    """
    if not len(of):
        return np.zeros(0, dtype=object)
    if ends is None:
        ends = np.stack([_places(lines[of], from_m), _places(lines[of], to_m)], axis=1)
    vertices = vertices_of(lines)
    length = shapely.length(lines)
    offset = np.cumsum(length + 1.0) - (length + 1.0)
    key = offset[vertices.line] + np.minimum(vertices.along_m, length[vertices.line])
    first = np.searchsorted(key, offset[of] + from_m + SAME_PLACE_M, side="right")
    last = np.searchsorted(key, offset[of] + to_m - SAME_PLACE_M, side="left")
    count = np.maximum(last - first, 0)
    inner = ranges(first, count)
    index = np.repeat(np.arange(len(of)), count + 2)
    start = np.cumsum(count + 2) - (count + 2)
    xy = np.empty((len(index), 2))
    is_inner = np.ones(len(index), dtype=bool)
    is_inner[start] = is_inner[start + count + 1] = False
    xy[start], xy[start + count + 1] = ends[:, 0], ends[:, 1]
    xy[is_inner] = vertices.xy[inner]
    return np.asarray(shapely.linestrings(xy, indices=index), dtype=object)


def ranges(first: Positions, count: Positions) -> Positions:
    """Return the numbers of several ranges, one after another.

    Examples
    --------
    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    before = np.cumsum(count) - count
    found: Positions = np.arange(count.sum()) + np.repeat(first - before, count)
    return found


def _places(lines: Geometries, along_m: Floats) -> Floats:
    return shapely.get_coordinates(shapely.line_interpolate_point(lines, along_m))
