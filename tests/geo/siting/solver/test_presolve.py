"""Merging and dropping: the small task gains what the large one gains."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo.siting.model import Constraint, CoverageFloor, Covering, at_most, between, exactly
from geo.siting.solver.covering_model import CoveringProblem
from geo.siting.solver.presolve import (
    coverage_matrix,
    covering_problem,
    demand_classes,
    restrict_to_candidates,
    undominated_candidates,
)

COUNT = 6


@st.composite
def problems(draw: st.DrawFn, twice: bool = False) -> CoveringProblem:
    points = draw(st.integers(1, 10))
    pairs = st.tuples(st.integers(0, points - 1), st.integers(0, COUNT - 1))
    reach = np.array(sorted(draw(st.sets(pairs)))).reshape(-1, 2).astype(np.int64)
    weight = np.array(draw(st.lists(st.integers(0, 5), min_size=points, max_size=points)))
    before = np.array(draw(st.lists(st.sampled_from([0, 0, 1]), min_size=points, max_size=points)))
    covering = Covering(weight.astype(float), reach[:, 0], reach[:, 1], COUNT, before)
    constraints = [_rule(draw) for _ in range(draw(st.integers(0, 3)))]
    floors = []
    if draw(st.booleans()):
        group = np.arange(draw(st.integers(1, points)))
        floors = [
            CoverageFloor("", "", group, draw(st.sampled_from([0.3, 0.8])) * weight[group].sum())
        ]
    gain = np.where(before == 0, weight, 0).astype(float)
    per_site = draw(st.sampled_from([0.0, -1.0]))
    return covering_problem(
        covering, constraints, floors, first=gain, second=gain / 2 * twice, per_site=per_site
    )


def _rule(draw: st.DrawFn) -> Constraint:
    members = draw(st.lists(st.integers(0, COUNT - 1), unique=True, min_size=1))
    low, high = sorted(draw(st.tuples(st.integers(0, 4), st.integers(0, 4))))
    kind = draw(st.sampled_from(["p", "range", "most", "least", "signed"]))
    if kind == "p":
        return exactly(high, range(COUNT), zh="", en="")
    if kind == "most":
        return at_most(high, members, zh="", en="")
    if kind == "least":
        return between(members, lower=low, upper=np.inf, zh="", en="")
    factors = np.ones(len(members)) if kind == "range" else 1.0 - 2.0 * (np.array(members) % 2)
    return Constraint("", "", np.array(members), factors, float(low - 1), float(high))


def best(problem: CoveringProblem) -> float | None:
    gains = [
        problem.gain(np.array(plan, dtype=np.int64))
        for size in range(problem.candidate_count + 1)
        for plan in itertools.combinations(range(problem.candidate_count), size)
        if problem.is_feasible(np.array(plan, dtype=np.int64))
    ]
    return max(gains, default=None)


@settings(max_examples=300, deadline=None)
@given(problem=st.one_of(problems(), problems(twice=True)))
def test_the_best_plan_gains_the_same_among_the_candidates_kept(problem: CoveringProblem) -> None:
    small = restrict_to_candidates(problem, undominated_candidates(problem))
    assert best(small) == pytest.approx(best(problem))


def _problem(
    reach: list[list[int]], constraints: list[Constraint], per_site: float = 0.0
) -> CoveringProblem:
    matrix = np.array(reach)
    demand, candidate = np.nonzero(matrix)
    points, count = matrix.shape
    nobody = np.zeros(points, dtype=np.int64)
    covering = Covering(np.ones(points), demand, candidate, count, nobody)
    ones = np.ones(points)
    return covering_problem(
        covering, constraints, [], first=ones, second=0 * ones, per_site=per_site
    )


NESTED = [[1, 1, 1], [0, 1, 1], [0, 0, 1]]
"""The third candidate reaches all three points, the second two, the first one."""


@pytest.mark.parametrize(
    ("constraints", "kept"),
    [
        ([], [2]),
        ([at_most(2, [0, 1, 2], zh="", en="")], [2]),
        ([exactly(1, [0, 1, 2], zh="", en="")], [2]),
        ([exactly(3, [0, 1, 2], zh="", en="")], [0, 1, 2]),
        ([at_most(0, [2], zh="", en="")], [1, 2]),
        ([exactly(1, [0], zh="", en="")], [0, 2]),
        ([at_most(1, [1, 2], zh="", en="")], [0, 2]),
        ([between([0, 1, 2], lower=1, upper=np.inf, zh="", en="")], [0, 1, 2]),
    ],
)
def test_which_candidates_are_dropped(constraints: list[Constraint], kept: list[int]) -> None:
    assert undominated_candidates(_problem(NESTED, constraints)).tolist() == kept


def test_of_two_that_reach_the_same_the_first_is_kept() -> None:
    one = [exactly(1, [0, 1], zh="", en="")]
    assert undominated_candidates(_problem([[1, 1]], one)).tolist() == [0]


def test_classes_do_not_depend_on_the_order_of_columns() -> None:
    data, indptr = np.ones(6, dtype=np.int8), np.array([0, 3, 3, 6])
    reach = csr_array((data, np.array([0, 2, 1, 1, 0, 2]), indptr), shape=(3, 3))
    rows, class_of = demand_classes(reach)
    assert (rows.tolist(), class_of.tolist()) == ([0], [0, -1, 0])


@settings(max_examples=100, deadline=None)
@given(cells=st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=20))
def test_classes_are_the_unique_rows(cells: list[list[bool]]) -> None:
    matrix = np.array(cells, dtype=np.int8)
    rows, class_of = demand_classes(csr_array(matrix))
    assert len(rows) == len({tuple(row) for row in matrix if row.any()})
    for row, number in zip(matrix, class_of, strict=True):
        assert (number == -1) == (not row.any())
        assert number == -1 or (matrix[rows[number]] == row).all()


def test_many_chunks_of_pairs_hash_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(2)
    matrix = csr_array((random.random((500, 8)) < 0.3).astype(np.int8))
    whole = demand_classes(matrix)
    monkeypatch.setattr("geo.siting.solver.presolve.CHUNK", 7)
    parts = demand_classes(matrix)
    assert all((one == other).all() for one, other in zip(whole, parts, strict=True))


def test_unwanted_demand_has_no_pairs() -> None:
    wanted = np.array([True, False])
    reach = coverage_matrix(np.array([0, 1, 1]), np.array([1, 0, 1]), wanted, 2)
    assert reach.toarray().tolist() == [[0, 1], [0, 0]]
