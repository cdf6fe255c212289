"""``kepu export`` as an office runs it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from geopandas.testing import assert_geodataframe_equal

from geo.store import LoadRecord, create_store, open_store

ON = ("--on", "2025-12-31")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, toy) -> Path:  # type: ignore[no-untyped-def]
    place = tmp_path_factory.mktemp("office")
    with create_store(place / "kepu.gpkg") as store:
        store.replace_district(toy, LoadRecord(datetime.now(UTC), "x", "0" * 64, "district", 15))
    return place


def test_a_file_has_its_manifest_and_notes_beside(kepu: Any, office: Path) -> None:
    done = kepu("export", "facilities", "设施.gpkg", *ON, "--profile", "internal", cwd=office)
    assert "已导出科普设施 15 个要素到 设施.gpkg" in done.stderr
    assert "略去" not in done.stderr
    counts = next(line for line in done.stderr.splitlines() if line.startswith("设施 15 处："))
    parts = [int(number) for number in re.findall(r" (\d+) 处", counts)]
    assert sum(parts[1:]) == parts[0] == 15
    assert "个没有位置" in done.stderr
    notes = (office / "设施.gpkg.说明.txt").read_text(encoding="utf-8-sig")
    assert counts in notes
    assert "个没有位置（坐标为空）" in notes
    told = json.loads((office / "设施.gpkg.manifest.json").read_text(encoding="utf-8"))
    content = (office / "设施.gpkg").read_bytes()
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert told["file"] == "设施.gpkg"
    assert "玩具区" in (office / "设施.gpkg.说明.txt").read_text(encoding="utf-8-sig")
    assert len(pyogrio.read_dataframe(office / "设施.gpkg", layer="facilities")) == 15


def test_the_screen_tells_how_many_rows_the_public_lacks_and_no_file_does(
    kepu: Any, office: Path
) -> None:
    done = kepu("export", "facilities", "p.csv", *ON, cwd=office)
    assert "已导出科普设施 14 个要素到 p.csv" in done.stderr
    assert "公开版略去了未核查的 1 行" in done.stderr
    for name in ("p.csv", "p.csv.manifest.json", "p.csv.说明.txt"):
        assert "f10" not in (office / name).read_text(encoding="utf-8-sig")


def test_gcj02_is_warned_of_loudly(kepu: Any, office: Path) -> None:
    done = kepu("export", "facilities", "g.csv", *ON, "--crs", "gcj-02", cwd=office)
    assert "⚠ 坐标已偏移为 GCJ-02" in done.stderr
    assert "600 米" in (office / "g.csv.说明.txt").read_text(encoding="utf-8-sig")
    head = (office / "g.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert "经度（GCJ-02） gcj02_longitude" in head
    english = kepu("export", "gaps", "g.zip", *ON, "--crs", "GCJ-02", "--lang", "en", cwd=office)
    assert "shifted to GCJ-02" in english.stderr


def test_an_exported_ledger_is_loaded_back_without_a_change(
    kepu: Any, office: Path, tmp_path: Path
) -> None:
    shutil.copy(office / "kepu.gpkg", tmp_path / "kepu.gpkg")
    kepu("export", "ledger", "台账.xlsx", *ON, "--profile", "internal", cwd=tmp_path)
    with open_store(tmp_path / "kepu.gpkg") as store:
        before = store.read_district()
    done = kepu("load", "facilities", "台账.xlsx", cwd=tmp_path)
    assert "没有改动" in done.stderr, done.stderr
    with open_store(tmp_path / "kepu.gpkg") as store:
        after = store.read_district()
    provenance = ["source_file", "source_sheet", "source_row"]
    assert_geodataframe_equal(
        before.facilities.drop(columns=provenance), after.facilities.drop(columns=provenance)
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("facilities", "x.shp"), "可用：.geojson"),
        (("facilities", "x.geojson", "--crs", "EPSG:4546"), "请导出 .gpkg 或 .zip"),
        (("facilities", "x.gpkg", "--crs", "EPSG:4547"), "没有这个坐标系"),
        (("ledger", "x.csv"), "只能导出为 .xlsx"),
    ],
)
def test_refusals_tell_the_way_out(
    kepu: Any, office: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = kepu("export", *arguments, *ON, cwd=office, code=64)
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (office / arguments[1]).exists()


def test_a_path_for_gdal_is_just_a_path(kepu: Any, office: Path) -> None:
    done = kepu("export", "gaps", "/vsizip/x.zip/gaps.gpkg", *ON, cwd=office, code=73)
    assert "写不了这个文件" in done.stderr
