"""What became of one cell: its value, and a remark where more was done than reading it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.core.messages import Remark

Value = str | float | int | bool | date


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell's value, None where it says nothing.

    Attributes
    ----------
    value : str, float, int, bool, datetime.date or None
        In the column's own unit.
    remark : Remark or None
        Where the value is not simply what the cell says: 约200, 0.3亩, 2023年5月.
    """

    value: Value | None
    remark: Remark | None = None
