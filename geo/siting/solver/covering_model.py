"""The covering model: aggregated demand, constraints and floors; and its mixed-integer programme.

Demand points that the same candidates cover are one class (see
:mod:`geo.siting.solver.presolve`). *Gain* is what a plan adds to the objective; more is better.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array

from geo.siting.model import Flags, Floats, Positions, Progress
from geo.siting.solver.constraint_matrix import ConstraintMatrix
from geo.siting.solver.highs import (
    INTEGER_THRESHOLD,
    HighsOptions,
    MilpModel,
    SolverResult,
    assembled,
    matrix_entries,
    solve_milp,
)

SETTLED: Final = 1e-8
"""Relative; a plan so near HiGHS's bound is optimal within HiGHS's own tolerances."""

FLOOR_SLACK: Final = 1e-9
"""Relative; a covered weight below its floor by no more than rounding is enough."""


@dataclass(frozen=True)
class SolverLimits:
    """Limits of a search: time, gap and progress.

    Attributes
    ----------
    deadline : float
        On the clock of :func:`time.monotonic`.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    progress : callable or None
        Called with gain, bound and seconds; False stops the search.
    """

    deadline: float
    gap: float = 0.0
    progress: Progress | None = None


@dataclass(frozen=True)
class SearchResult:
    """The result of a search.

    Attributes
    ----------
    plan : numpy.ndarray or None
        The best feasible plan that was found.
    bound : float
        No feasible plan gains more.
    is_infeasible : bool
        Whether it is proven that no plan is feasible.
    """

    plan: Positions | None
    bound: float
    is_infeasible: bool = False


@dataclass(frozen=True)
class CoveringProblem:
    """Maximise ``gain(chosen)`` subject to constraints and floors.

    Attributes
    ----------
    reach : scipy.sparse.csr_array
        Classes of demand by candidates: 1 where the candidate covers the class.
    first, second : numpy.ndarray
        Of each class: gain of its first and of its second coverage; not negative.
    per_site : float
        Gain of each site by itself: 0, or -1 where the number of sites is minimised.
    constraint_matrix : ConstraintMatrix
        Over the same candidates.
    floors : scipy.sparse.csr_array
        Floors by classes: weight that counts where the class is covered.
    levels : numpy.ndarray
        Of each floor: least weight that must be covered.
    unit : float
        All gains are multiples of it; 0 where none is known.
    """

    reach: csr_array
    first: Floats
    second: Floats
    per_site: float
    constraint_matrix: ConstraintMatrix
    floors: csr_array
    levels: Floats
    unit: float = 0.0

    @property
    def candidate_count(self) -> int:
        """Number of candidates."""
        return int(self.reach.shape[1])

    @cached_property
    def by_candidate(self) -> csr_array:
        """Candidates by classes."""
        return csr_array(self.reach.T)

    @property
    def is_concave(self) -> bool:
        """Whether no second coverage gains more than the first; Benders cuts need this."""
        return bool((self.first >= self.second).all())

    def counts(self, chosen: Positions) -> Floats:
        """Return how many of the chosen candidates cover each class."""
        x = np.zeros(self.candidate_count)
        x[chosen] = 1.0
        return np.asarray(self.reach @ x, dtype=np.float64)

    def gain(self, chosen: Positions) -> float:
        """Return the gain of a plan, feasible or not."""
        counts = self.counts(chosen)
        covered = self.first[counts > 0].sum() + self.second[counts > 1].sum()
        return float(covered) + self.per_site * len(chosen)

    def is_feasible(self, chosen: Positions) -> bool:
        """Return whether a plan meets all constraints and floors."""
        return self.constraint_matrix.holds(chosen) and self.meets_floors(self.counts(chosen))

    def meets_floors(self, counts: Floats) -> bool:
        """Return whether all floors are met, given how often each class is covered."""
        covered = self.floors @ (counts > 0).astype(np.float64)
        return bool((covered >= self.levels - self.floor_slack).all())

    @property
    def floor_slack(self) -> Floats:
        """Of each floor: weight that may be missing by rounding."""
        return np.asarray(FLOOR_SLACK * np.maximum(1.0, np.abs(self.levels)))

    @cached_property
    def must_cover(self) -> Flags:
        """Of each class: whether some floor cannot be met without it."""
        spare = np.asarray(self.floors.sum(axis=1)).ravel() - self.levels + self.floor_slack
        floors = coo_array(self.floors)
        must = np.zeros(len(self.first), dtype=bool)
        floor, of_class = floors.coords
        must[of_class[floors.data > spare[floor]]] = True
        return must

    @property
    def absolute_gap(self) -> float:
        """Absolute gap for HiGHS: less than one step of the gain.

        0 where sites are counted: HiGHS detects by itself that the objective is an integer, and
        with a gap reports a bound of one site too few.
        """
        return 0.0 if self.per_site else 0.999 * self.unit

    def most_gain(self) -> float:
        """Return the gain of covering every class twice, a trivial bound."""
        sites = self.per_site * (0 if self.per_site < 0 else self.candidate_count)
        return float(self.first.sum() + self.second.sum()) + sites

    def without(self, chosen: Positions) -> CoveringProblem:
        """Return the problem with one plan excluded."""
        return replace(self, constraint_matrix=self.constraint_matrix.without(chosen))


MOST_WHOLE_PAIRS: Final = 1_000
"""Pairs of classes and candidates up to which a problem is solved as one MIP by HiGHS.

