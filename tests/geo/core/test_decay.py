from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geo.core.decay import BINARY, GAUSSIAN, LUO_QI_2009, Decay, thirds


@pytest.mark.parametrize(
    ("decay", "minutes", "weight"),
    [
        (BINARY, 0, 1),
        (BINARY, 30, 1),
        (BINARY, 0.1 * 3 * 100, 1),  # 30.000000000000004
        (BINARY, 30.0001, 0),
        (LUO_QI_2009, 0, 1),
        (LUO_QI_2009, 10, 1),
        (LUO_QI_2009, 10.0001, 0.68),
        (LUO_QI_2009, 20, 0.68),
        (LUO_QI_2009, 20.000000000000004, 0.68),
        (LUO_QI_2009, 30, 0.22),
        (LUO_QI_2009, 30.0001, 0),
        (GAUSSIAN, 0, 1),
        (GAUSSIAN, 15, (math.exp(-1 / 8) - math.exp(-1 / 2)) / (1 - math.exp(-1 / 2))),
        (GAUSSIAN, 30, 0),
        (GAUSSIAN, 30.000000000000004, 0),
    ],
)
def test_what_a_journey_weighs(decay: Decay, minutes: float, weight: float) -> None:
    found = decay.weights(np.array([minutes], dtype=np.float64), 30.0)
    assert found.tolist() == pytest.approx([weight], rel=1e-12)


def test_the_weights_of_luo_and_qi_are_a_gaussian_of_the_zones_inner_borders() -> None:
    # exp(-t^2 / 260) at 0, 10 and 20 minutes, to the two digits that were printed.
    weights = [zone.weight for zone in LUO_QI_2009.zones]
    assert weights == pytest.approx([math.exp(-t * t / 260) for t in (0, 10, 20)], abs=0.006)


@given(
    st.sampled_from(["binary", "gaussian", "thirds"]),
    st.floats(0.1, 500),
    st.lists(st.floats(0, 1_000), min_size=2),
)
def test_farther_never_weighs_more(name: str, catchment: float, minutes: list[float]) -> None:
    decay = {"binary": BINARY, "gaussian": GAUSSIAN, "thirds": thirds(catchment)}[name]
    weights = decay.weights(np.sort(np.array(minutes)), catchment)
    assert (np.diff(weights) <= 0).all()
    assert ((weights >= 0) & (weights <= 1)).all()


@pytest.mark.parametrize(
    "values",
    [
        {"method": "zones"},
        {"method": "binary", "zones": [{"minutes": 10, "weight": 1}]},
        {"method": "zones", "zones": [{"minutes": 10, "weight": 1}, {"minutes": 10, "weight": 1}]},
        {"method": "zones", "zones": [{"minutes": 9, "weight": 0.5}, {"minutes": 10, "weight": 1}]},
        {"method": "zones", "zones": [{"minutes": 10, "weight": 0}]},
        {"method": "zones", "zones": [{"minutes": 10, "weight": float("nan")}]},
        {"method": "cubic"},
    ],
)
def test_what_is_no_decay_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Decay.model_validate(values)


def test_zones_that_end_elsewhere_than_the_catchment_are_refused() -> None:
    with pytest.raises(ValueError, match="ends where"):
        LUO_QI_2009.weights(np.array([5.0]), 15.0)


def test_it_goes_through_plain_values() -> None:
    assert Decay.model_validate(LUO_QI_2009.model_dump(mode="json")) == LUO_QI_2009
