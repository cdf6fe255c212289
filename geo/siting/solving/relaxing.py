"""A covering task of some thousand pairs: its fractions at once, then whole numbers among few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from geo.siting.model import Floats, Positions
from geo.siting.solving.cutting import VIOLATED
from geo.siting.solving.highs import Answer, Options, solve
from geo.siting.solving.reducing import of_candidates
from geo.siting.solving.standing import Standing
from geo.siting.solving.task import Effort, Found, Task
from geo.siting.solving.whole import SMALL, gain_scale, solve_whole, whole_model

MOST_PAIRS: Final = 4_000
"""Pairs of classes and candidates up to which fractions are solved as one model.

Measured, at once against by cuts: 1,500 pairs 4 to 7 ms, 3,700 pairs 12 to 31 ms.
"""

PRIMAL: Final[Options] = {"presolve": "off", "simplex_strategy": 4}
"""A model that starts from nothing covered is feasible: a third faster than the dual simplex."""

Search = Callable[[Task, Positions, Effort], Found]
"""A way of searching a task from an allowed plan."""


def solve_by_relaxing(task: Task, start: Positions | None, effort: Effort) -> Found:
    """Return the best plan of a concave task, tried as fractions and proven in whole numbers.

    Parameters
    ----------
    task : Task
        Whose second coverage gains nowhere more than the first.
    start : numpy.ndarray or None
        An allowed plan.
    effort : Effort
        Time, gap and progress.
    """
    standing = Standing(task, start, effort)
    answer = solve(whole_model(task).relaxed, time_limit_s=standing.seconds_left, options=PRIMAL)
    if answer.status != "optimal" or answer.values is None:
        return solve_whole(task, start, effort)
    standing.bound = answer.bound / gain_scale(task)
    standing.tell()
    standing.learn(rounded_off(answer.values[: task.candidate_count]))
    if standing.is_done:
        return standing.found
    if standing.best is None:
        return solve_whole(task, None, effort)
    return among(worth_keeping(task, answer, standing.best), standing, _whole)


def _whole(task: Task, start: Positions, effort: Effort) -> Found:
    return solve_whole(task, start, effort, SMALL)


def among(kept: Positions, standing: Standing, search: Search) -> Found:
    """Search on among some candidates, where more demand is alike and all goes faster.

    Parameters
    ----------
    kept : numpy.ndarray
        All candidates that a plan better than the best so far may hold, and those of the best.
    standing : Standing
        Of the search among all.
    search : callable
        Given the task over those kept, the best plan and the effort.
    """
    task = standing.task
    start = np.searchsorted(kept, standing.best if standing.best is not None else [])
    found = search(of_candidates(task, kept), start, standing.effort)
    plan = kept[start if found.plan is None else found.plan]
    return Found(plan, max(task.gain(plan), min(found.bound, standing.bound)))


def rounded_off(point: Floats) -> Positions:
    """Return the plan of the sites that a fractional plan holds most of.

    Examples
    --------
    >>> rounded_off(np.array([0.5, 0.0, 0.6, 0.9])).tolist()
    [2, 3]
    """
    order = np.argsort(-point, kind="stable")
    return np.sort(order[: round(float(point.sum()))])


def worth_keeping(task: Task, answer: Answer, best: Positions) -> Positions:
    """Return the candidates that a plan better than the best so far may hold.

    By its reduced cost, taking any other one would bring the bound below that plan's gain.

    Parameters
    ----------
    task : Task
        Whose candidates are the first columns of the model answered.
    answer : geo.siting.solving.highs.Answer
        In fractions.
    best : numpy.ndarray
        An allowed plan.
    """
    sites = task.candidate_count
    if answer.reduced_cost is None or answer.values is None:
        return np.arange(sites)
    with_it = answer.objective - np.abs(answer.reduced_cost[:sites])
    may_gain = with_it > task.gain(best) * gain_scale(task) - VIOLATED
    may_gain |= answer.values[:sites] > VIOLATED
    may_gain[best] = True
    return np.flatnonzero(may_gain)
