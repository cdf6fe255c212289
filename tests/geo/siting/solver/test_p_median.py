"""P-median: hand-worked cases, exhaustive search, and the stores of San Francisco."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.core.errors import SitingError
from geo.siting.model import Constraint, TravelMatrix, at_most, between, exactly
from geo.siting.solver.assignment import assignment_model
from geo.siting.solver.branch_and_bound import BoundTolerance, BranchAndBound
from geo.siting.solver.constraint_matrix import scaled_constraints
from geo.siting.solver.p_median import finish_with_highs, least_travel

DATA = Path(__file__).parents[3] / "data" / "siting"


def on_a_road(at: list[float], weight: list[float], before: float = np.inf) -> TravelMatrix:
    """Return journeys between points of a road, each of them demand and candidate."""
    count = len(at)
    demand, candidate = np.divmod(np.arange(count * count), count)
    cost = np.abs(np.array(at)[demand] - np.array(at)[candidate])
    return TravelMatrix(np.array(weight), demand, candidate, cost, count, np.full(count, before))


def san_francisco() -> TravelMatrix:
    distances = pd.read_csv(DATA / "san_francisco_distances.csv")
    tracts = pd.read_csv(DATA / "san_francisco_tracts.csv").set_index("tract")["population"]
    stores = pd.Index(sorted(distances["store"].unique()))
    return TravelMatrix(
        tracts.to_numpy(dtype=float),
        tracts.index.get_indexer(distances["tract"]),
        stores.get_indexer(distances["store"]),
        distances["distance_m"].to_numpy(),
        len(stores),
        np.full(len(tracts), np.inf),
    )


def sites(count: int, of: int) -> Constraint:
    return exactly(count, np.arange(of), zh=f"{count} 处", en=f"{count} sites")


@st.composite
def plans(draw: st.DrawFn) -> tuple[TravelMatrix, list[Constraint]]:
    """Return small journeys with gaps, zero weights and facilities, and rules of every kind."""
    demand_count, count = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    grid = [(d, c) for d in range(demand_count) for c in range(count)]
    pairs = draw(st.lists(st.sampled_from(grid), unique=True))
    numbers = st.integers(0, 9) if draw(st.booleans()) else st.floats(0, 9)
    cost = draw(st.lists(numbers, min_size=len(pairs), max_size=len(pairs)))
    sizes = {"min_size": demand_count, "max_size": demand_count}
    weight = draw(st.lists(st.sampled_from([0, 1, 1, 2, 3.5]), **sizes))
    before = draw(st.lists(st.sampled_from([np.inf, 0.0, 2.0, 4.5, 8.0, 20.0]), **sizes))
    travel_matrix = TravelMatrix(
        np.array(weight, dtype=float),
        np.array([d for d, _ in pairs], dtype=np.int64),
        np.array([c for _, c in pairs], dtype=np.int64),
        np.array(cost, dtype=float),
        count,
        np.array(before),
    )
    return travel_matrix, draw(constraints_of(count))


@st.composite
def constraints_of(draw: st.DrawFn, count: int) -> list[Constraint]:
    some = st.lists(st.integers(0, count - 1), unique=True, min_size=1)
    constraints = []
    if draw(st.booleans()):
        constraints.append(sites(draw(st.integers(0, count)), count))
    if draw(st.booleans()):
        must = draw(st.integers(0, count - 1))
        constraints.append(exactly(1, [must], zh="必选", en="required"))
    if draw(st.booleans()):
        constraints.append(exactly(0, draw(some)[:1], zh="不选", en="forbidden"))
    if draw(st.booleans()):
        constraints.append(at_most(1, draw(some)[:2], zh="相距太近", en="too near"))
    if draw(st.booleans()):
        constraints.append(between(draw(some), lower=1, upper=2, zh="一组", en="a group"))
    if draw(st.booleans()):
        price = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
        factors = np.array(price, dtype=float)
        budget = float(draw(st.integers(0, 20)))
        constraints.append(Constraint("预算", "budget", np.arange(count), factors, -np.inf, budget))
    return constraints


def travelled(travel_matrix: TravelMatrix, chosen: tuple[int, ...]) -> np.ndarray:
    """Return what each demand point travels, one by one."""
    least = travel_matrix.before.copy()
    for demand, candidate, cost in zip(
        travel_matrix.demand, travel_matrix.candidate, travel_matrix.cost, strict=True
    ):
        if candidate in chosen:
            least[demand] = min(least[demand], cost)
    return least[travel_matrix.weight > 0]


def allowed(travel_matrix: TravelMatrix, constraints: list[Constraint]) -> list[tuple[int, ...]]:
    """Return all choices that keep the rules and leave nobody without a facility."""
    every = range(travel_matrix.candidate_count)
    choices = [c for size in range(len(every) + 1) for c in combinations(every, size)]
    return [
        choice
        for choice in choices
        if all(constraint.holds(np.array(choice, dtype=np.int64)) for constraint in constraints)
        and np.isfinite(travelled(travel_matrix, choice)).all()
    ]


def total(travel_matrix: TravelMatrix, chosen: tuple[int, ...]) -> float:
    return float(travel_matrix.weight[travel_matrix.weight > 0] @ travelled(travel_matrix, chosen))


@settings(max_examples=300, deadline=None)
@given(plans())
def test_no_choice_within_the_rules_is_better(plan: tuple[TravelMatrix, list[Constraint]]) -> None:
    travel_matrix, constraints = plan
    choices = allowed(travel_matrix, constraints)
    if not choices:
        with pytest.raises(SitingError):
            least_travel(travel_matrix, constraints)
        return
    solution = least_travel(travel_matrix, constraints)
    best = min(total(travel_matrix, choice) for choice in choices)
    assert tuple(solution.chosen.tolist()) in choices
    assert solution.objective == pytest.approx(
        total(travel_matrix, tuple(solution.chosen.tolist()))
    )
    assert solution.objective == pytest.approx(best, abs=1e-6)
    assert solution.is_optimal
    assert solution.bound <= solution.objective


@settings(max_examples=60, deadline=None)
@given(plans())
def test_highs_alone_finds_the_same(plan: tuple[TravelMatrix, list[Constraint]]) -> None:
    """What branching leaves to HiGHS is right too: here it is given everything."""
    travel_matrix, constraints = plan
    choices = allowed(travel_matrix, constraints)
    if not choices or any(np.isinf(travel_matrix.before)):
        return
    assignment, matrix = (
        assignment_model(travel_matrix),
        scaled_constraints(constraints, travel_matrix.candidate_count),
    )
    tree = BranchAndBound(
        assignment, matrix, np.array(choices[-1], dtype=np.int64), BoundTolerance(0.0, 0.0), np.inf
    )
    tree.solve_root()
    tree.deadline = 1e12
    solution = finish_with_highs(tree, None, 0.0)
    best = min(total(travel_matrix, choice) for choice in choices)
    assert solution.objective == pytest.approx(best, abs=1e-6)
    assert solution.bound == pytest.approx(best, abs=1e-5)


def test_two_villages_of_three() -> None:
    solution = least_travel(on_a_road([0, 4, 5], [10, 20, 30]), [sites(2, 3)])
    assert (solution.chosen.tolist(), solution.objective) == ([0, 2], 20.0)


def test_nobody_goes_farther_than_to_what_is_there() -> None:
    """All have a facility 2 away: a site at 0 saves 20, one at 5 saves 60 + 20."""
    solution = least_travel(on_a_road([0, 4, 5], [10, 20, 30], 2.0), [sites(1, 3)])
    assert (solution.chosen.tolist(), solution.objective) == ([2], 40.0)


def test_without_rules_every_useful_site_is_chosen() -> None:
    assert least_travel(on_a_road([0, 4, 5], [1, 1, 1]), []).objective == 0.0


def test_who_can_reach_nothing_is_named_by_weight() -> None:
    travel_matrix = TravelMatrix(
        np.array([5.0, 7.0]), np.array([0]), np.array([0]), np.array([1.0]), 1, np.full(2, np.inf)
    )
    with pytest.raises(SitingError) as error:
        least_travel(travel_matrix, [])
    assert "7" in error.value.zh
    assert "weight 7" in error.value.en


def test_contradicting_rules_are_named() -> None:
    constraints = [sites(2, 3), at_most(1, [0, 1, 2], zh="至多一处", en="at most one")]
    with pytest.raises(SitingError) as error:
        least_travel(on_a_road([0, 4, 5], [1, 1, 1]), constraints)
    assert "2 处" in error.value.zh
    assert "at most one" in error.value.en


def in_the_plane(count: int, seed: int = 7) -> TravelMatrix:
    rng = np.random.default_rng(seed)
    at = rng.random((count, 2)) * 100
    demand, candidate = np.divmod(np.arange(count * count), count)
    cost = np.hypot(*(at[demand] - at[candidate]).T)
    return TravelMatrix(rng.random(count), demand, candidate, cost, count, np.full(count, np.inf))


def test_a_bound_holds_when_time_is_up() -> None:
    travel_matrix = in_the_plane(120)
    best = least_travel(travel_matrix, [sites(12, 120)])
    early = least_travel(travel_matrix, [sites(12, 120)], time_limit_s=0.0)
    assert best.is_optimal
    assert early.bound <= best.objective * (1 + 1e-9)
    assert best.objective <= early.objective * (1 + 1e-9)


def test_progress_can_stop() -> None:
    told = []

    def stop(objective: float, bound: float, seconds: float) -> bool:
        told.append((objective, bound, seconds))
        return False

    solution = least_travel(in_the_plane(120), [sites(12, 120)], progress=stop)
    assert told
    assert told[-1][1] <= told[-1][0]
    assert solution.bound <= solution.objective


def test_the_same_question_has_the_same_answer() -> None:
    travel_matrix = in_the_plane(60)
    first = least_travel(travel_matrix, [sites(5, 60)])
    again = least_travel(travel_matrix, [sites(5, 60)])
    assert first.chosen.tolist() == again.chosen.tolist()
    assert (first.objective, first.bound) == (again.objective, again.bound)


def test_a_gap_is_enough_when_asked_for() -> None:
    travel_matrix = in_the_plane(120)
    solution = least_travel(travel_matrix, [sites(12, 120)], gap=0.05)
    best = least_travel(travel_matrix, [sites(12, 120)])
    assert solution.gap <= 0.05
    assert solution.bound <= best.objective * (1 + 1e-9)


def test_stores_of_san_francisco() -> None:
    """4 of 16 sites for 955,113 people: spopt's test data; the optimum as CBC and HiGHS find it."""
    solution = least_travel(san_francisco(), [sites(4, 16)])
    assert solution.is_optimal
    assert solution.objective == pytest.approx(2_848_268_129.7145, abs=0.01)
