from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.core.errors import NotFoundError, QueryError
from geo.core.schema import DESIGNATIONS, FACILITIES, conform, empty_frame
from geo.core.vocabulary import VILLAGE_POSITION, Caliber, Scope
from geo.measures.eligible_area import count_area, kinds_on
from geo.store.facility_merge import Merged, merge_facilities
from geo.store.replayed_merges import merged_again

HERE, THERE = shapely.Point(111.46, 27.23), shapely.Point(111.47, 27.24)
DAY = pd.Timestamp("2021-02-28")
AREAS = ["exhibition_area_m2", "floor_area_m2", "outdoor_area_m2", "gallery_length_m"]


def places(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    fixed = {"kind": "exhibition_hall", "status": "operating", "verification": "verified"}
    made = [
        {"facility_id": f"F{n}", "demonstration": False, "name": f"馆{n}", "geometry": None}
        | fixed
        | row
        for n, row in enumerate(rows, start=1)
    ]
    frame = pd.DataFrame(made, columns=[*FACILITIES.names, "geometry"])
    for name in ("opened_on", "closed_on", "valid_from"):
        frame[name] = pd.to_datetime(frame[name])
    whole = gpd.GeoDataFrame(frame, geometry="geometry", crs=4490)
    return conform(whole, FACILITIES).set_index("facility_id")


def plaques(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{"demonstration": False} | row for row in rows])
    return conform(frame.reindex(columns=list(DESIGNATIONS.names)), DESIGNATIONS)


NONE = empty_frame(DESIGNATIONS)


def cell(merged: Merged, name: str) -> Any:
    value = merged.facilities.loc["F1", name]
    return None if value is None or pd.isna(value) else value


def codes(merged: Merged) -> list[str]:
    return [note.code for note in merged.told]


@pytest.mark.parametrize(
    ("keep", "other", "expected", "told"),
    [
        ({"exhibition_area_m2": None}, {"exhibition_area_m2": 80.0}, 80.0, "merge_taken"),
        ({"exhibition_area_m2": 60.0}, {"exhibition_area_m2": 80.0}, 60.0, "merge_differs"),
        ({"exhibition_area_m2": 0.0}, {"exhibition_area_m2": 80.0}, 0.0, "merge_differs"),
        ({"exhibition_area_m2": 60.0}, {"exhibition_area_m2": None}, 60.0, None),
        ({"exhibition_area_m2": 60.0}, {"exhibition_area_m2": 60.0}, 60.0, None),
        ({"open_to_public": None}, {"open_to_public": False}, False, "merge_taken"),
        ({"open_to_public": True}, {"open_to_public": False}, True, "merge_differs"),
        ({"address": None}, {"address": "中心路1号"}, "中心路1号", "merge_taken"),
        ({"level": None}, {"level": "county"}, "county", "merge_taken"),
        ({"opened_on": None}, {"opened_on": "2021-02-28"}, DAY, "merge_taken"),
        ({"department": "科协"}, {"department": "科工局"}, "科协", "merge_differs"),
        ({"geometry": None}, {"geometry": HERE}, HERE, "merge_taken"),
        ({"geometry": HERE}, {"geometry": THERE}, HERE, "merge_differs"),
        ({"geometry": HERE}, {"geometry": None}, HERE, None),
    ],
)  # fmt: skip
def test_empty_cells_are_filled_and_others_stay(
    keep: dict[str, Any], other: dict[str, Any], expected: Any, told: str | None
) -> None:
    (name,) = keep
    same = {"name": "馆"}
    merged = merge_facilities(places(same | keep, same | other), NONE, "F1", ["F2"])
    assert cell(merged, name) == expected
    assert merged.facilities.index.tolist() == ["F1"]
    assert codes(merged) == ([] if told is None else [told])


def test_what_is_told_names_column_rows_and_values() -> None:
    frame = places(
        {"name": "馆", "exhibition_area_m2": 60.0}, {"name": "馆", "exhibition_area_m2": 80.5}
    )
    (note,) = merge_facilities(frame, NONE, "F1", ["F2"]).told
    assert note.zh == "展厅面积：「F1」为 60，「F2」为 80.5；保留前者，请核对。"
    assert "'F1' has 60, 'F2' has 80.5" in note.en


def test_the_first_of_several_that_knows_it_fills_a_cell() -> None:
    frame = places({}, {}, {"floor_area_m2": 300.0}, {"floor_area_m2": 900.0})
    merged = merge_facilities(frame, NONE, "F1", ["F2", "F3", "F4", "F3"])
    assert cell(merged, "floor_area_m2") == 300
    assert merged.facilities.index.tolist() == ["F1"]


