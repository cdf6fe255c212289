from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.core.errors import (
    BadValueError,
    DuplicateError,
    EmptyFileError,
    FileTypeError,
    InputError,
    MissingColumnError,
    UnknownTermError,
    faults_of,
)
from geo.core.schema import PANDAS_DTYPES, POPULATION
from geo.core.vocabulary import Quality
from geo.districts import load_shipped, shipped_districts
from geo.districts.catalog import shelf
from geo.intake.tables.population import read_population

HEADINGS = ["行政区划代码", "名称", "人口口径", "年份", "人口", "数据质量", "来源"]
ROW = [430599001, "城东街道", "常住人口", 2023, 20000, "据报", "2024年鉴"]
AT = "人口.xlsx · 人口 · 第2行"


@pytest.fixture
def population(workbook: Callable[..., Path]) -> Callable[..., Path]:
    def make(**cells: Any) -> Path:
        values = dict(zip(HEADINGS, ROW, strict=True)) | cells
        return workbook("人口.xlsx", 人口=[list(values), list(values.values())])

    return make


def test_figures_come_out_as_they_went_in(population: Callable[..., Path]) -> None:
    found = read_population(population(**{"城镇人口（人）": 15000.0, "乡村人口": "5000"}))
    assert tuple(found.columns) == POPULATION.names
    assert found.loc[0].dropna().to_dict() == {
        "division_code": "430599001", "name_zh": "城东街道", "population_kind": "resident",
        "year": 2023, "population": 20000, "urban_population": 15000, "rural_population": 5000,
        "quality": "reported", "source_id": "2024年鉴", "source_file": "人口.xlsx",
        "source_sheet": "人口", "source_row": 2,
    }  # fmt: skip
    for column in POPULATION.columns:
        assert found[column.name].dtype == PANDAS_DTYPES[column.dtype]


def test_a_given_source_stands_in_every_row_and_the_own_one_in_the_basis(
    population: Callable[..., Path],
) -> None:
    found = read_population(population(依据="公报"), source_id="file-1").loc[0]
    assert (found["source_id"], found["basis"]) == ("file-1", "公报；来源：2024年鉴")
    found = read_population(population(), source_id="file-1").loc[0]
    assert found["basis"] == "来源：2024年鉴"
    found = read_population(population(), source_id="2024年鉴").loc[0]
    assert pd.isna(found["basis"])


def test_a_given_source_makes_the_column_needless(
    refused: Callable[..., object], workbook: Callable[..., Path]
) -> None:
    path = workbook("人口.xlsx", Sheet1=[HEADINGS[:-1], ROW[:-1]])
    assert read_population(path, source_id="file-1")["source_id"].tolist() == ["file-1"]
    message = (
        "人口.xlsx · Sheet1 · 第1行：缺少必需的列「来源」。"
        "现有表头：行政区划代码、名称、人口口径、年份、人口、数据质量。请补上，或改正表头。"
    )
    refused(MissingColumnError, message, read_population, path)


@pytest.mark.parametrize(
    ("cells", "kind", "message"),
    [
        (
            {"人口": -1},
            BadValueError,
            f"{AT} · 人口：「-1」小于下限 0 人，请核对。",
        ),
        ({"人口": None}, BadValueError, f"{AT} · 人口：这一格必须填写。"),
        ({"人口": 36.32}, BadValueError, f"{AT} · 人口：「36.32」不是整数，请填整数。"),
        (
            {"年份": 23},
            BadValueError,
            f"{AT} · 年份：「23」小于下限 1,949，请核对。",
        ),
        (
            {"行政区划代码": "43059"},
            BadValueError,
            f"{AT} · 行政区划代码：「43059」不是行政区划代码：应为 6、9、12 位数字。"
            "若首尾的 0 被表格软件吞掉，请设为文本格式后补上。",
        ),
        (
            {"城镇人口": 15000, "乡村人口": 5001},
            BadValueError,
            f"{AT} · 人口：城镇、乡村合计 20,001 人，多于总人口 20,000 人，请核对。",
        ),
        (
            {"0-14岁人口": 20001},
            BadValueError,
            f"{AT} · 人口：各年龄段合计 20,001 人，多于总人口 20,000 人，请核对。",
        ),
    ],
)
def test_cells_that_are_wrong(
    refused: Callable[..., object],
    population: Callable[..., Path],
    cells: dict[str, Any],
    kind: type[InputError],
    message: str,
) -> None:
    refused(kind, message, read_population, population(**cells))


