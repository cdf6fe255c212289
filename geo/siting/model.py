"""What every siting question is made of: demand, candidates, pairs, rules, a proven answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.core.errors import SitingError

Positions = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

OPTIMALITY_GAP: Final = 1e-9
"""Relative; a solution nearer to its bound than this is called optimal."""


def _check_weight(weight: Floats) -> None:
    """Refuse weights that are no numbers of people or schools.

    Raises
    ------
    SitingError
        Naming the first demand point whose weight is negative or no number.
    """
    wrong = np.flatnonzero(~(weight >= 0) | np.isinf(weight))
    if len(wrong):
        number, value = int(wrong[0]) + 1, float(weight[wrong[0]])
        raise SitingError(
            zh=f"第 {number} 个需求点的权重是 {value:g}；应是不小于 0 的人数或学校数。",
            en=f"Demand point {number} has the weight {value:g}; it must be a number of people "
            "or schools, not below 0.",
        )


@dataclass(frozen=True)
class Covering:
    """Who would be covered by which candidate, and who is covered as things stand.

    Attributes
    ----------
    weight : numpy.ndarray
        Of each demand point: residents of the audience, or 1 for a school; not negative,
        else a SitingError names the point.
    demand, candidate : numpy.ndarray
        Of each pair within the service standard: positions of its demand point and of its
        candidate. Unique, in any order.
    candidate_count : int
        Candidates, those that cover nobody included.
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
        """Demand points, those that nobody reaches included."""
        return len(self.weight)


@dataclass(frozen=True)
class Journeys:
    """What it costs each demand point to reach each candidate, and its nearest as things stand.

    Attributes
    ----------
    weight : numpy.ndarray
        Of each demand point, as in :class:`Covering`.
    demand, candidate, cost : numpy.ndarray
        Of each pair within the cut-off: positions, and minutes or metres, not negative.
        A pair that is not listed cannot be travelled.
    candidate_count : int
        Candidates in all.
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
class Rule:
    """One linear rule of a plan: ``lower <= sum(factor * chosen) <= upper``.

    The number of sites, a candidate that must be or must not be, a least distance (at most
    one of two), at most n in a township, a budget: each is a rule.

    Attributes
    ----------
    zh, en : str
        What it demands, as a clause that a person is told when rules contradict each other.
    candidates : numpy.ndarray
        Positions of the candidates that it speaks of, each once.
    factors : numpy.ndarray
        Of each: 1 when sites are counted, its cost for a budget.
    lower, upper : float
        Infinite where there is no bound.

    Examples
    --------
    >>> rule = at_most(1, [0, 2], zh="蔡锷乡至多 1 处", en="at most 1 site in Cai'e")
    >>> rule.upper, rule.holds(np.array([0, 1])), rule.holds(np.array([0, 2]))
    (1.0, True, False)
    """

    zh: str
    en: str
    candidates: Positions
    factors: Floats
    lower: float
    upper: float

    def holds(self, chosen: Positions) -> bool:
        """Return whether some chosen candidates (positions) keep the rule, rounding allowed."""
        total = float(self.factors[np.isin(self.candidates, chosen)].sum())
        slack = 1e-9 * max(1.0, abs(total))
        return self.lower - slack <= total <= self.upper + slack


def counted(candidates: npt.ArrayLike, *, lower: float, upper: float, zh: str, en: str) -> Rule:
    """Return the rule that between two numbers of some candidates are chosen."""
    positions = np.asarray(candidates, dtype=np.int64)
    return Rule(zh, en, positions, np.ones(len(positions)), float(lower), float(upper))


def exactly(count: int, candidates: npt.ArrayLike, *, zh: str, en: str) -> Rule:
    """Return the rule that a number of some candidates is chosen: p sites, or one that must be."""
    return counted(candidates, lower=count, upper=count, zh=zh, en=en)


def at_most(count: int, candidates: npt.ArrayLike, *, zh: str, en: str) -> Rule:
    """Return the rule that no more than a number of some candidates is chosen."""
    return counted(candidates, lower=-np.inf, upper=count, zh=zh, en=en)


@dataclass(frozen=True)
class Floor:
    """A group of demand points of which a least weight must be covered, such as a township.

    Attributes
    ----------
    zh, en : str
        What it demands, as a clause.
    demand : numpy.ndarray
        Positions of the demand points of the group.
    covered_weight : float
        Least covered weight among them, those covered as things stand included.
    """

    zh: str
    en: str
    demand: Positions
    covered_weight: float


@dataclass(frozen=True)
class Solution:
    """Chosen candidates, and how far from the best they may be at most.

    Attributes
    ----------
    chosen : numpy.ndarray
        Positions of the candidates, ascending.
    objective : float
        What they reach: weight newly covered, total cost, worst cost or number of sites.
    bound : float
        No plan does better than this, by proof.
    """

    chosen: Positions
    objective: float
    bound: float

    @property
    def gap(self) -> float:
        """How much better the best may be, as a share of the bound or of the objective.

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
