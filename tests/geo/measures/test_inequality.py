"""Inequality: answers worked out by hand, properties, and PySAL's inequality."""

from __future__ import annotations

import math

import libpysal
import numpy as np
import pandas as pd
import pytest
import shapefile
from hypothesis import given
from hypothesis import strategies as st
from inequality.gini import Gini
from inequality.theil import Theil, TheilD

from geo.core.errors import BadValueError
from geo.measures.inequality import inequality

COUNTS = st.lists(
    st.tuples(st.floats(0.1, 1_000), st.integers(1, 40), st.sampled_from(["urban", "rural"])),
    min_size=1,
    max_size=20,
)


def _of(rows: list[tuple[float, float, str]]):  # type: ignore[no-untyped-def]
    frame = pd.DataFrame(rows, columns=["x", "p", "g"])
    return inequality(frame["x"], frame["p"].astype("float64"), frame["g"])


def test_four_townships_by_hand() -> None:
    # People 1, 1, 2; rates 0, 4, 2: mean 2. Cumulated from the worst off: people 1/4, 3/4, 1
    # and amounts 0, 1/2, 1. Area under the curve: 1/4 x 0 + 1/2 x 1/4 + 1/4 x 3/4 = 5/16.
    found = _of([(0, 1, "urban"), (4, 1, "urban"), (2, 2, "rural"), (9, 0, "rural")])
    assert found.gini == pytest.approx(1 - 2 * 5 / 16)
    # Shares 0, 1/2, 1/2: 1/2 ln 2 + 1/2 ln 1.
    assert found.theil == pytest.approx(math.log(2) / 2)
    # Urban and rural have the same mean of 2, so that all of it is within.
    assert found.theil_between == pytest.approx(0, abs=1e-15)
    assert found.theil_within == pytest.approx(math.log(2) / 2)
    assert found.theil_of_group.to_dict() == pytest.approx({"rural": 0, "urban": math.log(2)})
    assert found.lorenz["population_share"].tolist() == [0, 0.25, 0.75, 1]
    assert found.lorenz["amount_share"].tolist() == [0, 0, 0.5, 1]
    assert (found.unit_count, found.unknown_count) == (3, 0)


def test_unknown_is_left_out_and_counted() -> None:
    known = _of([(10, 3, "urban"), (20, 4, "rural")])
    found = _of(
        [(10, 3, "urban"), (20, 4, "rural"), (math.nan, 5, "rural"), (math.nan, 0, "rural")]
    )
    assert (found.unit_count, found.unknown_count) == (2, 1)
    assert found.gini == known.gini


@pytest.mark.parametrize("rows", [[], [(0, 5, "urban")], [(7, 0, "urban")]])
def test_nothing_to_share_has_no_inequality(rows: list[tuple[float, float, str]]) -> None:
    found = _of(rows)
    assert math.isnan(found.gini)
    assert math.isnan(found.theil)
    assert found.lorenz.empty


@pytest.mark.parametrize("rows", [[(-1, 5, "urban")], [(1, -5, "urban")], [(math.inf, 5, "rural")]])
def test_amounts_are_never_negative(rows: list[tuple[float, float, str]]) -> None:
    with pytest.raises(BadValueError, match="不小于 0"):
        _of(rows)


def test_one_index() -> None:
    with pytest.raises(ValueError, match="one index"):
        inequality(pd.Series([1.0], ["a"]), pd.Series([1.0], ["b"]), pd.Series(["u"], ["a"]))


@given(COUNTS)
def test_it_agrees_with_pysal_resident_by_resident(rows: list[tuple[float, int, str]]) -> None:
    found = _of(rows)
    each = np.repeat([row[0] for row in rows], [row[1] for row in rows])
    group = np.repeat([row[2] for row in rows], [row[1] for row in rows])
    assert found.gini == pytest.approx(Gini(each).g, abs=1e-9)
    assert found.theil == pytest.approx(float(Theil(each).T), abs=1e-9)
    parts = TheilD(each, group)
    assert found.theil_between == pytest.approx(float(np.squeeze(parts.bg)), abs=1e-9)
    assert found.theil_within == pytest.approx(float(np.squeeze(parts.wg)), abs=1e-9)


@given(COUNTS, st.randoms())
def test_order_unit_and_splitting_change_nothing(rows, random) -> None:  # type: ignore[no-untyped-def]
    found = _of(rows)
    # A unit cut in two halves, all rates tripled, in another order.
    other = [(3 * x, p / 2, g) for x, p, g in rows for _ in range(2)]
    random.shuffle(other)
    again = _of(other)
    for name in ("gini", "theil", "theil_between", "theil_within"):
        assert getattr(again, name) == pytest.approx(getattr(found, name), abs=1e-9)
    assert 0 <= found.gini < 1
    assert found.theil_between >= -1e-12
    assert found.lorenz["amount_share"].le(found.lorenz["population_share"] + 1e-9).all()


def test_it_agrees_with_pysal_on_the_states_of_mexico() -> None:
    """Income per head of 32 states by decade, in Hanson's regions: PySAL's own example."""
    path = libpysal.examples.get_path("mexicojoin.dbf")
    with shapefile.Reader(dbf=path, encoding="latin-1") as table:
        rows = pd.DataFrame([record.as_dict() for record in table.records()])
    region = rows["HANSON98"].astype("str")
    once = pd.Series(1.0, rows.index)
    for decade in ("PCGDP1940", "PCGDP1970", "PCGDP2000"):
        income = rows[decade].astype("float64")
        found = inequality(income, once, region)
        assert found.gini == pytest.approx(Gini(income.to_numpy()).g)
        assert found.theil == pytest.approx(float(Theil(income.to_numpy()).T))
        parts = TheilD(income.to_numpy(), region.to_numpy())
        assert found.theil_between == pytest.approx(float(np.squeeze(parts.bg)))
        assert found.theil_within == pytest.approx(float(np.squeeze(parts.wg)))
