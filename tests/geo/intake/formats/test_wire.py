"""What is read arrives as it was, and nothing but JSON crosses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.errors import FileTooLargeError, InputError, Place
from geo.core.messages import Note, Unreadable
from geo.intake.formats.parts import Feature, Part, Row
from geo.intake.formats.wire import line_of_error, lines_of, parts_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63) + 1, 2**63 - 1), TEXT,
    st.floats(allow_nan=False, allow_infinity=False), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(timedelta(0), timedelta(days=9)).map(lambda t: timedelta(seconds=t.seconds)),
    st.builds(Unreadable, TEXT, TEXT),
)  # fmt: skip


@given(st.lists(st.lists(CELLS).map(tuple)))
def test_rows_arrive_as_they_were(table: list[tuple[object, ...]]) -> None:
    rows = [Row(number, cells) for number, cells in enumerate(table, 1)]  # type: ignore[arg-type]
    part = Part("表", rows, hidden=True, merged=((1, 2, 3, 4),), notes=(Note("a", "甲", "b"),))
    (found,) = parts_of(lines_of([part]))
    assert replace(found, rows=list(found.rows)) == part
    assert [list(map(type, row.cells)) for row in found.rows] == [
        list(map(type, row.cells)) for row in rows
    ]


def test_features_arrive_as_they_were() -> None:
    properties = {
        "a": date(2023, 5, 1),
        "b": [1, {"c": None}],
        "t": time(1),
        "m": datetime(2023, 1, 1),  # noqa: DTZ001
    }
    geometry = {"type": "Point", "coordinates": [111.4, 27.2]}
    part = Part(
        None, features=[Feature(1, properties, geometry, 7), Feature(2, {}, None)], system="x"
    )
    (found,) = parts_of(lines_of([part]))
    assert found.features is not None
    assert list(found.features) == part.features
    assert (found.system, list(found.rows)) == ("x", [])


def test_a_number_too_long_for_json_arrives_as_text() -> None:
    (found,) = parts_of(lines_of([Part(None, [Row(1, (10**30,))])]))
    assert found.rows[0].cells == (str(10**30),)


def test_a_fault_arrives_as_it_was() -> None:
    place = Place("a.xlsx", "表", 3, None)
    error = FileTooLargeError(zh="太大", en="too large", place=place)
    error.code = "too_large"
    with pytest.raises(FileTooLargeError) as caught:
        parts_of([line_of_error(error)])
    assert (caught.value.zh, caught.value.en, caught.value.place) == ("太大", "too large", place)


def test_a_fault_of_an_unknown_class_is_an_input_error() -> None:
    line = line_of_error(InputError(zh="x", en="y")).replace(b"InputError", b"SystemExit")
    with pytest.raises(InputError):
        parts_of([line])


def test_lines_that_break_off() -> None:
    lines = list(lines_of([Part("a", [Row(1, ("x",))])]))
    with pytest.raises(EOFError):
        parts_of(lines[:-1])
