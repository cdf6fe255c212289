"""Real clients, as other agencies run them: GDAL's OAPIF driver, OWSLib and pyogrio."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from owslib.ogcapi.features import Features

SHOWN = [f"f{number:02d}" for number in range(1, 16) if number != 10]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")


def _run(*command: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def test_gdal_lists_the_collections(served_toy: Any) -> None:
    listed = _run("ogrinfo", "-ro", f"OAPIF:{served_toy.url}/collections/townships")
    assert "townships (title: 乡镇街道) (Multi Polygon)" in listed


def test_gdal_pages_through_all(served_toy: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.geojson"
    _run("ogr2ogr", "-f", "GeoJSON", str(out), f"OAPIF:{served_toy.url}/collections/facilities",
         "-oo", "PAGE_SIZE=3")  # fmt: skip
    rows = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert sorted(row["properties"]["id"] for row in rows) == SHOWN


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (("-where", "kind = 'library'"), ["f03"]),
        (("-where", "floor_area_m2 > 700"), ["f03", "f05"]),
        (("-spat", "111.005", "27.205", "111.025", "27.225"), ["f01", "f03"]),
    ],
)
def test_gdal_filters(
    served_toy: Any, tmp_path: Path, asked: tuple[str, ...], ids: list[str]
) -> None:
    out = tmp_path / "out.geojson"
    url = f"OAPIF:{served_toy.url}/collections/facilities"
    _run("ogr2ogr", "-f", "GeoJSON", str(out), url, *asked)
    rows = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert sorted(row["properties"]["id"] for row in rows) == ids


def test_gdal_reads_another_system_and_writes_a_geopackage(served_toy: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.gpkg"
    _run("ogr2ogr", "-f", "GPKG", str(out), f"OAPIF:{served_toy.url}/collections/townships",
         "-t_srs", "EPSG:4546")  # fmt: skip
    frame = pyogrio.read_dataframe(out)
    assert len(frame) == 4
    assert frame.geometry.area.round(-4).eq(16_000_000).all(), "4 km by 4 km, in metres"


def test_pyogrio_reads_the_items(served_toy: Any) -> None:
    frame = pyogrio.read_dataframe(
        f"{served_toy.url}/collections/townships/items?on=2025-12-31&f=json"
    )
    assert frame.set_index("township_code").loc["430599001", "area_per_10k_m2"] == 170


def test_owslib_reads_the_service(served_toy: Any) -> None:
    service = Features(f"{served_toy.url}/")
    assert "facilities" in service.feature_collections()
    assert service.collection("townships")["title"] == "乡镇街道"
    assert "floor_area_m2" in service.collection_queryables("facilities")["properties"]
    asked = service.collection_items(
        "facilities", filter="kind = 'library' OR kind = 'science_museum'", limit=10
    )
    assert [row["id"] for row in asked["features"]] == ["f01", "f03"]
    boxed = service.collection_items("facilities", bbox=[111.005, 27.205, 111.025, 27.225])
    assert [row["id"] for row in boxed["features"]] == ["f01", "f03"]
    assert service.collection_item("facilities", "f03")["properties"]["kind"] == "library"
    assert any("cql2-text" in name for name in service.conformance()["conformsTo"])
