"""Operands of a filter: properties, literals and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from geo.core.sentences import Sentences, Words
from geo.publish.cql2.cells import Cells, CellTable, OperandKind, Truth
from geo.publish.cql2.faults import refused, shown
from geo.publish.cql2.queryable import Queryable, QueryableKind

TEXT: Final = Sentences("geo.publish")

Predicate = Callable[[CellTable], Truth]

KINDS: Final[dict[QueryableKind, OperandKind]] = {
    "text": "text",
    "real": "number",
    "integer": "number",
    "boolean": "boolean",
    "date": "instant",
    "geometry": "geometry",
    "list": "list",
}
_WORDS: Final[dict[OperandKind, tuple[str, str]]] = {
    "text": TEXT.words("text"),
    "number": TEXT.words("number"),
    "boolean": TEXT.words("boolean"),
    "instant": TEXT.words("date"),
    "geometry": TEXT.words("geometry"),
    "list": TEXT.words("list"),
    "interval": TEXT.words("interval"),
}


@dataclass(frozen=True, slots=True)
class Operand:
    """Something with a value in each row.

    Attributes
    ----------
    kind : str
        What its values are.
    read : callable
        Cells for given rows.
    literal : object
        The value itself, where it is the same in all rows; else None.
    name : str
        Of the property, for messages; empty for what is none.
    key : hashable or None
        Under which the rows keep cells made of it.
    """

    kind: OperandKind
    read: Callable[[CellTable], Cells]
    literal: Any = None
    name: str = ""
    key: Hashable = None

    def described(self) -> tuple[str, str]:
        """Return its name and type in Chinese and English."""
        zh, en = _WORDS[self.kind]
        if not self.name:
            return zh, f"a {en}"
        return f"{shown(self.name)}（{zh}）", f"{shown(self.name)} ({en})"


def of_property(queryable: Queryable) -> Operand:
    """Return the operand of a property.

    Examples
    --------
    >>> of_property(Queryable("name", "text", "名称", "Name")).described()
    ('name（文字）', 'name (text)')
    """
    name, kind = queryable.name, KINDS[queryable.kind]
    return Operand(kind, lambda rows: rows.column(name, kind), name=name, key=name)


def of_literal(kind: OperandKind, value: Any) -> Operand:
    """Return the operand of a value that is the same in all rows."""
    cells = Cells(value, np.False_)
    return Operand(kind, lambda _: cells, literal=value)


def of_predicate(predicate: Predicate) -> Operand:
    """Return a predicate as a boolean operand, so that it can be compared."""

    def read(rows: CellTable) -> Cells:
        truth = predicate(rows)
        return Cells(truth.holds, ~(truth.holds | truth.fails))

    return Operand("boolean", read)


def as_predicate(operand: Operand) -> Predicate:
    """Return a boolean operand as a predicate.

    Raises
    ------
    QueryError
        It is not boolean.
    """
    require(operand, "boolean")

    def judge(rows: CellTable) -> Truth:
        cells = operand.read(rows)
        return Truth.of(cells.values, cells.unknown)

    return judge


def require(operand: Operand, *kinds: OperandKind) -> Operand:
    """Return the operand if it is of one of these kinds.

    Raises
    ------
    QueryError
        It is of another kind; the message names both.
    """
    if operand.kind in kinds:
        return operand
    zh, en = operand.described()
    asked_zh = "或".join(_WORDS[kind][0] for kind in kinds)
    asked_en = " or ".join(_WORDS[kind][1] for kind in kinds)
    raise refused(
        *TEXT.words("other_operand_expected", asked=Words(asked_zh, asked_en), what=Words(zh, en))
    )
