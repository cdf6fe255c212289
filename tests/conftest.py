"""The toy district: four square townships whose every answer can be worked out by hand.

y (km)
 8 +-------+-------+
   |   C   |   D   |     A 城东街道 20,000 people   C 河西镇 5,000 people
 4 +-------+-------+     B 城南街道 10,000 people   D 山口乡 nobody
   |   A   |   B   |
 0 +-------+-------+     each 4 km by 4 km, EPSG:4546, from (500000, 3010000)
   0       4       8
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import geopandas as gpd
import pandas as pd
import pytest
import uvicorn
from hypothesis import is_hypothesis_test
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from shapely import Point, box
from shapely.geometry import MultiPolygon

from api.cli import main as kepu_main
from api.cli import terminal
from api.district_store import open_or_make
from api.settings import Settings
from api.web.app import create_app
from geo.core import schema
from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.scenario import Scenario, load_scenario
from geo.core.schema import conform
from geo.store import Store, open_store

# A shared machine is now and then slow, which is no fault; in CI the same examples
# are drawn each time, so that a red run can be run again.
hypothesis_settings.register_profile("kepu", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis_settings.load_profile("kepu")
_FEW_EXAMPLES = 20


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let a property test draw few examples in a usual run, and all its own if exhaustive.

    ``-m exhaustive`` runs all properties that have more examples than a usual run draws.
    """
    exhaustive = config.getoption("markexpr") == "exhaustive"
    for item in items:
        test = getattr(item, "obj", None)
        test = getattr(test, "__func__", test)
        if not is_hypothesis_test(test):
            continue
        own = test._hypothesis_internal_use_settings
        stated = item.get_closest_marker("usual_examples")
        usual = _FEW_EXAMPLES if stated is None else stated.args[0]
        if own.max_examples <= usual:
            continue
        if exhaustive:
            item.add_marker("exhaustive")
        else:
            few = hypothesis_settings(own, max_examples=usual)
            test._hypothesis_internal_use_settings = few


EAST_M, NORTH_M = 500_000.0, 3_010_000.0
DISTRICT = "430599"
A, B, C, D = "430599001", "430599002", "430599101", "430599201"
TOWNSHIPS = {
    A: ("城东街道", "subdistrict", 0, 0, 20_000),
    B: ("城南街道", "subdistrict", 4, 0, 10_000),
    C: ("河西镇", "town", 0, 4, 5_000),
    D: ("山口乡", "township", 4, 4, 0),
}


def at(x_km: float, y_km: float) -> Point:
    return Point(EAST_M + 1000 * x_km, NORTH_M + 1000 * y_km)


def _square(x_km: float, y_km: float, side_km: float = 4) -> MultiPolygon:
    low, high = at(x_km, y_km), at(x_km + side_km, y_km + side_km)
    return MultiPolygon([box(low.x, low.y, high.x, high.y)])


def _frame(rows: list[dict[str, Any]], table: schema.Table, geometry: list[Any]) -> Any:
    points = gpd.GeoSeries(geometry, crs="EPSG:4546").to_crs(STORAGE_CRS)
    frame = conform(gpd.GeoDataFrame(rows, geometry=points), table)
    return frame.set_index(table.key)


def facility(facility_id: str, kind: str, place: Point | None, **values: Any) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "name": f"{facility_id} {kind}",
        "kind": kind,
        "status": "operating",
        "verification": "verified",
        "open_to_public": True,
        "district_run": True,
        "demonstration": False,
        "source_file": "toy.xlsx",
        "source_sheet": "设施台账",
        "place": place,
    } | values


