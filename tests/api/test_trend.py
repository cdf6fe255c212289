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
