"""One cell as what its column asks for, or one clear error."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final

from geo.columns import Column
from geo.errors import BadValueError, Place, UnknownTermError
from geo.terms import LABELS

_NUMBER: Final = re.compile(r"[+-]?(\d{1,15}(\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
_CODE: Final = re.compile(r"\d{6}|\d{9}|\d{12}", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_YES: Final = frozenset({"是", "有", "true", "yes", "y", "1"})
_NO: Final = frozenset({"否", "无", "false", "no", "n", "0"})
_SHOWN: Final = 40
_FIRST_YEAR, _LAST_YEAR = 1800, 2100


def read_cell(value: Any, column: Column, place: Place) -> Any:
    """Return a cell's value for a column; None where it is empty.

    Parameters
    ----------
    value : object
        As openpyxl, csv or JSON gave it.
    column : Column
        Its type, bounds and vocabulary.
    place : Place
        Where the cell stands.

    Raises
    ------
    UnknownTermError
        The vocabulary does not have it.
    BadValueError
        It cannot be read, or lies outside the bounds.

    Examples
    --------
    >>> from geo.columns import FACILITIES
    >>> read_cell(" 图书馆/书苑 ", FACILITIES["kind"], Place())
    'library'
    >>> read_cell("120.5", FACILITIES["exhibition_area_m2"], Place())
    120.5
    >>> read_cell(430503001.0, FACILITIES["township_code"], Place())
    '430503001'
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if column.choices is not None:
        return _term(value, column, place)
    return _READERS[column.dtype](value, column, place)


def _bad(value: Any, column: Column, place: Place, zh: str, en: str) -> BadValueError:
    shown = str(value)
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    return BadValueError(
        zh=f"「{column.zh}」的值“{shown}”{zh}。", en=f"'{shown}' {en}.", place=place
    )


def _term(value: Any, column: Column, place: Place) -> str:
    assert column.choices is not None  # noqa: S101  (the caller asked)
    word = str(value).strip()
    found = _words(column.choices).get(word.lower())
    if found is None:
        usable = "、".join(label.zh for label in LABELS[column.choices].values())
        shown = word if len(word) <= _SHOWN else word[:_SHOWN] + "…"
        raise UnknownTermError(
            zh=f"「{column.zh}」没有“{shown}”这个值。可用：{usable}。",
            en=f"There is no {column.en.lower()} '{shown}'; usable: {', '.join(column.choices)}.",
            place=place,
        )
    return found


@cache
def _words(choices: type[StrEnum]) -> dict[str, str]:
    """Return every word that stands for a term; one that could stand for two is left out."""
    words: dict[str, str] = {}
    ambiguous = set()
    for term in choices:
        label = LABELS[choices][term]
        short = re.sub(r"[（(].*?[)）]", "", label.zh)
        for word in {label.zh, short, *short.split("/")}:
            if words.setdefault(word.lower(), term.value) != term.value:
                ambiguous.add(word.lower())
    exact = {
        word.lower(): term.value
        for term in choices
        for word in (term.value, LABELS[choices][term].zh, LABELS[choices][term].en)
    }
    return {word: term for word, term in words.items() if word not in ambiguous} | exact


def _real(value: Any, column: Column, place: Place) -> float:
    number = _number(value)
    if number is None:
        raise _bad(value, column, place, "不是数字，请填阿拉伯数字", "is not a number")
    if column.minimum is not None and number < column.minimum:
        what = "不能为负" if column.minimum == 0 else f"小于下限 {column.minimum:g}"
        raise _bad(value, column, place, what, f"is below {column.minimum:g}")
    if column.maximum is not None and number > column.maximum:
        raise _bad(
            value, column, place, f"超过上限 {column.maximum:,.10g}", f"is above {column.maximum:g}"
        )
    return number


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    text = str(value).strip()
    # float() would also take full-width digits, underscores, nan and inf.
    return float(text) if _NUMBER.fullmatch(text) else None


def _integer(value: Any, column: Column, place: Place) -> int:
    number = _real(value, column, place)
    if number != int(number):
        raise _bad(value, column, place, "不是整数", "is not a whole number")
    return int(number)


def _boolean(value: Any, column: Column, place: Place) -> bool:
    if isinstance(value, bool):
        return value
    number = _number(value)
    word = str(int(number)) if number in {0, 1} else str(value).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise _bad(value, column, place, "既不是“是”也不是“否”", "is neither yes nor no")


def _date(value: Any, column: Column, place: Place) -> date:
    found: date | None = None
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, str) and (match := _DATE.fullmatch(value.strip())):
        try:
            found = date(*(int(part) for part in match.groups()))
        except ValueError:
            found = None
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise _bad(value, column, place, "不是日期，请写成 2023-05-01", "is not a date")
    return found


def _text(value: Any, column: Column, place: Place) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if column.name.endswith("_code"):
        text = text.strip()
        if not _CODE.fullmatch(text):
            raise _bad(
                value,
                column,
                place,
                "不是 6、9 或 12 位数字的代码",
                "is not a code of 6, 9 or 12 digits",
            )
    if len(text) > column.max_length:
        raise _bad(
            value,
            column,
            place,
            f"超过 {column.max_length} 字",
            f"exceeds {column.max_length} letters",
        )
    if _CONTROL.search(text):
        raise _bad(
            _CONTROL.sub("□", text), column, place, "含有控制字符", "holds control characters"
        )
    return text


_READERS: Final = {
    "real": _real,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
    "text": _text,
}
