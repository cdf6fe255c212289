"""How little a plan can cost at least: prices of being served, raised step by step.

Each merged demand point pays a price; a site earns what the prices of the points around it
exceed their travel by. The prices' sum less the best earnings that the rules allow is a lower
bound (Lagrangian relaxation: Cornuejols, Fisher and Nemhauser 1977; Beasley 1985). Rules other
than the number of sites are priced likewise.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geo.siting.model import Floats, Positions
from geo.siting.solving.assigning import Assigning
from geo.siting.solving.keeping import FREE, IN, OUT, Keeping, States

PATIENCE: Final = (8, 20)
"""Steps without a better bound, after which they are halved: on short walks and on long ones."""

LONG: Final = 200
"""Steps of a long walk at least."""

SHORTEST_STEP: Final = 1e-3
"""Times the distance to the best plan; with shorter ones nothing is gained."""

KEEPS: Final = 0.7
"""Of the way gone last, which is added to each step: it spares going to and fro (Camerini 1975)."""

LOOKS_AT_CLOCK: Final = 16
"""Steps between two looks at the clock."""


@dataclass(frozen=True)
class Prices:
    """Prices, and the bound that they prove.

    Attributes
    ----------
    demand : numpy.ndarray
        What each merged demand point pays, at most its limit.
    rule : numpy.ndarray
        What each rule's total costs: negative where more of it is wanted.
    bound : float
        No plan within the rules and the decisions costs less.
    earned : numpy.ndarray
        Of each candidate: what choosing it adds, mostly negative; 0 where it is left out.
    taken : numpy.ndarray
        Positions of the candidates that earn most.
    share : numpy.ndarray
        Of each candidate: in which share of the last steps it was taken.
    """

    demand: Floats
    rule: Floats
    bound: float
    earned: Floats
    taken: Positions
    share: Floats


def first_prices(travel: Assigning, keeping: Keeping) -> Prices:
    """Return prices at which each point just pays its way to its second nearest candidate."""
    order = np.lexsort((travel.cost, travel.demand))
    demand, cost = travel.demand[order], travel.cost[order]
    heads = np.flatnonzero(np.diff(demand, prepend=-1))
    next_ = heads[heads + 1 < np.append(heads[1:], len(demand))] + 1
    price = travel.limit.copy()
    price[demand[next_]] = cost[next_]
    count = travel.candidate_count
    nothing = np.zeros(count)
    none = np.zeros(0, dtype=np.int64)
    return Prices(price, np.zeros(len(keeping.lower)), -np.inf, nothing, none, nothing)


class _Part:
    """The pairs of the candidates that are not left out, and the rules without redundancy."""

    def __init__(self, travel: Assigning, keeping: Keeping, states: States) -> None:
        self.travel, self.keeping, self.states = travel, keeping, states
        self.chosen = np.flatnonzero(states == IN)
        self.free = np.flatnonzero(states == FREE)
        held = np.flatnonzero(states != OUT)
        held = held[np.diff(travel.start)[held] > 0]
        pairs = travel.of(held)
        self.held, self.demand, self.cost = held, travel.demand[pairs], travel.cost[pairs]
        length = np.diff(travel.start)[held]
        self.begin = np.cumsum(length) - length
        self.fewest = max(keeping.fewest - len(self.chosen), 0)
        self.most = min(keeping.most - len(self.chosen), len(self.free))
        self.priced = keeping.particular()
        self.rows = keeping.rows[self.priced]
        self.scale = np.sqrt(len(travel.limit) / max(1, min(keeping.most, len(states))))

    def earned(self, price: Floats, rule: Floats) -> Floats:
        """Return of each candidate what it adds at some prices."""
        answer = np.zeros(len(self.states))
        if len(self.held):
            beyond = np.minimum(self.cost - price[self.demand], 0.0)
            answer[self.held] = np.add.reduceat(beyond, self.begin)
        if len(self.priced):
            answer += rule[self.priced] @ self.rows
        return answer

    def taken(self, earned: Floats) -> Positions:
        """Return the free candidates that earn most, as many as pay or as must be."""
        order = self.free[np.argsort(earned[self.free], kind="stable")]
        paying = int((earned[order] < 0).sum())
        return order[: min(max(paying, self.fewest), self.most)]

    def constant(self, rule: Floats) -> float:
        """Return what the rules' prices add whatever is chosen."""
        lower, upper = self.keeping.lower[self.priced], self.keeping.upper[self.priced]
        price = rule[self.priced]
        wanted = np.where(price < 0, lower, np.where(price > 0, upper, 0.0))
        return -float(price @ wanted)

    def served(self, taken: Positions, price: Floats) -> Floats:
        """Return of each demand point how many of the taken it pays."""
        travel = self.travel
        pairs = travel.of(taken)
        pays = travel.cost[pairs] < price[travel.demand[pairs]]
        return np.bincount(travel.demand[pairs][pays], minlength=len(price)).astype(np.float64)

    def breach(self, taken: Positions, rule: Floats) -> Floats:
        """Return of each rule by how much its total is beyond what its price asks."""
        answer = np.zeros(len(rule))
        if not len(self.priced):
            return answer
        y = np.zeros(len(self.states))
        y[taken] = 1.0
        total = self.rows @ y
        lower, upper = self.keeping.lower[self.priced], self.keeping.upper[self.priced]
        price = rule[self.priced]
        short, over = np.minimum(total - lower, 0.0), np.maximum(total - upper, 0.0)
        slack = np.where(price < 0, total - lower, np.where(price > 0, total - upper, short + over))
        answer[self.priced] = slack
        return answer


