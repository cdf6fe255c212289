"""Objectives: what any plan is worth, for solving, explaining, exchanging and what-if."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from scipy.sparse import csc_array, csr_array

from geo.core.siting_options import Question, SitingChoice
from geo.siting.model import Covering, Floats, Positions, TravelMatrix
from geo.siting.stacked_model import StackedModel


@dataclass(frozen=True)
class CoverageObjective:
    """Weight newly covered, first and second coverage weighted against each other.

    ``theta * sum(w_j * y_j) + (1 - theta) * sum(w_j * u_j)`` over what is gained: ``w_j`` is the
    weight of demand point j, ``y_j`` and ``u_j`` whether it is covered at least once and twice,
    ``theta`` the first weight. With 1 it is the objective of maximal covering (Church and ReVelle
    1974), below 1 that of backup coverage (Hogan and ReVelle 1986, BACOP2).

    Attributes
    ----------
    covering : Covering
        Demand, candidates and pairs within the standard.
    first_weight : float
        Of first coverage, from 0 to 1; the rest is that of second coverage.

    Examples
    --------
    >>> one = Covering(np.array([10.0]), np.array([0, 0]), np.array([0, 1]), 2, np.array([0]))
    >>> both = np.array([0, 1])
    >>> CoverageObjective(one).value(both), CoverageObjective(one, 0.75).value(both[:1])
    (10.0, 7.5)
    """

    covering: Covering
    first_weight: float = 1.0

    @cached_property
    def _by_column(self) -> csc_array:
        """Demand by columns: 1 where the column covers the point."""
        covering = self.covering
        shape = (covering.demand_count, covering.candidate_count)
        ones = np.ones(len(covering.demand))
        return csc_array((ones, (covering.demand, covering.candidate)), shape=shape)

    def coverage_counts(self, chosen: Positions) -> Positions:
        """Return how many facilities cover each demand point: existing ones and a plan's."""
        own = self._by_column[:, chosen].sum(axis=1)
        return np.asarray(own, dtype=np.int64).ravel() + self.covering.before

    def _gains(self, counts: Positions) -> Floats:
        """Return what one more coverage of each point adds."""
        gains = np.where(counts == 0, self.first_weight, 0.0)
        return (gains + np.where(counts == 1, 1 - self.first_weight, 0.0)) * self.covering.weight

    def value(self, chosen: Positions) -> float:
        """Return the newly covered weight of a plan, in persons or schools."""
        counts = self.coverage_counts(chosen)
        before, after = np.minimum(self.covering.before, 2), np.minimum(counts, 2)
        worth = np.array([0.0, self.first_weight, 1.0])
        return float(((worth[after] - worth[before]) * self.covering.weight).sum())

    def value_with_each(self, chosen: Positions) -> Floats:
        """Return, for every column, the value of the plan with that column added."""
        more = self._by_column.T @ self._gains(self.coverage_counts(chosen))
        return np.asarray(self.value(chosen) + more, dtype=np.float64)


@dataclass(frozen=True)
class TravelObjective:
    """Total or longest travel, negative so that more is better.

    ``-sum(w_j * d_j)``, the objective of the p-median (Hakimi 1964; ReVelle and Swain 1970), or
    ``-max(d_j)``, that of the p-center (Hakimi 1964): ``w_j`` is the weight of demand point j and
    ``d_j`` its travel cost to the nearest existing facility or chosen site.

    Attributes
    ----------
    travel_matrix : TravelMatrix
        Demand, candidates and travel costs.
    worst : bool
        Whether the longest travel alone counts.

    Examples
    --------
    >>> matrix = TravelMatrix(np.array([2.0]), np.array([0]), np.array([0]), np.array([3.0]), 1,
    ...                       np.array([5.0]))
    >>> TravelObjective(matrix).value(np.array([0])), TravelObjective(matrix, True).value(
    ...     np.array([0]))
    (-6.0, -3.0)
    """

    travel_matrix: TravelMatrix
    worst: bool = False

    @cached_property
    def _by_column(self) -> csr_array:
        """Columns by demand: cost plus 1, since a sparse matrix would drop a cost of 0."""
        matrix = self.travel_matrix
        shape = (matrix.candidate_count, len(matrix.weight))
        return csr_array((matrix.cost + 1, (matrix.candidate, matrix.demand)), shape=shape)

    def travel_costs(self, chosen: Positions) -> Floats:
        """Return the cost of each demand point to its nearest site, infinite where none."""
        best = self.travel_matrix.before.copy()
        table = self._by_column
        for column in chosen.tolist():
            row = slice(table.indptr[column], table.indptr[column + 1])
            np.minimum.at(best, table.indices[row], table.data[row] - 1)
        return best

    def _total(self, costs: Floats) -> float:
        counts = self.travel_matrix.weight > 0
        if self.worst:
            return -float(costs[counts].max(initial=0.0))
        return -float((costs[counts] * self.travel_matrix.weight[counts]).sum())

    def value(self, chosen: Positions) -> float:
        """Return the travel of a plan in person-minutes or minutes, negative."""
        return self._total(self.travel_costs(chosen))

    def value_with_each(self, chosen: Positions) -> Floats:
        """Return, for every column, the value of the plan with that column added."""
        now, table = self.travel_costs(chosen), self._by_column
        if not self.worst and np.isfinite(now[self.travel_matrix.weight > 0]).all():
            return self._total(now) + self._savings(now)
        found = np.empty(table.shape[0])
        for column in range(table.shape[0]):
            row = slice(table.indptr[column], table.indptr[column + 1])
            then = now.copy()
            then[table.indices[row]] = np.minimum(then[table.indices[row]], table.data[row] - 1)
            found[column] = self._total(then)
        return found

    def _savings(self, now: Floats) -> Floats:
        """Return the travel that each column saves when it is added."""
        matrix = self.travel_matrix
        reached = np.where(np.isfinite(now), now, 0.0)[matrix.demand]
        saved = np.maximum(reached - matrix.cost, 0.0) * matrix.weight[matrix.demand]
        sums = np.bincount(matrix.candidate, saved, minlength=matrix.candidate_count)
        return np.asarray(sums, dtype=np.float64)


