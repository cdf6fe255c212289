"""Lagrangian relaxation of the p-median: lower bounds from multipliers by the subgradient method.

The assignment of each aggregated demand point is relaxed with a multiplier, its price; the reduced
cost of a candidate is the sum of ``min(0, cost - price)`` over its pairs. The sum of the prices
plus the least reduced costs of a plan is a lower bound (Cornuejols, Fisher and Nemhauser 1977;
Beasley 1985). Constraints other than the number of sites are relaxed in the same way.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geo.siting.model import Floats, Positions
from geo.siting.solver.assignment import AssignmentModel
from geo.siting.solver.constraint_matrix import IN, OUT, UNDECIDED, ScaledConstraints, States

PATIENCE_STEPS: Final = (8, 20)
"""Steps without a better bound after which the step length is halved; in short and long runs."""

LONG_RUN_STEPS: Final = 200
"""Steps of a long run at least."""

SHORTEST_STEP: Final = 1e-3
"""Relative step length at which the search ends."""

DEFLECTION: Final = 0.7
"""Share of the last direction that is added to each step, against zigzags (Camerini 1975)."""

LOOKS_AT_CLOCK: Final = 16
"""Steps between two readings of the clock."""


@dataclass(frozen=True)
class Multipliers:
    """Lagrangian multipliers, their bound and their solution.

    Attributes
    ----------
    demand : numpy.ndarray
        Price of each aggregated demand point, at most its limit.
    constraint : numpy.ndarray
        Multiplier of each constraint; negative where its lower bound presses.
    bound : float
        No plan that meets the constraints and the decisions costs less.
    reduced_cost : numpy.ndarray
        Of each candidate, mostly negative; 0 where it is left out.
    selected : numpy.ndarray
        Positions of the candidates in the relaxed solution.
    share : numpy.ndarray
        Of each candidate: share of the last steps in which it was selected.
    """

    demand: Floats
    constraint: Floats
    bound: float
    reduced_cost: Floats
    selected: Positions
    share: Floats


def first_multipliers(assignment: AssignmentModel, matrix: ScaledConstraints) -> Multipliers:
    """Return first multipliers: of each demand point its cost to the second nearest candidate.

    Parameters
    ----------
    assignment : AssignmentModel
        Aggregated demand.
    matrix : ScaledConstraints
        Constraints, whose multipliers are 0.

    Returns
    -------
    Multipliers
        Without a bound.
    """
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
    """The relaxed problem: pairs of the candidates not left out, and the relaxed constraints."""

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
        """Return the reduced cost of each candidate at some multipliers."""
        answer = np.zeros(len(self.states))
        if len(self.held):
            surplus = np.minimum(self.cost - price[self.demand], 0.0)
            answer[self.held] = np.add.reduceat(surplus, self.begin)
        if len(self.priced):
            answer += constraint[self.priced] @ self.rows
        return answer

    def selected(self, reduced_cost: Floats) -> Positions:
        """Return the undecided candidates of least reduced cost: those below 0, or as required."""
        order = self.free[np.argsort(reduced_cost[self.free], kind="stable")]
        paying = int((reduced_cost[order] < 0).sum())
        return order[: min(max(paying, self.fewest), self.most)]

    def constant(self, constraint: Floats) -> float:
        """Return the constant that the relaxed constraints add to the bound."""
        lower, upper = self.matrix.lower[self.priced], self.matrix.upper[self.priced]
        price = constraint[self.priced]
        wanted = np.where(price < 0, lower, np.where(price > 0, upper, 0.0))
        return -float(price @ wanted)

    def served(self, selected: Positions, price: Floats) -> Floats:
        """Return of each demand point how many selected candidates cost less than its price."""
        assignment = self.assignment
        pairs = assignment.pairs_of(selected)
        pays = assignment.cost[pairs] < price[assignment.demand[pairs]]
        return np.bincount(assignment.demand[pairs][pays], minlength=len(price)).astype(np.float64)

    def violation(self, selected: Positions, constraint: Floats) -> Floats:
        """Return the subgradient of each constraint's multiplier."""
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
    """Return the multipliers of the best bound found by some steps of the subgradient method.

    Parameters
    ----------
    assignment : AssignmentModel
        Aggregated demand.
    matrix : ScaledConstraints
        Constraints.
    states : numpy.ndarray
        Decisions, propagated through the constraints by the caller.
    multipliers : Multipliers
        To start from.
    target : float
        Cost of the incumbent; its distance from the bound sets the step length.
    cutoff : float
        The method ends where the bound exceeds it.
    steps : int
        Number of steps at most.
    deadline : float
        On the clock of :func:`time.monotonic`.

    Returns
    -------
    Multipliers
        Bound in weight times cost.
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
    """A run of the subgradient method: present and best multipliers, step length, direction."""

    def __init__(
        self, subproblem: _Subproblem, multipliers: Multipliers, target: float, patience: int
    ) -> None:
        self.patience = patience
        self.subproblem, self.target = subproblem, target
        self.best = replace(multipliers, bound=-np.inf)
        self.price, self.constraint = multipliers.demand, multipliers.constraint
        self.length, self.idle = 2.0 if not len(multipliers.selected) else 1.0, 0
        self.direction = (np.zeros(len(multipliers.demand)), np.zeros(len(multipliers.constraint)))
        self.times_selected, self.count = np.zeros(len(subproblem.states)), 0

    def step(self) -> bool:
        """Evaluate the bound and move; return whether the method has converged."""
        subproblem = self.subproblem
        reduced_cost = subproblem.reduced_cost(self.price, self.constraint)
        selected = np.concatenate([subproblem.chosen, subproblem.selected(reduced_cost)])
        bound = float(self.price.sum() + reduced_cost[selected].sum())
        bound += subproblem.constant(self.constraint)
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
        uphill = uphill + DEFLECTION * self.direction[0]
        violation = violation + DEFLECTION * self.direction[1]
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
        """Return the share of the steps in which each candidate was selected."""
        return self.times_selected / max(self.count, 1)


def within_signs(constraint: Floats, matrix: ScaledConstraints) -> Floats:
    """Return multipliers clipped to the signs that the bounds of their constraints allow."""
    least = np.where(np.isfinite(matrix.lower), -np.inf, 0.0)
    greatest = np.where(np.isfinite(matrix.upper), np.inf, 0.0)
    return np.clip(constraint, least, greatest)


def is_past(deadline: float) -> bool:
    """Return whether the clock has passed a time."""
    return time.monotonic() > deadline
