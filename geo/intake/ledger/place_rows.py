"""Rows of places: what a row does not say is filled in and told, what it contradicts is a fault."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from geo.core.errors import DuplicateError, InputError
from geo.core.messages import Noted, message
from geo.core.schema import FACILITIES
from geo.core.vocabulary import CONVERTED_POSITION, LABELS, Kind, Status, Verification
from geo.intake.cells.cell import read_cell
from geo.intake.divisions.assigning import DIVISION_COLUMNS, with_divisions
from geo.intake.examined import LeftOutRow
from geo.intake.formats.part import Part
from geo.intake.headings.folding import folded
from geo.intake.layout.laying_out import Layout, lay_out
from geo.intake.ledger.draft import Draft, PlaceRows, ReadRows, check_order, provenance
from geo.intake.ledger.setting import Setting
from geo.intake.ledger.village_positions import with_village_positions
from geo.intake.positions.bounds import require_both
from geo.intake.positions.locating import concluded
from geo.intake.positions.written import POSITION_COLUMNS, RAW_COLUMNS, Written
from geo.intake.progress import Stage, in_chunks
from geo.intake.reading import Value
from geo.intake.rows import Sheet
from geo.intake.table import MUST_BE_FILLED, Record, TableReader, require_rows

_COLUMNS: Final = (*FACILITIES.columns, *POSITION_COLUMNS, *DIVISION_COLUMNS)
_MAY_LACK: Final = frozenset({"facility_id", "kind", "status", "verification", "demonstration"})
_FILLED_IN: Final = frozenset({"facility_id", "kind", "status"})
_TOWNSHIP_DIGITS: Final = 9
_ID_DIGITS: Final = 10

_ID_MADE: Final = message(
    "facility_id_made",
    "没有设施编号，已按名称、类型和所在乡镇生成固定编号；同一文件再次导入编号不变。",
    "Facility ids were made from name, kind and township; the same file gives the same ids again.",
)
_KIND_FROM_NAME: Final = message(
    "kind_from_name",
    "没有类型，由名称认作「{kind}」。",
    "No kind is given; by the name it is '{kind_en}'.",
)
_STATUS_TAKEN: Final = message(
    "status_taken",
    "没有状态，按「运行中」登记；若已关闭或在建，请填写。",
    "No status is given: taken as operating; fill it in where a place is closed or being built.",
)
_VILLAGE: Final = message(
    "village_of_other_township",
    "村社区代码 {village} 不属于乡镇街道 {township}，请改正其中一个。",
    "Village {village} is not in township {township}; mend one of the two.",
)
_SAME_ID: Final = message(
    "facility_id_twice",
    "设施编号「{key}」与第{row}行重复，请改正其中一个。",
    "Facility id '{key}' stands in row {row} too; mend one of the two.",
)


def read_places(sheet: Sheet, part: Part, draft: Draft, setting: Setting) -> None:
    """Add the rows of a sheet of places to the draft, with their townships and positions."""
    reader = _reader(sheet, part, draft, setting)
    written = Written(reader)
    below = range(1, len(reader.sheet.rows))
    rows = ReadRows.joined(
        [
            _places(reader, chunk, setting, written)
            for chunk in in_chunks(below, Stage.ROWS, draft.progress)
        ]
    )
    draft.progress(Stage.POSITIONS, 0, 0)
    located = _located(rows, written, draft, setting)
    draft.places.append(with_village_positions(located, draft, setting))
    draft.ignored += reader.ignored


def _reader(sheet: Sheet, part: Part, draft: Draft, setting: Setting) -> TableReader:
    synonyms = setting.synonyms
    # A layer has its headings where they belong.
    layout = (
        lay_out(sheet, _COLUMNS, merged=part.merged, synonyms=synonyms)
        if part.features is None
        else Layout(sheet)
    )
    place = sheet.place()
    draft.noted += [Noted(place, remark) for remark in layout.remarks]
    draft.noted += [Noted(sheet.place(one.first), one.remark) for one in layout.filled]
    draft.left_out += [LeftOutRow(sheet.place(left.row), left.reason) for left in layout.left_out]
    require_rows(layout.sheet)
    reader = TableReader(
        layout.sheet,
        _COLUMNS,
        draft.faults,
        may_lack=_MAY_LACK,
        synonyms=synonyms,
        units=layout.units,
        forgiving=True,
        optional=_FILLED_IN,
        raw=RAW_COLUMNS | ({"township_code"} if setting.townships is not None else set()),
        noted=draft.noted,
    )
    require_both(reader)
    for name, remark in (("facility_id", _ID_MADE), ("status", _STATUS_TAKEN)):
        if name not in reader.headings.positions:
            draft.noted.append(Noted(place, remark.remark()))
    return reader


def _places(reader: TableReader, chunk: range, setting: Setting, written: Written) -> ReadRows:
    """Read a chunk of rows; their positions are added to those written."""
    found, stated_ids = [], []
    records = list(reader.records(chunk))
    for record in with_divisions(reader, records, setting.divisions, setting.district_name):
        check_order(record, reader, "opened_on", "closed_on")
        _check_village(record, reader)
        values: dict[str, Any] = {
            "verification": Verification.PENDING.value,
            "demonstration": False,
            **record.values,
            **provenance(reader.sheet, record),
        }
        _fill_kind(values, record, reader)
        _fill_status(values, record, reader)
        _fill_id(values, record, reader)
        stated_ids.append(record.values.get("facility_id"))
        found.append(replace(record, values=values))
    written.add(found)
    return ReadRows.of(reader, chunk, found, FACILITIES.columns, stated_ids)


def _located(rows: ReadRows, written: Written, draft: Draft, setting: Setting) -> PlaceRows:
    """Give each row of a sheet its position, and say where it was converted."""
    located = concluded(written, setting.surroundings, setting.datum)
    place = rows.reader.sheet.place()
    draft.noted += [Noted(place, remark) for remark in located.remarks]
    if not located.converted_from:
        return PlaceRows(rows, located.points)
    has_point = pd.Series([point is not None for point in located.points], dtype="bool")
    stated = rows.values["position_source"]
    lacks = has_point & (stated.isna() | (stated == ""))
    told = stated.mask(lacks, f"{CONVERTED_POSITION}{located.converted_from}")
    return PlaceRows(replace(rows, values=rows.values.assign(position_source=told)), located.points)


def _fill_kind(values: dict[str, Any], record: Record, reader: TableReader) -> None:
    """Tell a kind that is not given by the name; where that says none, the row has a fault."""
    if values.get("kind") is not None or "kind" in record.faulty:
        return
    place = reader.place(record.number, "kind" if "kind" in reader.headings.positions else "name")
    try:
        values["kind"] = read_cell(str(values.get("name") or ""), FACILITIES["kind"]).value
    except InputError:
        values["kind"] = None
    if values["kind"] is None:
        reader.faults.add(MUST_BE_FILLED.fault(), place)
    else:
        kind = LABELS[Kind][Kind(values["kind"])]
        reader.noted.append(Noted(place, _KIND_FROM_NAME.remark(kind=kind.zh, kind_en=kind.en)))


def _fill_status(values: dict[str, Any], record: Record, reader: TableReader) -> None:
    if values.get("status") is not None or "status" in record.faulty:
        return
    values["status"] = Status.OPERATING.value
    if "status" in reader.headings.positions:
        reader.note(_STATUS_TAKEN.remark(), record.number, "status")


def _fill_id(values: dict[str, Any], record: Record, reader: TableReader) -> None:
    if values.get("facility_id") is not None or "facility_id" in record.faulty:
        return
    values["facility_id"] = made_id(values.get("name"), values.get("kind"), values)
    if "facility_id" in reader.headings.positions:
        reader.note(_ID_MADE.remark(), record.number, "facility_id")


def made_id(name: Value | None, kind: Value | None, values: dict[str, Any]) -> str:
    """Return the id of a place that has none: the same for the same name, kind and township.

    Examples
    --------
    >>> made_id("科普馆", "science_museum", {"township_code": "430503001"})
    'auto-5a2baa423a'
    """
    township = values.get("township_code") or values.get("village_code") or ""
    told = "|".join((folded(str(name)), str(kind), str(township)[:_TOWNSHIP_DIGITS]))
    return f"auto-{hashlib.sha256(told.encode()).hexdigest()[:_ID_DIGITS]}"


def check_ids(draft: Draft) -> None:
    """Add a fault for each row whose id an earlier row has."""
    seen: dict[object, int] = {}
    for sheet in (places.rows for places in draft.places):
        for number, key in zip(sheet.numbers, sheet.column("facility_id"), strict=True):
            if key is None:
                continue
            if key in seen:
                fault = _SAME_ID.fault(DuplicateError, key=str(key), row=seen[key])
                draft.faults.add(fault, sheet.reader.place(number, "facility_id"))
            else:
                seen[key] = number


def _check_village(record: Record, reader: TableReader) -> None:
    township, village = record.values.get("township_code"), record.values.get("village_code")
    if township is None or village is None or str(village)[:_TOWNSHIP_DIGITS] == township:
        return
    fault = _VILLAGE.fault(village=village, township=township)
    reader.faults.add(fault, reader.place(record.number, "village_code"))
