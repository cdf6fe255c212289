"""Spatial predicates of the standard over shapely's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import shapely

from geo.core.sentences import Sentences
from geo.publish.cql2.cells import CellTable, Truth
from geo.publish.cql2.faults import refused
from geo.publish.cql2.operands import Operand, Predicate, require

TEXT: Final = Sentences("geo.publish")

Relation = Callable[[Any, Any], Any]

SPATIAL: Final[Mapping[str, tuple[Relation, Relation]]] = {
    "s_intersects": (shapely.intersects, shapely.intersects),
    "s_equals": (shapely.equals, shapely.equals),
    "s_disjoint": (shapely.disjoint, shapely.disjoint),
    "s_touches": (shapely.touches, shapely.touches),
    "s_within": (shapely.within, shapely.contains),
    "s_overlaps": (shapely.overlaps, shapely.overlaps),
    "s_crosses": (shapely.crosses, shapely.crosses),
    "s_contains": (shapely.contains, shapely.within),
}
"""Each relation, and what it is with its sides exchanged."""

_TRUE_OF_ITSELF: Final = frozenset({"s_intersects", "s_equals", "s_within", "s_contains"})
"""What each shape is to itself. Rows have one geometry, so that a property beside a property
is this, and GEOS need not be asked (a second for 10,000 polygons)."""


def relate_shapes(operation: str, left: Operand, right: Operand) -> Predicate:
    """Return the predicate of a spatial relation; a place without position is unknown.

    A literal is prepared and stands first, where GEOS makes use of that.

    Raises
    ------
    QueryError
        An operand is no geometry.

    Examples
    --------
    >>> from geo.publish.cql2.operands import of_literal
    >>> area, point = (of_literal("geometry", shapely.from_wkt(text)) for text in
    ...                ("POLYGON((0 0, 1 0, 1 1, 0 0))", "POINT(0 0)"))
    >>> [bool(relate_shapes(name, point, area)(CellTable({}, None, 0)).holds)
    ...  for name in ("s_within", "s_touches")]
    [False, True]
    """
    require(left, "geometry")
    require(right, "geometry")
    if left.literal is None and right.literal is None:
        return _to_itself(operation, left)
    relation, exchanged = SPATIAL[operation]
    if right.literal is not None:
        left, right, relation = right, left, exchanged
    if left.literal is not None:
        shapely.prepare(left.literal)

    def judge(rows: CellTable) -> Truth:
        a, b = left.read(rows), right.read(rows)
        try:
            outcome = relation(a.values, b.values)
        except shapely.GEOSException:
            raise refused(*TEXT.words("these_geometries_cannot_be_related")) from None
        return Truth.of(outcome, a.unknown | b.unknown)

    return judge


def _to_itself(operation: str, operand: Operand) -> Predicate:
    outcome = operation in _TRUE_OF_ITSELF
    return lambda rows: Truth.of(outcome, operand.read(rows).unknown)
