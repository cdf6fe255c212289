"""Areas of a user's layer: by name, in degrees, and nothing that is no area."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geo.core.errors import InputError
from geo.intake.areas import read_areas

SQUARE = shapely.box(111.45, 27.1, 111.46, 27.11)


def layer(path: Path, *shapes: Any, **properties: Any) -> Path:
    features = [
        {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)}
        for shape in shapes
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_polygons_come_with_their_names(tmp_path: Path) -> None:
    found = read_areas(layer(tmp_path / "地块.geojson", SQUARE, SQUARE, 名称="甲地块"))
    assert found.index.tolist() == [1, 2]
    assert found["name"].tolist() == ["甲地块", "甲地块"]
    assert found.geometry.iloc[0].equals(SQUARE)
    assert found.crs.to_epsg() == 4490


def test_one_without_a_name_has_its_number(tmp_path: Path) -> None:
    assert read_areas(layer(tmp_path / "a.geojson", SQUARE, 用途="林"))["name"].tolist() == ["1"]


def test_a_system_in_metres_is_converted(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["乙"]}, geometry=[SQUARE], crs=4490).to_crs(4546)
    frame.to_file(tmp_path / "b.gpkg")
    found = read_areas(tmp_path / "b.gpkg")
    assert found.geometry.iloc[0].symmetric_difference(SQUARE).area < 1e-9


def test_a_bow_tie_is_mended(tmp_path: Path) -> None:
    tie = shapely.Polygon([(111, 27), (111.1, 27.1), (111.1, 27), (111, 27.1)])
    assert read_areas(layer(tmp_path / "c.geojson", tie)).geometry.iloc[0].area == pytest.approx(
        0.005
    )


@pytest.mark.parametrize(
    ("shape", "said"), [(shapely.Point(111, 27), "第 1 个要素"), (None, "第 1 个要素")]
)
def test_what_is_no_area_is_named(tmp_path: Path, shape: Any, said: str) -> None:
    path = tmp_path / "d.geojson"
    geometry = None if shape is None else shapely.geometry.mapping(shape)
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    with pytest.raises(InputError, match=said):
        read_areas(path)


def test_a_table_has_no_layer(tmp_path: Path) -> None:
    (tmp_path / "e.geojson").write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    with pytest.raises(InputError, match=r"e\.geojson"):
        read_areas(tmp_path / "e.geojson")


def test_marks_and_suitability(tmp_path: Path) -> None:
    marks = {"自然资源审查": "不通过", "生态环境审查": "是", "适宜性": 80}
    found = read_areas(layer(tmp_path / "f.geojson", SQUARE, **marks))
    assert found["failed"].tolist() == ["自然资源审查"]
    assert found["suitability"].tolist() == [0.8]
    plain = read_areas(layer(tmp_path / "g.geojson", SQUARE, 名称="甲"))
    assert plain["failed"].isna().all()
    assert plain["suitability"].isna().all()
    with pytest.raises(InputError, match="自然资源审查"):
        read_areas(layer(tmp_path / "h.geojson", SQUARE, 自然资源审查="再议"))
