"""The p-median problem: least total travel of all demand to its nearest site."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from geo.siting.model import Constraint, Floats, Positions, Progress, Solution, TravelMatrix
from geo.siting.solver.assignment import (
    AssignmentModel,
    assignment_model,
    radius_formulation,
)
from geo.siting.solver.branch_and_bound import BoundTolerance, BranchAndBound
from geo.siting.solver.conflicts import no_plan_error, reachability_constraints, time_limit_error
from geo.siting.solver.constraint_matrix import OUT, ScaledConstraints, scaled_constraints
from geo.siting.solver.heuristics import greedy_median
from geo.siting.solver.highs import INTEGER_THRESHOLD, MilpModel, solve_milp
from geo.siting.solver.lagrangian import first_multipliers

SMALL_PROGRESS: Final = 0.5
"""Share of the gap; where the first nodes close less, multipliers are taken from HiGHS's LP."""

FIRST_NODES: Final = 60
"""Nodes after which the progress is judged."""

MOST_NODES: Final = 1_000_000
"""Nodes at most where the model is too large for HiGHS; only the time ends the search."""

NODES: Final = 1_000
"""Nodes after which HiGHS finishes; a number and no time, so that all machines behave alike."""

MOST_COLUMNS: Final = 30_000
"""Columns of a radius formulation that HiGHS relaxes in seconds; above, branching is faster."""


def least_travel(
    travel_matrix: TravelMatrix,
    constraints: Sequence[Constraint],
    *,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    progress: Progress | None = None,
) -> Solution:
    """Return the feasible sites with the least total travel: the p-median problem.

    Minimise ``sum(w_j * min(c_j0, min of c_ij over chosen i))`` (Hakimi 1964; ReVelle and Swain
    1970): ``w_j`` is the weight of demand point j, ``c_ij`` its cost to candidate i, ``c_j0`` to
    its nearest existing facility. A demand point without a facility must reach a site; one without
    weight is left out. The number of sites is a constraint like others.

    A plan found by exchange (Teitz and Bart 1968) and a Lagrangian bound (Beasley 1985) decide
    most candidates; the rest is proven by branch and bound, and, where constraints make that
    long, by HiGHS on the radius formulation (Garcia, Labbe and Marin 2011).

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
        Called with objective, bound and seconds now and then; False ends the search.

    Returns
    -------
    Solution
        Objective and bound in weight times cost (person-minutes), travel to existing facilities
        included.

    Raises
    ------
    SitingError
        Some weight can reach nothing, constraints contradict each other, or no plan was found in
        time.

    Examples
    --------
    Three villages along a road, 0, 4 and 5 minutes from its end; one site:

    >>> from geo.siting.model import exactly
    >>> at = np.array([0.0, 4.0, 5.0])
    >>> demand, candidate = np.divmod(np.arange(9), 3)
    >>> travel_matrix = TravelMatrix(np.array([10.0, 20.0, 40.0]), demand, candidate,
    ...                     np.abs(at[demand] - at[candidate]), 3, np.full(3, np.inf))
    >>> solution = least_travel(travel_matrix, [exactly(1, [0, 1, 2], zh="一处", en="one site")])
    >>> solution.chosen.tolist(), solution.objective, solution.is_optimal
    ([2], 70.0, True)
    """
    started = time.monotonic()
    deadline = started + time_limit_s
    everyone = [*constraints, *reachability_constraints(travel_matrix)]
    assignment = assignment_model(travel_matrix)
    matrix = scaled_constraints(everyone, travel_matrix.candidate_count)
    start = first_plan(assignment, matrix, everyone, deadline)
    tree = BranchAndBound(
        assignment, matrix, start, BoundTolerance(_unit(assignment), gap), deadline
    )
    tree.solve_root()

    def report(objective: float, bound: float) -> bool:
        return (
            progress is None or progress(objective, bound, time.monotonic() - started) is not False
        )

    root = tree.bound
    tree.branch(report, FIRST_NODES)
    suits_highs = bool(tree.heap) and fits_highs(tree)
    if suits_highs and tree.bound - root < SMALL_PROGRESS * (tree.objective - root):
        restart_from_lp(tree)
    tree.branch(report, NODES if suits_highs else MOST_NODES)
    return finish_with_highs(tree, progress, started)


def _unit(assignment: AssignmentModel) -> float:
    """Return 1 where all costs are integers, so that plans differ by at least 1, else 0."""
    numbers = np.concatenate([assignment.cost, assignment.limit])
    whole = bool((numbers == np.round(numbers)).all()) and numbers.sum() < 2**52
    return 1.0 if whole else 0.0


def first_plan(
    assignment: AssignmentModel,
    matrix: ScaledConstraints,
    constraints: Sequence[Constraint],
    deadline: float,
) -> Positions:
    """Return a feasible plan: greedy, or else of least linear cost by HiGHS.

    Parameters
    ----------
    assignment : AssignmentModel
        Aggregated demand.
    matrix : ScaledConstraints
        Constraints, scaled.
    constraints : sequence of Constraint
        The same as given, for the message.
    deadline : float
        On the clock of :func:`time.monotonic`.

    Returns
    -------
    numpy.ndarray
        Positions of candidates.

    Raises
    ------
    SitingError
        No plan keeps the constraints, or none was found in time.
    """
    greedy = greedy_median(assignment, matrix)
    if greedy is not None:
        return greedy
    saving = assignment.cost - assignment.limit[assignment.demand]
    saved = np.bincount(assignment.candidate, saving, assignment.candidate_count).astype(np.float64)
    return cheapest_feasible(matrix, constraints, saved, deadline)


