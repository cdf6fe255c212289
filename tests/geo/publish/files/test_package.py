"""What holds for every format: same bytes, marks beside, nothing that a profile leaves out."""

from __future__ import annotations

import hashlib
import html
import io
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import orjson
import pytest

from geo.core.errors import QueryError
from geo.core.fields import short_name
from geo.core.vocabulary import Profile
from geo.publish.features import COLLECTIONS
from geo.publish.files.layer import make_layer
from geo.publish.files.package import EXPORTABLE, Format, format_of
from geo.publish.files.systems import systems

SECRET, PHONE = "天机不可泄露", "13812345678"
FILES = [(what, f"x{ending}") for what in ("facilities", "townships", "villages", "gaps",
                                          "districts") for ending in Format]  # fmt: skip
ALL_FILES = [*FILES, ("ledger", "x.xlsx")]
AGAIN = """
import hashlib, sys
from datetime import date
import importlib.util
def opened(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
toys = opened("toys", "tests/conftest.py")
exports = opened("exports", "tests/geo/publish/files/conftest.py")
from geo.publish.files.package import package
from geo.core.scenario import load_scenario
from geo.measures.study import study
answer = study(toys.toy_district(), load_scenario(on=date(2025, 12, 31)))
for pair in sys.argv[1:]:
    what, name = pair.split(":")
    made = package(answer, what, name, crs="CRS84", palette=exports.PALETTE)
    print(hashlib.sha256(made.content + made.manifest + made.notes).hexdigest())
"""


def unpacked(content: bytes) -> bytes:
    """Return a file's bytes and those of everything packed or stored within it."""
    parts = [content]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            parts += [unpacked(opened.read(name)) for name in opened.namelist()]
    if content[:6] == b"SQLite":
        connection = sqlite3.connect(":memory:")
        connection.deserialize(content)
        parts.append("\n".join(connection.iterdump()).encode())
        connection.close()
    return b"\n".join(parts)


def said(content: bytes) -> str:
    """Return all text of a file, whatever it is written in."""
    whole = unpacked(content)
    text = whole.decode("utf-8", "replace")
    # XML may hold a character as its number.
    return text + html.unescape(text) + whole.decode("gb18030", "replace")


@pytest.mark.parametrize(("what", "name"), ALL_FILES)
@pytest.mark.parametrize("profile", Profile)
def test_what_a_profile_leaves_out_is_in_no_byte(guarded, make, what, name, profile) -> None:  # type: ignore[no-untyped-def]
    made = make(guarded(profile), what, name)
    told = said(made.content) + made.manifest.decode() + made.notes.decode()
    assert f"联系{SECRET}" not in told or profile is Profile.INTERNAL
    assert f"备注{SECRET}" not in told or profile is Profile.INTERNAL
    if profile is Profile.PUBLIC:
        assert SECRET not in told
        assert PHONE not in told
        assert "K7Q9Z" not in told
    elif what in {"facilities", "ledger"}:
        assert f"待核{SECRET}" in told, "the search finds what is there"
        assert f"地址{SECRET}" in told
        assert PHONE in told
    if what in {"facilities", "ledger"} and profile is Profile.INTERNAL:
        assert f"备注{SECRET}" in told


def test_the_manifest_tells_rules_and_no_count_of_what_is_left_out(guarded, make) -> None:  # type: ignore[no-untyped-def]
    told = orjson.loads(make(guarded(Profile.PUBLIC), "facilities", "x.csv").manifest)
    assert told["profile"]["profile"] == "public"
    assert "contact" in told["profile"]["columns"]
    assert all(set(rule) == {"zh", "en"} for rule in told["profile"]["rules"])
    assert told["feature_count"] == 2
    assert not {"contact", "note"} & {field["name"] for field in told["fields"]}