Measured, one MIP against cuts, in seconds: 500 pairs 0.07 to 0.13, 1,600 pairs 0.04 to 0.01,
7,000 pairs 0.11 to 0.02, 70,000 pairs 9.5 to 2.5; what is left of clustered 1,000 x 200, some
500 to 900 pairs, is two to three times as fast as one MIP.
"""

MILP_OPTIONS: Final[HighsOptions] = {
    "presolve": "off",
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
}
"""For a small problem with a good incumbent: HiGHS's own heuristics take most of its time.

Measured on reduced problems of 1,000 x 200, 50 to 900 pairs: 0.8 to 10.7 ms against 3.4 to 15.0.
"""


def covering_milp(problem: CoveringProblem) -> MilpModel:
    """Return the mixed-integer programme of a covering problem.

    Columns: ``x_i`` of each candidate, ``y_j`` (covered) of each class, ``u_j`` (covered twice) of
    each class with a gain of second coverage. Maximal covering maximises ``sum(w_j * y_j)`` with
    ``y_j <= sum of x_i`` over the candidates i that cover j (Church and ReVelle 1974); set covering
    requires ``y_j = 1`` (Toregas and others 1971); backup coverage adds ``u_j <= y_j`` and
    ``y_j + u_j <= sum of x_i`` (Hogan and ReVelle 1986, BACOP2).

    Parameters
    ----------
    problem : CoveringProblem
        Classes, constraints and floors.

    Returns
    -------
    MilpModel
        Gains times :func:`gain_scale`. Only x is integer where gains are concave: y and u are
        then integer in any optimum.
    """
    twice = np.flatnonzero(problem.second > 0)
    sites, count, pairs = problem.candidate_count, len(problem.first), len(twice)
    constraints, floors = problem.constraint_matrix.scaled(), floor_scale(problem)
    y, u, second = np.arange(count), np.arange(pairs) + sites + count, np.arange(pairs) + count
    of_floor, of_class, weights = matrix_entries(problem.floors)
    ruled, last = count + pairs, count + pairs + len(constraints.lower)
    parts = [
        matrix_entries(problem.reach),
        (y, y + sites, np.full(count, -1.0)),
        (twice, u, np.full(pairs, -1.0)),
        (second, twice + sites, np.ones(pairs)),
        (second, u, np.full(pairs, -1.0)),
        matrix_entries(constraints.rows, below=ruled),
        (of_floor + last, of_class + sites, weights * floors[of_floor]),
    ]
    rows = assembled(parts, (last + len(floors), sites + count + pairs))
    below = [np.zeros(count + pairs), constraints.lower, floors * problem.levels]
    above = [np.full(count + pairs, np.inf), constraints.upper, np.full(len(floors), np.inf)]
    integral = np.ones(sites + count + pairs, dtype=bool)
    integral[sites:] = not problem.is_concave
    scale = gain_scale(problem)
    cost = np.r_[np.full(sites, problem.per_site), problem.first, problem.second[twice]] * scale
    lower = np.r_[np.zeros(sites), problem.must_cover, np.zeros(pairs)]
    return MilpModel(
        cost,
        lower,
        np.ones(len(cost)),
        integral,
        rows,
        np.concatenate(below),
        np.concatenate(above),
        True,
    )


def gain_scale(problem: CoveringProblem) -> float:
    """Return the power of two that scales the sum of all gains near 10,000, for HiGHS."""
    total = float(problem.first.sum() + problem.second.sum())
    return 1.0 if problem.per_site or total <= 0 else float(2.0 ** np.round(np.log2(1e4 / total)))


def floor_scale(problem: CoveringProblem) -> Floats:
    """Return the power of two that scales the sum of each floor's weights near 10,000."""
    totals = np.asarray(problem.floors.sum(axis=1)).ravel()
    return np.asarray(2.0 ** np.round(np.log2(1e4 / np.where(totals > 0, totals, 1e4))))


