"""Dates and moments as RFC 3339 writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final, Literal

import numpy as np

from geo.core.sentences import Sentences
from geo.publish.cql2.faults import refused, shown

TEXT: Final = Sentences("geo.publish")

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,6})?"
    r"(Z|z|[+-][0-9]{2}:[0-9]{2})"
)


def instant(text: Any, granularity: Literal["date", "timestamp"] | None = None) -> np.datetime64:
    """Return a date or a moment, in microseconds UTC.

    Parameters
    ----------
    text : str
        ``2024-01-31`` or ``2024-01-31T08:00:00Z``.
    granularity : {'date', 'timestamp'}, optional
        Which of the two it has to be.

    Raises
    ------
    QueryError
        It is neither, or a day that does not exist.

    Examples
    --------
    >>> instant("2024-02-29"), instant("2024-01-01T08:00:00+08:00")
    (np.datetime64('2024-02-29T00:00:00.000000'), np.datetime64('2024-01-01T00:00:00.000000'))
    >>> instant("2023-02-29")
    Traceback (most recent call last):
    geo.core.errors.QueryError: filter：2023-02-29 不是日期，请写成 2024-01-31 或 2024-01-31T08:00:00Z。
    """  # noqa: E501
    try:
        if isinstance(text, str):
            if granularity != "timestamp" and _DATE.fullmatch(text):
                return _moment(f"{text}T00:00:00+00:00")
            if granularity != "date" and (found := _TIMESTAMP.fullmatch(text)):
                zone = "+00:00" if found[4] in "Zz" else found[4]
                return _moment(f"{found[1]}T{found[2]}{(found[3] or '.0').ljust(7, '0')}{zone}")
    except (ValueError, OverflowError):
        pass
    said = shown(text) if isinstance(text, str) else ""
    raise refused(*TEXT.words("no_date", said=said))


def _moment(text: str) -> np.datetime64:
    moment = datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    return np.datetime64(moment, "us")
