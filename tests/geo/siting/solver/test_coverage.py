"""Covering plans against hand-worked cases, exhaustive search and a published instance."""

from __future__ import annotations

import csv
import itertools
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.core.errors import SitingError
from geo.siting.model import Constraint, CoverageFloor, Covering, at_most, between, exactly
from geo.siting.solver import branch_and_cut
from geo.siting.solver.coverage import backup_covered, fewest_sites, most_covered

DATA = Path(__file__).parents[3] / "data" / "siting"


def covering_of(
    weight: list[float], reach: list[list[int]], candidates: int, before: list[int] | None = None
) -> Covering:
    """Make a covering from each demand point's candidates."""
    demand = [j for j, row in enumerate(reach) for _ in row]
    candidate = [i for row in reach for i in row]
    return Covering(
        np.array(weight, dtype=float),
        np.array(demand, dtype=np.int64),
        np.array(candidate, dtype=np.int64),
        candidates,
        np.array(before or [0] * len(weight), dtype=np.int64),
    )


def sites(count: int, of: int) -> Constraint:
    return exactly(count, range(of), zh=f"共 {count} 处", en=f"sites in all: {count}")


WAYS = {"whole": (10**9, -1), "fractions": (-1, 10**9), "cuts": (-1, -1)}
"""Pairs up to which a task is solved whole, and up to which its fractions are at once."""


def go(patch: pytest.MonkeyPatch, way: str) -> None:
    """Solve tasks of any size in one way, and what is left of them too."""
    whole, fractions = WAYS[way]
    patch.setattr(branch_and_cut, "MOST_WHOLE_PAIRS", whole)
    patch.setattr(branch_and_cut, "MOST_LP_PAIRS", fractions)


# Exhaustive search: an independent reading of what each question asks.


def plans(count: int) -> list[np.ndarray]:
    some = range(count + 1)
    all_plans = (itertools.combinations(range(count), size) for size in some)
    return [np.array(plan, dtype=np.int64) for size in all_plans for plan in size]


def coverage_counts(covering: Covering, plan: np.ndarray) -> np.ndarray:
    covered = covering.before.copy()
    for j, i in zip(covering.demand, covering.candidate, strict=True):
        covered[j] += i in plan
    return covered


def allowed(
    covering: Covering, constraints: list[Constraint], floors: list[CoverageFloor], plan: np.ndarray
) -> bool:
    covered = np.where(coverage_counts(covering, plan) > 0, covering.weight, 0.0)
    met = all(covered[f.demand].sum() >= f.covered_weight - 1e-9 for f in floors)
    return met and all(constraint.holds(plan) for constraint in constraints)


def newly(covering: Covering, plan: np.ndarray) -> float:
    new = (coverage_counts(covering, plan) > 0) & (covering.before == 0)
    return float(covering.weight[new].sum())


def backup(covering: Covering, plan: np.ndarray, theta: float) -> float:
    now, before = coverage_counts(covering, plan), covering.before
    once = covering.weight[(now > 0) & (before == 0)].sum()
    twice = covering.weight[(now > 1) & (before <= 1)].sum()
    return float(theta * once + (1 - theta) * twice)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Covering, list[Constraint], list[CoverageFloor]]:
    count = draw(st.integers(1, 7))
    some = st.lists(st.integers(0, count - 1), unique=True, max_size=count)
    reach = draw(st.lists(some, min_size=1, max_size=12))
    size = len(reach)
    whole = st.integers(0, 9).map(float)
    weight = draw(
        st.lists(
            st.one_of(whole, whole.map(lambda w: w / 7), st.sampled_from([1e6, 0.1])),
            min_size=size,
            max_size=size,
        )
    )
    before = draw(st.lists(st.sampled_from([0, 0, 0, 1, 2]), min_size=size, max_size=size))
    constraints = draw(st.lists(one_rule(count), max_size=4))
    group = st.lists(st.integers(0, size - 1), unique=True, min_size=1)
    floors = [
        CoverageFloor("下限", "a floor", np.array(members), share * sum(weight[j] for j in members))
        for members, share in draw(
            st.lists(st.tuples(group, st.sampled_from([0.2, 0.5, 1.0])), max_size=2)
        )
    ]
    return covering_of(weight, reach, count, before), constraints, floors


