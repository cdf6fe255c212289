"""The sentences of intake in their files: each has both languages, and each is used."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from geo.core.messages import Message, catalogue
from geo.intake.sentences import message

ROOT = Path(__file__).parents[3]
_KEY = re.compile(r'(?<!\w)message\(\s*"(\w+)\.(\w+)"\s*\)')
SENTENCES = {
    f"{area}.{code}": said
    for area, sentences in message.areas().items()
    for code, said in sentences.items()
}
_APART = {
    "formats.file_type_unknown": {"what", "suffix"},
    "general.heading_asked": {"zh", "en"},
    "headers.heading_wrong_unit": {"column"},
    "headers.headings_missing": {"lacking", "columns"},
    "plan_progress.progress_not_a_share": {"text"},
}
"""Values that one language alone names; a value with an ending of its language is the same."""


def _used() -> set[str]:
    texts = (path.read_text("utf-8") for path in (ROOT / "geo" / "intake").rglob("*.py"))
    return {f"{area}.{code}" for text in texts for area, code in _KEY.findall(text)}


def _names(text: str) -> set[str]:
    fields = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return {re.sub(r"_(?:zh|en)$", "", name) for name in fields}


def test_every_key_used_has_a_sentence_and_every_sentence_is_used() -> None:
    assert _used() == set(SENTENCES)


def test_a_code_stands_once() -> None:
    assert len(SENTENCES) == len({said.code for said in SENTENCES.values()})
    assert {code: said.zh for code, said in catalogue().items()} == {
        said.code: said.zh for said in SENTENCES.values()
    }


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_both_languages_say_the_same(key: str) -> None:
    said = SENTENCES[key]
    assert said.zh.strip()
    assert said.en.strip()
    assert _names(said.zh) ^ _names(said.en) == _APART.get(key, set())


def test_a_text_is_read_when_it_is_needed() -> None:
    reads = []

    def read() -> dict[str, dict[str, str]]:
        reads.append(1)
        return {"any": {"zh": "{n} 个", "en": "{n} of them"}}

    said = Message.stored("any", read)
    assert (said.code, reads) == ("any", [])
    assert said.note(n=3).zh == "3 个"
    assert said.error(n=3).en == "3 of them"
    assert reads == [1]
