from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

from geo.travel.od_matrix import TravelCosts
from geo.travel.straight_line import straight_line_costs

CRS = "EPSG:4546"
METRES = st.integers(0, 3_000)
PLACES = st.lists(st.tuples(METRES, METRES), max_size=40)


def points(places: list[tuple[float, float] | None], letter: str) -> gpd.GeoSeries:
    ids = [f"{letter}{number}" for number in range(len(places))]
    return gpd.GeoSeries([place and Point(*place) for place in places], index=ids, crs=CRS)


def on_foot(demand: gpd.GeoSeries, sites: gpd.GeoSeries, cutoff: float = 15) -> TravelCosts:
    return straight_line_costs(
        demand, sites, speed_km_per_h=6, detour_factor=1.5, cutoff_minutes=cutoff
    )


def pairs(costs: TravelCosts) -> list[tuple[int, int]]:
    return list(zip(costs.demand.tolist(), costs.site.tolist(), strict=True))


def test_minutes_are_metres_by_detour_and_speed() -> None:
    # 6 km/h is 100 m a minute; 600 m straight are 900 m by road, 9 minutes.
    costs = on_foot(points([(0, 0)], "d"), points([(600, 0), (0, 200)], "s"))
    assert costs.minutes.tolist() == pytest.approx([9, 3])
    assert pairs(costs) == [(0, 0), (0, 1)]
    assert (costs.basis, costs.cutoff_minutes) == ("straight_line", 15)


@pytest.mark.parametrize(("metres", "within"), [(999.999, 1), (1_000, 1), (1_000.001, 0)])
def test_exactly_at_the_cutoff_is_within(metres: float, within: int) -> None:
    far = 38_500_000.0, 3_000_000.0
    costs = on_foot(
        points([far], "d"), points([(far[0] + metres * 0.6, far[1] + metres * 0.8)], "s")
    )
    assert len(costs.minutes) == within


@pytest.mark.parametrize("number", range(1, 60))
def test_rounding_does_not_put_the_cutoff_out_of_reach(number: int) -> None:
    # At a fifth of these the minutes come out above the cut-off by their last digit.
    costs = straight_line_costs(
        points([(0, 0)], "d"),
        points([(7 * number, 0)], "s"),
        speed_km_per_h=4.1,
        detour_factor=1.7,
        cutoff_minutes=7 * number * 1.7 / 4.1 * 0.06,
    )
    assert pairs(costs) == [(0, 0)]


def test_a_point_that_is_nowhere_has_no_pair() -> None:
    demand, sites = points([(0, 0), None, (1, 1)], "d"), points([None, (0, 0)], "s")
    demand.iloc[2] = Point()
    costs = on_foot(demand, sites)
    assert pairs(costs) == [(0, 1)]
    assert list(costs.demand_ids) == ["d0", "d1", "d2"]


@given(PLACES, PLACES, st.integers(0, 40))
def test_all_pairs_within_the_cutoff_in_their_order(
    demand: list[tuple[float, float]], sites: list[tuple[float, float]], cutoff: int
) -> None:
    costs = on_foot(points([*demand], "d"), points([*sites], "s"), cutoff)
    expected = [
        (row, column, float(np.hypot(a[0] - b[0], a[1] - b[1])) * 1.5 / 100)
        for row, a in enumerate(demand)
        for column, b in enumerate(sites)
    ]
    expected = [pair for pair in expected if pair[2] <= cutoff * (1 + 1e-9)]
    assert pairs(costs) == [(row, column) for row, column, _ in expected]
    assert costs.minutes.tolist() == pytest.approx([minutes for *_, minutes in expected])


def test_more_points_than_a_block_holds() -> None:
    random = np.random.default_rng(430503)
    places, seats = random.uniform(0, 9_000, (1_500, 2)), random.uniform(0, 9_000, (400, 2))
    demand = gpd.GeoSeries(gpd.points_from_xy(*places.T), crs=CRS)
    costs = on_foot(demand, gpd.GeoSeries(gpd.points_from_xy(*seats.T), crs=CRS))
    away = np.hypot(*(places[:, None] - seats[None]).transpose(2, 0, 1)) * 0.015
    expected = np.argwhere(away <= 15 * (1 + 1e-9))
    assert np.array_equal(np.c_[costs.demand, costs.site], expected)
    assert np.allclose(costs.minutes, away[tuple(expected.T)], rtol=1e-12)


def test_no_points_at_all() -> None:
    assert pairs(on_foot(points([], "d"), points([], "s"))) == []


@pytest.mark.parametrize(
    ("sites", "fault"),
    [
        (points([(0, 0)], "s").set_crs("EPSG:4547", allow_override=True), "one system"),
        (gpd.GeoSeries([LineString([(0, 0), (1, 1)])], index=["s"], crs=CRS), "points"),
        (gpd.GeoSeries([Point(0, 0)] * 2, index=["s", "s"], crs=CRS), "one point"),
    ],
)
def test_what_is_no_set_of_sites_is_refused(sites: gpd.GeoSeries, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        on_foot(points([(0, 0)], "d"), sites)


def test_degrees_are_refused() -> None:
    degrees = gpd.GeoSeries([Point(111, 27)], index=["d"], crs="EPSG:4490")
    with pytest.raises(ValueError, match="metres"):
        on_foot(degrees, degrees)


@pytest.mark.parametrize(
    "numbers",
    [
        {"speed_km_per_h": 0.0},
        {"detour_factor": 0.9},
        {"cutoff_minutes": -1.0},
        {"cutoff_minutes": float("inf")},
    ],
)
def test_numbers_out_of_bounds_are_refused(numbers: dict[str, float]) -> None:
    good = {"speed_km_per_h": 4.0, "detour_factor": 1.3, "cutoff_minutes": 15.0}
    with pytest.raises(ValueError, match=r"speed|factor|cut-off"):
        straight_line_costs(points([(0, 0)], "d"), points([(0, 0)], "s"), **{**good, **numbers})


def test_ids_need_not_be_text() -> None:
    demand = points([(0, 0)], "d").set_axis(pd.Index([7]))
    assert list(on_foot(demand, points([(0, 0)], "s")).demand_ids) == [7]