@st.composite
def one_rule(draw: st.DrawFn, count: int) -> Constraint:
    members = draw(st.lists(st.integers(0, count - 1), unique=True, min_size=1))
    kind = draw(st.sampled_from(["p", "forbidden", "required", "conflict", "group", "budget"]))
    if kind == "p":
        return sites(draw(st.integers(0, count)), count)
    if kind == "forbidden":
        return at_most(0, members[:1], zh="不选", en="not this")
    if kind == "required":
        return exactly(1, members[:1], zh="必选", en="this one")
    if kind == "conflict":
        return at_most(1, members[:2], zh="二选一", en="one of two")
    if kind == "group":
        low, high = sorted(draw(st.tuples(st.integers(0, 3), st.integers(0, 3))))
        return between(members, lower=low, upper=high, zh="组", en="a group")
    costs = draw(st.lists(st.floats(0.1, 3e6), min_size=len(members), max_size=len(members)))
    limit = draw(st.floats(0.0, 1.0)) * sum(costs)
    return Constraint("预算", "budget", np.array(members), np.array(costs), -np.inf, limit)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """All ways of searching are tried on all small cases."""
    go(monkeypatch, request.param)
    return str(request.param)


TRIED = settings(max_examples=150, deadline=None)


@pytest.mark.parametrize("search", WAYS)
@TRIED
@given(question=questions())
def test_most_covered_is_what_exhaustive_search_finds(
    search: str, question: tuple[Covering, list[Constraint], list[CoverageFloor]]
) -> None:
    covering, constraints, floors = question
    fit = [p for p in plans(covering.candidate_count) if allowed(covering, constraints, floors, p)]
    with pytest.MonkeyPatch.context() as patch:
        go(patch, search)
        if not fit:
            with pytest.raises(SitingError, match=r"这(些|项)要求"):
                most_covered(covering, constraints, floors=floors)
            return
        found = most_covered(covering, constraints, floors=floors)
    best = max(newly(covering, plan) for plan in fit)
    assert allowed(covering, constraints, floors, found.chosen)
    assert found.objective == pytest.approx(newly(covering, found.chosen), rel=1e-12)
    assert found.objective == pytest.approx(best, rel=1e-7, abs=1e-6)
    assert found.bound >= best - 1e-7 * max(1.0, best)
    assert found.gap < 1e-6


@pytest.mark.parametrize("search", WAYS)
@TRIED
@given(question=questions(), share=st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0]))
def test_fewest_sites_is_what_exhaustive_search_finds(
    search: str, question: tuple[Covering, list[Constraint], list[CoverageFloor]], share: float
) -> None:
    covering, constraints, floors = question
    everybody = np.arange(covering.demand_count)
    wanted = CoverageFloor("", "", everybody, share * float(covering.weight.sum()))
    all_floors = [*floors, wanted]
    fit = [
        p for p in plans(covering.candidate_count) if allowed(covering, constraints, all_floors, p)
    ]
    with pytest.MonkeyPatch.context() as patch:
        go(patch, search)
        if not fit:
            with pytest.raises(SitingError):
                fewest_sites(covering, constraints, share=share, floors=floors)
            return
        found = fewest_sites(covering, constraints, share=share, floors=floors)
    assert allowed(covering, constraints, all_floors, found.chosen)
    assert found.objective == len(found.chosen) == min(len(plan) for plan in fit)
    assert found.is_optimal


@pytest.mark.parametrize("search", WAYS)
@TRIED
@given(question=questions(), theta=st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]))
def test_backup_covered_is_what_exhaustive_search_finds(
    search: str, question: tuple[Covering, list[Constraint], list[CoverageFloor]], theta: float
) -> None:
    covering, constraints, floors = question
    fit = [p for p in plans(covering.candidate_count) if allowed(covering, constraints, floors, p)]
    assume(fit)
    with pytest.MonkeyPatch.context() as patch:
        go(patch, search)
        found = backup_covered(covering, constraints, theta=theta, floors=floors)
    best = max(backup(covering, plan, theta) for plan in fit)
    assert allowed(covering, constraints, floors, found.chosen)
    assert found.objective == pytest.approx(backup(covering, found.chosen, theta), rel=1e-12)
    assert found.objective == pytest.approx(best, rel=1e-7, abs=1e-6)
    assert found.bound >= best - 1e-7 * max(1.0, best)