def ledger(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    places = [row["place"] for row in rows]
    kept = [{key: value for key, value in row.items() if key != "place"} for row in rows]
    for number, row in enumerate(kept, start=2):
        row.setdefault("source_row", number)
    table = pd.DataFrame(kept)
    for column in ("opened_on", "closed_on"):
        if column in table:
            table[column] = pd.to_datetime(table[column])
    return _frame(table, schema.FACILITIES, places)  # type: ignore[arg-type]


TOY_FACILITIES = [
    facility("f01", "science_museum", at(1, 1), exhibition_area_m2=300, floor_area_m2=600,
             opened_on="2020-01-01", township_code=A),
    facility("f02", "exhibition_hall", at(5, 1), exhibition_area_m2=100, opened_on="2023-07-01",
             district_run=False, township_code=B),
    facility("f03", "library", at(2, 2), exhibition_area_m2=50, floor_area_m2=5_000,
             township_code=A),
    facility("f04", "science_base", at(1, 5), exhibition_area_m2=80, township_code=C),
    facility("f05", "thematic_museum", at(6, 2), floor_area_m2=800, township_code=B),
    facility("f06", "party_service_centre", at(6, 6), township_code=D),
    facility("f07", "exhibition_hall", at(9, 1), exhibition_area_m2=500),
    facility("f08", "exhibition_hall", at(4.5, 1), exhibition_area_m2=40, district_run=None,
             township_code=A),
    facility("f09", "exhibition_hall", at(3, 3), exhibition_area_m2=60, status="closed",
             closed_on="2023-05-01", township_code=A),
    facility("f10", "exhibition_hall", at(3, 1), exhibition_area_m2=999,
             verification="pending", township_code=A),
    facility("f11", "exhibition_hall", None, exhibition_area_m2=70),
    facility("f12", "exhibition_hall", at(2, 6), exhibition_area_m2=200, shared_use=True,
             shared_use_ratio=0.25, township_code=C),
    facility("f13", "exhibition_hall", at(2, 7), exhibition_area_m2=120, shared_use=True,
             township_code=C),
    facility("f14", "exhibition_hall", at(1, 3), exhibition_area_m2=150, open_to_public=False,
             township_code=A),
    facility("f15", "party_service_centre", at(3, 6), exhibition_area_m2=30, township_code=C),
]  # fmt: skip

TOY_DESIGNATIONS = [
    {"facility_id": "f04", "title": "区级科普教育基地", "kind": "science_base",
     "valid_from": "2022-01-01", "valid_to": "2024-12-31", "status": "operating"},
    {"facility_id": "f15", "title": "新时代文明实践站", "kind": "civilization_practice"},
    {"facility_id": "f15", "title": "社区科普大学", "kind": "community_university"},
]  # fmt: skip


def designations(rows: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(rows).assign(demonstration=False)
    for column in ("valid_from", "valid_to"):
        table[column] = pd.to_datetime(table[column]) if column in table else pd.NaT
    return conform(table, schema.DESIGNATIONS)


def _population() -> pd.DataFrame:
    shared = {
        "population_kind": "resident",
        "year": 2020,
        "quality": "census",
        "source_id": "toy-census",
    }
    rows = [{"division_code": DISTRICT, "name_zh": "玩具区", "population": 35_000} | shared]
    rows += [
        {"division_code": code, "name_zh": name, "population": people} | shared
        for code, (name, _, _, _, people) in TOWNSHIPS.items()
    ]
    return conform(pd.DataFrame(rows), schema.POPULATION)


def toy_district(rows: list[dict[str, Any]] | None = None) -> DistrictData:
    townships = [
        {
            "township_code": code,
            "name_zh": name,
            "kind": kind,
            "quality": "schematic",
            "source_id": "toy-map",
        }
        for code, (name, kind, _, _, _) in TOWNSHIPS.items()
    ]
    district = {
        "district_code": DISTRICT,
        "name_zh": "玩具区",
        "role": "district",
        "quality": "generalised",
        "source_id": "toy-map",
    }
    source = {
        "title_en": "Toy",
        "publisher": "tests",
        "published_on": "2020-11-01",
        "licence": "CC0",
        "original_datum": "CGCS2000",
    }
    sources = [
        {"source_id": "toy-map", "title_zh": "玩具地图", "quality": "schematic"} | source,
        {"source_id": "toy-census", "title_zh": "玩具普查", "quality": "census"} | source,
    ]
    return DistrictData(
        townships=_frame(
            townships, schema.TOWNSHIPS, [_square(x, y) for _, _, x, y, _ in TOWNSHIPS.values()]
        ),
        districts=_frame([district], schema.DISTRICTS, [_square(0, 0, 8)]),
        villages=schema.empty_frame(schema.VILLAGES).set_index("village_code"),
        population=_population(),
        facilities=ledger(TOY_FACILITIES if rows is None else rows),
        designations=designations(TOY_DESIGNATIONS),
        sources=conform(pd.DataFrame(sources), schema.SOURCES).set_index("source_id"),
    )


@pytest.fixture(scope="session")
def toy() -> DistrictData:
    return toy_district()


@pytest.fixture(scope="session")
def make_toy() -> Callable[[list[dict[str, Any]]], DistrictData]:
    """Return a maker of toy districts with another ledger."""
    return toy_district


@pytest.fixture(scope="session")
def make_facility() -> Callable[..., dict[str, Any]]:
    return facility


@pytest.fixture(scope="session")
def place() -> Callable[[float, float], Point]:
    """Return a maker of points from kilometres on the toy's grid."""
    return at


@pytest.fixture(scope="session")
def demo_store_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the demonstration district, for tests that only read; else copy it."""
    path = tmp_path_factory.mktemp("demo") / "kepu.gpkg"
    open_or_make(path, lambda _zh, _en: None).close()
    return path


@pytest.fixture(scope="session")
def demo_folder(
    demo_store_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Path]:
    """Return a maker of folders that each hold a demonstration store of their own."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("office")
        shutil.copy(demo_store_file, folder)
        return folder

    return make


@pytest.fixture(scope="session")
def served_demo(demo_store_file: Path, served_at: Any) -> Iterator[Any]:
    """Return the demonstration store as it is served, for tests that only read."""
    with open_store(demo_store_file) as store, served_at(store, Settings()) as served:
        yield served


class Ended(NamedTuple):
    """What a command printed, and the code that it ended with."""

    returncode: int
    stdout: str
    stderr: str


def run_kepu(*arguments: object, cwd: Path, code: int | None = 0) -> Ended:
    """Run a command as its entry point does, in this process; a few tests start a real one.

    Parameters
    ----------
    *arguments
        What follows ``kepu`` on the command line.
    cwd : pathlib.Path
        The folder to run it in.
    code : int, optional
        The exit code that it must end with; any if None.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    # A test runner's own COLUMNS may have been read when the consoles were made.
    terminal.out.width = terminal.err.width = 200
    ended = 0
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["kepu", *map(str, arguments)]),
        mock.patch.dict(os.environ, COLUMNS="200", NO_COLOR="1"),
    ):
        try:
            kepu_main()
        except SystemExit as left:
            ended = int(left.code or 0)
    printed = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]  # type: ignore[attr-defined]
    assert code is None or ended == code, printed[1]
    return Ended(ended, *printed)


KEPU = Path(sys.executable).with_name("kepu")


def start_kepu(
    *arguments: object, cwd: Path, code: int | None = 0, timeout: float = 300, **environment: str
) -> Ended:
    """Run a command in a process of its own, where it is the process that is tested."""
    done = subprocess.run(
        [KEPU, *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, check=False, timeout=timeout,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"} | environment,
    )  # fmt: skip
    assert code is None or done.returncode == code, done.stderr
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def kepu() -> Callable[..., Ended]:
    """Return what runs a command in this process."""
    return run_kepu


@pytest.fixture(scope="session")
def kepu_process() -> Callable[..., Ended]:
    """Return what runs a command in a process of its own."""
    return start_kepu


@pytest.fixture
def scenario() -> Scenario:
    return load_scenario(on=date(2025, 12, 31))


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_MS = 30_000
ARTEFACTS = Path(__file__).parent / "artefacts"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a real Chromium; without one the test is skipped, but never in CI."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed")
    # On a busy machine page and server take their time; what comes sooner is seen sooner.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


class Watched:
    """A page of which everything that goes wrong is written down.

    Every request beyond this machine is stopped and counted as a fault.
    """

    WATCH = """
        window.violations = [];
        document.addEventListener("securitypolicyviolation",
            (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
    """

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self.context = context
        self.page: Page = context.new_page()
        self.page.add_init_script(self.WATCH)
        self.page.route("**/*", self._only_here)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"error {error}"))
        self.page.on("requestfailed", lambda request: self.faults.append(f"failed {request.url}"))
        self.page.on("response", self._on_response)
        self.page.on("dialog", self._on_dialog)

    def _only_here(self, route: Any) -> None:
        url = route.request.url
        if url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:")):
            route.continue_()
        else:
            self.faults.append(f"outside {url}")
            route.abort()

    def _on_console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console {message.text}")

    def _on_response(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.url}")

    def _on_dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open(self, url: str) -> Page:
        """Open an address and wait until the map is drawn."""
        self.page.goto(url)
        self.page.wait_for_selector("html[data-ready=yes]", timeout=2 * PATIENCE_MS)
        return self.page

    def check(self) -> None:
        """Fail on anything that went wrong."""
        assert self.faults == []
        assert self.page.evaluate("window.violations") == []

    def shoot(self, name: str) -> None:
        """Save a picture for a person to look at."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png")


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield Watched(context)
    context.close()


@pytest.fixture
def watched_phone(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    yield Watched(context)
    context.close()


class Served:
    """A service on a port of this machine, as ``kepu serve`` runs it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        config = uvicorn.Config(create_app(store, settings), log_level="warning")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True
        )

    def __enter__(self) -> Served:
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self._server.started
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._listener.close()


@pytest.fixture(scope="session")
def served_at() -> type[Served]:
    """Return what serves a store on a port of this machine."""
    return Served
