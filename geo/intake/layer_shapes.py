"""All shapes of a layer at once, in degrees of CGCS2000, and those near the district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS
from geo.core.datum import Datum, apply_datum
from geo.core.district import DistrictData
from geo.core.errors import BadValueError, Place
from geo.core.messages import Remark, message
from geo.intake.formats.part import Part
from geo.intake.positions.bounds import EAST, NORTH, SOUTH, WEST
from geo.intake.positions.systems import CONVERTED, DEGREES_AS_METRES, declared_system

Shapes = npt.NDArray[np.object_]

METRES_AS_DEGREES: Final = message(
    "layer_metres_as_degrees",
    "图层的坐标不是经纬度（如 {x}, {y}），像是以米为单位的投影坐标，却没有声明投影坐标系。"
    "请在 QGIS 中设好坐标系后重新导出。",
    "The layer's coordinates are no degrees (as {x}, {y}), but it declares no projected system;"
    " set its system in QGIS and export it again.",
)
NOT_NEAR: Final = message(
    "layer_not_near_district",
    "图层不在本区附近：图层在 {layer}，本区在 {district}（{margin} 公里以内没有要素）。"
    "请核对文件和坐标系。",
    "The layer is not near the district: it lies in {layer}, the district in {district} (nothing"
    " within {margin} km). Check the file and its system.",
)


@dataclass(frozen=True)
class LayerShapes:
    """The shapes of a layer, one for each feature, None where it cannot be used."""

    shapes: Shapes
    remarks: tuple[Remark, ...]


def shapes_of(part: Part, file: str, datum: Datum | None = None) -> LayerShapes:
    """Return the shapes of a layer in degrees of CGCS2000, flat.

    Parameters
    ----------
    part : Part
        With features.
    file : str
        Name of the file, for messages.
    datum : Datum, optional
        That the sender states of its degrees; CGCS2000 else.

    Raises
    ------
    FileTypeError
        As :func:`geo.intake.positions.systems.in_degrees`.
    BadValueError
        The numbers are degrees and the system says metres, or the reverse.
    """
    place = Place(file=file, sheet=part.name)
    crs = declared_system(part, file)
    texts = [_text(feature.geometry) for feature in part.features or ()]
    shapes = np.asarray(shapely.from_geojson(texts, on_invalid="ignore"), dtype=object)
    shapes = np.asarray(shapely.force_2d(shapes), dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    positions = shapely.get_coordinates(shapes)
    if not len(positions):
        return LayerShapes(shapes, ())
    projected = crs is not None and not crs.is_geographic
    as_degrees = _look_like_degrees(positions)
    told: dict[str, Any] = {"x": f"{positions[0][0]:.10g}", "y": f"{positions[0][1]:.10g}"}
    if crs is not None and projected:
        if as_degrees:
            raise DEGREES_AS_METRES.fault(BadValueError, place=place, name=crs.name, **told)
        change = Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
        x, y = change.transform(positions[:, 0], positions[:, 1])
        return LayerShapes(_finite(shapes, x, y), (CONVERTED.remark(name=crs.name),))
    if not as_degrees and np.abs(positions).max() > 360:  # noqa: PLR2004  (degrees in a circle)
        raise METRES_AS_DEGREES.fault(BadValueError, place=place, **told)
    if datum is not None:
        x, y = apply_datum(positions[:, 0], positions[:, 1], datum)
        return LayerShapes(_finite(shapes, x, y), ())
    return LayerShapes(shapes, ())


def _text(geometry: object) -> bytes | None:
    try:
        return None if geometry is None else orjson.dumps(geometry)
    except orjson.JSONEncodeError:
        return None


def _look_like_degrees(positions: npt.NDArray[np.float64]) -> bool:
    x, y = positions[:, 0], positions[:, 1]
    return bool(((x >= WEST) & (x <= EAST) & (y >= SOUTH) & (y <= NORTH)).all())


def _finite(shapes: Shapes, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> Shapes:
    """Return shapes with other positions; one that has none in the new system is None."""
    positions = np.column_stack([x, y])
    known = np.isfinite(positions).all(axis=1)
    owner = np.repeat(np.arange(len(shapes)), shapely.get_num_coordinates(shapes))
    moved: Shapes = shapes.copy()
    shapely.set_coordinates(moved, np.nan_to_num(positions, posinf=0, neginf=0))
    moved[np.unique(owner[~known])] = None
    return moved


def area_around(data: DistrictData, margin_m: float) -> BaseGeometry:
    """Return the district with a margin around it, in degrees of CGCS2000.

    Parameters
    ----------
    data : DistrictData
        With its townships.
    margin_m : float
        Metres; 0 gives the townships themselves.
    """
    union = shapely.union_all(data.townships.geometry.to_crs(data.measuring_crs).array)
    around = gpd.GeoSeries([shapely.buffer(union, margin_m)], crs=data.measuring_crs)
    found: BaseGeometry = around.to_crs(STORAGE_CRS).iloc[0]
    return found


def near(
    shapes: Shapes, area: BaseGeometry, *, margin_m: float, place: Place
) -> npt.NDArray[np.bool_]:
    """Tell which shapes touch an area.

    Raises
    ------
    BadValueError
        None does.
    """
    shapely.prepare(area)
    found = np.asarray(shapely.intersects(area, shapes), dtype=bool)
    if not found.any():
        raise not_near(shapely.total_bounds(shapes).tolist(), area, margin_m, place)
    return found


def not_near(
    bounds: Sequence[float], area: BaseGeometry, margin_m: float, place: Place
) -> BadValueError:
    """Return the fault of a layer elsewhere, whose bounds are west, south, east and north."""
    return NOT_NEAR.fault(
        BadValueError,
        place=place,
        layer=_corners(bounds),
        district=_corners(area.bounds),
        margin=f"{margin_m / 1000:g}",
    )


def _corners(bounds: Sequence[float]) -> str:
    west, south, east, north = bounds
    return f"{west:.4g}–{east:.4g}°E, {south:.4g}–{north:.4g}°N"
