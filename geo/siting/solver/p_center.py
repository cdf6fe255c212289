"""The p-center problem: least travel of the worst-off demand point to its nearest site."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.siting.model import (
    OPTIMALITY_GAP,
    Constraint,
    Floats,
    Positions,
    Progress,
    Solution,
    TravelMatrix,
)
from geo.siting.solver.conflicts import (
    no_plan_error,
    reachability_of,
    require_reachable,
    time_limit_error,
)
from geo.siting.solver.constraint_matrix import scaled_constraints
from geo.siting.solver.highs import INTEGER_THRESHOLD, MilpModel, SolverResult, solve_milp

INTEGRALITY: Final = 1e-5
"""Values of a relaxation that are within this of integers are a plan."""

EQUAL_COSTS: Final = 1e-12
"""Relative; costs that differ by less are the same."""

INFEASIBLE: Final = ("infeasible", "unbounded")
"""Statuses of infeasible models: with columns from 0 to 1 and no costs none is unbounded."""


def shortest_worst(
    travel_matrix: TravelMatrix,
    constraints: Sequence[Constraint],
    *,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    progress: Progress | None = None,
) -> Solution:
    """Return the feasible sites with the least longest travel: the p-center problem.

    Minimise ``max over j of min(c_j0, min of c_ij over chosen i)`` over demand points j with
    weight (Hakimi 1964): ``c_ij`` is the cost of j to candidate i, ``c_j0`` to its nearest
    existing facility. The optimum is one of the costs, so these are bisected: whether all demand
    points can be reached within a cost is a set covering problem (Minieka 1970), solved first as
    a linear relaxation and then with integers.

    Parameters
    ----------
    travel_matrix : TravelMatrix
        OD costs.
    constraints : sequence of Constraint
        On plans.
    time_limit_s : float
        Seconds after which the best plan so far is returned with its bound.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    progress : callable, optional
        Called with objective, bound and seconds after each question; False stops.

    Returns
    -------
    Solution
        Objective and bound are the longest cost, in the unit of the OD costs; 0 where no demand
        point has weight.

    Raises
    ------
    SitingError
        Some weight can reach nothing, constraints contradict each other, or no plan was found in
        time.

    Examples
    --------
    Three villages along a road, 0, 4 and 6 minutes from its end; one site:

    >>> from geo.siting.model import exactly
    >>> at = np.array([0.0, 4.0, 6.0])
    >>> demand, candidate = np.divmod(np.arange(9), 3)
    >>> travel_matrix = TravelMatrix(np.array([10.0, 20.0, 30.0]), demand, candidate,
    ...                     np.abs(at[demand] - at[candidate]), 3, np.full(3, np.inf))
    >>> solution = shortest_worst(travel_matrix, [exactly(1, [0, 1, 2], zh="一处", en="one site")])
    >>> solution.chosen.tolist(), solution.objective, solution.is_optimal
    ([1], 4.0, True)
    """
    require_reachable(travel_matrix, np.isinf(travel_matrix.before) & (travel_matrix.weight > 0))
    bisection = _Bisection(
        travel_matrix, constraints, seconds=time_limit_s, gap=gap, progress=progress
    )
    return bisection.solve()


@dataclass(frozen=True)
class _Span:
    """Positions in the costs between which the optimum lies, and a plan that attains ``high``."""

    low: int
    high: int
    chosen: Positions


class _Bisection:
    """A bisection over the costs that the optimum may have."""

    def __init__(
        self,
        travel_matrix: TravelMatrix,
        constraints: Sequence[Constraint],
        *,
        seconds: float,
        gap: float,
        progress: Progress | None,
    ) -> None:
        self.travel_matrix, self.constraints = travel_matrix, constraints
        self.started = time.monotonic()
        self.seconds, self.gap, self.progress = seconds, gap, progress
        self.has_weight = travel_matrix.weight > 0
        self.costs = self._candidate_costs()
        self.reported: tuple[float, float] | None = None

    def solve(self) -> Solution:
        """Return the best plan with its bound."""
        result = self._solve_within(len(self.costs) - 1, integral=True)
        if result.values is None:
            everything = [*self.constraints, *self._reachability(len(self.costs) - 1)[0]]
            count = self.travel_matrix.candidate_count
            is_infeasible = result.status in INFEASIBLE
            raise no_plan_error(everything, count) if is_infeasible else time_limit_error()
        span = self._tightened(_Span(0, len(self.costs) - 1, _chosen(result)), 0)
        span = self._bisected(span, integral=False)
        return self._solution(self._bisected(span, integral=True))

    def _candidate_costs(self) -> Floats:
        """Return the distinct costs, from the least that the worst-off point can have."""
        matrix = self.travel_matrix
        best = matrix.before.copy()
        np.minimum.at(best, matrix.demand, matrix.cost)
        farthest = np.zeros(len(matrix.weight))
        np.maximum.at(farthest, matrix.demand, matrix.cost)
        most = np.where(np.isfinite(matrix.before), matrix.before, farthest)
        floor = best[self.has_weight].max(initial=0.0)
        ceiling = most[self.has_weight].max(initial=0.0)
        held = self.has_weight[matrix.demand]
        every = np.concatenate([matrix.cost[held], most[self.has_weight], [floor]])
        costs = np.unique(every[(every >= floor) & (every <= ceiling)])
        apart = np.append(np.diff(costs) > EQUAL_COSTS * costs[1:], True)
        return np.asarray(costs[apart], dtype=np.float64)

    def _solve_within(self, place: int, *, integral: bool) -> SolverResult:
        """Solve for a feasible plan that reaches all demand points within a cost."""
        reach, all_are = self._reachability(place)
        if not all_are:
            return SolverResult("infeasible", None, np.inf, np.inf)
        count = self.travel_matrix.candidate_count
        matrix = scaled_constraints([*self.constraints, *reach], count)
        model = MilpModel(
            np.zeros(count), np.zeros(count), np.ones(count), np.full(count, integral),
            matrix.rows, matrix.lower, matrix.upper,
        )  # fmt: skip
        return solve_milp(
            model, time_limit_s=max(self._left(), 0.0), progress=self._progress(integral)
        )

    def _reachability(self, place: int) -> tuple[list[Constraint], bool]:
        """Return the constraints to reach all points within a cost, and whether each can be."""
        travel_matrix, limit = self.travel_matrix, self.costs[place]
        waiting = self.has_weight & (travel_matrix.before > limit)
        near = (travel_matrix.cost <= limit) & waiting[travel_matrix.demand]
        constraints = reachability_of(travel_matrix.demand[near], travel_matrix.candidate[near])
        return constraints, len(np.unique(travel_matrix.demand[near])) == waiting.sum()

    def _left(self) -> float:
        return self.seconds - (time.monotonic() - self.started)

    def _progress(self, integral: bool) -> Progress | None:
        """Return the callback for HiGHS; it reports the costs so far, not HiGHS's objective."""
        progress = self.progress
        if progress is None or not integral or self.reported is None:
            return None
        objective, bound = self.reported
        return lambda *_: progress(objective, bound, time.monotonic() - self.started)

    def _bisected(self, span: _Span, *, integral: bool) -> _Span:
        """Narrow the span; the relaxation alone can only raise its low end."""
        low, high = span.low, span.high
        while low < high and self._should_continue(span):
            middle = (low + high) // 2
            result = self._solve_within(middle, integral=integral)
            if result.status in INFEASIBLE:
                low = middle + 1
                span = _Span(low, span.high, span.chosen)
            elif result.values is None:
                break
            elif self._is_plan(result):
                span = self._tightened(_Span(low, middle, _chosen(result)), low)
                high = min(span.high, high)
            else:
                high = middle
        return span

    def _should_continue(self, span: _Span) -> bool:
        """Report, and return whether the gap is too wide, time is left, and it is not stopped."""
        objective, bound = self._worst(span.chosen), float(self.costs[span.low])
        self.reported = (objective, bound)
        seconds = time.monotonic() - self.started
        if objective - bound <= max(self.gap, OPTIMALITY_GAP) * objective or self._left() <= 0:
            return False
        return self.progress is None or self.progress(objective, bound, seconds) is not False

    def _is_plan(self, result: SolverResult) -> bool:
        """Return whether the values are integers, up to rounding, and a feasible plan."""
        values = result.values
        if values is None or np.abs(values - np.round(values)).max(initial=0.0) > INTEGRALITY:
            return False
        return all(constraint.holds(_chosen(result)) for constraint in self.constraints)

    def _tightened(self, span: _Span, low: int) -> _Span:
        """Return the span with its high end at the true longest cost of its plan."""
        worst = self._worst(span.chosen)
        high = int(np.searchsorted(self.costs, worst * (1 - EQUAL_COSTS)))
        return _Span(low, min(max(high, low), span.high), span.chosen)

    def _worst(self, chosen: Positions) -> float:
        travel_matrix = self.travel_matrix
        least = travel_matrix.before.copy()
        pairs = np.isin(travel_matrix.candidate, chosen)
        np.minimum.at(least, travel_matrix.demand[pairs], travel_matrix.cost[pairs])
        return float(least[self.has_weight].max(initial=0.0))

    def _solution(self, span: _Span) -> Solution:
        objective = self._worst(span.chosen)
        return Solution(span.chosen, objective, min(float(self.costs[span.low]), objective))


def _chosen(result: SolverResult) -> Positions:
    values = np.zeros(0) if result.values is None else result.values
    return np.flatnonzero(values > INTEGER_THRESHOLD)
