"""Maximal covering, set covering and backup coverage, solved with a proven bound.

Of equally good plans, which one is returned is not specified; the same instance gets the same
plan as long as it is solved within the time limit.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.core.errors import NoPlanInTimeError, SitingError
from geo.core.sentences import Sentences
from geo.siting.model import (
    Constraint,
    CoverageFloor,
    Covering,
    Floats,
    Positions,
    Progress,
    Solution,
)
from geo.siting.solver.branch_and_cut import best_plan
from geo.siting.solver.conflicts import conflict_error, minimal_conflict
from geo.siting.solver.covering_model import (
    FLOOR_SLACK,
    SETTLED,
    CoveringProblem,
    SearchResult,
    SolverLimits,
)
from geo.siting.solver.presolve import covering_problem

TEXT: Final = Sentences("geo.siting")

INTEGRALITY: Final = 1e-6
"""Rounding error of a bound that is an integer."""


def most_covered(
    covering: Covering,
    constraints: Sequence[Constraint],
    *,
    floors: Sequence[CoverageFloor] = (),
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    start: npt.ArrayLike | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Return the sites that newly cover most weight: the maximal covering location problem.

    Maximise ``sum(w_j * y_j)`` subject to ``y_j <= sum of x_i`` over the candidates i that cover
    demand point j (Church and ReVelle 1974, "The maximal covering location problem"): ``w_j`` is
    the weight of j, ``y_j`` whether it is covered, ``x_i`` whether candidate i is chosen.

    Parameters
    ----------
    covering : Covering
        Demand that ``before`` covers already gains nothing, but counts for floors.
    constraints : sequence of Constraint
        On plans; the number of sites is one of them.
    floors : sequence of CoverageFloor
        Groups of which a least weight must be covered.
    time_limit_s : float
        Seconds; after them the best plan found is returned with its bound.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    start : array_like, optional
        Positions of a plan to start from; not used where it is infeasible.
    progress : callable, optional
        Called now and then with objective (minus infinite while no plan is known), bound and
        seconds; False ends the search.

    Returns
    -------
    Solution
        Objective and bound in newly covered weight (persons or schools).

    Raises
    ------
    geo.core.errors.SitingError
        Constraints or floors contradict each other, or no plan was found in time.

    Examples
    --------
    Two of three sites; the middle one reaches most but overlaps with both:

    >>> from geo.siting.model import exactly
    >>> covering = Covering(np.array([3.0, 2.0, 3.0]), np.array([0, 0, 1, 2, 2]),
    ...                     np.array([0, 1, 1, 1, 2]), 3, np.array([0, 0, 0]))
    >>> constraint = exactly(1, [0, 1, 2], zh="共 1 处", en="1 site in all")
    >>> solution = most_covered(covering, [constraint])
    >>> solution.chosen.tolist(), solution.objective, solution.is_optimal
    ([1], 8.0, True)
    """
    request = CoverageRequest(covering, constraints, floors, time_limit_s, gap, start, progress)
    weight = np.where(covering.before == 0, covering.weight, 0.0)
    nothing = np.zeros(len(weight))
    limits = limits_of(request, 1.0)
    problem = covering_problem(
        covering, constraints, floors, first=weight, second=nothing, unit=_unit(weight)
    )
    chosen, result = solve_request(request, problem, limits)
    objective = float(weight[_coverage_counts(covering, chosen) > 0].sum())
    return _solution(chosen, objective, result.bound, problem.unit)


