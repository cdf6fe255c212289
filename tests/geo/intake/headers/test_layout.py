from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import FileTypeError
from geo.core.schema import DESIGNATIONS, FACILITIES, POPULATION
from geo.intake.formats.parts import Row, Sheet
from geo.intake.headers.columns import understand
from geo.intake.headers.layout import HeaderLayout, lay_out
from geo.intake.headers.rows import choose_data_sheets

HEADS = ("序号", "设施名称", "类型", "展厅面积", "详细地址")
ONE = (1, "科普馆", "科技馆", 120, "城北路1号")
TWO = (2, "书苑", "图书馆", 80, "城南路2号")


def sheet(*rows: Sequence[Any], name: str = "Sheet1") -> Sheet:
    numbered = [Row(n, tuple(cells)) for n, cells in enumerate(rows, start=1)]
    return Sheet(
        "台账.xlsx", name, [row for row in numbered if any(c is not None for c in row.cells)]
    )


def laid(*rows: Sequence[Any], merged: Sequence[tuple[int, int, int, int]] = ()) -> HeaderLayout:
    return lay_out(sheet(*rows), FACILITIES.columns, merged=merged)


def left(layout: HeaderLayout) -> list[tuple[int, str]]:
    return [(one.row, one.reason.code) for one in layout.left_out]


def data(layout: HeaderLayout) -> list[tuple[Any, ...]]:
    return [row.cells for row in layout.sheet.rows[1:]]


def test_a_clean_table_is_left_as_it_is() -> None:
    found = laid(HEADS, ONE, TWO)
    assert list(found.sheet.rows) == list(sheet(HEADS, ONE, TWO).rows)
    assert (found.heading_rows, found.left_out, found.title) == ((1,), (), ())


def test_title_unit_and_who_filled_it_in() -> None:
    found = laid(
        ("大祥区科普设施台账（2024年）",),
        ("填报单位：大祥区科协", None, None, "填报日期：2024-05-01"),
        (None, None, None, None, "单位：平方米"),
        HEADS,
        ONE,
    )
    assert left(found) == [(1, "row_title"), (2, "row_note"), (3, "row_unit")]
    assert found.title[0] == "大祥区科普设施台账（2024年）"
    assert found.units == ("平方米",)
    assert found.sheet.rows[0].number == 4
    assert data(found) == [ONE]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("合计", None, None, 200), "row_total"),
        (("合 计", None, None, 200), "row_total"),
        (("总计",), "row_total"),
        ((None, "小计", None, 200), "row_total"),
        ((None, "城北街道小计", None, 200), "row_total"),
        (("共计：", "2个", None, 200), "row_total"),
        (("合计", "共2处", None, 200), "row_total"),
        ((None, None, None, 200), "row_sum"),
        ((None, None, None, "200.0"), "row_sum"),
        (("注：展厅面积不含在建部分。",), "row_note"),
        ((None, "备注：共2处"), "row_note"),
        (("填表人：张三", None, "审核人：李四", None, "填表日期：2024.5.1"), "row_note"),
        (("单位负责人（签字）：", None, "联系电话："), "row_note"),
        (("说明：本表一式两份",), "row_note"),
        (("注1：" + "很长" * 5_000,), "row_note"),
        (("（以下空白）",), "row_note"),
        (("单位：平方米",), "row_unit"),
        (("例", "某某科普馆", "科技馆", 100, "某路"), "row_example"),
        (("示例：", "某某科普馆", "科技馆", 100, "某路"), "row_example"),
        ((None, "例：某某科普馆", "科技馆", 100), "row_example"),
        (("一、科普基地",), "row_section"),
        (("（二）科普场馆",), "row_section"),
        (HEADS, "row_repeated_heading"),
        (("序 号", "设施名称 ", "类型", "展厅\n面积", "详细地址"), "row_repeated_heading"),
    ],
)
def test_rows_that_are_no_data(cells: tuple[Any, ...], code: str) -> None:
    found = laid(HEADS, ONE, TWO, cells)
    assert left(found) == [(4, code)]
    assert found.left_out[0].cells == cells
    assert data(found) == [ONE, TWO]


