"""A good plan in little time, from which the search for the best one starts.

The site that adds most is taken, again and again; then single sites are exchanged while that
gains. It proves nothing and answers no question by itself.
"""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from geo.siting.model import Floats, Positions
from geo.siting.solving.task import Task

MOST_PASSES: Final = 30
"""Rounds of exchange over all chosen sites; it mostly ends by itself after three or four."""

SHAKES: Final = 120
PATIENCE: Final = 30
"""Shakes in vain after which it is over."""

FEWEST_SHAKEN: Final = 3
SEED: Final = 430503

BETTER: Final = 1e-9
"""Relative; less is rounding, and exchanging for it would never end."""


def greedy_plan(task: Task, until: float) -> Positions | None:
    """Return an allowed plan found by adding sites and exchanging them, or None.

    Parameters
    ----------
    task : Task
        With rules and floors, which the plan keeps.
    until : float
        By :func:`time.monotonic`; exchanging stops then.

    Examples
    --------
    Two sites of three, where the first alone reaches most:

    >>> from scipy.sparse import csr_array
    >>> from geo.siting.model import exactly
    >>> from geo.siting.solving.ruling import ruling
    >>> rules = ruling(3, [exactly(2, [0, 1, 2], zh="", en="")])
    >>> none = csr_array((0, 3))
    >>> task = Task(csr_array(np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0]])), np.array([5., 4., 2.]),
    ...             np.zeros(3), 0.0, rules, none, np.zeros(0))
    >>> greedy_plan(task, np.inf).tolist()
    [0, 1]
    """
    chosen = _added(task, [])
    if chosen is None:
        return None
    if task.is_allowed(chosen):
        chosen = exchanged(task, chosen, until)
    return chosen if task.is_allowed(chosen) else None


def _added(task: Task, given: list[int]) -> Positions | None:
    """Add sites: first what mends broken rules, of equals what gains most; None when stuck."""
    chosen = list(given)
    plan = np.array(chosen, dtype=np.int64)
    sums, counts = task.ruling.sums(plan), task.counts(plan)
    for _ in range(task.candidate_count):
        rules_hold = not task.ruling.broken(sums).any()
        gains = _gains(task, counts)
        if rules_hold:
            if gains.max(initial=0.0) <= 0:
                break
            gains[~task.ruling.may_add(sums)] = -np.inf
            gains[chosen] = -np.inf
            best = int(np.argmax(gains)) if len(gains) else -1
            if best < 0 or gains[best] <= 0:
                break
        else:
            worse = task.ruling.more_broken(sums)
            worse[chosen] = np.inf
            best = int(np.lexsort((-gains, worse.round(9)))[0])
            if worse[best] >= 0:
                return None
        chosen.append(best)
        sums = sums + _column(task, best)
        counts[_classes_of(task, best)] += 1
    return np.sort(np.array(chosen, dtype=np.int64))


def shaken(task: Task, plan: Positions, until: float) -> Positions:
    """Return an allowed plan no worse than the given one, parts of it built anew many times.

    Some sites are left out at random, with the same seed each time, others added greedily and
    exchanged; the best plan is kept (Lourenço, Martin and Stützle 2003, "Iterated local
    search").

    Parameters
    ----------
    task : Task
        Its rules and floors hold for ``plan`` and for the plan returned.
    plan : numpy.ndarray
        Positions of candidates.
    until : float
        By :func:`time.monotonic`.
    """
    random, gain = np.random.default_rng(SEED), task.gain(plan)
    in_vain = 0
    for _ in range(SHAKES):
        if time.monotonic() > until or len(plan) < FEWEST_SHAKEN or in_vain >= PATIENCE:
            break
        in_vain += 1
        left_out = random.choice(plan, max(2, len(plan) // 5), replace=False)
        anew = _added(task, [int(site) for site in np.setdiff1d(plan, left_out)])
        if anew is not None and task.is_allowed(anew):
            anew = exchanged(task, anew, until)
            if task.gain(anew) > gain:
                plan, gain, in_vain = anew, task.gain(anew), 0
    return plan


def _column(task: Task, candidate: int) -> Floats:
    columns = task.ruling.columns
    part = slice(columns.indptr[candidate], columns.indptr[candidate + 1])
    column = np.zeros(columns.shape[0])
    column[columns.indices[part]] = columns.data[part]
    return column


def _classes_of(task: Task, candidate: int) -> Positions:
    reach = task.by_candidate
    return np.asarray(reach.indices[reach.indptr[candidate] : reach.indptr[candidate + 1]])


def _gains(task: Task, counts: Floats) -> Floats:
    """Return what each candidate would add: gain, or weight of floors that are not yet met."""
    worth = np.where(counts == 0, task.first, np.where(counts == 1, task.second, 0.0))
    if len(task.levels):
        short = task.floors @ (counts > 0) < task.levels - task.floor_slack
        missing = np.asarray(task.floors.T @ short.astype(np.float64))
        needed = np.where(counts == 0, missing, 0.0)
        worth = needed if needed.any() else worth
    gains = np.asarray(task.by_candidate @ worth, dtype=np.float64)
    return gains if task.per_site == 0 or len(task.levels) else gains + task.per_site


def exchanged(task: Task, chosen: Positions, until: float) -> Positions:
    """Return an allowed plan no worse than the given one, single sites exchanged while it gains.

    Parameters
    ----------
    task : Task
        Its rules and floors hold for ``chosen`` and for the plan returned.
    chosen : numpy.ndarray
        Positions of candidates.
    until : float
        By :func:`time.monotonic`.
    """
    plan, counts = list(chosen), task.counts(chosen)
    sums = task.ruling.sums(chosen)
    if task.per_site < 0:
        return _thinned(task, plan, counts, sums)
    for _ in range(MOST_PASSES):
        gained = False
        for place, site in enumerate(plan):
            if time.monotonic() > until:
                return np.sort(np.array(plan, dtype=np.int64))
            counts[_classes_of(task, site)] -= 1
            left = sums - _column(task, site)
            other = _best_instead(task, site, plan, counts, left)
            plan[place] = other
            gained = gained or other != site
            counts[_classes_of(task, other)] += 1
            sums = left + _column(task, other)
        if not gained:
            break
    return np.sort(np.array(plan, dtype=np.int64))


def _best_instead(task: Task, site: int, plan: list[int], counts: Floats, left: Floats) -> int:
    worth = np.where(counts == 0, task.first, np.where(counts == 1, task.second, 0.0))
    gains = np.asarray(task.by_candidate @ worth, dtype=np.float64)
    least = gains[site] + BETTER * max(1.0, abs(float(gains[site])))
    gains[~task.ruling.may_add(left)] = -np.inf
    gains[[other for other in plan if other != site]] = -np.inf
    best = int(np.argmax(gains))
    if gains[best] <= least:
        return site
    if len(task.levels):
        after = counts.copy()
        after[_classes_of(task, best)] += 1
        if not task.meets_floors(after):
            return site
    return best


def _thinned(task: Task, plan: list[int], counts: Floats, sums: Floats) -> Positions:
    """Leave out sites that no rule and no floor needs, those that reach least weight first."""
    worth = np.asarray(task.floors.sum(axis=0)).ravel()
    reached = task.by_candidate @ worth
    for site in sorted(plan, key=lambda site: float(reached[site])):
        after, left = counts.copy(), sums - _column(task, site)
        after[_classes_of(task, site)] -= 1
        if task.meets_floors(after) and not task.ruling.broken(left).any():
            plan, counts, sums = [other for other in plan if other != site], after, left
    return np.sort(np.array(plan, dtype=np.int64))
