"""A corpus of ledgers that are wrong, each in its own way, with the report that it must get.

Files are made here, by script. A case is one file; ``held`` are the rows held back and
a code or words of the reason, ``warnings`` codes of what was done to rows that were taken,
``left`` rows that are no data, ``refused`` the words of a refusal of the whole file.
"""

# ruff: noqa: E501  (a case is a line)
from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from openpyxl import Workbook
from shapely import Point, box

from geo.core.errors import InputError
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.ledger import LEDGER, Ledger

DISTRICT = gpd.GeoDataFrame(
    {"name_zh": ["罗市镇", "蔡锷乡", "板桥乡"], "quality": ["official"] * 3},
    geometry=[box(111.4, 27.1, 111.5, 27.3), box(111.5, 27.1, 111.6, 27.3), box(111.6, 27.1, 111.7, 27.3)],
    index=["430503101", "430503202", "430503203"],
    crs=4490,
)  # fmt: skip
VILLAGES = pd.DataFrame(
    {"name_zh": ["桥头村", "桥头村"], "township_code": ["430503101", "430503202"]},
    index=["430503101201", "430503202201"],
)
SETTING = ReferenceData(DISTRICT, villages=VILLAGES, district_name="大祥区")
PLACED = replace(
    SETTING,
    villages=gpd.GeoDataFrame(
        VILLAGES, geometry=[Point(111.45, 27.2), Point(111.55, 27.2)], crs=4490
    ),
)
ACCEPTED = replace(PLACED, village_positions=True)
SHAODONG = ReferenceData(
    gpd.GeoDataFrame(
        {"name_zh": ["两市塘街道", "牛马司镇"], "quality": ["official"] * 2},
        geometry=[box(111.7, 27.2, 111.8, 27.3), box(111.8, 27.2, 111.9, 27.3)],
        index=["430582001", "430582101"],
        crs=4490,
    ),
    district_name="邵东市",
)
HEADS = ["名称", "类型", "展厅面积", "乡镇代码"]
GOOD = ["甲科技馆", "科技馆", 120, "430503101"]


def sheet(*rows: Sequence[Any], heads: Sequence[Any] = HEADS, **merged: str) -> bytes:
    """Return a workbook of one sheet."""
    return book({"台账": [list(heads), *map(list, rows)]}, **merged)


def book(sheets: dict[str, list[list[Any]]], merge: str = "", hidden: str = "") -> bytes:
    made = Workbook()
    made.remove(made["Sheet"])
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
        if title == hidden:
            page.sheet_state = "hidden"
    if merge:
        made.worksheets[0].merge_cells(merge)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def with_cell(column: str, value: Any, **others: Any) -> bytes:
    """Return a good ledger of two rows, of which the second has one cell otherwise."""
    heads = [*HEADS, *(name for name in (column, *others) if name not in HEADS)]
    first = dict(zip(HEADS, GOOD, strict=True))
    second = first | {"名称": "乙科技馆", column: value} | others
    return book({"台账": [heads, *[[row.get(name) for name in heads] for row in (first, second)]]})


def points(*features: tuple[dict[str, Any], Any], **members: Any) -> bytes:
    items = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    return json.dumps({"type": "FeatureCollection", **members, "features": items}).encode()


def at(*coordinates: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(coordinates)}


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "."), content)
    return stream.getvalue()


@dataclass(frozen=True)
class Case:
    """One file, and what is to be said of it."""

    name: str
    content: bytes
    held: tuple[tuple[int, str], ...] = ()
    warnings: tuple[str, ...] = ()
    left: tuple[tuple[int, str], ...] = ()
    refused: str = ""
    taken: int = 1
    setting: ReferenceData = SETTING


P = {"名称": "甲科技馆", "类型": "科技馆"}
CSV = "名称,类型,展厅面积\n甲科技馆,科技馆,120\n"
FEW = 2

