"""Rows of plaques: each hangs on a place of the ledger."""

from __future__ import annotations

from typing import Any, Final

from geo.columns import DESIGNATIONS
from geo.intake.examined import LeftOutRow
from geo.intake.formats.part import Part
from geo.intake.headings.synonyms import Synonyms
from geo.intake.layout.laying_out import lay_out
from geo.intake.ledger.draft import Draft, ReadRow, check_order, provenance
from geo.intake.messages import message
from geo.intake.rows import Sheet
from geo.intake.table import Noted, TableReader

_NO_PLACE: Final = message(
    "plaque_without_place",
    "设施编号「{key}」不在设施台账中，请改正编号或补上设施。",
    "Facility id '{key}' is not in the ledger; mend it or add the place.",
)


def read_plaques(sheet: Sheet, part: Part, draft: Draft, synonyms: Synonyms | None) -> None:
    """Add the rows of a sheet of plaques to the draft; one without rows has none."""
    if len(sheet.rows) <= 1:
        return
    marks = {read.values["facility_id"]: read.values["demonstration"] for read in draft.places}
    reader = _reader(sheet, part, draft, synonyms)
    draft.plaques += _plaques(reader, marks)
    draft.ignored += reader.ignored


def _reader(sheet: Sheet, part: Part, draft: Draft, synonyms: Synonyms | None) -> TableReader:
    layout = lay_out(sheet, DESIGNATIONS.columns, merged=part.merged, synonyms=synonyms)
    draft.left_out += [LeftOutRow(sheet.place(left.row), left.reason) for left in layout.left_out]
    draft.noted += [Noted(sheet.place(one.first), one.remark) for one in layout.filled]
    return TableReader(
        layout.sheet,
        DESIGNATIONS.columns,
        draft.faults,
        may_lack=frozenset({"demonstration"}),
        synonyms=synonyms,
        forgiving=True,
        noted=draft.noted,
    )


def _plaques(reader: TableReader, marks: dict[Any, Any]) -> list[ReadRow]:
    found = []
    for record in reader.records():
        check_order(record, reader, "valid_from", "valid_to")
        key = record.values["facility_id"]
        if key is not None and key not in marks:
            fault = _NO_PLACE.fault(key=str(key))
            reader.faults.add(fault, reader.place(record.number, "facility_id"))
        own = {"demonstration": marks.get(key, False)}
        values = own | record.values | provenance(reader.sheet, record)
        found.append(ReadRow(reader, record, values))
    return found
