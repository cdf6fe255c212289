"""The documents name files, folders and modules that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
QUOTED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:geo|layers|api|tests|data|docs)/[\w./-]*\w/?")
MODULE = re.compile(r"(?:geo|layers|api)(?:\.[A-Za-z_]\w*)+")


def quoted(page: Path) -> list[str]:
    return QUOTED.findall(page.read_text(encoding="utf-8"))


def is_there(name: str) -> bool:
    """Tell whether a dotted name is a module or package, or what one of them defines."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:end])
        for file in (base.with_suffix(".py"), base / "__init__.py"):
            if file.is_file():
                text, rest = file.read_text(encoding="utf-8"), parts[end:]
                return not rest or re.search(rf"\b{rest[0]}\b", text) is not None
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_paths_that_exist(page: Path) -> None:
    missing = [text for text in quoted(page) if PATH.fullmatch(text) and not (ROOT / text).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_modules_that_exist(page: Path) -> None:
    missing = [text for text in quoted(page) if MODULE.fullmatch(text) and not is_there(text)]
    assert missing == []
