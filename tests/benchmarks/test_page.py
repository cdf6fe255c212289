"""The demonstration district's page, beside a plain Folium page of the same data.

Run with ``pytest -m benchmark -s tests/benchmarks``; nothing here asserts a time.
A plain Folium page asks other hosts for its scripts, which are not reachable
here: its own bytes are counted, and the scripts it would load are named.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import folium
import pytest
from folium.plugins import MarkerCluster
from playwright.sync_api import Browser
from xstatic.pkg import jquery

from api.district_store import open_or_make
from api.settings import Settings
from layers.assets import asset

pytestmark = pytest.mark.benchmark


def _plain_folium(folder: Path, collections: dict[str, dict]) -> Path:  # type: ignore[type-arg]
    drawn = folium.Map(location=(27.18, 111.46), zoom_start=11)
    folium.GeoJson(collections["districts"], name="districts").add_to(drawn)
    folium.GeoJson(
        collections["townships"],
        tooltip=folium.GeoJsonTooltip(["name_zh", "population", "counted_area_m2"]),
    ).add_to(drawn)
    folium.GeoJson(collections["gaps"], name="gaps").add_to(drawn)
    cluster = MarkerCluster().add_to(drawn)
    for feature in collections["facilities"]["features"]:
        if feature["geometry"]:
            x, y = feature["geometry"]["coordinates"]
            rows = "".join(
                f"<tr><th>{k}</th><td>{v}</td></tr>" for k, v in feature["properties"].items()
            )
            folium.Marker((y, x), popup=folium.Popup(f"<table>{rows}</table>")).add_to(cluster)
    folium.LayerControl().add_to(drawn)
    path = folder / "plain.html"
    drawn.save(path)
    return path


def _answer_at_once(route: Any) -> None:
    """Give a plain page the files of other hosts from what is installed here."""
    name = route.request.url.rsplit("/", 1)[-1]
    local = {
        "leaflet.js": "leaflet.js",
        "leaflet.css": "leaflet.css",
        "leaflet.markercluster.js": "markercluster.js",
        "MarkerCluster.css": "markercluster.css",
    }
    if route.request.url.startswith("file:"):
        route.continue_()
    elif name in local:
        route.fulfill(body=asset(local[name]).content, content_type=asset(local[name]).media_type)
    elif name.startswith("jquery"):
        route.fulfill(path=Path(jquery.BASE_DIR) / "jquery.min.js")
    else:
        # Bootstrap, icons and tiles: of no use to this page; an empty answer favours it.
        route.fulfill(body="")


def _seconds_to_idle(browser: Browser, url: str, drawn: str, route: Any = None) -> list[float]:
    """Return five first visits, each in a context of its own: nothing is kept from the last."""
    seconds = []
    for _ in range(5):
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        page = context.new_page()
        if route is not None:
            page.route("**/*", route)
        start = time.perf_counter()
        page.goto(url)
        page.wait_for_selector(drawn)
        page.wait_for_load_state("networkidle")
        seconds.append(time.perf_counter() - start)
        context.close()
    return sorted(seconds)


def _transferred(browser: Browser, url: str) -> int:
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("html[data-ready=yes]")
    page.wait_for_load_state("networkidle")
    moved = page.evaluate(
        "performance.getEntries().reduce((sum, e) => sum + (e.transferSize || 0), 0)"
    )
    context.close()
    return int(moved)


def test_bytes_and_time_to_idle(browser: Browser, served_at: Any, tmp_path: Path) -> None:
    with (
        open_or_make(tmp_path / "demo.gpkg", lambda zh, en: None) as store,
        served_at(store, Settings()) as served,
    ):
        url = f"{served.url}/?on=2025-12-31"
        moved = _transferred(browser, url)
        ours = _seconds_to_idle(browser, url, "html[data-ready=yes]")
        page = browser.new_page()
        items = f"{served.url}/collections/{{}}/items?on=2025-12-31&limit=10000"
        names = ("facilities", "townships", "gaps", "districts")
        collections = {name: page.request.get(items.format(name)).json() for name in names}
        page.close()
    plain = _plain_folium(tmp_path, collections)
    text = plain.read_text(encoding="utf-8")
    elsewhere = re.findall(r'(?:src|href)="(https://[^"]+)"', text)
    theirs = _seconds_to_idle(
        browser, plain.as_uri(), ".marker-cluster, .leaflet-marker-icon", _answer_at_once
    )
    print(
        f"\nours: {moved / 1024:.0f} KB transferred with everything, {ours[2]:.2f} s to idle;"
        f"\nplain Folium: {len(text) / 1024:.0f} KB of HTML and {len(elsewhere)} files from "
        f"{len({link.split('/')[2] for link in elsewhere})} other hosts, {theirs[2]:.2f} s to idle "
        f"when these answer at once (both waits hold 0.5 s of quiet);"
        f"\nratio {ours[2] / theirs[2]:.2f} of the time"
    )