@pytest.mark.parametrize(("what", "name"), ALL_FILES)
def test_the_manifest_is_of_this_very_file(answer, make, what, name) -> None:  # type: ignore[no-untyped-def]
    made = make(answer, what, name)
    told = orjson.loads(made.manifest)
    assert told["sha256"] == hashlib.sha256(made.content).hexdigest()
    assert (told["file"], told["bytes"]) == (name, len(made.content))
    assert told["on"] == "2025-12-31"
    assert told["caliber"] == "B"
    assert told["scenario"]["digest"]
    assert told["denominator"]["id"] == "resident-2020"
    assert told["demonstration"] is False
    assert told["map_words"] == ["内部工作用图 不得公开", "示意图"]
    assert told["coordinates"]["id"] == "CRS84"
    assert told["sources"][0]["title_zh"] == "玩具地图"
    assert {"示意", "普查"} <= {row["zh"] for row in told["qualities"]}
    assert told["surface"]["zh"]
    assert told["travel"]["zh"]
    fields = told["fields"]
    assert all(field["zh"] and field["en"] and field["type"] for field in fields)
    notes = made.notes.decode("utf-8-sig")
    for words in ("2025-12-31", "玩具地图", "内部工作用图 不得公开", "示意图", "B 考核口径"):
        assert words in notes


@pytest.mark.parametrize(("what", "name"), ALL_FILES)
def test_the_same_question_gives_the_same_bytes(answer, make, what, name) -> None:  # type: ignore[no-untyped-def]
    first, second = make(answer, what, name), make(answer, what, name)
    assert first == second


