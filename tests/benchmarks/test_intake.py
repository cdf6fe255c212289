"""A ledger of 100,000 rows, checked and loaded, beside pandas merely reading the same file."""

from __future__ import annotations

import resource
import time
import warnings
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from api.cli.load import load
from api.district_store import open_or_make

ROWS = 100_000
HEADINGS = (
    "设施编号", "名称", "类型", "级别", "展厅面积（㎡）", "建筑面积", "是否对公众开放", "开放日期",
    "状态", "是否区属", "责任单位", "地址", "乡镇街道代码", "联系方式", "核查", "备注",
    "经度", "纬度",
)  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("设施台账")
    sheet.append(HEADINGS)
    for number in range(ROWS):
        sheet.append(
            [
                f"P{number}", f"第{number}处科普馆", "科技馆", "区级", number % 700 + 0.5, 900,
                "是", "2023-05-01", "运行中", "否", "区科协", f"某路{number}号", "430503001",
                "13800000000", "已核", None, 111.4 + number % 100 / 1000, 27.2,
            ]
        )  # fmt: skip
    path = tmp_path_factory.mktemp("big") / "大台账.xlsx"
    book.save(path)
    return path


@pytest.mark.benchmark
def test_checking_and_loading_beside_reading(ledger: Path, tmp_path: Path) -> None:
    with open_or_make(tmp_path / "s.gpkg", lambda zh, en: None) as store:
        start = time.perf_counter()
        account = load("facilities", store, ledger, lambda zh, en: None).report
        ours = time.perf_counter() - start
        assert len(account.taken) == ROWS
        assert len(store.read_district().facilities) == ROWS
    main_mb, reader_mb = (
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = pd.read_excel(ledger, engine="openpyxl")
    theirs = time.perf_counter() - start
    assert len(peer) == ROWS
    start = time.perf_counter()
    pd.read_excel(ledger, engine="calamine")
    fastest = time.perf_counter() - start
    print(
        f"\n{ROWS:,} rows of xlsx checked and loaded: {ours:.1f} s; pandas.read_excel alone: "
        f"openpyxl {theirs:.1f} s (ratio {ours / theirs:.2f}), "
        f"calamine {fastest:.1f} s (ratio {ours / fastest:.1f}); at most {main_mb:,} MB, "
        f"and {reader_mb:,} MB in the process that opens the file"
    )
