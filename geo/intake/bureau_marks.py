"""What other bureaus say of a place in columns of their own: passed or not, how suitable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from geo.core.errors import InputError, Place
from geo.core.messages import shown
from geo.core.schema import Column
from geo.intake.cells.cell import read_cell
from geo.intake.headings.folding import folded
from geo.intake.rows import Raw

_SUITABLE: Final = frozenset(map(folded, ("适宜性", "适宜性评分", "适宜度", "suitability")))
_MARKS: Final = frozenset(map(folded, ("是否通过", "审查通过", "是否可用", "可用", "passed")))
_COSTS: Final = frozenset(map(folded, ("费用", "费用（万元）", "造价", "投资", "cost")))
_POINTS: Final = 100.0
_SUITABILITY: Final = Column("suitability", "real", "适宜性", "Suitability", minimum=0, maximum=100)
_PASSED: Final = {"通过": True, "合格": True, "不通过": False, "未通过": False, "不合格": False}
_MARK: Final = Column("passed", "boolean", "是否通过", "Passed")
_COST: Final = Column("cost", "real", "费用", "Cost", unit="万元", minimum=0, maximum=1e9)


@dataclass(frozen=True)
class BureauMarks:
    """What is said of one place.

    Attributes
    ----------
    suitability : float or None
        From 0 to 1.
    cost : float or None
        10,000 yuan.
    failed : str or None
        The marks not passed, joined.
    """

    suitability: float | None
    cost: float | None
    failed: str | None


def is_mark(heading: str) -> bool:
    """Return whether a heading is one of those that are read here.

    Examples
    --------
    >>> is_mark("国土空间规划审查"), is_mark("适宜性"), is_mark("备注")
    (True, True, False)
    """
    return _column(folded(heading)) is not None


def read_marks(cells: Iterable[tuple[str, Raw]], place: Callable[[str], Place]) -> BureauMarks:
    """Return what the cells of one place say, by their headings; others are passed over.

    ``适宜性`` is a share or points of 100; any heading that ends in 审查, and 是否通过, is
    a mark of another bureau: an empty one is no judgement, and leaves the place in.

    Parameters
    ----------
    cells : iterable of (str, value)
        Headings and what stands under them.
    place : callable
        Where the cell under a heading stands, for the fault.

    Raises
    ------
    InputError
        A cell is no such value.

    Examples
    --------
    >>> read_marks([("规划审查", "通过"), ("环保审查", "不通过"), ("适宜性", 80)],
    ...            lambda heading: Place(column=heading))
    BureauMarks(suitability=0.8, cost=None, failed='环保审查')
    """
    suitability, cost, failed = None, None, []
    for heading, raw in cells:
        column = _column(folded(heading))
        if column is None:
            continue
        value = _value(heading, raw, column, place)
        if column is _SUITABILITY and isinstance(value, float):
            suitability = value / _POINTS if value > 1 else value
        elif column is _COST and isinstance(value, float):
            cost = value
        elif value is False:
            failed.append(shown(heading))
    return BureauMarks(suitability, cost, "、".join(failed) or None)


def _column(heading: str) -> Column | None:
    if heading in _SUITABLE:
        return _SUITABILITY
    if heading in _COSTS:
        return _COST
    return _MARK if heading in _MARKS or heading.endswith("审查") else None


def _value(heading: str, raw: Raw, column: Column, place: Callable[[str], Place]) -> object:
    told = _PASSED.get(str(raw).strip()) if column is _MARK else None
    if told is not None:
        return told
    try:
        return read_cell(raw, column).value
    except InputError as fault:
        fault.place = place(heading)
        raise
