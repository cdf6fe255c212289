"""Constraint matrices: linear constraints as sparse rows, their violation and propagation.

:class:`ConstraintMatrix` keeps the factors as given, for covering problems;
:class:`ScaledConstraints` scales each row to a largest factor of 1, for branch and bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from geo.siting.model import Constraint, Flags, Floats, Positions

SLACK: Final = 1e-9
"""Relative to a row's sum, as in :meth:`geo.siting.model.Constraint.holds`; it is rounding."""

LARGE_FACTOR: Final = 1e6
"""Rows with larger factors are scaled down; whole numbers below it stay exact in HiGHS."""

UNDECIDED, OUT, IN = -1, 0, 1
"""State of a candidate in branch and bound."""

States = npt.NDArray[np.int8]


@dataclass(frozen=True)
class ConstraintMatrix:
    """Constraints over the same candidates: ``lower <= rows @ x <= upper``.

    Attributes
    ----------
    rows : scipy.sparse.csr_array
        Constraints by candidates.
    lower, upper : numpy.ndarray
        Of each constraint.
    """

    rows: csr_array
    lower: Floats
    upper: Floats

    @cached_property
    def columns(self) -> csc_array:
        """The same factors by candidate."""
        return csc_array(self.rows)

    def sums(self, chosen: Positions) -> Floats:
        """Return each constraint's sum for a plan."""
        x = np.zeros(self.rows.shape[1])
        x[chosen] = 1.0
        return np.asarray(self.rows @ x, dtype=np.float64)

    def violation(self, sums: Floats) -> Floats:
        """Return by how much sums lie outside each constraint's bounds; 0 where it is met."""
        outside = np.maximum(np.maximum(self.lower - sums, sums - self.upper), 0.0)
        return np.where(outside <= SLACK * np.maximum(1.0, np.abs(sums)), 0.0, outside)

    def holds(self, chosen: Positions) -> bool:
        """Return whether a plan meets all constraints."""
        return not self.violation(self.sums(chosen)).any()

    def added_violation(self, sums: Floats) -> Floats:
        """Return for each candidate the violation that adding it to the plan would add.

        Each constraint counts relative to its largest factor, so that a budget in yuan and a
        number of sites can be added up. Negative where the candidate reduces the violation.
        """
        columns, scale = self.columns, self._scale
        constraint = columns.indices
        after = self._violation_at(constraint, sums[constraint] + columns.data)
        change = (after - self.violation(sums)[constraint]) / scale[constraint]
        candidate = np.repeat(np.arange(columns.shape[1]), np.diff(columns.indptr))
        changes = np.bincount(candidate, weights=change, minlength=columns.shape[1])
        return changes.astype(np.float64)

    def can_add(self, sums: Floats) -> Flags:
        """Return for each candidate whether all constraints are met once it is added."""
        columns = self.columns
        constraint = columns.indices
        now = self.violation(sums) > 0
        after = self._violation_at(constraint, sums[constraint] + columns.data) > 0
        candidate = np.repeat(np.arange(columns.shape[1]), np.diff(columns.indptr))
        spoilt = np.bincount(candidate, weights=after, minlength=columns.shape[1])
        mended = np.bincount(
            candidate, weights=now[constraint] & ~after, minlength=columns.shape[1]
        )
        return np.asarray((spoilt == 0) & (mended == now.sum()))

    def _violation_at(self, constraint: npt.NDArray[np.int32], sums: Floats) -> Floats:
        outside = np.maximum(
            np.maximum(self.lower[constraint] - sums, sums - self.upper[constraint]), 0.0
        )
        return np.where(outside <= SLACK * np.maximum(1.0, np.abs(sums)), 0.0, outside)

    @cached_property
    def _scale(self) -> Floats:
        largest = np.ones(len(self.lower))
        if self.rows.nnz:
            most = np.asarray(abs(self.rows).max(axis=1).todense()).ravel()
            largest[most > 0] = most[most > 0]
        return largest

    def scaled(self) -> ConstraintMatrix:
        """Return the same constraints with factors in the range of HiGHS's tolerances."""
        down = np.where(self._scale > LARGE_FACTOR, LARGE_FACTOR / self._scale, 1.0)
        rows = csr_array(self.rows.multiply(down[:, None]))
        return ConstraintMatrix(rows, self.lower * down, self.upper * down)

    def restricted_to(self, candidates: Positions) -> ConstraintMatrix:
        """Return the constraints over some of the candidates; no other one is chosen."""
        return ConstraintMatrix(csr_array(self.rows[:, candidates]), self.lower, self.upper)

    def without(self, chosen: Positions) -> ConstraintMatrix:
        """Return the constraints with one more that excludes exactly this plan.

        For a plan that is feasible within HiGHS's tolerance only.
        """
        row = np.ones((1, self.rows.shape[1]))
        row[0, chosen] = -1.0
        rows = stacked_rows(self.rows, csr_array(row))
        return ConstraintMatrix(
            rows, np.r_[self.lower, 1.0 - len(chosen)], np.r_[self.upper, np.inf]
        )


