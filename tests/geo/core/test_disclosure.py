"""What each profile carries, and that nothing else can be told from what it gives."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geo.core.disclosure import REDACTED, columns_left_out, left_out, release, without_phones
from geo.core.district import DistrictData
from geo.core.errors import NotFoundError
from geo.core.json_values import Record
from geo.core.scenario import Scenario
from geo.core.schema import FACILITIES
from geo.core.vocabulary import Mode, Profile
from geo.measures.quality import quality_document
from geo.measures.study import study
from geo.publish.features import COLLECTIONS, feature_set
from geo.publish.service_area import service_area_of
from geo.publish.study_json import study_document

SECRET, PHONE = "天机不可泄露", "13812345678"


@pytest.fixture
def guarded(make_toy, make_facility, place) -> DistrictData:  # type: ignore[no-untyped-def]
    """A district of one open library, one home for children and one hall that nobody checked."""
    return make_toy(
        [
            make_facility("open", "library", place(1.2345, 1.2345), exhibition_area_m2=50,
                          name=f"书苑 {PHONE}", address="宝庆路1号", contact=SECRET, note=SECRET,
                          township_code="430599001"),
            make_facility("home", "childrens_home", place(2.2345, 1.2345), name="儿童之家",
                          address=SECRET, township_code="430599001"),
            make_facility("hidden", "exhibition_hall", place(1, 2), exhibition_area_m2=999,
                          name=SECRET, verification="pending", township_code="430599001"),
        ]
    )  # fmt: skip


def _everything(data: DistrictData, scenario: Scenario) -> str:
    answer = study(data, scenario)
    told: list[object] = [study_document(answer)]
    for name in [name for name in COLLECTIONS if name != "sites"]:
        told += [orjson.loads(one) for one in feature_set(answer, name).encoded]
    return orjson.dumps(told).decode()


def _facilities(data: DistrictData, scenario: Scenario) -> dict[str, Record]:
    encoded = feature_set(study(data, scenario), "facilities").encoded
    return {row["id"]: row for row in map(orjson.loads, encoded)}


def test_the_public_is_told_nothing_of_what_is_left_out(
    guarded: DistrictData, scenario: Scenario
) -> None:
    told = _everything(release(guarded, Profile.PUBLIC), scenario)
    assert SECRET not in told
    assert PHONE not in told
    assert "hidden" not in told
    assert REDACTED in told
    assert SECRET in _everything(guarded, scenario)


def test_a_row_that_is_left_out_changes_no_figure_and_no_count(
    guarded: DistrictData, scenario: Scenario
) -> None:
    without = replace(guarded, facilities=guarded.facilities.drop(index="hidden"))
    released = [release(data, Profile.PUBLIC) for data in (guarded, without)]
    assert _everything(released[0], scenario) == _everything(released[1], scenario)


def test_figures_are_the_same_for_everybody(toy: DistrictData, scenario: Scenario) -> None:
    """But for what is said of the rows themselves that are not verified."""
    whole, public = (
        study_document(study(release(toy, profile), scenario))
        for profile in (Profile.INTERNAL, Profile.PUBLIC)
    )
    figures = "counted_area_m2", "area_per_10k_m2", "area_gap_m2", "is_lower_bound", "coverage"
    assert [whole["district"][name] for name in figures] == [
        public["district"][name] for name in figures
    ]
    assert (whole["district"]["pending_count"], public["district"]["pending_count"]) == (1, None)
    assert [row["pending_count"] for row in public["townships"]] == [None] * 4
    for name in ("gaps", "accessibility", "inequality", "schools", "villages"):
        assert whole[name] == public[name]


def test_other_agencies_get_rows_and_addresses_and_no_contact(
    guarded: DistrictData, scenario: Scenario
) -> None:
    rows = _facilities(release(guarded, Profile.INTER_AGENCY), scenario)
    assert rows["hidden"]["properties"]["verification"] == "pending"
    assert rows["home"]["properties"]["address"] == SECRET
    assert rows["open"]["properties"]["name"] == f"书苑 {PHONE}"
    assert not {"contact", "note", "source_file"} & set(rows["open"]["properties"])


def test_the_office_keeps_everything(guarded: DistrictData, scenario: Scenario) -> None:
    kept = _facilities(release(guarded, Profile.INTERNAL), scenario)["open"]["properties"]
    assert kept["contact"] == kept["note"] == SECRET
    assert set(FACILITIES.names) <= set(kept) | {"facility_id"}


def test_positions_are_as_near_as_the_profile_says(
    guarded: DistrictData, scenario: Scenario
) -> None:
    exact = guarded.facilities.geometry
    rows = _facilities(release(guarded, Profile.PUBLIC), scenario)
    for key, decimals in (("open", 4), ("home", 2)):
        shown = rows[key]["geometry"]["coordinates"]
        assert shown == [round(exact[key].x, decimals), round(exact[key].y, decimals)]
        assert rows[key]["properties"]["position_decimals"] == decimals
    coarse = _facilities(release(guarded, Profile.PUBLIC, decimals=1), scenario)
    assert coarse["home"]["properties"]["position_decimals"] == 1
    between = _facilities(release(guarded, Profile.INTER_AGENCY), scenario)["home"]
    assert Point(between["geometry"]["coordinates"]).distance(exact["home"]) < 1e-7


def test_a_service_area_starts_where_the_place_is_shown(
    guarded: DistrictData, scenario: Scenario
) -> None:
    public = study(release(guarded, Profile.PUBLIC), scenario)
    area = service_area_of(public, "home", Mode.FOOT, 15).to_crs(guarded.measuring_crs)
    at = guarded.facilities.geometry.to_crs(guarded.measuring_crs)["home"]
    assert area.geometry.iloc[0].centroid.distance(at) > 100
    with pytest.raises(NotFoundError):
        service_area_of(public, "hidden", Mode.FOOT, 15)


def test_reasons_of_rows_held_back_quote_no_cell(guarded: DistrictData, scenario: Scenario) -> None:
    reason = {"code": "area_unreadable", "zh": f"「{SECRET}」", "en": SECRET, "column": "展厅面积",
              "proposal": SECRET, "confidence": 0.5}  # fmt: skip
    held = pd.DataFrame(
        [{"source_file": "台账.xlsx", "source_sheet": "一", "source_row": 7,
          "reasons": orjson.dumps([reason]).decode()}]
    )  # fmt: skip
    public = study(release(guarded, Profile.PUBLIC), scenario)
    document = quality_document(public, held)
    assert SECRET not in orjson.dumps(document).decode()
    assert document["held_back"][0]["source_row"] == 7
    assert document["held_back"][0]["reasons"][0]["column"] == "展厅面积"
    assert SECRET in orjson.dumps(quality_document(study(guarded, scenario), held)).decode()


def test_what_is_left_out_is_told_by_rule_and_never_by_number() -> None:
    told = left_out(Profile.PUBLIC)
    assert told["columns"] == columns_left_out(FACILITIES, Profile.PUBLIC)
    assert len(told["rules"]) == 3
    assert left_out(Profile.INTER_AGENCY)["rules"] == []
    assert "contact" in left_out(Profile.INTER_AGENCY)["columns"]


@pytest.mark.parametrize(
    "text",
    ["13812345678", "138-1234-5678", "138 1234 5678", "+86 13812345678", "8613812345678",
     "0739-5631234", "（0739）5631234", "０７３９－５６３１２３４", "１３８１２３４５６７８",
     "400-123-4567", "电话:07395631234转801"],
)  # fmt: skip
def test_telephone_numbers_are_found(text: str) -> None:
    told = without_phones(f"联系 {text} 张")
    assert REDACTED in told
    assert not any(run in told for run in ("5631234", "12345678", "1234567", "5678"))


@pytest.mark.parametrize(
    "text",
    [
        "430503001001",
        "D0118",
        "大政办发〔2022〕12号",
        "2022-12-31",
        "宝庆路138号",
        "300平方米",
        "第１３期",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert without_phones(text) == text


@given(st.text(max_size=60))
def test_a_text_without_digits_is_left_as_it_is(text: str) -> None:
    plain = "".join(char for char in text if not char.isdigit())
    assert without_phones(plain) == plain
