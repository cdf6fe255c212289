"""What leaves as GeoJSON, before a checker that is not ours: structure, rings, winding, bounds."""

from __future__ import annotations

from typing import Any

import geojson_validator
import pytest
from fastapi.testclient import TestClient

from geo.publish.features import COLLECTIONS

# Seven decimals are ours to choose (the plan of the service asks for them); holes are no fault.
TOLERATED = {"excessive_coordinate_precision", "holes", "duplicate_nodes"}


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    geojson_validator.configure_logging(enabled=False)


@pytest.mark.parametrize("name", [name for name in COLLECTIONS if name != "sites"])
def test_a_checker_that_is_not_ours_finds_nothing(client: TestClient, name: str) -> None:
    body: dict[str, Any] = client.get(f"/collections/{name}/items?on=2025-12-31&limit=1000").json()
    assert "crs" not in body
    placed = [row for row in body["features"] if row["geometry"] is not None]
    collection = {"type": "FeatureCollection", "features": body["features"]}
    assert geojson_validator.validate_structure(collection) == {}
    if not placed:
        return
    found = geojson_validator.validate_geometries(collection | {"features": placed})
    assert found["invalid"] == {}
    assert found["skipped_validation"] == []
    assert set(found["problematic"]) <= TOLERATED


def test_the_checker_finds_a_ring_that_turns_the_wrong_way() -> None:
    ring = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]
    turned = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon",
                                                                "coordinates": [ring]}}  # fmt: skip
    found = geojson_validator.validate_geometries(
        {"type": "FeatureCollection", "features": [turned]}
    )
    assert "exterior_not_ccw" in found["invalid"]