def raised(
    travel: Assigning,
    keeping: Keeping,
    states: States,
    prices: Prices,
    *,
    target: float,
    enough: float,
    steps: int,
    stop_at: float,
) -> Prices:
    """Return the prices of the best bound that some steps of the subgradient find.

    Parameters
    ----------
    travel, keeping : Assigning, Keeping
        Demand and rules.
    states : numpy.ndarray
        What is decided already; held against the rules by the caller.
    prices : Prices
        To start from.
    target : float
        Cost of the best plan known; steps are as long as its distance from the bound asks.
    enough : float
        A bound beyond which no step more is made.
    steps : int
        At most.
    stop_at : float
        Clock (``time.monotonic``) at which to stop.
    """
    part = _Part(travel, keeping, states)
    walk = _Walk(part, prices, target, PATIENCE[steps >= LONG])
    for step in range(steps):
        if (
            walk.step()
            or walk.best.bound > enough
            or (step % LOOKS_AT_CLOCK == 0 and late(stop_at))
        ):
            break
    return replace(walk.best, share=walk.share())


class _Walk:
    """One way up: where it stands, the best so far, how long the steps are."""

    def __init__(self, part: _Part, prices: Prices, target: float, patience: int) -> None:
        self.patience = patience
        self.part, self.target, self.best = part, target, replace(prices, bound=-np.inf)
        self.price, self.rule = prices.demand, prices.rule
        self.length, self.idle = 2.0 if not len(prices.taken) else 1.0, 0
        self.way = (np.zeros(len(prices.demand)), np.zeros(len(prices.rule)))
        self.often, self.count = np.zeros(len(part.states)), 0

    def step(self) -> bool:
        """Reckon the bound here and go on; return whether there is nowhere to go."""
        part = self.part
        earned = part.earned(self.price, self.rule)
        taken = np.concatenate([part.chosen, part.taken(earned)])
        bound = float(self.price.sum() + earned[taken].sum()) + part.constant(self.rule)
        self.often[taken] += 1.0
        self.count += 1
        self._note(bound, earned, taken)
        if self.length < SHORTEST_STEP:
            return True
        return self._go(bound, taken)

    def _note(self, bound: float, earned: Floats, taken: Positions) -> None:
        if bound > self.best.bound + 1e-7 * abs(bound):
            share = self.best.share
            self.best = Prices(self.price, self.rule, bound, earned, taken, share)
            self.idle = 0
            return
        self.idle += 1
        if self.idle >= self.patience:
            self.idle, self.length = 0, self.length / 2
            self.price, self.rule = self.best.demand, self.best.rule
            self.way = (0.0 * self.price, 0.0 * self.rule)

    def _go(self, bound: float, taken: Positions) -> bool:
        part = self.part
        uphill = 1.0 - part.served(taken, self.price)
        uphill[(uphill > 0) & (self.price >= part.travel.limit)] = 0.0
        breach = part.breach(taken, self.rule) * part.scale
        uphill, breach = uphill + KEEPS * self.way[0], breach + KEEPS * self.way[1]
        self.way = (uphill, breach)
        square = float(uphill @ uphill + breach @ breach)
        if square <= 0.0:
            return True
        apart = max(1.01 * self.target - bound, 1e-3 * abs(self.target), 1e-12)
        size = self.length * apart / square
        self.price = np.clip(self.price + size * uphill, 0.0, part.travel.limit)
        moved = self.rule + size * part.scale * breach
        self.rule = within_signs(moved, part.keeping)
        return False

    def share(self) -> Floats:
        """Return in which share of the steps each candidate was taken."""
        return self.often / max(self.count, 1)


def within_signs(rule: Floats, keeping: Keeping) -> Floats:
    """Return prices of rules that have a bound on the side that they press towards."""
    least = np.where(np.isfinite(keeping.lower), -np.inf, 0.0)
    greatest = np.where(np.isfinite(keeping.upper), np.inf, 0.0)
    return np.clip(rule, least, greatest)


def late(stop_at: float) -> bool:
    """Return whether the clock has passed a time."""
    return time.monotonic() > stop_at
