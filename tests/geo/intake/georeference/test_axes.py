from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.intake.georeference.axes import AxisOrder, arrange

BOUNDS = (111.3, 27.0, 111.6, 27.3)
LONGITUDE = np.linspace(111.32, 111.58, 40)
LATITUDE = np.linspace(27.28, 27.02, 40)


def metres(epsg: int) -> tuple[np.ndarray, np.ndarray]:
    return Transformer.from_crs(4490, epsg, always_xy=True).transform(LONGITUDE, LATITUDE)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("epsg", "least_easting"),
    [(4490, 111.32), (4546, 531_681.8), (4525, 37_531_681.8), (4497, 19_531_681.8),
     (4547, 234_000.0), (4526, 38_234_000.0)],
)  # fmt: skip
def test_every_layout_is_read(epsg: int, least_easting: float, swapped: bool) -> None:
    x, y = metres(epsg)
    assert x.min() == pytest.approx(least_easting, rel=5e-3)
    found = arrange(*((y, x) if swapped else (x, y)), BOUNDS)
    reasoned = found.reasoned
    assert (reasoned.layout, reasoned.decided) == (AxisOrder(epsg, swapped), True)
    assert (reasoned.support, reasoned.count, reasoned.exceptions) == (40, 40, ())
    assert reasoned.confidence == pytest.approx(40 / (40 + 1.96**2))
    np.testing.assert_allclose(found.longitude, LONGITUDE, atol=1e-9)
    np.testing.assert_allclose(found.latitude, LATITUDE, atol=1e-9)


def test_the_evidence_names_system_meridian_and_order() -> None:
    x, y = metres(4525)
    said = arrange(y, x, BOUNDS).reasoned.evidence
    assert said.code == "layout_projected"
    assert "中央经线 111°（EPSG:4525，北坐标在前）" in said.zh
    assert "40 行中有 40 行" in said.zh
    assert "northing first; 40 of 40 rows" in said.en


def test_a_few_swapped_rows_are_named_and_not_changed() -> None:
    first, second = LONGITUDE.copy(), LATITUDE.copy()
    first[[3, 17]], second[[3, 17]] = LATITUDE[[3, 17]], LONGITUDE[[3, 17]]
    found = arrange(first, second, BOUNDS)
    assert found.reasoned.layout == AxisOrder(4490, False)
    assert np.flatnonzero(np.isnan(found.longitude)).tolist() == [3, 17]
    odd = found.reasoned.exceptions
    assert [(one.row, one.seems) for one in odd] == [
        (3, AxisOrder(4490, True)),
        (17, AxisOrder(4490, True)),
    ]
    assert (odd[0].longitude, odd[0].latitude) == (LONGITUDE[3], LATITUDE[3])


@pytest.mark.parametrize("epsg", [4490, 4525])
def test_a_row_of_another_kind_never_flips_a_file(epsg: int) -> None:
    x, y = metres(epsg)
    for bad in [(27.2, 111.4), (0.0, 0.0), (3_010_000.0, 500_000.0), (1e12, -1e12), (np.inf, 27.0)]:
        found = arrange(np.append(x, bad[0]), np.append(y, bad[1]), BOUNDS)
        assert found.reasoned.layout == AxisOrder(epsg, False)
        assert [one.row for one in found.reasoned.exceptions] == [40]
        assert np.isnan(found.longitude[40])


def test_no_position_is_named_without_a_proposal() -> None:
    odd = arrange(np.append(LONGITUDE, 0.0), np.append(LATITUDE, 0.0), BOUNDS).reasoned.exceptions
    assert (odd[0].row, odd[0].seems, np.isnan(odd[0].longitude)) == (40, None, True)


def test_lacking_zones_in_some_rows_are_proposed() -> None:
    x, y = metres(4525)
    x[5] -= 37_000_000
    odd = arrange(x, y, BOUNDS).reasoned.exceptions
    assert [(one.row, one.seems) for one in odd] == [(5, AxisOrder(4546, False))]
    assert odd[0].longitude == pytest.approx(LONGITUDE[5], abs=1e-9)


@pytest.mark.parametrize(
    ("straight", "swapped", "decided", "layout"),
    [
        (0, 2, False, AxisOrder(4490, False)),
        (1, 2, False, AxisOrder(4490, False)),
        (0, 3, True, AxisOrder(4490, True)),
        (1, 4, True, AxisOrder(4490, True)),
        (20, 20, False, AxisOrder(4490, False)),
        (0, 0, False, AxisOrder(4490, False)),
    ],
)
def test_how_many_rows_it_takes(
    straight: int, swapped: int, decided: bool, layout: AxisOrder
) -> None:
    first = [111.4] * straight + [27.2] * swapped
    second = [27.2] * straight + [111.4] * swapped
    reasoned = arrange(first, second, BOUNDS).reasoned
    assert (reasoned.decided, reasoned.layout) == (decided, layout)
    assert (reasoned.evidence.code == "layout_undecided") is not decided


def test_half_a_position_says_nothing() -> None:
    first, second = np.append(LONGITUDE, [np.nan, 111.4]), np.append(LATITUDE, [27.2, np.nan])
    reasoned = arrange(first, second, BOUNDS).reasoned
    assert (reasoned.count, reasoned.exceptions) == (40, ())


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=30))
def test_every_row_is_read_or_named(rows: list[tuple[float, float]]) -> None:
    first, second = np.array(rows).reshape(-1, 2).T
    found = arrange(first, second, BOUNDS)
    both = ~(np.isnan(first) | np.isnan(second))
    named = {one.row for one in found.reasoned.exceptions}
    for row in np.flatnonzero(both).tolist():
        assert np.isnan(found.longitude[row]) == (row in named)
    assert named <= set(np.flatnonzero(both).tolist())