Objective = CoverageObjective | TravelObjective
"""The value of plans; more is better."""

_WITH_SUITABILITY: Final = frozenset({Question.MOST_COVERED, Question.BACKUP})


def counts_suitability(choice: SitingChoice) -> bool:
    """Return whether suitability is part of the objective of a request."""
    return choice.suitability_weight > 0 and choice.question in _WITH_SUITABILITY


def suitability_worth(stacked: StackedModel, choice: SitingChoice) -> Floats:
    """Return what each column is worth for its suitability alone.

    ``suitability_weight * s_j``; a candidate of unknown suitability counts as
    ``unknown_suitability``. Additive weighting, as in multi-criteria evaluation (Malczewski
    1999), with the exchange rate in persons so that a planner can discuss it.

    Returns
    -------
    numpy.ndarray
        Of each column, in persons or schools.
    """
    given = stacked.candidates["suitability"].to_numpy(dtype=np.float64)[stacked.candidate]
    known = np.where(np.isfinite(given), given, choice.unknown_suitability)
    return np.asarray(choice.suitability_weight * known, dtype=np.float64)


def with_worth(covering: Covering, worth: Floats, *, first_weight: float = 1.0) -> Covering:
    """Return a covering instance in which each candidate also has a worth of its own.

    A worth is one additional demand point that only its candidate covers, so that model,
    presolve and proof need not know of it. These points stand behind the others.

    Parameters
    ----------
    covering : Covering
        The instance.
    worth : numpy.ndarray
        Of each candidate, not negative.
    first_weight : float
        Of first coverage, where second coverage counts too: the points are made so that one
        coverage is worth the whole.

    Returns
    -------
    Covering
        With one demand point more for each candidate.

    Examples
    --------
    >>> one = Covering(np.array([10.0]), np.array([0, 0]), np.array([0, 1]), 2, np.array([0]))
    >>> with_worth(one, np.array([0.0, 3.0])).weight.tolist()
    [10.0, 0.0, 3.0]
    """
    count = covering.candidate_count
    # The larger of both weights is the divisor, so that it is never near 0.
    by_first = first_weight >= 0.5  # noqa: PLR2004
    rate, already = (first_weight, 0) if by_first else (1 - first_weight, 1)
    own = np.arange(count, dtype=np.int64)
    return replace(
        covering,
        weight=np.concatenate([covering.weight, worth / rate]),
        demand=np.concatenate([covering.demand, covering.demand_count + own]),
        candidate=np.concatenate([covering.candidate, own]),
        before=np.concatenate([covering.before, np.full(count, already, dtype=np.int64)]),
    )


def worth_of(stacked: StackedModel, choice: SitingChoice, chosen: Positions) -> float:
    """Return the part of a plan's objective that suitability accounts for.

    Returns
    -------
    float
        In persons or schools; 0 where suitability is not part of the objective.
    """
    if not counts_suitability(choice):
        return 0.0
    return float(suitability_worth(stacked, choice)[chosen].sum())
