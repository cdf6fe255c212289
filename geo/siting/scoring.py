"""What any plan is worth, solved for or not: for its reasons, for swaps, for what-if."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array, csr_array

from geo.siting.model import Covering, Floats, Journeys, Positions


@dataclass(frozen=True)
class CoverScore:
    """Weight newly covered once, and what a second coverage adds.

    Attributes
    ----------
    covering : Covering
        The question.
    first_weight : float
        Of first coverage; the rest is that of second coverage. 1 counts the first alone.
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

    def times(self, chosen: Positions) -> Positions:
        """Return how often each demand point is covered, by what is there and by a plan."""
        own = self._by_column[:, chosen].sum(axis=1)
        return np.asarray(own, dtype=np.int64).ravel() + self.covering.before

    def _gains(self, times: Positions) -> Floats:
        """Return what one more coverage of each point adds."""
        gains = np.where(times == 0, self.first_weight, 0.0)
        return (gains + np.where(times == 1, 1 - self.first_weight, 0.0)) * self.covering.weight

    def of(self, chosen: Positions) -> float:
        """Return the weight that is newly covered, once or twice as it is asked."""
        before, after = np.minimum(self.covering.before, 2), np.minimum(self.times(chosen), 2)
        worth = np.array([0.0, self.first_weight, 1.0])
        return float(((worth[after] - worth[before]) * self.covering.weight).sum())

    def with_each(self, chosen: Positions) -> Floats:
        """Return, for every column, what the plan would be worth with it added."""
        more = self._by_column.T @ self._gains(self.times(chosen))
        return np.asarray(self.of(chosen) + more, dtype=np.float64)


@dataclass(frozen=True)
class TravelScore:
    """Minutes that everybody travels together, or the longest journey, as a loss.

    Attributes
    ----------
    journeys : Journeys
        The question.
    worst : bool
        Whether the longest journey alone counts.
    """

    journeys: Journeys
    worst: bool = False

    @cached_property
    def _by_column(self) -> csr_array:
        """Columns by demand, as the minutes of each pair and one more, so that none is 0."""
        journeys = self.journeys
        shape = (journeys.candidate_count, len(journeys.weight))
        return csr_array((journeys.cost + 1, (journeys.candidate, journeys.demand)), shape=shape)

    def costs(self, chosen: Positions) -> Floats:
        """Return what each demand point travels, infinite where it reaches nothing."""
        best = self.journeys.before.copy()
        table = self._by_column
        for column in chosen.tolist():
            row = slice(table.indptr[column], table.indptr[column + 1])
            np.minimum.at(best, table.indices[row], table.data[row] - 1)
        return best

    def _whole(self, costs: Floats) -> float:
        asked = self.journeys.weight > 0
        if self.worst:
            return -float(costs[asked].max(initial=0.0))
        return -float((costs[asked] * self.journeys.weight[asked]).sum())

    def of(self, chosen: Positions) -> float:
        """Return the minutes travelled, negative."""
        return self._whole(self.costs(chosen))

    def with_each(self, chosen: Positions) -> Floats:
        """Return, for every column, what the plan would be worth with it added."""
        now, table = self.costs(chosen), self._by_column
        if not self.worst and np.isfinite(now[self.journeys.weight > 0]).all():
            return self._whole(now) + self._saved(now)
        found = np.empty(table.shape[0])
        for column in range(table.shape[0]):
            row = slice(table.indptr[column], table.indptr[column + 1])
            then = now.copy()
            then[table.indices[row]] = np.minimum(then[table.indices[row]], table.data[row] - 1)
            found[column] = self._whole(then)
        return found

    def _saved(self, now: Floats) -> Floats:
        """Return what everybody saves with each column added."""
        journeys = self.journeys
        reached = np.where(np.isfinite(now), now, 0.0)[journeys.demand]
        saved = np.maximum(reached - journeys.cost, 0.0) * journeys.weight[journeys.demand]
        sums = np.bincount(journeys.candidate, saved, minlength=journeys.candidate_count)
        return np.asarray(sums, dtype=np.float64)


Score = CoverScore | TravelScore
"""What a plan is worth; more is better."""
