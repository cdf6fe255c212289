"""The example filters of the standard (OGC 21-065r2, clauses 6 and 7) on rows made for them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.publish.cql2 import FilterLang, Queryable, parse_filter

COLUMNS: dict[str, tuple[str, list[Any]]] = {
    "city": ("text", ["Toronto", "Frankfurt", "Oslo"]),
    "balance": ("real", [150.0, 150.5, None]),
    "updated": ("date", ["1970-01-01", "1969-12-31", None]),
    "name": ("text", ["Smithson", "Smyth", "Smith"]),
    "depth": ("real", [100.0, 150.0, 150.1]),
    "category": ("integer", [1, 5, None]),
    "road_class": ("text", ["ΟΔΟΣ", "STRASSE", "road"]),
    "event_time": ("date", ["1969-07-16T05:32:00Z", "1969-07-24T16:50:36Z", None]),
    "touchdown": ("date", ["1969-07-20T20:17:40Z", "1969-07-16T13:32:00Z", None]),
    "liftOff": ("date", ["1969-07-21T17:54:00Z", "1969-07-21T17:54:00Z", "1969-07-22T00:00:00Z"]),
    "layer:ids": ("list", [["layers-us", "layers-ca", "x"], ["layers-ca"], None]),
}
GEOMETRY = shapely.from_wkt(
    ["POINT(36.319836 32.288087)", "LINESTRING(43.72 -79.3,43.74 -79.29)", None]
)
POLYGON = [
    [43.7286, -79.2986], [43.7311, -79.2996], [43.7323, -79.2972], [43.7326, -79.2971],
    [43.7350, -79.2981], [43.7350, -79.2982], [43.7352, -79.2982], [43.7357, -79.2956],
    [43.7337, -79.2948], [43.7343, -79.2933], [43.7339, -79.2923], [43.7327, -79.2947],
    [43.7320, -79.2942], [43.7322, -79.2937], [43.7306, -79.2930], [43.7303, -79.2930],
    [43.7299, -79.2928], [43.7286, -79.2986],
]  # fmt: skip
LINE = [
    [43.72992, -79.2998], [43.73005, -79.2991], [43.73006, -79.2984], [43.73140, -79.2956],
    [43.73259, -79.2950], [43.73266, -79.2945], [43.73320, -79.2936], [43.73378, -79.2936],
    [43.73486, -79.2917],
]  # fmt: skip


def wkt(positions: list[list[float]]) -> str:
    return ", ".join(f"{x} {y}" for x, y in positions)


def op(name: str, *arguments: Any) -> dict[str, Any]:
    return {"op": name, "args": list(arguments)}


def of(name: str) -> dict[str, str]:
    return {"property": name}


AREA = {"type": "Polygon", "coordinates": [POLYGON]}
APOLLO = ["1969-07-16T13:32:00Z", "1969-07-24T16:50:35Z"]

EXAMPLES: list[tuple[str, Any, list[int]]] = [
    ("city='Toronto'", op("=", of("city"), "Toronto"), [0]),
    ("balance-150.0 > 0", op(">", op("-", of("balance"), 150.0), 0), [1]),
    ("updated >= date('1970-01-01')", op(">=", of("updated"), {"date": "1970-01-01"}), [0]),
    ("geometry IS NOT NULL", op("not", op("isNull", of("geometry"))), [0, 1]),
    ("name LIKE 'Smith%'", op("like", of("name"), "Smith%"), [0, 2]),
    ("depth BETWEEN 100.0 and 150.0", op("between", of("depth"), 100.0, 150.0), [0, 1]),
    (
        "city IN ('Toronto','Frankfurt','Tokyo','New York')",
        op("in", of("city"), ["Toronto", "Frankfurt", "Tokyo", "New York"]),
        [0, 1],
    ),
    ("category NOT IN (1,2,3,4)", op("not", op("in", of("category"), [1, 2, 3, 4])), [1]),
    (
        "CASEI(road_class) IN (CASEI('Οδος'),CASEI('Straße'))",
        op("in", op("casei", of("road_class")), [op("casei", "Οδος"), op("casei", "Straße")]),
        [0, 1],
    ),
    (
        "S_INTERSECTS(geometry,POINT(36.319836 32.288087))",
        op(
            "s_intersects",
            of("geometry"),
            {"type": "Point", "coordinates": [36.319836, 32.288087]},
        ),
        [0],
    ),
    (
        "S_INTERSECTS(geometry,BBOX(160.6,-55.95,-170,-25.89))",
        op("s_intersects", of("geometry"), {"bbox": [160.6, -55.95, -170, -25.89]}),
        [],
    ),
    (f"S_CROSSES(geometry,POLYGON(({wkt(POLYGON)})))", op("s_crosses", of("geometry"), AREA), [1]),
    (
        f"S_CROSSES(LINESTRING({wkt(LINE)}),POLYGON(({wkt(POLYGON)})))",
        op("s_crosses", {"type": "LineString", "coordinates": LINE}, AREA),
        [0, 1, 2],
    ),
    (
        "T_INTERSECTS(event_time, INTERVAL('1969-07-16T05:32:00Z', '1969-07-24T16:50:35Z'))",
        op("t_intersects", of("event_time"), {"interval": ["1969-07-16T05:32:00Z", APOLLO[1]]}),
        [0],
    ),
    (
        "T_DURING(INTERVAL(touchdown, liftOff), "
        "INTERVAL('1969-07-16T13:32:00Z', '1969-07-24T16:50:35Z'))",
        op("t_during", {"interval": [of("touchdown"), of("liftOff")]}, {"interval": APOLLO}),
        [0],
    ),
    (
        "T_DURING(INTERVAL('1969-07-20T20:17:40Z', '1969-07-21T17:54:00Z'), "
        "INTERVAL('1969-07-16T13:32:00Z', '1969-07-24T16:50:35Z'))",
        op(
            "t_during",
            {"interval": ["1969-07-20T20:17:40Z", "1969-07-21T17:54:00Z"]},
            {"interval": APOLLO},
        ),
        [0, 1, 2],
    ),
    (
        "A_CONTAINS(layer:ids, ('layers-ca','layers-us'))",
        op("a_contains", of("layer:ids"), ["layers-ca", "layers-us"]),
        [0],
    ),
]


@pytest.mark.parametrize(
    ("text", "form", "rows"), EXAMPLES, ids=[text[:50] for text, *_ in EXAMPLES]
)
def test_text_and_json_of_an_example_match(text: str, form: Any, rows: list[int]) -> None:
    queryables = {name: Queryable(name, kind, name, name) for name, (kind, _) in COLUMNS.items()}
    queryables["geometry"] = Queryable("geometry", "geometry", "位置", "Position")
    columns = {name: pd.Series(values, dtype=object) for name, (_, values) in COLUMNS.items()}
    for lang, written in ((FilterLang.TEXT, text), (FilterLang.JSON, json.dumps(form))):
        asked = parse_filter(written, lang, queryables)
        assert np.flatnonzero(asked.mask(columns, GEOMETRY)).tolist() == rows


@pytest.mark.parametrize(
    "value",
    ["'foo'", "true", "3.14", "1", "TIMESTAMP('2022-04-14T14:48:46Z')", "DATE('2022-04-14')"],
)
@pytest.mark.parametrize(
    ("operation", "holds"), [("=", 1), ("<>", 0), (">", 0), ("<", 0), (">=", 1), ("<=", 1)]
)
def test_a_value_beside_itself(value: str, operation: str, holds: int) -> None:
    """The abstract test comparison-value-value."""
    asked = parse_filter(f"{value} {operation} {value}", FilterLang.TEXT, {})
    assert asked.mask({"x": [1, 2]}).tolist() == [bool(holds)] * 2
