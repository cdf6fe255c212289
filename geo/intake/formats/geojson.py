"""GeoJSON read by hand: strict, bounded in depth, following no link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from geo.errors import EmptyFileError, FileTooLargeError, FileTypeError, Place
from geo.intake.formats.bounds import (
    MAX_COLUMNS,
    MAX_CONTAINERS,
    MAX_DEPTH,
    MAX_ROWS,
    InputFile,
    foreign_content,
    is_foreign,
)
from geo.intake.rows import Raw, Row, Sheet, Unreadable

_BOM: Final = b"\xef\xbb\xbf"
_NESTED: Final = Unreadable(
    zh="这里是列表或对象，请改为一个文字或数值。",
    en="This is a list or an object; write one text or number.",
)
_SYSTEMS: Final = frozenset(
    {
        "crs84",
        "epsg:4326",
        "epsg:4490",
        "urn:ogc:def:crs:ogc:1.3:crs84",
        "urn:ogc:def:crs:ogc::crs84",
        "urn:ogc:def:crs:epsg::4326",
        "urn:ogc:def:crs:epsg::4490",
    }
)
"""Systems whose degrees are WGS 84 or CGCS2000, which differ by centimetres."""


@dataclass(frozen=True)
class Feature:
    """One feature: its number from 1, its properties, its geometry as GeoJSON says it, its id."""

    number: int
    properties: dict[str, Any]
    geometry: dict[str, Any] | None
    id: str | int | None = None


def read_features(source: InputFile) -> list[Feature]:
    """Read the features of a FeatureCollection (RFC 7946).

    Raises
    ------
    FileTypeError
        It is of another type, no JSON in UTF-8, no FeatureCollection, or declares
        a coordinate system other than CRS84, EPSG:4326 or EPSG:4490.
    FileTooLargeError
        It is nested deeper, or has more features, than :mod:`geo.intake.formats.bounds` allows.
    EmptyFileError
        It has no feature.

    Examples
    --------
    >>> text = b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,'
    >>> read_features(InputFile("a.geojson", ".geojson", text + b'"properties":{"name":"x"}}]}'))
    [Feature(number=1, properties={'name': 'x'}, geometry=None, id=None)]
    """
    found = _parse(source)
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise _refused(source, "不是 GeoJSON 要素集合（FeatureCollection）", "no FeatureCollection")
    _check_depth(found, source)
    _check_system(found.get("crs"), source)
    features = found.get("features")
    if not isinstance(features, list):
        raise _refused(source, "的要素集合没有 features 列表", "without a list of features")
    if not features:
        raise EmptyFileError(
            zh="文件里没有要素，请重新导出。",
            en="The file holds no feature; export it again.",
            place=Place(file=source.name),
        )
    if len(features) > MAX_ROWS:
        raise _too_large(source, f"超过 {MAX_ROWS:,} 个要素", f"over {MAX_ROWS:,} features")
    return [_feature(item, number, source) for number, item in enumerate(features, start=1)]


def _parse(source: InputFile) -> Any:
    if is_foreign(source.content):
        raise foreign_content(source, " QGIS 等软件按 GeoJSON ", "GeoJSON")
    # Counted in the raw bytes: of empty lists alone, 60 MB would take 2 GB once read.
    if source.content.count(b"[") + source.content.count(b"{") > MAX_CONTAINERS:
        raise _too_large(source, "坐标点或对象太多", "too many vertices or objects")
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
    raise _too_large(source, f"嵌套超过 {MAX_DEPTH} 层", f"nested over {MAX_DEPTH} deep")


def _containers(item: Any) -> list[Any]:
    children = item.values() if isinstance(item, dict) else item
    return [child for child in children if isinstance(child, list | dict)]


def _check_system(crs: Any, source: InputFile) -> None:
    """Raise unless a declared system is one of degrees that we keep; links are not followed."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or name.lower() not in _SYSTEMS:
        raise _refused(
            source,
            "声明了别的坐标系，请转换为 CGCS2000（EPSG:4490）或 WGS 84（EPSG:4326）经纬度",
            "in another coordinate system; convert it to EPSG:4490 or EPSG:4326",
        )


def _feature(item: Any, number: int, source: InputFile) -> Feature:
    if isinstance(item, dict) and item.get("type") == "Feature":
        properties, geometry = item.get("properties") or {}, item.get("geometry")
        if isinstance(properties, dict) and (geometry is None or isinstance(geometry, dict)):
            own = item.get("id")
            return Feature(
                number, properties, geometry, own if isinstance(own, str | int) else None
            )
    raise FileTypeError(
        zh="这一项不是 GeoJSON 要素（Feature），请重新导出。",
        en="This item is not a GeoJSON Feature; export the file again.",
        place=Place(file=source.name, row=number),
    )


def feature_sheet(
    source: InputFile, features: Sequence[Feature], *, drop: Sequence[str] = ()
) -> Sheet:
    """Return the features' properties as a sheet: headings first, then a row a feature.

    A row has its feature's number, which is its row in QGIS's attribute table.

    Parameters
    ----------
    source : InputFile
        Where they come from.
    features : sequence of Feature
        With whatever properties each has; their names together are the headings.
    drop : sequence of str
        Names of properties to leave out.

    Raises
    ------
    FileTooLargeError
        There are more names than columns are allowed.
    """
    names = dict.fromkeys(name for feature in features for name in feature.properties)
    headings = [name for name in names if name not in drop]
    if len(headings) > MAX_COLUMNS:
        raise _too_large(source, f"超过 {MAX_COLUMNS} 个属性", f"over {MAX_COLUMNS} properties")
    return Sheet(source.name, None, [Row(0, tuple(headings)), *_feature_rows(features, headings)])


def _feature_rows(features: Sequence[Feature], headings: Sequence[str]) -> Iterator[Row]:
    for feature in features:
        cells = (_cell(feature.properties.get(name)) for name in headings)
        yield Row(feature.number, tuple(cells))


def _cell(value: Any) -> Raw:
    if isinstance(value, list | dict):
        return _NESTED
    cell: Raw = value
    return cell


def _refused(source: InputFile, zh: str, en: str) -> FileTypeError:
    return FileTypeError(
        zh=f"文件{zh}。请用 QGIS 等软件重新导出为 GeoJSON。",
        en=f"The file is {en}. Export it again as GeoJSON.",
        place=Place(file=source.name),
    )


def _too_large(source: InputFile, zh: str, en: str) -> FileTooLargeError:
    return FileTooLargeError(
        zh=f"文件太大（{zh}），请简化或拆分。",
        en=f"The file is too large ({en}); simplify or split it.",
        place=Place(file=source.name),
    )
