from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import box

from geo.errors import UnknownDivisionError
from geo.intake.faults import faults_of
from geo.intake.ledger import read_ledger

TOWNSHIPS = gpd.GeoDataFrame(
    {"name_zh": ["城东街道", "河西镇"]},
    geometry=[box(111, 27, 112, 28), box(112, 27, 113, 28)],
    index=["430599001", "430599101"],
    crs=4490,
)
THERE = "请改正代码，可用：430599001 城东街道、430599101 河西镇。"


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
    ("codes", "column"),
    [
        ({"乡镇街道代码": "430599777"}, "乡镇街道代码"),
        ({"乡镇街道代码": None, "村社区代码": "430599777001"}, "村社区代码"),
    ],
)
def test_a_township_code_that_does_not_exist(
    refused: Callable[..., object], one_row: Callable[..., Path], codes: dict[str, Any], column: str
) -> None:
    path = one_row(**codes)
    message = (
        f"台账.xlsx · 设施台账 · 第2行 · {column}：本区没有代码为 430599777 的乡镇街道。{THERE}"
    )
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
    assert [str(fault.place) for fault in faults_of(caught.value)] == [
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
    assert str(caught.value).endswith("430599031 镇、…。")
