"""The documents as they come from a printer: two pages, a page each, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from layers.report import Kind, Parts


@pytest.fixture(params=["toy", "empty", "worst"])
def parts(
    request: pytest.FixtureRequest, toy_parts: Parts, empty_parts: Parts, worst_parts: Parts
) -> Parts:
    return {"toy": toy_parts, "empty": empty_parts, "worst": worst_parts}[request.param]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_brief_has_two_pages(
    parts: Parts, lang: str, made: Callable[..., bytes], rendered: Any, request: Any
) -> None:
    pages = rendered(made(parts, Kind.BRIEF, lang), f"brief-{request.node.callspec.id}").pages()
    assert len(pages) == 2
    assert ("160 平方米" if lang == "zh" else "target of 160 m²") in pages[0]
    for page in pages:
        assert ("内部工作用图" if lang == "zh" else "Internal working map") in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_card_has_one_page(
    parts: Parts, lang: str, made: Callable[..., bytes], rendered: Any, request: Any
) -> None:
    pages = rendered(made(parts, Kind.CARDS, lang), f"cards-{request.node.callspec.id}").pages()
    assert len(pages) == len(parts.document["townships"])
    for page, row in zip(pages, parts.document["townships"], strict=True):
        assert ("评分卡" if lang == "zh" else "score card") in page
        assert f"{row['population']:,.0f}" in page


def test_the_report_says_everything(
    toy_parts: Parts, made: Callable[..., bytes], rendered: Any
) -> None:
    pages = rendered(made(toy_parts, Kind.REPORT), "report-toy").pages()
    whole = "\n".join(pages)
    for words in ("一、摘要", "表1", "表2", "表3", "表4", "表5", "表7", "六、方法与数据质量",
                  "未填报", "手工填报", "城东街道", "山口乡", "玩具普查", "不低于", "参考"):  # fmt: skip
        assert words in whole, words
    assert all("内部工作用图 不得公开" in page for page in pages)
    assert f"第 {len(pages)} / {len(pages)}" in pages[-1]


def test_an_empty_ledger_makes_a_report_too(
    empty_parts: Parts, made: Callable[..., bytes], rendered: Any
) -> None:
    whole = "\n".join(rendered(made(empty_parts, Kind.REPORT), "report-empty").pages())
    assert "没有计算选址建议" in whole
    assert "None" not in whole


def test_headings_of_a_long_table_are_repeated(
    worst_parts: Parts, made: Callable[..., bytes], rendered: Any
) -> None:
    pages = rendered(made(worst_parts, Kind.REPORT), "report-worst").pages()
    assert sum("尚缺 m²" in page.replace("  ", " ") or "尚缺" in page for page in pages) >= 2
    assert sum("理由" in page for page in pages) >= 3
