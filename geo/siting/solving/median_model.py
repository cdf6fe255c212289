"""A first plan for the p-median, and HiGHS for what branching did not finish."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from geo.siting.model import Floats, Positions, Rule, Solution
from geo.siting.solving.assigning import Assigning
from geo.siting.solving.branching import Tree
from geo.siting.solving.highs import Model, Progress, solve
from geo.siting.solving.keeping import FREE, HALF, IN, OUT, Keeping
from geo.siting.solving.pricing import first_prices
from geo.siting.solving.refusing import no_plan, too_late

MOST_COLUMNS: Final = 30_000
"""Of a model whose relaxation HiGHS solves in seconds; above it branching alone is faster."""


def first_plan(
    travel: Assigning, keeping: Keeping, rules: Sequence[Rule], stop_at: float
) -> Positions:
    """Return candidates that keep the rules: greedily the best, or what HiGHS finds.

    Raises
    ------
    SitingError
        No plan keeps the rules, or none was found in time.
    """
    greedy = _greedy(travel, keeping)
    if greedy is not None:
        return greedy
    saving = travel.cost - travel.limit[travel.demand]
    saved = np.bincount(travel.candidate, saving, travel.candidate_count).astype(np.float64)
    return keep_rules(keeping, rules, saved, stop_at)


def keep_rules(keeping: Keeping, rules: Sequence[Rule], cost: Floats, stop_at: float) -> Positions:
    """Return the candidates of least cost that keep the rules.

    Raises
    ------
    SitingError
        No plan keeps the rules, or none was found in time.
    """
    count = keeping.rows.shape[1]
    model = Model(
        cost, np.zeros(count), np.ones(count), np.ones(count, dtype=bool),
        keeping.rows, keeping.lower, keeping.upper,
    )  # fmt: skip
    answer = solve(model, time_limit_s=max(stop_at - time.monotonic(), 0.0), gap=0.01)
    if answer.values is None:
        raise no_plan(rules, count) if answer.status == "infeasible" else too_late()
    return np.flatnonzero(answer.values > HALF)


def _greedy(travel: Assigning, keeping: Keeping) -> Positions | None:
    states = keeping.forced(np.full(travel.candidate_count, FREE, dtype=np.int8))
    while states is not None:
        chosen = np.flatnonzero(states == IN)
        left = travel.travelled(chosen)
        spared = (left[travel.demand] - travel.cost).clip(min=0.0)
        gain = np.bincount(travel.candidate, spared, travel.candidate_count)
        gain[states != FREE] = -1.0
        best = int(np.argmax(gain)) if len(gain) else 0
        done = not (states == FREE).any() or gain[best] <= 0
        if done and keeping.holds(keeping.totals(chosen)):
            return chosen
        if not (states == FREE).any():
            return None
        tried = states.copy()
        tried[best] = IN
        forced = keeping.forced(tried)
        if forced is None:
            tried[best] = OUT
            forced = keeping.forced(tried)
        states = forced
    return None


def finished(tree: Tree, progress: Progress | None, begun: float) -> Solution:
    """Return the solution of a tree; what it left open is given to HiGHS while time lasts.

    Only candidates that some open branch may still choose are in HiGHS's model: the others
    cannot be part of a better plan.
    """
    seconds = tree.stop_at - time.monotonic()
    if progress is not None:
        going = progress(tree.objective, tree.bound, time.monotonic() - begun) is not False
    else:
        going = True
    is_open = bool(tree.heap) and tree.heap[0].bound <= tree.grain.enough(tree.objective)
    if not (is_open and going and seconds > 0):
        return Solution(tree.chosen, tree.objective, tree.bound)
    held = np.flatnonzero(tree.left() != OUT)
    model = chained(tree.travel, tree.keeping, held)
    answer = solve(
        model,
        time_limit_s=seconds, gap=tree.grain.gap, progress=progress,
        options={"mip_abs_gap": 0.99 * tree.grain.unit},
    )  # fmt: skip
    least = float(unavoidable(tree.travel, held).sum())
    return _better_of(tree, held, answer.values, answer.bound + least)


def is_small(tree: Tree) -> bool:
    """Return whether HiGHS's model of what a tree left open is one that it solves soon."""
    held = np.flatnonzero(tree.left() != OUT)
    return len(chained(tree.travel, tree.keeping, held).cost) <= MOST_COLUMNS


