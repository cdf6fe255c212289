from datetime import date, timedelta

import pandas as pd
import pytest

from geo.core.district import DistrictData
from geo.core.vocabulary import Caliber, CountReason, Kind, Scope
from geo.measures.eligible_area import count_area, kinds_on, operating_on, valid_designations

ON = date(2025, 12, 31)


def _count(data: DistrictData, on: date = ON, caliber: str = "B", scope: str = "all"):  # type: ignore[no-untyped-def]
    return count_area(
        data.facilities, data.designations, on=on, caliber=Caliber(caliber), scope=Scope(scope)
    )


def _one(make_toy, make_facility, place, kind="exhibition_hall", **values):  # type: ignore[no-untyped-def]
    row = make_facility("x", kind, place(1, 1), **({"exhibition_area_m2": 100} | values))
    return make_toy([row])


EXPECTED_B = {
    "f01": ("counted", 300), "f02": ("counted", 100), "f03": ("kind_not_counted", 0),
    "f04": ("not_designated", 0), "f05": ("area_unknown", None), "f06": ("kind_not_counted", 0),
    "f07": ("counted", 500), "f08": ("counted", 40), "f09": ("not_operating", 0),
    "f10": ("pending", 0), "f11": ("counted", 70), "f12": ("counted", 50),
    "f13": ("shared_use_not_approved", 0), "f14": ("not_open_to_public", 0),
    "f15": ("kind_not_counted", 0),
}  # fmt: skip


def test_every_facility_says_why(toy: DistrictData) -> None:
    answer = _count(toy)
    for key, (reason, area) in EXPECTED_B.items():
        assert answer.loc[key, "count_reason"] == reason, key
        found = answer.loc[key, "counted_area_m2"]
        assert pd.isna(found) if area is None else found == area, key


def test_caliber_a_takes_museums_of_500_m2_of_building(toy: DistrictData) -> None:
    answer = _count(toy, caliber="A")
    assert answer.loc[["f01", "f02", "f05"], "count_reason"].tolist() == [
        "counted",
        "kind_not_counted",
        "area_unknown",
    ]


@pytest.mark.parametrize(
    ("floor", "reason"),
    [(499.9, "floor_area_too_small"), (500, "counted"), (None, "floor_area_unknown")],
)
def test_the_bound_of_500_m2_is_inside(make_toy, make_facility, place, floor, reason) -> None:  # type: ignore[no-untyped-def]
    data = _one(make_toy, make_facility, place, "science_museum", floor_area_m2=floor)
    assert _count(data, caliber="A")["count_reason"].iloc[0] == reason
    assert _count(data, caliber="B")["count_reason"].iloc[0] == "counted"


def test_caliber_c_adds_the_display_inside_libraries_and_centres(toy: DistrictData) -> None:
    answer = _count(toy, caliber="C")
    assert answer.loc["f03", "counted_area_m2"] == 50
    assert answer.loc["f15", "counted_area_m2"] == 30, "three plaques, one area"
    assert answer.loc["f06", "count_reason"] == "area_unknown"


def test_scope_leaves_out_what_the_district_does_not_run(toy: DistrictData) -> None:
    answer = _count(toy, scope="district_run")
    assert answer.loc["f02", "count_reason"] == "not_district_run"
    assert answer.loc["f08", "count_reason"] == "run_by_unknown"
    assert pd.isna(answer.loc["f08", "counted_area_m2"])
    assert answer.loc["f01", "counted_area_m2"] == 300


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (date(2021, 12, 31), "not_designated"),
        (date(2022, 1, 1), "counted"),
        (date(2024, 12, 31), "counted"),
        (date(2025, 1, 1), "not_designated"),
    ],
)
def test_a_base_counts_while_its_designation_is_valid(
    toy: DistrictData, on: date, reason: str
) -> None:
    assert _count(toy, on=on).loc["f04", "count_reason"] == reason


def test_a_plaque_without_a_kind_stands_for_the_places_own(toy: DistrictData) -> None:
    plaques = toy.designations.copy()
    plaques["kind"] = plaques["kind"].where(plaques["facility_id"] != "f04")
    answer = count_area(
        toy.facilities, plaques, on=date(2023, 1, 1), caliber=Caliber.ASSESSED, scope=Scope.ALL
    )
    assert answer.loc["f04", "count_reason"] == "counted"


