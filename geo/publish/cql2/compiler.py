"""From the JSON form of a filter to predicates over columns."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from math import isfinite
from typing import Any, Final

import numpy as np
from pyproj import CRS

from geo.core.errors import QueryError
from geo.core.sentences import Sentences, Words
from geo.publish.cql2.arithmetic import ARITHMETIC, reckon
from geo.publish.cql2.bounds import COSTLY_LIMIT, DEPTH_LIMIT
from geo.publish.cql2.cells import Truth
from geo.publish.cql2.comparison import COMPARISONS, between, compare, is_in, is_null
from geo.publish.cql2.faults import refused, shown, too_deep
from geo.publish.cql2.instants import instant
from geo.publish.cql2.lists import LIST_RELATIONS, relate_lists
from geo.publish.cql2.literals import box_of, geometry_of
from geo.publish.cql2.operands import (
    Operand,
    Predicate,
    as_predicate,
    of_literal,
    of_predicate,
    of_property,
    require,
)
from geo.publish.cql2.patterns import FOLDINGS, folded, like
from geo.publish.cql2.queryable import Queryable
from geo.publish.cql2.spatial import SPATIAL, relate_shapes
from geo.publish.cql2.temporal import FIRST, LAST, TEMPORAL, Span, relate_spans, span, span_of

TEXT: Final = Sentences("geo.publish")

_TWO: Final = 2
_THREE: Final = 3
_GEOMETRIES: Final = frozenset(
    [
        "point",
        "linestring",
        "polygon",
        "multipoint",
        "multilinestring",
        "multipolygon",
        "geometrycollection",
    ]
)
"""The parser takes malformed WKT for a function of that name."""


class Compiler:
    """Compiles one filter and notes what it uses.

    Attributes
    ----------
    properties : set of str
        Names of the properties met so far.
    """

    def __init__(self, queryables: Mapping[str, Queryable], crs: CRS | None) -> None:
        self.properties: set[str] = set()
        self._queryables = queryables
        self._crs = crs
        self._costly = 0

    def predicate(self, tree: Any, depth: int = 0) -> Predicate:
        """Return the predicate of a tree.

        Raises
        ------
        QueryError
            The tree is no filter, names what is not queryable, mixes kinds, or goes
            beyond a bound.
        """
        if isinstance(tree, bool):
            truth = Truth.of(tree, np.False_)
            return lambda _: truth
        operation = _operation(tree)
        if operation is None:
            return as_predicate(self.operand(tree, depth))
        return self._operated(operation, _arguments(tree), self._deeper(depth))

    def operand(self, tree: Any, depth: int) -> Operand:
        """Return the operand of a tree: a literal, a property, or what is made of them.

        Raises
        ------
        QueryError
            As :meth:`predicate`.
        """
        operation = _operation(tree)
        if operation is not None and operation in ARITHMETIC:
            return self._reckoned(operation, _arguments(tree), self._deeper(depth))
        if operation is not None and operation in FOLDINGS:
            (inner,) = _count(operation, _arguments(tree), 1)
            made = folded(operation, self.operand(inner, self._deeper(depth)))
            self._note_cost(made.literal is None)
            return made
        if operation is not None:
            return of_predicate(self.predicate(tree, depth))
        if isinstance(tree, dict):
            return self._member(tree)
        return _literal(tree)

    def _operated(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        if operation in {"and", "or"}:
            return self._joined(operation, arguments, depth)
        for names, compile_it in self._kinds():
            if operation in names:
                return compile_it(operation, arguments, depth)
        if operation in ARITHMETIC or operation in FOLDINGS:
            raise refused(*TEXT.words("makes_value_not_condition", operation=operation))
        if operation in _GEOMETRIES:
            raise refused(*TEXT.words("geometry_not_well_known_text"))
        raise refused(*TEXT.words("there_is_no_function", operation=shown(operation)))

    def _kinds(self) -> list[tuple[Any, Callable[[str, list[Any], int], Predicate]]]:
        return [
            (COMPARISONS, self._compared),
            ({"not"}, self._negated),
            ({"isnull"}, self._is_null),
            ({"like"}, self._like),
            ({"between"}, self._between),
            ({"in"}, self._is_in),
            (SPATIAL, self._related_shapes),
            (TEMPORAL, self._related_spans),
            (LIST_RELATIONS, self._related_lists),
        ]

    def _joined(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        if len(arguments) < _TWO:
            raise _wrong_count(operation)
        parts = [self.predicate(each, depth) for each in arguments]
        join = operator.and_ if operation == "and" else operator.or_
        return lambda rows: reduce(join, (part(rows) for part in parts))

    def _negated(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        (inner,) = _count(operation, arguments, 1)
        part = self.predicate(inner, depth)
        return lambda rows: ~part(rows)

    def _compared(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        left, right = self._operands(operation, arguments, _TWO, depth)
        return compare(operation, left, right)

    def _is_null(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        (operand,) = self._operands(operation, arguments, 1, depth)
        return is_null(operand)

    def _like(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        operand, pattern = self._operands(operation, arguments, _TWO, depth)
        self._note_cost()
        return like(operand, pattern)

    def _between(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        operand, lower, upper = self._operands(operation, arguments, _THREE, depth)
        return between(operand, lower, upper)

    def _is_in(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        operand, choices = _count(operation, arguments, _TWO)
        if not isinstance(choices, list) or not choices:
            raise refused(*TEXT.words("in_takes_list_of_values"))
        made = [self.operand(each, depth) for each in choices]
        return is_in(self.operand(operand, depth), made)

    def _related_shapes(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        left, right = self._operands(operation, arguments, _TWO, depth)
        self._note_cost()
        return relate_shapes(operation, left, right)

    def _related_spans(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        left, right = _count(operation, arguments, _TWO)
        return relate_spans(operation, self._span(left, depth), self._span(right, depth))

    def _related_lists(self, operation: str, arguments: list[Any], depth: int) -> Predicate:
        left, right = _count(operation, arguments, _TWO)
        self._note_cost()
        return relate_lists(operation, self._list(left, depth), self._list(right, depth))

    def _reckoned(self, operation: str, arguments: list[Any], depth: int) -> Operand:
        return reckon(operation, self._operands(operation, arguments, _TWO, depth))

    def _operands(
        self, operation: str, arguments: list[Any], count: int, depth: int
    ) -> list[Operand]:
        return [self.operand(each, depth) for each in _count(operation, arguments, count)]

    def _list(self, tree: Any, depth: int) -> Operand:
        if not isinstance(tree, list):
            return self.operand(tree, depth)
        texts = [require(self.operand(each, depth), "text").literal for each in tree]
        if not all(isinstance(text, str) for text in texts):
            raise refused(*TEXT.words("array_holds_quoted_texts"))
        return of_literal("list", frozenset(texts))

    def _span(self, tree: Any, depth: int) -> Span:
        if not isinstance(tree, dict) or set(tree) != {"interval"}:
            return span_of(self._instant(tree, depth))
        ends = tree["interval"]
        if not isinstance(ends, list) or len(ends) != _TWO:
            raise refused(*TEXT.words("interval_has_start_and_end"))
        start, end = (
            of_literal("instant", beyond) if each == ".." else self._instant(each, depth)
            for each, beyond in zip(ends, (FIRST, LAST), strict=True)
        )
        return span(start, end)

    def _instant(self, tree: Any, depth: int) -> Operand:
        if isinstance(tree, str):
            return of_literal("instant", instant(tree))
        return self.operand(tree, depth)

    def _member(self, tree: dict[str, Any]) -> Operand:
        """Return a property, a date or a geometry: an object without an operation."""
        match tree:
            case {"property": str(name), **others} if not others:
                return self._property(name)
            case {"date": text, **others} if not others:
                return of_literal("instant", instant(text, "date"))
            case {"timestamp": text, **others} if not others:
                return of_literal("instant", instant(text, "timestamp"))
            case {"bbox": numbers, **others} if not others:
                return of_literal("geometry", box_of(numbers, self._crs))
            case {"type": _}:
                return of_literal("geometry", geometry_of(tree, self._crs))
        raise refused(*TEXT.words("members_not_cql2"))

    def _property(self, name: str) -> Operand:
        if name not in self._queryables:
            usable = "、".join(self._queryables)
            raise refused(
                *TEXT.words(
                    "is_no_queryable",
                    name=shown(name),
                    usable=Words(usable, ", ".join(self._queryables)),
                )
            )
        self.properties.add(name)
        return of_property(self._queryables[name])

    def _note_cost(self, counts: bool = True) -> None:
        self._costly += counts
        if self._costly > COSTLY_LIMIT:
            raise refused(*TEXT.words("too_many_costly_predicates", costly_limit=COSTLY_LIMIT))

    @staticmethod
    def _deeper(depth: int) -> int:
        if depth > DEPTH_LIMIT:
            raise too_deep(DEPTH_LIMIT)
        return depth + 1


def _operation(tree: Any) -> str | None:
    if not isinstance(tree, dict) or "op" not in tree:
        return None
    if set(tree) != {"op", "args"} or not isinstance(tree["op"], str):
        raise refused(*TEXT.words("op_goes_with_args"))
    return tree["op"].lower()


def _arguments(tree: dict[str, Any]) -> list[Any]:
    arguments = tree["args"]
    if isinstance(arguments, list):
        return arguments
    raise refused(*TEXT.words("args_is_array"))


def _count(operation: str, arguments: list[Any], count: int) -> list[Any]:
    if len(arguments) != count:
        raise _wrong_count(operation)
    return arguments


def _wrong_count(operation: str) -> QueryError:
    return refused(*TEXT.words("wrong_number_of_arguments", operation=operation))


def _literal(value: Any) -> Operand:
    if isinstance(value, bool):
        return of_literal("boolean", np.bool_(value))
    if isinstance(value, str):
        return of_literal("text", value)
    if isinstance(value, int | float):
        return of_literal("number", _finite(value))
    if value is None:
        raise refused(*TEXT.words("null_is_no_value"))
    raise refused(*TEXT.words("array_cannot_stand_here"))


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = np.inf
    if not isfinite(number):
        raise refused(*TEXT.words("number_is_too_large"))
    return number
