"""P-median: the sites from which all demand together has the least way to its nearest one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from geo.siting.model import (
    Constraint,
    Floats,
    Positions,
    Progress,
    Solution,
    TravelMatrix,
)
from geo.siting.solver.branch_and_bound import BoundTolerance, BranchAndBound
from geo.siting.solver.conflicts import no_plan_error, reachability_constraints, time_limit_error
from geo.siting.solver.constraint_matrix import (
    OUT,
    ScaledConstraints,
    scaled_constraints,
)
from geo.siting.solver.heuristics import greedy_median
from geo.siting.solver.highs import INTEGER_THRESHOLD, MilpModel, solve_milp
from geo.siting.solver.lagrangian import AssignmentModel, assignment_model, first_multipliers

SMALL_PROGRESS: Final = 0.5
"""Share of the gap; where the first nodes close less of it, the LP of HiGHS gives better prices."""

FIRST_NODES: Final = 60
"""After as many branches that close less than half of the gap, prices are taken from HiGHS."""

MOST_NODES: Final = 1_000_000
"""Where the model is too large for HiGHS, only the time ends the branching."""

NODES: Final = 1_000
"""After as many branches HiGHS is asked to finish; counted, so that every machine does alike."""


def least_travel(
    travel_matrix: TravelMatrix,
    constraints: Sequence[Constraint],
    *,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    progress: Progress | None = None,
) -> Solution:
    """Return the sites within the constraints that make ``sum(weight x cost)`` least.

    Each demand point goes to the nearest of its existing facilities and the chosen sites
    (Hakimi 1964; ReVelle and Swain 1970). One that has no facility must get a site that it
    can reach; one without weight is left out. The number of sites is a constraint like others.

    A plan found by exchange (Teitz and Bart 1968) and a bound from Lagrangian prices (Beasley
    1985) decide most candidates; the rest is proven by branching, and, where constraints make that
    long, by HiGHS on the chained model of Garcia, Labbe and Marin (2011).

    Parameters
    ----------
    travel_matrix : TravelMatrix
        What it costs whom to reach which candidate.
    constraints : sequence of Constraint
        All must be kept.
    time_limit_s : float
        Seconds, after which the best plan so far is returned with its bound.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    progress : callable, optional
        Called with objective, bound and seconds now and then; False stops.

    Returns
    -------
    Solution
        ``objective`` is weight times the unit of cost, existing facilities included.

    Raises
    ------
    SitingError
        Some weight can reach nothing, the constraints contradict each other, or time was up before
        any plan was found.

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
    """Return 1 where all costs are whole numbers, so that plans differ by 1 at least, else 0."""
    numbers = np.concatenate([assignment.cost, assignment.limit])
    whole = bool((numbers == np.round(numbers)).all()) and numbers.sum() < 2**52
    return 1.0 if whole else 0.0


MOST_COLUMNS: Final = 30_000
"""Of a model whose relaxation HiGHS solves in seconds; above it branching alone is faster."""


def first_plan(
    assignment: AssignmentModel,
    matrix: ScaledConstraints,
    constraints: Sequence[Constraint],
    deadline: float,
) -> Positions:
    """Return candidates that keep the constraints: greedily the best, or what HiGHS finds.

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
    """Return the candidates of least cost that keep the constraints.

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
        raise (
            no_plan_error(constraints, count)
            if result.status == "infeasible"
            else time_limit_error()
        )
    return np.flatnonzero(result.values > INTEGER_THRESHOLD)


def finish_with_highs(tree: BranchAndBound, progress: Progress | None, started: float) -> Solution:
    """Return the solution of a tree; what it left open is given to HiGHS while time lasts.

    Only candidates that some open branch may still choose are in HiGHS's model: the others
    cannot be part of a better plan.
    """
    seconds = tree.deadline - time.monotonic()
    if progress is not None:
        going = progress(tree.objective, tree.bound, time.monotonic() - started) is not False
    else:
        going = True
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
    least = float(fixed_travel(tree.assignment, held).sum())
    return _better_of(tree, held, result.values, result.bound + least)


