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
from geo.siting.solving.task import Task
from geo.siting.solving.whole import floor_scale, gain_scale

VIOLATED: Final = 1e-7
"""Of sums that are near 10,000 together: a cut that is broken by less is not worth a row."""

EDGE: Final = 1e-9
"""A class that is covered to within this counts as covered when its tangent is drawn."""

Rows = tuple[csr_array, Floats, Floats]
"""Rows of a model, with their lower and upper bounds."""


@dataclass(frozen=True)
class Cuts:
    """Rows ``sums - slope @ x <= constant`` that hold for every plan.

    Attributes
    ----------
    piece : numpy.ndarray
        Of each row: which sum it bounds.
    slope : scipy.sparse.csr_array
        Rows by candidates.
    constant : numpy.ndarray
        Of each row.
    """

    piece: Positions
    slope: csr_array
    constant: Floats


@dataclass(frozen=True)
class Pieces:
    """The gain and the floors of a task, each split into sums over neighbouring classes.

    Attributes
    ----------
    reach : scipy.sparse.csr_array
        Entries by candidates; an entry is a class that counts for the gain or for a floor.
    first, second : numpy.ndarray
        Of each entry: what first and second coverage add, scaled.
    piece : numpy.ndarray
        Of each entry: its sum.
    owner : numpy.ndarray
        Of each sum: 0 for the gain, 1 and on for the floors.
    """

    reach: csr_array
    first: Floats
    second: Floats
    piece: Positions
    owner: Positions

    @property
    def most(self) -> Floats:
        """Of each sum: its value when everybody is covered."""
        return self._summed(self.first + self.second)

    def values(self, x: Floats) -> Floats:
        """Return each sum at a plan or at a fractional point."""
        return self._summed(self._values(self.reach @ x))

    def cuts(self, x: Floats, sums: Floats) -> Cuts:
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
        return Cuts(broken, csr_array(slopes @ self.reach), constant)

    def cuts_between(self, inner: Floats, x: Floats, sums: Floats) -> Cuts:
        """Return the tangents at an inner point that are broken at an outer one.

        Drawn there they lie deeper: the bound comes down in a third of the rounds (the in-out
        separation of Ben-Ameur and Neto 2007).
        """
        cuts = self.cuts(inner, np.full(len(self.owner), np.inf))
        broken = sums[cuts.piece] > cuts.constant + cuts.slope @ x + VIOLATED
        kept = np.flatnonzero(broken)
        return Cuts(cuts.piece[kept], csr_array(cuts.slope[kept]), cuts.constant[kept])

    @cached_property
    def _entries(self) -> csr_array:
        """Sums by entries: 1 where the entry belongs to the sum."""
        count = len(self.piece)
        order = np.argsort(self.piece, kind="stable")
        starts = np.searchsorted(self.piece[order], np.arange(len(self.owner) + 1))
        return csr_array((np.ones(count), order, starts), shape=(len(self.owner), count))

    def _values(self, counts: Floats) -> Floats:
        again = self.second * np.clip(counts - 1.0, 0.0, 1.0)
        return np.asarray(self.first * np.minimum(counts, 1.0) + again)

    def _summed(self, values: Floats) -> Floats:
        sums = np.bincount(self.piece, weights=values, minlength=len(self.owner))
        return sums.astype(np.float64)


def pieces_of(task: Task) -> Pieces:
    """Return the sums of a task: of its gain and of each floor one for each first candidate.

    Classes that share their first candidate lie near each other. A class is in one sum of the
    gain, and in one of each floor that it counts for.

    Examples
    --------
    >>> from geo.siting.solving.ruling import ruling
    >>> reach = csr_array(np.array([[1, 1], [0, 1]]))
    >>> task = Task(reach, np.array([3.0, 1.0]), np.zeros(2), 0.0, ruling(2, []),
    ...             csr_array((0, 2)), np.zeros(0))
    >>> pieces = pieces_of(task)
    >>> scale = pieces.most.sum() / 4
    >>> (pieces.values(np.array([0.5, 0.0])) / scale).tolist()
    [1.5, 0.0]
    """
    gaining = np.flatnonzero((task.first > 0) | (task.second > 0))
    floors = coo_array(task.floors)
    scale, of_floor = gain_scale(task), floor_scale(task)
    entry = np.r_[gaining, floors.coords[1]].astype(np.int64)
    owner = np.r_[np.zeros(len(gaining)), floors.coords[0] + 1].astype(np.int64)
    first = np.r_[task.first[gaining] * scale, floors.data * of_floor[floors.coords[0]]]
    second = np.r_[task.second[gaining] * scale, np.zeros(floors.nnz)]
    group = task.reach.indices[task.reach.indptr[:-1][entry]]
    key = owner * task.candidate_count + group
    keys, piece = np.unique(key, return_inverse=True)
    reach = csr_array(task.reach[entry].astype(np.float64))
    return Pieces(reach, first, second, piece, keys // max(task.candidate_count, 1))


def rows_of(cuts: Cuts, sums: int) -> Rows:
    """Return cuts as rows of a model, each with its own sum behind its candidates."""
    slope, count = cuts.slope, len(cuts.piece)
    ends, sites = slope.indptr[1:], slope.shape[1]
    data = np.insert(-slope.data, ends, 1.0)
    columns = np.insert(slope.indices, ends, sites + cuts.piece)
    indptr = slope.indptr + np.arange(count + 1)
    rows = csr_array((data, columns, indptr), shape=(count, sites + sums))
    return rows, np.full(count, -np.inf), cuts.constant
