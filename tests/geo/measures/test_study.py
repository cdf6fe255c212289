"""The toy district's whole answer, worked out by hand (see tests/conftest.py).

Caliber B, all, 2025-12-31
  A  f01 300 + f08 40 (its position says B, its code A)            = 340 of 20,000 -> 170
  B  f02 100; f05 unknown, so a lower bound                        = 100 of 10,000 -> 100
  C  f12 200 x 0.25; f04's plaque has ended, f13 has no ratio      =  50 of  5,000 -> 100
  D  nothing, and nobody                                           =   0 of      0 -> none
  district 490 of 35,000 -> 140; missing 160 x 3.5 - 490 = 70
  outside f07 500; unplaced f11 70
"""

import math
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

from geo.core.district import DistrictData
from geo.core.errors import DataError
from geo.core.scenario import Scenario, load_scenario
from geo.core.schema import VILLAGES, conform
from geo.core.vocabulary import Group
from geo.measures.study import study
from geo.publish.features import townships
from geo.publish.study_json import study_document

A, B, C, D = "430599001", "430599002", "430599101", "430599201"


def test_the_headline_by_hand(toy: DistrictData, scenario: Scenario) -> None:
    figures = study(toy, scenario).district
    assert figures.population == 35_000
    assert figures.counted_area_m2 == 490
    assert figures.area_per_10k_m2 == pytest.approx(140)
    assert figures.area_gap_m2 == pytest.approx(70)
    assert figures.is_lower_bound
    assert figures.unknown_area_count == 1
    assert (figures.outside_count, figures.outside_area_m2) == (1, 500)
    assert (figures.unplaced_count, figures.unplaced_area_m2) == (1, 70)
    assert figures.pending_count == 1
    assert figures.disagreement_count == 1
    assert figures.facility_count == 12, "15 less the closed, the outside and the unplaced"
    assert figures.facility_count_by_group == {
        Group.BASE: 1,
        Group.HALL: 8,
        Group.SCHOOL: 0,
        Group.SERVICE_CENTRE: 2,
        Group.PUBLIC_VENUE: 1,
    }


def test_the_townships_by_hand(toy: DistrictData, scenario: Scenario) -> None:
    townships = study(toy, scenario).townships
    assert townships["counted_area_m2"].tolist() == [340, 100, 50, 0]
    assert townships["area_per_10k_m2"].tolist()[:3] == [170, 100, 100]
    assert math.isnan(townships["area_per_10k_m2"][D])
    assert townships["area_gap_m2"].tolist() == [0, 60, 30, 0]
    assert townships["facility_count"].tolist() == [5, 2, 4, 1]
    assert townships["is_lower_bound"].tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("on", "caliber", "areas"),
    [
        (date(2025, 12, 31), "A", [300, 0, 0, 0]),
        (date(2025, 12, 31), "B", [340, 100, 50, 0]),
        (date(2025, 12, 31), "C", [390, 100, 80, 0]),
        # f09 was open until 2023-05-01, f02 opened on 2023-07-01, f04 was a base 2022-2024
        (date(2022, 12, 31), "A", [300, 0, 0, 0]),
        (date(2022, 12, 31), "B", [400, 0, 130, 0]),
        (date(2022, 12, 31), "C", [450, 0, 160, 0]),
        (date(2019, 12, 31), "B", [100, 0, 50, 0]),
    ],
)
def test_any_date_and_any_caliber(
    toy: DistrictData, on: date, caliber: str, areas: list[float]
) -> None:
    answer = study(toy, load_scenario(on=on, caliber=caliber))
    assert answer.townships["counted_area_m2"].tolist() == areas
    assert answer.district.counted_area_m2 == sum(areas)


def test_only_what_the_district_runs(toy: DistrictData) -> None:
    answer = study(toy, load_scenario(on=date(2025, 12, 31), scope="district_run"))
    assert answer.townships["counted_area_m2"].tolist() == [300, 0, 50, 0]
    assert answer.townships["is_lower_bound"].tolist() == [True, True, False, False]


def test_position_first_moves_the_disputed_hall(toy: DistrictData) -> None:
    answer = study(toy, load_scenario(on=date(2025, 12, 31), assignment="position"))
    assert answer.townships["counted_area_m2"].tolist() == [300, 140, 50, 0]
    assert answer.district.counted_area_m2 == 490


