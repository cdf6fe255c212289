from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from geo.core.schema import DESIGNATIONS, FACILITIES, PANDAS_DTYPES
from geo.districts import demo_ledger_path, load_shipped, shipped_districts
from geo.intake.tables.ledger import read_ledger

AT = "台账.xlsx · 设施台账 · 第2行"
PLAQUE_HEADINGS = ["设施编号", "牌匾名称", "认定类型", "认定起", "认定止"]


def test_a_ledger_comes_out_as_it_went_in(one_row: Callable[..., Path]) -> None:
    path = one_row(
        级别="省级", 是否共用场地="是", 共用折算=0.5, 是否对公众开放="有",
        开放日期=date(2020, 5, 1), 关闭日期="2024/1/31", 是否区属="否", 服务人群="youth;seniors",
        责任单位="区科协",
        地址="<b>路 1 号</b>", 村社区代码=430599001001, 联系方式=13800000000, 核查="已核",
        是否演示数据="是", 备注="{{7*7}}", 画廊长度=30,
    )  # fmt: skip
    ledger = read_ledger(path)
    found = ledger.facilities.loc["P1"].drop("geometry").to_dict()
    unknown = {name for name, value in found.items() if pd.isna(value)}
    assert unknown == {"floor_area_m2", "outdoor_area_m2", "position_source", "valid_from"}
    assert {name: value for name, value in found.items() if name not in unknown} == {
        "name": "科普馆", "kind": "science_museum", "level": "provincial",
        "exhibition_area_m2": 120.5, "gallery_length_m": 30.0, "shared_use": True,
        "shared_use_ratio": 0.5, "open_to_public": True, "opened_on": pd.Timestamp("2020-05-01"),
        "closed_on": pd.Timestamp("2024-01-31"), "status": "operating", "district_run": False,
        "audiences": "youth;seniors", "department": "区科协", "address": "<b>路 1 号</b>",
        "township_code": "430599001", "village_code": "430599001001", "contact": "13800000000",
        "verification": "verified", "demonstration": True, "note": "{{7*7}}",
        "source_file": "台账.xlsx", "source_sheet": "设施台账", "source_row": 2,
    }  # fmt: skip
    assert ledger.ignored_headings == ()


def test_frames_have_exactly_the_columns_and_types(one_row: Callable[..., Path]) -> None:
    ledger = read_ledger(one_row())
    assert ledger.facilities.index.name == "facility_id"
    assert tuple(ledger.facilities.columns) == (*FACILITIES.names[1:], "geometry")
    assert tuple(ledger.designations.columns) == DESIGNATIONS.names
    for column in FACILITIES.columns[1:]:
        assert ledger.facilities[column.name].dtype == PANDAS_DTYPES[column.dtype]
    for column in DESIGNATIONS.columns:
        assert ledger.designations[column.name].dtype == PANDAS_DTYPES[column.dtype]


def test_missing_marks_mean_pending_and_real(one_row: Callable[..., Path]) -> None:
    found = read_ledger(one_row()).facilities.loc["P1"]
    assert (found["verification"], found["demonstration"]) == ("pending", False)


def test_marks_that_are_there_must_be_filled_in(
    refused: Callable[..., object], one_row: Callable[..., Path]
) -> None:
    path = one_row(核查=None)
    refused(BadValueError, f"{AT} · 核查：这一格必须填写。", read_ledger, path)


def test_empty_is_unknown_and_zero_is_zero(one_row: Callable[..., Path]) -> None:
    found = read_ledger(one_row(**{"展厅面积（㎡）": None, "建筑面积": 0})).facilities
    assert found["exhibition_area_m2"].isna().all()
    assert found["floor_area_m2"].tolist() == [0.0]


def test_plaques(workbook: Callable[..., Path], headings: list[str], row: list[Any]) -> None:
    path = workbook(
        说明=[["随便写"]],
        设施台账=[headings, row],
        挂牌=[
            [*PLAQUE_HEADINGS, "备忘"],
            ["P1", "科普教育基地", "科普教育基地", "2022-01-01", None],
            ["P1", "儿童之家", None, None, None],
        ],
    )
    ledger = read_ledger(path)
    assert ledger.designations["title"].tolist() == ["科普教育基地", "儿童之家"]
    assert ledger.designations["kind"].tolist()[0] == "science_base"
    assert ledger.designations["source_row"].tolist() == [2, 3]
    assert ledger.designations["source_sheet"].tolist() == ["挂牌"] * 2
    assert ledger.ignored_headings == ("备忘",)