def test_an_unknown_kind_of_population(population: Callable[..., Path]) -> None:
    # Which term is nearest is for rapidfuzz to say; naming any is a way out.
    with pytest.raises(UnknownTermError, match=r"人口口径：「流动人口」不是可用的词。.+"):
        read_population(population(人口口径="流动人口"))


def test_a_missing_quality_is_the_callers(
    workbook: Callable[..., Path], population: Callable[..., Path]
) -> None:
    path = workbook("无.xlsx", 人口=[[*HEADINGS[:5], "来源"], [*ROW[:5], "年鉴"]])
    assert read_population(path)["quality"].tolist() == ["reported"]
    found = read_population(path, quality=Quality.ESTIMATE)
    assert found["quality"].tolist() == ["estimate"]
    found = read_population(population(), quality=Quality.ESTIMATE)
    assert found["quality"].tolist() == ["reported"]


def test_the_same_figure_twice(
    refused: Callable[..., object], workbook: Callable[..., Path]
) -> None:
    registered = [*ROW[:2], "户籍人口", *ROW[3:]]
    path = workbook("人口.xlsx", 人口=[HEADINGS, ROW, registered, [str(ROW[0]), *ROW[1:]]])
    message = (
        "人口.xlsx · 人口 · 第4行 · 行政区划代码："
        "430599001 的 2023 年常住人口与第2行重复，请删去其中一行。"
    )
    refused(DuplicateError, message, read_population, path)


def test_every_fault_is_told(workbook: Callable[..., Path]) -> None:
    path = workbook("人口.xlsx", 人口=[HEADINGS, ["x", *ROW[1:]], ROW, ["y", *ROW[1:]]])
    with pytest.raises(BadValueError) as caught:
        read_population(path)
    assert [error.place.row for error in faults_of(caught.value) if error.place] == [2, 4]


def test_an_empty_table(refused: Callable[..., object], text_file: Callable[..., Path]) -> None:
    path = text_file("人口.csv", "行政区划代码,名称\n")
    message = "人口.csv：没有数据：表头下面应至少有一行。"
    refused(EmptyFileError, message, read_population, path)


def test_a_map_is_no_population(
    refused: Callable[..., object], text_file: Callable[..., Path]
) -> None:
    message = (
        "人口.geojson：不接收.geojson 文件，"
        "这里可用 .xlsx、.xlsm、.xls、.et、.csv、.tsv、.txt；请换一种格式保存。"
    )
    refused(FileTypeError, message, read_population, text_file("人口.geojson", "{}"))


def test_two_sheets_without_the_name(
    refused: Callable[..., object], workbook: Callable[..., Path]
) -> None:
    path = workbook("人口.xlsx", 甲=[HEADINGS], 乙=[HEADINGS])
    message = "人口.xlsx：没有名为「人口」的工作表（现有：甲、乙），请把有数据的那张改为此名。"
    refused(FileTypeError, message, read_population, path)


@pytest.mark.parametrize("code", shipped_districts())
def test_the_shipped_population_reads_as_the_shelf_reads_it(code: str) -> None:
    found = read_population(Path(str(shelf())) / code / "population.csv")
    told = ["source_file", "source_sheet", "source_row"]
    assert found["source_row"].tolist() == list(range(2, len(found) + 2))
    shipped = load_shipped(code).population
    pd.testing.assert_frame_equal(found.drop(columns=told), shipped.drop(columns=told))
