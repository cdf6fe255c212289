"""Geometries as a tile draws them: cut, thinned, on whole numbers from its corner."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from mapbox_vector_tile.geom_encoder import GeometryEncoder

from geo.publish.tiles.matrix import Tile

EXTENT: Final = 4_096
"""Steps along a tile's side."""

BUFFER: Final = 64
"""Steps by which a tile reaches into its neighbours, so that no border of its own is drawn."""

POINT, LINE, POLYGON = 1, 2, 3
"""What the format calls them."""

_MOVE_TO_ONE: Final = 9
_MOVE_TO: Final = 1
_DIMENSIONS: Final = {0: POINT, 1: LINE, 2: POLYGON}

Shapes = npt.NDArray[np.object_]
Commands = list[int]


def drawn(places: Shapes, tile: Tile) -> Shapes:
    """Return geometries as a tile draws them: x to the east, y to the south.

    Lines and areas are thinned by one step, cut at the buffer, put on whole steps, and mended
    by that. An area of which nothing is left is drawn as a point of it, in the one tile
    where that lies: a small village does not vanish at a low zoom.

    Parameters
    ----------
    places : numpy.ndarray of object
        In EPSG:3857.
    tile : Tile
        Which one.

    Returns
    -------
    numpy.ndarray of object
        Of the same length; None where nothing is drawn.

    Examples
    --------
    >>> world = np.array([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)])
    >>> [shape.wkt for shape in drawn(world, Tile(0, 0, 0))]
    ['POINT (2048 2048)', 'POINT (2048 2048)']
    """
    step = tile.size_m / EXTENT
    found = shapely.simplify(places, step, preserve_topology=True)
    cut = mended(shapely.clip_by_rect(found, *tile.bounds(BUFFER / EXTENT)))
    shapes = _on_steps(_of_own_dimension(cut, shapely.get_dimensions(places)), tile)
    lost = shapely.is_empty(shapes) & (shapely.get_dimensions(places) == POLYGON - 1)
    if lost.any():
        points = _on_steps(shapely.point_on_surface(places[lost]), tile)
        points[~_within(points)] = None
        shapes[lost] = points
    shapes[shapely.is_empty(shapes)] = None
    return shapes


def mended(places: Shapes) -> Shapes:
    """Return geometries of which none crosses itself.

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> mended(np.array([bow]))[0].geom_type
    'MultiPolygon'
    """
    bad = ~(shapely.is_valid(places) | shapely.is_missing(places))
    found = places.copy()
    found[bad] = shapely.make_valid(places[bad])
    return found


def _on_steps(places: Shapes, tile: Tile) -> Shapes:
    west, north = tile.west_north
    scale = EXTENT / tile.size_m
    moved = shapely.transform(
        places, lambda xy: np.column_stack([xy[:, 0] - west, north - xy[:, 1]]) * scale
    )
    put: Shapes = np.array(shapely.set_precision(moved, 1, mode="valid_output"), dtype=object)
    return put


def _of_own_dimension(cut: Shapes, dimensions: npt.NDArray[np.int32]) -> Shapes:
    """Return what was cut without the lines and points that cutting leaves of areas."""
    found = cut.copy()
    mixed = shapely.get_type_id(cut) == shapely.GeometryType.GEOMETRYCOLLECTION
    for row in np.flatnonzero(mixed & ~shapely.is_empty(cut)):
        parts = shapely.get_parts(cut[row])
        kept = parts[shapely.get_dimensions(parts) == dimensions[row]]
        found[row] = shapely.union_all(kept)
    return found


def _within(points: Shapes) -> npt.NDArray[np.bool_]:
    numbers = shapely.get_coordinates(points)
    return np.asarray(((numbers >= -BUFFER) & (numbers <= EXTENT + BUFFER)).all(axis=1))


def point_commands(places: Shapes, tile: Tile) -> list[Commands]:
    """Return points as the format's commands: move there, once.

    Examples
    --------
    >>> point_commands(np.array([shapely.Point(0, 0)]), Tile(0, 0, 0))
    [[9, 4096, 4096]]
    """
    west, north = tile.west_north
    numbers = shapely.get_coordinates(places)
    steps = np.column_stack([numbers[:, 0] - west, north - numbers[:, 1]]) * (EXTENT / tile.size_m)
    whole = np.rint(steps).astype(np.int64)
    told = np.column_stack([np.full(len(whole), _MOVE_TO_ONE), (whole << 1) ^ (whole >> 63)])
    commands: list[Commands] = told.tolist()
    return commands


def commands_of(shape: shapely.Geometry) -> tuple[int, Commands]:
    """Return the kind of a drawn geometry, and its commands (MVT 2.1, 4.3).

    Outer rings are those of positive area where y points down.

    Examples
    --------
    >>> commands_of(shapely.Point(1, 2))
    (1, [9, 2, 4])
    """
    kind = _DIMENSIONS[int(shapely.get_dimensions(shape))]
    encoder = GeometryEncoder(y_coord_down=True, extents=EXTENT)
    return kind, list(encoder.encode(shapely.orient_polygons(shape, exterior_cw=False)))
