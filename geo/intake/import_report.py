"""What became of every row of a file, what is wrong with it, and the report to its sender."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from geo.core.errors import InputError, Lang, Place
from geo.core.messages import CellWarning, Note
from geo.core.quarantine import QuarantinedRow, quarantined
from geo.intake.formats.marks import CellMark, workbook_of
from geo.intake.sandbox import MARKABLE, Book, mark_workbook

MAX_ERRORS: Final = 20_000
"""Errors kept one by one; a file with more is refused as a whole."""


@dataclass
class ErrorList:
    """The errors of one file, in the order in which a person reads it.

    Examples
    --------
    >>> from geo.core.errors import BadValueError
    >>> found = ErrorList()
    >>> for row in (3, 7):
    ...     found.add(BadValueError(zh="不是数字。", en="Not a number."), Place(row=row))
    >>> found.raise_if_any()
    Traceback (most recent call last):
    geo.core.errors.BadValueError: 第3行：不是数字。（另有 1 处问题）
    """

    _kept: list[InputError] = field(default_factory=list)
    count: int = 0
    """How many errors there are so far, those included that are not kept."""
    _more: bool = False

    def add(self, error: InputError, place: Place) -> None:
        """Keep an error and where it stands."""
        error.place = place
        self.count += 1
        if len(self._kept) < MAX_ERRORS:
            self._kept.append(error)

    def end_early(self) -> None:
        """Note that the search for errors ended before the end: there may be more."""
        self._more = True

    def sort(self, key: Callable[[Place], tuple[int, ...]]) -> None:
        """Put the errors in the order of their places."""
        self._kept.sort(key=lambda error: key(error.place or Place()))

    @property
    def kept(self) -> tuple[InputError, ...]:
        """The errors so far, each with its place."""
        return tuple(self._kept)

    @property
    def too_many(self) -> bool:
        """Whether there are more errors than are kept one by one."""
        return self.count > len(self._kept) or self._more

    def raise_if_any(self) -> None:
        """Raise the first error, telling how many more there are.

        :func:`geo.core.errors.faults_of` returns them all.

        Raises
        ------
        InputError
            Of the class of the first error.
        """
        if self._kept:
            raise self.error()

    def error(self) -> InputError:
        """Return the first error, telling how many more there are and holding them all."""
        first = shown = self._kept[0]
        more = self.count - 1
        if more:
            least_zh, least_en = ("至少 ", "at least ") if self._more else (" ", "")
            shown = type(first)(
                zh=f"{first.zh}（另有{least_zh}{more} 处问题）",
                en=f"{first.en} ({least_en}{more} more.)",
                place=first.place,
            )
        shown.faults = tuple(self._kept)
        return shown


@dataclass(frozen=True)
class Quarantined:
    """A row that is held back until its sender mends it.

    Attributes
    ----------
    place : Place
        File, sheet and row.
    cells : Mapping[str, str]
        Its cells as the sender wrote them, under the sender's headings.
    errors : tuple of InputError
        Why, each with its place and, where one is known, a proposal.
    positions : Mapping[str, int]
        The sender's headings to the columns that they stand in, from 0.
    facility_id : str or None
        Where the row states it.
    """

    place: Place
    cells: Mapping[str, str]
    errors: tuple[InputError, ...]
    positions: Mapping[str, int] = field(default_factory=dict)
    facility_id: str | None = None

    def as_kept(self) -> QuarantinedRow:
        """Return the row as the store keeps it."""
        return quarantined(self.place, self.cells, self.errors, facility_id=self.facility_id)


@dataclass(frozen=True)
class LeftOutRow:
    """A row or sheet that is no data: a title, a total, a note, a hidden sheet."""

    place: Place
    reason: Note


@dataclass(frozen=True)
class ImportReport:
    """The account of a file: every row of it stands in just one of three lists.

    Attributes
    ----------
    file : str
        Its name as shown.
    taken : tuple of Place
        Rows that are clean.
    quarantined : tuple of Quarantined
        Rows held back.
    left_out : tuple of LeftOutRow
        Rows and sheets that are no data.
    noted : tuple of CellWarning
        What was done to cells that were taken all the same.
    ignored_headings : tuple of str
        Headings that name no column, each once.
    columns : Mapping[str or None, Mapping[str, int]]
        Of each sheet its headings, and our words for them, to where they stand, from 0.
    """

    file: str
    taken: tuple[Place, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    left_out: tuple[LeftOutRow, ...] = ()
    warnings: tuple[CellWarning, ...] = ()
    ignored_headings: tuple[str, ...] = ()
    columns: Mapping[str | None, Mapping[str, int]] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[InputError, ...]:
        """All errors of all rows held back, in reading order."""
        return tuple(error for row in self.quarantined for error in row.errors)


@dataclass
class ErrorsByRow:
    """Errors by the sheet and row that they stand in."""

    errors: dict[tuple[str | None, int | None], list[InputError]] = field(default_factory=dict)

    @classmethod
    def of(cls, errors: Sequence[InputError]) -> ErrorsByRow:
        """Return errors sorted by row."""
        found = cls()
        for error in errors:
            found.errors.setdefault(_row(error.place), []).append(error)
        return found

    def in_sheet(self, sheet: str | None) -> dict[int | None, tuple[InputError, ...]]:
        """Return the errors of a sheet by row."""
        return {row: tuple(found) for (name, row), found in self.errors.items() if name == sheet}

    def at(self, place: Place) -> tuple[InputError, ...]:
        """Return the errors of a row."""
        return tuple(self.errors.get(_row(place), ()))


def _row(place: Place | None) -> tuple[str | None, int | None]:
    return (place.sheet, place.row) if place else (None, None)


MAX_MARKS: Final = 5_000
"""Marks in one report; a file with more is mended in rounds."""


def marks_of(account: ImportReport, lang: Lang = "zh") -> list[CellMark]:
    """Return what to say at which cell: the errors of rows held back, then the notes.

    At most :data:`MAX_MARKS`.
    """
    errors = [
        _of_error(error, row.positions, lang) for row in account.quarantined for error in row.errors
    ]
    notes = [
        _of_warning(warnings, account.columns.get(warnings.place.sheet, {}), lang)
        # What is said of a whole sheet comes first, then row by row.
        for warnings in sorted(account.warnings, key=lambda one: one.place.row or 0)
    ]
    return [*errors, *notes][:MAX_MARKS]


def report_workbook(path: Path, book: Book, account: ImportReport, lang: Lang = "zh") -> bytes:
    """Return a copy of the sender's workbook with the cells to mend marked.

    Of a file that is no .xlsx a new workbook is made, with the same rows.

    Parameters
    ----------
    path : pathlib.Path
        The sender's file.
    book : Book
        As it was read.
    account : ImportReport
        What was found.
    lang : {"zh", "en"}
        Of the comments.

    Raises
    ------
    InputError
        The file can no longer be read.
    """
    marks = marks_of(account, lang)
    if path.suffix.lower() in MARKABLE:
        return mark_workbook(path, marks)
    return workbook_of([part for part in book.parts if part.rows], marks)


def _of_error(error: InputError, positions: Mapping[str, int], lang: Lang) -> CellMark:
    place = error.place
    column = (place.column if place else None) or ""
    return CellMark(
        place.sheet if place else None,
        (place.row if place else None) or 1,
        positions.get(column),
        column,
        error.zh if lang == "zh" else error.en,
        error.proposal.value if error.proposal else "",
        "fault",
    )


def _of_warning(warnings: CellWarning, positions: Mapping[str, int], lang: Lang) -> CellMark:
    column = warnings.place.column or ""
    return CellMark(
        warnings.place.sheet,
        warnings.place.row or 0,
        positions.get(column),
        column,
        warnings.note.zh if lang == "zh" else warnings.note.en,
        "",
        "remark",
    )
