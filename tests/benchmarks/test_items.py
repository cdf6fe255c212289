"""What a page of features costs, beside twenty lines of FastAPI over the same file.

Run with ``pytest -m benchmark -s tests/benchmarks``; nothing here asserts a time.
Each service runs in a process of its own and reports the CPU it used.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from geo.district import DistrictData
from geo.store import LoadRecord, create_store

pytestmark = pytest.mark.benchmark
FEATURES, REQUESTS = 10_000, 2_000

BARE = """
import json, sqlite3, sys
import uvicorn
from fastapi import FastAPI, Response
app = FastAPI()
base = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, check_same_thread=False)
COLUMNS = [row[1] for row in base.execute("PRAGMA table_info(facilities)")][2:]
SQL = f"SELECT geom, {', '.join(COLUMNS)} FROM facilities ORDER BY facility_id LIMIT ? OFFSET ?"
@app.get("/items")
async def items(limit: int = 100, offset: int = 0):
    features = []
    for row in base.execute(SQL, (limit, offset)):
        x, y = memoryview(row[0])[-16:].cast("d") if row[0] else (None, None)
        features.append({"type": "Feature", "id": row[1],
                         "geometry": {"type": "Point", "coordinates": [x, y]},
                         "properties": dict(zip(COLUMNS, row[1:]))})
    return Response(json.dumps({"type": "FeatureCollection", "features": features}),
                    media_type="application/geo+json")
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False)
"""


@pytest.fixture(scope="module")
def store(make_toy, make_facility, place, tmp_path_factory) -> Path:  # type: ignore[no-untyped-def]
    rows = [
        make_facility(
            f"f{number:05d}", "exhibition_hall", place(number % 100 / 13, number // 100 / 13),
            exhibition_area_m2=number % 400, address="宝庆路", note="基准",
        )
        for number in range(FEATURES)
    ]  # fmt: skip
    data: DistrictData = make_toy(rows)
    data = replace(data, designations=data.designations.iloc[:0])
    path = tmp_path_factory.mktemp("items") / "items.gpkg"
    with create_store(path) as opened:
        record = LoadRecord(datetime.now(UTC), "b", "0" * 64, "district", FEATURES)
        opened.replace_district(data, record)
    return path


def _measure(command: list[str], port: int, address: str) -> dict[str, float]:
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process = psutil.Process(server.pid)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        size = _first(connection, address)
        before, start = sum(process.cpu_times()[:2]), time.perf_counter()
        for _ in range(REQUESTS):
            connection.request("GET", address)
            connection.getresponse().read()
        wall = time.perf_counter() - start
        used = sum(process.cpu_times()[:2]) - before
    finally:
        server.terminate()
        server.wait(timeout=20)
    return {"cpu_ms": 1_000 * used / REQUESTS, "per_s": REQUESTS / wall, "kb": size / 1_024}


def _first(connection: http.client.HTTPConnection, address: str) -> int:
    for _ in range(200):
        try:
            connection.request("GET", address)
            body = connection.getresponse().read()
            assert len(json.loads(body)["features"]) == 100
            return len(body)
        except (ConnectionError, http.client.HTTPException):
            connection.close()
            time.sleep(0.1)
    raise AssertionError("the service did not start")


def test_a_page_of_100_of_10000_features(store: Path) -> None:
    kepu = str(Path(sys.executable).with_name("kepu"))
    ours = _measure(
        [kepu, "serve", "--store", str(store), "--port", "8951"],
        8951,
        "/collections/facilities/items?limit=100&offset=5000&on=2025-12-31",
    )
    bare = _measure(
        [sys.executable, "-c", BARE, str(store), "8952"], 8952, "/items?limit=100&offset=5000"
    )
    lines = [
        f"{name}: {row['cpu_ms']:.2f} CPU-ms a request, {row['per_s']:.0f} a second, "
        f"{row['kb']:.0f} KB"
        for name, row in (("ours", ours), ("20 lines of FastAPI over SQLite", bare))
    ]
    print("\n" + "\n".join(lines) + f"\nratio {ours['cpu_ms'] / bare['cpu_ms']:.2f} of the CPU")
