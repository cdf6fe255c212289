"""P-centre: hand-worked cases, exhaustive search, and the stores of San Francisco."""

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
from geo.siting.solver.p_center import shortest_worst

DATA = Path(__file__).parents[3] / "data" / "siting"


def on_a_road(at: list[float], weight: list[float], before: float = np.inf) -> TravelMatrix:
    count = len(at)
    demand, candidate = np.divmod(np.arange(count * count), count)
    cost = np.abs(np.array(at)[demand] - np.array(at)[candidate])
    return TravelMatrix(np.array(weight), demand, candidate, cost, count, np.full(count, before))


def in_the_plane(count: int, seed: int = 7) -> TravelMatrix:
    rng = np.random.default_rng(seed)
    at = rng.random((count, 2)) * 100
    demand, candidate = np.divmod(np.arange(count * count), count)
    cost = np.hypot(*(at[demand] - at[candidate]).T)
    return TravelMatrix(rng.random(count), demand, candidate, cost, count, np.full(count, np.inf))


def sites(count: int, of: int) -> Constraint:
    return exactly(count, np.arange(of), zh=f"{count} 处", en=f"{count} sites")


@st.composite
def questions(draw: st.DrawFn) -> tuple[TravelMatrix, list[Constraint]]:
    demand_count, count = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    grid = [(d, c) for d in range(demand_count) for c in range(count)]
    pairs = draw(st.lists(st.sampled_from(grid), unique=True))
    cost = draw(st.lists(st.floats(0, 9), min_size=len(pairs), max_size=len(pairs)))
    sizes = {"min_size": demand_count, "max_size": demand_count}
    weight = draw(st.lists(st.sampled_from([0.0, 1.0, 2.0]), **sizes))
    before = draw(st.lists(st.sampled_from([np.inf, 0.0, 2.0, 4.5, 8.0, 20.0]), **sizes))
    travel_matrix = TravelMatrix(
        np.array(weight),
        np.array([d for d, _ in pairs], dtype=np.int64),
        np.array([c for _, c in pairs], dtype=np.int64),
        np.array(cost, dtype=float),
        count,
        np.array(before),
    )
    some = st.lists(st.integers(0, count - 1), unique=True, min_size=1)
    every = [
        sites(draw(st.integers(0, count)), count),
        exactly(1, draw(some)[:1], zh="必选", en="required"),
        exactly(0, draw(some)[:1], zh="不选", en="forbidden"),
        at_most(1, draw(some)[:2], zh="相距太近", en="too near"),
        between(draw(some), lower=1, upper=2, zh="一组", en="a group"),
        Constraint("预算", "budget", np.arange(count), np.arange(1.0, count + 1), -np.inf, 7.0),
    ]
    return travel_matrix, draw(st.lists(st.sampled_from(every), unique_by=id, max_size=3))


def worst(travel_matrix: TravelMatrix, chosen: tuple[int, ...]) -> float:
    """Return the worst cost of those with weight, one by one."""
    least = travel_matrix.before.copy()
    for demand, candidate, cost in zip(
        travel_matrix.demand, travel_matrix.candidate, travel_matrix.cost, strict=True
    ):
        if candidate in chosen:
            least[demand] = min(least[demand], cost)
    return float(max(least[travel_matrix.weight > 0], default=0.0))


def allowed(travel_matrix: TravelMatrix, constraints: list[Constraint]) -> list[tuple[int, ...]]:
    every = range(travel_matrix.candidate_count)
    choices = [c for size in range(len(every) + 1) for c in combinations(every, size)]
    return [
        choice
        for choice in choices
        if all(constraint.holds(np.array(choice, dtype=np.int64)) for constraint in constraints)
        and np.isfinite(worst(travel_matrix, choice))
    ]


@settings(max_examples=200, deadline=None)
@given(questions())
def test_no_choice_within_the_rules_is_better(
    question: tuple[TravelMatrix, list[Constraint]],
) -> None:
    travel_matrix, constraints = question
    choices = allowed(travel_matrix, constraints)
    if not choices:
        with pytest.raises(SitingError):
            shortest_worst(travel_matrix, constraints)
        return
    solution = shortest_worst(travel_matrix, constraints)
    chosen = tuple(solution.chosen.tolist())
    assert chosen in choices
    assert solution.objective == worst(travel_matrix, chosen)
    assert solution.objective == pytest.approx(
        min(worst(travel_matrix, c) for c in choices), rel=1e-9
    )
    assert solution.is_optimal
    assert solution.bound <= solution.objective


def test_whoever_has_no_weight_is_left_out() -> None:
    solution = shortest_worst(on_a_road([0, 4, 100], [1, 1, 0]), [sites(1, 3)])
    assert solution.objective == 4.0


def test_what_is_there_already_serves_too() -> None:
    """All have a facility 3 away; of 0, 4 and 5 one site cannot better all three."""
    assert shortest_worst(on_a_road([0, 4, 5], [1, 1, 1], 3.0), [sites(1, 3)]).objective == 3.0
    assert shortest_worst(on_a_road([0, 4, 5], [1, 1, 1], 3.0), [sites(2, 3)]).objective == 1.0


def test_who_can_reach_nothing_is_named_by_weight() -> None:
    lone = TravelMatrix(
        np.array([5.0, 7.0]), np.array([0]), np.array([0]), np.array([1.0]), 1, np.full(2, np.inf)
    )
    with pytest.raises(SitingError) as error:
        shortest_worst(lone, [])
    assert "weight 7" in error.value.en


def test_contradicting_rules_are_named() -> None:
    constraints = [sites(2, 3), at_most(1, [0, 1, 2], zh="至多一处", en="at most one")]
    with pytest.raises(SitingError) as error:
        shortest_worst(on_a_road([0, 4, 5], [1, 1, 1]), constraints)
    assert "至多一处" in error.value.zh


def test_a_bound_holds_when_told_to_stop() -> None:
    travel_matrix = in_the_plane(80)
    best = shortest_worst(travel_matrix, [sites(6, 80)])
    told: list[float] = []

    def stop(objective: float, bound: float, seconds: float) -> bool:
        told.append(objective)
        return len(told) < 3

    early = shortest_worst(travel_matrix, [sites(6, 80)], progress=stop)
    assert best.is_optimal
    assert early.bound <= best.objective <= early.objective
    assert not early.is_optimal


def test_the_same_question_has_the_same_answer() -> None:
    travel_matrix = in_the_plane(60)
    first = shortest_worst(travel_matrix, [sites(5, 60)])
    assert first.chosen.tolist() == shortest_worst(travel_matrix, [sites(5, 60)]).chosen.tolist()


def test_stores_of_san_francisco() -> None:
    """4 of 16 sites: the worst-off tract is 7,403 m away, as spopt's own model finds."""
    distances = pd.read_csv(DATA / "san_francisco_distances.csv")
    tracts = pd.read_csv(DATA / "san_francisco_tracts.csv").set_index("tract")["population"]
    stores = pd.Index(sorted(distances["store"].unique()))
    travel_matrix = TravelMatrix(
        np.ones(len(tracts)),
        tracts.index.get_indexer(distances["tract"]),
        stores.get_indexer(distances["store"]),
        distances["distance_m"].to_numpy(),
        len(stores),
        np.full(len(tracts), np.inf),
    )
    solution = shortest_worst(travel_matrix, [sites(4, 16)])
    assert solution.is_optimal
    assert solution.objective == pytest.approx(7_403.0638, abs=1e-4)
