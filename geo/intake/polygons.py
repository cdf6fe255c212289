"""Polygons of a file: read, judged one by one and against each other, never mended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geo.crs import STORAGE_CRS, measuring_crs
from geo.errors import BoundaryError
from geo.intake.faults import shown
from geo.intake.formats.part import Feature
from geo.intake.positions.bounds import in_china, outside_china
from geo.intake.table import TableReader

LEAST_OVERLAP_M2: Final = 100.0
"""Smaller overlaps are what rounding coordinates leaves along a border."""

MAX_OVERLAPS: Final = 1_000
"""Overlaps after which the search for more ends."""

_BLOCK: Final = 200
_AREAS: Final = frozenset({"Polygon", "MultiPolygon"})


def named_feature(number: int, name: object) -> tuple[str, str]:
    """Return a feature's number and name in Chinese and English.

    Examples
    --------
    >>> named_feature(3, "河西镇"), named_feature(3, None)[1]
    (('第3个要素「河西镇」', "feature 3 '河西镇'"), 'feature 3')
    """
    if not name:
        return f"第{number}个要素", f"feature {number}"
    return f"第{number}个要素「{shown(name)}」", f"feature {number} '{shown(name)}'"


def read_polygon(feature: Feature, name: object, reader: TableReader) -> MultiPolygon | None:
    """Return a feature's area; where it has none that is valid, add a fault instead.

    Parameters
    ----------
    feature : Feature
        A Polygon or MultiPolygon in degrees; a third coordinate is left out.
    name : object
        The township's name, for messages.
    reader : TableReader
        Whose faults the fault joins.
    """
    zh, en = named_feature(feature.number, name)
    try:
        return _checked(feature, zh, en)
    except BoundaryError as fault:
        reader.faults.add(fault, reader.place(feature.number))
        return None


def _checked(feature: Feature, zh: str, en: str) -> MultiPolygon:
    kind = (feature.geometry or {}).get("type")
    if not isinstance(kind, str) or kind not in _AREAS:
        raise BoundaryError(
            zh=f"{zh}的几何不是面（Polygon 或 MultiPolygon），请只导出乡镇街道的面。",
            en=f"The geometry of {en} is neither a Polygon nor a MultiPolygon.",
        )
    try:
        area = shapely.force_2d(shapely.from_geojson(orjson.dumps(feature.geometry)))
    except (shapely.errors.GEOSException, orjson.JSONEncodeError) as error:
        raise _invalid(zh, en, str(error)) from error
    # GEOS takes a hole without points for valid; RFC 7946 asks four of every ring.
    if area.is_empty or shapely.is_empty(shapely.get_rings(area)).any():
        raise _invalid(zh, en, "empty")
    _check_position(area, zh, en)
    if not area.is_valid:
        raise _invalid(zh, en, shapely.is_valid_reason(area))
    return multi(area)


def _invalid(zh: str, en: str, reason: str) -> BoundaryError:
    return BoundaryError(
        zh=f"{zh}的面无效（{shown(reason)}），请在 QGIS 中用“修正几何图形”修好后重新导出。",
        en=f"The polygon of {en} is invalid ({shown(reason)}); mend it in QGIS.",
    )


def _check_position(area: BaseGeometry, zh: str, en: str) -> None:
    west, south, east, north = area.bounds
    for longitude, latitude in ((west, south), (east, north)):
        if not in_china(longitude, latitude):
            fault = outside_china(longitude, latitude)
            raise BoundaryError(zh=f"{zh}：{fault.zh}", en=f"{en}: {fault.en}")


def multi(area: BaseGeometry) -> MultiPolygon:
    """Return an area as a MultiPolygon.

    Examples
    --------
    >>> multi(shapely.box(0, 0, 1, 1)).geom_type
    'MultiPolygon'
    """
    return MultiPolygon([part for part in shapely.get_parts(area) if part.geom_type == "Polygon"])


def overlaps(areas: Sequence[MultiPolygon]) -> list[tuple[int, int, float]]:
    """Return pairs of areas that overlap, in order, and by how many square metres.

    A valid coverage has matching edges, which is tested first and costs little;
    areas whose corners only do not meet each other are no overlap.

    Parameters
    ----------
    areas : sequence of MultiPolygon
        In degrees of CGCS2000.

    Returns
    -------
    list of (int, int, float)
        Positions of both and the overlap in m², :data:`LEAST_OVERLAP_M2` or more.
        The search ends soon after :data:`MAX_OVERLAPS` are found:
        of a thousand townships in one place there would be half a million.

    Examples
    --------
    >>> squares = [multi(shapely.box(x, 27, x + 0.02, 27.01)) for x in (111, 111.01, 111.03)]
    >>> [(i, j, round(area_m2, -4)) for i, j, area_m2 in overlaps(squares)]
    [(0, 1, 1100000.0)]
    """
    shapes = np.array(areas, dtype=object)
    suspects = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    tree = shapely.STRtree(shapes[suspects])
    first, second = suspects[tree.query(shapes[suspects], predicate="intersects")]
    pairs = sorted((int(i), int(j)) for i, j in zip(first, second, strict=True) if i < j)
    found: list[tuple[int, int, float]] = []
    for start in range(0, len(pairs), _BLOCK):
        found += _overlapping(shapes, pairs[start : start + _BLOCK])
        if len(found) >= MAX_OVERLAPS:
            break
    return found


def _overlapping(
    shapes: npt.NDArray[np.object_], pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int, float]]:
    left, right = np.array(pairs).T
    shared = gpd.GeoSeries(shapely.intersection(shapes[left], shapes[right]), crs=STORAGE_CRS)
    west, _, east, _ = shared.total_bounds
    areas_m2 = shared.to_crs(measuring_crs((west + east) / 2)).area
    return [
        (i, j, float(area_m2))
        for (i, j), area_m2 in zip(pairs, areas_m2, strict=True)
        if area_m2 >= LEAST_OVERLAP_M2
    ]
