"""The office's ledger: places with their areas, and the plaques on their doors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd

from geo.core.crs import measuring_crs_of
from geo.core.errors import EmptyFileError, FileTypeError, InputError, Place
from geo.core.messages import Noted, message
from geo.intake.examined import LeftOutRow
from geo.intake.formats.part import Part
from geo.intake.formats.reading import SUFFIXES
from geo.intake.headings.synonyms import Synonyms
from geo.intake.layout.data_sheets import SheetChoice, choose_data_sheets
from geo.intake.ledger.draft import Draft
from geo.intake.ledger.place_rows import check_ids, read_places
from geo.intake.ledger.plaque_places import known_places
from geo.intake.ledger.plaque_rows import read_plaques
from geo.intake.ledger.setting import Setting
from geo.intake.ledger.sorting import ExaminedLedger, Ledger, sorted_out
from geo.intake.likeness.questions import questions
from geo.intake.points import point_sheet
from geo.intake.positions.systems import in_degrees
from geo.intake.process import Book, read_file
from geo.intake.progress import Progress, Stage, silent
from geo.intake.rows import Sheet
from geo.intake.table import NO_ROWS

LEDGER_SHEET: Final = "设施台账"
PLAQUE_SHEET: Final = "挂牌"
LEDGER_SUFFIXES: Final = SUFFIXES

_NO_LEDGER: Final = message(
    "file_without_ledger",
    "文件里没有像设施台账的工作表（现有：{names}）。"
    "表头至少要有名称和另外两列；或把有数据的那张改名为「设施台账」。",
    "No sheet has the headings of a ledger (found: {names}): a name and two others at least;"
    " or rename the sheet with the data 设施台账.",
)
_TOO_MANY: Final = message(
    "too_many_faults",
    "问题太多（超过 {count} 处），很可能表头或文件不对，请核对后再导入。",
    "There are over {count} faults: the headings or the file are probably not the right ones.",
)


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
        :func:`geo.intake.faults.faults_of` returns them one by one.
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
        As :func:`geo.intake.process.read_file` returns it.
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
