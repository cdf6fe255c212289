"""The first phase is the best part of a plan."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from geo.siting.phases import phases
from geo.siting.problem import make_problem, solve

BASE = {"kind": "science_base", "count": 3, "mode": "foot", "minutes": 45}
OTHER = {"kind": "emergency_base", "count": 2, "mode": "foot", "minutes": 30}


@pytest.mark.parametrize(("first", "other"), [(1, None), (2, None), (2, 1), (1, 2)])
def test_of_the_own_sites_the_best_come_first(toy_study, make_choice, first, other) -> None:  # type: ignore[no-untyped-def]
    programmes = [BASE | {"first_phase": first}, OTHER | {"first_phase": other}]
    problem = make_problem(toy_study, make_choice(programmes=programmes))
    chosen = solve(problem).chosen
    found = phases(problem, chosen)
    now = chosen[found == 1]
    programme = problem.stacked.programme
    counts = [(programme[now] == at).sum() for at in (0, 1)]
    assert counts == [first, 2 if other is None else other]
    own, others = (chosen[programme[chosen] == at] for at in (0, 1))
    every = [
        np.array([*one, *two])
        for one in combinations(own, first)
        for two in combinations(others, counts[1])
    ]
    best = max(problem.objective.value(plan) for plan in every)
    assert problem.objective.value(now) == pytest.approx(best)


def test_without_phases_all_come_first(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice(programmes=[BASE, OTHER]))
    assert phases(problem, np.array([0, 1, 2])).tolist() == [1, 1, 1]
