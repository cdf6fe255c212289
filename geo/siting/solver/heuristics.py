"""Heuristics: feasible plans from which exact searches start; they prove nothing themselves.

Greedy addition, exchange of single sites and perturbation for covering problems, greedy addition
and vertex exchange for the p-median.
"""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from geo.siting.model import Flags, Floats, Positions
from geo.siting.solver.assignment import AssignmentModel
from geo.siting.solver.constraint_matrix import IN, OUT, UNDECIDED, ScaledConstraints
from geo.siting.solver.covering_model import CoveringProblem

MOST_PASSES: Final = 30
"""Passes of exchange over all chosen sites; mostly three or four are enough."""

PERTURBATIONS: Final = 120

MOST_IN_VAIN: Final = 30
"""Perturbations without a better plan after which the search ends."""

FEWEST_SITES: Final = 3
"""Smaller plans are not perturbed."""

SEED: Final = 430503

BETTER: Final = 1e-9
"""Relative; a smaller gain is rounding, and exchanges for it might never end."""


def greedy_covering(problem: CoveringProblem, deadline: float) -> Positions | None:
    """Return a feasible plan found by greedy addition and exchange, or None.

    Parameters
    ----------
    problem : CoveringProblem
        With constraints and floors.
    deadline : float
        On the clock of :func:`time.monotonic`, for the exchange.

    Returns
    -------
    numpy.ndarray or None
        Positions, ascending; None where the greedy addition found no feasible plan.

    Examples
    --------
    Two sites of three, where the first alone reaches most:

    >>> from scipy.sparse import csr_array
    >>> from geo.siting.model import exactly
    >>> from geo.siting.solver.constraint_matrix import constraint_matrix
    >>> constraints = constraint_matrix(3, [exactly(2, [0, 1, 2], zh="", en="")])
    >>> none = csr_array((0, 3))
    >>> reach = csr_array(np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0]]))
    >>> problem = CoveringProblem(reach, np.array([5.0, 4.0, 2.0]), np.zeros(3), 0.0, constraints,
    ...                           none, np.zeros(0))
    >>> greedy_covering(problem, np.inf).tolist()
    [0, 1]
    """
    chosen = _greedy_addition(problem, [])
    if chosen is None:
        return None
    if problem.is_feasible(chosen):
        chosen = exchange_covering(problem, chosen, deadline)
    return chosen if problem.is_feasible(chosen) else None


def _greedy_addition(problem: CoveringProblem, given: list[int]) -> Positions | None:
    """Add sites: while constraints are violated those that reduce it most, then by gain."""
    chosen = list(given)
    plan = np.array(chosen, dtype=np.int64)
    sums, counts = problem.constraint_matrix.sums(plan), problem.counts(plan)
    for _ in range(problem.candidate_count):
        is_feasible = not problem.constraint_matrix.violation(sums).any()
        gains = _gains(problem, counts)
        if is_feasible:
            if gains.max(initial=0.0) <= 0:
                break
            gains[~problem.constraint_matrix.can_add(sums)] = -np.inf
            gains[chosen] = -np.inf
            best = int(np.argmax(gains)) if len(gains) else -1
            if best < 0 or gains[best] <= 0:
                break
        else:
            worse = problem.constraint_matrix.added_violation(sums)
            worse[chosen] = np.inf
            best = int(np.lexsort((-gains, worse.round(9)))[0])
            if worse[best] >= 0:
                return None
        chosen.append(best)
        sums = sums + _column(problem, best)
        counts[_classes_of(problem, best)] += 1
    return np.sort(np.array(chosen, dtype=np.int64))


