"""Minutes along roads, worked out by hand on a toy network and held against other searches.

y (m)
400   D---<---C          A-B 1,000 m, both ways       B-C 400 m, both ways
      |       |          C-D one-way (C to D) 1,000 m  D-A 400 m, both ways
  0   A-------B---E      B-E 300 m, a dead end
      0     1000  1300   far away: F-G 500 m, of another part
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, Point

from geo.core.errors import BadValueError, ScenarioError
from geo.core.vocabulary import Mode
from geo.travel.network import NetworkCosts, costs_on, make_network, mode_network, network_costs

CRS = "EPSG:4546"
EAST, NORTH = 500_000, 3_000_000
CAR = {"tertiary": 30.0}
"""500 m a minute."""
M_PER_MIN_ON_FOOT = 4_000 / 60


def line(*places: tuple[float, float]) -> LineString:
    return LineString([(EAST + x, NORTH + y) for x, y in places])


def layer(lines: list[LineString], oneway: list[str | None] | None = None, road_class="tertiary"):
    data = {"road_class": road_class, "oneway": oneway or [None] * len(lines)}
    return gpd.GeoDataFrame(data, index=range(len(lines)), geometry=lines, crs=CRS)


def places(spots: list[tuple[float, float] | None], letter: str) -> gpd.GeoSeries:
    points = [None if at is None else Point(EAST + at[0], NORTH + at[1]) for at in spots]
    names = pd.Index([f"{letter}{n}" for n in range(len(spots))], dtype="str")
    return gpd.GeoSeries(points, index=names, crs=CRS)


LINES = [
    line((0, 0), (1000, 0)),
    line((1000, 0), (1000, 400)),
    line((1000, 400), (0, 400)),
    line((0, 400), (0, 0)),
    line((1000, 0), (1300, 0)),
    line((9000, 0), (9500, 0)),
]
TOY = make_network(layer(LINES, [None, None, "forward", None, None, None]))


def minutes(found: NetworkCosts) -> dict[tuple[str, str], float]:
    costs = found.costs
    pairs = zip(
        costs.demand_ids[costs.demand], costs.site_ids[costs.site], costs.minutes, strict=True
    )
    return {(of, to): round(float(time), 9) for of, to, time in pairs}


def by_car(demand, sites, cutoff=60.0, **choices) -> NetworkCosts:
    return network_costs(
        TOY,
        places(demand, "d"),
        places(sites, "s"),
        mode=Mode.CAR,
        cutoff_minutes=cutoff,
        speeds_km_per_h=CAR,
        **choices,
    )


def one(demand, site, **choices) -> float:
    return minutes(by_car([demand], [site], **choices))["d0", "s0"]


@pytest.mark.parametrize(
    ("demand", "site", "metres"),
    [
        ((0, 0), (1000, 0), 1000),  # node to node
        ((250, 0), (900, 0), 650),  # along one edge
        ((900, 0), (250, 0), 650),  # and back
        ((1000, 100), (1300, 0), 400),  # part of an edge, and a whole one
        ((700, 400), (200, 400), 500),  # with the one-way street
        ((200, 400), (700, 400), 200 + 400 + 1000 + 400 + 300),  # against it: around the block
        ((0, 400), (1000, 400), 400 + 1000 + 400),  # from its end to its start
        ((1000, 400), (0, 400), 1000),
        ((500, 400), (1000, 400), 500 + 400 + 1000 + 400),
        ((500, 400), (500, 400), 0),
        ((250, 0), (0, 200), 450),
    ],
)
def test_by_car_one_way_streets_are_obeyed(demand, site, metres) -> None:
    assert one(demand, site) == pytest.approx(metres / 500)


def test_on_foot_and_by_e_bicycle_they_are_not() -> None:
    for mode, speed in ((Mode.FOOT, M_PER_MIN_ON_FOOT), (Mode.E_BICYCLE, 250)):
        found = network_costs(
            TOY, places([(200, 400)], "d"), places([(700, 400)], "s"), mode=mode, cutoff_minutes=60
        )
        assert minutes(found)["d0", "s0"] == pytest.approx(500 / speed)
        assert found.costs.basis == "network"


def test_the_legs_to_and_from_the_road_are_walked() -> None:
    legs = (30 + 50) / M_PER_MIN_ON_FOOT
    assert one((250, -30), (900, 50)) == pytest.approx(650 / 500 + legs)
    assert one((250, -30), (900, 50), walking_km_per_h=8.0) == pytest.approx(650 / 500 + legs / 2)


def test_exactly_at_the_cut_off_is_within_it() -> None:
    demand, sites = [(0, 0), (100, 0), (0, 30)], [(1000, 0), (1300, 0)]
    assert set(minutes(by_car(demand, sites, cutoff=2.0))) == {("d0", "s0"), ("d1", "s0")}
    assert set(minutes(by_car(demand, sites, cutoff=2.45))) == {
        ("d0", "s0"),
        ("d1", "s0"),
        ("d1", "s1"),
        ("d2", "s0"),
    }
    assert set(minutes(by_car(demand, sites, cutoff=2.4))) == set(
        minutes(by_car(demand, sites, cutoff=2.45))
    )
    assert set(minutes(by_car([(100, 0)], sites, cutoff=2.4 - 1e-6))) == {("d0", "s0")}
    assert minutes(by_car([(100, 0)], [(100, 0)], cutoff=0.0)) == {("d0", "s0"): 0.0}


def test_on_an_edge_longer_than_the_reach() -> None:
    lines = [line((0, 0), (30_000, 0)), line((0, 0), (0, 5_000))]
    ways = mode_network(make_network(layer(lines, road_class="村道")), Mode.FOOT)
    demand = places([(15_000, 0), (14_100, 0), (13_900, 0), (0, 0)], "d")
    found = costs_on(ways, demand, places([(15_000, 100)], "s"), cutoff_minutes=15)
    assert minutes(found) == {
        ("d0", "s0"): pytest.approx(1.5),
        ("d1", "s0"): pytest.approx(15),
    }


def test_pairs_are_sorted_and_there_once() -> None:
    spots = [(100 * n, 0) for n in range(10)]
    costs = by_car(spots, spots[::-1]).costs
    assert np.array_equal(costs.demand, np.repeat(np.arange(10), 10))
    assert np.array_equal(costs.site, np.tile(np.arange(10), 10))
    assert costs.nearest()["site_id"].tolist() == [f"s{9 - n}" for n in range(10)]


def test_what_lies_on_no_road_is_told() -> None:
    demand = [(0, -500), (0, -500.1), None, (9250, 10)]
    found = by_car(demand, [(0, 0), (1000, 1000)])
    assert set(minutes(found)) == {("d0", "s0")}
    assert list(found.demand.unsnapped.index) == ["d1", "d2", "d3"]
    assert found.demand.unsnapped["d1"] == pytest.approx(500.1)
    assert np.isnan(found.demand.unsnapped["d2"])
    assert found.sites.unsnapped.to_dict() == {"s1": 600.0}
    assert "d0" in by_car(demand, [(0, 0)], snap_limit_m=499).demand.unsnapped.index


def test_other_parts_and_closed_roads_are_cut_off_and_told() -> None:
    report = by_car([], []).report
    lost = {loss.reason.value: (loss.count, loss.length_m) for loss in report.losses}
    assert lost == {"unconnected": (1, 500)}
    assert (report.edge_count, report.length_m, report.part_count) == (5, 3100, 1)
    trap = make_network(layer([*LINES[:4], line((0, 0), (-200, 0))], [None] * 4 + ["forward"]))
    lost = {loss.reason.value: loss.count for loss in mode_network(trap, Mode.CAR).report.losses}
    assert lost == {"no_way_back": 1}
    assert not mode_network(trap, Mode.FOOT).report.losses


def test_nobody_walks_on_a_motorway() -> None:
    roads = make_network(layer(LINES[:5], road_class=["motorway"] + ["primary"] * 4))
    ways = mode_network(roads, Mode.FOOT)
    assert [(loss.reason.value, loss.length_m) for loss in ways.report.losses] == [
        ("closed_to_mode", 1000)
    ]
    found = costs_on(
        ways, places([(0, 0)], "d"), places([(1000, 0)], "s"), cutoff_minutes=60, snap_limit_m=0
    )
    assert minutes(found)["d0", "s0"] == pytest.approx(1800 / M_PER_MIN_ON_FOOT)


def test_no_road_for_a_mode_is_a_fault() -> None:
    roads = make_network(layer(LINES[:2], road_class="motorway"))
    with pytest.raises(BadValueError, match="步行") as caught:
        mode_network(roads, Mode.FOOT)
    assert "On foot" in caught.value.message("en") or "foot" in caught.value.message("en").lower()
    one_way = make_network(layer(LINES[:1], ["forward"]))
    with pytest.raises(BadValueError, match="往返"):
        mode_network(one_way, Mode.CAR)


@pytest.mark.parametrize("speed", [0.0, -5.0, float("nan"), float("inf"), 1e6])
def test_a_speed_out_of_bounds_is_a_fault(speed) -> None:
    with pytest.raises(ScenarioError, match="千米/小时") as caught:
        mode_network(TOY, Mode.CAR, speeds_km_per_h={"tertiary": speed})
    assert "tertiary" in caught.value.message("en")


def test_a_class_that_is_unknown_is_a_fault() -> None:
    with pytest.raises(ScenarioError, match="不认识"):
        mode_network(TOY, Mode.CAR, speeds_km_per_h={"大路": 30.0})


@pytest.mark.parametrize(
    "numbers",
    [
        {"cutoff_minutes": -1.0},
        {"cutoff_minutes": float("nan")},
        {"walking_km_per_h": 0.0},
        {"snap_limit_m": float("inf")},
    ],
)
def test_numbers_out_of_bounds_are_refused(numbers) -> None:
    ways, here = mode_network(TOY, Mode.FOOT), places([(0, 0)], "p")
    with pytest.raises(ValueError, match=r"cut-off|speed|limit"):
        costs_on(ways, here, here, **{"cutoff_minutes": 5.0, **numbers})


def test_places_that_are_none_of_this_network_are_refused() -> None:
    ways, here = mode_network(TOY, Mode.FOOT), places([(0, 0)], "p")
    with pytest.raises(ValueError, match="one system"):
        costs_on(ways, here.set_crs("EPSG:4547", allow_override=True), here, cutoff_minutes=5)
    with pytest.raises(ValueError, match="one place"):
        costs_on(ways, here, pd.concat([here, here]), cutoff_minutes=5)
    with pytest.raises(ValueError, match="points"):
        costs_on(ways, here.buffer(3), here, cutoff_minutes=5)


def random_roads(random: np.random.Generator, side: int, step_m: float):
    """A grid of streets with moved crossings, some one-way, some slower, some missing."""
    x, y = np.meshgrid(np.arange(side) * step_m, np.arange(side) * step_m)
    xy = np.c_[x.ravel(), y.ravel()] + random.uniform(-step_m / 5, step_m / 5, (side * side, 2))
    number = np.arange(side * side).reshape(side, side)
    start = np.r_[number[:, :-1].ravel(), number[:-1].ravel()]
    end = np.r_[number[:, 1:].ravel(), number[1:].ravel()]
    kept = random.uniform(size=len(start)) < 0.9
    lines = [line(xy[a], xy[b]) for a, b in zip(start[kept], end[kept], strict=True)]
    oneway = random.choice([None, "forward", "reverse"], len(lines), p=[0.6, 0.2, 0.2]).tolist()
    kinds = random.choice(["primary", "residential"], len(lines)).tolist()
    return layer(lines, oneway, kinds)


def part(share, minutes) -> np.ndarray:
    return np.where(share < 1e-9, 0.0, np.maximum(share, 1e-9) * minutes)


def whole(ways, demand, sites) -> np.ndarray:
    """Minutes by one search over the whole graph, each place a node of its own."""
    count = len(ways.node_xy)
    source, target = [ways.start, ways.end], [ways.end, ways.start]
    cost = [ways.with_min, ways.against_min]
    spots = pd.concat([demand, sites])
    edge = ways.tree.query_nearest(spots.array, all_matches=False)[1]
    along = np.array([ways.geometry[e].project(p) for e, p in zip(edge, spots, strict=True)])
    walked = np.array([ways.geometry[e].distance(p) for e, p in zip(edge, spots, strict=True)])
    share, node = along / ways.length_m[edge], count + np.arange(len(spots))
    source += [node, node, ways.start[edge], ways.end[edge]]
    target += [ways.start[edge], ways.end[edge], node, node]
    rest, forth, back = 1 - share, ways.with_min[edge], ways.against_min[edge]
    cost += [part(share, back), part(rest, forth), part(share, forth), part(rest, back)]
    source, target, cost = map(np.concatenate, (source, target, cost))
    away = np.full((len(demand), count + len(spots)), np.inf)
    away[np.arange(len(demand)), count + np.arange(len(demand))] = 0
    while True:  # Bellman 1958: each arc until none makes a way shorter
        before = away.copy()
        np.minimum.at(away, (slice(None), target), before[:, source] + cost)
        if np.array_equal(before, away):
            break
    found = away[:, count + len(demand) :]
    found += (walked[: len(demand), None] + walked[len(demand) :]) * 60 / 4_000
    found[edge[: len(demand), None] == edge[len(demand) :]] = np.nan
    return found


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 4.0, 30.0]))
def test_equal_to_bellman_over_the_whole_graph(seed, cutoff) -> None:
    random = np.random.default_rng(seed)
    ways = mode_network(make_network(random_roads(random, 7, 300.0)), Mode.CAR)
    demand = places([tuple(at) for at in random.uniform(0, 1800, (12, 2))], "d")
    sites = places([tuple(at) for at in random.uniform(0, 1800, (6, 2))], "s")
    found = costs_on(ways, demand, sites, cutoff_minutes=cutoff, snap_limit_m=2_000).costs
    expected = whole(ways, demand, sites)
    table = np.full(expected.shape, np.inf)
    table[found.demand, found.site] = found.minutes
    table[np.isnan(expected)] = expected[np.isnan(expected)]
    expected[expected > cutoff] = np.inf
    assert np.allclose(table, expected, rtol=1e-9, equal_nan=True)


def test_equal_to_scipy_over_the_whole_graph_in_many_groups() -> None:
    random = np.random.default_rng(430503)
    ways = mode_network(make_network(random_roads(random, 60, 300.0)), Mode.CAR)
    chosen = random.choice(len(ways.node_xy), 400, replace=False)
    ends = np.r_[ways.start, ways.end], np.r_[ways.end, ways.start]
    cost = np.r_[ways.with_min, ways.against_min]
    order = np.argsort(-cost)
    size = len(ways.node_xy)
    arcs = {(a, b): w for a, b, w in zip(*(e[order] for e in ends), cost[order], strict=True)}
    rows, columns = np.array([*arcs]).T
    finite = np.isfinite([*arcs.values()])
    graph = coo_array(
        (np.array([*arcs.values()])[finite], (rows[finite], columns[finite])), shape=(size, size)
    )
    expected = dijkstra(graph.tocsr(), indices=chosen[:300])[:, chosen[300:]]
    spots = [tuple(at - (EAST, NORTH)) for at in ways.node_xy[chosen]]
    found = costs_on(
        ways, places(spots[:300], "d"), places(spots[300:], "s"), cutoff_minutes=6
    ).costs
    table = np.full(expected.shape, np.inf)
    table[found.demand, found.site] = found.minutes
    expected[expected > 6] = np.inf
    assert np.isfinite(table).sum() > 500
    assert np.allclose(table, expected, rtol=1e-9, atol=1e-9)


SPOTS = st.tuples(st.integers(0, 10), st.integers(0, 10))


@given(st.lists(st.tuples(SPOTS, SPOTS), max_size=8), st.tuples(SPOTS, SPOTS))
def test_another_road_never_makes_a_way_longer(segments, another) -> None:
    def times(roads) -> np.ndarray:
        lines = [LINES[0], *(line(*((90 * x, 90 * y) for x, y in road)) for road in roads)]
        ways = mode_network(make_network(layer(lines)), Mode.E_BICYCLE)
        ends = places([(0, 0), (1000, 0), (500, 0)], "p")
        # Only where the same part is the biggest may they be compared.
        on_it = ways.tree.query_nearest(ends.array, return_distance=True, all_matches=False)[1]
        found = costs_on(ways, ends, ends, cutoff_minutes=600).costs
        table = np.full((3, 3), np.inf)
        table[found.demand, found.site] = found.minutes
        return table if on_it.max() < 1e-6 else np.full((3, 3), np.nan)

    before, after = times(segments), times([*segments, another])
    longer = after > before * (1 + 1e-9) + 1e-9
    assert not longer.any()
