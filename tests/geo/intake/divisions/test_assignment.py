from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from geo.core.errors import UnknownDivisionError, faults_of
from geo.intake.pipeline import parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.ledger import LEDGER, read_ledger

TOWNSHIPS = gpd.GeoDataFrame(
    {"name_zh": ["城东街道", "河西镇"]},
    geometry=[box(111, 27, 112, 28), box(112, 27, 113, 28)],
    index=["430599001", "430599101"],
    crs=4490,
)
THERE = "请改正；全部 2 个乡镇街道见 kepu study。"


@pytest.mark.parametrize(
    "codes",
    [
        {"乡镇街道代码": "430599001"},
        {"乡镇街道代码": None},
        {"乡镇街道代码": "430503001"},
        {"乡镇街道代码": None, "村社区代码": "430599101205"},
        {"乡镇街道代码": None, "村社区代码": "430503001205"},
    ],
)
def test_codes_that_are_there_or_elsewhere_pass(
    one_row: Callable[..., Path], codes: dict[str, Any]
) -> None:
    assert len(read_ledger(one_row(**codes), townships=TOWNSHIPS).facilities) == 1


@pytest.mark.parametrize(
    ("codes", "column", "told"),
    [
        ({"乡镇街道代码": "430599777"}, "乡镇街道代码", "430599777"),
        ({"乡镇街道代码": None, "村社区代码": "430599777001"}, "村社区代码", "430599777001"),
    ],
)
def test_a_township_code_that_does_not_exist(
    refused: Callable[..., object],
    one_row: Callable[..., Path],
    codes: dict[str, Any],
    column: str,
    told: str,
) -> None:
    path = one_row(**codes)
    message = f"台账.xlsx · 设施台账 · 第2行 · {column}：没有代码「{told}」。{THERE}"
    refused(UnknownDivisionError, message, read_ledger, path, townships=TOWNSHIPS)


def test_all_are_told_and_a_file_without_sheets_has_its_rows(
    text_file: Callable[..., Path],
) -> None:
    rows = [f"P{n},馆,图书馆,运行中,{code}" for n, code in enumerate((430599777, 430599888))]
    text = "\n".join(["设施编号,名称,类型,状态,乡镇街道代码", *rows])
    path = text_file("台账.csv", text)
    with pytest.raises(UnknownDivisionError) as caught:
        read_ledger(path, townships=TOWNSHIPS)
    assert str(caught.value).startswith("台账.csv · 第2行 · 乡镇街道代码：")
    assert str(caught.value).endswith("（另有 1 处问题）")
    assert [str(error.place) for error in faults_of(caught.value)] == [
        "台账.csv · 第2行 · 乡镇街道代码",
        "台账.csv · 第3行 · 乡镇街道代码",
    ]


def test_many_townships_do_not_flood_the_message(one_row: Callable[..., Path]) -> None:
    codes = [f"430599{number:03d}" for number in range(2, 800)]
    many = gpd.GeoDataFrame(
        {"name_zh": ["镇"] * len(codes)}, geometry=[None] * len(codes), index=codes, crs=4490
    )
    with pytest.raises(UnknownDivisionError) as caught:
        read_ledger(one_row(), townships=many)
    assert str(caught.value).endswith(
        "相近的有：430599002 镇、430599003 镇、430599004 镇。"
        "请改正；全部 798 个乡镇街道见 kepu study。"
    )


VILLAGES = pd.DataFrame(
    {"name_zh": ["桥头村", "桥头村", "江边社区"],
     "township_code": ["430599001", "430599101", "430599101"]},
    index=["430599001201", "430599101202", "430599101001"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "township", "village", "code"),
    [
        ({"乡镇街道": "河西镇"}, "430599101", None, "division_code_from_name"),
        ({"乡镇街道": "河西镇人民政府"}, "430599101", None, None),
        (
            {"乡镇街道代码": 43059910, "乡镇街道": "河西镇"},
            "430599101",
            None,
            "division_code_damaged",
        ),
        ({"乡镇街道代码": "430599101", "乡镇街道": "河西镇"}, "430599101", None, ""),
        ({"乡镇街道代码": "430599101000"}, "430599101", None, None),
        ({"村社区": "江边社区居委会"}, "430599101", "430599101001", None),
        ({"乡镇街道": "河西镇", "村社区": "桥头村"}, "430599101", "430599101202", None),
    ],
)
def test_codes_and_names_together(
    workbook: Callable[..., Path],
    cells: dict[str, Any],
    township: str,
    village: str | None,
    code: str | None,
) -> None:
    row = {"名称": "馆", "类型": "科技馆"} | cells
    book = read_file(workbook(设施台账=[list(row), list(row.values())]))
    found = parse(LEDGER, book, ReferenceData(TOWNSHIPS, villages=VILLAGES))
    assert not found.report.quarantined
    (facility,) = found.data.facilities.to_dict("records")
    assert facility["township_code"] == township
    assert (None if pd.isna(facility["village_code"]) else facility["village_code"]) == village
    codes = {n.note.code for n in found.report.warnings if n.note.code.startswith("division")}
    assert codes == ({code} if code else set()) or code is None


@pytest.mark.parametrize(
    ("cells", "proposal"),
    [
        ({"乡镇街道": "河溪镇"}, "430599101"),
        ({"乡镇街道代码": "430599001", "乡镇街道": "河西镇"}, "430599101"),
        ({"乡镇街道代码": 43059910}, "430599101"),
        ({"村社区": "桥头村"}, "430599001"),
    ],
)
def test_what_is_put_to_a_person(
    workbook: Callable[..., Path], cells: dict[str, Any], proposal: str
) -> None:
    row = {"名称": "馆", "类型": "科技馆"} | cells
    book = read_file(workbook(设施台账=[list(row), list(row.values())]))
    (held,) = parse(LEDGER, book, ReferenceData(TOWNSHIPS, villages=VILLAGES)).report.quarantined
    (error,) = held.errors
    assert error.proposal is not None
    assert error.proposal.value == proposal
