from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError, DuplicateError, MissingColumnError
from geo.core.messages import Unreadable
from geo.core.schema import DESIGNATIONS, FACILITIES, POPULATION, TOWNSHIPS, Column, Table
from geo.intake.formats.parts import Row, Sheet
from geo.intake.headers.columns import understand, without_heading
from geo.intake.headers.normalise import folded
from geo.intake.headers.proposals import HeadingProposal

COLUMNS = (FACILITIES["name"], FACILITIES["exhibition_area_m2"], FACILITIES["gallery_length_m"])


def sheet(*cells: Any) -> Sheet:
    return Sheet("台账.xlsx", "设施台账", [Row(1, cells)])


@pytest.mark.parametrize("table", [FACILITIES, DESIGNATIONS, POPULATION, TOWNSHIPS])
def test_no_word_names_two_columns(table: Table) -> None:
    owners: dict[str, str] = {}
    for column in table.columns:
        for word in (column.name, column.zh, column.en):
            assert owners.setdefault(folded(word), column.name) == column.name


@pytest.mark.parametrize(
    "heading",
    [
        "展厅面积",
        "展厅面积（㎡）",
        "展厅面积(m²)",
        "展厅面积（平方米）",
        " 展厅\n面积 ( 平方米 ) ",
        "exhibition_area_m2",
        "EXHIBITION AREA (m2)",
        "Exhibition area",
    ],
)
def test_ways_to_write_a_heading(heading: str) -> None:
    found = understand(sheet("名称", heading), COLUMNS)
    assert found.positions == {"name": 0, "exhibition_area_m2": 1}
    assert found.texts["exhibition_area_m2"] == " ".join(heading.split())


@given(st.permutations([*FACILITIES.columns[:-3]]), st.data())
def test_headings_in_any_order_and_language(columns: list[Column], data: st.DataObject) -> None:
    words = [data.draw(st.sampled_from([c.name, c.zh, c.en])) for c in columns]
    found = understand(sheet(*words), FACILITIES.columns)
    assert found.positions == {c.name: number for number, c in enumerate(columns)}
    assert found.ignored == ()


def test_unknown_and_provenance_headings_are_ignored_and_told() -> None:
    found = understand(sheet("备忘", "名称", None, "source_row", 2023), [*FACILITIES.columns[1:2]])
    assert found.positions == {"name": 1}
    assert found.ignored == ("备忘", "source_row", "2023")
    assert found.width == 5


def test_brackets_on_a_column_without_unit_make_another_heading() -> None:
    assert understand(sheet("名称", "名称（英文）"), COLUMNS).ignored == ("名称（英文）",)


@pytest.mark.parametrize("unit", ["亩", "万平方米", "m"])
def test_another_unit_is_refused(refused: Callable[..., object], unit: str) -> None:
    heading = f"展厅面积（{unit}）"
    message = (
        f"台账.xlsx · 设施台账 · 第1行 · {heading}：「{heading}」的单位应为平方米，"
        "请换算后把表头改为「展厅面积（平方米）」。"
    )
    refused(BadValueError, message, understand, sheet("名称", heading), COLUMNS)


@pytest.mark.parametrize(("first", "second"), list(product(["名称"], ["名称", "Name", "名 称"])))
def test_the_same_heading_twice(refused: Callable[..., object], first: str, second: str) -> None:
    message = f"台账.xlsx · 设施台账 · 第1行：A列「{first}」和C列「{second}」是同一项，请删去一列。"
    refused(DuplicateError, message, understand, sheet(first, "x", second), COLUMNS)


def test_missing_columns_are_all_named_with_what_was_found(
    refused: Callable[..., object],
) -> None:
    message = (
        "台账.xlsx · 设施台账 · 第1行：缺少必需的列「设施编号」「状态」。"
        "现有表头：名称、类型、备忘。请补上，或改正表头。"
    )
    refused(
        MissingColumnError,
        message,
        understand,
        sheet("名称", "类型", "备忘"),
        FACILITIES.columns,
        may_lack=frozenset({"verification", "demonstration"}),
    )


def test_many_and_long_headings_do_not_flood_the_message() -> None:
    with pytest.raises(MissingColumnError) as caught:
        understand(sheet(*["长" * 10_000] * 200), COLUMNS)
    assert len(str(caught.value)) < 2_000


def test_a_heading_that_cannot_be_read_is_told_as_such() -> None:
    lacking = Unreadable(zh="公式没有结果。", en="No result.")
    found = understand(Sheet("a.xlsx", "甲", [Row(1, ("名称", lacking))]), [FACILITIES["name"]])
    assert found.ignored == ("（读不出的单元格）",)


