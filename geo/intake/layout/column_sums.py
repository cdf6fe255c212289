"""The sums of a sheet's columns, to know a row of totals by its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from geo.intake.rows import Raw

_MAX_NUMBER: Final = 30


@dataclass
class ColumnSums:
    """The sums of columns over the data rows, reckoned only when a row may be their total."""

    _whole: dict[int, float] = field(default_factory=dict)
    _part: dict[int, float] = field(default_factory=dict)
    _waiting: list[tuple[Raw, ...]] = field(default_factory=list)
    _rows: int = 0

    def add(self, cells: tuple[Raw, ...]) -> None:
        """Add a row of data."""
        self._waiting.append(cells)

    def equal(self, numbers: Mapping[int, float]) -> bool:
        """Tell whether numbers are the sums of their columns, in all or since the last total."""
        for cells in self._waiting:
            for position, value in numbers_of(cells).items():
                self._whole[position] = self._whole.get(position, 0.0) + value
                self._part[position] = self._part.get(position, 0.0) + value
        self._rows += len(self._waiting)
        self._waiting.clear()
        return self._rows > 1 and any(
            any(sums.get(p) for p in numbers)
            and all(_same(sums.get(p, 0.0), value) for p, value in numbers.items())
            for sums in (self._whole, self._part)
        )

    def begin_part(self) -> None:
        """Begin the sums of a part anew, below a total."""
        self.equal({})
        self._part.clear()


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one))


def numbers_of(cells: Sequence[Raw]) -> dict[int, float]:
    """Return the numbers of a row by position, those written as text too.

    Examples
    --------
    >>> numbers_of(("馆", 120, "30.5", True, None))
    {1: 120.0, 2: 30.5}
    """
    found = {}
    for position, raw in enumerate(cells):
        if isinstance(raw, str):
            text = raw.strip() if len(raw) <= _MAX_NUMBER else ""
            if text.replace(".", "", 1).isdecimal():
                found[position] = float(text)
        elif isinstance(raw, float | int) and not isinstance(raw, bool):
            found[position] = float(raw) if abs(raw) < 1e15 else float("inf")  # noqa: PLR2004
    return found
