from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from geo.core.errors import EmptyFileError, FileTooLargeError, FileTypeError
from geo.intake.formats import geojson
from geo.intake.formats.geojson import read_geojson
from geo.intake.formats.limits import InputFile
from geo.intake.formats.parts import Feature

FEATURE = {"type": "Feature", "properties": {"名称": "馆"}, "geometry": None}


def read_features(source: InputFile) -> Sequence[Feature]:
    return read_geojson(source).features or ()


def file_of(content: Any) -> InputFile:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return InputFile("a.geojson", ".geojson", raw)


def collection(*features: Any, **members: Any) -> InputFile:
    return file_of({"type": "FeatureCollection", "features": list(features), **members})


def test_features_are_numbered_and_kept() -> None:
    first, second = read_features(collection(FEATURE, FEATURE | {"id": 7, "properties": None}))
    assert (first.number, first.properties, first.id) == (1, {"名称": "馆"}, None)
    assert (second.number, second.properties, second.id) == (2, {}, 7)


def test_a_byte_order_mark_is_passed_over() -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [FEATURE]}).encode()
    assert len(read_features(file_of(b"\xef\xbb\xbf" + text))) == 1


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC::CRS84", "EPSG:4326"),
        ("CRS84", "EPSG:4326"),
        ("EPSG:4326", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490"),
        ("urn:ogc:def:crs:EPSG:9.8.4:4546", "EPSG:4546"),
        ("EPSG:4546", "EPSG:4546"),
    ],
)
def test_a_system_is_told(name: str, system: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    assert read_geojson(collection(FEATURE, crs=crs)).system == system
    assert read_geojson(collection(FEATURE, crs=None)).system is None


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "+proj=longlat"}},
        {"type": "link", "properties": {"href": "http://example.com/crs", "type": "proj4"}},
        {"type": "name", "properties": {"name": ["EPSG:4326"]}},
        {"type": "name"},
        "EPSG:4326",
        [],
    ],
)
def test_unknown_systems_are_refused_and_links_not_followed(
    refused: Callable[..., object], crs: Any
) -> None:
    message = (
        "a.geojson：文件声明的坐标系不能识别，请转换为 CGCS2000（EPSG:4490）经纬度。"
        "请用 QGIS 等软件重新导出为 GeoJSON。"
    )
    refused(FileTypeError, message, read_features, collection(FEATURE, crs=crs))


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e400}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b"[" * 5_000,
        b'{"a": 1,}',
        "名称".encode("gbk"),
    ],
)
def test_what_is_not_json(content: bytes) -> None:
    with pytest.raises(FileTypeError) as caught:
        read_features(file_of(content))
    # Where exactly is for orjson to say.
    assert re.fullmatch(
        r"a\.geojson：文件不是 UTF-8 编码的合格 JSON（第 1 行，第 \d+ 个字符）。"
        r"请用 QGIS 等软件重新导出为 GeoJSON。",
        str(caught.value),
    )


@pytest.mark.parametrize("content", [b"[]", b"1", b'"x"', b"{}", b'{"type":"Feature"}', b"null"])
def test_what_is_no_collection(refused: Callable[..., object], content: bytes) -> None:
    message = (
        "a.geojson：文件不是 GeoJSON 要素集合（FeatureCollection）。"
        "请用 QGIS 等软件重新导出为 GeoJSON。"
    )
    refused(FileTypeError, message, read_features, file_of(content))


def test_a_virtual_file_of_gdal_is_told_by_its_content(refused: Callable[..., object]) -> None:
    content = b"<OGRVRTDataSource><OGRVRTLayer><SrcDataSource>/etc/passwd"
    message = (
        "a.geojson：扩展名是 .geojson，内容却是网页或 XML。"
        "请用 QGIS 等软件按 GeoJSON 重新保存或导出。"
    )
    refused(FileTypeError, message, read_features, file_of(content))


def test_no_list_of_features(refused: Callable[..., object]) -> None:
    message = "a.geojson：文件的要素集合没有 features 列表。请用 QGIS 等软件重新导出为 GeoJSON。"
    content = {"type": "FeatureCollection", "features": {"a": 1}}
    refused(FileTypeError, message, read_features, file_of(content))


def test_no_feature(refused: Callable[..., object]) -> None:
    message = "a.geojson：文件里没有要素，请重新导出。"
    refused(EmptyFileError, message, read_features, collection())


@pytest.mark.parametrize(
    "item", [None, 1, "x", [], {}, {"type": "Point"}, FEATURE | {"geometry": []},
             FEATURE | {"properties": [1]}]
)  # fmt: skip
def test_items_that_are_no_features(refused: Callable[..., object], item: Any) -> None:
    message = "a.geojson · 第2行：这一项不是 GeoJSON 要素（Feature），请重新导出。"
    refused(FileTypeError, message, read_features, collection(FEATURE, item))


def test_depth_is_bounded(refused: Callable[..., object]) -> None:
    def nested(depth: int) -> InputFile:
        value: Any = "x"
        for _ in range(depth):
            value = [value]
        return collection(FEATURE | {"properties": {"名称": value}})

    # Collection, list, feature and properties stand above the value.
    assert read_features(nested(16))
    message = "a.geojson：文件太大（嵌套超过 20 层），请简化或拆分。"
    refused(FileTooLargeError, message, read_features, nested(17))
    refused(FileTooLargeError, message, read_features, nested(900))


def test_features_are_bounded(
    refused: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geojson, "MAX_ROWS", 2)
    message = "a.geojson：文件太大（超过 2 个要素），请简化或拆分。"
    refused(FileTooLargeError, message, read_features, collection(FEATURE, FEATURE, FEATURE))


@pytest.mark.parametrize("piece", [b"[],", b"{},", b"[{", b'"[[[",'])
def test_brackets_are_counted_before_anything_is_made_of_them(
    refused: Callable[..., object], monkeypatch: pytest.MonkeyPatch, piece: bytes
) -> None:
    monkeypatch.setattr(geojson, "MAX_CONTAINERS", 4)
    assert read_features(collection(FEATURE))
    message = "a.geojson：文件太大（坐标点或对象太多），请简化或拆分。"
    refused(FileTooLargeError, message, read_features, file_of(b"[" + piece * 4))
