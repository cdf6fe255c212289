import json
from dataclasses import replace

import pytest

from geo.district import DistrictData
from geo.document import study_document
from geo.errors import NotFoundError, QueryError
from geo.features import COLLECTIONS, collection_named, feature_set
from geo.release import release
from geo.scenario import Scenario
from geo.study import Study, study
from geo.terms import Profile


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


@pytest.mark.parametrize("name", COLLECTIONS)
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
        collection_named("villages")
    assert caught.value.en.endswith("facilities, townships, gaps, districts.")
