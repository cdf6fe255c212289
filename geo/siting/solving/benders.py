"""The search for the best plan by cuts: first in fractions, then in a tree.

In fractions, cuts are added until none is broken; that bound is mostly within 1% of the best
plan, and rules many candidates out. What is left is branched (``cutting_tree``), with the cuts
so far and new ones: every cut holds for every plan, so that the bound is a proof.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from scipy.sparse import csr_array, vstack

from geo.siting.model import Floats, Positions
from geo.siting.solving.cutting import Cuts, Pieces, Rows, pieces_of, rows_of
from geo.siting.solving.cutting_tree import CuttingTree
from geo.siting.solving.greedy import shaken
from geo.siting.solving.highs import Answer, Model, Relaxation
from geo.siting.solving.placing import entries_of, placed
from geo.siting.solving.relaxing import among, rounded_off, worth_keeping
from geo.siting.solving.standing import Standing
from geo.siting.solving.task import Effort, Found, Task
from geo.siting.solving.whole import SMALL, floor_scale, gain_scale, solve_whole

STEP: Final = 0.2
"""From where cuts were drawn last towards the fractional plan: where they are drawn next."""

TAIL: Final = 1e-5
"""Relative; when the fractional plan holds all but this of its bound, fractions have done."""

NARROWER: Final = 0.8
"""Share of candidates worth keeping at which the search starts anew among them."""

SHAKE_SHARE: Final = 0.2

MOST_WHOLE_PAIRS: Final = 1_000
"""Pairs of classes and candidates up to which a task is solved as one whole model.

