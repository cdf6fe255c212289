from __future__ import annotations

import struct

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon

from geo.core.errors import DataError
from geo.store.blob import bounds_of, decode, encode, envelope, is_empty, sql_functions

finite = st.floats(-1e6, 1e6)


def one(geometry: shapely.Geometry | None) -> bytes | None:
    return encode(np.array([geometry], dtype=object), 4490)[0]


def blob(flags: int, head: bytes, geometry: shapely.Geometry, byte_order: int = 1) -> bytes:
    """Return a blob as another program may write it."""
    srs = struct.pack("<i" if flags & 1 else ">i", 4490)
    return b"GP\x00" + bytes([flags]) + srs + head + shapely.to_wkb(geometry, byte_order=byte_order)


def test_the_layout_is_that_of_the_standard() -> None:
    written = one(shapely.box(1, 2, 3, 4))
    assert written is not None
    magic, version, flags, srs_id = struct.unpack_from("<2sBBi", written)
    assert (magic, version, srs_id) == (b"GP", 0, 4490)
    assert flags == 0b0000_0011  # standard WKB, not empty, [minx maxx miny maxy], little-endian
    assert struct.unpack_from("<4d", written, 8) == (1, 3, 2, 4)
    assert shapely.from_wkb(written[40:]) == shapely.box(1, 2, 3, 4)
    assert written[40] == 1


@given(st.lists(st.none() | st.tuples(finite, finite), max_size=20))
def test_points_come_back_exactly(places: list[tuple[float, float] | None]) -> None:
    points = np.empty(len(places), dtype=object)
    points[:] = [None if place is None else shapely.Point(place) for place in places]
    found = decode(encode(points, 4490))
    assert [None if g is None else (g.x, g.y) for g in found] == places


@given(finite, finite, st.floats(0, 1e3), st.floats(0, 1e3))
def test_the_envelope_is_the_bounds(x: float, y: float, width: float, height: float) -> None:
    shape = shapely.LineString([(x, y), (x + width, y + height)])
    written = one(shape)
    assert written is not None
    west, south, east, north = shape.bounds
    assert envelope(written) == (west, east, south, north)


def test_missing_and_empty_are_null() -> None:
    nothing = np.array([None, shapely.Point(), MultiPolygon()], dtype=object)
    assert encode(nothing, 4490) == [None, None, None]
    assert np.isnan(bounds_of(nothing)).all()
    assert decode([None, None]).tolist() == [None, None]


def test_height_is_left_out() -> None:
    written = one(shapely.Point(1, 2, 3))
    assert written is not None
    assert not decode([written])[0].has_z


@pytest.mark.parametrize("x", [np.inf, -np.inf])
def test_coordinates_must_be_finite(x: float) -> None:
    with pytest.raises(DataError, match="有限"):
        one(shapely.Point(x, 27))
    with pytest.raises(DataError, match="有限"):
        one(shapely.LineString([(0, 0), (x, 1)]))


def test_what_other_programs_write_is_read() -> None:
    point = shapely.Point(111.4, 27.2)
    bare = blob(0b0000_0001, b"", point)
    big_endian = blob(0b0000_0010, struct.pack(">4d", 111.4, 111.4, 27.2, 27.2), point, 0)
    high = shapely.Point(111.4, 27.2, 9)
    with_height = blob(0b0000_0101, struct.pack("<6d", 111.4, 111.4, 27.2, 27.2, 9, 9), high)
    assert decode([bare, big_endian, with_height]).tolist() == [point, point, high]
    for written in (bare, big_endian, with_height):
        assert envelope(written) == (111.4, 111.4, 27.2, 27.2)


def test_an_empty_blob_of_another_program_is_no_geometry() -> None:
    empty = blob(0b0001_0001, b"", shapely.Point())
    assert is_empty(empty)
    assert envelope(empty) is None
    assert decode([empty]).tolist() == [None]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"GP",
        b"PK\x03\x04aaaaaaaaaaaaaaaa",
        b"GP\x00\x03\x00\x00\x00\x00too short for a box",
        b"GP\x00\x0d\x00\x00\x00\x00" + bytes(80),  # an envelope code that does not exist
        b"GP\x00\x21\x00\x00\x00\x00" + bytes(80),  # an extended geometry
        b"GP\x00\x01\x00\x00\x00\x00",
        b"GP\x00\x01\x00\x00\x00\x00\x01\x01\x00\x00",
        b"GP\x00\x01\x00\x00\x00\x00" + b"\xff" * 40,
    ],
)
def test_a_broken_blob_is_told(broken: bytes) -> None:
    with pytest.raises(DataError, match="几何"):
        decode([broken])


def test_the_functions_of_the_triggers() -> None:
    functions = sql_functions()
    written = one(shapely.box(1, 2, 3, 4))
    sides = [functions[f"ST_{side}"](written) for side in ("MinX", "MaxX", "MinY", "MaxY")]
    assert sides == [1, 3, 2, 4]
    assert functions["ST_IsEmpty"](written) is False
    assert functions["ST_IsEmpty"](blob(0b0001_0001, b"", shapely.Point())) is True
    assert {function(None) for function in functions.values()} == {None}
