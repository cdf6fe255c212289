"""Rows that wait on disk are the rows that were put there, in any slice and order."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.intake.formats.parts import Row
from geo.intake.formats.wire import BLOCK, Spool, SpoolWriter
from geo.intake.headers.layout import DataRows

LINES = st.lists(st.binary(max_size=20), max_size=40)


def spooled(lines: list[bytes]) -> Spool[bytes]:
    writer = SpoolWriter()
    for line in lines:
        writer.add(line)
    return writer.cut(bytes)


@given(LINES, st.slices(40))
def test_a_slice_is_the_slice(lines: list[bytes], cut: slice) -> None:
    spool = spooled(lines)
    assert list(spool) == lines
    assert list(spool[cut]) == lines[cut]
    assert [spool[at] for at in range(-len(lines), len(lines))] == lines * 2


@given(LINES.filter(bool), st.data())
def test_any_positions_in_any_order(lines: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.lists(st.integers(0, len(lines) - 1)))
    assert list(spooled(lines).take(np.array(at, dtype=np.int64))) == [lines[i] for i in at]


def test_more_than_a_block_and_more_than_memory_takes() -> None:
    lines = [bytes([number % 250]) * 1_000 for number in range(2 * BLOCK + 1)]
    assert list(spooled(lines)) == lines


def test_cuts_share_a_file_and_keep_apart() -> None:
    writer = SpoolWriter()
    writer.add(b"a")
    first = writer.cut(bytes)
    assert list(first) == [b"a"]
    writer.add(b"bb")
    assert (list(writer.cut(bytes)), list(first), list(writer.cut(bytes))) == ([b"bb"], [b"a"], [])


def test_out_of_range_is_an_error() -> None:
    with pytest.raises(IndexError):
        spooled([b"a"])[1]


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = spooled([b"x" * 3_000_000])
    assert len(spool[0]) == 3_000_000
    del spool
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.integers(0, 9), max_size=10), st.booleans())
def test_a_selection_is_the_same_over_a_list_and_over_a_file(at: list[int], on_disk: bool) -> None:
    rows = [Row(number, (number,)) for number in range(10)]
    writer = SpoolWriter()
    for number in range(10):
        writer.add(str(number).encode())
    decoded = writer.cut(lambda line: rows[int(line)])
    head = Row(99, ("甲",))
    positions = np.array([-1, *sorted(at)], dtype=np.int64)
    found = DataRows(decoded if on_disk else rows, positions, head, {3: {1: "补"}})
    wanted = [head, *(Row(3, (3, "补")) if i == 3 else rows[i] for i in sorted(at))]
    assert list(found) == wanted
    assert [found[i] for i in range(len(found))] == wanted
    assert list(found[1:][:2]) == wanted[1:3]
