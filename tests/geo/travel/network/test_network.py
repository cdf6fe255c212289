"""Networks from layers: what is cut, what is joined, what is left out."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point

from geo.core.errors import BadValueError, EmptyFileError, KepuError, MissingColumnError
from geo.travel.network import REASONS, LossReason, RoadNetwork, make_network

CRS = "EPSG:4546"
EAST, NORTH = 500_000, 3_000_000


def line(*places: tuple[float, float]) -> LineString:
    return LineString([(EAST + x, NORTH + y) for x, y in places])


def layer(lines: list[object], road_class: object = "tertiary", **columns: object):
    index = range(len(lines))
    data = {"road_class": road_class, **columns}
    return gpd.GeoDataFrame(data, index=index, geometry=lines, crs=CRS)


def lengths(network: RoadNetwork) -> list[float]:
    return sorted(np.round(network.length_m, 6).tolist())


def losses(network: RoadNetwork) -> dict[str, tuple[int, float]]:
    return {loss.reason.value: (loss.count, loss.length_m) for loss in network.report.losses}


WEST_EAST, SOUTH_NORTH = line((0, 0), (1000, 0)), line((400, -300), (400, 300))


def test_lines_are_cut_where_they_cross() -> None:
    network = make_network(layer([WEST_EAST, SOUTH_NORTH]))
    assert lengths(network) == [300, 300, 400, 600]
    assert len(network.node_xy) == 5


def test_a_bridge_does_not_meet_the_road_below() -> None:
    network = make_network(layer([WEST_EAST, SOUTH_NORTH], level=[0, 1]))
    assert lengths(network) == [600, 1000]
    assert len(network.node_xy) == 4


def test_a_bridge_begins_where_a_road_ends_and_may_come_down_on_the_middle_of_one() -> None:
    bridge = line((400, 0), (400, 300))
    beyond = line((400, 300), (400, 700))
    network = make_network(layer([WEST_EAST, bridge, beyond], level=[0, 1, 0]))
    assert lengths(network) == [300, 400, 400, 600]
    assert len(network.node_xy) == 5


def test_a_road_that_ends_under_a_bridge_does_not_join_it() -> None:
    network = make_network(layer([WEST_EAST, line((400, 0), (400, 300))], level=[1, 0]))
    assert lengths(network) == [300, 1000]


def test_lines_that_touch_are_cut_there() -> None:
    network = make_network(layer([WEST_EAST, line((400, 0), (400, 300))]))
    assert lengths(network) == [300, 400, 600]


@pytest.mark.parametrize(("gap", "edges"), [(0.5, 3), (0.51, 2), (-0.4, 3)])
def test_an_end_joins_over_a_gap_or_beyond_the_road_within_the_tolerance(gap, edges) -> None:
    network = make_network(layer([WEST_EAST, line((400, gap), (400, 300))]))
    assert len(network.length_m) == edges
    assert network.report.gap_count == (1 if edges == 3 else 0)


def test_the_tolerance_may_be_none() -> None:
    network = make_network(layer([WEST_EAST, line((400, 0.1), (400, 300))]), snap_m=0)
    assert len(network.length_m) == 2


def test_roads_along_each_other_are_cut_at_the_ends_of_the_stretch() -> None:
    network = make_network(layer([WEST_EAST, line((600, 0), (1500, 0))]))
    assert lengths(network) == [400, 400, 500, 600]
    assert len(network.node_xy) == 4


def test_openstreetmap_meets_at_shared_vertices_only() -> None:
    crossing = [WEST_EAST, SOUTH_NORTH]
    assert len(make_network(layer(crossing), split="shared_nodes").length_m) == 2
    shared = [line((0, 0), (400, 0), (1000, 0)), line((400, -300), (400, 0), (400, 300))]
    network = make_network(layer(shared, level=[0, 1]), split="shared_nodes")
    assert lengths(network) == [300, 300, 400, 600]


def test_multilines_are_their_parts_and_curves_keep_their_vertices() -> None:
    both = MultiLineString([WEST_EAST, line((0, 0), (0, 300), (400, 300))])
    network = make_network(layer([both]))
    assert lengths(network) == [700, 1000]
    assert len(network.node_xy) == 3


def test_a_loop_is_halved_for_people_live_along_it() -> None:
    loop = line((1000, 0), (1100, 0), (1100, 100), (1000, 100), (1000, 0))
    for split in ("crossings", "shared_nodes"):
        network = make_network(layer([WEST_EAST, loop]), split=split)
        assert lengths(network) == [200, 200, 1000]
        assert network.report.loop_count == 1
        assert (network.start != network.end).all()


def test_a_line_that_crosses_itself_is_cut_there() -> None:
    eight = line((0, 0), (200, 0), (200, 100), (100, 100), (100, -100))
    network = make_network(layer([eight], oneway=["forward"]))
    assert lengths(network) == [100, 100, 200, 200]
    assert network.direction.tolist() == [1] * 4


def test_what_is_no_road_is_left_out_and_told() -> None:
    twice = line((0, 500), (0, 800))
    with np.errstate(invalid="ignore"):
        nowhere = LineString([(EAST, NORTH), (np.nan, NORTH)])
    network = make_network(
        layer(
            [
                WEST_EAST,
                None,
                LineString(),
                Point(EAST, NORTH),
                line((7, 7), (7, 7)),
                nowhere,
                twice,
                twice.reverse(),
                line((2000, 0), (2000, 0.3)),
            ]
        )
    )
    assert lengths(network) == [300, 1000]
    assert losses(network) == {
        "missing": (1, 0),
        "empty": (1, 0),
        "not_a_line": (1, 0),
        "not_finite": (1, 0),
        "zero_length": (1, 0),
        "duplicate": (1, 300),
        "shorter_than_snap": (1, pytest.approx(0.3)),
    }


def test_lines_that_differ_in_more_than_their_ends_are_no_duplicates() -> None:
    twice = [WEST_EAST, WEST_EAST.reverse()]
    assert not losses(make_network(layer(twice, oneway=["forward", "forward"])))
    assert "duplicate" in losses(make_network(layer(twice, oneway=["forward", "reverse"])))
    assert not losses(make_network(layer(twice, ["primary", "service"])))


def test_words_that_no_table_knows_are_told() -> None:
    network = make_network(
        layer(
            [line((0, 10 * n), (900, 10 * n)) for n in range(4)],
            ["省道", "大路", None, "primary_link"],
            oneway=["单向", "-1", "x", None],
            level=["1", "上", None, 0],
        )
    )
    by_row = dict(zip(network.row.tolist(), network.road_class, strict=True))
    assert by_row == {0: "primary", 1: "unclassified", 2: "unclassified", 3: "primary"}
    assert dict(zip(network.row.tolist(), network.direction, strict=True)) == {
        0: 1,
        1: -1,
        2: 0,
        3: 0,
    }
    assert network.report.unknown_classes == {"": 1, "大路": 1}
    assert network.report.unknown_directions == {"x": 1}
    assert network.report.unknown_levels == {"上": 1}


def test_the_layer_is_not_changed() -> None:
    given_layer = layer([WEST_EAST, SOUTH_NORTH, None], oneway=["forward", None, None])
    before = given_layer.copy()
    make_network(given_layer)
    assert given_layer.equals(before)


@pytest.mark.parametrize(
    ("bad", "kind", "zh", "en"),
    [
        (layer([]), EmptyFileError, "没有一条线", "no line"),
        (layer([None, LineString()]), EmptyFileError, "没有一条可用的线", "no usable line"),
        (layer([line((1, 1), (1, 1))]), EmptyFileError, "可用的线", "usable"),
        (layer([line((1, 1), (1, 1.2))]), EmptyFileError, "可用的线", "usable"),
        (layer([WEST_EAST]).drop(columns="road_class"), MissingColumnError, "等级", "road_class"),
        (layer([WEST_EAST]).set_crs(None, allow_override=True), BadValueError, "没有声明", "no c"),
        (layer([WEST_EAST]).to_crs("EPSG:4490"), BadValueError, "以度为单位", "in degrees"),
        (layer([WEST_EAST]).to_crs("EPSG:2263"), BadValueError, "不以米为单位", "not in metres"),
        (
            layer([LineString([(111.4, 27.2), (111.5, 27.3)])]),
            BadValueError,
            "经纬度（度）",
            "its numbers are degrees",
        ),
    ],
)
def test_a_layer_that_cannot_be_measured_is_refused(bad, kind, zh, en) -> None:
    with pytest.raises(KepuError, match=zh) as caught:
        make_network(bad)
    assert isinstance(caught.value, kind)
    assert en in caught.value.message("en")


@pytest.mark.parametrize("choice", [{"split": "maybe"}, {"snap_m": -1.0}, {"snap_m": np.nan}])
def test_choices_out_of_bounds_are_refused(choice) -> None:
    with pytest.raises(ValueError, match=r"lines are split|tolerance"):
        make_network(layer([WEST_EAST]), **choice)


def test_lines_that_all_meet_are_no_roads(monkeypatch) -> None:
    monkeypatch.setattr("geo.travel.network.crossings.MAX_MEETINGS", 1_000)
    hairs = [line((0, 0), (np.cos(a) * 900, np.sin(a) * 900)) for a in np.linspace(0, 6, 50)]
    with pytest.raises(BadValueError, match="不像道路"):
        make_network(layer(hairs))


SPOTS = st.tuples(st.integers(0, 12), st.integers(0, 12))
SEGMENTS = st.lists(st.tuples(SPOTS, SPOTS), min_size=1, max_size=12)


@given(SEGMENTS, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(segments, random) -> None:
    lines = [line((50.0 * a, 50.0 * b), (50.0 * c, 50.0 * d)) for (a, b), (c, d) in segments]
    if all(one.length == 0 for one in lines):
        return
    network = make_network(layer(lines))
    random.shuffle(lines)
    again = make_network(layer(lines))
    assert np.allclose(network.node_xy, again.node_xy, rtol=0, atol=1e-6)
    ends = [np.sort(np.c_[found.start, found.end], axis=1) for found in (network, again)]
    assert np.array_equal(*ends)
    assert np.allclose(network.length_m, again.length_m, rtol=1e-9)


@given(SEGMENTS)
def test_the_pieces_are_the_lines_and_meet_only_at_nodes(segments) -> None:
    lines = [line((50.0 * a, 50.0 * b), (50.0 * c, 50.0 * d)) for (a, b), (c, d) in segments]
    if all(one.length == 0 for one in lines):
        return
    network = make_network(layer(lines), snap_m=1e-3)
    drawn = shapely.union_all(shapely.buffer(network.geometry, 0.1))
    assert all(drawn.covers(one) for one in lines if one.length)
    assert np.array_equal(
        shapely.get_coordinates(shapely.get_point(network.geometry, 0)),
        network.node_xy[network.start],
    )
    inner = shapely.line_interpolate_point(network.geometry, 0.5, normalized=True)
    nodes = shapely.points(network.node_xy)
    near, edge = shapely.STRtree(network.geometry).query(nodes, predicate="dwithin", distance=1e-4)
    assert ((network.start[edge] == near) | (network.end[edge] == near)).all()
    assert shapely.distance(inner, network.geometry).max() < 1e-6


def test_reasons_have_words() -> None:
    assert set(REASONS) == set(LossReason)


@given(st.integers(0, 2**32 - 1))
def test_lines_at_random_are_cut_as_shapely_nodes_them(seed) -> None:
    random = np.random.default_rng(seed)
    lines = [line(*random.uniform(0, 900, (3, 2))) for _ in range(12)]
    network = make_network(layer(lines), snap_m=0)
    noded = shapely.get_parts(shapely.union_all(lines))
    # shapely also ends no piece at a bend, so that the pieces are the same.
    assert len(network.length_m) == len(noded)
    assert np.allclose(np.sort(network.length_m), np.sort(shapely.length(noded)), atol=1e-5)
