"""The plan's years, charts and service areas over the web."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient


def test_the_years_by_hand(client: TestClient) -> None:
    body = client.get("/trend?on=2025-12-31").json()
    rows = {row["on"]: row["counted_area_m2"] for row in body["district"]}
    # Worked out in tests/geo/test_trend.py.
    assert [rows[f"{year}-12-31"] for year in (2021, 2022, 2023, 2025)] == [450, 530, 570, 490]
    assert body["denominator"]["id"] == "resident-2020"
    broad = client.get("/trend?on=2025-12-31&caliber=C").json()
    assert {row["on"]: row["counted_area_m2"] for row in broad["district"]}["2022-12-31"] == 610


def test_a_date_beside_the_years(client: TestClient) -> None:
    body = client.get("/trend?on=2025-12-31&since=2023-06-30").json()
    assert body["dates"][1:4] == ["2022-12-31", "2023-06-30", "2023-12-31"]
    rows = {row["on"]: row["counted_area_m2"] for row in body["district"]}
    # f09 (60 m²) closed in May 2023, f02 (100 m²) opens in July: neither, and f04 (80 m²).
    assert rows["2023-06-30"] == 300 + 40 + 50 + 80
    alone = client.get("/study?on=2023-06-30").json()
    assert rows["2023-06-30"] == alone["district"]["counted_area_m2"]
    towns = {row["township_code"]: row["coverage_rate"] for row in alone["townships"]}
    for code, of_town in body["townships"].items():
        assert of_town[2]["coverage_rate"] == towns[code]
    broad = client.get("/trend?on=2025-12-31&caliber=C&since=2023-06-30").json()
    assert broad["district"][2]["counted_area_m2"] > 470, "the date goes by the caliber asked"


def test_an_end_of_a_year_is_no_date_more(client: TestClient) -> None:
    plain = client.get("/trend?on=2025-12-31").json()
    assert client.get("/trend?on=2025-12-31&since=2022-12-31").json() == plain


@pytest.mark.parametrize(
    "since", ["1999-12-31", "2101-01-01", "2023-02-30", "2023", "1700000000", ""]
)  # fmt: skip
def test_no_date_to_compare_with(client: TestClient, since: str) -> None:
    assert client.get(f"/trend?since={since}").status_code == 400


@pytest.mark.parametrize("name", ["lorenz", "area_trend", "coverage_trend"])
def test_charts(client: TestClient, name: str) -> None:
    answer = client.get(f"/charts/{name}.svg?on=2025-12-31&lang=en")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(answer.text).tag.endswith("svg")


def test_the_demand_points(client: TestClient) -> None:
    body = client.get("/surface?on=2025-12-31").json()
    assert body["cell_m"] == 200
    lengths = {len(body[name]) for name in ("longitude", "latitude", "population")}
    assert lengths == {1_600}, "four squares of 4 km in cells of 200 m"
    assert sum(body["population"]) == pytest.approx(35_000)
    people = zip(body["population"], body["accessible_area_per_10k_m2"], strict=True)
    # 490 m² that count and 500 m² beyond the edge, all within reach.
    assert sum(n * m2 / 10_000 for n, m2 in people) == pytest.approx(990, rel=1e-2)


def test_a_chart_that_there_is_not(client: TestClient) -> None:
    assert client.get("/charts/nothing.svg").status_code == 400


def test_a_service_area_by_hand(client: TestClient) -> None:
    asked = "/service-area?on=2025-12-31&facility=f03&mode=foot&minutes=19.5"
    answer = client.get(asked)
    assert answer.headers["content-type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    # 19.5 minutes at 4 km/h and a detour of 1.3 are 1,000 m: 80 cells of 50 people each.
    assert feature["properties"]["population"] == pytest.approx(4_000)
    assert feature["properties"]["basis"] == "straight_line"
    assert feature["geometry"]["type"] == "Polygon"
    assert answer.json()["kepu"]["travel"]["detour_factor"] == 1.3


@pytest.mark.parametrize(
    ("query", "status"),
    [("facility=none", 404), ("facility=f11", 404), ("facility=f03&minutes=0", 400),
     ("facility=f03&minutes=1e9", 400), ("facility=f03&mode=rocket", 400), ("", 400)],
)  # fmt: skip
def test_what_has_no_service_area(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/service-area?{query}").status_code == status
