"""A day as people write it: 2023.5.1, 2023年5月, 20230501, an Excel number."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final

from geo.core.errors import BadValueError, Proposal
from geo.core.script import simplified
from geo.intake.cells.numbers import chinese_number
from geo.intake.cells.values import Reading
from geo.intake.formats.parts import Raw
from geo.intake.sentences import message

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

MONTH_ONLY: Final = message("cells.day_month_only")
YEAR_ONLY: Final = message("cells.day_year_only")
SERIAL: Final = message("cells.day_serial")
WITH_TIME: Final = message("cells.day_with_time")
NO_END: Final = message("cells.day_open_end")
TWO_DIGITS: Final = message("cells.day_two_digit_year")
WHICH_FIRST: Final = message("cells.day_order_unclear")
MONTH_UNCLEAR: Final = message("cells.day_month_unclear")
NO_SUCH_DAY: Final = message("cells.day_impossible")
NO_DAY: Final = message("cells.day_unreadable")
OUT_OF_RANGE: Final = message("cells.day_out_of_range")


def read_day(raw: Raw) -> Reading:
    """Return the day that a cell gives; with a note where it gives less, or more.

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
    >>> str(read_day(45047).value), read_day("2023年5月").note.code
    ('2023-05-01', 'day_month_only')
    """
    reading = _read(raw)
    if isinstance(reading.value, date) and not FIRST_YEAR <= reading.value.year <= LAST_YEAR:
        raise OUT_OF_RANGE.error(day=str(reading.value))
    return reading


def _read(raw: Raw) -> Reading:
    if isinstance(raw, datetime):
        if raw.time() == time():
            return Reading(raw.date())
        return Reading(raw.date(), WITH_TIME.note(text=str(raw), day=str(raw.date())))
    if isinstance(raw, date):
        return Reading(raw)
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise NO_DAY.error(text=str(raw))
    number = f"{raw:.15g}" if isinstance(raw, float) else str(raw)
    # As a number 2023.10 and 2023.1 are the same.
    if isinstance(raw, float) and _TENTH.fullmatch(number):
        raise MONTH_UNCLEAR.error(text=number, year=number[:4])
    text = "".join(simplified(unicodedata.normalize("NFKC", number)).split())
    spaced = " ".join(simplified(unicodedata.normalize("NFKC", number)).split())
    if len(text) > _LONGEST:
        raise NO_DAY.error(text=number)
    return _of_text(text, spaced, number)


def _of_text(text: str, spaced: str, shown: str) -> Reading:
    if text in _OPEN_END:
        return Reading(None, NO_END.note(text=shown))
    clock = _TIME.search(spaced)
    if clock is not None and clock.start() > 0:
        plain = "".join(spaced[: clock.start()].split())
        found = _of_text(plain, plain, shown)
        if not any(int(part or 0) for part in clock.groups()) or found.note:
            return found
        return Reading(found.value, WITH_TIME.note(text=shown, day=str(found.value)))
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
        return Reading(first, MONTH_ONLY.note(text=shown, day=str(first)))
    year_only = _YEAR.fullmatch(text)
    if year_only is not None and FIRST_YEAR <= int(year_only[1]) <= LAST_YEAR:
        first = _day(year_only[1], "1", "1", shown)
        return Reading(first, YEAR_ONLY.note(text=shown, day=str(first)))
    return None


def _numbered(text: str, shown: str) -> Reading | None:
    """Return the day that a spreadsheet's number stands for."""
    if not re.fullmatch(r"[0-9]{5}(?:\.[0-9]{1,10})?", text):
        return None
    serial = int(float(text))
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return None
    day = _EPOCH + timedelta(days=serial)
    return Reading(day, SERIAL.note(text=shown, day=str(day)))


def _refused(text: str, shown: str) -> Reading:
    short = _SHORT.fullmatch(text)
    if short is not None:
        raise TWO_DIGITS.error(text=shown, proposal=_proposal(f"20{short[1]}", short[3], short[4]))
    american = _AMERICAN.fullmatch(text)
    if american is not None:
        one, two, year = american.groups()
        sure = {(one, two), (two, one)} if int(one) == int(two) else set()
        months = [(m, d) for m, d in ((one, two), (two, one)) if int(m) <= 12 < int(d)]  # noqa: PLR2004
        chosen = months[0] if months else next(iter(sure), None)
        raise WHICH_FIRST.error(text=shown, proposal=_proposal(year, *chosen) if chosen else None)
    raise NO_DAY.error(text=shown)


def _proposal(year: str, month: str, day: str) -> Proposal | None:
    try:
        return Proposal(str(_day(year, month, day, "")), 0.8)
    except BadValueError:
        return None


def _day(year: str, month: str, day: str, shown: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise NO_SUCH_DAY.error(text=shown) from error
