"""Benders decomposition of covering problems: candidates and some hundred sums are the columns.

The gain of a plan x is a concave function of x, the sum over classes of
``gain * min(1, number of chosen sites that cover it)``. Its tangents at plans and at
fractional points are the Benders cuts; they bound it from above (Cordeau, Furini and Ljubic 2019,
"Benders decomposition for very large scale partial set covering and maximal covering location
problems"). They are computed by one product of a sparse matrix, so a million demand points take
no longer than their classes. One sum for each first candidate rather than one for all closes the
bound in some 30 rounds instead of over 1,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array

from geo.siting.model import Floats, Positions
from geo.siting.solver.covering_model import CoveringProblem, floor_scale, gain_scale
from geo.siting.solver.highs import MilpModel, Rows, assembled, matrix_entries

VIOLATED: Final = 1e-7
"""Absolute, for sums scaled near 10,000 in all; cuts that are violated by less are not added."""

EDGE: Final = 1e-9
"""A class whose coverage is within this of 1 or 2 counts as covered in its tangent."""


@dataclass(frozen=True)
class BendersCuts:
    """Benders cuts ``sum - slope @ x <= constant``; they hold for every plan.

    Attributes
    ----------
    group : numpy.ndarray
        Of each cut: the sum that it bounds.
    slope : scipy.sparse.csr_array
        Cuts by candidates.
    constant : numpy.ndarray
        Of each cut.
    """

    group: Positions
    slope: csr_array
    constant: Floats


@dataclass(frozen=True)
class CoverageGroups:
    """The gain and the floors of a problem, each split into sums over groups of classes.

    Attributes
    ----------
    reach : scipy.sparse.csr_array
        Entries by candidates; an entry is a class that counts for the gain or for a floor.
    first, second : numpy.ndarray
        Of each entry: gain of first and second coverage, scaled.
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
        """Greatest value of each sum, with every class covered twice."""
        return self._summed(self.first + self.second)

    def values(self, x: Floats) -> Floats:
        """Return the value of each sum at a plan or a fractional point."""
        return self._summed(self._values(self.reach @ x))

    def cuts(self, x: Floats, sums: Floats) -> BendersCuts:
        """Return the cuts at a point that given values of the sums violate."""
        counts = self.reach @ x
        values = self._values(counts)
        violated = np.flatnonzero(sums > self._summed(values) + VIOLATED)
        slope = np.where(counts < 1 - EDGE, self.first, self.second)
        slope[counts >= 2 - EDGE] = 0.0
        constant = self._summed(values - slope * counts)[violated]
        slopes = self._entries.copy()
        slopes.data = slope[slopes.indices]
        if len(violated) < len(self.owner):
            slopes = csr_array(slopes[violated])
        slopes.eliminate_zeros()
        return BendersCuts(violated, csr_array(slopes @ self.reach), constant)

    def cuts_between(self, inner: Floats, x: Floats, sums: Floats) -> BendersCuts:
        """Return the cuts at an inner point that an outer point violates.

        In-out separation (Ben-Ameur and Neto 2007): such cuts are deeper, and the bound closes in
        a third of the rounds.
        """
        cuts = self.cuts(inner, np.full(len(self.owner), np.inf))
        violated = sums[cuts.group] > cuts.constant + cuts.slope @ x + VIOLATED
        kept = np.flatnonzero(violated)
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
    """Return the groups of a problem: for its gain and each floor, one for each first candidate.

    Classes that share their first candidate lie near each other. A class is in one sum of the
    gain, and in one sum of each floor that it counts for.

    Parameters
    ----------
    problem : CoveringProblem
        The problem.

    Returns
    -------
    CoverageGroups
        Scaled by :func:`geo.siting.solver.covering_model.gain_scale` and ``floor_scale``.

    Examples
    --------
    >>> from geo.siting.solver.constraint_matrix import constraint_matrix
    >>> reach = csr_array(np.array([[1, 1], [0, 1]]))
    >>> problem = CoveringProblem(reach, np.array([3.0, 1.0]), np.zeros(2), 0.0,
    ...                           constraint_matrix(2, []), csr_array((0, 2)), np.zeros(0))
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
    first_candidate = problem.reach.indices[problem.reach.indptr[:-1][entry]]
    key = owner * problem.candidate_count + first_candidate
    keys, group = np.unique(key, return_inverse=True)
    reach = csr_array(problem.reach[entry].astype(np.float64))
    return CoverageGroups(reach, first, second, group, keys // max(problem.candidate_count, 1))


def rows_of(cuts: BendersCuts, sums: int) -> Rows:
    """Return cuts as rows of the master problem.

    Parameters
    ----------
    cuts : BendersCuts
        The cuts.
    sums : int
        Number of sums, whose columns stand behind those of the candidates.

    Returns
    -------
    Rows
        Factors, lower and upper bounds.
    """
    slope, count = cuts.slope, len(cuts.group)
    ends, sites = slope.indptr[1:], slope.shape[1]
    data = np.insert(-slope.data, ends, 1.0)
    columns = np.insert(slope.indices, ends, sites + cuts.group)
    indptr = slope.indptr + np.arange(count + 1)
    rows = csr_array((data, columns, indptr), shape=(count, sites + sums))
    return rows, np.full(count, -np.inf), cuts.constant


def master_problem(problem: CoveringProblem, groups: CoverageGroups) -> MilpModel:
    """Return the Benders master problem without cuts: candidates and sums as columns.

    Parameters
    ----------
    problem : CoveringProblem
        Constraints and floors, which are the rows.
    groups : CoverageGroups
        Its sums.

    Returns
    -------
    MilpModel
        With continuous columns.
    """
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
    # Only relaxations of it are solved; the branch-and-cut tree makes the candidates integer.
    continuous = np.zeros(len(cost), dtype=bool)
    return MilpModel(cost, lower, upper, continuous, rows, below, above, True)


def _least_sums(problem: CoveringProblem, groups: CoverageGroups) -> Floats:
    """Return the least value of each sum with which its floor can be met at all."""
    totals = np.asarray(problem.floors.sum(axis=1)).ravel()
    spare = floor_scale(problem) * (totals - problem.levels + problem.floor_slack)
    least = groups.most - np.r_[np.inf, spare][groups.owner]
    return np.asarray(np.maximum(least, 0.0))
