"""P-median and p-centre beside spopt (PySAL) on graphs made as those of the OR-Library.

Run with ``pytest -m benchmark -s tests/benchmarks/test_siting_median.py``; the optima must
agree, nothing here asserts a time. spopt writes each pair as a row of a dense model, solved by
HiGHS through PuLP where installed; it is stopped after ``PEER_LIMIT_S``.
"""

from __future__ import annotations

import time

import highspy
import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from geo.siting.model import TravelMatrix, exactly
from geo.siting.solver.p_center import shortest_worst
from geo.siting.solver.p_median import least_travel

pytestmark = [pytest.mark.benchmark, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
PEER_LIMIT_S = 300


def or_library_like(nodes: int, seed: int = 1) -> np.ndarray:
    """Return all shortest paths of a random connected graph (Beasley 1985).

    About n²/50 edges of whole costs from 1 to 100; the first n - 1 make a path.
    """
    random = np.random.default_rng(seed)
    ends = random.integers(0, nodes, (2, nodes * nodes // 50))
    path = np.array([np.arange(nodes - 1), np.arange(1, nodes)])
    low, high = np.sort(np.concatenate([path, ends], axis=1), axis=0)
    cost = random.integers(1, 101, len(low))
    order = np.lexsort((cost, high, low))
    keep = order[np.unique((low * nodes + high)[order], return_index=True)[1]]
    keep = keep[low[keep] != high[keep]]
    graph = coo_array((cost[keep], (low[keep], high[keep])), shape=(nodes, nodes))
    return np.asarray(shortest_path(graph.tocsr(), directed=False))


def journeys_of(paths: np.ndarray) -> TravelMatrix:
    nodes = len(paths)
    demand, candidate = np.divmod(np.arange(nodes * nodes), nodes)
    return TravelMatrix(
        np.ones(nodes), demand, candidate, paths.ravel(), nodes, np.full(nodes, np.inf)
    )


def peer(model: str, paths: np.ndarray, count: int) -> tuple[float, str, float]:
    """Return what spopt finds, its status, and its seconds, building included."""
    pulp = pytest.importorskip("pulp")
    locate = pytest.importorskip("spopt.locate")
    kind = getattr(locate, model)
    begun = time.perf_counter()
    if model == "PMedian":
        made = kind.from_cost_matrix(paths, np.ones(len(paths)), p_facilities=count)
    else:
        made = kind.from_cost_matrix(paths, p_facilities=count)
    solver = pulp.HiGHS(msg=False, timeLimit=PEER_LIMIT_S, threads=2)
    try:
        made.solve(solver, results=False)
    except RuntimeError:  # without a proven optimum spopt gives no answer
        return np.inf, "no optimum", time.perf_counter() - begun
    status = pulp.LpStatus[made.problem.status]
    return float(made.problem.objective.value()), status, time.perf_counter() - begun


@pytest.mark.parametrize("count", [5, 10, 90])
def test_p_median_of_900_nodes(count: int) -> None:
    """The sizes of pmed38, pmed39 (p = 5, 10) and pmed40 (p = 90): proven optimal."""
    travel_matrix = journeys_of(or_library_like(900))
    constraints = [exactly(count, np.arange(900), zh="共若干处", en="so many sites")]
    begun = time.perf_counter()
    ours = least_travel(travel_matrix, constraints, time_limit_s=300)
    seconds = time.perf_counter() - begun
    print(f"\np-median 900 nodes p={count}: {ours.objective:.0f} in {seconds:.1f} s")
    assert ours.is_optimal


@pytest.mark.parametrize(("nodes", "count"), [(100, 5), (300, 5), (300, 10), (300, 30), (900, 90)])
def test_p_median_beside_spopt(nodes: int, count: int) -> None:
    paths = or_library_like(nodes)
    constraints = [exactly(count, np.arange(nodes), zh="共若干处", en="so many sites")]
    begun = time.perf_counter()
    ours = least_travel(journeys_of(paths), constraints, time_limit_s=300)
    seconds = time.perf_counter() - begun
    theirs, status, their_seconds = peer("PMedian", paths, count)
    print(
        f"\np-median {nodes} nodes p={count}: {seconds:.2f} s, spopt {their_seconds:.1f} s"
        f" ({status}), ratio {their_seconds / seconds:.0f}; HiGHS {highspy.Highs().version()}"
    )
    assert ours.is_optimal
    if status == "Optimal" and their_seconds < PEER_LIMIT_S:
        assert ours.objective == pytest.approx(theirs)


@pytest.mark.parametrize(("nodes", "count"), [(60, 5), (100, 10)])
def test_p_center_beside_spopt(nodes: int, count: int) -> None:
    paths = or_library_like(nodes)
    constraints = [exactly(count, np.arange(nodes), zh="共若干处", en="so many sites")]
    begun = time.perf_counter()
    ours = shortest_worst(journeys_of(paths), constraints, time_limit_s=300)
    seconds = time.perf_counter() - begun
    theirs, status, their_seconds = peer("PCenter", paths, count)
    print(
        f"\np-centre {nodes} nodes p={count}: {seconds:.2f} s, spopt {their_seconds:.1f} s"
        f" ({status}), ratio {their_seconds / seconds:.0f}"
    )
    assert ours.is_optimal
    if status == "Optimal" and their_seconds < PEER_LIMIT_S:
        assert ours.objective == pytest.approx(theirs)
