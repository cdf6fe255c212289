"""Rows of designations: each belongs to a facility of the ledger, by its id, its name, or both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
from rapidfuzz import fuzz

from geo.core.errors import BadValueError, Proposal
from geo.core.schema import DESIGNATIONS, FACILITIES, Column
from geo.intake.divisions.assignment import TOWNSHIP_NAME, match_townships
from geo.intake.formats.parts import Part, Sheet
from geo.intake.headers.layout import lay_out
from geo.intake.headers.normalise import folded
from geo.intake.headers.proposals import missing_columns
from geo.intake.pipeline import SheetColumns, provenance
from geo.intake.progress import Stage, in_chunks
from geo.intake.reference_data import ReferenceData
from geo.intake.sentences import message
from geo.intake.table_reader import MUST_BE_FILLED, Record, TableReader
from geo.intake.tables.ledger.rows import (
    LEAST_LIKENESS,
    LONGEST,
    RATIO_WEIGHT,
    KnownFacilities,
    KnownFacility,
    LedgerDraft,
    ReadRows,
    check_order,
)

TOWNSHIP_DIGITS: Final = 9
_SHOWN: Final = 10

NO_PLACE: Final = message("ledger.plaque_without_place")
SEVERAL: Final = message("ledger.plaque_place_several")
NEAR: Final = message("ledger.plaque_place_near")
UNKNOWN: Final = message("ledger.plaque_place_unknown")
CONTRADICTION: Final = message("ledger.plaque_place_contradiction")
DIFFERS: Final = message("ledger.plaque_name_differs")
OTHER_TOWNSHIP: Final = message("ledger.plaque_place_township")


def known_places(draft: LedgerDraft, reference: ReferenceData) -> KnownFacilities:
    """Return the places of the file, and in an update those of the store beside them."""
    own = [place for places in draft.places for place in _of_file(places.rows)]
    stored = _of_store(reference) if reference.update else []
    keys = {place.key for place in own}
    return KnownFacilities(own, [place for place in stored if place.key not in keys])


def _of_file(rows: ReadRows) -> Iterator[KnownFacility]:
    names = ("facility_id", "name", "township_code", "village_code", "demonstration")
    columns = (rows.column(name) for name in names)
    sheet = rows.reader.sheet.name or ""
    for number, key, name, township, village, mark in zip(rows.numbers, *columns, strict=True):
        where = f"{sheet} {number}".strip()
        yield KnownFacility(
            None if key is None else str(key),
            str(name or ""),
            str(township or village or "")[:TOWNSHIP_DIGITS],
            where if key is None else f"{where}（{key}）",
            bool(mark),
        )


def _of_store(reference: ReferenceData) -> list[KnownFacility]:
    stored = reference.facilities
    if stored is None or stored.empty:
        return []
    columns = (stored[name] for name in ("name", "township_code", "demonstration"))
    return [
        KnownFacility(
            str(key),
            str(name),
            "" if pd.isna(code) else str(code)[:TOWNSHIP_DIGITS],
            str(key),
            not pd.isna(mark) and bool(mark),
        )
        for key, name, code, mark in zip(stored.index, *columns, strict=True)
    ]


def find_place(
    places: KnownFacilities, key: str | None, name: str, township: str
) -> KnownFacility | BadValueError:
    """Return the one place that id, name and township mean, or the error of there being none.

    Parameters
    ----------
    places : KnownFacilities
        Of the file, and of the store in an update.
    key : str or None
        The id that the row states.
    name : str
        The name that it states; empty for none. One of the two must be there.
    township : str
        Code of nine digits, empty for none.

    Examples
    --------
    >>> places = KnownFacilities([KnownFacility("P1", "清风科技馆", "430503101", "3（P1）", False)])
    >>> find_place(places, None, "清风科技馆", "430503101").key
    'P1'
    >>> print(find_place(places, None, "清风科枝馆", ""))
    没有名为「清风科枝馆」的设施，是否指「清风科技馆」（把握 72%）？请改正名称，或填写设施编号。
    """
    if key is not None:
        return _by_id(places, key, name, township)
    named = places.named(name)
    fitting = [place for place in named if _agrees(place, township)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        told = tuple(place.told for place in fitting[:_SHOWN]) + ("…",) * (len(fitting) > _SHOWN)
        return SEVERAL.error(name=name, count=len(fitting), places=told)
    return _elsewhere(named[0], township) if named else _unknown(places, name)


def _by_id(
    places: KnownFacilities, key: str, name: str, township: str
) -> KnownFacility | BadValueError:
    named = places.named(name) if name else ()
    proposal = _only(named)
    place = places.by_id.get(key)
    if place is None:
        return NO_PLACE.error(key=key, proposal=proposal)
    same = key in {one.key for one in named}
    if name and not same and (named or not is_like(name, place.name)):
        return CONTRADICTION.error(key=key, own=place.name, name=name, proposal=proposal)
    return place if _agrees(place, township) else _elsewhere(place, township)


def is_like(name: str, other: str) -> bool:
    """Return whether two names are 60% alike or more, by rapidfuzz's ratio.

    Examples
    --------
    >>> is_like("清风科技馆", "清风村科技馆"), is_like("清风科技馆", "图书馆")
    (True, False)
    """
    first, second = (folded(text[: 2 * LONGEST]) for text in (name, other))
    return fuzz.ratio(first, second) >= LEAST_LIKENESS


def _only(named: tuple[KnownFacility, ...]) -> Proposal | None:
    """Return the id of the only place of a name, to stand in for one that is wrong."""
    if len(named) != 1 or named[0].key is None:
        return None
    return Proposal(named[0].key, RATIO_WEIGHT)


def _agrees(place: KnownFacility, township: str) -> bool:
    return not township or place.township in {"", township}


def _elsewhere(place: KnownFacility, township: str) -> BadValueError:
    return OTHER_TOWNSHIP.error(name=place.name, own=place.township, township=township)


def _unknown(places: KnownFacilities, name: str) -> BadValueError:
    near = places.nearest(name)
    if near is None:
        return UNKNOWN.error(name=name)
    proposal = Proposal(*near)
    return NEAR.error(name=name, nearest=near[0], share=f"{near[1]:.0%}", proposal=proposal)


FACILITY_NAME: Final = Column("facility_name", "text", "设施名称", "Facility name")
_DESIGNATIONS: Final = SheetColumns(
    (*DESIGNATIONS.columns, FACILITY_NAME, FACILITIES["township_code"], TOWNSHIP_NAME),
    may_lack=frozenset({"demonstration", "facility_id"}),
    optional=frozenset({"facility_id"}),
    raw=frozenset({"township_code"}),
)

_BY_NAME: Final = message("ledger.plaque_by_name")


def read_designations(
    sheet: Sheet, part: Part, draft: LedgerDraft, reference: ReferenceData
) -> None:
    """Add the rows of a sheet of designations to the draft; one without rows has none."""
    draft.known = places = draft.known or known_places(draft, reference)
    if len(sheet.rows) <= 1:
        return
    columns = _DESIGNATIONS
    layout = lay_out(sheet, columns.known, merged=part.merged, synonyms=reference.synonyms)
    # A sheet of designations may be empty, and has no figures in a unit of its own.
    draft.keep_layout(layout, notes=False)
    reader = draft.reader(layout, columns, reference, units=())
    draft.readers.append(reader)
    if not {"facility_id", "facility_name"} & set(reader.headings.positions):
        proposals = reader.headings.proposals
        raise missing_columns(layout.sheet, [DESIGNATIONS["facility_id"]], proposals)
    by_name = 0
    for chunk in in_chunks(range(1, len(reader.sheet.rows)), Stage.ROWS, draft.progress):
        rows, named = _chunk_of_designations(reader, chunk, places, reference)
        draft.designations.append(rows)
        by_name += named
    if by_name:
        heading = reader.headings.texts["facility_name"]
        draft.note(_BY_NAME, reader.sheet.place(), count=by_name, heading=heading)
    draft.ignored += reader.ignored


def _chunk_of_designations(
    reader: TableReader, chunk: range, places: KnownFacilities, reference: ReferenceData
) -> tuple[ReadRows, int]:
    """Return a chunk of rows, and how many of them were hung on a place by its name."""
    records = list(reader.records(chunk))
    townships = _townships(reader, records, reference)
    found, stated_ids, by_name = [], [], 0
    for record, township in zip(records, townships, strict=True):
        check_order(record, reader, "valid_from", "valid_to")
        place = _place(record, reader, places, township)
        key = None if place is None else place.key
        by_name += key is not None and record.values.get("facility_id") is None
        named = record
        if key is not None:
            named = replace(record, values=record.values | {"facility_id": key})
        own = {"demonstration": place is not None and place.demonstration}
        values = own | named.values | provenance(reader.sheet, record)
        stated_ids.append(named.values.get("facility_id"))
        found.append(replace(named, values=values))
    columns = (*DESIGNATIONS.columns, FACILITY_NAME)
    return ReadRows.of(reader, chunk, found, columns, stated_ids), by_name


def _townships(
    reader: TableReader, records: Sequence[Record], reference: ReferenceData
) -> list[str]:
    """Return the township that each row names, empty where it names none that is certain."""
    found = []
    matches = match_townships(reader, records, reference.divisions, reference.district_name)
    for record, match in zip(records, matches, strict=True):
        column = "township_code" if "township_code" in reader.headings.positions else None
        column = "township_name" if record.values.get("township_name") else column
        if match.error is not None:
            reader.errors.add(match.error, reader.place(record.number, column))
        elif match.note is not None and match.code is None:
            reader.note(match.note, record.number, column)
        found.append((match.code or "")[:TOWNSHIP_DIGITS])
    return found


def _place(
    record: Record, reader: TableReader, places: KnownFacilities, township: str
) -> KnownFacility | None:
    """Return the place that a row names; where that is not certain the row has an error."""
    stated, name = (record.values.get(column) for column in ("facility_id", "facility_name"))
    if record.faulty & {"facility_id", "facility_name"}:
        return None
    column = "facility_name" if stated is None and name is not None else "facility_id"
    if column not in reader.headings.positions:
        column = "facility_name"
    found: KnownFacility | BadValueError = MUST_BE_FILLED.error()
    if stated is not None or name is not None:
        key = None if stated is None else str(stated)
        found = find_place(places, key, str(name or ""), township)
    if isinstance(found, KnownFacility):
        if name is not None and folded(str(name)) != folded(found.name):
            note = DIFFERS.note(key=found.key, own=found.name, name=str(name))
            reader.note(note, record.number, "facility_name")
        return found
    reader.errors.add(found, reader.place(record.number, column))
    return None
