"""Branch and bound for the p-median against every plan."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from geo.siting.solver.assignment import assignment_model
from geo.siting.solver.branch_and_bound import BoundTolerance, BranchAndBound, fix_by_bound
from geo.siting.solver.conflicts import reachability_constraints
from geo.siting.solver.constraint_matrix import IN, OUT, UNDECIDED, scaled_constraints
from geo.siting.solver.lagrangian import first_multipliers, subgradient
from tests.geo.siting.solver.instances import SEEDS, SITES, travel_of, travel_plans

EXACT = BoundTolerance(0.0, 0.0)
Plans = list[tuple[np.ndarray, float]]


def tree_of(seed: int, tolerance: BoundTolerance = EXACT) -> tuple[BranchAndBound | None, Plans]:
    matrix, constraints = travel_of(seed)
    plans = travel_plans(matrix, constraints)
    everything = [*constraints, *reachability_constraints(matrix)]
    assignment, scaled = assignment_model(matrix), scaled_constraints(everything, SITES)
    if not plans:
        return None, plans
    return BranchAndBound(assignment, scaled, plans[-1][0], tolerance, np.inf), plans


def always(objective: float, bound: float) -> bool:
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tree_proves_the_least_travel(seed: int) -> None:
    tree, plans = tree_of(seed)
    if tree is None:
        return
    best = min(total for _, total in plans)
    tree.solve_root()
    assert tree.bound <= best + 1e-6
    assert tree.objective >= best - 1e-9
    tree.branch(always, 10_000)
    assert tree.objective == pytest.approx(best)
    assert tree.bound == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert tree.chosen.tolist() in [plan.tolist() for plan, _ in plans]


@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_rise_and_hold_at_every_node(seed: int) -> None:
    tree, plans = tree_of(seed)
    if tree is None:
        return
    best, heard = min(total for _, total in plans), []

    def hear(objective: float, bound: float) -> bool:
        heard.append(bound)
        return True

    tree.solve_root()
    tree.branch(hear, 10_000)
    assert all(bound <= best + 1e-6 for bound in heard)
    assert all(b >= a - 1e-9 for a, b in pairwise(heard))


@pytest.mark.parametrize("seed", SEEDS)
def test_candidates_are_fixed_only_where_better_plans_agree(seed: int) -> None:
    tree, plans = tree_of(seed)
    if tree is None:
        return
    best = min(total for _, total in plans)
    states = tree.matrix.propagate(np.full(SITES, UNDECIDED, dtype=np.int8))
    assert states is not None
    found = subgradient(
        tree.assignment, tree.matrix, states, first_multipliers(tree.assignment, tree.matrix),
        target=best, cutoff=np.inf, steps=60, deadline=np.inf,
    )  # fmt: skip
    for cutoff in (best, best * 1.1 + 0.5):
        fixed = fix_by_bound(found, states, tree.matrix, cutoff)
        for plan, total in plans:
            value = np.isin(np.arange(SITES), plan)
            if total < cutoff - 1e-9:
                assert value[fixed == IN].all()
                assert not value[fixed == OUT].any()


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_open_candidates_hold_every_better_plan(seed: int) -> None:
    tree, plans = tree_of(seed)
    assert tree is not None
    tree.solve_root()
    held = np.flatnonzero(tree.open_candidates() != OUT)
    for plan, total in plans:
        if total < tree.objective - 1e-6:
            assert np.isin(plan, held).all()


def test_a_feasible_plan_is_offered_and_an_infeasible_one_refused() -> None:
    tree, plans = tree_of(2)
    assert tree is not None
    worst = max(plans, key=lambda pair: pair[1])
    before = tree.objective
    tree.offer(worst[0])
    assert tree.objective <= before
    feasible = {tuple(plan.tolist()) for plan, _ in plans}
    wrong = next(
        np.array(part)
        for part in ([0], [0, 1, 2, 3, 4, 5], [])
        if tuple(part) not in feasible
    )  # fmt: skip
    objective = tree.objective
    tree.offer(wrong.astype(np.int64))
    assert tree.objective == objective


def test_branching_stops_where_the_callback_says_so() -> None:
    tree, _ = tree_of(4)
    assert tree is not None
    tree.solve_root()
    bound = tree.bound
    tree.branch(lambda *_: False, 10_000)
    assert tree.bound == bound


@pytest.mark.parametrize(
    ("unit", "gap", "objective", "cutoff"),
    [(0.0, 0.0, 100.0, 100.0), (1.0, 0.0, 100.0, 99.0), (0.0, 0.1, 100.0, 90.0)],
)
def test_the_cutoff_of_a_tolerance(
    unit: float, gap: float, objective: float, cutoff: float
) -> None:
    assert BoundTolerance(unit, gap).cutoff(objective) == pytest.approx(cutoff, abs=1e-4)


@pytest.mark.parametrize(
    ("unit", "bound", "rounded"),
    [(0.0, 3.2, 3.2), (1.0, 3.2, 4.0), (1.0, 3.0000000001, 3.0), (1.0, np.inf, np.inf)],
)
def test_bounds_are_rounded_up_to_the_next_cost(unit: float, bound: float, rounded: float) -> None:
    assert BoundTolerance(unit, 0.0).rounded_up(bound) == rounded
