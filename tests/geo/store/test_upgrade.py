"""Stores of versions 2 to 5, whose history goes on in the present version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from geo.core.district import DistrictData
from geo.core.quarantine import HoldReason, QuarantinedRow
from geo.core.schema import POPULATION, TOWNSHIPS
from geo.core.vocabulary import PARTS
from geo.store import LoadRecord, Store, create_store, open_store
from geo.store import upgrade as upgrade_module
from geo.store.blob import encode
from geo.store.connection import connect
from geo.store.rows import SRS_ID

OLD = [Path(__file__).with_name(f"version_{number}.sql") for number in (2, 3, 4, 5)]
START = datetime(2025, 3, 1, 8, tzinfo=UTC)
PROVENANCE = ["source_file", "source_sheet", "source_row"]
EDIT = "UPDATE facilities SET name = 'QGIS' WHERE facility_id = 's0-3'"


def load(day: int, what: Any = "facilities", who: str = "") -> LoadRecord:
    return LoadRecord(START + timedelta(days=day), "台账.xlsx", f"{day:064x}", what, 3, who)


def bad_row(row: int) -> QuarantinedRow:
    reason = HoldReason("bad_number", "不是数字。", "Not a number.", "展厅面积", "200", 0.8)
    return QuarantinedRow("台账.xlsx", "设施", row, {"展厅面积": "约两百"}, (reason,), None)


def go_through_six_imports(store: Store, make: Any) -> None:
    """Do what the older stores went through, with the program of their version."""
    ledger = make.facilities(4)
    store.replace_district(make.district(4), load(0, "district"))
    moved = ledger.iloc[1:].set_geometry(
        gpd.GeoSeries([shapely.Point(111.42, 27.22)] * 3, ledger.index[1:], crs=4490)
    )
    store.load_facilities(moved, None, load(1, who="王芳"), quarantine=[bad_row(7), bad_row(8)])
    store.load_facilities(moved.iloc[:2], None, load(2), quarantine=[bad_row(8)])
    store.undo(3, "李雷", START + timedelta(days=3))
    figures = make.population("resident", 2020, 7, "new")
    store.load_population(figures, make.sources("new"), load(4, "population"))
    edit(store.path)  # type: ignore[attr-defined]


def edit(path: Path) -> None:
    connection = connect(path, busy_timeout_s=1)
    connection.execute(EDIT)
    connection.close()


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


def made_by(script: Path, path: Path) -> sqlite3.Connection:
    """Return an open connection to the store that an older version's script makes."""
    connection = sqlite3.connect(path)
    for name in ("IsEmpty", "MinX", "MaxX", "MinY", "MaxY"):
        connection.create_function(f"ST_{name}", 1, lambda _: None)
    connection.executescript(f"BEGIN; {script.read_text()} COMMIT;")
    return connection


@pytest.fixture(params=OLD, ids=lambda file: file.stem)
def old(request: pytest.FixtureRequest, path: Path) -> Path:
    """Return the path of a store that an older version of the tables made."""
    made_by(request.param, path).close()
    return path


@pytest.fixture
def new(tmp_path: Path, make: Any) -> Iterator[Store]:
    """Return a store that the present program took through the same imports."""
    with create_store(tmp_path / "new.gpkg") as store:
        go_through_six_imports(store, make)
        yield store


def test_every_state_quarantine_and_import_of_an_older_store_is_kept(old: Path, new: Store) -> None:
    with open_store(old) as store:
        same_district(store.read_district(), new.read_district())
        for number in range(1, 7):
            same_district(store.read_district(number), new.read_district(number))
        assert_frame_equal(
            store.imports().drop(columns="loaded_at"), new.imports().drop(columns="loaded_at")
        )
        assert_frame_equal(store.quarantine(open_only=False), new.quarantine(open_only=False))
        seen = ["from_load", "to_load", "what", "who", "name", "source_row"]
        assert_frame_equal(store.history("s0-3")[seen], new.history("s0-3")[seen])
        assert store.approval_number() == "湘S(2024)001号"


