import json
import urllib.request
from datetime import UTC, datetime

from fastapi.testclient import TestClient

from geo.store import LoadRecord


def test_the_toys_figures_by_hand(client: TestClient) -> None:
    body = client.get("/study?on=2025-12-31").json()
    assert body["district"]["area_per_10k_m2"] == 140
    assert body["district"]["area_gap_m2"] == 70
    assert [row["counted_area_m2"] for row in body["townships"]] == [340, 100, 50, 0]
    assert body["townships"][3]["area_per_10k_m2"] is None
    assert body["scenario"]["digest"]
    assert body["sources"]


def test_every_choice_is_followed(client: TestClient) -> None:
    address = "/study?on=2022-12-31&caliber=C&scope=all&denominator=resident-2020"
    body = client.get(address).json()
    assert (body["on"], body["caliber"]) == ("2022-12-31", "C")
    assert body["district"]["counted_area_m2"] == 610
    run = client.get("/study?on=2025-12-31&scope=district_run").json()
    assert run["district"]["counted_area_m2"] == 350


def test_health_reads_the_store(client: TestClient) -> None:
    body = client.get("/health").json()
    assert body["status"] == "ok"
    assert body["store_version"] == 1


def test_a_new_version_gives_new_figures(toy, make_toy, make_facility, place, serve) -> None:  # type: ignore[no-untyped-def]

    served = serve(toy)
    address = f"{served.url}/study?on=2025-12-31"

    def counted() -> float:
        with urllib.request.urlopen(address) as answer:
            return json.load(answer)["district"]["counted_area_m2"]

    assert counted() == 490
    store = served._server.config.app.state.atlas.store
    other = make_toy([make_facility("n", "exhibition_hall", place(1, 1), exhibition_area_m2=7)])
    record = LoadRecord(datetime.now(UTC), "x", "0" * 64, "facilities", 1)
    store.replace_facilities(other.facilities, other.designations[:0], record)
    assert counted() == 7