def test_a_library_with_a_base_plaque_counts_as_a_base(toy: DistrictData) -> None:
    plaque = toy.designations.iloc[[0]].assign(facility_id="f03")
    answer = count_area(
        toy.facilities, plaque, on=date(2023, 1, 1), caliber=Caliber.ASSESSED, scope=Scope.ALL
    )
    assert answer.loc["f03", "counted_area_m2"] == 50


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"open_to_public": None}, CountReason.OPENNESS_UNKNOWN),
        ({"open_to_public": False}, CountReason.NOT_OPEN_TO_PUBLIC),
        ({"status": "suspended"}, CountReason.NOT_OPERATING),
        ({"status": "planned", "opened_on": "2020-01-01"}, CountReason.NOT_OPERATING),
        ({"status": "under_construction"}, CountReason.NOT_OPERATING),
        ({"status": "closed"}, CountReason.NOT_OPERATING),
        ({"opened_on": "2026-01-01"}, CountReason.NOT_OPEN_YET),
        ({"opened_on": "2025-12-31"}, CountReason.COUNTED),
        ({"closed_on": "2025-12-31"}, CountReason.NOT_OPERATING),
        ({"closed_on": "2026-01-01"}, CountReason.COUNTED),
        ({"status": "closed", "closed_on": "2026-01-01"}, CountReason.COUNTED),
        ({"exhibition_area_m2": None}, CountReason.AREA_UNKNOWN),
        ({"exhibition_area_m2": 0}, CountReason.COUNTED),
        ({"shared_use": True}, CountReason.SHARED_USE_NOT_APPROVED),
        ({"shared_use": True, "shared_use_ratio": 0}, CountReason.COUNTED),
        ({"shared_use": False, "shared_use_ratio": 0.5}, CountReason.COUNTED),
    ],
)
def test_dates_states_and_unknowns(make_toy, make_facility, place, values, reason) -> None:  # type: ignore[no-untyped-def]
    answer = _count(_one(make_toy, make_facility, place, **values)).iloc[0]
    assert answer["count_reason"] == reason
    if values.get("shared_use") is False:
        assert answer["counted_area_m2"] == 100, "a ratio without sharing does nothing"


@pytest.mark.parametrize(
    "kind", ["school", "park", "transport_or_cinema", "science_gallery", "elderly_day_care"]
)
@pytest.mark.parametrize("caliber", ["A", "B", "C"])
def test_what_never_counts(make_toy, make_facility, place, kind: str, caliber: str) -> None:  # type: ignore[no-untyped-def]
    data = _one(make_toy, make_facility, place, kind, floor_area_m2=9_000)
    assert _count(data, caliber=caliber)["count_reason"].iloc[0] == "kind_not_counted"


@pytest.mark.parametrize("kind", list(Kind))
def test_calibers_nest(make_toy, make_facility, place, kind: Kind) -> None:  # type: ignore[no-untyped-def]
    data = _one(make_toy, make_facility, place, kind.value, floor_area_m2=9_000)
    areas = [float(_count(data, caliber=name)["counted_area_m2"].sum()) for name in "ABC"]
    assert areas == sorted(areas)


def test_operating_is_a_half_open_interval(make_toy, make_facility, place) -> None:  # type: ignore[no-untyped-def]
    data = _one(
        make_toy, make_facility, place, status="closed", opened_on="2022-03-01",
        closed_on="2022-03-03",
    )  # fmt: skip
    days = [date(2022, 2, 28) + timedelta(days=n) for n in range(5)]
    found = [bool(operating_on(data.facilities, day).iloc[0]) for day in days]
    assert found == [False, True, True, False, False]


def test_kinds_of_a_place_with_several_plaques(toy: DistrictData) -> None:
    kinds = kinds_on(toy.facilities, toy.designations, ON)
    assert set(kinds.loc[kinds["facility_id"] == "f15", "kind"]) == {
        "party_service_centre",
        "civilization_practice",
        "community_university",
    }
    assert not kinds.duplicated().any()


def test_plaques_of_unknown_places_and_suspended_ones_count_for_nothing(
    toy: DistrictData,
) -> None:
    stray = toy.designations.assign(facility_id="nobody")
    assert set(kinds_on(toy.facilities, stray, ON)["facility_id"]) == set(toy.facilities.index)
    suspended = toy.designations.assign(status="suspended")
    assert valid_designations(suspended, ON).empty


def test_the_input_is_not_changed(toy: DistrictData) -> None:
    before = toy.facilities.copy()
    _count(toy)
    pd.testing.assert_frame_equal(toy.facilities, before)
