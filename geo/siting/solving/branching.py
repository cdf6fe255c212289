"""The proof: candidates are tried in and out, and what the bound rules out is not looked at."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from geo.siting.model import Positions
from geo.siting.solving.assigning import Assigning
from geo.siting.solving.exchanging import exchanged
from geo.siting.solving.keeping import FREE, IN, OUT, Keeping, States
from geo.siting.solving.pricing import Prices, first_prices, late, raised

ROOT_STEPS: Final = 1_000
NODE_STEPS: Final = 60
DIVE_STEPS: Final = 30
SURE: Final = 0.95
EXACT: Final = 5e-10


@dataclass(frozen=True)
class Grain:
    """How far two plans' costs are apart at least, and which gap is good enough."""

    unit: float
    gap: float

    def enough(self, objective: float) -> float:
        """Return the bound above which nothing better than an objective is left."""
        slack = max(self.gap, EXACT) * abs(objective)
        return objective - max(slack, self.unit * (1.0 - 1e-5))

    def lifted(self, bound: float) -> float:
        """Return a bound raised to the next cost that a plan can have."""
        if self.unit <= 0.0 or not np.isfinite(bound):
            return bound
        return float(np.ceil(bound / self.unit - 1e-6) * self.unit)


@dataclass(order=True)
class Branch:
    """Decisions made so far and the bound on all plans that follow them."""

    bound: float
    number: int
    states: States = field(compare=False)
    prices: Prices = field(compare=False)


class Tree:
    """All that is not ruled out yet, the lowest bound first.

    Attributes
    ----------
    chosen, objective
        The best plan so far and its cost.
    closed : float
        Least bound of the branches that were left because they are good enough.
    """

    def __init__(
        self, travel: Assigning, keeping: Keeping, chosen: Positions, grain: Grain, stop_at: float
    ) -> None:
        self.travel, self.keeping, self.grain, self.stop_at = travel, keeping, grain, stop_at
        self.chosen = exchanged(travel, keeping, chosen)
        self.objective = float(travel.travelled(self.chosen).sum())
        self.closed = np.inf
        self.heap: list[Branch] = []
        self.number = 0

    @property
    def bound(self) -> float:
        """No plan costs less."""
        left = self.heap[0].bound if self.heap else np.inf
        return min(self.grain.lifted(min(left, self.closed)), self.objective)

    def plant(self) -> None:
        """Reckon the root: many steps, and exchanges from what earns most."""
        states = np.full(self.travel.candidate_count, FREE, dtype=np.int8)
        prices = first_prices(self.travel, self.keeping)
        self._look(states, prices, ROOT_STEPS)
        if self.heap:
            self._dive(self.heap[0])

    def grow(self, tell: Callable[[float, float], bool], nodes: int) -> None:
        """Branch until nothing better is left, nodes or time are up, or ``tell`` says False."""
        for _ in range(nodes):
            if not self.heap or late(self.stop_at) or not tell(self.objective, self.bound):
                return
            if self.heap[0].bound > self.grain.enough(self.objective):
                return
            branch = heapq.heappop(self.heap)
            self._split(branch)

    def offer(self, chosen: Positions) -> None:
        """Take a plan, bettered by exchanges, if it keeps the rules and is the best so far."""
        self._weigh(chosen, search=True)

    def replant(self, states: States, prices: Prices) -> None:
        """Take better prices of all that is left for a new root."""
        bound, self.heap = self.bound, []
        before = bound if np.isfinite(bound) else -np.inf
        self._look(states, prices, NODE_STEPS, min(before, self.objective))
        if self.heap:
            self._dive(self.heap[0])

    def _dive(self, branch: Branch) -> None:
        """Look for a better plan: what is taken almost always is kept, until all is decided."""
        states, prices = branch.states, branch.prices
        while (states == FREE).any() and not late(self.stop_at):
            chosen = _surest(states, prices)
            states = states.copy()
            states[chosen] = IN
            forced = self.keeping.forced(states)
            if forced is None:
                return
            states = forced
            enough = self.grain.enough(self.objective)
            prices = raised(
                self.travel, self.keeping, states, prices,
                target=self.objective, enough=enough, steps=DIVE_STEPS, stop_at=self.stop_at,
            )  # fmt: skip
            self._weigh(prices.taken)
            if prices.bound > self.grain.enough(self.objective):
                return

    def left(self) -> States:
        """Return which candidates any branch still may choose: FREE, or OUT."""
        states = np.full(self.travel.candidate_count, OUT, dtype=np.int8)
        for branch in self.heap:
            states[branch.states != OUT] = FREE
        return states

    def _split(self, branch: Branch) -> None:
        candidate = _undecided(branch)
        if candidate is None:
            self._weigh(np.flatnonzero(branch.states == IN))
            return
        for decision in (IN, OUT):
            states = branch.states.copy()
            states[candidate] = decision
            self._look(states, branch.prices, NODE_STEPS, branch.bound)

    def _look(self, states: States, prices: Prices, steps: int, bound: float = -np.inf) -> None:
        """Bound a branch, decide what the bound decides, and keep it if it may hold better."""
        forced = self.keeping.forced(states)
        if forced is None:
            return
        enough = self.grain.enough(self.objective)
        found = raised(
            self.travel, self.keeping, forced, prices,
            target=self.objective, enough=enough, steps=steps, stop_at=self.stop_at,
        )  # fmt: skip
        self._weigh(found.taken, search=steps == ROOT_STEPS)
        if steps == ROOT_STEPS:
            self._weigh(np.argsort(-found.share, kind="stable")[: len(found.taken)], search=True)
        enough = self.grain.enough(self.objective)
        bound = max(bound, found.bound)
        if bound > enough:
            self.closed = min(self.closed, bound)
            return
        ruled = decided_by(found, forced, self.keeping, enough)
        if (ruled != forced).any():
            self.closed = min(self.closed, enough + 1e-5 * self.grain.unit)
        decided = self.keeping.forced(ruled)
        if decided is not None:
            self.number += 1
            heapq.heappush(self.heap, Branch(bound, self.number, decided, found))

    def _weigh(self, chosen: Positions, *, search: bool = False) -> None:
        """Take a plan over if it keeps the rules and is better."""
        if not self.keeping.holds(self.keeping.totals(chosen)):
            return
        cost = float(self.travel.travelled(chosen).sum())
        if search or cost < self.objective:
            chosen = exchanged(self.travel, self.keeping, chosen)
            cost = float(self.travel.travelled(chosen).sum())
        if cost < self.objective:
            self.chosen, self.objective = np.sort(chosen), cost


