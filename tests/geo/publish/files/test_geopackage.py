"""GeoPackages as GDAL, its validator, pyogrio and SQLite see them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import orjson
import pyogrio
import pytest

VALIDATOR = "osgeo_utils.samples.validate_gpkg"
DEBIAN_PYTHON = "/usr/bin/python3"
COLLECTIONS = ("facilities", "townships", "villages", "gaps", "districts")


@pytest.mark.parametrize("what", COLLECTIONS)
@pytest.mark.parametrize("crs", ["CRS84", "EPSG:4490", "EPSG:4525", "EPSG:3857", "GCJ-02"])
def test_gdal_opens_it_without_a_warning(answer, make, ogr, tmp_path: Path, what, crs) -> None:  # type: ignore[no-untyped-def]
    made = make(answer, what, "x.gpkg", crs)
    path = tmp_path / "x.gpkg"
    path.write_bytes(made.content)
    told = ogr("-al", path, what)
    assert f"Feature Count: {made.count}" in told
    assert len(pyogrio.read_dataframe(path, layer=what)) == made.count
    if crs == "GCJ-02":
        assert "Undefined geographic SRS" in told, "no program may take it for true"
        assert "GCJ-02" in made.content.decode("utf-8", "replace")
    else:
        code = {"CRS84": 4326}.get(crs) or int(crs.removeprefix("EPSG:"))
        assert f'ID["EPSG",{code}]]' in told


@pytest.mark.parametrize("what", COLLECTIONS)
def test_gdals_validator_has_nothing_to_say(answer, make, tmp_path: Path, what) -> None:  # type: ignore[no-untyped-def]
    known = subprocess.run(
        [DEBIAN_PYTHON, "-c", f"import {VALIDATOR}"], capture_output=True, check=False
    )
    if known.returncode and not os.environ.get("CI"):
        pytest.skip("needs GDAL's validator (Debian: python3-gdal)")
    path = tmp_path / "x.gpkg"
    path.write_bytes(make(answer, what, "x.gpkg").content)
    done = subprocess.run(
        [DEBIAN_PYTHON, "-m", VALIDATOR, path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _opened(content: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    return connection


def test_styles_aliases_and_metadata_lie_within(answer, make) -> None:  # type: ignore[no-untyped-def]
    opened = _opened(make(answer, "townships", "x.gpkg").content)
    name, qml, sld, default = opened.execute(
        "SELECT f_table_name, styleQML, styleSLD, useAsDefault FROM layer_styles"
    ).fetchone()
    assert (name, default) == ("townships", 1)
    rules = ElementTree.fromstring(qml).findall(".//rule")
    assert [rule.get("label") for rule in rules] == ["0 – 160", "160 以上", "无数据"]
    assert rules[0].get("filter") == '"area_per_10k_m2" >= 0 AND "area_per_10k_m2" < 160'
    aliases = {
        one.get("field"): one.get("name") for one in ElementTree.fromstring(qml).iter("alias")
    }
    assert aliases["area_per_10k_m2"] == "每万人展厅面积（m²）"
    assert len(ElementTree.fromstring(sld).findall(".//{*}Rule")) == 3
    title = opened.execute(
        "SELECT name, title FROM gpkg_data_columns WHERE column_name = 'area_per_10k_m2'"
    ).fetchone()
    assert title == ("每万人展厅面积", "每万人展厅面积（m²）")
    told = orjson.loads(opened.execute("SELECT metadata FROM gpkg_metadata").fetchone()[0])
    assert told["scenario"]["digest"]
    assert told["map_words"]
    moments = opened.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
    assert moments == [("2025-12-31T00:00:00.000Z",)]
    opened.close()


def test_hostile_names_come_through_as_they_are(hostile, make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "x.gpkg"
    path.write_bytes(make(hostile, "facilities", "x.gpkg").content)
    found = pyogrio.read_dataframe(path, layer="facilities").set_index("facility_id")
    for key, name in hostile.facilities["name"].items():
        assert found.loc[key, "name"] == name
    assert found.loc["h99"].geometry is None
    assert found.loc["h03", "exhibition_area_m2"] == 1.0
    assert str(found.loc["h00", "opened_on"])[:10] == "2020-02-29"


def test_a_box_finds_rows_by_the_r_tree(answer, make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "x.gpkg"
    path.write_bytes(make(answer, "facilities", "x.gpkg").content)
    at = answer.facilities.geometry["f01"]
    box = (at.x - 1e-5, at.y - 1e-5, at.x + 1e-5, at.y + 1e-5)
    found = pyogrio.read_dataframe(path, layer="facilities", bbox=box)
    assert found["facility_id"].tolist() == ["f01"]
