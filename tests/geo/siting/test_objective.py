"""What a plan is worth with one more site is what that plan is worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.siting.model import Covering, TravelMatrix
from geo.siting.objective import CoverageObjective, Objective, TravelObjective

POINTS, COLUMNS = 6, 5


@st.composite
def objectives(draw: st.DrawFn) -> Objective:
    weight = np.array(draw(st.lists(st.integers(0, 9), min_size=POINTS, max_size=POINTS)), float)
    pairs = draw(st.sets(st.tuples(st.integers(0, POINTS - 1), st.integers(0, COLUMNS - 1))))
    demand, column = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    before = draw(st.lists(st.integers(0, 2), min_size=POINTS, max_size=POINTS))
    if draw(st.booleans()):
        covering = Covering(weight, demand, column, COLUMNS, np.array(before))
        return CoverageObjective(covering, draw(st.sampled_from([1.0, 0.7, 0.0])))
    minutes = draw(st.lists(st.integers(0, 50), min_size=len(demand), max_size=len(demand)))
    now = np.array([np.inf if one == 0 else 10.0 * one for one in before])
    travel_matrix = TravelMatrix(weight, demand, column, np.array(minutes, float), COLUMNS, now)
    return TravelObjective(travel_matrix, worst=draw(st.booleans()))


@given(objectives(), st.sets(st.integers(0, COLUMNS - 1)))
def test_one_more_site(objective: Objective, plan: set[int]) -> None:
    chosen = np.array(sorted(plan), dtype=np.int64)
    found = objective.value_with_each(chosen)
    wanted = [objective.value(np.union1d(chosen, [column])) for column in range(COLUMNS)]
    others = [column for column in range(COLUMNS) if column not in plan]
    for column in others:
        assert found[column] == pytest.approx(wanted[column])


@given(objectives(), st.sets(st.integers(0, COLUMNS - 1)))
def test_no_site_makes_a_plan_worse(objective: Objective, plan: set[int]) -> None:
    chosen = np.array(sorted(plan), dtype=np.int64)
    assert (objective.value_with_each(chosen) >= objective.value(chosen) - 1e-9).all()


def test_second_coverage_by_hand() -> None:
    # Weights 3 and 2; the first is covered once already. One site covers both.
    covering = Covering(
        np.array([3.0, 2.0]), np.array([0, 1]), np.array([0, 0]), 1, np.array([1, 0])
    )
    assert CoverageObjective(covering).value(np.array([0])) == 2
    assert CoverageObjective(covering, 0.75).value(np.array([0])) == pytest.approx(
        0.25 * 3 + 0.75 * 2
    )
