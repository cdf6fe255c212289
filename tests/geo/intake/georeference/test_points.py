from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.core.errors import BadValueError, DuplicateError, MissingColumnError
from geo.intake.tables.ledger import read_ledger

VALUES = {"设施编号": "P1", "名称": "馆", "类型": "科技馆", "状态": "运行中"}


def point(*numbers: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(numbers)}


def test_points_are_places(collection: Callable[..., Path]) -> None:
    path = collection(
        (VALUES | {"展厅面积": 120.5, "备忘": "x"}, point(111.45, 27.23)),
        ({"facility_id": "P2"} | VALUES | {"设施编号": "P2"}, None),
        name="点.json",
    )
    with pytest.raises(DuplicateError):
        read_ledger(path)
    path = collection(
        (VALUES | {"展厅面积": 120.5, "备忘": "x"}, point(111.45, 27.23, 230)),
        (VALUES | {"设施编号": "P2"}, None),
    )
    ledger = read_ledger(path)
    assert ledger.facilities.geometry["P1"].coords[0] == (111.45, 27.23)
    assert ledger.facilities.geometry["P2"] is None
    assert ledger.facilities["exhibition_area_m2"].tolist()[0] == 120.5
    assert ledger.facilities["source_row"].tolist() == [1, 2]
    assert ledger.facilities["source_sheet"].isna().all()
    assert len(ledger.designations) == 0
    assert ledger.ignored_headings == ("备忘",)


def test_the_geometry_is_the_position_whatever_properties_say(
    collection: Callable[..., Path],
) -> None:
    path = collection((VALUES | {"经度": 1, "lat": "x"}, point(111.45, 27.23)))
    ledger = read_ledger(path)
    assert ledger.facilities.geometry["P1"].coords[0] == (111.45, 27.23)
    assert ledger.ignored_headings == ("经度", "lat")


def test_a_feature_id_is_the_facility_id_where_no_property_is(
    text_file: Callable[..., Path],
) -> None:
    content = """{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 7,
        "properties": {"name": "馆", "kind": "library", "status": "operating"},
        "geometry": {"type": "Point", "coordinates": [111.45, 27.23]}}]}"""
    assert read_ledger(text_file("a.geojson", content)).facilities.index.tolist() == ["7"]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": []},
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": "111,27"},
        {"type": "MultiPoint", "coordinates": [[111, 27]]},
        {},
        point(111),
        point(111, None),
        point("111", "27"),
        point(True, 27),
        point(111, 27, 1, 2),
        point([111], [27]),
    ],
)
def test_other_geometries(
    refused: Callable[..., object], collection: Callable[..., Path], geometry: Any
) -> None:
    message = "图.geojson · 第1行 · longitude：几何应为点（Point），坐标为经度、纬度两个数。"
    refused(BadValueError, message, read_ledger, collection((VALUES, geometry)))


def test_faults_name_the_feature_by_its_number(
    refused: Callable[..., object], collection: Callable[..., Path]
) -> None:
    path = collection((VALUES, None), (VALUES | {"设施编号": "P2", "名称": ["a"]}, None))
    message = "图.geojson · 第2行 · 名称：这里是列表或对象，请改为一个文字或数值。"
    refused(BadValueError, message, read_ledger, path)


def test_missing_properties(
    refused: Callable[..., object], collection: Callable[..., Path]
) -> None:
    path = collection(({}, point(111.45, 27.23)))
    message = (
        "图.geojson：缺少必需的列「名称」。现有表头：longitude、latitude。请补上，或改正表头。"
    )
    refused(MissingColumnError, message, read_ledger, path)
