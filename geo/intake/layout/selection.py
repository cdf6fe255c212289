"""The rows of a sheet that are data, without a copy of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

import numpy as np

from geo.intake.rows import Raw, Row, is_blank
from geo.intake.spool import BLOCK, Positions, Spool


class Selection(Sequence[Row]):
    """A line of headings, and rows of a sheet below it by their positions.

    Parameters
    ----------
    rows : sequence of Row
        Of the sheet, in memory or on disk.
    positions : numpy.ndarray
        Of the rows that are meant, in order; -1 is the line of headings.
    head : Row
        The headings.
    added : Mapping
        Position of a row to what is put into its blank cells, by column from 0.

    Examples
    --------
    >>> rows = [Row(1, ("台账",)), Row(2, ("名称",)), Row(3, ("甲",)), Row(4, (None, 5))]
    >>> found = Selection(rows, np.array([-1, 2, 3]), Row(2, ("名称", "面积")), {3: {0: "甲"}})
    >>> found[0].cells, [row.cells for row in found[1:]]
    (('名称', '面积'), [('甲',), ('甲', 5)])
    """

    def __init__(
        self,
        rows: Sequence[Row],
        positions: Positions,
        head: Row,
        added: Mapping[int, Mapping[int, Raw]],
    ) -> None:
        self._rows = rows
        self._positions = positions
        self._head = head
        self._added = added

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, position: int) -> Row: ...
    @overload
    def __getitem__(self, position: slice) -> Selection: ...
    def __getitem__(self, position: int | slice) -> Row | Selection:
        if isinstance(position, slice):
            return Selection(self._rows, self._positions[position], self._head, self._added)
        at = int(self._positions[position])
        return self._head if at < 0 else with_cells(self._rows[at], self._added.get(at, {}))

    def __iter__(self) -> Iterator[Row]:
        for first in range(0, len(self), BLOCK):
            block = self._positions[first : first + BLOCK]
            below = block[block >= 0]
            rows = iter(_taken(self._rows, below))
            for at in block.tolist():
                yield self._head if at < 0 else with_cells(next(rows), self._added.get(at, {}))


def _taken(rows: Sequence[Row], positions: Positions) -> Sequence[Row]:
    if isinstance(rows, Spool):
        return rows.take(positions)
    return [rows[at] for at in positions.tolist()]


def with_cells(row: Row, added: Mapping[int, Raw]) -> Row:
    """Return a row with cells put in where it has none.

    Examples
    --------
    >>> with_cells(Row(3, ("甲", None)), {0: "乙", 1: 7}).cells
    ('甲', 7)
    """
    if not added:
        return row
    width = max(len(row.cells), max(added) + 1)
    cells = [*row.cells, *[None] * (width - len(row.cells))]
    return Row(
        row.number,
        tuple(added.get(at) if is_blank(raw) else raw for at, raw in enumerate(cells)),
    )


def selected(
    rows: Sequence[Row],
    positions: Sequence[int],
    head: Row,
    added: Mapping[int, Mapping[int, Raw]],
) -> Selection:
    """Return the headings with rows below them, by their positions in a sheet."""
    return Selection(rows, np.array([-1, *positions], dtype=np.int64), head, added)