@pytest.mark.parametrize(
    "cells",
    [
        (3, "合计科技公司展厅", "科普展厅", 5, "路"),
        (3, "注重科普馆", "科技馆", 5, "路"),
        (3, "示例科普馆", "科技馆", 5, "路"),
        (3, "例园", "科技馆", 5, "路"),
        (3, "说明", "科技馆", 200, "路"),
        (None, None, None, 199),
        (None, None, "科技馆", 200),
        (3, "馆", None, 200),
        ("小计", "大祥区科技馆", "科技馆", 200, "路"),
        (3, None, None, None, "路"),
    ],
)
def test_rows_that_stay_data(cells: tuple[Any, ...]) -> None:
    found = laid(HEADS, ONE, TWO, cells)
    assert left(found) == []
    assert data(found) == [ONE, TWO, cells]


def test_a_row_of_sums_by_parts_and_in_all() -> None:
    found = laid(
        HEADS, ONE, TWO, (None, None, None, 200), ONE, TWO, ("小计", None, None, 200),
        (None, None, None, 400),
    )  # fmt: skip
    assert left(found) == [(4, "row_sum"), (7, "row_total"), (8, "row_sum")]


def test_a_district_with_its_code_is_no_total() -> None:
    rows = [("区划代码", "地区", "总人口"), ("430503001", "城北", 5), ("430503", "合计", 5)]
    assert lay_out(sheet(*rows), POPULATION.columns).left_out == ()


def test_numbers_of_columns() -> None:
    assert left(laid(HEADS, (1, 2, 3, 4, 5), ONE)) == [(2, "row_numbering")]
    assert left(laid(HEADS, ("甲", "乙", "1", "2", "3"), ONE)) == [(2, "row_numbering")]
    assert left(laid(HEADS, ("（1）", "（2）", "（3）", "（4）", "（5）"), ONE)) == [
        (2, "row_numbering")
    ]
    assert left(laid(HEADS, ONE, (1, 2, 3, 4, 5))) == []


def test_a_note_of_several_lines() -> None:
    found = laid(HEADS, ONE, ("注：1.不含在建。",), ("2.面积按实测。",), ("3.截至2024年。",))
    assert left(found) == [(3, "row_note"), (4, "row_note"), (5, "row_note")]


def test_a_page_break_with_title_and_headings_once_more() -> None:
    title = ("科普设施台账",)
    found = laid(title, HEADS, (1, 2, 3, 4, 5), ONE, title, HEADS, (1, 2, 3, 4, 5), TWO)
    assert [code for _, code in left(found)] == [
        "row_title", "row_numbering", "row_title", "row_repeated_heading", "row_numbering",
    ]  # fmt: skip
    assert data(found) == [ONE, TWO]


UPPER = ("序号", "设施名称", "位置", None, "面积（㎡）", None, "备注")
LOWER = (None, None, "经度", "纬度", "展厅", "建筑", None)
PLACE = (1, "科普馆", 111.45, 27.23, 120, 300, None)


@pytest.mark.parametrize(
    "merged",
    [
        (),
        [(1, 3, 1, 4), (1, 5, 1, 6)],
        [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 1, 6), (1, 7, 2, 7)],
    ],
)
@pytest.mark.parametrize("titles", [0, 1, 2])
def test_headings_in_two_storeys(merged: Sequence[tuple[int, ...]], titles: int) -> None:
    shifted = [(a + titles, b, c + titles, d) for a, b, c, d in merged]
    titled = [("台账",)] * titles
    merges = [(1, 1, 1, 7)] * titles + shifted if merged else []
    found = laid(*titled, UPPER, LOWER, PLACE, merged=merges)
    headings = understand(
        found.sheet, FACILITIES.columns[1:2] + FACILITIES.columns[4:6], units=found.units
    )
    assert headings.positions == {"name": 1, "exhibition_area_m2": 4, "floor_area_m2": 5}
    assert found.sheet.rows[0].cells[2:4] == ("位置/经度", "位置/纬度")
    assert found.heading_rows == (1 + titles, 2 + titles)
    assert data(found) == [PLACE]