def test_findings_name_the_contradiction(toy: DistrictData, scenario: Scenario) -> None:
    found = study(toy, scenario).findings
    rows = found[found["code"] == "township_disagreement"]
    assert rows["facility_id"].tolist() == ["f08"]
    assert rows["zh"].iloc[0] == (
        "「f08 exhibition_hall」登记乡镇为 城东街道，位置在 城南街道；按 城东街道 统计，请核对。"
    )
    assert found.loc[found["code"] == "unplaced", "facility_id"].tolist() == ["f11"]
    assert found.loc[found["code"] == "area_unknown", "facility_id"].tolist() == ["f05"]


def test_only_open_verified_places_serve(toy: DistrictData, scenario: Scenario) -> None:
    reach = study(toy, scenario).district_coverage.coverage_of_district
    assert reach.loc["exhibition_hall", "facility_count"] == 5, "f02 f07 f08 f12 f13"
    assert reach.loc["any-service_centre", "facility_count"] == 2
    assert reach.loc["library", "facility_count"] == 1


def test_coverage_by_hand(toy: DistrictData, scenario: Scenario) -> None:
    rows = study(toy, scenario).district_coverage.coverage
    library = rows[rows["target_id"] == "library"].set_index("township_code")
    # Of 400 cells of 200 m, 50 people each, those of which the middle is within 1 km of
    # the corner (2, 2): odd a, b with a² + b² up to 100 are 20, in four quadrants.
    assert library.loc[A, "covered_population"] == pytest.approx(80 * 50)
    assert library.loc[B, "covered_population"] == 0
    reach_m = 30 / 60 * 15_000 / 1.3
    assert 4_000 < reach_m < 6_000, "from (2, 2) every corner of C but the far ones"
    assert 0.9 < library.loc[C, "coverage_rate"] < 1


def test_order_of_rows_changes_nothing(toy: DistrictData, scenario: Scenario) -> None:
    backwards = replace(toy, facilities=toy.facilities.iloc[::-1])
    first, second = study(toy, scenario), study(backwards, scenario)
    assert first.district == second.district
    assert first.townships.drop(columns="geometry").equals(
        second.townships.drop(columns="geometry")
    )
    assert first.findings.equals(second.findings)
    assert first.district_coverage.gaps.drop(columns="geometry").equals(
        second.district_coverage.gaps.drop(columns="geometry")
    )


def test_an_empty_ledger_is_a_district_without_area(make_toy, scenario: Scenario) -> None:  # type: ignore[no-untyped-def]
    toy = make_toy(None)
    empty = replace(toy, facilities=toy.facilities.iloc[:0], designations=toy.designations[:0])
    figures = study(empty, scenario).district
    assert (figures.counted_area_m2, figures.facility_count) == (0, 0)
    assert figures.area_gap_m2 == 560
    assert not figures.is_lower_bound


def test_data_without_the_districts_outline_are_refused(
    toy: DistrictData, scenario: Scenario
) -> None:
    with pytest.raises(DataError, match="实有 0 个"):
        study(replace(toy, districts=toy.districts.iloc[:0]), scenario)


def test_data_are_not_changed(toy: DistrictData, scenario: Scenario) -> None:
    before = toy.facilities.copy(), toy.townships.copy(), toy.population.copy()
    study(toy, scenario)
    for frame, copy in zip((toy.facilities, toy.townships, toy.population), before, strict=True):
        assert frame.equals(copy)


def test_what_stands_in_no_township_adds_nothing_and_says_why(
    toy: DistrictData, scenario: Scenario
) -> None:
    answer = study(toy, scenario).facilities
    rows = answer.loc[["f07", "f11"], ["count_reason", "counted_area_m2", "apart_area_m2"]]
    assert rows.to_numpy().tolist() == [["outside", 0, 500], ["unplaced", 0, 70]]
    assert (answer.loc[answer["assigned_township_code"].notna(), "apart_area_m2"] == 0).all()
    narrow = study(toy, scenario.changed(caliber="A")).facilities
    assert narrow.loc["f07", "count_reason"] == "kind_not_counted", "it would not count anyway"


def _with_ground(toy: DistrictData, scenario: Scenario) -> tuple[DistrictData, gpd.GeoDataFrame]:
    towns = toy.townships.to_crs(toy.measuring_crs)
    middle = towns.geometry.centroid.to_crs(toy.townships.crs)
    villages = gpd.GeoDataFrame(
        {
            "village_code": [f"{A}001", f"{A}002", f"{C}201"],
            "township_code": [A, A, C],
            "name_zh": "村",
            "kind": "village",
            "population": [1, 3, 7],
            "urban_rural_class": ["111", "220", None],
            "source_id": "toy-map",
        },
        geometry=[middle[A], middle[A], None],
        crs=middle.crs,
    )
    return replace(toy, villages=conform(villages, VILLAGES).set_index("village_code")), towns


