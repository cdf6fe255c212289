"""A row that tells only its village or an address: its village's middle, proposed and accepted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from geo.core.datum import to_gcj02
from geo.core.vocabulary import VILLAGE_POSITION
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.ledger import LEDGER, Ledger

DISTRICT = gpd.GeoDataFrame(
    {"name_zh": ["罗市镇", "蔡锷乡"], "quality": ["official"] * 2},
    geometry=[box(111.4, 27.1, 111.5, 27.3), box(111.5, 27.1, 111.6, 27.3)],
    index=["430503101", "430503202"],
    crs=4490,
)
ISLAND, BRIDGE, OTHER_BRIDGE, NOWHERE = (
    "430503101201", "430503101202", "430503202201", "430503202202",
)  # fmt: skip
VILLAGES = gpd.GeoDataFrame(
    {
        "name_zh": ["沙洲村", "桥头村", "桥头村", "无图村"],
        "township_code": ["430503101", "430503101", "430503202", "430503202"],
    },
    geometry=[box(111.41, 27.11, 111.43, 27.15), Point(111.452, 27.2), Point(111.55, 27.2), None],
    index=[ISLAND, BRIDGE, OTHER_BRIDGE, NOWHERE],
    crs=4490,
)
SETTING = ReferenceData(DISTRICT, villages=VILLAGES, district_name="大祥区")
ACCEPTED = replace(SETTING, village_positions=True)
HEADS = ["名称", "类型", "乡镇", "村", "村代码", "地址", "经度", "纬度", "位置来源"]

Maker = Callable[..., Imported[Ledger]]


@pytest.fixture
def examined(workbook: Callable[..., Path]) -> Maker:
    """Return a maker of ledgers, of which each row says only some things."""

    def make(*rows: dict[str, Any], setting: ReferenceData = SETTING) -> Imported[Ledger]:
        cells: list[Sequence[Any]] = [HEADS]
        for number, row in enumerate(rows):
            told = {"名称": f"第{number}馆", "类型": "科技馆"} | row
            cells.append([told.get(head) for head in HEADS])
        return parse(LEDGER, read_file(workbook(设施台账=cells)), setting)

    return make


def codes(found: Imported[Ledger]) -> list[str]:
    told = [one.note.code for one in found.report.warnings]
    return [code for code in told if code.startswith("village_position")]


def where(found: Imported[Ledger]) -> list[tuple[float, float] | None]:
    points = found.data.facilities.geometry
    return [None if point is None else (point.x, point.y) for point in points]


def note(found: Imported[Ledger], code: str) -> str:
    (told,) = [one.note.zh for one in found.report.warnings if one.note.code == code]
    return told


ONE_WAY = [
    ({"村代码": BRIDGE}, (111.452, 27.2), "按村社区", "95%"),
    ({"村": "沙洲村"}, (111.42, 27.13), "按村社区", "95%"),
    ({"乡镇": "蔡锷乡", "村": "桥头村"}, (111.55, 27.2), "按村社区", "95%"),
    ({"地址": "大祥区罗市镇沙洲村3组"}, (111.42, 27.13), "按地址", "95%"),
    ({"地址": "沙洲村3组"}, (111.42, 27.13), "按地址", "85%"),
    ({"乡镇": "罗市镇", "地址": "桥头村8号"}, (111.452, 27.2), "按地址", "85%"),
]


@pytest.mark.parametrize(("row", "middle", "how", "share"), ONE_WAY)
def test_the_middle_is_proposed_and_never_used_by_itself(
    examined: Maker, row: dict[str, Any], middle: tuple[float, float], how: str, share: str
) -> None:
    found = examined(row)
    assert where(found) == [None]
    assert found.data.facilities["position_source"].isna().all()
    told = note(found, "village_position_proposed")
    assert how in told
    assert f"村社区中心（约）{middle[0]}, {middle[1]}（把握 {share}）；没有采用" in told
    assert note(found, "village_positions_offered").startswith("1 行没有位置，其中 1 行")


@pytest.mark.parametrize(("row", "middle", "how", "share"), ONE_WAY)
def test_once_accepted_it_is_the_position_and_says_that_it_is_not_one(
    examined: Maker, row: dict[str, Any], middle: tuple[float, float], how: str, share: str
) -> None:
    found = examined(row | {"位置来源": "现场测量"}, setting=ACCEPTED)
    assert where(found) == [middle]
    assert found.data.facilities["position_source"].tolist() == [VILLAGE_POSITION]
    told = note(found, "village_position_taken")
    assert how in told
    assert share in told


@pytest.mark.parametrize(
    "row",
    [
        {"乡镇": "罗市镇"},
        {"村代码": NOWHERE},
        {"村代码": NOWHERE, "地址": "沙洲村3组"},
        {"地址": "桥头村8号"},
        {"地址": "无名路1号"},
        {"乡镇": "蔡锷乡", "地址": "罗市镇沙洲村"},
        {"村代码": BRIDGE, "经度": 111.46, "纬度": 27.21},
        {"村代码": BRIDGE, "经度": "在河边", "纬度": "不知道"},
    ],
    ids=[
        "township only", "village without position", "stated village before the address",
        "a name of two villages", "no village in the address", "address of another township",
        "its own position", "a position to be mended",
    ],
)  # fmt: skip
def test_what_is_not_clear_is_not_proposed(examined: Maker, row: dict[str, Any]) -> None:
    for setting in (SETTING, ACCEPTED):
        assert codes(examined(row, setting=setting)) == []


def test_a_street_called_after_a_village_is_told_and_never_taken(examined: Maker) -> None:
    found = examined({"地址": "沙洲路8号"}, setting=ACCEPTED)
    assert where(found) == [None]
    assert codes(found) == ["village_position_unsure"]
    assert "把握只有 40%" in note(found, "village_position_unsure")


def test_without_positions_of_villages_the_option_says_so(examined: Maker) -> None:
    plain = ReferenceData(DISTRICT, villages=pd.DataFrame(VILLAGES.drop(columns="geometry")))
    assert codes(examined({"村代码": BRIDGE}, setting=plain)) == []
    wished = replace(plain, village_positions=True)
    assert codes(examined({"村代码": BRIDGE}, setting=wished)) == ["village_positions_unknown"]


def test_many_rows_of_one_village_are_no_one_place_and_no_doubles(examined: Maker) -> None:
    asked = {"duplicate_name_and_place", "shared_place", "placeholder_position"}
    rows = [{"村代码": BRIDGE, "名称": f"桥头第{n}图书馆", "类型": "图书馆"} for n in range(12)]
    found = examined(*rows, setting=ACCEPTED)
    assert len(set(where(found))) == 1
    assert not asked & {one.note.code for one in found.report.warnings}
    stored = replace(ACCEPTED, facilities=found.data.facilities.rename(lambda key: f"S-{key}"))
    (new,) = [{"名称": "桥头第1图书馆（新馆）", "类型": "图书馆", "经度": 111.452, "纬度": 27.2}]
    beside = examined(new, setting=stored)
    assert not asked & {one.note.code for one in beside.report.warnings}
    measured = examined(*[row | {"经度": 111.452, "纬度": 27.2} for row in rows])
    assert asked & {one.note.code for one in measured.report.warnings}


def test_they_are_no_evidence_of_a_datum(examined: Maker) -> None:
    """Twenty shifted places and the middles of their villages, as an exported ledger has both."""
    names = [f"第{number}馆" for number in range(20)]
    true = [(111.41 + 0.008 * n, 27.12 + 0.007 * n) for n in range(20)]
    stored = gpd.GeoDataFrame(
        {"name": names, "position_source": [VILLAGE_POSITION] * 20, "demonstration": [False] * 20},
        geometry=[Point(*pair) for pair in true],
        crs=4490,
    )

    def known_of(facilities: gpd.GeoDataFrame) -> Any:
        surroundings = ReferenceData(DISTRICT, facilities).surroundings
        assert surroundings is not None
        return surroundings.known

    assert known_of(stored) == {}
    assert len(known_of(stored.assign(position_source="GPS"))) == 20
    shifted = [tuple(float(x) for x in to_gcj02(*pair)) for pair in true]
    rows = [{"经度": x, "纬度": y} for x, y in shifted]
    known = replace(SETTING, facilities=_ledger(stored.assign(position_source="GPS")))
    assert "datum_shifted" in {o.note.code for o in examined(*rows, setting=known).report.warnings}
    about = [row | {"位置来源": VILLAGE_POSITION} for row in rows]
    for setting, told in ((known, about), (replace(known, facilities=_ledger(stored)), rows)):
        found = {one.note.code for one in examined(*told, setting=setting).report.warnings}
        assert "datum_shifted" not in found


def _ledger(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.assign(address=None, township_code=None).set_index(
        pd.Index([f"S{number}" for number in range(len(frame))], name="facility_id")
    )
