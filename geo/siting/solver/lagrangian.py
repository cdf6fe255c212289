"""How little a plan can cost at least: prices of being served, raised step by step.

Each merged demand point pays a price; a site earns what the prices of the points around it
exceed their travel by. The prices' sum less the best earnings that the constraints allow is a lower
bound (Lagrangian relaxation: Cornuejols, Fisher and Nemhauser 1977; Beasley 1985). Constraints other
than the number of sites are priced likewise.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.siting.model import Floats, Positions, TravelMatrix
from geo.siting.solver.constraint_matrix import IN, OUT, UNDECIDED, ScaledConstraints, States

PATIENCE_STEPS: Final = (8, 20)
"""Steps without a better bound, after which they are halved: on short walks and on long ones."""

LONG_RUN_STEPS: Final = 200
"""Steps of a long walk at least."""

SHORTEST_STEP: Final = 1e-3
"""Times the distance to the best plan; with shorter ones nothing is gained."""

DEFLECTION: Final = 0.7
"""Of the way gone last, which is added to each step: it spares going to and fro (Camerini 1975)."""

LOOKS_AT_CLOCK: Final = 16
"""Steps between two looks at the clock."""


@dataclass(frozen=True)
class Multipliers:
    """Prices, and the bound that they prove.

    Attributes
    ----------
    demand : numpy.ndarray
        What each merged demand point pays, at most its limit.
    constraint : numpy.ndarray
        What each constraint's total costs: negative where more of it is wanted.
    bound : float
        No plan within the constraints and the decisions costs less.
    reduced_cost : numpy.ndarray
        Of each candidate: what choosing it adds, mostly negative; 0 where it is left out.
    selected : numpy.ndarray
        Positions of the candidates that earn most.
    share : numpy.ndarray
        Of each candidate: in which share of the last steps it was taken.
    """

    demand: Floats
    constraint: Floats
    bound: float
    reduced_cost: Floats
    selected: Positions
    share: Floats


def first_multipliers(assignment: AssignmentModel, matrix: ScaledConstraints) -> Multipliers:
    """Return prices at which each point just pays its way to its second nearest candidate."""
    order = np.lexsort((assignment.cost, assignment.demand))
    demand, cost = assignment.demand[order], assignment.cost[order]
    heads = np.flatnonzero(np.diff(demand, prepend=-1))
    next_ = heads[heads + 1 < np.append(heads[1:], len(demand))] + 1
    price = assignment.limit.copy()
    price[demand[next_]] = cost[next_]
    count = assignment.candidate_count
    nothing = np.zeros(count)
    none = np.zeros(0, dtype=np.int64)
    return Multipliers(price, np.zeros(len(matrix.lower)), -np.inf, nothing, none, nothing)


class _Subproblem:
    """The pairs of the candidates that are not left out, and the constraints without redundancy."""

    def __init__(
        self, assignment: AssignmentModel, matrix: ScaledConstraints, states: States
    ) -> None:
        self.assignment, self.matrix, self.states = assignment, matrix, states
        self.chosen = np.flatnonzero(states == IN)
        self.free = np.flatnonzero(states == UNDECIDED)
        held = np.flatnonzero(states != OUT)
        held = held[np.diff(assignment.start)[held] > 0]
        pairs = assignment.pairs_of(held)
        self.held, self.demand, self.cost = held, assignment.demand[pairs], assignment.cost[pairs]
        length = np.diff(assignment.start)[held]
        self.begin = np.cumsum(length) - length
        self.fewest = max(matrix.fewest - len(self.chosen), 0)
        self.most = min(matrix.most - len(self.chosen), len(self.free))
        self.priced = matrix.non_cardinality()
        self.rows = matrix.rows[self.priced]
        self.scale = np.sqrt(len(assignment.limit) / max(1, min(matrix.most, len(states))))

    def reduced_cost(self, price: Floats, constraint: Floats) -> Floats:
        """Return of each candidate what it adds at some prices."""
        answer = np.zeros(len(self.states))
        if len(self.held):
            cutoff_factor = np.minimum(self.cost - price[self.demand], 0.0)
            answer[self.held] = np.add.reduceat(cutoff_factor, self.begin)
        if len(self.priced):
            answer += constraint[self.priced] @ self.rows
        return answer

    def selected(self, reduced_cost: Floats) -> Positions:
        """Return the free candidates that earn most, as many as pay or as must be."""
        order = self.free[np.argsort(reduced_cost[self.free], kind="stable")]
        paying = int((reduced_cost[order] < 0).sum())
        return order[: min(max(paying, self.fewest), self.most)]

    def constant(self, constraint: Floats) -> float:
        """Return what the constraints' prices add whatever is chosen."""
        lower, upper = self.matrix.lower[self.priced], self.matrix.upper[self.priced]
        price = constraint[self.priced]
        wanted = np.where(price < 0, lower, np.where(price > 0, upper, 0.0))
        return -float(price @ wanted)

    def served(self, selected: Positions, price: Floats) -> Floats:
        """Return of each demand point how many of the taken it pays."""
        assignment = self.assignment
        pairs = assignment.pairs_of(selected)
        pays = assignment.cost[pairs] < price[assignment.demand[pairs]]
        return np.bincount(assignment.demand[pairs][pays], minlength=len(price)).astype(np.float64)

    def violation(self, selected: Positions, constraint: Floats) -> Floats:
        """Return of each constraint by how much its total is beyond what its price asks."""
        answer = np.zeros(len(constraint))
        if not len(self.priced):
            return answer
        y = np.zeros(len(self.states))
        y[selected] = 1.0
        total = self.rows @ y
        lower, upper = self.matrix.lower[self.priced], self.matrix.upper[self.priced]
        price = constraint[self.priced]
        short, over = np.minimum(total - lower, 0.0), np.maximum(total - upper, 0.0)
        slack = np.where(price < 0, total - lower, np.where(price > 0, total - upper, short + over))
        answer[self.priced] = slack
        return answer


