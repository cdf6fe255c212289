"""Townships as a coverage: no piece of land in two of them, and none in no township."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.intake.tables.boundaries.polygons import multi

LEAST_AREA_M2: Final = 100.0
"""Smaller overlaps and gaps are what rounding coordinates leaves along a border."""

GAP_WIDTH_M: Final = 10.0
"""Gaps that open to the outside are looked for up to this width; wider ones may be the border."""

TOUCH_M: Final = 1.0
"""Parts nearer than this touch: their corners were rounded, or drawn past each other."""

MAX_OVERLAPS: Final = 1_000
"""Overlaps after which the search for more ends."""

_BLOCK: Final = 200
_Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Land that two townships claim.

    Attributes
    ----------
    first, second : int
        Positions of both, the lower first.
    area_m2 : float
        How much, in square metres.
    width_m : float
        Diameter of the largest circle within, in metres.
    """

    first: int
    second: int
    area_m2: float
    width_m: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Land between townships that none of them has.

    Attributes
    ----------
    neighbours : tuple of int
        Positions of those that it touches, the one with the longest border first.
    area_m2, width_m : float
        As of an :class:`Overlap`.
    at : tuple of float
        A point within it.
    """

    neighbours: tuple[int, ...]
    area_m2: float
    width_m: float
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Detached:
    """A part of the district that is :data:`TOUCH_M` or more from its largest part.

    Attributes
    ----------
    members : tuple of int
        Positions of the townships that reach into it.
    area_m2 : float
        Its area.
    distance_m : float
        From the largest part.
    """

    members: tuple[int, ...]
    area_m2: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """All that keeps townships from being a coverage of one closed district.

    Attributes
    ----------
    overlaps, gaps, detached : tuple
        In order of the positions; gaps the largest first.
    ended_early : bool
        Whether there may be more overlaps than were looked for.
    """

    overlaps: tuple[Overlap, ...] = ()
    gaps: tuple[Gap, ...] = ()
    detached: tuple[Detached, ...] = ()
    ended_early: bool = False


def examine_coverage(
    areas: Sequence[MultiPolygon], *, gap_width_m: float = GAP_WIDTH_M
) -> Coverage:
    """Return overlaps, gaps and detached parts of townships.

    A gap is a hole in the union of all, whatever its width, or a strip between two
    townships that opens to the outside and is narrower than ``gap_width_m``. What is
    smaller than :data:`LEAST_AREA_M2` is neither.

    Parameters
    ----------
    areas : sequence of shapely.MultiPolygon
        Valid, in metres.
    gap_width_m : float
        In metres.

    Examples
    --------
    >>> from shapely import box
    >>> left, right = multi(box(0, 0, 1000, 1000)), multi(box(1004, 0, 2000, 1000))
    >>> (gap,) = examine_coverage([left, right]).gaps
    >>> gap.neighbours, gap.area_m2, gap.width_m
    ((0, 1), 4000.0, 4.0)
    >>> examine_coverage([left, multi(box(990, 0, 2000, 1000))]).overlaps
    (Overlap(first=0, second=1, area_m2=10000.0, width_m=10.0),)
    """
    shapes = np.array(areas, dtype=object)
    overlaps, early = _overlaps(shapes)
    union = shapely.union_all(shapes)
    gaps = _gaps(shapes, union, gap_width_m)
    return Coverage(overlaps, gaps, _detached(shapes, union, gaps), early)


def mend_coverage(areas: Sequence[MultiPolygon], *, width_m: float) -> tuple[MultiPolygon, ...]:
    """Return townships without overlaps, and without gaps up to a width.

    A gap goes to the neighbour with the longest border along it, an overlap to
    either of the two by the same rule. It is for the caller to refuse overlaps that
    are too wide to be an error of drawing.

    Parameters
    ----------
    areas : sequence of shapely.MultiPolygon
        Valid, in metres.
    width_m : float
        The widest gap to fill, in metres.

    Returns
    -------
    tuple of shapely.MultiPolygon
        One for each, in order; borders between neighbours have the same vertices.

    Examples
    --------
    >>> from shapely import box
    >>> drawn = [multi(box(0, 0, 1000, 1000)), multi(box(1004, 0, 2000, 1000))]
    >>> [round(area.area) for area in mend_coverage(drawn, width_m=5)]
    [1004000, 996000]
    """
    shapes = np.array(areas, dtype=object)
    filled = list(shapes)
    # GEOS fills what is enclosed; a strip that opens to the outside it leaves.
    for piece in _strips(shapes, shapely.union_all(shapes), width_m, least_m2=0):
        neighbours = _neighbours(shapes, piece)
        if len(neighbours) > 1:
            filled[neighbours[0]] = shapely.union(filled[neighbours[0]], piece)
    drawn = np.array(filled, dtype=object)
    cleaned = shapely.coverage_clean(drawn, gap_width=width_m)  # type: ignore[attr-defined]
    return tuple(multi(shape) for shape in cleaned)


def _overlaps(shapes: _Shapes) -> tuple[tuple[Overlap, ...], bool]:
    """Return overlapping pairs in order, and whether the search ended before the end."""
    # A valid coverage has matching edges, which is tested first and costs little.
    suspects = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    tree = shapely.STRtree(shapes[suspects])
    first, second = suspects[tree.query(shapes[suspects], predicate="intersects")]
    pairs = sorted((int(i), int(j)) for i, j in zip(first, second, strict=True) if i < j)
    found: list[Overlap] = []
    # Of a thousand townships in one place there would be half a million.
    for start in range(0, len(pairs), _BLOCK):
        found += _overlapping(shapes, pairs[start : start + _BLOCK])
        if len(found) >= MAX_OVERLAPS:
            return tuple(found[:MAX_OVERLAPS]), True
    return tuple(found), False


def _overlapping(shapes: _Shapes, pairs: Sequence[tuple[int, int]]) -> list[Overlap]:
    left, right = np.array(pairs).T
    shared = shapely.intersection(shapes[left], shapes[right])
    return [
        Overlap(i, j, area_m2, width_of(piece))
        for (i, j), piece, area_m2 in zip(pairs, shared, shapely.area(shared).tolist(), strict=True)
        if area_m2 >= LEAST_AREA_M2
    ]


def _gaps(shapes: _Shapes, union: BaseGeometry, width_m: float) -> tuple[Gap, ...]:
    pieces = [*_holes(union), *_strips(shapes, union, width_m)]
    pieces.sort(key=lambda piece: -piece.area)
    found = [(piece, _neighbours(shapes, piece)) for piece in pieces]
    return tuple(
        Gap(neighbours, piece.area, width_of(piece), _inside(piece))
        for piece, neighbours in found
        # A single township with a hole in it has an enclave, which is no gap between two.
        if neighbours
    )


def _holes(union: BaseGeometry) -> list[Polygon]:
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    return [hole for hole in map(Polygon, rings) if hole.area >= LEAST_AREA_M2]


def _strips(
    shapes: _Shapes, union: BaseGeometry, width_m: float, *, least_m2: float = LEAST_AREA_M2
) -> list[Polygon]:
    """Return the strips between two townships that open to the outside."""
    if not width_m:
        return []
    solid = shapely.union_all([Polygon(part.exterior) for part in shapely.get_parts(union)])
    # Growing by half the width closes a strip, shrinking again leaves only what was closed.
    reach = width_m / 2 * (1 + 1e-9)
    closed = solid.buffer(reach, join_style="mitre").buffer(-reach, join_style="mitre")
    pieces = shapely.get_parts(shapely.difference(closed, solid))
    return [
        piece
        for piece in pieces
        if piece.geom_type == "Polygon"
        and piece.area >= least_m2
        and _is_between(shapes, piece, width_m)
    ]


def _is_between(shapes: _Shapes, piece: Polygon, width_m: float) -> bool:
    """Return whether two townships lie along a strip: at a notch's end the second only touches."""
    along = sorted(_borders_m(shapes, piece).values())
    return len(along) > 1 and along[-2] > 2 * width_m


