"""A day as people write it: 2023.5.1, 2023年5月, 20230501, an Excel number."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final

from geo.core.errors import BadValueError, Proposal
from geo.core.messages import message
from geo.core.script import simplified
from geo.intake.cells.numerals import chinese_number
from geo.intake.reading import Reading
from geo.intake.rows import Raw

FIRST_YEAR, LAST_YEAR = 1800, 2100
_EPOCH: Final = date(1899, 12, 30)
"""From which Excel counts days since March 1900; its 1900 has a 29 February too many."""
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_415
"""Of 1 January 1950 and of 31 December 2100."""
_LONGEST: Final = 40

_SIGN: Final = r"[-/.年月]"
_FULL: Final = re.compile(r"([0-9]{4})([-/.]|年)([0-9]{1,2})(?:\2|月)([0-9]{1,2})[日号]?")
_MONTH: Final = re.compile(r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})月?(?:份)?")
_YEAR: Final = re.compile(r"([0-9]{4})年?")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHORT: Final = re.compile(r"([0-9]{2})([-/.]|年)([0-9]{1,2})(?:\2|月)([0-9]{1,2})日?")
_AMERICAN: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_CHINESE: Final = re.compile(
    r"([〇○零一二三四五六七八九]{4})年"
    r"(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?)?"
)
_TENTH: Final = re.compile(r"[12][0-9]{3}\.1")
_TIME: Final = re.compile(r"[T ]?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?$")
_OPEN_END: Final = frozenset({"至今", "长期", "长期有效", "永久", "无期限", "now"})

MONTH_ONLY: Final = message(
    "day_month_only",
    "「{text}」没有写日，读作 {day}。",
    "'{text}' gives no day and was read as {day}.",
)
YEAR_ONLY: Final = message(
    "day_year_only",
    "「{text}」只有年份，读作 {day}。",
    "'{text}' gives a year only and was read as {day}.",
)
SERIAL: Final = message(
    "day_serial",
    "「{text}」是表格软件的日期序号，读作 {day}；请把该列设为日期格式。",
    "'{text}' is a spreadsheet's day number and was read as {day}; format the column as dates.",
)
WITH_TIME: Final = message(
    "day_with_time",
    "「{text}」里的时刻没有用到，读作 {day}。",
    "The time of '{text}' was left out: {day}.",
)
NO_END: Final = message(
    "day_open_end",
    "「{text}」读作没有截止日期。",
    "'{text}' was read as no last day.",
)
TWO_DIGITS: Final = message(
    "day_two_digit_year",
    "「{text}」的年份只有两位，请写成四位。",
    "The year of '{text}' has two digits; write four.",
)
WHICH_FIRST: Final = message(
    "day_order_unclear",
    "「{text}」分不清日和月，请写成 2023-05-01 的样子。",
    "Day and month of '{text}' cannot be told apart; write it as 2023-05-01.",
)
MONTH_UNCLEAR: Final = message(
    "day_month_unclear",
    "「{text}」可能是 {year} 年 1 月，也可能是 10 月，请写成 {year}-01 或 {year}-10。",
    "'{text}' may be January or October of {year}; write {year}-01 or {year}-10.",
)
NO_SUCH_DAY: Final = message(
    "day_impossible",
    "没有「{text}」这一天，请核对。",
    "There is no such day as '{text}'.",
)
NO_DAY: Final = message(
    "day_unreadable",
    "「{text}」不是日期。请填如 2023-05-01 的年月日；不知道就留空。",
    "'{text}' is not a date; write it as 2023-05-01.",
)
OUT_OF_RANGE: Final = message(
    "day_out_of_range",
    "日期 {day} 不在 1800 年至 2100 年之间，请核对。",
    "The date {day} is not between 1800 and 2100.",
)


def read_day(raw: Raw) -> Reading:
    """Return the day that a cell gives; with a remark where it gives less, or more.

    Parameters
    ----------
    raw : Raw
        The cell, not blank.

    Returns
    -------
    Reading
        Of a :class:`datetime.date`; None for an end that is open (至今).

    Raises
    ------
    BadValueError
        It is no day, an impossible one, or one that may be two.

    Examples
    --------
    >>> str(read_day("2023.5.1").value), str(read_day("2023年5月").value)
    ('2023-05-01', '2023-05-01')
    >>> str(read_day(45047).value), read_day("2023年5月").remark.code
    ('2023-05-01', 'day_month_only')
    """
    reading = _read(raw)
    if isinstance(reading.value, date) and not FIRST_YEAR <= reading.value.year <= LAST_YEAR:
        raise OUT_OF_RANGE.fault(day=str(reading.value))
    return reading


def _read(raw: Raw) -> Reading:
    if isinstance(raw, datetime):
        if raw.time() == time():
            return Reading(raw.date())
        return Reading(raw.date(), WITH_TIME.remark(text=str(raw), day=str(raw.date())))
    if isinstance(raw, date):
        return Reading(raw)
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise NO_DAY.fault(text=str(raw))
    number = f"{raw:.15g}" if isinstance(raw, float) else str(raw)
    # As a number 2023.10 and 2023.1 are the same.
    if isinstance(raw, float) and _TENTH.fullmatch(number):
        raise MONTH_UNCLEAR.fault(text=number, year=number[:4])
    text = "".join(simplified(unicodedata.normalize("NFKC", number)).split())
    spaced = " ".join(simplified(unicodedata.normalize("NFKC", number)).split())
    if len(text) > _LONGEST:
        raise NO_DAY.fault(text=number)
    return _of_text(text, spaced, number)


def _of_text(text: str, spaced: str, shown: str) -> Reading:
    if text in _OPEN_END:
        return Reading(None, NO_END.remark(text=shown))
    clock = _TIME.search(spaced)
    if clock is not None and clock.start() > 0:
        plain = "".join(spaced[: clock.start()].split())
        found = _of_text(plain, plain, shown)
        if not any(int(part or 0) for part in clock.groups()) or found.remark:
            return found
        return Reading(found.value, WITH_TIME.remark(text=shown, day=str(found.value)))
    full = _FULL.fullmatch(text)
    if full is not None:
        return Reading(_day(full[1], full[3], full[4], shown))
    if _COMPACT.fullmatch(text) and "1800" <= text[:4] <= "2100":
        return Reading(_day(text[:4], text[4:6], text[6:], shown))
    return _partial(text, shown) or _numbered(text, shown) or _refused(text, shown)


def _partial(text: str, shown: str) -> Reading | None:
    """Return the first day of a month or year that is all a text gives."""
    chinese = _CHINESE.fullmatch(text)
    if chinese is not None:
        written = "-".join(str(chinese_number(part)) for part in chinese.groups() if part)
        return _of_text(written, written, shown)
    month_only = _MONTH.fullmatch(text)
    if month_only is not None:
        first = _day(month_only[1], month_only[2], "1", shown)
        return Reading(first, MONTH_ONLY.remark(text=shown, day=str(first)))
    year_only = _YEAR.fullmatch(text)
    if year_only is not None and FIRST_YEAR <= int(year_only[1]) <= LAST_YEAR:
        first = _day(year_only[1], "1", "1", shown)
        return Reading(first, YEAR_ONLY.remark(text=shown, day=str(first)))
    return None


def _numbered(text: str, shown: str) -> Reading | None:
    """Return the day that a spreadsheet's number stands for."""
    if not re.fullmatch(r"[0-9]{5}(?:\.[0-9]{1,10})?", text):
        return None
    serial = int(float(text))
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return None
    day = _EPOCH + timedelta(days=serial)
    return Reading(day, SERIAL.remark(text=shown, day=str(day)))


def _refused(text: str, shown: str) -> Reading:
    short = _SHORT.fullmatch(text)
    if short is not None:
        raise TWO_DIGITS.fault(text=shown, proposal=_proposal(f"20{short[1]}", short[3], short[4]))
    american = _AMERICAN.fullmatch(text)
    if american is not None:
        one, two, year = american.groups()
        sure = {(one, two), (two, one)} if int(one) == int(two) else set()
        months = [(m, d) for m, d in ((one, two), (two, one)) if int(m) <= 12 < int(d)]  # noqa: PLR2004
        chosen = months[0] if months else next(iter(sure), None)
        raise WHICH_FIRST.fault(text=shown, proposal=_proposal(year, *chosen) if chosen else None)
    raise NO_DAY.fault(text=shown)


def _proposal(year: str, month: str, day: str) -> Proposal | None:
    try:
        return Proposal(str(_day(year, month, day, "")), 0.8)
    except BadValueError:
        return None


def _day(year: str, month: str, day: str, shown: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise NO_SUCH_DAY.fault(text=shown) from error