def subgradient(
    assignment: AssignmentModel,
    matrix: ScaledConstraints,
    states: States,
    multipliers: Multipliers,
    *,
    target: float,
    cutoff: float,
    steps: int,
    deadline: float,
) -> Multipliers:
    """Return the prices of the best bound that some steps of the subgradient find.

    Parameters
    ----------
    assignment, matrix : AssignmentModel, ScaledConstraints
        Demand and constraints.
    states : numpy.ndarray
        What is decided already; held against the constraints by the caller.
    multipliers : Multipliers
        To start from.
    target : float
        Cost of the best plan known; steps are as long as its distance from the bound asks.
    cutoff : float
        A bound beyond which no step more is made.
    steps : int
        At most.
    deadline : float
        Clock (``time.monotonic``) at which to stop.
    """
    subproblem = _Subproblem(assignment, matrix, states)
    search = _SubgradientSearch(
        subproblem, multipliers, target, PATIENCE_STEPS[steps >= LONG_RUN_STEPS]
    )
    for step in range(steps):
        if (
            search.step()
            or search.best.bound > cutoff
            or (step % LOOKS_AT_CLOCK == 0 and is_past(deadline))
        ):
            break
    return replace(search.best, share=search.share())


class _SubgradientSearch:
    """One way up: where it stands, the best so far, how long the steps are."""

    def __init__(
        self, subproblem: _Subproblem, multipliers: Multipliers, target: float, patience: int
    ) -> None:
        self.patience = patience
        self.subproblem, self.target, self.best = (
            subproblem,
            target,
            replace(multipliers, bound=-np.inf),
        )
        self.price, self.constraint = multipliers.demand, multipliers.constraint
        self.length, self.idle = 2.0 if not len(multipliers.selected) else 1.0, 0
        self.direction = (np.zeros(len(multipliers.demand)), np.zeros(len(multipliers.constraint)))
        self.times_selected, self.count = np.zeros(len(subproblem.states)), 0

    def step(self) -> bool:
        """Compute the bound here and go on; return whether there is nowhere to go."""
        subproblem = self.subproblem
        reduced_cost = subproblem.reduced_cost(self.price, self.constraint)
        selected = np.concatenate([subproblem.chosen, subproblem.selected(reduced_cost)])
        bound = float(self.price.sum() + reduced_cost[selected].sum()) + subproblem.constant(
            self.constraint
        )
        self.times_selected[selected] += 1.0
        self.count += 1
        self._record(bound, reduced_cost, selected)
        if self.length < SHORTEST_STEP:
            return True
        return self._advance(bound, selected)

    def _record(self, bound: float, reduced_cost: Floats, selected: Positions) -> None:
        if bound > self.best.bound + 1e-7 * abs(bound):
            share = self.best.share
            self.best = Multipliers(
                self.price, self.constraint, bound, reduced_cost, selected, share
            )
            self.idle = 0
            return
        self.idle += 1
        if self.idle >= self.patience:
            self.idle, self.length = 0, self.length / 2
            self.price, self.constraint = self.best.demand, self.best.constraint
            self.direction = (0.0 * self.price, 0.0 * self.constraint)

    def _advance(self, bound: float, selected: Positions) -> bool:
        subproblem = self.subproblem
        uphill = 1.0 - subproblem.served(selected, self.price)
        uphill[(uphill > 0) & (self.price >= subproblem.assignment.limit)] = 0.0
        violation = subproblem.violation(selected, self.constraint) * subproblem.scale
        uphill, violation = (
            uphill + DEFLECTION * self.direction[0],
            violation + DEFLECTION * self.direction[1],
        )
        self.direction = (uphill, violation)
        square = float(uphill @ uphill + violation @ violation)
        if square <= 0.0:
            return True
        apart = max(1.01 * self.target - bound, 1e-3 * abs(self.target), 1e-12)
        size = self.length * apart / square
        self.price = np.clip(self.price + size * uphill, 0.0, subproblem.assignment.limit)
        moved = self.constraint + size * subproblem.scale * violation
        self.constraint = within_signs(moved, subproblem.matrix)
        return False

    def share(self) -> Floats:
        """Return in which share of the steps each candidate was taken."""
        return self.times_selected / max(self.count, 1)


