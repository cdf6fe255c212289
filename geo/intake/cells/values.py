"""One cell to one value, as its column asks for it; what does not fit is an error."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from geo.core.messages import Note, Unreadable, Whole, shown
from geo.core.schema import Column, Dtype
from geo.core.script import simplified
from geo.intake.cells.vocabulary import read_term
from geo.intake.divisions.names import MAX_NAME
from geo.intake.formats.parts import Raw, is_blank
from geo.intake.sentences import message

Value = str | float | int | bool | date


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell's value, None where it says nothing.

    Attributes
    ----------
    value : str, float, int, bool, datetime.date or None
        In the column's own unit.
    note : Note or None
        Where the value is not simply what the cell says: 约200, 0.3亩, 2023年5月.
    """

    value: Value | None
    note: Note | None = None


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


_TEXT_TOO_LONG = message("cells.text_too_long")
_TEXT_CONTROL_SIGN = message("cells.text_control_sign")
_NUMBER_DIGITS_LOST = message("cells.number_digits_lost")
_CODE_MALFORMED = message("cells.code_malformed")
_NUMBER_NOT_WHOLE = message("cells.number_not_whole")
_NUMBER_UNREADABLE = message("cells.number_unreadable")
_NUMBER_TOO_SMALL = message("cells.number_too_small")
_NUMBER_TOO_LARGE = message("cells.number_too_large")
_BOOLEAN_UNREADABLE = message("cells.boolean_unreadable")
_DATE_UNREADABLE = message("cells.date_unreadable")
_DATE_OUT_OF_RANGE = message("cells.date_out_of_range")


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
        raise raw.error()
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
        raise _TEXT_TOO_LONG.error(length=len(text), max_length=longest)
    for sign in text:
        unseen = unicodedata.category(sign) in _UNSEEN or sign in _NONCHARACTERS
        if unseen and sign not in _KEPT_CONTROLS:
            raise _TEXT_CONTROL_SIGN.error(sign=f"{ord(sign):04X}")
    return text


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
            raise _NUMBER_DIGITS_LOST.error()
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
    raise _CODE_MALFORMED.error(
        text=str(text),
        column=Whole(column.zh),
        expected=Whole(expected),
        column_en=Whole(column.en.lower()),
    )


def _read_real(raw: Raw, column: Column) -> float:
    return float(_number(raw, column))


def _read_integer(raw: Raw, column: Column) -> int:
    number = _number(raw, column)
    if number != int(number):
        raise _NUMBER_NOT_WHOLE.error(text=str(raw))
    return int(number)


def _number(raw: Raw, column: Column) -> float:
    """Return a finite number within a column's bounds.

    float() alone would take ２００, nan, 1_000 and 1e400.
    """
    number: float
    if isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()):
        number = float(raw)
    # A bool is an int to Python. A whole number may be too large for a float: bounds tell.
    elif (isinstance(raw, int) and not isinstance(raw, bool)) or (
        isinstance(raw, float) and math.isfinite(raw)
    ):
        number = raw
    else:
        raise _NUMBER_UNREADABLE.error(text=str(raw))
    unit = f" {column.unit}" if column.unit else ""
    if column.minimum is not None and number < column.minimum:
        raise _NUMBER_TOO_SMALL.error(
            text=Whole(_told(number)), minimum=f"{column.minimum:,.0f}", unit=Whole(unit)
        )
    if column.maximum is not None and number > column.maximum:
        raise _NUMBER_TOO_LARGE.error(
            text=Whole(_told(number)), maximum=f"{column.maximum:,.0f}", unit=Whole(unit)
        )
    return number


def _told(number: float) -> str:
    """Return a number as people write it; one too large for a float digit by digit."""
    return shown(number) if isinstance(number, int) else f"{number:.15g}"


def _read_boolean(raw: Raw, _column: Column) -> bool:
    found = _BOOLEANS.get(simplified(plain_text(raw).strip().casefold()))
    if found is None:
        raise _BOOLEAN_UNREADABLE.error(text=str(raw))
    return found


def _read_date(raw: Raw, _column: Column) -> date:
    found = _date(raw)
    if found is None:
        raise _DATE_UNREADABLE.error(text=str(raw))
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise _DATE_OUT_OF_RANGE.error(
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
