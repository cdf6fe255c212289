"""Sentences stand in data files, in both languages, and code uses each as it is written there.

What is no sentence, and stays in code: docstrings and doctests; the help of commands, options
and routes; the dictionaries of the field, which are the labels of vocabularies, the titles and
headings of columns and tables; words that are read from files; invented data; punctuation.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path for top in ("geo", "layers", "api") for path in (ROOT / top).rglob("messages.toml")
)
MODULES = sorted(path for top in ("geo", "layers", "api") for path in (ROOT / top).rglob("*.py"))

NOT_YET = ("geo", "layers", "api")
"""Folders whose sentences still stand in code."""

DICTIONARIES = frozenset({"Label", "Column", "_column", "Table", "Queryable", "Collection"})
"""Callables that make an entry of a dictionary of the field."""

DICTIONARY_MODULES = frozenset(
    {
        "geo/core/fields.py",
        "geo/core/schema.py",
        "geo/core/vocabulary.py",
        "geo/districts/demo.py",
        "geo/districts/demo_workbook.py",
    }
)
"""Modules of dictionaries and of invented data; their errors are sentences all the same."""

HELP = frozenset({"help", "metavar", "summary", "description", "title"})
"""Keyword arguments that document a command, an option or a route."""

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")


class Use(NamedTuple):
    """A use of a sentence in code."""

    place: str
    package: str
    key: str
    values: frozenset[str] | None
    """Names of the values given; None where the unfilled sentence is taken."""


class _Pair(NamedTuple):
    """A text of code in both languages."""

    line: int
    zh: str


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def is_alike(sentence: dict[str, str]) -> bool:
    """Whether both languages have the same placeholders.

    Of a value that a ``Message`` is given in either language, the English text has the name
    of the Chinese one with ``_en``.
    """
    zh, en = placeholders(sentence["zh"]), placeholders(sentence["en"])
    return zh == {name if name in zh else name.removesuffix("_en") for name in en}


def package_of(path: Path) -> str:
    return ".".join(path.parent.relative_to(ROOT).parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def sentences_of(package: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / Path(*package.split(".")) / "messages.toml").read_text("utf-8"))


def text_of(node: ast.expr | None) -> str | None:
    """Return the constant text of a literal; None for what is no literal."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part) or "" for part in parts)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            texts = text_of(left), text_of(right)
            return None if None in texts else "".join(text for text in texts if text)
    return None


def is_pair(zh: ast.expr | None, en: ast.expr | None) -> bool:
    """Whether two neighbours are the Chinese and the English text of one thing."""
    texts = text_of(zh), text_of(en)
    if texts[0] is None or texts[1] is None or texts == ("中文", "English"):
        return False
    return bool(HAN.search(texts[0]) and LATIN.search(texts[1]) and not HAN.search(texts[1]))


def uses(path: Path) -> Iterator[Use]:
    """Give every use of a sentence through a module's ``TEXT``."""
    if "TEXT" not in path.read_text("utf-8"):
        return
    tree = tree_of(path)
    package = next(
        (
            ast.literal_eval(node.args[0])
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Sentences"
        ),
        "",
    )
    for node in ast.walk(tree):
        place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Subscript(value=ast.Name(id="TEXT"), slice=key):
                yield Use(place, package, ast.literal_eval(key), None)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="TEXT")), args=[key, *_]):
                names = frozenset(keyword.arg or "**" for keyword in node.keywords)
                yield Use(place, package, ast.literal_eval(key), names)


def pairs(path: Path) -> Iterator[_Pair]:
    """Give every text of a module that stands there in Chinese and in English."""
    is_dictionary = path.relative_to(ROOT).as_posix() in DICTIONARY_MODULES
    found = _Pairs(is_dictionary)
    found.visit(tree_of(path))
    return iter(found.pairs)


