"""Demand that goes to its nearest site: merged, cut off at what it has already, evaluated.

A demand point never goes farther than to its nearest existing facility, so pairs that cost as
much are dropped. One that has none must be reached: that is a rule more, and then it never goes
farther than the farthest of its candidates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.core.errors import SitingError
from geo.siting.model import Floats, Journeys, Positions, Rule


@dataclass(frozen=True)
class Assigning:
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

    def of(self, candidates: Positions) -> npt.NDArray[np.int64]:
        """Return the positions of the pairs of some candidates, candidate by candidate.

        Examples
        --------
        >>> journeys = Journeys(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
        ...                     np.array([3.0, 1.0]), 2, np.array([5.0]))
        >>> gathered(journeys).of(np.array([1])).tolist()
        [1]
        """
        begin, length = self.start[candidates], np.diff(self.start)[candidates]
        within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        return np.asarray(np.repeat(begin, length) + within, dtype=np.int64)

    def travelled(self, chosen: Positions) -> Floats:
        """Return of each merged demand point: weight times cost to the nearest of the chosen.

        Examples
        --------
        >>> journeys = Journeys(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
        ...                     np.array([3.0, 1.0]), 2, np.array([5.0]))
        >>> gathered(journeys).travelled(np.array([0])).tolist()
        [6.0]
        """
        least = self.limit.copy()
        pairs = self.of(chosen)
        np.minimum.at(least, self.demand[pairs], self.cost[pairs])
        return least


def gathered(journeys: Journeys) -> Assigning:
    """Return the journeys of demand with weight, merged where costs are the same.

    Examples
    --------
    >>> journeys = Journeys(np.array([1.0, 2.0]), np.array([0, 1]), np.array([0, 0]),
    ...                     np.array([3.0, 3.0]), 1, np.array([9.0, 9.0]))
    >>> gathered(journeys).limit.tolist()
    [27.0]
    """
    limit = _farthest(journeys)
    useful = (journeys.cost < limit[journeys.demand]) & (journeys.weight[journeys.demand] > 0)
    demand, candidate = journeys.demand[useful], journeys.candidate[useful]
    cost = journeys.cost[useful]
    group = _alike(journeys, limit, demand, candidate, cost)
    first = np.unique(group, return_index=True)[1]
    weight = np.bincount(group, journeys.weight, len(first))
    keep = np.isin(demand, first)
    demand, candidate, cost = group[demand[keep]], candidate[keep], cost[keep]
    order = np.lexsort((demand, candidate))
    start = np.searchsorted(candidate[order], np.arange(journeys.candidate_count + 1))
    return Assigning(
        np.where(weight > 0, weight * np.where(weight > 0, limit[first], 0.0), 0.0),
        demand[order],
        candidate[order],
        (weight[demand] * cost)[order],
        start.astype(np.int64),
    )


def _farthest(journeys: Journeys) -> Floats:
    """Return the most that each point may travel: to what it has, or else to its farthest."""
    farthest = np.zeros(len(journeys.weight))
    np.maximum.at(farthest, journeys.demand, journeys.cost)
    return np.where(np.isfinite(journeys.before), journeys.before, farthest)


def _alike(
    journeys: Journeys, limit: Floats, demand: Positions, candidate: Positions, cost: Floats
) -> Positions:
    """Return of each demand point: the group of those with its very limit and pairs."""
    order = np.lexsort((candidate, demand))
    bounds = np.searchsorted(demand[order], np.arange(len(limit) + 1))
    groups: dict[tuple[float, bytes, bytes], int] = {}
    answer = np.empty(len(limit), dtype=np.int64)
    candidates, costs = candidate[order], cost[order] + 0.0
    for point in range(len(limit)):
        row = slice(bounds[point], bounds[point + 1])
        has_weight = journeys.weight[point] > 0
        key = (
            float(limit[point]) if has_weight else -1.0,
            candidates[row].tobytes() if has_weight else b"",
            costs[row].tobytes() if has_weight else b"",
        )
        answer[point] = groups.setdefault(key, len(groups))
    return answer


def must_be_reached(journeys: Journeys) -> list[Rule]:
    """Return the rules that every point without a facility gets one it can travel to.

    Raises
    ------
    SitingError
        Some weight has neither a facility nor a candidate within the cut-off.

    Examples
    --------
    >>> journeys = Journeys(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
    ...                     np.array([3.0, 1.0]), 2, np.array([np.inf]))
    >>> must_be_reached(journeys)[0].lower
    1.0
    """
    waiting = np.isinf(journeys.before) & (journeys.weight > 0)
    refuse_unreachable(journeys, waiting)
    held = waiting[journeys.demand]
    return reached_by(journeys.demand[held], journeys.candidate[held])


def refuse_unreachable(journeys: Journeys, waiting: npt.NDArray[np.bool_]) -> None:
    """Raise where points that wait for a site have no candidate at all."""
    count = np.bincount(journeys.demand, minlength=len(journeys.weight))
    lost = waiting & (count == 0)
    if lost.any():
        points, weight = int(lost.sum()), float(journeys.weight[lost].sum())
        raise SitingError(
            zh=f"{points} 个需求点（权重合计 {weight:,.0f}）既没有现有设施，也没有任何候选点可达："
            "请增加候选点、放宽距离上限或排除这些需求点。",
            en=f"{points} demand points (weight {weight:,.0f} in all) have neither a facility nor a"
            " candidate that they can reach: add candidates, raise the cut-off or leave them out.",
        )


def reached_by(demand: Positions, candidate: Positions) -> list[Rule]:
    """Return for each demand point with pairs: at least one of its candidates, each set once.

    Examples
    --------
    >>> [rule.candidates.tolist() for rule in reached_by(np.array([0, 1, 0, 2]),
    ...                                                  np.array([1, 1, 0, 1]))]
    [[0, 1], [1]]
    """
    order = np.lexsort((candidate, demand))
    _, first = np.unique(demand[order], return_index=True)
    sets = dict.fromkeys(part.tobytes() for part in np.split(candidate[order], first[1:]))
    rows = [np.frombuffer(part, dtype=np.int64) for part in sets if part]
    zh, en = "没有设施的需求点都要能到达一处", "every demand point without a facility reaches one"
    return [Rule(zh, en, row, np.ones(len(row)), 1.0, np.inf) for row in rows]
