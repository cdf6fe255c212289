import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geojson_pydantic import FeatureCollection
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import QueryError
from geo.core.geojson import collection, encode, geometry_json, parse_bbox

HOSTILE = "</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}${1}`\u2028\u202e" + "长" * 10_000


def _frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ["甲", HOSTILE, "丙"], "area": [1.5, np.nan, np.inf], "kind": ["a", "b", "a"]},
        index=["k2", "k1", "k3"],
        geometry=[shapely.Point(111.123456789, 27.2), None, shapely.Point(111.5, 27.5)],
    )


def test_a_collection_is_rfc_7946() -> None:
    features = encode(_frame(), pick_by=("kind",))
    text = collection(features, features.pick(), members={"numberMatched": 3})
    body = json.loads(text, parse_constant=pytest.fail)
    FeatureCollection(**{key: body[key] for key in ("type", "features")})
    assert "crs" not in body
    assert [feature["id"] for feature in body["features"]] == ["k1", "k2", "k3"]
    assert body["features"][1]["geometry"]["coordinates"] == [111.1234568, 27.2]
    assert [feature["properties"]["area"] for feature in body["features"]] == [None, 1.5, None]
    assert body["features"][0]["properties"]["name"] == HOSTILE
    assert body["features"][0]["geometry"] is None


def test_rings_go_anticlockwise_and_holes_clockwise() -> None:
    ring = shapely.Polygon([(0, 0), (0, 9), (9, 9), (9, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    shape = shapely.from_geojson(geometry_json(np.array([ring]))[0])
    assert shape.exterior.is_ccw
    assert not shape.interiors[0].is_ccw


@given(st.lists(st.tuples(st.floats(73, 135), st.floats(18, 54)), min_size=1, max_size=40))
def test_no_number_has_more_than_seven_decimals(places: list[tuple[float, float]]) -> None:
    """GEOS writes 111.45333720000001 for 111.4533372, which is the same number."""
    for text in geometry_json(np.array([shapely.Point(x, y) for x, y in places])):
        for number in json.loads(text, parse_float=str)["coordinates"]:
            assert len(number.partition(".")[2]) <= 7


def test_the_same_question_gives_the_same_bytes() -> None:
    one, other = encode(_frame()), encode(_frame().iloc[::-1])
    members = {"a": 1}
    assert collection(one, one.pick(), members=members) == collection(
        other, other.pick(), members=members
    )


def test_picking_by_box_and_value() -> None:
    features = encode(_frame(), pick_by=("kind",))
    assert features.pick(bbox=(111.4, 27.4, 111.6, 27.6)).tolist() == [2]
    assert features.pick(wanted={"kind": "a"}).tolist() == [1, 2]
    assert features.pick(bbox=(111.5, 27.5, 111.5, 27.5)).tolist() == [2], "edges belong to the box"
    assert features.pick(bbox=(0, 0, 180, 90)).tolist() == [1, 2], "no position, no box"
    nothing = features.pick(wanted={"kind": "c"})
    assert json.loads(collection(features, nothing, members={}))["features"] == []


@pytest.mark.parametrize(
    "text",
    [
        "", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,nan,nan,nan", "2,1,1,2", "1,2,2,1",
        "-181,0,0,0", "0,0,0,91", "inf,0,inf,0", "１,２,３,４", "1,,2,3", "111;27;112;28",
    ],
)  # fmt: skip
def test_a_box_that_is_none(text: str) -> None:
    with pytest.raises(QueryError):
        parse_bbox(text)


@given(st.text(max_size=60))
def test_any_text_is_a_box_or_a_query_error(text: str) -> None:
    try:
        west, south, east, north = parse_bbox(text)
    except QueryError:
        return
    assert west <= east
    assert south <= north


@given(
    st.lists(
        st.fixed_dictionaries(
            {"t": st.text(max_size=20), "n": st.none() | st.floats(), "b": st.booleans()}
        ),
        max_size=8,
    )
)
def test_what_goes_in_comes_out(rows: list[dict[str, object]]) -> None:
    index = [f"{number:02d}" for number in range(len(rows))]
    table = pd.DataFrame(rows, index=index, columns=["t", "n", "b"]).astype({"n": "float64"})
    frame = gpd.GeoDataFrame(table, geometry=[shapely.Point(1, 1)] * len(rows))
    features = encode(frame)
    body = json.loads(collection(features, features.pick(), members={}))
    for row, feature in zip(rows, body["features"], strict=True):
        assert feature["properties"]["t"] == row["t"]
        assert feature["properties"]["b"] == row["b"]
        number = row["n"]
        finite = isinstance(number, float) and np.isfinite(number)
        assert feature["properties"]["n"] == (number if finite else None)
