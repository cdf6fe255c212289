"""Traditional characters as simplified ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.schema import FACILITIES
from geo.core.script import simplified
from geo.intake.cells.cell import read_cell
from geo.intake.georeference.datum import datum_named


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [("蔡鍔鄉", "蔡锷乡"), ("貳佰畝", "贰佰亩"), ("黨群服務中心", "党群服务中心"), ("薴", "苎"),
     ("乾隆", "干隆"), ("展厅", "展厅"), ("", ""), ("abc１㎡", "abc１㎡")],
)  # fmt: skip
def test_signs(traditional: str, simple: str) -> None:
    assert simplified(traditional) == simple


@given(st.text())
def test_length_is_kept_and_once_more_changes_nothing(text: str) -> None:
    once = simplified(text)
    assert len(once) == len(text)
    assert simplified(once) == once


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        ("exhibition_area_m2", "兩萬平方米", 20_000.0), ("exhibition_area_m2", "3畝", 2_000.0),
        ("exhibition_area_m2", "貳佰平方米", 200.0), ("exhibition_area_m2", "暫無", None),
        ("exhibition_area_m2", "200餘", 200.0), ("open_to_public", "未開放", False),
        ("open_to_public", "對外開放", True), ("open_to_public", "沒有", False),
        ("kind", "黨群服務中心(站)", "party_service_centre"), ("kind", "圖書館", "library"),
        ("status", "關閉", "closed"), ("level", "無", "none"),
    ],
)  # fmt: skip
def test_cells_are_read_in_either_script(column: str, written: str, value: object) -> None:
    assert read_cell(written, FACILITIES[column]).value == value


@pytest.mark.parametrize("column", ["name", "address", "note"])
def test_what_is_kept_stays_as_written(column: str) -> None:
    assert read_cell("羅市鎮圖書館", FACILITIES[column]).value == "羅市鎮圖書館"


def test_a_datum_in_either_script() -> None:
    assert datum_named("騰訊地圖") == datum_named("腾讯地图") is not None