def within_signs(constraint: Floats, matrix: ScaledConstraints) -> Floats:
    """Return prices of constraints that have a bound on the side that they press towards."""
    least = np.where(np.isfinite(matrix.lower), -np.inf, 0.0)
    greatest = np.where(np.isfinite(matrix.upper), np.inf, 0.0)
    return np.clip(constraint, least, greatest)


def is_past(deadline: float) -> bool:
    """Return whether the clock has passed a time."""
    return time.monotonic() > deadline


@dataclass(frozen=True)
class AssignmentModel:
    """Demand points merged where their costs agree, and the pairs that can save them travel.

    Attributes
    ----------
    limit : numpy.ndarray
        Of each merged demand point: weight times the most that it may ever travel.
    demand, candidate, cost : numpy.ndarray
        Of each pair that costs less than the limit, sorted by candidate, then demand: positions,
        and weight times cost.
    start : numpy.ndarray
        Of each candidate: where its pairs begin; one entry more than there are candidates.
    """

    limit: Floats
    demand: Positions
    candidate: Positions
    cost: Floats
    start: Positions

    @property
    def candidate_count(self) -> int:
        """Candidates, those that save nobody anything included."""
        return len(self.start) - 1

    def pairs_of(self, candidates: Positions) -> npt.NDArray[np.int64]:
        """Return the positions of the pairs of some candidates, candidate by candidate.

        Examples
        --------
        >>> travel_matrix = TravelMatrix(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
        ...                     np.array([3.0, 1.0]), 2, np.array([5.0]))
        >>> assignment_model(travel_matrix).pairs_of(np.array([1])).tolist()
        [1]
        """
        begin, length = self.start[candidates], np.diff(self.start)[candidates]
        within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        return np.asarray(np.repeat(begin, length) + within, dtype=np.int64)

    def travelled(self, chosen: Positions) -> Floats:
        """Return of each merged demand point: weight times cost to the nearest of the chosen.

        Examples
        --------
        >>> travel_matrix = TravelMatrix(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
        ...                     np.array([3.0, 1.0]), 2, np.array([5.0]))
        >>> assignment_model(travel_matrix).travelled(np.array([0])).tolist()
        [6.0]
        """
        least = self.limit.copy()
        pairs = self.pairs_of(chosen)
        np.minimum.at(least, self.demand[pairs], self.cost[pairs])
        return least


def assignment_model(travel_matrix: TravelMatrix) -> AssignmentModel:
    """Return the journeys of demand with weight, merged where costs are the same.

    Examples
    --------
    >>> travel_matrix = TravelMatrix(np.array([1.0, 2.0]), np.array([0, 1]), np.array([0, 0]),
    ...                     np.array([3.0, 3.0]), 1, np.array([9.0, 9.0]))
    >>> assignment_model(travel_matrix).limit.tolist()
    [27.0]
    """
    limit = _farthest(travel_matrix)
    useful = (travel_matrix.cost < limit[travel_matrix.demand]) & (
        travel_matrix.weight[travel_matrix.demand] > 0
    )
    demand, candidate = travel_matrix.demand[useful], travel_matrix.candidate[useful]
    cost = travel_matrix.cost[useful]
    group = _same_costs(travel_matrix, limit, demand, candidate, cost)
    first = np.unique(group, return_index=True)[1]
    weight = np.bincount(group, travel_matrix.weight, len(first))
    keep = np.isin(demand, first)
    demand, candidate, cost = group[demand[keep]], candidate[keep], cost[keep]
    order = np.lexsort((demand, candidate))
    start = np.searchsorted(candidate[order], np.arange(travel_matrix.candidate_count + 1))
    return AssignmentModel(
        np.where(weight > 0, weight * np.where(weight > 0, limit[first], 0.0), 0.0),
        demand[order],
        candidate[order],
        (weight[demand] * cost)[order],
        start.astype(np.int64),
    )


def _farthest(travel_matrix: TravelMatrix) -> Floats:
    """Return the most that each point may travel: to what it has, or else to its farthest."""
    farthest = np.zeros(len(travel_matrix.weight))
    np.maximum.at(farthest, travel_matrix.demand, travel_matrix.cost)
    return np.where(np.isfinite(travel_matrix.before), travel_matrix.before, farthest)


def _same_costs(
    travel_matrix: TravelMatrix,
    limit: Floats,
    demand: Positions,
    candidate: Positions,
    cost: Floats,
) -> Positions:
    """Return of each demand point: the group of those with its very limit and pairs."""
    order = np.lexsort((candidate, demand))
    bounds = np.searchsorted(demand[order], np.arange(len(limit) + 1))
    groups: dict[tuple[float, bytes, bytes], int] = {}
    answer = np.empty(len(limit), dtype=np.int64)
    candidates, costs = candidate[order], cost[order] + 0.0
    for point in range(len(limit)):
        row = slice(bounds[point], bounds[point + 1])
        has_weight = travel_matrix.weight[point] > 0
        key = (
            float(limit[point]) if has_weight else -1.0,
            candidates[row].tobytes() if has_weight else b"",
            costs[row].tobytes() if has_weight else b"",
        )
        answer[point] = groups.setdefault(key, len(groups))
    return answer
