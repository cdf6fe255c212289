"""Contradictory demands: what is returned contradicts, and nothing of it can be spared."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.siting.model import Constraint, CoverageFloor, Covering, at_most, between, exactly
from geo.siting.solver.conflicts import conflict_error, minimal_conflict

COUNT = 5


@st.composite
def some_rules(draw: st.DrawFn) -> list[Constraint]:
    constraints = []
    for number in range(draw(st.integers(0, 7))):
        members = draw(st.lists(st.integers(0, COUNT - 1), unique=True, min_size=1))
        low, high = sorted(draw(st.tuples(st.integers(0, 4), st.integers(0, 4))))
        name = f"rule {number}"
        constraints.append(between(members, lower=low, upper=high, zh=name, en=name))
    return constraints


@st.composite
def some_floors(draw: st.DrawFn) -> tuple[Covering, list[CoverageFloor]]:
    pairs = st.tuples(st.integers(0, 3), st.integers(0, COUNT - 1))
    reach = np.array(sorted(draw(st.sets(pairs, min_size=1))))
    weight = np.array(draw(st.lists(st.integers(1, 9), min_size=4, max_size=4)), dtype=float)
    covering = Covering(weight, reach[:, 0], reach[:, 1], COUNT, np.zeros(4, dtype=np.int64))
    shares = draw(st.lists(st.sampled_from([0.3, 0.7, 1.0]), max_size=2))
    everybody = np.arange(4)
    floors = [
        CoverageFloor(f"floor {share}", f"floor {share}", everybody, share * weight.sum())
        for share in shares
    ]
    return covering, floors


def hold_together(parts: list[Constraint | CoverageFloor], covering: Covering) -> bool:
    """Try every plan."""
    for size in range(COUNT + 1):
        for plan in itertools.combinations(range(COUNT), size):
            chosen = np.array(plan, dtype=np.int64)
            reached = np.unique(covering.demand[np.isin(covering.candidate, chosen)])
            weight = covering.weight[reached].sum()
            if all(
                part.holds(chosen)
                if isinstance(part, Constraint)
                else weight >= part.covered_weight
                for part in parts
            ):
                return True
    return False


@settings(max_examples=150, deadline=None)
@given(constraints=some_rules(), about=some_floors())
def test_what_is_named_contradicts_and_none_of_it_can_be_spared(
    constraints: list[Constraint], about: tuple[Covering, list[CoverageFloor]]
) -> None:
    covering, floors = about
    parts = list(minimal_conflict(COUNT, constraints, covering=covering, floors=floors))
    assert bool(parts) != hold_together([*constraints, *floors], covering)
    if parts:
        assert not hold_together(parts, covering)
        for part in parts:
            others = [other for other in parts if other is not part]
            assert hold_together(others, covering)


def test_rules_that_hold_together_are_no_contradiction() -> None:
    assert minimal_conflict(3, [exactly(2, [0, 1, 2], zh="", en="")]) == ()
    assert minimal_conflict(3, []) == ()


def test_three_that_only_contradict_as_three() -> None:
    pairs = [([0, 1], "甲乙"), ([1, 2], "乙丙"), ([0, 2], "甲丙")]
    constraints = [exactly(1, members, zh=name, en=name) for members, name in pairs]
    constraints.insert(1, at_most(3, [0, 1, 2], zh="旁", en="aside"))
    assert [constraint.zh for constraint in minimal_conflict(3, constraints)] == [
        "甲乙",
        "乙丙",
        "甲丙",
    ]


def test_two_sites_among_two_thousand_rules() -> None:
    random = np.random.default_rng(1)
    constraints = [
        at_most(1, random.choice(300, 2, replace=False), zh=f"距离 {n}", en=f"distance {n}")
        for n in range(2000)
    ]
    constraints[700] = exactly(1, [7], zh="必选", en="needed")
    constraints[1400] = at_most(0, [7], zh="不选", en="not wanted")
    started = time.monotonic()
    assert [constraint.zh for constraint in minimal_conflict(300, constraints)] == ["必选", "不选"]
    assert time.monotonic() - started < 20


def test_out_of_time_nothing_is_claimed() -> None:
    constraints = [exactly(1, [0], zh="一", en="one"), exactly(0, [0], zh="零", en="none")]
    assert minimal_conflict(1, constraints, time_limit_s=-1.0) == ()


def test_floors_need_their_covering() -> None:
    floor = CoverageFloor("", "", np.array([0]), 1.0)
    with pytest.raises(ValueError, match="covering"):
        minimal_conflict(3, [], floors=[floor])


def test_the_sentence_names_the_clauses() -> None:
    constraints = [exactly(1, [0], zh="一", en="one"), exactly(0, [0], zh="零", en="none")]
    fault = conflict_error(constraints)
    assert fault.message("zh") == "这些要求不能同时满足：一；零。"
    assert fault.message("en") == "These cannot hold together: one; none."
    assert conflict_error(constraints[:1]).message("zh") == "这项要求无法满足：一。"
