"""From demand points and rules to the small task that the searches solve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from geo.siting.model import Covering, Floats, Floor, Positions, Rule
from geo.siting.solving.reducing import classes, reach_of, summed
from geo.siting.solving.ruling import ruling
from geo.siting.solving.task import Task


def merged(
    covering: Covering,
    rules: Sequence[Rule],
    floors: Sequence[Floor],
    *,
    first: Floats,
    second: Floats,
    per_site: float = 0.0,
    unit: float = 0.0,
) -> Task:
    """Return a covering question with all demand that the same candidates reach as one class.

    Only demand is kept that can still gain something or that a floor counts. What existing
    facilities cover is taken off the floors, and floors that are met already are left out of
    the reckoning with a level of 0.

    Parameters
    ----------
    covering : Covering
        Demand, candidates and pairs.
    rules, floors : sequence
        Of the plan.
    first, second : numpy.ndarray
        Of each demand point: what its first and second coverage by new sites gain.
    per_site : float
        What each site gains by itself.
    unit : float
        All gains are multiples of it; 0 where none is known.

    Examples
    --------
    >>> covering = Covering(np.array([3.0, 4.0, 5.0]), np.array([0, 1, 2]), np.array([1, 1, 0]),
    ...                     2, np.zeros(3, dtype=int))
    >>> merged(covering, [], [], first=covering.weight, second=np.zeros(3)).first.tolist()
    [7.0, 5.0]
    """
    counted = _counted(covering, floors)
    wanted = (first > 0) | (second > 0) | counted
    reach = reach_of(covering.demand, covering.candidate, wanted, covering.candidate_count)
    rows, class_of = classes(reach)
    count = len(rows)
    return Task(
        reach=csr_array(reach[rows]),
        first=summed(class_of, first, count),
        second=summed(class_of, second, count),
        per_site=per_site,
        ruling=ruling(covering.candidate_count, rules),
        floors=_floor_weights(covering, floors, class_of, count),
        levels=_levels(covering, floors),
        unit=unit,
    )


def _counted(covering: Covering, floors: Sequence[Floor]) -> npt.NDArray[np.bool_]:
    """Return of each demand point whether a floor needs it to be covered anew."""
    counted = np.zeros(covering.demand_count, dtype=bool)
    for floor in floors:
        counted[floor.demand] = True
    return np.asarray(counted & (covering.before == 0) & (covering.weight > 0))


def _levels(covering: Covering, floors: Sequence[Floor]) -> Floats:
    already = np.where(covering.before > 0, covering.weight, 0.0)
    missing = [floor.covered_weight - already[np.unique(floor.demand)].sum() for floor in floors]
    return np.maximum(np.array(missing, dtype=np.float64), 0.0)


def _floor_weights(
    covering: Covering, floors: Sequence[Floor], class_of: Positions, count: int
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
