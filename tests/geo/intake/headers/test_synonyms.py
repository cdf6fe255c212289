from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError, FileTooLargeError, FileTypeError, InputError
from geo.core.schema import DESIGNATIONS, FACILITIES, POPULATION, TOWNSHIPS, Table
from geo.core.script import simplified
from geo.intake.georeference.bounds import LATITUDE, LONGITUDE
from geo.intake.headers.lexicon import lexicon_of, match_heading
from geo.intake.headers.normalise import heading_word
from geo.intake.headers.proposals import DECIDED, decided, near_columns
from geo.intake.headers.synonyms import (
    MAX_SYNONYM_BYTES,
    PLACE_COLUMNS,
    builtin_synonyms,
    load_synonyms,
)

FACILITY_HEADINGS = {
    "编号": "facility_id",
    "设施编码": "facility_id",
    "ID": "facility_id",
    "台账编号": "facility_id",
    "名称": "name",
    "设施名称": "name",
    "单位名称": "name",
    "场馆名称": "name",
    "基地名称*": "name",
    "阵地名称": "name",
    "场所名称（必填）": "name",
    "科普设施名称": "name",
    "＊名称": "name",
    "1、名称": "name",
    "名\n称": "name",
    "設施名稱": "name",
    "名称（全称）": "name",
    "名称（与公章一致）": "name",
    "\ufeff名称": "name",
    "类别": "kind",
    "类型": "kind",
    "场所类型": "kind",
    "设施类别（下拉选择）": "kind",
    "類別": "kind",
    "级别": "level",
    "等级": "level",
    "基地级别": "level",
    "認定級別": "level",
    "展厅面积": "exhibition_area_m2",
    "展览面积": "exhibition_area_m2",
    "科普展厅面积": "exhibition_area_m2",
    "展陈面积": "exhibition_area_m2",
    "展示面积": "exhibition_area_m2",
    "布展面积（㎡）": "exhibition_area_m2",
    "展廳面積（平方米）": "exhibition_area_m2",
    "展厅面积/㎡": "exhibition_area_m2",
    "展厅面积m2": "exhibition_area_m2",
    "展厅面积 单位：平方米": "exhibition_area_m2",
    "展区面积【平方米】": "exhibition_area_m2",
    "室内展示面积": "exhibition_area_m2",
    "展厅面积（㎡）（必填）": "exhibition_area_m2",
    "展厅面积（如有）": "exhibition_area_m2",
    "面积（㎡）/展厅": "exhibition_area_m2",
    "面积/展厅（㎡）": "exhibition_area_m2",
    "建筑面积": "floor_area_m2",
    "总建筑面积（平方米）": "floor_area_m2",
    "面积（㎡）/建筑": "floor_area_m2",
    "建面": "floor_area_m2",
    "房屋建筑面积": "floor_area_m2",
    "室外面积": "outdoor_area_m2",
    "户外展示面积（亩）": "outdoor_area_m2",
    "科普画廊长度（米）": "gallery_length_m",
    "宣传栏长度": "gallery_length_m",
    "是否共用": "shared_use",
    "折算系数": "shared_use_ratio",
    "是否开放": "open_to_public",
    "是否对外开放": "open_to_public",
    "对公众开放（是/否）": "open_to_public",
    "建成时间": "opened_on",
    "开馆时间": "opened_on",
    "开放日期": "opened_on",
    "成立时间": "opened_on",
    "启用时间": "opened_on",
    "建成年份（年）": "opened_on",
    "竣工时间": "opened_on",
    "关停时间": "closed_on",
    "停用日期": "closed_on",
    "运行状态": "status",
    "使用状况": "status",
    "目前状态": "status",
    "是否区管": "district_run",
    "服务对象": "audiences",
    "重点人群": "audiences",
    "主管部门": "department",
    "责任部门": "department",
    "运营单位": "department",
    "责任单位/名称": "department",
    "主管單位": "department",
    "详细地址": "address",
    "地址（详细到门牌号）": "address",
    "所在地": "address",
    "坐落": "address",
    "场馆地址": "address",
    "地點": "address",
    "乡镇代码": "township_code",
    "镇街代码（9位）": "township_code",
    "村（社区）代码": "village_code",
    "村居代码": "village_code",
    "联系电话": "contact",
    "联系人": "contact",
    "聯繫電話": "contact",
    "联系人及电话": "contact",
    "负责人/联系电话": "contact",
    "联系人/电话": "contact",
    "坐标来源": "position_source",
    "核实情况": "verification",
    "入库时间": "valid_from",
    "备注": "note",
    "说明": "note",
    "備註": "note",
    "经度": "longitude",
    "东经": "longitude",
    "经度（东经）": "longitude",
    "E": "longitude",
    "经度（°）": "longitude",
    "经度(E)": "longitude",
    "lng": "longitude",
    "位置/经度": "longitude",
    "经度（GCJ-02）": "longitude",
    "經度": "longitude",
    "经度（度分秒）": "longitude",
    "纬度": "latitude",
    "北纬": "latitude",
    "N": "latitude",
    "纬度（保留6位小数）": "latitude",
    "地理坐标/纬度": "latitude",
    "緯度": "latitude",
    "lat": "latitude",
    "X坐标": "x_coordinate",
    "Y坐标": "y_coordinate",
    "坐标/X": "x_coordinate",
    "纵坐标": "y_coordinate",
    "坐标": "position",
    "经纬度": "position",
    "GPS坐标": "position",
    "经度,纬度": "position",
    "坐标（经度，纬度）": "position",
    "经纬度（百度）": "position",
    "经度/纬度": "position",
    "所属乡镇": "township_name",
    "所在乡镇（街道）": "township_name",
    "镇街": "township_name",
    "乡镇/街道": "township_name",
    "所屬鄉鎮": "township_name",
    "所属乡镇/名称": "township_name",
    "所在村（社区）": "village_name",
    "村": "village_name",
    "社区": "village_name",
    "村居": "village_name",
    "坐标系": "datum",
    "坐标系统": "datum",
    # What looks like a column and is none.
    "开放时间": None,
    "每周开放时间": None,
    "开放时间（年月日）": None,
    "营业时间": None,
    "开放天数": None,
    "占地面积": None,
    "占地面积（亩）": None,
    "使用面积（㎡）": None,
    "面积（㎡）/占地": None,
    "面积/使用": None,
    "展厅数量": None,
    "展厅个数": None,
    "规划展厅面积": None,
    "规划/展厅面积": None,
    "人均展厅面积": None,
    "画廊数量": None,
    "画廊面积": None,
    "名称（英文）": None,
    "曾用名": None,
    "填报时间": None,
    "认定时间": None,
    "计划建成时间": None,
    "法人": None,
    "统一社会信用代码": None,
    "年接待人次": None,
    "海拔": None,
    "区县": None,
    "面积": None,
    "是否免费开放": None,
    "备忘": None,
    "名称/类型": None,
    "建筑面积/展厅面积": None,
    "开放": None,
    "2023": None,
    "（㎡）": None,
    "/": None,
}
DESIGNATION_HEADINGS = {
    "牌匾名称": "title",
    "牌匾/名称": "title",
    "称号": "title",
    "授牌名称": "title",
    "授牌单位": "issuing_body",
    "认定机构": "issuing_body",
    "发文单位": "issuing_body",
    "文号": "document_number",
    "发文字号": "document_number",
    "证书编号": "document_number",
    "授牌时间": "valid_from",
    "挂牌时间": "valid_from",
    "有效期/起": "valid_from",
    "有效期至": "valid_to",
    "有效期/止": "valid_to",
    "到期日期": "valid_to",
    "认定级别": "level",
    "认定类别": "kind",
    "设施编号": "facility_id",
    "有效期": None,
    "批次": None,
}
POPULATION_HEADINGS = {
    "总人口": "population",
    "总人口（人）": "population",
    "常住人口": "population",
    "户籍人口": "population",
    "人口（万人）": "population",
    "2020年常住人口": "population",
    "常住人口（2020年末）": "population",
    "常住人口/合计": "population",
    "常住人口/城镇": "urban_population",
    "农村人口": "rural_population",
    "0-14岁": "population_0_14",
    "0～14岁人口": "population_0_14",
    "人口/0—14岁": "population_0_14",
    "15-59岁": "population_15_59",
    "15至59岁人口": "population_15_59",
    "60岁及以上": "population_60_plus",
    "60岁以上人口": "population_60_plus",
    "60+": "population_60_plus",
    "年龄结构/60岁以上": "population_60_plus",
    "行政区划代码": "division_code",
    "乡镇": "name_zh",
    "地区": "name_zh",
    "统计年份": "year",
    "统计口径": "population_kind",
    "65岁及以上": None,
    "65岁以上人口": None,
    "65岁及以上人口（人）": None,
    "0-17岁": None,
    "15-64岁": None,
    "人口密度": None,
    "户数": None,
    "男": None,
    "性别/女": None,
    "老年人口": None,
}
TOWNSHIP_HEADINGS = {
    "乡镇名称": "name_zh",
    "XZQMC": "name_zh",
    "XZQDM": "township_code",
    "区划代码": "township_code",
    "类型": "kind",
    "边界精度": "quality",
    "数据来源": "source_id",
    "区县名称": None,
}
CASES = [
    (table, heading, column)
    for table, headings in (
        (FACILITIES, FACILITY_HEADINGS),
        (DESIGNATIONS, DESIGNATION_HEADINGS),
        (POPULATION, POPULATION_HEADINGS),
        (TOWNSHIPS, TOWNSHIP_HEADINGS),
    )
    for heading, column in headings.items()
]


