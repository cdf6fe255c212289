"""Maximal covering beside spopt, whole (building and solving), and alone where spopt cannot go.

Run with ``pytest -m benchmark -s tests/benchmarks/test_siting_covering.py``; nothing here
asserts a time. spopt builds its model in PuLP and is given HiGHS with an exact gap, or CBC where
PuLP finds no HiGHS. The largest instance needs 2 GB.
"""

from __future__ import annotations

import resource
import time

import numpy as np
import pytest
from scipy.spatial import cKDTree

from geo.siting.model import Covering, exactly
from geo.siting.solver.coverage import backup_covered, fewest_sites, most_covered

pytestmark = [pytest.mark.benchmark, pytest.mark.filterwarnings("ignore")]

SHARE = 0.015
"""Of the square that one candidate covers."""

CENTRES = 30


def _scattered(points: int, count: int, kind: str, seed: int = 430503) -> Covering:
    """Points and candidates at random in a square, or around towns in it."""
    random = np.random.default_rng(seed)
    at, by = random.random((points, 2)), random.random((count, 2))
    if kind == "clustered":
        towns = random.random((CENTRES, 2))
        at = towns[random.integers(CENTRES, size=points)] + random.normal(0, 0.05, (points, 2))
        by = towns[random.integers(CENTRES, size=count)] + random.normal(0, 0.06, (count, 2))
    near = cKDTree(at).query_ball_point(by, np.sqrt(SHARE / np.pi), return_sorted=False)
    candidate = np.repeat(np.arange(count), [len(some) for some in near])
    demand = np.concatenate([np.asarray(some, dtype=np.int64) for some in near])
    weight = random.integers(1, 200, points).astype(float)
    return Covering(weight, demand, candidate, count, np.zeros(points, dtype=np.int64))


def _most_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _spopt(covering: Covering, sites: int) -> tuple[float, float]:
    """Return seconds and weight covered of spopt's model; its matrix of costs is given to it."""
    pulp, locate = pytest.importorskip("pulp"), pytest.importorskip("spopt.locate")
    cost = np.ones((covering.demand_count, covering.candidate_count))
    cost[covering.demand, covering.candidate] = 0.0
    solver = pulp.HiGHS(msg=False, gapRel=0.0)
    if not solver.available():
        solver = pulp.PULP_CBC_CMD(msg=False, gapRel=0.0)
    started = time.perf_counter()
    model = locate.MCLP.from_cost_matrix(cost, covering.weight, 0.5, p_facilities=sites)
    model = model.solve(solver, results=False)
    return time.perf_counter() - started, float(model.problem.objective.value())


@pytest.mark.parametrize("seed", [430503, 1, 2])
@pytest.mark.parametrize("kind", ["uniform", "clustered"])
@pytest.mark.parametrize(("points", "count", "sites"), [(1_000, 200, 10), (10_000, 500, 20)])
def test_beside_spopt(points: int, count: int, sites: int, kind: str, seed: int) -> None:
    covering = _scattered(points, count, kind, seed)
    constraint = exactly(sites, np.arange(count), zh="p 处", en="p sites")
    # Libraries load at the first call; spopt's did when it was imported.
    most_covered(_scattered(50, 10, kind), [exactly(2, np.arange(10), zh="", en="")])
    started = time.perf_counter()
    ours = most_covered(covering, [constraint])
    seconds = time.perf_counter() - started
    theirs, objective = _spopt(covering, sites)
    print(
        f"\n{points} x {count}, p = {sites}, {kind} {seed}: ours {seconds:.3f} s, "
        f"spopt {theirs:.2f} s, {theirs / seconds:.0f} times; {ours.objective:.0f}"
    )
    assert ours.is_optimal
    assert ours.objective == pytest.approx(objective, rel=1e-9)


@pytest.mark.parametrize("kind", ["uniform", "clustered"])
@pytest.mark.parametrize("points", [200_000, 1_000_000])
@pytest.mark.parametrize("sites", [20, 40])
def test_most_covered_alone(points: int, sites: int, kind: str) -> None:
    covering = _scattered(points, 1_000, kind)
    constraint = exactly(sites, np.arange(1_000), zh="p 处", en="p sites")
    before, started = _most_mb(), time.perf_counter()
    found = most_covered(covering, [constraint], time_limit_s=60)
    seconds = time.perf_counter() - started
    print(
        f"\n{points} x 1,000 ({len(covering.demand):,} pairs), p = {sites}, {kind}: "
        f"{seconds:.1f} s, gap {found.gap:.5%}, peak {_most_mb():.0f} MB ({before:.0f} before)"
    )
    assert found.objective <= found.bound


@pytest.mark.parametrize("kind", ["uniform", "clustered"])
def test_other_questions_alone(kind: str) -> None:
    covering = _scattered(200_000, 1_000, kind)
    constraint = exactly(20, np.arange(1_000), zh="p 处", en="p sites")
    started = time.perf_counter()
    few = fewest_sites(covering, [], share=0.5)
    half = time.perf_counter() - started
    started = time.perf_counter()
    backup = backup_covered(covering, [constraint], theta=0.7)
    seconds = time.perf_counter() - started
    print(
        f"\n200,000 x 1,000, {kind}: half of all by {few.objective:.0f} sites in {half:.1f} s "
        f"(bound {few.bound:.0f}); backup {seconds:.1f} s, gap {backup.gap:.5%}"
    )
    assert few.objective >= few.bound
    assert backup.objective <= backup.bound
