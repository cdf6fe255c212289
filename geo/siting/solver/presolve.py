"""Presolve of covering problems: demand aggregated into classes, dominated candidates dropped.

A million demand points that a thousand candidates reach fall into some fifty thousand classes,
each covered by the same candidates; a plan covers a class as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from geo.siting.model import Constraint, CoverageFloor, Covering, Flags, Floats, Positions
from geo.siting.solver.constraint_matrix import constraint_matrix
from geo.siting.solver.covering_model import CoveringProblem


def covering_problem(
    covering: Covering,
    constraints: Sequence[Constraint],
    floors: Sequence[CoverageFloor],
    *,
    first: Floats,
    second: Floats,
    per_site: float = 0.0,
    unit: float = 0.0,
) -> CoveringProblem:
    """Return a covering instance with all demand that the same candidates cover as one class.

    Only demand points that can still gain something or that a floor needs are kept. What existing
    facilities cover is subtracted from the floors; floors that are met already have a level of 0.

    Parameters
    ----------
    covering : Covering
        Demand, candidates and pairs.
    constraints, floors : sequence
        Of plans.
    first, second : numpy.ndarray
        Of each demand point: gain of its first and second coverage by new sites.
    per_site : float
        Gain of each site by itself.
    unit : float
        All gains are multiples of it; 0 where none is known.

    Returns
    -------
    CoveringProblem
        Over the same candidates.

    Examples
    --------
    >>> covering = Covering(np.array([3.0, 4.0, 5.0]), np.array([0, 1, 2]), np.array([1, 1, 0]),
    ...                     2, np.zeros(3, dtype=int))
    >>> covering_problem(covering, [], [], first=covering.weight, second=np.zeros(3)).first.tolist()
    [7.0, 5.0]
    """
    wanted = (first > 0) | (second > 0) | _needed_by_floors(covering, floors)
    reach = coverage_matrix(covering.demand, covering.candidate, wanted, covering.candidate_count)
    rows, class_of = demand_classes(reach)
    count = len(rows)
    return CoveringProblem(
        reach=csr_array(reach[rows]),
        first=sum_by_class(class_of, first, count),
        second=sum_by_class(class_of, second, count),
        per_site=per_site,
        constraint_matrix=constraint_matrix(covering.candidate_count, constraints),
        floors=_floor_weights(covering, floors, class_of, count),
        levels=_levels(covering, floors),
        unit=unit,
    )


def _needed_by_floors(covering: Covering, floors: Sequence[CoverageFloor]) -> Flags:
    """Return of each demand point whether its coverage by new sites counts for a floor."""
    needed = np.zeros(covering.demand_count, dtype=bool)
    for floor in floors:
        needed[floor.demand] = True
    return np.asarray(needed & (covering.before == 0) & (covering.weight > 0))


def _levels(covering: Covering, floors: Sequence[CoverageFloor]) -> Floats:
    already = np.where(covering.before > 0, covering.weight, 0.0)
    missing = [floor.covered_weight - already[np.unique(floor.demand)].sum() for floor in floors]
    return np.maximum(np.array(missing, dtype=np.float64), 0.0)


def _floor_weights(
    covering: Covering, floors: Sequence[CoverageFloor], class_of: Positions, count: int
) -> csr_array:
    weight = np.where(covering.before == 0, covering.weight, 0.0)
    floor_of, classes_of, weights = [], [], []
    for number, floor in enumerate(floors):
        demand = np.unique(floor.demand)
        demand = demand[(class_of[demand] >= 0) & (weight[demand] > 0)]
        sums = np.bincount(class_of[demand], weights=weight[demand], minlength=count)
        inside = np.flatnonzero(sums)
        floor_of.append(np.full(len(inside), number))
        classes_of.append(inside)
        weights.append(sums[inside])
    if not floors:
        return csr_array((0, count))
    where = (np.concatenate(floor_of), np.concatenate(classes_of))
    return coo_array((np.concatenate(weights), where), shape=(len(floors), count)).tocsr()


HASH_SEED: Final = 430503

CHUNK: Final = 4_000_000
"""Pairs hashed at a time, which bounds the memory that hashing needs."""

MOST_COMPARED: Final = 50_000_000
"""Products in the table of shared classes; above it no dominated candidate is looked for."""


def coverage_matrix(
    demand: Positions, candidate: Positions, wanted: Flags, candidate_count: int
) -> csr_array:
    """Return the pairs of some demand points as a matrix of 0 and 1.

    Parameters
    ----------
    demand, candidate : numpy.ndarray
        Of each pair, unique.
    wanted : numpy.ndarray
        Of each demand point: whether its pairs are kept.
    candidate_count : int
        Columns.

    Returns
    -------
    scipy.sparse.csr_array
        Demand points by candidates; rows of the other demand points are empty.
    """
    if wanted.all():
        row, column = demand.astype(np.int32), candidate.astype(np.int32)
    else:
        keep = wanted[demand]
        row, column = demand[keep].astype(np.int32), candidate[keep].astype(np.int32)
    ones = np.ones(len(row), dtype=np.int8)
    return coo_array((ones, (row, column)), shape=(len(wanted), candidate_count)).tocsr()


def demand_classes(reach: csr_array) -> tuple[Positions, Positions]:
    """Return the classes of equal rows of a matrix of 0 and 1; empty rows are in no class.

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
    >>> rows, class_of = demand_classes(csr_array(np.array([[1, 0], [0, 0], [1, 1], [1, 0]])))
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
    """Renumber classes by their first row, so that numbers do not depend on the hash."""
    first = np.full(len(some), len(filled), dtype=np.int64)
    np.minimum.at(first, number, np.arange(len(filled)))
    rank = np.empty(len(some), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(some))
    return filled[np.sort(first)], rank[number]


