"""What clients ask of items: systems, boxes, days, filters, order, parts, and what changed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from pyproj import Transformer

from api.settings import Settings
from api.web.app import create_app
from geo.core.district import DistrictData
from geo.store import LoadRecord, Store, create_store

ITEMS = "/collections/facilities/items"
ON = "on=2025-12-31"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def _ids(client: TestClient, query: str, items: str = ITEMS) -> list[str]:
    answer = client.get(f"{items}?{query}")
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


@pytest.mark.parametrize(
    ("code", "north_first"), [("4490", True), ("4546", True), ("4525", True), ("3857", False)]
)
def test_numbers_stand_in_the_order_of_the_systems_axes(
    client: TestClient, code: str, north_first: bool
) -> None:
    degrees = client.get(f"{ITEMS}/f01?{ON}").json()["geometry"]["coordinates"]
    answer = client.get(f"{ITEMS}/f01?{ON}&crs={EPSG}{code}")
    assert answer.headers["content-crs"] == f"<{EPSG}{code}>"
    # pyproj's own order is that of the authority, where it is not told otherwise.
    expected = Transformer.from_crs("EPSG:4490", f"EPSG:{code}").transform(*degrees[::-1])
    assert answer.json()["geometry"]["coordinates"] == pytest.approx(expected, abs=2e-3)
    east = Transformer.from_crs(4490, int(code), always_xy=True).transform(*degrees)[0]
    assert expected[1 if north_first else 0] == pytest.approx(east)


def test_longitude_and_latitude_unless_asked(client: TestClient) -> None:
    answer = client.get(f"{ITEMS}/f01?{ON}")
    assert answer.headers["content-crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert 111 < answer.json()["geometry"]["coordinates"][0] < 112


def test_a_box_in_metres_is_as_one_drawn_on_the_ground(client: TestClient) -> None:
    # Townships A and B: north 3,010,000 to 3,014,000; the corner of f01 at (1, 1) km and f03.
    box = "3010500,500500,3012500,502500"
    asked = f"{ON}&bbox={box}&bbox-crs={EPSG}4546"
    assert _ids(client, asked) == ["f01", "f03"]
    zoned = f"{ON}&bbox=3010500,37500500,3012500,37502500&bbox-crs={EPSG}4525"
    assert _ids(client, zoned) == ["f01", "f03"]
    # The same numbers in the order of a map's axes lie elsewhere.
    assert _ids(client, f"{ON}&bbox=500500,3010500,502500,3012500&bbox-crs={EPSG}4546") == []


@pytest.mark.parametrize(
    ("when", "there", "gone"),
    [
        ("2019-12-31", [], ["f01", "f02"]),
        ("2020-01-01", ["f01"], ["f02"]),
        ("2023-07-01", ["f01", "f02"], ["f09"]),
        ("2023-04-30", ["f01", "f09"], ["f02"]),
        ("2023-04-30T16:00:00Z", ["f01"], ["f02", "f09"]),
        ("2023-01-01/2023-12-31", ["f01", "f02", "f09"], []),
        ("../2019-12-31", [], ["f01", "f02"]),
        ("2023-05-01/..", ["f01", "f02"], ["f09"]),
    ],
)
def test_datetime_answers_with_the_ledger_as_of_then(
    client: TestClient, when: str, there: list[str], gone: list[str]
) -> None:
    found = _ids(client, f"datetime={when}")
    assert set(there) <= set(found)
    assert not set(gone) & set(found)
    assert "f04" in found, "what is not known of opening does not leave a facility out"


def test_datetime_is_the_date_of_every_figure(client: TestClient) -> None:
    body = client.get(f"{ITEMS}?datetime=2022-01-01/2022-12-31").json()
    assert body["kepu"]["on"] == "2022-12-31"
    assert client.get(f"{ITEMS}?datetime=2022-12-31&{ON}").status_code == 400


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("kind = 'library'", ["f03"]),
        ("exhibition_area_m2 BETWEEN 80 AND 120 AND kind <> 'science_base'", ["f02", "f13"]),
        ("floor_area_m2 IS NOT NULL", ["f01", "f03", "f05"]),
        ("opened_on > DATE('2021-01-01')", ["f02"]),
        ("S_INTERSECTS(geometry, POINT(0 0))", []),
        ("name LIKE '%museum%'", ["f01", "f05"]),
        ("township_name = '河西镇' AND NOT open_to_public = FALSE", ["f04", "f12", "f13", "f15"]),
    ],
)
def test_filters_in_cql2(client: TestClient, text: str, ids: list[str]) -> None:
    assert _ids(client, f"{ON}&filter={quote(text)}") == ids


def test_filters_in_json_and_beside_other_parameters(client: TestClient) -> None:
    text = '{"op":"=","args":[{"property":"group"},"hall"]}'
    asked = f"{ON}&filter-lang=cql2-json&filter={quote(text)}&township=430599101"
    assert _ids(client, asked) == ["f12", "f13"]
    assert _ids(client, f"{ON}&filter={quote(chr(39))}a{quote(chr(39))}=name") == []


def test_a_shape_in_a_filter_may_stand_in_another_system(client: TestClient) -> None:
    shape = "POLYGON((3010500 500500,3010500 502500,3012500 502500,3012500 500500,3010500 500500))"
    text = quote(f"S_WITHIN(geometry, {shape})")
    assert _ids(client, f"{ON}&filter={text}&filter-crs={EPSG}4546") == ["f01", "f03"]


@pytest.mark.parametrize(
    "query",
    ["filter=foo%3D1", "filter=contact%3D'x'", "filter=", "filter=1", "filter=kind",
     "filter-lang=sql", "filter=" + "NOT%20" * 400 + "TRUE", "filter=" + "a" * 3_000,
     "filter=kind%3D1",
     "filter=" + quote(" AND ".join(["kind = 'library'"] * 1_000)), "filter=" + "(" * 100,
     "filter=%7B&filter-lang=cql2-json", "filter=%00", "filter=kind='a'&filter-crs=EPSG:1",
     "crs=EPSG:9999", "crs=", "bbox=1,2,3,4&bbox-crs=x", "sortby=contact", "sortby=",
     "sortby=kind,kind", "sortby=a,b,c,d,e,f", "properties=contact", "properties=nope",
     "skipGeometry=perhaps", "datetime=2025-02-30", "datetime=yesterday", "datetime=..",
     "datetime=../..", "datetime=2025-01-02/2025-01-01", "datetime=2025-01-01T00:00:00",
     "floor_area_m2=many", "opened_on=soon", "open_to_public=1", "designations=x", "known=0",
     "bbox=9e99,9e99,9e99,9e99&bbox-crs=EPSG:4546"],
)  # fmt: skip
def test_odd_questions_answer_400(client: TestClient, query: str) -> None:
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    for leak in ("Traceback", "site-packages", "SELECT", "/work", "pyo3", "pest"):
        assert leak not in answer.text


def test_a_fault_does_not_tell_whether_a_property_is_kept_back(client: TestClient) -> None:
    told = [
        client.get(f"{ITEMS}?filter={name}%3D'x'").json()["detail"].replace(name, "*")
        for name in ("contact", "nonsense")
    ]
    assert told[0] == told[1]


def test_order_and_its_unknowns(client: TestClient) -> None:
    areas = {"f01": 300, "f12": 200, "f14": 150, "f13": 120, "f02": 100}
    found = _ids(client, f"{ON}&sortby=-exhibition_area_m2")
    assert [key for key in found if key in areas] == list(areas)
    assert found[-2:] == ["f05", "f06"], "unknown comes last, equals by id"
    assert _ids(client, f"{ON}&sortby=exhibition_area_m2")[-2:] == ["f05", "f06"]
    by_two = _ids(client, f"{ON}&sortby=%2Bgroup,-name")
    assert by_two[:2] == ["f04", "f15"] or by_two[0] == "f04"
    every = _ids(client, f"{ON}&sortby=opened_on")
    assert every[:2] == ["f01", "f02"]


def test_parts_of_features(client: TestClient) -> None:
    body = client.get(f"{ITEMS}?{ON}&properties=name,kind&limit=2&skipGeometry=true").json()
    for feature in body["features"]:
        assert list(feature["properties"]) == ["name", "kind"]
        assert feature["geometry"] is None


def test_who_has_the_answer_is_told_so(client: TestClient) -> None:
    for path in (ITEMS, f"{ITEMS}/f01", "/collections", "/collections/gaps"):
        first = client.get(f"{path}?{ON}")
        tag = first.headers["etag"]
        again = client.get(f"{path}?{ON}", headers={"if-none-match": f'"x", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert client.get(f"{path}?{ON}&lang=en").headers["etag"] != tag
        other = client.get(f"{path}?{ON}", headers={"if-none-match": '"x"'})
        assert other.status_code == 200


def test_answers_travel_compressed(client: TestClient) -> None:
    answer = client.get(f"{ITEMS}?{ON}", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]


def test_more_than_a_page_holds_is_given_a_page(client: TestClient) -> None:
    body = client.get(f"{ITEMS}?{ON}&limit=1000000000").json()
    assert body["numberReturned"] == 14
    assert all("limit=10000" in link["href"] for link in body["links"][:1])


@pytest.fixture
def changing(toy: DistrictData, tmp_path: Path) -> Iterator[tuple[TestClient, Store]]:
    with create_store(tmp_path / "s.gpkg") as store:
        now = datetime.now(UTC)
        store.replace_district(toy, LoadRecord(now, "a.xlsx", "0" * 64, "district", 15))
        with TestClient(create_app(store, Settings())) as opened:
            yield opened, store


def test_pages_of_one_answer_belong_together_over_an_import(
    changing: tuple[TestClient, Store], toy: DistrictData
) -> None:
    client, store = changing
    first = client.get(f"{ITEMS}?{ON}&limit=5").json()
    tag = client.get(f"{ITEMS}?{ON}").headers["etag"]
    kept = toy.facilities.drop(index=["f01", "f02", "f03"])
    store.load_facilities(
        kept, toy.designations, LoadRecord(datetime.now(UTC), "b.xlsx", "1" * 64, "facilities", 12)
    )
    seen: list[Any] = [feature["id"] for feature in first["features"]]
    links = {link["rel"]: link["href"] for link in first["links"]}
    while "next" in links:
        body = client.get(links["next"]).json()
        assert body["numberMatched"] == 14
        seen += [feature["id"] for feature in body["features"]]
        links = {link["rel"]: link["href"] for link in body["links"]}
    assert seen == [f"f{number:02d}" for number in range(1, 16) if number != 10]
    fresh = client.get(f"{ITEMS}?{ON}")
    assert fresh.json()["numberMatched"] == 11
    assert fresh.headers["etag"] != tag
    assert client.get(f"{ITEMS}?{ON}&known=99").status_code == 404