@pytest.mark.parametrize(("table", "heading", "column"), CASES)
def test_headings_of_offices(table: Table, heading: str, column: str | None) -> None:
    match = match_heading(heading, lexicon_of(table.columns))
    assert (match.column if match and not match.foreign else None) == column


@pytest.mark.parametrize(("table", "heading", "column"), CASES)
def test_what_is_no_column_is_never_decided_to_be_one(
    table: Table, heading: str, column: str | None
) -> None:
    if column is None:
        assert not decided(near_columns(heading, lexicon_of(table.columns)))


@pytest.mark.parametrize(
    ("table", "heading", "factor"),
    [
        (FACILITIES, "展厅面积（亩）", 2000 / 3),
        (FACILITIES, "展厅面积（万㎡）", 10_000),
        (FACILITIES, "建筑面积（公顷）", 10_000),
        (FACILITIES, "建筑面积/万平方米", 10_000),
        (FACILITIES, "展厅面积（平方米）", 1),
        (FACILITIES, "展厅面积", None),
        (FACILITIES, "画廊长度（公里）", 1_000),
        (FACILITIES, "面积（亩）/展厅", 2000 / 3),
        (POPULATION, "总人口（万人）", 10_000),
    ],
)
def test_units_of_headings(table: Table, heading: str, factor: float | None) -> None:
    match = match_heading(heading, lexicon_of(table.columns))
    assert match is not None
    assert match.factor == (factor if factor is None else pytest.approx(factor))


