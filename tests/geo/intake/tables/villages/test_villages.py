"""Villages as offices send them, on four square townships of 4 km."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from geo.core.crs import STORAGE_CRS
from geo.core.datum import Datum, to_gcj02
from geo.core.district import DistrictData
from geo.core.errors import FileTypeError, InputError
from geo.core.schema import VILLAGES, conform
from geo.intake.formats.parts import Part, Row
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Book, read_file
from geo.intake.tables.villages import VILLAGE_TABLE

A, B, C = "430599001", "430599002", "430599101"
V1, V2, V3, V4 = f"{A}001", f"{A}002", f"{C}201", f"{C}202"
HEADS = ["村社区代码", "村社区名称", "人口", "经度", "纬度"]
KNOWN = [
    (V1, A, "东风社区", "community", "111"),
    (V2, A, "南门社区", "community", "111"),
    (V3, C, "罗家村", "village", "220"),
    (V4, C, "张家村", "village", "220"),
]

Examine = Callable[..., Imported[gpd.GeoDataFrame]]


def at(x_km: float, y_km: float) -> tuple[float, float]:
    """Return degrees of a place on the toy district, in km from its south-west."""
    metres = gpd.GeoSeries.from_xy([500_000 + 1000 * x_km], [3_010_000 + 1000 * y_km], crs=4546)
    point = metres.to_crs(STORAGE_CRS).iloc[0]
    return point.x, point.y


@pytest.fixture
def district(toy: DistrictData) -> DistrictData:
    names = ["village_code", "township_code", "name_zh", "kind", "urban_rural_class"]
    frame = pd.DataFrame(KNOWN, columns=names).assign(source_id="toy-map")
    placed = gpd.GeoDataFrame(frame, geometry=[None] * 4, crs=STORAGE_CRS)
    return replace(toy, villages=conform(placed, VILLAGES).set_index("village_code"))


@pytest.fixture
def setting(district: DistrictData) -> Callable[..., ReferenceData]:
    return lambda **options: ReferenceData.of(district, "file-1", **options)


@pytest.fixture
def examine(tmp_path: Path, setting: Callable[..., ReferenceData]) -> Examine:
    """Return what examines a sheet of rows."""

    def make(*rows: Sequence[Any], **options: Any) -> Imported[gpd.GeoDataFrame]:
        book = Workbook()
        page = book.active
        assert page is not None
        for row in rows:
            page.append(list(row))
        path = tmp_path / "村社区.xlsx"
        book.save(path)
        return parse(VILLAGE_TABLE, read_file(path), setting(**options))

    return make


@pytest.fixture
def layer(tmp_path: Path, setting: Callable[..., ReferenceData]) -> Examine:
    """Return what examines GeoJSON features of (properties, geometry)."""

    def make(*features: tuple[dict[str, Any], Any], **options: Any) -> Imported[gpd.GeoDataFrame]:
        items = [
            {"type": "Feature", "properties": p, "geometry": shapely.geometry.mapping(g)}
            for p, g in features
        ]
        path = tmp_path / "村.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": items}))
        return parse(VILLAGE_TABLE, read_file(path), setting(**options))

    return make


def told(found: Imported[gpd.GeoDataFrame]) -> list[str]:
    return [one.note.code for one in found.report.warnings]


def errors(found: Imported[gpd.GeoDataFrame]) -> list[tuple[int | None, str]]:
    return [(f.place.row if f.place else None, f.code) for f in found.report.errors]


def note(found: Imported[gpd.GeoDataFrame], code: str) -> str:
    (text,) = [one.note.zh for one in found.report.warnings if one.note.code == code]
    return text


FULL = [
    HEADS,
    [V1, "东风社区", 12_000, *at(1, 1)],
    [V2, "南门社区", 8_000, *at(3, 3)],
    [V3, "罗家村", 3_000, *at(1, 6)],
    [V4, "张家村", 1_000, *at(3, 7)],
]


def test_codes_names_counts_and_positions(examine: Examine) -> None:
    found = examine(*FULL)
    frame = found.data
    assert frame.index.tolist() == [V1, V2, V3, V4]
    assert frame["population"].tolist() == [12_000, 8_000, 3_000, 1_000]
    assert frame["urban_rural_class"].tolist() == ["111", "111", "220", "220"], "as known"
    assert frame["kind"].tolist() == ["community", "community", "village", "village"]
    assert frame.geometry.iloc[0].equals_exact(shapely.Point(at(1, 1)), 1e-9)
    assert frame["source_row"].tolist() == [2, 3, 4, 5]
    assert set(frame["source_id"]) == {"file-1"}
    assert len(found.report.taken) == 4
    # A publishes 20,000 and has it; C publishes 5,000.
    assert note(found, "village_sum_under") == (
        "430599101 河西镇 各村社区合计 4,000 人，少于公布的 5,000 人（resident-2020）；"
        "计算时按比例缩放到公布数，请核对是否缺村或口径不同。"
    )
    assert "village_sum_over" not in told(found)
    assert note(found, "village_townships_whole").startswith("2 个乡镇街道")


def test_more_than_the_township_is_told_with_both_figures(examine: Examine) -> None:
    rows = [list(row) for row in FULL]
    rows[3][2] = 4_500
    found = examine(*rows)
    assert "5,500 人，多于公布的 5,000 人" in note(found, "village_sum_over")
    assert found.data.loc[V3, "population"] == 4_500, "kept as written; the measure scales"


def test_names_alone_and_names_within_townships(examine: Examine) -> None:
    found = examine(
        ["乡镇", "村（社区）", "常住人口（人）", "坐标"],
        ["城东街道", "东风社区居委会", 10, "{},{}".format(*at(1, 1))],
        ["河西镇", "罗家村", "约20", None],
        ["河西镇", "没有的村", 30, None],
    )
    assert found.data["population"].dropna().to_dict() == {V1: 10, V3: 20}
    assert errors(found) == [(4, "village_not_listed")]
    assert "village_township_not_whole" in told(found)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ([V1, "东风社区", -5, *at(1, 1)], "number_too_small"),
        ([V1, "东风社区", "很多", *at(1, 1)], "number_unreadable"),
        ([V1, "罗家村", 5, *at(1, 1)], "division_conflict"),
        (["430599999001", "别村", 5, None, None], "division_code_unknown"),
        (["430601001001", "别区村", 5, None, None], "village_of_other_district"),
        (["430599101299", None, 5, None, None], "cell_empty"),
        (["430599101299", "凤凰岭", 5, None, None], "village_kind_unknown"),
        ([None, "不知道村", 5, None, None], "division_name_unknown"),
        ([V3, "罗家村", 5, *at(60, 60)], "village_far_outside_township"),
        ([V3, "罗家村", 5, 111.0, None], "position_half"),
    ],
)
def test_rows_that_are_held_back(examine: Examine, row: list[Any], code: str) -> None:
    found = examine(HEADS, [V2, "南门社区", 7, *at(3, 3)], row)
    assert [each for _, each in errors(found)] == [code]
    assert len(found.report.taken) == 1


def test_a_township_that_is_not_the_villages(examine: Examine) -> None:
    heads = ["村社区代码", "村社区名称", "乡镇街道代码", "人口"]
    found = examine(heads, [V1, "东风社区", A, 1], [V3, "罗家村", B, 2])
    assert errors(found) == [(3, "village_township_differs")]


def test_the_same_village_twice(examine: Examine) -> None:
    found = examine(HEADS, [V1, "东风社区", 1, *at(1, 1)], [V1, None, 2, *at(1, 1)])
    assert errors(found) == [(3, "village_twice")]
    assert found.data.loc[V1, "population"] == 1


def test_a_village_that_is_new(examine: Examine) -> None:
    found = examine(
        [*HEADS, "城乡分类代码"],
        [f"{C}299", "新建村", 9, *at(1, 5), 220],
        [V1, "东风社区", 1, None, None, 999],
    )
    assert errors(found) == [(3, "village_class_unknown")]
    row = found.data.loc[f"{C}299"]
    assert (row["name_zh"], row["township_code"], row["kind"]) == ("新建村", C, "village")
    assert row["urban_rural_class"] == "220"
    assert "village_new" in told(found)


def test_outside_its_township_but_near_is_kept_and_told(examine: Examine) -> None:
    found = examine(HEADS, [V1, "东风社区", 1, *at(4.5, 1)])
    assert errors(found) == []
    assert "430599001 城东街道 之外 500 米" in note(found, "village_outside_township")


def test_what_the_file_lacks_stays_unless_the_file_is_whole(examine: Examine) -> None:
    found = examine(*FULL[:3])
    assert found.data.index.tolist() == [V1, V2, V3, V4]
    assert "villages_gone" not in told(found)
    found = examine(*FULL[:3], whole=True)
    assert found.data.index.tolist() == [V1, V2]
    assert "2 个村社区（罗家村、张家村）" in note(found, "villages_gone")


def test_a_row_held_back_leaves_its_village_as_it_was(examine: Examine) -> None:
    found = examine(*FULL[:4], [V4, "张家村", -1, *at(3, 7)], whole=True)
    assert found.data.index.tolist() == [V1, V2, V3, V4]
    assert pd.isna(found.data.loc[V4, "population"])
    assert found.data.loc[V4, "source_id"] == "toy-map"


def test_areas_and_points_of_a_layer(layer: Examine) -> None:
    area = shapely.Polygon([at(0.1, 0.1), at(2, 0.1), at(2, 2), at(0.1, 2)])
    found = layer(
        ({"村名称": "东风社区", "人口": 5}, area), ({"村名称": "罗家村"}, shapely.Point(at(1, 6)))
    )
    assert found.report.errors == ()
    placed = found.data.geometry.dropna()
    assert placed.geom_type.to_dict() == {V1: "MultiPolygon", V3: "Point"}
    assert found.data.geometry.iloc[0].equals(shapely.MultiPolygon([area]))


def test_areas_in_a_stated_datum_are_moved_whole(layer: Examine) -> None:
    area = shapely.Polygon([at(0.5, 0.5), at(2, 0.5), at(2, 2), at(0.5, 2)])
    shifted = shapely.transform(area, lambda xy: np.column_stack(to_gcj02(xy[:, 0], xy[:, 1])))
    assert not shifted.equals_exact(area, 1e-4)
    found = layer(({"村名称": "东风社区", "人口": 5}, shifted), datum=Datum.GCJ02)
    assert found.data.geometry.iloc[0].geoms[0].equals_exact(area, 1e-8)


def test_an_area_that_is_not_valid_is_held_back(layer: Examine) -> None:
    knot = shapely.Polygon([at(0.1, 0.1), at(2, 2), at(2, 0.1), at(0.1, 2)])
    found = layer(({"村名称": "东风社区"}, knot), ({"村名称": "罗家村"}, shapely.Point(at(1, 6))))
    assert errors(found) == [(1, "boundary_invalid")]


def test_a_file_without_villages(examine: Examine) -> None:
    with pytest.raises(FileTypeError) as caught:
        examine(["设施", "面积"], ["馆", 5])
    assert caught.value.code == "file_without_villages"


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=30),
    st.sampled_from([V1, V3, "东风社区", "罗家村", "430599101299", "-5", "约20", "城东街道", 220]),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_every_row_is_taken_or_held_back(
    setting: Callable[..., ReferenceData], rows: list[tuple[Any, ...]]
) -> None:
    heads = ("村社区代码", "村社区名称", "乡镇街道代码", "人口", "经度", "纬度")
    numbered = [Row(1, heads), *(Row(n, row) for n, row in enumerate(rows, start=2))]
    book = Book("a.xlsx", (Part("甲", numbered),))
    try:
        found = parse(VILLAGE_TABLE, book, setting())
    except InputError:
        return  # the headings alone, which are no error of a row
    account = found.report
    told = len(account.taken) + len(account.quarantined) + len(account.left_out)
    assert told >= len(rows)
    assert found.count == len(account.taken)
    assert found.data.index.is_unique
    assert set(found.data.index) >= {V1, V2, V3, V4}, "no village known is lost"


AGE_HEADS = ["村社区代码", "总人口", "0～14岁", "15-59周岁", "60岁以上人口", "65岁以上人口"]


def test_ages_are_kept_as_the_file_gives_them(examine: Examine) -> None:
    found = examine(AGE_HEADS, [V1, 100, 20, 60, 20, 12], [V3, 90, None, None, 30, 18])
    ages = found.data[["population_0_14", "population_15_59", "population_60_plus"]]
    assert ages.loc[V1].tolist() == [20, 60, 20]
    assert ages.loc[V3].isna().tolist() == [True, True, False]
    assert ages.loc[V2].isna().all(), "unknown is not zero"
    assert found.report.ignored_headings == ("65岁以上人口",), "65 and over is not 60 and over"


@pytest.mark.parametrize(
    ("row", "expected"),
    [([V1, 100, 40, 50, 20, None], ["population_parts_exceed"]),
     ([V1, 100, None, None, 101, None], ["population_parts_exceed"]),
     ([V1, 100, -1, 50, 20, None], ["number_too_small"]),
     ([V1, 100, 30, 50, 20, None], [])],
)  # fmt: skip
def test_ages_beyond_a_villages_people_are_held_back(
    examine: Examine, row: list[Any], expected: list[str]
) -> None:
    found = examine(AGE_HEADS, row, [V3, 90, 10, 60, 20, None])
    assert [f.code for held in found.report.quarantined for f in held.errors] == expected
    assert pd.isna(found.data.loc[V1, "population_0_14"]) == bool(expected)


def test_ages_that_were_known_are_held_against_new_people(district: DistrictData) -> None:
    villages = district.villages.assign(population_60_plus=pd.array([80, 1, 1, 1], "Int64"))
    known = replace(district, villages=villages)
    sheet = Part("x", rows=(Row(1, ("村社区代码", "人口")), Row(2, (V1, 70)), Row(3, (V3, 9))))
    found = parse(VILLAGE_TABLE, Book("a.xlsx", (sheet,)), ReferenceData.of(known, "file-1"))
    (held,) = found.report.quarantined
    assert held.place.row == 2
    assert "多于总人口 70 人" in str(held.errors[0])


def test_urban_and_rural_people_are_kept_and_held_against_their_townships(
    district: DistrictData,
) -> None:
    figures = district.population
    own = figures["division_code"].eq(C)
    rural = figures["rural_population"].mask(own, 150)
    known = replace(district, population=figures.assign(rural_population=rural))
    heads = ("村社区代码", "人口", "城镇人口", "农村人口", "经度", "纬度")
    full = (Row(2, (V3, 90, 10, 80, *at(1, 5))), Row(3, (V4, 80, 20, 60, *at(3, 6))))
    (less,) = (Row(3, (V4, 80, None, None, *at(3, 6))),)

    def told(*rows: Row) -> dict[str, str]:
        sheet = Part("x", rows=(Row(1, heads), *rows))
        found = parse(VILLAGE_TABLE, Book("a.xlsx", (sheet,)), ReferenceData.of(known, "file-1"))
        kept = found.data.loc[V3, ["urban_population", "rural_population"]]
        assert kept.tolist() == [10, 80]
        return {note.note.code: note.note.zh for note in found.report.warnings}

    whole, part = told(*full), told(full[0], less)
    assert "乡村人口合计 140 人，公布的是 150 人" in whole["village_settlement_differs"]
    assert "village_settlement_not_whole" not in whole
    assert "有 1 个没有城镇、乡村人口（张家村）" in part["village_settlement_not_whole"]
    assert "village_settlement_differs" not in part


def test_ages_are_held_against_their_townships(district: DistrictData) -> None:
    figures = district.population
    own = figures["division_code"].eq(C)
    seniors = figures["population_60_plus"].mask(own, 50)
    known = replace(district, population=figures.assign(population_60_plus=seniors))
    heads = ("村社区代码", "人口", "0-14岁人口", "60岁及以上人口", "经度", "纬度")
    places = at(1, 5), at(3, 6)
    rows = (Row(1, heads), Row(2, (V3, 90, 10, 30, *places[0])),
            Row(3, (V4, 80, None, 25, *places[1])))  # fmt: skip
    sheet = Part("x", rows=rows)
    found = parse(VILLAGE_TABLE, Book("a.xlsx", (sheet,)), ReferenceData.of(known, "file-1"))
    told = {note.note.code: note.note.zh for note in found.report.warnings}
    assert "60岁及以上人口合计 55 人，公布的是 50 人" in told["village_ages_differ"]
    assert "有 1 个没有0-14岁人口（张家村）" in told["village_ages_not_whole"]