def cheapest_feasible(
    matrix: ScaledConstraints, constraints: Sequence[Constraint], cost: Floats, deadline: float
) -> Positions:
    """Return a feasible plan of least linear cost, to a gap of 1%.

    Parameters
    ----------
    matrix, constraints, deadline
        As :func:`first_plan` takes them.
    cost : numpy.ndarray
        Of each candidate.

    Returns
    -------
    numpy.ndarray
        Positions of candidates.

    Raises
    ------
    SitingError
        No plan keeps the constraints, or none was found in time.
    """
    count = matrix.rows.shape[1]
    model = MilpModel(
        cost, np.zeros(count), np.ones(count), np.ones(count, dtype=bool),
        matrix.rows, matrix.lower, matrix.upper,
    )  # fmt: skip
    result = solve_milp(model, time_limit_s=max(deadline - time.monotonic(), 0.0), gap=0.01)
    if result.values is None:
        is_infeasible = result.status == "infeasible"
        raise no_plan_error(constraints, count) if is_infeasible else time_limit_error()
    return np.flatnonzero(result.values > INTEGER_THRESHOLD)


def finish_with_highs(tree: BranchAndBound, progress: Progress | None, started: float) -> Solution:
    """Return the solution of a tree; HiGHS solves what it left open while time lasts.

    Only candidates that an open node may still choose are in the model: the others cannot be
    part of a better plan.

    Parameters
    ----------
    tree : BranchAndBound
        After its search.
    progress : callable or None
        As :func:`least_travel` takes it.
    started : float
        When the search started, on the clock of :func:`time.monotonic`.

    Returns
    -------
    Solution
        Objective and bound in weight times cost.
    """
    seconds = tree.deadline - time.monotonic()
    going = progress is None or (
        progress(tree.objective, tree.bound, time.monotonic() - started) is not False
    )
    is_open = bool(tree.heap) and tree.heap[0].bound <= tree.tolerance.cutoff(tree.objective)
    if not (is_open and going and seconds > 0):
        return Solution(tree.chosen, tree.objective, tree.bound)
    held = np.flatnonzero(tree.open_candidates() != OUT)
    model = radius_formulation(tree.assignment, tree.matrix, held)
    result = solve_milp(
        model,
        time_limit_s=seconds, gap=tree.tolerance.gap, progress=progress,
        options={"mip_abs_gap": 0.99 * tree.tolerance.unit},
    )  # fmt: skip
    least = float(tree.assignment.travelled(held).sum())
    return _better_of(tree, held, result.values, result.bound + least)


def fits_highs(tree: BranchAndBound) -> bool:
    """Return whether the radius formulation of what a tree left open is small enough for HiGHS."""
    held = np.flatnonzero(tree.open_candidates() != OUT)
    return len(radius_formulation(tree.assignment, tree.matrix, held).cost) <= MOST_COLUMNS


def restart_from_lp(tree: BranchAndBound) -> None:
    """Restart a tree with the optimal multipliers, from the relaxed radius formulation."""
    seconds = tree.deadline - time.monotonic()
    if not tree.heap or seconds <= 0:
        return
    states = tree.open_candidates()
    held = np.flatnonzero(states != OUT)
    model = radius_formulation(tree.assignment, tree.matrix, held)
    result = solve_milp(model.relaxed, time_limit_s=seconds)
    if result.values is None or result.row_dual is None:
        return
    steps = len(model.cost) - len(held)
    first = np.flatnonzero(model.row_lower[:steps] == 1.0)
    multipliers = first_multipliers(tree.assignment, tree.matrix)
    pairs = tree.assignment.pairs_of(held)
    served = np.unique(tree.assignment.demand[pairs])
    demand = tree.assignment.limit.copy()
    demand[served] = result.row_dual[first] + tree.assignment.travelled(held)[served]
    share = np.zeros(len(states))
    share[held] = result.values[: len(held)]
    order = held[np.argsort(-share[held], kind="stable")]
    tree.offer(order[: round(float(share.sum()))])
    tree.restart(
        states,
        replace(multipliers, demand=demand, constraint=-result.row_dual[steps:], share=share),
    )


def _better_of(
    tree: BranchAndBound, held: Positions, values: Floats | None, bound: float
) -> Solution:
    """Return the better plan of tree and HiGHS, with the higher of both bounds."""
    chosen, objective = tree.chosen, tree.objective
    if values is not None:
        found = held[values[: len(held)] > INTEGER_THRESHOLD]
        cost = float(tree.assignment.travelled(found).sum())
        if cost < objective and tree.matrix.holds(tree.matrix.totals(found)):
            chosen, objective = found, cost
    proven = tree.tolerance.rounded_up(min(bound, tree.closed_bound))
    return Solution(chosen, objective, min(max(tree.bound, proven), objective))