@pytest.mark.parametrize("mark", ["是", "否"])
def test_plaques_take_the_mark_of_their_place(
    workbook: Callable[..., Path], headings: list[str], row: list[Any], mark: str
) -> None:
    path = workbook(
        设施台账=[[*headings, "是否演示数据"], [*row, mark]],
        挂牌=[PLAQUE_HEADINGS, ["P1", "基地"]],
    )
    assert read_ledger(path).designations["demonstration"].tolist() == [mark == "是"]


@pytest.mark.parametrize("designations", [[], [PLAQUE_HEADINGS]])
def test_a_sheet_of_plaques_without_rows(
    workbook: Callable[..., Path], headings: list[str], row: list[Any], designations: list[Any]
) -> None:
    ledger = read_ledger(workbook(设施台账=[headings, row], 挂牌=designations))
    assert len(ledger.designations) == 0


def test_a_plaque_without_its_place(
    refused: Callable[..., object],
    workbook: Callable[..., Path],
    headings: list[str],
    row: list[Any],
) -> None:
    path = workbook(设施台账=[headings, row], 挂牌=[PLAQUE_HEADINGS, ["P9", "基地"]])
    message = (
        "台账.xlsx · 挂牌 · 第2行 · 设施编号：设施编号「P9」不在设施台账中，请改正编号或补上设施。"
    )
    refused(BadValueError, message, read_ledger, path)


def test_a_plaque_that_ends_before_it_begins(
    refused: Callable[..., object],
    workbook: Callable[..., Path],
    headings: list[str],
    row: list[Any],
) -> None:
    designation = ["P1", "基地", None, "2023-05-01", "2022-05-01"]
    path = workbook(设施台账=[headings, row], 挂牌=[PLAQUE_HEADINGS, designation])
    message = (
        "台账.xlsx · 挂牌 · 第2行 · 认定止：2022-05-01 早于起始日期 2023-05-01，请核对两个日期。"
    )
    refused(BadValueError, message, read_ledger, path)


def test_a_single_sheet_needs_no_name(
    workbook: Callable[..., Path], headings: list[str], row: list[Any]
) -> None:
    path = workbook(Sheet1=[headings, row], 挂牌=[PLAQUE_HEADINGS, ["P1", "基地"]])
    ledger = read_ledger(path)
    assert ledger.facilities["source_sheet"].tolist() == ["Sheet1"]
    assert len(ledger.designations) == 1


def test_every_sheet_with_the_headings_of_a_ledger_is_read(
    workbook: Callable[..., Path], headings: list[str], row: list[Any]
) -> None:
    path = workbook(城南=[headings, row], 说明=[["随便写"]], 城北=[headings, ["P2", *row[1:]]])
    assert read_ledger(path).facilities["source_sheet"].to_dict() == {"P1": "城南", "P2": "城北"}


def test_no_sheet_that_could_be_the_ledger(
    refused: Callable[..., object], workbook: Callable[..., Path]
) -> None:
    path = workbook(一=[["甲", "乙"], [1, 2]], 二=[["丙"], [3]])
    message = (
        "台账.xlsx：文件里没有像设施台账的工作表（现有：一、二）。"
        "表头至少要有名称和另外两列；或把有数据的那张改名为「设施台账」。"
    )
    refused(FileTypeError, message, read_ledger, path)


@pytest.mark.parametrize(
    ("rows", "place"),
    [([], "台账.xlsx"), ([["设施编号", "名称", "类型", "状态"]], "台账.xlsx · 设施台账")],
)
def test_a_sheet_without_rows(
    refused: Callable[..., object], workbook: Callable[..., Path], rows: list[Any], place: str
) -> None:
    message = f"{place}：没有数据：表头下面应至少有一行。"
    refused(EmptyFileError, message, read_ledger, workbook(设施台账=rows))