def perturb_covering(problem: CoveringProblem, plan: Positions, deadline: float) -> Positions:
    """Return a feasible plan no worse than a given one, by iterated local search.

    A fifth of the sites is removed at random, with the same seed each time, others are added
    greedily and exchanged; the best plan is kept (Lourenço, Martin and Stützle 2003, "Iterated
    local search").

    Parameters
    ----------
    problem : CoveringProblem
        The problem.
    plan : numpy.ndarray
        Positions of a feasible plan.
    deadline : float
        On the clock of :func:`time.monotonic`.

    Returns
    -------
    numpy.ndarray
        Positions of a feasible plan.
    """
    random, gain = np.random.default_rng(SEED), problem.gain(plan)
    in_vain = 0
    for _ in range(PERTURBATIONS):
        if time.monotonic() > deadline or len(plan) < FEWEST_SITES or in_vain >= MOST_IN_VAIN:
            break
        in_vain += 1
        left_out = random.choice(plan, max(2, len(plan) // 5), replace=False)
        anew = _greedy_addition(problem, [int(site) for site in np.setdiff1d(plan, left_out)])
        if anew is not None and problem.is_feasible(anew):
            anew = exchange_covering(problem, anew, deadline)
            if problem.gain(anew) > gain:
                plan, gain, in_vain = anew, problem.gain(anew), 0
    return plan


def _column(problem: CoveringProblem, candidate: int) -> Floats:
    columns = problem.constraint_matrix.columns
    part = slice(columns.indptr[candidate], columns.indptr[candidate + 1])
    column = np.zeros(columns.shape[0])
    column[columns.indices[part]] = columns.data[part]
    return column


def _classes_of(problem: CoveringProblem, candidate: int) -> Positions:
    reach = problem.by_candidate
    return np.asarray(reach.indices[reach.indptr[candidate] : reach.indptr[candidate + 1]])


def _gains(problem: CoveringProblem, counts: Floats) -> Floats:
    """Return what each candidate would add: gain, or weight of floors that are not met yet."""
    worth = np.where(counts == 0, problem.first, np.where(counts == 1, problem.second, 0.0))
    if len(problem.levels):
        short = problem.floors @ (counts > 0) < problem.levels - problem.floor_slack
        missing = np.asarray(problem.floors.T @ short.astype(np.float64))
        needed = np.where(counts == 0, missing, 0.0)
        worth = needed if needed.any() else worth
    gains = np.asarray(problem.by_candidate @ worth, dtype=np.float64)
    return gains if problem.per_site == 0 or len(problem.levels) else gains + problem.per_site


def exchange_covering(problem: CoveringProblem, chosen: Positions, deadline: float) -> Positions:
    """Return a feasible plan no worse than a given one, by exchanging single sites.

    Parameters
    ----------
    problem : CoveringProblem
        The problem; where sites are counted, redundant sites are dropped instead.
    chosen : numpy.ndarray
        Positions of a feasible plan.
    deadline : float
        On the clock of :func:`time.monotonic`.

    Returns
    -------
    numpy.ndarray
        Positions of a feasible plan.
    """
    plan, counts = list(chosen), problem.counts(chosen)
    sums = problem.constraint_matrix.sums(chosen)
    if problem.per_site < 0:
        return _drop_redundant(problem, plan, counts, sums)
    for _ in range(MOST_PASSES):
        gained = False
        for place, site in enumerate(plan):
            if time.monotonic() > deadline:
                return np.sort(np.array(plan, dtype=np.int64))
            counts[_classes_of(problem, site)] -= 1
            left = sums - _column(problem, site)
            other = _best_instead(problem, site, plan, counts, left)
            plan[place] = other
            gained = gained or other != site
            counts[_classes_of(problem, other)] += 1
            sums = left + _column(problem, other)
        if not gained:
            break
    return np.sort(np.array(plan, dtype=np.int64))


def _best_instead(
    problem: CoveringProblem, site: int, plan: list[int], counts: Floats, left: Floats
) -> int:
    worth = np.where(counts == 0, problem.first, np.where(counts == 1, problem.second, 0.0))
    gains = np.asarray(problem.by_candidate @ worth, dtype=np.float64)
    least = gains[site] + BETTER * max(1.0, abs(float(gains[site])))
    gains[~problem.constraint_matrix.can_add(left)] = -np.inf
    gains[[other for other in plan if other != site]] = -np.inf
    best = int(np.argmax(gains))
    if gains[best] <= least:
        return site
    if len(problem.levels):
        after = counts.copy()
        after[_classes_of(problem, best)] += 1
        if not problem.meets_floors(after):
            return site
    return best


def _drop_redundant(
    problem: CoveringProblem, plan: list[int], counts: Floats, sums: Floats
) -> Positions:
    """Drop sites that no constraint and no floor needs, those that cover least weight first."""
    worth = np.asarray(problem.floors.sum(axis=0)).ravel()
    reached = problem.by_candidate @ worth
    for site in sorted(plan, key=lambda site: float(reached[site])):
        after, left = counts.copy(), sums - _column(problem, site)
        after[_classes_of(problem, site)] -= 1
        if problem.meets_floors(after) and not problem.constraint_matrix.violation(left).any():
            plan, counts, sums = [other for other in plan if other != site], after, left
    return np.sort(np.array(plan, dtype=np.int64))


MOST_EXCHANGES: Final = 2_000
"""Exchanges in all."""

TRIED: Final = 256
"""Exchanges checked against the constraints at a time, the best first."""

MOST_TRIED: Final = 20_000
"""Exchanges of a round that are checked at all."""


def exchange_median(
    assignment: AssignmentModel, matrix: ScaledConstraints, chosen: Positions
) -> Positions:
    """Return a plan that no feasible single addition, removal or exchange improves.

    The best exchange is made each time (Teitz and Bart 1968), evaluated for all pairs of sites
    at once (Resende and Werneck 2007).

    Parameters
    ----------
    assignment : AssignmentModel
        Aggregated demand.
    matrix : ScaledConstraints
        Constraints.
    chosen : numpy.ndarray
        Positions of a feasible plan.

    Returns
    -------
    numpy.ndarray
        Positions of a feasible plan, ascending.

    Examples
    --------
    >>> from geo.siting.solver.assignment import assignment_model
    >>> from geo.siting.solver.constraint_matrix import scaled_constraints
    >>> from geo.siting.model import TravelMatrix, exactly
    >>> travel_matrix = TravelMatrix(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
    ...                     np.array([3.0, 1.0]), 2, np.array([5.0]))
    >>> one = exactly(1, [0, 1], zh="一处", en="one site")
    >>> model, matrix = assignment_model(travel_matrix), scaled_constraints([one], 2)
    >>> exchange_median(model, matrix, np.array([0])).tolist()
    [1]
    """
    chosen = np.sort(chosen)
    for _ in range(MOST_EXCHANGES):
        better = _best_exchange(assignment, matrix, chosen)
        if better is None:
            break
        chosen = better
    return chosen


def _best_exchange(
    assignment: AssignmentModel, matrix: ScaledConstraints, chosen: Positions
) -> Positions | None:
    change = _changes(assignment, chosen)
    floor = -1e-9 * max(1.0, float(assignment.travelled(chosen).sum()))
    if len(chosen) >= matrix.most:
        change[:, -1] = np.inf
    if len(chosen) <= matrix.fewest:
        change[-1] = np.inf
    flat = change.ravel()
    worth = np.flatnonzero(flat < floor)
    worth = worth[np.lexsort((worth, flat[worth]))]
    for begin in range(0, min(len(worth), MOST_TRIED), TRIED):
        enters, leaves = np.divmod(worth[begin : begin + TRIED], change.shape[1])
        allowed = np.flatnonzero(_feasible_exchanges(matrix, chosen, enters, leaves))
        if len(allowed):
            enter, leave = enters[allowed[0]], leaves[allowed[0]]
            stays = np.delete(chosen, leave) if leave < len(chosen) else chosen
            return np.sort(np.append(stays, enter)) if enter < assignment.candidate_count else stays
    return None


def _changes(assignment: AssignmentModel, chosen: Positions) -> Floats:
    """Return the change of cost by entering candidate and leaving site (the last of each: none)."""
    count, places = assignment.candidate_count, len(chosen)
    first, second, nearest = _two_nearest(assignment, chosen)
    demand, cost = assignment.demand, assignment.cost
    gain = np.bincount(assignment.candidate, (first[demand] - cost).clip(min=0.0), count)
    loss = np.bincount(nearest, second - first, places + 1)
    near = (cost < second[demand]) & (nearest[demand] < places)
    key = assignment.candidate[near] * (places + 1) + nearest[demand[near]]
    spared = second[demand[near]] - np.maximum(cost[near], first[demand[near]])
    change = np.zeros((count + 1, places + 1))
    change[:count] = -np.bincount(key, spared, count * (places + 1)).reshape(count, -1)
    change[:count] -= gain[:, None]
    loss[places] = 0.0
    change += loss
    change[chosen] = np.inf
    return change


def _two_nearest(
    assignment: AssignmentModel, chosen: Positions
) -> tuple[Floats, Floats, Positions]:
    """Return the costs to the nearest and second nearest site, and which is the nearest."""
    pairs = assignment.pairs_of(chosen)
    place = np.repeat(np.arange(len(chosen)), np.diff(assignment.start)[chosen])
    order = np.lexsort((place, assignment.cost[pairs], assignment.demand[pairs]))
    demand, cost = assignment.demand[pairs][order], assignment.cost[pairs][order]
    first, second = assignment.limit.copy(), assignment.limit.copy()
    nearest = np.full(len(first), len(chosen), dtype=np.int64)
    heads = np.flatnonzero(np.diff(demand, prepend=-1))
    first[demand[heads]] = cost[heads]
    nearest[demand[heads]] = place[order][heads]
    next_ = heads[heads + 1 < np.append(heads[1:], len(demand))] + 1
    second[demand[next_]] = cost[next_]
    return first, second, nearest


def _feasible_exchanges(
    matrix: ScaledConstraints, chosen: Positions, enters: Positions, leaves: Positions
) -> Flags:
    """Return of each exchange whether the constraints are met after it."""
    totals = np.repeat(matrix.totals(chosen)[:, None], len(enters), axis=1)
    adds, drops = enters < matrix.rows.shape[1], leaves < len(chosen)
    totals[:, adds] += matrix.columns[:, enters[adds]].toarray()
    totals[:, drops] -= matrix.columns[:, chosen[leaves[drops]]].toarray()
    return matrix.holds(totals)


def greedy_median(assignment: AssignmentModel, matrix: ScaledConstraints) -> Positions | None:
    """Return a feasible plan found by adding the site that saves most, or None.

    Each decision is propagated through the constraints; a site that they rule out is skipped.

    Parameters
    ----------
    assignment : AssignmentModel
        Aggregated demand.
    matrix : ScaledConstraints
        Constraints.

    Returns
    -------
    numpy.ndarray or None
        Positions, ascending; None where no feasible plan was found.
    """
    states = matrix.propagate(np.full(assignment.candidate_count, UNDECIDED, dtype=np.int8))
    while states is not None:
        chosen = np.flatnonzero(states == IN)
        costs = assignment.travelled(chosen)
        spared = (costs[assignment.demand] - assignment.cost).clip(min=0.0)
        gain = np.bincount(assignment.candidate, spared, assignment.candidate_count)
        gain[states != UNDECIDED] = -1.0
        best = int(np.argmax(gain)) if len(gain) else 0
        done = not (states == UNDECIDED).any() or gain[best] <= 0
        if done and matrix.holds(matrix.totals(chosen)):
            return chosen
        if not (states == UNDECIDED).any():
            return None
        tried = states.copy()
        tried[best] = IN
        states = matrix.propagate(tried)
        if states is None:
            tried[best] = OUT
            states = matrix.propagate(tried)
    return None
