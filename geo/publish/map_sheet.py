"""A study's shapes in metres, as plain lists: what a sheet of paper is drawn from."""

from __future__ import annotations

import math
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from geo.core.crs import STORAGE_CRS, central_meridian
from geo.core.json_values import Record, records
from geo.core.sentences import Sentences
from geo.core.vocabulary import CountReason
from geo.measures.eligible_area import kinds_on
from geo.measures.study import Study
from geo.publish.features import districts, facilities, gaps, townships

TEXT: Final = Sentences("geo.publish")

_DECIMALS: Final = 2
_NORTH_STEP_DEG: Final = 0.01

Polygon = list[list[list[float]]]
"""Rings of a polygon, the outer first, each a list of (east, north) in metres."""


def map_shapes(study: Study) -> Record:
    """Return what a map on paper shows, in the district's measuring system.

    Returns
    -------
    dict
        ``crs`` (``zh``, ``en``, ``epsg``, ``true_north_deg``), ``townships``, ``districts``
        and ``gaps``, each a list of rows with ``polygons`` (see :data:`Polygon`), and
        ``facilities``, rows with ``east_m`` and ``north_m`` (None without a position),
        ``kinds`` (its own and its plaques' on the date), ``open_on_date``, ``serves`` (counts
        for coverage), ``counted`` (its area counts) and ``in_district``.
        Everything in metres, rounded to centimetres, in the order of the features.

    Notes
    -----
    Attributes come from :mod:`geo.publish.features`, so that paper shows no more than exports do.
    """
    crs = study.data.measuring_crs
    return {
        "crs": _crs_record(study, crs),
        "townships": _areas(townships(study), crs, ("township_code", "name_zh")),
        "districts": _areas(districts(study), crs, ("district_code", "name_zh", "role")),
        "gaps": _areas(gaps(study), crs, ("gap_id", "target_id", "township_code")),
        "facilities": _places(study, facilities(study), crs),
    }


def _crs_record(study: Study, crs: CRS) -> Record:
    west, south, east, north = study.data.townships.total_bounds
    longitude, latitude = (west + east) / 2, (south + north) / 2
    meridian = central_meridian(longitude)
    return {
        "epsg": crs.to_epsg(),
        **TEXT.both("projection_of_the_sheet", meridian=meridian),
        "true_north_deg": round(true_north_deg(longitude, latitude, crs), 4),
    }


def true_north_deg(longitude: float, latitude: float, crs: CRS) -> float:
    """Return where true north points on a projected map, in degrees clockwise from grid north.

    Parameters
    ----------
    longitude, latitude : float
        Of a place in CGCS2000, degrees.
    crs : pyproj.CRS
        A projected system, east and north in metres.

    Examples
    --------
    East of its central meridian a grid points east of true north:

    >>> round(true_north_deg(111.5, 27.2, CRS.from_epsg(4546)), 2)
    -0.23
    """
    to_grid = Transformer.from_crs(STORAGE_CRS, crs, always_xy=True)
    east, north = to_grid.transform([longitude] * 2, [latitude, latitude + _NORTH_STEP_DEG])
    return math.degrees(math.atan2(east[1] - east[0], north[1] - north[0]))


def _areas(frame: gpd.GeoDataFrame, crs: CRS, names: tuple[str, ...]) -> list[Record]:
    projected = frame.geometry.to_crs(crs)
    # Shapes first: a frame without rows may lack the columns too.
    shapes = [_polygons(shape) for shape in projected]
    return [
        {name: frame[name].iloc[row] for name in names} | {"polygons": polygons}
        for row, polygons in enumerate(shapes)
    ]


def _polygons(shape: shapely.Geometry | None) -> list[Polygon]:
    """Return the polygons of a geometry; parts that are lines or points have no area to show."""
    if shape is None:
        return []
    # Holes turn the other way than outlines, so that whoever fills them leaves them open.
    parts = shapely.orient_polygons(shapely.get_parts(shapely.get_parts(shape)), exterior_cw=False)
    return [_rings(part) for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def _rings(polygon: shapely.Polygon) -> Polygon:
    return [_rounded(ring) for ring in (polygon.exterior, *polygon.interiors)]


def _rounded(ring: Any) -> list[list[float]]:
    found: list[list[float]] = np.round(shapely.get_coordinates(ring), _DECIMALS).tolist()
    return found


def _places(study: Study, frame: gpd.GeoDataFrame, crs: CRS) -> list[Record]:
    where = frame.geometry.to_crs(crs)
    kinds = kinds_on(frame, study.data.designations, study.scenario.on)
    of_place = kinds.groupby("facility_id")["kind"].agg(lambda values: sorted(set(values)))
    rows = pd.DataFrame(
        {
            "facility_id": frame.index.astype(str),
            "name": frame["name"],
            "group": frame["group"],
            "kinds": of_place.reindex(frame.index),
            "open_on_date": frame["open_on_date"].astype(bool),
            "serves": frame.index.isin(study.district_coverage.sites.index),
            "in_district": frame["assigned_township_code"].notna(),
            "counted": frame["count_reason"] == CountReason.COUNTED.value,
            "east_m": where.x.round(_DECIMALS),
            "north_m": where.y.round(_DECIMALS),
        }
    )
    return records(rows)