def test_csv_with_and_without_mark(text_file: Callable[..., Path]) -> None:
    text = "设施编号,名称,类型,状态,经度,纬度\r\nP1,馆,图书馆,运行中,111.45,27.23\r\n"
    for start in ("", "\ufeff"):
        found = read_ledger(text_file("台账.csv", start + text)).facilities
        assert found["kind"].tolist() == ["library"]
        assert found["source_sheet"].isna().all()
        assert found["source_row"].tolist() == [2]


def test_a_comma_that_shifts_a_row(
    refused: Callable[..., object], text_file: Callable[..., Path]
) -> None:
    path = text_file("台账.csv", "设施编号,名称,类型,状态\nP1,馆,图书馆,运行中,东,路\n")
    message = "台账.csv · 第2行：这一行比表头多出 2 格。含逗号的文字请加英文双引号，或改用 .xlsx。"
    refused(BadValueError, message, read_ledger, path)


def test_notes_beside_the_table_are_told(
    workbook: Callable[..., Path], headings: list[str], row: list[Any]
) -> None:
    ledger = read_ledger(workbook(设施台账=[[*headings, "备忘"], [*row, "x", None, "旁注"]]))
    assert ledger.ignored_headings == ("备忘", "K列")


def test_a_missing_column(
    refused: Callable[..., object], workbook: Callable[..., Path], row: list[Any]
) -> None:
    path = workbook(设施台账=[["设施编号", "门类", "类型", "状态"], row[:4]])
    message = (
        "台账.xlsx · 设施台账 · 第1行：缺少必需的列「名称」。"
        "现有表头：设施编号、门类、类型、状态。请补上，或改正表头。"
    )
    refused(MissingColumnError, message, read_ledger, path)


@pytest.mark.parametrize(
    ("cells", "kind", "message"),
    [
        (
            {"类型": "科技棺"},
            UnknownTermError,
            f"{AT} · 类型：「科技棺」不是可用的词。是否应为「科技馆」？",
        ),
        (
            {"展厅面积（㎡）": -5},
            BadValueError,
            f"{AT} · 展厅面积（㎡）：「-5」小于下限 0 m²，请核对。",
        ),
        (
            {"展厅面积（㎡）": "很大"},
            BadValueError,
            f"{AT} · 展厅面积（㎡）：「很大」不是数字。"
            "请只填半角数字，不带单位和逗号；不知道就留空。",
        ),
        (
            {"乡镇街道代码": 43059900},
            BadValueError,
            f"{AT} · 乡镇街道代码：「43059900」不是乡镇街道代码：应为 9 位数字。"
            "若首尾的 0 被表格软件吞掉，请设为文本格式后补上。",
        ),
        ({"名称": "  "}, BadValueError, f"{AT} · 名称：这一格必须填写。"),
        (
            {"开放日期": "2023-05-01", "关闭日期": "2022-05-01"},
            BadValueError,
            f"{AT} · 关闭日期：2022-05-01 早于起始日期 2023-05-01，请核对两个日期。",
        ),
        (
            {"村社区代码": "430599002001"},
            BadValueError,
            f"{AT} · 村社区代码：村社区代码 430599002001 不属于乡镇街道 430599001，"
            "请改正其中一个。",
        ),
        (
            {"名称": "=A1"},
            BadValueError,
            f"{AT} · 名称：公式没有结果。请在 Excel 中打开并保存一次，或改填数值。",
        ),
        (
            {"名称": "#REF!"},
            BadValueError,
            f"{AT} · 名称：单元格是错误值 #REF!，请改正公式或填入数值。",
        ),
    ],
)
def test_cells_that_are_wrong(
    refused: Callable[..., object],
    one_row: Callable[..., Path],
    cells: dict[str, Any],
    kind: type[InputError],
    message: str,
) -> None:
    refused(kind, message, read_ledger, one_row(**cells))


def test_the_same_id_twice(
    refused: Callable[..., object],
    workbook: Callable[..., Path],
    headings: list[str],
    row: list[Any],
) -> None:
    path = workbook(设施台账=[headings, row, [], ["P1 ", *row[1:]]])
    message = "台账.xlsx · 设施台账 · 第4行 · 设施编号：设施编号「P1」与第2行重复，请改正其中一个。"
    refused(DuplicateError, message, read_ledger, path)


