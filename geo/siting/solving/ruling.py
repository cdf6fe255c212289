"""Rules as rows of one sparse matrix, and what a plan may still do under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from geo.siting.model import Floats, Positions, Rule

SLACK: Final = 1e-9
"""Relative to a rule's sum; as :meth:`geo.siting.model.Rule.holds` has it."""

LARGE_FACTOR: Final = 1e6
"""Rows with larger factors are scaled down; whole numbers below it stay exact in HiGHS."""


@dataclass(frozen=True)
class Ruling:
    """Some rules over the same candidates: ``lower <= rows @ x <= upper``.

    Attributes
    ----------
    rows : scipy.sparse.csr_array
        Rules by candidates.
    lower, upper : numpy.ndarray
        Of each rule.
    """

    rows: csr_array
    lower: Floats
    upper: Floats

    @cached_property
    def columns(self) -> csc_array:
        """The same factors by candidate."""
        return csc_array(self.rows)

    def sums(self, chosen: Positions) -> Floats:
        """Return each rule's sum over some chosen candidates."""
        x = np.zeros(self.rows.shape[1])
        x[chosen] = 1.0
        return np.asarray(self.rows @ x, dtype=np.float64)

    def broken(self, sums: Floats) -> Floats:
        """Return by how much sums lie outside each rule's bounds; 0 where it holds."""
        outside = np.maximum(np.maximum(self.lower - sums, sums - self.upper), 0.0)
        return np.where(outside <= SLACK * np.maximum(1.0, np.abs(sums)), 0.0, outside)

    def hold(self, chosen: Positions) -> bool:
        """Return whether all rules hold for some chosen candidates."""
        return not self.broken(self.sums(chosen)).any()

    def more_broken(self, sums: Floats) -> Floats:
        """Return for each candidate how much more the rules would be broken with it chosen too.

        Each rule counts relative to the largest factor in it, so that a budget in yuan and a
        number of sites can be added up. Negative where choosing the candidate mends more.
        """
        columns, scale = self.columns, self._scale
        rule = columns.indices
        after = self._broken_at(rule, sums[rule] + columns.data)
        change = (after - self.broken(sums)[rule]) / scale[rule]
        candidate = np.repeat(np.arange(columns.shape[1]), np.diff(columns.indptr))
        changes = np.bincount(candidate, weights=change, minlength=columns.shape[1])
        return changes.astype(np.float64)

    def may_add(self, sums: Floats) -> npt.NDArray[np.bool_]:
        """Return for each candidate whether all rules hold once it is chosen too."""
        columns = self.columns
        rule = columns.indices
        now = self.broken(sums) > 0
        after = self._broken_at(rule, sums[rule] + columns.data) > 0
        candidate = np.repeat(np.arange(columns.shape[1]), np.diff(columns.indptr))
        spoilt = np.bincount(candidate, weights=after, minlength=columns.shape[1])
        mended = np.bincount(candidate, weights=now[rule] & ~after, minlength=columns.shape[1])
        return np.asarray((spoilt == 0) & (mended == now.sum()))

    def _broken_at(self, rule: npt.NDArray[np.int32], sums: Floats) -> Floats:
        outside = np.maximum(np.maximum(self.lower[rule] - sums, sums - self.upper[rule]), 0.0)
        return np.where(outside <= SLACK * np.maximum(1.0, np.abs(sums)), 0.0, outside)

    @cached_property
    def _scale(self) -> Floats:
        largest = np.ones(len(self.lower))
        if self.rows.nnz:
            most = np.asarray(abs(self.rows).max(axis=1).todense()).ravel()
            largest[most > 0] = most[most > 0]
        return largest

    def scaled(self) -> Ruling:
        """Return the same rules with factors that HiGHS's tolerances are meant for."""
        down = np.where(self._scale > LARGE_FACTOR, LARGE_FACTOR / self._scale, 1.0)
        rows = csr_array(self.rows.multiply(down[:, None]))
        return Ruling(rows, self.lower * down, self.upper * down)

    def of(self, candidates: Positions) -> Ruling:
        """Return the rules over some of the candidates, when no other one is chosen."""
        return Ruling(csr_array(self.rows[:, candidates]), self.lower, self.upper)

    def without(self, chosen: Positions) -> Ruling:
        """Return the rules and one more, that exactly these candidates are not the plan.

        For a plan that HiGHS takes for feasible within its tolerance and that is not.
        """
        row = np.ones((1, self.rows.shape[1]))
        row[0, chosen] = -1.0
        rows = _stacked(self.rows, csr_array(row))
        return Ruling(rows, np.r_[self.lower, 1.0 - len(chosen)], np.r_[self.upper, np.inf])


def _stacked(above: csr_array, below: csr_array) -> csr_array:
    indptr = np.r_[above.indptr, below.indptr[1:] + above.nnz]
    data, indices = np.r_[above.data, below.data], np.r_[above.indices, below.indices]
    shape = (above.shape[0] + below.shape[0], above.shape[1])
    return csr_array((data, indices, indptr), shape=shape)


def ruling(candidate_count: int, rules: Sequence[Rule]) -> Ruling:
    """Return rules as one matrix; a rule that speaks of nobody keeps its bounds.

    Examples
    --------
    >>> from geo.siting.model import at_most
    >>> two = ruling(3, [at_most(1, [0, 2], zh="", en="")])
    >>> two.hold(np.array([0, 1])), two.hold(np.array([0, 2]))
    (True, False)
    >>> two.may_add(two.sums(np.array([0]))).tolist()
    [False, True, False]
    """
    none = np.zeros(0)
    sizes = np.array([len(rule.candidates) for rule in rules], dtype=np.int64)
    columns = np.concatenate([none.astype(np.int64), *(rule.candidates for rule in rules)])
    factors = np.concatenate([none, *(rule.factors for rule in rules)])
    indptr = np.r_[0, np.cumsum(sizes)].astype(np.int64)
    rows = csr_array((factors, columns, indptr), shape=(len(rules), candidate_count))
    lower = np.array([rule.lower for rule in rules], dtype=np.float64)
    upper = np.array([rule.upper for rule in rules], dtype=np.float64)
    return Ruling(rows, lower, upper)