@settings(max_examples=60, deadline=None)
@given(question=questions(), random=st.randoms(use_true_random=False))
def test_the_order_of_demand_and_candidates_changes_nothing(
    question: tuple[Covering, list[Constraint], list[CoverageFloor]], random: object
) -> None:
    covering, constraints, _ = question
    turn = np.random.default_rng(random.getrandbits(32))  # type: ignore[attr-defined]
    points = turn.permutation(covering.demand_count)
    places = turn.permutation(covering.candidate_count)
    pairs = turn.permutation(len(covering.demand))
    weight, before = np.empty_like(covering.weight), np.empty_like(covering.before)
    weight[points], before[points] = covering.weight, covering.before
    demand, candidate = points[covering.demand][pairs], places[covering.candidate][pairs]
    turned = Covering(weight, demand, candidate, covering.candidate_count, before)
    ruled = [
        Constraint(r.zh, r.en, places[r.candidates], r.factors, r.lower, r.upper)
        for r in constraints
    ]
    try:
        one = most_covered(covering, constraints).objective
    except SitingError:
        with pytest.raises(SitingError):
            most_covered(turned, ruled)
        return
    assert most_covered(turned, ruled).objective == pytest.approx(one, rel=1e-7, abs=1e-6)


# Hand-worked.

LINE = covering_of([3, 2, 4, 1], [[0], [0, 1], [1, 2], [2]], 3)
"""Four points along a road, three candidates between them: they reach 5, 6 and 5."""


@pytest.mark.parametrize(
    ("count", "objective", "chosen"),
    [(0, 0, []), (1, 6, [1]), (2, 10, [0, 2]), (3, 10, [0, 1, 2])],
)
def test_sites_along_a_road(way: str, count: int, objective: float, chosen: list[int]) -> None:
    found = most_covered(LINE, [sites(count, 3)])
    assert (found.objective, found.chosen.tolist()) == (objective, chosen)
    assert found.is_optimal


def test_what_is_covered_already_gains_nothing_but_counts_for_a_floor(way: str) -> None:
    covering = covering_of([3, 2, 4, 1], [[0], [0, 1], [1, 2], [2]], 3, before=[1, 0, 0, 0])
    found = most_covered(covering, [sites(1, 3)])
    assert (found.objective, found.chosen.tolist()) == (6, [1])
    west = CoverageFloor("西片不少于 3", "3 in the west", np.array([0, 1]), 3)
    assert most_covered(covering, [sites(1, 3)], floors=[west]).objective == 6
    west = CoverageFloor("东片不少于 1", "1 in the east", np.array([3]), 1)
    found = most_covered(covering, [sites(1, 3)], floors=[west])
    assert (found.objective, found.chosen.tolist()) == (5, [2])


def test_a_floor_that_no_plan_meets_is_named(way: str) -> None:
    both = CoverageFloor("两端都覆盖", "both ends covered", np.array([0, 3]), 4)
    with pytest.raises(SitingError) as fault:
        most_covered(LINE, [sites(1, 3)], floors=[both])
    assert fault.value.zh == "这些要求不能同时满足：共 1 处；两端都覆盖。"
    assert fault.value.en == "These cannot hold together: sites in all: 1; both ends covered."


def test_contradictory_rules_are_named_and_no_others(way: str) -> None:
    constraints = [
        sites(2, 3),
        at_most(1, [0, 1], zh="甲乙至多一处", en="one of A and B"),
        at_most(0, [2], zh="不选丙", en="not C"),
        at_most(3, [0, 1, 2], zh="至多 3 处", en="3 at most"),
    ]
    with pytest.raises(SitingError) as fault:
        most_covered(LINE, constraints)
    assert fault.value.zh == "这些要求不能同时满足：共 2 处；甲乙至多一处；不选丙。"


@pytest.mark.parametrize(("share", "count"), [(1.0, 2), (0.9, 2), (0.6, 1), (0.0, 0)])
def test_fewest_sites_along_a_road(way: str, share: float, count: int) -> None:
    assert fewest_sites(LINE, [], share=share).objective == count


def test_who_cannot_be_reached_is_told() -> None:
    covering = covering_of([1500, 500], [[0], []], 1)
    with pytest.raises(SitingError) as fault:
        fewest_sites(covering, [])
    assert "500" in fault.value.zh
    assert "75%" in fault.value.zh
    assert "500 of the weight" in fault.value.en
    assert fewest_sites(covering, [], share=0.75).objective == 1


def test_a_share_against_the_rules_is_a_contradiction(way: str) -> None:
    with pytest.raises(SitingError, match="共 1 处；覆盖不少于 100%"):
        fewest_sites(LINE, [sites(1, 3)])


