"""The assignment model of the p-median: aggregated demand, and its formulation for HiGHS.

A demand point never travels farther than to its nearest existing facility, so pairs that cost as
much are dropped. One that has none must be reached (see
:func:`geo.siting.solver.conflicts.reachability_constraints`), and then never travels farther than
to the farthest of its candidates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from geo.siting.model import Floats, Positions, TravelMatrix
from geo.siting.solver.constraint_matrix import ScaledConstraints
from geo.siting.solver.highs import MilpModel


@dataclass(frozen=True)
class AssignmentModel:
    """Aggregated demand points, and the pairs that can save them travel.

    Demand points with the same costs to all candidates are one.

    Attributes
    ----------
    limit : numpy.ndarray
        Of each aggregated demand point: weight times the greatest cost that it can have.
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
        """Number of candidates, those that save no travel included."""
        return len(self.start) - 1

    def pairs_of(self, candidates: Positions) -> Positions:
        """Return the positions of the pairs of some candidates, candidate by candidate.

        Examples
        --------
        >>> travel_matrix = TravelMatrix(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
        ...                              np.array([3.0, 1.0]), 2, np.array([5.0]))
        >>> assignment_model(travel_matrix).pairs_of(np.array([1])).tolist()
        [1]
        """
        begin, length = self.start[candidates], np.diff(self.start)[candidates]
        within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        return np.asarray(np.repeat(begin, length) + within, dtype=np.int64)

    def travelled(self, chosen: Positions) -> Floats:
        """Return of each aggregated demand point: weight times cost to its nearest site.

        Examples
        --------
        >>> travel_matrix = TravelMatrix(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
        ...                              np.array([3.0, 1.0]), 2, np.array([5.0]))
        >>> assignment_model(travel_matrix).travelled(np.array([0])).tolist()
        [6.0]
        """
        least = self.limit.copy()
        pairs = self.pairs_of(chosen)
        np.minimum.at(least, self.demand[pairs], self.cost[pairs])
        return least


def assignment_model(travel_matrix: TravelMatrix) -> AssignmentModel:
    """Return the OD costs of demand with weight, aggregated where costs are the same.

    Parameters
    ----------
    travel_matrix : TravelMatrix
        OD costs.

    Returns
    -------
    AssignmentModel
        In weight times cost.

    Examples
    --------
    >>> travel_matrix = TravelMatrix(np.array([1.0, 2.0]), np.array([0, 1]), np.array([0, 0]),
    ...                              np.array([3.0, 3.0]), 1, np.array([9.0, 9.0]))
    >>> assignment_model(travel_matrix).limit.tolist()
    [27.0]
    """
    costs, limit = travel_matrix, _farthest(travel_matrix)
    useful = (costs.cost < limit[costs.demand]) & (costs.weight[costs.demand] > 0)
    demand, candidate, cost = costs.demand[useful], costs.candidate[useful], costs.cost[useful]
    group = _same_costs(costs, limit, demand, candidate, cost)
    first = np.unique(group, return_index=True)[1]
    weight = np.bincount(group, costs.weight, len(first))
    keep = np.isin(demand, first)
    demand, candidate, cost = group[demand[keep]], candidate[keep], cost[keep]
    order = np.lexsort((demand, candidate))
    start = np.searchsorted(candidate[order], np.arange(costs.candidate_count + 1))
    return AssignmentModel(
        np.where(weight > 0, weight * np.where(weight > 0, limit[first], 0.0), 0.0),
        demand[order],
        candidate[order],
        (weight[demand] * cost)[order],
        start.astype(np.int64),
    )


def _farthest(travel_matrix: TravelMatrix) -> Floats:
    """Return the greatest cost of each point: to its facility or its farthest candidate."""
    farthest = np.zeros(len(travel_matrix.weight))
    np.maximum.at(farthest, travel_matrix.demand, travel_matrix.cost)
    return np.where(np.isfinite(travel_matrix.before), travel_matrix.before, farthest)


