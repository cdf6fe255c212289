"""GeoJSON read by hand: strict, bounded in depth, following no link."""

from __future__ import annotations

import re
from typing import Any, Final

import orjson

from geo.core.errors import EmptyFileError, FileTooLargeError, FileTypeError, Place
from geo.core.messages import Whole
from geo.intake.formats.limits import (
    MAX_CONTAINERS,
    MAX_DEPTH,
    MAX_ROWS,
    InputFile,
    foreign_content,
    is_foreign,
)
from geo.intake.formats.parts import Feature, Part
from geo.intake.sentences import message

_BOM: Final = b"\xef\xbb\xbf"
_SYSTEM: Final = re.compile(
    r"(?:urn:ogc:def:crs:)?(?:ogc:(?:1\.3)?:?(?P<crs84>crs84)|epsg:[0-9.]{0,8}:?(?P<epsg>[0-9]{4,6}))"
    r"|(?P<plain>crs84)"
)


_GEOJSON_EMPTY = message("formats.geojson_empty")
_GEOJSON_NO_FEATURE = message("formats.geojson_no_feature")
_GEOJSON_DAMAGED = message("formats.geojson_damaged")
_GEOJSON_TOO_LARGE = message("formats.geojson_too_large")


def read_geojson(source: InputFile) -> Part:
    """Read the features of a FeatureCollection (RFC 7946), and the system it declares.

    Raises
    ------
    FileTypeError
        It is of another type, no JSON in UTF-8, no FeatureCollection, or its
        ``crs`` is a link or names none of EPSG.
    FileTooLargeError
        It is nested deeper, or has more features, than :mod:`geo.intake.formats.limits` allows.
    EmptyFileError
        It has no feature.

    Examples
    --------
    >>> text = b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,'
    >>> read_geojson(
    ...     InputFile("a.geojson", ".geojson", text + b'"properties":{"name":"x"}}]}')).features
    [Feature(number=1, properties={'name': 'x'}, geometry=None, id=None)]
    """
    found = _parse(source)
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise _refused(source, "不是 GeoJSON 要素集合（FeatureCollection）", "no FeatureCollection")
    _check_depth(found, source)
    system = _system(found.get("crs"), source)
    features = found.get("features")
    if not isinstance(features, list):
        raise _refused(source, "的要素集合没有 features 列表", "without a list of features")
    if not features:
        raise _GEOJSON_EMPTY.error(EmptyFileError, place=Place(file=source.name))
    if len(features) > MAX_ROWS:
        raise too_large(source, f"超过 {MAX_ROWS:,} 个要素", f"over {MAX_ROWS:,} features")
    read = [_feature(item, number, source) for number, item in enumerate(features, start=1)]
    return Part(None, features=read, system=system)


def _parse(source: InputFile) -> Any:
    if is_foreign(source.content):
        raise foreign_content(source, " QGIS 等软件按 GeoJSON ", "GeoJSON")
    # Counted in the raw bytes: of empty lists alone, 60 MB would take 2 GB once read.
    if source.content.count(b"[") + source.content.count(b"{") > MAX_CONTAINERS:
        raise too_large(source, "坐标点或对象太多", "too many vertices or objects")
    try:
        return orjson.loads(source.content.removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        raise _refused(
            source,
            f"不是 UTF-8 编码的合格 JSON（第 {error.lineno} 行，第 {error.colno} 个字符）",
            f"not valid JSON in UTF-8 (line {error.lineno}, column {error.colno})",
        ) from error


def _check_depth(found: Any, source: InputFile) -> None:
    """Raise where containers stand deeper than allowed; level by level, without recursion."""
    level = [found]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _containers(item)]
        if not level:
            return
    raise too_large(source, f"嵌套超过 {MAX_DEPTH} 层", f"nested over {MAX_DEPTH} deep")


def _containers(item: Any) -> list[Any]:
    children = item.values() if isinstance(item, dict) else item
    return [child for child in children if isinstance(child, list | dict)]


def _system(crs: Any, source: InputFile) -> str | None:
    """Return the system that the file names, None where it names none; no link is followed."""
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    match = _SYSTEM.fullmatch(name.strip().lower()) if isinstance(name, str) else None
    if match is None:
        raise _refused(
            source,
            "声明的坐标系不能识别，请转换为 CGCS2000（EPSG:4490）经纬度",
            "in a coordinate system that is not known; convert it to EPSG:4490",
        )
    return f"EPSG:{match['epsg']}" if match["epsg"] else "EPSG:4326"


def _feature(item: Any, number: int, source: InputFile) -> Feature:
    if isinstance(item, dict) and item.get("type") == "Feature":
        properties, geometry = item.get("properties") or {}, item.get("geometry")
        if isinstance(properties, dict) and (geometry is None or isinstance(geometry, dict)):
            own = item.get("id")
            return Feature(
                number, properties, geometry, own if isinstance(own, str | int) else None
            )
    raise _GEOJSON_NO_FEATURE.error(FileTypeError, place=Place(file=source.name, row=number))


def _refused(source: InputFile, zh: str, en: str) -> FileTypeError:
    return _GEOJSON_DAMAGED.error(
        FileTypeError, place=Place(file=source.name), why=Whole(zh), why_en=Whole(en)
    )


def too_large(source: InputFile, zh: str, en: str) -> FileTooLargeError:
    """Return the error for a layer beyond the bounds."""
    return _GEOJSON_TOO_LARGE.error(
        FileTooLargeError, place=Place(file=source.name), why=Whole(zh), why_en=Whole(en)
    )
