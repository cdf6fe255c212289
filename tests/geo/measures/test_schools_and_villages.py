"""Schools that reach a base, and villages that have a service centre."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from geo.core import schema
from geo.core.district import DistrictData
from geo.core.scenario import Scenario
from geo.core.schema import conform
from geo.measures.study import study
from geo.publish.study_json import study_document
from tests.conftest import TOY_FACILITIES, A, C, at, facility, toy_district

SCHOOLS = [
    facility("s1", "school", at(3, 6), township_code=C),
    facility("s2", "school", None, township_code=A),
    facility("s3", "school", at(1, 1), township_code=A, opened_on="2026-09-01"),
    facility("s4", "school", at(7.9, 0.1), township_code=A, open_to_public=False),
]


@pytest.fixture
def toy_with_schools() -> DistrictData:
    return toy_district([*TOY_FACILITIES, *SCHOOLS])


def test_schools_by_hand(toy_with_schools: DistrictData, scenario: Scenario) -> None:
    found = study(toy_with_schools, scenario).district_coverage.schools
    assert found.index.tolist() == ["s1", "s2", "s4"], "s3 is not open yet"
    # The base f04 stands 2 km west and 1 km south; at 500 m a minute, times 1.3.
    assert found.loc["s1", "nearest_facility_id"] == "f04"
    assert found.loc["s1", "distance_m"] == pytest.approx(5_000_000**0.5, rel=1e-3)
    assert found.loc["s1", "travel_minutes"] == pytest.approx(5_000_000**0.5 * 1.3 / 500, rel=1e-3)
    assert found["reached"].tolist() == [True, pd.NA, True], "without a position nobody knows"


def test_a_shorter_limit_leaves_schools_out(
    toy_with_schools: DistrictData, scenario: Scenario
) -> None:
    standard = {"kinds": ["science_base"], "mode": "foot", "minutes": 15}
    near = [standard | {"settlement": name} for name in ("urban", "rural")]
    answer = study(toy_with_schools, scenario.changed(standards=near))
    assert answer.district_coverage.schools["reached"].fillna(True).tolist() == [False, True, False]
    record = study_document(answer)["schools"]
    assert [record[name] for name in ("school_count", "reached_count", "unknown_count")] == [
        3,
        0,
        1,
    ]
    assert record["rows"][0]["nearest_facility_name"] == "f04 science_base"


def test_without_a_standard_for_bases_nothing_is_judged(
    toy_with_schools: DistrictData, scenario: Scenario
) -> None:
    found = study(toy_with_schools, scenario.changed(standards=[])).district_coverage.schools
    assert found["reached"].isna().all()


def test_villages_without_a_centre(toy: DistrictData, scenario: Scenario) -> None:
    rows = [
        {"village_code": f"{A}00{n}", "township_code": A, "name_zh": name, "kind": "community",
         "source_id": "toy-map"}
        for n, name in enumerate(("甲社区", "乙社区", "丙社区"), start=1)
    ]  # fmt: skip
    centres = [
        facility("c1", "party_service_centre", at(1, 1), township_code=A, village_code=f"{A}001"),
        facility("c2", "civilization_practice", None, township_code=A, village_code=f"{A}001"),
        facility("c3", "party_service_centre", at(2, 1), township_code=A),
        facility("c4", "party_service_centre", at(2, 1), township_code=A, status="planned",
                 village_code=f"{A}002"),
        facility("c5", "library", at(2, 1), township_code=A, village_code=f"{A}003"),
    ]  # fmt: skip
    villages = conform(pd.DataFrame(rows), schema.VILLAGES).set_index("village_code")
    district = replace(toy_district(centres), villages=villages)
    found = study(district, scenario).district_coverage.villages
    assert found.by_village["has_service_centre"].tolist() == [True, False, False]
    assert found.by_village.loc[f"{A}001", "civilization_practice"] == 1
    assert found.unassigned_count == 1, "c3; so that at most two villages have none"
    record = study_document(study(district, scenario))["villages"]
    assert [row["name_zh"] for row in record["without"]] == ["乙社区", "丙社区"]
    assert (record["village_count"], record["with_count"]) == (3, 1)