def stacked_rows(above: csr_array, below: csr_array) -> csr_array:
    """Return one matrix above another, as ``scipy.sparse.vstack`` does with more overhead."""
    indptr = np.r_[above.indptr, below.indptr[1:] + above.nnz]
    data, indices = np.r_[above.data, below.data], np.r_[above.indices, below.indices]
    shape = (above.shape[0] + below.shape[0], above.shape[1])
    return csr_array((data, indices, indptr), shape=shape)


def constraint_matrix(candidate_count: int, constraints: Sequence[Constraint]) -> ConstraintMatrix:
    """Return constraints as one matrix; a constraint without candidates keeps its bounds.

    Parameters
    ----------
    candidate_count : int
        Number of columns.
    constraints : sequence of Constraint
        One for each row.

    Returns
    -------
    ConstraintMatrix
        With the factors as given.


    Examples
    --------
    >>> from geo.siting.model import at_most
    >>> two = constraint_matrix(3, [at_most(1, [0, 2], zh="", en="")])
    >>> two.holds(np.array([0, 1])), two.holds(np.array([0, 2]))
    (True, False)
    >>> two.can_add(two.sums(np.array([0]))).tolist()
    [False, True, False]
    """
    none = np.zeros(0)
    sizes = np.array([len(constraint.candidates) for constraint in constraints], dtype=np.int64)
    columns = np.concatenate(
        [none.astype(np.int64), *(constraint.candidates for constraint in constraints)]
    )
    factors = np.concatenate([none, *(constraint.factors for constraint in constraints)])
    indptr = np.r_[0, np.cumsum(sizes)].astype(np.int64)
    rows = csr_array((factors, columns, indptr), shape=(len(constraints), candidate_count))
    lower = np.array([constraint.lower for constraint in constraints], dtype=np.float64)
    upper = np.array([constraint.upper for constraint in constraints], dtype=np.float64)
    return ConstraintMatrix(rows, lower, upper)


