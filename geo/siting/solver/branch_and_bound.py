"""The proof: candidates are tried in and out, and what the bound constraints out is not looked at."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from geo.siting.model import Positions
from geo.siting.solver.constraint_matrix import IN, OUT, UNDECIDED, ScaledConstraints, States
from geo.siting.solver.heuristics import exchange_median
from geo.siting.solver.lagrangian import (
    AssignmentModel,
    Multipliers,
    first_multipliers,
    is_past,
    subgradient,
)

ROOT_STEPS: Final = 1_000

NODE_STEPS: Final = 60

DIVE_STEPS: Final = 30

SURE: Final = 0.95

EXACT: Final = 5e-10


@dataclass(frozen=True)
class BoundTolerance:
    """How far two plans' costs are apart at least, and which gap is good enough."""

    unit: float
    gap: float

    def cutoff(self, objective: float) -> float:
        """Return the bound above which nothing better than an objective is left."""
        slack = max(self.gap, EXACT) * abs(objective)
        return objective - max(slack, self.unit * (1.0 - 1e-5))

    def rounded_up(self, bound: float) -> float:
        """Return a bound raised to the next cost that a plan can have."""
        if self.unit <= 0.0 or not np.isfinite(bound):
            return bound
        return float(np.ceil(bound / self.unit - 1e-6) * self.unit)


@dataclass(order=True)
class BranchNode:
    """Decisions made so far and the bound on all plans that follow them."""

    bound: float
    number: int
    states: States = field(compare=False)
    multipliers: Multipliers = field(compare=False)


class BranchAndBound:
    """All that is not ruled out yet, the lowest bound first.

    Attributes
    ----------
    chosen, objective
        The best plan so far and its cost.
    closed_bound : float
        Least bound of the branches that were left because they are good enough.
    """

    def __init__(
        self,
        assignment: AssignmentModel,
        matrix: ScaledConstraints,
        chosen: Positions,
        tolerance: BoundTolerance,
        deadline: float,
    ) -> None:
        self.assignment, self.matrix, self.tolerance, self.deadline = (
            assignment,
            matrix,
            tolerance,
            deadline,
        )
        self.chosen = exchange_median(assignment, matrix, chosen)
        self.objective = float(assignment.travelled(self.chosen).sum())
        self.closed_bound = np.inf
        self.heap: list[BranchNode] = []
        self.number = 0

    @property
    def bound(self) -> float:
        """No plan costs less."""
        open_candidates = self.heap[0].bound if self.heap else np.inf
        return min(
            self.tolerance.rounded_up(min(open_candidates, self.closed_bound)), self.objective
        )

    def solve_root(self) -> None:
        """Compute the root: many steps, and exchanges from what earns most."""
        states = np.full(self.assignment.candidate_count, UNDECIDED, dtype=np.int8)
        multipliers = first_multipliers(self.assignment, self.matrix)
        self._evaluate(states, multipliers, ROOT_STEPS)
        if self.heap:
            self._dive(self.heap[0])

    def branch(self, report: Callable[[float, float], bool], nodes: int) -> None:
        """Branch until nothing better is left, nodes or time are up, or ``report`` says False."""
        for _ in range(nodes):
            if not self.heap or is_past(self.deadline) or not report(self.objective, self.bound):
                return
            if self.heap[0].bound > self.tolerance.cutoff(self.objective):
                return
            node = heapq.heappop(self.heap)
            self._split(node)

    def offer(self, chosen: Positions) -> None:
        """Take a plan, bettered by exchanges, if it keeps the constraints and is the best so far."""
        self._consider(chosen, search=True)

    def restart(self, states: States, multipliers: Multipliers) -> None:
        """Take better prices of all that is left for a new root."""
        bound, self.heap = self.bound, []
        before = bound if np.isfinite(bound) else -np.inf
        self._evaluate(states, multipliers, NODE_STEPS, min(before, self.objective))
        if self.heap:
            self._dive(self.heap[0])

    def _dive(self, node: BranchNode) -> None:
        """Look for a better plan: what is taken almost always is kept, until all is decided."""
        states, multipliers = node.states, node.multipliers
        while (states == UNDECIDED).any() and not is_past(self.deadline):
            chosen = _surest(states, multipliers)
            states = states.copy()
            states[chosen] = IN
            propagate = self.matrix.propagate(states)
            if propagate is None:
                return
            states = propagate
            cutoff = self.tolerance.cutoff(self.objective)
            multipliers = subgradient(
                self.assignment, self.matrix, states, multipliers,
                target=self.objective, cutoff=cutoff, steps=DIVE_STEPS, deadline=self.deadline,
            )  # fmt: skip
            self._consider(multipliers.selected)
            if multipliers.bound > self.tolerance.cutoff(self.objective):
                return

    def open_candidates(self) -> States:
        """Return which candidates any branch still may choose: FREE, or OUT."""
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
        """Bound a branch, decide what the bound decides, and keep it if it may hold better."""
        propagate = self.matrix.propagate(states)
        if propagate is None:
            return
        cutoff = self.tolerance.cutoff(self.objective)
        found = subgradient(
            self.assignment, self.matrix, propagate, multipliers,
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
        ruled = fix_by_bound(found, propagate, self.matrix, cutoff)
        if (ruled != propagate).any():
            self.closed_bound = min(self.closed_bound, cutoff + 1e-5 * self.tolerance.unit)
        decided = self.matrix.propagate(ruled)
        if decided is not None:
            self.number += 1
            heapq.heappush(self.heap, BranchNode(bound, self.number, decided, found))

    def _consider(self, chosen: Positions, *, search: bool = False) -> None:
        """Take a plan over if it keeps the constraints and is better."""
        if not self.matrix.holds(self.matrix.totals(chosen)):
            return
        cost = float(self.assignment.travelled(chosen).sum())
        if search or cost < self.objective:
            chosen = exchange_median(self.assignment, self.matrix, chosen)
            cost = float(self.assignment.travelled(chosen).sum())
        if cost < self.objective:
            self.chosen, self.objective = np.sort(chosen), cost


def _surest(states: States, multipliers: Multipliers) -> Positions:
    """Return the free candidates taken in nearly all steps, or the one taken most often."""
    free = np.flatnonzero(states == UNDECIDED)
    share = multipliers.share[free]
    sure = free[share >= SURE]
    if len(sure):
        return sure
    return free[[np.lexsort((free, multipliers.reduced_cost[free], -share))[0]]]


def _branching_candidate(node: BranchNode) -> int | None:
    """Return the free candidate that was taken in nearest to half of the steps."""
    free = np.flatnonzero(node.states == UNDECIDED)
    if not len(free):
        return None
    doubt = np.abs(node.multipliers.share[free] - 0.5)
    return int(free[np.lexsort((free, node.multipliers.reduced_cost[free], doubt))[0]])


def fix_by_bound(
    multipliers: Multipliers, states: States, matrix: ScaledConstraints, cutoff: float
) -> States:
    """Return the states with candidates in or out whose contrary the bound constraints out."""
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
    answer = states.copy()
    answer[outside[multipliers.bound + joins > cutoff]] = OUT
    answer[inside[multipliers.bound + parts > cutoff]] = IN
    return answer


def seconds_from(started: float) -> float:
    """Return how long ago the clock showed a time."""
    return time.monotonic() - started
