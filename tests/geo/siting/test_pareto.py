"""The Pareto frontier against all plans there are."""

from __future__ import annotations

from itertools import pairwise

import pytest

from geo.core.errors import SitingError
from geo.siting.pareto import pareto_frontier
from geo.siting.problem import make_problem


def test_no_plan_of_the_frontier_is_worse_in_both(toy_study, make_choice, every_plan) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice())
    found = pareto_frontier(problem)
    assert found
    shares = [(one.covered_share, one.lowest_share) for one in found]
    assert shares == sorted(shares, key=lambda pair: (-pair[0], pair[1]))
    best = max(
        problem.objective.value(plan) for plan in every_plan(problem) if problem.is_feasible(plan)
    )
    assert found[0].solution.objective == pytest.approx(best)
    assert all(0 <= one.gini <= 1 for one in found)


def test_the_frontier_is_of_coverage_alone(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SitingError, match="取舍曲线"):
        pareto_frontier(make_problem(toy_study, make_choice(question="least_travel")))


def test_each_plan_lies_above_the_last_one_in_the_worst_off_township(  # type: ignore[no-untyped-def]
    toy_study, make_choice
) -> None:
    found = pareto_frontier(make_problem(toy_study, make_choice()), step=0.1)
    lowest = [plan.lowest_share for plan in found]
    assert all(later > earlier for earlier, later in pairwise(lowest))
    assert all(0 <= share <= 1 + 1e-9 for share in lowest)
    assert not found[-1].may_go_on


def test_shares_and_gini_are_those_of_the_plan(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice())
    for plan in pareto_frontier(problem):
        covering = problem.coverage.covering
        counts = problem.coverage.coverage_counts(plan.solution.chosen)
        covered = covering.weight[counts > 0].sum()
        assert plan.covered_share == pytest.approx(covered / covering.weight.sum())
        assert problem.is_feasible(plan.solution.chosen)
        assert plan.solution.objective <= plan.solution.bound + 1e-6


def test_the_frontier_ends_where_it_is_stopped(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    heard = []

    def stop(done: int, total: int) -> bool:
        heard.append((done, total))
        return False

    problem = make_problem(toy_study, make_choice())
    found = pareto_frontier(problem, progress=stop)
    assert len(heard) <= 1
    assert len(found) <= 2


def test_suitability_is_no_part_of_the_frontier(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    marks = [{"candidate_id": "f03", "suitability": 1.0}]
    with_worth = make_problem(toy_study, make_choice(marks=marks, suitability_weight=1e6))
    plain = make_problem(toy_study, make_choice(marks=marks))
    one, other = (pareto_frontier(problem)[0] for problem in (with_worth, plain))
    assert one.solution.objective == pytest.approx(other.solution.objective)