def _row_sums(reach: csr_array, key: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return for each row the sum of its columns' keys modulo 2**64, a chunk of pairs at a time."""
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


def sum_by_class(class_of: Positions, values: Floats, count: int) -> Floats:
    """Return the sum of values by class."""
    inside = class_of >= 0
    sums = np.bincount(class_of[inside], weights=values[inside], minlength=count)
    return sums.astype(np.float64)


def undominated_candidates(problem: CoveringProblem) -> Positions:
    """Return the candidates among which a best plan can be found, ascending.

    Candidate i is dominated by k when k covers every class that i covers (of two that cover
    the same, the later is dominated) and every constraint has the same factor for both, which
    makes them *interchangeable*. Dominated candidates are dropped only where no plan needs them:

    1. Take an optimal plan that holds a dropped i. Follow "dominated by" up to a kept k; the
       relation is transitive and strict (ties by position), and interchangeability is an
       equivalence, so such a k exists. If k is not in the plan, exchange i for k: all sums of
       constraints stay, no coverage is lost.
    2. If k is in the plan, i adds no first coverage. Where leaving a site out violates no
       constraint of i (they only have upper bounds over factors of at least 0), leave i out:
       constraints still hold, coverage stays, and sites do not gain by themselves
       (``per_site <= 0``).
    3. Otherwise, exchange i for a kept m, interchangeable with i, that is not in the plan. It
       exists when at least as many interchangeable candidates are kept as any plan can hold,
       since i itself is one of those that it holds. That number is at most ``upper / factor`` of
       any constraint without a negative factor. Where it is unknown, nothing is dropped.

    Each step takes one dropped candidate out and none in. Floors only count first coverage
    and so never fall. None of this is true of second coverage, where i adds to k: nothing
    is dropped where second coverage gains.

    Parameters
    ----------
    problem : CoveringProblem
        The problem.

    Returns
    -------
    numpy.ndarray
        Positions of the candidates to keep.
    """
    everyone = np.arange(problem.candidate_count)
    sizes = np.diff(problem.by_candidate.indptr)
    work = float((np.diff(problem.reach.indptr).astype(np.float64) ** 2).sum())
    if problem.second.any() or problem.per_site > 0 or work > MOST_COMPARED:
        return everyone
    group = _interchangeable(problem)
    return np.flatnonzero(~_droppable(problem, _dominated(problem, sizes, group), group))


def _interchangeable(problem: CoveringProblem) -> Positions:
    """Return a group number of each candidate; no constraint distinguishes those of a group."""
    columns = problem.constraint_matrix.columns.sorted_indices()
    sizes = np.diff(columns.indptr)
    if len(sizes) and (sizes == sizes[0]).all():
        shape = (problem.candidate_count, int(sizes[0]))
        both = np.c_[columns.indices.reshape(shape), columns.data.reshape(shape)]
        return np.unique(both, axis=0, return_inverse=True)[1].ravel()
    keys: dict[tuple[bytes, bytes], int] = {}
    number = np.empty(problem.candidate_count, dtype=np.int64)
    for i in range(problem.candidate_count):
        part = slice(columns.indptr[i], columns.indptr[i + 1])
        key = columns.indices[part].tobytes(), columns.data[part].tobytes()
        number[i] = keys.setdefault(key, len(keys))
    return number


def _dominated(problem: CoveringProblem, sizes: Positions, group: Positions) -> Flags:
    ones = problem.by_candidate.astype(np.int32)
    shared = coo_array(ones @ ones.T)
    i, k = shared.coords
    larger = (sizes[k] > sizes[i]) | ((sizes[k] == sizes[i]) & (k < i))
    beside = (shared.data == sizes[i]) & larger & (group[i] == group[k])
    dominated = np.zeros(problem.candidate_count, dtype=bool)
    dominated[i[beside]] = True
    empty = np.flatnonzero(sizes == 0)
    for number in np.unique(group[empty]):
        like = np.flatnonzero(group == number)
        best = like[np.argmax(sizes[like])]
        dominated[like[(sizes[like] == 0) & (like != best)]] = True
    return dominated


def _droppable(problem: CoveringProblem, dominated: Flags, group: Positions) -> Flags:
    dropped = np.zeros(len(dominated), dtype=bool)
    for number in np.unique(group[dominated]):
        like = np.flatnonzero(group == number)
        kept, spare = like[~dominated[like]], like[dominated[like]]
        needed = _most_in_a_plan(problem, int(like[0]), len(like))
        back = max(0, needed - len(kept))
        dropped[spare[back:]] = True
    return dropped


def _most_in_a_plan(problem: CoveringProblem, candidate: int, count: int) -> int:
    """Return how many of ``count`` candidates interchangeable with this one a plan may need."""
    constraint_matrix, columns = problem.constraint_matrix, problem.constraint_matrix.columns
    part = slice(columns.indptr[candidate], columns.indptr[candidate + 1])
    constraints, factors = columns.indices[part], columns.data[part]
    if (factors >= 0).all() and np.isneginf(constraint_matrix.lower[constraints]).all():
        return 0
    most = count
    for constraint, factor in zip(constraints, factors, strict=True):
        of_rule = constraint_matrix.rows.data[
            constraint_matrix.rows.indptr[constraint] : constraint_matrix.rows.indptr[
                constraint + 1
            ]
        ]
        upper = constraint_matrix.upper[constraint]
        if factor > 0 and (of_rule >= 0).all() and np.isfinite(upper):
            most = min(most, int(np.floor(upper / factor * (1 + 1e-9) + 1e-9)))
    return max(most, 0)


def restrict_to_candidates(problem: CoveringProblem, kept: Positions) -> CoveringProblem:
    """Return the problem over some of its candidates, with classes that became equal merged.

    Parameters
    ----------
    problem : CoveringProblem
        The problem.
    kept : numpy.ndarray
        Positions of candidates, ascending; no other one is chosen.

    Returns
    -------
    CoveringProblem
        Its candidates are those kept, in their order.
    """
    if len(kept) == problem.candidate_count:
        return problem
    narrow = csr_array(problem.reach[:, kept])
    rows, class_of = demand_classes(narrow)
    count = len(rows)
    floors = np.array([sum_by_class(class_of, row, count) for row in problem.floors.toarray()])
    return replace(
        problem,
        reach=csr_array(narrow[rows]),
        first=sum_by_class(class_of, problem.first, count),
        second=sum_by_class(class_of, problem.second, count),
        constraint_matrix=problem.constraint_matrix.restricted_to(kept),
        floors=csr_array(floors.reshape(len(problem.levels), count)),
    )