def test_headings_in_three_storeys() -> None:
    found = laid(
        ("设施名称", "建设规模", None, None, "详细地址"),
        (None, "面积", None, "画廊长度", None),
        (None, "展厅（㎡）", "建筑（㎡）", None, None),
        ("科普馆", 120, 300, 5, "路"),
        merged=[(1, 2, 1, 4), (2, 2, 2, 3)],
    )
    assert found.heading_rows == (1, 2, 3)
    positions = understand(
        found.sheet, FACILITIES.columns[1:8], may_lack=frozenset({"kind"})
    ).positions
    assert positions == {
        "name": 0, "exhibition_area_m2": 1, "floor_area_m2": 2, "gallery_length_m": 3
    }  # fmt: skip


def test_units_in_a_row_of_their_own() -> None:
    found = laid(HEADS, (None, None, None, "亩", None), ONE)
    assert found.sheet.rows[0].cells[3] == "展厅面积/亩"
    columns = [FACILITIES["name"], FACILITIES["exhibition_area_m2"]]
    assert understand(found.sheet, columns, forgiving=True).factors["exhibition_area_m2"] > 666


def test_a_merged_township_holds_for_its_rows() -> None:
    rows = [("所属乡镇", "设施名称", "类型"), ("城北", "甲馆", "科技馆"), (None, "乙馆", "科技馆")]
    found = laid(*rows, (None, "丙馆", "科技馆"), merged=[(2, 1, 3, 1)])
    assert [cells[0] for cells in data(found)] == ["城北", "城北", None]
    assert [(f.first, f.last, f.position, f.note.code) for f in found.filled] == [
        (2, 3, 0, "merged_filled")
    ]
    assert [cells[0] for cells in data(laid(*rows))] == ["城北", None]


def test_a_merged_area_counts_once() -> None:
    rows = [("设施名称", "展厅面积", "类型"), ("甲馆", 120, "科技馆"), ("乙馆", None, "科技馆")]
    found = laid(*rows, merged=[(2, 2, 3, 2)])
    assert [cells[1] for cells in data(found)] == [120, None]
    assert [filled.note.code for filled in found.filled] == ["merged_figure"]


def test_merges_that_overlap_or_lie_outside_are_bounded() -> None:
    merged = [(1 + n % 5, 1, 1_048_576, 16_384) for n in range(100_000)] + [(-5, -3, 0, 0)]
    start = time.perf_counter()
    assert len(laid(HEADS, ONE, TWO, merged=merged).sheet.rows) == 3
    assert time.perf_counter() - start < 2


def test_headings_in_the_first_column_are_refused() -> None:
    rows = [("设施名称", "甲馆", "乙馆"), ("类型", "科技馆", "图书馆"), ("展厅面积", 1, 2)]
    with pytest.raises(FileTypeError, match="第一列") as caught:
        laid(*rows)
    assert caught.value.code == "sheet_transposed"


@pytest.mark.parametrize("rows", [[("甲", "乙"), (1, 2)], [("名称", "乙"), ("合计", 2)], []])
def test_without_two_headings_the_first_row_is_taken(rows: list[tuple[Any, ...]]) -> None:
    found = laid(*rows)
    assert list(found.sheet.rows) == list(sheet(*rows).rows)
    assert found.left_out == ()


def test_a_second_table_is_told() -> None:
    found = laid(
        HEADS, ONE, ("名称", "牌匾", "级别", "地址", "状态"), ("馆", "x", "区级", "路", "运行中")
    )
    assert [note.code for note in found.notes] == ["sheet_second_table"]
    assert len(found.sheet.rows) == 4


clean_text = st.text("科普馆书苑城北路甲乙丙0123456789", min_size=1, max_size=8)
clean_rows = st.lists(
    st.tuples(st.just("P"), clean_text, clean_text, st.integers(1, 999), clean_text), min_size=1
)


