"""Changes between two states of a collection, on feature sets alone."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import QueryError
from geo.core.geojson import FeatureSet, encode
from geo.publish.changes import ChangeToken, changes_between

STATES = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 3), max_size=9)


def features(values: dict[str, int]) -> FeatureSet:
    rows = {"n": list(values.values())}
    return encode(gpd.GeoDataFrame(rows, geometry=[None] * len(values), index=list(values)))


def copy_of(found: FeatureSet) -> dict[str, bytes]:
    return dict(zip(found.ids, found.encoded, strict=True))


@given(before=STATES, after=STATES, size=st.integers(1, 4))
def test_pages_of_changes_taken_into_the_earlier_give_the_later(
    before: dict[str, int], after: dict[str, int], size: int
) -> None:
    was, now = features(before), features(after)
    found = changes_between(was, now)
    held, names = copy_of(was), list(now.ids)
    first = seen = 0
    while first < found.count:
        page = found.page(first, size)
        assert 0 < page.count <= size
        for row in page.rows:
            held[names[row]] = now.encoded[row]
        for gone in page.removed:
            del held[gone]
        seen, first = seen + page.count, first + size
    assert held == copy_of(now)
    assert seen == found.count
    assert {names[row] for row in found.added} == after.keys() - before.keys()
    same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
    assert {names[row] for row in found.changed} == (before.keys() & after.keys()) - same


def test_from_nothing_everything_is_added() -> None:
    found = changes_between(None, features({"a": 1, "b": 2}))
    assert (found.added.tolist(), found.changed.tolist(), found.removed) == ([0, 1], [], ())


def test_past_the_end_there_is_nothing() -> None:
    page = changes_between(features({"a": 1}), features({"b": 1})).page(7, 5)
    assert (page.count, page.rows.dtype) == (0, np.intp)


@given(st.integers(0, 10**15 - 1), st.dates(), st.text())
def test_a_token_comes_back_and_tells_its_ground(number: int, on: date, ground: str) -> None:
    token = ChangeToken.of(number, on, [ground])
    assert ChangeToken.parse(str(token)) == token
    assert ChangeToken.of(number, on, [ground, ""]) != token
    assert len(str(token)) <= 60


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "1.2025-12-31", "1.2025-12-31.xyz", "1.2025-02-30.0123456789abcdef",
        "-1.2025-12-31.0123456789abcdef", "１.2025-12-31.0123456789abcdef",
        "9" * 40 + ".2025-12-31.0123456789abcdef", "1.2025-12-31.0123456789abcdef\n",
    ],
)  # fmt: skip
def test_what_is_no_token_is_named(text: str) -> None:
    with pytest.raises(QueryError, match="since"):
        ChangeToken.parse(text)
