"""Constraints as rules allow just the plans that a person would allow, looked at one by one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.core.errors import SitingError
from geo.core.siting_options import SitingLayers
from geo.siting.problem import make_problem, solve

A, B, C, D = "430599001", "430599002", "430599101", "430599201"


def places(problem, plan):  # type: ignore[no-untyped-def]
    stacked = problem.stacked
    return stacked.candidates.iloc[stacked.candidate[plan]]


def at_one_place_once(problem, plan):  # type: ignore[no-untyped-def]
    return not places(problem, plan).index.has_duplicates


def nearest_m(problem, plan):  # type: ignore[no-untyped-def]
    found = places(problem, plan)
    points = found.geometry[~found.index.duplicated()].tolist()
    pairs = [shapely.distance(p, q) for i, p in enumerate(points) for q in points[:i]]
    return min(pairs, default=np.inf)


CASES = {
    "a place has one programme": ({}, at_one_place_once),
    "or two": ({"together": True}, lambda problem, plan: True),
    "one must be": (
        {"required": ["f03"], "together": True},
        lambda problem, plan: "f03" in places(problem, plan).index,
    ),
    "one must not be": (
        {"forbidden": ["f03"], "together": True},
        lambda problem, plan: "f03" not in places(problem, plan).index,
    ),
    "just as far apart as asked is far enough": (
        {"least_distance_m": 3000.0},
        lambda problem, plan: nearest_m(problem, plan) >= 3000 and at_one_place_once(problem, plan),
    ),
    "a place of two programmes is no two places": (
        {"least_distance_m": 3000.5, "together": True},
        lambda problem, plan: nearest_m(problem, plan) >= 3000.5,
    ),
    "one a township": (
        {"most_per_township": 1},
        lambda problem, plan: not places(problem, plan)["township_code"].duplicated().any(),
    ),
    "a budget": (
        {"costs": {"host": 5, "search_area": 10, "budget": 25}},
        lambda problem, plan: (
            places(problem, plan)["cost"].sum() <= 25 and at_one_place_once(problem, plan)
        ),
    ),
}


@pytest.mark.parametrize(("changes", "allows"), CASES.values(), ids=list(CASES))
def test_rules_allow_what_a_person_allows(
    toy_study, make_choice, every_plan, changes, allows
) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice(**changes))
    plans = every_plan(problem)
    by_rules = [problem.is_feasible(plan) for plan in plans]
    assert by_rules == [bool(allows(problem, plan)) for plan in plans]
    assert any(by_rules)
    best = max(
        problem.objective.value(plan) for plan, ok in zip(plans, by_rules, strict=True) if ok
    )
    found = solve(problem)
    assert found.is_optimal
    assert found.objective == pytest.approx(best)
    assert problem.is_feasible(found.chosen)


def test_more_pairs_than_memory_holds_are_refused(toy_study, make_choice, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice()
    pairs = max(
        len(one.to_candidates.demand) for one in make_problem(toy_study, choice).stacked.demands
    )
    monkeypatch.setattr("geo.siting.problem.MOST_PAIRS", pairs // 2)
    with pytest.raises(SitingError, match="demand_cell_m"):
        make_problem(toy_study, choice)


def test_a_floor_under_every_township(toy_study, make_choice, every_plan) -> None:  # type: ignore[no-untyped-def]
    problem = make_problem(toy_study, make_choice(floor_share=0.1, programmes=[
        {"kind": "science_base", "count": 3, "mode": "foot", "minutes": 45},
        {"kind": "emergency_base", "count": 1, "mode": "foot", "minutes": 200},
    ]))  # fmt: skip
    allowed = [plan for plan in every_plan(problem) if problem.is_feasible(plan)]
    found = solve(problem)
    assert found.objective == pytest.approx(max(problem.objective.value(plan) for plan in allowed))
    covering = problem.coverage.covering
    coverage = np.where(problem.coverage.coverage_counts(found.chosen) > 0, covering.weight, 0)
    first = len(problem.stacked.demands[0].weight)
    towns = problem.stacked.demands[0].points["township_code"].to_numpy()
    for code in (A, B, C):
        here = towns == code
        assert coverage[:first][here].sum() >= 0.1 * covering.weight[:first][here].sum() - 1e-6


def parcels(*rows):  # type: ignore[no-untyped-def]
    """Parcels of 100 m in a row from the toy's west, each (suitability, failed)."""
    boxes = [shapely.box(501_000 + 900 * n, 3_011_000, 501_100 + 900 * n, 3_011_100)
             for n in range(len(rows))]  # fmt: skip
    table = {
        "name": [f"地块{n}" for n in range(len(rows))],
        "suitability": pd.Series([one for one, _ in rows], dtype="float64"),
        "cost": pd.Series([None] * len(rows), dtype="float64"),
        "failed": pd.Series([mark for _, mark in rows], dtype="str"),
    }
    return gpd.GeoDataFrame(table, geometry=boxes, crs="EPSG:4546")


