"""A covering task as one whole-number model, with a column for each class: small tasks."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from geo.siting.model import Floats, Positions
from geo.siting.solving.highs import Answer, Model, Options, Progress, solve
from geo.siting.solving.placing import entries_of, placed
from geo.siting.solving.task import CHOSEN, Effort, Found, Task

SMALL: Final[Options] = {
    "presolve": "off",
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
}
"""For a small task that has a good start: HiGHS's own search for one takes most of its time.

Measured on what is left of 1,000 x 200, 50 to 900 pairs: 0.8 to 10.7 ms beside 3.4 to 15.0.
"""


def whole_model(task: Task) -> Model:
    """Return the model: x of each candidate, y (covered) and u (covered twice) of each class.

    Maximal covering is max sum(w y) with y_j <= sum of x_i over i that reach j (Church and
    ReVelle 1974); the set covering of Toregas (1971) asks for y = 1; backup coverage adds
    u_j <= y_j and y_j + u_j <= sum of x_i (Hogan and ReVelle 1986, BACOP2). Only x must be
    whole where gains are concave: y and u then are by themselves.
    """
    twice = np.flatnonzero(task.second > 0)
    sites, count, pairs = task.candidate_count, len(task.first), len(twice)
    rules, floors = task.ruling.scaled(), floor_scale(task)
    y, u, second = np.arange(count), np.arange(pairs) + sites + count, np.arange(pairs) + count
    of_floor, of_class, weights = entries_of(task.floors)
    ruled, last = count + pairs, count + pairs + len(rules.lower)
    parts = [
        entries_of(task.reach),
        (y, y + sites, np.full(count, -1.0)),
        (twice, u, np.full(pairs, -1.0)),
        (second, twice + sites, np.ones(pairs)),
        (second, u, np.full(pairs, -1.0)),
        entries_of(rules.rows, below=ruled),
        (of_floor + last, of_class + sites, weights * floors[of_floor]),
    ]
    rows = placed(parts, (last + len(floors), sites + count + pairs))
    below = [np.zeros(count + pairs), rules.lower, floors * task.levels]
    above = [np.full(count + pairs, np.inf), rules.upper, np.full(len(floors), np.inf)]
    whole = np.ones(sites + count + pairs, dtype=bool)
    whole[sites:] = not task.is_concave
    scale = gain_scale(task)
    cost = np.r_[np.full(sites, task.per_site), task.first, task.second[twice]] * scale
    lower = np.r_[np.zeros(sites), task.must_cover, np.zeros(pairs)]
    return Model(
        cost,
        lower,
        np.ones(len(cost)),
        whole,
        rows,
        np.concatenate(below),
        np.concatenate(above),
        True,
    )


def gain_scale(task: Task) -> float:
    """Return the power of two that brings all gains together near 10,000 for HiGHS."""
    total = float(task.first.sum() + task.second.sum())
    return 1.0 if task.per_site or total <= 0 else float(2.0 ** np.round(np.log2(1e4 / total)))


def floor_scale(task: Task) -> Floats:
    """Return the same power of two for each floor's weights."""
    totals = np.asarray(task.floors.sum(axis=1)).ravel()
    return np.asarray(2.0 ** np.round(np.log2(1e4 / np.where(totals > 0, totals, 1e4))))


def solve_whole(
    task: Task, start: Positions | None, effort: Effort, options: Options | None = None
) -> Found:
    """Return the best plan of a task, found by HiGHS in one model.

    Parameters
    ----------
    task : Task
        To be solved.
    start : numpy.ndarray or None
        An allowed plan.
    effort : Effort
        Time, gap and progress.
    options : dict, optional
        Further options of HiGHS by name.
    """
    best, scale = start, gain_scale(task)
    bound = task.most_gain()
    while time.monotonic() < effort.until:
        answer = _answer(task, best, effort, options)
        if answer.status == "infeasible":
            if best is None:
                return Found(None, -np.inf, is_infeasible=True)
            return Found(best, task.gain(best))
        bound = min(bound, answer.bound / scale)
        if answer.values is None:
            return Found(best, bound)
        plan = np.flatnonzero(answer.values[: task.candidate_count] > CHOSEN)
        if task.is_allowed(plan):
            better = best is None or task.gain(plan) >= task.gain(best)
            return Found(plan if better else best, bound)
        if answer.status != "optimal":
            return Found(best, bound)
        # Allowed within HiGHS's tolerance only: forbid this very plan and look again.
        task = task.without(plan)
    return Found(best, bound)


def _answer(task: Task, start: Positions | None, effort: Effort, options: Options | None) -> Answer:
    model, scale = whole_model(task), gain_scale(task)
    return solve(
        model,
        time_limit_s=effort.until - time.monotonic(),
        gap=effort.gap,
        absolute_gap=task.absolute_gap * scale,
        start=None if start is None else _point(task, start),
        progress=None if effort.progress is None else unscaled(effort.progress, scale),
        options=options,
    )


def _point(task: Task, chosen: Positions) -> Floats:
    counts, twice = task.counts(chosen), np.flatnonzero(task.second > 0)
    x = np.zeros(task.candidate_count)
    x[chosen] = 1.0
    point: Floats = np.r_[x, counts > 0, counts[twice] > 1].astype(np.float64)
    return point


def unscaled(progress: Progress, scale: float) -> Progress:
    """Return a progress that takes gains as HiGHS reckons them, scaled."""
    return lambda gain, bound, seconds: progress(gain / scale, bound / scale, seconds)
