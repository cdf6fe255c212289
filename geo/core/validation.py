"""What pydantic finds wrong with a value, in the words of the person who gave it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from geo.core.errors import Lang
from geo.core.sentences import Sentences, Words

TEXT: Final = Sentences("geo.core")

_Words = Callable[[Mapping[str, Any]], tuple[str, str]]
_SHOWN_FAULTS: Final = 5

_EXAMPLES: Final[Mapping[str, str]] = {
    "denominator": "resident-2020",
    "township": "430503001",
    "on": "2025-12-31",
    "kind": "library",
    "group": "hall",
    "gap": "any-hall",
    "basemap_url": "https://tiles.example/{z}/{x}/{y}.png",
}
"""What a value of a given form looks like."""


def _one_of(context: Mapping[str, Any]) -> tuple[str, str]:
    expected = str(context.get("expected", "")).replace("'", "").replace('"', "")
    return TEXT.words("must_be", expected=Words(expected.replace(" or ", " 或 "), expected))


def _bound(zh: str, en: str, key: str) -> _Words:
    return lambda context: (f"{zh} {context[key]}", f"{en} {context[key]}")


def _plain(zh: str, en: str) -> _Words:
    return lambda _context: (zh, en)


_WORDS: Final[Mapping[str, _Words]] = {
    "enum": _one_of,
    "literal_error": _one_of,
    "greater_than_equal": _bound(*TEXT.words("must_not_be_below"), "ge"),
    "less_than_equal": _bound(*TEXT.words("must_not_be_above"), "le"),
    "greater_than": _bound(*TEXT.words("must_be_above"), "gt"),
    "less_than": _bound(*TEXT.words("must_be_below"), "lt"),
    "string_too_long": _bound(*TEXT.words("must_not_be_longer_than"), "max_length"),
    "string_too_short": _bound(*TEXT.words("must_not_be_shorter_than"), "min_length"),
    "too_long": _bound(*TEXT.words("too_many_items"), "max_length"),
    "too_short": _bound(*TEXT.words("too_few_items"), "min_length"),
    "value_error": lambda context: (str(context["error"]), str(context["error"])),
    "extra_forbidden": _plain(*TEXT.words("is_not_known")),
    "missing": _plain(*TEXT.words("is_missing")),
    "json_invalid": _plain(*TEXT.words("is_not_valid_json")),
    "model_attributes_type": _plain(*TEXT.words("must_be_a_json_object")),
    "finite_number": _plain(*TEXT.words("must_be_finite_number")),
}
_BY_BEGINNING: Final = (
    ("int_", _plain(*TEXT.words("must_be_whole_number"))),
    ("float_", _plain(*TEXT.words("must_be_number"))),
    ("bool_", _plain(*TEXT.words("must_be_true_or_false"))),
    (
        "date_",
        _plain(*TEXT.words("must_be_a_day")),
    ),
    ("string_", _plain(*TEXT.words("must_be_text"))),
)


def fault_words(fault: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is wrong with a value, in Chinese and English, without its name.

    Parameters
    ----------
    fault : Mapping
        One of ``pydantic.ValidationError.errors()``.

    Examples
    --------
    >>> fault_words({"type": "greater_than_equal", "loc": ("limit",), "ctx": {"ge": 1}})
    ('不能小于（早于） 1', 'must not be below 1')
    >>> fault_words({"type": "string_pattern_mismatch", "loc": ("denominator",)})[0]
    '写法不对，例如 resident-2020'
    """
    kind = str(fault["type"])
    context = fault.get("ctx") or {}
    if kind in _WORDS:
        return _WORDS[kind](context)
    if kind == "string_pattern_mismatch":
        example = _EXAMPLES.get(str(fault["loc"][-1]))
        if example:
            return TEXT.words("not_written_expected", example=example)
        return TEXT.words("is_not_written_as_expected")
    for beginning, words in _BY_BEGINNING:
        if kind.startswith(beginning):
            return words(context)
    return TEXT.words("cannot_be_used")


def name_of(fault: Mapping[str, Any]) -> str:
    """Return the name of the value that a fault is about, such as ``standards.0.minutes``."""
    return ".".join(str(part) for part in fault["loc"])


def in_words(faults: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """Return several faults as one line: each value by name, and what is wrong with it.

    Examples
    --------
    >>> in_words([{"type": "missing", "loc": ("name",)}, {"type": "int_type", "loc": ("n",)}], "zh")
    'name 缺少这一项；n 必须是整数'
    """
    told = [f"{name_of(fault)} {fault_words(fault)[lang == 'en']}".strip() for fault in faults]
    more = len(told) - _SHOWN_FAULTS
    joined = ("；" if lang == "zh" else "; ").join(told[:_SHOWN_FAULTS])
    if more <= 0:
        return joined
    return joined + TEXT.text("more", lang, more=more)
