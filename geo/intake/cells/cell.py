"""One cell as people write it: what is more than plain is read with a note, or asked about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from geo.core.errors import Proposal, UnknownTermError
from geo.core.messages import Unreadable
from geo.core.schema import FACILITIES, Column
from geo.core.script import simplified
from geo.core.vocabulary import LABELS, Level
from geo.intake.cells.dates import read_day
from geo.intake.cells.numbers import read_amount
from geo.intake.cells.values import Reading, read_value
from geo.intake.cells.vocabulary import likely_term, read_term, words_of
from geo.intake.formats.parts import Raw, is_blank
from geo.intake.headers.normalise import folded
from geo.intake.sentences import message

_SIGNS_FOR_NOTHING: Final = frozenset("/\\-—–_·.…*、")
_NOTHING: Final = frozenset(
    ("无", "暂无", "没有", "未知", "不详", "不明", "待定", "待查", "待统计", "待补", "空", "未填",
     "n/a", "na", "nil", "null", "none", "?", "不清楚")
)  # fmt: skip
_BOOLEANS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("对", "√", "✓", "✔", "☑", "y", "t", "on", "已", "可以", "能"), True),
    **dict.fromkeys(("错", "×", "✗", "✘", "☒", "x", "n", "f", "off", "未", "不"), False),
    **dict.fromkeys(("不是", "没有"), False),
}  # fmt: skip
_BOOLEANS_OF: Final[Mapping[str, Mapping[str, bool]]] = {
    "open_to_public": {
        **dict.fromkeys(("开放", "已开放", "免费开放", "对外开放", "全天开放", "收费开放"), True),
        "对公众开放": True,
        **dict.fromkeys(("不开放", "未开放", "不对外开放", "内部", "内部使用", "暂不开放"), False),
    },
    "district_run": {"区属": True, "非区属": False},
    "shared_use": {"共用": True, "合用": True, "独用": False, "专用": False, "独立": False},
}  # fmt: skip
_NO_LEVEL: Final = Level.NONE.value
_BRACKETS: Final = re.compile(r"\([^()]{0,40}\)$")
_DENIED: Final = re.compile(r"[未非拟原前不没无待]|已撤|计划|规划|取消|曾")
_LONGEST_TERM: Final = 64
_LEAST_CONTAINED: Final = 2

BLANK_WORD: Final = message("cells.cell_blank_word")
SPELLED: Final = message("cells.cell_yes_no")
OTHER_QUESTION: Final = message("cells.cell_other_question")
TERM_CONTAINED: Final = message("cells.term_contained")
TERM_LIKELY: Final = message("cells.term_likely")
TERM_SEVERAL: Final = message("cells.term_several")


def read_cell(raw: Raw, column: Column) -> Reading:
    """Return what a cell says in its column, however it is written.

    Plain cells are read by :func:`geo.intake.cells.values.read_value`. Beyond those:
    words and signs for nothing, amounts with units and approximations, days of
    many forms, yes and no in other words, and vocabulary words within longer ones.

    Parameters
    ----------
    raw : Raw
        The cell as its format gave it.
    column : Column
        What it should hold.

    Returns
    -------
    Reading
        The value in the column's unit, with a note where the cell said it otherwise.

    Raises
    ------
    BadValueError, UnknownTermError
        It cannot be read, lies outside the column's bounds, or may mean several things.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> area, kind = FACILITIES["exhibition_area_m2"], FACILITIES["kind"]
    >>> read_cell("约200", area).value, read_cell("—", area), read_cell("无", area).note.code
    (200.0, Reading(value=None, note=None), 'cell_blank_word')
    >>> read_cell("罗市镇党群服务中心（站）", kind).value
    'party_service_centre'
    """
    if is_blank(raw) or isinstance(raw, Unreadable):
        return Reading(read_value(raw, column))
    if column.dtype == "date":
        return _nothing(raw) or read_day(raw)
    if not isinstance(raw, str) or (column.dtype == "text" and column.choices is None):
        only_signs = isinstance(raw, str) and _is_only_signs(raw) and not column.required
        return Reading(None if only_signs else read_value(raw, column))
    if column.choices is not None:
        return _term(raw, column)
    if column.dtype == "boolean":
        return _boolean(raw, column)
    return _amount(raw, column)


def _is_only_signs(raw: str) -> bool:
    return set(unicodedata.normalize("NFKC", raw).strip()) <= _SIGNS_FOR_NOTHING


def _nothing(raw: Raw) -> Reading | None:
    """Return an unknown value where a cell says that there is none."""
    if not isinstance(raw, str):
        return None
    text = simplified(unicodedata.normalize("NFKC", raw).strip().lower())
    if text and set(text) <= _SIGNS_FOR_NOTHING:
        return Reading(None)
    if text in _NOTHING:
        return Reading(None, BLANK_WORD.note(text=raw))
    return None


def _amount(raw: str, column: Column) -> Reading:
    nothing = _nothing(raw)
    if nothing is not None:
        return nothing
    found = read_amount(raw, column.unit)
    if found is None or not isinstance(found.value, float):
        return Reading(read_value(raw, column))
    # The bounds and whole numbers are the column's business.
    return replace(found, value=read_value(found.value, column))


def _boolean(raw: str, column: Column) -> Reading:
    text = simplified(folded(raw))
    if set(text) <= _SIGNS_FOR_NOTHING:
        return Reading(None)
    own = _BOOLEANS_OF.get(column.name, {})
    if text in own:
        value = own[text]
        told = SPELLED.note(text=raw, value="是" if value else "否", value_en=str(value).lower())
        return Reading(value, told)
    if text in _BOOLEANS:
        return Reading(_BOOLEANS[text])
    # A word that answers another question: 独用 says nothing of who may come in.
    for name, known in _BOOLEANS_OF.items():
        if text in known:
            other = FACILITIES[name]
            raise OTHER_QUESTION.error(text=raw, other=other.zh, other_en=other.en)
    return Reading(read_value(raw, column))


def _term(raw: str, column: Column) -> Reading:
    assert column.choices is not None  # noqa: S101  (the caller saw to it)
    if _is_only_signs(raw) and not column.required:
        return Reading(None)
    word = simplified(folded(raw))
    if word in _NOTHING and _NO_LEVEL in set(column.choices):
        return Reading(_NO_LEVEL)
    known = words_of(column.choices).get(word)
    if known is not None:
        return Reading(known.value)
    likely = likely_term(word, column.choices)
    if likely is not None:
        raise _likely(raw, *likely, column.choices)
    # Looking for near words costs the most and comes last.
    return _contained(raw, column) or Reading(read_term(raw.strip(), column.choices))


def _contained(raw: str, column: Column) -> Reading | None:
    """Return the one term whose word ends a longer one; None where no word stands in it.

    A word in the middle, or one that is denied (未关闭, 拟建科技馆), is only proposed.
    """
    choices = column.choices
    assert choices is not None  # noqa: S101
    text = simplified(folded(raw))[:_LONGEST_TERM]
    found = _terms_within(text, choices)
    labels = LABELS[choices]
    if len(found) == 1:
        (term,) = found
        label = labels[choices(term)]
        if not _ends_with(text, choices, term):
            raise _likely(raw, choices(term), 0.5, choices)
        return Reading(term, TERM_CONTAINED.note(text=raw, term=label.zh, term_en=label.en))
    if found:
        names = tuple(labels[choices(term)].zh for term in found)
        proposal = Proposal(names[0], 0.5)
        raise TERM_SEVERAL.error(UnknownTermError, text=raw, terms=names, proposal=proposal)
    return None


def _likely(raw: str, term: StrEnum, confidence: float, choices: type[StrEnum]) -> UnknownTermError:
    label = LABELS[choices][term]
    return TERM_LIKELY.error(
        UnknownTermError,
        text=raw,
        term=label.zh,
        term_en=label.en,
        proposal=Proposal(label.zh, confidence),
    )


def _ends_with(text: str, choices: type[StrEnum], term: str) -> bool:
    """Return whether a text ends in a term's word, brackets left out, and does not deny it."""
    ends = {text, _BRACKETS.sub("", text)}
    words = [word for word, found in words_of(choices).items() if found.value == term]
    befores = [end[: -len(word)] for end in ends for word in words if end.endswith(word)]
    return bool(befores) and not any(_DENIED.search(before) for before in befores)


@lru_cache(maxsize=4_096)
def _terms_within(text: str, choices: type[StrEnum]) -> tuple[str, ...]:
    """Return the terms whose words stand in a text, of words within others the longest only."""
    words = {
        word: term
        for word, term in words_of(choices).items()
        if len(word) >= _LEAST_CONTAINED and word in text and not word.isascii()
    }
    longest = [word for word in words if not any(word != o and word in o for o in words)]
    return tuple(dict.fromkeys(words[word].value for word in longest))
