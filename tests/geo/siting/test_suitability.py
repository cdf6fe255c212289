"""Marks of other bureaus, and suitability counted beside people, against every plan there is."""

from __future__ import annotations

import numpy as np
import pytest

from geo.core.errors import SitingError
from geo.publish.study_json.siting import proposal_record, what_if_record
from geo.siting.model import Covering
from geo.siting.objective import CoverageObjective, with_worth
from geo.siting.problem import make_problem, solve
from geo.siting.proposal import propose
from geo.siting.what_if import PlacedSite, what_if

MARKS = [
    {"candidate_id": "f03", "suitability": 1.0, "cost": 40},
    {"candidate_id": "area-430599001-001", "suitability": 0.1},
    {"candidate_id": "area-430599101-001", "failed": "环保审查"},
]


def worth_by_hand(problem, plan, weight):  # type: ignore[no-untyped-def]
    told = {mark["candidate_id"]: mark.get("suitability") for mark in MARKS}
    names = problem.stacked.candidates.index[problem.stacked.candidate[plan]]
    own = [told.get(name) for name in names]
    return weight * sum(0.5 if one is None else one for one in own)


@pytest.mark.parametrize("weight", [0, 300.0, 1e6])
@pytest.mark.parametrize(
    "question", [{}, *({"question": "backup", "first_weight": theta} for theta in (0.8, 0.2))]
)
def test_the_best_plan_with_suitability(
    toy_study, make_choice, every_plan, question, weight
) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(
        toy_study, make_choice(marks=MARKS, suitability_weight=weight, **question)
    )
    people = CoverageObjective(problem.coverage.covering, question.get("first_weight", 1.0))
    plans = [plan for plan in every_plan(problem) if problem.is_feasible(plan)]
    values = [people.value(plan) + worth_by_hand(problem, plan, weight) for plan in plans]
    found = solve(problem)
    assert found.is_optimal
    assert found.objective == pytest.approx(max(values))
    assert [problem.objective.value(plan) for plan in plans] == pytest.approx(values)


def test_one_that_failed_is_no_candidate_and_costs_are_its_own(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice(marks=MARKS, costs={"host": 7, "search_area": 3}))
    candidates = problem.stacked.candidates
    assert "area-430599101-001" not in candidates.index
    assert candidates.loc["f03", ["cost", "suitability"]].tolist() == [40, 1]
    assert set(candidates["cost"].drop("f03")) == {3}
    assert candidates["suitability"].notna().sum() == 2


def test_a_mark_of_nothing_is_named_and_one_of_another_facility_is_not(
    toy_study, make_choice
) -> None:  # type: ignore[no-untyped-def]
    other = [{"candidate_id": "f01", "failed": "规划审查"}]
    assert len(make_problem(toy_study, make_choice(marks=other)).stacked.candidates)
    with pytest.raises(SitingError, match="「f99」不是候选点"):
        make_problem(toy_study, make_choice(marks=[{"candidate_id": "f99", "suitability": 1}]))


def test_what_is_told_parts_people_from_suitability(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice(marks=MARKS, suitability_weight=300, required=["f03"])
    proposal = propose(toy_study, choice)
    record = proposal_record(toy_study, proposal)
    assert record["rounded_positions"] is None, "the toy is internal"
    gained = sum(
        row["demand"]["covered_after"] - row["demand"]["covered_before"]
        for row in record["programmes"]
    )
    worth = record["proof"]["suitability_worth"]
    assert worth == pytest.approx(worth_by_hand(proposal.plan.problem, proposal.plan.chosen, 300))
    assert record["proof"]["objective"] == pytest.approx(gained + worth, abs=0.1)
    assert f"适宜性折算 {worth:,.0f}" in record["proof"]["zh"]
    placed = [
        PlacedSite(programme=row["programme"], candidate_id=row["candidate_id"])
        for row in record["sites"]
    ]
    again = what_if_record(toy_study, what_if(toy_study, choice, placed))
    assert again["value"] == pytest.approx(record["proof"]["objective"], abs=0.1)
    assert again["suitability_worth"] == pytest.approx(worth)


def test_nothing_stands_within_a_ring(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    degrees = make_problem(toy_study, make_choice()).stacked.candidates.to_crs(4490)
    west, south, east, north = degrees.total_bounds.tolist()
    middle = (west + east) / 2
    ring = [[west - 1, south - 1], [middle, south - 1], [middle, north + 1], [west - 1, north + 1]]
    choice = make_choice(exclusions=[{"name": "保护区", "ring": ring}])
    left = make_problem(toy_study, choice).stacked.candidates.to_crs(4490)
    assert left.index.tolist() == degrees.index[degrees.geometry.x > middle].tolist()
    assert 0 < len(left) < len(degrees)
    point = degrees.geometry.iloc[int(np.argmin(degrees.geometry.x))]
    site = PlacedSite(programme="science_base", longitude=point.x, latitude=point.y)
    broken = what_if(toy_study, choice, [site]).broken
    assert ("第 1 处在禁止范围内", "site 1 is where nothing may stand") in broken


def test_a_worth_is_one_point_more_that_one_candidate_covers() -> None:
    one = Covering(np.array([4.0]), np.array([0, 0]), np.array([0, 1]), 2, np.array([0]))
    for theta in (1.0, 0.7, 0.5, 0.1, 0.0):
        objective = CoverageObjective(
            with_worth(one, np.array([2.0, 3.0]), first_weight=theta), theta
        )
        assert objective.value(np.array([1])) == pytest.approx(4 * theta + 3)
        assert objective.value(np.array([0, 1])) == pytest.approx(4 + 5)
