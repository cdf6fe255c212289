"""How large, on the toy district: 35,000 residents need 560 m², 490 count."""

from __future__ import annotations

import pytest

from geo.core.district import DistrictData
from geo.core.errors import SitingError
from geo.core.scenario import Scenario
from geo.core.siting_options import AllotmentChoice
from geo.measures.study import Study, study
from geo.publish.study_json.allotment import allotment_record
from geo.siting.allotment import allotment_plan

B, C = "430599002", "430599101"


@pytest.fixture
def answer(toy: DistrictData, scenario: Scenario) -> Study:
    return study(toy, scenario)


def test_the_district_needs_what_its_gap_is(answer: Study) -> None:
    found = allotment_plan(answer, AllotmentChoice())
    assert found.allotment.total_added_m2 == pytest.approx(70)
    assert found.allotment.total_added_m2 == pytest.approx(answer.district.area_gap_m2)
    assert found.allotment.district_area_per_10k_m2 == pytest.approx(160)
    assert found.allotment.is_optimal


def test_each_township_by_hand(answer: Study) -> None:
    # A has 340 of 320; B 100 of 160; C 50 of 80; D has nobody.
    found = allotment_plan(answer, AllotmentChoice(scope="township"))
    added = found.places.groupby("township_code")["added_area_m2"].sum()
    assert added[added > 0].round(6).to_dict() == {B: 60, C: 30}
    assert found.allotment.total_added_m2 == pytest.approx(90)
    assert (found.places["added_area_m2"] >= 0).all()


def test_a_new_place_has_its_least_size_and_an_unknown_one_is_not_enlarged(answer: Study) -> None:
    choice = AllotmentChoice(scope="township", existing_max_added_m2=0, new_min_m2=75)
    found = allotment_plan(answer, choice)
    added = found.places[found.places["added_area_m2"] > 0]["added_area_m2"]
    assert added.round(6).to_dict() == {f"new-{B}-1": 75, f"new-{C}-1": 75}
    unknown = found.places[found.places["present_area_m2"].isna()]
    assert len(unknown) > 0
    roomy = allotment_plan(answer, AllotmentChoice(new_count_per_township=0)).places
    assert (roomy.loc[unknown.index, "added_area_m2"] == 0).all()


def test_a_budget_that_does_not_suffice_leaves_the_least_missing(answer: Study) -> None:
    found = allotment_plan(answer, AllotmentChoice(area_budget_m2=50)).allotment
    assert not found.reaches_target
    assert found.total_added_m2 == pytest.approx(50)
    assert found.objective == pytest.approx(20)


def test_money_is_spared_where_it_is_asked(answer: Study) -> None:
    choice = AllotmentChoice(least="money", cost_per_m2=0.5, new_fixed_cost=100)
    found = allotment_plan(answer, choice).allotment
    assert found.cost == pytest.approx(35)


def test_no_room_is_named(answer: Study) -> None:
    choice = AllotmentChoice(scope="township", existing_max_added_m2=0, new_count_per_township=0)
    with pytest.raises(SitingError, match=r"城南街道|430599002"):
        allotment_plan(answer, choice)


def test_choices_that_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="new_min_m2"):
        AllotmentChoice(new_min_m2=300, new_max_m2=200)
    with pytest.raises(ValueError, match="cost_per_m2"):
        AllotmentChoice(least="money")


def test_as_plain_values(answer: Study) -> None:
    record = allotment_record(answer, allotment_plan(answer))
    assert record["total_added_m2"] == 70
    assert record["area_per_10k_m2"] == 160
    assert record["is_lower_bound"] is True
    assert sum(row["added_area_m2"] for row in record["places"]) == pytest.approx(70)
    assert sum(row["added_area_m2"] for row in record["townships"]) == pytest.approx(70)
    assert record["townships"][3]["area_per_10k_m2"] is None
