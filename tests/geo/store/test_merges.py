"""Facilities that a person said are one, in the store: an import of its own."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.core.district import DistrictData
from geo.core.errors import BadValueError, NotFoundError, QueryError, UndoError
from geo.store import LoadRecord, Store
from geo.store.facility_merge import merge_facilities
from geo.store.history import compare_ledgers

START = datetime(2025, 3, 1, 8, tzinfo=UTC)


def load(day: int) -> LoadRecord:
    return LoadRecord(START + timedelta(days=day), "台账.xlsx", f"{day:064x}", "facilities", 3)


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
                assert frames[1] is None, name
                continue
            is_geo = isinstance(frames[0], gpd.GeoDataFrame)
            (assert_geodataframe_equal if is_geo else assert_frame_equal)(*frames)


def content(store: Store) -> list[bytes]:
    """Return every table of the district as its bytes stand in the file."""
    connection = sqlite3.connect(store.path)  # type: ignore[attr-defined]
    tables = ("facilities", "designations", "townships", "sources", "rtree_facilities_geom")
    found = [repr(connection.execute(f"SELECT * FROM {t} ORDER BY 1").fetchall()) for t in tables]
    connection.close()
    return [text.encode() for text in found]


@pytest.fixture
def district(store: Store, make: Any) -> DistrictData:
    store.replace_district(make.district(8), make.load())
    return store.read_district()


def merged(store: Store, keep: str, *others: str, as_plaques: bool = False, who: str = "") -> Any:
    at = START + timedelta(days=5)
    return store.merge_facilities(keep, others, as_plaques=as_plaques, who=who, at=at)


def test_a_merge_is_an_import_that_changes_only_its_rows(
    store: Store, district: DistrictData
) -> None:
    changes, told = merged(store, "s0-0", "s0-4", "s0-1", as_plaques=True, who="王芳")
    assert (changes.changed, changes.removed) == (("s0-0",), ("s0-1", "s0-4"))
    assert told
    found = store.read_district()
    assert found.facilities.index.tolist() == ["s0-0", "s0-2", "s0-3", "s0-5", "s0-6", "s0-7"]
    titles = found.designations.query("facility_id == 's0-0'")["title"].tolist()
    assert titles == ["科普教育基地（第0批）", "第4号科普馆", "第1号科普馆"]
    noted = store.imports().loc[2]
    assert noted[["what", "who", "file_name"]].tolist() == ["merge", "王芳", "s0-0 ← s0-4、s0-1"]
    assert noted[["added", "changed", "removed"]].tolist() == [0, 1, 2]
    assert store.changes(2).changed == ("s0-0",)
    assert len(store.history("s0-7")) == 1, "no other row has a new version"
    assert store.merges()[["load_id", "keep_id", "other_id"]].to_numpy().tolist() == [
        [2, "s0-0", "s0-4"],
        [2, "s0-0", "s0-1"],
    ]
    assert store.merges()["as_plaque"].tolist() == [True, True]
    same_district(store.read_district(1), district)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ids=st.lists(st.integers(0, 7), min_size=2, max_size=5, unique=True), as_plaques=st.booleans()
)
def test_what_is_told_beforehand_happens_and_undo_gives_back_every_byte(
    store: Store, make: Any, ids: list[int], as_plaques: bool
) -> None:
    store.replace_district(make.district(8), make.load())
    before, bytes_before = store.read_district(), content(store)
    keep, *others = (f"s0-{number}" for number in ids)
    expected = merge_facilities(
        before.facilities, before.designations, keep, others, as_plaques=as_plaques
    )
    foretold = compare_ledgers(
        before.facilities, before.designations, expected.facilities, expected.designations
    )
    changes, told = merged(store, keep, *others, as_plaques=as_plaques)
    assert changes.counts == foretold.counts
    assert_frame_equal(changes.fields, foretold.fields)
    assert told == expected.told
    found = store.read_district()
    assert_geodataframe_equal(found.facilities, expected.facilities)
    order = ["facility_id", "title", "kind", "valid_to"]
    assert_frame_equal(
        found.designations.sort_values(order, ignore_index=True),
        expected.designations.sort_values(order, ignore_index=True),
    )
    number = int(store.imports().index[-1])
    store.undo(number, "", START + timedelta(days=6))
    same_district(store.read_district(), before)
    assert content(store) == bytes_before
    same_district(store.read_district(number), found)
    assert number not in store.merges()["load_id"].tolist()


@pytest.mark.parametrize(
    ("keep", "others", "who", "error"),
    [
        ("s0-0", ["nobody"], "", NotFoundError),
        ("s0-0", ["s0-0"], "", QueryError),
        ("s0-0", ["s0-1"], "a\nb", BadValueError),
    ],
)
def test_what_cannot_be_merged_leaves_the_store(
    store: Store,
    district: DistrictData,
    keep: str,
    others: list[str],
    who: str,
    error: type[Exception],
) -> None:
    version = store.version()
    with pytest.raises(error):
        merged(store, keep, *others, who=who)
    assert store.version() == version
    assert store.merges().empty
    assert store.imports().index.tolist() == [1]
    same_district(store.read_district(), district)


def test_a_merge_stands_among_the_other_imports(store: Store, district: DistrictData) -> None:
    ledger = district.facilities
    store.load_facilities(ledger.drop("s0-7"), None, load(1))
    merged(store, "s0-0", "s0-1")
    with pytest.raises(UndoError, match=r"3 号（.*s0-0 ← s0-1）"):
        store.undo(2, "", START + timedelta(days=6))
    store.load_facilities(ledger.drop(["s0-1", "s0-6"]), None, load(7))
    with pytest.raises(UndoError, match="4 号"):
        store.undo(3, "", START + timedelta(days=8))
    for number in (4, 3, 2):
        store.undo(number, "", START + timedelta(days=9))
    same_district(store.read_district(), district)
    assert store.merges().empty


def test_one_after_another_into_the_same_place(store: Store, district: DistrictData) -> None:
    merged(store, "s0-1", "s0-2", as_plaques=True)
    merged(store, "s0-0", "s0-1", as_plaques=True)
    found = store.read_district()
    hung = found.designations[found.designations["facility_id"] == "s0-0"]
    assert hung["title"].tolist() == ["科普教育基地（第0批）", "第2号科普馆", "第1号科普馆"]
    assert store.history("s0-2")["to_load"].tolist() == [2]
    assert store.imports()["what"].tolist() == ["district", "merge", "merge"]
