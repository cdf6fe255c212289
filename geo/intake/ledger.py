"""The office's ledger: places with their areas, and the plaques on their doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from shapely import Point

from geo.columns import DESIGNATIONS, FACILITIES, conform
from geo.crs import STORAGE_CRS
from geo.errors import DuplicateError
from geo.intake.faults import Faults, shown
from geo.intake.points import point_sheet
from geo.intake.position import (
    LATITUDE,
    LONGITUDE,
    POSITION_WORDS,
    read_position,
    require_both,
)
from geo.intake.process import Book, read_file
from geo.intake.rows import Sheet
from geo.intake.sheets import choose_sheets
from geo.intake.table import Record, TableReader, frame_of, require_rows
from geo.terms import Verification

LEDGER_SHEET: Final = "设施台账"
PLAQUE_SHEET: Final = "挂牌"
LEDGER_SUFFIXES: Final = (".xlsx", ".csv", ".geojson", ".json")
_TOWNSHIP_DIGITS: Final = 9


@dataclass(frozen=True)
class Ledger:
    """A ledger that was read without a fault.

    Attributes
    ----------
    facilities : geopandas.GeoDataFrame
        Indexed by ``facility_id``; the other columns of
        :data:`geo.columns.FACILITIES`; a Point in EPSG:4490 or None.
    designations : pandas.DataFrame
        Numbered from 0; the columns of :data:`geo.columns.DESIGNATIONS`.
    ignored_headings : tuple of str
        Headings of the file that name no column, each once.
    """

    facilities: gpd.GeoDataFrame
    designations: pd.DataFrame
    ignored_headings: tuple[str, ...] = ()


def read_ledger(path: Path, *, name: str | None = None) -> Ledger:
    """Read a ledger: a file without a fault, or one error.

    An Excel workbook has the sheet 「设施台账」 and may have 「挂牌」; others are
    ignored, and a workbook with a single sheet needs no name for it. A CSV file
    (UTF-8) has places only, a GeoJSON file too, as points. The first row holds the
    headings. An empty cell is unknown, which is not zero.

    The columns ``facility_id``, ``name``, ``kind`` and ``status`` must be there
    and filled in. Where the column ``verification`` is missing altogether every
    place is pending, where ``demonstration`` is, none is demonstration data; a
    plaque without that column takes the mark of its place.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    name : str, optional
        What to call it in messages and provenance, if not by the path's own name;
        its suffix says the type then.

    Raises
    ------
    InputError
        Of the class of the first fault in reading order, which its message names
        with file, sheet, row and column, and how many more there are;
        :func:`geo.intake.faults.faults_of` returns them one by one.
    """
    book = read_file(path, takes=LEDGER_SUFFIXES, name=name)
    sheet, plaque_sheet, dropped = _sheets(book)
    require_rows(sheet)
    faults = Faults()
    places = TableReader(
        sheet,
        (*FACILITIES.columns, LONGITUDE, LATITUDE),
        faults,
        aliases=POSITION_WORDS,
        may_lack=frozenset({"verification", "demonstration"}),
    )
    require_both(places)
    rows, points = _read_places(places)
    plaques, ignored = _read_plaques(plaque_sheet, rows, faults)
    faults.raise_if_any()
    designations = conform(frame_of(plaques, DESIGNATIONS), DESIGNATIONS)
    headings = tuple(dict.fromkeys((*places.ignored, *dropped, *ignored)))
    return Ledger(_facilities(rows, points), designations, headings)


def _sheets(book: Book) -> tuple[Sheet, Sheet | None, tuple[str, ...]]:
    """Return the sheet of places, that of plaques, and property names left out."""
    first = book.parts[0]
    if first.features is not None:
        sheet, dropped = point_sheet(book.file, first.features)
        return sheet, None, dropped
    if first.delimited:
        return first.sheet(book.file), None, ()
    sheet, *others = choose_sheets(book, LEDGER_SHEET, (PLAQUE_SHEET,))
    return sheet, others[0] if others else None, ()


def _read_places(reader: TableReader) -> tuple[list[dict[str, Any]], list[Point | None]]:
    rows: list[dict[str, Any]] = []
    points: list[Point | None] = []
    seen: dict[object, int] = {}
    for record in reader.records():
        _check_order(record, reader, "opened_on", "closed_on")
        _check_village(record, reader)
        points.append(read_position(record, reader))
        key = record.values["facility_id"]
        if key is not None and seen.setdefault(key, record.number) != record.number:
            reader.faults.add(_same_id(key, seen[key]), reader.place(record.number, "facility_id"))
        values = {"verification": Verification.PENDING.value, "demonstration": False}
        rows.append(values | record.values | _provenance(reader.sheet, record))
    return rows, points


def _read_plaques(
    sheet: Sheet | None, places: Sequence[dict[str, Any]], faults: Faults
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return the plaques and the headings ignored; a sheet without rows has none."""
    if sheet is None or len(sheet.rows) <= 1:
        return [], ()
    marks = {row["facility_id"]: row["demonstration"] for row in places}
    reader = TableReader(sheet, DESIGNATIONS.columns, faults, may_lack=frozenset({"demonstration"}))
    rows = []
    for record in reader.records():
        _check_order(record, reader, "valid_from", "valid_to")
        key = record.values["facility_id"]
        if key is not None and key not in marks:
            reader.fault(
                f"设施编号「{shown(key)}」不在设施台账中，请改正编号或补上设施。",
                f"Facility id '{shown(key)}' is not in the ledger; mend it or add the place.",
                record.number,
                "facility_id",
            )
        own = {"demonstration": marks.get(key, False)}
        rows.append(own | record.values | _provenance(sheet, record))
    return rows, reader.ignored


def _check_order(record: Record, reader: TableReader, first: str, last: str) -> None:
    start, end = record.values.get(first), record.values.get(last)
    if start is not None and end is not None and end < start:  # type: ignore[operator]
        reader.fault(
            f"{end} 早于起始日期 {start}，请核对两个日期。",
            f"{end} is before the first day {start}; check both.",
            record.number,
            last,
        )


def _check_village(record: Record, reader: TableReader) -> None:
    township, village = record.values.get("township_code"), record.values.get("village_code")
    if township is None or village is None or str(village)[:_TOWNSHIP_DIGITS] == township:
        return
    reader.fault(
        f"村社区代码 {village} 不属于乡镇街道 {township}，请改正其中一个。",
        f"Village {village} is not in township {township}; mend one of the two.",
        record.number,
        "village_code",
    )


def _same_id(key: object, first: int) -> DuplicateError:
    return DuplicateError(
        zh=f"设施编号「{shown(key)}」与第{first}行重复，请改正其中一个。",
        en=f"Facility id '{shown(key)}' stands in row {first} too; mend one of the two.",
    )


def _provenance(sheet: Sheet, record: Record) -> dict[str, Any]:
    return {
        "source_file": sheet.file,
        "source_sheet": sheet.name,
        "source_row": record.number,
    }


def _facilities(rows: Sequence[dict[str, Any]], points: list[Point | None]) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries(points, crs=STORAGE_CRS)
    frame = gpd.GeoDataFrame(frame_of(rows, FACILITIES), geometry=geometry)
    return conform(frame, FACILITIES).set_index(FACILITIES.key)
