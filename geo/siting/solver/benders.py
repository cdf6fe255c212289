"""A covering task by Benders cuts: only candidates and some hundred sums remain as columns.

What a plan x covers is a concave function of x, the sum over classes of
``gain * min(1, number of chosen sites that reach it)``. Its tangents at plans and at
fractional points bound it from above (Cordeau, Furini and Ljubic 2019, "Benders decomposition
for very large scale partial set covering and maximal covering location problems"). The tangents
are found in one product of a sparse matrix, so a million demand points cost what their classes
cost. One sum for each first candidate rather than one for all brings the bound down in some 30
rounds instead of over 1,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array

from geo.siting.model import Floats, Positions
from geo.siting.solver.covering_model import CoveringProblem, floor_scale, gain_scale
from geo.siting.solver.highs import MilpModel, assembled, matrix_entries

VIOLATED: Final = 1e-7
"""Of sums that are near 10,000 together: a cut that is broken by less is not worth a row."""

EDGE: Final = 1e-9
"""A class that is covered to within this counts as covered when its tangent is drawn."""

Rows = tuple[csr_array, Floats, Floats]
"""Rows of a model, with their lower and upper bounds."""


@dataclass(frozen=True)
class BendersCuts:
    """Rows ``sums - slope @ x <= constant`` that hold for every plan.

    Attributes
    ----------
    group : numpy.ndarray
        Of each row: which sum it bounds.
    slope : scipy.sparse.csr_array
        Rows by candidates.
    constant : numpy.ndarray
        Of each row.
    """

    group: Positions
    slope: csr_array
    constant: Floats


@dataclass(frozen=True)
class CoverageGroups:
    """The gain and the floors of a task, each split into sums over neighbouring classes.

    Attributes
    ----------
    reach : scipy.sparse.csr_array
        Entries by candidates; an entry is a class that counts for the gain or for a floor.
    first, second : numpy.ndarray
        Of each entry: what first and second coverage add, scaled.
    group : numpy.ndarray
        Of each entry: its sum.
    owner : numpy.ndarray
        Of each sum: 0 for the gain, 1 and on for the floors.
    """

    reach: csr_array
    first: Floats
    second: Floats
    group: Positions
    owner: Positions

    @property
    def most(self) -> Floats:
        """Of each sum: its value when everybody is covered."""
        return self._summed(self.first + self.second)

    def values(self, x: Floats) -> Floats:
        """Return each sum at a plan or at a fractional point."""
        return self._summed(self._values(self.reach @ x))

    def cuts(self, x: Floats, sums: Floats) -> BendersCuts:
        """Return the tangents at a point that are broken when the sums are taken to be so."""
        counts = self.reach @ x
        values = self._values(counts)
        broken = np.flatnonzero(sums > self._summed(values) + VIOLATED)
        slope = np.where(counts < 1 - EDGE, self.first, self.second)
        slope[counts >= 2 - EDGE] = 0.0
        constant = self._summed(values - slope * counts)[broken]
        slopes = self._entries.copy()
        slopes.data = slope[slopes.indices]
        if len(broken) < len(self.owner):
            slopes = csr_array(slopes[broken])
        slopes.eliminate_zeros()
        return BendersCuts(broken, csr_array(slopes @ self.reach), constant)

    def cuts_between(self, inner: Floats, x: Floats, sums: Floats) -> BendersCuts:
        """Return the tangents at an inner point that are broken at an outer one.

        Drawn there they lie deeper: the bound comes down in a third of the rounds (the in-out
        separation of Ben-Ameur and Neto 2007).
        """
        cuts = self.cuts(inner, np.full(len(self.owner), np.inf))
        broken = sums[cuts.group] > cuts.constant + cuts.slope @ x + VIOLATED
        kept = np.flatnonzero(broken)
        return BendersCuts(cuts.group[kept], csr_array(cuts.slope[kept]), cuts.constant[kept])

    @cached_property
    def _entries(self) -> csr_array:
        """Sums by entries: 1 where the entry belongs to the sum."""
        count = len(self.group)
        order = np.argsort(self.group, kind="stable")
        starts = np.searchsorted(self.group[order], np.arange(len(self.owner) + 1))
        return csr_array((np.ones(count), order, starts), shape=(len(self.owner), count))

    def _values(self, counts: Floats) -> Floats:
        again = self.second * np.clip(counts - 1.0, 0.0, 1.0)
        return np.asarray(self.first * np.minimum(counts, 1.0) + again)

    def _summed(self, values: Floats) -> Floats:
        sums = np.bincount(self.group, weights=values, minlength=len(self.owner))
        return sums.astype(np.float64)


def coverage_groups(problem: CoveringProblem) -> CoverageGroups:
    """Return the sums of a task: of its gain and of each floor one for each first candidate.

    Classes that share their first candidate lie near each other. A class is in one sum of the
    gain, and in one of each floor that it counts for.

    Examples
    --------
    >>> from geo.siting.solver.constraint_matrix import constraint_matrix
    >>> reach = csr_array(np.array([[1, 1], [0, 1]]))
    >>> problem = CoveringProblem(reach, np.array([3.0, 1.0]), np.zeros(2), 0.0, constraint_matrix(2, []),
    ...             csr_array((0, 2)), np.zeros(0))
    >>> groups = coverage_groups(problem)
    >>> scale = groups.most.sum() / 4
    >>> (groups.values(np.array([0.5, 0.0])) / scale).tolist()
    [1.5, 0.0]
    """
    gaining = np.flatnonzero((problem.first > 0) | (problem.second > 0))
    floors = coo_array(problem.floors)
    scale, of_floor = gain_scale(problem), floor_scale(problem)
    entry = np.r_[gaining, floors.coords[1]].astype(np.int64)
    owner = np.r_[np.zeros(len(gaining)), floors.coords[0] + 1].astype(np.int64)
    first = np.r_[problem.first[gaining] * scale, floors.data * of_floor[floors.coords[0]]]
    second = np.r_[problem.second[gaining] * scale, np.zeros(floors.nnz)]
    group = problem.reach.indices[problem.reach.indptr[:-1][entry]]
    key = owner * problem.candidate_count + group
    keys, group = np.unique(key, return_inverse=True)
    reach = csr_array(problem.reach[entry].astype(np.float64))
    return CoverageGroups(reach, first, second, group, keys // max(problem.candidate_count, 1))


def rows_of(cuts: BendersCuts, sums: int) -> Rows:
    """Return cuts as rows of a model, each with its own sum behind its candidates."""
    slope, count = cuts.slope, len(cuts.group)
    ends, sites = slope.indptr[1:], slope.shape[1]
    data = np.insert(-slope.data, ends, 1.0)
    columns = np.insert(slope.indices, ends, sites + cuts.group)
    indptr = slope.indptr + np.arange(count + 1)
    rows = csr_array((data, columns, indptr), shape=(count, sites + sums))
    return rows, np.full(count, -np.inf), cuts.constant


def master_problem(problem: CoveringProblem, groups: CoverageGroups) -> MilpModel:
    sites, count = problem.candidate_count, len(groups.owner)
    constraints, scale = problem.constraint_matrix.scaled(), gain_scale(problem)
    floors = len(problem.levels)
    of_floor = np.flatnonzero(groups.owner > 0)
    ruled = len(constraints.lower)
    sums = groups.owner[of_floor] - 1 + ruled, of_floor + sites, np.ones(len(of_floor))
    rows = assembled([matrix_entries(constraints.rows), sums], (ruled + floors, sites + count))
    cost = np.r_[np.full(sites, problem.per_site * scale), groups.owner == 0].astype(np.float64)
    upper = np.r_[np.ones(sites), groups.most]
    lower = np.r_[np.zeros(sites), _least_sums(problem, groups)]
    below = np.r_[constraints.lower, floor_scale(problem) * problem.levels]
    above = np.r_[constraints.upper, np.full(floors, np.inf)]
    # Fractions are all that is solved of it; the tree makes them whole.
    continuous = np.zeros(len(cost), dtype=bool)
    return MilpModel(cost, lower, upper, continuous, rows, below, above, True)


def _least_sums(problem: CoveringProblem, groups: CoverageGroups) -> Floats:
    """Return of each sum what it must be at least for its floor, all others being full."""
    totals = np.asarray(problem.floors.sum(axis=1)).ravel()
    spare = floor_scale(problem) * (totals - problem.levels + problem.floor_slack)
    least = groups.most - np.r_[np.inf, spare][groups.owner]
    return np.asarray(np.maximum(least, 0.0))
