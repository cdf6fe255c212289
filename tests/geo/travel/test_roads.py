"""Travel along roads: one question answered two ways, and a district with a road layer."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from geo.core.district import DistrictData
from geo.core.scenario import Scenario
from geo.core.vocabulary import Mode
from geo.measures.study import study
from geo.publish.study_json import travel_record
from geo.travel.network import CLASS_SPEEDS_KM_PER_H
from geo.travel.roads import Roads, RoadTravel, road_network
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


def _line(*ends: tuple[float, float]) -> LineString:
    return LineString([(at(*end).x, at(*end).y) for end in ends])


def _with_roads(toy: DistrictData, *more: LineString, oneway: tuple[str, ...] = ()) -> DistrictData:
    """Return the toy with one road along y = 2 km, from x = 0 to 4 km, and more."""
    count = 1 + len(more)
    roads = gpd.GeoDataFrame(
        {
            "road_class": ["residential"] * count,
            "oneway": ["both", *(oneway or ["both"] * len(more))],
            "level": [0] * count,
            "name": ["滨河路"] * count,
        },
        geometry=[_line((0, 2), (4, 2)), *more],
        crs=toy.measuring_crs,
    )
    return replace(toy, roads=roads.to_crs(toy.townships.crs))


def test_a_district_with_a_road(toy: DistrictData, scenario: Scenario) -> None:
    data = _with_roads(toy)
    answer = study(data, scenario)
    assert answer.district_coverage.travel.basis == "network"
    rows = answer.district_coverage.coverage
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
    assert road_network(data) is road_network(data)


def test_what_is_cut_off_is_told_for_each_mode(toy: DistrictData, scenario: Scenario) -> None:
    apart, dead_end = _line((1, 3), (1.3, 3)), _line((4, 2), (4, 1.5))
    answer = study(_with_roads(toy, apart, dead_end, oneway=("both", "forward")), scenario)
    record = travel_record(answer)
    assert record["length_km"] == 4.8
    modes = {one["mode"]: one for one in record["modes"]}
    assert [*modes] == ["foot", "e_bicycle", "car"]
    lost = {
        mode: [(x["reason"], x["length_m"]) for x in one["lost"]] for mode, one in modes.items()
    }
    assert lost["foot"] == [("unconnected", 300.0)], "on foot the dead end is none"
    assert lost["car"] == [("unconnected", 300.0), ("no_way_back", 500.0)]
    assert (modes["foot"]["length_km"], modes["car"]["length_km"]) == (4.5, 4.0)
    assert modes["car"]["part_count"] == 1
    assert modes["car"]["off_road_population"] > modes["foot"]["off_road_population"]
    assert modes["foot"]["off_road_population"] == record["off_road_population"]
    assert "步行 0.3 千米、电动自行车 0.3 千米、汽车或公交 0.8 千米" in record["zh"]
    assert "0.3 km on foot" in record["en"]


def test_nothing_is_said_of_cut_off_roads_where_there_are_none(
    toy: DistrictData, scenario: Scenario
) -> None:
    record = travel_record(study(_with_roads(toy), scenario))
    assert [one["lost"] for one in record["modes"]] == [[], [], []]
    assert "不连通" not in record["zh"]


def test_a_scenario_says_how_fast_and_how_far(toy: DistrictData, scenario: Scenario) -> None:
    data = _with_roads(toy)
    speeds = {mode.value: dict(CLASS_SPEEDS_KM_PER_H[mode]) for mode in Mode}
    speeds["foot"]["residential"] = 2.0
    slow = study(data, scenario.changed(road_speeds_km_per_h=speeds))
    rows = slow.district_coverage.coverage
    library = rows[rows["target_id"] == "library"].set_index("township_code")
    # Along the road half as fast: with 100, 300, 500 m before it, 450, 350, 250 m are left.
    assert library.loc[A, "covered_population"] == pytest.approx(2 * (2 * 2 + 2 * 2 + 2 * 1) * 50)


def test_the_defaults_of_the_scenario_are_those_of_the_network(scenario: Scenario) -> None:
    assert {mode: dict(speeds) for mode, speeds in CLASS_SPEEDS_KM_PER_H.items()} == (
        scenario.road_speeds_km_per_h
    )
