import io

import openpyxl
import pandas as pd
import pytest
import shapely

from geo.core.schema import FACILITIES
from geo.core.workbook import heading
from geo.districts import demo_ledger_path, load_shipped
from geo.districts.demo_workbook import ledger_workbook

CODES = {"乡镇街道代码": str, "村社区代码": str}


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    return pd.read_excel(
        demo_ledger_path("430503"),
        sheet_name="设施台账",
        engine="openpyxl",
        dtype={"乡镇街道代码": str},
    )


@pytest.fixture(scope="module")
def plaques() -> pd.DataFrame:
    return pd.read_excel(demo_ledger_path("430503"), sheet_name="挂牌", engine="openpyxl")


def test_every_row_that_is_no_published_fact_says_so(ledger: pd.DataFrame) -> None:
    real = ledger["是否演示数据"] == "否"
    assert real.sum() == 8
    assert (ledger.loc[~real, "备注"] == "演示数据，非真实设施").all()
    assert ledger.loc[~real, "名称"].str.endswith("（演示）").all()
    assert ledger.loc[real, "核查"].eq("待核").all(), "published venues add no area unverified"
    assert ledger.loc[real, "备注"].str.startswith("公开").all()
    assert ledger["联系方式"].isna().all()


def test_a_centre_for_each_village_and_a_practice_centre_for_each_township(
    ledger: pd.DataFrame, plaques: pd.DataFrame
) -> None:
    data = load_shipped("430503")
    centres = ledger[ledger["类型"] == "党群服务中心"]
    codes = centres["村社区代码"].map(lambda code: str(code).removesuffix(".0"))
    assert set(codes) == set(data.villages.index)
    own = ledger[ledger["类型"].str.startswith("新时代文明实践")]["乡镇街道代码"]
    shared = plaques[plaques["认定类型"].str.startswith("新时代文明实践")]["设施编号"]
    of_place = ledger.set_index("设施编号")["乡镇街道代码"]
    assert set(own) | set(of_place[shared]) == set(data.townships.index)
    assert len(shared) > 0, "some are the same room"


def test_the_ledger_shows_every_trouble(ledger: pd.DataFrame) -> None:
    halls = ledger[ledger["类型"] == "科普展厅"]
    assert halls["状态"].eq("关闭").any()
    assert halls["是否对公众开放"].eq("否").any()
    assert ledger["状态"].eq("在建").any()
    assert ledger[ledger["类型"] == "专题博物馆/纪念馆"]["展厅面积（㎡）"].isna().any()
    outside = ~ledger["乡镇街道代码"].fillna("430503").str.startswith("430503")
    assert outside.sum() == 2
    shared = ledger[ledger["是否共用场地"] == "是"]
    assert shared["共用折算"].isna().any()
    assert shared["共用折算"].notna().any()


def test_positions_stand_in_their_townships_but_for_two(ledger: pd.DataFrame) -> None:
    townships = load_shipped("430503").townships.geometry
    placed = ledger[ledger["经度"].notna() & ledger["乡镇街道代码"].isin(townships.index)]
    points = shapely.points(placed["经度"], placed["纬度"])
    own = townships[placed["乡镇街道代码"]].array
    assert (~shapely.intersects(points, own)).sum() == 2
    assert not placed.duplicated(["经度", "纬度"]).any()


def test_the_workbook_is_the_same_bytes_and_text_stays_text() -> None:
    row = {"facility_id": "1", "name": "=1+1", "kind": "library", "status": "operating"}
    first, second = ledger_workbook([row], []), ledger_workbook([row], [])
    assert first == second
    sheet = openpyxl.load_workbook(io.BytesIO(first))["设施台账"]
    assert sheet["B2"].data_type == "s", "a name that begins with = is no formula"
    assert [cell.value for cell in sheet[1]][-2:] == ["经度", "纬度"]
    assert heading(FACILITIES["gallery_length_m"]) == "画廊长度（米）"