def test_backup_along_a_road(way: str) -> None:
    assert backup_covered(LINE, [sites(2, 3)], theta=0.5).objective == 0.5 * (7 + 4)
    found = backup_covered(LINE, [sites(2, 3)], theta=0.9)
    assert (found.objective, found.chosen.tolist()) == (0.9 * 10, [0, 2])
    once = covering_of([3, 2, 4, 1], [[0], [0, 1], [1, 2], [2]], 3, before=[0, 0, 1, 2])
    assert backup_covered(once, [sites(1, 3)], theta=0.5).objective == pytest.approx(3)


@pytest.mark.parametrize("theta", [-0.1, 1.1])
def test_theta_out_of_bounds(theta: float) -> None:
    with pytest.raises(ValueError, match="theta"):
        backup_covered(LINE, [], theta=theta)


def test_without_rules_or_demand(way: str) -> None:
    assert most_covered(LINE, []).objective == 10
    nobody = covering_of([], [], 3)
    assert most_covered(nobody, [sites(2, 3)]).objective == 0
    assert len(most_covered(nobody, [sites(2, 3)]).chosen) == 2
    assert fewest_sites(nobody, []).objective == 0
    assert most_covered(covering_of([1.0], [[]], 0), []).chosen.tolist() == []


def test_weights_from_one_to_a_million_are_told_apart(way: str) -> None:
    covering = covering_of([1e6, 1e6, 1, 2], [[0], [1], [0], [1]], 2)
    found = most_covered(covering, [sites(1, 2)])
    assert (found.objective, found.bound, found.chosen.tolist()) == (1_000_002, 1_000_002, [1])


# A middling instance: what takes time can be stopped, started and repeated.


def _scattered(points: int, count: int, seed: int = 1) -> Covering:
    random = np.random.default_rng(seed)
    at, by = random.random((points, 2)), random.random((count, 2))
    near = ((at[:, None] - by[None]) ** 2).sum(axis=2) < 0.08**2
    demand, candidate = np.nonzero(near)
    weight = random.integers(1, 200, points).astype(float)
    return Covering(weight, demand, candidate, count, np.zeros(points, dtype=np.int64))


def test_all_ways_find_the_same_and_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    covering, constraints = _scattered(3000, 150), [sites(12, 150)]
    found = {}
    for way in WAYS:
        go(monkeypatch, way)
        found[way] = most_covered(covering, constraints)
        assert found[way].is_optimal
        again = most_covered(covering, constraints)
        assert again.chosen.tolist() == found[way].chosen.tolist()
    assert len({one.objective for one in found.values()}) == 1


def test_a_plan_that_only_tolerance_allows_is_not_tried_again_and_again(way: str) -> None:
    """A site taken to 4e-8 of it met a floor of a million, and the same cut came for ever."""
    weight = [4 / 7, 1e6, 1e6, 1e6, 1e6, 5.0, 3.0, 0.1, 6 / 7, 0.1, 0.0, 8.0]
    reached = [[0, 1, 2, 3, 4], [0, 1, 4], [0, 3, 1, 2], [], [0, 4], [], [2], [3], [1, 3],
               [1, 0, 4, 2], [3, 3], [1, 4, 3, 2, 0]]  # fmt: skip
    covering = covering_of(weight, [sorted(set(some)) for some in reached], 5)
    floor = CoverageFloor("下限", "a floor", np.array([0, 11]), 8 + 4 / 7)
    must = exactly(1, [4], zh="必选", en="must have")
    found = fewest_sites(covering, [must], share=0.5, floors=[floor], time_limit_s=20)
    assert (found.objective, found.is_optimal) == (2, True)


