"""Better plans by adding, dropping and exchanging single sites, the rules kept."""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.siting.model import Floats, Positions
from geo.siting.solving.assigning import Assigning
from geo.siting.solving.keeping import Keeping

ROUNDS: Final = 2_000
TRIED: Final = 256
"""Exchanges that are held against the rules at a time, the best first."""

MOST_TRIED: Final = 20_000
"""Exchanges of a round that are held against the rules at all."""


def exchanged(travel: Assigning, keeping: Keeping, chosen: Positions) -> Positions:
    """Return a plan that no single addition, removal or exchange within the rules betters.

    The best exchange is made each time: Teitz and Bart 1968, reckoned for all pairs of sites
    at once as Resende and Werneck 2007 do.

    Parameters
    ----------
    travel : Assigning
        Demand, merged.
    keeping : Keeping
        Rules.
    chosen : numpy.ndarray
        Positions of candidates that keep the rules.

    Examples
    --------
    >>> from geo.siting.solving.assigning import gathered
    >>> from geo.siting.solving.keeping import kept
    >>> from geo.siting.model import Journeys, exactly
    >>> journeys = Journeys(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
    ...                     np.array([3.0, 1.0]), 2, np.array([5.0]))
    >>> one = exactly(1, [0, 1], zh="一处", en="one site")
    >>> exchanged(gathered(journeys), kept([one], 2), np.array([0])).tolist()
    [1]
    """
    chosen = np.sort(chosen)
    for _ in range(ROUNDS):
        better = _best_exchange(travel, keeping, chosen)
        if better is None:
            break
        chosen = better
    return chosen


def _best_exchange(travel: Assigning, keeping: Keeping, chosen: Positions) -> Positions | None:
    change = _changes(travel, chosen)
    floor = -1e-9 * max(1.0, float(travel.travelled(chosen).sum()))
    if len(chosen) >= keeping.most:
        change[:, -1] = np.inf
    if len(chosen) <= keeping.fewest:
        change[-1] = np.inf
    flat = change.ravel()
    worth = np.flatnonzero(flat < floor)
    worth = worth[np.lexsort((worth, flat[worth]))]
    for begin in range(0, min(len(worth), MOST_TRIED), TRIED):
        enters, leaves = np.divmod(worth[begin : begin + TRIED], change.shape[1])
        allowed = np.flatnonzero(_kept(keeping, chosen, enters, leaves))
        if len(allowed):
            enter, leave = enters[allowed[0]], leaves[allowed[0]]
            stays = np.delete(chosen, leave) if leave < len(chosen) else chosen
            return np.sort(np.append(stays, enter)) if enter < travel.candidate_count else stays
    return None


def _changes(travel: Assigning, chosen: Positions) -> Floats:
    """Return by candidate entering and chosen leaving (the last of each: none) what changes."""
    count, places = travel.candidate_count, len(chosen)
    first, second, nearest = _two_nearest(travel, chosen)
    demand, cost = travel.demand, travel.cost
    gain = np.bincount(travel.candidate, (first[demand] - cost).clip(min=0.0), count)
    loss = np.bincount(nearest, second - first, places + 1)
    near = (cost < second[demand]) & (nearest[demand] < places)
    key = travel.candidate[near] * (places + 1) + nearest[demand[near]]
    spared = second[demand[near]] - np.maximum(cost[near], first[demand[near]])
    change = np.zeros((count + 1, places + 1))
    change[:count] = -np.bincount(key, spared, count * (places + 1)).reshape(count, -1)
    change[:count] -= gain[:, None]
    loss[places] = 0.0
    change += loss
    change[chosen] = np.inf
    return change


def _two_nearest(travel: Assigning, chosen: Positions) -> tuple[Floats, Floats, Positions]:
    """Return cost to the nearest and to the next of the chosen, and which the nearest is."""
    pairs = travel.of(chosen)
    place = np.repeat(np.arange(len(chosen)), np.diff(travel.start)[chosen])
    order = np.lexsort((place, travel.cost[pairs], travel.demand[pairs]))
    demand, cost = travel.demand[pairs][order], travel.cost[pairs][order]
    first, second = travel.limit.copy(), travel.limit.copy()
    nearest = np.full(len(first), len(chosen), dtype=np.int64)
    heads = np.flatnonzero(np.diff(demand, prepend=-1))
    first[demand[heads]] = cost[heads]
    nearest[demand[heads]] = place[order][heads]
    next_ = heads[heads + 1 < np.append(heads[1:], len(demand))] + 1
    second[demand[next_]] = cost[next_]
    return first, second, nearest


def _kept(
    keeping: Keeping, chosen: Positions, enters: Positions, leaves: Positions
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return of each exchange whether the rules hold after it."""
    totals = np.repeat(keeping.totals(chosen)[:, None], len(enters), axis=1)
    comes, goes = enters < keeping.rows.shape[1], leaves < len(chosen)
    totals[:, comes] += keeping.columns[:, enters[comes]].toarray()
    totals[:, goes] -= keeping.columns[:, chosen[leaves[goes]]].toarray()
    return keeping.holds(totals)
