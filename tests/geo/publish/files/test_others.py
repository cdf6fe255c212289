"""GeoJSON, KML, CSV and workbooks as those who get them read them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import orjson
import pytest
import shapely
from geojson_pydantic import FeatureCollection
from hypothesis import given
from hypothesis import strategies as st

from geo.core.datum import from_gcj02
from geo.publish.files.csv_file import csv_bytes
from geo.publish.files.texts import cut_to_bytes, for_xml

COLLECTIONS = ("facilities", "townships", "villages", "gaps", "districts")
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.mark.parametrize("what", COLLECTIONS)
@pytest.mark.parametrize("crs", ["CRS84", "EPSG:4490", "GCJ-02"])
def test_geojson_is_rfc_7946(answer, make, what, crs) -> None:  # type: ignore[no-untyped-def]
    body = orjson.loads(make(answer, what, "x.geojson", crs).content)
    FeatureCollection(type=body["type"], features=body["features"])
    assert "crs" not in body
    assert body["kepu"]["coordinates"]["id"] == crs
    assert ("warning" in body) == (crs == "GCJ-02")
    for feature in body["features"]:
        if feature["geometry"] is None:
            continue
        shape = shapely.from_geojson(orjson.dumps(feature["geometry"]))
        numbers = shapely.get_coordinates(shape)
        assert (np.abs(numbers - numbers.round(7)) < 1e-12).all()
        for polygon in shapely.get_parts(shape):
            if polygon.geom_type == "Polygon":
                assert polygon.exterior.is_ccw
                assert not any(ring.is_ccw for ring in polygon.interiors)


def test_gcj02_is_shifted_and_comes_back(answer, make) -> None:  # type: ignore[no-untyped-def]
    body = orjson.loads(make(answer, "facilities", "x.geojson", "GCJ-02").content)
    place = next(f for f in body["features"] if f["id"] == "f01")["geometry"]["coordinates"]
    true = answer.facilities.geometry["f01"]
    assert abs(place[0] - true.x) > 0.003
    assert [float(value) for value in from_gcj02(*place)] == pytest.approx(
        [true.x, true.y], abs=1e-7
    )


@pytest.mark.parametrize("what", COLLECTIONS)
def test_gdal_reads_kml(answer, make, ogr, tmp_path: Path, what) -> None:  # type: ignore[no-untyped-def]
    made = make(answer, what, "x.kml")
    (tmp_path / "x.kml").write_bytes(made.content)
    assert f"Feature Count: {made.count}" in ogr("-al", "-so", tmp_path / "x.kml")


def test_kml_shows_chinese_names_and_escapes_the_rest(hostile, make) -> None:  # type: ignore[no-untyped-def]
    root = ElementTree.fromstring(make(hostile, "facilities", "x.kml").content)
    shown = {field.get("name"): field.findtext(f"{KML}displayName")
             for field in root.iter(f"{KML}SimpleField")}  # fmt: skip
    assert shown["exhibition_area_m2"] == "展厅面积（m²）"
    names = [place.findtext(f"{KML}name") for place in root.iter(f"{KML}Placemark")]
    expected = [for_xml(name) for name in hostile.facilities.sort_index()["name"]]
    assert names == expected
    assert "内部工作用图 不得公开" in (root.findtext(f".//{KML}description") or "")


def test_csv_is_what_excel_expects(hostile, make) -> None:  # type: ignore[no-untyped-def]
    content = make(hostile, "facilities", "x.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    names = dict(zip((row["设施编号 facility_id"] for row in rows),
                     (row["名称 name"] for row in rows), strict=True))  # fmt: skip
    for key, name in hostile.facilities["name"].items():
        assert names[key] in (name, f"'{name}")
        assert not names[key].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert rows[-1]["经度 longitude"] == ""
    assert float(rows[0]["经度 longitude"]) == pytest.approx(
        hostile.facilities.geometry["h00"].x, abs=1e-7
    )


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")),
                min_size=1))  # fmt: skip
def test_any_text_comes_back_from_csv(texts: list[str]) -> None:
    content = csv_bytes(["a"], [[text] for text in texts]).decode("utf-8-sig")
    found = [row[0] for row in csv.reader(io.StringIO(content, newline=""))][1:]
    assert [
        text in (got, got.removeprefix("'")) for text, got in zip(texts, found, strict=True)
    ] == [True] * len(texts)


@given(st.text(st.characters(exclude_categories=("Cs",))), st.integers(0, 40))
def test_a_cut_text_begins_the_whole_and_fits(text: str, size: int) -> None:
    short = cut_to_bytes(text, size, "gb18030")
    assert text.startswith(short)
    assert len(short.encode("gb18030")) <= size
    rest = text[len(short) : len(short) + 1]
    assert not rest or len((short + rest).encode("gb18030")) > size


@pytest.mark.parametrize("what", COLLECTIONS)
def test_areas_are_wkt_in_csv(answer, make, what) -> None:  # type: ignore[no-untyped-def]
    content = make(answer, what, "x.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == make(answer, what, "x.csv").count
    texts = [row["几何（CRS84） wkt"] for row in rows] if what != "facilities" else []
    assert all(shapely.from_wkt(text).is_valid for text in texts if text)
    if what in {"townships", "districts"}:
        assert all(texts)


@pytest.mark.parametrize("what", COLLECTIONS)
def test_workbooks_keep_text_as_text(hostile, answer, make, what) -> None:  # type: ignore[no-untyped-def]
    for one in (answer, hostile):
        made = make(one, what, "x.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(made.content))
        sheet = book.worksheets[0]
        assert sheet.freeze_panes == "C2"
        assert sheet.max_row == made.count + 1
        assert book.sheetnames[1:] == ["字段", "说明"]
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                assert cell.data_type != "f", cell.value
