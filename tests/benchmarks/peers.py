"""The peers of the items benchmark, served on the same data: pygeoapi, tipg, and PostGIS."""

from __future__ import annotations

import getpass
import json
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import psutil

ROOT = Path(__file__).parents[2]
BIN = ROOT / ".venv-peers" / "bin"
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
SPATIALITE = sorted(Path("/usr/lib").glob("*/mod_spatialite.so"))[-1:]

_DATA: dict[int, Path] = {}


@dataclass(frozen=True)
class Peer:
    """How a service is started, and where its items are."""

    command: list[str]
    items: str
    environment: dict[str, str] = field(default_factory=dict)
    filtered: str | None = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgis(folder: Path) -> Iterator[int | None]:
    """Run a cluster of our own on a free port; None where PostgreSQL is not installed."""
    if not POSTGRES:
        yield None
        return
    as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_other:
        shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
    data, port = folder / "cluster", free_port()
    _DATA[port] = data
    control = [str(POSTGRES[0] / "pg_ctl"), "-D", str(data), "-w"]

    def run(*command: str) -> None:
        subprocess.run([*as_other, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run(str(POSTGRES[0] / "initdb"), "-D", str(data), "-U", "bench", "-A", "trust")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    run(*control, "-o", options, "-l", str(data / "log"), "start")
    try:
        yield port
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def postmaster(port: int) -> psutil.Process:
    """Return the process of the cluster that all its others come from."""
    return psutil.Process(int((_DATA[port] / "postmaster.pid").read_text().split()[0]))


def fill(port: int, frame: gpd.GeoDataFrame) -> None:
    """Put the same rows into PostGIS, with the indexes that an administrator would make."""
    kept = frame.drop(columns="geometry").astype(object)
    names = ", ".join(f'"{name}" text' for name in kept.columns)
    rows = kept.where(kept.notna(), "\\N").astype(str)
    lines = [
        "\t".join([key, f"SRID=4326;{shape.wkt}", *row])
        for key, shape, row in zip(frame.index, frame.geometry, rows.to_numpy(), strict=True)
    ]
    sql = (
        "CREATE EXTENSION postgis;\n"
        "CREATE TABLE facilities (facility_id text PRIMARY KEY, "
        f"geom geometry(Point, 4326), {names});\nCOPY facilities FROM STDIN;\n"
        + "\n".join(lines)
        + "\n\\.\nCREATE INDEX ON facilities USING gist (geom);\n"
        "CREATE INDEX ON facilities (kind);\nANALYZE facilities;\n"
    )
    command = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port)]
    subprocess.run([*command, "-U", "bench", "postgres"], input=sql, text=True, check=True)


def pygeoapi(folder: Path, port: int, provider: dict[str, object]) -> Peer:
    """Return pygeoapi's Starlette app over a provider."""
    folder.mkdir()
    url = f"http://127.0.0.1:{port}"
    texts = {"title": "b", "description": "b", "keywords": ["b"]}
    config = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": url,
            "mimetype": "application/json",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "limits": {"default_items": 100, "max_items": 10_000},
            "map": {"url": "https://tile.invalid/{z}/{x}/{y}.png", "attribution": "b"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                **texts, "keywords_type": "theme", "terms_of_service": "b", "url": url,
            },
            "license": {"name": "b", "url": url},
            "provider": {"name": "b", "url": url},
            "contact": {"name": "b"},
        },
        "resources": {
            "facilities": {
                "type": "collection",
                **texts,
                "links": [],
                "extents": {"spatial": {"bbox": [110, 26, 112, 28]}},
                "providers": [{"type": "feature", "id_field": "facility_id", **provider}],
            }
        },
    }  # fmt: skip
    path, api = folder / "config.yml", folder / "openapi.yml"
    # JSON is YAML.
    path.write_text(json.dumps(config), encoding="utf-8")
    environment = {"PYGEOAPI_CONFIG": str(path), "PYGEOAPI_OPENAPI": str(api)}
    if SPATIALITE:
        environment["SPATIALITE_LIBRARY_PATH"] = str(SPATIALITE[0])
    generate = [str(BIN / "pygeoapi"), "openapi", "generate", str(path), "--output-file", str(api)]
    subprocess.run(generate, check=True, env=os.environ | environment, capture_output=True)
    return Peer(
        uvicorn(port, "pygeoapi.starlette_app:APP"),
        "/collections/facilities/items?f=json&limit=100",
        environment,
        "&kind=library",
    )


def tipg(port: int, database: int) -> Peer:
    """Return tipg over the database."""
    environment = {"DATABASE_URL": f"postgresql://bench@127.0.0.1:{database}/postgres"}
    return Peer(
        uvicorn(port, "tipg.main:app"),
        "/collections/public.facilities/items?f=geojson&limit=100",
        environment,
        "&filter=kind%3D%27library%27",
    )


def uvicorn(port: int, app: str) -> list[str]:
    return [
        str(BIN / "python"), "-m", "uvicorn", app, "--workers", "2", "--port", str(port),
        "--log-level", "error", "--no-access-log",
    ]  # fmt: skip


def database_of(port: int) -> dict[str, object]:
    """Return pygeoapi's PostgreSQL provider over the database."""
    data = {
        "host": "127.0.0.1", "port": port, "dbname": "postgres", "user": "bench",
        "password": getpass.getuser(), "search_path": ["public"],
    }  # fmt: skip
    return {"name": "PostgreSQL", "data": data, "table": "facilities", "geom_field": "geom"}