def test_another_process_elsewhere_writes_the_same_bytes() -> None:
    asked = [f"{what}:{name}" for what, name in ALL_FILES]
    told = []
    for seed, zone in (("1", "Asia/Shanghai"), ("77", "America/Caracas")):
        done = subprocess.run(
            [sys.executable, "-c", AGAIN, *asked], capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": "."}, timeout=300,
            cwd=Path(__file__).parents[4],
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told.append(done.stdout.split())
    assert len(told[0]) == len(asked)
    assert told[0] == told[1]


@pytest.mark.parametrize(("what", "name"), ALL_FILES)
def test_an_empty_collection_is_a_file_too(empty, make, what, name) -> None:  # type: ignore[no-untyped-def]
    made = make(empty, what, name)
    assert made.content
    assert made.count == {"townships": 4, "districts": 1}.get(what, 0)


@pytest.mark.parametrize("crs", ["CRS84", "EPSG:4490", "EPSG:4546", "EPSG:4525", "EPSG:3857",
                                 "GCJ-02"])  # fmt: skip
@pytest.mark.parametrize("ending", Format)
def test_each_format_takes_the_systems_it_can_hold(answer, make, crs, ending) -> None:  # type: ignore[no-untyped-def]
    degrees = crs in {"CRS84", "EPSG:4490"}
    fits = degrees or (
        ending is not Format.KML and (ending is not Format.GEOJSON or crs == "GCJ-02")
    )
    if not fits:
        with pytest.raises(QueryError, match=r"请导出 \.gpkg"):
            make(answer, "facilities", f"x{ending}", crs)
        return
    made = make(answer, "facilities", f"x{ending}", crs)
    told = orjson.loads(made.manifest)["coordinates"]
    assert told["id"] == crs
    assert (told["warning"] is None) == (crs != "GCJ-02")
    assert ("600 米" in made.notes.decode()) == (crs == "GCJ-02")


@pytest.mark.parametrize(
    ("what", "name", "words"),
    [
        ("facilities", "x.shp", ".zip"),
        ("facilities", "x", "看不出格式"),
        ("facilities", "/vsizip/x.vrt", "看不出格式"),
        ("ledger", "x.csv", "只能导出为 .xlsx"),
    ],
)
def test_other_endings_are_refused_with_the_way_out(what: str, name: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        format_of(what, name)


def test_service_areas_go_out_in_every_format(answer, make, ogr, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    counts = set()
    for ending in Format:
        made = make(answer, "service_areas", f"x{ending}")
        counts.add(made.count)
        assert made == make(answer, "service_areas", f"x{ending}")
        fields = orjson.loads(made.manifest)["fields"]
        assert {"on", "caliber", "surface", "travel"} <= {field["name"] for field in fields}
        if ending in {Format.GEOPACKAGE, Format.GEOJSON, Format.KML}:
            (tmp_path / f"x{ending}").write_bytes(made.content)
            assert f"Feature Count: {made.count}" in ogr("-al", "-so", tmp_path / f"x{ending}")
    assert len(counts) == 1
    assert counts.pop() > 0


@pytest.mark.parametrize("ending", [Format.GEOPACKAGE, Format.SHAPEFILE, Format.CSV])
def test_sites_go_out_with_their_proof(demo, make, ogr, tmp_path: Path, ending: Format) -> None:  # type: ignore[no-untyped-def]
    made = make(demo, "sites", f"x{ending}", "EPSG:4546")
    assert made.count == 20
    told = orjson.loads(made.manifest)
    assert told["demonstration"] is True
    names = {field["name"] for field in told["fields"]}
    assert {"programme_zh", "newly_youth", "is_optimal", "newly_covered"} <= names
    assert "longitude" not in names, "the geometry says it"
    if ending is Format.GEOPACKAGE:
        (tmp_path / "x.gpkg").write_bytes(made.content)
        assert "Feature Count: 20" in ogr("-al", tmp_path / "x.gpkg", "sites")


def test_no_figure_of_the_service_is_lost_on_the_way(answer, make) -> None:  # type: ignore[no-untyped-def]
    flat = {field["name"]: field for field in orjson.loads(
        make(answer, "townships", "x.csv").manifest)["fields"]}  # fmt: skip
    nested = orjson.loads(make(answer, "townships", "x.geojson").content)["features"][0][
        "properties"
    ]
    for name, value in nested.items():
        if not isinstance(value, dict):
            assert name in flat
    assert {f"coverage_rate_{group}" for group in nested["coverage_rate"]} <= set(flat)
    assert {f"rank_{name}" for name in nested["ranks"]} <= set(flat)


def test_rates_of_audiences_stand_flat_by_group(answer) -> None:  # type: ignore[no-untyped-def]
    frame = COLLECTIONS["townships"].make(answer)
    rates = {"youth": {"any-hall": 0.5, "library": 0.1}, "seniors": {"any-base": None}}
    frame["coverage_rate_by_audience"] = [rates] * len(frame)
    system = systems(answer.data.measuring_crs)["CRS84"]
    rows = make_layer("townships", frame, system).rows
    assert rows["coverage_rate_youth_hall"].tolist() == [0.5] * len(frame)
    assert "coverage_rate_seniors_base" not in rows


def test_coverage_if_people_were_spread_evenly_stands_flat_by_group(answer) -> None:  # type: ignore[no-untyped-def]
    frame = COLLECTIONS["townships"].make(answer)
    system = systems(answer.data.measuring_crs)["CRS84"]
    assert frame["even_coverage_rate"].to_list() == [{}] * len(frame), "nothing better is known"
    assert not [name for name in make_layer("townships", frame, system).rows if "even" in name]
    frame["even_coverage_rate"] = [{"base": 0.25, "hall": None}] * len(frame)
    rows = make_layer("townships", frame, system).rows
    assert rows["even_coverage_rate_base"].tolist() == [0.25] * len(frame)
    assert rows["even_coverage_rate_hall"].isna().all()
    assert short_name("even_coverage_rate_base") == "even_base"


def test_a_ledger_in_metres_and_a_foreign_zone_are_refused(answer, make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(QueryError, match=r"facilities 的 \.csv"):
        make(answer, "ledger", "x.xlsx", "EPSG:4546")
    with pytest.raises(QueryError, match="EPSG:4546, EPSG:4525"):
        make(answer, "facilities", "x.gpkg", "EPSG:4547")
    assert list(systems(answer.data.measuring_crs))[2:4] == ["EPSG:4546", "EPSG:4525"]
    assert EXPORTABLE[-1] == "ledger"


def test_villages_without_a_position_are_counted_in_the_notes(guarded, make) -> None:  # type: ignore[no-untyped-def]
    made = make(guarded(Profile.INTERNAL), "villages", "v.csv")
    frame = COLLECTIONS["villages"].make(guarded(Profile.INTERNAL))
    without = int(frame.geometry.isna().sum())
    told = orjson.loads(made.manifest)["remarks"]
    assert [row["zh"] for row in told] == (
        [f"其中 {without} 个没有位置（坐标为空），地图上看不到。"] if without else []
    )
    assert made.remarks == told


def test_a_file_of_areas_has_nothing_to_remark(guarded, make) -> None:  # type: ignore[no-untyped-def]
    assert make(guarded(Profile.INTERNAL), "townships", "t.csv").remarks == []
