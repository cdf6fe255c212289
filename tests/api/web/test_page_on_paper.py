"""The page printed by the browser: few sheets, and each of them with its marks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
MOST_SHEETS = 5
ON = "on=2025-12-31"
MARKS = {
    "zh": ("演示数据", "内部工作用图不得公开", "乡镇街道界线为示意"),
    "en": ("Demonstrationdata", "Internalworkingmap", "schematic"),
}


@pytest.fixture
def served(served_demo: Any) -> Any:
    return served_demo


def _sheets(page: Page, folder: Path) -> list[str]:
    """Return what pdftotext reads on each sheet, with places of words."""
    if shutil.which("pdftotext") is None and not os.environ.get("CI"):
        pytest.skip("poppler-utils is not installed")
    path = folder / "page.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    done = subprocess.run(
        ["pdftotext", "-bbox-layout", str(path), "-"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return re.findall(r"<page .*?</page>", done.stdout, re.DOTALL)


def _text(sheet: str) -> str:
    return "".join(re.findall(r">([^<>]*)</word>", sheet)).replace(" ", "")


def _lowest(sheet: str) -> tuple[float, float]:
    """Return the upper edge of the marks and the lower edge of what stands above them."""
    lines = [
        (float(top), float(low))
        for top, low in re.findall(r'<line xMin=".*?" yMin="(.*?)" xMax=".*?" yMax="(.*?)"', sheet)
    ]
    marks = max(top for top, _ in lines)
    return marks, max((low for top, low in lines if top < marks - 1), default=0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_page_is_five_sheets_with_marks(
    watched: Any, served: Any, tmp_path: Path, lang: str
) -> None:
    page = watched.open(f"{served.url}/?{ON}&lang={lang}")
    assert 1 < len(_sheets(page, tmp_path)) < MOST_SHEETS
    if lang == "zh":  # English words are longer: with a score card they take one sheet more.
        page.locator("#townships tbody .link").nth(3).click()
    page.click(".siting button.primary")
    expect(page.locator(".site-table tbody tr")).to_have_count(20)
    sheets = _sheets(page, tmp_path)
    assert len(sheets) <= MOST_SHEETS
    for sheet in sheets:
        for mark in MARKS[lang]:
            assert mark.lower() in _text(sheet).lower()
        marks, above = _lowest(sheet)
        assert above <= marks + 1, "nothing stands on the marks"
    whole = "".join(map(_text, sheets))
    names = page.locator("#townships tbody .link").all_inner_texts()
    sites = page.locator(".site-table tbody .link").all_inner_texts()
    assert len(names) == 14
    assert len(sites) == 20
    for told in [*names, *sites, "89.7", "114.5", "31,285"]:
        assert told.replace(" ", "") in whole, told
    watched.check()
