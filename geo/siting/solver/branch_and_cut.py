"""Branch and Benders cut for covering problems (Cordeau, Furini and Ljubic 2019).

At the root, cuts are added to the linear relaxation until none is violated; its bound is mostly
within 1% of the best plan and rules many candidates out. The rest is branched with the cuts so
far and new ones; every cut holds for every plan, so that the bound is proven. HiGHS takes no cuts
while it branches, and on the dense rows of cuts it spends its time at the root, so the tree is
ours and HiGHS solves the relaxation of each node from the last basis.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from geo.siting.model import Floats, Positions
from geo.siting.solver.benders import (
    BendersCuts,
    CoverageGroups,
    coverage_groups,
    master_problem,
    rows_of,
)
from geo.siting.solver.covering_model import (
    MILP_OPTIONS,
    MOST_WHOLE_PAIRS,
    CoveringProblem,
    SearchResult,
    SolverLimits,
    gain_scale,
    solve_as_milp,
)
from geo.siting.solver.heuristics import exchange_covering, greedy_covering, perturb_covering
from geo.siting.solver.highs import INTEGER_THRESHOLD, MilpModel, Relaxation, Rows, SolverResult
from geo.siting.solver.presolve import restrict_to_candidates, undominated_candidates
from geo.siting.solver.relaxation import (
    MOST_LP_PAIRS,
    SearchState,
    candidates_within_gap,
    rounded_plan,
    search_among,
    solve_by_relaxation,
)

STEP: Final = 0.2
"""Step of the in-out separation, from the last inner point towards the fractional point."""

TAIL: Final = 1e-5
"""Relative; the root is done when the fractional point covers all but this of its bound."""

RESTART_SHARE: Final = 0.8
"""Share of open candidates below which the search restarts among them."""

PERTURBATION_SHARE: Final = 0.2
"""Share of the time left that perturbation may take before branching."""

LOOSE: Final = 1e-3
"""A cut with more slack than this at the last fractional point is left out of the tree."""

INTEGRALITY: Final = 1e-6
"""A site whose value is within this of an integer is decided."""

DEEP_VIOLATION: Final = 1e-2
"""Violation (for sums scaled near 10,000 in all) from which a cut is added at a fractional node."""

ROUNDS: Final = 3
"""Rounds of cuts at a node before it is branched; one or ten were slightly slower."""

ROUND_EVERY: Final = 20
"""Nodes between two roundings; rounding and exchange take as long as a few nodes."""

MOST_NEW_CUTS: Final = 300
"""New cuts after which those that do not bind are deleted."""

START_SHARE: Final = 0.2
"""Share of the time that heuristics may take before the search."""


def solve_by_cuts(
    problem: CoveringProblem, start: Positions | None, limits: SolverLimits
) -> SearchResult:
    """Return the best plan of a concave problem by branch and cut.

    Parameters
    ----------
    problem : CoveringProblem
        Second coverage gains nowhere more than first coverage.
    start : numpy.ndarray or None
        A feasible plan.
    limits : SolverLimits
        Time, gap and progress.

    Returns
    -------
    SearchResult
        Best plan and bound, in gain.
    """
    return _RootSearch(problem, start, limits).run()


class _RootSearch:
    """The root node: cuts, incumbent and bound so far."""

    def __init__(
        self, problem: CoveringProblem, start: Positions | None, limits: SolverLimits
    ) -> None:
        self.problem, self.state = problem, SearchState(problem, start, limits)
        self.scale = gain_scale(problem)
        self.groups = coverage_groups(problem)
        self.model = master_problem(problem, self.groups)
        self.fixed_rows = self.model.rows.shape[0]
        self.pending: list[Rows] = []
        self.last: SolverResult | None = None

    def run(self) -> SearchResult:
        point = self._solve_root()
        if point is None or self.state.is_done:
            return self.state.result
        for offer in (lambda: self.state.offer(rounded_plan(point)), self._perturb):
            offer()
            kept = self._open_candidates()
            if len(kept) <= RESTART_SHARE * self.problem.candidate_count:
                return search_among(kept, self.state, _search_reduced)
        if not self.state.is_done:
            BranchAndCut(self.state, self.groups, self.model, self.fixed_rows).search()
        return self.state.result

    def _solve_root(self) -> Floats | None:
        """Add cuts until none is violated; return the fractional point, or None."""
        relaxation, state = Relaxation(self.model), self.state
        sites, inner = self.problem.candidate_count, None
        for x in self._first_points():
            self._add(self.groups.cuts(x, np.full(len(self.groups.owner), np.inf)), relaxation)
        while not state.is_done:
            result = relaxation.solve(state.seconds_left)
            if result.status == "infeasible":
                state.close()
            if result.status != "optimal" or result.values is None:
                return None
            self.last = result
            state.bound = min(state.bound, result.bound / self.scale)
            x = np.clip(result.values[:sites], 0.0, 1.0)
            inner = x if inner is None else inner + STEP * (x - inner)
            added = self._add(self.groups.cuts_between(inner, x, result.values[sites:]), relaxation)
            added = added or self._add(self.groups.cuts(x, result.values[sites:]), relaxation)
            if not added or self._is_tail(x):
                self._keep_tight(result.values)
                return x
            state.report()
        return None

    def _open_candidates(self) -> Positions:
        incumbent = self.state.incumbent
        if incumbent is None or self.last is None:
            return np.arange(self.problem.candidate_count)
        return candidates_within_gap(self.problem, self.last, incumbent)

    def _is_tail(self, point: Floats) -> bool:
        """Return whether more cuts would hardly lower the bound."""
        held = self.groups.values(point)[self.groups.owner == 0].sum() / self.scale
        held += self.problem.per_site * point.sum()
        bound = self.state.bound
        return bool(not len(self.problem.levels) and bound - held <= TAIL * abs(bound))

    def _first_points(self) -> list[Floats]:
        incumbent, origin = self.state.incumbent, np.zeros(self.problem.candidate_count)
        if incumbent is None:
            return [origin]
        point = origin.copy()
        point[incumbent] = 1.0
        return [origin, point]

    def _perturb(self) -> None:
        """Look for a better plan near the incumbent before branching."""
        incumbent = self.state.incumbent
        if incumbent is not None and not self.state.is_done:
            deadline = time.monotonic() + PERTURBATION_SHARE * self.state.seconds_left
            self.state.offer(perturb_covering(self.problem, incumbent, deadline))

    def _add(self, cuts: BendersCuts, relaxation: Relaxation) -> bool:
        count = len(cuts.group)
        if count:
            rows = rows_of(cuts, len(self.groups.owner))
            self.pending.append(rows)
            relaxation.add(*rows)
        return count > 0

    def _keep_tight(self, values: Floats) -> None:
        """Put those cuts into the model that are tight at the last fractional point."""
        self.model = self.model.with_rows(self.pending)
        self.pending = []
        room = self.model.row_upper - self.model.rows @ values
        kept = np.flatnonzero((room <= LOOSE) | (np.arange(len(room)) < self.fixed_rows))
        lower, upper = self.model.row_lower[kept], self.model.row_upper[kept]
        rows = csr_array(self.model.rows[kept])
        self.model = replace(self.model, rows=rows, row_lower=lower, row_upper=upper)


def _search_reduced(
    problem: CoveringProblem, start: Positions, limits: SolverLimits
) -> SearchResult:
    """Solve a reduced problem by the method that suits its size."""
    if problem.reach.nnz <= MOST_WHOLE_PAIRS:
        return solve_as_milp(problem, start, limits, MILP_OPTIONS)
    return solve_by_cuts(problem, start, limits)


@dataclass(order=True)
class Node:
    """Bounds of the candidates at a node, and the bound on its plans; the highest comes first."""

    key: tuple[float, int]
    lower: Floats = field(compare=False)
    upper: Floats = field(compare=False)

    @property
    def bound(self) -> float:
        """No plan of the node gains more."""
        return -self.key[0]


class BranchAndCut:
    """The tree of nodes that are not pruned.

    Parameters
    ----------
    state : SearchState
        Incumbent and bound; updated by the search.
    groups : CoverageGroups
        Of the problem; they yield the cuts.
    model : MilpModel
        The master problem with the cuts so far.
    fixed_rows : int
        Number of rows of constraints and floors, which come first.
    """

    def __init__(
        self, state: SearchState, groups: CoverageGroups, model: MilpModel, fixed_rows: int
    ) -> None:
        self.state, self.groups = state, groups
        self.relaxation, self.fixed_rows = Relaxation(model), fixed_rows
        self.sites, self.scale = state.problem.candidate_count, gain_scale(state.problem)
        self.open: list[Node] = []
        self.child: Node | None = None
        self.closed = -np.inf
        self.node_count = self.cut_count = 0

    def search(self) -> None:
        """Search until the incumbent is proven optimal or the limits are reached."""
        state = self.state
        self.child = self._node(state.bound, np.zeros(self.sites), np.ones(self.sites))
        while not state.is_done and (node := self._next()) is not None:
            if state.is_pruned(node.bound):
                self.closed = max(self.closed, node.bound)
            else:
                self._solve_node(node)
            state.bound = min(state.bound, self._bound_left())
            state.report()
        if self.child is None and not self.open and state.incumbent is None:
            state.is_infeasible = not state.is_stopped

    def _node(self, bound: float, lower: Floats, upper: Floats) -> Node:
        self.node_count += 1
        return Node((-bound, self.node_count), lower, upper)

    def _next(self) -> Node | None:
        """Return the last child (depth first), else the node with the highest bound."""
        node, self.child = self.child, None
        return node or (heapq.heappop(self.open) if self.open else None)

    def _bound_left(self) -> float:
        left = [node.bound for node in (self.child, *self.open[:1]) if node is not None]
        return max([*left, self.closed, self.state.gain])

    def _solve_node(self, node: Node) -> None:
        """Solve the relaxation of a node with its cuts; prune it, or branch."""
        self.relaxation.bound_columns(node.lower, node.upper)
        bound, rounds = node.bound, 0
        while True:
            result = self.relaxation.solve(self.state.seconds_left)
            if result.status == "infeasible":
                return
            if result.status != "optimal" or result.values is None:
                heapq.heappush(self.open, node)
                return
            bound = min(bound, result.bound / self.scale)
            if self.state.is_pruned(bound):
                self.closed = max(self.closed, bound)
                return
            x = np.clip(result.values[: self.sites], 0.0, 1.0)
            sums = result.values[self.sites :]
            undecided = np.abs(x - np.round(x))
            if undecided.max(initial=0.0) <= INTEGRALITY:
                if self._add_cuts(x, sums):
                    rounds += 1
                else:
                    self._offer_plan(np.flatnonzero(x > INTEGER_THRESHOLD))
            elif rounds < ROUNDS and self._add_cuts(x, sums - DEEP_VIOLATION):
                rounds += 1
            else:
                self._branch(node, x, result, bound)
                return

    def _add_cuts(self, x: Floats, sums: Floats) -> bool:
        """Add the cuts that a point violates; return whether there were any."""
        cuts = self.groups.cuts(x, sums)
        count = len(cuts.group)
        if count:
            self.relaxation.add(*rows_of(cuts, len(self.groups.owner)))
            self.cut_count += count
        return count > 0

    def _offer_plan(self, plan: Positions) -> None:
        """Offer an integer point as incumbent, and exclude it from the relaxation.

        HiGHS may have accepted it within its tolerance only, with sums above its true gain.
        """
        self.state.offer(plan)
        row = np.zeros((1, self.sites + len(self.groups.owner)))
        row[0, : self.sites] = 1.0
        row[0, plan] = -1.0
        self.relaxation.add(csr_array(row), np.array([1.0 - len(plan)]), np.array([np.inf]))

    def _branch(self, node: Node, x: Floats, result: SolverResult, bound: float) -> None:
        """Branch on the most fractional candidate; the child that includes it is solved next."""
        if self.node_count % ROUND_EVERY == 1:
            self.state.offer(rounded_plan(x))
        lower, upper = self._fix_by_reduced_cost(node, x, result, bound)
        site = int(np.argmax(np.abs(x - np.round(x))))
        without, with_it = upper.copy(), lower.copy()
        without[site], with_it[site] = 0.0, 1.0
        heapq.heappush(self.open, self._node(bound, lower, without))
        self.child = self._node(bound, with_it, upper)
        if self.cut_count > MOST_NEW_CUTS:
            self.relaxation.drop_loose(self.fixed_rows)
            self.cut_count = 0

    def _fix_by_reduced_cost(
        self, node: Node, x: Floats, result: SolverResult, bound: float
    ) -> tuple[Floats, Floats]:
        """Return the bounds of a node with the candidates fixed that reduced costs decide."""
        lower, upper = node.lower.copy(), node.upper.copy()
        if result.reduced_cost is None or self.state.incumbent is None:
            return lower, upper
        price = np.abs(result.reduced_cost[: self.sites]) / self.scale
        sure = np.flatnonzero(price > bound - self.state.gain + INTEGRALITY * abs(bound))
        upper[sure[x[sure] < INTEGRALITY]] = 0.0
        lower[sure[x[sure] > 1.0 - INTEGRALITY]] = 1.0
        return lower, upper


def best_plan(
    problem: CoveringProblem, start: Positions | None, limits: SolverLimits
) -> SearchResult:
    """Return the best plan of a problem with its bound, by the method that suits its size.

    Parameters
    ----------
    problem : CoveringProblem
        To be solved.
    start : numpy.ndarray or None
        A plan to start from; used where it is feasible.
    limits : SolverLimits
        Time, gap and progress.

    Returns
    -------
    SearchResult
        Best plan and bound, in gain.
    """
    kept = undominated_candidates(problem)
    small = restrict_to_candidates(problem, kept)
    now = time.monotonic()
    begin = _first_incumbent(
        small, kept, start, now + START_SHARE * max(limits.deadline - now, 0.0)
    )
    as_milp = not small.is_concave or small.reach.nnz <= MOST_WHOLE_PAIRS
    as_milp = as_milp or bool(len(small.levels) and small.must_cover.all())
    search = solve_by_relaxation if small.reach.nnz <= MOST_LP_PAIRS else solve_by_cuts
    result = (solve_as_milp if as_milp else search)(small, begin, limits)
    plan = None if result.plan is None else kept[result.plan]
    return SearchResult(plan, result.bound, result.is_infeasible)


def _first_incumbent(
    problem: CoveringProblem, kept: Positions, start: Positions | None, deadline: float
) -> Positions | None:
    plans = [greedy_covering(problem, deadline)]
    if start is not None and np.isin(start, kept).all():
        given = np.searchsorted(kept, np.sort(start))
        if problem.is_feasible(given):
            plans.append(exchange_covering(problem, given, deadline))
    feasible = [plan for plan in plans if plan is not None]
    return max(feasible, key=problem.gain, default=None)