def _surest(states: States, prices: Prices) -> Positions:
    """Return the free candidates taken in nearly all steps, or the one taken most often."""
    free = np.flatnonzero(states == FREE)
    share = prices.share[free]
    sure = free[share >= SURE]
    if len(sure):
        return sure
    return free[[np.lexsort((free, prices.earned[free], -share))[0]]]


def _undecided(branch: Branch) -> int | None:
    """Return the free candidate that was taken in nearest to half of the steps."""
    free = np.flatnonzero(branch.states == FREE)
    if not len(free):
        return None
    doubt = np.abs(branch.prices.share[free] - 0.5)
    return int(free[np.lexsort((free, branch.prices.earned[free], doubt))[0]])


def decided_by(prices: Prices, states: States, keeping: Keeping, enough: float) -> States:
    """Return the states with candidates in or out whose contrary the bound rules out."""
    free, chosen = states == FREE, int((states == IN).sum())
    taken = np.zeros(len(states), dtype=bool)
    taken[prices.taken] = True
    inside, outside = np.flatnonzero(free & taken), np.flatnonzero(free & ~taken)
    earned, number = prices.earned, len(inside) + chosen
    last = earned[inside].max(initial=-np.inf) if len(inside) else -np.inf
    next_ = earned[outside].min(initial=np.inf)
    joins = np.full(len(outside), np.inf) if not len(inside) else earned[outside] - last
    if number < keeping.most:
        joins = np.minimum(joins, earned[outside])
    parts = next_ - earned[inside]
    if number > keeping.fewest:
        parts = np.minimum(parts, -earned[inside])
    answer = states.copy()
    answer[outside[prices.bound + joins > enough]] = OUT
    answer[inside[prices.bound + parts > enough]] = IN
    return answer


def seconds_from(begun: float) -> float:
    """Return how long ago the clock showed a time."""
    return time.monotonic() - begun
