"""Pages of features, beside pygeoapi, tipg and twenty lines of FastAPI over the same rows.

Run with ``pytest -m benchmark -s tests/benchmarks/test_items.py``. Every service has two worker
processes and the same load from wrk. Nothing here asserts a time; an error or a wrong answer
of ours fails, those of others are counted. Peers that are not installed are left out: see
``peers.txt``.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import geopandas as gpd
import psutil
import pytest

from geo.core.district import DistrictData
from geo.store import LoadRecord, create_store, open_store

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed"),
]
FEATURES, SECONDS = 10_000, int(os.environ.get("BENCH_SECONDS", "8"))
CONNECTIONS = 8, 32
SECONDS_OF_IMPORT = 60
"""Long enough for an import or more; after each every worker works its answer out anew."""

KEPU = str(Path(sys.executable).with_name("kepu"))
OURS = "/collections/facilities/items?limit=100&on=2025-12-31"
FILTERED = "&filter=kind%3D%27library%27"

_spec = spec_from_file_location("peers", Path(__file__).with_name("peers.py"))
assert _spec is not None
assert _spec.loader is not None
peers: Any = module_from_spec(_spec)
sys.modules["peers"] = peers
_spec.loader.exec_module(peers)

BARE = """
import json, os, sqlite3
from fastapi import FastAPI, Response
app = FastAPI()
base = sqlite3.connect(f"file:{os.environ['ITEMS']}?mode=ro", uri=True, check_same_thread=False)
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
"""


@pytest.fixture(scope="module")
def store(make_toy, make_facility, place, tmp_path_factory) -> Path:  # type: ignore[no-untyped-def]
    rows = [
        make_facility(
            f"f{number:05d}", kind(number), place(number % 100 / 13, number // 100 / 13),
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


@dataclass(frozen=True)
class Load:
    """What wrk and the system say of a load."""

    per_second: float
    p99: str
    cpu_ms: float
    errors: int


@contextmanager
def served(peer: Any, port: int) -> Iterator[psutil.Process]:
    """Start a service; end it and all its workers."""
    environment = os.environ | peer.environment
    with subprocess.Popen(
        peer.command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        root = psutil.Process(server.pid)
        try:
            until = time.monotonic() + 120
            while time.monotonic() < until and not is_up(port, peer.items):
                time.sleep(0.2)
            yield root
        finally:
            workers = root.children(recursive=True)
            server.terminate()
            for process in psutil.wait_procs(workers, timeout=20)[1]:
                process.kill()


def is_up(port: int, address: str) -> bool:
    try:
        return bool(page(port, address))
    except (ConnectionError, http.client.HTTPException):
        return False


def page(port: int, address: str) -> list[str]:
    """Return the names on a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body[:300]
        return [feature["properties"]["name"] for feature in json.loads(body)["features"]]
    finally:
        connection.close()


def is_right(port: int, peer: Any) -> None:
    """Each page is the page asked for, by as many connections as reach every worker."""
    for _ in range(16):
        names = page(port, f"{peer.items}&offset=5000")
        assert names == [f"f{n:05d} {kind(n)}" for n in range(5_000, 5_100)]
    filtered = page(port, peer.items + peer.filtered)
    assert filtered == [f"f{n:05d} library" for n in range(0, 1_000, 10)]


def kind(number: int) -> str:
    return "exhibition_hall" if number % 10 else "library"


def load(
    processes: list[psutil.Process],
    port: int,
    address: str,
    connections: int,
    seconds: int = SECONDS,
) -> Load:
    """Let wrk ask over some connections; the CPU is that of the whole process tree."""
    trees = [p for root in processes for p in (root, *root.children(recursive=True))]
    before = cpu(trees)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "--latency"]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{address}"], capture_output=True, text=True, check=True
    ).stdout
    requests = int(number(r"(\d+) requests in", said))
    errors = number(r"Non-2xx or 3xx responses: (\d+)", said)
    errors += sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", said)))
    p99 = re.search(r"99%\s+(\S+)", said)
    return Load(
        number(r"Requests/sec:\s+([\d.]+)", said),
        p99.group(1) if p99 else "",
        1_000 * (cpu(trees) - before) / max(1, requests),
        int(errors),
    )


def number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    return float(found.group(1)) if found else 0


def cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(p.cpu_times()[:2]) for p in processes if p.is_running())


def ours(store: Path, port: int) -> Any:
    command = [KEPU, "serve", "--workers", "2", "--store", str(store), "--port", str(port)]
    return peers.Peer(command, OURS, {}, FILTERED)


