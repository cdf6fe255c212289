"""What a filter may cost, looked at before any parser sees it."""

from __future__ import annotations

from typing import Final

from geo.core.sentences import Sentences
from geo.publish.cql2.faults import refused

TEXT: Final = Sentences("geo.publish")

BYTE_LIMIT: Final = 2_048
"""Of a filter, in UTF-8."""

DEPTH_LIMIT: Final = 20
"""Levels of parentheses or of operators within one another."""

COSTLY_LIMIT: Final = 16
"""Predicates of a filter that look at each row one by one: LIKE, CASEI, S_, A_."""

_SPACES = frozenset("\t\n\r")


def check_size(text: str) -> None:
    """Refuse a filter that is too long, or holds characters that no text has.

    Raises
    ------
    QueryError
        More than 2,048 bytes, half a surrogate pair, or a control character.

    Examples
    --------
    >>> check_size("name = '科技馆'")
    >>> check_size("name = '" + "馆" * 700 + "'")
    Traceback (most recent call last):
    geo.core.errors.QueryError: filter：最长 2048 字节。
    """
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise refused(*TEXT.words("holds_codes_no_characters")) from None
    if size > BYTE_LIMIT:
        raise refused(*TEXT.words("at_most_bytes", byte_limit=BYTE_LIMIT))
    if any(letter < " " and letter not in _SPACES for letter in text):
        raise refused(*TEXT.words("it_holds_control_characters"))
