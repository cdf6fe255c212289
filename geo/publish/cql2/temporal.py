"""Intervals and the relations between them (OWL-Time, after Allen)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from geo.core.sentences import Sentences
from geo.publish.cql2.cells import CellTable, Truth
from geo.publish.cql2.faults import refused
from geo.publish.cql2.operands import Operand, Predicate, require

TEXT: Final = Sentences("geo.publish")

FIRST: Final = np.datetime64("0000-01-01T00:00:00", "us")
LAST: Final = np.datetime64("9999-12-31T23:59:59", "us") + np.timedelta64(1, "D")
"""Before and after everything: what ``..`` stands for."""


@dataclass(frozen=True, slots=True)
class Span:
    """Start and end of an interval, both included; an instant has both alike."""

    start: Operand
    end: Operand
    is_instant: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of two spans in each row."""

    a: Any
    b: Any
    c: Any
    d: Any


Relation = Callable[[Ends], Any]

FOR_INSTANTS: Final[Mapping[str, Relation]] = {
    "t_after": lambda t: t.a > t.d,
    "t_before": lambda t: t.b < t.c,
    "t_disjoint": lambda t: (t.b < t.c) | (t.a > t.d),
    "t_equals": lambda t: (t.a == t.c) & (t.b == t.d),
    "t_intersects": lambda t: (t.a <= t.d) & (t.b >= t.c),
}
"""``a`` to ``b`` is the first interval, ``c`` to ``d`` the second."""

FOR_INTERVALS: Final[Mapping[str, Relation]] = {
    "t_contains": lambda t: (t.a < t.c) & (t.b > t.d),
    "t_during": lambda t: (t.a > t.c) & (t.b < t.d),
    "t_finishedby": lambda t: (t.a < t.c) & (t.b == t.d),
    "t_finishes": lambda t: (t.a > t.c) & (t.b == t.d),
    "t_meets": lambda t: t.b == t.c,
    "t_metby": lambda t: t.a == t.d,
    "t_overlappedby": lambda t: (t.a > t.c) & (t.a < t.d) & (t.b > t.d),
    "t_overlaps": lambda t: (t.a < t.c) & (t.b > t.c) & (t.b < t.d),
    "t_startedby": lambda t: (t.a == t.c) & (t.b > t.d),
    "t_starts": lambda t: (t.a == t.c) & (t.b < t.d),
}

TEMPORAL: Final = frozenset(FOR_INSTANTS) | frozenset(FOR_INTERVALS)


def span(start: Operand, end: Operand) -> Span:
    """Return an interval.

    Raises
    ------
    QueryError
        An end is no date, or the start lies after the end.
    """
    require(start, "instant")
    require(end, "instant")
    both = (start.literal, end.literal)
    if None not in both and start.literal > end.literal:
        raise refused(*TEXT.words("interval_starts_after_its_end"))
    return Span(start, end, is_instant=False)


def span_of(operand: Operand) -> Span:
    """Return an instant as a span.

    Raises
    ------
    QueryError
        The operand is no date.
    """
    require(operand, "instant")
    return Span(operand, operand, is_instant=True)


def relate_spans(operation: str, left: Span, right: Span) -> Predicate:
    """Return the predicate of a temporal relation; an unknown end makes it unknown.

    Raises
    ------
    QueryError
        The relation is between intervals and one of both is an instant.

    Examples
    --------
    >>> from geo.publish.cql2.operands import of_literal
    >>> def year(n):
    ...     return of_literal("instant", np.datetime64(f"{n}-01-01", "us"))
    >>> meets = relate_spans("t_meets", span(year(2021), year(2022)), span(year(2022), year(2023)))
    >>> bool(meets(CellTable({}, None, 0)).holds)
    True
    """
    relation = FOR_INSTANTS.get(operation) or FOR_INTERVALS[operation]
    if operation in FOR_INTERVALS and (left.is_instant or right.is_instant):
        name = operation.upper()
        raise refused(*TEXT.words("compares_two_intervals", name=name))
    ends = (left.start, left.end, right.start, right.end)

    def judge(rows: CellTable) -> Truth:
        cells = [end.read(rows) for end in ends]
        unknown = cells[0].unknown | cells[1].unknown | cells[2].unknown | cells[3].unknown
        return Truth.of(relation(Ends(*(each.values for each in cells))), unknown)

    return judge
