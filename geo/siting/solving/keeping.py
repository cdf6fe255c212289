"""The rules of a plan as one sparse system: which choices keep them, what they force."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from geo.siting.model import Floats, Positions, Rule

FREE, OUT, IN = -1, 0, 1
"""Of a candidate: not decided, left out, chosen."""

SLACK: Final = 1e-9
"""Relative; rounding of a total is no breach."""

HALF: Final = 0.5
"""Of a solver's whole number: above it is 1, below it is 0."""

States = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Keeping:
    """Rules by candidates.

    Attributes
    ----------
    rows, columns : scipy.sparse.csr_array, scipy.sparse.csc_array
        Factors, each rule scaled to a largest factor of 1.
    entry_row : numpy.ndarray
        Of each entry of ``rows``: its rule.
    lower, upper : numpy.ndarray
        Of each rule, scaled likewise.
    fewest, most : int
        How many candidates may be chosen in all.
    """

    rows: csr_array
    columns: csc_array
    entry_row: Positions
    lower: Floats
    upper: Floats
    fewest: int
    most: int

    def totals(self, chosen: Positions) -> Floats:
        """Return what the chosen add up to in each rule."""
        y = np.zeros(self.rows.shape[1])
        y[chosen] = 1.0
        return np.asarray(self.rows @ y)

    def particular(self) -> Positions:
        """Return the positions of the rules that do not just count all candidates."""
        alike = np.bincount(self.entry_row, self.rows.data == 1.0, len(self.lower))
        speaks = np.diff(self.rows.indptr) > 0
        return np.flatnonzero(speaks & (alike < self.rows.shape[1]))

    def holds(self, totals: Floats) -> npt.NDArray[np.bool_]:
        """Return of totals (rules, or rules by choices) whether all rules are kept."""
        shape = (-1,) + (1,) * (totals.ndim - 1)
        slack = SLACK * np.maximum(1.0, np.abs(totals))
        kept = (totals >= self.lower.reshape(shape) - slack) & (
            totals <= self.upper.reshape(shape) + slack
        )
        return np.asarray(kept.all(axis=0))

    def forced(self, states: States) -> States | None:
        """Return the states with all that the rules force, or None where they cannot be kept.

        Examples
        --------
        >>> rule = Rule("", "", np.array([0, 1]), np.ones(2), -np.inf, 1.0)
        >>> kept([rule], 3).forced(np.array([IN, FREE, FREE], dtype=np.int8)).tolist()
        [1, 0, -1]
        """
        states = states.copy()
        while True:
            moves = self._moves(states)
            if moves is None:
                return None
            out, into = moves
            if not (len(out) or len(into)):
                return states
            states[out] = OUT
            states[into] = IN
            if (states[out] == IN).any():
                return None

    def _moves(self, states: States) -> tuple[Positions, Positions] | None:
        """Return what single rules force out and in, by their least and greatest totals."""
        row, column, factor = self.entry_row, self.rows.indices, self.rows.data
        count = len(self.lower)
        free = states[column] == FREE
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


def kept(rules: Sequence[Rule], candidate_count: int) -> Keeping:
    """Return rules as one system over all candidates.

    Examples
    --------
    >>> rule = Rule("", "", np.array([0, 1]), np.array([2.0, 2.0]), 2.0, 2.0)
    >>> keeping = kept([rule], 2)
    >>> keeping.fewest, keeping.most, keeping.holds(keeping.totals(np.array([1]))).tolist()
    (1, 1, True)
    """
    scale = np.array([max(np.abs(rule.factors).max(initial=0.0), 1e-300) for rule in rules])
    length = [len(rule.candidates) for rule in rules]
    row = np.repeat(np.arange(len(rules)), length)
    column = np.concatenate([rule.candidates for rule in rules] or [np.zeros(0, dtype=np.int64)])
    factor = np.concatenate([rule.factors for rule in rules] or [np.zeros(0)])
    useful = factor != 0
    entries = (factor[useful] / scale[row[useful]], (row[useful], column[useful]))
    rows = csr_array(entries, shape=(len(rules), candidate_count))
    lower = np.array([rule.lower for rule in rules]) / scale
    upper = np.array([rule.upper for rule in rules]) / scale
    fewest, most = _numbers(rows, lower, upper)
    entry_row = np.repeat(np.arange(len(rules)), np.diff(rows.indptr))
    return Keeping(rows, csc_array(rows), entry_row, lower, upper, fewest, most)


def _numbers(rows: csr_array, lower: Floats, upper: Floats) -> tuple[int, int]:
    """Return how few and how many sites the rules allow that count all candidates alike."""
    fewest, most = 0, rows.shape[1]
    for place in range(rows.shape[0]):
        factors = rows.data[rows.indptr[place] : rows.indptr[place + 1]]
        if len(factors) == rows.shape[1] and (factors == 1.0).all():
            fewest = max(fewest, math.ceil(max(lower[place], 0.0) - SLACK))
            most = min(most, math.floor(min(upper[place], most) + SLACK))
    return fewest, most
