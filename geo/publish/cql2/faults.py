"""How a filter is refused: in both languages, never in the words of a parser."""

from __future__ import annotations

from typing import Final

from geo.core.errors import QueryError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.publish")

NAME_LENGTH: Final = 64
"""Characters of a name that a message repeats."""


def shown(text: str) -> str:
    r"""Return what a client wrote as a message may repeat it: short, and printable.

    Examples
    --------
    >>> shown("a\x00b"), len(shown("x" * 500))
    ('a�b', 64)
    """
    return "".join(letter if letter.isprintable() else "�" for letter in text[:NAME_LENGTH])


def refused(zh: str, en: str) -> QueryError:
    """Return the error of a filter that cannot be taken.

    Examples
    --------
    >>> refused("太长。", "Too long.").message("en")
    'filter: Too long.'
    """
    return QueryError(zh=f"filter：{zh}", en=f"filter: {en}")


def not_grammatical(position: int | None = None) -> QueryError:
    """Return the error of a filter that is no CQL2, with the character (from 1) if known.

    Examples
    --------
    >>> not_grammatical(7).message("en")
    'filter: This is not CQL2, from character 7 on.'
    """
    if position is None:
        return refused(*TEXT.words("this_is_not_cql2"))
    return refused(*TEXT.words("not_cql2_from_character", position=position))


def too_deep(limit: int) -> QueryError:
    """Return the error of a filter with too many levels within one another."""
    return refused(*TEXT.words("too_many_levels", limit=limit))
