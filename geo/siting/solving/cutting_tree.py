"""The proof by branch and cut: sites are tried in and out, with cuts where fractions break them.

HiGHS takes no cut while it branches, and on the dense rows of cuts spends its time at the root;
so the tree is ours and HiGHS solves the fractions of each node from where the last one stood
(Cordeau, Furini and Ljubic 2019, branch-and-Benders-cut).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from geo.siting.model import Floats, Positions
from geo.siting.solving.cutting import Pieces, rows_of
from geo.siting.solving.highs import Answer, Model, Relaxation
from geo.siting.solving.relaxing import rounded_off
from geo.siting.solving.standing import Standing
from geo.siting.solving.task import CHOSEN
from geo.siting.solving.whole import gain_scale

WHOLE: Final = 1e-6
"""A site that is within this of a whole number is in or out."""

DEEP: Final = 1e-2
"""Of sums that are near 10,000 together: by how much a fraction must break a cut to get it."""

ROUNDS: Final = 3
"""Of cuts at a node, before it is branched. One or ten were slower, if not by much."""

ROUND_OFF_EVERY: Final = 20
"""Nodes; rounding off and exchanging costs as much as a few of them."""

MOST_ADDED: Final = 300
"""Rows after which those that no longer bind are dropped."""


@dataclass(order=True)
class Node:
    """Some sites in, some out, and the bound on all plans that keep to it; highest first."""

    key: tuple[float, int]
    lower: Floats = field(compare=False)
    upper: Floats = field(compare=False)

    @property
    def bound(self) -> float:
        """No plan that keeps to it gains more."""
        return -self.key[0]


class CuttingTree:
    """All that is not ruled out yet.

    Parameters
    ----------
    standing : Standing
        What is known; it is brought up to date.
    pieces : Pieces
        Of the task: from which cuts are drawn.
    model : geo.siting.solving.highs.Model
        Sites and sums, with rules, floors and the cuts so far.
    fixed_rows : int
        Rows of rules and floors, which come first.
    """

    def __init__(self, standing: Standing, pieces: Pieces, model: Model, fixed_rows: int) -> None:
        self.standing, self.pieces = standing, pieces
        self.relaxation, self.fixed_rows = Relaxation(model), fixed_rows
        self.sites, self.scale = standing.task.candidate_count, gain_scale(standing.task)
        self.open: list[Node] = []
        self.ahead: Node | None = None
        self.closed = -np.inf
        self.numbered = self.added = 0

    def search(self) -> None:
        """Look until nothing better can be left, or until time is over."""
        standing = self.standing
        self.ahead = self._node(standing.bound, np.zeros(self.sites), np.ones(self.sites))
        while not standing.is_done and (node := self._next()) is not None:
            if standing.is_beaten(node.bound):
                self._close(node.bound)
            else:
                self._look_into(node)
            standing.bound = min(standing.bound, self._bound_left())
            standing.tell()
        if self.ahead is None and not self.open and standing.best is None:
            standing.is_infeasible = not standing.is_stopped

    def _node(self, bound: float, lower: Floats, upper: Floats) -> Node:
        self.numbered += 1
        return Node((-bound, self.numbered), lower, upper)

    def _next(self) -> Node | None:
        """Return the child last made, else the node with the highest bound."""
        node, self.ahead = self.ahead, None
        return node or (heapq.heappop(self.open) if self.open else None)

    def _bound_left(self) -> float:
        left = [node.bound for node in (self.ahead, *self.open[:1]) if node is not None]
        return max([*left, self.closed, self.standing.gain])

    def _close(self, bound: float) -> None:
        self.closed = max(self.closed, bound)

    def _look_into(self, node: Node) -> None:
        """Solve a node's fractions with their cuts; leave it behind, or branch."""
        self.relaxation.bound_columns(node.lower, node.upper)
        bound, rounds = node.bound, 0
        while True:
            answer = self.relaxation.solve(self.standing.seconds_left)
            if answer.status == "infeasible":
                return
            if answer.status != "optimal" or answer.values is None:
                heapq.heappush(self.open, node)
                return
            bound = min(bound, answer.bound / self.scale)
            if self.standing.is_beaten(bound):
                self._close(bound)
                return
            x = np.clip(answer.values[: self.sites], 0.0, 1.0)
            sums = answer.values[self.sites :]
            undecided = np.abs(x - np.round(x))
            if undecided.max(initial=0.0) <= WHOLE:
                if self._is_parted(x, sums):
                    rounds += 1
                else:
                    self._judge(np.flatnonzero(x > CHOSEN))
            elif rounds < ROUNDS and self._is_parted(x, sums - DEEP):
                rounds += 1
            else:
                self._branch(node, x, answer, bound)
                return

    def _is_parted(self, x: Floats, sums: Floats) -> bool:
        """Return whether cuts were added that part a point from sums beyond what it covers."""
        cuts = self.pieces.cuts(x, sums)
        count = len(cuts.piece)
        if count:
            self.relaxation.add(*rows_of(cuts, len(self.pieces.owner)))
            self.added += count
        return count > 0

    def _judge(self, plan: Positions) -> None:
        """Take a whole plan for what it gains, and look on without it.

        HiGHS may have let it through within its tolerance only, and above what it gains.
        """
        self.standing.learn(plan)
        row = np.zeros((1, self.sites + len(self.pieces.owner)))
        row[0, : self.sites] = 1.0
        row[0, plan] = -1.0
        self.relaxation.add(csr_array(row), np.array([1.0 - len(plan)]), np.array([np.inf]))

    def _branch(self, node: Node, x: Floats, answer: Answer, bound: float) -> None:
        """Make both children by the site that is least decided; the one with it is next."""
        if self.numbered % ROUND_OFF_EVERY == 1:
            self.standing.learn(rounded_off(x))
        lower, upper = self._fixed(node, x, answer, bound)
        site = int(np.argmax(np.abs(x - np.round(x))))
        without, with_it = upper.copy(), lower.copy()
        without[site], with_it[site] = 0.0, 1.0
        heapq.heappush(self.open, self._node(bound, lower, without))
        self.ahead = self._node(bound, with_it, upper)
        if self.added > MOST_ADDED:
            self.relaxation.drop_loose(self.fixed_rows)
            self.added = 0

    def _fixed(self, node: Node, x: Floats, answer: Answer, bound: float) -> tuple[Floats, Floats]:
        """Return a node's bounds with all sites fixed of which the reduced cost says so."""
        lower, upper = node.lower.copy(), node.upper.copy()
        if answer.reduced_cost is None or self.standing.best is None:
            return lower, upper
        price = np.abs(answer.reduced_cost[: self.sites]) / self.scale
        sure = np.flatnonzero(price > bound - self.standing.gain + WHOLE * abs(bound))
        upper[sure[x[sure] < WHOLE]] = 0.0
        lower[sure[x[sure] > 1.0 - WHOLE]] = 1.0
        return lower, upper
