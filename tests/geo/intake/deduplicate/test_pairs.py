from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from shapely import Point

from geo.core.vocabulary import Kind
from geo.intake.deduplicate.designations import shared_places
from geo.intake.deduplicate.pairs import MAX_PAIRS, REASONS, duplicates
from geo.intake.deduplicate.questions import CEILINGS_M2, suspected_areas

MEASURING = CRS.from_epsg(4546)
COLUMNS = ["name", "kind", "address", "township_code", "exhibition_area_m2", "floor_area_m2"]


def row(name: str, east: float | None = None, north: float = 0.0, **values: Any) -> dict[str, Any]:
    """Return a row that stands so many metres from a corner, or nowhere."""
    point = None if east is None else Point(500_000 + east, 3_010_000 + north)
    return dict.fromkeys(COLUMNS) | {"name": name, "kind": "library", "point": point} | values


def frame(rows: dict[str, dict[str, Any]]) -> gpd.GeoDataFrame:
    return frame_of(list(rows.items()))


def frame_of(rows: list[tuple[str, dict[str, Any]]]) -> gpd.GeoDataFrame:
    table = pd.DataFrame([values for _, values in rows], columns=COLUMNS)
    table = table.astype(dict.fromkeys(COLUMNS[:4], "str") | dict.fromkeys(COLUMNS[4:], "float64"))
    points = gpd.GeoSeries([values["point"] for _, values in rows], crs=MEASURING)
    made = gpd.GeoDataFrame(table, geometry=points).to_crs(4490)
    return made.set_index(pd.Index([number for number, _ in rows], name="facility_id"))


