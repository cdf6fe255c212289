"""Lists of texts, compared as sets: A_EQUALS, A_CONTAINS, A_CONTAINEDBY, A_OVERLAPS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from geo.publish.cql2.cells import CellTable, Truth
from geo.publish.cql2.operands import Operand, Predicate, require

LIST_RELATIONS: Final[Mapping[str, Callable[[frozenset[str], frozenset[str]], bool]]] = {
    "a_equals": frozenset.__eq__,
    "a_contains": frozenset.issuperset,
    "a_containedby": frozenset.issubset,
    "a_overlaps": lambda a, b: not a.isdisjoint(b),
}


def relate_lists(operation: str, left: Operand, right: Operand) -> Predicate:
    """Return the predicate of a relation between two lists.

    Raises
    ------
    QueryError
        An operand is no list.
    """
    require(left, "list")
    require(right, "list")
    holds = np.frompyfunc(LIST_RELATIONS[operation], 2, 1)

    def judge(rows: CellTable) -> Truth:
        a, b = left.read(rows), right.read(rows)
        return Truth.of(holds(_boxed(a.values), _boxed(b.values)), a.unknown | b.unknown)

    return judge


def _boxed(values: Any) -> Any:
    """Return a set as an array of one, which numpy would otherwise take for a sequence."""
    if isinstance(values, np.ndarray):
        return values
    box = np.empty(1, dtype=object)
    box[0] = values
    return box
