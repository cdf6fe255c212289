"""Coverage of four squares of 4 km, counted at the middles of cells of 100 m."""

import math
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from geo.core.scenario import Scenario, load_scenario
from geo.core.vocabulary import PARTS
from geo.measures.coverage import coverage, coverage_by_audience, gaps, summary
from geo.measures.demand_points import People, Surface, make_surface
from geo.measures.nearest import NearestByTarget, nearest_by_target
from geo.travel.protocol import StraightLines

CRS = "EPSG:4546"
KM = 1_000.0
PEOPLE = pd.Series({"A": 20_000.0, "B": 10_000.0, "C": 5_000.0, "D": 0.0})
KINDS_OF_TOWNSHIP = ["subdistrict", "subdistrict", "town", "township"]
CELLS_WITHIN_1_KM = 316
"""Of a corner of the grid: odd a, b to 19 with a² + b² up to 400 are 79, in four quadrants."""


def _townships() -> gpd.GeoDataFrame:
    corners = [(0, 0), (4, 0), (0, 4), (4, 4)]
    squares = [box(x * KM, y * KM, (x + 4) * KM, (y + 4) * KM) for x, y in corners]
    frame = {"kind": KINDS_OF_TOWNSHIP}
    return gpd.GeoDataFrame(frame, index=list("ABCD"), geometry=squares, crs=CRS)


def _surface(people: pd.Series = PEOPLE, cell_m: float = 100) -> Surface:
    frame = pd.DataFrame({"population": people}).reindex(columns=["population", *PARTS])
    frame["population_60_plus"] = people / 10
    return make_surface(_townships(), People(frame), cell_m=cell_m)


SURFACE = _surface()
Found = tuple[gpd.GeoDataFrame, list[NearestByTarget]]


def _reach(
    sites: dict[str, tuple[str, float, float]],
    scenario: Scenario | None = None,
    surface: Surface = SURFACE,
) -> Found:
    points = gpd.GeoSeries(
        [Point(x * KM, y * KM) for _, x, y in sites.values()], index=list(sites), crs=CRS
    )
    kinds = pd.DataFrame(
        {"facility_id": list(sites), "kind": [kind for kind, _, _ in sites.values()]}
    ).astype("str")
    scenario = scenario or load_scenario(on=date(2025, 12, 31))
    lines = StraightLines(scenario.speeds_km_per_h, scenario.detour_factor)
    reached = nearest_by_target(surface.points, points, kinds, scenario, lines)
    return coverage(surface, reached), reached


def _of(rows: pd.DataFrame, target: str) -> pd.DataFrame:
    return rows[rows["target_id"] == target].set_index("township_code")


def test_a_library_in_the_middle_of_a_subdistrict() -> None:
    rows, _ = _reach({"f": ("library", 2, 2)})
    library = _of(rows, "library")
    # 316 of 1,600 cells with 12.5 people each; a circle's area would give 3,927.
    assert library.loc["A", "covered_population"] == pytest.approx(CELLS_WITHIN_1_KM * 12.5)
    assert library.loc["A", "gap_population"] == pytest.approx((1600 - CELLS_WITHIN_1_KM) * 12.5)
    assert library.loc["B", "covered_population"] == 0
    assert library.loc["C", "coverage_rate"] > 0.9, "rural residents ride 5,769 m"


def test_a_quarter_circle_in_a_corner_is_half_of_the_people_it_would_be_at_an_edge() -> None:
    corner = _of(_reach({"f": ("library", 0, 0)})[0], "library").loc["A", "covered_population"]
    edge = _of(_reach({"f": ("library", 2, 0)})[0], "library").loc["A", "covered_population"]
    assert corner == pytest.approx(CELLS_WITHIN_1_KM / 4 * 12.5)
    assert edge == pytest.approx(2 * corner)


def test_a_group_is_reached_by_any_of_its_kinds() -> None:
    rows, _ = _reach({"f": ("party_service_centre", 1, 1), "g": ("civilization_practice", 3, 3)})
    one = _of(rows, "party_service_centre").loc["A", "coverage_rate"]
    both = _of(rows, "any-service_centre").loc["A", "coverage_rate"]
    assert both == pytest.approx(2 * one, rel=1e-9)