@given(
    clean_rows,
    st.lists(
        st.sampled_from([("台账",), ("填报单位：科协", None, "日期：5月"), (None, "单位：㎡")]),
        max_size=25,  # headings are looked for in the first thirty rows
    ),
    st.lists(st.sampled_from([("合计", None, None, 1), ("注：无",), ("填表人：甲",), HEADS])),
    st.integers(0, 30),
)
def test_what_stands_around_a_table_changes_no_data(
    rows: list[tuple[Any, ...]], above: list[Any], below: list[Any], at: int
) -> None:
    inserted = [*rows[: at % len(rows)], HEADS, *rows[at % len(rows) :]]
    found = laid(*above, HEADS, *inserted, *below)
    assert data(found) == rows
    assert len(found.left_out) == len(above) + len(below) + 1
    assert found.heading_rows == (len(above) + 1,)


@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=20), st.integers()), min_size=1)))
def test_no_row_is_lost(rows: list[list[Any]]) -> None:
    given_rows = sheet(*rows)
    try:
        found = lay_out(given_rows, FACILITIES.columns)
    except FileTypeError:
        return
    kept = [row.number for row in found.sheet.rows[1:]] + [one.row for one in found.left_out]
    assert sorted({*kept, *found.heading_rows}) == [row.number for row in given_rows.rows]


@pytest.mark.parametrize("length", [10, 38, 95, 10_000])
def test_hostile_text_takes_bounded_time(length: int) -> None:
    draw = random.Random(7)
    signs = [
        chr(n) for n in (*range(32, 126), *range(0x300, 0x340), *range(0x4E00, 0x4F00), 0xFDFA)
    ]
    text = "".join(draw.choices(signs, k=length + 6_000))
    rows = [[text[30 * r + c :][:length] for c in range(200)] for r in range(30)]
    start = time.perf_counter()
    found = laid(*rows)
    assert time.perf_counter() - start < 4
    assert len(found.sheet.rows) == 30


def test_sheets_are_told_by_their_headings() -> None:
    designations = ("设施编号", "牌匾名称", "授牌单位", "文号")
    people = ("区划代码", "地区", "总人口", "统计年份")
    found = choose_data_sheets(
        [
            sheet(HEADS, ONE, name="城北街道"),
            sheet(("台账",), HEADS, ONE, name="Sheet2"),
            sheet(designations, ("P1", "科普基地", "市科协", "1号"), name="Sheet3"),
            sheet(people, ("430503001", "城北", 5, 2020), name="Sheet4"),
            sheet(("填写说明",), ("一、请如实填写",), name="说明"),
            sheet(name="空"),
            sheet(("x", "y"), name="挂牌"),
        ],
        hidden=["字典"],
    )
    assert [one.name for one in found.ledgers] == ["城北街道", "Sheet2"]
    assert [one.name for one in found.designations] == ["Sheet3", "挂牌"]
    assert [(one.name, one.reason.code) for one in found.left_out] == [
        ("Sheet4", "sheet_population"),
        ("说明", "sheet_unknown"),
        ("空", "sheet_blank"),
        ("字典", "sheet_hidden"),
    ]


def test_fourteen_townships_in_fourteen_sheets() -> None:
    sheets = [sheet(HEADS, ONE, name=f"乡镇{n}") for n in range(14)]
    assert choose_data_sheets(sheets).ledgers == tuple(sheets)


def test_plaques_are_laid_out_by_their_own_words() -> None:
    rows = [
        ("挂牌情况",),
        ("设施编号", "牌匾名称", "有效期", None),
        (None, None, "起", "止"),
        ("P1", "基地"),
    ]
    found = lay_out(sheet(*rows), DESIGNATIONS.columns)
    lacks = frozenset({"demonstration"})
    positions = understand(found.sheet, DESIGNATIONS.columns, may_lack=lacks).positions
    assert positions == {"facility_id": 0, "title": 1, "valid_from": 2, "valid_to": 3}
