"""A sheet of rows as the columns of a table: every cell read, every error gathered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
from openpyxl.utils import get_column_letter

from geo.core.errors import EmptyFileError, InputError, Place
from geo.core.messages import CellWarning, Note
from geo.core.schema import PANDAS_DTYPES, Column, Table
from geo.intake.cells.cell import read_cell
from geo.intake.cells.values import Reading, Value
from geo.intake.formats.parts import Raw, Row, Sheet, is_blank
from geo.intake.headers.columns import Headings, understand, without_heading
from geo.intake.headers.proposals import HeadingProposal
from geo.intake.headers.synonyms import Synonyms
from geo.intake.import_report import ErrorList
from geo.intake.sentences import message

HEADING_ASKED = message("general.heading_asked")
MUST_BE_FILLED = message("boundaries.cell_empty")


_ROW_LONGER_THAN_HEADINGS = message("general.row_longer_than_headings")
NO_ROWS = message("ledger.file_without_rows")


@dataclass(frozen=True)
class Record:
    """One row as values by column name; a faulty cell and a column not there are None."""

    number: int
    values: dict[str, Value | None]
    faulty: frozenset[str] = frozenset()
    cells: tuple[Raw, ...] = ()


@dataclass
class TableReader:
    """Reads one sheet as one table.

    Attributes
    ----------
    sheet : Sheet
        The rows.
    columns : sequence of Column
        What to look for.
    errors : ErrorList
        Where errors go; shared by the sheets of a file.
    may_lack, synonyms, units, forgiving
        As :func:`geo.intake.headers.columns.understand` takes them.
    optional : frozenset of str
        Required columns whose cells may be empty all the same: the caller fills them.
    raw : frozenset of str
        Columns whose cells the caller reads itself.
    aliases : Mapping[str, str]
        Headings of this sheet to columns that words alone do not tell.
    """

    sheet: Sheet
    columns: Sequence[Column]
    errors: ErrorList
    may_lack: frozenset[str] = frozenset()
    synonyms: Synonyms | None = None
    units: tuple[str, ...] = ()
    forgiving: bool = False
    optional: frozenset[str] = frozenset()
    raw: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    warnings: list[CellWarning] = field(default_factory=list)
    headings: Headings = field(init=False)
    _unheaded: dict[int, None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.headings = understand(
            self.sheet,
            self.columns,
            aliases=self.aliases,
            may_lack=self.may_lack,
            synonyms=self.synonyms,
            units=self.units,
            forgiving=self.forgiving,
        )
        head = self.place(self.sheet.rows[0].number)
        self.warnings += [CellWarning(head, note) for note in self.headings.notes]
        labels = {column.name: column for column in self.columns}
        self.warnings += [
            CellWarning(head, _asked(proposal, labels[proposal.column]))
            for proposal in self.headings.proposals
            if proposal.column in labels
        ]

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headings not used, and columns with content but no heading, by their letter."""
        letters = (f"{get_column_letter(position + 1)}列" for position in self._unheaded)
        return (*self.headings.ignored, *letters)

    def records(self, within: range | None = None) -> Iterator[Record]:
        """Read rows, adding what is wrong to the errors.

        All below the headings, or those at the positions ``within`` of the sheet's rows.
        """
        positions = self.headings.positions
        present = [column for column in self.columns if column.name in positions]
        present.sort(key=lambda column: positions[column.name])
        chosen = within or range(1, len(self.sheet.rows))
        for row in self.sheet.rows[chosen.start : chosen.stop]:
            faulty: set[str] = set()
            values = {c.name: self._read(row, c, faulty) for c in present if c.name not in self.raw}
            self._note_unheaded(row)
            yield Record(row.number, values, frozenset(faulty), row.cells)

    def again(self, position: int) -> Record:
        """Return the row at a position of the sheet's rows with its cells alone."""
        row = self.sheet.rows[position]
        return Record(row.number, {}, cells=row.cells)

    def cell(self, record: Record, column: str) -> Raw:
        """Return a record's cell as the file has it; None where its sheet has no such column."""
        position = self.headings.positions.get(column)
        if position is None or position >= len(record.cells):
            return None
        return record.cells[position]

    def cells_by_heading(self, record: Record) -> dict[str, str]:
        """Return a record's cells as the sender wrote them, under the sender's headings."""
        heads = self.sheet.rows[0].cells
        told: dict[str, str] = {}
        for position, raw in enumerate(record.cells):
            if is_blank(raw):
                continue
            head = heads[position] if position < len(heads) else None
            name = get_column_letter(position + 1) if is_blank(head) else str(head)
            told[name if name not in told else f"{name} {get_column_letter(position + 1)}"] = str(
                raw
            )
        return told

    @property
    def positions_by_heading(self) -> Mapping[str, int]:
        """The headings that were understood to their positions, from 0."""
        texts, positions = self.headings.texts, self.headings.positions
        joined = sorted(other for others in self.headings.joined.values() for other in others)
        return {self._heading(position): position for position in joined} | {
            text: positions[name] for name, text in texts.items()
        }

    @property
    def positions_by_word(self) -> Mapping[str, int]:
        """The headings that were understood, and what we call them, to their positions, from 0."""
        positions = self.headings.positions
        ours = {c.zh: positions[c.name] for c in self.columns if c.name in positions}
        return ours | dict(self.positions_by_heading)

    def note(self, note: Note, row: int, column: str | None = None) -> None:
        """Keep a note on a row or a cell of it."""
        self.warnings.append(CellWarning(self.place(row, column), note))

    def place(self, row: int, column: str | None = None) -> Place:
        """Return the place of a cell, its column by the heading that the file has."""
        return self.sheet.place(row, self.headings.texts.get(column or ""))

    def _read(self, row: Row, column: Column, faulty: set[str]) -> Value | None:
        position = self.headings.positions[column.name]
        others = self.headings.joined.get(column.name)
        if others and column.dtype == "text":
            value = self._joined(row, column, sorted((position, *others)), faulty)
        else:
            value = self._cell(_raw(row, position), row.number, column, position, faulty)
        if column.name in faulty:
            return None
        if value is None and column.required and column.name not in self.optional:
            self.errors.add(MUST_BE_FILLED.error(), self.place(row.number, column.name))
            faulty.add(column.name)
        return value

    def _joined(
        self, row: Row, column: Column, positions: Sequence[int], faulty: set[str]
    ) -> Value | None:
        """Read the cells of several headings as one text: 联系人 and 联系电话."""
        parts = [self._cell(_raw(row, p), row.number, column, p, faulty) for p in positions]
        text = " ".join(str(part).strip() for part in parts if part is not None)
        # Together they may be longer than the column takes.
        return self._cell(text or None, row.number, column, positions[0], faulty)

    def _cell(
        self, raw: Raw, number: int, column: Column, position: int, faulty: set[str]
    ) -> Value | None:
        """Read one cell; what is said of it stands under its own heading."""
        try:
            reading = _in_unit(raw, column, self.headings.factors.get(column.name, 1.0))
        except InputError as error:
            self.errors.add(error, self.sheet.place(number, self._heading(position)))
            faulty.add(column.name)
            return None
        if reading.note is not None:
            place = self.sheet.place(number, self._heading(position))
            self.warnings.append(CellWarning(place, reading.note))
        return reading.value

    def _heading(self, position: int) -> str:
        """Return the heading of a position as messages name it."""
        return " ".join(str(self.sheet.rows[0].cells[position]).split())

    def _note_unheaded(self, row: Row) -> None:
        """Note what stands beyond the last heading, by its column's position."""
        extra = without_heading(self.headings, row.cells)
        if extra and self.sheet.delimited:
            self.errors.add(
                _ROW_LONGER_THAN_HEADINGS.error(count=len(extra)), self.place(row.number)
            )
        self._unheaded.update(dict.fromkeys(extra))


