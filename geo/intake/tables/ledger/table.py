"""The office's ledger: facilities with their areas, and the designations that they hold.

A workbook may have several sheets of facilities and of designations, told by their headings
whatever they are called; 「设施台账」 and 「挂牌」 decide by their names. Titles, totals and notes
are left out and reported. An empty cell is unknown, which is not zero. Without a verification
every facility is pending, without the mark of demonstration data none is; a designation
without that column takes its facility's mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely import Point

from geo.core.crs import STORAGE_CRS, measuring_crs_of
from geo.core.errors import EmptyFileError, FileTypeError, InputError, Place
from geo.core.schema import DESIGNATIONS, FACILITIES, conform
from geo.intake.deduplicate.questions import questions
from geo.intake.formats.parts import Part, Sheet, is_blank
from geo.intake.formats.readers import SUFFIXES
from geo.intake.georeference.features import point_sheet
from geo.intake.georeference.layers import in_degrees
from geo.intake.headers.rows import SheetChoice, choose_data_sheets
from geo.intake.import_report import ErrorsByRow, LeftOutRow, Quarantined
from geo.intake.pipeline import Imported, ImportTable, parse_clean, with_more
from geo.intake.progress import Progress, Stage
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Book, read_file
from geo.intake.sentences import message
from geo.intake.table_reader import NO_ROWS, frame_of
from geo.intake.tables.ledger.designations import read_designations
from geo.intake.tables.ledger.facilities import check_ids, read_facilities
from geo.intake.tables.ledger.rows import LedgerDraft, ReadRows

DESIGNATION_SHEET: Final = "挂牌"
_HELD: Final = message("ledger.place_in_quarantine")
_NO_LEDGER: Final = message("ledger.file_without_ledger")

_Chosen = tuple[Sheet, Part, bool]
"""A sheet, the part that it was, and whether it is one of designations."""


@dataclass(frozen=True)
class Ledger:
    """Places and designations without an error.

    Attributes
    ----------
    facilities : geopandas.GeoDataFrame
        Indexed by ``facility_id``; the other columns of
        :data:`geo.core.schema.FACILITIES`; a Point in EPSG:4490 or None.
    designations : pandas.DataFrame
        Numbered from 0; the columns of :data:`geo.core.schema.DESIGNATIONS`.
    has_designations : bool
        Whether the file has a sheet of designations: without one it says nothing of them,
        which is not that there are none.
    ignored_headings : tuple of str
        Headings of the file that name no column, each once.
    """

    facilities: gpd.GeoDataFrame
    designations: pd.DataFrame
    ignored_headings: tuple[str, ...] = ()
    has_designations: bool = True

    @property
    def stated_designations(self) -> pd.DataFrame | None:
        """The designations, None where the file says nothing of them."""
        return self.designations if self.has_designations else None


def read_ledger(
    path: Path, *, name: str | None = None, townships: gpd.GeoDataFrame | None = None
) -> Ledger:
    """Read a ledger of which every row must be clean.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    name : str, optional
        What to call it in messages and provenance, if not by the path's own name;
        its suffix says the type then.
    townships : geopandas.GeoDataFrame, optional
        To hold declared codes and positions against.

    Raises
    ------
    InputError
        As :func:`geo.intake.pipeline.parse_clean`.
    """
    book = read_file(path, takes=LEDGER.suffixes, name=name)
    return parse_clean(LEDGER, book, ReferenceData(townships))


def _choose(book: Book, draft: LedgerDraft, reference: ReferenceData) -> Iterator[_Chosen]:
    """Give the sheets of facilities, then those of designations; the others are left out."""
    whole = Place(file=book.file)
    for part in book.parts:
        draft.note_all(whole, part.notes)
    sheets: dict[int, tuple[Sheet, Part]] = {}
    for part in book.parts:
        if part.features is not None:
            features, notes = in_degrees(part, book.file)
            sheet, dropped = point_sheet(book.file, features, part.name)
            draft.ignored += dropped
            draft.note_all(sheet.place(), notes)
        elif not part.hidden:
            sheet = part.sheet(book.file)
        else:
            continue
        sheets[id(sheet)] = sheet, part
    chosen = _told_apart(book, [sheet for sheet, _ in sheets.values()], reference)
    draft.left_out += [
        LeftOutRow(Place(file=book.file, sheet=left.name or None), left.reason)
        for left in chosen.left_out
    ]
    draft.has_designations = bool(chosen.designations)
    for sheet in (*chosen.ledgers, *chosen.designations):
        yield *sheets[id(sheet)], sheet in chosen.designations


def _told_apart(book: Book, sheets: Sequence[Sheet], reference: ReferenceData) -> SheetChoice:
    """Tell the sheets apart; a file's only table is the ledger, whatever its headings."""
    hidden = [part.name or "" for part in book.parts if part.hidden]
    filled = [sheet for sheet in sheets if sheet.rows]
    if len(filled) == 1 and (filled[0].name or "").strip() != DESIGNATION_SHEET:
        return SheetChoice((filled[0],), (), ())
    if not filled:
        raise NO_ROWS.error(EmptyFileError, place=Place(file=book.file))
    found = choose_data_sheets(sheets, hidden=hidden, synonyms=reference.synonyms)
    if found.ledgers:
        return found
    names = tuple(sheet.name or "—" for sheet in sheets)
    raise _NO_LEDGER.error(FileTypeError, place=Place(file=book.file), names=names)


