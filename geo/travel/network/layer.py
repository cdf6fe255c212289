"""Whether a layer of lines can be measured at all."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.core.errors import BadValueError, EmptyFileError, MissingColumnError

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
        raise EmptyFileError(
            zh="道路图层没有一条线。请检查导出的图层。",
            en="The road layer has no line. Check which layer was exported.",
        )
    if "road_class" not in layer.columns:
        raise MissingColumnError(
            zh="道路图层没有道路等级（road_class）一列。请补上后重试。",
            en="The road layer has no column of road classes (road_class). Add it.",
        )
    _check_system(layer)
    _check_numbers(layer)


def _check_system(layer: gpd.GeoDataFrame) -> None:
    if layer.crs is None:
        raise BadValueError(
            zh="道路图层没有声明坐标系。请补上坐标系后重试。",
            en="The road layer declares no coordinate system. Declare one.",
        )
    if not layer.crs.is_projected:
        raise BadValueError(
            zh=f"道路图层的坐标系以度为单位（{layer.crs.name}），不能量长度。请先投影到米制坐标系。",
            en=f"The road layer is in degrees ({layer.crs.name}). Project it to metres first.",
        )
    if any(axis.unit_name != "metre" for axis in layer.crs.axis_info):
        raise BadValueError(
            zh=f"道路图层的坐标系不以米为单位（{layer.crs.name}）。请先投影到米制坐标系。",
            en=f"The road layer is not in metres ({layer.crs.name}). Project it to metres first.",
        )


def _check_numbers(layer: gpd.GeoDataFrame) -> None:
    bounds = shapely.bounds(layer.geometry.array)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return
    west, south, east, north = _DEGREES
    inside = (bounds >= (west, south, west, south)) & (bounds <= (east, north, east, north))
    if inside.all():
        raise BadValueError(
            zh="道路图层声明以米为单位，坐标却是经纬度（度）。请改正坐标系声明后重试。",
            en="The road layer declares metres, and its numbers are degrees. Correct its system.",
        )
