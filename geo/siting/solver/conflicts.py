"""Conflicts: minimal sets of demands that contradict each other, and the errors that name them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from geo.core.errors import SitingError
from geo.core.sentences import Sentences, Words
from geo.siting.model import (
    Constraint,
    CoverageFloor,
    Covering,
    Flags,
    Floats,
    Positions,
    TravelMatrix,
)
from geo.siting.solver.branch_and_cut import best_plan
from geo.siting.solver.constraint_matrix import ConstraintMatrix
from geo.siting.solver.covering_model import CoveringProblem, SolverLimits
from geo.siting.solver.heuristics import greedy_covering
from geo.siting.solver.presolve import covering_problem

TEXT: Final = Sentences("geo.siting")

TIME_LIMIT_S: Final = 20.0


def minimal_conflict(
    candidate_count: int,
    constraints: Sequence[Constraint],
    *,
    covering: Covering | None = None,
    floors: Sequence[CoverageFloor] = (),
    time_limit_s: float = TIME_LIMIT_S,
) -> tuple[Constraint | CoverageFloor, ...]:
    """Return a minimal set of constraints and floors that contradict each other.

    Halves of the demands are tried in turn and left out where the rest still contradicts
    (Junker 2004, "QuickXplain"); each trial solves whether any plan is feasible. Of several
    conflicts one is returned, the same each time.

    Parameters
    ----------
    candidate_count : int
        Number of candidates.
    constraints : sequence of Constraint
        Over the candidates.
    covering : Covering, optional
        Covering instance; floors need it.
    floors : sequence of CoverageFloor
        Least covered weights.
    time_limit_s : float
        Seconds. What cannot be tried in time is kept: the result still contradicts, but may not
        be minimal.

    Returns
    -------
    tuple of Constraint or CoverageFloor
        In the order given, constraints first; of those with the same clause, which are one
        demand, the first. Empty where there is no conflict, or where none was proven in time.

    Raises
    ------
    ValueError
        There are floors and no ``covering``.

    Examples
    --------
    >>> from geo.siting.model import at_most, exactly
    >>> constraints = [exactly(2, [0, 1, 2], zh="共 2 处", en="2 sites"),
    ...          at_most(0, [2], zh="不选丙", en="not C"),
    ...          at_most(1, [0, 1], zh="甲乙不同选", en="not both A and B"),
    ...          exactly(1, [0], zh="必选甲", en="A for certain")]
    >>> [constraint.en for constraint in minimal_conflict(3, constraints)]
    ['2 sites', 'not C', 'not both A and B']
    """
    if floors and covering is None:
        raise ValueError("floors need the covering that they are about")
    problem = _feasibility(candidate_count, constraints, covering, floors)
    demands: list[Constraint | CoverageFloor] = [*constraints, *floors]
    clauses = _clauses(demands)
    trial = _ConflictTrial(problem, len(constraints), clauses, time.monotonic() + time_limit_s)
    everything = list(range(len(clauses)))
    if not trial.contradicts(everything):
        return ()
    return tuple(demands[clauses[at][0]] for at in sorted(_fewest(trial, [], False, everything)))


def _clauses(demands: Sequence[Constraint | CoverageFloor]) -> list[list[int]]:
    """Return the positions of demands by clause: a least distance is one demand, not a thousand."""
    found: dict[tuple[str, str], list[int]] = {}
    for at, part in enumerate(demands):
        found.setdefault((part.zh, part.en), []).append(at)
    return list(found.values())


def conflict_error(parts: Sequence[Constraint | CoverageFloor]) -> SitingError:
    """Return the error that names demands which contradict each other.

    Parameters
    ----------
    parts : sequence of Constraint or CoverageFloor
        The demands.

    Returns
    -------
    SitingError
        With their clauses.

    Examples
    --------
    >>> from geo.siting.model import exactly
    >>> constraints = [exactly(2, [0], zh="共 2 处", en="2 sites in all")]
    >>> conflict_error(constraints).message("en")
    'This cannot be met: 2 sites in all.'
    """
    zh, en = "；".join(part.zh for part in parts), "; ".join(part.en for part in parts)
    if len(parts) == 1:
        return SitingError(**TEXT.both("this_cannot_be_met", what=Words(zh, en)))
    return SitingError(**TEXT.both("these_cannot_hold_together", what=Words(zh, en)))


def _fewest(
    trial: _ConflictTrial, given: list[int], is_new: bool, candidates: list[int]
) -> list[int]:
    """Return a minimal part of the candidates that contradicts together with given demands.

    Given demands and candidates contradict together; the given ones by themselves are tried only
    where they are new.
    """
    if is_new and trial.contradicts(given):
        return []
    if len(candidates) == 1:
        return candidates
    middle = len(candidates) // 2
    one, other = candidates[:middle], candidates[middle:]
    of_other = _fewest(trial, given + one, True, other)
    of_one = _fewest(trial, given + of_other, bool(of_other), one)
    return of_one + of_other


class _ConflictTrial:
    """Trials whether some of the demands contradict, within a time for all trials."""

    def __init__(
        self,
        problem: CoveringProblem,
        constraint_count: int,
        clauses: list[list[int]],
        deadline: float,
    ) -> None:
        self.problem, self.constraint_count, self.deadline = problem, constraint_count, deadline
        self.clauses = clauses

    def contradicts(self, numbers: list[int]) -> bool:
        """Return whether it is proven that some demands contradict."""
        if time.monotonic() > self.deadline:
            return False
        chosen = np.array([at for one in numbers for at in self.clauses[one]], dtype=np.int64)
        constraints = chosen[chosen < self.constraint_count]
        floors = chosen[chosen >= self.constraint_count] - self.constraint_count
        problem = _restricted_to_demands(self.problem, constraints, floors)
        if greedy_covering(problem, self.deadline) is not None:
            return False
        return best_plan(problem, None, SolverLimits(self.deadline)).is_infeasible


def _restricted_to_demands(
    problem: CoveringProblem, constraints: Positions, floors: Positions
) -> CoveringProblem:
    whole = problem.constraint_matrix
    some = ConstraintMatrix(
        csr_array(whole.rows[constraints]), whole.lower[constraints], whole.upper[constraints]
    )
    levels: Floats = problem.levels[floors]
    return replace(
        problem, constraint_matrix=some, floors=csr_array(problem.floors[floors]), levels=levels
    )


def _feasibility(
    candidate_count: int,
    constraints: Sequence[Constraint],
    covering: Covering | None,
    floors: Sequence[CoverageFloor],
) -> CoveringProblem:
    """Return the feasibility problem, in which every plan gains 0."""
    if covering is None:
        none = np.zeros(0, dtype=np.int64)
        covering = Covering(np.zeros(0), none, none, candidate_count, none)
    nothing = np.zeros(covering.demand_count)
    return covering_problem(covering, constraints, floors, first=nothing, second=nothing)


def no_plan_error(constraints: Sequence[Constraint], candidate_count: int) -> SitingError:
    """Return the error that names a minimal set of constraints which no plan meets.

    Parameters
    ----------
    constraints : sequence of Constraint
        Without a feasible plan.
    candidate_count : int
        Number of candidates.

    Returns
    -------
    SitingError
        With the clauses of a minimal conflict, or of all constraints where none was found.

    Examples
    --------
    >>> from geo.siting.model import at_most, exactly
    >>> constraints = [exactly(1, [0], zh="必选甲", en="A for certain"),
    ...          at_most(1, [1], zh="至多选乙", en="at most B"),
    ...          at_most(0, [0, 1], zh="都不选", en="none of them")]
    >>> no_plan_error(constraints, 2).message("en")
    'No plan can meet all of these: A for certain; none of them. Relax one of them.'
    """
    clash = minimal_conflict(candidate_count, constraints) or tuple(constraints)
    zh = "；".join(dict.fromkeys(constraint.zh for constraint in clash))
    en = "; ".join(dict.fromkeys(constraint.en for constraint in clash))
    return SitingError(**TEXT.both("no_plan_meets_all", what=Words(zh, en)))


def time_limit_error() -> SitingError:
    """Return the error that no plan was found within the time limit.

    Examples
    --------
    >>> time_limit_error().message("en")
    'No plan that keeps the rules was found in time: allow more time or relax a rule.'
    """
    return SitingError(**TEXT.both("no_plan_found_in_time"))


def reachability_constraints(travel_matrix: TravelMatrix) -> list[Constraint]:
    """Return the constraints that every demand point without a facility reaches a site.

    Parameters
    ----------
    travel_matrix : TravelMatrix
        OD costs.

    Returns
    -------
    list of Constraint
        One for each distinct set of candidates.

    Raises
    ------
    SitingError
        Some weight has neither a facility nor a candidate within the cut-off.

    Examples
    --------
    >>> travel_matrix = TravelMatrix(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
    ...                     np.array([3.0, 1.0]), 2, np.array([np.inf]))
    >>> reachability_constraints(travel_matrix)[0].lower
    1.0
    """
    waiting = np.isinf(travel_matrix.before) & (travel_matrix.weight > 0)
    require_reachable(travel_matrix, waiting)
    held = waiting[travel_matrix.demand]
    return reachability_of(travel_matrix.demand[held], travel_matrix.candidate[held])


def require_reachable(travel_matrix: TravelMatrix, waiting: Flags) -> None:
    """Refuse demand points that need a site and have no candidate within the cut-off.

    Parameters
    ----------
    travel_matrix : TravelMatrix
        OD costs.
    waiting : numpy.ndarray
        Of each demand point: whether it needs a site.

    Raises
    ------
    SitingError
        With the number and the weight of these points.
    """
    count = np.bincount(travel_matrix.demand, minlength=len(travel_matrix.weight))
    lost = waiting & (count == 0)
    if lost.any():
        points, weight = int(lost.sum()), float(travel_matrix.weight[lost].sum())
        raise SitingError(**TEXT.both("demand_points_out_of_reach", points=points, weight=weight))


def reachability_of(demand: Positions, candidate: Positions) -> list[Constraint]:
    """Return the constraints that each demand point gets at least one of its candidates.

    Parameters
    ----------
    demand, candidate : numpy.ndarray
        Of each pair.

    Returns
    -------
    list of Constraint
        One for each distinct set of candidates.

    Examples
    --------
    >>> constraints = reachability_of(np.array([0, 1, 0, 2]), np.array([1, 1, 0, 1]))
    >>> [constraint.candidates.tolist() for constraint in constraints]
    [[0, 1], [1]]
    """
    order = np.lexsort((candidate, demand))
    _, first = np.unique(demand[order], return_index=True)
    sets = dict.fromkeys(part.tobytes() for part in np.split(candidate[order], first[1:]))
    rows = [np.frombuffer(part, dtype=np.int64) for part in sets if part]
    zh, en = TEXT.words("every_demand_point_reaches_one")
    return [Constraint(zh, en, row, np.ones(len(row)), 1.0, np.inf) for row in rows]