def _neighbours(shapes: _Shapes, piece: Polygon) -> tuple[int, ...]:
    along = _borders_m(shapes, piece)
    return tuple(sorted(along, key=lambda number: (-along[number], number)))


def _borders_m(shapes: _Shapes, piece: Polygon) -> dict[int, float]:
    """Return the length of border that a piece has with each township along it."""
    # The ends of a closed strip do not lie on its neighbours to the last digit.
    near = shapely.buffer(piece, 0.01)
    touching = np.flatnonzero(shapely.intersects(shapes, near))
    lengths = shapely.length(shapely.intersection(shapely.boundary(shapes[touching]), near))
    pairs = zip(touching.tolist(), lengths.tolist(), strict=True)
    return {number: length for number, length in pairs if length > 1}


def _detached(shapes: _Shapes, union: BaseGeometry, gaps: Sequence[Gap]) -> tuple[Detached, ...]:
    """Return the parts apart from the largest; a strip that parts two is reported as a gap."""
    parts = shapely.get_parts(union)
    if len(parts) == 1:
        return ()
    grown = shapely.get_parts(shapely.union_all(shapely.buffer(parts, TOUCH_M / 2)))
    largest, *others = sorted(
        (shapely.intersection(union, part) for part in grown), key=lambda part: -part.area
    )
    strips = [set(gap.neighbours) for gap in gaps]
    found = []
    for part in others:
        inside = shapely.area(shapely.intersection(shapes, part))
        members = set(np.flatnonzero(inside >= LEAST_AREA_M2).tolist())
        bridged = any(members & strip and strip - members for strip in strips)
        if members and not bridged:
            distance_m = float(part.distance(largest))
            found.append(Detached(tuple(sorted(members)), part.area, distance_m))
    return tuple(found)


def width_of(piece: BaseGeometry) -> float:
    """Return the diameter of the largest circle within a polygon, in its own unit.

    Examples
    --------
    >>> width_of(shapely.box(0, 0, 4, 1000))
    4.0
    """
    areas = [part for part in shapely.get_parts(piece) if part.geom_type == "Polygon"]
    if not areas:
        return 0.0
    # The circle is found to a hundredth of the polygon's mean width.
    circles = [
        shapely.maximum_inscribed_circle(part, tolerance=max(part.area / part.length / 100, 1e-6))
        for part in areas
    ]
    return round(2 * float(shapely.length(circles).max()), 3)


def _inside(piece: Polygon) -> tuple[float, float]:
    point: Point = piece.representative_point()
    return point.x, point.y
