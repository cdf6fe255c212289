"""The start of the search: allowed, no worse after exchange, never better than the best."""

from __future__ import annotations

import numpy as np
import pytest

from geo.siting.model import (
    Constraint,
    CoverageFloor,
    Covering,
    TravelMatrix,
    at_most,
    between,
    exactly,
)
from geo.siting.solver.assignment import AssignmentModel, assignment_model
from geo.siting.solver.conflicts import reachability_constraints
from geo.siting.solver.constraint_matrix import ScaledConstraints, scaled_constraints
from geo.siting.solver.coverage import most_covered
from geo.siting.solver.covering_model import CoveringProblem
from geo.siting.solver.heuristics import (
    exchange_covering,
    exchange_median,
    greedy_covering,
    greedy_median,
    perturb_covering,
)
from geo.siting.solver.presolve import covering_problem
from tests.geo.siting.solver.instances import (
    SEEDS,
    SITES,
    best_gain,
    covering_of,
    subsets,
    travel_of,
    travel_plans,
)

COUNT = 60


def scattered() -> Covering:
    random = np.random.default_rng(3)
    at, by = random.random((800, 2)), random.random((COUNT, 2))
    demand, candidate = np.nonzero(((at[:, None] - by[None]) ** 2).sum(axis=2) < 0.1**2)
    weight = random.integers(1, 50, 800).astype(float)
    return Covering(weight, demand, candidate, COUNT, np.zeros(800, dtype=np.int64))


def problem_of(
    covering: Covering, constraints: list[Constraint], floors: list[CoverageFloor]
) -> CoveringProblem:
    weight = covering.weight
    return covering_problem(covering, constraints, floors, first=weight, second=0 * weight)


BARE = {"zh": "", "en": ""}
P = exactly(8, range(COUNT), zh="共 8 处", en="8 sites")


@pytest.mark.parametrize(
    "constraints",
    [
        [P],
        [P, at_most(0, [3, 5], zh="", en=""), exactly(1, [17], zh="", en="")],
        [P, at_most(1, range(20), **BARE), between(range(30, 60), lower=5, upper=6, **BARE)],
        [Constraint("", "", np.arange(COUNT), np.arange(COUNT) + 1.0, -np.inf, 100.0)],
    ],
)  # fmt: skip
def test_a_plan_is_allowed_and_not_better_than_the_best(constraints: list[Constraint]) -> None:
    covering = scattered()
    problem = problem_of(covering, constraints, [])
    plan = greedy_covering(problem, np.inf)
    assert plan is not None
    assert problem.is_feasible(plan)
    again = perturb_covering(problem, plan, np.inf)
    assert problem.is_feasible(again)
    assert (
        problem.gain(plan) <= problem.gain(again) <= most_covered(covering, constraints).objective
    )


def test_exchange_gains_and_keeps_floors() -> None:
    covering = scattered()
    corner = CoverageFloor("", "", np.arange(100), 0.3 * covering.weight[:100].sum())
    problem = problem_of(covering, [P], [corner])
    first = greedy_covering(problem, -np.inf)
    assert first is not None
    better = exchange_covering(problem, first, np.inf)
    assert problem.is_feasible(better)
    assert problem.gain(better) >= problem.gain(first)


def test_none_where_nothing_is_allowed() -> None:
    constraints = [P, at_most(7, range(COUNT), zh="", en="")]
    assert greedy_covering(problem_of(scattered(), constraints, []), np.inf) is None


# The p-median: greedy addition and vertex exchange against every plan.


def median_of(
    seed: int,
) -> tuple[AssignmentModel, ScaledConstraints, list[tuple[np.ndarray, float]]]:
    matrix, constraints = travel_of(seed)
    everything = [*constraints, *reachability_constraints(matrix)]
    plans = travel_plans(matrix, constraints)
    return assignment_model(matrix), scaled_constraints(everything, SITES), plans


@pytest.mark.parametrize("seed", SEEDS)
def test_a_greedy_plan_of_the_median_is_feasible(seed: int) -> None:
    assignment, matrix, plans = median_of(seed)
    found = greedy_median(assignment, matrix)
    if found is None:
        return
    assert found.tolist() in [plan.tolist() for plan, _ in plans]
    assert assignment.travelled(found).sum() >= min(total for _, total in plans) - 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_no_single_exchange_improves_an_exchanged_plan(seed: int) -> None:
    assignment, matrix, plans = median_of(seed)
    totals = {tuple(plan.tolist()): total for plan, total in plans}
    for plan, total in plans[:: max(1, len(plans) // 4)]:
        found = exchange_median(assignment, matrix, plan)
        own = totals[tuple(found.tolist())]
        assert own <= total + 1e-9
        for other, value in totals.items():
            leaves, enters = set(found.tolist()) - set(other), set(other) - set(found.tolist())
            if len(leaves) <= 1 and len(enters) <= 1:
                assert value >= own - 1e-6


def test_a_site_that_constraints_rule_out_is_skipped() -> None:
    """The first site saves most, but goes with none of the two that must be chosen."""
    costs = TravelMatrix(
        np.array([9.0, 1.0, 1.0]), np.array([0, 1, 2]), np.array([0, 1, 2]), np.zeros(3), 3,
        np.full(3, 5.0),
    )  # fmt: skip
    constraints = [
        exactly(2, range(3), **BARE), at_most(1, [0, 1], **BARE), at_most(1, [0, 2], **BARE),
    ]  # fmt: skip
    found = greedy_median(assignment_model(costs), scaled_constraints(constraints, 3))
    assert found is not None
    assert found.tolist() == [1, 2]


# Coverage of few candidates against every plan.


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_heuristic_plans_of_coverage_are_feasible_and_no_better_than_the_best(
    seed: int, twice: bool
) -> None:
    problem = covering_of(seed, twice=twice)
    best, plan = best_gain(problem), greedy_covering(problem, np.inf)
    if best is None:
        assert plan is None
        return
    if plan is not None:
        again = perturb_covering(problem, plan, np.inf)
        assert problem.is_feasible(plan)
        assert problem.is_feasible(again)
        assert problem.gain(plan) <= problem.gain(again) <= best + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_exchange_starts_from_any_feasible_plan_and_never_loses(seed: int) -> None:
    problem = covering_of(seed)
    for plan in filter(problem.is_feasible, subsets(SITES)):
        better = exchange_covering(problem, plan, np.inf)
        assert problem.is_feasible(better)
        assert len(better) == len(plan)
        assert problem.gain(better) >= problem.gain(plan) - 1e-9


@pytest.mark.parametrize("seed", [0, 3, 6, 9])
def test_where_sites_are_counted_redundant_ones_are_dropped(seed: int) -> None:
    problem = covering_of(seed, per_site=-1.0)
    everything = np.arange(SITES)
    fewer = exchange_covering(problem, everything, np.inf)
    assert problem.is_feasible(fewer)
    for site in fewer:
        assert not problem.is_feasible(fewer[fewer != site])


def test_out_of_time_the_plan_is_returned_as_it_is() -> None:
    problem = covering_of(2)
    plan = next(filter(problem.is_feasible, subsets(SITES)))
    assert exchange_covering(problem, plan, -np.inf).tolist() == plan.tolist()
    assert perturb_covering(problem, plan, -np.inf).tolist() == plan.tolist()
