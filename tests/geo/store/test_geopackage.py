"""The file as QGIS, GDAL and SQLite's own shell see it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from geo.core.district import DistrictData
from geo.core.errors import DataError, UndoError
from geo.core.quarantine import QuarantinedRow
from geo.core.scenario import load_scenario
from geo.core.schema import ALL_TABLES, BASE_LAYERS, FACILITIES, TABLES
from geo.core.vocabulary import LABELS, Kind
from geo.districts import demo_ledger_path, load_shipped, shipped_districts
from geo.intake.tables.ledger import read_ledger
from geo.measures.study import study
from geo.publish.features import feature_set
from geo.publish.study_json import study_document
from geo.store import create_store, open_store
from geo.store.connection import connect

LAYERS = [*TABLES, *BASE_LAYERS, "loads", "meta"]
DEBIAN_PYTHON = "/usr/bin/python3"
VALIDATOR = "osgeo_utils.samples.validate_gpkg"
needs_gdal = pytest.mark.skipif(
    shutil.which("ogrinfo") is None and "CI" not in os.environ,
    reason="needs ogrinfo (Debian: gdal-bin)",
)


def has_validator() -> bool:
    if not Path(DEBIAN_PYTHON).exists():
        return False
    found = subprocess.run(
        [DEBIAN_PYTHON, "-c", f"import {VALIDATOR}"], check=False, capture_output=True
    )
    return found.returncode == 0


needs_validator = pytest.mark.skipif(
    not has_validator(), reason="needs GDAL's validator (Debian: python3-gdal)"
)


def run(*command: object) -> str:
    """Run a program and return what it printed; it must not warn."""
    words = [str(part) for part in command]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stderr == ""
    assert "Warning" not in done.stdout
    return done.stdout


def rtree_agrees(path: Path, table: str) -> bool:
    connection = connect(path, busy_timeout_s=1)
    (odd,) = connection.execute(
        f"SELECT count(*) FROM {table} FULL JOIN rtree_{table}_geom ON fid = id"
        " WHERE (geom IS NULL) != (id IS NULL) OR ST_MinX(geom) < minx OR ST_MaxX(geom) > maxx"
        " OR maxx - minx > ST_MaxX(geom) - ST_MinX(geom) + 1e-4"
    ).fetchone()
    connection.close()
    return bool(odd == 0)


def test_what_the_standard_requires_is_there(filled: Path) -> None:
    header = filled.read_bytes()[:100]
    assert header[68:72] == b"GPKG"
    assert int.from_bytes(header[60:64]) == 10_300
    connection = sqlite3.connect(filled)
    contents = connection.execute(
        "SELECT table_name, data_type, identifier, srs_id FROM gpkg_contents"
    ).fetchall()
    assert [row[0] for row in contents] == LAYERS
    spatial = {table.name for table in ALL_TABLES if table.geometry}
    assert {
        name for name, kind, _, srs in contents if kind == "features" and srs == 4490
    } == spatial
    assert contents[0][2] == "科普设施"
    systems = connection.execute(
        "SELECT srs_id, organization, definition FROM gpkg_spatial_ref_sys ORDER BY 1"
    ).fetchall()
    assert [row[0] for row in systems] == [-1, 0, 4326, 4490]
    assert 'AUTHORITY["EPSG","4490"]' in systems[-1][2]
    columns = connection.execute("SELECT * FROM gpkg_geometry_columns").fetchall()
    assert ("facilities", "geom", "POINT", 4490, 0, 0) in columns
    assert ("townships", "geom", "MULTIPOLYGON", 4490, 0, 0) in columns
    extended = connection.execute("SELECT extension_name, table_name FROM gpkg_extensions")
    assert {name for extension, name in extended if extension == "gpkg_rtree_index"} == spatial
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_extent_and_time_of_change_follow_each_load(filled: Path, make: Any) -> None:
    def contents() -> tuple[Any, ...]:
        connection = sqlite3.connect(filled)
        row = connection.execute(
            "SELECT last_change, min_x, min_y, max_x, max_y FROM gpkg_contents"
            " WHERE table_name = 'facilities'"
        ).fetchone()
        connection.close()
        return tuple(row)

    before = contents()
    assert before[1:] == tuple(make.district().facilities.total_bounds)
    with open_store(filled) as store:
        ledger = make.facilities(3, seed=8)
        store.replace_facilities(ledger, make.designations(0), make.load("facilities"))
        assert contents()[1:] == tuple(ledger.total_bounds)
        assert contents()[0] > before[0]
        store.replace_facilities(ledger.iloc[:0], make.designations(0), make.load("facilities"))
        assert contents()[1:] == (None, None, None, None)


def test_the_rtree_agrees_after_each_load(filled: Path, make: Any) -> None:
    with open_store(filled) as store:
        for count in (50, 3, 0, 120):
            store.replace_facilities(
                make.facilities(count, seed=count), make.designations(0), make.load("facilities")
            )
            assert rtree_agrees(filled, "facilities")
    assert rtree_agrees(filled, "townships")
    assert rtree_agrees(filled, "districts")


def test_columns_and_words_have_chinese_names(filled: Path) -> None:
    connection = sqlite3.connect(filled)
    named = connection.execute(
        "SELECT column_name, name, title FROM gpkg_data_columns WHERE table_name = 'facilities'"
        " ORDER BY rowid"
    ).fetchall()
    assert [(name, zh) for name, zh, _ in named] == [(c.name, c.zh) for c in FACILITIES.columns]
    assert ("exhibition_area_m2", "展厅面积", "展厅面积（m²）") in named
    words = connection.execute(
        "SELECT value, description FROM gpkg_data_column_constraints"
        " WHERE constraint_name = 'kepu_kind'"
    )
    assert dict(words) == {kind.value: LABELS[Kind][kind].zh for kind in Kind}
    connection.close()


@needs_gdal
def test_ogrinfo_opens_every_layer_without_a_warning(filled: Path) -> None:
    listed = re.findall(r"^\d+: (\w+)", run("ogrinfo", "-ro", filled), flags=re.MULTILINE)
    assert sorted(listed) == sorted(LAYERS)
    for layer in LAYERS:
        told = run("ogrinfo", "-ro", "-al", filled, layer)
        assert f"Layer name: {layer}" in told
    told = run("ogrinfo", "-ro", "-so", filled, "facilities")
    assert "Feature Count: 20" in told
    assert "opened_on: Date" in told
    assert "open_to_public: Integer(Boolean)" in told
    assert "China Geodetic Coordinate System 2000" in told


@needs_validator
def test_gdals_validator_has_nothing_to_say(filled: Path) -> None:
    assert run(DEBIAN_PYTHON, "-m", VALIDATOR, filled) == ""


def test_pyogrio_reads_every_layer(filled: Path, make: Any) -> None:
    assert {name for name, _ in pyogrio.list_layers(filled)} == set(LAYERS)
    for name, table in TABLES.items():
        found = pyogrio.read_dataframe(filled, layer=name)
        assert list(found.columns.drop("geometry", errors="ignore")) == list(table.names)
    facilities = pyogrio.read_dataframe(filled, layer="facilities")
    expected = make.district().facilities
    assert facilities["name"].tolist() == expected["name"].tolist()
    assert facilities.geometry.tolist() == expected.geometry.tolist()
    assert facilities.crs.to_epsg() == 4490


@pytest.mark.parametrize("box", [(111.4, 27.2, 111.45, 27.25), (111.47, 27.2, 111.5, 27.3)])
def test_a_box_through_the_rtree_gives_what_lies_in_it(
    filled: Path, make: Any, box: tuple[float, ...]
) -> None:
    ledger = make.facilities(300, seed=5)
    with open_store(filled) as store:
        store.replace_facilities(ledger, make.designations(0), make.load("facilities"))
    inside = ledger.index[ledger.intersects(shapely.box(*box))]
    found = pyogrio.read_dataframe(filled, layer="facilities", bbox=box)
    assert 0 < len(inside) < 200
    assert sorted(found["facility_id"]) == sorted(inside)


@needs_validator
@needs_gdal
def test_a_store_with_a_past_is_as_valid_as_a_new_one(filled: Path, make: Any) -> None:
    with open_store(filled) as store:
        waiting = [QuarantinedRow("a.xlsx", None, 2, {"名称": "馆"})]
        load = make.load("facilities")
        store.load_facilities(make.facilities(5), None, load, quarantine=waiting)
        store.undo(2, "王芳", load.loaded_at)
    assert run(DEBIAN_PYTHON, "-m", VALIDATOR, filled) == ""
    listed = re.findall(r"^\d+: (\w+)", run("ogrinfo", "-ro", filled), flags=re.MULTILINE)
    assert sorted(listed) == sorted(LAYERS)


@needs_gdal
def test_edits_in_qgis_are_an_import_of_the_history(filled: Path, make: Any) -> None:
    with open_store(filled) as store:
        before = store.read_district()
        for statement in (
            "UPDATE facilities SET name = '新' WHERE facility_id = 's0-1'",
            "UPDATE facilities SET name = '更新' WHERE facility_id = 's0-1'",
            "DELETE FROM facilities WHERE facility_id = 's0-2'",
            "UPDATE facilities SET fid = 500 WHERE facility_id = 's0-3'",
            "INSERT OR REPLACE INTO sources SELECT 9, source_id, '新来源', title_en, publisher,"
            " published_on, licence, original_datum, quality, map_approval_number, sha256"
            " FROM sources WHERE source_id = 'map'",
        ):
            run("ogrinfo", "-q", filled, "-sql", statement)
        after = store.read_district()
        assert store.imports()["what"].tolist() == ["district", "edit"]
        # A program may have SQLite tell of the row that REPLACE takes away, or not.
        assert store.imports()["row_count"].iloc[1] in {5, 6}
        for at, state in ((1, before), (2, after), (datetime.now(UTC), after)):
            assert_geodataframe_equal(store.read_district(at).facilities, state.facilities)
            assert_frame_equal(store.read_district(at).sources, state.sources)
        assert store.history("s0-1")["name"].tolist() == ["第1号科普馆", "更新"]
        assert store.changes(2).removed == ("s0-2",)
        load = make.load("facilities")
        store.replace_facilities(before.facilities.iloc[:3], make.designations(1), load)
        with pytest.raises(UndoError, match="3 号"):
            store.undo(2, "", load.loaded_at)
        store.undo(3, "", load.loaded_at)
        store.undo(2, "", load.loaded_at)
        assert_geodataframe_equal(store.read_district().facilities, before.facilities)
        assert_frame_equal(store.read_district().sources, before.sources)
    assert rtree_agrees(filled, "facilities")


@needs_gdal
def test_an_edit_stands_in_the_way_of_an_undo(filled: Path, make: Any) -> None:
    with open_store(filled) as store:
        load = make.load("facilities")
        store.replace_facilities(make.facilities(5, seed=2), make.designations(0), load)
        run("ogrinfo", "-q", filled, "-sql", "UPDATE facilities SET note = 'x' WHERE fid = 1")
        with pytest.raises(UndoError, match="QGIS"):
            store.undo(2, "", load.loaded_at)


def test_the_answers_after_an_undo_are_those_before_to_the_byte(path: Path, make: Any) -> None:
    def answers(data: DistrictData) -> bytes:
        answer = study(data, load_scenario(on=date(2025, 12, 31)))
        document = json.dumps(study_document(answer), sort_keys=True).encode()
        features = [feature_set(answer, name) for name in ("facilities", "townships", "gaps")]
        return document + b"".join(b"".join(each.encoded.tolist()) for each in features)

    shipped = load_shipped(shipped_districts()[0])
    ledger = read_ledger(demo_ledger_path(shipped_districts()[0]))
    facilities, load = ledger.facilities, make.load("facilities")
    data = replace(shipped, facilities=facilities, designations=ledger.designations)
    with create_store(path) as store:
        store.replace_district(data, make.load())
        before = answers(store.read_district())
        store.load_facilities(facilities.iloc[::-2], ledger.designations.iloc[:1], load)
        changed = answers(store.read_district())
        assert changed != before
        store.undo(2, "王芳", load.loaded_at)
        assert answers(store.read_district()) == before
        assert answers(store.read_district(1)) == before
        assert answers(store.read_district(2)) == changed


@needs_gdal
def test_an_edit_as_qgis_makes_it_is_seen(filled: Path) -> None:
    """GDAL moves, deletes and unplaces facilities; the triggers keep R-tree and version right."""
    place = shapely.Point(111.499, 27.299)
    blob = "47500001" + "8a110000" + shapely.to_wkb(place, byte_order=1, hex=True)
    with open_store(filled) as store:
        for statement in (
            f"UPDATE facilities SET geom = x'{blob}' WHERE facility_id = 's0-1'",
            "DELETE FROM facilities WHERE facility_id = 's0-2'",
            "UPDATE facilities SET geom = NULL WHERE facility_id = 's0-3'",
            "UPDATE population SET population = 7 WHERE division_code = '430599001'",
        ):
            before = store.version()
            run("ogrinfo", "-q", filled, "-sql", statement)
            assert store.version() == before + 1
        data = store.read_district()
    assert data.facilities.loc["s0-1"].geometry == place
    assert "s0-2" not in data.facilities.index
    assert data.facilities.loc["s0-3"].geometry is None
    assert data.population["population"].tolist() == [4_000, 7, 1_000, 1_000, 1_000]
    assert rtree_agrees(filled, "facilities")
    box = (111.4989, 27.2989, 111.4991, 27.2991)
    found = pyogrio.read_dataframe(filled, layer="facilities", bbox=box)
    assert found["facility_id"].tolist() == ["s0-1"]


def test_what_gdal_appends_is_read(filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gpkg"
    shutil.copy(filled, copy)
    new = gpd.GeoDataFrame(
        {"facility_id": ["q1"], "name": ["从QGIS添加"], "kind": ["library"],
         "status": ["operating"], "verification": ["pending"], "demonstration": [False]},
        geometry=[shapely.Point(111.42, 27.22)], crs=4490,
    )  # fmt: skip
    pyogrio.write_dataframe(new, copy, layer="facilities", append=True, driver="GPKG")
    with open_store(copy) as store:
        data = store.read_district()
        assert data.facilities.loc["q1", "name"] == "从QGIS添加"
        assert data.facilities.loc["q1"].geometry == shapely.Point(111.42, 27.22)
        assert data.facilities.crs.to_epsg() == 4490
    with open_store(filled) as store:
        assert store.version() < data.version
    assert rtree_agrees(copy, "facilities")


def test_gdal_cannot_write_what_the_dictionary_forbids(filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gpkg"
    shutil.copy(filled, copy)
    new = gpd.GeoDataFrame(
        {"facility_id": ["q1"], "name": ["x"], "kind": ["castle"], "status": ["operating"],
         "verification": ["pending"], "demonstration": [False]},
        geometry=[shapely.Point(111.42, 27.22)], crs=4490,
    )  # fmt: skip
    with pytest.raises(pyogrio.errors.FeatureError, match="CHECK constraint failed: kind"):
        pyogrio.write_dataframe(new, copy, layer="facilities", append=True, driver="GPKG")


def test_a_store_that_another_program_holds_open_for_reading_can_be_loaded(
    filled: Path, make: Any
) -> None:
    reader = sqlite3.connect(filled, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM facilities").fetchone() == (20,)
    with open_store(filled, busy_timeout_s=0.1) as store:
        store.replace_facilities(make.facilities(5), make.designations(0), make.load("facilities"))
        assert reader.execute("SELECT count(*) FROM facilities").fetchone() == (20,)
        assert len(store.read_district().facilities) == 5
    reader.close()


def test_a_row_spoilt_behind_our_back_is_told(path: Path, make: Any) -> None:
    with create_store(path) as store:
        store.replace_district(make.district(), make.load())
        connection = connect(path, busy_timeout_s=1)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE facilities SET opened_on = 'soon' WHERE fid = 2")
        with pytest.raises(DataError, match="科普设施"):
            store.read_district()
        connection.close()
