"""Questions about rows that were taken: they name the row, and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import box

from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.ledger import LEDGER, Ledger

DISTRICT = gpd.GeoDataFrame(
    {"name_zh": ["城东街道"]},
    geometry=[box(111.4, 27.1, 111.5, 27.3)],
    index=["430599001"],
    crs=4490,
)
HALL = {"名称": "东风科技馆", "类型": "科技馆", "展厅面积": 300, "建筑面积": 900,
        "乡镇": "城东街道",
        "经度": 111.45, "纬度": 27.2}  # fmt: skip


@pytest.fixture
def asked(workbook: Callable[..., Path]) -> Callable[..., dict[str, int]]:
    """Return what a ledger raises: codes of questions, by the row that they stand at."""

    def make(*rows: dict[str, Any], existing: Any = None) -> dict[str, int]:
        table = [list(rows[0]), *[list(row.values()) for row in rows]]
        book = read_file(workbook(设施台账=table))
        found: Imported[Ledger] = parse(LEDGER, book, ReferenceData(DISTRICT, existing))
        assert len(found.data.facilities) == len(rows), "a question holds nothing back"
        codes = ("duplicate", "shared", "placeholder", "area")
        return {
            warnings.note.code: warnings.place.row or 0
            for warnings in found.report.warnings
            if warnings.note.code.startswith(codes)
        }

    return make


def test_a_sound_ledger_raises_no_question(asked: Callable[..., dict[str, int]]) -> None:
    other = HALL | {"名称": "西山图书馆", "类型": "图书馆", "展厅面积": 50, "经度": 111.41}
    assert asked(HALL, other) == {}


def test_near_in_name_and_place(asked: Callable[..., dict[str, int]]) -> None:
    other = HALL | {"名称": "城东街道东风科技馆（新馆）", "纬度": 27.2005}
    assert "duplicate_name_and_place" in asked(HALL, other)


def test_one_place_with_many_plaques(asked: Callable[..., dict[str, int]]) -> None:
    designation = HALL | {
        "名称": "社区科普大学",
        "类型": "社区科普大学",
        "展厅面积": None,
        "建筑面积": None,
    }
    assert "shared_place" in asked(HALL, designation)


def test_a_building_entered_as_a_hall(asked: Callable[..., dict[str, int]]) -> None:
    assert asked(HALL | {"展厅面积": 900}) == {"area_equals_floor": 2}
    assert asked(HALL | {"展厅面积": 1_200}) == {"area_above_floor": 2}


def test_the_same_place_in_the_store(asked: Callable[..., dict[str, int]]) -> None:
    kept = gpd.GeoDataFrame(
        {"name": ["东风科技馆"], "demonstration": [False], "address": [None],
         "township_code": ["430599001"]},
        geometry=gpd.points_from_xy([111.45], [27.2]), index=["Z9"], crs=4490,
    )  # fmt: skip
    assert "duplicate_name_and_place" in asked(HALL, existing=kept)
    assert asked(HALL, existing=kept.assign(demonstration=True)) == {}