def solve_as_milp(
    problem: CoveringProblem,
    start: Positions | None,
    limits: SolverLimits,
    options: HighsOptions | None = None,
) -> SearchResult:
    """Return the best plan of a problem, found by HiGHS on :func:`covering_milp`.

    Parameters
    ----------
    problem : CoveringProblem
        To be solved.
    start : numpy.ndarray or None
        A feasible plan.
    limits : SolverLimits
        Time, gap and progress.
    options : dict, optional
        Further options of HiGHS by name.

    Returns
    -------
    SearchResult
        Best plan and bound, in gain.
    """
    best, scale = start, gain_scale(problem)
    bound = problem.most_gain()
    while time.monotonic() < limits.deadline:
        result = _solve_milp(problem, best, limits, options)
        if result.status == "infeasible":
            if best is None:
                return SearchResult(None, -np.inf, is_infeasible=True)
            return SearchResult(best, problem.gain(best))
        bound = min(bound, result.bound / scale)
        if result.values is None:
            return SearchResult(best, bound)
        plan = np.flatnonzero(result.values[: problem.candidate_count] > INTEGER_THRESHOLD)
        if problem.is_feasible(plan):
            better = best is None or problem.gain(plan) >= problem.gain(best)
            return SearchResult(plan if better else best, bound)
        if result.status != "optimal":
            return SearchResult(best, bound)
        # Feasible within HiGHS's tolerance only, so this plan is excluded and the search repeated.
        problem = problem.without(plan)
    return SearchResult(best, bound)


def _solve_milp(
    problem: CoveringProblem,
    start: Positions | None,
    limits: SolverLimits,
    options: HighsOptions | None,
) -> SolverResult:
    model, scale = covering_milp(problem), gain_scale(problem)
    return solve_milp(
        model,
        time_limit_s=limits.deadline - time.monotonic(),
        gap=limits.gap,
        absolute_gap=problem.absolute_gap * scale,
        start=None if start is None else _point(problem, start),
        progress=None if limits.progress is None else unscaled(limits.progress, scale),
        options=options,
    )


def _point(problem: CoveringProblem, chosen: Positions) -> Floats:
    counts, twice = problem.counts(chosen), np.flatnonzero(problem.second > 0)
    x = np.zeros(problem.candidate_count)
    x[chosen] = 1.0
    point: Floats = np.r_[x, counts > 0, counts[twice] > 1].astype(np.float64)
    return point


def unscaled(progress: Progress, scale: float) -> Progress:
    """Return a callback that takes scaled gains from HiGHS and reports them unscaled."""
    return lambda gain, bound, seconds: progress(gain / scale, bound / scale, seconds)