Measured, whole against cuts, in seconds: 500 pairs 0.07 to 0.13, 1,600 pairs 0.04 to 0.01,
7,000 pairs 0.11 to 0.02, 70,000 pairs 9.5 to 2.5; what is left of 1,000 x 200 in heaps, some
500 to 900 pairs, two to three times as fast whole.
"""

LOOSE: Final = 1e-3
"""A cut with more room than this at the last fractional point is left out of the tree."""


def solve_by_cuts(task: Task, start: Positions | None, effort: Effort) -> Found:
    """Return the best plan of a concave task.

    Parameters
    ----------
    task : Task
        Whose second coverage gains nowhere more than the first.
    start : numpy.ndarray or None
        An allowed plan.
    effort : Effort
        Time, gap and progress.
    """
    return _Search(task, start, effort).run()


class _Search:
    """One search: what is known so far of cuts, of the best plan and of the bound."""

    def __init__(self, task: Task, start: Positions | None, effort: Effort) -> None:
        self.task, self.standing = task, Standing(task, start, effort)
        self.scale = gain_scale(task)
        self.pieces = pieces_of(task)
        self.model = _without_cuts(task, self.pieces)
        self.fixed_rows = self.model.rows.shape[0]
        self.waiting: list[Rows] = []
        self.last: Answer | None = None

    def run(self) -> Found:
        point = self._in_fractions()
        if point is None or self.standing.is_done:
            return self.standing.found
        for improve in (partial(self._round_off, point), self._shake):
            improve()
            kept = self._worth_keeping()
            if len(kept) <= NARROWER * self.task.candidate_count:
                return among(kept, self.standing, _on)
        if not self.standing.is_done:
            CuttingTree(self.standing, self.pieces, self.model, self.fixed_rows).search()
        return self.standing.found

    def _in_fractions(self) -> Floats | None:
        """Add cuts until none is broken; return the fractional plan, None where there is none."""
        relaxation, standing = Relaxation(self.model), self.standing
        sites, inner = self.task.candidate_count, None
        for x in self._first_points():
            self._add(self.pieces.cuts(x, np.full(len(self.pieces.owner), np.inf)), relaxation)
        while not standing.is_done:
            answer = relaxation.solve(standing.seconds_left)
            if answer.status == "infeasible":
                standing.nothing_is_left()
            if answer.status != "optimal" or answer.values is None:
                return None
            self.last = answer
            standing.bound = min(standing.bound, answer.bound / self.scale)
            x = np.clip(answer.values[:sites], 0.0, 1.0)
            inner = x if inner is None else inner + STEP * (x - inner)
            added = self._add(self.pieces.cuts_between(inner, x, answer.values[sites:]), relaxation)
            added = added or self._add(self.pieces.cuts(x, answer.values[sites:]), relaxation)
            if not added or self._is_tail(x):
                self._keep_tight(answer.values)
                return x
            standing.tell()
        return None

    def _worth_keeping(self) -> Positions:
        best = self.standing.best
        if best is None or self.last is None:
            return np.arange(self.task.candidate_count)
        return worth_keeping(self.task, self.last, best)

    def _is_tail(self, point: Floats) -> bool:
        """Return whether more cuts in fractions would lower the bound by next to nothing."""
        held = self.pieces.values(point)[self.pieces.owner == 0].sum() / self.scale
        held += self.task.per_site * point.sum()
        bound = self.standing.bound
        return bool(not len(self.task.levels) and bound - held <= TAIL * abs(bound))

    def _first_points(self) -> list[Floats]:
        best, nowhere = self.standing.best, np.zeros(self.task.candidate_count)
        if best is None:
            return [nowhere]
        there = nowhere.copy()
        there[best] = 1.0
        return [nowhere, there]

    def _round_off(self, point: Floats) -> None:
        self.standing.learn(rounded_off(point))

    def _shake(self) -> None:
        """Look for a better plan nearby before branching, for a fifth of the time left."""
        best = self.standing.best
        if best is not None and not self.standing.is_done:
            until = time.monotonic() + SHAKE_SHARE * self.standing.seconds_left
            self.standing.learn(shaken(self.task, best, until))

    def _add(self, cuts: Cuts, relaxation: Relaxation) -> bool:
        count = len(cuts.piece)
        if count:
            rows = rows_of(cuts, len(self.pieces.owner))
            self.waiting.append(rows)
            relaxation.add(*rows)
        return count > 0

    def _keep_tight(self, values: Floats) -> None:
        """Put the cuts into the model but those with room at the last fractional point."""
        self.model = _with_rows(self.model, self.waiting)
        self.waiting = []
        room = self.model.row_upper - self.model.rows @ values
        kept = np.flatnonzero((room <= LOOSE) | (np.arange(len(room)) < self.fixed_rows))
        lower, upper = self.model.row_lower[kept], self.model.row_upper[kept]
        rows = csr_array(self.model.rows[kept])
        self.model = replace(self.model, rows=rows, row_lower=lower, row_upper=upper)


def _on(task: Task, start: Positions, effort: Effort) -> Found:
    """Search what is left in the way that suits its size."""
    if task.reach.nnz <= MOST_WHOLE_PAIRS:
        return solve_whole(task, start, effort, SMALL)
    return solve_by_cuts(task, start, effort)


def _without_cuts(task: Task, pieces: Pieces) -> Model:
    sites, count = task.candidate_count, len(pieces.owner)
    rules, scale = task.ruling.scaled(), gain_scale(task)
    floors = len(task.levels)
    of_floor = np.flatnonzero(pieces.owner > 0)
    ruled = len(rules.lower)
    sums = pieces.owner[of_floor] - 1 + ruled, of_floor + sites, np.ones(len(of_floor))
    rows = placed([entries_of(rules.rows), sums], (ruled + floors, sites + count))
    cost = np.r_[np.full(sites, task.per_site * scale), pieces.owner == 0].astype(np.float64)
    upper = np.r_[np.ones(sites), pieces.most]
    lower = np.r_[np.zeros(sites), _least(task, pieces)]
    below = np.r_[rules.lower, floor_scale(task) * task.levels]
    above = np.r_[rules.upper, np.full(floors, np.inf)]
    # Fractions are all that is solved of it; the tree makes them whole.
    continuous = np.zeros(len(cost), dtype=bool)
    return Model(cost, lower, upper, continuous, rows, below, above, True)


def _least(task: Task, pieces: Pieces) -> Floats:
    """Return of each sum what it must be at least for its floor, all others being full."""
    totals = np.asarray(task.floors.sum(axis=1)).ravel()
    spare = floor_scale(task) * (totals - task.levels + task.floor_slack)
    least = pieces.most - np.r_[np.inf, spare][pieces.owner]
    return np.asarray(np.maximum(least, 0.0))


def _with_rows(model: Model, added: Sequence[Rows]) -> Model:
    if not added:
        return model
    rows, below, above = zip(*added, strict=True)
    stacked = vstack([model.rows, *rows], format="csr")
    lower, upper = np.r_[model.row_lower, *below], np.r_[model.row_upper, *above]
    return replace(model, rows=stacked, row_lower=lower, row_upper=upper)
