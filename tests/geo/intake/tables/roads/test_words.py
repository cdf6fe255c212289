"""Whatever stands in a road layer's cells, it is read without a fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.vocabulary import Oneway
from geo.intake.tables.roads.attributes import (
    CLASSES,
    class_of,
    columns_of,
    level_of,
    name_of,
    oneway_of,
)

CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40),
    st.lists(st.integers(), max_size=2), st.sampled_from(["F", "T", "B", "是", "-1", "yes", "1e9"]),
)  # fmt: skip


@given(cells=st.lists(CELLS, max_size=8))
def test_any_cell_has_a_direction(cells: list[object]) -> None:
    found, unknown = oneway_of(cells)
    assert len(found) == len(cells)
    assert set(found) <= {one.value for one in Oneway}
    assert unknown.total() <= found.count("both")


@given(level=CELLS, bridge=CELLS, tunnel=CELLS, name=CELLS)
def test_any_cell_has_a_level_a_class_and_a_name(
    level: object, bridge: object, tunnel: object, name: object
) -> None:
    assert -9 <= level_of(level, bridge, tunnel) <= 9
    assert class_of(name) is None or class_of(name) in CLASSES.values()
    told = name_of(name)
    assert told is None or (0 < len(told) <= 200 and told.isprintable())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("residential", "residential"), ("Residential ", "residential"), ("国道", "trunk"),
        ("track_grade3", "track"), ("等外公路", "unclassified"), ("", None), (None, None),
        ("motorway_link", "motorway_link"), ("x" * 10_000, None), (3, None),
    ],
)  # fmt: skip
def test_classes(word: object, expected: str | None) -> None:
    assert class_of(word) == expected


def test_the_likeliest_of_several_columns_is_taken() -> None:
    names = ["type", "道路等级", "highway", "NAME", "Tunnel"]
    assert columns_of(names) == {"road_class": "highway", "name": "NAME", "tunnel": "Tunnel"}
