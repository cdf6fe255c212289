"""Lagrangian bounds lie below the travel of every feasible plan."""

from __future__ import annotations

import time

import numpy as np
import pytest

from geo.siting.solver.assignment import AssignmentModel, assignment_model
from geo.siting.solver.conflicts import reachability_constraints
from geo.siting.solver.constraint_matrix import (
    IN,
    OUT,
    UNDECIDED,
    ScaledConstraints,
    scaled_constraints,
)
from geo.siting.solver.lagrangian import (
    Multipliers,
    first_multipliers,
    is_past,
    subgradient,
    within_signs,
)
from tests.geo.siting.solver.instances import SEEDS, SITES, travel_of, travel_plans


def made(seed: int) -> tuple[AssignmentModel, ScaledConstraints, list[tuple[np.ndarray, float]]]:
    matrix, constraints = travel_of(seed)
    everything = [*constraints, *reachability_constraints(matrix)]
    plans = travel_plans(matrix, constraints)
    return assignment_model(matrix), scaled_constraints(everything, SITES), plans


def bounded(
    assignment: AssignmentModel,
    matrix: ScaledConstraints,
    states: np.ndarray,
    target: float,
    *,
    steps: int = 200,
    deadline: float = np.inf,
) -> Multipliers:
    return subgradient(
        assignment, matrix, states, first_multipliers(assignment, matrix),
        target=target, cutoff=np.inf, steps=steps, deadline=deadline,
    )  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_no_feasible_plan_costs_less_than_the_bound(seed: int) -> None:
    assignment, matrix, plans = made(seed)
    if not plans:
        return
    best = min(total for _, total in plans)
    states = np.full(SITES, UNDECIDED, dtype=np.int8)
    found = bounded(assignment, matrix, states, best)
    assert found.bound <= best + 1e-6
    assert found.bound >= 0.5 * best - 1e-6, "on these small instances the gap is small"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_of_a_node_holds_for_the_plans_of_the_node(seed: int) -> None:
    assignment, matrix, plans = made(seed)
    random = np.random.default_rng(seed)
    for _ in range(3):
        drawn = random.choice([UNDECIDED, UNDECIDED, IN, OUT], SITES).astype(np.int8)
        states = matrix.propagate(drawn)
        if states is None:
            continue
        chosen = [np.isin(np.arange(SITES), plan) for plan, _ in plans]
        own = [
            total
            for value, (_, total) in zip(chosen, plans, strict=True)
            if value[drawn == IN].all() and not value[drawn == OUT].any()
        ]
        if own:
            found = bounded(assignment, matrix, states, min(own), steps=60)
            assert found.bound <= min(own) + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_more_steps_never_lower_the_bound(seed: int) -> None:
    assignment, matrix, plans = made(seed)
    if not plans:
        return
    best = min(total for _, total in plans)
    states = np.full(SITES, UNDECIDED, dtype=np.int8)
    few = bounded(assignment, matrix, states, best, steps=5)
    more = bounded(assignment, matrix, states, best, steps=40)
    assert more.bound >= few.bound - 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_multipliers_lie_within_their_limits_and_signs(seed: int) -> None:
    assignment, matrix, plans = made(seed)
    if not plans:
        return
    states = np.full(SITES, UNDECIDED, dtype=np.int8)
    found = bounded(assignment, matrix, states, min(total for _, total in plans))
    assert (found.demand >= 0).all()
    assert (found.demand <= assignment.limit).all()
    assert (within_signs(found.constraint, matrix) == found.constraint).all()
    assert ((found.share >= 0) & (found.share <= 1)).all()
    assert matrix.fewest <= len(found.selected) <= matrix.most


def test_signs_follow_the_bounds_of_the_constraints() -> None:
    matrix, _ = travel_of(1)
    assignment = assignment_model(matrix)
    from geo.siting.model import at_most, between  # noqa: PLC0415

    words = {"zh": "", "en": ""}
    upper = at_most(1, [0, 1], **words)
    lower = between([2, 3], lower=1, upper=np.inf, **words)
    scaled = scaled_constraints([upper, lower], assignment.candidate_count)
    given = np.array([-2.0, 3.0])
    assert within_signs(given, scaled).tolist() == [0.0, 0.0]
    assert within_signs(-given, scaled).tolist() == [2.0, -3.0]


def test_the_cutoff_ends_the_method() -> None:
    assignment, matrix, plans = made(2)
    states = np.full(SITES, UNDECIDED, dtype=np.int8)
    target = min(total for _, total in plans)
    start = first_multipliers(assignment, matrix)
    given = {"target": target, "steps": 500, "deadline": np.inf}
    early = subgradient(assignment, matrix, states, start, cutoff=-np.inf, **given)
    late = subgradient(assignment, matrix, states, start, cutoff=np.inf, **given)
    assert early.bound <= late.bound


def test_the_deadline_ends_the_method_after_a_step() -> None:
    assignment, matrix, plans = made(2)
    states = np.full(SITES, UNDECIDED, dtype=np.int8)
    target = min(total for _, total in plans)
    found = bounded(assignment, matrix, states, target, steps=10**9, deadline=-np.inf)
    assert np.isfinite(found.bound)
    assert is_past(time.monotonic() - 1)
    assert not is_past(time.monotonic() + 60)


def test_first_multipliers_are_the_costs_to_the_second_nearest() -> None:
    from geo.siting.model import TravelMatrix  # noqa: PLC0415

    costs = TravelMatrix(
        np.array([2.0, 1.0]), np.array([0, 0, 0, 1]), np.array([0, 1, 2, 0]),
        np.array([5.0, 1.0, 3.0, 4.0]), 3, np.array([9.0, 7.0]),
    )  # fmt: skip
    assignment = assignment_model(costs)
    found = first_multipliers(assignment, scaled_constraints([], 3))
    assert found.demand.tolist() == [6.0, 7.0], "the second has one candidate: its limit"
    assert np.isneginf(found.bound)
