"""Texts in cells: as they are, but for what a spreadsheet would run or XML cannot hold."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from geo.core.workbook import set_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("张　三", "张　三"), ("a\u00a0b", "a\u00a0b"), ("两\n行\t格", "两\n行\t格"),
     ("a\x07b", "a\ufffdb"), ("a\u202eb", "a\ufffdb"), ("a\u2028b", "a\ufffdb")],
)  # fmt: skip
def test_spaces_of_any_width_stand_and_what_hides_or_breaks_does_not(text: str, shown: str) -> None:
    cell = Workbook().active.cell(1, 1)  # type: ignore[union-attr]
    set_text(cell, text)
    assert (cell.value, cell.data_type) == (shown, "s")
