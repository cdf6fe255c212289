"""The start of the search: allowed, no worse after exchange, never better than the best."""

from __future__ import annotations

import numpy as np
import pytest

from geo.siting.covering import most_covered
from geo.siting.model import Covering, Floor, Rule, at_most, counted, exactly
from geo.siting.solving.greedy import exchanged, greedy_plan, shaken
from geo.siting.solving.merged import merged
from geo.siting.solving.task import Task

COUNT = 60


def scattered() -> Covering:
    random = np.random.default_rng(3)
    at, by = random.random((800, 2)), random.random((COUNT, 2))
    demand, candidate = np.nonzero(((at[:, None] - by[None]) ** 2).sum(axis=2) < 0.1**2)
    weight = random.integers(1, 50, 800).astype(float)
    return Covering(weight, demand, candidate, COUNT, np.zeros(800, dtype=np.int64))


def task_of(covering: Covering, rules: list[Rule], floors: list[Floor]) -> Task:
    weight = covering.weight
    return merged(covering, rules, floors, first=weight, second=0 * weight)


BARE = {"zh": "", "en": ""}
P = exactly(8, range(COUNT), zh="共 8 处", en="8 sites")


@pytest.mark.parametrize(
    "rules",
    [
        [P],
        [P, at_most(0, [3, 5], zh="", en=""), exactly(1, [17], zh="", en="")],
        [P, at_most(1, range(20), **BARE), counted(range(30, 60), lower=5, upper=6, **BARE)],
        [Rule("", "", np.arange(COUNT), np.arange(COUNT) + 1.0, -np.inf, 100.0)],
    ],
)  # fmt: skip
def test_a_plan_is_allowed_and_not_better_than_the_best(rules: list[Rule]) -> None:
    covering = scattered()
    task = task_of(covering, rules, [])
    plan = greedy_plan(task, np.inf)
    assert plan is not None
    assert task.is_allowed(plan)
    again = shaken(task, plan, np.inf)
    assert task.is_allowed(again)
    assert task.gain(plan) <= task.gain(again) <= most_covered(covering, rules).objective


def test_exchange_gains_and_keeps_floors() -> None:
    covering = scattered()
    corner = Floor("", "", np.arange(100), 0.3 * covering.weight[:100].sum())
    task = task_of(covering, [P], [corner])
    first = greedy_plan(task, -np.inf)
    assert first is not None
    better = exchanged(task, first, np.inf)
    assert task.is_allowed(better)
    assert task.gain(better) >= task.gain(first)


def test_none_where_nothing_is_allowed() -> None:
    rules = [P, at_most(7, range(COUNT), zh="", en="")]
    assert greedy_plan(task_of(scattered(), rules, []), np.inf) is None
