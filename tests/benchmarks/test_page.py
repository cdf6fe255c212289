"""The demonstration district's page, beside a plain Folium page of the same data.

Run with ``pytest -m benchmark -s tests/benchmarks``; nothing here asserts a time.
A plain Folium page asks other hosts for its scripts, which are not reachable
here: its own bytes are counted, and the scripts it would load are named.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import folium
import pytest
from folium.plugins import MarkerCluster

from api.opening import open_or_make
from api.settings import Settings

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


def test_bytes_and_time_to_idle(browser, served_at, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with (
        open_or_make(tmp_path / "demo.gpkg", lambda zh, en: None) as store,
        served_at(store, Settings()) as served,
    ):
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            page.goto(f"{served.url}/?on=2025-12-31")
            page.wait_for_selector("html[data-ready=yes]")
            page.wait_for_load_state("networkidle")
            seconds.append(time.perf_counter() - start)
        moved = page.evaluate(
            "performance.getEntries().reduce((sum, e) => sum + (e.transferSize || 0), 0)"
        )
        names = ("facilities", "townships", "gaps", "districts")
        collections = {
            name: page.request.get(
                f"{served.url}/collections/{name}/items?on=2025-12-31&limit=10000"
            ).json()
            for name in names
        }
        page.close()
    plain = _plain_folium(tmp_path, collections)
    text = plain.read_text(encoding="utf-8")
    elsewhere = re.findall(r'(?:src|href)="(https://[^"]+)"', text)
    print(
        f"\nours: {moved / 1024:.0f} KB transferred with everything, "
        f"{sorted(seconds)[2]:.2f} s to idle (of which networkidle waits 0.5 s);"
        f"\nplain Folium: {len(text) / 1024:.0f} KB of HTML, and {len(elsewhere)} files from "
        f"{len({url.split('/')[2] for url in elsewhere})} other hosts"
    )
