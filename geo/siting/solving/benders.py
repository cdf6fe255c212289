"""The search for the best plan by cuts: first in fractions, then in whole numbers.

HiGHS takes no cut while it branches, so the search goes in rounds. In fractions, cuts are added
until none is broken; that bound is mostly within 1% of the best plan. Then HiGHS solves the
whole-number model with the cuts so far, whose bound is a proof because every cut holds for
every plan; what the plan it found really covers gives new cuts, until plan and bound meet.
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
from geo.siting.solving.cutting import Cuts, Pieces, pieces_of
from geo.siting.solving.greedy import shaken
from geo.siting.solving.highs import Answer, Model, Relaxation, solve
from geo.siting.solving.placing import entries_of, placed
from geo.siting.solving.reducing import of_candidates
from geo.siting.solving.relaxing import better, is_settled, rounded_off, worth_keeping
from geo.siting.solving.task import CHOSEN, Effort, Found, Task
from geo.siting.solving.whole import SMALL, floor_scale, gain_scale, solve_whole, unscaled

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
"""A cut with more room than this at the last fractional point is left out of whole numbers."""


Rows = tuple[csr_array, Floats, Floats]
"""Rows of a model, with their lower and upper bounds."""


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
        self.task, self.effort, self.best = task, effort, start
        self.gain = -np.inf if start is None else task.gain(start)
        self.bound, self.began = task.most_gain(), time.monotonic()
        self.scale = gain_scale(task)
        self.pieces = pieces_of(task)
        self.model = _without_cuts(task, self.pieces)
        self.waiting: list[Rows] = []
        self.tried: set[bytes] = set()
        self.last: Answer | None = None
        self.is_infeasible = self.is_stopped = False

    def run(self) -> Found:
        point = self._in_fractions()
        if point is not None and not self._is_done():
            for improve in (partial(self._round_off, point), self._shake):
                improve()
                kept = self._worth_keeping()
                if len(kept) <= NARROWER * self.task.candidate_count:
                    return self._among(kept)
            while not self._is_done() and self._in_whole_numbers():
                pass
        return Found(self.best, max(self.bound, self.gain), self.is_infeasible)

    def _in_fractions(self) -> Floats | None:
        """Add cuts until none is broken; return the fractional plan, None where there is none."""
        relaxation = Relaxation(self.model)
        sites, inner = self.task.candidate_count, None
        for x in self._first_points():
            self._add(self.pieces.cuts(x, np.full(len(self.pieces.owner), np.inf)), relaxation)
        while not self._is_done():
            answer = relaxation.solve(self.effort.until - time.monotonic())
            if answer.status == "infeasible":
                self._nothing_is_left()
            if answer.status != "optimal" or answer.values is None:
                return None
            self.last = answer
            self.bound = min(self.bound, answer.bound / self.scale)
            x = np.clip(answer.values[:sites], 0.0, 1.0)
            inner = x if inner is None else inner + STEP * (x - inner)
            added = self._add(self.pieces.cuts_between(inner, x, answer.values[sites:]), relaxation)
            added = added or self._add(self.pieces.cuts(x, answer.values[sites:]), relaxation)
            if not added or self._is_tail(x):
                self._keep_tight(answer.values)
                return x
            self._tell()
        return None

    def _worth_keeping(self) -> Positions:
        if self.best is None or self.last is None:
            return np.arange(self.task.candidate_count)
        return worth_keeping(self.task, self.last, self.best)

    def _among(self, kept: Positions) -> Found:
        """Search on among some candidates, where more demand is alike and all goes faster."""
        start = np.searchsorted(kept, self.best if self.best is not None else [])
        task = of_candidates(self.task, kept)
        if task.reach.nnz <= MOST_WHOLE_PAIRS:
            found = solve_whole(task, start, self.effort, SMALL)
        else:
            found = solve_by_cuts(task, start, self.effort)
        plan = start if found.plan is None else found.plan
        gain = self.task.gain(kept[plan])
        return Found(kept[plan], max(gain, min(found.bound, self.bound)))

    def _is_tail(self, point: Floats) -> bool:
        """Return whether more cuts in fractions would lower the bound by next to nothing."""
        held = self.pieces.values(point)[self.pieces.owner == 0].sum() / self.scale
        held += self.task.per_site * point.sum()
        return bool(not len(self.task.levels) and self.bound - held <= TAIL * abs(self.bound))

    def _first_points(self) -> list[Floats]:
        nowhere = np.zeros(self.task.candidate_count)
        return [nowhere] if self.best is None else [nowhere, self._as_point(self.best)]

    def _in_whole_numbers(self) -> bool:
        """Solve with the cuts so far and learn from the plan found; return whether to go on."""
        answer = self._whole_answer()
        if answer.status == "infeasible":
            self._nothing_is_left()
            return False
        self.bound = min(self.bound, answer.bound / self.scale)
        if answer.values is None:
            return False
        sites = self.task.candidate_count
        plan = np.flatnonzero(answer.values[:sites] > CHOSEN)
        is_new = self._add(self.pieces.cuts(self._as_point(plan), answer.values[sites:]))
        self._learn(plan)
        self._tell()
        if answer.status != "optimal" or self._is_done():
            return False
        # What cuts do not part from its sums is held by HiGHS's tolerance only. Its gain is known.
        is_again = plan.tobytes() in self.tried
        self.tried.add(plan.tobytes())
        if is_again or (not is_new and not self.task.is_allowed(plan)):
            self._forbid(plan)
            return True
        return is_new

    def _whole_answer(self) -> Answer:
        self._take_up()
        start = None
        if self.best is not None:
            x = self._as_point(self.best)
            start = np.r_[x, self.pieces.values(x)]
        progress = None if self.effort.progress is None else self._told_inside
        return solve(
            self.model,
            time_limit_s=self.effort.until - time.monotonic(),
            gap=self.effort.gap,
            absolute_gap=self.task.absolute_gap * self.scale,
            start=start,
            progress=None if progress is None else unscaled(progress, self.scale),
            options={"mip_allow_restart": False},
        )

    def _learn(self, plan: Positions) -> None:
        """Take a plan as the best when it is allowed and gains more; try exchanges from it."""
        found = better(self.task, self.best, plan, self.effort)
        if found is not None and found is not self.best:
            self.best, self.gain = found, self.task.gain(found)
            x = self._as_point(found)
            self._add(self.pieces.cuts(x, np.full(len(self.pieces.owner), np.inf)))

    def _round_off(self, point: Floats) -> None:
        self._learn(rounded_off(point))

    def _shake(self) -> None:
        """Look for a better plan nearby before whole numbers, for a fifth of the time left."""
        now = time.monotonic()
        if self.best is not None and not self._is_done():
            until = now + SHAKE_SHARE * (self.effort.until - now)
            self._learn(shaken(self.task, self.best, until))

    def _add(self, cuts: Cuts, relaxation: Relaxation | None = None) -> bool:
        count = len(cuts.piece)
        if count:
            rows = _rows_of(cuts, len(self.pieces.owner))
            below = np.full(count, -np.inf)
            self.waiting.append((rows, below, cuts.constant))
            if relaxation is not None:
                relaxation.add(rows, below, cuts.constant)
        return count > 0

    def _take_up(self) -> None:
        """Put the rows that wait into the model, all at once."""
        self.model = _with_rows(self.model, self.waiting)
        self.waiting = []

    def _keep_tight(self, values: Floats) -> None:
        """Leave out the cuts that have room at the last fractional point; they may come again."""
        self._take_up()
        room = self.model.row_upper - self.model.rows @ values
        fixed = len(self.task.levels) + len(self.task.ruling.lower)
        kept = np.flatnonzero((room <= LOOSE) | (np.arange(len(room)) < fixed))
        lower, upper = self.model.row_lower[kept], self.model.row_upper[kept]
        rows = csr_array(self.model.rows[kept])
        self.model = replace(self.model, rows=rows, row_lower=lower, row_upper=upper)

    def _forbid(self, plan: Positions) -> None:
        """Forbid a plan that has been judged: others bound what is left."""
        row = np.zeros((1, len(self.model.cost)))
        row[0, : self.task.candidate_count] = 1.0
        row[0, plan] = -1.0
        low, high = np.array([1.0 - len(plan)]), np.array([np.inf])
        self.waiting.append((csr_array(row), low, high))

    def _nothing_is_left(self) -> None:
        self.is_infeasible = self.best is None
        self.bound = self.gain

    def _as_point(self, plan: Positions) -> Floats:
        x = np.zeros(self.task.candidate_count)
        x[plan] = 1.0
        return x

    def _is_done(self) -> bool:
        if self.is_infeasible or self.is_stopped or time.monotonic() > self.effort.until:
            return True
        if self.best is None:
            return False
        return is_settled(self.task, self.effort, self.bound, self.gain)

    def _tell(self) -> None:
        progress = self.effort.progress
        seconds = time.monotonic() - self.began
        if progress is not None and progress(self.gain, self.bound, seconds) is False:
            self.is_stopped = True

    def _told_inside(self, _: float, bound: float, __: float) -> bool:
        """Tell of the best plan so far while HiGHS branches; its own counts cuts not yet made."""
        self.bound = min(self.bound, bound)
        self._tell()
        return not self.is_stopped


def _rows_of(cuts: Cuts, sums: int) -> csr_array:
    """Return cuts as rows of the model, each with its own sum behind its candidates."""
    slope, count = cuts.slope, len(cuts.piece)
    ends, sites = slope.indptr[1:], slope.shape[1]
    data = np.insert(-slope.data, ends, 1.0)
    columns = np.insert(slope.indices, ends, sites + cuts.piece)
    indptr = slope.indptr + np.arange(count + 1)
    return csr_array((data, columns, indptr), shape=(count, sites + sums))


def _without_cuts(task: Task, pieces: Pieces) -> Model:
    sites, count = task.candidate_count, len(pieces.owner)
    rules, scale = task.ruling.scaled(), gain_scale(task)
    floors = len(task.levels)
    of_floor = np.flatnonzero(pieces.owner > 0)
    ruled = len(rules.lower)
    sums = pieces.owner[of_floor] - 1 + ruled, of_floor + sites, np.ones(len(of_floor))
    rows = placed([entries_of(rules.rows), sums], (ruled + floors, sites + count))
    cost = np.r_[np.full(sites, task.per_site * scale), pieces.owner == 0].astype(np.float64)
    whole = np.arange(len(cost)) < sites
    upper = np.r_[np.ones(sites), pieces.most]
    lower = np.r_[np.zeros(sites), _least(task, pieces)]
    below = np.r_[rules.lower, floor_scale(task) * task.levels]
    above = np.r_[rules.upper, np.full(floors, np.inf)]
    return Model(cost, lower, upper, whole, rows, below, above, True)


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
