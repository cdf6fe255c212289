"""What every store promises, whatever keeps the rows; add a factory to test another one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.core import schema
from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.errors import (
    BadValueError,
    DataError,
    DuplicateError,
    StoreError,
    TableError,
)
from geo.store import LoadRecord, Store

Opener = Callable[..., Store]


def same(left: Any, right: Any) -> None:
    if right is None:
        assert left is None
    elif isinstance(right, gpd.GeoDataFrame):
        assert_geodataframe_equal(left, right)
    else:
        assert_frame_equal(left, right)


def same_district(left: DistrictData, right: DistrictData) -> None:
    for field in fields(DistrictData):
        if field.name not in {
            "version",
            "state",
            "approval_number",
            "profile",
            "position_decimals",
        }:
            same(getattr(left, field.name), getattr(right, field.name))


def test_a_new_store_is_empty(store: Store) -> None:
    assert store.version() == 0
    data = store.read_district()
    assert data.version == 0
    for name, table in schema.TABLES.items():
        frame = getattr(data, name)
        assert len(frame) == 0
        assert frame.index.name == table.key
        expected = schema.empty_frame(table).dtypes.drop(table.key or [])
        assert frame.dtypes.drop("geometry", errors="ignore").equals(expected)
        assert ("geometry" in frame) == (table.geometry is not None)
    assert data.facilities.crs == STORAGE_CRS
    assert store.approval_number() is None
    assert store.loads().empty


def test_a_district_comes_back_as_it_went_in(store: Store, make: Any) -> None:
    district = make.district()
    store.replace_district(district, make.load())
    found = store.read_district()
    same_district(found, district)
    assert found.version == store.version() > 0
    assert found.district_code == "430599"


def test_another_opening_reads_the_same(opener: Opener, make: Any) -> None:
    with opener() as first:
        first.replace_district(make.district(), make.load())
        version = first.version()
    with opener() as second:
        same_district(second.read_district(), make.district())
        assert second.version() == version


def test_the_frames_handed_over_are_not_changed(store: Store, make: Any) -> None:
    district, before = make.district(), make.district()
    store.replace_district(district, make.load())
    same_district(district, before)


def test_the_key_may_be_a_column(store: Store, make: Any) -> None:
    ledger = make.facilities(5)
    store.replace_facilities(ledger.reset_index(), make.designations(1), make.load("facilities"))
    same(store.read_district().facilities, ledger)


def test_order_of_rows_is_kept(store: Store, make: Any) -> None:
    ledger = make.facilities(30).iloc[::-1]
    store.replace_facilities(ledger, make.designations(0), make.load("facilities"))
    same(store.read_district().facilities, ledger)


HOSTILE = [
    "'; DROP TABLE facilities; --",
    "</script><img onerror=alert(1)>",
    "${x} {{y}} {% raw %} `z`",
    "\u202eright to left\u202c",
    "科" * 10_000,
    "nul\x00inside",
    "line\r\nbreak\ttab",
    "𠮷野家 👩‍🔬",
    " blanks ",
    "NULL",
    "nan",
    "001",
]


def test_hostile_texts_come_back_to_the_letter(store: Store, make: Any) -> None:
    ledger = make.facilities(len(HOSTILE)).assign(name=HOSTILE)
    ledger["note"] = pd.Series([text[:2_000] for text in HOSTILE], ledger.index, dtype="str")
    ledger["name"] = ledger["name"].astype("str")
    store.replace_facilities(ledger, make.designations(0), make.load("facilities"))
    found = store.read_district().facilities
    assert found["name"].tolist() == HOSTILE
    same(found, ledger)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8"), min_size=1, max_size=40),
            st.none() | st.floats(0, 1e6, allow_subnormal=True),
            st.none() | st.booleans(),
            st.none() | st.dates(),
            st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
        ),
        max_size=6,
    )
)
def test_any_row_comes_back_as_it_went_in(store: Store, make: Any, rows: list[Any]) -> None:
    texts, areas, flags, days, places = zip(*rows, strict=True) if rows else [()] * 5
    ledger = make.facilities(len(rows))
    ledger["name"] = pd.Series(texts, ledger.index, dtype="str")
    ledger["exhibition_area_m2"] = pd.Series(areas, ledger.index, dtype="float64")
    ledger["open_to_public"] = pd.Series(flags, ledger.index, dtype="boolean")
    kept = np.array([day or "NaT" for day in days], dtype="datetime64[s]")
    ledger["opened_on"] = pd.Series(kept, ledger.index, dtype="datetime64[s]")
    points = [None if place is None else shapely.Point(place) for place in places]
    ledger = ledger.set_geometry(gpd.GeoSeries(points, ledger.index, crs=STORAGE_CRS))
    store.replace_facilities(ledger, make.designations(0), make.load("facilities"))
    same(store.read_district().facilities, ledger)


def test_unknown_stays_unknown(store: Store, make: Any) -> None:
    store.replace_facilities(make.facilities(3), make.designations(1), make.load("facilities"))
    row = store.read_district().facilities.iloc[0]
    assert np.isnan(row["exhibition_area_m2"])
    assert row["closed_on"] is pd.NaT
    assert row["shared_use"] is pd.NA
    assert row.geometry is None
    assert pd.isna(row["address"])


def test_an_empty_geometry_is_no_geometry(store: Store, make: Any) -> None:
    ledger = make.facilities(2)
    ledger = ledger.set_geometry(gpd.GeoSeries([shapely.Point()] * 2, ledger.index, crs=ledger.crs))
    store.replace_facilities(ledger, make.designations(0), make.load("facilities"))
    assert store.read_district().facilities.geometry.isna().all()


def test_a_polygon_becomes_a_multipolygon_and_loses_its_height(store: Store, make: Any) -> None:
    townships, districts = make.boundaries()
    high = shapely.force_3d(townships.geometry.array.copy(), 9.0)
    single = townships.set_geometry(gpd.GeoSeries([g.geoms[0] for g in high], townships.index))
    single = single.set_crs(STORAGE_CRS)
    store.replace_boundaries(single, districts, None, make.sources("map"), make.load("boundaries"))
    same(store.read_district().townships, townships)


# Versions and loads


def test_each_commit_raises_the_version(store: Store, make: Any) -> None:
    townships, districts = make.boundaries()
    writes: list[Callable[[], None]] = [
        lambda: store.replace_district(make.district(), make.load()),
        lambda: store.replace_facilities(
            make.facilities(2), make.designations(1), make.load("facilities")
        ),
        lambda: store.load_population(
            make.population("resident", 2023, 5, "s"), make.sources("s"), make.load("population")
        ),
        lambda: store.replace_boundaries(
            townships, districts, None, make.sources("map"), make.load("boundaries")
        ),
        lambda: store.set_approval_number("湘S(2024)001号"),
    ]
    seen = [store.version()]
    for write in writes:
        write()
        assert store.version() == store.read_district().version
        seen.append(store.version())
    assert seen == sorted(set(seen))


def test_the_version_grows_when_another_opening_commits(opener: Opener, make: Any) -> None:
    with opener() as one, opener() as other:
        before = one.version()
        other.replace_facilities(make.facilities(1), make.designations(1), make.load("facilities"))
        assert one.version() == other.version() > before
        same(one.read_district().facilities, make.facilities(1))


def test_loads_are_listed_oldest_first(store: Store, make: Any) -> None:
    first = make.load("district", 7)
    later = datetime(2025, 3, 2, tzinfo=UTC)
    second = LoadRecord(later, "a'b\".xlsx", "f" * 64, "facilities", 2)
    store.replace_district(make.district(), first)
    store.replace_facilities(make.facilities(2), make.designations(1), second)
    loads = store.loads()
    assert loads["loaded_at"].tolist() == [
        pd.Timestamp(first.loaded_at).floor("ms"),
        pd.Timestamp(later),
    ]
    assert loads["loaded_at"].dt.tz is not None
    rest = loads.drop(columns="loaded_at").to_numpy().tolist()
    assert rest == [
        ["台账.xlsx", "0" * 64, "district", 7],
        ["a'b\".xlsx", "f" * 64, "facilities", 2],
    ]


def test_a_load_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        LoadRecord(datetime(2025, 3, 1), "a", "0" * 64, "facilities", 1)  # noqa: DTZ001


# What each write replaces


def test_a_new_ledger_leaves_the_rest(store: Store, make: Any) -> None:
    district = make.district(20, seed=1)
    store.replace_district(district, make.load())
    ledger, plaques = make.facilities(4, seed=2), make.designations(2, seed=2)
    store.replace_facilities(ledger, plaques, make.load("facilities"))
    expected = replace(district, facilities=ledger, designations=plaques)
    same_district(store.read_district(), expected)


def test_population_replaces_its_own_denominators_only(store: Store, make: Any) -> None:
    store.replace_district(make.district(), make.load())
    census = make.district().population
    old, new = (make.population("registered", 2022, people, "r") for people in (1, 2))
    for frame in (old, new):
        store.load_population(frame, make.sources("r"), make.load("population"))
    found = store.read_district()
    same(found.population, pd.concat([census, new], ignore_index=True))
    assert found.sources.index.tolist() == ["map", "villages", "census", "r"]


def test_sources_are_brought_up_to_date(store: Store, make: Any) -> None:
    store.replace_district(make.district(), make.load())
    store.load_population(
        make.population("resident", 2020, 9, "census"),
        make.sources("census", title="新的"),
        make.load("population"),
    )
    titles = store.read_district().sources["title_zh"]
    assert titles.to_dict() == {"map": "来源", "villages": "来源", "census": "新的"}


def test_a_source_goes_with_the_last_row_that_refers_to_it(store: Store, make: Any) -> None:
    district = make.district()
    extra = replace(district, sources=make.sources("map", "villages", "census", "ledger"))
    store.replace_district(extra, make.load())
    townships, districts = make.boundaries("new-map")
    store.replace_boundaries(
        townships, districts, None, make.sources("new-map"), make.load("boundaries")
    )
    # "ledger" was never referred to by a row, so nothing says that it is out of date.
    left = store.read_district().sources.index.tolist()
    assert left == ["villages", "census", "ledger", "new-map"]


def test_boundaries_keep_villages_unless_given_new_ones(store: Store, make: Any) -> None:
    store.replace_district(make.district(), make.load())
    townships, districts = make.boundaries()
    load = make.load("boundaries")
    store.replace_boundaries(townships.iloc[:2], districts, None, make.sources("map"), load)
    found = store.read_district()
    same(found.townships, townships.iloc[:2])
    same(found.villages, make.villages())
    one = make.villages().iloc[:1]
    store.replace_boundaries(townships, districts, one, make.sources("map", "villages"), load)
    same(store.read_district().villages, one)


# The approval number


def test_the_approval_number_is_kept_and_forgotten(opener: Opener, make: Any) -> None:
    with opener() as store:
        store.set_approval_number("  湘S(2024)001号 ")
    with opener() as store:
        assert store.approval_number() == "湘S(2024)001号"
        store.replace_district(make.district(), make.load())
        assert store.approval_number() == "湘S(2024)001号"
        for nothing in (None, "", "   "):
            store.set_approval_number("x")
            store.set_approval_number(nothing)
            assert store.approval_number() is None


@pytest.mark.parametrize("text", ["字" * 101, "two\nlines", "\x00", "\u202e"])
def test_an_odd_approval_number_is_refused(store: Store, text: str) -> None:
    store.set_approval_number("old")
    with pytest.raises(BadValueError):
        store.set_approval_number(text)
    assert store.approval_number() == "old"


# Faults leave the old state


def spoil(ledger: gpd.GeoDataFrame, **values: Any) -> gpd.GeoDataFrame:
    """Return the ledger with values in its last row."""
    spoilt = ledger.copy()
    for name, value in values.items():
        spoilt[name] = spoilt[name].astype(object)
        spoilt.loc[spoilt.index[-1], name] = value
    return spoilt


BAD_VALUES = [
    ("kind", "castle", "类型"),
    ("kind", None, "类型"),
    ("name", None, "名称"),
    ("name", "x" * 20_001, "名称"),
    ("exhibition_area_m2", -0.5, "展厅面积"),
    ("exhibition_area_m2", float("inf"), "展厅面积"),
    ("exhibition_area_m2", 1e6 + 1, "展厅面积"),
    ("shared_use_ratio", 1.01, "共用折算"),
    ("source_row", 0, "来源行号"),
    ("demonstration", None, "是否演示数据"),
    ("level", "galactic", "级别"),
    ("opened_on", np.datetime64("10000-01-01"), "开放日期"),
    ("township_code", "4305990010001", "乡镇街道代码"),
]


@pytest.mark.parametrize(("name", "value", "label"), BAD_VALUES)
def test_a_forbidden_value_changes_nothing(
    store: Store, make: Any, name: str, value: Any, label: str
) -> None:
    store.replace_district(make.district(), make.load())
    before = store.version()
    ledger = spoil(make.facilities(9, seed=3), **{name: value})
    with pytest.raises(DataError, match=label) as caught:
        store.replace_facilities(ledger, make.designations(1), make.load("facilities"))
    assert "科普设施" in caught.value.zh
    assert name in caught.value.en
    assert store.version() == before
    assert len(store.loads()) == 1
    same_district(store.read_district(), make.district())


def test_a_value_of_another_type_changes_nothing(store: Store, make: Any) -> None:
    store.replace_district(make.district(), make.load())
    for values in ({"exhibition_area_m2": "many"}, {"opened_on": "soon"}, {"source_row": 1.5}):
        with pytest.raises(DataError):
            store.replace_facilities(
                spoil(make.facilities(3), **values), make.designations(1), make.load("facilities")
            )
    same_district(store.read_district(), make.district())


def test_half_a_character_is_refused(store: Store, make: Any) -> None:
    with pytest.raises(DataError):
        store.replace_facilities(
            spoil(make.facilities(2), name="\ud800"), make.designations(0), make.load("facilities")
        )
    assert store.version() == 0


def test_the_same_key_twice_changes_nothing(store: Store, make: Any) -> None:
    store.replace_district(make.district(), make.load())
    twice = pd.concat([make.facilities(3), make.facilities(1)])
    with pytest.raises(DuplicateError, match="设施编号"):
        store.replace_facilities(twice, make.designations(1), make.load("facilities"))
    same_district(store.read_district(), make.district())


def test_two_figures_for_one_place_and_year_are_refused(store: Store, make: Any) -> None:
    figures = make.population("resident", 2023, 5, "s")
    with pytest.raises(DuplicateError, match="行政区划代码"):
        store.load_population(
            pd.concat([figures, figures.iloc[:1]]), make.sources("s"), make.load("population")
        )
    assert store.read_district().population.empty


def test_a_fault_in_the_last_table_undoes_the_first(store: Store, make: Any) -> None:
    store.replace_district(make.district(), make.load())
    other = make.district(5, seed=4)
    broken = replace(other, sources=other.sources.assign(quality="hearsay"))
    with pytest.raises(DataError, match="质量"):
        store.replace_district(broken, make.load())
    same_district(store.read_district(), make.district())
    store.replace_district(other, make.load())
    same_district(store.read_district(), other)


def test_a_missing_column_is_a_table_error(store: Store, make: Any) -> None:
    with pytest.raises(TableError, match="kind"):
        store.replace_facilities(
            make.facilities(2).drop(columns="kind"), make.designations(0), make.load("facilities")
        )


def test_geometry_must_be_there_and_in_the_system_kept(store: Store, make: Any) -> None:
    ledger = make.facilities(8)
    wrong = [
        pd.DataFrame(ledger.drop(columns="geometry")),
        ledger.set_crs(None, allow_override=True),
        ledger.to_crs(4546),
        ledger.set_geometry(gpd.GeoSeries([make.square(0, 0)] * 8, ledger.index, crs=ledger.crs)),
        ledger.set_geometry(
            gpd.GeoSeries([shapely.Point(np.inf, 27.2)] * 8, ledger.index, crs=ledger.crs)
        ),
    ]
    for frame in wrong:
        with pytest.raises(DataError):
            store.replace_facilities(frame, make.designations(0), make.load("facilities"))
    assert store.version() == 0


def test_a_bad_load_record_changes_nothing(store: Store, make: Any) -> None:
    bad = replace(make.load("facilities"), sha256="short")
    with pytest.raises(StoreError):
        store.replace_facilities(make.facilities(2), make.designations(1), bad)
    assert store.version() == 0
    assert store.read_district().facilities.empty


# Several at once


def test_readers_in_many_threads_see_whole_versions(opener: Opener, make: Any) -> None:
    """Each version has as many facilities as its number says, whoever reads it when."""
    done = threading.Event()

    def read(store: Store) -> list[tuple[int, int]]:
        seen = []
        while not done.is_set() or not seen:
            data = store.read_district()
            seen.append((len(data.facilities), len(data.designations)))
        return seen

    with opener() as store, opener() as writer, ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read, store) for _ in range(3)]
        for count in range(1, 9):
            load = make.load("facilities")
            writer.replace_facilities(make.facilities(count), make.designations(count), load)
        done.set()
        seen = [pair for reader in readers for pair in reader.result()]
    assert all(facilities == designations for facilities, designations in seen)
    assert len(set(seen)) > 1


def test_writers_in_many_threads_all_commit(opener: Opener, make: Any) -> None:
    def write(seed: int) -> None:
        store.replace_facilities(
            make.facilities(3, seed), make.designations(3, seed), make.load("facilities")
        )

    with opener() as store:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(12)))
        data = store.read_district()
        assert len(store.loads()) == 12
        # One writer's rows and no other's.
        assert set(data.designations["facility_id"]) == set(data.facilities.index)


def test_a_closed_store_says_so(opener: Opener, make: Any) -> None:
    store = opener()
    store.close()
    store.close()
    with pytest.raises(StoreError, match="关闭"):
        store.version()
    with pytest.raises(StoreError, match="关闭"):
        store.replace_district(make.district(), make.load())


def test_the_approval_number_travels_with_the_district(store: Store) -> None:
    assert store.read_district().approval_number is None
    store.set_approval_number("湘S(2026)001号")
    assert store.read_district().approval_number == "湘S(2026)001号"
    store.set_approval_number(None)
    assert store.read_district().approval_number is None
