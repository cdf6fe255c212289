"""Plaques name the place on which they hang: by id, by name, or by both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from geo.core.errors import BadValueError, MissingColumnError
from geo.intake.headers.normalise import folded
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.ledger import LEDGER, Ledger
from geo.intake.tables.ledger.designations import KnownFacilities, KnownFacility, find_place

TOWNSHIPS = gpd.GeoDataFrame(
    {"name_zh": ["罗市镇", "蔡锷乡"]},
    geometry=[box(111.4, 27.1, 111.5, 27.3), box(111.5, 27.1, 111.6, 27.3)],
    index=["430503101", "430503202"],
    crs=4490,
)
STORED = gpd.GeoDataFrame(
    {
        "name": ["清风科技馆", "桥头科普馆", "旧馆", "农家书屋"],
        "township_code": ["430503101", None, "430503202", "430503202"],
        "demonstration": [False, True, False, False],
    },
    index=["P1", "S2", "S3", "S4"],
    geometry=[Point(111.45, 27.2)] * 4,
    crs=4490,
)
PLACES = [
    ["设施编号", "名称", "类型", "乡镇街道代码", "是否演示数据"],
    ["P1", "清风科技馆", "科技馆", "430503101", "是"],
    ["P2", "农家书屋", "图书馆", "430503101", "否"],
    ["P3", "农家书屋", "图书馆", "430503202", "否"],
    [None, "向阳展厅", "科普展厅", "430503202", "否"],
    ["P5", "白云馆", "飞碟", "430503202", "否"],
]
HEADS = ["设施名称", "牌匾名称", "设施编号", "乡镇", "授牌单位"]

Examine = Callable[..., Imported[Ledger]]


@pytest.fixture
def examine(workbook: Callable[..., Path]) -> Examine:
    def make(
        *rows: Sequence[Any], heads: Sequence[str] = HEADS, **setting: Any
    ) -> Imported[Ledger]:
        path = workbook(设施台账=PLACES, 挂牌=[heads, *rows])
        return parse(LEDGER, read_file(path), ReferenceData(TOWNSHIPS, **setting))

    return make


def errors(found: Imported[Ledger]) -> list[str]:
    """Return the codes of what is wrong with plaques."""
    rows = [row for row in found.report.quarantined if row.place.sheet == "挂牌"]
    return [error.code for row in rows for error in row.errors]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (["清风科技馆", "基地"], "P1"),
        ([" 清风 科技馆", "基地"], "P1"),
        (["清风科技馆", "基地", None, "罗市镇"], "P1"),
        (["农家书屋", "基地", None, "罗市镇"], "P2"),
        (["农家书屋", "基地", None, "蔡锷"], "P3"),
    ],
)
def test_a_name_of_one_place_is_taken_and_told_once(
    examine: Examine, row: list[Any], place: str
) -> None:
    found = examine(row, row)
    assert found.data.designations["facility_id"].tolist() == [place] * 2
    told = [one for one in found.report.warnings if one.note.code == "plaque_by_name"]
    assert len(told) == 1
    assert told[0].note.zh == "没有编号的 2 块牌，已按「设施名称」一列的设施名称对应到设施。"
    assert told[0].place.sheet == "挂牌"


def test_an_id_needs_no_remark(examine: Examine) -> None:
    found = examine([None, "基地", "P1"], ["农家书屋", "基地", "P3"])
    assert found.data.designations["facility_id"].tolist() == ["P1", "P3"]
    codes = {one.note.code for one in found.report.warnings if one.place.sheet == "挂牌"}
    assert not {code for code in codes if code.startswith("plaque")}


def test_a_place_whose_id_was_made_is_found_by_its_name(examine: Examine) -> None:
    found = examine(["向阳展厅", "基地"])
    (key,) = found.data.designations["facility_id"]
    assert key.startswith("auto-")
    assert found.data.facilities.loc[key, "name"] == "向阳展厅"


def test_a_plaque_found_by_name_takes_the_mark_of_its_place(examine: Examine) -> None:
    found = examine(["清风科技馆", "基地"], ["向阳展厅", "基地"])
    assert found.data.designations["demonstration"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("row", "code", "words", "proposal", "column"),
    [
        (
            ["农家书屋", "基地"],
            "plaque_place_several",
            "有 2 处：设施台账 3（P2）、设施台账 4（P3）。请填写设施编号",
            None,
            "设施名称",
        ),
        (
            ["清风科枝馆", "基地"],
            "plaque_place_near",
            "是否指「清风科技馆」（把握 72%）",
            ("清风科技馆", 0.72),
            "设施名称",
        ),
        (["火星基地", "基地"], "plaque_place_unknown", "「火星基地」", None, "设施名称"),
        (
            ["农家书屋", "基地", "P1"],
            "plaque_place_contradiction",
            "编号「P1」是「清风科技馆」，与名称「农家书屋」不符",
            None,
            "设施编号",
        ),
        (
            ["清风科技馆", "基地", "P2"],
            "plaque_place_contradiction",
            "编号「P2」是「农家书屋」",
            ("P1", 0.9),
            "设施编号",
        ),
        (["火星", "基地", "P1"], "plaque_place_contradiction", "「火星」", None, "设施编号"),
        (["清风科技馆", "基地", "P9"], "plaque_without_place", "P9", ("P1", 0.9), "设施编号"),
        (
            ["清风科技馆", "基地", None, "蔡锷乡"],
            "plaque_place_township",
            "在 430503101，与所写的乡镇街道 430503202 不符",
            None,
            "设施名称",
        ),
        ([None, "基地", "P1", "蔡锷乡"], "plaque_place_township", "430503101", None, "设施编号"),
        ([None, "基地", None, "蔡锷乡"], "cell_empty", "必须填写", None, "设施编号"),
    ],
)
def test_what_is_not_certain_is_put_to_a_person(
    examine: Examine,
    row: list[Any],
    code: str,
    words: str,
    proposal: tuple[str, float] | None,
    column: str,
) -> None:
    found = examine(row)
    assert found.data.designations.empty
    assert errors(found) == [code]
    error = next(one for one in found.report.errors if one.code == code)
    assert words in error.zh
    assert error.place is not None
    assert (error.place.sheet, error.place.row, error.place.column) == ("挂牌", 2, column)
    made = error.proposal
    assert (None if made is None else (made.value, made.confidence)) == proposal


def test_a_township_that_is_misspelt_is_a_fault_of_its_own(examine: Examine) -> None:
    assert errors(examine(["清风科技馆", "基地", None, "罗士镇"])) == ["division_name_unknown"]


def test_a_name_written_a_little_otherwise_beside_its_id_is_told(examine: Examine) -> None:
    found = examine(["大祥区清风科技馆", "基地", "P1"])
    assert found.data.designations["facility_id"].tolist() == ["P1"]
    told = [one for one in found.report.warnings if one.note.code == "plaque_name_differs"]
    assert [(one.place.row, one.place.column) for one in told] == [(2, "设施名称")]


def test_a_plaque_of_a_place_held_back_waits_with_it(examine: Examine) -> None:
    found = examine(["白云馆", "基地"])
    assert found.data.designations.empty
    assert errors(found) == ["place_in_quarantine"]
    held = [row for row in found.report.quarantined if row.place.sheet == "挂牌"]
    assert held[0].facility_id == "P5"
    assert "「白云馆」" in held[0].errors[0].zh
    assert held[0].errors[0].place is not None
    assert held[0].errors[0].place.column == "设施名称"


@pytest.mark.parametrize("heads", [["牌匾名称"], ["牌匾名称", "授牌单位"]])
def test_a_sheet_that_names_no_place_at_all_is_refused(examine: Examine, heads: list[str]) -> None:
    with pytest.raises(MissingColumnError, match="缺少必需的列「设施编号」"):
        examine(["基地"], heads=heads)


@pytest.mark.parametrize("heading", ["所属设施", "单位名称", "场所", "场馆名称", "被授牌单位"])
def test_the_words_that_offices_use(examine: Examine, heading: str) -> None:
    found = examine(["清风科技馆", "基地"], heads=[heading, "牌匾名称"])
    assert found.data.designations["facility_id"].tolist() == ["P1"]


@pytest.mark.parametrize(
    ("title", "heads", "designations"),
    [
        ("授牌", ["设施名称", "牌匾名称", "级别"], 1),
        ("城南", ["设施名称", "牌匾名称", "授牌单位"], 1),
        ("城南", ["设施名称", "牌匾名称", "级别", "类型", "地址"], 0),
    ],
)
def test_sheets_are_told_apart_by_headings(
    workbook: Callable[..., Path], title: str, heads: list[str], designations: int
) -> None:
    row = ["清风科技馆", "基地", None, "科技馆", "某路"][: len(heads)]
    path = workbook(**{"设施台账": PLACES, title: [heads, row]})
    found = parse(LEDGER, read_file(path), ReferenceData(TOWNSHIPS))
    assert len(found.data.designations) == designations
    assert len(found.data.facilities) == 5 - designations


@pytest.mark.parametrize(
    ("row", "place", "mark"),
    [
        ([None, "基地", "S3"], "S3", False),
        (["旧馆", "基地"], "S3", False),
        (["桥头科普馆", "基地"], "S2", True),
        (["桥头科普馆", "基地", "S2", "罗市镇"], "S2", True),
        (["清风科技馆", "基地"], "P1", True),
    ],
)
def test_in_an_update_a_plaque_may_hang_on_a_place_of_the_store(
    examine: Examine, row: list[Any], place: str, mark: bool
) -> None:
    found = examine(row, facilities=STORED, update=True)
    assert found.data.designations["facility_id"].tolist() == [place]
    assert found.data.designations["demonstration"].tolist() == [mark]
    assert len(found.data.facilities) == 4


def test_places_of_file_and_store_are_several(examine: Examine) -> None:
    found = examine(
        ["农家书屋", "基地", None, "蔡锷乡"], ["农家书屋", "基地"], facilities=STORED, update=True
    )
    told = [error.zh for error in found.report.errors if error.code == "plaque_place_several"]
    assert "有 2 处：设施台账 4（P3）、S4。" in told[0]
    assert "有 3 处：" in told[1]


@pytest.mark.parametrize("row", [[None, "基地", "S3"], ["旧馆", "基地"]])
def test_what_a_whole_ledger_lacks_has_no_plaque(examine: Examine, row: list[Any]) -> None:
    found = examine(row, facilities=STORED)
    assert found.data.designations.empty
    assert len(errors(found)) == 1


def test_a_place_of_the_store_that_the_file_holds_back_has_no_plaque(examine: Examine) -> None:
    stored = STORED.rename(index={"S3": "P5"})
    assert errors(examine([None, "基地", "P5"], facilities=stored, update=True)) == [
        "place_in_quarantine"
    ]


def test_without_townships_codes_are_held_against_each_other(
    workbook: Callable[..., Path],
) -> None:
    rows = [["农家书屋", "基地", "430503202"], ["农家书屋", "基地", None]]
    path = workbook(设施台账=PLACES, 挂牌=[["设施名称", "牌匾名称", "乡镇代码"], *rows])
    found = parse(LEDGER, read_file(path), ReferenceData())
    assert found.data.designations["facility_id"].tolist() == ["P3"]
    assert errors(found) == ["plaque_place_several"]


NAMES = st.lists(st.text("清风馆 Ａa１1", min_size=1, max_size=4), max_size=8)


@given(NAMES, st.text("清风馆 Ａa１1", min_size=1, max_size=4))
def test_a_name_is_taken_only_where_one_place_has_it(names: list[str], asked: str) -> None:
    made = [KnownFacility(str(n), name, "", str(n), False) for n, name in enumerate(names)]
    same = [place for place in made if folded(place.name) == folded(asked)]
    found = find_place(KnownFacilities(made), None, asked, "")
    if len(same) == 1:
        assert found == same[0]
    else:
        assert isinstance(found, BadValueError)
        assert (found.code == "plaque_place_several") == (len(same) > 1)


def test_names_without_end_and_without_number_take_bounded_time() -> None:
    places = KnownFacilities(
        KnownFacility(str(n), f"第{n}村科普馆", "", str(n), False) for n in range(20_000)
    )
    found = [places.nearest(f"第{n}号村科普馆") for n in range(2_000)]
    assert found[0] is not None
    assert found[-1] is None, "20 million comparisons are enough"
    assert places.nearest("长" * 10_000) is None
