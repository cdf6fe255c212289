"""The office's ledger: clean rows as frames, and the account of all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely import Point

from geo.columns import DESIGNATIONS, FACILITIES, conform
from geo.crs import STORAGE_CRS, measuring_crs_of
from geo.errors import EmptyFileError, FileTypeError, InputError, Place
from geo.intake.deduplicate.questions import questions
from geo.intake.formats.parts import Part, Sheet, is_blank
from geo.intake.formats.readers import SUFFIXES
from geo.intake.georeference.features import point_sheet
from geo.intake.georeference.layers import in_degrees
from geo.intake.headers.rows import SheetChoice, choose_data_sheets
from geo.intake.headers.synonyms import Synonyms
from geo.intake.import_report import ByRow, Examination, LeftOutRow, Quarantined
from geo.intake.messages import Noted
from geo.intake.progress import Progress, Stage, silent
from geo.intake.sandbox import Book, read_file
from geo.intake.sentences import message
from geo.intake.table_reader import NO_ROWS, frame_of
from geo.intake.tables.ledger.designations import known_places, read_plaques
from geo.intake.tables.ledger.facilities import check_ids, read_places
from geo.intake.tables.ledger.rows import Draft, ReadRows
from geo.intake.tables.ledger.setting import Setting

_PLACE_HELD: Final = message("ledger.place_in_quarantine")


@dataclass(frozen=True)
class Ledger:
    """Places and plaques without a fault.

    Attributes
    ----------
    facilities : geopandas.GeoDataFrame
        Indexed by ``facility_id``; the other columns of
        :data:`geo.columns.FACILITIES`; a Point in EPSG:4490 or None.
    designations : pandas.DataFrame
        Numbered from 0; the columns of :data:`geo.columns.DESIGNATIONS`.
    tells_of_plaques : bool
        Whether the file has a sheet of plaques: without one it says nothing of them,
        which is not that there are none.
    ignored_headings : tuple of str
        Headings of the file that name no column, each once.
    """

    facilities: gpd.GeoDataFrame
    designations: pd.DataFrame
    ignored_headings: tuple[str, ...] = ()
    tells_of_plaques: bool = True

    @property
    def plaques(self) -> pd.DataFrame | None:
        """The plaques, None where the file says nothing of them."""
        return self.designations if self.tells_of_plaques else None


@dataclass(frozen=True)
class ExaminedLedger:
    """A ledger's clean rows, and the account of all of its rows."""

    ledger: Ledger
    account: Examination


def sorted_out(draft: Draft) -> ExaminedLedger:
    """Part clean rows from the others; a plaque is held back with its place."""
    by_row = ByRow.of(draft.faults.kept)
    places = [_parted(places.rows, by_row) for places in draft.places]
    clean = {key for parted in places for key in parted.values["facility_id"]}
    plaques = [
        _parted(rows, by_row, partial(_homeless, rows, clean | draft.stored))
        for rows in draft.plaques
    ]
    parts = (*places, *plaques)
    ignored = tuple(dict.fromkeys(draft.ignored))
    points = [
        placed.points[at]
        for placed, parted in zip(draft.places, places, strict=True)
        for at in parted.taken
    ]
    ledger = Ledger(
        _facilities([parted.values for parted in places], points),
        _designations([parted.values for parted in plaques]),
        ignored,
        draft.tells_of_plaques,
    )
    account = Examination(
        draft.file,
        taken=tuple(parted.rows.place(at) for parted in parts for at in parted.taken),
        quarantined=tuple(
            _quarantined(parted.rows, at, faults) for parted in parts for at, faults in parted.held
        ),
        left_out=tuple(draft.left_out),
        noted=tuple(draft.noted),
        ignored_headings=ignored,
        columns={
            parted.rows.reader.sheet.name: parted.rows.reader.positions_by_word for parted in parts
        },
    )
    return ExaminedLedger(ledger, account)


