"""Sentences are found by key, in both languages, with their placeholders filled."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.core.errors import StoreError
from geo.core.sentences import FILE, Sentence, Sentences, Words, listed, read
from geo.core.vocabulary import Label

MESSAGES = """
[other_version]
zh = "第 {found} 版，应为第 {version} 版。"
en = "It is of version {found}, not {version}."

[closed]
zh = "已关闭。"
en = "It is closed."

[many]
zh = "{count:,} 处在{where}：{names}"
en = "{count:,} in {where}: {names}"

[braces]
zh = "写成 {{name}}，{name!r} 不行"
en = "Write {{name}}, not {name!r}"
"""


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sentences]:
    package = tmp_path / "sentence_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / FILE).write_text(MESSAGES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    read.cache_clear()
    yield Sentences("sentence_package")
    sys.modules.pop("sentence_package", None)
    read.cache_clear()


def test_a_sentence_has_its_key_and_both_templates(text: Sentences) -> None:
    assert text["closed"] == Sentence("closed", "已关闭。", "It is closed.")
    assert text["other_version"].zh == "第 {found} 版，应为第 {version} 版。"


def test_a_sentence_is_filled_in_one_language(text: Sentences) -> None:
    assert text.text("other_version", "zh", found=2, version=3) == "第 2 版，应为第 3 版。"
    assert text["other_version"].text("en", found=2, version=3) == "It is of version 2, not 3."


def test_both_languages_are_the_arguments_of_an_error(text: Sentences) -> None:
    error = StoreError(**text.both("other_version", found=2, version=3))
    assert error.message("zh") == "第 2 版，应为第 3 版。"
    assert error.message("en") == "It is of version 2, not 3."


def test_words_are_a_pair(text: Sentences) -> None:
    zh, en = text.words("closed")
    assert (zh, en) == ("已关闭。", "It is closed.") == text.words("closed")


@pytest.mark.parametrize("where", [Words("区外", "no township"), Label("区外", "no township")])
def test_a_value_with_both_languages_gives_each_its_own(text: Sentences, where: object) -> None:
    words = text.words("many", count=1200, where=where, names=listed(["甲", "乙"]))
    assert words == ("1,200 处在区外：甲、乙", "1,200 in no township: 甲, 乙")


def test_words_fill_words(text: Sentences) -> None:
    inner = text.words("closed")
    assert text.text("many", "en", count=1, where=inner, names="-") == "1 in It is closed.: -"


def test_doubled_braces_and_conversions_are_those_of_format(text: Sentences) -> None:
    assert text.words("braces", name="甲") == ("写成 {name}，'甲' 不行", "Write {name}, not '甲'")


def test_any_name_may_be_a_placeholder() -> None:
    own = Sentence("own", "{key}{lang}{self}", "{key}{lang}{self}")
    assert own.text("zh", key=1, lang=2, self=3) == "123"


def test_an_unknown_key_names_package_and_key(text: Sentences) -> None:
    with pytest.raises(KeyError, match="sentence_package has no sentence 'opened'"):
        text["opened"]


def test_a_placeholder_without_a_value_is_an_error(text: Sentences) -> None:
    with pytest.raises(KeyError, match="version"):
        text.both("other_version", found=2)


def test_the_file_is_read_at_the_first_look_up_and_once(text: Sentences) -> None:
    assert read.cache_info().misses == 0
    text["closed"]
    Sentences("sentence_package").text("closed", "en")
    assert read.cache_info().misses == 1


def test_importing_it_reads_no_parser_and_no_other_module_of_ours() -> None:
    code = (
        "import sys; import geo.core.sentences; "
        "print(*(m for m in sys.modules if m.startswith(('geo.', 'tomllib', 'importlib.res'))))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.split() == ["geo.core", "geo.core.sentences"]
