"""Columns that offices divide: 联系人 beside 联系电话 are one contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from geo.core.schema import FACILITIES
from geo.intake.formats.parts import Row, Sheet
from geo.intake.import_report import ErrorList
from geo.intake.table_reader import TableReader

COLUMNS = (FACILITIES["name"], FACILITIES["contact"], FACILITIES["note"])


def read(heads: Sequence[str], cells: Sequence[Any]) -> tuple[TableReader, dict[str, Any]]:
    """Return the reader of a sheet of one row, and the row's values."""
    sheet = Sheet("台账.xlsx", "台账", [Row(1, ("名称", *heads)), Row(2, ("甲", *cells))])
    reader = TableReader(sheet, COLUMNS, ErrorList(), forgiving=True)
    (record,) = reader.records()
    return reader, dict(record.values)


@pytest.mark.parametrize(
    ("heads", "cells", "contact"),
    [
        (["联系人", "联系电话"], ["张三", "0739-5320000"], "张三 0739-5320000"),
        (["联系电话", "联系人"], ["0739-5320000", "张三"], "0739-5320000 张三"),
        (["联系人", "联系方式"], ["张三", "0739-5320000"], "张三 0739-5320000"),
        (["联系人", "联系电话"], [" 张三 ", 13800000000.0], "张三 13800000000"),
        (["联系人", "联系电话"], [None, "0739-5320000"], "0739-5320000"),
        (["联系人", "联系电话"], ["张三", "  "], "张三"),
        (["联系人", "联系电话"], ["张三", "—"], "张三"),
        (["联系人", "联系电话"], [None, None], None),
        (["联系人", "联系电话"], [], None),
        (["联系人", "联系电话", "手机"], ["张三", None, "138"], "张三 138"),
        (["联系人"], ["张三"], "张三"),
    ],
)
def test_the_parts_are_read_together_in_their_order(
    heads: list[str], cells: list[Any], contact: str | None
) -> None:
    reader, values = read(heads, cells)
    assert values["contact"] == contact
    assert reader.ignored == ()
    joined = [one for one in reader.warnings if one.note.code == "heading_joined"]
    assert len(joined) == (len(heads) > 1)


def test_notes_are_joined_too() -> None:
    _, values = read(["备注", "说明"], ["待修", "2023 年开放"])
    assert values["note"] == "待修 2023 年开放"


def test_what_is_wrong_stands_under_its_own_heading() -> None:
    reader, values = read(["联系人", "联系电话"], ["张三", "13\x07"])
    assert values["contact"] is None
    (error,) = reader.errors.kept
    assert error.place is not None
    assert error.place.column == "联系电话"
    assert reader.positions_by_heading == {"名称": 0, "联系人": 1, "联系电话": 2}


def test_parts_that_are_too_long_together_are_refused() -> None:
    most = FACILITIES["contact"].max_length
    reader, values = read(["联系人", "联系电话"], ["三" * (most - 1), "1"])
    assert values["contact"] is None
    assert reader.errors.count == 1
    reader, values = read(["联系人", "联系电话"], ["三" * (most - 2), "1"])
    assert len(values["contact"]) == most
