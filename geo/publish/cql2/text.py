"""CQL2 text to its JSON form, by the ``cql2`` package."""

from __future__ import annotations

import re
from typing import Any, Final

import cql2

from geo.core.errors import QueryError
from geo.core.sentences import Sentences
from geo.publish.cql2.faults import not_grammatical, refused
from geo.publish.cql2.lexer import MARK, Token, tokenize_text

TEXT: Final = Sentences("geo.publish")

_PLACE: Final = re.compile(r"-->\s*(\d+):(\d+)")


def read_text(text: str) -> Any:
    """Return a filter as the plain values of its JSON form.

    Raises
    ------
    QueryError
        It is not CQL2 text, or goes beyond the bounds of :mod:`geo.publish.cql2.lexer`.

    Examples
    --------
    >>> read_text("NOT (a = 2)")
    {'op': 'not', 'args': [{'op': '=', 'args': [{'property': 'a'}, 2.0]}]}
    >>> read_text("a = 2 ^ 3 ^ 2")["args"][1]
    {'op': '^', 'args': [2.0, {'op': '^', 'args': [3.0, 2.0]}]}
    """
    trees: list[Any] = []
    for part in tokenize_text(text):
        trees.append(_whole(_powers(_parsed(part)), trees))
    return trees[-1]


def _parsed(part: Token) -> Any:
    try:
        return cql2.parse_text(part.text).to_json()
    # The package raises its own error, a bare Exception for WKT it cannot read, and, were it
    # ever to panic, a BaseException. All three mean one thing; anything else goes on.
    except BaseException as fault:
        if not is_of_the_parser(fault):
            raise
        raise _refusal(part, fault) from None


def is_of_the_parser(fault: BaseException) -> bool:
    """Tell whether an exception says no more than that the parser gave up.

    Examples
    --------
    >>> is_of_the_parser(Exception("WKT")), is_of_the_parser(MemoryError())
    (True, False)
    """
    own = isinstance(fault, cql2.ParseError) or type(fault) is Exception
    return own or type(fault).__module__ == "pyo3_runtime"


def _refusal(part: Token, fault: BaseException) -> QueryError:
    place = _PLACE.search(str(fault))
    if place is None:
        return refused(*TEXT.words("malformed_wkt_or_function"))
    line, column = int(place[1]), int(place[2])
    lines = part.text.split("\n")
    offset = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
    return not_grammatical(part.source_position(offset))


def _whole(tree: Any, parts: list[Any]) -> Any:
    """Put groupings back where their names stand."""
    if isinstance(tree, list):
        return [_whole(each, parts) for each in tree]
    if not isinstance(tree, dict):
        return tree
    name = tree.get("property")
    if isinstance(name, str) and name.startswith(MARK):
        return parts[int(name[len(MARK) :])]
    return {key: _whole(value, parts) for key, value in tree.items()}


def _powers(tree: Any) -> Any:
    """Let powers associate to the right, as the standard's grammar has them.

    Within one part no grouping is left, so that a power as the base of a power can only
    come of ``a ^ b ^ c``, and a product only of ``-a ^ b``, which means two things.
    """
    if isinstance(tree, list):
        return [_powers(each) for each in tree]
    if not isinstance(tree, dict):
        return tree
    tree = {key: _powers(value) for key, value in tree.items()}
    if tree.get("op") != "^":
        return tree
    base, exponent = tree["args"]
    operation = base.get("op") if isinstance(base, dict) else None
    if operation == "*":
        raise refused(*TEXT.words("power_of_minus_is_ambiguous"))
    if operation != "^":
        return tree
    first, second = base["args"]
    return {"op": "^", "args": [first, _powers({"op": "^", "args": [second, exponent]})]}