def test_a_position_comes_with_its_source_and_a_source_never_alone() -> None:
    found = {"geometry": THERE, "position_source": "GPS"}
    assert cell(merge_facilities(places({}, found), NONE, "F1", ["F2"]), "position_source") == "GPS"
    own = places({"geometry": HERE}, found)
    assert cell(merge_facilities(own, NONE, "F1", ["F2"]), "position_source") is None


def test_the_middle_of_a_village_gives_way_to_a_position() -> None:
    about = {"name": "馆", "geometry": HERE, "position_source": VILLAGE_POSITION}
    found = {"name": "馆", "geometry": THERE, "position_source": "GPS"}
    merged = merge_facilities(places(about, found), NONE, "F1", ["F2"])
    assert merged.facilities.geometry["F1"] == THERE
    assert cell(merged, "position_source") == "GPS"
    assert codes(merged) == ["merge_taken"]
    kept = merge_facilities(places(found, about), NONE, "F1", ["F2"])
    assert kept.facilities.geometry["F1"] == THERE
    assert cell(kept, "position_source") == "GPS"
    assert codes(kept) == []
    other = about | {"geometry": THERE}
    assert codes(merge_facilities(places(about, other), NONE, "F1", ["F2"])) == ["merge_differs"]
    assert codes(merge_facilities(places({"name": "馆"}, about), NONE, "F1", ["F2"])) == [
        "merge_taken"
    ]


def test_a_ratio_comes_with_its_area() -> None:
    """80 m² at a half count 40; with the flag left behind they would count 80."""
    frame = places(
        {"shared_use": False},
        {"exhibition_area_m2": 80.0, "shared_use": True, "shared_use_ratio": 0.5},
    )
    merged = merge_facilities(frame, NONE, "F1", ["F2"])
    assert [cell(merged, n) for n in ("exhibition_area_m2", "shared_use", "shared_use_ratio")] == [
        80,
        True,
        0.5,
    ]


@pytest.mark.parametrize(
    ("keep", "other", "name", "expected"),
    [
        ({}, {"status": "closed", "closed_on": "2023-05-01"}, "closed_on", None),
        ({"status": "closed"}, {"status": "closed", "closed_on": "2023-05-01"}, "closed_on",
         pd.Timestamp("2023-05-01")),
        ({"township_code": "430503001"}, {"village_code": "430503002001"}, "village_code", None),
        ({"township_code": "430503001"}, {"village_code": "430503001001"}, "village_code",
         "430503001001"),
    ],
)  # fmt: skip
def test_a_cell_that_contradicts_its_row_is_told_and_not_filled(
    keep: dict[str, Any], other: dict[str, Any], name: str, expected: Any
) -> None:
    merged = merge_facilities(places(keep, other), NONE, "F1", ["F2"])
    assert cell(merged, name) == expected
    column = FACILITIES[name].zh
    assert any(note.zh.startswith(f"{column}：") for note in merged.told)


def test_an_area_that_nobody_checked_makes_the_place_pending() -> None:
    unchecked = {"exhibition_area_m2": 80.0, "verification": "pending"}
    merged = merge_facilities(places({}, unchecked), NONE, "F1", ["F2"])
    assert cell(merged, "verification") == "pending"
    assert codes(merged)[-1] == "merge_pending"
    own = merge_facilities(places({"exhibition_area_m2": 9.0}, unchecked), NONE, "F1", ["F2"])
    assert cell(own, "verification") == "verified", "its own area was checked"


def test_plaques_move_and_repeats_hang_once() -> None:
    base = {"title": "科普教育基地", "level": "county", "valid_from": pd.Timestamp("2021-01-01")}
    hung = plaques(
        {"facility_id": "F2", "source_row": 3} | base,
        {"facility_id": "F2", "title": "社区科普大学"},
        {"facility_id": "F1", "source_row": 9} | base,
        {"facility_id": "F3", "title": "别处"},
        {"facility_id": "F3", "title": "别处"},
    )
    merged = merge_facilities(places({}, {}, {}), hung, "F1", ["F2"])
    assert merged.designations[["facility_id", "title"]].to_numpy().tolist() == [
        ["F1", "科普教育基地"],
        ["F3", "别处"],
        ["F3", "别处"],
        ["F1", "社区科普大学"],
    ]
    assert merged.designations["source_row"].iloc[0] == 9, "its own stays"


