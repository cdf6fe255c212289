"""The study of the demonstration district, beside the same overlay in plain geopandas.

Run with ``pytest -m benchmark -s tests/benchmarks``; nothing here asserts a time.
The peer does a part of the work only: one join, one sum, one service area, one gap.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest

from geo.core.district import DistrictData
from geo.core.scenario import load_scenario
from geo.districts import demo_ledger_path, load_shipped
from geo.intake.tables.ledger import read_ledger
from geo.measures.study import study

pytestmark = pytest.mark.benchmark


def _peer(data: DistrictData) -> gpd.GeoDataFrame:
    crs = data.measuring_crs
    townships = data.townships.to_crs(crs).reset_index()
    places = data.facilities[data.facilities.geometry.notna()].to_crs(crs)
    places = places.drop(columns="township_code")
    joined = places.sjoin(townships[["township_code", "geometry"]], predicate="within")
    joined.groupby("township_code")["exhibition_area_m2"].sum()
    centres = places[places["kind"] == "party_service_centre"]
    reached = gpd.GeoDataFrame(geometry=[centres.buffer(1_000).union_all()], crs=crs)
    return townships.overlay(reached, how="difference")


def _median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(9):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1_000 * sorted(times)[4]


def test_the_demonstration_district() -> None:
    ledger = read_ledger(demo_ledger_path("430503"))
    data = replace(
        load_shipped("430503"), facilities=ledger.facilities, designations=ledger.designations
    )
    scenario = load_scenario(on=date(2025, 12, 31))
    ours, peer = _median_ms(lambda: study(data, scenario)), _median_ms(lambda: _peer(data))
    targets = len(study(data, scenario).district_coverage.coverage_of_district)
    print(
        f"\nwhole study, {targets} kinds and groups of coverage: {ours:.0f} ms CPU;"
        f" one join and one gap in geopandas: {peer:.0f} ms CPU; ratio {ours / peer:.1f}"
    )
