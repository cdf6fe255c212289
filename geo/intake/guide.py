"""The parts of ``docs/intake.md`` that follow from the code: headings and messages.

``python -m geo.intake.guide docs/intake.md`` writes them anew between their marks;
a test fails where page and code have come apart.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import geo.intake
from geo.columns import TABLES
from geo.intake.headings.synonyms import PLACE, SECTIONS, builtin_synonyms
from geo.intake.messages import catalogue
from geo.outlet import write_atomically

_SHOWN_WORDS: Final = 40
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
    """Return a table of every sentence of the catalogue, by its code."""
    for module in _modules():
        importlib.import_module(module)
    lines = ["", "| 代号 | 说明 | English |", "|---|---|---|"]
    for code, found in sorted(catalogue().items()):
        lines.append(f"| `{code}` | {_cell(found.zh)} | {_cell(found.en)} |")
    return "\n".join(lines)


def _modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(geo.intake.__path__, "geo.intake."):
        if not found.name.endswith("__main__"):
            yield found.name


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("|", "\\|"))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_atomically(target, updated(target.read_text(encoding="utf-8")).encode())
