"""The coordinate system that a layer declares, and its features in degrees of CGCS2000."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.core.crs import STORAGE_CRS
from geo.core.errors import BadValueError, FileTypeError, Place
from geo.core.messages import Remark, message, shown
from geo.intake.formats.part import Feature, Part
from geo.intake.positions.bounds import EAST, NORTH, SOUTH, WEST

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

_UNKNOWN: Final = message(
    "system_unknown",
    "文件声明的坐标系不能识别（{text}）。请在 QGIS 中转换为 CGCS2000（EPSG:4490）后重新导出。",
    "The coordinate system that the file declares is not known ({text}); convert it to EPSG:4490.",
)
_OTHER_DATUM: Final = message(
    "system_other_datum",
    "文件的坐标系是「{name}」，转换到 CGCS2000 需要本地的转换参数，不能代算（会差几十到上百米）。"
    "请向测绘部门要转换后的数据。",
    "The coordinate system is '{name}'; to CGCS2000 it needs local parameters, and without them"
    " would be tens of metres off. Ask the surveying office for converted data.",
)
DEGREES_AS_METRES: Final = message(
    "layer_degrees_as_metres",
    "图层声明的坐标系是 {name}（米），坐标却是经纬度（如 {x}, {y}）。请在 QGIS 中把图层的坐标系"
    "改设为 CGCS2000（EPSG:4490）后重新导出。",
    "The layer declares {name}, in metres, but its coordinates are degrees (as {x}, {y}); set its"
    " system to EPSG:4490 in QGIS and export it again.",
)
CONVERTED: Final = message(
    "system_converted",
    "图层的坐标系是 {name}，已换算为 CGCS2000 经纬度。",
    "The layer is in {name} and was converted to degrees of CGCS2000.",
)


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


def in_degrees(part: Part, file: str) -> tuple[Sequence[Feature], tuple[Remark, ...]]:
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
    >>> features, remarks = in_degrees(part, "a.gpkg")
    >>> [round(n, 3) for n in features[0].geometry["coordinates"]], remarks[0].code
    ([111.454, 27.228], 'system_converted')
    """
    features = part.features or ()
    crs = declared_system(part, file)
    if crs is None or crs.is_geographic:
        return features, ()
    _check_metres(features, crs, Place(file=file, sheet=part.name))
    change = _transformer(crs.to_wkt())
    converted = [replace(item, geometry=_changed(item.geometry, change)) for item in features]
    return converted, (CONVERTED.remark(name=crs.name),)


def _check_metres(features: Sequence[Feature], crs: CRS, place: Place) -> None:
    """Raise where no position can be in metres: no projected system has one so near its origin."""
    positions = (at for item in features for at in _positions(item.geometry or {}))
    first = next(positions, None)
    if first is None or not _in_china(first) or not all(map(_in_china, positions)):
        return
    x, y = (f"{number:.10g}" for number in first[:2])
    raise DEGREES_AS_METRES.fault(BadValueError, place=place, name=crs.name, x=x, y=y)


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
        fault = _UNKNOWN.fault(FileTypeError, text=shown(text))
        fault.place = place
        raise fault from error
    geodetic = crs.geodetic_crs
    names = [crs.name, *([geodetic.name] if geodetic else [])]
    names += [geodetic.datum.name] if geodetic and geodetic.datum else []
    told = " ".join(names).casefold()
    if not any(word in told for word in _TAKEN):
        fault = _OTHER_DATUM.fault(FileTypeError, name=crs.name)
        fault.place = place
        raise fault
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
    """Tell whether an item is a pair of numbers, or three."""
    if not isinstance(item, list | tuple) or len(item) < 2:  # noqa: PLR2004
        return False
    return all(isinstance(n, int | float) and not isinstance(n, bool) for n in item)
