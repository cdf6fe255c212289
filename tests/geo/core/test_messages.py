"""Every sentence that intake says of a file is declared once, under a code of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from geo.core.messages import Message, Whole

ROOT = Path(__file__).parents[3]


def _literal(node: ast.AST) -> bool:
    text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return text or isinstance(node, ast.JoinedStr)


def _sentences_in_place(path: Path) -> list[int]:
    """Return the lines where a module says a sentence that is not in the catalogue."""
    calls = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call))
    return [
        call.lineno
        for call in calls
        if any(word.arg in ("zh", "en") and _literal(word.value) for word in call.keywords)
    ]


JOINS = ROOT / "geo" / "intake" / "import_report.py"
"""Adds to the first fault how many more there are: no sentence of its own."""


@pytest.mark.parametrize(
    "path",
    sorted({*(ROOT / "geo" / "intake").rglob("*.py")} - {JOINS}),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_sentence_is_in_the_catalogue(path: Path) -> None:
    assert _sentences_in_place(path) == []


def test_a_sentence_in_place_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text('raise InputError(\n    zh=f"坏{x}", en="bad")\n', encoding="utf-8")
    assert _sentences_in_place(path) == [1]


def test_what_a_sender_wrote_is_cut_and_our_own_words_are_not() -> None:
    said = Message("any", "{theirs}；{ours}", "{theirs}; {ours}")
    told = said.error(theirs="长" * 60, ours=Whole("长" * 60)).zh
    assert told == "长" * 40 + "…；" + "长" * 60
