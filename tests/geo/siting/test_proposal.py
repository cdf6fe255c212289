"""A proposal's figures are those of the plan, worked out again by brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.measures.study import study
from geo.publish.study_json.siting import proposal_record
from geo.siting.asked import make_task, solve
from geo.siting.named import is_allowed, named_first
from geo.siting.proposal import plan_of, propose
from geo.siting.reasons import newly_by

QUESTIONS = ["most_covered", "backup", "least_travel", "shortest_worst"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_best_of_all_plans(answer, asked, every_plan, question) -> None:  # type: ignore[no-untyped-def]
    task = make_task(answer, asked(question=question))
    plans = [plan for plan in every_plan(task) if is_allowed(task, plan)]
    found = solve(task)
    assert task.score.of(found.chosen) == pytest.approx(max(map(task.score.of, plans)))
    assert found.is_optimal


def test_the_fewest_sites(answer, asked, every_plan) -> None:  # type: ignore[no-untyped-def]
    choice = asked(question="fewest_sites", share=0.5)
    task = make_task(answer, choice)
    found = solve(task)
    covering = task.covered.covering
    covered = np.where(task.covered.times(found.chosen) > 0, covering.weight, 0).sum()
    assert covered >= 0.5 * covering.weight.sum() - 1e-6
    fewer = [
        plan[plan != dropped] for plan in every_plan(task) for dropped in plan
    ] if found.objective == 3 else [np.array([], dtype=np.int64)]  # fmt: skip
    for plan in fewer:
        some = np.where(task.covered.times(plan) > 0, covering.weight, 0).sum()
        assert some < 0.5 * covering.weight.sum()


@pytest.mark.parametrize("question", QUESTIONS)
def test_reasons_are_what_brute_force_finds(answer, asked, question) -> None:  # type: ignore[no-untyped-def]
    proposal = propose(answer, asked(question=question, least_distance_m=3000.0))
    task, chosen = proposal.plan.task, proposal.plan.chosen
    covering = task.covered.covering
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
        lost = task.score.of(chosen) - task.score.of(rest)
        assert row["loss_without"] == pytest.approx(lost, nan_ok=True)
        others = np.setdiff1d(task.pool.columns(int(task.pool.programme[column])), chosen)
        swaps = [np.append(rest, other) for other in others]
        allowed = [task.score.of(plan) for plan in swaps if is_allowed(task, plan)]
        if not allowed:
            assert row["next_best_id"] is None
            continue
        assert row["next_best_loss"] == pytest.approx(
            task.score.of(chosen) - max(allowed), abs=1e-6
        )


def test_whom_it_reaches_adds_up(answer, asked) -> None:  # type: ignore[no-untyped-def]
    proposal = propose(answer, asked())
    reached = proposal.plan.reached
    own = reached[reached["audience"] == "residents"]
    gained = (own["covered_after"] - own["covered_before"]).sum()
    assert gained == pytest.approx(proposal.solution.objective)
    assert own.groupby("programme")["population"].sum().tolist() == pytest.approx([35_000] * 2)
    for column in proposal.plan.chosen:
        people = newly_by(proposal.plan.task, int(column))["residents"].sum()
        site = proposal.plan.sites.set_index("column").loc[column]
        assert people == pytest.approx(site["newly_covered"])


def test_existing_and_planned_places_count_and_are_no_candidates(  # type: ignore[no-untyped-def]
    make_toy, make_facility, place, asked, answer
) -> None:
    rows = [
        make_facility("base", "science_base", place(2, 2)),
        make_facility("plan", "science_base", place(6, 2), status="planned"),
        make_facility("pend", "science_base", place(2, 6), verification="pending"),
    ]
    found = study(make_toy(rows), answer.scenario)
    choice = asked(candidates={"grid_m": 3000, "host_kinds": ["science_base"]})
    task = make_task(found, choice)
    assert task.pool.demands[0].existing_ids.tolist() == ["base", "plan"]
    names = task.pool.candidates.index[task.pool.candidate[task.pool.columns(0)]]
    assert "base" not in names
    others = task.pool.candidates.index[task.pool.candidate[task.pool.columns(1)]]
    assert "base" in others
    assert (task.pool.demands[0].covering().before > 0).any()


def test_places_with_a_name_go_first_and_the_gap_says_what_that_costs(answer, asked) -> None:  # type: ignore[no-untyped-def]
    task = make_task(answer, asked(named_loss_share=0.5))
    optimum = solve(task)
    found = named_first(task, optimum)
    assert found.bound == optimum.bound
    assert is_allowed(task, found.chosen)
    assert found.objective >= 0.5 * optimum.objective
    assert found.objective == pytest.approx(task.score.of(found.chosen))
    source = task.pool.candidates["source"].to_numpy()[task.pool.candidate]
    assert (source[found.chosen] == "host").sum() >= (source[optimum.chosen] == "host").sum()
    assert "host" in source[found.chosen]
    assert found.gap == pytest.approx(1 - found.objective / found.bound)
    none = replace(task, choice=asked(named_loss_share=0.0))
    assert named_first(none, optimum).objective == pytest.approx(optimum.objective)


def test_a_plan_without_sites(answer, asked) -> None:  # type: ignore[no-untyped-def]
    plan = plan_of(make_task(answer, asked()), np.array([], dtype=np.int64), swaps=False)
    assert plan.value == 0
    assert len(plan.sites) == 0
    assert (plan.reached["covered_before"] == plan.reached["covered_after"]).all()


def test_what_comes_first_is_the_best_of_the_plan(answer, asked) -> None:  # type: ignore[no-untyped-def]
    programme = {"kind": "science_base", "count": 3, "mode": "foot", "minutes": 45}
    other = {"kind": "emergency_base", "count": 1, "mode": "foot", "minutes": 30}
    proposal = propose(answer, asked(programmes=[programme | {"first_phase": 1}, other]))
    sites, task = proposal.plan.sites, proposal.plan.task
    first = sites[sites["phase"] == 1]
    assert first["programme"].tolist() == ["science_base", "emergency_base"]
    assert (sites["phase"] == 2).sum() == 2
    own = sites[sites["programme"] == "science_base"]["column"].to_numpy()
    fixed = sites[sites["programme"] == "emergency_base"]["column"].to_numpy()
    worth = [task.score.of(np.append(fixed, column)) for column in own]
    assert task.score.of(first["column"].to_numpy()) == pytest.approx(max(worth))
    assert (propose(answer, asked()).plan.sites["phase"] == 1).all()


def test_phases_that_cannot_be(asked) -> None:  # type: ignore[no-untyped-def]
    programme = {"kind": "science_base", "count": 3, "mode": "foot", "minutes": 45}
    with pytest.raises(ValueError, match="first_phase"):
        asked(programmes=[programme | {"first_phase": 4}])
    with pytest.raises(ValueError, match="most_covered"):
        asked(programmes=[programme | {"first_phase": 1}], question="least_travel")


def test_a_question_ends_soon_after_its_time(answer, asked) -> None:  # type: ignore[no-untyped-def]
    choice = asked(
        question="least_travel", candidates={"grid_m": 250}, time_limit_s=1.0,
        programmes=[{"kind": "science_base", "count": 20, "mode": "foot", "minutes": 10}],
    )  # fmt: skip
    proposal = propose(answer, choice)
    assert proposal.solution.objective >= proposal.solution.bound
    assert len(proposal.plan.sites) == 20
    assert proposal.solution.gap < 1


def test_where_the_audience_is_unknown_it_is_said(toy, asked, answer) -> None:  # type: ignore[no-untyped-def]
    people = toy.population.copy()
    people["population_0_14"] = people["population"].astype("Int64") // 5
    # Nor of the district, whose share would be taken for the township's.
    here = people["division_code"].isin(["430599101", "430599"])
    people.loc[here, "population_0_14"] = pd.NA
    found = study(replace(toy, population=people), answer.scenario)
    programme = {"kind": "science_base", "count": 2, "mode": "foot", "minutes": 45}
    proposal = propose(found, asked(programmes=[programme | {"audience": "youth"}]))
    (demand,) = proposal.plan.task.pool.demands
    record = proposal_record(found, proposal)["programmes"][0]
    known = demand.points["township_code"] != "430599101"
    assert demand.unknown_codes == ("430599101",)
    assert record["unknown_townships"] == ["河西镇"]
    assert (demand.weight[known] > 0).any()
