"""Comparisons: =, <> and order, BETWEEN, IN, IS NULL."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.core.sentences import Sentences, Words
from geo.publish.cql2.cells import CellTable, OperandKind, Truth
from geo.publish.cql2.faults import refused
from geo.publish.cql2.instants import instant
from geo.publish.cql2.operands import Operand, Predicate, of_literal

TEXT: Final = Sentences("geo.publish")

COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SCALARS: Final[frozenset[OperandKind]] = frozenset({"text", "number", "boolean", "instant"})


def compare(operation: str, left: Operand, right: Operand) -> Predicate:
    """Return the predicate of a comparison; where a side is unknown, so is the outcome.

    Texts are ordered by code point. A date is the first moment of its day, UTC.

    Raises
    ------
    QueryError
        The sides are of different kinds; the message names property and type.

    Examples
    --------
    >>> number = of_literal("number", 2.0)
    >>> bool(compare("<=", number, number)(CellTable({}, None, 1)).holds)
    True
    """
    left, right = alike(left, right)
    holds = COMPARISONS[operation]

    def judge(rows: CellTable) -> Truth:
        a, b = left.read(rows), right.read(rows)
        return Truth.of(holds(a.values, b.values), a.unknown | b.unknown)

    return judge


def alike(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """Return both sides as one kind: a text beside a date is read as a date.

    Raises
    ------
    QueryError
        They are of kinds that are not compared, or the text is no ISO date.
    """
    if right.kind == "instant" and left.kind == "text" and isinstance(left.literal, str):
        left = of_literal("instant", instant(left.literal))
    if left.kind == "instant" and right.kind == "text" and isinstance(right.literal, str):
        right = of_literal("instant", instant(right.literal))
    if left.kind != right.kind or left.kind not in _SCALARS:
        (left_zh, left_en), (right_zh, right_en) = left.described(), right.described()
        raise refused(
            *TEXT.words(
                "cannot_be_compared_with",
                left=Words(left_zh, left_en),
                right=Words(right_zh, right_en),
            )
        )
    return left, right


def between(operand: Operand, lower: Operand, upper: Operand) -> Predicate:
    """Return the predicate of BETWEEN, bounds included; also for dates and texts."""
    above, below = compare(">=", operand, lower), compare("<=", operand, upper)
    return lambda rows: above(rows) & below(rows)


def is_in(operand: Operand, choices: Sequence[Operand]) -> Predicate:
    """Return the predicate of IN; values that are literals are looked up together.

    Raises
    ------
    QueryError
        A choice is of another kind than the operand.
    """
    pairs = [alike(operand, choice) for choice in choices]
    literals = [right.literal for _, right in pairs if right.literal is not None]
    tests = [_is_one_of(pairs[0][0], literals)] if len(literals) == len(pairs) else []
    if not tests:
        tests = [compare("=", left, right) for left, right in pairs]
    return lambda rows: reduce(operator.or_, (test(rows) for test in tests))


def _is_one_of(operand: Operand, literals: Sequence[Any]) -> Predicate:
    dtype = object if operand.kind == "text" else None
    wanted = np.array(literals, dtype=dtype)

    def judge(rows: CellTable) -> Truth:
        cells = operand.read(rows)
        values = np.atleast_1d(np.asarray(cells.values, dtype=dtype))
        return Truth.of(pd.Series(values).isin(wanted).to_numpy(), cells.unknown)

    return judge


def is_null(operand: Operand) -> Predicate:
    """Return the predicate of IS NULL, which is never unknown itself."""

    def judge(rows: CellTable) -> Truth:
        return Truth.of(operand.read(rows).unknown, np.False_)

    return judge
