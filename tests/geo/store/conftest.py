"""Four square townships near 111.4 E, 27.2 N, and a ledger of any length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import MultiPolygon

from geo.core import schema
from geo.core.crs import STORAGE_CRS
from geo.core.district import DistrictData
from geo.core.schema import conform
from geo.store import LoadRecord, Store, create_store, open_store

DISTRICT = "430599"
TOWNSHIPS = {
    "430599001": ("城东街道", "subdistrict", 0, 0),
    "430599002": ("城南街道", "subdistrict", 1, 0),
    "430599101": ("河西镇", "town", 0, 1),
    "430599201": ("山口乡", "township", 1, 1),
}
SIDE = 0.05


def square(column: int, row: int, side: float = SIDE) -> MultiPolygon:
    west, south = 111.4 + column * SIDE, 27.2 + row * SIDE
    return MultiPolygon([shapely.box(west, south, west + side, south + side)])


def _keyed(frame: pd.DataFrame, table: schema.Table) -> Any:
    return conform(frame, table).set_index(table.key)


def make_facilities(count: int, seed: int = 0) -> gpd.GeoDataFrame:
    """Return a ledger; every seventh row has no position, every third no area."""
    rng = np.random.default_rng(seed)
    rows = np.arange(count)
    points = shapely.points(rng.uniform(111.4, 111.5, count), rng.uniform(27.2, 27.3, count))
    frame = gpd.GeoDataFrame(
        {
            "facility_id": [f"s{seed}-{row}" for row in rows],
            "name": [f"第{row}号科普馆" for row in rows],
            "kind": np.where(rows % 2, "library", "exhibition_hall"),
            "status": "operating",
            "verification": "verified",
            "demonstration": True,
            "exhibition_area_m2": np.where(rows % 3, rng.uniform(1, 900, count), np.nan),
            "open_to_public": pd.array([[True, False, None][row % 3] for row in rows], "boolean"),
            "opened_on": pd.to_datetime(np.where(rows % 2, "2021-02-28", None)),
            "township_code": "430599001",
            "source_row": pd.array(rows + 2, dtype="Int64"),
        },
        geometry=np.where(rows % 7, points, None),
        crs=STORAGE_CRS,
    )
    return _keyed(frame, schema.FACILITIES)


def make_designations(count: int, seed: int = 0) -> pd.DataFrame:
    rows = range(count)
    frame = pd.DataFrame(
        {
            "facility_id": [f"s{seed}-{row}" for row in rows],
            "title": [f"科普教育基地（第{seed}批）" for _ in rows],
            "valid_to": pd.to_datetime(["2026-12-31" for _ in rows]),
            "demonstration": True,
        }
    )
    return conform(frame, schema.DESIGNATIONS)


def make_population(kind: str, year: int, people: int, source_id: str) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "division_code": [DISTRICT, *TOWNSHIPS],
            "name_zh": ["玩具区", *(name for name, *_ in TOWNSHIPS.values())],
            "population_kind": kind,
            "year": year,
            "population": [4 * people] + [people] * 4,
            "quality": "estimate",
            "source_id": source_id,
        }
    )
    return conform(frame, schema.POPULATION)


def make_sources(*ids: str, title: str = "来源") -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "source_id": ids,
            "title_zh": title,
            "title_en": "Source",
            "publisher": "tests",
            "published_on": "2020",
            "licence": "CC0",
            "quality": "census",
        }
    )
    return _keyed(frame, schema.SOURCES)


def make_boundaries(source_id: str = "map") -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    townships = gpd.GeoDataFrame(
        [(code, name, kind) for code, (name, kind, _, _) in TOWNSHIPS.items()],
        columns=["township_code", "name_zh", "kind"],
        geometry=[square(column, row) for _, _, column, row in TOWNSHIPS.values()],
        crs=STORAGE_CRS,
    ).assign(quality="schematic", source_id=source_id)
    districts = gpd.GeoDataFrame(
        {"district_code": [DISTRICT], "name_zh": "玩具区", "role": "district"},
        geometry=[square(0, 0, 2 * SIDE)],
        crs=STORAGE_CRS,
    ).assign(quality="generalised", source_id=source_id)
    return _keyed(townships, schema.TOWNSHIPS), _keyed(districts, schema.DISTRICTS)


def make_villages() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "village_code": [f"{code}001" for code in TOWNSHIPS],
            "township_code": list(TOWNSHIPS),
            "name_zh": "一村",
            "kind": "village",
            "urban_rural_class": "220",
            "source_id": "villages",
        },
    )
    frame = gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs=STORAGE_CRS)
    return _keyed(frame, schema.VILLAGES)


def make_district(count: int = 20, seed: int = 0) -> DistrictData:
    townships, districts = make_boundaries()
    return DistrictData(
        townships=townships,
        districts=districts,
        villages=make_villages(),
        population=make_population("resident", 2020, 1_000, "census"),
        facilities=make_facilities(count, seed),
        designations=make_designations(min(count, 3), seed),
        sources=make_sources("map", "villages", "census"),
    )


def make_load(what: Any = "district", row_count: int = 1) -> LoadRecord:
    moment = datetime(2025, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
    return LoadRecord(moment, "台账.xlsx", "0" * 64, what, row_count)


class Make:
    """What the tests make frames with."""

    boundaries = staticmethod(make_boundaries)
    designations = staticmethod(make_designations)
    district = staticmethod(make_district)
    facilities = staticmethod(make_facilities)
    load = staticmethod(make_load)
    population = staticmethod(make_population)
    sources = staticmethod(make_sources)
    square = staticmethod(square)
    villages = staticmethod(make_villages)


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kepu.gpkg"


@pytest.fixture
def filled(path: Path) -> Iterator[Path]:
    """Return the path of a store that holds the toy district."""
    with create_store(path) as store:
        store.replace_district(make_district(), make_load())
    return path


def geopackage(folder: Path) -> Callable[..., Store]:
    """Return a function that opens one and the same store again and again."""

    def opened(**options: Any) -> Store:
        path = folder / "contract.gpkg"
        return open_store(path, **options) if path.exists() else create_store(path, **options)

    return opened


@pytest.fixture(params=[geopackage])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Store]:
    """Return what opens a store; add a factory to test another kind of it."""
    return request.param(tmp_path)


@pytest.fixture
def store(opener: Callable[..., Store]) -> Iterator[Store]:
    with opener() as opened:
        yield opened
