"""An import tells how far it is, and what it holds grows with the rows alone."""

from __future__ import annotations

import tracemalloc

import pytest

from geo.intake.formats.parts import Part, Row
from geo.intake.formats.wire import lines_of, parts_of
from geo.intake.pipeline import parse
from geo.intake.progress import CHUNK_ROWS, Stage
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Book
from geo.intake.tables.ledger import LEDGER

HEADS = ("设施编号", "名称", "类型", "展厅面积（㎡）", "乡镇街道代码", "地址")
MOST_BYTES_A_ROW = 2_000
"""Of the columns that are the result, and of the account; some 1,200 are measured."""


def book(rows: int) -> Book:
    made = [Row(1, HEADS)]
    made += [
        Row(n + 2, (f"P{n}", f"第{n}处科普馆", "科技馆", n % 700, "430599001", f"某路{n}号"))
        for n in range(rows)
    ]
    return Book("大.xlsx", (Part("台账", made),))


def test_each_chunk_is_told() -> None:
    told: list[tuple[Stage, int, int]] = []
    rows = 2 * CHUNK_ROWS + 1
    parse(LEDGER, book(rows), ReferenceData(), lambda *step: told.append(step))
    of_rows = [(done, of) for stage, done, of in told if stage is Stage.ROWS]
    assert of_rows == [(0, rows), (CHUNK_ROWS, rows), (2 * CHUNK_ROWS, rows), (rows, rows)]
    assert [stage for stage, _, _ in told][-1] is Stage.POSITIONS


def peak_bytes(rows: int) -> int:
    """Return what reading takes at most, the rows themselves waiting on disk."""
    (part,) = parts_of(lines_of(book(rows).parts))
    tracemalloc.start()
    try:
        examined = parse(LEDGER, Book("大.xlsx", (part,)), ReferenceData())
        assert len(examined.report.taken) == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_of_the_cells_only_a_chunk_is_held() -> None:
    few, many = peak_bytes(3 * CHUNK_ROWS), peak_bytes(6 * CHUNK_ROWS)
    assert (many - few) / (3 * CHUNK_ROWS) < MOST_BYTES_A_ROW
