"""Branch and bound for the p-median, with Lagrangian bounds."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from geo.siting.model import Positions
from geo.siting.solver.assignment import AssignmentModel
from geo.siting.solver.constraint_matrix import IN, OUT, UNDECIDED, ScaledConstraints, States
from geo.siting.solver.heuristics import exchange_median
from geo.siting.solver.lagrangian import Multipliers, first_multipliers, is_past, subgradient

ROOT_STEPS: Final = 1_000
NODE_STEPS: Final = 60
DIVE_STEPS: Final = 30
"""Steps of the subgradient method at the root, at a node and while diving."""

SURE: Final = 0.95
"""Share of the steps from which a candidate is taken while diving."""

EXACT: Final = 5e-10
"""Relative gap at which the optimum counts as proven."""


@dataclass(frozen=True)
class BoundTolerance:
    """When a bound is good enough.

    Attributes
    ----------
    unit : float
        All costs are multiples of it; 0 where none is known.
    gap : float
        Relative gap that is good enough.
    """

    unit: float
    gap: float

    def cutoff(self, objective: float) -> float:
        """Return the bound above which a node holds no plan better than an objective."""
        slack = max(self.gap, EXACT) * abs(objective)
        return objective - max(slack, self.unit * (1.0 - 1e-5))

    def rounded_up(self, bound: float) -> float:
        """Return a bound rounded up to the next cost that a plan can have."""
        if self.unit <= 0.0 or not np.isfinite(bound):
            return bound
        return float(np.ceil(bound / self.unit - 1e-6) * self.unit)


@dataclass(order=True)
class BranchNode:
    """Decisions so far, and the bound on all plans that follow them."""

    bound: float
    number: int
    states: States = field(compare=False)
    multipliers: Multipliers = field(compare=False)


class BranchAndBound:
    """The incumbent and the open nodes, the lowest bound first.

    Parameters
    ----------
    assignment : AssignmentModel
        Aggregated demand.
    matrix : ScaledConstraints
        Constraints.
    chosen : numpy.ndarray
        Positions of a feasible plan.
    tolerance : BoundTolerance
        When nodes are pruned.
    deadline : float
        On the clock of :func:`time.monotonic`.

    Attributes
    ----------
    chosen, objective
        The incumbent and its cost.
    closed_bound : float
        Least bound of the nodes that were pruned within the tolerance.
    """

    def __init__(
        self,
        assignment: AssignmentModel,
        matrix: ScaledConstraints,
        chosen: Positions,
        tolerance: BoundTolerance,
        deadline: float,
    ) -> None:
        self.assignment, self.matrix = assignment, matrix
        self.tolerance, self.deadline = tolerance, deadline
        self.chosen = exchange_median(assignment, matrix, chosen)
        self.objective = float(assignment.travelled(self.chosen).sum())
        self.closed_bound = np.inf
        self.heap: list[BranchNode] = []
        self.number = 0

    @property
    def bound(self) -> float:
        """Lower bound on the cost of any plan."""
        left = self.heap[0].bound if self.heap else np.inf
        return min(self.tolerance.rounded_up(min(left, self.closed_bound)), self.objective)

    def solve_root(self) -> None:
        """Bound the root with many steps, improve its plans, and dive."""
        states = np.full(self.assignment.candidate_count, UNDECIDED, dtype=np.int8)
        multipliers = first_multipliers(self.assignment, self.matrix)
        self._evaluate(states, multipliers, ROOT_STEPS)
        if self.heap:
            self._dive(self.heap[0])

    def branch(self, report: Callable[[float, float], bool], nodes: int) -> None:
        """Branch until no node is open, nodes or time are used up, or ``report`` returns False."""
        for _ in range(nodes):
            if not self.heap or is_past(self.deadline) or not report(self.objective, self.bound):
                return
            if self.heap[0].bound > self.tolerance.cutoff(self.objective):
                return
            node = heapq.heappop(self.heap)
            self._split(node)

    def offer(self, chosen: Positions) -> None:
        """Improve a feasible plan by exchange, and make it the incumbent where it is better."""
        self._consider(chosen, search=True)

    def restart(self, states: States, multipliers: Multipliers) -> None:
        """Start again from one node with better multipliers."""
        bound, self.heap = self.bound, []
        before = bound if np.isfinite(bound) else -np.inf
        self._evaluate(states, multipliers, NODE_STEPS, min(before, self.objective))
        if self.heap:
            self._dive(self.heap[0])

    def _dive(self, node: BranchNode) -> None:
        """Dive: fix the candidates selected in almost all steps, until all are decided."""
        states, multipliers = node.states, node.multipliers
        while (states == UNDECIDED).any() and not is_past(self.deadline):
            chosen = _surest(states, multipliers)
            states = states.copy()
            states[chosen] = IN
            propagated = self.matrix.propagate(states)
            if propagated is None:
                return
            states = propagated
            cutoff = self.tolerance.cutoff(self.objective)
            multipliers = subgradient(
                self.assignment, self.matrix, states, multipliers,
                target=self.objective, cutoff=cutoff, steps=DIVE_STEPS, deadline=self.deadline,
            )  # fmt: skip
            self._consider(multipliers.selected)
            if multipliers.bound > self.tolerance.cutoff(self.objective):
                return

    def open_candidates(self) -> States:
        """Return UNDECIDED for the candidates that an open node may still choose, else OUT."""
        states = np.full(self.assignment.candidate_count, OUT, dtype=np.int8)
        for node in self.heap:
            states[node.states != OUT] = UNDECIDED
        return states

    def _split(self, node: BranchNode) -> None:
        candidate = _branching_candidate(node)
        if candidate is None:
            self._consider(np.flatnonzero(node.states == IN))
            return
        for decision in (IN, OUT):
            states = node.states.copy()
            states[candidate] = decision
            self._evaluate(states, node.multipliers, NODE_STEPS, node.bound)

    def _evaluate(
        self, states: States, multipliers: Multipliers, steps: int, bound: float = -np.inf
    ) -> None:
        """Bound a node, fix what the bound decides, and keep the node unless it is pruned."""
        propagated = self.matrix.propagate(states)
        if propagated is None:
            return
        cutoff = self.tolerance.cutoff(self.objective)
        found = subgradient(
            self.assignment, self.matrix, propagated, multipliers,
            target=self.objective, cutoff=cutoff, steps=steps, deadline=self.deadline,
        )  # fmt: skip
        self._consider(found.selected, search=steps == ROOT_STEPS)
        if steps == ROOT_STEPS:
            self._consider(
                np.argsort(-found.share, kind="stable")[: len(found.selected)], search=True
            )
        cutoff = self.tolerance.cutoff(self.objective)
        bound = max(bound, found.bound)
        if bound > cutoff:
            self.closed_bound = min(self.closed_bound, bound)
            return
        fixed = fix_by_bound(found, propagated, self.matrix, cutoff)
        if (fixed != propagated).any():
            self.closed_bound = min(self.closed_bound, cutoff + 1e-5 * self.tolerance.unit)
        decided = self.matrix.propagate(fixed)
        if decided is not None:
            self.number += 1
            heapq.heappush(self.heap, BranchNode(bound, self.number, decided, found))

    def _consider(self, chosen: Positions, *, search: bool = False) -> None:
        """Make a plan the incumbent where it is feasible and better."""
        if not self.matrix.holds(self.matrix.totals(chosen)):
            return
        cost = float(self.assignment.travelled(chosen).sum())
        if search or cost < self.objective:
            chosen = exchange_median(self.assignment, self.matrix, chosen)
            cost = float(self.assignment.travelled(chosen).sum())
        if cost < self.objective:
            self.chosen, self.objective = np.sort(chosen), cost


def _surest(states: States, multipliers: Multipliers) -> Positions:
    """Return the undecided candidates selected in nearly all steps, or the most frequent one."""
    free = np.flatnonzero(states == UNDECIDED)
    share = multipliers.share[free]
    sure = free[share >= SURE]
    if len(sure):
        return sure
    return free[[np.lexsort((free, multipliers.reduced_cost[free], -share))[0]]]


def _branching_candidate(node: BranchNode) -> int | None:
    """Return the undecided candidate selected in nearest to half of the steps."""
    free = np.flatnonzero(node.states == UNDECIDED)
    if not len(free):
        return None
    doubt = np.abs(node.multipliers.share[free] - 0.5)
    return int(free[np.lexsort((free, node.multipliers.reduced_cost[free], doubt))[0]])


def fix_by_bound(
    multipliers: Multipliers, states: States, matrix: ScaledConstraints, cutoff: float
) -> States:
    """Return the states with the candidates fixed whose other value exceeds the cutoff.

    Parameters
    ----------
    multipliers : Multipliers
        Of the node, with bound and reduced costs.
    states : numpy.ndarray
        Decisions so far.
    matrix : ScaledConstraints
        Constraints, for the number of sites.
    cutoff : float
        Bound above which plans are of no interest.

    Returns
    -------
    numpy.ndarray
        States of the candidates.
    """
    free, chosen = states == UNDECIDED, int((states == IN).sum())
    selected = np.zeros(len(states), dtype=bool)
    selected[multipliers.selected] = True
    inside, outside = np.flatnonzero(free & selected), np.flatnonzero(free & ~selected)
    reduced_cost, number = multipliers.reduced_cost, len(inside) + chosen
    last = reduced_cost[inside].max(initial=-np.inf) if len(inside) else -np.inf
    next_ = reduced_cost[outside].min(initial=np.inf)
    joins = np.full(len(outside), np.inf) if not len(inside) else reduced_cost[outside] - last
    if number < matrix.most:
        joins = np.minimum(joins, reduced_cost[outside])
    parts = next_ - reduced_cost[inside]
    if number > matrix.fewest:
        parts = np.minimum(parts, -reduced_cost[inside])
    fixed = states.copy()
    fixed[outside[multipliers.bound + joins > cutoff]] = OUT
    fixed[inside[multipliers.bound + parts > cutoff]] = IN
    return fixed
