"""The ``datetime`` of a request: an instant or an interval, as days in China."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from geo.core.errors import QueryError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.core")

CHINA: Final = timezone(timedelta(hours=8))
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_MOST_CHARACTERS: Final = 100
_OPEN: Final = ("", "..")


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from one to another, both included; None for an end that is open.

    Attributes
    ----------
    start, end : datetime.date, optional
        Equal for an instant.
    """

    start: date | None
    end: date | None


def parse_interval(text: str) -> Interval:
    """Return what a ``datetime`` parameter means (OGC API - Features, 7.15.4; RFC 3339).

    Raises
    ------
    QueryError
        It is neither a day, a moment with its offset, nor two of them; a day does not exist;
        the end comes before the start.

    Examples
    --------
    >>> parse_interval("2024-12-31")
    Interval(start=datetime.date(2024, 12, 31), end=datetime.date(2024, 12, 31))
    >>> parse_interval("2024-12-31T16:30:00Z").end, parse_interval("../2024-06-30").start
    (datetime.date(2025, 1, 1), None)
    """
    parts = text[: _MOST_CHARACTERS + 1].split("/")
    both_open = len(parts) > 1 and all(part in _OPEN for part in parts)
    if len(text) > _MOST_CHARACTERS or len(parts) not in {1, 2} or both_open:
        raise _fault()
    start, end = _day(parts[0], len(parts) > 1), _day(parts[-1], len(parts) > 1)
    if start is not None and end is not None and end < start:
        raise QueryError(**TEXT.both("datetime_ends_before_start"))
    return Interval(start, end)


def _day(text: str, may_be_open: bool) -> date | None:
    if may_be_open and text in _OPEN:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(CHINA).date()
    except (ValueError, OverflowError) as error:
        raise _fault() from error
    raise _fault()


def _fault() -> QueryError:
    return QueryError(**TEXT.both("malformed_datetime"))
