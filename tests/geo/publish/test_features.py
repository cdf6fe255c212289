import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely import Point

from geo.core.disclosure import release
from geo.core.district import DistrictData
from geo.core.errors import NotFoundError, QueryError
from geo.core.fields import fields_of
from geo.core.scenario import Scenario
from geo.core.vocabulary import Profile, Settlement, label
from geo.measures.study import Study, study
from geo.publish.features import COLLECTIONS, collection_named, feature_set, with_words
from geo.publish.study_json import study_document


@pytest.fixture
def answer(toy: DistrictData, scenario: Scenario) -> Study:
    return study(toy, scenario)


def _features(answer: Study, name: str) -> dict[str, dict]:  # type: ignore[type-arg]
    found = (json.loads(text) for text in feature_set(answer, name).encoded)
    return {feature["id"]: feature for feature in found}


def test_facilities_carry_what_the_study_said(answer: Study) -> None:
    found = _features(answer, "facilities")
    assert len(found) == 15
    hall = found["f08"]["properties"]
    assert hall["assigned_township_code"] == "430599001"
    assert hall["township_name"] == "城东街道"
    assert hall["agreement"] == "disagree"
    assert (hall["group"], hall["kind_zh"], hall["kind_en"]) == (
        "hall",
        "科普展厅",
        "Science exhibition hall",
    )
    assert found["f13"]["properties"]["count_reason_zh"] == "共用折算未核定"
    assert found["f15"]["properties"]["designations"] == ["新时代文明实践站", "社区科普大学"]
    assert found["f04"]["properties"]["designations"] == [], "its plaque has ended"
    assert found["f09"]["properties"]["open_on_date"] is False
    assert found["f11"]["geometry"] is None


@pytest.mark.parametrize("name", [name for name in COLLECTIONS if name != "sites"])
def test_private_columns_leave_by_no_feature_and_no_document(
    toy: DistrictData, scenario: Scenario, name: str
) -> None:
    told = {
        frame: getattr(toy, frame).assign(source_file="私.xlsx", source_sheet="私", source_row=77)
        for frame in ("facilities", "designations", "townships", "population")
    }
    answer = study(release(replace(toy, **told), Profile.PUBLIC), scenario)
    for feature in _features(answer, name).values():
        assert not {"contact", "source_file", "source_sheet", "source_row"} & set(
            feature["properties"]
        )
    assert "私" not in json.dumps(study_document(answer), ensure_ascii=False)


def test_townships_gaps_and_districts(answer: Study) -> None:
    townships = _features(answer, "townships")
    assert townships["430599001"]["properties"]["area_per_10k_m2"] == 170
    assert townships["430599201"]["properties"]["area_per_10k_m2"] is None
    assert townships["430599001"]["properties"]["quality"] == "schematic"
    for feature in (*townships.values(), *_features(answer, "gaps").values()):
        stamp = feature["properties"]
        assert (stamp["on"], stamp["caliber"], stamp["scope"]) == ("2025-12-31", "B", "all")
        assert stamp["denominator"] == "resident-2020"
        assert stamp["demonstration"] is False
        assert (stamp["surface"], stamp["travel"], stamp["detour_factor"]) == (
            "even",
            "straight_line",
            1.3,
        )
    assert townships["430599001"]["geometry"]["type"] == "MultiPolygon"
    gap = _features(answer, "gaps")["library-430599001"]["properties"]
    assert gap["township_name"] == "城东街道"
    assert gap["population"] == pytest.approx(16_000)
    assert gap["nearest_facility_name"] == "f03 library"
    assert _features(answer, "districts")["430599"]["properties"]["role"] == "district"


def test_a_district_that_reaches_everybody_has_no_gaps(toy, scenario) -> None:  # type: ignore[no-untyped-def]
    answer = study(toy, scenario.changed(standards=[]))
    assert _features(answer, "gaps") == {}


