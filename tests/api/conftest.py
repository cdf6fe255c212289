"""The toy district in a real store, behind the real service."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from geo.district import DistrictData
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
def served_toy(toy_store: Store) -> Iterator[Served]:
    with Served(toy_store, Settings()) as served:
        yield served


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[object]:
    """Return a function that serves a district from a store of its own."""
    opened: list[tuple[Store, Served]] = []

    def start(data: DistrictData, settings: Settings | None = None) -> Served:
        store = create_store(tmp_path / f"store{len(opened)}.gpkg")
        record = LoadRecord(datetime.now(UTC), "x", "0" * 64, "district", len(data.facilities))
        store.replace_district(data, record)
        served = Served(store, settings or Settings()).__enter__()
        opened.append((store, served))
        return served

    yield start
    for store, served in opened:
        served.__exit__()
        store.close()
