from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.datum import DATUM_LABELS, Datum, from_bd09, from_gcj02, to_bd09, to_gcj02

METRES_PER_DEGREE = 111_320.0
LONGITUDES, LATITUDES = st.floats(73, 136), st.floats(3, 54)
BOTH = pytest.mark.parametrize(("there", "back"), [(to_gcj02, from_gcj02), (to_bd09, from_bd09)])

# Reckoned with 50 digits by mpmath from the formulas as Wikipedia prints them, apart
# from the code: Tiananmen, the district's middle, Kashgar, Fuyuan, the Spratly Islands,
# and the origin of the formulas with its square root of nothing.
REFERENCE = [
    (
        (116.3975, 39.9087),
        (116.4037435726518, 39.91010349934475),
        (116.4101165864734, 39.91644274963076),
    ),
    (
        (111.47, 27.2),
        (111.4755550993012, 27.19673973505125),
        (111.4819607763464, 27.20306150223499),
    ),
    ((75.99, 39.47), (75.9929556381645, 39.47022749677051), (75.99946519930792, 39.47618784227297)),
    (
        (134.28, 48.37),
        (134.2876668224806, 48.37236929317166),
        (134.2940445937214, 48.37874421834629),
    ),
    ((112.33, 3.8), (112.3343770947197, 3.799204512743698), (112.3408518971583, 3.805449883035917)),
    ((105, 35), (105.0032862414571, 34.99909863223526), (105.0096668283195, 35.00540366845696)),
]


@BOTH
@given(longitude=LONGITUDES, latitude=LATITUDES)
def test_there_and_back(there, back, longitude: float, latitude: float) -> None:
    found = back(*there([longitude], [latitude]))
    assert abs(found[0][0] - longitude) * METRES_PER_DEGREE < 1e-6
    assert abs(found[1][0] - latitude) * METRES_PER_DEGREE < 1e-6


@BOTH
@given(longitude=LONGITUDES, latitude=LATITUDES)
def test_back_and_there(there, back, longitude: float, latitude: float) -> None:
    found = there(*back([longitude], [latitude]))
    assert abs(found[0][0] - longitude) * METRES_PER_DEGREE < 1e-6
    assert abs(found[1][0] - latitude) * METRES_PER_DEGREE < 1e-6


@BOTH
def test_all_of_china_in_one_array(there, back) -> None:
    longitude, latitude = np.meshgrid(np.linspace(73, 136, 631), np.linspace(3, 54, 511))
    found = back(*there(longitude, latitude))
    worst = max(np.abs(found[0] - longitude).max(), np.abs(found[1] - latitude).max())
    assert worst * METRES_PER_DEGREE < 1e-6
    assert found[0].shape == longitude.shape


@pytest.mark.parametrize(("position", "gcj02", "bd09"), REFERENCE)
def test_against_fifty_digits(position, gcj02, bd09) -> None:
    for there, expected in ((to_gcj02, gcj02), (to_bd09, bd09)):
        found = there(*position)
        assert [float(value) for value in found] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("position", "gcj02"),
    [
        # The table in the tests of googollee/eviltransform: Shanghai, Shenzhen, Beijing.
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_published_pairs(position, gcj02) -> None:
    assert [float(value) for value in to_gcj02(*position)] == pytest.approx(gcj02, abs=1e-9)


@given(longitude=LONGITUDES, latitude=LATITUDES)
def test_a_kept_library_agrees(longitude: float, latitude: float) -> None:
    oracle = pytest.importorskip("geocoordinates_ffi")
    gcj02 = oracle.wgs84_to_gcj02(oracle.Wgs84(lat=latitude, lon=longitude))
    bd09 = oracle.gcj02_to_bd09(gcj02)
    for found, theirs in (
        (to_gcj02(longitude, latitude), gcj02),
        (to_bd09(longitude, latitude), bd09),
    ):
        assert float(found[0]) == pytest.approx(theirs.lon, abs=1e-11)
        assert float(found[1]) == pytest.approx(theirs.lat, abs=1e-11)


@pytest.mark.parametrize("convert", [to_gcj02, from_gcj02, to_bd09, from_bd09])
def test_outside_and_unknown_stay(convert) -> None:
    longitude = np.array([np.nan, 111.45, 2.35, -111.45, np.inf, 500_000.0, 111.45, 27.23, 0.0])
    latitude = np.array([27.2, np.nan, 48.86, 27.2, 27.2, 3_010_000.0, -np.inf, 111.45, 0.0])
    before = longitude.copy(), latitude.copy()
    with warnings.catch_warnings(), np.errstate(all="raise"):
        found = convert(longitude, latitude)
    np.testing.assert_array_equal(found[0], longitude)
    np.testing.assert_array_equal(found[1], latitude)
    np.testing.assert_array_equal((longitude, latitude), before)


@pytest.mark.parametrize("convert", [to_gcj02, from_gcj02, to_bd09, from_bd09])
def test_no_rows(convert) -> None:
    assert [part.shape for part in convert([], [])] == [(0,), (0,)]


def test_every_datum_has_its_words() -> None:
    assert set(DATUM_LABELS) == set(Datum)
    assert [str(datum) for datum in Datum] == ["cgcs2000", "wgs84", "gcj02", "bd09"]
