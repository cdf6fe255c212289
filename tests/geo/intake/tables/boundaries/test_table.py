from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shapely import box, to_geojson, union_all

from geo.core.errors import (
    BadValueError,
    BoundaryError,
    DuplicateError,
    FileTypeError,
    InputError,
    MissingColumnError,
    UnknownTermError,
    faults_of,
)
from geo.core.schema import DISTRICTS, TOWNSHIPS
from geo.core.vocabulary import Quality
from geo.districts import load_shipped, shipped_districts
from geo.districts.catalog import shelf
from geo.intake.sources import source_of_file
from geo.intake.tables.boundaries import Boundaries, read_boundaries

A, B = "430599001", "430599101"


def square(x: float, y: float = 0) -> Any:
    return json.loads(to_geojson(box(111 + x, 27 + y, 111.1 + x, 27.1 + y)))


def told(code: Any = A, name: Any = "城东街道", **more: Any) -> dict[str, Any]:
    return {"township_code": code, "name_zh": name} | more


def read(path: Path, quality: Quality = Quality.OFFICIAL) -> Boundaries:
    return read_boundaries(path, quality=quality, source_id="file-1")


def test_townships_and_the_outline_that_is_their_union(collection: Callable[..., Path]) -> None:
    found = read(collection((told(), square(0)), (told(B, "河西镇"), square(0.1))))
    townships = found.townships
    assert townships.index.tolist() == [A, B]
    assert townships.index.name == "township_code"
    assert tuple(townships.columns) == (*TOWNSHIPS.names[1:], "geometry")
    assert townships.crs.to_epsg() == 4490
    assert townships["kind"].tolist() == ["subdistrict", "town"]
    assert townships["quality"].tolist() == ["official"] * 2
    assert townships["source_id"].tolist() == ["file-1"] * 2
    assert set(townships.geom_type) == {"MultiPolygon"}
    assert tuple(found.districts.columns) == (*DISTRICTS.names[1:], "geometry")
    row = found.districts.loc["430599"]
    assert (row["name_zh"], row["role"], row["quality"]) == ("430599", "district", "official")
    assert row.geometry.equals(union_all(townships.geometry.array))
    assert found.ignored_headings == ()


def test_headings_in_chinese_codes_as_numbers_and_other_properties(
    collection: Callable[..., Path],
) -> None:
    properties = {
        "乡镇街道代码": 430599001,
        "名称": "山口",
        "类别": "乡",
        "区县名称": "某区",
        "面积": 1,
    }
    found = read(collection((properties, square(0))))
    assert found.townships.loc[A, "kind"] == "township"
    assert found.districts.loc["430599", "name_zh"] == "某区"
    assert found.ignored_headings == ("面积",)


def test_what_a_feature_says_of_its_quality_is_not_raised(
    collection: Callable[..., Path],
) -> None:
    path = collection(
        (told(quality="official", source_id="old"), square(0)),
        (told(B, "河西镇", quality="示意", source_id="old"), square(0.1)),
    )
    found = read(path, Quality.SURVEYED)
    assert found.townships["quality"].tolist() == ["official", "schematic"]
    assert found.districts["quality"].tolist() == ["schematic"]
    assert found.townships["source_id"].tolist() == ["file-1"] * 2


def test_heights_are_left_out(collection: Callable[..., Path]) -> None:
    geometry = square(0)
    geometry["coordinates"] = [[[*pair, 230.5] for pair in geometry["coordinates"][0]]]
    assert not read(collection((told(), geometry))).townships.has_z.any()


RING = [[111, 27], [112, 27], [112, 28], [111, 27]]
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[111, 27], [112, 28], [112, 27], [111, 28], [111, 27]]],
}
AT = "图.geojson · 第1行"