class _Pairs(ast.NodeVisitor):
    def __init__(self, is_dictionary: bool) -> None:
        self.is_dictionary = is_dictionary
        self.pairs: list[_Pair] = []

    def _look(self, zh: ast.expr | None, en: ast.expr | None) -> None:
        if zh is not None and is_pair(zh, en):
            self.pairs.append(_Pair(zh.lineno, text_of(zh) or ""))

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func).split(".")[-1]
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        if name in DICTIONARIES:
            return
        self._look(named.get("zh"), named.get("en"))
        self._neighbours(node.args)
        for child in [node.func, *node.args]:
            self.visit(child)
        for keyword in node.keywords:
            if keyword.arg not in HELP:
                self.visit(keyword.value)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        self._neighbours(node.elts)
        self.generic_visit(node)

    def visit_List(self, node: ast.List) -> None:
        self._neighbours(node.elts)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        named = {text_of(key): value for key, value in zip(node.keys, node.values, strict=True)}
        for key, value in named.items():
            if key is not None and key.endswith("zh"):
                self._look(value, named.get(f"{key[:-2]}en"))
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        if "lang" in ast.unparse(node.test) or "english" in ast.unparse(node.test):
            self._look(node.body, node.orelse)
            self._look(node.orelse, node.body)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._assigned(node.targets, node.value)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._assigned([node.target], node.value)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        # A decorator's texts document a route or a command.
        for child in [node.args, *node.body]:
            self.visit(child)

    def _assigned(self, targets: list[ast.expr], value: ast.expr) -> None:
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if any(name == "zh" or name.endswith("_zh") for name in names) and HAN.search(
            text_of(value) or ""
        ):
            self.pairs.append(_Pair(value.lineno, text_of(value) or ""))

    def _neighbours(self, nodes: list[ast.expr]) -> None:
        if not self.is_dictionary:
            for one, other in pairwise(nodes):
                self._look(one, other)


@pytest.mark.parametrize("path", FILES, ids=package_of)
def test_each_sentence_has_both_languages_with_the_same_placeholders(path: Path) -> None:
    for key, sentence in sentences_of(package_of(path)).items():
        assert set(sentence) == {"zh", "en"}, key
        assert all(text.strip() for text in sentence.values()), key
        assert is_alike(sentence), key
        assert all(name.isidentifier() for name in placeholders(sentence["zh"])), key


@pytest.mark.parametrize("path", FILES, ids=package_of)
def test_each_sentence_is_used_in_its_package(path: Path) -> None:
    texts = {
        node.value
        for module in path.parent.rglob("*.py")
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(sentences_of(package_of(path))) - texts == set()


@pytest.mark.parametrize("path", FILES, ids=package_of)
def test_the_comment_above_a_sentence_names_a_module_that_uses_it(path: Path) -> None:
    module = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# "):
            module = line[2:]
            assert (ROOT / module).is_file(), module
        elif line.startswith("["):
            assert f'"{line[1:-1]}"' in (ROOT / module).read_text("utf-8"), (module, line)


def test_each_use_finds_its_sentence_and_gives_exactly_its_values() -> None:
    wrong = []
    for use in (use for path in MODULES for use in uses(path)):
        if not use.place.replace("/", ".").startswith(use.package + ".") or not use.package:
            wrong.append(f"{use.place}: {use.package!r} is no package of this module")
            continue
        sentence = sentences_of(use.package).get(use.key)
        if sentence is None:
            wrong.append(f"{use.place}: there is no {use.key!r}")
        elif use.values is not None and any(
            use.values != placeholders(text) for text in sentence.values()
        ):
            wrong.append(f"{use.place}: {use.key!r} gets {sorted(use.values)}")
    assert wrong == []


@pytest.mark.parametrize("code", [
    'Error(zh="没有", en="none at all")',
    'Error(zh=f"没有 {x}", en=f"no {x}", place=here)',
    'say("没有", "none")',
    'say("a", f"没有 {x}", "no " f"{x}")',
    'return_ = ("没有", "none")',
    'row = ["没有", "none"]',
    'row = {"code": 1, "zh": "没有", "en": "none"}',
    'row = {"title_zh": "没有", "title_en": "none"}',
    'text = "没有" if lang == "zh" else "none"',
    'text = "none" if self.lang == "en" else "没有"',
    'zh = "没有"\nen = "none"',
    'zh += "没有"\nen += "none"',
])  # fmt: skip
def test_a_pair_of_texts_in_code_is_found(code: str) -> None:
    found = _Pairs(is_dictionary=False)
    found.visit(ast.parse(code))
    assert len(found.pairs) == 1


@pytest.mark.parametrize("code", [
    'def f():\n    """没有 none."""',
    'Label("没有", "none")',
    'Option("--store", help="没有 none")',
    '@router.get("/", summary="没有 / none")\ndef f(): ...',
    'text = "：" if lang == "zh" else ": "',
    'f("、", ", ")',
    'head = ["中文", "English"]',
    'WORDS = ("没有", "无")',
    'Error(**TEXT.both("none"))',
])  # fmt: skip
def test_what_is_no_pair_is_left_alone(code: str) -> None:
    found = _Pairs(is_dictionary=False)
    found.visit(ast.parse(code))
    assert found.pairs == []


@pytest.mark.parametrize("top", ["geo", "layers", "api"])
def test_no_sentence_stands_in_code(top: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{pair.line}: {pair.zh}"
        for path in MODULES
        if path.is_relative_to(ROOT / top)
        and not any(path.is_relative_to(ROOT / folder) for folder in NOT_YET)
        for pair in pairs(path)
    ]
    assert found == []