def test_a_row_becomes_a_plaque_with_what_it_says_of_itself() -> None:
    frame = places(
        {"name": "党群服务中心", "kind": "party_service_centre"},
        {
            "name": "社区科普大学", "kind": "community_university", "level": "municipal",
            "status": "closed", "opened_on": "2021-03-01", "closed_on": "2024-06-30",
            "valid_from": "2022-01-01", "source_file": "表.xlsx", "source_row": 7,
        },
        {"name": "儿童之家", "kind": "childrens_home", "valid_from": "2023-01-01"},
    )  # fmt: skip
    merged = merge_facilities(frame, NONE, "F1", ["F2", "F3"], as_plaques=True)
    first, second = merged.designations.to_dict("records")
    for name, value in {
        "facility_id": "F1", "title": "社区科普大学", "kind": "community_university",
        "level": "municipal", "status": "closed", "valid_from": pd.Timestamp("2021-03-01"),
        "valid_to": pd.Timestamp("2024-06-30"), "demonstration": False,
        "source_file": "表.xlsx", "source_row": 7,
    }.items():  # fmt: skip
        assert first[name] == value, name
    assert (second["title"], second["valid_from"]) == ("儿童之家", pd.Timestamp("2023-01-01"))
    assert pd.isna(second["level"])
    place = merged.facilities.loc["F1"]
    assert place["status"] == "operating"
    assert place[["level", "opened_on", "closed_on", "valid_from"]].isna().all()
    assert codes(merged) == ["merge_plaque_made", "merge_plaque_made"]
    kinds = kinds_on(merged.facilities, merged.designations, date(2025, 12, 31))
    assert kinds["kind"].tolist() == ["party_service_centre", "childrens_home"]


def test_areas_of_plaques_are_not_summed() -> None:
    frame = places(
        {"exhibition_area_m2": None, "floor_area_m2": 500.0},
        {"exhibition_area_m2": 80.0, "floor_area_m2": 500.0},
        {"exhibition_area_m2": 80.0},
    )
    merged = merge_facilities(frame, NONE, "F1", ["F2", "F3"], as_plaques=True)
    assert (cell(merged, "exhibition_area_m2"), cell(merged, "floor_area_m2")) == (80, 500)
    assert "merge_taken" in codes(merged)


@pytest.mark.parametrize(
    ("keep", "others", "error", "word"),
    [
        ("F9", ["F1"], NotFoundError, "F9"),
        ("F1", ["F2", "F9"], NotFoundError, "F9"),
        ("F1", ["F2", "F1"], QueryError, "自己"),
        ("F1", [], QueryError, "编号"),
        ("F1", ["F3"], QueryError, "演示数据"),
        ("F3", ["F1"], QueryError, "演示数据"),
        ("F1", ["F4"], QueryError, "待核"),
        ("F4", ["F1"], QueryError, "待核"),
        ("x" * 10_000, ["F1"], NotFoundError, "x"),
    ],
)
def test_what_cannot_be_one_says_why(
    keep: str, others: list[str], error: type[Exception], word: str
) -> None:
    frame = places({}, {}, {"demonstration": True}, {"verification": "pending"})
    with pytest.raises(error, match=word) as caught:
        merge_facilities(frame, NONE, keep, others, as_plaques=True)
    assert len(str(caught.value)) < 200


# Invariants

_AREA = st.none() | st.sampled_from([0.0, 10.0, 80.0, 650.0])


def _row(unknown: bool) -> st.SearchStrategy[dict[str, Any]]:
    maybe = st.none() | st.booleans() if unknown else st.just(True)
    return st.fixed_dictionaries(
        {
            **dict.fromkeys(AREAS, _AREA),
            "open_to_public": maybe,
            "district_run": maybe,
            "shared_use": maybe if unknown else st.none(),
            "shared_use_ratio": st.sampled_from([None, 0.5, 1.0]) if unknown else st.none(),
            "kind": st.sampled_from(["library", "science_base", "exhibition_hall"])
            if unknown
            else st.sampled_from(["exhibition_hall", "thematic_museum"]),
            "status": st.sampled_from(["operating", "closed", "planned"])
            if unknown
            else st.just("operating"),
            "level": st.sampled_from([None, "county"]),
            "geometry": st.sampled_from([None, HERE, THERE]),
        }
    )


def _rows(*, unknown: bool) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(_row(unknown), min_size=2, max_size=5)