def test_two_facilities_on_one_spot_cover_once() -> None:
    once = _reach({"f": ("library", 2, 2)})[0]
    twice = _reach({"f": ("library", 2, 2), "g": ("library", 2, 2)})[0]
    pd.testing.assert_series_equal(once["coverage_rate"], twice["coverage_rate"])


def test_a_facility_outside_serves_too() -> None:
    rows, _ = _reach({"f": ("library", -0.5, 2)})
    assert _of(rows, "library").loc["A", "covered_population"] > 0


def test_no_facility_leaves_everybody_out() -> None:
    rows, reached = _reach({})
    assert (rows["coverage_rate"] == 0).all()
    left = gaps(rows, SURFACE, reached)
    assert left["nearest_facility_id"].isna().all()
    assert left.loc["library-A", "population"] == 20_000


def test_no_standard_no_row() -> None:
    scenario = load_scenario(on=date(2025, 12, 31), standards=[])
    rows, reached = _reach({"f": ("library", 2, 2)}, scenario)
    assert rows.empty
    assert gaps(rows, SURFACE, reached).empty
    assert summary(rows).empty
    assert coverage_by_audience(SURFACE, reached).empty


def test_the_district_is_the_ratio_of_sums() -> None:
    rows, _ = _reach({"f": ("library", 2, 2)})
    whole = summary(rows).loc["library"]
    library = _of(rows, "library")
    assert whole["population"] == 35_000
    assert whole["covered_population"] == pytest.approx(library["covered_population"].sum())
    assert whole["coverage_rate"] == pytest.approx(whole["covered_population"] / 35_000)


def test_unknown_people_make_the_sum_unknown() -> None:
    rows, _ = _reach({"f": ("library", 2, 2)})
    rows.loc[rows["township_code"] == "B", "covered_population"] = np.nan
    assert math.isnan(summary(rows).loc["library", "covered_population"])


def test_gaps_are_ranked_and_name_the_nearest() -> None:
    rows, reached = _reach({"f": ("library", 2, 2), "g": ("library", 7, 2)})
    left = gaps(rows, SURFACE, reached)
    libraries = left[left["target_id"] == "library"]
    assert libraries["population"].is_monotonic_decreasing
    assert left.crs.to_epsg() == 4490
    assert left.loc["library-B", "nearest_facility_id"] == "g"
    assert left.loc["library-A", "area_km2"] == pytest.approx(16 - CELLS_WITHIN_1_KM / 100)
    # The mean over the cells left out, each to the nearer of the two.
    points = SURFACE.points[SURFACE.points["township_code"] == "A"].geometry
    metres = np.minimum(
        points.distance(Point(2 * KM, 2 * KM)), points.distance(Point(7 * KM, 2 * KM))
    )
    mean_m = metres[metres > 1000].mean()
    assert left.loc["library-A", "nearest_distance_m"] == pytest.approx(mean_m)
    # On foot at 4 km/h, times the detour of 1.3.
    minutes = mean_m * 1.3 / (4_000 / 60)
    assert left.loc["library-A", "nearest_travel_minutes"] == pytest.approx(minutes)


def test_an_audience_is_counted_by_its_own_people() -> None:
    _, reached = _reach({"f": ("library", 2, 2)})
    found = coverage_by_audience(SURFACE, reached)
    of_a = found[(found["target_id"] == "library") & (found["township_code"] == "A")]
    of_a = of_a.set_index("audience")
    assert of_a.loc["seniors", "covered_population"] == pytest.approx(CELLS_WITHIN_1_KM * 1.25)
    assert of_a.loc["seniors", "coverage_rate"] == pytest.approx(CELLS_WITHIN_1_KM / 1600)
    # Nobody knows how many children there are, so nobody knows how many are reached.
    assert of_a.loc["youth", ["covered_population", "coverage_rate"]].isna().all()


