"""CQL2 JSON to plain values: bounded, strict, and without the parser that it does not need."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from geo.core.sentences import Sentences
from geo.publish.cql2.bounds import DEPTH_LIMIT
from geo.publish.cql2.faults import not_grammatical, refused, shown, too_deep

TEXT: Final = Sentences("geo.publish")

_BRACKETS: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_BRACKET_LIMIT: Final = 2 * DEPTH_LIMIT + 12
"""Two for each level of operators, and those of a MultiPolygon's coordinates."""


def read_json(text: str) -> Any:
    """Return a filter's plain values.

    Raises
    ------
    QueryError
        No JSON, a member twice, NaN or Infinity, or too many levels.

    Examples
    --------
    >>> read_json('{"op": "=", "args": [{"property": "a"}, 2]}')
    {'op': '=', 'args': [{'property': 'a'}, 2]}
    >>> read_json('[' * 60 + ']' * 60)
    Traceback (most recent call last):
    geo.core.errors.QueryError: filter：嵌套超过 20 层，请拆开。
    """
    _check_depth(text)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as fault:
        raise not_grammatical(fault.pos + 1) from None


def _check_depth(text: str) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match.group(), 0)
        if depth > _BRACKET_LIMIT:
            raise too_deep(DEPTH_LIMIT)


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) < len(members):
        raise refused(*TEXT.words("json_member_twice"))
    return made


def _no_constant(name: str) -> NoReturn:
    raise refused(*TEXT.words("no_number_of_json", name=shown(name)))