@dataclass(frozen=True)
class _Parted:
    """Rows by their position: those taken, with their values, and those held back, and why."""

    rows: ReadRows
    taken: list[int]
    held: list[tuple[int, tuple[InputError, ...]]]
    values: pd.DataFrame


def _parted(
    rows: ReadRows,
    by_row: ByRow,
    further: Callable[[], Mapping[int, tuple[InputError, ...]]] = dict,
) -> _Parted:
    faulty = by_row.in_sheet(rows.reader.sheet.name)
    faults = {at: faulty[number] for at, number in enumerate(rows.numbers) if number in faulty}
    faults = {**further(), **faults}
    taken = [at for at in range(len(rows.numbers)) if at not in faults]
    return _Parted(rows, taken, sorted(faults.items()), rows.values.iloc[taken])


def _homeless(rows: ReadRows, known: Set[object]) -> dict[int, tuple[InputError, ...]]:
    """Return the faults of plaques whose place is not among those known."""
    keys = rows.column("facility_id")
    return {at: (_place_held(rows, at),) for at, key in enumerate(keys) if key not in known}


def _quarantined(rows: ReadRows, at: int, faults: tuple[InputError, ...]) -> Quarantined:
    stated_id = rows.stated_ids[at]
    return Quarantined(
        rows.place(at),
        rows.reader.cells_by_heading(rows.record(at)),
        faults,
        rows.reader.positions_by_heading,
        None if stated_id is None else str(stated_id),
    )


def _place_held(rows: ReadRows, at: int) -> InputError:
    """Return the fault of a plaque whose place is held back, told as the row names it."""
    reader, record, values = rows.reader, rows.record(at), rows.values.iloc[at]
    names = ("facility_id", "facility_name")
    column = next((name for name in names if not is_blank(reader.cell(record, name))), "")
    told = values[column] if column and pd.notna(values[column]) else values["facility_id"]
    fault = _PLACE_HELD.fault(key=str(told))
    fault.place = reader.place(record.number, column)
    return fault


def _facilities(places: Sequence[pd.DataFrame], points: Sequence[Point | None]) -> gpd.GeoDataFrame:
    rows = pd.concat([frame_of([], FACILITIES), *places], ignore_index=True)
    frame = gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(points, crs=STORAGE_CRS))
    return conform(frame, FACILITIES).set_index(FACILITIES.key)


def _designations(plaques: Sequence[pd.DataFrame]) -> pd.DataFrame:
    names = [column.name for column in DESIGNATIONS.columns]
    rows = [part[names] for part in plaques]
    together = pd.concat([frame_of([], DESIGNATIONS), *rows], ignore_index=True)
    return conform(together, DESIGNATIONS)


LEDGER_SHEET: Final = "设施台账"
PLAQUE_SHEET: Final = "挂牌"
LEDGER_SUFFIXES: Final = SUFFIXES

