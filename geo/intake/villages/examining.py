"""Villages of a file: the villages as they will stand, and the account of every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS
from geo.core.errors import EmptyFileError, FileTypeError, Place
from geo.core.messages import Noted, message
from geo.core.schema import VILLAGES, conform
from geo.intake.divisions.assigning import TOWNSHIP_NAME
from geo.intake.examined import ByRow, Examination, LeftOutRow, Quarantined
from geo.intake.faults import Faults
from geo.intake.formats.part import Part
from geo.intake.formats.reading import SUFFIXES
from geo.intake.layout.laying_out import Layout, lay_out
from geo.intake.ledger.draft import provenance
from geo.intake.parts import check_parts
from geo.intake.positions.bounds import require_both
from geo.intake.positions.systems import in_degrees
from geo.intake.positions.written import POSITION_COLUMNS, RAW_COLUMNS
from geo.intake.process import Book
from geo.intake.rows import Sheet
from geo.intake.table import NO_ROWS, Record, TableReader, frame_of, require_rows
from geo.intake.villages.matching import with_villages
from geo.intake.villages.placing import Areas, placed, sheet_of_layer
from geo.intake.villages.setting import VillageSetting
from geo.intake.villages.sums import remarks_on

VILLAGE_SUFFIXES: Final = SUFFIXES
_OWN: Final = tuple(column for column in VILLAGES.columns if column.name != "source_id")
_COLUMNS: Final = (*_OWN, *POSITION_COLUMNS, TOWNSHIP_NAME)
_CODES: Final = frozenset({"village_code", "township_code"})
_FILLED_IN: Final = frozenset({"village_code", "township_code", "name_zh", "kind"})
_LEAST: Final = ("village_code", "name_zh")

NO_VILLAGES: Final = message(
    "sheet_without_villages",
    "「{name}」里没有村社区（没有代码也没有名称），未读。",
    "'{name}' has no villages (neither codes nor names) and was not read.",
)
NOWHERE: Final = message(
    "file_without_villages",
    "文件里没有村社区：表头至少要有「村社区代码」或「村社区名称」（现有：{names}）。",
    "The file has no villages: a column of their codes or names must be there (found: {names}).",
)


@dataclass(frozen=True)
class ExaminedVillages:
    """The villages as they will stand, and the account of a file's rows.

    Attributes
    ----------
    villages : geopandas.GeoDataFrame
        All of the district's, by ``village_code``, as :data:`geo.core.schema.VILLAGES` lists
        them: the clean rows, and those known that stay.
    count : int
        How many of them come from the file.
    account : Examination
        Of the rows of the file.
    """

    villages: gpd.GeoDataFrame
    count: int
    account: Examination


@dataclass(frozen=True)
class _Read:
    reader: TableReader
    record: Record
    shape: BaseGeometry | None

    @property
    def place(self) -> Place:
        return self.reader.place(self.record.number)


@dataclass
class _Draft:
    file: str
    faults: Faults = field(default_factory=Faults)
    noted: list[Noted] = field(default_factory=list)
    left_out: list[LeftOutRow] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    rows: list[_Read] = field(default_factory=list)


def examine_villages(book: Book, setting: VillageSetting) -> ExaminedVillages:
    """Read villages as they come: clean rows are taken, others held back with the reason.

    A village is told by its code of twelve digits, its name, or both, matched with those
    known; a position may stand in columns, or be a layer's point or area. A count that is
    missing stays unknown. Villages of the district that the file lacks stay as they
    are, and so do those with a row held back; where the file is the whole list, the former
    are gone.

    Parameters
    ----------
    book : Book
        As :func:`geo.intake.process.read_file` returns it.
    setting : VillageSetting
        What it is read against.

    Raises
    ------
    InputError
        No row can be read: no sheet or layer has villages.
    """
    draft = _Draft(book.file)
    head = Place(file=book.file)
    draft.noted += [Noted(head, remark) for part in book.parts for remark in part.remarks]
    for sheet, part, areas in _tables(book, draft, setting):
        _read(sheet, part, areas, draft, setting)
    return _sorted_out(draft, setting)


def _tables(
    book: Book, draft: _Draft, setting: VillageSetting
) -> Iterator[tuple[Sheet, Part, Areas]]:
    """Return each sheet or layer that has villages, laid out; the others are told."""
    found: list[tuple[Sheet, Part, Areas]] = []
    for part in book.parts:
        areas: Areas = {}
        if part.features is not None:
            features, remarks = in_degrees(part, book.file)
            sheet, dropped, areas = sheet_of_layer(book.file, features, part.name)
            draft.ignored += dropped
            draft.noted += [Noted(sheet.place(), remark) for remark in remarks]
        else:
            sheet = part.sheet(book.file)
        if sheet.rows and not part.hidden:
            found.append((sheet, part, areas))
    if not found:
        raise NO_ROWS.fault(EmptyFileError, place=Place(file=book.file))
    chosen = [one for one in found if _has_villages(one[0], one[1], setting)]
    if not chosen:
        names = tuple(sheet.name or "—" for sheet, _, _ in found)
        raise NOWHERE.fault(FileTypeError, place=Place(file=book.file), names=names)
    for sheet, part, _ in found:
        if not any(part is one for _, one, _ in chosen):
            reason = NO_VILLAGES.remark(name=sheet.name or "—")
            draft.left_out.append(LeftOutRow(sheet.place(), reason))
    yield from chosen


def _laid_out(sheet: Sheet, part: Part, setting: VillageSetting) -> Layout:
    if part.features is not None:
        return Layout(sheet)
    return lay_out(sheet, _COLUMNS, merged=part.merged, synonyms=setting.synonyms)


def _has_villages(sheet: Sheet, part: Part, setting: VillageSetting) -> bool:
    layout = _laid_out(sheet, part, setting)
    if len(layout.sheet.rows) < 2:  # noqa: PLR2004  (the headings, and a row)
        return False
    there = _reader(layout, Faults(), setting).headings.positions
    return any(name in there for name in _LEAST)


def _reader(layout: Layout, faults: Faults, setting: VillageSetting) -> TableReader:
    return TableReader(
        layout.sheet,
        _COLUMNS,
        faults,
        may_lack=_FILLED_IN,
        synonyms=setting.synonyms,
        units=layout.units,
        forgiving=True,
        optional=_FILLED_IN,
        raw=RAW_COLUMNS | _CODES,
    )


def _read(sheet: Sheet, part: Part, areas: Areas, draft: _Draft, setting: VillageSetting) -> None:
    layout = _laid_out(sheet, part, setting)
    place = sheet.place()
    draft.noted += [Noted(place, remark) for remark in layout.remarks]
    draft.noted += [Noted(sheet.place(one.first), one.remark) for one in layout.filled]
    draft.left_out += [LeftOutRow(sheet.place(left.row), left.reason) for left in layout.left_out]
    require_rows(layout.sheet)
    reader = _reader(layout, draft.faults, setting)
    require_both(reader)
    records = with_villages(reader, list(reader.records()), setting)
    for record in records:
        check_parts(record, reader)
    shapes = placed(reader, records, areas, setting)
    draft.rows += [_Read(reader, *pair) for pair in zip(records, shapes, strict=True)]
    draft.noted += reader.noted
    draft.ignored += reader.ignored


def _sorted_out(draft: _Draft, setting: VillageSetting) -> ExaminedVillages:
    by_row = ByRow.of(draft.faults.kept)
    clean = [row for row in draft.rows if not by_row.at(row.place)]
    held = [row for row in draft.rows if by_row.at(row.place)]
    given = _frame(clean)
    after, gone = _after(given, held, setting)
    head = Place(file=draft.file)
    if clean:
        draft.noted += [Noted(head, remark) for remark in remarks_on(after, gone, setting)]
    account = Examination(
        draft.file,
        taken=tuple(row.place for row in clean),
        quarantined=tuple(
            Quarantined(
                row.place,
                row.reader.cells_by_heading(row.record),
                by_row.at(row.place),
                row.reader.positions_by_heading,
            )
            for row in held
        ),
        columns={row.reader.sheet.name: row.reader.positions_by_word for row in draft.rows},
        left_out=tuple(draft.left_out),
        noted=tuple(draft.noted),
        ignored_headings=tuple(dict.fromkeys(draft.ignored)),
    )
    return ExaminedVillages(after, len(clean), account)


def _frame(rows: Sequence[_Read]) -> gpd.GeoDataFrame:
    values = [row.record.values | provenance(row.reader.sheet, row.record) for row in rows]
    shapes = gpd.GeoSeries([row.shape for row in rows], crs=STORAGE_CRS)
    frame = gpd.GeoDataFrame(frame_of(values, VILLAGES), geometry=shapes, crs=STORAGE_CRS)
    return conform(frame, VILLAGES).set_index("village_code")


def _after(
    given: gpd.GeoDataFrame, held: Sequence[_Read], setting: VillageSetting
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return all villages as they will stand, and those known that will be gone."""
    before = setting.placed
    # What a row that lacks a position says of its village does not move it.
    was = before.geometry.reindex(given.index)
    given = given.set_geometry(given.geometry.where(given.geometry.notna(), was))
    mentioned = {row.record.values.get("village_code") for row in held}
    stays = ~before.index.isin(given.index)
    if setting.whole and len(given):
        stays &= before.index.isin(mentioned)
    kept = before[stays]
    gone = before[~stays & ~before.index.isin(given.index)]
    parts = [part for part in (given, kept) if len(part)]
    after = gpd.GeoDataFrame(pd.concat(parts), crs=STORAGE_CRS) if parts else before
    return after.sort_index(), gone
