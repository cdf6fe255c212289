"""The one way of a file into the store: read, headers, columns, cells, matches, checks, report.

A :class:`ImportTable` declares what is its own; :func:`parse` takes any file of any table through
the same steps, and gathers what is wrong with it in one :class:`Draft`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.core.errors import EmptyFileError, InputError, Place
from geo.core.messages import CellWarning, Message, Note
from geo.core.schema import Column
from geo.core.vocabulary import Quality
from geo.intake.formats.parts import Feature, Part, Sheet
from geo.intake.headers.layout import HeaderLayout, lay_out
from geo.intake.import_report import ErrorList, ErrorsByRow, ImportReport, LeftOutRow, Quarantined
from geo.intake.progress import Progress, silent
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Book, read_file
from geo.intake.sentences import message
from geo.intake.table_reader import Record, TableReader, require_rows

_TOO_MANY: Final = message("ledger.too_many_faults")

T = TypeVar("T")
D = TypeVar("D", bound="Draft")
Chosen = TypeVar("Chosen")


@dataclass(frozen=True)
class SheetColumns:
    """The columns that a sheet of a table may have.

    Attributes
    ----------
    known : tuple of Column
        What to look for.
    may_lack : frozenset of str
        Required columns that a file may lack altogether.
    optional : frozenset of str
        Required columns whose cells may be empty all the same: they are filled in.
    raw : frozenset of str
        SheetColumns whose cells the table reads itself, to match or convert them.
    """

    known: tuple[Column, ...]
    may_lack: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    raw: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReadRow:
    """One row as read: its reader, its values, and its geometry where the table has one."""

    reader: TableReader
    record: Record
    shape: BaseGeometry | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Its values by column."""
        return self.record.values

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.reader.place(self.record.number)


@dataclass(frozen=True)
class Imported(Generic[T]):
    """What a file gives: clean rows, how many they are, and the report on all rows."""

    data: T
    report: ImportReport
    count: int = 0


@dataclass
class Draft:
    """A file while it is being read: what is wrong with it, was done to it and left out."""

    file: str
    errors: ErrorList = field(default_factory=ErrorList)
    warnings: list[CellWarning] = field(default_factory=list)
    left_out: list[LeftOutRow] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    readers: list[TableReader] = field(default_factory=list)
    rows: list[ReadRow] = field(default_factory=list)
    frames: list[gpd.GeoDataFrame] = field(default_factory=list)
    progress: Progress = silent

    def note(self, sentence: Message, place: Place, **values: object) -> None:
        """Keep what a sentence says of a place."""
        self.warnings.append(CellWarning(place, sentence.note(**values)))

    def note_all(self, place: Place, notes: Iterable[Note]) -> None:
        """Keep notes on one place."""
        self.warnings += [CellWarning(place, note) for note in notes]

    def leave_out(self, place: Place, sentence: Message, **values: object) -> None:
        """Keep why a sheet, layer or row is no data."""
        self.left_out.append(LeftOutRow(place, sentence.note(**values)))

    def keep_layout(self, layout: HeaderLayout, *, notes: bool = True) -> None:
        """Keep what was found on laying out a sheet; it must have a row of data."""
        place = layout.sheet.place
        if notes:
            self.note_all(place(), layout.notes)
        self.warnings += [CellWarning(place(one.first), one.note) for one in layout.filled]
        self.left_out += [LeftOutRow(place(left.row), left.reason) for left in layout.left_out]

    def reader(
        self, layout: HeaderLayout, columns: SheetColumns, reference: ReferenceData, **options: Any
    ) -> TableReader:
        """Return what reads a sheet, its headings mapped to columns; errors come here."""
        return TableReader(
            layout.sheet,
            columns.known,
            self.errors,
            may_lack=columns.may_lack,
            synonyms=reference.synonyms,
            forgiving=options.pop("forgiving", True),
            optional=columns.optional,
            raw=columns.raw,
            warnings=self.warnings,
            **{"units": layout.units, **options},
        )

    def sort_errors(self) -> None:
        """Put the errors in reading order: some are found when all rows are there."""
        order = {reader.sheet.name: number for number, reader in enumerate(self.readers)}
        columns = {
            (reader.sheet.name, text): position
            for reader in self.readers
            for text, position in reader.positions_by_heading.items()
        }

        def key(at: Place) -> tuple[int, ...]:
            position = columns.get((at.sheet, at.column or ""), -1)
            return order.get(at.sheet, 0), at.row or 0, position

        self.errors.sort(key)

    def parted(self) -> tuple[list[ReadRow], list[Quarantined]]:
        """Return the rows without an error, and those that are held back."""
        by_row = ErrorsByRow.of(self.errors.kept)
        clean = [row for row in self.rows if not by_row.at(row.place)]
        held = {row.place: row for row in self.rows if by_row.at(row.place)}
        return clean, [
            Quarantined(
                place,
                row.reader.cells_by_heading(row.record),
                by_row.at(place),
                row.reader.positions_by_heading,
            )
            for place, row in held.items()
        ]

    def report(
        self, taken: Iterable[Place], quarantined: Iterable[Quarantined] = ()
    ) -> ImportReport:
        """Return the report on the file: every row of it in just one list."""
        columns: dict[str | None, dict[str, int]] = {}
        for reader in self.readers:
            columns.setdefault(reader.sheet.name, {}).update(reader.positions_by_word)
        return ImportReport(
            self.file,
            taken=tuple(taken),
            quarantined=tuple(quarantined),
            left_out=tuple(self.left_out),
            warnings=tuple(self.warnings),
            ignored_headings=tuple(dict.fromkeys(self.ignored)),
            columns=columns,
        )


