"""Alternatives against all plans there are."""

from __future__ import annotations

import numpy as np
import pytest

from geo.siting.alternatives import alternatives
from geo.siting.proposal import propose


@pytest.mark.parametrize("different", [1, 2])
def test_other_plans_are_the_best_that_are_left(
    toy_study, make_choice, every_plan, different
) -> None:  # type: ignore[no-untyped-def]
    proposal = propose(toy_study, make_choice())
    problem = proposal.plan.problem
    left = [plan for plan in every_plan(problem) if problem.is_feasible(plan)]
    known = [proposal.optimum.chosen]
    for found in alternatives(
        problem, proposal.optimum, loss_share=0.5, most=3, least_different=different
    ):
        left = [p for p in left if len(np.setdiff1d(known[-1], p)) >= different]
        assert found.objective == pytest.approx(max(map(problem.objective.value, left)))
        known.append(found.chosen)
    assert len(known) == 4


def test_alternatives_are_feasible_different_and_lose_no_more_than_allowed(  # type: ignore[no-untyped-def]
    toy_study, make_choice
) -> None:
    proposal = propose(toy_study, make_choice())
    problem, best = proposal.plan.problem, proposal.optimum
    for loss in (0.0, 0.1):
        for found in alternatives(problem, best, loss_share=loss, most=2):
            assert problem.is_feasible(found.chosen)
            assert found.chosen.tolist() != best.chosen.tolist()
            assert found.bound >= best.objective * (1 - loss) - 1e-6


def test_no_more_alternatives_than_wanted_or_than_there_are(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    proposal = propose(toy_study, make_choice())
    problem, best = proposal.plan.problem, proposal.optimum
    assert not list(alternatives(problem, best, most=0))
    assert len(list(alternatives(problem, best, most=2, loss_share=1.0))) == 2
    assert not list(alternatives(problem, best, loss_share=1.0, least_different=4))
