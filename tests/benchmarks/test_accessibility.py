"""E2SFCA of a large city, beside PySAL's access on the same pairs.

Run with ``pytest -m benchmark -s tests/benchmarks``; nothing here asserts a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import access.fca
import access.weights
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from geo.core.decay import LUO_QI_2009
from geo.measures.accessibility import accessibility
from geo.travel.od_matrix import TravelCosts
from geo.travel.straight_line import straight_line_costs

pytestmark = pytest.mark.benchmark
Answer = TypeVar("Answer")
DEMAND_POINTS, FACILITIES, SIDE_M = 10_000, 1_000, 60_000


def _seconds(work: Callable[[], Answer], times: int) -> tuple[float, Answer]:
    spent = []
    for _ in range(times):
        start = time.process_time()
        answer = work()
        spent.append(time.process_time() - start)
    return sorted(spent)[times // 2], answer


def _points(random: np.random.Generator, count: int, letter: str) -> gpd.GeoSeries:
    places = gpd.points_from_xy(*random.uniform(0, SIDE_M, (2, count)))
    return gpd.GeoSeries(places, index=[f"{letter}{n}" for n in range(count)], crs="EPSG:4546")


def _pairs(costs: TravelCosts) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "origin": costs.demand_ids[costs.demand],
            "dest": costs.site_ids[costs.site],
            "cost": costs.minutes,
        }
    )


def test_10000_demand_points_and_1000_facilities() -> None:
    random = np.random.default_rng(430503)
    demand, sites = _points(random, DEMAND_POINTS, "d"), _points(random, FACILITIES, "s")
    start = time.process_time()
    costs = straight_line_costs(
        demand, sites, speed_km_per_h=30, detour_factor=1.3, cutoff_minutes=30
    )
    making = time.process_time() - start
    people = pd.Series(random.uniform(1, 900, DEMAND_POINTS), index=demand.index)
    areas = pd.Series(random.uniform(1, 500, FACILITIES), index=sites.index)
    pairs = _pairs(costs)
    asked = people.rename("demand").rename_axis("geoid").reset_index()
    offered = areas.rename("supply").rename_axis("geoid").to_frame()
    stepped = access.weights.step_fn({10: 1, 20: 0.68, 30: 0.22})

    def ours() -> pd.Series:
        found = accessibility(costs, areas, people, catchment_minutes=30, decay=LUO_QI_2009)
        return found.by_demand["accessible_area_per_10k_m2"]

    def peer() -> pd.Series:
        return access.fca.two_stage_fca(asked, offered, pairs, max_cost=30, weight_fn=stepped)

    our_seconds, our_answer = _seconds(ours, 9)
    peer_seconds, peer_answer = _seconds(peer, 3)
    expected = peer_answer.reindex(our_answer.index, fill_value=0.0) * 10_000
    assert our_answer.tolist() == pytest.approx(expected.tolist(), rel=1e-9)
    print(
        f"\nE2SFCA of {len(pairs):,} pairs: {1_000 * our_seconds:.0f} ms CPU"
        f" (straight-line costs {1_000 * making:.0f} ms before it);"
        f" PySAL access: {1_000 * peer_seconds:.0f} ms CPU;"
        f" ratio {peer_seconds / our_seconds:.0f} times as fast"
    )


def test_straight_lines_of_20000_demand_points_and_5000_facilities() -> None:
    random = np.random.default_rng(430503)
    demand, sites = _points(random, 20_000, "d"), _points(random, 5_000, "s")
    reach_m = 30 * 500 / 1.3

    def ours() -> tuple[np.ndarray, np.ndarray]:
        costs = straight_line_costs(
            demand, sites, speed_km_per_h=30, detour_factor=1.3, cutoff_minutes=30
        )
        return costs.demand * len(sites) + costs.site, costs.minutes

    def peer() -> tuple[np.ndarray, np.ndarray]:
        trees = [cKDTree(np.c_[points.x, points.y]) for points in (demand, sites)]
        found = trees[0].sparse_distance_matrix(trees[1], reach_m, output_type="ndarray")
        pairs = found["i"] * len(sites) + found["j"]
        order = np.argsort(pairs)
        return pairs[order], found["v"][order] * 1.3 / 500

    our_seconds, (our_pairs, our_minutes) = _seconds(ours, 5)
    peer_seconds, (peer_pairs, peer_minutes) = _seconds(peer, 5)
    assert np.array_equal(our_pairs, peer_pairs)
    assert np.allclose(our_minutes, peer_minutes, rtol=1e-9, atol=0)
    print(
        f"\nstraight lines, {len(our_pairs):,} pairs in order: {our_seconds:.2f} s CPU;"
        f" scipy's cKDTree, then sorted: {peer_seconds:.2f} s CPU;"
        f" ratio {our_seconds / peer_seconds:.2f} of the time"
    )
