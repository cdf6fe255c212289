"""Travel along roads: one question answered two ways, and a district with a road layer."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from geo.district import DistrictData
from geo.document import travel_record
from geo.network import CLASS_SPEEDS_KM_PER_H
from geo.roads import Roads, RoadTravel
from geo.scenario import Scenario
from geo.study import study
from geo.terms import Mode
from tests.conftest import A, C, at

CRS = "EPSG:4546"
GRID_M = 400.0
COORDINATE = st.floats(-300, 2_300)


def _grid() -> gpd.GeoDataFrame:
    """Return a grid of six by six streets, every other one-way for cars."""
    lines, oneway = [], []
    for number in range(6):
        across = number * GRID_M
        lines += [
            LineString([(0, across), (2_000, across)]),
            LineString([(across, 0), (across, 2_000)]),
        ]
        oneway += ["forward" if number % 2 else "both", "reverse" if number % 3 == 1 else "both"]
    return gpd.GeoDataFrame(
        {"road_class": "residential", "oneway": oneway}, geometry=lines, crs=CRS
    )


ROADS = Roads.of(_grid())
TRAVEL = RoadTravel(ROADS, CLASS_SPEEDS_KM_PER_H, snap_limit_m=250)


def _points(places: list[tuple[float, float]]) -> gpd.GeoSeries:
    return gpd.GeoSeries([Point(place) for place in places], index=range(len(places)), crs=CRS)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=8),
    st.lists(st.tuples(COORDINATE, COORDINATE), max_size=6),
    st.sampled_from(list(Mode)),
)
def test_the_nearest_is_the_least_of_all_pairs(
    people: list[tuple[float, float]], places: list[tuple[float, float]], mode: Mode
) -> None:
    demand, sites = _points(people), _points(places)
    found = TRAVEL.nearest(demand, sites, mode)
    pairs = TRAVEL.costs(demand, sites, mode, cutoff_minutes=600).nearest()
    assert np.isfinite(found.minutes).tolist() == pairs["minutes"].notna().tolist()
    some = np.isfinite(found.minutes)
    assert found.minutes[some] == pytest.approx(pairs["minutes"][some].to_numpy(), abs=1e-9)
    assert (found.site >= 0).tolist() == some.tolist()


def test_who_is_off_the_roads_is_told_and_reaches_nothing() -> None:
    far = _points([(1_000, 2_000 + 251), (1_000, 2_000 + 250)])
    assert TRAVEL.off_roads(far, Mode.FOOT).round(6).to_dict() == {0: 251}
    found = TRAVEL.nearest(far, _points([(1_000, 2_000)]), Mode.FOOT)
    assert found.site.tolist() == [-1, 0]
    assert TRAVEL.nearest(far, _points([]), Mode.FOOT).site.tolist() == [-1, -1]


def test_a_mode_is_made_ready_once() -> None:
    assert TRAVEL.ways(Mode.CAR) is TRAVEL.ways(Mode.CAR)
    assert TRAVEL.ways(Mode.CAR) is not TRAVEL.ways(Mode.FOOT)


def _with_roads(toy: DistrictData) -> DistrictData:
    """Return the toy with one road along y = 2 km, from x = 0 to 4 km."""
    line = LineString([(at(x, 2).x, at(x, 2).y) for x in (0, 4)])
    roads = gpd.GeoDataFrame(
        {"road_class": ["residential"], "oneway": ["both"], "level": [0], "name": ["滨河路"]},
        geometry=[line],
        crs=toy.measuring_crs,
    )
    return replace(toy, roads=roads.to_crs(toy.townships.crs))


def test_a_district_with_a_road(toy: DistrictData, scenario: Scenario) -> None:
    data = _with_roads(toy)
    answer = study(data, scenario)
    assert answer.reaching.travel.basis == "network"
    rows = answer.reaching.coverage
    library = rows[rows["target_id"] == "library"].set_index("township_code")
    # The library f03 stands on the road at (2, 2). On foot 15 minutes are 1,000 m: of the
    # cells of 200 m those whose middle is within 500 m of the road, and whose way to it and
    # along it is at most 1,000 m: at 100, 300, 500 m from it up to 900, 700, 500 m along.
    cells = 2 * (2 * 5 + 2 * 4 + 2 * 3)
    assert library.loc[A, "covered_population"] == pytest.approx(cells * 50)
    assert library.loc[C, "covered_population"] == 0, "nobody of C lives within 500 m of it"
    record = travel_record(answer)
    assert record["length_km"] == 4.0
    # The three rows of cells to each side of the road are on it: of A and of B's edge.
    assert record["off_road_population"] < 35_000
    assert "离路超过 500 米" in record["zh"]
    assert data.road_network is data.road_network


def test_a_scenario_says_how_fast_and_how_far(toy: DistrictData, scenario: Scenario) -> None:
    data = _with_roads(toy)
    speeds = {mode.value: dict(CLASS_SPEEDS_KM_PER_H[mode]) for mode in Mode}
    speeds["foot"]["residential"] = 2.0
    slow = study(data, scenario.changed(road_speeds_km_per_h=speeds))
    rows = slow.reaching.coverage
    library = rows[rows["target_id"] == "library"].set_index("township_code")
    # Along the road half as fast: with 100, 300, 500 m before it, 450, 350, 250 m are left.
    assert library.loc[A, "covered_population"] == pytest.approx(2 * (2 * 2 + 2 * 2 + 2 * 1) * 50)


def test_the_defaults_of_the_scenario_are_those_of_the_network(scenario: Scenario) -> None:
    assert {mode: dict(speeds) for mode, speeds in CLASS_SPEEDS_KM_PER_H.items()} == (
        scenario.road_speeds_km_per_h
    )
