"""Benders cuts hold for every plan and are tight where they are drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.siting.solver.benders import coverage_groups, master_problem, rows_of
from geo.siting.solver.covering_model import floor_scale, gain_scale
from geo.siting.solver.highs import solve_milp
from tests.geo.siting.solver.instances import SEEDS, SITES, best_gain, covering_of, subsets


def point_of(plan: np.ndarray) -> np.ndarray:
    x = np.zeros(SITES)
    x[plan] = 1.0
    return x


def all_sums(count: int) -> np.ndarray:
    return np.full(count, np.inf)


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_sums_of_the_groups_are_gain_and_floors(seed: int, twice: bool) -> None:
    problem = covering_of(seed, twice=twice)
    groups, scale = coverage_groups(problem), gain_scale(problem)
    for plan in subsets(SITES):
        values = groups.values(point_of(plan))
        assert values[groups.owner == 0].sum() / scale == pytest.approx(problem.gain(plan))
        covered = problem.floors @ (problem.counts(plan) > 0)
        for floor, weight in enumerate(covered.tolist()):
            own = values[groups.owner == floor + 1].sum()
            assert own == pytest.approx(weight * floor_scale(problem)[floor])
    full = groups.values(2 * np.ones(SITES))
    assert (full <= groups.most + 1e-9).all()


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_cuts_hold_for_every_plan(seed: int, twice: bool) -> None:
    problem = covering_of(seed, twice=twice)
    groups = coverage_groups(problem)
    random = np.random.default_rng(seed)
    points = [np.zeros(SITES), np.ones(SITES), random.random(SITES), random.random(SITES) / 3]
    for point in points:
        cuts = groups.cuts(point, all_sums(len(groups.owner)))
        assert cuts.group.tolist() == list(range(len(groups.owner)))
        for plan in subsets(SITES):
            x = point_of(plan)
            assert (groups.values(x) <= cuts.constant + cuts.slope @ x + 1e-6).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cut_is_tight_at_its_own_point(seed: int) -> None:
    groups = coverage_groups(covering_of(seed, twice=True))
    for point in (np.random.default_rng(seed).random(SITES), point_of(np.array([0, 3]))):
        cuts = groups.cuts(point, all_sums(len(groups.owner)))
        assert cuts.constant + cuts.slope @ point == pytest.approx(groups.values(point))


@pytest.mark.parametrize("seed", SEEDS)
def test_only_violated_cuts_are_returned(seed: int) -> None:
    groups = coverage_groups(covering_of(seed))
    point = np.random.default_rng(seed).random(SITES)
    values = groups.values(point)
    assert len(groups.cuts(point, values).group) == 0
    raised = values.copy()
    if len(raised):
        raised[0] += 1.0
        assert groups.cuts(point, raised).group.tolist() == [0]


@pytest.mark.parametrize("seed", SEEDS)
def test_in_out_cuts_are_violated_at_the_outer_point(seed: int) -> None:
    groups = coverage_groups(covering_of(seed))
    random = np.random.default_rng(seed)
    outer, inner = random.random(SITES), random.random(SITES)
    sums = groups.values(outer) + random.random(len(groups.owner)) * 100
    cuts = groups.cuts_between(inner, outer, sums)
    assert (sums[cuts.group] > cuts.constant + cuts.slope @ outer).all()
    for plan in subsets(SITES):
        x = point_of(plan)
        assert (groups.values(x)[cuts.group] <= cuts.constant + cuts.slope @ x + 1e-6).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_master_problem_with_all_cuts_attains_the_best_gain(seed: int) -> None:
    problem = covering_of(seed)
    best, groups = best_gain(problem), coverage_groups(problem)
    count, scale = len(groups.owner), gain_scale(problem)
    rows = [rows_of(groups.cuts(point_of(p), all_sums(count)), count) for p in subsets(SITES)]
    model = master_problem(problem, groups).with_rows(rows)
    integral = np.arange(len(model.cost)) < SITES
    found = solve_milp(replace(model, integral=integral))
    if best is None:
        assert found.status == "infeasible"
        return
    assert found.objective / scale == pytest.approx(best)
    assert solve_milp(model).objective / scale >= best - 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_no_feasible_plan_lies_outside_the_master_problem(seed: int) -> None:
    problem = covering_of(seed)
    groups = coverage_groups(problem)
    model = master_problem(problem, groups)
    for plan in filter(problem.is_feasible, subsets(SITES)):
        point = np.r_[point_of(plan), groups.values(point_of(plan))]
        sums = model.rows @ point
        assert (point >= model.lower - 1e-6).all()
        assert (point <= model.upper + 1e-6).all()
        assert (sums >= model.row_lower - 1e-6).all()
        assert (sums <= model.row_upper + 1e-6).all()


def test_cuts_as_rows_stand_with_their_own_sum() -> None:
    groups = coverage_groups(covering_of(1))
    count, point = len(groups.owner), np.full(SITES, 0.5)
    cuts = groups.cuts(point, all_sums(count))
    rows, lower, upper = rows_of(cuts, count)
    dense = rows.toarray()
    assert (dense[:, SITES:] == np.eye(count)).all()
    assert dense[:, :SITES] == pytest.approx(-cuts.slope.toarray())
    assert np.isneginf(lower).all()
    assert (upper == cuts.constant).all()
