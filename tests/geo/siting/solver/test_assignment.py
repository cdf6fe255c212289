"""Aggregated demand travels as far as demand does, and the radius formulation says how far."""

from __future__ import annotations

import numpy as np
import pytest

from geo.siting.model import TravelMatrix
from geo.siting.solver.assignment import assignment_model, radius_formulation
from geo.siting.solver.conflicts import reachability_constraints
from geo.siting.solver.constraint_matrix import scaled_constraints
from geo.siting.solver.highs import solve_milp
from tests.geo.siting.solver.instances import SEEDS, SITES, total_travel, travel_of, travel_plans


@pytest.mark.parametrize("seed", SEEDS)
def test_every_plan_that_reaches_all_has_its_total_travel(seed: int) -> None:
    matrix, _ = travel_of(seed)
    model = assignment_model(matrix)
    for plan, total in travel_plans(matrix, []):
        assert model.travelled(plan).sum() == pytest.approx(total)


@pytest.mark.parametrize("seed", SEEDS)
def test_pairs_of_candidates_are_theirs_and_cost_less_than_the_limit(seed: int) -> None:
    matrix, _ = travel_of(seed)
    model = assignment_model(matrix)
    assert model.candidate_count == SITES
    for candidate in range(SITES):
        pairs = model.pairs_of(np.array([candidate]))
        assert (model.candidate[pairs] == candidate).all()
        assert len(pairs) == (model.candidate == candidate).sum()
        assert (model.cost[pairs] < model.limit[model.demand[pairs]]).all()
    some = np.array([4, 1])
    both = np.concatenate([model.pairs_of(some[:1]), model.pairs_of(some[1:])])
    assert model.pairs_of(some).tolist() == both.tolist()


def test_points_with_the_same_costs_are_one_and_without_weight_they_are_left_out() -> None:
    matrix = TravelMatrix(
        np.array([1.0, 2.0, 0.0, 4.0]), np.array([0, 1, 2, 3]), np.zeros(4, dtype=np.int64),
        np.array([3.0, 3.0, 1.0, 2.0]), 1, np.full(4, 9.0),
    )  # fmt: skip
    model = assignment_model(matrix)
    assert sorted(model.limit.tolist()) == [0.0, 27.0, 36.0]
    assert sorted(model.cost.tolist()) == [8.0, 9.0]


def test_a_pair_no_nearer_than_the_facility_saves_nothing() -> None:
    matrix = TravelMatrix(
        np.array([1.0]), np.array([0, 0]), np.array([0, 1]), np.array([2.0, 1.0]), 2,
        np.array([2.0]),
    )  # fmt: skip
    assert assignment_model(matrix).candidate.tolist() == [1]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_radius_formulation_attains_the_least_travel(seed: int) -> None:
    matrix, constraints = travel_of(seed)
    plans = travel_plans(matrix, constraints)
    everything = [*constraints, *reachability_constraints(matrix)]
    model, scaled = assignment_model(matrix), scaled_constraints(everything, SITES)
    held = np.arange(SITES)
    formulation = radius_formulation(model, scaled, held)
    whole, relaxed = solve_milp(formulation), solve_milp(formulation.relaxed)
    if not plans:
        assert whole.values is None
        return
    best = min(total for _, total in plans)
    fixed = model.travelled(held).sum()
    assert whole.objective + fixed == pytest.approx(best, abs=1e-5)
    assert relaxed.objective + fixed <= best + 1e-6
    assert whole.values is not None
    chosen = np.flatnonzero(whole.values[:SITES] > 0.5)
    assert total_travel(matrix, chosen) == pytest.approx(best, abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_among_some_candidates_no_other_one_is_chosen(seed: int) -> None:
    matrix, _ = travel_of(seed)
    held = np.array([0, 2, 5])
    every = assignment_model(matrix)
    needed = reachability_constraints(matrix)
    formulation = radius_formulation(every, scaled_constraints(needed, SITES), held)
    own = [(p, t) for p, t in travel_plans(matrix, []) if np.isin(p, held).all()]
    found = solve_milp(formulation)
    assert (found.values is None) == (not own)
    if own:
        best = min(total for _, total in own)
        least = every.travelled(held).sum()
        assert found.objective + least == pytest.approx(best, abs=1e-5)
        assert least <= best + 1e-9
