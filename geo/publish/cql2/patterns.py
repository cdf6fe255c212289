"""Texts: LIKE, CASEI and ACCENTI."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from geo.core.sentences import Sentences
from geo.publish.cql2.cells import Cells, CellTable, Truth
from geo.publish.cql2.faults import refused
from geo.publish.cql2.operands import Operand, Predicate, of_literal, require

TEXT: Final = Sentences("geo.publish")

_WILDCARD_LIMIT: Final = 64


def pattern_of(like: str) -> re.Pattern[str]:
    r"""Return a LIKE pattern as a regular expression that matches whole texts.

    ``%`` stands for any characters, ``_`` for one, a backslash before either for itself.
    What stands between two ``%`` is taken where it first occurs and never
    sought again (an atomic group), so that no pattern takes more than length times length.

    Raises
    ------
    QueryError
        More than 64 of ``%``.

    Examples
    --------
    >>> [bool(pattern_of("科%馆_").fullmatch(text)) for text in ("科技馆一", "科技馆")]
    [True, False]
    >>> bool(pattern_of(r"100\%").fullmatch("100%"))
    True
    """
    stretches = [""]
    for escaped, letter in re.findall(r"(\\?)(.)", like, re.DOTALL):
        if not escaped and letter == "%":
            stretches.append("")
        elif not escaped and letter == "_":
            stretches[-1] += "."
        else:
            stretches[-1] += re.escape(letter)
    if len(stretches) > _WILDCARD_LIMIT + 1:
        raise refused(*TEXT.words("too_many_wildcards", wildcard_limit=_WILDCARD_LIMIT))
    first, *others = stretches
    if not others:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{each})" for each in others[:-1] if each)
    return re.compile(f"{first}{middle}.*{others[-1]}", re.DOTALL)


def like(operand: Operand, pattern: Operand) -> Predicate:
    """Return the predicate of LIKE.

    Raises
    ------
    QueryError
        The operand is no text, or the pattern no literal.
    """
    require(operand, "text")
    if pattern.kind != "text" or not isinstance(pattern.literal, str):
        raise refused(*TEXT.words("like_takes_quoted_text"))
    matches = pattern_of(pattern.literal).fullmatch

    def judge(rows: CellTable) -> Truth:
        cells = operand.read(rows)
        return Truth.of(
            _each(lambda text: matches(text) is not None, cells.values, bool), cells.unknown
        )

    return judge


def without_case(text: str) -> str:
    """Return a text as CASEI compares it.

    Examples
    --------
    >>> without_case("STRASSE") == without_case("Straße")
    True
    """
    return unicodedata.normalize("NFC", text.casefold())


def without_accents(text: str) -> str:
    """Return a text as ACCENTI compares it: without combining marks.

    Examples
    --------
    >>> without_accents("débárquér 馆")
    'debarquer 馆'
    """
    letters = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFC", plain)


FOLDINGS: Final[dict[str, Callable[[str], str]]] = {
    "casei": without_case,
    "accenti": without_accents,
}


def folded(operation: str, operand: Operand) -> Operand:
    """Return the operand of CASEI or ACCENTI.

    Raises
    ------
    QueryError
        The operand is no text.
    """
    require(operand, "text")
    fold = FOLDINGS[operation]
    if isinstance(operand.literal, str):
        return of_literal("text", fold(operand.literal))
    key = (operation, operand.key)

    def read(rows: CellTable) -> Cells:
        return rows.kept(key, lambda: _folded(fold, operand.read(rows)))

    return Operand("text", read, name=operand.name, key=key)


def _folded(fold: Callable[[str], str], cells: Cells) -> Cells:
    return Cells(_each(fold, cells.values, object), cells.unknown)


def _each(function: Callable[[str], Any], values: Any, dtype: type) -> Any:
    if not isinstance(values, np.ndarray):
        return np.asarray(function(values), dtype=dtype)
    return np.fromiter(map(function, values), dtype=dtype, count=len(values))