@dataclass(frozen=True)
class ImportTable(Generic[T, D, Chosen]):
    """One kind of table that an office sends: what it takes, and its own steps.

    Attributes
    ----------
    name : str
        Of the table in the history of imports.
    suffixes : tuple of str
        Of the files that it takes.
    draft : type of Draft
        What gathers its rows.
    choose : callable
        Which sheets or layers of a file are of it; the others are left out with a reason.
    read : callable
        Reads one of them: headers, columns, cells and matches.
    check : callable
        Checks rows against each other and against the reference data.
    finish : callable
        Returns clean rows as frames, and the report.
    ask : callable
        Adds questions about clean rows to what :attr:`finish` returned.
    open : callable
        Reads the file in a process of its own.
    quality : Quality
        How good its figures or outlines are held to be.
    most_faults : bool
        Whether a file with more errors than are kept one by one is refused.
    """

    name: str
    suffixes: tuple[str, ...]
    draft: Callable[..., D]
    choose: Callable[[Book, D, ReferenceData], Iterable[Chosen]]
    read: Callable[[Chosen, D, ReferenceData], None]
    check: Callable[[D, ReferenceData], None]
    finish: Callable[[D, ReferenceData], Imported[T]]
    ask: Callable[[Imported[T], ReferenceData, Progress], Imported[T]] | None = None
    open: Callable[[Path, ReferenceData], Book] | None = None
    quality: Quality = Quality.REPORTED
    bounded: bool = False

    def open_file(self, path: Path, reference: ReferenceData) -> Book:
        """Return a file as read in a process of its own.

        Raises
        ------
        InputError
            It is no file of the table, or exceeds a bound.
        """
        if self.open is not None:
            return self.open(path, reference)
        return read_file(path, takes=self.suffixes)


def parse(
    table: ImportTable[T, D, Chosen],
    book: Book,
    reference: ReferenceData,
    progress: Progress = silent,
) -> Imported[T]:
    """Take a file as it comes: clean rows are taken, others held back with the reason.

    Parameters
    ----------
    table : ImportTable
        Of the file.
    book : Book
        As :meth:`ImportTable.open_file` returns it.
    reference : ReferenceData
        What it is read against.
    progress : Progress
        Called for each chunk of rows, and of what follows.

    Raises
    ------
    InputError
        Nothing of it can be read: no sheet or layer is of the table, a required column is
        missing, or there are more errors than anybody would mend one by one.
    """
    draft = _read(table, book, reference, progress)
    if table.bounded and draft.errors.too_many:
        place = Place(file=book.file)
        raise _TOO_MANY.error(InputError, place=place, count=len(draft.errors.kept))
    found = table.finish(draft, reference)
    return found if table.ask is None else table.ask(found, reference, progress)


