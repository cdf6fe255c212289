from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.intake.divisions.names import (
    MAX_NAME,
    comparable,
    folded_name,
    leading_place,
    parts_of,
    stem_of,
)

RAW = Path(__file__).parents[4] / "data" / "raw" / "430503"


def names(file: str) -> list[str]:
    with (RAW / file).open(encoding="utf-8") as rows:
        return [row["name_zh"] for row in csv.DictReader(rows)]


@pytest.mark.parametrize(
    "ways",
    [
        ("罗市镇", "罗市", "罗市镇人民政府", "大祥区罗市镇", "邵阳市大祥区罗市镇政府", "羅市鎮"),
        (" 罗 市镇 ", "罗市镇", "（罗市）镇"),
        ("湖南省邵阳市大祥区罗市镇", "罗市镇"),
        ("中心路街道", "中心路街道办事处", "中心路办事处", "中心路", "中心路街道办"),
        ("板桥乡", "板桥乡人民政府", "板橋鄉", "板桥"),
        ("清风村", "清风村村民委员会", "清风村民委员会", "清风村委会"),
        ("清风村村委会", "罗市镇清风村"),
        ("金桥社区", "金桥社区居民委员会", "金桥社区居委会", "金桥居委会", "百春园街道金桥社区"),
        ("滑石村社区", "滑石村居委会", "滑石村社区居民委员会"),
        ("磁州镇", "磁县磁州镇", "邯郸市磁县磁州镇"),
        ("新洲镇", "津市市新洲镇"),
        ("花明楼镇", "宁乡市花明楼镇"),
        ("丁卯街道", "镇江市京口区丁卯街道"),
        ("罗市社区", "罗市镇罗市社区居委会", "大祥区罗市镇罗市社区"),
    ],
)  # fmt: skip
def test_ways_of_writing_one_division(ways: tuple[str, ...]) -> None:
    assert len({comparable(way) for way in ways}) == 1


@pytest.mark.parametrize(
    "different",
    [
        ("金桥村", "金桥社区"),
        ("板桥乡", "板桥村"),
        ("中心路街道", "中心路社区"),
        ("滑石村社区", "滑石社区"),
        ("城西街道", "城南街道"),
        ("罗市镇", "罗士镇"),
        ("新村", "村"),
    ],
)
def test_names_that_stay_apart(different: tuple[str, str]) -> None:
    assert comparable(different[0]) != comparable(different[1])


@pytest.mark.parametrize("short", ["镇", "东镇", "村", "社区", "居委会", "政府", "大祥区", ""])
def test_a_name_of_nothing_but_its_ending_stays(short: str) -> None:
    assert bool(comparable(short)) == bool(short)


@pytest.mark.parametrize("file", ["townships.csv", "villages.csv"])
def test_no_two_divisions_of_the_district_fall_together(file: str) -> None:
    written = names(file)
    assert len({comparable(name) for name in written}) == len(written)
    assert all(parts_of(name).unit == name for name in written)


@pytest.mark.parametrize(
    ("name", "place", "rest"),
    [
        ("清风村党群服务中心", "清风村", "党群服务中心"),
        ("金桥社区居委会图书室", "金桥社区", "图书室"),
        ("滑石村社区科普大学", "滑石村社区", "科普大学"),
        ("罗市镇罗市社区党群服务中心", "罗市社区", "党群服务中心"),
        ("大祥区科技馆", "", "科技馆"),
        ("大祥区新时代乡村大讲堂", "", "新时代乡村大讲堂"),
        ("大祥区农村科普馆", "", "农村科普馆"),
    ],
)
def test_the_place_that_a_venue_is_called_after(name: str, place: str, rest: str) -> None:
    assert leading_place(name) == (place, rest)


@given(st.text(max_size=300))
def test_any_text_is_folded_once_and_for_all(text: str) -> None:
    once = folded_name(text)
    assert len(once) <= MAX_NAME
    assert folded_name(once) == once
    assert len(comparable(text)) <= MAX_NAME + len("社区")
    assert stem_of(comparable(text)) == "" or once


@pytest.mark.parametrize("hostile", ["镇" * 10_000, "社区" * 5_000, "ﷺ" * 10_000, "区" * 10_000])
def test_a_name_of_ten_thousand_signs_is_cut(hostile: str) -> None:
    assert len(comparable(hostile)) <= MAX_NAME + len("社区")
    assert len(leading_place(hostile)[1]) <= MAX_NAME
