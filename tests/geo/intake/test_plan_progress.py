"""The sheet of values kept by hand: written, filled in, read again; faults name their cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo.core.approximate import ApproximateValue
from geo.core.errors import InputError, faults_of
from geo.core.plan import Plan, load_plan
from geo.intake.plan_progress import read_hand_kept
from geo.publish.study_json.progress_sheet import progress_sheet

FIRST_YEAR = 6
HEAD_ROW = 3


@pytest.fixture
def plan() -> Plan:
    return load_plan()


def filled(tmp_path: Path, plan: Plan, **cells: dict[int, Any]) -> Path:
    """Fill the sheet in as an office does, by commitment and year."""
    path = tmp_path / "进展.xlsx"
    path.write_bytes(progress_sheet(plan))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    rows = {sheet.cell(row, 1).value: row for row in range(HEAD_ROW + 1, sheet.max_row + 1)}
    for name, values in cells.items():
        for year, value in values.items():
            sheet.cell(rows[name], FIRST_YEAR + year - plan.first_year).value = value
    book.save(path)
    return path


def test_the_sheet_has_headings_units_targets_and_frozen_panes(tmp_path: Path, plan: Plan) -> None:
    sheet = openpyxl.load_workbook(filled(tmp_path, plan)).active
    heads = [sheet.cell(HEAD_ROW, at).value for at in range(1, 12)]
    assert heads[:4] == ["编号", "指标", "单位", "目标"]
    assert heads[5:10] == ["2021", "2022", "2023", "2024", "2025"]
    assert sheet.freeze_panes == "C4"
    targets = {sheet.cell(row, 1).value: sheet.cell(row, 4).value for row in range(4, 10)}
    assert targets["literate_residents"] == 15
    assert targets["farmers_training"] == 2000
    assert progress_sheet(plan) == progress_sheet(plan)


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path, plan: Plan) -> None:
    bad = plan.by_hand[0].model_copy(update={"zh": "=1+1"})
    book_of = plan.model_copy(update={"commitments": (bad,)})
    sheet = openpyxl.load_workbook(filled(tmp_path, book_of)).active
    assert (sheet.cell(4, 2).value, sheet.cell(4, 2).data_type) == ("=1+1", "s")


def test_what_is_filled_in_is_read_and_the_rest_is_unknown(tmp_path: Path, plan: Plan) -> None:
    path = filled(
        tmp_path, plan,
        literate_residents={2021: 10.5, 2023: "12.3%", 2024: "未填报", 2025: "—"},
        farmers_training={2021: "1,200人次", 2022: 0},
    )  # fmt: skip
    found = read_hand_kept(path, plan)
    assert found["literate_residents"] == {2021: 10.5, 2023: 12.3}
    assert found["farmers_training"] == {2021: 1200.0, 2022: 0.0}
    assert found["enterprises"] == {}


@pytest.mark.parametrize("value", [0.123, 150, "-3", -3, "很多", True, "=1/0"])
def test_a_fault_names_sheet_row_and_column(tmp_path: Path, plan: Plan, value: Any) -> None:
    path = filled(tmp_path, plan, literate_residents={2023: value})
    with pytest.raises(InputError) as raised:
        read_hand_kept(path, plan)
    place = raised.value.place
    assert place is not None
    assert (place.file, place.sheet, place.row, place.column) == ("进展.xlsx", "进展", 4, "2023")


def test_all_faults_are_told_at_once(tmp_path: Path, plan: Plan) -> None:
    path = filled(tmp_path, plan, literate_residents={2021: -1}, counsellors={2025: "许多"})
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet.cell(12, 1).value = "literate_residents"
    sheet.cell(13, 1).value = "moon_landing"
    book.save(path)
    with pytest.raises(InputError) as raised:
        read_hand_kept(path, plan)
    assert {error.code for error in faults_of(raised.value)} >= {
        "progress_twice",
        "progress_unknown_id",
    }
    assert len(faults_of(raised.value)) == 4


def test_a_file_without_the_table_says_where_to_begin(tmp_path: Path, plan: Plan) -> None:
    path = tmp_path / "x.csv"
    path.write_text("名称,数值\n科普,3\n", encoding="utf-8")
    with pytest.raises(InputError, match="kepu progress --template"):
        read_hand_kept(path, plan)


def test_a_year_with_two_columns_is_told(tmp_path: Path, plan: Plan) -> None:
    path = tmp_path / "x.csv"
    path.write_text("编号,2021,2021年\nenterprises,3,4\n", encoding="utf-8")
    with pytest.raises(InputError, match="2021 年有两列"):
        read_hand_kept(path, plan)


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("literate_residents", "约8%", 8.0),
        ("literate_residents", "8%左右", 8.0),
        ("literate_residents", "约0.5%", 0.5),
        ("enterprises", "约30家", 30.0),
        ("farmers_training", "1200余人次", 1200.0),
    ],
)
def test_about_so_much_is_taken_and_told(
    tmp_path: Path, plan: Plan, name: str, written: str, value: float
) -> None:
    found = read_hand_kept(filled(tmp_path, plan, **{name: {2023: written}}), plan)[name][2023]
    assert found == value
    assert isinstance(found, ApproximateValue)
    assert written in found.zh
    assert "第" in found.zh
    assert "2023" in found.en


def test_an_exact_figure_is_no_inexact_one(tmp_path: Path, plan: Plan) -> None:
    path = filled(tmp_path, plan, literate_residents={2023: "12.3%"}, enterprises={2023: "三十家"})
    found = read_hand_kept(path, plan)
    assert found["enterprises"] == {2023: 30.0}
    assert not any(isinstance(v, ApproximateValue) for own in found.values() for v in own.values())


@pytest.mark.parametrize("value", [2.5, "2.5家", "约2.5", "8%"])
def test_a_count_must_be_whole(tmp_path: Path, plan: Plan, value: Any) -> None:
    with pytest.raises(InputError, match=r"单位是「家」.*应为整数") as raised:
        read_hand_kept(filled(tmp_path, plan, enterprises={2022: value}), plan)
    assert raised.value.code == "progress_not_whole"


def test_an_amount_that_is_no_count_may_have_parts(tmp_path: Path, plan: Plan) -> None:
    own = plan.by_hand[-1].model_copy(update={"unit_zh": "万元"})
    other = plan.model_copy(update={"commitments": (own,)})
    path = filled(tmp_path, other, enterprises={2022: "2.5万元"})
    assert read_hand_kept(path, other) == {"enterprises": {2022: 2.5}}


def test_excel_itself_asks_for_whole_counts(tmp_path: Path, plan: Plan) -> None:
    rules = openpyxl.load_workbook(filled(tmp_path, plan)).active.data_validations.dataValidation
    assert [rule.type for rule in rules] == ["decimal"] * 2 + ["whole"] * 4
