"""A schematic cut of a district into townships, where true boundaries are not open.

Each place goes to the nearest seat (a Voronoi diagram); that is a drawing to hang
figures on and no boundary. Everything made of it says 示意图.
"""

from __future__ import annotations

import math
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.core.crs import STORAGE_CRS
from geo.core.errors import BoundaryError
from geo.core.sentences import Sentences, listed

TEXT: Final = Sentences("geo.districts")

DECIMALS: Final = 7

_Shapes = npt.NDArray[np.object_]


def cut(outline: shapely.Geometry, seats: gpd.GeoSeries) -> gpd.GeoSeries:
    """Cut an outline into one polygon for each seat, without gaps or overlaps.

    The outline and the borders between seats are noded together before any
    polygon is made, so that every corner is one point in all that share it. A
    piece that is cut off from its seat goes to the neighbour with which it shares
    the longest border, so that no township is scattered.

    Parameters
    ----------
    outline : shapely.Geometry
        Polygon or MultiPolygon in EPSG:4490.
    seats : geopandas.GeoSeries
        Points in EPSG:4490, indexed by ``township_code``, all different.

    Returns
    -------
    geopandas.GeoSeries
        MultiPolygons in EPSG:4490 on the index of ``seats``, corners rounded to
        seven decimals. Their union is the outline with the cuts' ends added.

    Raises
    ------
    BoundaryError
        A seat lies outside the outline, or two seats are one point.

    Examples
    --------
    >>> seats = gpd.GeoSeries(gpd.points_from_xy([111.1, 111.3], [27.1, 27.1]),
    ...                       index=["a", "b"], crs=STORAGE_CRS)
    >>> parts = cut(shapely.box(111, 27, 111.4, 27.2), seats)
    >>> bool(shapely.coverage_is_valid(parts.array))
    True
    """
    _check_seats(outline, seats)
    # Degrees, with longitude shrunk so that near is near: an affine change keeps
    # the outline's straight edges straight, which a map projection would not.
    _, south, _, north = shapely.bounds(outline)
    shrink = math.cos(math.radians((south + north) / 2))
    points = _scaled(np.asarray(seats.array), shrink)
    faces = _faces(shapely.transform(outline, lambda xy: xy * (shrink, 1)), points)
    owner = _owners(faces, points)
    rounded = np.asarray(shapely.transform(faces, lambda xy: np.round(xy / (shrink, 1), DECIMALS)))
    whole = [_multi(shapely.coverage_union_all(rounded[owner == row])) for row in range(len(seats))]
    return gpd.GeoSeries(whole, index=seats.index, crs=STORAGE_CRS)


def _scaled(points: _Shapes, shrink: float) -> _Shapes:
    return np.asarray(shapely.transform(points, lambda xy: xy * (shrink, 1)))


def _check_seats(outline: shapely.Geometry, seats: gpd.GeoSeries) -> None:
    outside = seats.index[~seats.intersects(outline).to_numpy()]
    if len(outside):
        raise BoundaryError(**TEXT.both("these_seats_lie_outside_outline", outside=listed(outside)))
    if len(np.unique(shapely.get_coordinates(seats.array), axis=0)) < len(seats):
        raise BoundaryError(**TEXT.both("two_seats_are_one_point"))


def _faces(outline: shapely.Geometry, points: _Shapes) -> _Shapes:
    edges = shapely.voronoi_polygons(
        shapely.MultiPoint(points), extend_to=shapely.envelope(outline), only_edges=True
    )
    lines = shapely.union_all([shapely.boundary(outline), edges])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return np.asarray(faces[shapely.contains(outline, shapely.point_on_surface(faces))])


def _owners(faces: _Shapes, points: _Shapes) -> npt.NDArray[np.intp]:
    """Return the row of the seat that each face belongs to."""
    nearest = shapely.STRtree(points).nearest(shapely.point_on_surface(faces))
    seated = np.array(
        [shapely.intersects(face, points[row]) for face, row in zip(faces, nearest, strict=True)]
    )
    owner = np.where(seated, nearest, -1)
    while (owner == -1).any():
        for face in np.flatnonzero(owner == -1):
            border = shapely.length(shapely.intersection(faces[face], faces))
            border[owner == -1] = 0.0
            if border.max() > 0:
                owner[face] = owner[border.argmax()]
                break
        else:
            # An island without a neighbour stays with the nearest seat.
            owner = np.where(owner == -1, nearest, owner)
    return owner


def _multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(shapely.get_parts(shape))
