"""Geometry literals: GeoJSON's members, checked, in longitude and latitude."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS
from geo.core.errors import QueryError
from geo.core.sentences import Sentences, Words
from geo.publish.cql2.faults import refused, shown

TEXT: Final = Sentences("geo.publish")

_PIECES_OF_A_SIDE: Final = 16
"""A side of a BBOX in a projected system is bent in degrees; so many pieces follow it."""

_BOX_SIZES: Final = {4: (0, 1, 2, 3), 6: (0, 1, 3, 4)}
_RING_SIZE: Final = 4
_POSITION_SIZES: Final = frozenset({2, 3, 4})


def geometry_of(tree: dict[str, Any], crs: CRS | None) -> BaseGeometry:
    """Return a geometry literal.

    Parameters
    ----------
    tree : dict
        ``type`` with ``coordinates`` or ``geometries``.
    crs : pyproj.CRS or None
        The system of its numbers, in its own order of axes; None is longitude, latitude.

    Raises
    ------
    QueryError
        It is malformed, invalid (it crosses itself) or lies outside of the world.

    Examples
    --------
    >>> geometry_of({"type": "Point", "coordinates": [27.2, 111.5]}, CRS("EPSG:4490")).wkt
    'POINT (111.5 27.2)'
    """
    made = _served(_shape(tree), crs)
    if not shapely.is_valid(made):
        raise _malformed(*TEXT.words("it_crosses_itself"))
    return made


def box_of(numbers: Any, crs: CRS | None) -> BaseGeometry:
    """Return the area of a BBOX of four or six numbers.

    In degrees one whose west is greater than its east goes across 180 degrees.

    Raises
    ------
    QueryError
        It has another number of numbers, or its bottom lies above its top.

    Examples
    --------
    >>> box_of([170, -10, -170, 10], None).geom_type, box_of([1, 2, 1, 2], None).wkt
    ('MultiPolygon', 'POINT (1 2)')
    """
    if not isinstance(numbers, list) or len(numbers) not in _BOX_SIZES:
        raise _malformed(*TEXT.words("bbox_has_4_or_6_numbers"))
    all_numbers = [_number(each) for each in numbers]
    first, second, third, fourth = (all_numbers[at] for at in _BOX_SIZES[len(numbers)])
    if crs is not None and _north_first(crs):
        first, second, third, fourth = second, first, fourth, third
    return _box(first, second, third, fourth, crs)


def _box(west: float, south: float, east: float, north: float, crs: CRS | None) -> BaseGeometry:
    degrees = crs is None or crs.is_geographic
    if south > north or (west > east and not degrees):
        raise _malformed(*TEXT.words("bbox_is_upside_down"))
    if west > east:
        halves = [_flat(west, south, 180.0, north), _flat(-180.0, south, east, north)]
        return _transformed(shapely.union_all(halves), crs)
    flat = _flat(west, south, east, north)
    longest = max(east - west, north - south)
    if not degrees and longest > 0:
        flat = shapely.segmentize(flat, longest / _PIECES_OF_A_SIDE)
    return _transformed(flat, crs)


def _flat(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return a box, or the line or point that it shrinks to."""
    if west < east and south < north:
        return shapely.box(west, south, east, north)
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    return shapely.LineString([(west, south), (east, north)])


def _shape(tree: dict[str, Any]) -> BaseGeometry:
    kind = tree.get("type")
    if kind == "GeometryCollection" and set(tree) == {"type", "geometries"}:
        members = tree["geometries"]
        if isinstance(members, list) and members and all(isinstance(m, dict) for m in members):
            return shapely.GeometryCollection([_single(member) for member in members])
    return _single(tree)


def _single(tree: dict[str, Any]) -> BaseGeometry:
    kind, coordinates = tree.get("type"), tree.get("coordinates")
    if set(tree) != {"type", "coordinates"} or not isinstance(kind, str):
        raise _malformed(*TEXT.words("no_geometry_of_geojson"))
    match kind:
        case "Point":
            return shapely.Point(_position(coordinates))
        case "LineString":
            return _line(coordinates)
        case "Polygon":
            return _polygon(coordinates)
        case "MultiPoint":
            return shapely.MultiPoint([_position(at) for at in _some(coordinates)])
        case "MultiLineString":
            return shapely.MultiLineString([_line(line) for line in _some(coordinates)])
        case "MultiPolygon":
            return shapely.MultiPolygon([_polygon(area) for area in _some(coordinates)])
    raise _malformed(*TEXT.words("is_unknown", kind=shown(kind)))


def _line(coordinates: Any) -> shapely.LineString:
    positions = [_position(each) for each in _some(coordinates)]
    if all(one == other for one, other in pairwise(positions)):
        raise _malformed(*TEXT.words("line_has_two_points"))
    return shapely.LineString(positions)


def _polygon(coordinates: Any) -> shapely.Polygon:
    shell, *holes = (_ring(each) for each in _some(coordinates))
    return shapely.Polygon(shell, holes)


def _ring(coordinates: Any) -> list[tuple[float, float]]:
    positions = [_position(each) for each in _some(coordinates)]
    if len(positions) < _RING_SIZE or positions[0] != positions[-1]:
        raise _malformed(*TEXT.words("ring_is_closed"))
    return positions


def _some(coordinates: Any) -> list[Any]:
    if isinstance(coordinates, list) and coordinates:
        return coordinates
    raise _malformed(*TEXT.words("it_has_no_coordinates"))


def _position(coordinates: Any) -> tuple[float, float]:
    """Return the first two numbers; a height takes no part in any relation."""
    numbers = [_number(each) for each in _some(coordinates)]
    if len(numbers) not in _POSITION_SIZES:
        raise _malformed(*TEXT.words("position_has_2_to_4_numbers"))
    return numbers[0], numbers[1]


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = np.inf
        if isfinite(number):
            return number
    raise _malformed(*TEXT.words("coordinates_are_finite_numbers"))


def _malformed(zh: str, en: str) -> QueryError:
    return refused(*TEXT.words("geometry_is_wrong", what=Words(zh, en)))


def _north_first(crs: CRS) -> bool:
    return bool(crs.axis_info) and crs.axis_info[0].direction == "north"


def _served(shape: BaseGeometry, crs: CRS | None) -> BaseGeometry:
    if crs is not None and _north_first(crs):
        shape = shapely.transform(shape, lambda positions: positions[:, ::-1])
    return _transformed(shape, crs)


def _transformed(shape: BaseGeometry, crs: CRS | None) -> BaseGeometry:
    """Return a shape of x and y (east first) in degrees, all of it in the world."""
    if crs is not None:
        act = _transformer(crs)
        shape = shapely.transform(shape, lambda positions: _moved(act, positions))
    positions = np.abs(shapely.get_coordinates(shape))
    if not (positions <= (180.0, 90.0)).all():
        raise _outside()
    return shape


def _moved(act: Transformer, positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return positions in degrees that lead back to where they came from.

    PROJ gives some place of the world for numbers that lie far outside of a system.
    """
    moved = act.transform(*positions.T)
    back = act.transform(*moved, direction=TransformDirection.INVERSE)
    if not np.allclose(back, positions.T, rtol=1e-9, atol=1e-3):
        raise _outside()
    return np.column_stack(moved)


def _outside() -> QueryError:
    return _malformed(*TEXT.words("outside_the_world"))


@lru_cache(maxsize=16)
def _transformer(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
