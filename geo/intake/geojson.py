"""A user's GeoJSON, parsed strictly by ourselves: GDAL would follow what is in it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import orjson
import shapely

from geo.errors import BadValueError, EmptyFileError, FileTypeError, Place
from geo.intake.bounds import MAX_DEPTH, MAX_ROWS, read_bytes, too_large

_OPEN, _CLOSE, _QUOTE, _ESCAPE = b"[{", b"]}", ord('"'), ord("\\")
_MOST_DEGREES: Final = 180
_CRS_TAKEN: Final = ("CRS84", "4326", "4490")
CHINA_BOUNDS: Final = (73.0, 3.0, 136.5, 54.0)
"""West, south, east, north in degrees: what a position in China lies within."""

Feature = tuple[int, dict[str, Any], dict[str, Any] | None]


def read_geojson(path: Path) -> list[Feature]:
    """Return the number, properties and geometry of each feature of a file.

    Raises
    ------
    FileTypeError
        It is not UTF-8, not JSON (NaN included), no FeatureCollection, nested
        deeper than 20, or declares a system other than CGCS2000 and WGS 84.
    FileTooLargeError
        It is over 64 MB or 200,000 features.
    EmptyFileError
        It has no feature.
    """
    content = read_bytes(path)
    place = Place(file=path.name)
    body = _parse(content, place)
    if not isinstance(body, dict) or body.get("type") != "FeatureCollection":
        raise _not_geojson(place)
    _check_crs(body.get("crs"), place)
    features = body.get("features")
    if not isinstance(features, list):
        raise _not_geojson(place)
    if not features:
        raise EmptyFileError(zh="文件里没有要素。", en="There is no feature.", place=place)
    if len(features) > MAX_ROWS:
        raise too_large(place, f"{MAX_ROWS} features")
    return [_feature(number, item, place) for number, item in enumerate(features, start=1)]


def _parse(content: bytes, place: Place) -> Any:
    if _depth(content) > MAX_DEPTH:
        raise FileTypeError(
            zh=f"嵌套超过 {MAX_DEPTH} 层，不是正常的 GeoJSON。",
            en=f"Nested deeper than {MAX_DEPTH}: no ordinary GeoJSON.",
            place=place,
        )
    try:
        return orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise _not_geojson(place) from error


def _depth(content: bytes) -> int:
    """Return how deep brackets nest outside of strings, at most one more than is allowed."""
    depth = deepest = 0
    in_text = escaped = False
    for byte in content:
        if in_text:
            in_text = escaped or byte != _QUOTE
            escaped = not escaped and byte == _ESCAPE
        elif byte == _QUOTE:
            in_text = True
        elif byte in _OPEN:
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAX_DEPTH:
                return deepest
        elif byte in _CLOSE:
            depth -= 1
    return deepest


def _not_geojson(place: Place) -> FileTypeError:
    return FileTypeError(
        zh="不是有效的 GeoJSON 要素集合（UTF-8 编码）。请检查导出设置。",
        en="Not a valid GeoJSON FeatureCollection in UTF-8.",
        place=place,
    )


def _check_crs(crs: Any, place: Place) -> None:
    """Take a crs member at its word only where it says what RFC 7946 says anyway."""
    if crs is None:
        return
    name = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    if not name.endswith(_CRS_TAKEN):
        raise FileTypeError(
            zh="坐标系不是经纬度（CGCS2000 或 WGS 84）。请转换坐标系后重新导出。",
            en="The system is neither CGCS2000 nor WGS 84 in degrees; export it again.",
            place=place,
        )


def _feature(number: int, item: Any, place: Place) -> Feature:
    if not isinstance(item, dict) or item.get("type") != "Feature":
        raise _not_geojson(Place(file=place.file, row=number))
    properties, geometry = item.get("properties") or {}, item.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict | None):
        raise _not_geojson(Place(file=place.file, row=number))
    return number, properties, geometry


def shape_of(geometry: dict[str, Any], place: Place) -> shapely.Geometry:
    """Return a geometry whose every position is finite and lies in China, in degrees.

    Raises
    ------
    BadValueError
        It cannot be built, or a position is out of bounds.
    """
    try:
        shape = shapely.from_geojson(orjson.dumps(geometry))
    except (shapely.errors.GEOSException, TypeError) as error:
        raise BadValueError(
            zh="几何无法读取（坐标不全或类型不对）。",
            en="The geometry cannot be read.",
            place=place,
        ) from error
    coordinates = shapely.get_coordinates(shape)
    west, south, east, north = CHINA_BOUNDS
    for x, y in coordinates[:: max(1, len(coordinates) // 1_000)]:
        if not (math.isfinite(x) and math.isfinite(y)):
            raise BadValueError(
                zh="坐标不是有限数。", en="A coordinate is not finite.", place=place
            )
        if not (west <= x <= east and south <= y <= north):
            raise position_error(x, y, place)
    return shape


def position_error(x: float, y: float, place: Place) -> BadValueError:
    """Return the error for a position out of China, with the likeliest cause."""
    west, south, east, north = CHINA_BOUNDS
    if west <= y <= east and south <= x <= north:
        zh, en = "经度和纬度可能填反了，请对调", "longitude and latitude seem swapped"
    elif max(abs(x), abs(y)) > _MOST_DEGREES:
        zh, en = "看起来是以米为单位的投影坐标，请转换为经纬度", "these look like metres"
    else:
        zh, en = "不在我国范围内，请检查", "it does not lie in China"
    return BadValueError(
        zh=f"位置（{x:.10g}, {y:.10g}）有误：{zh}。",
        en=f"Position ({x:.10g}, {y:.10g}): {en}.",
        place=place,
    )
