"""Constraints and solutions by hand."""

from __future__ import annotations

import numpy as np
import pytest

from geo.core.errors import SitingError
from geo.siting.model import (
    Constraint,
    Covering,
    Solution,
    TravelMatrix,
    at_most,
    between,
    exactly,
)

WORDS = {"zh": "条款", "en": "a clause"}


@pytest.mark.parametrize(
    ("constraint", "held"),
    [
        (exactly(1, [0, 2], **WORDS), [[0], [0, 1], [2, 1]]),
        (at_most(1, [0, 2], **WORDS), [[], [0], [1], [2, 1], [0, 1]]),
        (between([0, 1, 2], lower=2, upper=2, **WORDS), [[0, 1], [0, 2], [2, 1]]),
        (Constraint("", "", np.array([0, 2]), np.array([3.0, 4.0]), 4.0, np.inf), [[2, 1], [0, 2]]),
    ],
)
def test_which_plans_meet_a_constraint(constraint: Constraint, held: list[list[int]]) -> None:
    plans = [[], [0], [1], [0, 1], [0, 2], [2, 1]]
    found = [plan for plan in plans if constraint.holds(np.array(plan, dtype=np.int64))]
    assert found == [plan for plan in plans if plan in held]


def test_rounding_of_a_total_is_no_violation() -> None:
    budget = Constraint("", "", np.arange(2), np.array([0.1, 0.2]), -np.inf, 0.3)
    assert budget.holds(np.array([0, 1]))


def test_clauses_are_kept_in_both_languages() -> None:
    constraint = exactly(2, [0, 1], zh="共 2 处", en="2 sites in all")
    assert (constraint.zh, constraint.en) == ("共 2 处", "2 sites in all")
    assert (constraint.lower, constraint.upper) == (2.0, 2.0)
    assert constraint.factors.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("objective", "bound", "gap", "is_optimal"),
    [
        (98.0, 100.0, 0.02, False),
        (100.0, 98.0, 0.02, False),
        (100.0, 100.0, 0.0, True),
        (0.0, 0.0, 0.0, True),
        (1e6, 1e6 + 1e-4, 1e-10, True),
        (-50.0, -40.0, 0.2, False),
    ],
)
def test_the_gap_is_relative_to_the_larger(
    objective: float, bound: float, gap: float, is_optimal: bool
) -> None:
    solution = Solution(np.array([0]), objective, bound)
    assert solution.gap == pytest.approx(gap, rel=1e-3)
    assert solution.is_optimal == is_optimal


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf"), -float("inf")])
def test_weights_are_numbers_of_people(weight: float) -> None:
    none = np.zeros(0, dtype=np.int64)
    for make in (
        lambda w: Covering(w, none, none, 1, np.zeros(3, dtype=np.int64)),
        lambda w: TravelMatrix(w, none, none, np.zeros(0), 1, np.zeros(3)),
    ):
        with pytest.raises(SitingError) as error:
            make(np.array([1.0, 0.0, weight]))
        assert "第 3 个需求点" in error.value.zh
        assert "Demand point 3" in error.value.en


def test_demand_points_without_pairs_count() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert Covering(np.ones(4), none, none, 2, np.zeros(4, dtype=np.int64)).demand_count == 4
