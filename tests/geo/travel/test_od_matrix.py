from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.travel.od_matrix import TravelCosts


def costs(*pairs: tuple[int, int, float], cutoff: float = 30.0) -> TravelCosts:
    demand, site, minutes = (np.array(values) for values in zip(*pairs, strict=True))
    return TravelCosts(
        pd.Index(["d", "e", "f"]), pd.Index(["a", "b"]), demand, site, minutes, cutoff, "network"
    )


def test_exactly_at_the_limit_is_within() -> None:
    found = costs((0, 0, 15.0), (0, 1, 15.000001), (1, 0, 0.1 * 3 * 50)).within(15)
    assert list(zip(found.demand.tolist(), found.site.tolist(), strict=True)) == [(0, 0), (1, 0)]
    assert found.cutoff_minutes == 15


def test_a_limit_beyond_the_cutoff_is_refused() -> None:
    with pytest.raises(ValueError, match="cut-off"):
        costs((0, 0, 15.0)).within(31)


def test_the_nearest_of_equals_is_the_first() -> None:
    found = costs((0, 0, 9.0), (0, 1, 9.0), (2, 1, 3.0)).nearest()
    assert found["site_id"].tolist()[0::2] == ["a", "b"]
    assert found["minutes"].isna().tolist() == [False, True, False]
