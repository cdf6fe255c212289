"""Constraints as matrices say of every plan what each constraint says by itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array, vstack

from geo.siting.model import Constraint, at_most, between, exactly
from geo.siting.solver.constraint_matrix import (
    IN,
    LARGE_FACTOR,
    OUT,
    UNDECIDED,
    constraint_matrix,
    scaled_constraints,
    stacked_rows,
)
from tests.geo.siting.solver.instances import SEEDS, SITES, some_constraints, subsets

WORDS = {"zh": "", "en": ""}


def constraints_of(seed: int) -> list[Constraint]:
    return some_constraints(np.random.default_rng(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_both_matrices_hold_for_the_plans_that_meet_all_constraints(seed: int) -> None:
    constraints = constraints_of(seed)
    matrix, scaled = constraint_matrix(SITES, constraints), scaled_constraints(constraints, SITES)
    for plan in subsets(SITES):
        wanted = all(constraint.holds(plan) for constraint in constraints)
        assert matrix.holds(plan) == wanted
        assert bool(scaled.holds(scaled.totals(plan))) == wanted
        assert matrix.scaled().holds(plan) == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_a_candidate_can_be_added_where_the_larger_plan_is_feasible(seed: int) -> None:
    matrix = constraint_matrix(SITES, constraints_of(seed))
    for plan in subsets(SITES):
        sums = matrix.sums(plan)
        others = np.setdiff1d(np.arange(SITES), plan)
        added = [matrix.holds(np.append(plan, other)) for other in others]
        assert matrix.can_add(sums)[others].tolist() == added


@pytest.mark.parametrize("seed", SEEDS)
def test_added_violation_is_the_difference_of_violations(seed: int) -> None:
    matrix = constraint_matrix(SITES, constraints_of(seed))
    largest = np.asarray(abs(matrix.rows).max(axis=1).todense()).ravel()
    for plan in subsets(SITES):
        sums = matrix.sums(plan)
        change = matrix.added_violation(sums)
        for other in np.setdiff1d(np.arange(SITES), plan).tolist():
            after = matrix.violation(matrix.sums(np.append(plan, other)))
            wanted = ((after - matrix.violation(sums)) / largest).sum()
            assert change[other] == pytest.approx(wanted)


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_of_several_plans_are_judged_at_once(seed: int) -> None:
    scaled = scaled_constraints(constraints_of(seed), SITES)
    plans = list(subsets(SITES))
    totals = np.stack([scaled.totals(plan) for plan in plans], axis=1)
    assert scaled.holds(totals).tolist() == [
        bool(scaled.holds(scaled.totals(plan))) for plan in plans
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_propagation_decides_only_what_every_feasible_plan_has(seed: int) -> None:
    constraints = constraints_of(seed)
    scaled = scaled_constraints(constraints, SITES)
    random = np.random.default_rng(seed)
    states = random.choice([UNDECIDED, UNDECIDED, IN, OUT], SITES).astype(np.int8)
    values = [np.isin(np.arange(SITES), plan) for plan in subsets(SITES)]
    feasible = [
        value
        for value, plan in zip(values, subsets(SITES), strict=True)
        if all(one.holds(plan) for one in constraints)
        and value[states == IN].all()
        and not value[states == OUT].any()
    ]
    found = scaled.propagate(states)
    if found is None:
        assert not feasible
        return
    for value in feasible:
        assert value[found == IN].all()
        assert not value[found == OUT].any()


def test_propagation_goes_on_until_nothing_follows() -> None:
    constraints = [
        at_most(1, [0, 1], **WORDS),
        exactly(1, [1, 2], **WORDS),
        at_most(1, [2, 3], **WORDS),
    ]
    states = np.array([IN, UNDECIDED, UNDECIDED, UNDECIDED], dtype=np.int8)
    found = scaled_constraints(constraints, 4).propagate(states)
    assert found is not None
    assert found.tolist() == [IN, OUT, IN, OUT]
    assert states.tolist() == [IN, UNDECIDED, UNDECIDED, UNDECIDED], "the states given are kept"


def test_propagation_finds_a_contradiction() -> None:
    constraints = [exactly(2, [0, 1], **WORDS), at_most(1, [0, 1], **WORDS)]
    states = np.full(2, UNDECIDED, dtype=np.int8)
    assert scaled_constraints(constraints, 2).propagate(states) is None


@pytest.mark.parametrize(
    ("constraints", "fewest", "most"),
    [
        ([], 0, 4),
        ([exactly(2, range(4), **WORDS)], 2, 2),
        ([at_most(3, range(4), **WORDS), between(range(4), lower=1, upper=9, **WORDS)], 1, 3),
        ([exactly(2, range(3), **WORDS)], 0, 4),
        ([Constraint("", "", np.arange(4), np.full(4, 2.0), -np.inf, 5.0)], 0, 2),
    ],
)
def test_the_number_of_sites_that_constraints_allow(
    constraints: list[Constraint], fewest: int, most: int
) -> None:
    scaled = scaled_constraints(constraints, 4)
    assert (scaled.fewest, scaled.most) == (fewest, most)


def test_constraints_other_than_the_number_of_sites() -> None:
    count, pair = exactly(2, range(4), **WORDS), at_most(1, [0, 1], **WORDS)
    empty = at_most(0, [], **WORDS)
    scaled = scaled_constraints([count, pair, empty], 4)
    assert scaled.non_cardinality().tolist() == [1]


def test_large_factors_are_scaled_down_and_small_ones_are_not() -> None:
    costs = np.array([4e8, 2e8])
    budget = Constraint("", "", np.arange(2), costs, -np.inf, 5e8)
    rows = constraint_matrix(2, [budget, exactly(1, [0, 1], **WORDS)]).scaled()
    assert rows.rows.toarray()[0].max() == LARGE_FACTOR
    assert rows.upper.tolist() == [1.25e6, 1.0]
    assert rows.rows.toarray()[1].tolist() == [1.0, 1.0]


def test_one_plan_is_excluded_and_no_other() -> None:
    matrix = constraint_matrix(4, []).without(np.array([1, 3]))
    refused = [plan.tolist() for plan in subsets(4) if not matrix.holds(plan)]
    assert refused == [[1, 3]]


def test_restricted_to_some_candidates_the_others_are_not_chosen() -> None:
    constraints = [exactly(2, range(4), **WORDS), at_most(0, [3], **WORDS)]
    matrix, kept = constraint_matrix(4, constraints), np.array([0, 2, 3])
    small = matrix.restricted_to(kept)
    for plan in subsets(3):
        assert small.holds(plan) == matrix.holds(kept[plan])


def test_a_constraint_without_candidates_keeps_its_bounds() -> None:
    impossible = between([], lower=1, upper=np.inf, **WORDS)
    assert not constraint_matrix(2, [impossible]).holds(np.array([0, 1]))


def test_rounding_is_no_violation() -> None:
    budget = Constraint("", "", np.arange(3), np.array([0.1, 0.2, 0.3]), -np.inf, 0.3)
    matrix = constraint_matrix(3, [budget])
    assert 0.1 + 0.2 > 0.3
    assert matrix.holds(np.array([0, 1]))
    assert not matrix.holds(np.array([0, 2]))


def test_stacked_rows_are_those_of_scipy() -> None:
    random = np.random.default_rng(2)
    above, below = (
        csr_array(random.random((n, 5)) * (random.random((n, 5)) < 0.5)) for n in (3, 2)
    )
    assert (stacked_rows(above, below) != vstack([above, below])).nnz == 0
