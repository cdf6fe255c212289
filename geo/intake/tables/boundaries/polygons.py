"""Polygons of a file, one by one: read and judged, not mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo.core.errors import BoundaryError
from geo.intake.formats.parts import Feature
from geo.intake.georeference.bounds import in_china, outside_china
from geo.intake.sentences import message

_LEAST_POINTS: Final = 4
_AREAS: Final = frozenset({"Polygon", "MultiPolygon"})
_NO_AREA: Final = message("boundaries.boundary_no_area")
INVALID: Final = message("boundaries.boundary_invalid")


_OPEN: Final = message("boundaries.boundary_ring_open")
_SHORT: Final = message("boundaries.boundary_ring_short")


def read_polygon(feature: Feature, name: object) -> BaseGeometry:
    """Return a feature's Polygon or MultiPolygon, valid or not; a third coordinate is left out.

    Parameters
    ----------
    feature : Feature
        In degrees.
    name : object
        The township's name, for messages.

    Raises
    ------
    BoundaryError
        It is no area, has a ring that is open or of fewer than four points, or lies
        outside China.
    """
    named: dict[str, Any] = {"number": feature.number, "name": str(name or "—")}
    kind = (feature.geometry or {}).get("type")
    if not isinstance(kind, str) or kind not in _AREAS:
        raise _NO_AREA.error(BoundaryError, **named)
    _check_rings(feature.geometry or {}, named)
    try:
        area = shapely.force_2d(shapely.from_geojson(orjson.dumps(feature.geometry)))
    except (shapely.errors.GEOSException, orjson.JSONEncodeError) as error:
        raise INVALID.error(BoundaryError, reason=str(error), **named) from error
    # GEOS takes a hole without points for valid; RFC 7946 asks four of every ring.
    if area.is_empty or shapely.is_empty(shapely.get_rings(area)).any():
        raise INVALID.error(BoundaryError, reason="empty", **named)
    _check_position(area)
    return area


def _check_rings(geometry: Mapping[str, Any], named: Mapping[str, Any]) -> None:
    """Raise where a ring does not close: GEOS would say so in words for programmers."""
    areas = geometry.get("coordinates") or []
    for ring in _rings([areas] if geometry["type"] == "Polygon" else areas):
        if ring and ring[0] != ring[-1]:
            raise _OPEN.error(BoundaryError, **named)
        if 0 < len(ring) < _LEAST_POINTS:
            raise _SHORT.error(BoundaryError, count=len(ring), **named)


def _rings(areas: object) -> Iterator[list[Any]]:
    """Give what is a list where the standard has rings; the rest is for GEOS to refuse."""
    for area in areas if isinstance(areas, list) else ():
        for ring in area if isinstance(area, list) else ():
            if isinstance(ring, list) and all(isinstance(point, list) for point in ring):
                yield ring


def _check_position(area: BaseGeometry) -> None:
    west, south, east, north = area.bounds
    for longitude, latitude in ((west, south), (east, north)):
        if not in_china(longitude, latitude):
            why = outside_china(longitude, latitude)
            error = BoundaryError(zh=why.zh, en=why.en)
            error.code = why.code
            raise error


def multi(area: BaseGeometry) -> MultiPolygon:
    """Return an area as a MultiPolygon.

    Examples
    --------
    >>> multi(shapely.box(0, 0, 1, 1)).geom_type
    'MultiPolygon'
    """
    return MultiPolygon([part for part in shapely.get_parts(area) if part.geom_type == "Polygon"])
