"""The coordinate system that a layer declares, and its shapes in degrees of CGCS2000."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS, measuring_crs_of
from geo.core.datum import Datum, apply_datum
from geo.core.errors import BadValueError, FileTypeError, Place
from geo.core.messages import Note, shown
from geo.intake.formats.parts import Feature, Part
from geo.intake.georeference.bounds import EAST, NORTH, SOUTH, WEST
from geo.intake.sentences import message

_LONGEST: Final = 20_000
_TAKEN: Final = (
    "china geodetic coordinate system 2000",
    "china 2000",
    "cgcs2000",
    "cgcs_2000",
    "wgs 84",
    "wgs_1984",
    "wgs84",
    "world geodetic system 1984",
    "wgs 1984",
    "itrf",
)
"""Datums of which degrees differ from CGCS2000 by centimetres."""

_UNKNOWN: Final = message("georeference.system_unknown")
_OTHER_DATUM: Final = message("georeference.system_other_datum")
DEGREES_AS_METRES: Final = message("general.layer_degrees_as_metres")
CONVERTED: Final = message("general.system_converted")


def declared_system(part: Part, file: str) -> CRS | None:
    """Return the system that a layer declares; None where it declares none.

    Raises
    ------
    FileTypeError
        As :func:`in_degrees`.

    Examples
    --------
    >>> declared_system(Part(None, features=[], system="EPSG:4546"), "a.gpkg").is_projected
    True
    """
    if part.system is None:
        return None
    return _system(part.system, Place(file=file, sheet=part.name))


def in_degrees(part: Part, file: str) -> tuple[Sequence[Feature], tuple[Note, ...]]:
    """Return a layer's features in degrees of CGCS2000, and what was done to them.

    A layer that declares no system, or one of degrees, stays as it is: what its
    numbers are is then told from the numbers.

    Parameters
    ----------
    part : Part
        With features.
    file : str
        Name of the file, for messages.

    Raises
    ------
    FileTypeError
        The system is not known, or is of a datum (Beijing 1954, Xi'an 1980) that
        cannot be converted without local parameters.
    BadValueError
        It is one of metres, and every position is one of degrees within China.

    Examples
    --------
    >>> point = {"type": "Point", "coordinates": [545000.0, 3013000.0]}
    >>> part = Part(None, features=[Feature(1, {}, point)], system="EPSG:4546")
    >>> features, notes = in_degrees(part, "a.gpkg")
    >>> [round(n, 3) for n in features[0].geometry["coordinates"]], notes[0].code
    ([111.454, 27.228], 'system_converted')
    """
    features = part.features or ()
    crs = declared_system(part, file)
    if crs is None or crs.is_geographic:
        return features, ()
    _check_metres(features, crs, Place(file=file, sheet=part.name))
    change = _transformer(crs.to_wkt())
    converted = [replace(item, geometry=_changed(item.geometry, change)) for item in features]
    return converted, (CONVERTED.note(name=crs.name),)


def _check_metres(features: Sequence[Feature], crs: CRS, place: Place) -> None:
    """Raise where no position can be in metres: no projected system has one so near its origin."""
    positions = (at for item in features for at in _positions(item.geometry or {}))
    first = next(positions, None)
    if first is None or not _in_china(first) or not all(map(_in_china, positions)):
        return
    x, y = (f"{number:.10g}" for number in first[:2])
    raise DEGREES_AS_METRES.error(BadValueError, place=place, name=crs.name, x=x, y=y)


def _in_china(position: Sequence[float]) -> bool:
    return WEST <= position[0] <= EAST and SOUTH <= position[1] <= NORTH


def _positions(geometry: dict[str, Any]) -> Iterator[Sequence[float]]:
    """Give every position of a geometry of GeoJSON, in order, without recursion."""
    waiting: list[Any] = [geometry]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += [item.get("coordinates"), *(item.get("geometries") or ())]
        elif _is_position(item):
            yield item
        elif isinstance(item, list | tuple):
            waiting += reversed(item)


def _system(text: str, place: Place) -> CRS:
    try:
        crs = CRS.from_user_input(text[:_LONGEST])
    except CRSError as error:
        refusal = _UNKNOWN.error(FileTypeError, text=shown(text))
        refusal.place = place
        raise refusal from error
    geodetic = crs.geodetic_crs
    names = [crs.name, *([geodetic.name] if geodetic else [])]
    names += [geodetic.datum.name] if geodetic and geodetic.datum else []
    told = " ".join(names).casefold()
    if not any(word in told for word in _TAKEN):
        refusal = _OTHER_DATUM.error(FileTypeError, name=crs.name)
        refusal.place = place
        raise refusal
    return crs


@lru_cache(maxsize=8)
def _transformer(wkt: str) -> Transformer:
    return Transformer.from_crs(CRS.from_wkt(wkt), STORAGE_CRS, always_xy=True)


def _changed(geometry: dict[str, Any] | None, change: Transformer) -> dict[str, Any] | None:
    """Return a geometry of GeoJSON with every position changed; what is no position stays."""
    if geometry is None:
        return None
    if isinstance(geometry.get("geometries"), list):
        inner = [_changed(item, change) for item in geometry["geometries"]]
        return {**geometry, "geometries": inner}
    return {**geometry, "coordinates": _moved(geometry.get("coordinates"), change)}


def _moved(coordinates: Any, change: Transformer) -> Any:
    if not isinstance(coordinates, list | tuple):
        return coordinates
    if coordinates and all(_is_position(item) for item in coordinates):
        x, y = change.transform(
            [item[0] for item in coordinates], [item[1] for item in coordinates]
        )
        return [list(pair) for pair in zip(x, y, strict=True)]
    if _is_position(coordinates):
        return list(change.transform(coordinates[0], coordinates[1]))
    return [_moved(item, change) for item in coordinates]


def _is_position(item: Any) -> bool:
    """Return whether an item is a pair of numbers, or three."""
    if not isinstance(item, list | tuple) or len(item) < 2:  # noqa: PLR2004
        return False
    return all(isinstance(n, int | float) and not isinstance(n, bool) for n in item)


Shapes = npt.NDArray[np.object_]

METRES_AS_DEGREES: Final = message("general.layer_metres_as_degrees")
NOT_NEAR: Final = message("general.layer_not_near_district")


@dataclass(frozen=True)
class LayerShapes:
    """The shapes of a layer, one for each feature, None where it cannot be used."""

    shapes: Shapes
    notes: tuple[Note, ...]


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
        As :func:`geo.intake.georeference.layers.in_degrees`.
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
            raise DEGREES_AS_METRES.error(BadValueError, place=place, name=crs.name, **told)
        change = Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
        x, y = change.transform(positions[:, 0], positions[:, 1])
        return LayerShapes(_finite(shapes, x, y), (CONVERTED.note(name=crs.name),))
    if not as_degrees and np.abs(positions).max() > 360:  # noqa: PLR2004  (degrees in a circle)
        raise METRES_AS_DEGREES.error(BadValueError, place=place, **told)
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


def area_around(townships: gpd.GeoDataFrame, margin_m: float) -> BaseGeometry:
    """Return the district with a margin around it, in degrees of CGCS2000.

    Parameters
    ----------
    townships : geopandas.GeoDataFrame
        Of the district.
    margin_m : float
        Metres; 0 gives the townships themselves.
    """
    crs = measuring_crs_of(townships)
    union = shapely.union_all(townships.geometry.to_crs(crs).array)
    around = gpd.GeoSeries([shapely.buffer(union, margin_m)], crs=crs)
    found: BaseGeometry = around.to_crs(STORAGE_CRS).iloc[0]
    return found


def near(
    shapes: Shapes, area: BaseGeometry, *, margin_m: float, place: Place
) -> npt.NDArray[np.bool_]:
    """Return which shapes touch an area.

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
    """Return the error of a layer elsewhere, whose bounds are west, south, east and north."""
    return NOT_NEAR.error(
        BadValueError,
        place=place,
        layer=_corners(bounds),
        district=_corners(area.bounds),
        margin=f"{margin_m / 1000:g}",
    )


def _corners(bounds: Sequence[float]) -> str:
    west, south, east, north = bounds
    return f"{west:.4g}–{east:.4g}°E, {south:.4g}–{north:.4g}°N"