def fits_highs(tree: BranchAndBound) -> bool:
    """Return whether HiGHS's model of what a tree left open is one that it solves soon."""
    held = np.flatnonzero(tree.open_candidates() != OUT)
    return len(radius_formulation(tree.assignment, tree.matrix, held).cost) <= MOST_COLUMNS


def restart_from_lp(tree: BranchAndBound) -> None:
    """Replant a tree with the best prices there are, from the linear relaxation of its model."""
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
    demand[served] = result.row_dual[first] + fixed_travel(tree.assignment, held)[served]
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
    """Return the better of the tree's plan and HiGHS's, with the higher of both bounds."""
    chosen, objective = tree.chosen, tree.objective
    if values is not None:
        found = held[values[: len(held)] > INTEGER_THRESHOLD]
        cost = float(tree.assignment.travelled(found).sum())
        if cost < objective and tree.matrix.holds(tree.matrix.totals(found)):
            chosen, objective = found, cost
    proven = tree.tolerance.rounded_up(min(bound, tree.closed_bound))
    return Solution(chosen, objective, min(max(tree.bound, proven), objective))


def fixed_travel(assignment: AssignmentModel, held: Positions) -> Floats:
    """Return of each demand point what it travels even with all held candidates chosen."""
    return assignment.travelled(held)


def radius_formulation(
    assignment: AssignmentModel, matrix: ScaledConstraints, held: Positions
) -> MilpModel:
    """Return the model in which each demand point climbs from cost to cost until it is served.

    Columns are the held candidates, then one for each distinct cost of each demand point: 1
    where nothing is open up to that cost. Each row says for one cost: what is open at it, and
    that nothing is up to it, are at least that nothing was up to the cost before (Elloumi 2010;
    Garcia, Labbe and Marin 2011). So the model has one entry a pair. Its cost is what is
    travelled beyond the :func:`fixed_travel`.

    Examples
    --------
    >>> from geo.siting.solver.lagrangian import assignment_model
    >>> from geo.siting.solver.constraint_matrix import scaled_constraints
    >>> from geo.siting.model import TravelMatrix
    >>> travel_matrix = TravelMatrix(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
    ...                     np.array([3.0, 1.0]), 2, np.array([5.0]))
    >>> radius_formulation(assignment_model(travel_matrix), scaled_constraints([], 2), np.array([0, 1])).cost.tolist()
    [0.0, 0.0, 4.0, 4.0]
    """
    pairs = assignment.pairs_of(held)
    column = np.repeat(np.arange(len(held)), np.diff(assignment.start)[held])
    order = np.lexsort((column, assignment.cost[pairs], assignment.demand[pairs]))
    demand, cost, column = (
        assignment.demand[pairs][order],
        assignment.cost[pairs][order],
        column[order],
    )
    is_head = np.diff(demand, prepend=-1) != 0
    is_step = is_head | (np.diff(cost, prepend=-1.0) != 0)
    step = np.cumsum(is_step) - 1
    heads = np.flatnonzero(is_step)
    follows, is_first = np.append(cost[heads[1:]], 0.0), is_head[heads]
    last = np.append(is_first[1:], True)
    rise = np.where(last, assignment.limit[demand[heads]], follows) - cost[heads]
    steps, count = len(heads), len(held)
    first_steps = np.arange(steps)
    chain = np.flatnonzero(~is_first)
    entries = np.concatenate([np.ones(len(pairs)), np.ones(steps), -np.ones(len(chain))])
    rows = np.concatenate([step, first_steps, chain])
    columns = np.concatenate([column, count + first_steps, count + chain - 1])
    ladder = coo_array((entries, (rows, columns)), shape=(steps, count + steps)).tocsr()
    ruled = csr_array(matrix.columns[:, held])
    ruled.resize((ruled.shape[0], count + steps))
    whole = np.arange(count + steps) < count
    return MilpModel(
        np.concatenate([np.zeros(count), rise]),
        np.zeros(count + steps), np.where(whole, 1.0, np.inf), whole,
        csr_array(vstack([ladder, ruled])),
        np.concatenate([is_first.astype(np.float64), matrix.lower]),
        np.concatenate([np.full(steps, np.inf), matrix.upper]),
    )  # fmt: skip
