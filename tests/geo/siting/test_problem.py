"""A problem is what its request says, and is solved by the model of its question."""

from __future__ import annotations

import numpy as np
import pytest

from geo.core.errors import SitingError
from geo.core.siting_options import Question
from geo.siting.objective import CoverageObjective, TravelObjective
from geo.siting.problem import LONGEST_MINUTES, make_problem, solve


@pytest.mark.parametrize("question", list(Question))
def test_the_objective_is_that_of_the_question(toy_study, make_choice, question) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice(question=question.value, first_weight=0.6))
    travels = question in {Question.LEAST_TRAVEL, Question.SHORTEST_WORST}
    assert isinstance(problem.objective, TravelObjective if travels else CoverageObjective)
    if isinstance(problem.objective, TravelObjective):
        assert problem.objective.worst == (question is Question.SHORTEST_WORST)
    else:
        weight = 0.6 if question is Question.BACKUP else 1.0
        assert problem.objective.first_weight == weight
    assert problem.coverage.first_weight == 1.0


def test_travel_is_computed_beyond_the_standard(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    for question, cutoff in (("most_covered", 45.0), ("least_travel", LONGEST_MINUTES)):
        problem = make_problem(toy_study, make_choice(question=question))
        assert problem.stacked.demands[0].to_candidates.cutoff_minutes == cutoff
    wide = make_problem(toy_study, make_choice(), cutoff_factor=1.4)
    assert wide.stacked.demands[0].to_candidates.cutoff_minutes == pytest.approx(63.0)


def test_feasible_is_what_meets_every_constraint_and_floor(  # type: ignore[no-untyped-def]
    toy_study, make_choice, every_plan
) -> None:
    problem = make_problem(toy_study, make_choice(most_per_township=2, floor_share=0.05))
    covering = problem.coverage.covering
    for plan in every_plan(problem)[::7]:
        counts = problem.coverage.coverage_counts(plan)
        covered = np.where(counts > 0, covering.weight, 0.0)
        met = all(
            covered[floor.demand].sum() >= floor.covered_weight - 1e-6 for floor in problem.floors
        )
        wanted = met and all(constraint.holds(plan) for constraint in problem.constraints)
        assert problem.is_feasible(plan) == wanted


def test_floors_are_for_coverage(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    for question in ("least_travel", "shortest_worst"):
        with pytest.raises(SitingError, match="floor_share 只用于按覆盖选址的问题"):
            make_problem(toy_study, make_choice(question=question, floor_share=0.2))


@pytest.mark.parametrize("question", ["most_covered", "backup", "least_travel", "shortest_worst"])
def test_the_objective_of_a_solution_is_the_value_of_its_plan(  # type: ignore[no-untyped-def]
    toy_study, make_choice, question
) -> None:
    problem = make_problem(toy_study, make_choice(question=question))
    found = solve(problem)
    value = problem.objective.value(found.chosen)
    assert abs(value) == pytest.approx(found.objective)
    assert found.is_optimal
    assert problem.is_feasible(found.chosen)


def test_a_gap_is_good_enough_where_it_is_given(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice())
    best, near = solve(problem), solve(problem, gap=0.2)
    assert near.gap <= 0.2 + 1e-9
    assert near.objective <= best.objective <= near.bound + 1e-6