def test_all_faults_are_told_in_reading_order(
    workbook: Callable[..., Path], headings: list[str], row: list[Any]
) -> None:
    path = workbook(
        设施台账=[
            headings,
            ["P1", "馆", "飞碟", "运行中", -1, None, 0, 0],
            ["P1", None, "科技馆", "开", None, None, None, 27.2],
        ],
        挂牌=[PLAQUE_HEADINGS, ["P7", None]],
    )
    with pytest.raises(UnknownTermError) as caught:
        read_ledger(path)
    assert str(caught.value).endswith("（另有 8 处问题）")
    places = [str(error.place).removeprefix("台账.xlsx · ") for error in faults_of(caught.value)]
    assert places == [
        "设施台账 · 第2行 · 类型",
        "设施台账 · 第2行 · 展厅面积（㎡）",
        "设施台账 · 第2行 · 经度",
        "设施台账 · 第3行 · 设施编号",
        "设施台账 · 第3行 · 名称",
        "设施台账 · 第3行 · 状态",
        "设施台账 · 第3行 · 经度",
        "挂牌 · 第2行 · 设施编号",
        "挂牌 · 第2行 · 牌匾名称",
    ]


def test_a_given_name_stands_in_provenance_and_messages(
    refused: Callable[..., object], one_row: Callable[..., Path]
) -> None:
    path = one_row()
    moved = path.rename(path.with_name("upload-77"))
    found = read_ledger(moved, name="上传.xlsx").facilities
    assert found["source_file"].tolist() == ["上传.xlsx"]


@pytest.mark.parametrize("name", ["a.xls", "a.shp", "a.xlsm", "a.gpkg", "a.kml", "a.zip"])
def test_files_whose_content_is_another(text_file: Callable[..., Path], name: str) -> None:
    with pytest.raises(FileTypeError):
        read_ledger(text_file(name, "x"))


def test_files_of_another_type(text_file: Callable[..., Path]) -> None:
    with pytest.raises(FileTypeError) as caught:
        read_ledger(text_file("a.toml", "x"))
    assert "这里可用 .xlsx、.xlsm、.xls、.et、.csv" in str(caught.value)


_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    name=_TEXT.filter(str.strip),
    area=st.none() | st.floats(0, 1_000_000),
    longitude=st.floats(73, 136),
    latitude=st.floats(3, 54),
    opened=st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
def test_csv_round_trip(tmp_path: Path, name: str, **values: Any) -> None:
    area, longitude, latitude = values["area"], values["longitude"], values["latitude"]
    row = {"设施编号": "P1", "名称": name, "类型": "科技馆", "状态": "运行中", "展厅面积": area,
           "经度": longitude, "纬度": latitude, "开放日期": values["opened"]}  # fmt: skip
    path = tmp_path / "台账.csv"
    # Decimals in full: text with an exponent is refused.
    frame = pd.DataFrame([row]).astype({"展厅面积": "float64"})
    frame.to_csv(path, index=False, float_format="%.17f")
    found = read_ledger(path).facilities.iloc[0]
    assert found["name"] == name
    expected = float("nan") if area is None else area
    assert found["exhibition_area_m2"] == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert found["geometry"].coords[0] == pytest.approx((longitude, latitude), abs=1e-12)
    assert found["opened_on"] is pd.NaT or found["opened_on"].date() == values["opened"]
    assert (found["opened_on"] is pd.NaT) == (values["opened"] is None)


@pytest.mark.parametrize("code", shipped_districts())
def test_the_demonstration_ledger_is_read_whole(code: str) -> None:
    ledger = read_ledger(demo_ledger_path(code), townships=load_shipped(code).townships)
    assert ledger.ignored_headings == ()
    assert len(ledger.facilities) > 100
    assert len(ledger.designations) > 10
    assert ledger.facilities["demonstration"].any()
    assert ledger.facilities["exhibition_area_m2"].isna().any()
    assert set(ledger.designations["facility_id"]) <= set(ledger.facilities.index)
