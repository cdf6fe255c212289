"""What is said of each site and of whom a plan covers adds up."""

from __future__ import annotations

import numpy as np
import pytest

from geo.siting.explain import coverage_table, newly_covered_by, site_table
from geo.siting.problem import make_problem, solve

AUDIENCES = {"residents", "youth", "seniors", "farmers"}


@pytest.fixture(scope="module")
def solved(toy_study, make_choice):  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice(least_distance_m=1000.0))
    return problem, solve(problem).chosen


def test_sites_are_numbered_by_programme_and_people(solved) -> None:  # type: ignore[no-untyped-def]
    problem, chosen = solved
    table = site_table(problem, chosen)
    assert table.index.tolist() == [1, 2, 3]
    assert table.index.name == "site"
    assert table["programme"].tolist() == ["science_base", "science_base", "emergency_base"]
    assert table["newly_covered"].iloc[0] >= table["newly_covered"].iloc[1]
    assert sorted(table["column"]) == sorted(chosen.tolist())
    assert table.crs == problem.stacked.candidates.crs


def test_covered_alone_is_part_of_newly_covered_and_lost_without_it(solved) -> None:  # type: ignore[no-untyped-def]
    problem, chosen = solved
    table = site_table(problem, chosen)
    assert (table["covered_alone"] <= table["newly_covered"] + 1e-9).all()
    assert table["loss_without"].tolist() == pytest.approx(table["covered_alone"].tolist())


def test_a_replacement_is_no_site_of_the_plan_and_keeps_it_feasible(solved) -> None:  # type: ignore[no-untyped-def]
    problem, chosen = solved
    names = problem.stacked.candidates.index
    for row in site_table(problem, chosen).itertuples():
        if row.next_best_id is None:
            continue
        place = names.get_loc(row.next_best_id)
        programme = int(problem.stacked.programme[row.column])
        other = int(problem.stacked.column_of[programme, place])
        swapped = np.append(chosen[chosen != row.column], other)
        assert other not in chosen
        assert problem.is_feasible(swapped)
        lost = problem.objective.value(chosen) - problem.objective.value(swapped)
        assert row.next_best_loss == pytest.approx(lost, abs=1e-6)
        assert row.next_best_loss >= -1e-6, "the plan is optimal"


def test_without_swaps_only_what_each_site_covers(solved) -> None:  # type: ignore[no-untyped-def]
    problem, chosen = solved
    table = site_table(problem, chosen, swaps=False)
    assert "next_best_id" not in table
    assert {"newly_covered", "covered_alone", "candidate_id", "geometry"} <= set(table.columns)


def test_whom_a_site_covers_anew_is_the_sum_of_its_townships(solved) -> None:  # type: ignore[no-untyped-def]
    problem, chosen = solved
    table = site_table(problem, chosen, swaps=False).set_index("column")
    for column in chosen.tolist():
        people = newly_covered_by(problem, column)
        assert people.index.name == "township_code"
        assert set(people.columns) == AUDIENCES
        assert people["residents"].sum() == pytest.approx(table.loc[column, "newly_covered"])
        assert (people["residents"] > 0).all()


def test_nobody_is_covered_less_with_a_plan_and_the_difference_is_its_objective(solved) -> None:  # type: ignore[no-untyped-def]
    problem, chosen = solved
    table = coverage_table(problem, chosen)
    assert set(table["audience"]) == AUDIENCES
    own = table[table["audience"] == "residents"]
    assert (own["covered_after"] >= own["covered_before"]).all()
    assert (own["covered_after"] <= own["population"] + 1e-9).all()
    gained = (own["covered_after"] - own["covered_before"]).sum()
    assert gained == pytest.approx(problem.objective.value(chosen))
    assert own.groupby("programme")["population"].sum().tolist() == pytest.approx([35_000] * 2)


def test_an_unknown_audience_stays_unknown(solved) -> None:  # type: ignore[no-untyped-def]
    problem, chosen = solved
    table = coverage_table(problem, chosen)
    youth = table[table["audience"] == "youth"]
    assert youth["population"].isna().all()
    assert not (youth["covered_after"] > 0).any()
