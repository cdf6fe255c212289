"""The best plan of a task: made smaller, started from a good plan, searched in the faster way."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from geo.siting.model import Positions
from geo.siting.solving.benders import MOST_WHOLE_PAIRS, solve_by_cuts
from geo.siting.solving.greedy import exchanged, greedy_plan
from geo.siting.solving.reducing import kept_candidates, of_candidates
from geo.siting.solving.relaxing import MOST_PAIRS, solve_by_relaxing
from geo.siting.solving.task import Effort, Found, Task
from geo.siting.solving.whole import solve_whole

START_SHARE: Final = 0.2
"""Of the time there is: how long exchanging sites may take before the search."""


def best_plan(task: Task, start: Positions | None, effort: Effort) -> Found:
    """Return the best plan of a task with its bound.

    Parameters
    ----------
    task : Task
        To be solved.
    start : numpy.ndarray or None
        A plan to start from; taken when it is allowed.
    effort : Effort
        Time, gap and progress.
    """
    kept = kept_candidates(task)
    small = of_candidates(task, kept)
    now = time.monotonic()
    begin = _start(small, kept, start, now + START_SHARE * max(effort.until - now, 0.0))
    whole = not small.is_concave or small.reach.nnz <= MOST_WHOLE_PAIRS
    whole = whole or bool(len(small.levels) and small.must_cover.all())
    search = solve_by_relaxing if small.reach.nnz <= MOST_PAIRS else solve_by_cuts
    found = (solve_whole if whole else search)(small, begin, effort)
    plan = None if found.plan is None else kept[found.plan]
    return Found(plan, found.bound, found.is_infeasible)


def _start(task: Task, kept: Positions, start: Positions | None, until: float) -> Positions | None:
    plans = [greedy_plan(task, until)]
    if start is not None and np.isin(start, kept).all():
        given = np.searchsorted(kept, np.sort(start))
        if task.is_allowed(given):
            plans.append(exchanged(task, given, until))
    allowed = [plan for plan in plans if plan is not None]
    return max(allowed, key=task.gain, default=None)
