"""The covering model: gains by hand, and its programme against every plan."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from geo.siting.model import exactly
from geo.siting.solver.constraint_matrix import constraint_matrix
from geo.siting.solver.covering_model import (
    CoveringProblem,
    SolverLimits,
    covering_milp,
    floor_scale,
    gain_scale,
    solve_as_milp,
    unscaled,
)
from geo.siting.solver.highs import solve_milp
from tests.geo.siting.solver.instances import SEEDS, best_gain, covering_of, subsets

NO_LIMIT = SolverLimits(deadline=np.inf)


def by_hand(per_site: float = 0.0, levels: tuple[float, ...] = ()) -> CoveringProblem:
    """Three classes along a road, candidates 0, 1 and 2 between them."""
    reach = csr_array(np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1]]))
    floors = csr_array(np.array([[5.0, 3.0, 0.0]])[: len(levels)].reshape(len(levels), 3))
    return CoveringProblem(
        reach, np.array([5.0, 3.0, 2.0]), np.array([1.0, 1.0, 1.0]), per_site,
        constraint_matrix(3, []), floors, np.array(levels),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "gain"), [([], 0), ([0], 8), ([1], 5), ([2], 2), ([0, 1], 11), ([0, 1, 2], 12)]
)
def test_gains_along_a_road(plan: list[int], gain: float) -> None:
    assert by_hand().gain(np.array(plan, dtype=np.int64)) == gain
    assert by_hand(per_site=-1.0).gain(np.array(plan, dtype=np.int64)) == gain - len(plan)


def test_counts_and_the_trivial_bound() -> None:
    problem = by_hand()
    assert problem.counts(np.array([0, 1])).tolist() == [1, 2, 1]
    assert problem.most_gain() == 13
    assert by_hand(per_site=-1.0).most_gain() == 13
    assert by_hand(per_site=2.0).most_gain() == 19


def test_floors_count_the_covered_classes() -> None:
    problem = by_hand(levels=(8.0,))
    assert problem.meets_floors(np.array([1.0, 2.0, 0.0]))
    assert not problem.meets_floors(np.array([1.0, 0.0, 1.0]))
    assert problem.is_feasible(np.array([0]))
    assert not problem.is_feasible(np.array([1, 2]))


@pytest.mark.parametrize(
    ("level", "must"), [(8.0, [True, True, False]), (5.0, [True, False, False]), (3.0, [False] * 3)]
)
def test_classes_without_which_a_floor_cannot_be_met(level: float, must: list[bool]) -> None:
    assert by_hand(levels=(level,)).must_cover.tolist() == must


def test_a_floor_missed_by_rounding_is_met() -> None:
    problem = by_hand(levels=(8.0 + 1e-9,))
    assert problem.is_feasible(np.array([0]))


def test_concave_where_no_second_coverage_gains_more() -> None:
    assert by_hand().is_concave
    assert not covering_of(1, concave=False, twice=True).is_concave


def test_the_absolute_gap_is_below_one_step_and_0_where_sites_are_counted() -> None:
    problem = by_hand()
    assert problem.absolute_gap == 0.0
    stepped = CoveringProblem(
        problem.reach, problem.first, problem.second, 0.0, problem.constraint_matrix,
        problem.floors, problem.levels, unit=2.0,
    )  # fmt: skip
    assert 0 < stepped.absolute_gap < 2.0
    assert by_hand(per_site=-1.0).absolute_gap == 0.0


def test_scales_are_powers_of_two_near_10_000() -> None:
    problem = by_hand(levels=(8.0,))
    for scale, total in ((gain_scale(problem), 13.0), (floor_scale(problem)[0], 8.0)):
        assert np.log2(scale) == int(np.log2(scale))
        assert 5_000 < scale * total < 20_000
    assert gain_scale(by_hand(per_site=-1.0)) == 1.0


def test_a_plan_excluded_is_not_feasible_and_others_are() -> None:
    problem = by_hand().without(np.array([0, 2]))
    refused = [plan.tolist() for plan in subsets(3) if not problem.is_feasible(plan)]
    assert refused == [[0, 2]]


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_relaxation_bounds_and_the_programme_attains_the_best_gain(
    seed: int, twice: bool
) -> None:
    problem = covering_of(seed, twice=twice)
    best, model = best_gain(problem), covering_milp(problem)
    whole, relaxed = solve_milp(model), solve_milp(model.relaxed)
    if best is None:
        assert whole.status == "infeasible"
        return
    scale = gain_scale(problem)
    assert relaxed.objective / scale >= best - 1e-6
    assert whole.objective / scale == pytest.approx(best)


@pytest.mark.parametrize("seed", SEEDS)
def test_second_coverage_may_gain_more_than_first(seed: int) -> None:
    problem = covering_of(seed, concave=False, twice=True)
    found, best = solve_as_milp(problem, None, NO_LIMIT), best_gain(problem)
    assert found.is_infeasible == (best is None)
    if found.plan is not None:
        assert problem.is_feasible(found.plan)
        assert problem.gain(found.plan) == pytest.approx(best)
        assert found.bound == pytest.approx(best)


@pytest.mark.parametrize("seed", [0, 3, 9, 12])
def test_fewest_sites_are_a_gain_of_minus_one_each(seed: int) -> None:
    problem = covering_of(seed, per_site=-1.0)
    found = solve_as_milp(problem, None, NO_LIMIT)
    assert found.plan is not None
    gain = problem.per_site * len(found.plan)
    best = max(-len(plan) for plan in subsets(problem.candidate_count) if problem.is_feasible(plan))
    assert gain == best


def test_without_time_the_start_is_returned_with_the_trivial_bound() -> None:
    problem, start = by_hand(), np.array([1])
    found = solve_as_milp(problem, start, SolverLimits(deadline=-np.inf))
    assert found.plan is start
    assert found.bound == problem.most_gain()


def test_an_infeasible_problem_with_a_start_keeps_the_start() -> None:
    """HiGHS may find nothing within its tolerance where the start is feasible within ours."""
    problem = by_hand()
    impossible = CoveringProblem(
        problem.reach, problem.first, problem.second, 0.0,
        constraint_matrix(3, [exactly(4, range(3), zh="", en="")]), problem.floors, problem.levels,
    )  # fmt: skip
    assert solve_as_milp(impossible, None, NO_LIMIT).is_infeasible
    kept = solve_as_milp(impossible, np.array([0]), NO_LIMIT)
    assert (kept.plan is not None, kept.bound) == (True, 8.0)


def test_progress_gets_gains_in_their_own_unit() -> None:
    heard: list[tuple[float, float]] = []
    report = unscaled(lambda gain, bound, _: heard.append((gain, bound)), 4.0)
    report(8.0, 12.0, 0.0)
    assert heard == [(2.0, 3.0)]