_NO_LEDGER: Final = message("ledger.file_without_ledger")
_TOO_MANY: Final = message("ledger.too_many_faults")


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
        Of the class of the first fault in reading order, which its message names
        with file, sheet, row and column, and how many more there are;
        :func:`geo.intake.import_report.faults_of` returns them one by one.
    """
    draft = _read(read_file(path, takes=LEDGER_SUFFIXES, name=name), Setting(townships))
    draft.faults.raise_if_any()
    return sorted_out(draft).ledger


def examine_ledger(book: Book, setting: Setting, progress: Progress = silent) -> ExaminedLedger:
    """Read a ledger as it comes: clean rows are taken, others held back with the reason.

    A workbook may have several sheets of places and of plaques, told by their
    headings whatever they are called; 「设施台账」 and 「挂牌」 decide by their names.
    Titles, totals and notes are left out and told. An empty cell is unknown, which
    is not zero. Without a verification every place is pending, without the mark of
    demonstration data none is; a plaque without that column takes its place's mark.

    Parameters
    ----------
    book : Book
        As :func:`geo.intake.sandbox.read_file` returns it.
    setting : Setting
        What it is read against.
    progress : Progress
        Told of each chunk of rows, and of what follows.

    Raises
    ------
    InputError
        No row can be read: no sheet is a ledger, a required column is missing, or
        there are more faults than anybody would mend one by one.
    """
    draft = _read(book, setting, progress)
    if draft.faults.too_many:
        fault: InputError = _TOO_MANY.fault(InputError, count=len(draft.faults.kept))
        fault.place = Place(file=book.file)
        raise fault
    found = sorted_out(draft)
    if setting.townships is None or setting.townships.geometry.isna().all():
        return found
    progress(Stage.QUESTIONS, 0, 0)
    asked = questions(
        found.ledger.facilities, setting.facilities, measuring_crs_of(setting.townships), progress
    )
    account = replace(found.account, noted=(*found.account.noted, *asked))
    return replace(found, account=account)


def _read(book: Book, setting: Setting, progress: Progress = silent) -> Draft:
    synonyms = setting.synonyms
    draft = Draft(book.file, progress=progress)
    head = Place(file=book.file)
    draft.noted += [Noted(head, remark) for part in book.parts for remark in part.remarks]
    sheets = {id(sheet): (sheet, part) for sheet, part in _tables(book, draft)}
    chosen = _choose(book, [sheet for sheet, _ in sheets.values()], synonyms)
    draft.left_out += [
        LeftOutRow(Place(file=book.file, sheet=left.name or None), left.reason)
        for left in chosen.left_out
    ]
    for sheet in chosen.ledgers:
        read_places(sheet, sheets[id(sheet)][1], draft, setting)
    check_ids(draft)
    draft.tells_of_plaques = bool(chosen.plaques)
    if chosen.plaques:
        places = known_places(draft, setting)
        draft.stored = places.stored
    for sheet in chosen.plaques:
        read_plaques(sheet, sheets[id(sheet)][1], draft, setting, places)
    _sort_faults(draft)
    return draft


def _sort_faults(draft: Draft) -> None:
    """Put the faults in reading order; positions were looked at when all rows were there."""
    sheets = (*(places.rows for places in draft.places), *draft.plaques)
    readers = list({id(rows.reader): rows.reader for rows in sheets}.values())
    order = {reader.sheet.name: number for number, reader in enumerate(readers)}
    columns = {reader.sheet.name: reader.positions_by_heading for reader in readers}

    def key(place: Place) -> tuple[int, ...]:
        position = columns.get(place.sheet, {}).get(place.column or "", -1)
        return order.get(place.sheet, 0), place.row or 0, position

    draft.faults.sort(key)


def _tables(book: Book, draft: Draft) -> Iterator[tuple[Sheet, Part]]:
    """Return each visible part as a sheet of rows."""
    for part in book.parts:
        if part.features is not None:
            features, remarks = in_degrees(part, book.file)
            sheet, dropped = point_sheet(book.file, features, part.name)
            draft.ignored += dropped
            draft.noted += [Noted(sheet.place(), remark) for remark in remarks]
            yield sheet, part
        elif not part.hidden:
            yield part.sheet(book.file), part


def _choose(book: Book, sheets: Sequence[Sheet], synonyms: Synonyms | None) -> SheetChoice:
    """Tell the sheets apart; a file's only table is the ledger, whatever its headings."""
    hidden = [part.name or "" for part in book.parts if part.hidden]
    filled = [sheet for sheet in sheets if sheet.rows]
    if len(filled) == 1 and (filled[0].name or "").strip() != PLAQUE_SHEET:
        return SheetChoice((filled[0],), (), ())
    if not filled:
        raise NO_ROWS.fault(EmptyFileError, place=Place(file=book.file))
    found = choose_data_sheets(sheets, hidden=hidden, synonyms=synonyms)
    if found.ledgers:
        return found
    fault = _NO_LEDGER.fault(FileTypeError, names=tuple(sheet.name or "—" for sheet in sheets))
    fault.place = Place(file=book.file)
    raise fault
