"""Where a search stands: the best plan so far, the bound, and whether to go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from geo.siting.model import Floats, Positions
from geo.siting.solver.benders import VIOLATED
from geo.siting.solver.covering_model import (
    MILP_OPTIONS,
    CoveringProblem,
    SearchResult,
    SolverLimits,
    covering_milp,
    gain_scale,
    solve_as_milp,
)
from geo.siting.solver.heuristics import exchange_covering
from geo.siting.solver.highs import HighsOptions, SolverResult, solve_milp
from geo.siting.solver.presolve import restrict_to_candidates

SETTLED: Final = 1e-8
"""Relative; a plan this near HiGHS's bound is the best within HiGHS's own tolerances."""


class SearchState:
    """The best plan so far and the bound on all others.

    Parameters
    ----------
    problem : CoveringProblem
        To be solved.
    incumbent : numpy.ndarray or None
        An allowed plan.
    limits : SolverLimits
        Time, gap and progress.

    Attributes
    ----------
    gain, bound : float
        Of the best plan; no allowed plan gains more than the bound.
    is_infeasible : bool
        Whether it is proven that no plan is allowed.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from geo.siting.solver.constraint_matrix import constraint_matrix
    >>> problem = CoveringProblem(csr_array(np.eye(2)), np.array([3.0, 1.0]), np.zeros(2), 0.0, constraint_matrix(2, []),
    ...             csr_array((0, 2)), np.zeros(0))
    >>> state = SearchState(problem, None, SolverLimits(deadline=np.inf))
    >>> state.offer(np.array([0])), state.gain, state.bound
    (True, 3.0, 4.0)
    """

    def __init__(
        self, problem: CoveringProblem, incumbent: Positions | None, limits: SolverLimits
    ) -> None:
        self.problem, self.limits, self.incumbent = problem, limits, incumbent
        self.gain = -np.inf if incumbent is None else problem.gain(incumbent)
        self.bound = problem.most_gain()
        self.is_infeasible = self.is_stopped = False
        self._began = time.monotonic()

    @property
    def seconds_left(self) -> float:
        """Of the time there is; 0 where it is over."""
        return max(self.limits.deadline - time.monotonic(), 0.0)

    @property
    def is_done(self) -> bool:
        """Whether time is over, whether it was stopped, or whether the best plan is proven."""
        if self.is_infeasible or self.is_stopped or self.seconds_left <= 0:
            return True
        return self.is_pruned(self.bound)

    def is_pruned(self, bound: float) -> bool:
        """Return whether plans below a bound are none that is looked for."""
        near = max(self.limits.gap, SETTLED) * max(abs(bound), abs(self.gain))
        return self.incumbent is not None and bound - self.gain <= max(
            near, 0.999 * self.problem.unit
        )

    def offer(self, plan: Positions) -> bool:
        """Exchange sites of a plan; return whether it is the best now, being allowed."""
        if not self.problem.is_feasible(plan):
            return False
        plan = exchange_covering(self.problem, plan, self.limits.deadline)
        gain = self.problem.gain(plan)
        if gain <= self.gain:
            return False
        self.incumbent, self.gain = plan, gain
        return True

    def report(self) -> None:
        """Tell the progress, and stop where it says so."""
        progress = self.limits.progress
        seconds = time.monotonic() - self._began
        if progress is not None and progress(self.gain, self.bound, seconds) is False:
            self.is_stopped = True

    def close(self) -> None:
        """Take note that there is no plan but the best so far."""
        self.is_infeasible = self.incumbent is None
        self.bound = self.gain

    @property
    def result(self) -> SearchResult:
        """What there is to say."""
        return SearchResult(self.incumbent, max(self.bound, self.gain), self.is_infeasible)


MOST_LP_PAIRS: Final = 4_000
"""Pairs of classes and candidates up to which fractions are solved as one model.

Measured, at once against by cuts: 1,500 pairs 4 to 7 ms, 3,700 pairs 12 to 31 ms.
"""


LP_OPTIONS: Final[HighsOptions] = {"presolve": "off", "simplex_strategy": 4}
"""A model that starts from nothing covered is feasible: a third faster than the dual simplex."""

Search = Callable[[CoveringProblem, Positions, SolverLimits], SearchResult]
"""A way of searching a task from an allowed plan."""


def solve_by_relaxation(
    problem: CoveringProblem, start: Positions | None, limits: SolverLimits
) -> SearchResult:
    """Return the best plan of a concave task, tried as fractions and proven in whole numbers.

    Parameters
    ----------
    problem : CoveringProblem
        Whose second coverage gains nowhere more than the first.
    start : numpy.ndarray or None
        An allowed plan.
    limits : SolverLimits
        Time, gap and progress.
    """
    state = SearchState(problem, start, limits)
    result = solve_milp(
        covering_milp(problem).relaxed, time_limit_s=state.seconds_left, options=LP_OPTIONS
    )
    if result.status != "optimal" or result.values is None:
        return solve_as_milp(problem, start, limits)
    state.bound = result.bound / gain_scale(problem)
    state.report()
    state.offer(rounded_plan(result.values[: problem.candidate_count]))
    if state.is_done:
        return state.result
    if state.incumbent is None:
        return solve_as_milp(problem, None, limits)
    return search_among(candidates_within_gap(problem, result, state.incumbent), state, _whole)


def _whole(problem: CoveringProblem, start: Positions, limits: SolverLimits) -> SearchResult:
    return solve_as_milp(problem, start, limits, MILP_OPTIONS)


def search_among(kept: Positions, state: SearchState, search: Search) -> SearchResult:
    """Search on among some candidates, where more demand is alike and all goes faster.

    Parameters
    ----------
    kept : numpy.ndarray
        All candidates that a plan better than the best so far may hold, and those of the best.
    state : SearchState
        Of the search among all.
    search : callable
        Given the task over those kept, the best plan and the effort.
    """
    problem = state.problem
    start = np.searchsorted(kept, state.incumbent if state.incumbent is not None else [])
    found = search(restrict_to_candidates(problem, kept), start, state.limits)
    plan = kept[start if found.plan is None else found.plan]
    return SearchResult(plan, max(problem.gain(plan), min(found.bound, state.bound)))


def rounded_plan(point: Floats) -> Positions:
    """Return the plan of the sites that a fractional plan holds most of.

    Examples
    --------
    >>> rounded_plan(np.array([0.5, 0.0, 0.6, 0.9])).tolist()
    [2, 3]
    """
    order = np.argsort(-point, kind="stable")
    return np.sort(order[: round(float(point.sum()))])


def candidates_within_gap(
    problem: CoveringProblem, result: SolverResult, incumbent: Positions
) -> Positions:
    """Return the candidates that a plan better than the best so far may hold.

    By its reduced cost, taking any other one would bring the bound below that plan's gain.

    Parameters
    ----------
    problem : CoveringProblem
        Whose candidates are the first columns of the model answered.
    result : geo.siting.solver.highs.SolverResult
        In fractions.
    incumbent : numpy.ndarray
        An allowed plan.
    """
    sites = problem.candidate_count
    if result.reduced_cost is None or result.values is None:
        return np.arange(sites)
    with_it = result.objective - np.abs(result.reduced_cost[:sites])
    may_gain = with_it > problem.gain(incumbent) * gain_scale(problem) - VIOLATED
    may_gain |= result.values[:sites] > VIOLATED
    may_gain[incumbent] = True
    return np.flatnonzero(may_gain)
