"""Places without a position: told of, with the middle of their village as a proposal."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.scenario import Scenario
from geo.core.schema import VILLAGES, conform
from geo.core.vocabulary import VILLAGE_POSITION
from geo.measures.quality import quality_document
from geo.measures.study import study

NOTHING = pd.DataFrame(columns=["source_file", "source_sheet", "source_row", "reasons"])


def _missing(data: DistrictData, scenario: Scenario) -> dict[str, str]:
    rows = quality_document(study(data, scenario), NOTHING)["doubtful"]
    return {row["facility_id"]: row["zh"] for row in rows if row["code"] == "position_missing"}


def test_a_place_without_a_position_is_told_of(toy: DistrictData, scenario: Scenario) -> None:
    assert list(_missing(toy, scenario)) == ["f11"]


def test_the_middle_of_its_village_is_proposed_and_never_used(
    make_toy,
    make_facility,
    place,
    scenario: Scenario,  # type: ignore[no-untyped-def]
) -> None:
    data = make_toy([make_facility("h", "library", None, village_code="430599001001")])
    told = {"village_code": "430599001001", "township_code": "430599001", "name_zh": "甲社区",
            "kind": "community", "source_id": "toy-map"}  # fmt: skip
    middle = gpd.GeoSeries([place(1, 1)], crs="EPSG:4546").to_crs(STORAGE_CRS)
    villages = conform(gpd.GeoDataFrame([told], geometry=middle), VILLAGES)
    known = replace(data, villages=villages.set_index("village_code"))
    assert "甲社区中心约在 111.0101, 27.2109" in _missing(known, scenario)["h"]
    assert study(known, scenario).facilities.geometry["h"] is None
    assert "补经纬度" in _missing(data, scenario)["h"]


def test_a_position_that_is_the_middle_of_a_village_is_told_of(
    make_toy,
    make_facility,
    place,
    scenario: Scenario,  # type: ignore[no-untyped-def]
) -> None:
    about = make_facility("h", "library", place(1, 1), position_source=VILLAGE_POSITION)
    measured = make_facility("g", "library", place(1, 1), position_source="GPS")
    data = make_toy([about, measured])
    rows = quality_document(study(data, scenario), NOTHING)["doubtful"]
    told = {row["facility_id"]: row for row in rows if row["code"] == "position_of_village"}
    assert list(told) == ["h"]
    assert "只是约数" in told["h"]["zh"]
    assert "approximate" in told["h"]["en"]
