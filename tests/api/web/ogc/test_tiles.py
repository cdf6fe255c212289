"""Vector tiles as clients get them."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from fastapi.testclient import TestClient

from api.settings import Settings
from api.web.app import create_app
from api.web.tile_cache import PackedTile, TileCache
from geo.core.disclosure import VULNERABLE_DECIMALS
from geo.core.district import DistrictData
from geo.core.geojson import as_values
from geo.publish.tiles import EncodedTile, tile_of
from geo.store import LoadRecord, Store, create_store

ON = "on=2025-12-31"
LOAD = LoadRecord(datetime(2025, 3, 1, 8, tzinfo=UTC), "x", "0" * 64, "district", 3)
NAMES = ("facilities", "townships", "villages", "gaps", "service_areas", "districts")
SHOWN = {f"f{number:02d}" for number in range(1, 16) if number not in {10, 11}}
"""Verified, and with a position."""
TILE = tile_of(111.03, 27.22, 9)
PATH = f"tiles/WebMercatorQuad/{TILE.zoom}/{TILE.row}/{TILE.col}"
MVT = "application/vnd.mapbox-vector-tile"


def read(content: bytes) -> dict[str, Any]:
    layers = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    ((name, layer),) = layers.items()
    return {"name": name} | {one["properties"]["id"]: one for one in layer["features"]}


def ids(client: TestClient, query: str) -> set[str]:
    answer = client.get(f"/collections/facilities/{PATH}?{ON}&{query}")
    if answer.status_code == 204:
        assert answer.content == b""
        return set()
    assert answer.status_code == 200, answer.text
    return read(answer.content).keys() - {"name"}


@pytest.mark.parametrize("name", NAMES)
def test_a_tile_holds_the_features_of_its_collection(client: TestClient, name: str) -> None:
    answer = client.get(f"/collections/{name}/{PATH}?{ON}")
    items = client.get(f"/collections/{name}/items?{ON}&limit=1000").json()["features"]
    if not items:
        assert answer.status_code == 204
        return
    assert answer.headers["content-type"] == MVT
    found = read(answer.content)
    assert found.pop("name") == name
    placed = {one["id"]: one for one in items if one["geometry"] is not None}
    assert found.keys() == placed.keys()
    for feature_id, one in found.items():
        told = placed[feature_id]["properties"]
        scalar = {
            key: value for key, value in told.items()
            if value is not None and not isinstance(value, list | dict)
        }  # fmt: skip
        assert one["properties"] == scalar | {"id": feature_id}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", SHOWN),
        ("kind=library", {"f03"}),
        ("group=service_centre", {"f06", "f15"}),
        ("exhibition_area_m2=80", {"f04"}),
        ("filter=exhibition_area_m2>150", {"f01", "f07", "f12"}),
        ("filter=name='nowhere'", set()),
    ],
)
def test_filters_are_those_of_items(client: TestClient, query: str, expected: set[str]) -> None:
    assert ids(client, query) == expected


def test_the_ledger_as_of_a_day(client: TestClient) -> None:
    answer = client.get(f"/collections/facilities/{PATH}?datetime=2023-06-30")
    found = read(answer.content)
    assert "f02" not in found
    assert found["f04"]["properties"]["open_on_date"] is True


BAD = [
    ("tiles/WebMercatorQuad/25/0/0", 404), ("tiles/WebMercatorQuad/3/8/0", 404),
    ("tiles/WebMercatorQuad/3/0/8", 404), ("tiles/WebMercatorQuad/-1/0/0", 400),
    ("tiles/WebMercatorQuad/1/-1/0", 400), ("tiles/WebMercatorQuad/x/0/0", 400),
    ("tiles/WebMercatorQuad/1.5/0/0", 400), ("tiles/WebMercatorQuad/nan/0/0", 400),
    ("tiles/WebMercatorQuad/1/0/%00", 400), ("tiles/WebMercatorQuad/1/0/1e9", 400),
    ("tiles/WebMercatorQuad/" + "9" * 300 + "/0/0", 400), ("tiles/x/0/0/0", 404),
    ("tiles/WorldCRS84Quad", 404), ("tiles/WebMercatorQuad/0/0/0?kind=gym", 400),
    ("tiles/WebMercatorQuad/0/0/0?nope=1", 400), ("tiles/WebMercatorQuad/0/0/0?limit=1", 400),
    ("tiles/WebMercatorQuad/0/0/0?bbox=1,2,3,4", 400),
    ("tiles/WebMercatorQuad/0/0/0?contact=x", 400),
    ("tiles/WebMercatorQuad/0/0/0?filter=contact='x'", 400),
    ("tiles/WebMercatorQuad/0/0/0?filter=((((", 400),
    ("tiles/WebMercatorQuad/0/0/0?f=json", 400), ("tiles/WebMercatorQuad/0/0/0?on=x", 400),
    ("tiles/WebMercatorQuad?f=html", 400), ("tiles/WebMercatorQuad?filter=nope>1", 400),
    ("tiles/WebMercatorQuad/0/0/0?known=999", 404), ("tiles?f=xml", 400),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status"), BAD)
def test_odd_addresses_are_told_so(client: TestClient, path: str, status: int) -> None:
    answer = client.get(f"/collections/facilities/{path}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert client.get("/collections/x/tiles/WebMercatorQuad/0/0/0").status_code == 404


def test_what_is_not_accepted_is_told(client: TestClient) -> None:
    answer = client.get(f"/collections/facilities/{PATH}", headers={"accept": "image/png"})
    assert answer.status_code == 406


def test_the_same_tile_is_not_sent_twice_and_travels_compressed(client: TestClient) -> None:
    address = f"/collections/townships/{PATH}?{ON}"
    first = client.get(address, headers={"accept-encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    plain = client.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == first.content
    tag = {"if-none-match": first.headers["etag"]}
    assert client.get(address, headers=tag).status_code == 304


def test_a_new_ledger_gives_new_tiles(toy: DistrictData, tmp_path: Path) -> None:
    with create_store(tmp_path / "x.gpkg") as store:
        store.replace_district(toy, LOAD)
        with TestClient(create_app(store, Settings())) as client:
            assert "f01" in ids(client, "")
            store.replace_facilities(toy.facilities.drop(index="f01"), toy.designations, LOAD)
            assert "f01" not in ids(client, "")
            assert "f01" in ids(client, "known=1")


# The documents


def links(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {link["rel"].rsplit("/", 1)[-1]: link for link in found["links"]}


def test_from_the_landing_page_to_a_tile(client: TestClient) -> None:
    landing = client.get("/?f=json").json()
    schemes = client.get(links(landing)["tiling-schemes"]["href"]).json()
    assert [row["id"] for row in schemes["tileMatrixSets"]] == ["WebMercatorQuad"]
    definition = client.get(links(schemes["tileMatrixSets"][0])["tiling-scheme"]["href"]).json()
    assert definition["tileMatrices"][9]["matrixWidth"] == 512
    collection = client.get("/collections/facilities").json()
    listed = client.get(links(collection)["tilesets-vector"]["href"]).json()
    (tileset,) = listed["tilesets"]
    assert (tileset["dataType"], tileset["tileMatrixSetURI"]) == ("vector", definition["uri"])
    told = client.get(links(tileset)["self"]["href"]).json()
    assert told["crs"] == definition["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    item = links(told)["item"]
    assert item["templated"] is True
    address = item["href"].format(tileMatrix=TILE.zoom, tileRow=TILE.row, tileCol=TILE.col)
    found = read(client.get(address).content)
    assert found.pop("name") == told["layers"][0]["id"]
    known = told["layers"][0]["propertiesSchema"]["properties"]
    assert all(one["properties"].keys() <= known.keys() for one in found.values())
    assert "contact" not in known
    classes = client.get("/conformance?f=json").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt" in classes


def test_tilejson_leads_to_the_same_tiles_and_carries_the_question_on(client: TestClient) -> None:
    told = client.get(
        f"/collections/facilities/tiles/WebMercatorQuad?f=tilejson&{ON}&kind=library"
    ).json()
    assert told["tilejson"] == "3.0.0"
    west, south, east, north = told["bounds"]
    assert 111 < west < east < 111.2
    assert 27 < south < north < 27.4
    (layer,) = told["vector_layers"]
    assert layer["fields"]["exhibition_area_m2"] == "Number"
    address = told["tiles"][0].format(z=TILE.zoom, y=TILE.row, x=TILE.col)
    found = read(client.get(address).content)
    assert found.keys() == {"name", "f03"}
    assert found["f03"]["properties"].keys() <= layer["fields"].keys()


# What the public may know


def test_a_tile_tells_no_more_than_the_items(
    toy: DistrictData, make_toy: Any, make_facility: Any, place: Any, tmp_path: Path
) -> None:
    secret = "天机不可泄露"
    rows = [
        make_facility("h1", "childrens_home", place(1.23, 1.23), address=secret, contact=secret),
        make_facility("p1", "library", place(2, 2), verification="pending", name=secret),
        make_facility("v1", "library", place(2, 2), note=secret, department="13812345678"),
    ]
    with create_store(tmp_path / "x.gpkg") as store:
        store.replace_district(make_toy(rows), LOAD)
        with TestClient(create_app(store, Settings())) as client:
            for zoom in (0, 9, 14, 20):
                for one in client.get(f"/collections/facilities/items?{ON}").json()["features"]:
                    tile = tile_of(*one["geometry"]["coordinates"], zoom)
                    address = f"tiles/WebMercatorQuad/{zoom}/{tile.row}/{tile.col}"
                    answer = client.get(f"/collections/facilities/{address}?{ON}")
                    assert answer.status_code == 200
                    for hidden in (secret.encode(), b"p1", b"13812345678"):
                        assert hidden not in answer.content
            # The home lies on the rounded place, however close one looks.
            home = client.get(f"/collections/facilities/items/h1?{ON}").json()
            lon, lat = home["geometry"]["coordinates"]
            assert (round(lon, VULNERABLE_DECIMALS), round(lat, VULNERABLE_DECIMALS)) == (lon, lat)
            tile = tile_of(lon, lat, 22)
            address = f"tiles/WebMercatorQuad/22/{tile.row}/{tile.col}"
            assert "h1" in read(client.get(f"/collections/facilities/{address}?{ON}").content)


# Other people's readers


def test_gdal_reads_a_tile(client: TestClient, tmp_path: Path) -> None:
    if shutil.which("ogrinfo") is None and not os.environ.get("CI"):
        pytest.skip("GDAL's programs are not installed")
    answer = client.get(f"/collections/townships/{PATH}?{ON}")
    saved = tmp_path / "tile.mvt"
    saved.write_bytes(answer.content)
    options = [f"-oo=X={TILE.col}", f"-oo=Y={TILE.row}", f"-oo=Z={TILE.zoom}"]
    options = [part for option in options for part in option.split("=", 1)]
    done = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", "-t_srs", "EPSG:4326", *options,
         f"MVT:{saved}"],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == b""
    found = {one["properties"]["id"]: one for one in as_values(done.stdout)["features"]}
    items = client.get(f"/collections/townships/items?{ON}").json()["features"]
    assert found.keys() == {one["id"] for one in items}
    for one in items:
        theirs, ours = (
            shapely.geometry.shape(each["geometry"]) for each in (found[one["id"]], one)
        )
        assert theirs.symmetric_difference(ours).area < 0.03 * ours.area
        assert found[one["id"]]["properties"]["name_zh"] == one["properties"]["name_zh"]


def test_the_cache_keeps_within_its_bound() -> None:
    cache = TileCache(most_bytes=2_000)
    big = PackedTile(os.urandom(1_400), 1, truncated=False)
    cache.put("a", big)
    cache.put("b", big)
    assert cache.get("a") is None
    assert cache.get("b") is big
    cache.put("c", PackedTile(os.urandom(5_000), 1, truncated=False))
    assert cache.get("c") is None
    assert gzip.decompress(PackedTile.of(EncodedTile(b"x" * 99, 1)).packed) == b"x" * 99
    assert PackedTile.of(EncodedTile(b"", 0)).plain == b""


def test_a_tile_of_too_many_says_so(
    toy_store: Store, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.publish.tiles.source.MOST_FEATURES", 5)
    with TestClient(create_app(toy_store, Settings())) as fresh:
        answer = fresh.get(f"/collections/facilities/{PATH}?{ON}")
        assert answer.headers["kepu-truncated"].endswith(f"/{len(SHOWN)}")
        assert len(read(answer.content)) == 5 + 1
    whole = client.get(f"/collections/facilities/{PATH}?{ON}")
    assert "kepu-truncated" not in whole.headers
