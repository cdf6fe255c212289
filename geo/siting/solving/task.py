"""A covering question made small: classes of demand, what covering them gains, rules, floors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from geo.siting.model import Floats, Positions
from geo.siting.solving.highs import Progress
from geo.siting.solving.ruling import Ruling

FLOOR_SLACK: Final = 1e-9
"""Relative; a covered weight that falls short of its floor by rounding alone is enough."""


CHOSEN: Final = 0.5
"""A whole-number column above it is chosen; HiGHS gives 1 within its tolerance."""


@dataclass(frozen=True)
class Effort:
    """How long and how near the bound a search goes.

    Attributes
    ----------
    until : float
        By :func:`time.monotonic`.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    progress : callable or None
        Called with gain, bound and seconds; the search stops where it returns False.
    """

    until: float
    gap: float = 0.0
    progress: Progress | None = None


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes
    ----------
    plan : numpy.ndarray or None
        The best allowed plan that was found.
    bound : float
        No allowed plan gains more, by proof.
    is_infeasible : bool
        Whether it is proven that no plan is allowed.
    """

    plan: Positions | None
    bound: float
    is_infeasible: bool = False


@dataclass(frozen=True)
class Task:
    """What is to be chosen: most ``gain(chosen)`` within rules and floors.

    Attributes
    ----------
    reach : scipy.sparse.csr_array
        Classes of demand by candidates: 1 where the candidate covers the class.
    first, second : numpy.ndarray
        Of each class: what its first and its second coverage gain; not negative.
    per_site : float
        What each site gains by itself: 0, or -1 where sites are to be few.
    ruling : Ruling
        Over the same candidates.
    floors : scipy.sparse.csr_array
        Floors by classes: weight that counts once the class is covered.
    levels : numpy.ndarray
        Of each floor: weight that must be covered at least.
    unit : float
        All gains are multiples of it; 0 where none is known.
    """

    reach: csr_array
    first: Floats
    second: Floats
    per_site: float
    ruling: Ruling
    floors: csr_array
    levels: Floats
    unit: float = 0.0

    @property
    def candidate_count(self) -> int:
        """Candidates that may be chosen."""
        return int(self.reach.shape[1])

    @cached_property
    def by_candidate(self) -> csr_array:
        """Candidates by classes."""
        return csr_array(self.reach.T)

    @property
    def is_concave(self) -> bool:
        """Whether no second coverage gains more than the first: then cuts are exact."""
        return bool((self.first >= self.second).all())

    def counts(self, chosen: Positions) -> Floats:
        """Return how many of the chosen candidates cover each class."""
        x = np.zeros(self.candidate_count)
        x[chosen] = 1.0
        return np.asarray(self.reach @ x, dtype=np.float64)

    def gain(self, chosen: Positions) -> float:
        """Return what a plan gains, whether it is allowed or not."""
        counts = self.counts(chosen)
        covered = self.first[counts > 0].sum() + self.second[counts > 1].sum()
        return float(covered) + self.per_site * len(chosen)

    def is_allowed(self, chosen: Positions) -> bool:
        """Return whether a plan keeps all rules and floors."""
        return self.ruling.hold(chosen) and self.meets_floors(self.counts(chosen))

    def meets_floors(self, counts: Floats) -> bool:
        """Return whether all floors are met when classes are covered so many times."""
        covered = self.floors @ (counts > 0).astype(np.float64)
        return bool((covered >= self.levels - self.floor_slack).all())

    @property
    def floor_slack(self) -> Floats:
        """Of each floor, in its weight."""
        return np.asarray(FLOOR_SLACK * np.maximum(1.0, np.abs(self.levels)))

    @cached_property
    def must_cover(self) -> npt.NDArray[np.bool_]:
        """Of each class: whether some floor cannot be met without it."""
        spare = np.asarray(self.floors.sum(axis=1)).ravel() - self.levels + self.floor_slack
        floors = coo_array(self.floors)
        must = np.zeros(len(self.first), dtype=bool)
        floor, of_class = floors.coords
        must[of_class[floors.data > spare[floor]]] = True
        return must

    @property
    def absolute_gap(self) -> float:
        """What HiGHS may leave unproven: less than one step of the gain.

        None where sites are counted: HiGHS sees by itself that those are whole numbers, and
        with a gap reports a bound of one site too few.
        """
        return 0.0 if self.per_site else 0.999 * self.unit

    def most_gain(self) -> float:
        """Return what covering everybody twice would gain: a bound that needs no proof."""
        sites = self.per_site * (0 if self.per_site < 0 else self.candidate_count)
        return float(self.first.sum() + self.second.sum()) + sites

    def without(self, chosen: Positions) -> Task:
        """Return the task with one plan forbidden."""
        return replace(self, ruling=self.ruling.without(chosen))
