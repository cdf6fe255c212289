"""Shapefiles: GB18030 that GDAL reads, names that fit, texts cut between characters."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import orjson
import pytest
import shapefile
import shapely

from geo.core.fields import FILE_TABLES, SHORT_NAMES


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_short_names_fit_and_are_unique() -> None:
    for table in FILE_TABLES.values():
        short = [SHORT_NAMES[column.name] for column in table.columns]
        assert len({name.lower() for name in short}) == len(short), table.name
        for name in short:
            assert name.isascii()
            assert name.isidentifier()
            assert len(name) <= 10


@pytest.mark.parametrize("what", ["facilities", "townships", "gaps", "districts"])
@pytest.mark.parametrize("crs", ["CRS84", "EPSG:4546", "EPSG:4525"])
def test_gdal_reads_chinese_and_the_system(answer, make, ogr, tmp_path: Path, what, crs) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "x.zip"
    made = make(answer, what, "x.zip", crs)
    path.write_bytes(made.content)
    told = ogr("-al", f"/vsizip/{path}/{what}.shp")
    assert f"Feature Count: {made.count}" in told
    assert {"facilities": "科技馆", "townships": "城东街道", "gaps": "科普展馆",
            "districts": "玩具区"}[what] in told  # fmt: skip
    words = {"CRS84": "WGS 84", "EPSG:4546": "CM 111E", "EPSG:4525": "zone 37"}[crs]
    assert words in told


def test_what_lies_in_the_zip(answer, make) -> None:  # type: ignore[no-untyped-def]
    members = _members(make(answer, "facilities", "别的名字.zip").content)
    assert list(members) == [
        "facilities.shp", "facilities.shx", "facilities.dbf", "facilities.cpg",
        "facilities.prj", "字段对照表.csv", "说明.txt",
    ]  # fmt: skip
    assert members["facilities.cpg"] == b"GB18030"
    assert members["facilities.prj"].startswith(b'GEOGCS["GCS_WGS_1984"')
    rows = list(csv.reader(io.StringIO(members["字段对照表.csv"].decode("utf-8-sig"))))
    with shapefile.Reader(dbf=io.BytesIO(members["facilities.dbf"]), encoding="gb18030") as opened:
        assert [row[0] for row in rows[1:]] == [field.name for field in opened.fields[1:]]
    assert [
        "exh_m2",
        "exhibition_area_m2",
        "展厅面积",
        "Exhibition area",
        "m²",
        "小数 real",
    ] in rows
    assert "内部工作用图 不得公开" in members["说明.txt"].decode("utf-8-sig")


def test_gcj02_has_no_projection_and_says_why(answer, make) -> None:  # type: ignore[no-untyped-def]
    members = _members(make(answer, "facilities", "x.zip", "GCJ-02").content)
    assert "facilities.prj" not in members
    assert "600 米" in members["说明.txt"].decode("utf-8-sig")


def test_points_and_areas_become_two(answer, make) -> None:  # type: ignore[no-untyped-def]
    members = _members(make(answer, "villages", "x.zip").content)
    for part, kinds in (
        ("point", [shapefile.POINT, shapefile.NULL]),
        ("area", [shapefile.POLYGON]),
    ):
        files = {
            end: io.BytesIO(members[f"villages_{part}.{end}"]) for end in ("shp", "shx", "dbf")
        }
        with shapefile.Reader(**files, encoding="gb18030") as opened:
            assert [shape.shapeType for shape in opened.shapes()] == kinds


def test_outer_rings_go_clockwise(answer, make) -> None:  # type: ignore[no-untyped-def]
    members = _members(make(answer, "townships", "x.zip").content)
    files = {end: io.BytesIO(members[f"townships.{end}"]) for end in ("shp", "shx", "dbf")}
    with shapefile.Reader(**files, encoding="gb18030") as opened:
        for shape in opened.shapes():
            assert not shapely.LinearRing(shape.points).is_ccw


def test_hostile_texts_are_cut_between_characters_and_told(hostile, make) -> None:  # type: ignore[no-untyped-def]
    made = make(hostile, "facilities", "x.zip")
    members = _members(made.content)
    with shapefile.Reader(dbf=io.BytesIO(members["facilities.dbf"]), encoding="gb18030") as opened:
        rows = [record.as_dict() for record in opened.records()]
    names = {row["fac_id"]: row["name"] for row in rows}
    assert names["h06"] == "科" * 127
    assert names["h07"] == "🏛️👩‍🔬 𠮷野"
    assert names["h05"] == "一行 两行"
    cut = {row["column"]: row["rows_cut"] for row in orjson.loads(made.manifest)["texts_cut"]}
    assert cut == {"name": 1, "note": 1}
    last = rows[-1]
    assert (last["fac_id"], last["exh_m2"], last["open_pub"], last["opened_on"]) == (
        "h99", None, None, None,
    )  # fmt: skip
    assert rows[1]["exh_m2"] == pytest.approx(1 / 3, abs=1e-6)
