"""From a sheet as an office laid it out to one row of headings and rows of data below it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, overload

import numpy as np

from geo.core.errors import FileTypeError
from geo.core.messages import Note
from geo.core.schema import Column
from geo.intake.formats.parts import Raw, Row, Sheet, is_blank
from geo.intake.formats.wire import BLOCK, Positions, Spool
from geo.intake.headers.left_out import LeftOut, kind_above, left_out, part_rows, stated_units
from geo.intake.headers.lexicon import Lexicon, is_silent, lexicon_of, match_heading
from geo.intake.headers.rows import (
    LOOKED_AT,
    Band,
    Merge,
    find_headings,
)
from geo.intake.headers.synonyms import Synonyms
from geo.intake.sentences import message


@dataclass(frozen=True, eq=False, repr=False)
class DataRows(Sequence[Row]):
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
    >>> found = DataRows(rows, np.array([-1, 2, 3]), Row(2, ("名称", "面积")), {3: {0: "甲"}})
    >>> found[0].cells, [row.cells for row in found[1:]]
    (('名称', '面积'), [('甲',), ('甲', 5)])
    """

    _rows: Sequence[Row]
    _positions: Positions
    _head: Row
    _added: Mapping[int, Mapping[int, Raw]]

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, position: int) -> Row: ...
    @overload
    def __getitem__(self, position: slice) -> DataRows: ...
    def __getitem__(self, position: int | slice) -> Row | DataRows:
        if isinstance(position, slice):
            return DataRows(self._rows, self._positions[position], self._head, self._added)
        at = int(self._positions[position])
        return self._head if at < 0 else with_cells(self._rows[at], self._added.get(at, {}))

    def __iter__(self) -> Iterator[Row]:
        for first in range(0, len(self), BLOCK):
            block = self._positions[first : first + BLOCK]
            below = block[block >= 0]
            rows = iter(
                self._rows.take(below)
                if isinstance(self._rows, Spool)
                else [self._rows[at] for at in below.tolist()]
            )
            for at in block.tolist():
                yield self._head if at < 0 else with_cells(next(rows), self._added.get(at, {}))


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


_LEAST_TRANSPOSED: Final = 3
_WIDE: Final = 3
_ADDED_UP: Final = frozenset({"m²", "m", "人"})

_TRANSPOSED: Final = message("layout.sheet_transposed")
_SECOND_TABLE: Final = message("layout.sheet_second_table")
_FILLED: Final = message("layout.merged_filled")
_NOT_FILLED: Final = message("layout.merged_figure")


@dataclass(frozen=True)
class Filled:
    """A cell merged over several rows.

    Attributes
    ----------
    first, last : int
        Numbers of the rows.
    position : int
        Of the column, from 0.
    note : Note
        Whether its value was taken for each of them.
    """

    first: int
    last: int
    position: int
    note: Note


@dataclass(frozen=True)
class HeaderLayout:
    """A sheet taken apart: nothing of it is lost.

    Attributes
    ----------
    sheet : Sheet
        The headings as one row, and the rows of data.
    heading_rows : tuple of int
        Numbers of the rows that the headings were made of.
    title : tuple of str
        What stands above them.
    units : tuple of str
        That a line above the headings states, for
        :func:`geo.intake.headers.columns.understand`.
    left_out : tuple of LeftOut
        Rows that are no data, in their order.
    filled : tuple of Filled
        Cells merged over several rows of data.
    notes : tuple of Note
        On the sheet as a whole.
    """

    sheet: Sheet
    heading_rows: tuple[int, ...] = ()
    title: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    filled: tuple[Filled, ...] = ()
    notes: tuple[Note, ...] = ()


def lay_out(
    sheet: Sheet,
    columns: Sequence[Column],
    *,
    merged: Sequence[Merge] = (),
    synonyms: Synonyms | None = None,
) -> HeaderLayout:
    """Tell a sheet's headings and data from its titles, totals and notes.

    The headings are the row, or up to three rows in levels, of the first thirty
    that have the most columns understood. Where none has two, or a second table
    follows with other headings, the first row holds them and every other is data.

    Parameters
    ----------
    sheet : Sheet
        All its rows that are not blank.
    columns : sequence of Column
        Of the table that it should be.
    merged : sequence of (first row, first column, last row, last column)
        Merged cells, counted from 1.
    synonyms : Synonyms, optional
        Of the office; the built-in ones if not given.

    Raises
    ------
    FileTypeError
        The headings stand in a column, each place in another.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> rows = [Row(1, ("科普设施台账",)), Row(2, ("设施名称", "展厅面积")),
    ...         Row(3, ("科普馆", 120)), Row(4, ("合计", 120)), Row(5, ("注：不含在建",))]
    >>> found = lay_out(Sheet("a.xlsx", "甲", rows), FACILITIES.columns)
    >>> [row.number for row in found.sheet.rows], [left.row for left in found.left_out]
    ([2, 3], [1, 4, 5])
    """
    lexicon = lexicon_of(columns, synonyms=synonyms)
    rows = sheet.rows
    band, rival = find_headings(rows, lexicon, merged)
    if band is None:
        _refuse_transposed(sheet, rows, lexicon)
        return HeaderLayout(sheet, tuple(row.number for row in rows[:1]))
    if rival is not None:
        note = _SECOND_TABLE.note(row=rows[rival.start].number)
        return HeaderLayout(sheet, (rows[0].number,), notes=(note,))
    return _laid_out(
        sheet, rows, band, merged=merged, lexicon=lexicon, columns={c.name: c for c in columns}
    )