def _raw(row: Row, position: int) -> Raw:
    return row.cells[position] if position < len(row.cells) else None


def _asked(proposal: HeadingProposal, column: Column) -> Note:
    share = f"{proposal.confidence:.0%}"
    return HEADING_ASKED.note(text=proposal.text, zh=column.zh, en=column.en, share=share)


def _in_unit(raw: Raw, column: Column, factor: float) -> Reading:
    """Return a cell's value, converted where its heading gives another unit."""
    if factor == 1:
        return read_cell(raw, column)
    most = None if column.maximum is None else column.maximum / factor
    reading = read_cell(raw, replace(column, dtype="real", maximum=most))
    if not isinstance(reading.value, float):
        return reading
    value = reading.value * factor
    return replace(reading, value=round(value) if column.dtype == "integer" else round(value, 6))


def require_rows(sheet: Sheet) -> None:
    """Raise unless a sheet has headings and at least one row below them.

    Raises
    ------
    EmptyFileError
        Naming the sheet.
    """
    if len(sheet.rows) > 1:
        return
    raise NO_ROWS.error(EmptyFileError, place=sheet.place())


def frame_of(rows: Sequence[Mapping[str, object]], table: Table) -> pd.DataFrame:
    """Return rows as a frame with all columns of a table, of its types; None is unknown.

    Examples
    --------
    >>> from geo.core.schema import DESIGNATIONS
    >>> frame_of([{"facility_id": "P1", "title": "基地"}], DESIGNATIONS).shape
    (1, 13)
    """
    return columns_of(rows, table.columns)


def columns_of(rows: Sequence[Mapping[str, object]], columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows as a frame with some columns, of their types; None is unknown."""
    return pd.DataFrame(
        {
            column.name: pd.Series(
                [row.get(column.name) for row in rows], dtype=PANDAS_DTYPES[column.dtype]
            )
            for column in columns
        }
    )
