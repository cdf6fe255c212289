"""The state of a search (incumbent and bound) and the linear relaxation of covering problems.

A relaxation yields a bound, a plan by rounding, and reduced costs by which candidates are ruled
out; the search then continues on the smaller problem.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from geo.siting.model import Floats, Positions
from geo.siting.solver.benders import VIOLATED
from geo.siting.solver.covering_model import (
    MILP_OPTIONS,
    SETTLED,
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

MOST_LP_PAIRS: Final = 4_000
"""Pairs of classes and candidates up to which the relaxation is solved as one model.

Measured, as one model against by cuts: 1,500 pairs 4 to 7 ms, 3,700 pairs 12 to 31 ms.
"""

LP_OPTIONS: Final[HighsOptions] = {"presolve": "off", "simplex_strategy": 4}
"""Primal simplex: its start, nothing covered, is feasible; a third faster than the dual simplex."""

Search = Callable[[CoveringProblem, Positions, SolverLimits], SearchResult]
"""Searches a problem from a feasible plan."""


class SearchState:
    """The incumbent, the best feasible plan so far, and the bound on the gain of any plan.

    Parameters
    ----------
    problem : CoveringProblem
        To be solved.
    incumbent : numpy.ndarray or None
        A feasible plan.
    limits : SolverLimits
        Time, gap and progress.

    Attributes
    ----------
    gain, bound : float
        Gain of the incumbent; no feasible plan gains more than the bound.
    is_infeasible : bool
        Whether it is proven that no plan is feasible.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from geo.siting.solver.constraint_matrix import constraint_matrix
    >>> problem = CoveringProblem(csr_array(np.eye(2)), np.array([3.0, 1.0]), np.zeros(2), 0.0,
    ...                           constraint_matrix(2, []), csr_array((0, 2)), np.zeros(0))
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
        self._started = time.monotonic()

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline, at least 0."""
        return max(self.limits.deadline - time.monotonic(), 0.0)

    @property
    def is_done(self) -> bool:
        """Whether the search is out of time, stopped, or the incumbent is proven optimal."""
        if self.is_infeasible or self.is_stopped or self.seconds_left <= 0:
            return True
        return self.is_pruned(self.bound)

    def is_pruned(self, bound: float) -> bool:
        """Return whether no plan within a bound is better than the incumbent, up to the gap."""
        near = max(self.limits.gap, SETTLED) * max(abs(bound), abs(self.gain))
        return self.incumbent is not None and bound - self.gain <= max(
            near, 0.999 * self.problem.unit
        )

    def offer(self, plan: Positions) -> bool:
        """Improve a feasible plan by exchange; return whether it became the incumbent."""
        if not self.problem.is_feasible(plan):
            return False
        plan = exchange_covering(self.problem, plan, self.limits.deadline)
        gain = self.problem.gain(plan)
        if gain <= self.gain:
            return False
        self.incumbent, self.gain = plan, gain
        return True

    def report(self) -> None:
        """Report incumbent and bound, and stop where the callback returns False."""
        progress = self.limits.progress
        seconds = time.monotonic() - self._started
        if progress is not None and progress(self.gain, self.bound, seconds) is False:
            self.is_stopped = True

    def close(self) -> None:
        """Record that no other plan than the incumbent is feasible and better."""
        self.is_infeasible = self.incumbent is None
        self.bound = self.gain

    @property
    def result(self) -> SearchResult:
        """The result of the search so far."""
        return SearchResult(self.incumbent, max(self.bound, self.gain), self.is_infeasible)


def solve_by_relaxation(
    problem: CoveringProblem, start: Positions | None, limits: SolverLimits
) -> SearchResult:
    """Return the best plan of a concave problem by its linear relaxation.

    The relaxation bounds the gain; rounding gives an incumbent; candidates that reduced costs do
    not rule out are left to a mixed-integer programme.

    Parameters
    ----------
    problem : CoveringProblem
        Second coverage gains nowhere more than first coverage.
    start : numpy.ndarray or None
        A feasible plan.
    limits : SolverLimits
        Time, gap and progress.

    Returns
    -------
    SearchResult
        Best plan and bound, in gain.
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
    kept = candidates_within_gap(problem, result, state.incumbent)
    return search_among(kept, state, partial(solve_as_milp, options=MILP_OPTIONS))


def search_among(kept: Positions, state: SearchState, search: Search) -> SearchResult:
    """Continue a search among some candidates, where fewer classes remain.

    Parameters
    ----------
    kept : numpy.ndarray
        All candidates that a plan better than the incumbent may hold, and those of the
        incumbent.
    state : SearchState
        Of the search among all candidates.
    search : callable
        Called with the smaller problem, the incumbent and the limits.

    Returns
    -------
    SearchResult
        Best plan and bound among all candidates.
    """
    problem = state.problem
    start = np.searchsorted(kept, state.incumbent if state.incumbent is not None else [])
    found = search(restrict_to_candidates(problem, kept), start, state.limits)
    plan = kept[start if found.plan is None else found.plan]
    return SearchResult(plan, max(problem.gain(plan), min(found.bound, state.bound)))


def rounded_plan(point: Floats) -> Positions:
    """Return the plan of the sites with the largest fractional values.

    Parameters
    ----------
    point : numpy.ndarray
        Of each candidate, from 0 to 1.

    Returns
    -------
    numpy.ndarray
        As many positions as the values add up to, rounded.

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
    """Return the candidates that a plan better than the incumbent may hold.

    Reduced cost fixing: a plan with any other candidate has a bound below the incumbent's gain.

    Parameters
    ----------
    problem : CoveringProblem
        Its candidates are the first columns of the model solved.
    result : SolverResult
        Of the linear relaxation.
    incumbent : numpy.ndarray
        A feasible plan.

    Returns
    -------
    numpy.ndarray
        Positions, ascending; those of the incumbent included.
    """
    sites = problem.candidate_count
    if result.reduced_cost is None or result.values is None:
        return np.arange(sites)
    with_it = result.objective - np.abs(result.reduced_cost[:sites])
    may_gain = with_it > problem.gain(incumbent) * gain_scale(problem) - VIOLATED
    may_gain |= result.values[:sites] > VIOLATED
    may_gain[incumbent] = True
    return np.flatnonzero(may_gain)