def _laid_out(
    sheet: Sheet,
    rows: Sequence[Row],
    band: Band,
    *,
    merged: Sequence[Merge],
    lexicon: Lexicon,
    columns: Mapping[str, Column],
) -> HeaderLayout:
    above, heads = rows[: band.start], rows[band.start : band.end]
    names = {position: name for name, position in band.columns.items()}
    kinds = {position: columns.get(name) for position, name in names.items()}
    added, filled = _fill_down(rows, band.end, merged, kinds)
    silent = frozenset(
        position
        for position, raw in enumerate(band.cells)
        if isinstance(raw, str) and is_silent(raw, lexicon)
    )
    wide = frozenset(merge[0] for merge in merged if merge[3] - merge[1] + 1 >= _WIDE)
    body = (with_cells(row, added.get(at, {})) for at, row in enumerate(rows[band.end :], band.end))
    data, left = part_rows(heads, above, band, body, silent=silent, wide=wide)
    head = Row(heads[-1].number, band.cells)
    positions = np.array([-1, *(band.end + at for at in data)], dtype=np.int64)
    found = DataRows(rows, positions, head, added)
    return HeaderLayout(
        replace(sheet, rows=found),
        heading_rows=tuple(row.number for row in heads),
        title=tuple(str(raw) for row in above for raw in row.cells if not is_blank(raw)),
        units=stated_units(above),
        left_out=(*(left_out(row, kind_above(row)) for row in above), *left),
        filled=_reaching(filled, found[1:]),
    )


def _refuse_transposed(sheet: Sheet, rows: Sequence[Row], lexicon: Lexicon) -> None:
    """Raise where the first or second column has the words of headings, one below the other."""
    for position in range(2):
        cells = [row.cells[position] for row in rows[:LOOKED_AT] if position < len(row.cells)]
        texts: dict[str, str] = {}
        for raw in cells:
            match = match_heading(raw, lexicon) if isinstance(raw, str) else None
            if match is not None and isinstance(raw, str):
                texts.setdefault(match.column, raw)
        if len(texts) >= _LEAST_TRANSPOSED:
            shown = tuple(list(texts.values())[:_LEAST_TRANSPOSED])
            error = _TRANSPOSED.error(FileTypeError, texts=shown)
            error.place = sheet.place()
            raise error


def _fill_down(
    rows: Sequence[Row],
    first: int,
    merged: Sequence[Merge],
    columns: Mapping[int, Column | None],
) -> tuple[dict[int, dict[int, Raw]], list[Filled]]:
    """Return what cells merged over several rows put into the lower ones, and what was done.

    Rows are looked at from the position ``first``, and reported by their position. A figure
    that is added up (an area, a number of residents) stays in its first row.
    """
    tall = sorted(merge for merge in merged if merge[2] > merge[0])
    numbers = [row.number for row in rows] if tall else []
    added: dict[int, dict[int, Raw]] = {}
    filled: list[Filled] = []
    ends: dict[int, int] = {}
    for top, left, bottom, _ in tall:
        start = bisect_left(numbers, top, first)
        # Merged cells never overlap, but a file may say so and make the work endless.
        if start == len(rows) or top <= ends.get(left, 0):
            continue
        ends[left] = bottom
        raw = _cell(rows[start], left - 1) if numbers[start] == top else None
        if is_blank(raw):
            continue
        keeps = _is_added_up(raw, columns.get(left - 1))
        kind = _NOT_FILLED if keeps else _FILLED
        note = kind.note(first=top, last=bottom, text=str(raw))
        filled.append(Filled(top, bottom, left - 1, note))
        if not keeps:
            for index in range(start + 1, bisect_left(numbers, bottom + 1)):
                added.setdefault(index, {})[left - 1] = raw
    return added, filled


def _is_added_up(raw: Raw, column: Column | None) -> bool:
    return not isinstance(raw, str) if column is None else column.unit in _ADDED_UP


def _cell(row: Row, position: int) -> Raw:
    return row.cells[position] if position < len(row.cells) else None


def _reaching(filled: Sequence[Filled], data: Sequence[Row]) -> tuple[Filled, ...]:
    """Return the merged cells that reach a row of data below their first."""
    numbers = [row.number for row in data] if filled else []
    return tuple(
        one
        for one in filled
        if bisect_left(numbers, one.first + 1) < bisect_left(numbers, one.last + 1)
    )
