"""The same covering question with far fewer rows: like demand merged, idle candidates dropped.

A million demand points that a thousand candidates reach fall into some fifty thousand
classes, each reached by the same candidates; a plan covers a class or it does not.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from geo.siting.model import Floats, Positions
from geo.siting.solving.task import Task

HASH_SEED: Final = 430503
CHUNK: Final = 4_000_000
"""Pairs hashed at a time; keeps the memory beside the pairs themselves small."""

MOST_COMPARED: Final = 50_000_000
"""Products of the table of shared classes; above it no candidate is looked at for dropping."""


def reach_of(
    demand: Positions, candidate: Positions, wanted: npt.NDArray[np.bool_], candidate_count: int
) -> csr_array:
    """Return the pairs of the demand points that are wanted, as a matrix of 0 and 1.

    Parameters
    ----------
    demand, candidate : numpy.ndarray
        Of each pair, unique.
    wanted : numpy.ndarray
        Of each demand point.
    candidate_count : int
        Columns.

    Returns
    -------
    scipy.sparse.csr_array
        Demand points by candidates; rows of unwanted ones are empty.
    """
    if wanted.all():
        row, column = demand.astype(np.int32), candidate.astype(np.int32)
    else:
        keep = wanted[demand]
        row, column = demand[keep].astype(np.int32), candidate[keep].astype(np.int32)
    ones = np.ones(len(row), dtype=np.int8)
    return coo_array((ones, (row, column)), shape=(len(wanted), candidate_count)).tocsr()


def classes(reach: csr_array) -> tuple[Positions, Positions]:
    """Return which rows of a matrix of 0 and 1 are the same; empty rows are in no class.

    Rows are compared by two 64-bit hashes, sums of a random number per column, so the order
    of a row's columns does not matter; two of a million rows differ and agree in both with a
    probability of 1e-27.

    Parameters
    ----------
    reach : scipy.sparse.csr_array
        Demand points by candidates.

    Returns
    -------
    rows, class_of : numpy.ndarray
        Of each class one row; of each row its class, -1 where it is empty.

    Examples
    --------
    >>> rows, class_of = classes(csr_array(np.array([[1, 0], [0, 0], [1, 1], [1, 0]])))
    >>> class_of.tolist(), rows.tolist()
    ([0, -1, 1, 0], [0, 2])
    """
    filled = np.flatnonzero(np.diff(reach.indptr))
    random = np.random.default_rng(HASH_SEED)
    keys = random.integers(0, 2**64, size=(2, reach.shape[1]), dtype=np.uint64)
    hashes = [_row_sums(reach, key)[filled] for key in keys]
    order = np.lexsort(hashes)
    new = np.ones(len(order), dtype=bool)
    if len(order):
        new[1:] = np.any([np.diff(part[order]) != 0 for part in hashes], axis=0)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    rows, number = _in_order_of_rows(filled, order[new], number)
    class_of = np.full(reach.shape[0], -1, dtype=np.int64)
    class_of[filled] = number
    return rows, class_of


def _in_order_of_rows(
    filled: Positions, some: Positions, number: Positions
) -> tuple[Positions, Positions]:
    """Renumber classes by their first row, so that the hash's numbers leave no trace."""
    first = np.full(len(some), len(filled), dtype=np.int64)
    np.minimum.at(first, number, np.arange(len(filled)))
    rank = np.empty(len(some), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(some))
    return filled[np.sort(first)], rank[number]