def polish(tree: Tree) -> None:
    """Replant a tree with the best prices there are, from the linear relaxation of its model."""
    seconds = tree.stop_at - time.monotonic()
    if not tree.heap or seconds <= 0:
        return
    states = tree.left()
    held = np.flatnonzero(states != OUT)
    model = chained(tree.travel, tree.keeping, held)
    answer = solve(model.relaxed, time_limit_s=seconds)
    if answer.values is None or answer.row_dual is None:
        return
    steps = len(model.cost) - len(held)
    first = np.flatnonzero(model.row_lower[:steps] == 1.0)
    prices = first_prices(tree.travel, tree.keeping)
    pairs = tree.travel.of(held)
    served = np.unique(tree.travel.demand[pairs])
    demand = tree.travel.limit.copy()
    demand[served] = answer.row_dual[first] + unavoidable(tree.travel, held)[served]
    share = np.zeros(len(states))
    share[held] = answer.values[: len(held)]
    order = held[np.argsort(-share[held], kind="stable")]
    tree.offer(order[: round(float(share.sum()))])
    tree.replant(states, replace(prices, demand=demand, rule=-answer.row_dual[steps:], share=share))


def _better_of(tree: Tree, held: Positions, values: Floats | None, bound: float) -> Solution:
    """Return the better of the tree's plan and HiGHS's, with the higher of both bounds."""
    chosen, objective = tree.chosen, tree.objective
    if values is not None:
        found = held[values[: len(held)] > HALF]
        cost = float(tree.travel.travelled(found).sum())
        if cost < objective and tree.keeping.holds(tree.keeping.totals(found)):
            chosen, objective = found, cost
    proven = tree.grain.lifted(min(bound, tree.closed))
    return Solution(chosen, objective, min(max(tree.bound, proven), objective))


def unavoidable(travel: Assigning, held: Positions) -> Floats:
    """Return of each demand point what it travels even with all held candidates chosen."""
    return travel.travelled(held)


def chained(travel: Assigning, keeping: Keeping, held: Positions) -> Model:
    """Return the model in which each demand point climbs from cost to cost until it is served.

    Columns are the held candidates, then one for each distinct cost of each demand point: 1
    where nothing is open up to that cost. Each row says for one cost: what is open at it, and
    that nothing is up to it, are at least that nothing was up to the cost before (Elloumi 2010;
    Garcia, Labbe and Marin 2011). So the model has one entry a pair. Its cost is what is
    travelled beyond the :func:`unavoidable`.

    Examples
    --------
    >>> from geo.siting.solving.assigning import gathered
    >>> from geo.siting.solving.keeping import kept
    >>> from geo.siting.model import Journeys
    >>> journeys = Journeys(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
    ...                     np.array([3.0, 1.0]), 2, np.array([5.0]))
    >>> chained(gathered(journeys), kept([], 2), np.array([0, 1])).cost.tolist()
    [0.0, 0.0, 4.0, 4.0]
    """
    pairs = travel.of(held)
    column = np.repeat(np.arange(len(held)), np.diff(travel.start)[held])
    order = np.lexsort((column, travel.cost[pairs], travel.demand[pairs]))
    demand, cost, column = travel.demand[pairs][order], travel.cost[pairs][order], column[order]
    is_head = np.diff(demand, prepend=-1) != 0
    is_step = is_head | (np.diff(cost, prepend=-1.0) != 0)
    step = np.cumsum(is_step) - 1
    heads = np.flatnonzero(is_step)
    follows, is_first = np.append(cost[heads[1:]], 0.0), is_head[heads]
    last = np.append(is_first[1:], True)
    rise = np.where(last, travel.limit[demand[heads]], follows) - cost[heads]
    steps, count = len(heads), len(held)
    first_steps = np.arange(steps)
    chain = np.flatnonzero(~is_first)
    entries = np.concatenate([np.ones(len(pairs)), np.ones(steps), -np.ones(len(chain))])
    rows = np.concatenate([step, first_steps, chain])
    columns = np.concatenate([column, count + first_steps, count + chain - 1])
    ladder = coo_array((entries, (rows, columns)), shape=(steps, count + steps)).tocsr()
    ruled = csr_array(keeping.columns[:, held])
    ruled.resize((ruled.shape[0], count + steps))
    whole = np.arange(count + steps) < count
    return Model(
        np.concatenate([np.zeros(count), rise]),
        np.zeros(count + steps), np.where(whole, 1.0, np.inf), whole,
        csr_array(vstack([ladder, ruled])),
        np.concatenate([is_first.astype(np.float64), keeping.lower]),
        np.concatenate([np.full(steps, np.inf), keeping.upper]),
    )  # fmt: skip