@pytest.mark.parametrize("seed", range(12))
def test_a_relaxed_plan_is_the_one_that_cuts_prove(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Towns make fractions that are no plan, so that whole numbers must decide."""
    random = np.random.default_rng(seed)
    towns, count = random.random((12, 2)), 80
    at = towns[random.integers(12, size=600)] + random.normal(0, 0.05, (600, 2))
    by = towns[random.integers(12, size=count)] + random.normal(0, 0.06, (count, 2))
    demand, candidate = np.nonzero(((at[:, None] - by[None]) ** 2).sum(axis=2) < 0.07**2)
    weight = random.integers(1, 200, len(at)).astype(float)
    covering = Covering(weight, demand, candidate, count, np.zeros(len(at), dtype=np.int64))
    found = {}
    for way in WAYS:
        go(monkeypatch, way)
        found[way] = most_covered(covering, [sites(6, count)])
    assert all(one.is_optimal for one in found.values())
    assert len({one.objective for one in found.values()}) == 1


def test_progress_is_told_and_stops(way: str) -> None:
    covering, constraints, heard = _scattered(3000, 150), [sites(12, 150)], []

    def hear(objective: float, bound: float, seconds: float) -> bool:
        heard.append((objective, bound, seconds))
        return False

    found = most_covered(covering, constraints, progress=hear)
    best = most_covered(covering, constraints)
    assert heard
    assert heard[0][2] >= 0
    assert found.objective <= best.objective <= found.bound
    assert len(found.chosen) == 12


def test_the_time_limit_is_kept_and_the_bound_holds(way: str) -> None:
    covering, constraints = _scattered(20_000, 400), [sites(30, 400)]
    started = time.monotonic()
    found = most_covered(covering, constraints, time_limit_s=0.3)
    assert time.monotonic() - started < 5
    assert found.objective <= found.bound
    assert len(found.chosen) == 30


def test_no_plan_in_no_time(way: str) -> None:
    costs = np.array([4.0, 5.0, 8.0])
    sixth = Constraint("", "", np.array([0, 1, 2]), costs, 9.0, 9.0)
    assert most_covered(LINE, [sixth, sites(2, 3)]).chosen.tolist() == [0, 1]
    with pytest.raises(SitingError, match="秒内没有找到"):
        most_covered(LINE, [sixth, sites(2, 3)], time_limit_s=0.0)


def test_a_start_is_taken_and_a_forbidden_one_is_not(way: str) -> None:
    assert most_covered(LINE, [sites(2, 3)], start=[1, 2]).objective == 10
    assert most_covered(LINE, [sites(2, 3)], start=[1]).objective == 10
    assert most_covered(LINE, [sites(2, 3)], time_limit_s=0.0, start=[0, 2]).objective == 10


# San Francisco: 205 census tracts, 16 stores, distances along roads.


def _san_francisco(limit_m: float) -> Covering:
    with (DATA / "san_francisco.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    table = np.array([[float(cell) for cell in row[1:]] for row in rows])
    demand, candidate = np.nonzero(table[:, 1:] <= limit_m)
    return Covering(table[:, 0], demand, candidate, 16, np.zeros(len(table), dtype=np.int64))


@pytest.mark.parametrize(("limit_m", "count"), [(5000, 8), (8000, 3)])
def test_san_francisco_is_covered_by_so_few(way: str, limit_m: float, count: int) -> None:
    found = fewest_sites(_san_francisco(limit_m), [])
    assert (found.objective, found.is_optimal) == (count, True)


def test_four_stores_in_san_francisco(way: str) -> None:
    covering = _san_francisco(5000)
    assert covering.weight.sum() == 955_113
    found = most_covered(covering, [sites(4, 16)])
    assert (found.objective, found.bound) == (875_247, 875_247)


@pytest.mark.parametrize("seed", [154, 259, 338, 351])
def test_a_bound_that_the_solver_tells_of_another_point_is_not_believed(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HiGHS 1.16 with a start and presolve told one site too few for these."""
    go(monkeypatch, "whole")
    random = np.random.default_rng(seed)
    size, count = int(random.integers(20, 90)), int(random.integers(8, 26))
    people, places = random.random((size, 2)), random.random((count, 2))
    apart = np.hypot(*(people[:, None] - places[None]).transpose(2, 0, 1))
    demand, candidate = np.nonzero(apart < random.uniform(0.12, 0.4))
    weight = [
        random.integers(1, 1000, size).astype(float),
        random.lognormal(3, 2, size),
        random.random(size) * 1e6,
    ][seed % 3]
    before = (random.random(size) < 0.1).astype(int)
    covering = Covering(weight, demand, candidate, count, before)
    can = before > 0
    can[demand] = True
    share = weight[can].sum() / weight.sum() * random.uniform(0.5, 1)
    group = np.flatnonzero(random.random(size) < 0.3)
    level = 0.8 * weight[group][can[group]].sum() * random.uniform(0.3, 1)
    found = fewest_sites(covering, [], share=share, floors=[CoverageFloor("甲", "a", group, level)])
    assert found.is_optimal
    go(monkeypatch, "cuts")
    again = fewest_sites(covering, [], share=share, floors=[CoverageFloor("甲", "a", group, level)])
    assert again.objective == found.objective


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_named(weight: float) -> None:
    with pytest.raises(SitingError, match="第 2 个需求点的权重是"):
        covering_of([1.0, weight], [[0], [0]], 1)