def test_rows_that_were_there_do_not_know_where_they_stood(old: Path) -> None:
    with open_store(old) as store:
        for data in (store.read_district(), store.read_district(5)):
            assert data.population[PROVENANCE].isna().all(axis=None)
            assert data.townships[PROVENANCE].isna().all(axis=None)
            assert data.villages[PROVENANCE].isna().all(axis=None)
            assert data.villages.geometry.isna().all()
            assert data.weights is data.roads is None
        assert store.history("430599001", TOWNSHIPS)[PROVENANCE].isna().all(axis=None)


def test_imports_of_before_are_undone_after(old: Path, new: Store) -> None:
    for number in (6, 5, 2):
        states = []
        with open_store(old) as store:
            for each in (store, new):
                each.undo(number, "", START + timedelta(days=9))
                states.append(each.read_district())
        same_district(*states)
    with open_store(old) as store:
        same_district(store.read_district(), store.read_district(1))
        assert store.quarantine().empty


def test_the_history_goes_on_by_imports_and_by_edits(old: Path, make: Any) -> None:
    placed = make.population("resident", 2020, 7, "new").assign(source_file="人口.csv")
    placed["source_row"] = placed.index.astype("Int64") + 2
    with open_store(old) as store:
        changes = store.load_population(placed, make.sources("new"), load(9, "population"))
        assert changes.nothing  # what a row says has not changed: it only has a place now
        assert store.read_district().population["source_row"].tolist() == [2, 3, 4, 5, 6]
        connection = connect(old, busy_timeout_s=1)
        connection.execute("UPDATE population SET population = 1 WHERE division_code = '430599'")
        connection.close()
        assert store.imports()["what"].tolist()[-2:] == ["population", "edit"]
        assert store.history("430599", POPULATION)["population"].tolist() == [4_000, 28, 28, 1]
        assert store.history("430599", POPULATION)["source_row"].tolist()[2:] == [2, 2]


def test_an_upgraded_store_is_made_as_a_new_one(old: Path, new: Store) -> None:
    open_store(old).close()
    listed = "SELECT table_name, data_type, identifier FROM gpkg_contents ORDER BY 1"
    described = "SELECT * FROM gpkg_data_columns ORDER BY 1, 2"
    shape = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    found = []
    for path in (old, new.path):  # type: ignore[attr-defined]
        connection = connect(path, busy_timeout_s=1)
        found.append([connection.execute(query).fetchall() for query in (listed, described, shape)])
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
    assert found[0] == found[1]


def test_an_upgrade_that_fails_leaves_the_old_store(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(upgrade_module, "history_triggers", fail)
        with pytest.raises(KeyboardInterrupt):
            open_store(old)
    connection = sqlite3.connect(old)
    assert connection.execute("SELECT schema_version FROM meta").fetchone() in {
        (2,),
        (3,),
        (4,),
        (5,),
    }
    assert connection.execute("SELECT count(*) FROM facilities_history").fetchone() > (7,)
    connection.close()
    with open_store(old) as store:
        assert store.read_district(2).facilities.index.tolist() == ["s0-1", "s0-2", "s0-3"]


@pytest.mark.parametrize("script", OLD[2:], ids=lambda file: file.stem)
def test_layers_and_positions_of_versions_with_ground_stay(script: Path, path: Path) -> None:
    connection = made_by(script, path)
    square = shapely.MultiPolygon([shapely.box(111.4, 27.2, 111.41, 27.21)])
    point = shapely.Point(111.405, 27.205)
    blobs = encode(np.array([square, point]), SRS_ID)
    connection.execute(
        "INSERT INTO weights (geom, weight, source_id) VALUES (?, 2.5, 'map')", blobs[:1]
    )
    connection.execute("UPDATE villages SET geom = ?, population = 120 WHERE fid = 1", blobs[1:])
    connection.commit()
    connection.close()
    with open_store(path) as store:
        for data in (store.read_district(), store.read_district(store.last_import())):
            assert data.weights is not None
            assert data.weights.geometry.tolist() == [square]
            assert data.weights["weight"].tolist() == [2.5]
            assert data.villages.geometry.iloc[0] == point
            assert data.villages["population"].iloc[0] == 120
            assert data.villages[list(PARTS)].isna().all(axis=None)