def fewest_sites(
    covering: Covering,
    constraints: Sequence[Constraint],
    *,
    share: float = 1.0,
    floors: Sequence[CoverageFloor] = (),
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    start: npt.ArrayLike | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Return the fewest new sites that together with ``before`` cover a share of all weight.

    Minimise ``sum(x_i)`` subject to ``sum(w_j * y_j) >= share * sum(w_j)``: the location set
    covering problem (Toregas and others 1971, "The location of emergency service facilities"),
    for a share below 1 in its partial form. Demand without weight need not be covered.

    Parameters
    ----------
    covering, constraints, floors, time_limit_s, gap, start, progress
        As in :func:`most_covered`; progress gets numbers of sites.
    share : float
        From 0 to 1, of the weight of all demand points.

    Returns
    -------
    Solution
        Objective and bound in new sites.

    Raises
    ------
    geo.core.errors.SitingError
        Candidates cannot reach the share, constraints or floors contradict it or each other, or no
        plan was found in time.
    ValueError
        The share is not from 0 to 1.

    Examples
    --------
    >>> covering = Covering(np.array([3.0, 2.0, 3.0]), np.array([0, 0, 1, 2]),
    ...                     np.array([0, 1, 1, 2]), 3, np.array([0, 0, 0]))
    >>> fewest_sites(covering, []).chosen.tolist()
    [1, 2]
    >>> fewest_sites(covering, [], share=0.6).objective
    1.0
    """
    if not 0 <= share <= 1:
        raise ValueError("the share must lie from 0 to 1")
    _check_reach(covering, share)
    everybody = _share_floor(covering, share)
    floors = (*floors, everybody) if everybody.covered_weight > 0 else tuple(floors)
    request = CoverageRequest(covering, constraints, floors, time_limit_s, gap, start, progress)
    nothing = np.zeros(covering.demand_count)
    limits = limits_of(request, -1.0)
    problem = covering_problem(
        covering, constraints, floors, first=nothing, second=nothing, per_site=-1.0, unit=1.0
    )
    chosen, result = solve_request(request, problem, limits)
    bound = min(float(np.ceil(-result.bound - INTEGRALITY)), float(len(chosen)))
    return Solution(chosen, float(len(chosen)), max(bound, 0.0))


def backup_covered(
    covering: Covering,
    constraints: Sequence[Constraint],
    *,
    theta: float,
    floors: Sequence[CoverageFloor] = (),
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    start: npt.ArrayLike | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Return the sites that gain most first and second coverage, weighted against each other.

    Maximise ``theta * sum(w_j * y_j) + (1 - theta) * sum(w_j * u_j)``, with ``y_j`` for demand
    covered at least once, ``u_j`` at least twice (Hogan and ReVelle 1986, "Concepts and
    applications of backup coverage", BACOP2). Facilities in ``before`` count: demand that one of
    them covers can gain its second coverage only, demand that two cover gains nothing.

    Parameters
    ----------
    covering, constraints, floors, time_limit_s, gap, start, progress
        As in :func:`most_covered`.
    theta : float
        From 0 to 1: weight of first coverage; below 0.5 a second coverage is worth more
        than a first one.

    Returns
    -------
    Solution
        Objective and bound in weighted weight that is newly covered once or twice.

    Raises
    ------
    geo.core.errors.SitingError
        Constraints or floors contradict each other, or no plan was found in time.
    ValueError
        Theta is not from 0 to 1.

    Examples
    --------
    >>> from geo.siting.model import exactly
    >>> covering = Covering(np.array([4.0, 1.0]), np.array([0, 0, 1]), np.array([0, 1, 2]), 3,
    ...                     np.array([0, 0]))
    >>> constraint = exactly(2, [0, 1, 2], zh="共 2 处", en="2 sites in all")
    >>> backup_covered(covering, [constraint], theta=0.6).chosen.tolist()
    [0, 1]
    >>> backup_covered(covering, [constraint], theta=0.9).objective
    4.5
    """
    if not 0 <= theta <= 1:
        raise ValueError("theta must lie from 0 to 1")
    request = CoverageRequest(covering, constraints, floors, time_limit_s, gap, start, progress)
    first, second = _backup_gains(covering, theta)
    limits = limits_of(request, 1.0)
    problem = covering_problem(covering, constraints, floors, first=first, second=second)
    chosen, result = solve_request(request, problem, limits)
    coverage_counts = _coverage_counts(covering, chosen)
    objective = float(first[coverage_counts > 0].sum() + second[coverage_counts > 1].sum())
    return _solution(chosen, objective, result.bound, 0.0)


def _backup_gains(covering: Covering, theta: float) -> tuple[Floats, Floats]:
    """Return the gain of the first and of the second new site at each demand point."""
    before, weight = covering.before, covering.weight
    backup = (1 - theta) * weight
    first = np.where(before == 0, theta * weight, np.where(before == 1, backup, 0.0))
    return first, np.where(before == 0, backup, 0.0)


def _coverage_counts(covering: Covering, chosen: Positions) -> Positions:
    """Return how many of the chosen candidates cover each demand point."""
    is_chosen = np.zeros(covering.candidate_count, dtype=bool)
    is_chosen[chosen] = True
    covered = covering.demand[is_chosen[covering.candidate]]
    return np.bincount(covered, minlength=covering.demand_count)


def _unit(weight: Floats) -> float:
    """Return the greatest common divisor of the weights, 0 where they are not all integers."""
    if (weight != np.floor(weight)).any() or weight.sum() >= 2**53:
        return 0.0
    return float(np.gcd.reduce(np.unique(weight).astype(np.int64)))


def _solution(chosen: Positions, objective: float, bound: float, unit: float) -> Solution:
    """Return a solution, its bound rounded down to the next possible objective."""
    if unit > 0:
        bound = float(np.floor(bound / unit * (1 + 1e-12) + INTEGRALITY)) * unit
    if bound - objective <= SETTLED * abs(objective):
        bound = objective
    return Solution(np.sort(chosen), objective, bound)


def _share_floor(covering: Covering, share: float) -> CoverageFloor:
    return CoverageFloor(
        **TEXT.both("at_least_covered", share=100 * share),
        demand=np.arange(covering.demand_count),
        covered_weight=share * float(covering.weight.sum()),
    )


def _check_reach(covering: Covering, share: float) -> None:
    reached = covering.before > 0
    reached[covering.demand] = True
    total = float(covering.weight.sum())
    out_of_reach = float(covering.weight[~reached].sum())
    if share * total <= (total - out_of_reach) + FLOOR_SLACK * max(1.0, total):
        return
    most = np.floor(1e4 * (total - out_of_reach) / total) / 100
    raise SitingError(**TEXT.both("coverage_out_of_reach", out_of_reach=out_of_reach, most=most))


@dataclass(frozen=True)
class CoverageRequest:
    """A covering instance with its limits, as :func:`most_covered` takes them."""

    covering: Covering
    constraints: Sequence[Constraint]
    floors: Sequence[CoverageFloor]
    time_limit_s: float
    gap: float
    start: npt.ArrayLike | None
    progress: Progress | None


def limits_of(request: CoverageRequest, sign: float) -> SolverLimits:
    """Return the limits of a search that starts now.

    Parameters
    ----------
    request : CoverageRequest
        With the time limit in seconds.
    sign : float
        -1 where the number of sites is minimised, since its gain is negative.

    Returns
    -------
    SolverLimits
        Its progress reports objectives with their sign, and the seconds since now.
    """
    started, progress = time.monotonic(), request.progress
    if progress is None:
        return SolverLimits(started + request.time_limit_s, request.gap)

    def reported(gain: float, bound: float, _: float) -> bool | None:
        return progress(sign * gain, sign * bound, time.monotonic() - started)

    return SolverLimits(started + request.time_limit_s, request.gap, reported)


def solve_request(
    request: CoverageRequest, problem: CoveringProblem, limits: SolverLimits
) -> tuple[Positions, SearchResult]:
    """Return the best plan of a request, with the result of the search.

    Parameters
    ----------
    request : CoverageRequest
        The request.
    problem : CoveringProblem
        The same, aggregated.
    limits : SolverLimits
        Time, gap and progress.

    Returns
    -------
    plan : numpy.ndarray
        Positions of candidates.
    result : SearchResult
        With the bound, in gain.

    Raises
    ------
    geo.core.errors.SitingError
        Constraints or floors contradict each other; the message names them.
    geo.core.errors.NoPlanInTimeError
        No plan was found in time.
    """
    start = None if request.start is None else np.unique(np.asarray(request.start, dtype=np.int64))
    result = best_plan(problem, start, limits)
    if result.plan is not None:
        return result.plan, result
    if result.is_infeasible:
        covering, constraints, floors = request.covering, request.constraints, request.floors
        parts = minimal_conflict(
            covering.candidate_count, constraints, covering=covering, floors=floors
        )
        raise conflict_error(parts or (*constraints, *floors))
    raise NoPlanInTimeError(
        **TEXT.both("no_plan_was_found_within", time_limit_s=request.time_limit_s)
    )