def test_where_nobody_lives_land_is_counted() -> None:
    rows, _ = _reach({"f": ("party_service_centre", 6, 6)})
    found = _of(rows, "party_service_centre").loc["D"]
    assert (found["population"], found["coverage_rate"]) == (0, 1)


def test_unknown_people_are_unknown_whom_they_reach() -> None:
    surface = _surface(PEOPLE.where(PEOPLE.index != "A"))
    rows, _ = _reach({"f": ("library", 2, 2)}, surface=surface)
    found = _of(rows, "library").loc["A"]
    assert math.isnan(found["covered_population"])
    assert found["coverage_rate"] == pytest.approx(CELLS_WITHIN_1_KM / 1600), "by area"


@pytest.mark.parametrize(("metres", "covered"), [(1_000, True), (1_000.001, False)])
def test_exactly_at_the_limit_is_covered(metres: float, covered: bool) -> None:
    people = gpd.GeoDataFrame({"settlement": ["urban"]}, geometry=[Point(0, 0)], crs=CRS)
    sites = gpd.GeoSeries([Point(metres * 0.6, metres * 0.8)], index=["f"], crs=CRS)
    kinds = pd.DataFrame({"facility_id": ["f"], "kind": ["library"]})
    scenario = load_scenario(on=date(2025, 12, 31))
    lines = StraightLines(scenario.speeds_km_per_h, scenario.detour_factor)
    found = nearest_by_target(people, sites, kinds, scenario, lines)
    (library,) = [one for one in found if one.target.id == "library"]
    assert library.covered.tolist() == [covered]


@pytest.mark.parametrize("cell_m", [500, 250, 100, 50])
def test_finer_cells_come_nearer_to_the_circle(cell_m: float) -> None:
    rows, _ = _reach({"f": ("library", 2.03, 1.97)}, surface=_surface(cell_m=cell_m))
    share = _of(rows, "library").loc["A", "coverage_rate"]
    # No cell is more than its own diagonal from where it is counted.
    inner, outer = (math.pi * (1000 + side * cell_m / 2**0.5) ** 2 / 16e6 for side in (-1, 1))
    assert inner <= share <= outer


COARSE = _surface(cell_m=400)
spot = st.tuples(st.just("library"), st.floats(-2, 10), st.floats(-2, 10))


@settings(max_examples=25, deadline=None)
@given(st.lists(spot, max_size=6), spot)
def test_people_are_conserved_and_another_facility_never_hurts(sites, another) -> None:  # type: ignore[no-untyped-def]
    named = {f"f{number}": site for number, site in enumerate(sites)}
    rows, reached = _reach(named, surface=COARSE)
    total = rows["covered_population"] + rows["gap_population"]
    assert np.allclose(total, rows["township_code"].map(PEOPLE), rtol=0, atol=1e-6)
    assert rows["coverage_rate"].between(0, 1).all()
    left = gaps(rows, COARSE, reached)
    of_library = left.loc[left["target_id"] == "library", "population"].sum()
    assert of_library == pytest.approx(_of(rows, "library")["gap_population"].sum(), abs=1e-3)
    more, _ = _reach(named | {"g": another}, surface=COARSE)
    assert (more["coverage_rate"] >= rows["coverage_rate"] - 1e-9).all()
    backwards, _ = _reach(dict(reversed(named.items())), surface=COARSE)
    assert np.allclose(backwards["coverage_rate"], rows["coverage_rate"])


@settings(max_examples=10, deadline=None)
@given(st.floats(1, 60), st.floats(1, 60))
def test_a_longer_limit_never_hurts(minutes: float, more_minutes: float) -> None:
    low, high = sorted((minutes, more_minutes))

    def rate(limit: float) -> pd.Series:
        standard = {"kinds": ["library"], "settlement": "urban", "mode": "foot", "minutes": limit}
        scenario = load_scenario(on=date(2025, 12, 31), standards=[standard])
        return _reach({"f": ("library", 2, 2)}, scenario, COARSE)[0]["coverage_rate"]

    assert (rate(high) >= rate(low) - 1e-9).all()
