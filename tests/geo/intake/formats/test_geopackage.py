"""GeoPackages from others: GDAL writes them here, plain SQL reads them, traps are refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point, box

from geo.core.errors import FileTooLargeError, FileTypeError
from geo.intake.formats import geopackage
from geo.intake.formats.geopackage import geometry_of, read_geopackage
from geo.intake.formats.limits import InputFile


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a GeoPackage as GDAL writes one: points and polygons in two systems."""
    path = tmp_path / "数据.gpkg"
    points = gpd.GeoDataFrame(
        {"名称": ["甲馆", "乙馆", None], "面积": [120.5, None, 3.0], "数": [1, 2, 3]},
        geometry=[Point(111.45, 27.23), None, Point(111.5, 27.2)],
        crs=4490,
    )
    points.to_file(path, layer="设施", driver="GPKG")
    areas = gpd.GeoDataFrame({"name": ["镇"]}, geometry=[box(0, 0, 10, 10)], crs=4546)
    areas.to_file(path, layer="towns", driver="GPKG")
    return path


def source_of(path: Path) -> InputFile:
    return InputFile("数据.gpkg", ".gpkg", path.read_bytes())


def test_layers_that_gdal_wrote(package: Path) -> None:
    first, second = read_geopackage(source_of(package))
    assert (first.name, first.system) == ("设施", "EPSG:4490")
    assert (second.name, second.system) == ("towns", "EPSG:4546")
    a, b, c = first.features or ()
    assert a.properties == {"名称": "甲馆", "面积": 120.5, "数": 1}
    assert a.geometry == {"type": "Point", "coordinates": [111.45, 27.23]}
    assert (b.geometry, b.properties["面积"]) == (None, None)
    assert c.number == 3
    (area,) = second.features or ()
    assert area.geometry is not None
    assert area.geometry["type"] == "Polygon"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("CREATE VIEW 偷看 AS SELECT * FROM towns", "视图「偷看」"),
        (
            "CREATE TRIGGER 暗门 AFTER INSERT ON towns BEGIN DELETE FROM towns; END",
            "触发器「暗门」",
        ),
        ("CREATE VIRTUAL TABLE 全文 USING fts5(a)", "虚拟表「全文」"),
        ("create  virtual table 标签 using  dbstat", "虚拟表「标签」"),
    ],
)
def test_what_others_may_have_hidden_is_refused(
    refused: Callable[..., object], package: Path, statement: str, what: str
) -> None:
    with sqlite3.connect(package) as connection:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            pytest.skip(f"this SQLite cannot make it: {error}")
    connection.close()
    message = (
        f"数据.gpkg：GeoPackage 含有{what}。请在 QGIS 中把图层另存为新的 GeoPackage 或 GeoJSON。"
    )
    refused(FileTypeError, message, read_geopackage, source_of(package))


def test_a_database_that_is_no_geopackage(refused: Callable[..., object], tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    message = (
        "数据.gpkg：GeoPackage 不是 GeoPackage。"
        "请在 QGIS 中把图层另存为新的 GeoPackage 或 GeoJSON。"
    )
    refused(FileTypeError, message, read_geopackage, source_of(path))


@pytest.mark.parametrize("start", [100, 4_096, 8_000])
def test_a_damaged_package_is_no_crash(package: Path, start: int) -> None:
    content = bytearray(package.read_bytes())
    content[start : start + 3_000] = b"\xff" * 3_000
    with pytest.raises(FileTypeError):
        read_geopackage(InputFile("a.gpkg", ".gpkg", bytes(content)))


def test_a_table_named_to_break_out(tmp_path: Path, package: Path) -> None:
    odd = 'x"; DROP TABLE towns; --'
    quoted = odd.replace('"', '""')
    with sqlite3.connect(package) as connection:
        connection.execute(f'CREATE TABLE "{quoted}" (a)')
        connection.execute(f'INSERT INTO "{quoted}" VALUES (7)')
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
            " VALUES (?, 'attributes', 'odd', 0)",
            (odd,),
        )
    connection.close()
    *_, part = read_geopackage(source_of(package))
    assert part.name == odd
    assert [item.properties for item in part.features or ()] == [{"a": 7}]


def test_features_are_bounded(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geopackage, "MAX_ROWS", 2)
    with pytest.raises(FileTooLargeError):
        read_geopackage(source_of(package))


@pytest.mark.parametrize(
    "blob",
    [b"", b"GP", b"XX\x00\x01" + bytes(20), b"GP\x00\x0f" + bytes(8), b"GP\x00\x01" + bytes(9)],
)
def test_blobs_that_are_no_geometry(refused: Callable[..., object], blob: bytes) -> None:
    message = "a.gpkg · 第3行：这一要素的几何无法读取，请在 QGIS 中重新导出。"
    refused(FileTypeError, message, geometry_of, blob, "a.gpkg", 3)
