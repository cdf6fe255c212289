"""The workbook that goes back to its sender: every mark stands at the cell that it is about."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from openpyxl import load_workbook
from shapely import box

from geo.intake.import_report import report_workbook
from geo.intake.pipeline import parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.ledger import LEDGER

DISTRICT = gpd.GeoDataFrame(
    {"name_zh": ["罗市镇"], "quality": ["official"]},
    geometry=[box(111.4, 27.1, 111.5, 27.3)],
    index=["430503101"],
    crs=4490,
)
HEADS = ["序号", "设施名称", "类型", "展览面积", "总建筑面积", "经度", "纬度"]


@pytest.fixture
def marked(workbook: Callable[..., Path]) -> Callable[..., Any]:
    """Return a maker of the marked workbook of a ledger."""

    def make(*rows: Sequence[Any]) -> Any:
        path = workbook(设施台账=[HEADS, *rows])
        book = read_file(path)
        account = parse(LEDGER, book, ReferenceData(DISTRICT)).report
        return load_workbook(io.BytesIO(report_workbook(path, book, account)))

    return make


def test_a_ledger_without_a_fault_has_its_remarks_at_their_cells(
    marked: Callable[..., Any],
) -> None:
    made = marked([1, "甲科技馆", "科技馆", "约200", None, None, None])
    assert made["设施台账"]["D2"].comment.text.startswith("「约200」是约数")
    assert made["设施台账"]["A2"].comment is None


def test_a_question_in_our_words_stands_at_the_senders_column(marked: Callable[..., Any]) -> None:
    made = marked([1, "甲科技馆", "科技馆", 3000, 3000, None, None])
    assert "建筑面积" in made["设施台账"]["D2"].comment.text


def test_what_is_said_of_a_whole_sheet_is_in_the_list_and_at_no_cell(
    marked: Callable[..., Any],
) -> None:
    rows = [[n, f"第{n}馆", "科技馆", 9, 9, 111.41 + n / 100, 27.2] for n in range(4)]
    made = marked(*rows)
    listed = [tuple(cell.value for cell in row) for row in made["核对清单"].iter_rows(min_row=2)]
    assert ("设施台账", "整张表") in {row[:2] for row in listed}
    assert any("看不出坐标系" in row[4] for row in listed)
    order = [0 if row[1] == "整张表" else row[1] for row in listed]
    assert order == sorted(order)
    assert made["设施台账"]["A1"].comment is None
