"""A siting question on the toy district, small enough that every plan can be looked at."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from geo.core.district import DistrictData
from geo.core.scenario import load_scenario
from geo.core.siting_options import SitingChoice
from geo.measures.study import Study, study
from geo.siting.problem import SitingProblem

BASE = {"kind": "science_base", "count": 2, "mode": "foot", "minutes": 45}
OTHER = {"kind": "emergency_base", "count": 1, "mode": "foot", "minutes": 30}


@pytest.fixture(scope="session")
def toy_study(toy: DistrictData) -> Study:
    from datetime import date  # noqa: PLC0415

    return study(toy, load_scenario(on=date(2025, 12, 31)))


@pytest.fixture(scope="session")
def make_choice() -> Callable[..., SitingChoice]:
    """Return a maker of choices: two bases and one emergency base on a coarse grid."""

    def made(**changes: Any) -> SitingChoice:
        values: dict[str, Any] = {
            "programmes": [BASE, OTHER],
            "candidates": {"grid_m": 3000, "host_kinds": ["library"]},
        }
        return SitingChoice.model_validate(values | changes)

    return made


@pytest.fixture(scope="session")
def every_plan() -> Callable[[SitingProblem], list[np.ndarray]]:
    """Return a function that gives every choice of columns of the numbers wanted."""

    def plans(problem: SitingProblem) -> list[np.ndarray]:
        stacked = problem.stacked
        first, second = stacked.columns(0).tolist(), stacked.columns(1).tolist()
        counts = [programme.count for programme in stacked.programmes]
        return [
            np.array(sorted((*one, *other)))
            for one in combinations(first, counts[0])
            for other in combinations(second, counts[1])
        ]

    return plans
