from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import BadValueError, MissingColumnError
from geo.intake.georeference.bounds import in_china, outside_china
from geo.intake.tables.ledger import read_ledger

AT = "台账.xlsx · 设施台账 · 第2行 · 经度："


def test_positions_are_kept_in_cgcs2000(one_row: Callable[..., Path]) -> None:
    facilities = read_ledger(one_row()).facilities
    assert facilities.crs.to_epsg() == 4490
    assert facilities.geometry["P1"].coords[0] == (111.45, 27.23)


@pytest.mark.parametrize(
    ("longitude", "latitude"), [("lon", "lat"), ("Longitude", "latitude"), ("经度（°）", "纬度")]
)
def test_headings_of_positions(
    workbook: Callable[..., Path],
    headings: list[str],
    row: list[Any],
    longitude: str,
    latitude: str,
) -> None:
    path = workbook(设施台账=[[*headings[:-2], longitude, latitude], row])
    assert read_ledger(path).facilities.geometry["P1"].x == 111.45


def test_neither_is_no_position(one_row: Callable[..., Path]) -> None:
    path = one_row(经度=None, 纬度=" ")
    assert read_ledger(path).facilities.geometry["P1"] is None


@pytest.mark.parametrize(("lacking", "label"), [("经度", "经度"), ("纬度", "纬度")])
def test_half_a_position(
    refused: Callable[..., object], one_row: Callable[..., Path], lacking: str, label: str
) -> None:
    message = (
        f"台账.xlsx · 设施台账 · 第2行 · {label}："
        f"只填了一半的位置，缺{label}。请补上，或两格都留空。"
    )
    refused(BadValueError, message, read_ledger, one_row(**{lacking: None}))


def test_half_the_columns(
    refused: Callable[..., object],
    workbook: Callable[..., Path],
    headings: list[str],
    row: list[Any],
) -> None:
    path = workbook(设施台账=[headings[:-1], row[:-1]])
    message = (
        "台账.xlsx · 设施台账 · 第1行：缺少必需的列「纬度」。"
        f"现有表头：{'、'.join(headings[:-1])}。请补上，或改正表头。"
    )
    refused(MissingColumnError, message, read_ledger, path)


@pytest.mark.parametrize("raw", ["一百一十一", "nan", "1e400", "111°77′"])
def test_a_position_that_is_no_number(one_row: Callable[..., Path], raw: str) -> None:
    with pytest.raises(BadValueError) as caught:
        read_ledger(one_row(经度=raw))
    assert str(caught.value).startswith(f"{AT}「{raw}」")


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [("东经111.45度", "北纬27.23度"), ("111°27′", "27°13′48″"), ("１１１．４５", " 27.23 ")],
)
def test_positions_as_people_write_them(
    one_row: Callable[..., Path], longitude: str, latitude: str
) -> None:
    (point,) = read_ledger(one_row(经度=longitude, 纬度=latitude)).facilities.geometry
    assert (round(point.x, 9), round(point.y, 9)) == (111.45, 27.23)


@pytest.mark.parametrize(
    ("longitude", "latitude", "message"),
    [
        (27.23, 111.45, "位置（27.23, 111.45）不在中国范围内：经度和纬度可能填反了，请对调。"),
        (
            500000,
            3010000.5,
            "位置（500000, 3010000.5）不在中国范围内："
            "像是以米为单位的投影坐标，请转换为 CGCS2000 经纬度。",
        ),
        (
            37500000,
            3010000,
            "位置（37500000, 3010000）不在中国范围内："
            "像是以米为单位的投影坐标，请转换为 CGCS2000 经纬度。",
        ),
        (
            0,
            0,
            "位置（0, 0）不在中国范围内：经度应在 73 至 136 之间，纬度应在 3 至 54 之间，请核对。",
        ),
        (
            -111.45,
            27.23,
            "位置（-111.45, 27.23）不在中国范围内："
            "经度应在 73 至 136 之间，纬度应在 3 至 54 之间，请核对。",
        ),
    ],
)
def test_positions_outside_china(
    refused: Callable[..., object],
    one_row: Callable[..., Path],
    longitude: float,
    latitude: float,
    message: str,
) -> None:
    refused(BadValueError, AT + message, read_ledger, one_row(经度=longitude, 纬度=latitude))


@given(st.floats(73, 136), st.floats(3, 54))
def test_swapped_positions_are_always_seen(longitude: float, latitude: float) -> None:
    assert in_china(longitude, latitude)
    assert not in_china(latitude, longitude)
    assert "填反了" in outside_china(latitude, longitude).zh
