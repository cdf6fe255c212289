"""Arithmetic with unknowns: what has no value (1 / 0, an overflow) is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

import numpy as np

from geo.publish.cql2.cells import Cells, CellTable
from geo.publish.cql2.operands import Operand, of_literal, require

ARITHMETIC: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "div": lambda a, b: np.trunc(np.divide(a, b)),
    "^": np.power,
}
"""``%`` has the sign of its first number and ``div`` cuts towards zero, as in SQL."""


def reckon(operation: str, operands: list[Operand]) -> Operand:
    """Return the operand of a sum, difference, product and so on, from left to right.

    Raises
    ------
    QueryError
        An operand is no number.

    Examples
    --------
    >>> two, zero = of_literal("number", 2.0), of_literal("number", 0.0)
    >>> reckon("^", [two, two]).literal
    4.0
    >>> bool(reckon("/", [two, zero]).read(CellTable({}, None, 0)).unknown)
    True
    """
    return reduce(lambda left, right: _one(operation, left, right), operands)


def _one(operation: str, left: Operand, right: Operand) -> Operand:
    require(left, "number")
    require(right, "number")
    act = ARITHMETIC[operation]

    def read(rows: CellTable) -> Cells:
        a, b = left.read(rows), right.read(rows)
        with np.errstate(all="ignore"):
            values = act(a.values, b.values)
        return Cells(values, a.unknown | b.unknown | ~np.isfinite(values))

    if left.literal is None or right.literal is None:
        return Operand("number", read)
    made = read(CellTable({}, None, 0))
    return Operand("number", read) if made.unknown else of_literal("number", float(made.values))
