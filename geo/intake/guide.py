"""The parts of ``docs/intake.md`` that follow from the code: headings and messages.

``python -m geo.intake.guide docs/intake.md`` writes them anew between their marks;
a test fails where page and code have come apart.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

from geo.core.files import write_atomically
from geo.core.schema import TABLES
from geo.intake.headers.synonyms import PLACE, SECTIONS, builtin_synonyms
from geo.intake.sentences import message

_SHOWN_WORDS: Final = 40
_TITLES: Final = {
    "formats": "打开文件",
    "layout": "版面：表题、合计、表注",
    "headers": "表头",
    "cells": "格子里的内容",
    "divisions": "乡镇街道和村社区",
    "georeference": "位置和坐标系",
    "ledger": "设施台账和挂牌",
    "deduplicate": "请核对的问题",
    "population": "人口",
    "boundaries": "边界",
    "villages": "村社区",
    "roads": "道路",
    "weights": "人口分布权重",
    "plan_progress": "手工填报的进展表",
    "word_template": "报告模板",
    "general": "其他",
}
"""Of each area of sentences, in the order of the page."""
_MARK: Final = "<!-- {name}: {edge} -->"


def updated(page: str) -> str:
    """Return the page with its made parts as the code has them now.

    Raises
    ------
    ValueError
        A mark is missing from the page.
    """
    for name, made in (("headings", _headings()), ("messages", _messages())):
        first, last = (_MARK.format(name=name, edge=edge) for edge in ("begin", "end"))
        if page.count(first) != 1 or page.count(last) != 1:
            raise ValueError(f"the page lacks the marks of {name}")
        before, _, rest = page.partition(first)
        page = f"{before}{first}\n{made}\n{last}{rest.partition(last)[2]}"
    return page


def _headings() -> str:
    """Return a table of every column and the words that mean it."""
    lines = []
    sections = builtin_synonyms().sections
    for section in SECTIONS:
        words: dict[str, list[str]] = defaultdict(list)
        for word, column in sections[section].words.items():
            words[column].append(word)
        title = TABLES[section].zh if section != PLACE else "位置和区划（任何表都可以有）"
        lines += ["", f"### {title}", "", "| 列 | 认得的表头 |", "|---|---|"]
        labels = {c.name: c.zh for c in TABLES[section].columns} if section != PLACE else {}
        for column, known in words.items():
            shown = "、".join(_cell(word) for word in known[:_SHOWN_WORDS])
            more = f" 等 {len(known)} 个" if len(known) > _SHOWN_WORDS else ""
            lines.append(f"| {labels.get(column, '')} `{column}` | {shown}{more} |")
    return "\n".join(lines)


def _messages() -> str:
    """Return tables of every sentence of the catalogue, by area and code."""
    lines = []
    areas = message.areas()
    for area, title in _TITLES.items():
        lines += ["", f"### {title}", "", "| 代号 | 说明 | English |", "|---|---|---|"]
        lines += [
            f"| `{code}` | {_cell(said.zh)} | {_cell(said.en)} |"
            for code, said in sorted(areas[area].items())
        ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("|", "\\|"))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_atomically(target, updated(target.read_text(encoding="utf-8")).encode())
