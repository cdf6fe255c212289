import json
from dataclasses import replace
from datetime import date

import geopandas as gpd
import orjson
import pandas as pd
import pytest
import shapely

from geo.core import schema
from geo.core.district import DistrictData
from geo.core.scenario import Scenario
from geo.core.schema import conform
from geo.measures.study import study
from geo.publish.offline_map import bundle
from geo.publish.study_json import marks, study_document, surface_columns


@pytest.fixture
def document(toy: DistrictData, scenario: Scenario) -> dict:  # type: ignore[type-arg]
    return json.loads(orjson.dumps(study_document(study(toy, scenario))))


def test_the_headline(document: dict) -> None:  # type: ignore[type-arg]
    figures = document["district"]
    assert figures["area_per_10k_m2"] == 140
    assert figures["area_gap_m2"] == 70
    assert figures["counted_area_m2"] == 490
    assert figures["is_lower_bound"] is True
    assert figures["facility_count_by_group"]["hall"] == 8
    assert document["on"] == "2025-12-31"
    assert (document["caliber"], document["scope"]) == ("B", "all")
    assert document["denominator"]["zh"] == "常住人口 2020年"
    assert document["denominator"]["quality"] == "census"


def test_rows_and_unknowns(document: dict) -> None:  # type: ignore[type-arg]
    rows = {row["name_zh"]: row for row in document["townships"]}
    assert rows["城东街道"]["area_per_10k_m2"] == 170
    assert rows["山口乡"]["area_per_10k_m2"] is None
    assert rows["山口乡"]["population"] == 0
    assert rows["城东街道"]["coverage_rate"]["public_venue"] == pytest.approx(0.2)
    assert "school" not in rows["城东街道"]["coverage_rate"], "no standard, no rate"


def test_standards_stand_beside_the_coverage(document: dict) -> None:  # type: ignore[type-arg]
    found = {row["group"]: row for row in document["district"]["coverage"] if not row["kind"]}
    assert found["service_centre"]["standards"] == [
        {"settlement": "urban", "mode": "foot", "minutes": 15, "straight_line_m": 1000},
        {"settlement": "rural", "mode": "e_bicycle", "minutes": 30, "straight_line_m": 5769},
    ]
    assert found["hall"]["facility_count"] == 7
    total = found["public_venue"]["covered_population"] + found["public_venue"]["gap_population"]
    assert total == pytest.approx(35_000)


def test_maps_say_what_they_are(toy: DistrictData, scenario: Scenario, document: dict) -> None:  # type: ignore[type-arg]
    assert document["map"] == {"schematic": True, "approval_number": None}
    assert document["demonstration"] is False
    assert [row["source_id"] for row in document["sources"]] == ["toy-map", "toy-census"]
    assert all("sha256" not in row for row in document["sources"])
    kept = marks(study(toy, scenario))
    assert json.loads(orjson.dumps(kept)) == {key: document[key] for key in kept}


def test_what_lies_beyond_the_edge_is_told(make_toy, make_facility, place, scenario) -> None:  # type: ignore[no-untyped-def]
    rows = [make_facility("x", "library", place(9, 1)), make_facility("y", "library", place(1, 1)),
            make_facility("z", "library", place(9, 2), verification="pending")]  # fmt: skip
    edge = marks(study(make_toy(rows), scenario))["edge"]
    assert edge["outside_facility_count"] == 1, "z does not serve"
    assert "1 处区外设施" in edge["zh"]
    assert "lower bound" in edge["en"]


def test_each_audience_of_a_township_has_its_rate(document: dict) -> None:  # type: ignore[type-arg]
    rows = {row["name_zh"]: row for row in document["townships"]}
    # Nobody knows the toy's ages; its rural people are all of its towns, and none of its streets.
    assert rows["城东街道"]["coverage_rate_by_audience"] == {
        audience: dict.fromkeys(rates)
        for audience, rates in rows["城东街道"]["coverage_rate_by_audience"].items()
    }
    assert "farmers" not in rows["城东街道"]["coverage_rate_by_audience"]
    rural = rows["河西镇"]
    farmers = rural["coverage_rate_by_audience"]["farmers"]
    assert farmers["library"] == rural["coverage_rate_by_kind"]["library"]
    assert farmers["any-hall"] == rural["coverage_rate"]["hall"]