def test_parcels_that_failed_are_no_candidates_and_the_others_suit_on_average(  # type: ignore[no-untyped-def]
    toy_study, make_choice, every_plan
) -> None:
    layers = SitingLayers(
        parcels=parcels((0.9, None), (0.2, None), (None, None), (1.0, "环保审查"))
    )
    choice = make_choice(
        candidates={"villages": False}, least_mean_suitability=0.5, together=True,
    )  # fmt: skip
    problem = make_problem(toy_study, choice, layers=layers)
    assert problem.stacked.candidates.index.tolist() == ["parcel-0", "parcel-1", "parcel-2"]
    for plan in every_plan(problem):
        known = places(problem, plan)["suitability"].dropna()
        wanted = bool(known.empty or known.mean() >= 0.5)
        assert all(constraint.holds(plan) for constraint in problem.constraints) == wanted


def test_a_parcel_outside_is_named(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    away = parcels((0.9, None), (0.8, None))
    away.geometry = away.geometry.translate(200_000, 0)
    with pytest.raises(SitingError, match="地块「地块0」等 2 个不在本区内"):
        make_problem(toy_study, make_choice(), layers=SitingLayers(parcels=away))


def test_nothing_stands_where_it_may_not(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    west = gpd.GeoSeries([shapely.box(499_000, 3_009_000, 504_000, 3_019_000)], crs="EPSG:4546")
    problem = make_problem(toy_study, make_choice(), layers=SitingLayers(exclusions=west))
    assert (problem.stacked.candidates.geometry.x > 504_000).all()
    assert len(problem.stacked.candidates) > 0


def test_hosts_and_sites_of_one_programme(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    hosts = {"candidates": {"host_kinds": ["library", "party_service_centre"], "grid_m": 4000}}
    programme = {"kind": "science_base", "count": 2, "mode": "foot", "minutes": 45}
    other = {"kind": "emergency_base", "count": 1, "mode": "foot", "minutes": 30}
    choice = make_choice(programmes=[programme | {"host_kinds": ["library"]}, other], **hosts)
    problem = make_problem(toy_study, choice)
    names = problem.stacked.candidates.index[problem.stacked.candidate]
    first, second = (set(names[problem.stacked.columns(at)]) for at in (0, 1))
    assert {"f03"} <= first
    assert not {"f06", "f15"} & first
    assert {"f03", "f06", "f15"} <= second
    fixed = make_choice(programmes=[programme | {"required": ["f15"]}, other], **hosts)
    found = solve(make_problem(toy_study, fixed))
    problem = make_problem(toy_study, fixed)
    own = found.chosen[problem.stacked.programme[found.chosen] == 0]
    assert "f15" in problem.stacked.candidates.index[problem.stacked.candidate[own]]


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        (
            {"programmes": [{"kind": "science_base", "count": 90, "mode": "foot", "minutes": 9}]},
            "要选 90 处，候选点只有", "90 sites are asked for",
        ),
        ({"required": ["nowhere"]}, "没有候选点「nowhere」", "no candidate 'nowhere'"),
        ({"forbidden": ["nowhere"]}, "没有候选点「nowhere」", "no candidate 'nowhere'"),
        ({"candidates": {"villages": False}}, "没有一个候选点", "No candidate lies"),
        ({"question": "least_travel", "floor_share": 0.1}, "floor_share", "floor_share"),
        (
            {"programmes": [{"kind": "science_base", "count": 1, "mode": "foot", "minutes": 9,
                             "audience": "youth"}]},
            "青少年（0—14 岁）在各处都是 0 或不明", "youth (0 to 14) are 0 or unknown",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_named(toy_study, make_choice, changes, zh, en) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SitingError) as fault:
        make_problem(toy_study, make_choice(**changes))
    assert zh in fault.value.zh
    assert en in fault.value.en


@pytest.mark.parametrize(
    ("changes", "zh"),
    [
        (
            {"required": ["f03"], "forbidden": ["f03"]},
            "必须选「f03 library」（f03）；不得选「f03 library」（f03）",
        ),
        ({"costs": {"host": 9, "search_area": 9, "budget": 8}}, "总费用不超过 8 万元"),
        ({"least_distance_m": 90_000.0}, "两处相距不少于 90000 米"),
    ],
)
def test_constraints_that_contradict_are_named(toy_study, make_choice, changes, zh) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SitingError) as fault:
        solve(make_problem(toy_study, make_choice(**changes)))
    assert zh in fault.value.zh
    assert "不能同时满足" in fault.value.zh