def bare(store: Path, folder: Path, port: int) -> Any:
    (folder / "bare.py").write_text(BARE, encoding="utf-8")
    environment = {"ITEMS": str(store), "PYTHONPATH": str(folder)}
    command = [*peers.uvicorn(port, "bare:app")]
    return peers.Peer([sys.executable, *command[1:]], "/items?limit=100", environment)


def rows_of(store: Path) -> gpd.GeoDataFrame:
    with open_store(store) as opened:
        return opened.read_district().facilities.to_crs(4326)


def table(name: str, what: str, connections: int, found: Load) -> None:
    print(
        f"{name:<22} {what:<14} {connections:>3} {found.per_second:>8.0f}/s  p99 {found.p99:>9}  "
        f"{found.cpu_ms:>6.2f} CPU-ms  {found.errors} errors",
        flush=True,
    )


def test_pages_of_10000_features_beside_peers(store: Path, tmp_path: Path) -> None:
    print()
    with peers.postgis(database_folder()) as database:
        services: dict[str, Any] = {}
        for name in ("ours", "20 lines over SQLite", "pygeoapi, GeoPackage",
                     "pygeoapi, PostGIS", "tipg"):  # fmt: skip
            services[name] = peers.free_port()
        if database is not None:
            peers.fill(database, rows_of(store))
        for name, port in services.items():
            peer = described(name, port, store, tmp_path, database)
            if peer is None:
                print(f"{name:<22} is not installed")
                continue
            with served(peer, port) as root:
                roots = [root]
                if database is not None and name in {"pygeoapi, PostGIS", "tipg"}:
                    roots.append(peers.postmaster(database))
                measure(name, roots, port, peer)


def measure(name: str, roots: list[psutil.Process], port: int, peer: Any) -> None:
    if peer.filtered is not None and name == "ours":
        is_right(port, peer)
    asked = {"limit=100": "", "offset=5000": "&offset=5000"}
    if peer.filtered is not None:
        asked["kind=library"] = peer.filtered
    for what, more in asked.items():
        for connections in CONNECTIONS:
            # A peer may answer with an error now and then; wrk counts them.
            assert name != "ours" or len(page(port, peer.items + more)) == 100
            found = load(roots, port, peer.items + more, connections)
            table(name, what, connections, found)
            assert name != "ours" or found.errors == 0


def described(name: str, port: int, store: Path, folder: Path, database: int | None) -> Any:
    if name == "ours":
        return ours(store, port)
    if name.startswith("20"):
        return bare(store, folder, port)
    if not peers.BIN.exists() or ("GeoPackage" not in name and database is None):
        return None
    if name == "tipg":
        return peers.tipg(port, database)
    provider = {"name": "SQLiteGPKG", "data": str(store), "table": "facilities"}
    if "PostGIS" in name:
        provider = peers.database_of(database)
    return peers.pygeoapi(folder / name[-4:], port, provider)


def database_folder() -> Path:
    """Return a folder that a database user may enter, however private pytest's are."""
    return Path(tempfile.mkdtemp(prefix="kepu-bench-", dir="/tmp"))


def test_no_error_while_an_import_runs(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "items.gpkg"
    shutil.copy(store, copy)
    ledger = tmp_path / "台账.csv"
    rows = rows_of(store)
    lines = [
        f"{name},展厅,{index % 400 + 1},{township(index)},{shape.x:.6f},{shape.y:.6f}"
        for index, (name, shape) in enumerate(zip(rows["name"], rows.geometry, strict=True))
    ]
    head = "设施名称,场所类别,展厅面积,所属乡镇代码,经度,纬度"
    ledger.write_text("\n".join([head, *lines]), encoding="utf-8-sig")
    port = peers.free_port()
    peer = ours(copy, port)
    command = f"while :; do {KEPU} load facilities {ledger} --store {copy}; done"
    with served(peer, port) as root, (tmp_path / "said").open("w") as said:
        with subprocess.Popen(
            ["bash", "-c", command], cwd=tmp_path, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=said,
        ) as importing:  # fmt: skip
            try:
                found = load([root], port, OURS, 8, SECONDS_OF_IMPORT)
            finally:
                os.killpg(importing.pid, signal.SIGTERM)
        print()
        table("ours, importing", "limit=100", 8, found)
        assert found.errors == 0
        assert found.per_second > 0
    with open_store(copy) as opened:
        # The first version is the ledger itself; rows that stand on a border are held back.
        print(f"{opened.version() - 1} imports")
        assert opened.version() > 1, (tmp_path / "said").read_text()[-500:]


def township(number: int) -> str:
    """Return the code of the toy township in which a facility stands."""
    east, north = number % 100 / 13 >= 4, number // 100 / 13 >= 4
    return ("430599001", "430599002", "430599101", "430599201")[east + 2 * north]