@pytest.mark.parametrize(
    ("heading", "states"),
    [
        ("常住人口", {"population_kind": "resident"}),
        ("户籍人口数", {"population_kind": "registered"}),
        ("2020年常住人口", {"population_kind": "resident", "year": "2020"}),
        ("总人口（2023年末）", {"year": "2023"}),
        ("常住人口/城镇", {"population_kind": "resident"}),
        ("总人口", {}),
    ],
)
def test_what_headings_say_of_other_columns(heading: str, states: dict[str, str]) -> None:
    match = match_heading(heading, lexicon_of(POPULATION.columns))
    assert match is not None
    assert match.states == states


def test_a_heading_states_its_datum() -> None:
    match = match_heading("经度（高德）", lexicon_of([LONGITUDE, LATITUDE]))
    assert match is not None
    assert match.states == {"datum": "高德"}


@pytest.mark.parametrize(
    "heading", ["展厅面积（m）", "展厅面积（室内）", "画廊长度（㎡）", "经度（米）"]
)
def test_a_unit_that_cannot_be_the_columns(heading: str) -> None:
    match = match_heading(heading, lexicon_of(FACILITIES.columns))
    assert match is not None
    assert match.foreign


@pytest.mark.parametrize(
    ("table", "heading", "column"),
    [
        (FACILITIES, "是否免费开放", "open_to_public"),
        (FACILITIES, "面积", "exhibition_area_m2"),
        (FACILITIES, "本馆展厅面积", "exhibition_area_m2"),
        (FACILITIES, "设施的名称", "name"),
        (FACILITIES, "名称（英文）", "name"),
    ],
)
def test_what_is_proposed(table: Table, heading: str, column: str) -> None:
    likes = near_columns(heading, lexicon_of(table.columns))
    assert likes[0][0] == column
    assert not decided(likes)


