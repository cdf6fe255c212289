"""Villages and communities of an office: where they are, and how many people live there.

A village is reported by its code of twelve digits, its name, or both, matched with those
known; a position may stand in columns, or be a layer's point or area. A count that is
missing stays unknown. Villages of the district that the file lacks stay as they
are, and so do those with a row held back; where the file is the whole list, the former
are gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd

from geo.core.crs import STORAGE_CRS
from geo.core.errors import EmptyFileError, FileTypeError, Place
from geo.core.schema import VILLAGES, conform
from geo.intake.divisions.assignment import TOWNSHIP_NAME
from geo.intake.formats.parts import Part, Sheet
from geo.intake.formats.readers import SUFFIXES
from geo.intake.georeference.bounds import require_both
from geo.intake.georeference.layers import in_degrees
from geo.intake.georeference.positions import POSITION_COLUMNS, RAW_COLUMNS
from geo.intake.headers.layout import HeaderLayout
from geo.intake.pipeline import (
    Draft,
    Imported,
    ImportTable,
    ReadRow,
    SheetColumns,
    laid_out,
    provenance,
)
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Book
from geo.intake.sentences import message
from geo.intake.table_reader import NO_ROWS, frame_of
from geo.intake.tables.population.figures import check_parts
from geo.intake.tables.villages.match import with_villages
from geo.intake.tables.villages.positions import Areas, placed, sheet_of_layer
from geo.intake.tables.villages.totals import notes_on

_FILLED_IN: Final = frozenset({"village_code", "township_code", "name_zh", "kind"})
_OWN: Final = tuple(column for column in VILLAGES.columns if column.name != "source_id")
_COLUMNS: Final = SheetColumns(
    (*_OWN, *POSITION_COLUMNS, TOWNSHIP_NAME),
    may_lack=_FILLED_IN,
    optional=_FILLED_IN,
    raw=RAW_COLUMNS | {"village_code", "township_code"},
)
_LEAST: Final = ("village_code", "name_zh")

_NO_VILLAGES: Final = message("villages.sheet_without_villages")
_NOWHERE: Final = message("villages.file_without_villages")


class _Chosen(NamedTuple):
    """A sheet or layer, its headings found, and the areas of its features."""

    sheet: Sheet
    part: Part
    areas: Areas
    layout: HeaderLayout


def _choose(book: Book, draft: Draft, reference: ReferenceData) -> Sequence[_Chosen]:
    """Return each sheet or layer that has villages, laid out; the others are left out."""
    whole = Place(file=book.file)
    for part in book.parts:
        draft.note_all(whole, part.notes)
    found = list(_tables(book, draft))
    if not found:
        raise NO_ROWS.error(EmptyFileError, place=whole)
    chosen = [
        _Chosen(sheet, part, areas, layout)
        for sheet, part, areas in found
        for layout in [laid_out(part, sheet, _COLUMNS, reference)]
        if _has_villages(layout, reference)
    ]
    if not chosen:
        names = tuple(sheet.name or "—" for sheet, _, _ in found)
        raise _NOWHERE.error(FileTypeError, place=whole, names=names)
    for sheet, part, _ in found:
        if not any(part is one.part for one in chosen):
            draft.leave_out(sheet.place(), _NO_VILLAGES, name=sheet.name or "—")
    return chosen


def _tables(book: Book, draft: Draft) -> Iterator[tuple[Sheet, Part, Areas]]:
    """Give each sheet and layer as rows, hidden and empty ones left out."""
    for part in book.parts:
        areas: Areas = {}
        if part.features is not None:
            features, notes = in_degrees(part, book.file)
            sheet, dropped, areas = sheet_of_layer(book.file, features, part.name)
            draft.ignored += dropped
            draft.note_all(sheet.place(), notes)
        else:
            sheet = part.sheet(book.file)
        if sheet.rows and not part.hidden:
            yield sheet, part, areas


def _has_villages(layout: HeaderLayout, reference: ReferenceData) -> bool:
    if len(layout.sheet.rows) < 2:  # noqa: PLR2004  (the headings, and a row)
        return False
    there = Draft("").reader(layout, _COLUMNS, reference).headings.positions
    return any(name in there for name in _LEAST)


def _read(chosen: _Chosen, draft: Draft, reference: ReferenceData) -> None:
    draft.keep_layout(chosen.layout)
    reader = draft.reader(chosen.layout, _COLUMNS, reference)
    draft.readers.append(reader)
    require_both(reader)
    records = with_villages(reader, list(reader.records()), reference)
    for record in records:
        check_parts(record, reader)
    shapes = placed(reader, records, chosen.areas, reference)
    draft.rows += [ReadRow(reader, *pair) for pair in zip(records, shapes, strict=True)]
    draft.ignored += reader.ignored


def _finish(draft: Draft, reference: ReferenceData) -> Imported[gpd.GeoDataFrame]:
    clean, held = draft.parted()
    mentioned = {row.values.get("village_code") for row in draft.rows}
    after, gone = _after(_frame(clean), mentioned, reference)
    if clean:
        draft.note_all(Place(file=draft.file), notes_on(after, gone, reference))
    return Imported(after, draft.report((row.place for row in clean), held), len(clean))


def _frame(rows: Sequence[ReadRow]) -> gpd.GeoDataFrame:
    values = [row.values | provenance(row.reader.sheet, row.record) for row in rows]
    shapes = gpd.GeoSeries([row.shape for row in rows], crs=STORAGE_CRS)
    frame = gpd.GeoDataFrame(frame_of(values, VILLAGES), geometry=shapes, crs=STORAGE_CRS)
    return conform(frame, VILLAGES).set_index("village_code")


def villages_before(reference: ReferenceData) -> gpd.GeoDataFrame:
    """Return the villages known, with a geometry each, which may be None."""
    villages = reference.known_villages
    if isinstance(villages, gpd.GeoDataFrame):
        return villages
    nowhere = [None] * len(villages)
    return gpd.GeoDataFrame(villages, geometry=nowhere, crs=reference.outlines.crs)


def _after(
    given: gpd.GeoDataFrame, mentioned: set[Any], reference: ReferenceData
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return all villages as they will stand, and those known that will be gone.

    ``mentioned`` are the codes of all rows: a village whose row is held back stays.
    """
    before = villages_before(reference)
    # What a row that lacks a position says of its village does not move it.
    was = before.geometry.reindex(given.index)
    given = given.set_geometry(given.geometry.where(given.geometry.notna(), was))
    stays = ~before.index.isin(given.index)
    if reference.whole and len(given):
        stays &= before.index.isin(mentioned)
    kept = before[stays]
    gone = before[~stays & ~before.index.isin(given.index)]
    parts = [part for part in (given, kept) if len(part)]
    after = gpd.GeoDataFrame(pd.concat(parts), crs=STORAGE_CRS) if parts else before
    return after.sort_index(), gone


def _check(_draft: Draft, _reference: ReferenceData) -> None:
    """Check nothing more: sums are for :func:`_finish`, which knows the rows that are clean."""


VILLAGE_TABLE: Final = ImportTable(
    name="villages",
    suffixes=SUFFIXES,
    draft=Draft,
    choose=_choose,
    read=_read,
    check=_check,
    finish=_finish,
)
