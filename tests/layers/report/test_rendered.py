"""The documents as they come from a printer: two pages, a page each, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from layers.report import DocumentKind, Parts

NAMES = ("toy", "empty", "worst")
LANGS = ("zh", "en")


@pytest.fixture(scope="module")
def every(toy_parts: Parts, empty_parts: Parts, worst_parts: Parts) -> dict[str, Parts]:
    return dict(zip(NAMES, (toy_parts, empty_parts, worst_parts), strict=True))


@pytest.fixture(scope="module")
def pages(every: dict[str, Parts], made: Callable[..., bytes], rendered: Any) -> Any:
    """Return the pages of every document, laid out in one go."""
    asked = [
        (name, kind, lang)
        for name in NAMES
        for kind in (DocumentKind.BRIEF, DocumentKind.CARDS)
        for lang in LANGS
    ]
    asked += [(name, DocumentKind.REPORT, "zh") for name in NAMES]
    return rendered(
        {f"{kind}-{name}-{lang}": made(every[name], kind, lang) for name, kind, lang in asked}
    )


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", NAMES)
def test_the_brief_has_two_pages(pages: Any, name: str, lang: str) -> None:
    found = pages[f"brief-{name}-{lang}"]
    assert len(found) == 2
    assert ("160 平方米" if lang == "zh" else "target of 160 m²") in found[0]
    for page in found:
        assert ("内部工作用图" if lang == "zh" else "Internal working map") in page


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", NAMES)
def test_each_card_has_one_page(pages: Any, every: dict[str, Parts], name: str, lang: str) -> None:
    found, rows = pages[f"cards-{name}-{lang}"], every[name].document["townships"]
    assert len(found) == len(rows)
    for page, row in zip(found, rows, strict=True):
        assert ("评分卡" if lang == "zh" else "score card") in page
        assert f"{row['population']:,.0f}" in page
        # The last line of a card is there too.
        assert ("代码与位置不一致" if lang == "zh" else "position disagree") in page


def test_the_report_says_everything(pages: Any) -> None:
    found = pages["report-toy-zh"]
    whole = "\n".join(found)
    for words in (
        "一、摘要", "表1", "表2", "表3", "表4", "表5", "表7", "六、方法与数据质量", "未填报",
        "手工填报", "城东街道", "山口乡", "玩具普查", "不低于", "参考",
    ):  # fmt: skip
        assert words in whole, words
    assert all("内部工作用图 不得公开" in page for page in found)
    assert f"第 {len(found)} / {len(found)}" in found[-1]


def test_an_empty_ledger_makes_a_report_too(pages: Any) -> None:
    whole = "\n".join(pages["report-empty-zh"])
    assert "没有计算选址建议" in whole
    assert "None" not in whole


def test_headings_of_a_long_table_are_repeated(pages: Any) -> None:
    found = pages["report-worst-zh"]
    assert sum("尚缺" in page and "乡镇街道" in page for page in found) >= 2
    assert sum("理由" in page for page in found) >= 3
