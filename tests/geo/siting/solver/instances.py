"""Random instances of six candidates, so that every plan can be enumerated."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from geo.siting.model import (
    Constraint,
    CoverageFloor,
    Covering,
    TravelMatrix,
    at_most,
    between,
    exactly,
)
from geo.siting.solver.covering_model import CoveringProblem
from geo.siting.solver.presolve import covering_problem

SITES = 6
SEEDS = range(12)


def subsets(count: int) -> Iterator[np.ndarray]:
    """Yield every plan of some candidates."""
    for size in range(count + 1):
        for part in combinations(range(count), size):
            yield np.array(part, dtype=np.int64)


def some_constraints(random: np.random.Generator) -> list[Constraint]:
    """Return the number of sites and up to three other constraints."""
    found = [exactly(int(random.integers(1, SITES + 1)), range(SITES), zh="共", en="in all")]
    some = random.permutation(SITES)
    if random.random() < 0.4:
        found.append(at_most(1, some[:2], zh="相距", en="apart"))
    if random.random() < 0.3:
        found.append(between(some[:3], lower=1, upper=2, zh="组", en="group"))
    if random.random() < 0.3:
        costs = random.integers(1, 9, SITES).astype(float)
        limit = float(costs.sum() * 0.7)
        found.append(Constraint("预算", "budget", np.arange(SITES), costs, -np.inf, limit))
    return found


def covering_of(
    seed: int, *, concave: bool = True, twice: bool = False, per_site: float = 0.0
) -> CoveringProblem:
    """Return a covering problem with constraints, and with a floor for every third seed."""
    random = np.random.default_rng(seed)
    points = int(random.integers(4, 14))
    demand, candidate = np.nonzero(random.random((points, SITES)) < 0.35)
    weight = random.integers(1, 50, points).astype(float)
    before = random.choice([0, 0, 0, 1], points)
    covering = Covering(weight, demand, candidate, SITES, before)
    floors = []
    if seed % 3 == 0:
        covered = before > 0
        covered[demand] = True
        half = np.arange(points // 2)
        level = 0.3 * float(weight[half][covered[half]].sum())
        floors.append(CoverageFloor("下限", "floor", half, level))
    theta = 0.7 if concave else 0.2
    gain = np.where(before == 0, weight, 0.0)
    first, second = (theta * gain, (1 - theta) * gain) if twice else (gain, 0 * gain)
    if per_site:
        first, second = 0 * gain, 0 * gain
    constraints = [] if per_site else some_constraints(random)
    return covering_problem(
        covering, constraints, floors, first=first, second=second, per_site=per_site
    )


def best_gain(problem: CoveringProblem) -> float | None:
    """Return the greatest gain of any feasible plan, None where there is none."""
    plans = filter(problem.is_feasible, subsets(problem.candidate_count))
    return max(map(problem.gain, plans), default=None)


def travel_of(seed: int) -> tuple[TravelMatrix, list[Constraint]]:
    """Return OD costs, some points with a facility, and constraints."""
    random = np.random.default_rng(seed)
    points = int(random.integers(3, 10))
    listed = random.random((points, SITES)) < 0.8
    demand, candidate = np.nonzero(listed)
    cost = random.random(len(demand)) * 9
    before = np.where(random.random(points) < 0.6, 4.0, np.inf)
    before[~listed.any(axis=1)] = 4.0
    weight = random.choice([0.0, 1.0, 2.0, 5.0], points)
    if seed % 2:
        cost = np.round(cost)
    return TravelMatrix(weight, demand, candidate, cost, SITES, before), some_constraints(random)


def total_travel(matrix: TravelMatrix, chosen: np.ndarray) -> float:
    """Return the total travel of a plan, infinite where somebody reaches nothing."""
    least = matrix.before.copy()
    pairs = np.isin(matrix.candidate, chosen)
    np.minimum.at(least, matrix.demand[pairs], matrix.cost[pairs])
    counts = matrix.weight > 0
    return float((least[counts] * matrix.weight[counts]).sum())


def travel_plans(
    matrix: TravelMatrix, constraints: list[Constraint]
) -> list[tuple[np.ndarray, float]]:
    """Return the feasible plans with their total travel."""
    return [
        (plan, total_travel(matrix, plan))
        for plan in subsets(matrix.candidate_count)
        if all(one.holds(plan) for one in constraints) and np.isfinite(total_travel(matrix, plan))
    ]
