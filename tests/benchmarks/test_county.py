"""The whole study of a county: 300 villages, 20,000 demand cells, 500 facilities, 100,000 edges.

Run with ``pytest -m benchmark -s tests/benchmarks``; nothing here asserts a time. The
peer does a part of the work only: the nearest facility of each kind, by networkx's
search from many sources on the same graph, for one mode.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, box

from geo.core import schema
from geo.core.district import DistrictData
from geo.core.scenario import load_scenario
from geo.core.schema import conform
from geo.core.vocabulary import Kind, Mode
from geo.measures.study import study
from geo.publish.study_json import study_document
from geo.travel.roads import road_network
from tests.conftest import EAST_M, NORTH_M, ledger, toy_district

pytestmark = pytest.mark.benchmark

SIDE_M, TOWNS, STREETS = 28_300.0, 4, 224
FACILITIES, VILLAGES = 500, 300
RANDOM = np.random.default_rng(430503)


def _squares() -> tuple[list[str], list[object]]:
    step = SIDE_M / TOWNS
    codes, shapes = [], []
    for row in range(TOWNS):
        for column in range(TOWNS):
            codes.append(f"4305990{row * TOWNS + column + 1:02d}")
            low = EAST_M + column * step, NORTH_M + row * step
            shapes.append(box(low[0], low[1], low[0] + step, low[1] + step))
    return codes, shapes


def _roads() -> gpd.GeoDataFrame:
    """Return streets that cross 50,000 times, which makes 100,000 edges."""
    at = np.sort(RANDOM.uniform(0, SIDE_M, (2, STREETS)))
    west, south = EAST_M, NORTH_M
    lines = [LineString([(west + x, south), (west + x, south + SIDE_M)]) for x in at[0]]
    lines += [LineString([(west, south + y), (west + SIDE_M, south + y)]) for y in at[1]]
    classes = RANDOM.choice(["secondary", "tertiary", "residential"], len(lines))
    return gpd.GeoDataFrame(
        {"road_class": classes, "oneway": "both", "level": 0}, geometry=lines, crs="EPSG:4546"
    )


def _county() -> DistrictData:
    toy = toy_district()
    codes, shapes = _squares()
    towns = gpd.GeoDataFrame(
        {"township_code": codes, "name_zh": codes, "quality": "schematic", "source_id": "toy-map",
         "kind": ["subdistrict" if n < 5 else "town" for n in range(len(codes))]},
        geometry=shapes, crs="EPSG:4546",
    ).to_crs("EPSG:4490")  # fmt: skip
    whole = gpd.GeoDataFrame(
        {"district_code": ["430599"], "name_zh": ["大县"], "role": ["district"],
         "quality": ["schematic"], "source_id": ["toy-map"]},
        geometry=[towns.union_all()], crs="EPSG:4490",
    )  # fmt: skip
    kinds = RANDOM.choice([kind.value for kind in Kind], FACILITIES)
    places = RANDOM.uniform(0, SIDE_M, (FACILITIES, 2)) + np.array([EAST_M, NORTH_M])
    rows = [
        {"facility_id": f"f{n:03d}", "name": f"设施{n}", "kind": kind, "status": "operating",
         "verification": "verified", "open_to_public": True, "district_run": True,
         "demonstration": True, "source_file": "made.xlsx", "source_sheet": "1",
         "exhibition_area_m2": float(n % 300), "place": Point(place)}
        for n, (kind, place) in enumerate(zip(kinds, places, strict=True))
    ]  # fmt: skip
    villages = pd.DataFrame(
        {"village_code": [f"{codes[n % 16]}{n:03d}" for n in range(VILLAGES)], "name_zh": "村",
         "township_code": [codes[n % 16] for n in range(VILLAGES)], "kind": "village",
         "source_id": "toy-map"}
    )  # fmt: skip
    people = pd.DataFrame(
        {"division_code": ["430599", *codes], "name_zh": "x", "year": 2020, "quality": "census",
         "population_kind": "resident", "population": [800_000] + [50_000] * 16,
         "source_id": "toy-census"}
    )  # fmt: skip
    return replace(
        toy,
        townships=conform(towns, schema.TOWNSHIPS).set_index("township_code"),
        districts=conform(whole, schema.DISTRICTS).set_index("district_code"),
        facilities=ledger(rows),
        designations=toy.designations.iloc[:0],
        villages=conform(villages, schema.VILLAGES).set_index("village_code"),
        population=conform(people, schema.POPULATION),
        roads=_roads().to_crs("EPSG:4490"),
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _peer(data: DistrictData) -> None:
    ways = road_network(data).ways(Mode.CAR, {"secondary": 35, "tertiary": 30, "residential": 20})  # type: ignore[union-attr]
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(zip(ways.start, ways.end, ways.with_min, strict=True))
    graph.add_weighted_edges_from(zip(ways.end, ways.start, ways.against_min, strict=True))
    for kind in Kind:
        nodes = RANDOM.integers(0, len(ways.node_xy), int((data.facilities["kind"] == kind).sum()))
        nx.multi_source_dijkstra_path_length(graph, set(nodes.tolist()))


def test_a_county() -> None:
    data = _county()
    scenario = load_scenario(on=date(2025, 12, 31))
    ready = _seconds(lambda: road_network(data))
    assert road_network(data) is not None
    first, again = (_seconds(lambda: study(data, scenario)) for _ in range(2))
    answer = study(data, scenario)
    written = _seconds(lambda: study_document(answer))
    peer = _seconds(lambda: _peer(data))
    print(
        f"\n{road_network(data).network.report.edge_count:,} edges,"
        f" {len(answer.district_coverage.surface.points):,} demand cells,"
        f" {len(data.facilities)} facilities, {len(data.villages)} villages, CPU seconds:"
        f"\nroads made ready once {ready:.1f}; first study {first:.1f}, another {again:.1f},"
        f" its JSON {written:.2f}; networkx, nearest of each kind by one mode alone {peer:.1f};"
        f" ratio {again / peer:.2f}"
    )