def test_filters_are_checked_against_the_vocabulary() -> None:
    facilities = COLLECTIONS["facilities"]
    assert facilities.wanted({"kind": "library", "group": None}) == {"kind": "library"}
    assert facilities.wanted({"township": "430599001"}) == {"assigned_township_code": "430599001"}
    with pytest.raises(QueryError, match="kind 没有这个值"):
        facilities.wanted({"kind": "subdistrict"})
    assert COLLECTIONS["townships"].wanted({"kind": "subdistrict"}) == {"kind": "subdistrict"}
    with pytest.raises(QueryError, match="不能按 group 筛选"):
        COLLECTIONS["townships"].wanted({"group": "hall"})


def test_an_unknown_collection_names_those_there_are() -> None:
    with pytest.raises(NotFoundError) as caught:
        collection_named("roads")
    assert caught.value.en.endswith("sites, service_areas, districts.")


PROGRAMME = {"kind": "agri_demo_base", "count": 2, "mode": "car", "minutes": 5}
SITING = {"programmes": [PROGRAMME], "candidates": {"grid_m": 2_000}}


def test_features_carry_just_what_the_data_dictionary_says(
    toy: DistrictData, scenario: Scenario
) -> None:
    asked = scenario.changed(siting=SITING)
    for profile in Profile:
        answer = study(release(toy, profile), asked)
        for name in COLLECTIONS:
            found = COLLECTIONS[name].make(answer)
            fields = [column.name for column in fields_of(name, profile)]
            assert set(found.columns) - {"geometry"} == set(fields), (name, profile)
            assert len(set(fields)) == len(fields)


def test_proposed_sites_carry_their_proof(toy: DistrictData, scenario: Scenario) -> None:
    asked = scenario.changed(siting=SITING)
    sites = _features(study(toy, asked), "sites")
    assert len(sites) == 2
    for site in sites.values():
        assert site["properties"]["is_optimal"] is True
        assert site["properties"]["newly_covered"] > 0
        assert site["geometry"]["type"] == "Point"


def test_service_areas_are_circles_where_there_are_no_roads(answer: Study) -> None:
    areas = feature_set(answer, "service_areas")
    found = {json.loads(one)["id"]: json.loads(one)["properties"] for one in areas.encoded}
    # f03, a library in a subdistrict: 1,000 m as a straight line stand for 15 minutes on foot.
    assert (found["f03"]["mode"], found["f03"]["minutes"]) == ("foot", 15)
    shape = shapely.transform(
        areas.geometry[areas.ids["f03"]],
        lambda xy: np.column_stack(
            Transformer.from_crs(4490, 4546, always_xy=True).transform(xy[:, 0], xy[:, 1])
        ),
    )
    assert shape.area == pytest.approx(np.pi * 1_000**2, rel=0.01)
    # 20,000 people on 16 km², spread evenly: a circle of 1 km holds 20,000 / 16 x pi of them.
    assert found["f03"]["population"] == pytest.approx(20_000 / 16 * np.pi, rel=0.03)
    assert "f11" not in found, "without a position there is no area"
    assert "f10" not in found, "what waits for verification serves nobody"


def test_words_stand_behind_their_codes_and_unknown_has_none() -> None:
    frame = gpd.GeoDataFrame(
        {"programme": ["library", None], "programme_zh": ["as it is", None],
         "settlement": ["rural", None], "name": ["settlement", "x"]},
        geometry=[Point(0, 0), None], index=[1, 2], crs="EPSG:4490",
    )  # fmt: skip
    found = with_words("sites", frame)
    assert list(found.columns) == [
        "programme", "programme_zh", "settlement", "settlement_zh", "name", "geometry",
    ]  # fmt: skip
    assert found["programme_zh"].iloc[0] == "as it is", "words of its own stay"
    assert found["settlement_zh"].iloc[0] == label(Settlement.RURAL)
    assert found["settlement_zh"].isna().tolist() == [False, True]
    assert found.crs == frame.crs
    assert "settlement_zh" not in frame, "the frame given is as it was"
