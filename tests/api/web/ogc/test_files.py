"""Items as files: what was asked for, as ``kepu export`` writes it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyogrio
import pytest
from fastapi.testclient import TestClient

ITEMS = "/collections/facilities/items?on=2025-12-31"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def test_csv_holds_what_was_asked_for(client: TestClient) -> None:
    answer = client.get(f"{ITEMS}&f=csv&filter=exhibition_area_m2%20%3E%20150&sortby=-name")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="facilities.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf"), "so that Excel reads it"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    names = [cell for row in rows for cell in row if cell.startswith("f") and "_" in cell]
    assert names == ["f12 exhibition_hall", "f07 exhibition_hall", "f01 science_museum"]


def test_a_geopackage_opens_in_gdal(client: TestClient, tmp_path: Path) -> None:
    answer = client.get(f"{ITEMS}&f=gpkg&group=hall&limit=3&crs={EPSG}4546")
    assert answer.headers["content-type"] == "application/geopackage+sqlite3"
    path = tmp_path / "facilities.gpkg"
    path.write_bytes(answer.content)
    frame = pyogrio.read_dataframe(path, layer="facilities")
    assert len(frame) == 3
    assert frame.crs.to_epsg() == 4546
    assert frame.geometry.x.between(499_000, 510_000).all(), "east first in a file"


@pytest.mark.parametrize("form", ["csv", "gpkg"])
@pytest.mark.parametrize("name", ["facilities", "townships", "villages", "gaps", "districts"])
def test_every_collection_is_a_file_the_same_each_time(
    client: TestClient, name: str, form: str
) -> None:
    address = f"/collections/{name}/items?on=2025-12-31&f={form}"
    first, second = client.get(address), client.get(address)
    assert first.status_code == 200, first.text
    assert first.content == second.content
    again = client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_the_pages_of_a_file_are_linked(client: TestClient) -> None:
    links = client.get(f"{ITEMS}&limit=2").json()["links"]
    forms = {link["type"] for link in links if link["rel"] == "alternate"}
    assert forms == {"text/html", "text/csv", "application/geopackage+sqlite3"}
    accepted = client.get(ITEMS, headers={"accept": "text/csv"})
    assert accepted.headers["content-type"].startswith("text/csv")
    assert client.get("/collections/facilities/items/f01?f=csv").status_code == 400
