"""One cell to one value, as its column asks for it; what does not fit is a fault."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from geo.core.messages import Unreadable, Whole, message, shown
from geo.core.schema import Column, Dtype
from geo.core.script import simplified
from geo.intake.cells.vocabulary import read_term
from geo.intake.divisions.naming import MAX_NAME
from geo.intake.reading import Value
from geo.intake.rows import Raw, is_blank

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_DATE: Final = re.compile(
    r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?"
)
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_EXACT: Final = 2**53
"""Above it a float no longer tells neighbouring whole numbers apart."""

_BOOLEANS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("是", "有", "true", "yes", "1"), True),
    **dict.fromkeys(("否", "无", "false", "no", "0"), False),
}
_CODE_DIGITS: Final[Mapping[str, tuple[int, ...]]] = {
    "township_code": (9,),
    "village_code": (12,),
    "division_code": (6, 9, 12),
}
_KEYS: Final = frozenset({"facility_id", "source_id", *_CODE_DIGITS})
_NAMES: Final = frozenset({"name", "name_zh", "title", "facility_name"})
"""Columns that name something; a text longer than any name is a paste gone wrong."""
_UNSEEN: Final = frozenset({"Cc", "Cs"})
_KEPT_CONTROLS: Final = frozenset("\n\t")
_NONCHARACTERS: Final = frozenset("\ufffe\uffff")


_TEXT_TOO_LONG = message(
    "text_too_long",
    "文字长 {length} 字，超过上限 {max_length} 字，请缩短。",
    "The text has {length} characters; {max_length} is the most.",
)
_TEXT_CONTROL_SIGN = message(
    "text_control_sign",
    "文字中有不可见的控制字符（U+{sign}），请删去后重新填写。",
    "The text holds the control character U+{sign}; delete it.",
)
_NUMBER_DIGITS_LOST = message(
    "number_digits_lost",
    "数字太长，表格软件已丢失末几位。请把该列设为文本格式后重新填写。",
    "The number is too long, its last digits are lost; enter it as text.",
)
_CODE_MALFORMED = message(
    "code_malformed",
    "「{text}」不是{column}：应为 {expected} 位数字。若首尾的 0 被表格软件吞掉，请设为文本格式后补"
    "上。",
    "'{text}' is no {column_en}: it has {expected} digits.",
)
_NUMBER_NOT_WHOLE = message(
    "number_not_whole",
    "「{text}」不是整数，请填整数。",
    "'{text}' is not a whole number.",
)
_NUMBER_UNREADABLE = message(
    "number_unreadable",
    "「{text}」不是数字。请只填半角数字，不带单位和逗号；不知道就留空。",
    "'{text}' is not a number. Use plain digits, no unit; leave it empty if unknown.",
)
_NUMBER_TOO_SMALL = message(
    "number_too_small",
    "「{text}」小于下限 {minimum}{unit}，请核对。",
    "'{text}' is below the least value {minimum}{unit}.",
)
_NUMBER_TOO_LARGE = message(
    "number_too_large",
    "「{text}」超过上限 {maximum}{unit}，请核对数值和单位。",
    "'{text}' is above the greatest value {maximum}{unit}.",
)
_BOOLEAN_UNREADABLE = message(
    "boolean_unreadable",
    "「{text}」不是「是」或「否」。请填其一；不知道就留空。",
    "'{text}' is neither yes nor no; leave it empty if unknown.",
)
_DATE_UNREADABLE = message(
    "date_unreadable",
    "「{text}」不是日期。请填如 2023-05-01 的年月日；不知道就留空。",
    "'{text}' is not a date; write it as 2023-05-01.",
)
_DATE_OUT_OF_RANGE = message(
    "date_out_of_range",
    "日期 {found} 不在 {first_year} 年至 {last_year} 年之间，请核对。",
    "The date {found} is not between {first_year} and {last_year}.",
)


def read_value(raw: Raw, column: Column) -> Value | None:
    r"""Return what a cell says in its column; None where it says nothing.

    Parameters
    ----------
    raw : Raw
        The cell as its format gave it.
    column : Column
        What it should hold: type, choices, bounds in the column's unit.

    Returns
    -------
    str, float, int, bool, datetime.date or None
        Text stands as it was written, but for the line ends ``\r\n``, which become
        ``\n``, and for keys and codes, which lose spaces around them. A name has at
        most 200 characters.

    Raises
    ------
    BadValueError
        It cannot be read as its column asks, or lies outside the bounds; the
        error has no place yet.
    UnknownTermError
        The column's vocabulary does not have the word.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> read_value("120.5", FACILITIES["exhibition_area_m2"])
    120.5
    >>> read_value(430503001.0, FACILITIES["township_code"])
    '430503001'
    >>> read_value("是", FACILITIES["open_to_public"]), read_value("", FACILITIES["level"])
    (True, None)
    """
    if is_blank(raw):
        return None
    if isinstance(raw, Unreadable):
        raise raw.fault()
    if column.choices is not None:
        return read_term(plain_text(raw).strip(), column.choices)
    if column.name in _CODE_DIGITS:
        return _code(plain_text(raw).strip(), column)
    return _READERS[column.dtype](raw, column)


def _read_text(raw: Raw, column: Column) -> str:
    text = plain_text(raw)
    if column.name in _KEYS:
        text = text.strip()
    longest = min(column.max_length, MAX_NAME) if column.name in _NAMES else column.max_length
    if len(text) > longest:
        raise _TEXT_TOO_LONG.fault(length=len(text), max_length=longest)
    for sign in text:
        if _is_unseen(sign):
            raise _TEXT_CONTROL_SIGN.fault(sign=f"{ord(sign):04X}")
    return text


def _is_unseen(sign: str) -> bool:
    if sign in _KEPT_CONTROLS:
        return False
    return unicodedata.category(sign) in _UNSEEN or sign in _NONCHARACTERS


def plain_text(raw: Raw) -> str:
    """Return a cell as text; a whole number without the point that Excel gives it."""
    if isinstance(raw, str):
        return raw.replace("\r\n", "\n")
    if isinstance(raw, datetime):
        return raw.isoformat(sep=" ") if raw.time() != datetime.min.time() else str(raw.date())
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer():
        if abs(raw) > _EXACT:
            raise _NUMBER_DIGITS_LOST.fault()
        return str(int(raw))
    return str(raw)


def _code(text: str, column: Column) -> str:
    digits = _CODE_DIGITS[column.name]
    if text.isascii() and text.isdigit():
        if len(text) in digits:
            return text
        # The statistical form of a township's code has twelve digits.
        if column.name == "township_code" and len(text) == 12 and text.endswith("000"):  # noqa: PLR2004
            return text[:9]
    expected = "、".join(map(str, digits))
    raise _CODE_MALFORMED.fault(
        text=str(text),
        column=Whole(column.zh),
        expected=Whole(expected),
        column_en=Whole(column.en.lower()),
    )


def _read_real(raw: Raw, column: Column) -> float:
    number = _number(raw)
    _check_bounds(number, column)
    return float(number)


def _read_integer(raw: Raw, column: Column) -> int:
    number = _number(raw)
    _check_bounds(number, column)
    if number != int(number):
        raise _NUMBER_NOT_WHOLE.fault(text=str(raw))
    return int(number)


def _number(raw: Raw) -> float:
    """Return a finite number; float() alone would take ２００, nan, 1_000 and 1e400."""
    if isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()):
        return float(raw)
    # A bool is an int to Python. A whole number may be too large for a float: bounds tell.
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, float) and math.isfinite(raw):
        return raw
    raise _NUMBER_UNREADABLE.fault(text=str(raw))


def _told(number: float) -> str:
    """Return a number as people write it; one too large for a float digit by digit."""
    return shown(number) if isinstance(number, int) else f"{number:.15g}"


def _check_bounds(number: float, column: Column) -> None:
    unit = f" {column.unit}" if column.unit else ""
    if column.minimum is not None and number < column.minimum:
        raise _NUMBER_TOO_SMALL.fault(
            text=Whole(_told(number)), minimum=f"{column.minimum:,.0f}", unit=Whole(unit)
        )
    if column.maximum is not None and number > column.maximum:
        raise _NUMBER_TOO_LARGE.fault(
            text=Whole(_told(number)), maximum=f"{column.maximum:,.0f}", unit=Whole(unit)
        )


def _read_boolean(raw: Raw, _column: Column) -> bool:
    found = _BOOLEANS.get(simplified(plain_text(raw).strip().casefold()))
    if found is None:
        raise _BOOLEAN_UNREADABLE.fault(text=str(raw))
    return found


def _read_date(raw: Raw, _column: Column) -> date:
    found = _date(raw)
    if found is None:
        raise _DATE_UNREADABLE.fault(text=str(raw))
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise _DATE_OUT_OF_RANGE.fault(
            found=Whole(found), first_year=_FIRST_YEAR, last_year=_LAST_YEAR
        )
    return found


def _date(raw: Raw) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    match = _DATE.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None


_READERS: Final[Mapping[Dtype, Callable[[Raw, Column], Value]]] = {
    "text": _read_text,
    "real": _read_real,
    "integer": _read_integer,
    "boolean": _read_boolean,
    "date": _read_date,
}
