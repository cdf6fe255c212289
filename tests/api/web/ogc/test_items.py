import json
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from geojson_pydantic import FeatureCollection

NAMES = ("facilities", "townships", "villages", "gaps", "service_areas", "districts")
SHOWN = [f"f{number:02d}" for number in range(1, 16) if number != 10]
"""All but the one that waits for verification."""
ON = "on=2025-12-31"


@pytest.mark.parametrize("name", NAMES)
def test_items_are_rfc_7946_and_carry_their_marks(client: TestClient, name: str) -> None:
    answer = client.get(f"/collections/{name}/items?{ON}")
    assert answer.headers["content-type"] == "application/geo+json"
    body = answer.json()
    FeatureCollection(type=body["type"], features=body["features"])
    assert "crs" not in body
    assert body["numberReturned"] == len(body["features"])
    marks = body["kepu"]
    assert marks["on"] == "2025-12-31"
    assert marks["demonstration"] is False
    assert marks["map"]["schematic"] is True
    assert marks["sources"][0]["source_id"] == "toy-map"
    assert marks["scenario"]["digest"]


def test_paging_goes_through_all_once(client: TestClient) -> None:
    address, seen = f"/collections/facilities/items?{ON}&limit=4", []
    while address:
        body = client.get(address).json()
        assert body["numberMatched"] == 14
        seen += [feature["id"] for feature in body["features"]]
        address = {link["rel"]: link["href"] for link in body["links"]}.get("next", "")
    assert seen == SHOWN


def test_links_keep_the_question_and_pin_the_date(client: TestClient) -> None:
    body = client.get("/collections/facilities/items?group=hall&limit=2&caliber=A").json()
    following = next(link["href"] for link in body["links"] if link["rel"] == "next")
    asked = parse_qs(urlsplit(following).query)
    assert asked["group"] == ["hall"]
    assert asked["caliber"] == ["A"]
    assert asked["offset"] == ["2"]
    assert asked["on"] == [body["kepu"]["on"]]
    assert asked["known"] == ["1"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("kind=library", ["f03"]),
        ("group=service_centre", ["f06", "f15"]),
        ("township=430599002", ["f02", "f05"]),
        ("township=430599999", []),
        ("township=1", []),
        ("group=hall&township=430599101", ["f12", "f13"]),
        ("offset=13", ["f15"]),
        ("offset=14", []),
        ("bbox=111.0,27.2,111.02,27.22&kind=science_museum", ["f01"]),
        ("bbox=0,0,1,1", []),
    ],
)
def test_filters(client: TestClient, query: str, ids: list[str]) -> None:
    body = client.get(f"/collections/facilities/items?{ON}&{query}").json()
    assert [feature["id"] for feature in body["features"]] == ids


BAD = [
    "limit=0", "limit=-1", "limit=1e9", "limit=x", "limit=", "offset=-1",
    "offset=99999999999999999999", "bbox=", "bbox=1,2,3", "bbox=2,2,1,1", "bbox=nan,0,1,1",
    "bbox=1,2,3,4,5", "bbox=170,1,-170,2", "bbox=1,1,1,1,1,1,1", "kind=gym",
    "kind=%00", "kind='--", "group=x",
    "on=2025-13-01", "on=2025-02-30", "on=20251231", "on=1735603200",
    "on=1900-01-01", "on=", "caliber=D", "caliber=b", "scope=none", "denominator=resident-1999",
    "denominator=x", "denominator=resident-２０２０", "lang=fr", "unknown=1", "limit=1&nope=2",
    "kind=" + "a" * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("query", BAD)
@pytest.mark.parametrize("name", ["facilities", "gaps"])
def test_odd_parameters_answer_400(client: TestClient, name: str, query: str) -> None:
    answer = client.get(f"/collections/{name}/items?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == 400
    assert body["title"] == "请求参数有误"
    assert body["detail"]
    assert len(answer.content) < 5_000


def test_problems_in_english(client: TestClient) -> None:
    body = client.get("/collections/facilities/items?kind=gym&lang=en").json()
    assert body["title"] == "Bad request"
    assert body["detail"].startswith("There is no such kind; usable: science_base,")


@pytest.mark.parametrize("path", ["/collections/x/items", "/nowhere", "/static/../api/app.py",
                                  "/static/..%2fapp.py", "/static/x.js"])  # fmt: skip
def test_what_is_not_there_answers_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    for leak in ("Traceback", "site-packages", "sqlite", "/home", "/root"):
        assert leak not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(client: TestClient, method: str) -> None:
    for path in ("/study", "/collections/facilities/items", "/"):
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["content-type"] == "application/problem+json"


def test_gdal_reads_the_service(served_toy) -> None:  # type: ignore[no-untyped-def]
    """GDAL, as another agency's client, reads the features from the address."""
    url = f"{served_toy.url}/collections/townships/items?{ON}"
    done = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-so", f"GeoJSON:{url}"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if "libcurl" in done.stderr:
        pytest.skip("this GDAL has no curl")
    assert "Feature Count: 4" in done.stdout, done.stderr
    assert "area_per_10k_m2: Real" in done.stdout


def test_the_same_question_gives_the_same_bytes(client: TestClient) -> None:
    address = f"/collections/gaps/items?{ON}&limit=1000"
    first, second = client.get(address).content, client.get(address).content
    assert first == second
    json.loads(first)


def test_a_day_still_to_come_is_told(client: TestClient) -> None:
    path = "/collections/facilities/items"
    for asked in ("datetime=2050-01-01", "on=2050-01-01", "datetime=2020-01-01/2050-01-01"):
        body = client.get(f"{path}?{asked}").json()
        assert "2050-01-01" in body["note"]["zh"]
        assert "no forecast" in body["note"]["en"]
    one = client.get(f"{path}/f01?datetime=2050-01-01").json()
    assert "2050-01-01" in one["note"]["zh"]
    page = client.get(f"{path}?datetime=2050-01-01", headers={"accept": "text/html"})
    assert "2050-01-01 尚未到来" in page.text
    for asked in ("", "?datetime=2024-12-31", "?datetime=2024-12-31/.."):
        assert "note" not in client.get(path + asked).json()
    assert client.get(f"{path}?datetime=2101-01-01").status_code == 400
