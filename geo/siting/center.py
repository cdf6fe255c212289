"""P-centre: the sites from which the worst-off demand point has the least way."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.siting.model import OPTIMALITY_GAP, Floats, Journeys, Positions, Rule, Solution
from geo.siting.solving.assigning import reached_by, refuse_unreachable
from geo.siting.solving.highs import Answer, Model, Progress, solve
from geo.siting.solving.keeping import HALF, kept
from geo.siting.solving.refusing import no_plan, too_late

WHOLE: Final = 1e-5
"""Values of a relaxation that are nearer to whole numbers than this are a plan."""

ALIKE: Final = 1e-12
"""Relative; costs that are nearer to each other count as the same limit."""

NONE: Final = ("infeasible", "unbounded")
"""Of a model of columns from 0 to 1 without costs, "unbounded or infeasible" is infeasible."""


def shortest_worst(
    journeys: Journeys,
    rules: Sequence[Rule],
    *,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    progress: Progress | None = None,
) -> Solution:
    """Return the sites within the rules that make the worst cost of any demand point least.

    Each demand point with weight goes to the nearest of its existing facilities and the chosen
    sites; how much weight it has does not matter (Hakimi 1964). The answer is one of the costs,
    so these are bisected: whether all can be reached within one is a set-covering question
    (Minieka 1970), put first without whole numbers and then with them.

    Parameters
    ----------
    journeys : Journeys
        What it costs whom to reach which candidate.
    rules : sequence of Rule
        All must be kept.
    time_limit_s : float
        Seconds, after which the best plan so far is returned with its bound.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    progress : callable, optional
        Called with objective, bound and seconds after each question; False stops.

    Returns
    -------
    Solution
        ``objective`` is the worst cost, in the unit of the journeys; 0 where nobody has weight.

    Raises
    ------
    SitingError
        Some weight can reach nothing, the rules contradict each other, or time was up before
        any plan was found.

    Examples
    --------
    Three villages along a road, 0, 4 and 6 minutes from its end; one site:

    >>> from geo.siting.model import exactly
    >>> at = np.array([0.0, 4.0, 6.0])
    >>> demand, candidate = np.divmod(np.arange(9), 3)
    >>> journeys = Journeys(np.array([10.0, 20.0, 30.0]), demand, candidate,
    ...                     np.abs(at[demand] - at[candidate]), 3, np.full(3, np.inf))
    >>> solution = shortest_worst(journeys, [exactly(1, [0, 1, 2], zh="一处", en="one site")])
    >>> solution.chosen.tolist(), solution.objective, solution.is_optimal
    ([1], 4.0, True)
    """
    refuse_unreachable(journeys, np.isinf(journeys.before) & (journeys.weight > 0))
    question = _Question(journeys, rules, seconds=time_limit_s, gap=gap, progress=progress)
    return question.answered()


@dataclass(frozen=True)
class _Span:
    """Positions in the costs: the answer is from ``low`` to ``high``; a plan that reaches it."""

    low: int
    high: int
    chosen: Positions


class _Question:
    """One bisection: the costs that may be the answer, and the clock."""

    def __init__(
        self,
        journeys: Journeys,
        rules: Sequence[Rule],
        *,
        seconds: float,
        gap: float,
        progress: Progress | None,
    ) -> None:
        self.journeys, self.rules, self.begun = journeys, rules, time.monotonic()
        self.seconds, self.gap, self.progress = seconds, gap, progress
        self.has_weight = journeys.weight > 0
        self.costs = self._possible()
        self.told: tuple[float, float] | None = None

    def answered(self) -> Solution:
        """Return the best plan with its bound."""
        whole = self._ask(len(self.costs) - 1, whole=True)
        if whole.values is None:
            everything = [*self.rules, *self._reached(len(self.costs) - 1)[0]]
            count = self.journeys.candidate_count
            raise no_plan(everything, count) if whole.status in NONE else too_late()
        span = self._closer(_Span(0, len(self.costs) - 1, _chosen(whole)), 0)
        span = self._bisected(span, whole=False)
        return self._solution(self._bisected(span, whole=True))

    def _possible(self) -> Floats:
        """Return the distinct costs, from the least that the worst-off can hope for."""
        journeys, count = self.journeys, len(self.journeys.weight)
        best = journeys.before.copy()
        np.minimum.at(best, journeys.demand, journeys.cost)
        farthest = np.zeros(count)
        np.maximum.at(farthest, journeys.demand, journeys.cost)
        most = np.where(np.isfinite(journeys.before), journeys.before, farthest)
        floor = best[self.has_weight].max(initial=0.0)
        ceiling = most[self.has_weight].max(initial=0.0)
        held = self.has_weight[journeys.demand]
        every = np.concatenate([journeys.cost[held], most[self.has_weight], [floor]])
        costs = np.unique(every[(every >= floor) & (every <= ceiling)])
        apart = np.append(np.diff(costs) > ALIKE * costs[1:], True)
        return np.asarray(costs[apart], dtype=np.float64)

    def _ask(self, place: int, *, whole: bool) -> Answer:
        """Ask for a plan within the rules from which all are reached at a cost."""
        reach, all_are = self._reached(place)
        if not all_are:
            return Answer("infeasible", None, np.inf, np.inf)
        count = self.journeys.candidate_count
        keeping = kept([*self.rules, *reach], count)
        model = Model(
            np.zeros(count), np.zeros(count), np.ones(count), np.full(count, whole),
            keeping.rows, keeping.lower, keeping.upper,
        )  # fmt: skip
        return solve(model, time_limit_s=max(self._left(), 0.0), progress=self._heard(whole))

    def _reached(self, place: int) -> tuple[list[Rule], bool]:
        """Return the rules that all are reached at a cost, and whether all can be at all."""
        journeys, limit = self.journeys, self.costs[place]
        waiting = self.has_weight & (journeys.before > limit)
        near = (journeys.cost <= limit) & waiting[journeys.demand]
        rules = reached_by(journeys.demand[near], journeys.candidate[near])
        return rules, len(np.unique(journeys.demand[near])) == waiting.sum()

    def _left(self) -> float:
        return self.seconds - (time.monotonic() - self.begun)

    def _heard(self, whole: bool) -> Progress | None:
        """Return what HiGHS calls: with the costs known so far, not those of its own model."""
        progress = self.progress
        if progress is None or not whole or self.told is None:
            return None
        objective, bound = self.told
        return lambda *_: progress(objective, bound, time.monotonic() - self.begun)

    def _bisected(self, span: _Span, *, whole: bool) -> _Span:
        """Narrow the span; without whole numbers only its low end can be raised for sure."""
        low, high = span.low, span.high
        while low < high and self._goes_on(span):
            middle = (low + high) // 2
            answer = self._ask(middle, whole=whole)
            if answer.status in NONE:
                low = middle + 1
                span = _Span(low, span.high, span.chosen)
            elif answer.values is None:
                break
            elif self._keeps(answer):
                span = self._closer(_Span(low, middle, _chosen(answer)), low)
                high = min(span.high, high)
            else:
                high = middle
        return span

    def _goes_on(self, span: _Span) -> bool:
        """Return whether the span is wider than asked for, in time, and not told to stop."""
        objective, bound = self._worst(span.chosen), float(self.costs[span.low])
        self.told = (objective, bound)
        seconds = time.monotonic() - self.begun
        if objective - bound <= max(self.gap, OPTIMALITY_GAP) * objective or self._left() <= 0:
            return False
        return self.progress is None or self.progress(objective, bound, seconds) is not False

    def _keeps(self, answer: Answer) -> bool:
        """Return whether values are whole, or nearly, and so a plan."""
        values = answer.values
        if values is None or np.abs(values - np.round(values)).max(initial=0.0) > WHOLE:
            return False
        return all(rule.holds(_chosen(answer)) for rule in self.rules)

    def _closer(self, span: _Span, low: int) -> _Span:
        """Return the span with its high end where the plan's worst cost really lies."""
        worst = self._worst(span.chosen)
        high = int(np.searchsorted(self.costs, worst * (1 - ALIKE)))
        return _Span(low, min(max(high, low), span.high), span.chosen)

    def _worst(self, chosen: Positions) -> float:
        journeys = self.journeys
        least = journeys.before.copy()
        pairs = np.isin(journeys.candidate, chosen)
        np.minimum.at(least, journeys.demand[pairs], journeys.cost[pairs])
        return float(least[self.has_weight].max(initial=0.0))

    def _solution(self, span: _Span) -> Solution:
        objective = self._worst(span.chosen)
        return Solution(span.chosen, objective, min(float(self.costs[span.low]), objective))


def _chosen(answer: Answer) -> Positions:
    values = np.zeros(0) if answer.values is None else answer.values
    return np.flatnonzero(values > HALF)