@pytest.mark.parametrize(
    ("table", "heading"),
    [
        (FACILITIES, "开放时间"),
        (FACILITIES, "科技馆开放时间段"),
        (FACILITIES, "是否不对公众开放吗"),
        (FACILITIES, "总占地面积数"),
        (POPULATION, "65岁及以上的人口数"),
        (POPULATION, "population_65_plus"),
        (POPULATION, "16-59岁人口"),
    ],
)
def test_what_is_never_even_decided(table: Table, heading: str) -> None:
    likes = near_columns(heading, lexicon_of(table.columns))
    assert not likes or likes[0][1] < DECIDED
    assert match_heading(heading, lexicon_of(table.columns)) is None


def test_what_is_decided() -> None:
    assert decided(near_columns("60岁以上的人口", lexicon_of(POPULATION.columns)))
    assert decided(near_columns("Exhibition areaa", lexicon_of(FACILITIES.columns)))


def test_main_columns_have_a_dozen_words() -> None:
    words = builtin_synonyms().sections
    for section, names in {
        "facilities": "name kind level exhibition_area_m2 floor_area_m2 address contact opened_on"
        " status department",
        "designations": "title issuing_body document_number valid_from valid_to",
        "population": "population population_60_plus division_code name_zh",
        "place": " ".join(PLACE_COLUMNS),
    }.items():
        for name in names.split():
            assert sum(c == name for c in words[section].words.values()) >= 12, name


@given(st.text(max_size=120))
def test_comparing_once_more_changes_nothing(text: str) -> None:
    assert heading_word(heading_word(text)) == heading_word(text)
    assert simplified(simplified(text)) == simplified(text)


@pytest.fixture
def own(text_file: Callable[[str, str], Path]) -> Callable[[str], Path]:
    return lambda content: text_file("同义词.toml", content)


def test_an_office_lays_its_own_words_over(own: Callable[[str], Path]) -> None:
    path = own('[facilities]\nname = ["点名", "占地面积"]\nnever = ["场馆名称"]\nkind = ["等级"]')
    lexicon = lexicon_of(FACILITIES.columns, synonyms=load_synonyms(path))
    found = {
        text: match_heading(text, lexicon) for text in ("点名", "占地面积", "等级", "场馆名称")
    }
    assert {text: m and m.column for text, m in found.items()} == {
        "点名": "name",
        "占地面积": "name",
        "等级": "kind",
        "场馆名称": None,
    }
    assert builtin_synonyms().sections["facilities"].words["等级"] == "level"


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        ('[facilities]\ncolour = ["色"]', BadValueError, "「facilities.colour」"),
        ('[streets]\nname = ["名"]', BadValueError, "「streets」"),
        (
            '[facilities]\nname = ["甲"]\nkind = ["甲"]',
            BadValueError,
            "「甲」在「facilities.kind」",
        ),
        ('[facilities]\nkind = ["名称"]', BadValueError, "又已属于「name」"),
        ('[facilities]\nname = "甲"', BadValueError, "「facilities.name」应为一组词"),
        ('[facilities]\nname = [""]', BadValueError, "「facilities.name」应为一组词"),
        (f'[facilities]\nname = ["{"长" * 200}"]', BadValueError, "「facilities.name」应为一组词"),
        ("[population.states]\n甲 = 3", BadValueError, "不是 UTF-8 的 TOML"),
        ('facilities = "甲"', BadValueError, "「facilities」应为一组词"),
        ("[facilities", FileTypeError, "不是 UTF-8 的 TOML"),
        ("a = " + "[" * 100_000, FileTypeError, "不是 UTF-8 的 TOML"),
        ("#" * (MAX_SYNONYM_BYTES + 1), FileTooLargeError, "上限"),
    ],
)
def test_words_that_cannot_be_taken(
    own: Callable[[str], Path], content: str, kind: type[InputError], words: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_synonyms(own(content))
    assert words in str(caught.value)
    assert str(caught.value).startswith("同义词.toml：")
    if words != "不是 UTF-8 的 TOML":
        assert isinstance(caught.value, kind)


def test_a_table_of_words_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileTypeError):
        load_synonyms(tmp_path / "无.toml")
