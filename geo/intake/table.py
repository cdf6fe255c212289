"""A sheet of rows as the columns of a table: every cell read, every fault gathered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from openpyxl.utils import get_column_letter

from geo.columns import PANDAS_DTYPES, Column, Table
from geo.errors import EmptyFileError, InputError, Place
from geo.intake.faults import Faults, bad_value
from geo.intake.headings import Headings, understand, without_heading
from geo.intake.reading import Value
from geo.intake.rows import Row, Sheet
from geo.intake.values import read_value


@dataclass(frozen=True)
class Record:
    """One row as values by column name; a faulty cell and a column not there are None."""

    number: int
    values: dict[str, Value | None]
    faulty: frozenset[str] = frozenset()


@dataclass
class TableReader:
    """Reads one sheet as one table.

    Attributes
    ----------
    sheet : Sheet
        The rows.
    columns : sequence of Column
        What to look for.
    faults : Faults
        Where faults go; shared by the sheets of a file.
    aliases, may_lack
        As :func:`geo.intake.headings.understand` takes them.
    """

    sheet: Sheet
    columns: Sequence[Column]
    faults: Faults
    aliases: Mapping[str, str] = field(default_factory=dict)
    may_lack: frozenset[str] = frozenset()
    headings: Headings = field(init=False)
    _unheaded: dict[int, None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.headings = understand(
            self.sheet, self.columns, aliases=self.aliases, may_lack=self.may_lack
        )

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headings not used, and columns with content but no heading, by their letter."""
        letters = (f"{get_column_letter(position + 1)}列" for position in self._unheaded)
        return (*self.headings.ignored, *letters)

    def records(self) -> Iterator[Record]:
        """Read every row below the headings, adding what is wrong to the faults."""
        positions = self.headings.positions
        present = [column for column in self.columns if column.name in positions]
        present.sort(key=lambda column: positions[column.name])
        for row in self.sheet.rows[1:]:
            faulty: set[str] = set()
            values = {c.name: self._read(row, c, faulty) for c in present}
            self._note_unheaded(row)
            yield Record(row.number, values, frozenset(faulty))

    def place(self, row: int, column: str | None = None) -> Place:
        """Return the place of a cell, its column by the heading that the file has."""
        return self.sheet.place(row, self.headings.texts.get(column or ""))

    def fault(self, zh: str, en: str, row: int, column: str | None = None) -> None:
        """Add a fault of a value."""
        self.faults.add(bad_value(zh, en), self.place(row, column))

    def _read(self, row: Row, column: Column, faulty: set[str]) -> Value | None:
        position = self.headings.positions[column.name]
        raw = row.cells[position] if position < len(row.cells) else None
        try:
            value = read_value(raw, column)
        except InputError as fault:
            self.faults.add(fault, self.place(row.number, column.name))
            faulty.add(column.name)
            return None
        if value is None and column.required:
            self.fault("这一格必须填写。", "This cell must not be empty.", row.number, column.name)
        return value

    def _note_unheaded(self, row: Row) -> None:
        extra = without_heading(self.headings, row.cells)
        if extra and self.sheet.delimited:
            self.fault(
                f"这一行比表头多出 {len(extra)} 格。含逗号的文字请加英文双引号，或改用 .xlsx。",
                f"The row has {len(extra)} cells more than headings; quote text with commas.",
                row.number,
            )
        self._unheaded.update(dict.fromkeys(extra))


def require_rows(sheet: Sheet) -> None:
    """Raise unless a sheet has headings and at least one row below them.

    Raises
    ------
    EmptyFileError
        Naming the sheet.
    """
    if len(sheet.rows) > 1:
        return
    raise EmptyFileError(
        zh="没有数据：表头下面应至少有一行。",
        en="There are no data: at least one row must follow the headings.",
        place=sheet.place(),
    )


def frame_of(rows: Sequence[Mapping[str, object]], table: Table) -> pd.DataFrame:
    """Return rows as a frame with all columns of a table, of its types; None is unknown.

    Examples
    --------
    >>> from geo.columns import DESIGNATIONS
    >>> frame_of([{"facility_id": "P1", "title": "基地"}], DESIGNATIONS).shape
    (1, 13)
    """
    return pd.DataFrame(
        {
            column.name: pd.Series(
                [row.get(column.name) for row in rows], dtype=PANDAS_DTYPES[column.dtype]
            )
            for column in table.columns
        }
    )
