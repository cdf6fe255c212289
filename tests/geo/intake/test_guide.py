"""The planner's page on loading files and the code say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.intake.guide import updated

PAGE = Path(__file__).parents[3] / "docs" / "intake.md"


def test_the_page_has_every_heading_and_message() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert updated(page) == page, "run: python -m geo.intake.guide docs/intake.md"


def test_what_was_made_is_there() -> None:
    page = updated(PAGE.read_text(encoding="utf-8"))
    for words in ("布展面积", "`exhibition_area_m2`", "`facility_id_twice`", "`dbf_text_cut`"):
        assert words in page


def test_a_page_without_marks_is_told() -> None:
    with pytest.raises(ValueError, match="marks of headings"):
        updated("# 导入")
