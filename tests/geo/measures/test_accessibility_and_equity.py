"""Accessible area, inequality and score cards of the toy district, worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from geo.core.district import DistrictData
from geo.core.scenario import Scenario
from geo.core.schema import WEIGHTS, conform
from geo.measures.accessibility_and_equity import ACCESSIBLE, PROVIDED
from geo.measures.scorecard import ranks, score_cards
from geo.measures.study import study
from geo.publish.study_json import study_document
from tests.conftest import A, B, C, D

EVERYWHERE = {"mode": "car", "catchment_minutes": 60, "method": "binary"}


def test_whom_everything_reaches_has_the_same(toy: DistrictData, scenario: Scenario) -> None:
    found = study(toy, scenario.changed(accessibility=EVERYWHERE)).accessibility_and_equity
    # 490 m² that count and 500 m² beyond the edge (f07), among 35,000 people.
    assert found.accessibility.reached_supply_m2 == 990
    assert found.district[ACCESSIBLE] == pytest.approx(990 / 3.5)
    assert found.by_township.loc[A, ACCESSIBLE] == pytest.approx(990 / 3.5)
    assert math.isnan(found.by_township.loc[D, ACCESSIBLE]), "nobody lives there"
    assert found.accessibility.unknown_supply_count == 1, "f05"
    assert bool(found.district["is_lower_bound"]) is True
    assert found.inequality[ACCESSIBLE].gini == pytest.approx(0, abs=1e-9)


def test_what_is_shared_out_is_what_is_reached(toy: DistrictData, scenario: Scenario) -> None:
    for method in ("zones", "gaussian"):
        choice = {"mode": "e_bicycle", "catchment_minutes": 15, "method": method}
        answer = study(toy, scenario.changed(accessibility=choice))
        people = answer.district_coverage.surface.points["population"]
        access = answer.accessibility_and_equity.accessibility
        total = (people * access.by_demand[ACCESSIBLE]).sum() / 10_000
        assert total == pytest.approx(access.reached_supply_m2)
        assert access.reached_supply_m2 + access.unreached_supply_m2 == pytest.approx(990)


def _with_people_beyond(toy: DistrictData, people: float, east_m: float) -> DistrictData:
    """Return the district with a raster cell of 1 km so far east of its edge."""
    east, south = 508_000 + east_m, 3_010_000
    cell = shapely.box(east, south, east + 1000, south + 1000)
    frame = gpd.GeoDataFrame(
        {"weight": [people], "persons": [True], "source_id": "toy-map"},
        geometry=[cell], crs=toy.measuring_crs,
    )  # fmt: skip
    return replace(toy, weights=conform(frame.to_crs(toy.townships.crs), WEIGHTS))


def test_residents_beyond_the_edge_compete_and_have_no_figure(
    toy: DistrictData, scenario: Scenario
) -> None:
    alone = study(toy, scenario.changed(accessibility=EVERYWHERE))
    data = _with_people_beyond(toy, 5_000, 500)
    found = study(data, scenario.changed(accessibility=EVERYWHERE))
    # The same 990 m², now among 40,000; the 35,000 of the district share 866.25 of them.
    assert found.accessibility_and_equity.district[ACCESSIBLE] == pytest.approx(990 / 4.0)
    assert found.accessibility_and_equity.accessibility.reached_supply_m2 == 990
    assert found.accessibility_and_equity.beyond_population == pytest.approx(5_000)
    assert found.accessibility_and_equity.beyond_supply_m2 == pytest.approx(990 / 8)
    points = found.district_coverage.surface.points
    own = found.accessibility_and_equity.accessibility.by_demand
    assert list(own.index) == list(points.index)
    assert (own[ACCESSIBLE] * points["population"]).sum() / 10_000 == pytest.approx(990 * 7 / 8)
    assert points["population"].sum() == pytest.approx(35_000)
    rates = alone.district_coverage.coverage_of_district[["covered_population", "coverage_rate"]]
    assert_frame_equal(found.district_coverage.coverage_of_district[rates.columns], rates)
    document = study_document(found)
    assert document["edge"]["outside_population"] == 5_000
    assert "区外 5,000 人" in document["edge"]["zh"]
    assert document["surface"]["kinds"] == ["even"]


def test_residents_too_far_beyond_compete_with_nobody(
    toy: DistrictData, scenario: Scenario
) -> None:
    near = {"mode": "e_bicycle", "catchment_minutes": 15, "method": "zones"}
    alone = study(toy, scenario.changed(accessibility=near)).accessibility_and_equity
    data = _with_people_beyond(toy, 5_000, 11_000)
    found = study(data, scenario.changed(accessibility=near)).accessibility_and_equity
    assert found.beyond_population == 0
    assert found.district[ACCESSIBLE] == pytest.approx(alone.district[ACCESSIBLE], rel=1e-12)
    document = study_document(study(data, scenario.changed(accessibility=near)))
    assert "区外居民都不在内" in document["edge"]["zh"]


def test_buildings_beyond_the_edge_are_no_residents(toy: DistrictData, scenario: Scenario) -> None:
    data = _with_people_beyond(toy, 5_000, 500)
    assert data.weights is not None
    built = replace(data, weights=data.weights.assign(persons=pd.array([None], "boolean")))
    found = study(built, scenario.changed(accessibility=EVERYWHERE)).accessibility_and_equity
    assert found.beyond_population == 0
    assert found.district[ACCESSIBLE] == pytest.approx(990 / 3.5)


def test_inequality_among_the_townships(toy: DistrictData, scenario: Scenario) -> None:
    found = study(toy, scenario).accessibility_and_equity.inequality[PROVIDED]
    # 170 for 20,000 people, 100 for 15,000, nobody in D; the mean is 140.
    assert found.gini == pytest.approx(15 / 35 - 150 / 490)
    theil = 340 / 490 * math.log(170 / 140) + 150 / 490 * math.log(100 / 140)
    assert found.theil == pytest.approx(theil)
    # Urban 440 m² for 30,000 people, rural 50 for 5,000.
    between = 440 / 490 * math.log(440 / 3 / 140) + 50 / 490 * math.log(100 / 140)
    assert found.theil_between == pytest.approx(between)
    assert found.theil_of_group["rural"] == 0
    assert (found.unit_count, found.unknown_count) == (3, 0)


def test_another_caliber_of_the_same_date_reaches_the_same(
    toy: DistrictData, scenario: Scenario
) -> None:
    first = study(toy, scenario)
    again = study(toy, scenario.changed(caliber="C"), like=first)
    afresh = study(toy, scenario.changed(caliber="C"))
    assert again.district_coverage is first.district_coverage
    assert again.district_coverage.gaps.equals(afresh.district_coverage.gaps)
    assert again.accessibility_and_equity.district.equals(afresh.accessibility_and_equity.district)
    assert again.district == afresh.district
    other = study(toy, scenario.changed(detour_factor=2), like=first)
    assert other.district_coverage is not first.district_coverage


def test_cards_and_ranks(toy: DistrictData, scenario: Scenario) -> None:
    answer = study(toy, scenario)
    cards = score_cards(answer)
    assert cards.index.equals(toy.townships.index)
    assert cards.loc[A, ["pending_count", "disagreement_count"]].tolist() == [1, 1], "f10, f08"
    assert cards.loc[B, "pending_count"] == 0
    places = ranks(answer)
    # B and C have 100 both; D has no ratio.
    assert places[PROVIDED].fillna(0).tolist() == [1, 2, 2, 0]
    assert places.loc[D, ACCESSIBLE] != places.loc[D, ACCESSIBLE]
    assert places["service_centre"].loc[C] == 1
