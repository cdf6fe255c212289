"""Positions of whole sheets: layouts, single odd rows, and the datum, stated or told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from geo.core.datum import Datum, to_bd09, to_gcj02
from geo.core.schema import FACILITIES, conform
from geo.intake.pipeline import Imported, parse
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import read_file
from geo.intake.tables.ledger import LEDGER, Ledger

DISTRICT = gpd.GeoDataFrame(
    {"name_zh": ["城东街道", "河西镇"], "quality": ["official", "official"]},
    geometry=[box(111.4, 27.1, 111.5, 27.3), box(111.5, 27.1, 111.6, 27.3)],
    index=["430599001", "430599101"],
    crs=4490,
)
ROWS = 24
TRUE = [(round(111.41 + 0.007 * n, 6), round(27.12 + 0.006 * n, 6)) for n in range(ROWS)]
ReadLedger = Callable[..., Imported[Ledger]]


@pytest.fixture
def examined(workbook: Callable[..., Path]) -> ReadLedger:
    """Return a maker of ledgers that have one or two columns of positions."""

    def make(
        heads: Sequence[str], cells: Sequence[Sequence[Any]], **setting: Any
    ) -> Imported[Ledger]:
        table = [["名称", "类型", *heads]]
        table += [[f"第{n}馆", "科技馆", *row] for n, row in enumerate(cells)]
        path = workbook(设施台账=table)
        return parse(LEDGER, read_file(path), ReferenceData(DISTRICT, **setting))

    return make


def off(found: Imported[Ledger], true: Sequence[tuple[float, float]] = TRUE) -> float:
    """Return the greatest distance from where the places are, in degrees."""
    geometry = found.data.facilities.geometry
    assert len(geometry) == len(true)
    x, y = np.array(true).T
    return float(np.hypot(geometry.x.to_numpy() - x, geometry.y.to_numpy() - y).max())


def notes(found: Imported[Ledger]) -> set[str]:
    return {warnings.note.code for warnings in found.report.warnings}


def test_degrees_as_they_should_be(examined: ReadLedger) -> None:
    found = examined(["经度", "纬度"], TRUE)
    assert off(found) == 0
    assert "layout_degrees" not in notes(found)
    assert notes(found) & {"datum_undecided", "datum_unshifted"}


@pytest.mark.parametrize(
    "write",
    [
        lambda x, y: f"{x},{y}",
        lambda x, y: f"{x}，{y}",
        lambda x, y: f"北纬{y} 东经{x}",
        lambda x, y: f"({x};{y})",
        lambda x, y: f"POINT ({x} {y})",
    ],
)
def test_one_column_for_both(examined: ReadLedger, write: Callable[[float, float], str]) -> None:
    assert off(examined(["坐标"], [[write(round(x, 4), round(y, 4))] for x, y in TRUE])) < 1e-4


def test_a_sheet_with_both_columns_swapped(examined: ReadLedger) -> None:
    found = examined(["经度", "纬度"], [(y, x) for x, y in TRUE])
    assert off(found) == 0
    assert "layout_swapped" in notes(found)


def test_one_row_that_is_swapped_is_held_back_with_a_proposal(examined: ReadLedger) -> None:
    rows = [TRUE[0][::-1], *TRUE[1:]]
    found = examined(["经度", "纬度"], rows)
    (held,) = found.report.quarantined
    (error,) = held.errors
    assert (held.place.row, error.code) == (2, "position_unlike_others")
    assert error.proposal is not None
    assert error.proposal.value == "111.410000, 27.120000"
    assert off(found, TRUE[1:]) == 0


@pytest.mark.parametrize("epsg", [4546, 4525])
@pytest.mark.parametrize("north_first", [True, False])
def test_projected_metres(examined: ReadLedger, epsg: int, north_first: bool) -> None:
    x, y = np.array(TRUE).T
    points = gpd.GeoSeries.from_xy(x, y, crs=4490).to_crs(epsg)
    pairs = [(p.y, p.x) if north_first else (p.x, p.y) for p in points]
    found = examined(["X坐标", "Y坐标"], pairs)
    assert off(found) < 1e-8
    assert "layout_projected" in notes(found)


@pytest.mark.parametrize(("datum", "shift"), [(Datum.GCJ02, to_gcj02), (Datum.BD09, to_bd09)])
def test_a_datum_that_is_stated(examined: ReadLedger, datum: Datum, shift: Any) -> None:
    x, y = np.array(TRUE).T
    shifted = np.column_stack(shift(x, y)).tolist()
    by_option = examined(["经度", "纬度"], shifted, datum=datum)
    named = "高德" if datum is Datum.GCJ02 else "百度"
    by_heading = examined([f"经度（{named}）", f"纬度（{named}）"], shifted)
    by_column = examined(["经度", "纬度", "坐标系"], [[*row, named] for row in shifted])
    for found in (by_option, by_heading, by_column):
        assert off(found) < 1e-8
        assert "datum_stated" in notes(found)


def _in_store(real: bool = True) -> gpd.GeoDataFrame:
    x, y = np.array(TRUE).T
    frame = gpd.GeoDataFrame(
        {
            "facility_id": [f"P{n}" for n in range(ROWS)],
            "name": [f"第{n}馆" for n in range(ROWS)],
            "kind": "science_museum",
            "status": "operating",
            "verification": "verified",
            "demonstration": not real,
        },
        geometry=gpd.GeoSeries.from_xy(x, y, crs=4490),
    )
    return conform(frame, FACILITIES).set_index("facility_id")


def test_a_datum_told_by_places_that_are_known(examined: ReadLedger) -> None:
    x, y = np.array(TRUE).T
    shifted = np.column_stack(to_gcj02(x, y)).tolist()
    found = examined(["经度", "纬度"], shifted, facilities=_in_store())
    assert off(found) < 1e-8
    assert "datum_shifted" in notes(found)
    right = examined(["经度", "纬度"], TRUE, facilities=_in_store())
    assert off(right) == 0
    assert "datum_unshifted" in notes(right)


def test_demonstration_data_are_no_witnesses(examined: ReadLedger) -> None:
    x, y = np.array(TRUE).T
    shifted = np.column_stack(to_gcj02(x, y)).tolist()
    found = examined(["经度", "纬度"], shifted, facilities=_in_store(real=False))
    assert "datum_shifted" not in notes(found)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([["111.45,27.2"], ["在河边"]], "position_no_pair"),
        ([["111.45,27.2"], ["11145,2720"]], "position_outside_china"),
    ],
)
def test_pairs_that_cannot_be_read(examined: ReadLedger, cells: list[list[str]], code: str) -> None:
    found = examined(["坐标"], cells)
    (held,) = found.report.quarantined
    assert held.place.row == 3
    assert held.errors[0].code == code
