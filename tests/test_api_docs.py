"""The examples of docs/api.md work against the service as it is, to the letter."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from api.web.ogc.parameters import ItemsQuery
from geo.publish.features import COLLECTIONS

DOCS = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\w+) -->\n```\w+\n(.*?)```", DOCS, re.DOTALL))
ADDRESS = "http://127.0.0.1:8000"
ENVIRONMENT = os.environ | {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}


def _example(name: str, url: str) -> str:
    return EXAMPLES[name].replace(ADDRESS, url).strip()


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=ENVIRONMENT,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def url(served_demo: Any) -> str:
    return str(served_demo.url)


def test_there_is_an_example_for_each_client() -> None:
    assert set(EXAMPLES) == {"curl", "gdal", "python", "qgis", "arcgis", "nightly"}


def test_curl(url: str, tmp_path: Path) -> None:
    body = json.loads(_run(["bash", "-c", _example("curl", url)], tmp_path))
    assert body["features"]
    for feature in body["features"]:
        assert feature["properties"]["kind"] == "library"
        assert feature["properties"]["exhibition_area_m2"] >= 10
    assert body["kepu"]["on"] == "2025-12-31"


def test_nightly_on_a_fresh_store(url: str, tmp_path: Path) -> None:
    body = json.loads(_run(["bash", "-c", _example("nightly", url)], tmp_path))
    assert body["features"] == []
    assert body["removed"] == []
    assert body["next"]


def test_gdal(url: str, tmp_path: Path) -> None:
    _run(["bash", "-c", _example("gdal", url)], tmp_path)
    told = _run(["ogrinfo", "-so", "townships.gpkg", "townships"], tmp_path)
    assert "Feature Count: 14" in told
    assert 'ID["EPSG",4546]' in told


def test_python(url: str, tmp_path: Path) -> None:
    printed = _run([sys.executable, "-c", _example("python", url)], tmp_path)
    assert "雨溪街道" in printed
    assert "area_gap_m2" in printed


@pytest.mark.parametrize("name", ["qgis", "arcgis"])
def test_desktop_programs_find_what_they_look_for(url: str, name: str) -> None:
    """The way that QGIS and ArcGIS take: landing page, conformance, collections, description."""
    with httpx.Client(trust_env=False, headers={"accept": "application/json"}) as client:
        landing = client.get(_example(name, url)).json()
        links = {link["rel"]: link for link in landing["links"]}
        assert "openapi" in links["service-desc"]["type"]
        assert client.get(links["conformance"]["href"]).json()["conformsTo"]
        for found in client.get(links["data"]["href"]).json()["collections"]:
            assert found["extent"]["spatial"]["bbox"]
            items = next(link for link in found["links"] if link["rel"] == "items")
            assert urlsplit(items["href"]).netloc == urlsplit(url).netloc
            answer = client.get(items["href"], params={"limit": 1})
            assert len(answer.json()["features"]) == 1, found["id"]


def test_every_parameter_and_collection_is_told_of() -> None:
    names = {field.alias or name for name, field in ItemsQuery.model_fields.items()}
    for name in names - {"on", "known"}:
        assert f"`{name}`" in DOCS, name
    for name in COLLECTIONS:
        assert name in DOCS
