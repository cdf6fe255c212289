import math
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from geo.coverage import coverage, gaps, service_area, summary
from geo.scenario import Scenario, load_scenario

CRS = "EPSG:4546"
KM = 1_000.0
PEOPLE = pd.Series({"A": 20_000.0, "B": 10_000.0, "C": 5_000.0, "D": 0.0})
KINDS_OF_TOWNSHIP = ["subdistrict", "subdistrict", "town", "township"]


def _townships() -> gpd.GeoDataFrame:
    corners = [(0, 0), (4, 0), (0, 4), (4, 4)]
    squares = [box(x * KM, y * KM, (x + 4) * KM, (y + 4) * KM) for x, y in corners]
    frame = {"kind": KINDS_OF_TOWNSHIP}
    return gpd.GeoDataFrame(frame, index=list("ABCD"), geometry=squares, crs=CRS)


def _reach(sites: dict[str, tuple[str, float, float]], scenario: Scenario | None = None):  # type: ignore[no-untyped-def]
    points = gpd.GeoSeries(
        [Point(x * KM, y * KM) for _, x, y in sites.values()], index=list(sites), crs=CRS
    )
    kinds = pd.DataFrame(
        {"facility_id": list(sites), "kind": [kind for kind, _, _ in sites.values()]}
    ).astype("str")
    scenario = scenario or load_scenario(on=date(2025, 12, 31))
    return coverage(_townships(), PEOPLE, points, kinds, scenario), points, kinds


def _of(rows: pd.DataFrame, target: str) -> pd.DataFrame:
    return rows[rows["target_id"] == target].set_index("township_code")


def test_a_library_in_the_middle_of_a_subdistrict() -> None:
    rows, _, _ = _reach({"f": ("library", 2, 2)})
    library = _of(rows, "library")
    circle = math.pi * 1.0**2 / 16
    assert library.loc["A", "covered_population"] == pytest.approx(20_000 * circle, rel=1e-9)
    assert library.loc["A", "gap_population"] == pytest.approx(20_000 * (1 - circle), rel=1e-9)
    assert library.loc["B", "covered_population"] == 0
    assert library.loc["C", "coverage_rate"] > 0.9, "rural residents ride 5,769 m"


def test_a_quarter_circle_in_a_corner_is_half_of_the_people_it_would_be_at_an_edge() -> None:
    corner = _of(_reach({"f": ("library", 0, 0)})[0], "library").loc["A", "covered_population"]
    edge = _of(_reach({"f": ("library", 2, 0)})[0], "library").loc["A", "covered_population"]
    assert corner == pytest.approx(20_000 * math.pi / 4 / 16, rel=1e-4)
    assert edge == pytest.approx(2 * corner, rel=1e-4)


def test_a_group_is_reached_by_any_of_its_kinds() -> None:
    rows, _, _ = _reach({"f": ("party_service_centre", 1, 1), "g": ("civilization_practice", 3, 3)})
    one = _of(rows, "party_service_centre").loc["A", "coverage_rate"]
    both = _of(rows, "any-service_centre").loc["A", "coverage_rate"]
    assert both == pytest.approx(2 * one, rel=1e-9)


def test_two_facilities_on_one_spot_cover_once() -> None:
    once = _reach({"f": ("library", 2, 2)})[0]
    twice = _reach({"f": ("library", 2, 2), "g": ("library", 2, 2)})[0]
    pd.testing.assert_series_equal(once["coverage_rate"], twice["coverage_rate"])


def test_a_facility_outside_serves_too() -> None:
    rows, _, _ = _reach({"f": ("library", -0.5, 2)})
    assert _of(rows, "library").loc["A", "covered_population"] > 0


def test_no_facility_leaves_everybody_out() -> None:
    rows, points, kinds = _reach({})
    assert (rows["coverage_rate"] == 0).all()
    left = gaps(rows, points, kinds)
    assert left["nearest_facility_id"].isna().all()
    assert left.loc["library-A", "population"] == 20_000


