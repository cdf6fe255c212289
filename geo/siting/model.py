"""Data of location-allocation: demand, candidates, pairs, linear constraints and solutions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.core.errors import SitingError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.siting")

Positions = npt.NDArray[np.int64]
"""Positions of demand points, candidates or columns."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

Progress = Callable[[float, float, float], bool | None]
"""Called with objective, bound and seconds now and then; False stops the search."""

OPTIMALITY_GAP: Final = 1e-9
"""Relative; a solution nearer to its bound than this is optimal."""


def _check_weight(weight: Floats) -> None:
    """Raise a SitingError that names the first weight which is negative or not finite."""
    wrong = np.flatnonzero(~(weight >= 0) | np.isinf(weight))
    if len(wrong):
        number, value = int(wrong[0]) + 1, float(weight[wrong[0]])
        raise SitingError(**TEXT.both("weight_below_zero", number=number, value=value))


@dataclass(frozen=True)
class Covering:
    """A covering instance: who is covered by which candidate, and by existing facilities.

    Attributes
    ----------
    weight : numpy.ndarray
        Of each demand point: residents of the audience, or 1 for a school; not negative,
        else a SitingError names the point.
    demand, candidate : numpy.ndarray
        Of each pair within the service standard: positions of its demand point and of its
        candidate. Unique, in any order.
    candidate_count : int
        Number of candidates, those without pairs included.
    before : numpy.ndarray
        Of each demand point: how many existing and planned facilities cover it already.
    """

    weight: Floats
    demand: Positions
    candidate: Positions
    candidate_count: int
    before: Positions

    def __post_init__(self) -> None:
        _check_weight(self.weight)

    @property
    def demand_count(self) -> int:
        """Number of demand points, those that no candidate covers included."""
        return len(self.weight)


@dataclass(frozen=True)
class TravelMatrix:
    """An OD cost matrix: demand points to candidates and to their nearest existing facility.

    Attributes
    ----------
    weight : numpy.ndarray
        Of each demand point, as in :class:`Covering`.
    demand, candidate, cost : numpy.ndarray
        Of each pair within the cut-off: positions, and minutes or metres, not negative.
        A pair that is not listed cannot be travelled.
    candidate_count : int
        Number of candidates.
    before : numpy.ndarray
        Of each demand point: cost of reaching its nearest existing or planned facility,
        infinite where there is none.
    """

    weight: Floats
    demand: Positions
    candidate: Positions
    cost: Floats
    candidate_count: int
    before: Floats

    def __post_init__(self) -> None:
        _check_weight(self.weight)


@dataclass(frozen=True)
class Constraint:
    """A linear constraint over candidates: ``lower <= sum(factor_i * x_i) <= upper``.

    ``x_i`` is 1 where candidate i is chosen. The number of sites, a required or forbidden
    candidate, a least distance (at most one of two), at most n in a township, and a budget are
    all of this form.

    Attributes
    ----------
    zh, en : str
        What it requires, as a clause for the message about contradicting constraints.
    candidates : numpy.ndarray
        Positions of the candidates in it, each once.
    factors : numpy.ndarray
        Of each: 1 where sites are counted, the cost for a budget.
    lower, upper : float
        Infinite where there is no bound.

    Examples
    --------
    >>> constraint = at_most(1, [0, 2], zh="蔡锷乡至多 1 处", en="at most 1 site in Cai'e")
    >>> constraint.upper, constraint.holds(np.array([0, 1])), constraint.holds(np.array([0, 2]))
    (1.0, True, False)
    """

    zh: str
    en: str
    candidates: Positions
    factors: Floats
    lower: float
    upper: float

    def holds(self, chosen: Positions) -> bool:
        """Return whether a plan (positions) meets the constraint, up to rounding."""
        total = float(self.factors[np.isin(self.candidates, chosen)].sum())
        slack = 1e-9 * max(1.0, abs(total))
        return self.lower - slack <= total <= self.upper + slack


def between(
    candidates: npt.ArrayLike, *, lower: float, upper: float, zh: str, en: str
) -> Constraint:
    """Return the constraint that between two numbers of some candidates are chosen.

    Parameters
    ----------
    candidates : array_like
        Positions, each once.
    lower, upper : float
        Numbers of sites; infinite where there is no bound.
    zh, en : str
        What it requires, as a clause.

    Returns
    -------
    Constraint
        With factors of 1.
    """
    positions = np.asarray(candidates, dtype=np.int64)
    return Constraint(zh, en, positions, np.ones(len(positions)), float(lower), float(upper))


def exactly(count: int, candidates: npt.ArrayLike, *, zh: str, en: str) -> Constraint:
    """Return the constraint that exactly a number of some candidates is chosen."""
    return between(candidates, lower=count, upper=count, zh=zh, en=en)


def at_most(count: int, candidates: npt.ArrayLike, *, zh: str, en: str) -> Constraint:
    """Return the constraint that at most a number of some candidates is chosen."""
    return between(candidates, lower=-np.inf, upper=count, zh=zh, en=en)


@dataclass(frozen=True)
class CoverageFloor:
    """A least weight that must be covered among some demand points, such as a township's.

    Attributes
    ----------
    zh, en : str
        What it requires, as a clause.
    demand : numpy.ndarray
        Positions of the demand points of the group.
    covered_weight : float
        Least covered weight among them, including what existing facilities cover.
    """

    zh: str
    en: str
    demand: Positions
    covered_weight: float


@dataclass(frozen=True)
class Solution:
    """A plan with its objective and the bound on the objective of any plan.

    Attributes
    ----------
    chosen : numpy.ndarray
        Positions of the candidates, ascending.
    objective : float
        Weight newly covered, total cost, longest cost, or number of sites.
    bound : float
        No feasible plan has a better objective.
    """

    chosen: Positions
    objective: float
    bound: float

    @property
    def gap(self) -> float:
        """Distance between bound and objective, as a share of the larger of both.

        Examples
        --------
        >>> Solution(np.array([3]), 98.0, 100.0).gap
        0.02
        """
        apart = abs(self.bound - self.objective)
        scale = max(abs(self.bound), abs(self.objective))
        return apart / scale if scale > 0 else 0.0

    @property
    def is_optimal(self) -> bool:
        """Whether it is proven that no plan is better."""
        return self.gap <= OPTIMALITY_GAP
