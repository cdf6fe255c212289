"""The toy district on the plan's dates."""

from __future__ import annotations

from datetime import date

import pytest

from geo.core.district import DistrictData
from geo.core.scenario import Scenario
from geo.measures.study import study
from geo.measures.trend import PLAN_DATES, studies_on, trend, trend_of_townships
from geo.publish.study_json import trend_record
from tests.conftest import B


def test_what_counted_at_the_end_of_each_year(toy: DistrictData, scenario: Scenario) -> None:
    told: list[tuple[int, int]] = []
    studies = studies_on(toy, scenario, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    rows = trend(studies)
    assert list(rows.index) == list(PLAN_DATES)
    # 300 (f01) + 40 (f08) + 50 (f12) always; 60 (f09) until May 2023; 80 (f04) while its
    # plaque holds, 2022 to 2024; 100 (f02) from July 2023 on.
    assert rows["counted_area_m2"].tolist()[:3] == [450, 530, 570]
    assert rows["counted_area_m2"].tolist()[4] == 490
    assert rows.loc[date(2025, 12, 31), "area_per_10k_m2"] == 140
    towns = trend_of_townships(studies).set_index(["township_code", "on"])["counted_area_m2"]
    assert towns[B].tolist() == [0, 0, 100, 100, 100]


def test_each_date_is_the_study_of_that_date(toy: DistrictData, scenario: Scenario) -> None:
    day = date(2022, 12, 31)
    row = trend(studies_on(toy, scenario, [day])).loc[day]
    alone = study(toy, scenario.changed(on=day))
    of_area, of_reach = (
        alone.accessibility_and_equity.inequality[name]
        for name in ("area_per_10k_m2", "accessible_area_per_10k_m2")
    )
    for name in ("gini", "theil", "theil_between", "theil_within"):
        assert row[name] == getattr(of_area, name)
        assert row[f"accessible_{name}"] == getattr(of_reach, name)
    assert row["coverage_rate:hall"] == pytest.approx(
        alone.district_coverage.coverage_of_district.loc["any-hall", "coverage_rate"]
    )


def test_plain_values(toy: DistrictData, scenario: Scenario) -> None:
    record = trend_record(studies_on(toy, scenario))
    assert record["dates"][0] == "2021-12-31"
    assert record["district"][0]["on"] == "2021-12-31"
    assert record["district"][4]["is_lower_bound"] is True
    assert set(record["district"][0]["coverage_rate"]) == {
        "base", "hall", "public_venue", "service_centre",
    }  # fmt: skip
    assert [row["counted_area_m2"] for row in record["townships"][B]] == [0, 0, 100, 100, 100]