CASES = {
    # Values
    "area is about": Case("a.xlsx", with_cell("展厅面积", "约200"), warnings=("amount_about",), taken=FEW),
    "area is a lower bound": Case("a.xlsx", with_cell("展厅面积", "200余"), warnings=("amount_at_least",), taken=FEW),
    "area in mu": Case("a.xlsx", with_cell("展厅面积", "0.3亩"), warnings=("amount_converted",), taken=FEW),
    "area in numerals": Case("a.xlsx", with_cell("展厅面积", "三百平方米"), warnings=("amount_numerals",), taken=FEW),
    "area is a range": Case("a.xlsx", with_cell("展厅面积", "200-300"), held=((3, "amount_range"),)),
    "area is a sum": Case("a.xlsx", with_cell("展厅面积", "200+100"), held=((3, "amount_sum"),)),
    "area wrongly grouped": Case("a.xlsx", with_cell("展厅面积", "12,00"), held=((3, "amount_grouping"),)),
    "area of another unit": Case("a.xlsx", with_cell("展厅面积", "20米"), held=((3, "amount_other_unit"),)),
    "area in words": Case("a.xlsx", with_cell("展厅面积", "很大"), held=((3, "不是数字"),)),
    "area below nothing": Case("a.xlsx", with_cell("展厅面积", -5), held=((3, "小于下限"),)),
    "area of a country": Case("a.xlsx", with_cell("展厅面积", 9e9), held=((3, "超过上限"),)),
    "area is nothing": Case("a.xlsx", with_cell("展厅面积", "无"), warnings=("cell_blank_word",), taken=FEW),
    "area in two places of a cell": Case("a.xlsx", with_cell("展厅面积", "一楼200二楼100"), held=((3, "不是数字"),)),
    "heading in mu": Case("a.xlsx", sheet(GOOD, heads=["名称", "类型", "展厅面积（亩）", "乡镇代码"]), warnings=("heading_unit",)),
    "heading in people": Case("a.xlsx", sheet(GOOD, heads=["名称", "类型", "展厅面积（人）", "乡镇代码"]), refused="单位应为"),
    "day without a day": Case("a.xlsx", with_cell("开放日期", "2023年5月"), warnings=("day_month_only",), taken=FEW),
    "day as a number": Case("a.xlsx", with_cell("开放日期", 45047), warnings=("day_serial",), taken=FEW),
    "day of a short year": Case("a.xlsx", with_cell("开放日期", "23.5.1"), held=((3, "day_two_digit_year"),)),
    "day or month": Case("a.xlsx", with_cell("开放日期", "5/1/2023"), held=((3, "day_order_unclear"),)),
    "day that is not": Case("a.xlsx", with_cell("开放日期", "2023-02-30"), held=((3, "day_impossible"),)),
    "October or January": Case("a.xlsx", with_cell("开放日期", 2023.1), held=((3, "day_month_unclear"),)),
    "day in words": Case("a.xlsx", with_cell("开放日期", "去年"), held=((3, "day_unreadable"),)),
    "day of the emperor": Case("a.xlsx", with_cell("开放日期", "1644-01-01"), held=((3, "day_out_of_range"),)),
    "closed before it opened": Case("a.xlsx", with_cell("开放日期", date(2023, 5, 1), 关闭日期=date(2022, 5, 1)), held=((3, "dates_reversed"),)),
    "neither yes nor no": Case("a.xlsx", with_cell("是否对公众开放", "也许"), held=((3, "不是「是」或「否」"),)),
    "yes in other words": Case("a.xlsx", with_cell("是否对公众开放", "免费开放"), warnings=("cell_yes_no",), taken=FEW),
    "a word of another column": Case("a.xlsx", with_cell("是否对公众开放", "獨用"), held=((3, "应填在「是否共用场地」一列"),)),
    "a status in the office's word": Case("a.xlsx", with_cell("状态", "籌建"), held=((3, "是否指「规划」"),)),
    "kind within a name": Case("a.xlsx", with_cell("类型", "某村党群服务中心"), warnings=("term_contained",), taken=FEW),
    "kinds together": Case("a.xlsx", with_cell("类型", "图书馆和儿童之家"), held=((3, "term_several"),)),
    "kind misspelt": Case("a.xlsx", with_cell("类型", "科技棺"), held=((3, "是否应为"),)),
    "kind unknown": Case("a.xlsx", with_cell("类型", "飞碟"), held=((3, "不是可用的词"),)),
    "no name": Case("a.xlsx", with_cell("名称", None), held=((3, "cell_empty"),)),
    "no kind anywhere": Case("a.xlsx", with_cell("类型", None, 名称="甲"), held=((3, "cell_empty"),)),
    "kind by the name": Case("a.xlsx", with_cell("类型", None), warnings=("kind_from_name",), taken=FEW),
    "unseen signs": Case("a.csv", (CSV + "乙\x07馆,科技馆,1\n").encode(), held=((3, "控制字符"),)),
    "a name without end": Case("a.csv", (CSV + "长" * 10_000 + ",科技馆,1\n").encode(), held=((3, "超过上限 200 字"),)),
    "a note without end": Case("a.csv", f"名称,类型,备注\n甲科技馆,科技馆,话\n乙科技馆,科技馆,{'长' * 20_001}\n".encode(), held=((3, "超过上限"),)),
    "traditional characters": Case("a.xlsx", book({"台賬": [["單位：畝"], ["名稱", "類型", "展廳面積", "鄉鎮", "是否對公眾開放", "經度", "緯度"], ["甲科技館", "科技館", "約200㎡", "羅市鎮", "免費開放", "東經111.45度", "北緯27.2度"], ["合計", None, 200], ["註：截至年底"]]}), warnings=("amount_about", "cell_yes_no"), left=((1, "计量单位"), (4, "合计"), (5, "表注"))),
    "traditional characters that may be two": Case("a.xlsx", with_cell("类型", "展廳"), held=((3, "是否应为「科普展厅」"),)),
    "a formula without result": Case("a.xlsx", with_cell("展厅面积", "=1+1"), held=((3, "公式没有结果"),)),
    "an error of Excel": Case("a.xlsx", with_cell("展厅面积", "#REF!"), held=((3, "错误值 #REF!"),)),
    "contact in two columns": Case("a.xlsx", sheet([*GOOD, "张三", "0739-5320000"], heads=[*HEADS, "联系人", "联系电话"]), warnings=("heading_joined",)),
    "a telephone with a sign that is unseen": Case("a.csv", "名称,类型,联系人,联系电话\n甲科技馆,科技馆,张三,1\n乙科技馆,科技馆,李四,13\x07\n".encode(), held=((3, "控制字符"),)),
    "heading nearly right": Case("a.xlsx", sheet([*GOOD, "路"], heads=[*HEADS, "设施地址信息"]), warnings=("heading_asked",)),
    # Codes and names
    "township in the address only": Case("a.xlsx", with_cell("乡镇代码", None, 地址="大祥区罗市镇桥头村"), warnings=("township_in_address",), taken=FEW),
    "code of another name": Case("a.xlsx", with_cell("乡镇代码", "430503203", 乡镇="蔡锷乡"), held=((3, "不是同一处"),)),
    "name misspelt": Case("a.xlsx", with_cell("乡镇代码", None, 乡镇="罗士镇"), held=((3, "没有名为"),)),
    "name misspelt beside its code": Case("a.xlsx", with_cell("乡镇代码", "430503101", 乡镇="罗士镇"), warnings=("division_name_misspelt",), taken=FEW),
    "code that lost a zero": Case("a.xlsx", with_cell("乡镇代码", 43050310, 乡镇="罗市镇"), warnings=("division_code_damaged",), taken=FEW),
    "code that nobody has": Case("a.xlsx", with_cell("乡镇代码", "430503999"), held=((3, "division_code_unknown"),)),
    "code of before the county's was changed": Case("a.xlsx", sheet(["甲科技馆", "科技馆", 120, "430521101", "牛马司镇"], heads=[*HEADS, "乡镇"]), warnings=("division_code_former",), setting=SHAODONG),
    "code of before and no name": Case("a.xlsx", sheet(["甲科技馆", "科技馆", 120, "430582101"], ["乙科技馆", "科技馆", 120, "430521101"]), held=((3, "division_code_former_unsure"),), setting=SHAODONG),
    "village of two townships": Case("a.xlsx", with_cell("乡镇代码", None, 村="桥头村"), held=((3, "不止一处"),)),
    "village of another township": Case("a.xlsx", with_cell("村社区代码", "430503202201"), held=((3, "village_of_other_township"),)),
    "the same id twice": Case("a.xlsx", sheet(["P1", *GOOD], ["P1", "乙科技馆", *GOOD[1:]], heads=["编号", *HEADS]), held=((3, "facility_id_twice"),)),
    # Positions
    "half a position": Case("a.xlsx", with_cell("经度", 111.45, 纬度=None), held=((3, "position_half"),)),
    "position in words": Case("a.xlsx", with_cell("坐标", "在河边"), held=((3, "position_no_pair"),)),
    "position on another continent": Case("a.xlsx", with_cell("经度", -0.12, 纬度=51.5), held=((3, "不在中国范围内"),)),
    "minutes over sixty": Case("a.xlsx", with_cell("经度", "111°77′", 纬度="27°12′"), held=((3, "coordinate_over_sixty"),)),
    "a comma for a point": Case("a.xlsx", with_cell("经度", "111,45", 纬度=27.2), held=((3, "coordinate_decimal_comma"),)),
    "degrees and minutes": Case("a.xlsx", with_cell("经度", "111°27′", 纬度="27°12′"), taken=FEW),
    "a longitude and no latitude": Case("a.xlsx", sheet([*GOOD, 111.4], heads=[*HEADS, "经度"]), refused="缺少必需的列「纬度」"),
    "a village by its code and no position": Case("a.xlsx", with_cell("村社区代码", "430503101201"), warnings=("village_positions_offered", "village_position_proposed"), taken=FEW, setting=PLACED),
    "a village by its name and no position": Case("a.xlsx", with_cell("村", "桥头村"), warnings=("village_position_proposed",), taken=FEW, setting=PLACED),
    "an address with a village and no position": Case("a.xlsx", with_cell("地址", "罗市镇桥头村8号"), warnings=("village_position_proposed",), taken=FEW, setting=PLACED),
    "a street that may be called after a village": Case("a.xlsx", with_cell("地址", "桥头路8号"), warnings=("village_position_unsure",), taken=FEW, setting=ACCEPTED),
    "a village whose middle was accepted": Case("a.xlsx", with_cell("村社区代码", "430503101201"), warnings=("village_positions_set", "village_position_taken"), taken=FEW, setting=ACCEPTED),
    "villages without a position and their middle accepted": Case("a.xlsx", with_cell("村社区代码", "430503101201"), warnings=("village_positions_unknown",), taken=FEW, setting=replace(SETTING, village_positions=True)),
    # Sheets
    "title, unit, total and signature": Case("a.xlsx", book({"Sheet1": [["科普设施表"], ["单位：平方米"], HEADS, GOOD, ["合计", None, 120], ["填表人：张三"]]}), left=((1, "表题"), (2, "计量单位"), (5, "合计"), (6, "签署"))),
    "headings again": Case("a.xlsx", sheet(GOOD, HEADS, ["乙科技馆", *GOOD[1:]]), left=((3, "表头"),), taken=FEW),
    "headings in a column": Case("a.xlsx", book({"表": [["名称", "甲"], ["类型", "科技馆"], ["展厅面积", 1], ["地址", "路"]]}), refused="表头在第一列"),
    "no headings": Case("a.xlsx", book({"表": [["x", "y"], [1, 2]]}), refused="缺少必需的列「名称」"),
    "no data": Case("a.xlsx", sheet(), refused="没有数据"),
    "nothing at all": Case("a.csv", b"", refused="文件是空的"),
    "no sheet like a ledger": Case("a.xlsx", book({"一": [["甲"], [1]], "二": [["乙"], [2]]}), refused="没有像设施台账的工作表"),
    "two columns of one thing": Case("a.xlsx", sheet([*GOOD, "丙"], heads=[*HEADS, "名称"]), refused="是同一项"),
    "a sheet that is hidden": Case("a.xlsx", book({"设施台账": [HEADS, GOOD], "旧": [HEADS, GOOD], "说明": [["话"]]}, hidden="旧"), left=((0, "sheet_hidden"), (0, "sheet_unknown"))),
    "a plaque without its place": Case("a.xlsx", book({"设施台账": [["编号", *HEADS], ["P1", *GOOD]], "挂牌": [["设施编号", "牌匾名称"], ["P9", "基地"]]}), held=((2, "plaque_without_place"),)),
    "a plaque by the name of its place": Case("a.xlsx", book({"设施台账": [HEADS, GOOD], "授牌": [["所属设施", "牌匾名称", "级别"], ["甲 科技馆", "基地", "省级"]]}), warnings=("plaque_by_name",)),
    "a plaque by a name nearly right": Case("a.xlsx", book({"设施台账": [HEADS, GOOD], "挂牌": [["单位名称", "牌匾名称"], ["甲科枝馆", "基地"]]}), held=((2, "是否指「甲科技馆」"),)),
    "a plaque by the name of two places": Case("a.xlsx", book({"设施台账": [HEADS, GOOD, [*GOOD[:3], "430503202"]], "挂牌": [["设施名称", "牌匾名称"], ["甲科技馆", "基地"]]}), held=((2, "plaque_place_several"),), taken=FEW),
    "a plaque whose id and name are two places": Case("a.xlsx", book({"设施台账": [["编号", *HEADS], ["P1", *GOOD], ["P2", "乙科技馆", *GOOD[1:]]], "挂牌": [["设施编号", "设施名称", "牌匾名称"], ["P1", "乙科技馆", "基地"]]}), held=((2, "plaque_place_contradiction"),), taken=FEW),
    "a plaque of a place held back": Case("a.xlsx", book({"设施台账": [["编号", *HEADS], ["P1", *GOOD], ["P2", None, *GOOD[1:]]], "挂牌": [["设施编号", "牌匾名称"], ["P2", "基地"]]}), held=((3, "cell_empty"), (2, "place_in_quarantine"))),
    "a comma too many": Case("a.csv", (CSV + "乙科技馆,科技馆,1,200\n").encode(), held=((3, "多出 1 格"),)),
    "quotes without an end": Case("a.csv", (CSV + '"乙,科技馆,1\n').encode(), refused="引号不配对"),
    "GBK": Case("a.csv", CSV.encode("gbk"), warnings=("encoding_guessed",)),
    "no encoding": Case("a.csv", b"\xff\xff\xff,\x80", refused="看不出文件的编码"),
    # Files
    "a page called a workbook": Case("a.xls", b"<html><table></table></html>", refused="内容却是网页或 XML"),
    "a picture called a workbook": Case("a.xlsx", b"\x89PNG\r\n\x1a\n", refused="内容却是别的东西"),
    "a workbook that breaks off": Case("a.xlsx", sheet(GOOD)[:-200], refused="已损坏"),
    "an unknown suffix": Case("a.docx", b"x", refused="不接收.docx 文件"),
    "a zip of nothing": Case("a.zip", zipped(a__exe=b"x"), refused="压缩包里没有可以读取的文件"),
    "a zip of two ledgers": Case("a.zip", zipped(a__csv=CSV.encode(), b__csv=CSV.replace("甲", "乙").encode()), taken=FEW),
    "a polygon for a place": Case("a.geojson", points((P, at(111.45, 27.2)), (P | {"名称": "乙科技馆"}, box(0, 0, 1, 1).__geo_interface__)), held=((2, "几何应为点"),)),
    "a point of one number": Case("a.geojson", points((P, at(111.45, 27.2)), (P | {"名称": "乙科技馆"}, at(1))), held=((2, "几何应为点"),)),
    "a list in a property": Case("a.geojson", points((P, at(111.45, 27.2)), (P | {"名称": ["乙"]}, None)), held=((2, "列表或对象"),)),
    "NaN in JSON": Case("a.geojson", b'{"type":"FeatureCollection","features":[NaN]}', refused="不是 UTF-8 编码的合格 JSON"),
    "a thousand levels": Case("a.geojson", points(({"a": json.loads("[" * 900 + "]" * 900)}, None)), refused="嵌套超过"),
    "a link for a system": Case("a.geojson", points((P, None), crs={"type": "link", "properties": {"href": "http://127.0.0.1:9"}}), refused="坐标系不能识别"),
    "a virtual file of GDAL": Case("a.geojson", b"<OGRVRTDataSource><OGRVRTLayer/>", refused="内容却是网页或 XML"),
    "entities in KML": Case("a.kml", b'<!DOCTYPE k [<!ENTITY a "ha">]><kml>&a;</kml>', refused="DOCTYPE"),
    "KML of nothing": Case("a.kml", b"<kml></kml>", refused="没有地标"),
    "half a shapefile": Case("a.shp", b"\x00\x00\x27\x0a" + bytes(100), refused="缺少同名的 .dbf"),
    "a database that is no GeoPackage": Case("a.gpkg", b"SQLite format 3\x00" + bytes(500), refused="GeoPackage"),
}  # fmt: skip