def _row_sums(reach: csr_array, key: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return for each row the wrapped sum of its columns' keys, a chunk of pairs at a time."""
    sums = np.zeros(reach.shape[0], dtype=np.uint64)
    cuts = np.searchsorted(reach.indptr, np.arange(0, reach.nnz + CHUNK, CHUNK))
    cuts = np.unique(np.r_[0, cuts[:-1], reach.shape[0]])
    for start, stop in pairwise(cuts):
        indptr = reach.indptr[start : stop + 1]
        filled = np.flatnonzero(np.diff(indptr))
        if len(filled):
            part = key[reach.indices[indptr[0] : indptr[-1]]]
            starts = indptr[:-1][filled] - indptr[0]
            sums[start + filled] = np.add.reduceat(part, starts)
    return sums


def summed(class_of: Positions, values: Floats, count: int) -> Floats:
    """Return the sum of some values of each class."""
    inside = class_of >= 0
    sums = np.bincount(class_of[inside], weights=values[inside], minlength=count)
    return sums.astype(np.float64)


def kept_candidates(task: Task) -> Positions:
    """Return the candidates among which a best plan can be found, ascending.

    Candidate i is idle beside k when k reaches every class that i reaches (of two that reach
    the same, the later is idle) and every rule has the same factor for both, which makes
    them *alike*. Idle ones are dropped only where no plan needs them:

    1. Take a best plan that holds a dropped i. Follow "idle beside" up to a kept k: it is
       transitive, strict (ties by position), and alike is an equivalence, so such a k is
       there. If k is not in the plan, exchange i for k: all sums of rules stay, no coverage
       is lost.
    2. If k is in the plan, i adds no first coverage. Where leaving a site out breaks no rule
       of i (its rules only have upper bounds over factors of at least 0), leave i out: rules
       still hold, coverage stays, and sites do not gain by themselves (``per_site <= 0``).
    3. Otherwise, exchange i for a kept m alike i that is not in the plan. There is one, when
       more or as many alike candidates are kept as any plan can hold: i itself is one of
       those that it holds. That number is at most ``upper / factor`` of any rule that has no
       negative factor. Where it cannot be told, nothing is dropped.

    Each step takes one dropped candidate out and none in. Floors only count first coverage
    and so never fall. None of it is true of second coverage, where i beside k gains: nothing
    is dropped where it counts.
    """
    everyone = np.arange(task.candidate_count)
    sizes = np.diff(task.by_candidate.indptr)
    work = float((np.diff(task.reach.indptr).astype(np.float64) ** 2).sum())
    if task.second.any() or task.per_site > 0 or work > MOST_COMPARED:
        return everyone
    alike = _alike(task)
    return np.flatnonzero(~_droppable(task, _idle(task, sizes, alike), alike))


def _alike(task: Task) -> Positions:
    """Return a number of each candidate, the same where no rule distinguishes two."""
    columns = task.ruling.columns.sorted_indices()
    sizes = np.diff(columns.indptr)
    if len(sizes) and (sizes == sizes[0]).all():
        shape = (task.candidate_count, int(sizes[0]))
        both = np.c_[columns.indices.reshape(shape), columns.data.reshape(shape)]
        return np.unique(both, axis=0, return_inverse=True)[1].ravel()
    keys: dict[tuple[bytes, bytes], int] = {}
    number = np.empty(task.candidate_count, dtype=np.int64)
    for i in range(task.candidate_count):
        part = slice(columns.indptr[i], columns.indptr[i + 1])
        key = columns.indices[part].tobytes(), columns.data[part].tobytes()
        number[i] = keys.setdefault(key, len(keys))
    return number


def _idle(task: Task, sizes: Positions, alike: Positions) -> npt.NDArray[np.bool_]:
    ones = task.by_candidate.astype(np.int32)
    shared = coo_array(ones @ ones.T)
    i, k = shared.coords
    larger = (sizes[k] > sizes[i]) | ((sizes[k] == sizes[i]) & (k < i))
    beside = (shared.data == sizes[i]) & larger & (alike[i] == alike[k])
    idle = np.zeros(task.candidate_count, dtype=bool)
    idle[i[beside]] = True
    empty = np.flatnonzero(sizes == 0)
    for number in np.unique(alike[empty]):
        like = np.flatnonzero(alike == number)
        best = like[np.argmax(sizes[like])]
        idle[like[(sizes[like] == 0) & (like != best)]] = True
    return idle


def _droppable(task: Task, idle: npt.NDArray[np.bool_], alike: Positions) -> npt.NDArray[np.bool_]:
    dropped = np.zeros(len(idle), dtype=bool)
    for number in np.unique(alike[idle]):
        like = np.flatnonzero(alike == number)
        kept, spare = like[~idle[like]], like[idle[like]]
        needed = _most_in_a_plan(task, int(like[0]), len(like))
        back = max(0, needed - len(kept))
        dropped[spare[back:]] = True
    return dropped


def _most_in_a_plan(task: Task, candidate: int, count: int) -> int:
    """Return how many of ``count`` candidates like this one a plan may need to hold."""
    ruling, columns = task.ruling, task.ruling.columns
    part = slice(columns.indptr[candidate], columns.indptr[candidate + 1])
    rules, factors = columns.indices[part], columns.data[part]
    if (factors >= 0).all() and np.isneginf(ruling.lower[rules]).all():
        return 0
    most = count
    for rule, factor in zip(rules, factors, strict=True):
        of_rule = ruling.rows.data[ruling.rows.indptr[rule] : ruling.rows.indptr[rule + 1]]
        upper = ruling.upper[rule]
        if factor > 0 and (of_rule >= 0).all() and np.isfinite(upper):
            most = min(most, int(np.floor(upper / factor * (1 + 1e-9) + 1e-9)))
    return max(most, 0)


def of_candidates(task: Task, kept: Positions) -> Task:
    """Return the task over some of its candidates, the others not chosen; like classes merged."""
    if len(kept) == task.candidate_count:
        return task
    narrow = csr_array(task.reach[:, kept])
    rows, class_of = classes(narrow)
    count = len(rows)
    floors = np.array([summed(class_of, row, count) for row in task.floors.toarray()])
    return replace(
        task,
        reach=csr_array(narrow[rows]),
        first=summed(class_of, task.first, count),
        second=summed(class_of, task.second, count),
        ruling=task.ruling.of(kept),
        floors=csr_array(floors.reshape(len(task.levels), count)),
    )
