"""The state of a search, rounding, and reduced cost fixing against every plan."""

from __future__ import annotations

import numpy as np
import pytest

from geo.siting.solver.covering_model import (
    SearchResult,
    SolverLimits,
    covering_milp,
    solve_as_milp,
)
from geo.siting.solver.highs import solve_milp
from geo.siting.solver.relaxation import (
    SearchState,
    candidates_within_gap,
    rounded_plan,
    search_among,
    solve_by_relaxation,
)
from tests.geo.siting.solver.instances import SEEDS, best_gain, covering_of, subsets

NO_LIMIT = SolverLimits(deadline=np.inf)


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_relaxation_finds_the_best_plan(seed: int, twice: bool) -> None:
    problem = covering_of(seed, twice=twice)
    found, best = solve_by_relaxation(problem, None, NO_LIMIT), best_gain(problem)
    assert found.is_infeasible == (best is None)
    if found.plan is not None:
        assert problem.is_feasible(found.plan)
        assert problem.gain(found.plan) == pytest.approx(best)
        assert found.bound == pytest.approx(best)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_better_plan_holds_a_candidate_that_reduced_costs_rule_out(seed: int) -> None:
    problem = covering_of(seed)
    plans = [plan for plan in subsets(problem.candidate_count) if problem.is_feasible(plan)]
    result = solve_milp(covering_milp(problem).relaxed)
    for incumbent in plans:
        kept = candidates_within_gap(problem, result, incumbent)
        assert np.isin(incumbent, kept).all()
        for plan in plans:
            if problem.gain(plan) > problem.gain(incumbent) + 1e-9:
                assert np.isin(plan, kept).all()


def test_without_reduced_costs_all_candidates_are_kept() -> None:
    problem = covering_of(2)
    whole = solve_milp(covering_milp(problem))
    assert len(candidates_within_gap(problem, whole, np.array([0]))) == problem.candidate_count


@pytest.mark.parametrize(
    ("point", "plan"), [([0.2, 0.9, 0.9], [1, 2]), ([0.5, 0.5, 0.0], [0]), ([0.1] * 3, [])]
)
def test_the_largest_fractions_are_rounded_to_a_plan(point: list[float], plan: list[int]) -> None:
    assert rounded_plan(np.array(point)).tolist() == plan


def feasible_plan(seed: int) -> tuple[SearchState, np.ndarray]:
    problem = covering_of(seed)
    plan = next(plan for plan in subsets(problem.candidate_count) if problem.is_feasible(plan))
    return SearchState(problem, None, NO_LIMIT), plan


def test_a_better_plan_becomes_the_incumbent_and_a_worse_one_does_not() -> None:
    state, plan = feasible_plan(2)
    assert state.offer(plan)
    gain = state.gain
    assert state.incumbent is not None
    assert gain >= state.problem.gain(plan)
    assert not state.offer(plan)
    assert state.gain == gain


def test_an_infeasible_plan_is_not_taken() -> None:
    state, _ = feasible_plan(2)
    wrong = next(plan for plan in subsets(6) if not state.problem.is_feasible(plan))
    assert not state.offer(wrong)
    assert (state.incumbent, state.gain) == (None, -np.inf)


def test_nothing_is_pruned_without_an_incumbent_and_all_below_it_with_one() -> None:
    state, plan = feasible_plan(2)
    assert not state.is_pruned(-1e9)
    state.offer(plan)
    assert state.is_pruned(state.gain)
    assert not state.is_pruned(state.gain * 1.1 + 1)


def test_the_gap_that_is_good_enough_ends_the_search() -> None:
    problem = covering_of(2)
    plan = next(plan for plan in subsets(6) if problem.is_feasible(plan) and problem.gain(plan) > 0)
    state = SearchState(problem, plan, SolverLimits(np.inf, gap=0.5))
    state.bound = 1.9 * state.gain
    assert state.is_done
    state.bound = 2.2 * state.gain
    assert not state.is_done


def test_a_search_is_over_when_it_is_stopped_out_of_time_or_infeasible() -> None:
    problem = covering_of(2)
    assert SearchState(problem, None, SolverLimits(-np.inf)).is_done
    heard: list[tuple[float, float]] = []

    def stop(gain: float, bound: float, seconds: float) -> bool:
        heard.append((gain, bound))
        return False

    state = SearchState(problem, None, SolverLimits(np.inf, progress=stop))
    assert not state.is_done
    state.report()
    assert state.is_done
    assert heard == [(-np.inf, problem.most_gain())]
    state = SearchState(problem, None, NO_LIMIT)
    state.close()
    assert state.result.is_infeasible


def test_closing_proves_the_incumbent() -> None:
    state, plan = feasible_plan(2)
    state.offer(plan)
    state.close()
    result = state.result
    assert not result.is_infeasible
    assert result.bound == state.gain


@pytest.mark.parametrize("seed", range(8))
def test_a_search_among_some_candidates_returns_positions_among_all(seed: int) -> None:
    problem = covering_of(seed)
    plans = [plan for plan in subsets(6) if problem.is_feasible(plan)]
    if not plans:
        return
    best = max(plans, key=problem.gain)
    state = SearchState(problem, plans[0], NO_LIMIT)
    kept = np.union1d(best, plans[0])
    found = search_among(kept, state, solve_as_milp)
    assert found.plan is not None
    assert problem.gain(found.plan) == pytest.approx(problem.gain(best))
    assert np.isin(found.plan, kept).all()


def test_a_search_that_finds_nothing_keeps_the_incumbent() -> None:
    problem = covering_of(2)
    plan = next(plan for plan in subsets(6) if problem.is_feasible(plan))
    state = SearchState(problem, plan, NO_LIMIT)
    found = search_among(np.arange(6), state, lambda *_: SearchResult(None, -np.inf))
    assert found.plan is not None
    assert found.plan.tolist() == plan.tolist()
    assert found.bound == problem.gain(plan)
