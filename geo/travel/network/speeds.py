"""How fast each mode goes on each class of road, and on which it may not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.core.errors import ScenarioError
from geo.core.sentences import Sentences, Words, listed
from geo.core.vocabulary import Mode, label
from geo.travel.network.classes import ROAD_CLASSES

TEXT: Final = Sentences("geo.travel")

WALKING_KM_PER_H: Final = 4.0
"""From a place to its road, by any mode; the scenario's default on foot."""

_MIN_KM_PER_H: Final = 0.1
_MAX_KM_PER_H: Final = 200.0

_FOR_ALL: Final = (
    *("trunk", "primary", "secondary", "tertiary", "unclassified", "residential"),
    *("living_street", "service", "road", "track"),
)
_ON_FOOT: Final = (*_FOR_ALL, "pedestrian", "footway", "path", "cycleway", "steps")

CLASS_SPEEDS_KM_PER_H: Final[Mapping[Mode, Mapping[str, float]]] = MappingProxyType(
    {
        Mode.FOOT: MappingProxyType(dict.fromkeys(_ON_FOOT, WALKING_KM_PER_H)),
        Mode.E_BICYCLE: MappingProxyType(
            dict.fromkeys(_FOR_ALL, 15.0)
            | {"cycleway": 15.0, "track": 10.0, "path": 10.0}
            | {"pedestrian": 5.0, "footway": 5.0}
        ),
        Mode.CAR: MappingProxyType(
            {"motorway": 80.0, "trunk": 50.0, "primary": 40.0, "secondary": 35.0}
            | {"tertiary": 30.0, "unclassified": 30.0, "residential": 20.0}
            | {"living_street": 10.0, "service": 15.0, "road": 25.0, "track": 10.0}
        ),
    }
)
"""Planning defaults of this product, km/h with waiting at junctions included, to be set by
the office: on foot and by e-bicycle the scenario's door-to-door speeds, slower where people
walk; by car about half to two thirds of the design speeds of JTG B01-2014 and CJJ 37-2012.
A class that is not listed is closed to the mode."""


def check_speeds(mode: Mode, speeds_km_per_h: Mapping[str, float]) -> None:
    """Raise where a class is unknown, or a speed is no number or out of bounds.

    Parameters
    ----------
    mode : Mode
        Named in the message.
    speeds_km_per_h : Mapping of str to float
        By road class, from 0.1 to 200 km/h; a class left out is closed to the mode.

    Raises
    ------
    ScenarioError

    Examples
    --------
    >>> check_speeds(Mode.CAR, {"primary": 40.0})
    >>> check_speeds(Mode.FOOT, {"path": 0.0})
    Traceback (most recent call last):
    ...
    geo.core.errors.ScenarioError: 步行在 path 上的速度 0.0 不在 0.1 至 200 千米/小时之间；不通行则不列。
    """  # noqa: E501
    for road_class, speed in speeds_km_per_h.items():
        if road_class not in ROAD_CLASSES or road_class == "closed":
            raise ScenarioError(
                **TEXT.both(
                    "unknown_road_class",
                    road_class=road_class,
                    road_classes=listed(ROAD_CLASSES[:-1]),
                )
            )
        if not (math.isfinite(speed) and _MIN_KM_PER_H <= speed <= _MAX_KM_PER_H):
            raise ScenarioError(
                **TEXT.both(
                    "speed_out_of_bounds",
                    label=Words(label(mode), label(mode, "en")),
                    road_class=road_class,
                    speed=speed,
                    min_km_per_h=_MIN_KM_PER_H,
                    max_km_per_h=_MAX_KM_PER_H,
                )
            )


def m_per_min(
    road_class: npt.NDArray[np.object_], speeds_km_per_h: Mapping[str, float]
) -> npt.NDArray[np.float64]:
    """Return the speed on each road in metres a minute, NaN where it is closed.

    Examples
    --------
    >>> m_per_min(np.array(["primary", "steps"], dtype=object), {"primary": 30.0}).tolist()
    [500.0, nan]
    """
    names, of = np.unique(road_class.astype(str), return_inverse=True)
    by_name = np.array([speeds_km_per_h.get(str(name), math.nan) for name in names])
    found: npt.NDArray[np.float64] = (by_name * 1_000 / 60)[of]
    return found
