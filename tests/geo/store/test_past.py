"""What every store promises of the past: versions, changes, quarantine, undo."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.core.district import DistrictData
from geo.core.errors import BadValueError, DuplicateError, NotFoundError, UndoError
from geo.core.quarantine import HoldReason, QuarantinedRow
from geo.core.schema import DESIGNATIONS, POPULATION, SOURCES
from geo.store import LoadRecord, Store
from geo.store.history import compare_ledgers

START = datetime(2025, 3, 1, 8, tzinfo=UTC)
REASON = HoldReason("bad_number", "不是数字。", "Not a number.", "展厅面积", "200", 0.8)


def load(day: int, file: str = "台账.xlsx", what: Any = "facilities", who: str = "") -> LoadRecord:
    return LoadRecord(START + timedelta(days=day), file, f"{day:064x}", what, 3, who)


def later(day: int) -> datetime:
    return START + timedelta(days=day, hours=1)


def same_district(left: DistrictData, right: DistrictData) -> None:
    for name in (field.name for field in fields(DistrictData)):
        if name not in {
            "version",
            "state",
            "approval_number",
            "profile",
            "position_decimals",
        }:
            frames = getattr(left, name), getattr(right, name)
            if frames[0] is None:
                assert frames[1] is None
                continue
            is_geo = isinstance(frames[0], gpd.GeoDataFrame)
            (assert_geodataframe_equal if is_geo else assert_frame_equal)(*frames)


def bad_row(row: int, facility_id: str | None = None, file: str = "台账.xlsx") -> QuarantinedRow:
    cells = {"名称": "'; DROP TABLE quarantine; --", "展厅面积": "约两百"}
    return QuarantinedRow(file, "设施", row, cells, (REASON,), facility_id)


@pytest.fixture
def ledger(store: Store, make: Any) -> gpd.GeoDataFrame:
    """Return the ledger of a store that holds the toy district since day 0: s0-0 to s0-9."""
    district = make.district(10)
    store.replace_district(district, load(0, "演示.xlsx", "district"))
    return district.facilities


def edited(ledger: gpd.GeoDataFrame, facility_id: str, **values: Any) -> gpd.GeoDataFrame:
    made = ledger.copy()
    for name, value in values.items():
        made.loc[facility_id, name] = value
    return made


# The past


def test_each_past_state_comes_back(store: Store, make: Any, ledger: gpd.GeoDataFrame) -> None:
    states = [store.read_district()]
    writes: list[Callable[[], Any]] = [
        lambda: store.load_facilities(ledger.iloc[::-1], make.designations(2), load(1)),
        lambda: store.load_population(
            make.population("resident", 2020, 7, "new"),
            make.sources("new"),
            load(2, "人口.xlsx", "population"),
        ),
        lambda: store.replace_boundaries(
            *make.boundaries("map2"), None, make.sources("map2"), load(3, "界.json", "boundaries")
        ),
        lambda: store.load_facilities(ledger.iloc[:3], make.designations(0), load(4)),
        lambda: store.undo(5, "王芳", later(5)),
    ]
    for write in writes:
        write()
        states.append(store.read_district())
    for day, state in enumerate(states):
        same_district(store.read_district(later(day)), state)
        same_district(store.read_district(day + 1), state)
    assert store.imports().index.tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("at", [START - timedelta(seconds=1), 0, 2, -1])
@pytest.mark.usefixtures("ledger")
def test_before_the_history_and_beyond_it_there_is_nothing(store: Store, at: Any) -> None:
    with pytest.raises(NotFoundError, match="历史"):
        store.read_district(at)


def test_a_new_store_has_no_past(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.read_district(later(0))
    with pytest.raises(NotFoundError):
        store.changes(1)
    assert store.imports().empty
    assert store.quarantine().empty
    assert store.quarantine()["source_row"].dtype == "Int64"


@pytest.mark.usefixtures("ledger")
def test_a_moment_needs_a_time_zone(store: Store) -> None:
    with pytest.raises(ValueError, match="time zone"):
        store.read_district(datetime(2025, 3, 1))  # noqa: DTZ001


def test_the_versions_of_a_record(store: Store, make: Any, ledger: gpd.GeoDataFrame) -> None:
    moved = ledger.set_geometry(gpd.GeoSeries([shapely.Point(1, 2)] * 10, ledger.index, crs=4490))
    second = edited(moved, "s0-1", exhibition_area_m2=500.0, source_row=9)
    store.load_facilities(second, None, load(1, "二.xlsx", who="王芳"))
    store.load_facilities(second.drop("s0-1"), None, load(2, who="李雷"))
    found = store.history("s0-1")
    assert found["from_load"].tolist() == [1, 2]
    assert found["to_load"].tolist() == [2, 3]
    assert found["who"].tolist() == ["", "王芳"]
    assert found["file_name"].tolist() == ["演示.xlsx", "二.xlsx"]
    assert found["exhibition_area_m2"].tolist() == [ledger.loc["s0-1", "exhibition_area_m2"], 500]
    assert found["source_row"].tolist() == [3, 9]
    assert found["to"].tolist() == [pd.Timestamp(START + timedelta(days=day)) for day in (1, 2)]
    assert found.geometry.iloc[1] == shapely.Point(1, 2)
    present = store.history("s0-2")["to_load"]
    assert present.isna().tolist() == [False, False, True]  # its row moved up when s0-1 went
    assert store.history("s0-1", DESIGNATIONS)["title"].tolist() == ["科普教育基地（第0批）"]
    assert len(store.history("430599001", POPULATION)) == 1
    assert len(store.history("map", SOURCES)) == 1
    with pytest.raises(NotFoundError, match="nobody"):
        store.history("nobody")


# Loading a ledger


def test_the_same_file_again_changes_nothing(
    store: Store, make: Any, ledger: gpd.GeoDataFrame
) -> None:
    plaques, waiting = make.designations(3), [bad_row(7), bad_row(8, "x")]
    store.load_facilities(ledger, plaques, load(1), quarantine=waiting)
    before, version, quarantine = store.read_district(), store.version(), store.quarantine()
    versions = len(store.history("s0-1"))
    changes = store.load_facilities(ledger, plaques, load(2), quarantine=waiting)
    assert changes.nothing
    assert changes.counts == (0, 0, 0, 10)
    assert store.version() == version
    same_district(store.read_district(), before)
    assert_frame_equal(store.quarantine(), quarantine)
    assert len(store.history("s0-1")) == versions
    seen = store.imports().loc[3]
    assert seen[["added", "changed", "removed", "unchanged", "quarantined"]].tolist() == [
        0, 0, 0, 10, 2
    ]  # fmt: skip
    # A note stands in no one's way.
    store.undo(2, "", later(3))


def test_a_row_that_only_moved_in_its_file_has_not_changed(
    store: Store, make: Any, ledger: gpd.GeoDataFrame
) -> None:
    moved = ledger.assign(source_row=ledger["source_row"] + 40, source_file="新.xlsx")
    moved["source_file"] = moved["source_file"].astype("str")
    changes = store.load_facilities(moved.iloc[::-1], None, load(1))
    assert changes.counts == (0, 0, 0, 10)
    assert_geodataframe_equal(store.read_district().facilities, moved.iloc[::-1])


def test_an_update_leaves_what_its_file_does_not_name(
    store: Store, make: Any, ledger: gpd.GeoDataFrame
) -> None:
    new = make.facilities(1, seed=7)
    part = pd.concat([new, edited(ledger, "s0-4", name="新名").loc[["s0-4", "s0-2"]]])
    plaques = make.designations(3).iloc[[2]].assign(title="新牌")
    changes = store.load_facilities(part, plaques, load(1, "城东.xlsx"), mode="update")
    assert changes.added == ("s7-0",)
    assert changes.changed == ("s0-4", "s0-2")
    assert changes.removed == ()
    assert changes.unchanged == ()
    found = store.read_district()
    assert found.facilities.index.tolist() == [*ledger.index, "s7-0"]
    expected = pd.concat([edited(ledger, "s0-4", name="新名"), new])
    assert_geodataframe_equal(found.facilities, expected)
    # Plaques of s0-0 and s0-1 stay, that of s0-2 is the file's.
    assert found.designations["facility_id"].tolist() == ["s0-0", "s0-1", "s0-2"]
    assert found.designations["title"].iloc[2] == "新牌"


def test_a_file_that_is_silent_on_plaques_leaves_them(
    store: Store, make: Any, ledger: gpd.GeoDataFrame
) -> None:
    for mode in ("update", "replace"):
        store.load_facilities(ledger.iloc[1:], None, load(1), mode=mode)
        hung = store.read_district().designations["facility_id"].tolist()
        assert hung == (["s0-0"] if mode == "update" else []) + ["s0-1", "s0-2"]


def test_a_facility_in_quarantine_stays_as_it_is(
    store: Store, make: Any, ledger: gpd.GeoDataFrame
) -> None:
    plaques = make.designations(3)
    changes = store.load_facilities(
        ledger.drop(["s0-2", "s0-5"]),
        plaques.iloc[:2],
        load(1),
        quarantine=[bad_row(4, "s0-2"), bad_row(99, "unheard-of")],
    )
    assert changes.removed == ("s0-5",)
    found = store.read_district()
    assert set(found.facilities.index) == set(ledger.index) - {"s0-5"}
    assert set(found.designations["facility_id"]) == {"s0-0", "s0-1", "s0-2"}


def test_changes_are_told_field_by_field(store: Store, make: Any, ledger: gpd.GeoDataFrame) -> None:
    new = edited(ledger, "s0-1", exhibition_area_m2=500.5, open_to_public=None, name="馆")
    new.loc["s0-2", "geometry"] = shapely.Point(111.4, 27.2)
    old = ledger.loc["s0-1"]
    changes = store.load_facilities(new, make.designations(2), load(1))
    told = changes.fields.set_index(["id", "column"])
    assert told.loc[("s0-1", "exhibition_area_m2"), ["before", "after"]].tolist() == [
        f"{old['exhibition_area_m2']:.15g}",
        "500.5",
    ]
    assert told.loc[("s0-1", "open_to_public"), "before"] == "false"
    assert pd.isna(told.loc[("s0-1", "open_to_public"), "after"])
    assert told.loc[("s0-2", "geometry"), "after"] == "111.4000000, 27.2000000"
    assert told.loc[("s0-2", "geometry"), "distance_m"] > 100
    assert told.loc[("s0-2", "title"), "before"] == "科普教育基地（第0批）"  # its plaque went
    assert changes.changed == ("s0-1", "s0-2")
    again = store.changes(2)
    assert_frame_equal(again.fields, changes.fields)
    assert again.changed == changes.changed


@settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ids=st.lists(st.integers(0, 14), unique=True),
    renamed=st.sets(st.integers(0, 14)),
    hung=st.lists(st.integers(0, 14), max_size=6),
    mode=st.sampled_from(["replace", "update"]),
    silent=st.booleans(),
    held=st.sets(st.integers(0, 14), max_size=3),
)
def test_what_is_told_beforehand_is_what_happens_and_can_be_undone(
    store: Store, make: Any, ids: Any, renamed: Any, hung: Any, mode: Any, silent: Any, held: Any
) -> None:
    every = make.facilities(15)
    store.replace_facilities(every.iloc[:10], make.designations(5), load(0))
    before, version = store.read_district(), store.version()
    rows = every.iloc[ids].copy()
    rows["name"] = [
        f"{name}*" if i in renamed else name for i, name in zip(ids, rows["name"], strict=True)
    ]
    rows["name"] = rows["name"].astype("str")
    plaques = None if silent else make.designations(15).iloc[hung].reset_index(drop=True)
    waiting = [bad_row(row + 1, f"s0-{row}") for row in held]
    told = compare_ledgers(
        before.facilities,
        before.designations,
        rows,
        plaques,
        mode=mode,
        keep=[row.facility_id for row in waiting if row.facility_id],
    )
    done = store.load_facilities(rows, plaques, load(1), quarantine=waiting, mode=mode)
    assert done.counts == told.counts
    assert done.changed == told.changed
    assert_frame_equal(done.fields, told.fields)
    after = store.read_district()
    assert set(after.facilities.index) == (
        set(before.facilities.index) - set(told.removed) | set(told.added)
    )
    number = int(store.imports().index[-1])
    store.undo(number, "", later(2))
    same_district(store.read_district(), before)
    same_district(store.read_district(number), after)
    assert store.quarantine().empty
    assert store.version() > version


def test_the_same_facility_twice_in_an_update_changes_nothing(
    store: Store, make: Any, ledger: gpd.GeoDataFrame
) -> None:
    twice = pd.concat([ledger.iloc[:1], ledger.iloc[:1]])
    with pytest.raises(DuplicateError, match="设施编号"):
        store.load_facilities(twice, None, load(1), mode="update", quarantine=[bad_row(3)])
    assert store.quarantine().empty
    assert store.imports().index.tolist() == [1]
    same_district(store.read_district(), store.read_district(1))


@pytest.mark.parametrize("who", ["名" * 101, "a\nb", "\u202e"])
def test_an_odd_name_is_refused(
    store: Store, make: Any, ledger: gpd.GeoDataFrame, who: str
) -> None:
    with pytest.raises(BadValueError, match="导入人"):
        store.load_facilities(ledger.iloc[:1], None, load(1, who=who))
    with pytest.raises(BadValueError, match="导入人"):
        store.undo(1, who, later(1))
    assert store.imports().index.tolist() == [1]


# The quarantine


def open_rows(store: Store) -> list[tuple[str, int]]:
    found = store.quarantine()
    return list(zip(found["source_file"], found["source_row"], strict=True))


def test_a_row_in_quarantine_keeps_what_was_written(store: Store, ledger: gpd.GeoDataFrame) -> None:
    store.load_facilities(ledger, None, load(1), quarantine=[bad_row(7, "s0-1"), bad_row(9)])
    found = store.quarantine()
    row = found.iloc[0]
    assert json.loads(row["cells"]) == dict(bad_row(7).cells)
    assert json.loads(row["reasons"]) == [
        {"code": "bad_number", "zh": "不是数字。", "en": "Not a number.", "column": "展厅面积",
         "proposal": "200", "confidence": 0.8}
    ]  # fmt: skip
    names = ["load_id", "source_file", "source_sheet", "source_row", "facility_id"]
    assert row[names].tolist() == [
        2, "台账.xlsx", "设施", 7, "s0-1"
    ]  # fmt: skip
    assert found["facility_id"].isna().tolist() == [False, True]
    assert store.imports().loc[2, "quarantined"] == 2


def test_a_new_version_of_the_file_settles_its_rows(store: Store, ledger: gpd.GeoDataFrame) -> None:
    store.load_facilities(
        ledger, None, load(1), quarantine=[bad_row(7), bad_row(8), bad_row(7, file="别.xlsx")]
    )
    mended = replace(bad_row(8), cells={"名称": "另一馆"})
    store.load_facilities(ledger, None, load(2), quarantine=[mended])
    assert open_rows(store) == [("别.xlsx", 7), ("台账.xlsx", 8)]
    everything = store.quarantine(open_only=False)
    assert everything["resolved_by_load"].fillna(0).tolist() == [3, 3, 0, 0]
    assert everything["load_id"].tolist() == [2, 2, 2, 3]


def test_a_clean_row_of_its_facility_settles_a_row(store: Store, ledger: gpd.GeoDataFrame) -> None:
    store.load_facilities(ledger, None, load(1), quarantine=[bad_row(7, "s0-3"), bad_row(8, "q")])
    part = ledger.loc[["s0-3"]]
    store.load_facilities(part, None, load(2, "城东.xlsx"), mode="update")
    assert open_rows(store) == [("台账.xlsx", 8)]


def test_undo_settles_and_opens_again(store: Store, ledger: gpd.GeoDataFrame) -> None:
    store.load_facilities(ledger, None, load(1), quarantine=[bad_row(7), bad_row(8)])
    store.load_facilities(ledger, None, load(2), quarantine=[bad_row(8), bad_row(9)])
    assert open_rows(store) == [("台账.xlsx", 8), ("台账.xlsx", 9)]
    store.undo(3, "", later(3))
    assert sorted(open_rows(store)) == [("台账.xlsx", 7), ("台账.xlsx", 8)]
    opened = store.quarantine().iloc[-1]
    assert (opened["load_id"], opened["since_load"]) == (2, 4)
    store.undo(2, "", later(4))
    assert open_rows(store) == []
    assert len(store.quarantine(open_only=False)) == 4


@pytest.mark.parametrize("row", [0, -1, 2**40])
def test_a_row_number_that_is_none_is_refused(
    store: Store, ledger: gpd.GeoDataFrame, row: int
) -> None:
    with pytest.raises(BadValueError, match="行号"):
        store.load_facilities(ledger.iloc[:1], None, load(1), quarantine=[bad_row(row)])
    assert len(store.read_district().facilities) == 10


# Undo


def test_undoing_twice_goes_back_twice(store: Store, ledger: gpd.GeoDataFrame) -> None:
    before = store.read_district()
    for day in (1, 2, 3):
        store.load_facilities(ledger.iloc[: 10 - day], None, load(day))
    changes = store.undo(4, "王芳", later(4))
    assert changes.counts == (1, 0, 0, 7)
    store.undo(3, "王芳", later(5))
    store.undo(2, "王芳", later(6))
    same_district(store.read_district(), before)
    imports = store.imports()
    assert imports["undone_by"].fillna(0).tolist() == [0, 7, 6, 5, 0, 0, 0]
    assert imports["undoes"].fillna(0).tolist() == [0, 0, 0, 0, 4, 3, 2]
    assert imports.loc[2, "undone_at"] == pd.Timestamp(later(6))
    assert imports.loc[7, ["what", "who", "file_name"]].tolist() == ["undo", "王芳", "台账.xlsx"]
    assert len(store.read_district(3).facilities) == 8  # history keeps both
    assert len(store.loads()) == 4


def test_a_later_import_of_the_same_kind_stands_in_the_way(
    store: Store, make: Any, ledger: gpd.GeoDataFrame
) -> None:
    store.load_facilities(ledger.iloc[:5], None, load(1))
    store.load_facilities(ledger.iloc[:4], None, load(2, "后来.xlsx"))
    before, version = store.read_district(), store.version()
    for number in (1, 2):
        with pytest.raises(UndoError, match=r"3 号（.*后来\.xlsx）") as caught:
            store.undo(number, "", later(3))
        assert "undo 3 first" in caught.value.en
    same_district(store.read_district(), before)
    assert store.version() == version


def test_imports_of_other_kinds_stay(store: Store, make: Any, ledger: gpd.GeoDataFrame) -> None:
    before = store.read_district()
    population = make.population("registered", 2022, 5, "r")
    store.load_population(population, make.sources("r"), load(1, "人口.csv", "population"))
    store.load_facilities(ledger.iloc[:5], None, load(2))
    store.replace_boundaries(
        *make.boundaries("map2"), None, make.sources("map2"), load(3, "界.json", "boundaries")
    )
    after = store.read_district()
    store.undo(3, "", later(4))
    found = store.read_district()
    expected = replace(after, facilities=ledger, designations=before.designations)
    same_district(found, expected)
    store.undo(2, "", later(5))
    sources = expected.sources.drop("r")
    same_district(
        store.read_district(), replace(expected, population=before.population, sources=sources)
    )


def test_undoing_gives_back_the_sources_it_took(
    store: Store, make: Any, ledger: gpd.GeoDataFrame
) -> None:
    before = store.read_district()
    new = make.population("resident", 2020, 5, "new")
    sources = make.sources("new", "map", title="新的")
    store.load_population(new, sources, load(1, "人口.csv", "population"))
    assert store.read_district().sources.index.tolist() == ["map", "villages", "new"]
    store.undo(2, "", later(2))
    same_district(store.read_district(), before)


def test_a_source_brought_up_to_date_since_stays(
    store: Store, make: Any, ledger: gpd.GeoDataFrame
) -> None:
    new = make.population("resident", 2020, 5, "map")
    store.load_population(new, make.sources("map", title="一"), load(1, "a", "population"))
    townships, districts = make.boundaries("map")
    store.replace_boundaries(
        townships, districts, None, make.sources("map", title="二"), load(2, "b", "boundaries")
    )
    store.undo(2, "", later(3))
    titles = store.read_district().sources["title_zh"]
    assert titles.to_dict() == {"map": "二", "villages": "来源", "census": "来源"}


@pytest.mark.usefixtures("ledger")
def test_what_cannot_be_undone_says_why(store: Store, make: Any) -> None:
    with pytest.raises(NotFoundError, match="99"):
        store.undo(99, "", later(1))
    with pytest.raises(UndoError, match="空的"):
        store.undo(1, "", later(1))
    store.replace_facilities(make.facilities(1, 9), make.designations(0), load(1))
    store.undo(2, "", later(2))
    with pytest.raises(UndoError, match="已由 3 号撤销"):
        store.undo(2, "", later(3))
    with pytest.raises(UndoError, match="重新导入"):
        store.undo(3, "", later(3))
    store.replace_facilities(make.facilities(1, 9), make.designations(0), load(4))
    with pytest.raises(ValueError, match="time zone"):
        store.undo(4, "", datetime(2025, 1, 1))  # noqa: DTZ001
