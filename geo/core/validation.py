"""What pydantic finds wrong with a value, in the words of the person who gave it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from geo.core.errors import Lang

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
    return f"只能是 {expected.replace(' or ', ' 或 ')}", f"must be {expected}"


def _bound(zh: str, en: str, key: str) -> _Words:
    return lambda context: (f"{zh} {context[key]}", f"{en} {context[key]}")


def _plain(zh: str, en: str) -> _Words:
    return lambda _context: (zh, en)


_WORDS: Final[Mapping[str, _Words]] = {
    "enum": _one_of,
    "literal_error": _one_of,
    "greater_than_equal": _bound("不能小于（早于）", "must not be below", "ge"),
    "less_than_equal": _bound("不能大于（晚于）", "must not be above", "le"),
    "greater_than": _bound("必须大于", "must be above", "gt"),
    "less_than": _bound("必须小于", "must be below", "lt"),
    "string_too_long": _bound("字数不能超过", "must not be longer than", "max_length"),
    "string_too_short": _bound("字数不能少于", "must not be shorter than", "min_length"),
    "too_long": _bound("项数不能超过", "must not have more items than", "max_length"),
    "too_short": _bound("项数不能少于", "must not have fewer items than", "min_length"),
    "value_error": lambda context: (str(context["error"]), str(context["error"])),
    "extra_forbidden": _plain("没有这一项，请核对名称", "is not known; check its name"),
    "missing": _plain("缺少这一项", "is missing"),
    "json_invalid": _plain("不是有效的 JSON", "is not valid JSON"),
    "model_attributes_type": _plain(
        "应为 JSON 对象，请求头 content-type 应为 application/json",
        "must be a JSON object, sent as application/json",
    ),
    "finite_number": _plain("必须是有限的数", "must be a finite number"),
}
_BY_BEGINNING: Final = (
    ("int_", _plain("必须是整数", "must be a whole number")),
    ("float_", _plain("必须是数字", "must be a number")),
    ("bool_", _plain("必须是 true 或 false", "must be true or false")),
    (
        "date_",
        _plain("必须是确有的日期，写成 2025-12-31", "must be a day that exists, like 2025-12-31"),
    ),
    ("string_", _plain("必须是文字", "must be text")),
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
            return f"写法不对，例如 {example}", f"is not written as expected, such as {example}"
        return "写法不对", "is not written as expected"
    for beginning, words in _BY_BEGINNING:
        if kind.startswith(beginning):
            return words(context)
    return "这个值不可用", "cannot be used"


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
    return joined + (f"（另有 {more} 处）" if lang == "zh" else f" ({more} more)")
