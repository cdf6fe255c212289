"""How willingness to travel falls with the minutes: the weights of a floating catchment."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Final, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geo.core.options import Frozen
from geo.core.sentences import Sentences
from geo.core.vocabulary import TOLERANCE

TEXT: Final = Sentences("geo.core")

Floats = npt.NDArray[np.float64]
Minutes = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]


class Zone(Frozen):
    """A ring of the catchment: up to how many minutes, and what a journey of it weighs."""

    minutes: Minutes
    weight: float = Field(gt=0, le=1, allow_inf_nan=False)


class Decay(Frozen):
    """What a journey weighs within a catchment; plain values, so that a scenario can hold it.

    Parameters
    ----------
    method : {"binary", "zones", "gaussian"}
        ``binary``: 1 within the catchment (2SFCA, Luo & Wang 2003). ``zones``: the
        weight of the zone; exactly at a border is in the nearer one (E2SFCA, Luo & Qi
        2009). ``gaussian``: falls from 1 at no minutes to 0 at the edge (Dai 2010).
    zones : tuple of Zone
        Of ``zones`` only: from the nearest on, weights never rising; the last ends
        where the catchment ends.

    Examples
    --------
    >>> LUO_QI_2009.weights(np.array([10.0, 10.1, 30.0, 30.1]), 30).tolist()
    [1.0, 0.68, 0.22, 0.0]
    >>> GAUSSIAN.weights(np.array([0.0, 15.0, 30.0]), 30).round(4).tolist()
    [1.0, 0.7014, 0.0]
    """

    method: Literal["binary", "zones", "gaussian"]
    zones: tuple[Zone, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _zones_fit(self) -> Decay:
        if (self.method == "zones") != bool(self.zones):
            raise ValueError(TEXT.words("zones_go_with_that_method").in_one_line())
        for near, far in pairwise(self.zones):
            if far.minutes <= near.minutes or far.weight > near.weight:
                raise ValueError(TEXT.words("zones_run_outwards").in_one_line())
        return self

    def weights(self, minutes: Floats, catchment_minutes: float) -> Floats:
        """Return the weight of each journey, 0 beyond the catchment.

        Raises
        ------
        ValueError
            The last zone does not end where the catchment does.
        """
        if self.method == "gaussian":
            return _gaussian(minutes / catchment_minutes)
        if self.method == "binary":
            within = minutes <= catchment_minutes * (1 + TOLERANCE)
            return within.astype(np.float64)
        return self._by_zone(minutes, catchment_minutes)

    def _by_zone(self, minutes: Floats, catchment_minutes: float) -> Floats:
        borders = np.array([zone.minutes for zone in self.zones])
        if not math.isclose(borders[-1], catchment_minutes, rel_tol=TOLERANCE):
            raise ValueError("the last zone ends where the catchment ends")
        weights = np.array([zone.weight for zone in self.zones] + [0.0])
        found: Floats = weights[np.searchsorted(borders * (1 + TOLERANCE), minutes)]
        return found


def _gaussian(share: Floats) -> Floats:
    """Return (e^(-r^2/2) - e^(-1/2)) / (1 - e^(-1/2)), without cancellation near the edge."""
    weights: Floats = np.expm1((1 - share) * (1 + share) / 2) / math.expm1(0.5)
    return np.where(share < 1 - TOLERANCE, weights, 0.0)


def thirds(catchment_minutes: float) -> Decay:
    """Return three zones of equal width with the weights of Luo & Qi (2009).

    Examples
    --------
    >>> [zone.minutes for zone in thirds(15).zones]
    [5.0, 10.0, 15.0]
    """
    weights = (1.0, 0.68, 0.22)
    return Decay(
        method="zones",
        zones=tuple(
            Zone(minutes=catchment_minutes * number / 3, weight=weight)
            for number, weight in enumerate(weights, start=1)
        ),
    )


BINARY: Final = Decay(method="binary")
GAUSSIAN: Final = Decay(method="gaussian")
LUO_QI_2009: Final = thirds(30)
