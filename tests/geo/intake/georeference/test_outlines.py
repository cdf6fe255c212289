from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Point

from geo.core.datum import Datum, to_bd09, to_gcj02
from geo.districts.catalog import load_shipped
from geo.intake.georeference.outlines import compare_outline, transformed

SHIFTS = {Datum.CGCS2000: lambda x, y: (x, y), Datum.GCJ02: to_gcj02, Datum.BD09: to_bd09}
DATUMS = pytest.mark.parametrize("datum", list(SHIFTS))


@pytest.fixture(scope="module")
def district() -> gpd.GeoDataFrame:
    districts = load_shipped("430503").districts
    return districts[districts["role"] == "district"]


@pytest.fixture(scope="module")
def townships() -> gpd.GeoDataFrame:
    return load_shipped("430503").townships


def shifted(polygons: gpd.GeoDataFrame, datum: Datum) -> gpd.GeoSeries:
    made = shapely.transform(
        np.asarray(polygons.geometry.array), lambda v: np.column_stack(SHIFTS[datum](*v.T))
    )
    return gpd.GeoSeries(made, index=polygons.index, crs=4490)


@DATUMS
@pytest.mark.parametrize("simplified_m", [0, 50, 150])
def test_an_outline_tells_its_datum(
    district: gpd.GeoDataFrame, townships: gpd.GeoDataFrame, datum: Datum, simplified_m: float
) -> None:
    coarse = townships.dissolve().to_crs(4546)
    coarse = coarse.set_geometry(coarse.simplify(simplified_m)).to_crs(4490)
    guess = compare_outline(shifted(coarse, datum), district)
    assert guess.datum == datum
    assert guess.verdict == ("unshifted" if datum is Datum.CGCS2000 else "shifted")
    assert guess.confidence >= 0.5
    best = min(guess.overlays, key=lambda overlay: overlay.distance_m)
    assert best.datum == datum
    assert best.overlap == max(overlay.overlap for overlay in guess.overlays) > 0.9
    assert best.distance_m < 100


@pytest.mark.parametrize("wave_m", [4_000, 12_000, 40_000])
@pytest.mark.parametrize("seed", range(20))
def test_an_outline_that_is_rough_is_never_shifted(
    district: gpd.GeoDataFrame, seed: int, wave_m: float
) -> None:
    """Drawn by hand, wrong by up to 400 m in waves of all lengths and ways."""
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi, 2)
    rough = shapely.transform(
        np.asarray(district.to_crs(4546).simplify(200).array),
        lambda v: v + 280 * np.sin(v[:, ::-1] * 2 * np.pi / wave_m + phase),
    )
    outline = gpd.GeoSeries(rough, crs=4546).to_crs(4490)
    guess = compare_outline(outline, district)
    assert guess.datum is Datum.CGCS2000
    assert guess.verdict != "shifted"


def test_another_place_is_undecided(district: gpd.GeoDataFrame) -> None:
    guess = compare_outline(district.geometry.translate(1, 1), district)
    assert (guess.datum, guess.verdict, guess.confidence) == (Datum.CGCS2000, "undecided", 0)
    assert guess.evidence.code == "outline_undecided"


def test_nothing_is_undecided(district: gpd.GeoDataFrame) -> None:
    guess = compare_outline(district.iloc[:0], district)
    assert guess.verdict == "undecided"


def test_the_evidence_has_its_distances(district: gpd.GeoDataFrame) -> None:
    guess = compare_outline(shifted(district, Datum.BD09), district)
    assert guess.overlays[0].distance_m == pytest.approx(700, rel=0.3)
    assert guess.evidence.zh.startswith("边界像是百度坐标 BD-09：换算后与已知轮廓平均相距 0 米")


@DATUMS
def test_polygons_are_put_back(townships: gpd.GeoDataFrame, datum: Datum) -> None:
    there = shifted(townships, datum)
    before = there.to_wkb()
    back = transformed(there, datum)
    assert back.index.equals(townships.index)
    assert back.crs == townships.crs
    assert shapely.equals_exact(
        np.asarray(back.array), np.asarray(townships.geometry.array), tolerance=1e-9
    ).all()
    assert there.to_wkb().equals(before)


def test_what_is_missing_stays_missing() -> None:
    found = transformed(gpd.GeoSeries([None, Point(111.4, 27.2)], crs=4490), Datum.GCJ02)
    assert found[0] is None
    assert found[1].x < 111.4