def test_no_standard_no_row() -> None:
    scenario = load_scenario(on=date(2025, 12, 31), standards=[])
    rows, points, kinds = _reach({"f": ("library", 2, 2)}, scenario)
    assert rows.empty
    assert gaps(rows, points, kinds).empty
    assert summary(rows).empty


def test_the_district_is_the_ratio_of_sums() -> None:
    rows, _, _ = _reach({"f": ("library", 2, 2)})
    whole = summary(rows).loc["library"]
    library = _of(rows, "library")
    assert whole["population"] == 35_000
    assert whole["covered_population"] == pytest.approx(library["covered_population"].sum())
    assert whole["coverage_rate"] == pytest.approx(whole["covered_population"] / 35_000)


def test_unknown_people_make_the_sum_unknown() -> None:
    rows, _, _ = _reach({"f": ("library", 2, 2)})
    rows.loc[rows["township_code"] == "B", "covered_population"] = np.nan
    assert math.isnan(summary(rows).loc["library", "covered_population"])


def test_gaps_are_ranked_and_name_the_nearest() -> None:
    rows, points, kinds = _reach({"f": ("library", 2, 2), "g": ("library", 7, 2)})
    left = gaps(rows, points, kinds)
    libraries = left[left["target_id"] == "library"]
    assert libraries["population"].is_monotonic_decreasing
    assert left.crs.to_epsg() == 4490
    assert left.loc["library-B", "nearest_facility_id"] == "g"
    assert left.loc["library-A", "area_km2"] == pytest.approx(16 - math.pi, rel=1e-9)


def test_exactly_at_the_limit_is_covered() -> None:
    area = service_area(shapely.MultiPoint([(0, 0)]), 1_000)
    assert area.covers(Point(1_000, 0))


@pytest.mark.parametrize("limit_m", [1, 1_000, 11_538.46])
def test_circles_have_the_area_of_circles(limit_m: float) -> None:
    area = service_area(shapely.MultiPoint([(500_000, 3_000_000)]), limit_m)
    assert area.area == pytest.approx(math.pi * limit_m**2, rel=1e-9)


spot = st.tuples(st.just("library"), st.floats(-2, 10), st.floats(-2, 10))


@settings(max_examples=25, deadline=None)
@given(st.lists(spot, max_size=6), spot)
def test_people_are_conserved_and_another_facility_never_hurts(sites, another) -> None:  # type: ignore[no-untyped-def]
    named = {f"f{number}": site for number, site in enumerate(sites)}
    rows, points, kinds = _reach(named)
    total = rows["covered_population"] + rows["gap_population"]
    assert np.allclose(total, rows["township_code"].map(PEOPLE), rtol=0, atol=1e-6)
    assert rows["coverage_rate"].between(0, 1).all()
    left = gaps(rows, points, kinds)
    of_library = left.loc[left["target_id"] == "library", "population"].sum()
    assert of_library == pytest.approx(_of(rows, "library")["gap_population"].sum(), abs=1e-3)
    more, _, _ = _reach(named | {"g": another})
    assert (more["coverage_rate"] >= rows["coverage_rate"] - 1e-9).all()
    backwards, _, _ = _reach(dict(reversed(named.items())))
    assert np.allclose(backwards["coverage_rate"], rows["coverage_rate"])


@settings(max_examples=10, deadline=None)
@given(st.floats(1, 60), st.floats(1, 60))
def test_a_longer_limit_never_hurts(minutes: float, more_minutes: float) -> None:
    low, high = sorted((minutes, more_minutes))

    def rate(limit: float) -> pd.Series:
        standard = {"kinds": ["library"], "settlement": "urban", "mode": "foot", "minutes": limit}
        scenario = load_scenario(on=date(2025, 12, 31), standards=[standard])
        return _reach({"f": ("library", 2, 2)}, scenario)[0]["coverage_rate"]

    assert (rate(high) >= rate(low) - 1e-9).all()