def _same_costs(
    travel_matrix: TravelMatrix,
    limit: Floats,
    demand: Positions,
    candidate: Positions,
    cost: Floats,
) -> Positions:
    """Return of each demand point the group of those with the same limit and pairs."""
    order = np.lexsort((candidate, demand))
    bounds = np.searchsorted(demand[order], np.arange(len(limit) + 1))
    groups: dict[tuple[float, bytes, bytes], int] = {}
    answer = np.empty(len(limit), dtype=np.int64)
    candidates, costs = candidate[order], cost[order] + 0.0
    for point in range(len(limit)):
        row = slice(bounds[point], bounds[point + 1])
        has_weight = travel_matrix.weight[point] > 0
        key = (
            float(limit[point]) if has_weight else -1.0,
            candidates[row].tobytes() if has_weight else b"",
            costs[row].tobytes() if has_weight else b"",
        )
        answer[point] = groups.setdefault(key, len(groups))
    return answer


def radius_formulation(
    assignment: AssignmentModel, matrix: ScaledConstraints, held: Positions
) -> MilpModel:
    """Return the radius formulation of the p-median (Elloumi 2010; Garcia, Labbe and Marin 2011).

    Columns: ``y_i`` of each candidate held, and ``z_jk`` for the k-th distinct cost of demand
    point j, 1 where no site is open up to that cost. For each cost ``sum of y_i at cost k +
    z_jk >= z_j,k-1``, with ``z_j0 = 1``. The objective is the sum of ``(cost_k+1 - cost_k) *
    z_jk``, which is the travel beyond that with all candidates held chosen. The matrix has one
    entry a pair.

    Parameters
    ----------
    assignment : AssignmentModel
        Aggregated demand.
    matrix : ScaledConstraints
        Constraints.
    held : numpy.ndarray
        Positions of the candidates that may be chosen.

    Returns
    -------
    MilpModel
        To be minimised; rows of the demand first, then of the constraints.

    Examples
    --------
    >>> from geo.siting.solver.constraint_matrix import scaled_constraints
    >>> travel_matrix = TravelMatrix(np.array([2.0]), np.array([0, 0]), np.array([0, 1]),
    ...                              np.array([3.0, 1.0]), 2, np.array([5.0]))
    >>> model, matrix = assignment_model(travel_matrix), scaled_constraints([], 2)
    >>> radius_formulation(model, matrix, np.array([0, 1])).cost.tolist()
    [0.0, 0.0, 4.0, 4.0]
    """
    pairs = assignment.pairs_of(held)
    column = np.repeat(np.arange(len(held)), np.diff(assignment.start)[held])
    order = np.lexsort((column, assignment.cost[pairs], assignment.demand[pairs]))
    demand, cost, column = (
        assignment.demand[pairs][order],
        assignment.cost[pairs][order],
        column[order],
    )
    is_head = np.diff(demand, prepend=-1) != 0
    is_step = is_head | (np.diff(cost, prepend=-1.0) != 0)
    step = np.cumsum(is_step) - 1
    heads = np.flatnonzero(is_step)
    follows, is_first = np.append(cost[heads[1:]], 0.0), is_head[heads]
    last = np.append(is_first[1:], True)
    rise = np.where(last, assignment.limit[demand[heads]], follows) - cost[heads]
    steps, count = len(heads), len(held)
    first_steps = np.arange(steps)
    chain = np.flatnonzero(~is_first)
    entries = np.concatenate([np.ones(len(pairs)), np.ones(steps), -np.ones(len(chain))])
    rows = np.concatenate([step, first_steps, chain])
    columns = np.concatenate([column, count + first_steps, count + chain - 1])
    ladder = coo_array((entries, (rows, columns)), shape=(steps, count + steps)).tocsr()
    ruled = csr_array(matrix.columns[:, held])
    ruled.resize((ruled.shape[0], count + steps))
    whole = np.arange(count + steps) < count
    return MilpModel(
        np.concatenate([np.zeros(count), rise]),
        np.zeros(count + steps), np.where(whole, 1.0, np.inf), whole,
        csr_array(vstack([ladder, ruled])),
        np.concatenate([is_first.astype(np.float64), matrix.lower]),
        np.concatenate([np.full(steps, np.inf), matrix.upper]),
    )  # fmt: skip