def pairs(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(table[["left", "right", "reason"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (row("松坡图书馆", 0), row("大祥区松坡图书馆", 99), "duplicate_name_and_place"),
        (row("松坡图书馆", 0), row("松坡圖書館（新馆）", 60, 70), "duplicate_name_and_place"),
        (row("清风村党群服务中心", 0), row("清风村党群中心", 5), "duplicate_name_and_place"),
        (row("罗市镇清风村农家书屋", 0), row("清风村农家书屋", 5), "duplicate_name_and_place"),
        (row("松坡图书馆", 0), row("松坡图书馆", 101), None),
        (row("清风村党群服务中心", 0), row("台上村党群服务中心", 1), None),
        (row("金桥村党群服务中心", 0), row("金桥社区科普活动室", 1), None),
        (row("清风村党群服务中心", 0), row("清风村科普活动室", 1), None),
        (row("大祥区第一小学", 0), row("大祥区第二小学", 1), None),
        (row("城东科普馆", 0), row("城西科普馆", 1), None),
        (
            row("松坡图书馆", address="罗市镇人民路 12 号"),
            row("松坡图书馆新馆", address="邵阳市大祥区罗市镇人民路１２号"),
            "duplicate_name_and_address",
        ),
        (
            row("松坡图书馆", address="罗市镇人民路 12 号"),
            row("松坡图书馆新馆", address="罗市镇人民路21号"),
            None,
        ),
        (row("松坡图书馆", address="罗市镇"), row("松坡图书馆", address="罗市镇"), None),
        (
            row("松坡图书馆", township_code="430503101"),
            row("松坡图书馆", 0, township_code="430503101"),
            "duplicate_name",
        ),
        (row("松坡图书馆", township_code="430503101"), row("松坡图书馆"), None),
        (row("松坡图书馆", 0), row("松坡图书馆"), None),
    ],
)
def test_two_rows(first: dict[str, Any], second: dict[str, Any], reason: str | None) -> None:
    found = duplicates(frame({"a": first, "b": second}), measuring_crs=MEASURING)
    assert pairs(found) == ([("a", "b", reason)] if reason else [])
    assert (found["confidence"].between(0, 1)).all()
    assert set(found["reason"]) <= set(REASONS)


def test_what_is_told_of_a_pair() -> None:
    rows = frame({"b": row("松坡图书馆", 0), "a": row("松坡图书馆", 30, 40)})
    (told,) = duplicates(rows, measuring_crs=MEASURING).to_dict("records")
    assert told == {
        "left": "a", "right": "b", "reason": "duplicate_name_and_place",
        "name_similarity": 1.0, "distance_m": 50.0, "confidence": 0.85,
    }  # fmt: skip


def test_the_kept_ledger_is_not_held_against_itself() -> None:
    kept = frame({"a": row("松坡图书馆", 0), "b": row("松坡图书馆", 5), "z": row("文化馆", 900)})
    new = frame(
        {"n": row("松坡图书馆", 9), "z": row("罗市镇文化站", 900), "a": row("松坡图书馆", 0)}
    )
    found = pairs(duplicates(new, kept, measuring_crs=MEASURING))
    assert sorted(found) == [
        ("a", "b", "duplicate_name_and_place"),
        ("a", "n", "duplicate_name_and_place"),
        ("n", "b", "duplicate_name_and_place"),
        ("z", "z", "duplicate_id"),
    ]


def test_an_id_used_twice() -> None:
    twice = frame_of([("a", row("松坡图书馆", 0)), ("a", row("文化馆", 9_000))])
    (told,) = duplicates(twice, measuring_crs=MEASURING).to_dict("records")
    assert (told["left"], told["right"], told["reason"]) == ("a", "a", "duplicate_id")
    assert told["confidence"] == 1.0


def test_the_rest_is_counted() -> None:
    rows = [row("松坡图书馆", 0.1 * number) for number in range(100)]
    found = duplicates(frame({f"f{n:03}": one for n, one in enumerate(rows)}),
                       measuring_crs=MEASURING)  # fmt: skip
    assert len(found) == MAX_PAIRS
    assert 0 < found.attrs["more"] <= 100 * 80 - MAX_PAIRS


NAMES = st.sampled_from(
    [
        "松坡图书馆",
        "松坡图书馆新馆",
        "清风村党群中心",
        "台上村党群中心",
        "第一小学",
        "第二小学",
        "",
        "馆",
    ]
)
ROWS = st.builds(
    row,
    NAMES,
    st.one_of(st.none(), st.sampled_from([0, 8, 14, 40, 90, 400])),
    st.sampled_from([0.0, 7.0, 55.0]),
    kind=st.sampled_from(["library", "school"]),
    address=st.sampled_from([None, "罗市镇", "罗市镇人民路12号", "蔡锷乡新街8号"]),
    township_code=st.sampled_from([None, "430503101"]),
    exhibition_area_m2=st.sampled_from([None, 40.0, 4_000.0]),
    floor_area_m2=st.sampled_from([None, 40.0, 400.0]),
)
LEDGERS = st.lists(ROWS, max_size=14).map(
    lambda rows: [(f"f{number:02}", one) for number, one in enumerate(rows)]
)


@settings(max_examples=40)
@given(LEDGERS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[Any], random: Any) -> None:
    mixed = random.sample(rows, len(rows))
    first, second = frame_of(rows), frame_of(mixed)
    pd.testing.assert_frame_equal(
        duplicates(first, measuring_crs=MEASURING), duplicates(second, measuring_crs=MEASURING)
    )
    pd.testing.assert_frame_equal(shared_places(first, MEASURING), shared_places(second, MEASURING))
    pd.testing.assert_frame_equal(suspected_areas(first), suspected_areas(second))


@settings(max_examples=40)
@given(LEDGERS)
def test_no_pair_twice_and_a_ledger_against_itself(rows: list[Any]) -> None:
    once = frame_of(rows)
    before = once.copy()
    alone = duplicates(once, measuring_crs=MEASURING)
    met = [frozenset(pair) for pair in zip(alone["left"], alone["right"], strict=True)]
    assert len(met) == len(set(met))
    assert all(len(pair) == 2 for pair in met)
    pd.testing.assert_frame_equal(alone, duplicates(once, once, measuring_crs=MEASURING))
    pd.testing.assert_frame_equal(pd.DataFrame(once), pd.DataFrame(before))


@settings(max_examples=40)
@given(LEDGERS)
def test_what_is_near_in_name_and_place_is_found(rows: list[Any]) -> None:
    found = duplicates(frame_of(rows), measuring_crs=MEASURING)
    met = set(zip(found["left"], found["right"], strict=True))
    for number, (left, first) in enumerate(rows):
        for right, second in rows[number + 1 :]:
            same = first["name"] == second["name"] != ""
            placed = first["point"] is not None and second["point"] is not None
            if same and placed and first["point"].distance(second["point"]) < 99.9:
                assert (left, right) in met


def roles(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(table[["group", "facility_id", "role"]].itertuples(index=False, name=None))


def test_one_place_with_many_plaques() -> None:
    rows = frame({
        "a": row("清风村党群服务中心", 0, kind="party_service_centre"),
        "b": row("清风村科普大学", 14, kind="community_university", exhibition_area_m2=40),
        "c": row("儿童之家", 28, kind="childrens_home", floor_area_m2=90),
        "d": row("文化馆", 44),
        "e": row("图书室", address="罗市镇人民路12号"),
        "f": row("日间照料中心", address="罗市镇人民路12号", kind="elderly_day_care"),
    })  # fmt: skip
    found = shared_places(rows, MEASURING)
    assert roles(found) == [
        ("b", "b", "place"), ("b", "a", "plaque"), ("b", "c", "plaque"),
        ("e", "e", "place"), ("e", "f", "plaque"),
    ]  # fmt: skip
    assert found["rows"].tolist() == [3, 3, 3, 2, 2]
    assert found["spread_m"].iloc[0] == 28.0
    assert math.isnan(found["spread_m"].iloc[3])
    assert "「清风村科普大学」" in found["zh"].iloc[0]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (row("图书室", 0), row("活动室", 14.99), True),
        (row("图书室", 0), row("活动室", 15.1), False),
        (row("图书室", 0), row("图书室", 0), False),
        (row("图书室", 0), row("图书室", 0, kind="school"), True),
        (row("图书室", address="罗市镇"), row("活动室", address="罗市镇"), False),
        (row("图书室", 0, address="人民路12号"), row("活动室", address="人民路12号"), True),
        (row("图书室", 0, address="人民路12号"), row("活动室", 499, address="人民路12号"), True),
        (row("图书室", 0, address="人民路12号"), row("活动室", 501, address="人民路12号"), False),
        (row("图书室"), row("活动室"), False),
    ],
)
def test_which_rows_share_a_place(
    first: dict[str, Any], second: dict[str, Any], joined: bool
) -> None:
    assert len(shared_places(frame({"a": first, "b": second}), MEASURING)) == 2 * joined


@pytest.mark.parametrize(
    ("count", "address", "role"),
    [
        (9, "新街{}号", "placeholder"),
        (8, "新街{}号", "place"),
        (9, "新街5号", "place"),
        (9, None, "place"),
    ],
)
def test_the_centre_of_a_village_reused(count: int, address: str | None, role: str) -> None:
    rows = {
        f"f{number}": row(f"书屋{number}", 0, address=address and address.format(number))
        for number in range(count)
    }
    found = shared_places(frame(rows), MEASURING)
    assert len(found) == count
    assert found["role"].iloc[0] == role
    assert set(found["role"].iloc[1:]) == {"placeholder" if role == "placeholder" else "plaque"}


def test_villages_in_names_speak_where_addresses_are_missing() -> None:
    rows = {f"f{n}": row(f"{name}村党群服务中心", 0) for n, name in enumerate("甲乙丙丁戊己庚辛壬")}
    assert "placeholder" not in set(shared_places(frame(rows), MEASURING)["role"])
    rows = {
        f"f{n}": row(f"{name}家村党群服务中心", 0) for n, name in enumerate("甲乙丙丁戊己庚辛壬")
    }
    assert set(shared_places(frame(rows), MEASURING)["role"]) == {"placeholder"}


def test_groups_are_those_of_every_pair_compared() -> None:
    random = np.random.default_rng(7)
    spots = random.uniform(0, 250, (120, 2)).round(1)
    rows = {f"f{n:03}": row(f"书屋{n}", *spot) for n, spot in enumerate(spots)}
    found = shared_places(frame(rows), MEASURING)
    parts = found.groupby("group")["facility_id"].agg(frozenset).tolist()
    left = {number: {number} for number in rows}
    for one, first in rows.items():
        for other, second in rows.items():
            if first["point"].distance(second["point"]) <= 15 and left[one] is not left[other]:
                left[one] |= left[other]
                for member in left[one]:
                    left[member] = left[one]
    assert set(parts) == {frozenset(part) for part in left.values() if len(part) > 1}


def area(hall: float | None, floor: float | None = None, kind: str = "library") -> dict[str, Any]:
    return row("馆", kind=kind, exhibition_area_m2=hall, floor_area_m2=floor)


@pytest.mark.parametrize(
    ("one", "reasons"),
    [
        (area(3_000, kind="party_service_centre"), ["area_above_ceiling"]),
        (area(500, kind="party_service_centre"), []),
        (area(500.5, kind="party_service_centre"), ["area_above_ceiling"]),
        (area(6_000, 15_000, "thematic_museum"), []),
        (area(400, 400), ["area_equals_floor"]),
        (area(401, 400), ["area_above_floor"]),
        (area(399, 400), []),
        (area(400, 0), []),
        (area(0, 0), []),
        (area(None, 400), []),
        (area(None), []),
        (area(9_000, 400), ["area_above_ceiling", "area_above_floor"]),
    ],
)
def test_one_area(one: dict[str, Any], reasons: list[str]) -> None:
    assert suspected_areas(frame({"a": one}))["reason"].tolist() == reasons


@pytest.mark.parametrize(
    ("usual", "large", "asked"),
    [
        ([40, 50, 60, 50, 40, 60, 50], 1_500, True),
        ([40, 50, 60, 50, 40, 60], 1_500, False),
        ([50] * 7, 149, False),
        ([50] * 7, 151, True),
        ([10, 20, 50, 100, 300, 700, 1_200], 1_500, False),
    ],
)
def test_an_area_unlike_its_kind(usual: list[float], large: float, asked: bool) -> None:
    rows = {f"f{n}": area(size) for n, size in enumerate(usual)} | {"z": area(large)}
    found = suspected_areas(frame(rows))
    assert found["reason"].tolist() == ["area_unlike_kind"] * asked
    if asked:
        (told,) = found.to_dict("records")
        assert (told["facility_id"], told["value"]) == ("z", large)
        assert told["expected_low"] <= 50 <= told["expected_high"] < large


def test_every_kind_has_a_ceiling() -> None:
    assert set(CEILINGS_M2) == set(Kind)


def test_an_empty_ledger() -> None:
    empty = frame({})
    assert duplicates(empty, empty, measuring_crs=MEASURING).attrs["more"] == 0
    assert shared_places(empty, MEASURING).empty
    assert suspected_areas(empty).empty