def _read(chosen: _Chosen, draft: LedgerDraft, reference: ReferenceData) -> None:
    sheet, part, of_designations = chosen
    read = read_designations if of_designations else read_facilities
    read(sheet, part, draft, reference)


def _check(draft: LedgerDraft, _reference: ReferenceData) -> None:
    check_ids(draft)
    draft.sort_errors()


def _finish(draft: LedgerDraft, _reference: ReferenceData) -> Imported[Ledger]:
    """Part clean rows from the others; a designation is held back with its facility."""
    by_row = ErrorsByRow.of(draft.errors.kept)
    places = [_parted(places.rows, by_row) for places in draft.places]
    clean = {key for parted in places for key in parted.values["facility_id"]}
    designations = [
        _parted(rows, by_row, partial(_homeless, rows, clean | draft.stored))
        for rows in draft.designations
    ]
    parts = (*places, *designations)
    points = [
        placed.points[at]
        for placed, parted in zip(draft.places, places, strict=True)
        for at in parted.taken
    ]
    report = draft.report(
        (parted.rows.place(at) for parted in parts for at in parted.taken),
        (_quarantined(parted.rows, at, errors) for parted in parts for at, errors in parted.held),
    )
    ledger = Ledger(
        _facilities([parted.values for parted in places], points),
        _designations([parted.values for parted in designations]),
        report.ignored_headings,
        draft.has_designations,
    )
    return Imported(ledger, report, len(ledger.facilities))


def _ask(found: Imported[Ledger], reference: ReferenceData, progress: Progress) -> Imported[Ledger]:
    """Add what a person is asked about clean rows."""
    townships = reference.townships
    if townships is None or townships.geometry.isna().all():
        return found
    progress(Stage.QUESTIONS, 0, 0)
    facilities, crs = found.data.facilities, measuring_crs_of(townships)
    return with_more(found, questions(facilities, reference.facilities, crs, progress))


@dataclass(frozen=True)
class _Parted:
    """Rows by their position: those taken, with their values, and those held back, and why."""

    rows: ReadRows
    taken: list[int]
    held: list[tuple[int, tuple[InputError, ...]]]
    values: pd.DataFrame


def _parted(
    rows: ReadRows,
    by_row: ErrorsByRow,
    further: Callable[[], Mapping[int, tuple[InputError, ...]]] = dict,
) -> _Parted:
    faulty = by_row.in_sheet(rows.reader.sheet.name)
    errors = {at: faulty[number] for at, number in enumerate(rows.numbers) if number in faulty}
    errors = {**further(), **errors}
    taken = [at for at in range(len(rows.numbers)) if at not in errors]
    return _Parted(rows, taken, sorted(errors.items()), rows.values.iloc[taken])


def _homeless(rows: ReadRows, known: Set[object]) -> dict[int, tuple[InputError, ...]]:
    """Return the errors of designations whose place is not among those known."""
    keys = rows.column("facility_id")
    return {at: (_place_held(rows, at),) for at, key in enumerate(keys) if key not in known}


def _quarantined(rows: ReadRows, at: int, errors: tuple[InputError, ...]) -> Quarantined:
    stated_id = rows.stated_ids[at]
    return Quarantined(
        rows.place(at),
        rows.reader.cells_by_heading(rows.record(at)),
        errors,
        rows.reader.positions_by_heading,
        None if stated_id is None else str(stated_id),
    )


def _place_held(rows: ReadRows, at: int) -> InputError:
    """Return the error of a designation whose place is held back, told as the row names it."""
    reader, record, values = rows.reader, rows.record(at), rows.values.iloc[at]
    names = ("facility_id", "facility_name")
    column = next((name for name in names if not is_blank(reader.cell(record, name))), "")
    told = values[column] if column and pd.notna(values[column]) else values["facility_id"]
    error = _HELD.error(key=str(told))
    error.place = reader.place(record.number, column)
    return error


def _facilities(places: Sequence[pd.DataFrame], points: Sequence[Point | None]) -> gpd.GeoDataFrame:
    rows = pd.concat([frame_of([], FACILITIES), *places], ignore_index=True)
    frame = gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(points, crs=STORAGE_CRS))
    return conform(frame, FACILITIES).set_index(FACILITIES.key)


def _designations(designations: Sequence[pd.DataFrame]) -> pd.DataFrame:
    names = [column.name for column in DESIGNATIONS.columns]
    rows = [part[names] for part in designations]
    together = pd.concat([frame_of([], DESIGNATIONS), *rows], ignore_index=True)
    return conform(together, DESIGNATIONS)


LEDGER: Final = ImportTable(
    name="facilities",
    suffixes=SUFFIXES,
    draft=LedgerDraft,
    choose=_choose,
    read=_read,
    check=_check,
    finish=_finish,
    ask=_ask,
    bounded=True,
)