def test_cells_beyond_the_headings() -> None:
    found = understand(sheet("名称"), COLUMNS)
    assert without_heading(found, ("a", None, " ", "b")) == [3]


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("亩", 2000 / 3), ("万㎡", 10_000), ("公顷", 10_000), ("平方公里", 1_000_000)],
)
def test_a_unit_that_can_be_converted_is_a_factor_with_a_remark(unit: str, factor: float) -> None:
    found = understand(sheet("名称", f"布展面积（{unit}）"), COLUMNS, forgiving=True)
    assert dict(found.factors) == {"exhibition_area_m2": pytest.approx(factor)}
    assert [note.code for note in found.notes] == ["heading_unit"]


@pytest.mark.parametrize("unit", ["m", "间", "室内"])
def test_a_unit_that_cannot_be_converted_is_refused_all_the_same(unit: str) -> None:
    with pytest.raises(BadValueError, match="单位应为平方米"):
        understand(sheet("名称", f"展厅面积（{unit}）"), COLUMNS, forgiving=True)


def test_a_unit_stated_above_the_table_holds_where_the_heading_has_none() -> None:
    cells = ("名称", "展厅面积", "画廊长度（米）")
    found = understand(sheet(*cells), COLUMNS, units=("亩",), forgiving=True)
    assert list(found.factors) == ["exhibition_area_m2"]
    assert understand(sheet(*cells), COLUMNS, units=("m2",)).factors == {}
    with pytest.raises(BadValueError):
        understand(sheet(*cells), COLUMNS, units=("亩",))


def test_the_label_holds_before_another_word() -> None:
    found = understand(sheet("单位名称", "名称"), COLUMNS)
    assert found.positions == {"name": 1}
    assert found.ignored == ("单位名称",)
    assert [note.code for note in found.notes] == ["heading_second"]


def test_two_words_for_a_required_column(refused: Callable[..., object]) -> None:
    message = (
        "台账.xlsx · 设施台账 · 第1行：「设施名称、单位名称」都像必需的「名称」。"
        "请把要采用的一列改名为「名称」。"
    )
    refused(DuplicateError, message, understand, sheet("设施名称", "单位名称"), COLUMNS)


def test_two_words_for_another_column_are_left_to_a_person() -> None:
    found = understand(sheet("名称", "展览面积", "布展面积"), COLUMNS)
    assert found.positions == {"name": 0}
    assert found.ignored == ("展览面积", "布展面积")
    assert {proposal.column for proposal in found.proposals} == {"exhibition_area_m2"}
    assert [note.code for note in found.notes] == ["heading_unclear"]


def test_contact_may_stand_in_two_columns() -> None:
    columns = (FACILITIES["name"], FACILITIES["contact"])
    found = understand(sheet("名称", "联系人", "联系电话"), columns)
    assert (found.positions["contact"], found.joined) == (1, {"contact": (2,)})
    assert found.ignored == ()
    assert [note.code for note in found.notes] == ["heading_joined"]


def test_what_headings_say_beyond_their_column() -> None:
    columns = (POPULATION["name_zh"], POPULATION["population"], POPULATION["population_kind"])
    lacks = frozenset({"population_kind"})
    found = understand(sheet("乡镇", "2020年户籍人口"), columns, may_lack=lacks)
    assert found.implied == {"population_kind": "registered", "year": "2020"}
    told = understand(sheet("乡镇", "户籍人口", "人口口径"), columns)
    assert told.implied == {}


def test_headings_that_contradict_each_other_say_nothing() -> None:
    columns = POPULATION.columns[4:6]
    found = understand(sheet("2020年人口", "2021年城镇人口"), columns)
    assert found.implied == {}
    assert [note.code for note in found.notes] == ["heading_contradiction"]


def test_what_is_nearly_a_column_is_taken_only_by_a_forgiving_caller() -> None:
    cells = ("名称", "Exhibition areaa", "序号")
    strict = understand(sheet(*cells), COLUMNS)
    assert strict.positions == {"name": 0}
    (proposal,) = strict.proposals
    assert (proposal.text, proposal.column) == ("Exhibition areaa", "exhibition_area_m2")
    found = understand(sheet(*cells), COLUMNS, forgiving=True)
    assert found.positions == {"name": 0, "exhibition_area_m2": 1}
    assert (found.ignored, found.proposals) == ((), ())
    assert [note.code for note in found.notes] == ["heading_near"]


def test_what_must_be_asked() -> None:
    found = understand(sheet("名称", "面积"), COLUMNS, forgiving=True)
    assert found.proposals == (HeadingProposal("面积", "exhibition_area_m2", 0.5),)


def test_a_missing_column_names_what_is_near() -> None:
    with pytest.raises(MissingColumnError, match="「设施的名称」是否指「名称」？请补上"):
        understand(sheet("设施的名称", "展厅面积"), COLUMNS)
