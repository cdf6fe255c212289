"""Travel costs from 1,000 facilities along a grid of roads, beside pandana, igraph and rustworkx.

Run with ``pytest -m benchmark -s tests/benchmarks/test_network.py``; nothing here asserts
a time. The large grid takes pandana some twenty minutes to prepare; ``-k 100_000`` leaves it out.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.core.vocabulary import Mode
from geo.travel.network import ModeNetwork, costs_on, make_network, mode_network, service_areas

pytestmark = [pytest.mark.benchmark, pytest.mark.filterwarnings("ignore")]
Answer = TypeVar("Answer")
CRS, EAST, NORTH, STEP_M = "EPSG:4546", 500_000, 3_000_000, 100
SITES, DEMAND_POINTS = 1_000, 20_000
M_PER_MIN = 500
SIDES = [pytest.param(224, id="100_000"), pytest.param(707, id="1_000_000")]


def _seconds(work: Callable[[], Answer]) -> tuple[float, Answer]:
    start = time.process_time()
    answer = work()
    return time.process_time() - start, answer


def _most_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _grid(side: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    """Streets of a grid whose crossings are moved by up to a fifth of a block."""
    x, y = np.meshgrid(np.arange(side) * STEP_M, np.arange(side) * STEP_M)
    xy = np.c_[x.ravel() + EAST, y.ravel() + NORTH]
    xy = xy + random.uniform(-STEP_M / 5, STEP_M / 5, xy.shape)
    number = np.arange(side * side).reshape(side, side)
    one = np.r_[number[:, :-1].ravel(), number[:-1].ravel()]
    other = np.r_[number[:, 1:].ravel(), number[1:].ravel()]
    lines = shapely.linestrings(np.stack([xy[one], xy[other]], axis=1))
    roads = {"road_class": "tertiary"}
    return gpd.GeoDataFrame(roads, index=range(len(one)), geometry=lines, crs=CRS)


def _at(ways: ModeNetwork, nodes: np.ndarray) -> gpd.GeoSeries:
    return gpd.GeoSeries(gpd.points_from_xy(*ways.node_xy[nodes].T), crs=CRS)


@pytest.mark.parametrize("side", SIDES)
def test_1000_facilities_along_a_grid(side: int) -> None:
    pandana = pytest.importorskip("pandana")
    random = np.random.default_rng(430503)
    layer = _grid(side, random)
    by_crossings, _ = _seconds(lambda: make_network(layer))
    by_nodes, network = _seconds(lambda: make_network(layer, split="shared_nodes"))
    preparing, ways = _seconds(lambda: mode_network(network, Mode.CAR))
    more, _ = _seconds(lambda: (ways.tree, ways.backwards))
    sites = random.choice(len(ways.node_xy), SITES, replace=False)
    demand = np.sort(random.choice(len(ways.node_xy), DEMAND_POINTS, replace=False))
    ours = {}
    for cutoff in (10, 30):
        before = _most_mb()
        ours[cutoff] = _seconds(
            lambda: (
                costs_on(
                    ways,
                    _at(ways, demand),
                    _at(ways, sites),
                    cutoff_minutes=cutoff,  # noqa: B023
                ).costs
            )
        )
        print(f"\n{cutoff} minutes: {_most_mb() - before:.0f} MB more than before", end="")
    print(
        f"\n{len(ways.edge):,} edges, {SITES:,} sites, {DEMAND_POINTS:,} demand points."
        f" Network from lines: {by_nodes:.1f} s CPU at shared nodes, {by_crossings:.1f} s at"
        f" crossings; for the mode {preparing + more:.1f} s"
    )
    _beside_others(ways, sites[:5])
    building, peer = _seconds(
        lambda: pandana.Network(
            pd.Series(ways.node_xy[:, 0]),
            pd.Series(ways.node_xy[:, 1]),
            pd.Series(ways.start),
            pd.Series(ways.end),
            pd.DataFrame({"m": ways.length_m}),
            twoway=True,
        )
    )
    print(f"pandana prepares in {building:.1f} s CPU")
    for cutoff, (our_seconds, our_costs) in ours.items():
        peer_seconds, found = _seconds(
            lambda: _by_pandana(peer, sites, demand, cutoff * M_PER_MIN)  # noqa: B023
        )
        order = np.lexsort((our_costs.site, our_costs.demand))
        assert abs(len(found) - len(order)) <= len(order) * 1e-4  # pandana keeps whole millimetres
        both = found.merge(
            pd.DataFrame(
                {"demand": our_costs.demand, "site": our_costs.site, "minutes": our_costs.minutes}
            ),
            on=["demand", "site"],
        )
        assert np.allclose(both["m"] / M_PER_MIN, both["minutes"], rtol=0, atol=1e-2)
        print(
            f"{cutoff} minutes, {len(order):,} pairs: {our_seconds:.2f} s CPU, pandana's"
            f" nodes_in_range {peer_seconds:.2f} s; {peer_seconds / our_seconds:.1f} times as fast,"
            f" with the preparing of both"
            f" {(peer_seconds + building) / (our_seconds + preparing + more):.0f} times"
        )


def _by_pandana(peer, sites: np.ndarray, demand: np.ndarray, limit_m: float) -> pd.DataFrame:
    place = pd.Series(np.arange(len(demand)), index=demand)
    parts = []
    for begin in range(0, len(sites), 100):
        found = peer.nodes_in_range(sites[begin : begin + 100].tolist(), limit_m)
        found = found[found["destination"].isin(place.index)]
        parts.append(found.rename(columns={found.columns[2]: "m"}))
    found = pd.concat(parts)
    number = pd.Series(np.arange(len(sites)), index=sites)
    return pd.DataFrame(
        {
            "demand": place[found["destination"]].to_numpy(),
            "site": number[found["source"]].to_numpy(),
            "m": found["m"].to_numpy(),
        }
    )


def _beside_others(ways: ModeNetwork, sites: np.ndarray) -> None:
    """Print what one site costs where the whole graph is searched."""
    igraph, rustworkx = pytest.importorskip("igraph"), pytest.importorskip("rustworkx")
    size = len(ways.node_xy)
    source, target = np.r_[ways.start, ways.end], np.r_[ways.end, ways.start]
    cost = np.r_[ways.with_min, ways.against_min]
    whole = coo_array((cost, (source, target)), shape=(size, size)).tocsr()
    by_scipy, _ = _seconds(lambda: dijkstra(whole, indices=sites, limit=30))
    graph = igraph.Graph(n=size, edges=np.c_[ways.start, ways.end])
    weights = ways.with_min.tolist()
    by_igraph, _ = _seconds(lambda: graph.distances(source=sites.tolist(), weights=weights))
    rust = rustworkx.PyGraph()
    rust.add_nodes_from(range(size))
    rust.add_edges_from(list(zip(ways.start.tolist(), ways.end.tolist(), weights, strict=True)))
    by_rust, _ = _seconds(
        lambda: [rustworkx.dijkstra_shortest_path_lengths(rust, int(n), float) for n in sites]
    )
    print(
        "one site over the whole graph, ms CPU:"
        f" scipy up to 30 minutes {1_000 * by_scipy / len(sites):.0f},"
        f" igraph {1_000 * by_igraph / len(sites):.0f} and"
        f" rustworkx {1_000 * by_rust / len(sites):.0f} without a limit"
    )


def test_service_areas_in_a_city() -> None:
    ways = mode_network(make_network(_grid(224, np.random.default_rng(430503))), Mode.CAR)
    middle = shapely.Point(*ways.node_xy.mean(axis=0))
    for minutes in (10, 30):
        seconds, areas = _seconds(lambda: service_areas(ways, middle, minutes=[minutes]))  # noqa: B023
        print(f"\nservice area of {minutes} minutes: {seconds:.2f} s CPU", end="")
        print(f", {areas.area.iloc[0] / 1e6:.0f} km²", end="")
    print()
