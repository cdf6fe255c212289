"""Every door of the web: what the public is not given leaves by none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from api.web.app import create_app
from geo.core.district import DistrictData
from geo.core.quarantine import HoldReason, QuarantinedRow
from geo.publish.features import COLLECTIONS
from geo.store import LoadRecord, create_store

SECRET, PHONE = "天机不可泄露", "13812345678"
ON = "on=2025-12-31"
LOADED = datetime(2025, 3, 1, 8, tzinfo=UTC)
HELD = QuarantinedRow(
    "台账.xlsx", "一", 9, {"名称": SECRET},
    (HoldReason("amount_range", f"「{SECRET}」是一个范围。", SECRET, "展厅面积", SECRET, 0.5),),
)  # fmt: skip


@pytest.fixture(scope="module")
def guarded(make_toy: Callable[..., DistrictData], make_facility: Any, place: Any) -> DistrictData:
    return make_toy(
        [
            make_facility("open", "library", place(1.2345, 1.2345), exhibition_area_m2=50,
                          name=f"书苑 {PHONE}", address="宝庆路1号", contact=SECRET, note=SECRET,
                          township_code="430599001"),
            make_facility("home", "childrens_home", place(2.2345, 1.2345), address=SECRET,
                          township_code="430599001"),
            make_facility("school", "school", place(3, 1), township_code="430599001"),
            make_facility("hidden", "exhibition_hall", place(1, 2), exhibition_area_m2=999,
                          name=SECRET, verification="pending", township_code="430599001"),
        ]
    )  # fmt: skip


@pytest.fixture(scope="module")
def doors(
    guarded: DistrictData, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, TestClient]]:
    """Serve the district, and the same without the row that waits for verification."""
    folder = tmp_path_factory.mktemp("doors")
    without = replace(guarded, facilities=guarded.facilities.drop(index="hidden"))
    with ExitStack() as stack:
        clients = []
        for number, data in enumerate((guarded, without)):
            store = stack.enter_context(create_store(folder / f"{number}.gpkg"))
            # Tokens of changes rest on the moment too.
            record = LoadRecord(LOADED, "a.xlsx", "0" * 64, "district", 4)
            store.replace_district(data, record)
            again = LoadRecord(LOADED, "台账.xlsx", "1" * 64, "facilities", 4)
            store.load_facilities(data.facilities, None, again, quarantine=[HELD], mode="update")
            clients.append(stack.enter_context(TestClient(create_app(store, Settings()))))
        yield clients[0], clients[1]


def _addresses(client: TestClient) -> list[str]:
    """Return an address for each way to ask, each path of the service among them."""
    paths = client.get("/openapi.json").json()["paths"]
    values = {"{feature_id}": "open", "{job_id}": "0" * 32, "{tileMatrixSetId}": "WebMercatorQuad",
              "{tileMatrix}": "6", "{tileRow}": "26", "{tileCol}": "51"}  # fmt: skip
    found = []
    for path, operations in paths.items():
        if "get" not in operations:
            continue
        for name in COLLECTIONS if path.startswith("/collections/{name}") else ["lorenz"]:
            told = path.replace("{name}", name)
            for key, value in values.items():
                told = told.replace(key, value)
            found += [f"{told}?{ON}", told]
    for name in COLLECTIONS:
        items = f"/collections/{name}/items?{ON}"
        found += [f"/collections/{name}/tiles/WebMercatorQuad?f=tilejson&{ON}"]
        found += [f"{items}&f=html", f"{items}&limit=1", f"{items}&crs=EPSG:4546"]
    for text in ("exhibition_area_m2 > 900", "verification = 'pending'", f"name LIKE '%{SECRET}%'",
                 "NOT name = 'x'", f"address = '{SECRET}'"):  # fmt: skip
        found.append(f"/collections/facilities/items?{ON}&filter={quote(text)}")
    found += [f"/collections/facilities/items?{ON}&sortby={name}" for name in ("name", "-address")]
    found += [f"/collections/facilities/items?{ON}&verification=pending"]
    found += [f"/collections/facilities/items/{key}?{ON}" for key in ("hidden", "home")]
    found += [f"/service-area?{ON}&facility={key}" for key in ("hidden", "home", "open")]
    return found


def test_no_address_tells_what_is_left_out(doors: tuple[TestClient, TestClient]) -> None:
    client = doors[0]
    addresses = _addresses(client)
    assert len(addresses) > 80
    for address in addresses:
        for lang in ("", "&lang=en"):
            text = client.get(address + (lang if "?" in address else "")).text
            # What was asked may stand in links and faults, as it was asked.
            told = text.replace(quote(SECRET), "").replace("filter", "")
            if SECRET not in address:
                assert SECRET not in told, address
            assert PHONE not in told, address


def test_every_answer_is_as_if_the_row_were_not_there(
    doors: tuple[TestClient, TestClient],
) -> None:
    with_it, without = doors
    for address in _addresses(with_it):
        answers = [client.get(address) for client in (with_it, without)]
        assert answers[0].status_code == answers[1].status_code, address
        if "/openapi.json" not in address:
            assert answers[0].content == answers[1].content, address


def test_siting_is_not_told_of_it_either(doors: tuple[TestClient, TestClient]) -> None:
    body = {"siting": {"programmes": [{"kind": "agri_demo_base", "count": 1, "mode": "car",
                                       "minutes": 10, "host_kinds": ["exhibition_hall", "school"]}],
                       "candidates": {"grid_m": 4_000}}}  # fmt: skip
    told = []
    for client in doors:
        job = client.post(f"/siting?{ON}", json=body).json()
        for _ in range(600):
            state = client.get(f"/siting/{job['job_id']}?{ON}").json()
            if state["status"] not in {"waiting", "running"}:
                break
        assert state["status"] == "done", state
        assert SECRET not in str(state)
        told.append([site["candidate_id"] for site in state["proposal"]["sites"]])
    assert told[0] == told[1]


def test_the_settings_of_files_do_not_open_the_web(guarded: DistrictData, tmp_path: Path) -> None:
    with create_store(tmp_path / "s.gpkg") as store:
        record = LoadRecord(datetime.now(UTC), "a.xlsx", "0" * 64, "district", 4)
        store.replace_district(guarded, record)
        settings = Settings(profile="internal", public_decimals=3)
        with TestClient(create_app(store, settings)) as client:
            rows = client.get(f"/collections/facilities/items?{ON}").json()["features"]
    assert [row["id"] for row in rows] == ["home", "open", "school"]
    assert rows[1]["properties"]["position_decimals"] == 3
    place = rows[1]["geometry"]["coordinates"]
    assert place == [round(number, 3) for number in place]