@dataclass(frozen=True)
class ScaledConstraints:
    """Constraints with each row scaled to a largest factor of 1.

    Attributes
    ----------
    rows, columns : scipy.sparse.csr_array, scipy.sparse.csc_array
        Scaled factors, constraints by candidates.
    entry_row : numpy.ndarray
        Of each entry of ``rows``: its constraint.
    lower, upper : numpy.ndarray
        Of each constraint, scaled in the same way.
    fewest, most : int
        Least and greatest number of sites of any plan.
    """

    rows: csr_array
    columns: csc_array
    entry_row: Positions
    lower: Floats
    upper: Floats
    fewest: int
    most: int

    def totals(self, chosen: Positions) -> Floats:
        """Return each constraint's sum for a plan."""
        y = np.zeros(self.rows.shape[1])
        y[chosen] = 1.0
        return np.asarray(self.rows @ y)

    def non_cardinality(self) -> Positions:
        """Return the positions of the constraints that do not just count all candidates alike."""
        alike = np.bincount(self.entry_row, self.rows.data == 1.0, len(self.lower))
        is_filled = np.diff(self.rows.indptr) > 0
        return np.flatnonzero(is_filled & (alike < self.rows.shape[1]))

    def holds(self, totals: Floats) -> Flags:
        """Return whether totals (by constraint, or by constraint and plan) meet all constraints."""
        shape = (-1,) + (1,) * (totals.ndim - 1)
        slack = SLACK * np.maximum(1.0, np.abs(totals))
        met = (totals >= self.lower.reshape(shape) - slack) & (
            totals <= self.upper.reshape(shape) + slack
        )
        return np.asarray(met.all(axis=0))

    def propagate(self, states: States) -> States | None:
        """Return the states with all decisions that single constraints force.

        Bound propagation: a candidate is decided where the other value would put a constraint's
        least or greatest possible total out of its bounds. None where a constraint cannot be met.

        Examples
        --------
        >>> constraint = Constraint("", "", np.array([0, 1]), np.ones(2), -np.inf, 1.0)
        >>> states = np.array([IN, UNDECIDED, UNDECIDED], dtype=np.int8)
        >>> scaled_constraints([constraint], 3).propagate(states).tolist()
        [1, 0, -1]
        """
        states = states.copy()
        while True:
            moves = self._forced_moves(states)
            if moves is None:
                return None
            out, into = moves
            if not (len(out) or len(into)):
                return states
            states[out] = OUT
            states[into] = IN
            if (states[out] == IN).any():
                return None

    def _forced_moves(self, states: States) -> tuple[Positions, Positions] | None:
        """Return the candidates that single constraints force out and in."""
        row, column, factor = self.entry_row, self.rows.indices, self.rows.data
        count = len(self.lower)
        free = states[column] == UNDECIDED
        fixed = np.bincount(row, np.where(states[column] == IN, factor, 0.0), count)
        least = fixed + np.bincount(row, np.where(free, factor, 0.0).clip(max=0.0), count)
        greatest = fixed + np.bincount(row, np.where(free, factor, 0.0).clip(min=0.0), count)
        upper = self.upper + SLACK * np.maximum(1.0, np.abs(fixed))
        lower = self.lower - SLACK * np.maximum(1.0, np.abs(fixed))
        if (least > upper).any() or (greatest < lower).any():
            return None
        above = free & (least[row] + np.abs(factor) > upper[row])
        below = free & (greatest[row] - np.abs(factor) < lower[row])
        rising = factor > 0
        out = column[(above & rising) | (below & ~rising)]
        return out, column[(above & ~rising) | (below & rising)]


def scaled_constraints(
    constraints: Sequence[Constraint], candidate_count: int
) -> ScaledConstraints:
    """Return constraints as one scaled matrix.

    Parameters
    ----------
    constraints : sequence of Constraint
        One for each row.
    candidate_count : int
        Number of columns.

    Returns
    -------
    ScaledConstraints
        Each row divided by its largest absolute factor.

    Examples
    --------
    >>> constraint = Constraint("", "", np.array([0, 1]), np.array([2.0, 2.0]), 2.0, 2.0)
    >>> matrix = scaled_constraints([constraint], 2)
    >>> matrix.fewest, matrix.most, matrix.holds(matrix.totals(np.array([1]))).tolist()
    (1, 1, True)
    """
    scale = np.array(
        [max(np.abs(constraint.factors).max(initial=0.0), 1e-300) for constraint in constraints]
    )
    length = [len(constraint.candidates) for constraint in constraints]
    row = np.repeat(np.arange(len(constraints)), length)
    column = np.concatenate(
        [constraint.candidates for constraint in constraints] or [np.zeros(0, dtype=np.int64)]
    )
    factor = np.concatenate([constraint.factors for constraint in constraints] or [np.zeros(0)])
    useful = factor != 0
    entries = (factor[useful] / scale[row[useful]], (row[useful], column[useful]))
    rows = csr_array(entries, shape=(len(constraints), candidate_count))
    lower = np.array([constraint.lower for constraint in constraints]) / scale
    upper = np.array([constraint.upper for constraint in constraints]) / scale
    fewest, most = _numbers(rows, lower, upper)
    entry_row = np.repeat(np.arange(len(constraints)), np.diff(rows.indptr))
    return ScaledConstraints(rows, csc_array(rows), entry_row, lower, upper, fewest, most)


def _numbers(rows: csr_array, lower: Floats, upper: Floats) -> tuple[int, int]:
    """Return the least and greatest number of sites that cardinality constraints allow."""
    fewest, most = 0, rows.shape[1]
    for place in range(rows.shape[0]):
        factors = rows.data[rows.indptr[place] : rows.indptr[place + 1]]
        if len(factors) == rows.shape[1] and (factors == 1.0).all():
            fewest = max(fewest, math.ceil(max(lower[place], 0.0) - SLACK))
            most = min(most, math.floor(min(upper[place], most) + SLACK))
    return fewest, most
