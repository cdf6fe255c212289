"""Rows of facilities: what a row does not say is filled in, what it contradicts is an error."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import pandas as pd

from geo.core.errors import DuplicateError, InputError, Place
from geo.core.messages import CellWarning, Note, Whole
from geo.core.schema import FACILITIES
from geo.core.vocabulary import (
    CONVERTED_POSITION,
    LABELS,
    VILLAGE_POSITION,
    Kind,
    Status,
    Verification,
)
from geo.intake.cells.cell import read_cell
from geo.intake.cells.values import Value
from geo.intake.divisions.assignment import DIVISION_COLUMNS, with_divisions
from geo.intake.divisions.register import find_divisions
from geo.intake.formats.parts import Part, Sheet
from geo.intake.georeference.bounds import require_both
from geo.intake.georeference.positions import POSITION_COLUMNS, RAW_COLUMNS, Written, concluded
from geo.intake.headers.normalise import folded
from geo.intake.import_report import ErrorsByRow
from geo.intake.pipeline import SheetColumns, provenance, read_sheet
from geo.intake.progress import Stage, in_chunks
from geo.intake.reference_data import ReferenceData
from geo.intake.sentences import message
from geo.intake.table_reader import MUST_BE_FILLED, Record, TableReader
from geo.intake.tables.ledger.rows import FacilityRows, LedgerDraft, ReadRows, check_order

_STATED_CONFIDENCE: Final = 0.95
"""Of ours, that a place is in the village which its row states: 0.05 for a wrong row."""

LEAST_ACCEPTED: Final = 0.8
"""How sure the village must be for its middle to be set: streets are called after villages."""

_TOWNSHIP_DIGITS: Final = 9

_BY_VILLAGE: Final = (Whole("按村社区"), Whole("By the village stated"))
_BY_ADDRESS: Final = (Whole("按地址"), Whole("By the address"))

PROPOSED: Final = message("ledger.village_position_proposed")
TAKEN: Final = message("ledger.village_position_taken")
UNSURE: Final = message("ledger.village_position_unsure")
OFFERED: Final = message("ledger.village_positions_offered")
SET: Final = message("ledger.village_positions_set")
UNKNOWN: Final = message("ledger.village_positions_unknown")


class _Likely(NamedTuple):
    """The village in which a row probably is."""

    at: int
    code: str
    confidence: float
    how: tuple[Whole, Whole]


def with_village_positions(
    found: FacilityRows, draft: LedgerDraft, reference: ReferenceData
) -> FacilityRows:
    """Return rows of which those without a position have their village's, where that was accepted.

    Else it is proposed, with how sure the village is, and never used. The village is
    the one that the row states, or the only one that its address names.

    Parameters
    ----------
    found : FacilityRows
        Of a sheet, with the positions that were written.
    draft : LedgerDraft
        Notes go to it; rows of which it holds an error are left aside.
    reference : ReferenceData
        ``villages`` with their positions; ``village_positions`` says what was accepted.
    """
    place = found.rows.reader.sheet.place()
    if not reference.village_middles:
        if reference.village_positions:
            draft.warnings.append(CellWarning(place, UNKNOWN.note()))
        return found
    lacking = _lacking(found, draft)
    likely = list(_likely(found.rows, lacking, reference))
    taken = [one for one in likely if _is_taken(one, reference)]
    _tell(found.rows, len(lacking), likely, draft, reference)
    return _placed(found, taken, reference)


def _lacking(found: FacilityRows, draft: LedgerDraft) -> list[int]:
    """Return the rows without a position, those with an error left aside."""
    faulty = ErrorsByRow.of(draft.errors.kept).in_sheet(found.rows.reader.sheet.name)
    numbers = found.rows.numbers
    return [
        at for at, point in enumerate(found.points) if point is None and numbers[at] not in faulty
    ]


def _likely(rows: ReadRows, lacking: Sequence[int], reference: ReferenceData) -> Iterator[_Likely]:
    villages, addresses = rows.column("village_code"), rows.column("address")
    townships = rows.column("township_code")
    asked: dict[str, list[int]] = defaultdict(list)
    for at in lacking:
        if villages[at] in reference.village_middles:
            yield _Likely(at, villages[at], _STATED_CONFIDENCE, _BY_VILLAGE)
        elif villages[at] is None and addresses[at] is not None:
            asked[str(townships[at] or "")].append(at)
    for township, members in asked.items():
        known = _within(reference.divisions, township)
        told = [addresses[at] for at in members]
        for at, proposal in zip(members, find_divisions(told, known), strict=True):
            if proposal is not None and proposal.value in reference.village_middles:
                yield _Likely(at, proposal.value, proposal.confidence, _BY_ADDRESS)


def _within(divisions: pd.DataFrame | None, township: str) -> pd.DataFrame:
    """Return the divisions of a township, or all where none is given."""
    assert divisions is not None  # noqa: S101  (villages are known with their townships)
    return divisions[divisions["township_code"].astype(str).str.startswith(township)]


def _is_taken(one: _Likely, reference: ReferenceData) -> bool:
    return reference.village_positions and one.confidence >= LEAST_ACCEPTED


def _tell(
    rows: ReadRows,
    lacking: int,
    likely: Sequence[_Likely],
    draft: LedgerDraft,
    reference: ReferenceData,
) -> None:
    if not likely:
        return
    count = sum(one.confidence >= LEAST_ACCEPTED for one in likely)
    summary = SET if reference.village_positions else OFFERED
    if count:
        note = summary.note(lacking=lacking, count=count)
        draft.warnings.append(CellWarning(rows.reader.sheet.place(), note))
    column = {_BY_VILLAGE: ("village_code", "village_name"), _BY_ADDRESS: ("address",)}
    present = rows.reader.headings.positions
    for one in sorted(likely):
        shown = next((name for name in column[one.how] if name in present), None)
        where: Place = rows.reader.place(rows.numbers[one.at], shown)
        draft.warnings.append(CellWarning(where, _note(one, reference)))


def _note(one: _Likely, reference: ReferenceData) -> Note:
    middle = reference.village_middles[one.code]
    told: dict[str, Any] = {
        "how": one.how[0],
        "how_en": one.how[1],
        "village": middle.name_zh,
        "position": f"{middle.longitude}, {middle.latitude}",
        "share": f"{one.confidence:.0%}",
    }
    if one.confidence < LEAST_ACCEPTED:
        return UNSURE.note(**told)
    return (TAKEN if reference.village_positions else PROPOSED).note(**told)


def _placed(
    found: FacilityRows, taken: Sequence[_Likely], reference: ReferenceData
) -> FacilityRows:
    if not taken:
        return found
    points, told = list(found.points), found.rows.values["position_source"].copy()
    for one in taken:
        points[one.at] = reference.village_middles[one.code].point
        # What the row says of a position that it does not give is no account of this one.
        told.iloc[one.at] = VILLAGE_POSITION
    values = found.rows.values.assign(position_source=told)
    return FacilityRows(replace(found.rows, values=values), points)


_FACILITIES: Final = SheetColumns(
    (*FACILITIES.columns, *POSITION_COLUMNS, *DIVISION_COLUMNS),
    may_lack=frozenset({"facility_id", "kind", "status", "verification", "demonstration"}),
    optional=frozenset({"facility_id", "kind", "status"}),
    raw=RAW_COLUMNS | {"township_code"},
)
_WITHOUT_DISTRICT: Final = replace(_FACILITIES, raw=RAW_COLUMNS)
"""Where no townships are known, a declared code is read as it stands."""
_ID_DIGITS: Final = 10

_ID_MADE: Final = message("ledger.facility_id_made")
_KIND_FROM_NAME: Final = message("ledger.kind_from_name")
_STATUS_TAKEN: Final = message("ledger.status_taken")
_VILLAGE: Final = message("ledger.village_of_other_township")
_SAME_ID: Final = message("ledger.facility_id_twice")


def read_facilities(sheet: Sheet, part: Part, draft: LedgerDraft, reference: ReferenceData) -> None:
    """Add the rows of a sheet of facilities to the draft, with their townships and positions."""
    columns = _WITHOUT_DISTRICT if reference.townships is None else _FACILITIES
    reader = read_sheet(part, sheet, columns, draft, reference)
    require_both(reader)
    for name, said in (("facility_id", _ID_MADE), ("status", _STATUS_TAKEN)):
        if name not in reader.headings.positions:
            draft.note(said, sheet.place())
    written = Written(reader)
    below = range(1, len(reader.sheet.rows))
    rows = ReadRows.joined(
        [
            _places(reader, chunk, reference, written)
            for chunk in in_chunks(below, Stage.ROWS, draft.progress)
        ]
    )
    draft.progress(Stage.POSITIONS, 0, 0)
    located = _located(rows, written, draft, reference)
    draft.places.append(with_village_positions(located, draft, reference))
    draft.ignored += reader.ignored


def _places(
    reader: TableReader, chunk: range, reference: ReferenceData, written: Written
) -> ReadRows:
    """Read a chunk of rows; their positions are added to those written."""
    found, stated_ids = [], []
    records = list(reader.records(chunk))
    for record in with_divisions(reader, records, reference.divisions, reference.district_name):
        check_order(record, reader, "opened_on", "closed_on")
        _check_village(record, reader)
        values: dict[str, Any] = {
            "verification": Verification.PENDING.value,
            "demonstration": False,
            **record.values,
            **provenance(reader.sheet, record),
        }
        _fill_kind(values, record, reader)
        _fill_status_and_id(values, record, reader)
        stated_ids.append(record.values.get("facility_id"))
        found.append(replace(record, values=values))
    written.add(found)
    return ReadRows.of(reader, chunk, found, FACILITIES.columns, stated_ids)


def _located(
    rows: ReadRows, written: Written, draft: LedgerDraft, reference: ReferenceData
) -> FacilityRows:
    """Give each row of a sheet its position, and say where it was converted."""
    located = concluded(written, reference.surroundings, reference.datum)
    place = rows.reader.sheet.place()
    draft.warnings += [CellWarning(place, note) for note in located.notes]
    if not located.converted_from:
        return FacilityRows(rows, located.points)
    has_point = pd.Series([point is not None for point in located.points], dtype="bool")
    stated = rows.values["position_source"]
    lacks = has_point & (stated.isna() | (stated == ""))
    told = stated.mask(lacks, f"{CONVERTED_POSITION}{located.converted_from}")
    return FacilityRows(
        replace(rows, values=rows.values.assign(position_source=told)), located.points
    )


def _fill_kind(values: dict[str, Any], record: Record, reader: TableReader) -> None:
    """Tell a kind that is not given by the name; where that says none, the row has an error."""
    if values.get("kind") is not None or "kind" in record.faulty:
        return
    place = reader.place(record.number, "kind" if "kind" in reader.headings.positions else "name")
    try:
        values["kind"] = read_cell(str(values.get("name") or ""), FACILITIES["kind"]).value
    except InputError:
        values["kind"] = None
    if values["kind"] is None:
        reader.errors.add(MUST_BE_FILLED.error(), place)
    else:
        kind = LABELS[Kind][Kind(values["kind"])]
        reader.warnings.append(
            CellWarning(place, _KIND_FROM_NAME.note(kind=kind.zh, kind_en=kind.en))
        )


def _fill_status_and_id(values: dict[str, Any], record: Record, reader: TableReader) -> None:
    """Fill in what a row leaves empty; where the column is missing, the sheet was reported."""
    lacking = {
        name
        for name in ("status", "facility_id")
        if values.get(name) is None and name not in record.faulty
    }
    there = lacking & reader.headings.positions.keys()
    if "status" in lacking:
        values["status"] = Status.OPERATING.value
        if "status" in there:
            reader.note(_STATUS_TAKEN.note(), record.number, "status")
    if "facility_id" in lacking:
        values["facility_id"] = made_id(values.get("name"), values.get("kind"), values)
        if "facility_id" in there:
            reader.note(_ID_MADE.note(), record.number, "facility_id")


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


def check_ids(draft: LedgerDraft) -> None:
    """Add an error for each row whose id an earlier row has."""
    seen: dict[object, int] = {}
    for sheet in (places.rows for places in draft.places):
        for number, key in zip(sheet.numbers, sheet.column("facility_id"), strict=True):
            if key is None:
                continue
            if key in seen:
                error = _SAME_ID.error(DuplicateError, key=str(key), row=seen[key])
                draft.errors.add(error, sheet.reader.place(number, "facility_id"))
            else:
                seen[key] = number


def _check_village(record: Record, reader: TableReader) -> None:
    township, village = record.values.get("township_code"), record.values.get("village_code")
    if township is None or village is None or str(village)[:_TOWNSHIP_DIGITS] == township:
        return
    error = _VILLAGE.error(village=village, township=township)
    reader.errors.add(error, reader.place(record.number, "village_code"))
