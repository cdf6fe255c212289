"""The start of the search: allowed, no worse after exchange, never better than the best."""

from __future__ import annotations

import numpy as np
import pytest

from geo.siting.model import Constraint, CoverageFloor, Covering, at_most, between, exactly
from geo.siting.solver.coverage import most_covered
from geo.siting.solver.covering_model import CoveringProblem
from geo.siting.solver.heuristics import exchange_covering, greedy_covering, perturb_covering
from geo.siting.solver.presolve import covering_problem

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
