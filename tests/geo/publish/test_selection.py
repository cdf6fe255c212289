"""Which features are asked for, and in which order."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.core.dates import Interval
from geo.core.errors import QueryError
from geo.core.fields import queryable_fields
from geo.core.geojson import encode
from geo.publish.selection import Selection, parse_sortby, queryables, select, wanted_values

KNOWN = queryables(queryable_fields("facilities"))
values = st.lists(st.one_of(st.none(), st.integers(-3, 3)), min_size=1, max_size=12)


def _features(**columns: list[object]):  # type: ignore[no-untyped-def]
    frame = pd.DataFrame(columns)
    frame.index = [f"{number:02d}" for number in range(len(frame))]
    places = [shapely.Point(number, number) for number in range(len(frame))]
    return encode(gpd.GeoDataFrame(frame, geometry=places, crs=4490), pick_by=tuple(columns))


@given(values, st.booleans())
def test_order_is_that_of_the_values_with_unknown_last(
    given_: list[int | None], down: bool
) -> None:
    for column in ([None if v is None else float(v) for v in given_],
                   [None if v is None else f"x{v:+d}" for v in given_]):  # fmt: skip
        rows = select(_features(n=column), Selection(order=(("n", down),))).tolist()
        assert sorted(rows) == list(range(len(column)))
        known = [row for row in range(len(column)) if column[row] is not None]
        expected = sorted(known, key=lambda row: column[row], reverse=down)
        if down:  # Equals keep the order of their ids, whichever way.
            expected = sorted(known, key=lambda row: [-_rank(column, row), row])
        assert rows == expected + [row for row in range(len(column)) if column[row] is None]


def _rank(column: list[object], row: int) -> int:
    kept = sorted({value for value in column if value is not None})  # type: ignore[type-var]
    return kept.index(column[row])


@given(values, values)
def test_two_properties_sort_as_pairs_do(first: list[int | None], second: list[int | None]) -> None:
    size = min(len(first), len(second))
    a = [0.0 if v is None else float(v) for v in first[:size]]
    b = [0.0 if v is None else float(v) for v in second[:size]]
    rows = select(_features(a=a, b=b), Selection(order=(("a", False), ("b", True)))).tolist()
    assert rows == sorted(range(size), key=lambda row: (a[row], -b[row], row))


def test_what_is_asked_must_all_hold() -> None:
    features = _features(kind=["a", "a", "b", None], n=[1.0, 2.0, 2.0, None])
    assert select(features, Selection(wanted=(("kind", "a"), ("n", 2.0)))).tolist() == [1]
    assert select(features, Selection(area=shapely.box(0, 0, 1, 1))).tolist() == [0, 1]
    both = Selection(area=shapely.box(1, 1, 3, 3), wanted=(("n", 2.0),), order=(("kind", True),))
    assert select(features, both).tolist() == [2, 1]
    assert select(features, Selection()).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("start", "end", "rows"),
    [
        ("2020-01-01", "2020-01-01", [0, 2, 3]),
        ("2019-12-31", "2019-12-31", [2, 3]),
        ("2021-05-31", "2021-05-31", [0, 2, 3]),
        ("2021-06-01", "2021-06-01", [0, 1, 3]),
        ("2021-05-31", "2021-06-01", [0, 1, 2, 3]),
        (None, "2019-01-01", [2, 3]),
        ("2022-01-01", None, [0, 1, 3]),
    ],
)
def test_days_open_on_the_first_and_not_on_the_last(
    start: str | None, end: str | None, rows: list[int]
) -> None:
    days = pd.to_datetime(["2020-01-01", "2021-06-01", None, None])
    closed = pd.to_datetime([None, None, "2021-06-01", None])
    features = _features(opened_on=list(days), closed_on=list(closed))
    asked = Interval(*(date.fromisoformat(day) if day else None for day in (start, end)))
    assert select(features, Selection(interval=asked)).tolist() == rows


def test_values_are_of_the_types_of_their_properties() -> None:
    given_ = {"floor_area_m2": "-1.5", "opened_on": "2020-01-01", "open_to_public": "false",
              "name": "1"}  # fmt: skip
    assert wanted_values(given_, KNOWN) == (
        ("floor_area_m2", -1.5),
        ("opened_on", np.datetime64("2020-01-01")),
        ("open_to_public", False),
        ("name", "1"),
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [("floor_area_m2", "nan"), ("floor_area_m2", "1e9"), ("floor_area_m2", "１"),
     ("floor_area_m2", "1_0"), ("floor_area_m2", ""), ("opened_on", "2020"),
     ("opened_on", "2020-02-30"), ("open_to_public", "True"), ("nope", "1"), ("geometry", "x"),
     ("contact", "x"), ("designations", "x")],
)  # fmt: skip
def test_other_values_are_refused(name: str, text: str) -> None:
    with pytest.raises(QueryError, match=name):
        wanted_values({name: text}, KNOWN)


@pytest.mark.parametrize("text", ["", "kind,", "kind,kind", "kind,-kind", "geometry", "nope",
                                  "--kind", "name,kind,level,status,group,address"])  # fmt: skip
def test_orders_that_are_none(text: str) -> None:
    with pytest.raises(QueryError):
        parse_sortby(text, KNOWN)


def test_a_plus_that_became_a_space_is_one() -> None:
    assert parse_sortby(" kind,+name,-level", KNOWN) == (
        ("kind", False), ("name", False), ("level", True),
    )  # fmt: skip
