"""The toy district in a real store, behind the real service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from api.web.app import create_app
from geo.core.district import DistrictData
from geo.store import LoadRecord, Store, create_store


@pytest.fixture(scope="session")
def toy_store(toy: DistrictData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("store") / "toy.gpkg"
    with create_store(path) as store:
        store.replace_district(
            toy, LoadRecord(datetime.now(UTC), "toy.xlsx", "0" * 64, "district", 15)
        )
        yield store


@pytest.fixture(scope="session")
def client(toy_store: Store) -> Iterator[TestClient]:
    app = create_app(toy_store, Settings())
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def served_toy(toy_store: Store, served_at: Any) -> Iterator[Any]:
    with served_at(toy_store, Settings()) as served:
        yield served


@pytest.fixture
def serve(tmp_path: Path, served_at: Any) -> Iterator[object]:
    """Return a function that serves a district from a store of its own."""
    opened: list[tuple[Store, Any]] = []

    def start(data: DistrictData, settings: Settings | None = None) -> Any:
        store = create_store(tmp_path / f"store{len(opened)}.gpkg")
        record = LoadRecord(datetime.now(UTC), "x", "0" * 64, "district", len(data.facilities))
        store.replace_district(data, record)
        served = served_at(store, settings or Settings()).__enter__()
        opened.append((store, served))
        return served

    yield start
    for store, served in opened:
        served.__exit__()
        store.close()