@pytest.mark.parametrize(
    ("properties", "geometry", "kind", "message"),
    [
        (
            told(),
            BOW_TIE,
            BoundaryError,
            f"{AT}：第1个要素「城东街道」的面无效（Self-intersection[111.5 27.5]），"
            "请在 QGIS 中用“修正几何图形”修好后重新导出，或用 --mend 修补。",
        ),
        (
            told(),
            None,
            BoundaryError,
            f"{AT}：第1个要素「城东街道」的几何不是面（Polygon 或 MultiPolygon），"
            "请只导出乡镇街道的面。",
        ),
        (
            told(),
            {"type": "Point", "coordinates": [111, 27]},
            BoundaryError,
            f"{AT}：第1个要素「城东街道」的几何不是面（Polygon 或 MultiPolygon），"
            "请只导出乡镇街道的面。",
        ),
        (
            told(),
            {"type": "Polygon", "coordinates": []},
            BoundaryError,
            f"{AT}：第1个要素「城东街道」的面无效（empty），"
            "请在 QGIS 中用“修正几何图形”修好后重新导出，或用 --mend 修补。",
        ),
        (
            told(),
            {"type": "Polygon", "coordinates": [RING, []]},
            BoundaryError,
            f"{AT}：第1个要素「城东街道」的面无效（empty），"
            "请在 QGIS 中用“修正几何图形”修好后重新导出，或用 --mend 修补。",
        ),
        (
            told(),
            {"type": ["Polygon"], "coordinates": [RING]},
            BoundaryError,
            f"{AT}：第1个要素「城东街道」的几何不是面（Polygon 或 MultiPolygon），"
            "请只导出乡镇街道的面。",
        ),
        (
            told(),
            {"type": "LineString", "coordinates": RING},
            BoundaryError,
            f"{AT}：第1个要素「城东街道」的几何不是面（Polygon 或 MultiPolygon），"
            "请只导出乡镇街道的面。",
        ),
        (
            told(),
            square(-30, 80),
            BoundaryError,
            f"{AT}：位置（81, 107）不在中国范围内："
            "经度应在 73 至 136 之间，纬度应在 3 至 54 之间，请核对。",
        ),
        (
            told(),
            json.loads(to_geojson(box(27, 111, 27.1, 111.1))),
            BoundaryError,
            f"{AT}：位置（27, 111）不在中国范围内：经度和纬度可能填反了，请对调。",
        ),
        (
            told(),
            json.loads(to_geojson(box(500000, 3010000, 504000, 3014000))),
            BoundaryError,
            f"{AT}：位置（500000, 3010000）不在中国范围内："
            "像是以米为单位的投影坐标，请转换为 CGCS2000 经纬度。",
        ),
        (
            told(430599),
            square(0),
            BadValueError,
            f"{AT} · township_code：「430599」不是乡镇街道代码：应为 9 位数字。"
            "若首尾的 0 被表格软件吞掉，请设为文本格式后补上。",
        ),
        (told(None), square(0), BadValueError, f"{AT} · township_code：这一格必须填写。"),
        (told(name=None), square(0), BadValueError, f"{AT} · name_zh：这一格必须填写。"),
        (
            told(name="开发区"),
            square(0),
            BadValueError,
            f"{AT} · name_zh：从名称「开发区」看不出是街道、镇还是乡，请加上「类别」一列。",
        ),
        (
            told(kind="村"),
            square(0),
            UnknownTermError,
            f"{AT} · kind：「村」不是可用的词。可填：街道、镇、乡。",
        ),
        (
            {"name_zh": "城东街道", "code": A},
            square(0),
            MissingColumnError,
            "图.geojson：缺少必需的列「乡镇街道代码」。现有表头：name_zh、code。「code」是否指「乡镇街道代码」？请补上，或改正表头。",
        ),
        (
            {},
            square(0),
            MissingColumnError,
            "图.geojson：缺少必需的列「乡镇街道代码」「名称」。现有表头：—。请补上，或改正表头。",
        ),
    ],
)
def test_features_that_are_wrong(
    refused: Callable[..., object],
    collection: Callable[..., Path],
    properties: Any,
    geometry: Any,
    kind: type[InputError],
    message: str,
) -> None:
    refused(kind, message, read, collection((properties, geometry)))


@pytest.mark.parametrize(
    "coordinates",
    [None, "x", [[1, 2]], [[[111, "27"]] * 4], [[[111]] * 4],
     [[[111, None]] * 4], {"a": 1}, [[[True, 27]] * 4], [[[111, 27]] * 4]],
)  # fmt: skip
def test_coordinates_that_make_no_ring(collection: Callable[..., Path], coordinates: Any) -> None:
    geometry = {"type": "Polygon", "coordinates": coordinates}
    with pytest.raises(BoundaryError) as caught:
        read(collection((told(), geometry)))
    # What exactly is wrong is reported in GEOS's own words.
    assert str(caught.value).startswith(f"{AT}：第1个要素「城东街道」的面无效（")


def test_the_same_code_twice(
    refused: Callable[..., object], collection: Callable[..., Path]
) -> None:
    message = (
        f"图.geojson · 第2行 · township_code：乡镇街道代码 {A} 与第1行重复，"
        "请改正代码，或合并为一个多部件面。"
    )
    path = collection((told(), square(0)), (told(), square(0.1)))
    refused(DuplicateError, message, read, path)


