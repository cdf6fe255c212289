"""Sentences: in both languages, with the same places for values, each used and each there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import layers.text
from layers.text import PAGE, PLACEHOLDER, REPORT, SHEET, WEB, TextCatalogue, words
from layers.web.assets import STATIC, TEMPLATES

ROOT = Path(__file__).parents[2]
FOLDER = Path(layers.text.__file__).parent
CATALOGUES = {"PAGE": PAGE, "REPORT": REPORT, "SHEET": SHEET, "WEB": WEB}
# Names by which code reaches a catalogue; `words` and `self` are a report's.
RECEIVERS = {name: name for name in CATALOGUES} | {"words": "REPORT", "self": "REPORT"}

# The Chinese states a figure that the English sentence does without.
ONLY_IN_CHINESE = {"plan_lacks_fewer": {"left"}}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for top in ("layers", "api"):
        for path in sorted((ROOT / top).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[str, ast.expr, list[str]]]:
    """Yield the catalogue, the key as written, and the names of values of each call in layers."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if node.func.attr not in {"text", "pair"} or not isinstance(owner, ast.Name):
                continue
            if owner.id in RECEIVERS and path.parts[-2] != "text" and "layers" in path.parts:
                names = [one.arg or "**" for one in node.keywords]
                yield RECEIVERS[owner.id], node.args[0], names


def literals(node: ast.AST) -> set[str]:
    """Return the whole strings within a piece of code, and f-strings as patterns."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.JoinedStr):
            found.add("".join(_pattern(part) for part in one.values))
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            found.add(re.escape(one.value))
    return found


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"


def matching(patterns: set[str], keys: set[str]) -> set[str]:
    some = re.compile("|".join(sorted(patterns)) or "$.")
    return {key for key in keys if some.fullmatch(key)}


def scripts() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(STATIC.rglob("*.js")))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_each_sentence_has_both_languages_with_the_same_places(path: Path) -> None:
    for key, pair in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert list(pair) == ["zh", "en"], key
        assert all(isinstance(text, str) and text for text in pair.values()), key
        zh, en = ({found[0] for found in PLACEHOLDER.findall(text)} for text in pair.values())
        assert zh == en | ONLY_IN_CHINESE.get(key, set()), key


def test_every_file_is_in_one_catalogue_and_no_key_stands_twice() -> None:
    files = [name for one in CATALOGUES.values() for name in one._names]
    assert sorted(files) == sorted(path.stem for path in FOLDER.glob("*.toml"))
    for catalogue in CATALOGUES.values():
        assert len(catalogue.pairs) == sum(
            len(TextCatalogue(name).pairs) for name in catalogue._names
        )


def test_every_sentence_that_code_names_is_there() -> None:
    literal = 0
    for name, key, _ in calls():
        wanted = key.values if isinstance(key, ast.JoinedStr) else [key]
        for text in {"".join(_pattern(part) for part in wanted)} - {r"\w+"}:
            assert matching({text}, set(CATALOGUES[name].pairs)), (name, text)
            literal += 1
    assert literal > 150, "the calls were found"


def test_code_gives_each_sentence_its_values() -> None:
    for name, key, given_names in calls():
        if isinstance(key, ast.Constant) and "**" not in given_names:
            pair = CATALOGUES[name].pairs[key.value]
            needed = {found[0] for found in PLACEHOLDER.findall(pair["zh"])}
            assert needed <= set(given_names), (name, key.value)


def test_every_word_that_the_scripts_name_is_there() -> None:
    named = set(re.findall(r'\btranslate\(\s*"(\w+)"', scripts()))
    assert len(named) > 100
    assert named <= set(PAGE.pairs)


def test_no_sentence_is_unused() -> None:
    used: dict[str, set[str]] = {name: set() for name in CATALOGUES}
    for path, tree in sources():
        if path.is_relative_to(FOLDER):
            continue
        for name, catalogue in CATALOGUES.items():
            used[name] |= matching(literals(tree) - {r"\w+"}, set(catalogue.pairs))
    pages = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    named = set(re.findall(r"""["'`.](\w+)["'`]?""", scripts() + pages))
    begun = {re.escape(start) + r"\w+" for start in re.findall(r"`(\w+_)\$\{", scripts())}
    used["PAGE"] |= named & set(PAGE.pairs) | matching(begun, set(PAGE.pairs))
    for name, catalogue in CATALOGUES.items():
        assert set(catalogue.pairs) - used[name] == set(), name


@given(st.text(), st.text())
def test_what_a_value_holds_is_no_placeholder(one: str, other: str) -> None:
    sentence = SHEET.text("title_coverage", "en", district=one, target=other)
    assert sentence == f"{one}: residents covered, {other}"
    assert SHEET.text("title_area", "zh", district="{district}{{7*7}}").startswith("{district}{{")


def test_a_sentence_or_a_value_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        SHEET.text("nothing", "zh")
    with pytest.raises(KeyError, match="sheet"):
        SHEET.text("scale", "zh", scale="1")


def test_formats_and_quotes() -> None:
    assert PAGE.text("basis_straight_line", "zh", factor=1.30) == "直线 × 绕行系数 1.3"
    values = {"near": "{{ a", "error": "x"}
    assert "(near '{{ a')" in REPORT.text("template_marker_near", "en", **values)
    assert "（靠近「{{ a」）" in REPORT.text("template_marker_near", "zh", **values)
    assert REPORT.pair("comma") == {"zh": "、", "en": ", "}


def test_the_pages_words_keep_their_places_for_the_script() -> None:
    assert words("en")["approval"] == "Map approval number: {number}"
    assert words("zh").keys() == words("en").keys() == PAGE.pairs.keys()


def test_importing_the_page_reads_no_sentence_and_draws_nothing() -> None:
    """A command that shows no page does not pay for its sentences, nor for what draws it."""
    heavy = "folium", "matplotlib", "pygal", "docx", "docxtpl", "geopandas", "fastapi"
    code = (
        "import tomllib, sys, geo.core.vocabulary\n"
        "tomllib.loads = lambda text: sys.exit('read')\n"
        "import layers.web.page, layers.web.charts, layers.web.records, layers.palette\n"
        f"sys.exit(' '.join({set(heavy)!r} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr.strip() == ""