@given(rows=_rows(unknown=True), as_plaques=st.booleans())
def test_no_area_grows_and_what_is_given_stays(
    rows: list[dict[str, Any]], as_plaques: bool
) -> None:
    frame = places(*rows)
    hung = plaques(*({"facility_id": key, "title": "牌"} for key in frame.index))
    before, hung_before = frame.copy(), hung.copy()
    others = frame.index[1:-1].tolist() or ["F2"]
    merged = merge_facilities(frame, hung, "F1", others, as_plaques=as_plaques)
    assert (merged.facilities[AREAS].sum() <= frame[AREAS].sum()).all()
    stay = frame.index.drop(["F1", *others])
    assert_geodataframe_equal(merged.facilities.loc[stay], frame.loc[stay])
    assert set(merged.designations["facility_id"]) == {"F1", *stay}
    for name in AREAS:
        known = frame.loc[["F1", *others], name].dropna()
        assert cell(merged, name) == (None if known.empty else known.iloc[0])
    assert_geodataframe_equal(frame, before)
    assert_frame_equal(hung, hung_before)


@given(rows=_rows(unknown=False))
def test_the_counted_area_of_places_that_count_never_grows(rows: list[dict[str, Any]]) -> None:
    """Where each row counts as it is: a plaque's kind and a filled cell may else admit a place."""
    frame = places(*rows)
    merged = merge_facilities(frame, NONE, "F1", frame.index[1:].tolist(), as_plaques=True)
    for caliber in (Caliber.ASSESSED, Caliber.BROAD):
        before, after = (
            count_area(*each, on=date(2025, 12, 31), caliber=caliber, scope=Scope.DISTRICT_RUN)
            for each in ((frame, NONE), (merged.facilities, merged.designations))
        )
        assert np.nansum(after["counted_area_m2"]) <= np.nansum(before["counted_area_m2"])


# The same rows once more


def remembered(*rows: tuple[str, str, bool]) -> pd.DataFrame:
    made = [(7, *row) for row in rows]
    return pd.DataFrame(made, columns=["load_id", "keep_id", "other_id", "as_plaque"])


@given(rows=_rows(unknown=True), as_plaques=st.booleans())
def test_rows_that_come_again_are_merged_as_they_were(
    rows: list[dict[str, Any]], as_plaques: bool
) -> None:
    frame = places(*rows)
    others = frame.index[1:-1].tolist() or ["F2"]
    merged = merge_facilities(frame, NONE, "F1", others, as_plaques=as_plaques)
    known = remembered(*(("F1", other, as_plaques) for other in others))
    again = merged_again(frame, NONE, known, ())
    assert_geodataframe_equal(again.facilities, merged.facilities)
    assert_frame_equal(again.designations, merged.designations)
    told = [warnings.note.code for warnings in again.warnings]
    assert told.count("merge_applied") == len(others)


@pytest.mark.parametrize(
    ("rows", "staying", "left", "code", "row"),
    [
        ([{}, {"source_row": 5}], (), ["F1"], "merge_applied", 5),
        ([{"facility_id": "F3"}, {"source_row": 5}], ("F1",), ["F3"], "merge_row_left_out", 5),
        ([{"facility_id": "F3"}, {"source_row": 5}], (), ["F3", "F2"], "merge_not_applied", 5),
        ([{}, {"demonstration": True}], ("F1",), ["F1", "F2"], "merge_not_applied", None),
    ],
)
def test_a_row_that_comes_again_is_told(
    rows: list[dict[str, Any]], staying: tuple[str, ...], left: list[str], code: str, row: Any
) -> None:
    frame = places(*rows).assign(source_file="台账.xlsx")
    hung = plaques({"facility_id": "F2", "title": "牌"})
    found = merged_again(frame, hung, remembered(("F1", "F2", False)), staying)
    assert found.facilities.index.tolist() == left
    warnings = found.warnings[0]
    assert (warnings.note.code, warnings.place.file, warnings.place.row) == (code, "台账.xlsx", row)
    assert "7" in warnings.note.zh
    expected = {"merge_applied": ["F1"], "merge_row_left_out": [], "merge_not_applied": ["F2"]}
    assert found.designations["facility_id"].tolist() == expected[code]


def test_a_file_without_them_is_left_alone() -> None:
    frame = places({})
    found = merged_again(frame, NONE, remembered(("F1", "F2", False)), ())
    assert found.facilities is frame
    assert found.warnings == ()
