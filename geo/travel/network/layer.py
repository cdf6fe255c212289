"""Whether a layer of lines can be measured at all."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.core.errors import BadValueError, EmptyFileError, MissingColumnError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.travel")

_DEGREES: Final = (-180.0, -90.0, 180.0, 90.0)


def check_layer(layer: gpd.GeoDataFrame) -> None:
    """Raise where a layer has no lines, no class, or is not measured in metres.

    A layer in a projected system whose every coordinate would be a longitude and a
    latitude is in degrees, whatever it declares: read as metres, a whole county would
    be a metre wide.

    Parameters
    ----------
    layer : geopandas.GeoDataFrame
        Lines with ``road_class``.

    Raises
    ------
    EmptyFileError
        It has no row.
    MissingColumnError
        It has no ``road_class``.
    BadValueError
        Its system is missing, in degrees, or not in metres, or its numbers are degrees.

    Examples
    --------
    >>> line = shapely.LineString([(111.4, 27.2), (111.5, 27.2)])
    >>> check_layer(gpd.GeoDataFrame({"road_class": ["省道"]}, geometry=[line], crs="EPSG:4546"))
    Traceback (most recent call last):
    ...
    geo.core.errors.BadValueError: 道路图层声明以米为单位，坐标却是经纬度（度）。请改正坐标系声明后重试。
    """  # noqa: E501
    if layer.empty:
        raise EmptyFileError(**TEXT.both("road_layer_has_no_line"))
    if "road_class" not in layer.columns:
        raise MissingColumnError(**TEXT.both("road_layer_has_no_classes"))
    _check_system(layer)
    _check_numbers(layer)


def _check_system(layer: gpd.GeoDataFrame) -> None:
    if layer.crs is None:
        raise BadValueError(**TEXT.both("road_layer_has_no_crs"))
    if not layer.crs.is_projected:
        raise BadValueError(**TEXT.both("road_layer_is_in_degrees", crs_name=layer.crs.name))
    if any(axis.unit_name != "metre" for axis in layer.crs.axis_info):
        raise BadValueError(**TEXT.both("road_layer_not_metres", crs_name=layer.crs.name))


def _check_numbers(layer: gpd.GeoDataFrame) -> None:
    bounds = shapely.bounds(layer.geometry.array)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return
    west, south, east, north = _DEGREES
    inside = (bounds >= (west, south, west, south)) & (bounds <= (east, north, east, north))
    if inside.all():
        raise BadValueError(**TEXT.both("road_layer_declares_metres_falsely"))
