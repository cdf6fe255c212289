"""Rows of plaques: each hangs on a place of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from geo.core.errors import BadValueError
from geo.core.messages import Noted, message
from geo.core.schema import DESIGNATIONS, FACILITIES, Column
from geo.intake.divisions.assigning import TOWNSHIP_NAME, match_townships
from geo.intake.examined import LeftOutRow
from geo.intake.formats.part import Part
from geo.intake.headings.folding import folded
from geo.intake.headings.understanding import missing_columns
from geo.intake.layout.laying_out import lay_out
from geo.intake.ledger.draft import Draft, ReadRows, check_order, provenance
from geo.intake.ledger.plaque_places import (
    DIFFERS,
    TOWNSHIP_DIGITS,
    KnownPlace,
    KnownPlaces,
    find_place,
)
from geo.intake.ledger.setting import Setting
from geo.intake.progress import Stage, in_chunks
from geo.intake.rows import Sheet
from geo.intake.table import MUST_BE_FILLED, Record, TableReader

FACILITY_NAME: Final = Column("facility_name", "text", "设施名称", "Facility name")
_COLUMNS: Final = (
    *DESIGNATIONS.columns,
    FACILITY_NAME,
    FACILITIES["township_code"],
    TOWNSHIP_NAME,
)

_BY_NAME: Final = message(
    "plaque_by_name",
    "没有编号的 {count} 块牌，已按「{heading}」一列的设施名称对应到设施。",
    "Plaques without an id were hung on the places named under '{heading}': {count}.",
)


def read_plaques(
    sheet: Sheet, part: Part, draft: Draft, setting: Setting, places: KnownPlaces
) -> None:
    """Add the rows of a sheet of plaques to the draft; one without rows has none."""
    if len(sheet.rows) <= 1:
        return
    reader = _reader(sheet, part, draft, setting)
    by_name = 0
    for chunk in in_chunks(range(1, len(reader.sheet.rows)), Stage.ROWS, draft.progress):
        rows, named = _plaques(reader, chunk, places, setting)
        draft.plaques.append(rows)
        by_name += named
    if by_name:
        remark = _BY_NAME.remark(count=by_name, heading=reader.headings.texts["facility_name"])
        reader.noted.append(Noted(reader.sheet.place(), remark))
    draft.ignored += reader.ignored


def _reader(sheet: Sheet, part: Part, draft: Draft, setting: Setting) -> TableReader:
    synonyms = setting.synonyms
    layout = lay_out(sheet, _COLUMNS, merged=part.merged, synonyms=synonyms)
    draft.left_out += [LeftOutRow(sheet.place(left.row), left.reason) for left in layout.left_out]
    draft.noted += [Noted(sheet.place(one.first), one.remark) for one in layout.filled]
    reader = TableReader(
        layout.sheet,
        _COLUMNS,
        draft.faults,
        may_lack=frozenset({"demonstration", "facility_id"}),
        synonyms=synonyms,
        forgiving=True,
        optional=frozenset({"facility_id"}),
        raw=frozenset({"township_code"}),
        noted=draft.noted,
    )
    if not {"facility_id", "facility_name"} & set(reader.headings.positions):
        proposals = reader.headings.proposals
        raise missing_columns(layout.sheet, [DESIGNATIONS["facility_id"]], proposals)
    return reader


def _plaques(
    reader: TableReader, chunk: range, places: KnownPlaces, setting: Setting
) -> tuple[ReadRows, int]:
    """Return a chunk of rows, and how many of them were hung on a place by its name."""
    records = list(reader.records(chunk))
    townships = _townships(reader, records, setting)
    found, stated_ids, by_name = [], [], 0
    for record, township in zip(records, townships, strict=True):
        check_order(record, reader, "valid_from", "valid_to")
        place = _place(record, reader, places, township)
        key = None if place is None else place.key
        by_name += key is not None and record.values.get("facility_id") is None
        named = record if key is None else _hung(record, key)
        own = {"demonstration": place is not None and place.demonstration}
        values = own | named.values | provenance(reader.sheet, record)
        stated_ids.append(named.values.get("facility_id"))
        found.append(replace(named, values=values))
    columns = (*DESIGNATIONS.columns, FACILITY_NAME)
    return ReadRows.of(reader, chunk, found, columns, stated_ids), by_name


def _hung(record: Record, key: str) -> Record:
    return replace(record, values=record.values | {"facility_id": key})


def _townships(reader: TableReader, records: Sequence[Record], setting: Setting) -> list[str]:
    """Return the township that each row names, empty where it names none that is certain."""
    found = []
    matches = match_townships(reader, records, setting.divisions, setting.district_name)
    for record, match in zip(records, matches, strict=True):
        column = "township_code" if "township_code" in reader.headings.positions else None
        column = "township_name" if record.values.get("township_name") else column
        if match.fault is not None:
            reader.faults.add(match.fault, reader.place(record.number, column))
        elif match.remark is not None and match.code is None:
            reader.note(match.remark, record.number, column)
        found.append((match.code or "")[:TOWNSHIP_DIGITS])
    return found


def _place(
    record: Record, reader: TableReader, places: KnownPlaces, township: str
) -> KnownPlace | None:
    """Return the place that a row names; where that is not certain the row has a fault."""
    stated, name = (record.values.get(column) for column in ("facility_id", "facility_name"))
    if record.faulty & {"facility_id", "facility_name"}:
        return None
    column = "facility_name" if stated is None and name is not None else "facility_id"
    if column not in reader.headings.positions:
        column = "facility_name"
    found: KnownPlace | BadValueError = MUST_BE_FILLED.fault()
    if stated is not None or name is not None:
        key = None if stated is None else str(stated)
        found = find_place(places, key, str(name or ""), township)
    if isinstance(found, KnownPlace):
        _note_other_name(found, record, reader)
        return found
    reader.faults.add(found, reader.place(record.number, column))
    return None


def _note_other_name(place: KnownPlace, record: Record, reader: TableReader) -> None:
    name = record.values.get("facility_name")
    if name is not None and folded(str(name)) != folded(place.name):
        remark = DIFFERS.remark(key=place.key, own=place.name, name=str(name))
        reader.note(remark, record.number, "facility_name")