def parse_clean(table: ImportTable[T, D, Chosen], book: Book, reference: ReferenceData) -> T:
    """Take a file of which every row must be clean.

    Raises
    ------
    InputError
        Of the class of the first error in reading order, which its message names
        with file, sheet, row and column, and how many more there are;
        :func:`geo.core.errors.faults_of` returns them one by one.
    """
    draft = _read(table, book, reference, silent)
    draft.errors.raise_if_any()
    return table.finish(draft, reference).data


def _read(
    table: ImportTable[T, D, Chosen], book: Book, reference: ReferenceData, progress: Progress
) -> D:
    draft = table.draft(book.file, progress=progress)
    for chosen in table.choose(book, draft, reference):
        table.read(chosen, draft, reference)
    table.check(draft, reference)
    return draft


def laid_out(
    part: Part, sheet: Sheet, columns: SheetColumns, reference: ReferenceData
) -> HeaderLayout:
    """Return a sheet with its headings found; a layer has them where they belong."""
    if part.features is not None:
        return HeaderLayout(sheet)
    return lay_out(sheet, columns.known, merged=part.merged, synonyms=reference.synonyms)


def read_sheet(
    part: Part, sheet: Sheet, columns: SheetColumns, draft: Draft, reference: ReferenceData
) -> TableReader:
    """Return what reads a sheet, its headings found and mapped; what was done is kept.

    Raises
    ------
    InputError
        It has no row of data, or lacks a column.
    """
    layout = laid_out(part, sheet, columns, reference)
    draft.keep_layout(layout)
    require_rows(layout.sheet)
    reader = draft.reader(layout, columns, reference)
    draft.readers.append(reader)
    return reader


def has_geometry(feature: Feature, ending: str) -> bool:
    """Return whether a feature's geometry is of a kind, simple or multiple."""
    kind = (feature.geometry or {}).get("type")
    return isinstance(kind, str) and kind.endswith(ending)


def choose_layers(
    book: Book, draft: Draft, ending: str, *, none: Message, left: Message
) -> Sequence[Part]:
    """Return the layers that have a kind of geometry; the others are left out.

    Raises
    ------
    EmptyFileError
        There is none; ``none`` says so.
    """
    found = [
        part for part in book.parts if any(has_geometry(f, ending) for f in part.features or ())
    ]
    if not found:
        names = tuple(part.name or "—" for part in book.parts)
        raise none.error(EmptyFileError, place=Place(file=book.file), names=names)
    for part in book.parts:
        place = Place(file=book.file, sheet=part.name)
        if not any(part is one for one in found):
            draft.leave_out(place, left, name=part.name or "—")
        draft.note_all(place, part.notes)
    return found


def places_of(file: str, frame: pd.DataFrame) -> Iterable[Place]:
    """Return the places of the features that rows come from."""
    for sheet, row in zip(frame["source_sheet"], frame["source_row"], strict=True):
        yield Place(file=file, sheet=None if pd.isna(sheet) else str(sheet), row=int(row))


def provenance(sheet: Sheet, record: Record) -> dict[str, Any]:
    """Return the columns that say where a row came from."""
    return {
        "source_file": sheet.file,
        "source_sheet": sheet.name,
        "source_row": record.number,
    }


def with_more(found: Imported[T], warnings: Iterable[CellWarning]) -> Imported[T]:
    """Return what a file gave, with more notes in its report."""
    report = replace(found.report, warnings=(*found.report.warnings, *warnings))
    return replace(found, report=report)