def test_a_village_is_drawn_by_its_land_and_a_cell_by_its_side(
    toy: DistrictData, scenario: Scenario, place
) -> None:  # type: ignore[no-untyped-def]
    code = toy.townships.index[0]
    rows = pd.DataFrame(
        {"village_code": [f"{code}001", f"{code}002"], "township_code": code, "name_zh": "村",
         "kind": "village", "source_id": "toy-map", "population": [1, 3]}
    )  # fmt: skip
    frame = conform(rows, schema.VILLAGES).set_index("village_code")
    places = gpd.GeoSeries([place(1, 2), place(3, 2)], frame.index, crs=toy.measuring_crs)
    villages = gpd.GeoDataFrame(frame, geometry=places.to_crs(toy.townships.crs))
    found = surface_columns(study(replace(toy, villages=villages), scenario))
    drawn = [land for land in found["land"] if land is not None]
    assert len(drawn) == 2
    assert len(found["land"]) == len(found["longitude"]) > 2
    land = shapely.union_all([shapely.Polygon(part[0]) for one in drawn for part in one])
    town = toy.townships.geometry[code]
    assert land.symmetric_difference(town).area < 1e-3 * town.area


def test_one_demonstration_row_marks_the_whole(make_toy, make_facility, place, scenario) -> None:  # type: ignore[no-untyped-def]
    data = make_toy([make_facility("x", "library", place(1, 1), demonstration=True)])
    assert study_document(study(data, scenario))["demonstration"] is True


def test_options_list_what_can_be_switched(document: dict) -> None:  # type: ignore[type-arg]
    assert document["options"] == {
        "calibers": ["A", "B", "C"],
        "scopes": ["all", "district_run"],
        "denominators": [
            {"id": "resident-2020", "zh": "常住人口 2020年", "en": "Resident population 2020"}
        ],
    }


def test_a_bundle_holds_every_view(toy: DistrictData, scenario: Scenario) -> None:
    seen: list[tuple[int, int]] = []
    content = bundle(
        toy,
        scenario,
        generated_on=date(2026, 1, 2),
        progress=lambda done, of: seen.append((done, of)),
    )
    assert sorted(content["views"]) == sorted(
        f"{caliber}|{scope}|resident-2020" for caliber in "ABC" for scope in ("all", "district_run")
    )
    assert seen[-1] == (6, 6)
    assert content["first"] == "B|all|resident-2020"
    assert content["counted"]["B|all"]["f12"] == [50.0, "counted"]
    assert content["counted"]["A|all"]["f12"] == [0.0, "kind_not_counted"]
    assert content["counted"]["B|all"]["f05"] == [None, "area_unknown"]
    assert len(content["facilities"]["features"]) == 15
    gaps_of_view = {row["gap_id"] for row in content["views"]["B|all|resident-2020"]["gaps"]}
    assert gaps_of_view == {feature["id"] for feature in content["gaps"]["features"]}
    orjson.dumps(content)


def test_the_ledger_adds_up_and_agrees_with_the_headline(document: dict) -> None:  # type: ignore[type-arg]
    district = document["district"]
    ledger = district["ledger"]
    assert ledger["inside"] == district["facility_count"]
    assert ledger["outside"] == district["outside_count"]
    assert ledger["unplaced"] == district["unplaced_count"]
    parts = ("inside", "outside", "unplaced", "not_operating")
    assert sum(ledger[part] for part in parts) == ledger["total"] == 15
    assert ledger["zh"].startswith(f"15 处：区内运行 {ledger['inside']} 处，区外")
