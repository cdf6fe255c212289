"""Polygons of a file, one by one: read and judged, not mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo.core.errors import BoundaryError
from geo.core.messages import message
from geo.intake.formats.part import Feature
from geo.intake.positions.bounds import in_china, outside_china

_LEAST_POINTS: Final = 4
_AREAS: Final = frozenset({"Polygon", "MultiPolygon"})
_NO_AREA: Final = message(
    "boundary_no_area",
    "第{number}个要素「{name}」的几何不是面（Polygon 或 MultiPolygon），请只导出乡镇街道的面。",
    "The geometry of feature {number} '{name}' is neither a Polygon nor a MultiPolygon.",
)
INVALID: Final = message(
    "boundary_invalid",
    "第{number}个要素「{name}」的面无效（{reason}），"
    "请在 QGIS 中用“修正几何图形”修好后重新导出，或用 --mend 修补。",
    "The polygon of feature {number} '{name}' is invalid ({reason}); mend it in QGIS or by --mend.",
)


_OPEN: Final = message(
    "boundary_ring_open",
    "第{number}个要素「{name}」有一圈界线没有闭合（首尾不是同一点），请在 QGIS 中闭合后重新导出。",
    "A ring of feature {number} '{name}' is not closed: its first and last points differ.",
)
_SHORT: Final = message(
    "boundary_ring_short",
    "第{number}个要素「{name}」有一圈界线只有 {count} 个点，围不成面：至少 4 个，首尾同一点。",
    "A ring of feature {number} '{name}' has {count} points; 4 at least, the first again as last.",
)


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
        raise _NO_AREA.fault(BoundaryError, **named)
    _check_rings(feature.geometry or {}, named)
    try:
        area = shapely.force_2d(shapely.from_geojson(orjson.dumps(feature.geometry)))
    except (shapely.errors.GEOSException, orjson.JSONEncodeError) as error:
        raise INVALID.fault(BoundaryError, reason=str(error), **named) from error
    # GEOS takes a hole without points for valid; RFC 7946 asks four of every ring.
    if area.is_empty or shapely.is_empty(shapely.get_rings(area)).any():
        raise INVALID.fault(BoundaryError, reason="empty", **named)
    _check_position(area)
    return area


def _check_rings(geometry: Mapping[str, Any], named: Mapping[str, Any]) -> None:
    """Raise where a ring does not close: GEOS would say so in words for programmers."""
    areas = geometry.get("coordinates") or []
    for ring in _rings([areas] if geometry["type"] == "Polygon" else areas):
        if ring and ring[0] != ring[-1]:
            raise _OPEN.fault(BoundaryError, **named)
        if 0 < len(ring) < _LEAST_POINTS:
            raise _SHORT.fault(BoundaryError, count=len(ring), **named)


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
            fault = BoundaryError(zh=why.zh, en=why.en)
            fault.code = why.code
            raise fault


def multi(area: BaseGeometry) -> MultiPolygon:
    """Return an area as a MultiPolygon.

    Examples
    --------
    >>> multi(shapely.box(0, 0, 1, 1)).geom_type
    'MultiPolygon'
    """
    return MultiPolygon([part for part in shapely.get_parts(area) if part.geom_type == "Polygon"])
