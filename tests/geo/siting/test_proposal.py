"""A proposal's figures are those of the plan, worked out again by brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.measures.study import study
from geo.publish.study_json.siting import proposal_record
from geo.siting.explain import newly_covered_by
from geo.siting.problem import make_problem, solve
from geo.siting.proposal import plan_of, propose, snap_to_host_sites

QUESTIONS = ["most_covered", "backup", "least_travel", "shortest_worst"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_best_of_all_plans(toy_study, make_choice, every_plan, question) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice(question=question))
    plans = [plan for plan in every_plan(problem) if problem.is_feasible(plan)]
    found = solve(problem)
    assert problem.objective.value(found.chosen) == pytest.approx(
        max(map(problem.objective.value, plans))
    )
    assert found.is_optimal


def test_the_fewest_sites(toy_study, make_choice, every_plan) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice(question="fewest_sites", share=0.5)
    problem = make_problem(toy_study, choice)
    found = solve(problem)
    covering = problem.coverage.covering
    coverage = np.where(
        problem.coverage.coverage_counts(found.chosen) > 0, covering.weight, 0
    ).sum()
    assert coverage >= 0.5 * covering.weight.sum() - 1e-6
    fewer = [
        plan[plan != dropped] for plan in every_plan(problem) for dropped in plan
    ] if found.objective == 3 else [np.array([], dtype=np.int64)]  # fmt: skip
    for plan in fewer:
        some = np.where(problem.coverage.coverage_counts(plan) > 0, covering.weight, 0).sum()
        assert some < 0.5 * covering.weight.sum()


@pytest.mark.parametrize("question", QUESTIONS)
def test_reasons_are_what_brute_force_finds(toy_study, make_choice, question) -> None:  # type: ignore[no-untyped-def]
    proposal = propose(toy_study, make_choice(question=question, least_distance_m=3000.0))
    problem, chosen = proposal.plan.problem, proposal.plan.chosen
    covering = problem.coverage.covering
    reach = [set(covering.demand[covering.candidate == column].tolist()) for column in chosen]
    new = set(np.flatnonzero(covering.before == 0).tolist())
    sites = proposal.plan.sites.set_index("column")
    for at, column in enumerate(chosen.tolist()):
        others = set().union(*(some for n, some in enumerate(reach) if n != at))
        row = sites.loc[column]
        assert row["newly_covered"] == pytest.approx(covering.weight[list(reach[at] & new)].sum())
        alone = list((reach[at] & new) - others)
        assert row["covered_alone"] == pytest.approx(covering.weight[alone].sum())
        rest = chosen[chosen != column]
        lost = problem.objective.value(chosen) - problem.objective.value(rest)
        assert row["loss_without"] == pytest.approx(lost, nan_ok=True)
        others = np.setdiff1d(
            problem.stacked.columns(int(problem.stacked.programme[column])), chosen
        )
        swaps = [np.append(rest, other) for other in others]
        allowed = [problem.objective.value(plan) for plan in swaps if problem.is_feasible(plan)]
        if not allowed:
            assert row["next_best_id"] is None
            continue
        assert row["next_best_loss"] == pytest.approx(
            problem.objective.value(chosen) - max(allowed), abs=1e-6
        )


def test_whom_it_reaches_adds_up(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    proposal = propose(toy_study, make_choice())
    reached = proposal.plan.reached
    own = reached[reached["audience"] == "residents"]
    gained = (own["covered_after"] - own["covered_before"]).sum()
    assert gained == pytest.approx(proposal.solution.objective)
    assert own.groupby("programme")["population"].sum().tolist() == pytest.approx([35_000] * 2)
    for column in proposal.plan.chosen:
        people = newly_covered_by(proposal.plan.problem, int(column))["residents"].sum()
        site = proposal.plan.sites.set_index("column").loc[column]
        assert people == pytest.approx(site["newly_covered"])


def test_existing_and_planned_places_count_and_are_no_candidates(  # type: ignore[no-untyped-def]
    make_toy, make_facility, place, make_choice, toy_study
) -> None:
    rows = [
        make_facility("base", "science_base", place(2, 2)),
        make_facility("plan", "science_base", place(6, 2), status="planned"),
        make_facility("pend", "science_base", place(2, 6), verification="pending"),
    ]
    found = study(make_toy(rows), toy_study.scenario)
    choice = make_choice(candidates={"grid_m": 3000, "host_kinds": ["science_base"]})
    problem = make_problem(found, choice)
    assert problem.stacked.demands[0].existing_ids.tolist() == ["base", "plan"]
    names = problem.stacked.candidates.index[problem.stacked.candidate[problem.stacked.columns(0)]]
    assert "base" not in names
    others = problem.stacked.candidates.index[problem.stacked.candidate[problem.stacked.columns(1)]]
    assert "base" in others
    assert (problem.stacked.demands[0].covering().before > 0).any()


def test_places_with_a_name_go_first_and_the_gap_says_what_that_costs(
    toy_study, make_choice
) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice(named_loss_share=0.5))
    optimum = solve(problem)
    found = snap_to_host_sites(problem, optimum)
    assert found.bound == optimum.bound
    assert problem.is_feasible(found.chosen)
    assert found.objective >= 0.5 * optimum.objective
    assert found.objective == pytest.approx(problem.objective.value(found.chosen))
    source = problem.stacked.candidates["source"].to_numpy()[problem.stacked.candidate]
    assert (source[found.chosen] == "host").sum() >= (source[optimum.chosen] == "host").sum()
    assert "host" in source[found.chosen]
    assert found.gap == pytest.approx(1 - found.objective / found.bound)
    none = replace(problem, choice=make_choice(named_loss_share=0.0))
    assert snap_to_host_sites(none, optimum).objective == pytest.approx(optimum.objective)


def test_a_plan_without_sites(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    plan = plan_of(
        make_problem(toy_study, make_choice()), np.array([], dtype=np.int64), swaps=False
    )
    assert plan.value == 0
    assert len(plan.sites) == 0
    assert (plan.reached["covered_before"] == plan.reached["covered_after"]).all()


def test_what_comes_first_is_the_best_of_the_plan(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    programme = {"kind": "science_base", "count": 3, "mode": "foot", "minutes": 45}
    other = {"kind": "emergency_base", "count": 1, "mode": "foot", "minutes": 30}
    proposal = propose(toy_study, make_choice(programmes=[programme | {"first_phase": 1}, other]))
    sites, problem = proposal.plan.sites, proposal.plan.problem
    first = sites[sites["phase"] == 1]
    assert first["programme"].tolist() == ["science_base", "emergency_base"]
    assert (sites["phase"] == 2).sum() == 2
    own = sites[sites["programme"] == "science_base"]["column"].to_numpy()
    fixed = sites[sites["programme"] == "emergency_base"]["column"].to_numpy()
    worth = [problem.objective.value(np.append(fixed, column)) for column in own]
    assert problem.objective.value(first["column"].to_numpy()) == pytest.approx(max(worth))
    assert (propose(toy_study, make_choice()).plan.sites["phase"] == 1).all()


def test_phases_that_cannot_be(make_choice) -> None:  # type: ignore[no-untyped-def]
    programme = {"kind": "science_base", "count": 3, "mode": "foot", "minutes": 45}
    with pytest.raises(ValueError, match="first_phase"):
        make_choice(programmes=[programme | {"first_phase": 4}])
    with pytest.raises(ValueError, match="most_covered"):
        make_choice(programmes=[programme | {"first_phase": 1}], question="least_travel")


def test_a_question_ends_soon_after_its_time(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice(
        question="least_travel", candidates={"grid_m": 250}, time_limit_s=1.0,
        programmes=[{"kind": "science_base", "count": 20, "mode": "foot", "minutes": 10}],
    )  # fmt: skip
    proposal = propose(toy_study, choice)
    assert proposal.solution.objective >= proposal.solution.bound
    assert len(proposal.plan.sites) == 20
    assert proposal.solution.gap < 1


def test_where_the_audience_is_unknown_it_is_said(toy, make_choice, toy_study) -> None:  # type: ignore[no-untyped-def]
    people = toy.population.copy()
    people["population_0_14"] = people["population"].astype("Int64") // 5
    # Nor of the district, whose share would be taken for the township's.
    here = people["division_code"].isin(["430599101", "430599"])
    people.loc[here, "population_0_14"] = pd.NA
    found = study(replace(toy, population=people), toy_study.scenario)
    programme = {"kind": "science_base", "count": 2, "mode": "foot", "minutes": 45}
    proposal = propose(found, make_choice(programmes=[programme | {"audience": "youth"}]))
    (demand,) = proposal.plan.problem.stacked.demands
    record = proposal_record(found, proposal)["programmes"][0]
    known = demand.points["township_code"] != "430599101"
    assert demand.unknown_codes == ("430599101",)
    assert record["unknown_townships"] == ["河西镇"]
    assert (demand.weight[known] > 0).any()