@pytest.fixture
def examined(tmp_path: Path) -> Callable[[Case], Imported[Ledger]]:
    def examine(case: Case) -> Imported[Ledger]:
        path = tmp_path / case.name
        path.write_bytes(case.content)
        return parse(LEDGER, read_file(path), case.setting)

    return examine


def test_there_are_sixty_ways_and_more() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_way_of_being_wrong_gets_its_report(
    examined: Callable[[Case], Imported[Ledger]], case: Case
) -> None:
    if case.refused:
        with pytest.raises(InputError) as caught:
            examined(case)
        assert case.refused in str(caught.value)
        assert str(caught.value).startswith(case.name)
        assert caught.value.message("en")
        return
    found = examined(case)
    held = [
        (row.place.row, " ".join((error.code, error.zh)))
        for row in found.report.quarantined
        for error in row.errors
    ]
    assert [row for row, _ in held] == [row for row, _ in case.held]
    for (_, told), (_, expected) in zip(held, case.held, strict=True):
        assert expected in told
    assert len(found.data.facilities) == case.taken
    assert set(case.warnings) <= {warnings.note.code for warnings in found.report.warnings}
    left = [
        (row.place.row or 0, " ".join((row.reason.code, row.reason.zh)))
        for row in found.report.left_out
    ]
    assert len(left) == len(case.left)
    for (row, words), (expected_row, expected) in zip(sorted(left), sorted(case.left), strict=True):
        assert row == expected_row
        assert expected in words


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_row_stands_in_just_one_list(
    examined: Callable[[Case], Imported[Ledger]], case: Case
) -> None:
    if case.refused:
        return
    account = examined(case).report
    lists = [
        {(place.sheet, place.row) for place in account.taken},
        {(row.place.sheet, row.place.row) for row in account.quarantined},
        {(row.place.sheet, row.place.row) for row in account.left_out},
    ]
    assert sum(map(len, lists)) == len(set().union(*lists))


def test_points_in_a_layer(examined: Callable[[Case], Imported[Ledger]]) -> None:
    found = examined(Case("a.geojson", points((P, at(111.45, 27.2)))))
    assert found.data.facilities.geometry.tolist() == [Point(111.45, 27.2)]