def test_people_are_where_villages_and_weights_put_them(
    toy: DistrictData, scenario: Scenario
) -> None:
    data, towns = _with_ground(toy, scenario)
    house = towns.geometry[C].centroid.buffer(50)
    weights = gpd.GeoDataFrame({"weight": [2.0]}, geometry=[house], crs=towns.crs)
    data = replace(data, weights=weights.to_crs(toy.townships.crs))
    found = study(data, scenario).district_coverage.surface
    assert found.kind_by_township.to_dict() == {A: "villages", B: "even", C: "weights", D: "even"}
    assert found.points.loc[f"{A}002", "population"] == 15_000, "three of every four of 20,000"
    assert found.points.loc[f"{A}002", "rural_population"] == 15_000
    sums = found.points.groupby("township_code")["population"].sum()
    assert sums.round(6).to_dict() == {A: 20_000, B: 10_000, C: 5_000, D: 0}


def test_villages_go_by_the_denominators_own_count_where_all_have_one(
    toy: DistrictData, scenario: Scenario
) -> None:
    data, _ = _with_ground(toy, scenario)
    rows = toy.population[toy.population["division_code"] == A].iloc[:1]
    own = [rows.assign(division_code=f"{A}00{n}", population=n) for n in (1, 2)]
    both = replace(data, population=pd.concat([toy.population, *own]))
    points = study(both, scenario).district_coverage.surface.points
    assert points.loc[f"{A}002", "population"] == pytest.approx(20_000 * 2 / 3)
    one = replace(data, population=pd.concat([toy.population, own[1]]))
    assert (
        study(one, scenario).district_coverage.surface.points.loc[f"{A}002", "population"] == 15_000
    )


def test_ages_go_by_the_villages_own_counts_of_the_denominator(
    toy: DistrictData, scenario: Scenario
) -> None:
    data, _ = _with_ground(toy, scenario)
    of_a = toy.population["division_code"] == A
    whole = 3_000
    figures = toy.population.assign(
        population_60_plus=toy.population["population_60_plus"].mask(of_a, whole)
    )
    seniors = pd.array([1, 0, 0], "Int64")
    kept = replace(
        data, population=figures, villages=data.villages.assign(population_60_plus=seniors)
    )
    found = study(kept, scenario)
    surface = found.district_coverage.surface
    # All 3,000 in the first village, where 5,000 of the 20,000 live; by shares it had 750.
    assert surface.points.loc[f"{A}001", "population_60_plus"] == pytest.approx(whole)
    assert surface.points.loc[f"{A}002", "population_60_plus"] == 0
    told = study_document(found)["surface"]
    assert told["by_village_ages"]["population_60_plus"] == 1
    assert "1 个乡镇街道的年龄按村社区统计" in told["zh"]
    # The denominator's own rows of both villages are the better ones.
    rows = toy.population[toy.population["division_code"] == A].iloc[:1]
    own = [
        rows.assign(division_code=f"{A}00{n}", population=4, population_60_plus=2 - n)
        for n in (1, 2)
    ]
    swapped = kept.villages["population_60_plus"].iloc[::-1].to_numpy()
    both = replace(
        kept,
        population=pd.concat([figures, *own]),
        villages=kept.villages.assign(population_60_plus=swapped),
    )
    assert study(both, scenario).district_coverage.surface.points.loc[
        f"{A}001", "population_60_plus"
    ] == pytest.approx(whole)


def test_how_far_coverage_moves_with_the_surface_is_told(
    toy: DistrictData, scenario: Scenario
) -> None:
    even = study(toy, scenario).district_coverage.coverage_of_district
    assert even["even_coverage_rate"].isna().all(), "there is no other surface to hold it against"
    data, _ = _with_ground(toy, scenario)
    rows = study(data, scenario).district_coverage.coverage_of_district
    # Both villages of A stand in its middle, beside the library, which reaches all 20,000.
    assert rows.loc["library", "covered_population"] - even.loc[
        "library", "covered_population"
    ] == (pytest.approx(16_000))
    again, other = (
        {row["name_zh"]: row for row in study_document(study(one, scenario))["townships"]}
        for one in (data, toy)
    )
    assert again["城东街道"]["coverage_rate"]["public_venue"] == 1
    for name, row in again.items():
        assert row["even_coverage_rate"] == other[name]["coverage_rate"]
        assert other[name]["even_coverage_rate"] == {}
    carried = townships(study(data, scenario))["even_coverage_rate"]
    assert carried.to_list() == [row["even_coverage_rate"] for row in again.values()]
    assert carried[A], "A has rates, and they are carried"
    told = rows.loc["library", "even_coverage_rate"]
    assert told == pytest.approx(even.loc["library", "coverage_rate"])