def test_two_districts(refused: Callable[..., object], collection: Callable[..., Path]) -> None:
    message = (
        "图.geojson · 第2行 · township_code：代码 430503001 不属于第一个要素所在的区县 430599。"
        "请每次只导入一个区县。"
    )
    path = collection((told(), square(0)), (told("430503001", "中心路街道"), square(0.1)))
    refused(BoundaryError, message, read, path)


def test_overlapping_townships(collection: Callable[..., Path]) -> None:
    path = collection(
        (told(), square(0)),
        (told(B, "河西镇"), square(0.05)),
        (told("430599102", "河东镇"), square(0.05)),
    )
    with pytest.raises(BoundaryError) as caught:
        read(path)
    first, *others = (str(error) for error in faults_of(caught.value))
    assert first.startswith("图.geojson · 第2行：第1个要素「城东街道」与第2个要素「河西镇」重叠 ")
    assert first.endswith("米），请在 QGIS 中修正边界，窄的可用 --mend 修补。")
    assert len(others) == 2
    assert str(caught.value).endswith("（另有 2 处问题）")


def test_overlaps_without_end_are_counted_as_far_as_the_search_went(
    collection: Callable[..., Path],
) -> None:
    path = collection(*((told(f"430599{n:03d}", "河西镇"), square(0)) for n in range(100)))
    with pytest.raises(BoundaryError) as caught:
        read(path)
    assert str(caught.value).endswith("（另有至少 999 处问题）")
    assert caught.value.message("en").endswith("(at least 999 more.)")
    assert len(faults_of(caught.value)) == 1_000


def test_all_faults_are_told(collection: Callable[..., Path]) -> None:
    path = collection((told(), BOW_TIE), (told("x"), None), (told(B, "河西镇"), square(0)))
    with pytest.raises(BoundaryError) as caught:
        read(path)
    places = [str(error.place) for error in faults_of(caught.value)]
    assert places == [
        "图.geojson · 第1行",
        "图.geojson · 第2行 · township_code",
        "图.geojson · 第2行",
    ]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.toml"])
def test_other_types(text_file: Callable[..., Path], name: str) -> None:
    with pytest.raises(FileTypeError, match=r"这里可用 \.geojson、\.json、\.gpkg"):
        read(text_file(name, "x"))


@pytest.mark.parametrize("code", shipped_districts())
def test_shipped_townships_are_read_and_join_their_neighbours(code: str) -> None:
    shipped = load_shipped(code)
    found = read(shelf() / code / "townships.geojson")
    assert found.district_code == code
    assert found.townships["quality"].unique().tolist() == ["schematic"]
    assert found.townships.geometry.geom_equals(shipped.townships.geometry).all()
    neighbours = shipped.districts[shipped.districts["role"] == "neighbour"]
    joined = found.districts_with(neighbours, name_zh=shipped.district_name)
    assert joined.index.tolist() == [code, *neighbours.index]
    assert joined.loc[code, "name_zh"] == shipped.district_name
    assert joined.crs == shipped.districts.crs
    assert joined["role"].tolist() == ["district", *["neighbour"] * len(neighbours)]
    assert found.districts.loc[code, "name_zh"] == code


def test_another_district_takes_the_place_with_the_outlines_that_touch_it(
    collection: Callable[..., Path],
) -> None:
    before = load_shipped(shipped_districts()[0])
    own = before.districts.geometry[before.district_code]
    other = next(iter(before.districts.index[before.districts["role"] == "neighbour"]))
    outline = json.loads(to_geojson(before.districts.geometry[other]))
    path = collection((told(f"{other}100"), outline))
    sources = source_of_file(path, title="新边界", quality=Quality.OFFICIAL)
    found = read(path)
    beside = found.as_district(before, sources)
    assert beside.district_code == other
    assert len(beside.facilities) == len(beside.population) == len(beside.villages) == 0
    assert beside.district_name == before.districts.loc[other, "name_zh"]
    assert before.district_code in beside.districts.index
    assert beside.districts.loc[before.district_code, "role"] == "neighbour"
    assert beside.districts.geometry[before.district_code].equals(own)
    assert set(beside.districts["source_id"]) - {"file-1"} <= set(beside.sources.index)
    assert beside.measuring_crs.to_epsg() == before.measuring_crs.to_epsg()


def test_a_district_far_away_has_no_neighbours_yet(collection: Callable[..., Path]) -> None:
    before = load_shipped(shipped_districts()[0])
    path = collection((told(), square(5)))
    sources = source_of_file(path, title="新边界", quality=Quality.OFFICIAL)
    far = read(path).as_district(before, sources)
    assert far.districts.index.tolist() == ["430599"]
    assert far.sources.index.tolist() == sources.index.tolist()
    assert far.measuring_crs.to_epsg() == 4548
