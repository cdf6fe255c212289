"""Layers in the systems that surveyors use, as GDAL writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from geo.core.errors import BadValueError, FileTypeError
from geo.core.vocabulary import Quality
from geo.intake.tables.boundaries import read_boundaries
from geo.intake.tables.ledger import read_ledger

POINT = Point(111.45, 27.23)
DRIVERS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON"}


def places(path: Path, epsg: int) -> Path:
    rows = {"名称": ["科普馆"], "类型": ["科技馆"], "乡镇代码": ["430599001"]}
    frame = gpd.GeoDataFrame(rows, geometry=[POINT], crs=4490).to_crs(epsg)
    frame.to_file(
        path, driver=DRIVERS[path.suffix], encoding="GBK" if path.suffix == ".shp" else None
    )
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
@pytest.mark.parametrize("epsg", [4490, 4326, 4546, 4525, 4497, 3857, 32649])
def test_points_of_any_system_that_can_be_converted(tmp_path: Path, suffix: str, epsg: int) -> None:
    (found,) = read_ledger(places(tmp_path / f"馆{suffix}", epsg)).facilities.geometry
    assert found.distance(POINT) < 1e-8


@pytest.mark.parametrize("epsg", [4610, 4214, 2361, 2433])
def test_datums_that_need_local_parameters_are_refused(tmp_path: Path, epsg: int) -> None:
    with pytest.raises(FileTypeError) as caught:
        read_ledger(places(tmp_path / "馆.gpkg", epsg))
    assert "需要本地的转换参数" in str(caught.value)
    assert "local parameters" in caught.value.message("en")


def _boundaries(path: Path) -> object:
    return read_boundaries(path, quality=Quality.SCHEMATIC, source_id="file-1")


@pytest.mark.parametrize(
    ("shape", "read"), [(POINT, read_ledger), (box(111.4, 27.2, 111.5, 27.3), _boundaries)]
)
def test_degrees_that_are_declared_metres_are_refused(
    tmp_path: Path, shape: BaseGeometry, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "图层.gpkg"
    rows = {"名称": ["城东街道"], "乡镇代码": ["430599001"]}
    gpd.GeoDataFrame(rows, geometry=[shape], crs=4546).to_file(path)
    with pytest.raises(BadValueError, match="坐标却是经纬度") as caught:
        read(path)
    assert caught.value.code == "layer_degrees_as_metres"
    assert "EPSG:4490" in caught.value.message("en")


def test_a_system_that_nobody_knows(tmp_path: Path) -> None:
    path = places(tmp_path / "馆.shp", 4490)
    path.with_suffix(".prj").write_text('GEOGCS["my own"', encoding="utf-8")
    with pytest.raises(FileTypeError, match="不能识别"):
        read_ledger(path)


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_boundaries_of_other_formats_and_systems(tmp_path: Path, suffix: str) -> None:
    frame = gpd.GeoDataFrame(
        {"乡镇代码": ["430599001", "430599101"], "乡镇名称": ["城东街道", "河西镇"]},
        geometry=[box(111.4, 27.2, 111.5, 27.3), box(111.5, 27.2, 111.6, 27.3)],
        crs=4490,
    )
    path = tmp_path / f"乡镇{suffix}"
    system = 4490 if suffix == ".geojson" else 4546
    frame.to_crs(system).to_file(
        path, driver=DRIVERS[suffix], encoding="GBK" if path.suffix == ".shp" else None
    )
    found = read_boundaries(path, quality=Quality.OFFICIAL, source_id="s")
    assert found.townships.index.tolist() == ["430599001", "430599101"]
    assert found.townships["name_zh"].tolist() == ["城东街道", "河西镇"]
    true = dict(zip(found.townships.index, frame.geometry, strict=True))
    for code, shape in found.townships.geometry.items():
        assert shape.symmetric_difference(true[str(code)]).area < 1e-9


def test_a_file_with_two_layers_of_areas_is_asked_about(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[box(111, 27, 112, 28)], crs=4490)
    for layer in ("一", "二"):
        frame.to_file(tmp_path / "a.gpkg", layer=layer, driver="GPKG")
    with pytest.raises(FileTypeError, match="几个面图层（一、二）"):
        read_boundaries(tmp_path / "a.gpkg", quality=Quality.OFFICIAL, source_id="s")
