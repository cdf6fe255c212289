"""Which village each row means: codes and names matched with the villages that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from geo.core.errors import DuplicateError, InputError, UnknownDivisionError, UnknownTermError
from geo.core.vocabulary import VillageKind
from geo.intake.cells.values import plain_text
from geo.intake.divisions import match as say
from geo.intake.divisions.assignment import match_divisions
from geo.intake.divisions.codes import former_codes
from geo.intake.divisions.match import DivisionMatch
from geo.intake.formats.parts import is_blank
from geo.intake.reference_data import ReferenceData
from geo.intake.sentences import message
from geo.intake.table_reader import MUST_BE_FILLED, Record, TableReader

_VILLAGE_DIGITS, _TOWNSHIP_DIGITS = 12, 9
_CLASSES: Final = ("111", "112", "121", "122", "123", "210", "220")
_ENDINGS: Final = {
    "社区": VillageKind.COMMUNITY,
    "居委会": VillageKind.COMMUNITY,
    "居民委员会": VillageKind.COMMUNITY,
    "村": VillageKind.VILLAGE,
    "村委会": VillageKind.VILLAGE,
    "村民委员会": VillageKind.VILLAGE,
}
_EXPECTED: Final = frozenset(
    {say.TOWNSHIP_OF_VILLAGE.code, say.CODE_OF_VILLAGE.code, say.CODE_FROM_NAME.code}
)
"""Notes that only say that a row is of a village."""

NEW: Final = message("villages.village_new")
NOT_LISTED: Final = message("villages.village_not_listed")
OTHER_DISTRICT: Final = message("villages.village_of_other_district")
ELSEWHERE: Final = message("villages.village_township_differs")
TWICE: Final = message("villages.village_twice")
KIND_UNKNOWN: Final = message("villages.village_kind_unknown")
CLASS_UNKNOWN: Final = message("villages.village_class_unknown")


def with_villages(
    reader: TableReader, records: Sequence[Record], reference: ReferenceData
) -> list[Record]:
    """Return records with village, township, name, kind and class; what is wrong is reported.

    A code and a name must mean the same village. A code of twelve digits within a known
    township may be a village that is not known yet. What a row leaves empty stays as it
    is known.
    """
    codes = [_code(record, reader) for record in records]
    names = [_name(record) for record in records]
    matches = match_divisions(
        codes,
        names,
        reference.divisions,
        former=former_codes(),
        district=reference.district_name,
    )
    seen: dict[str, int] = {}
    found = []
    for record, code, match in zip(records, codes, matches, strict=True):
        village = _village(record, reader, code, match, reference)
        if village is not None:
            _check_township(record, reader, village, reference)
            _check_twice(record, reader, village, seen)
        found.append(_filled(record, reader, village, reference))
    return found


def _village(
    record: Record,
    reader: TableReader,
    code: str | None,
    match: DivisionMatch,
    reference: ReferenceData,
) -> str | None:
    """Return the code of a row's village; None where that is not certain, with an error."""
    place = _place(record, reader)
    name = str(record.values.get("name_zh") or "")
    new = _new_code(code, reference)
    if match.error is not None and not (new and match.error.code == say.NAME_UNKNOWN.code):
        reader.errors.add(match.error, place)
        return None
    if match.village_code is not None:
        if match.note is not None and match.note.code not in _EXPECTED:
            reader.note(match.note, record.number, _column(record, reader))
        return match.village_code
    if match.code is not None and match.code not in reference.outlines.index:
        district = reference.district_name
        reader.errors.add(OTHER_DISTRICT.error(text=code or name, district=district), place)
        return None
    if new is None or not name:
        sentence = NOT_LISTED if name else MUST_BE_FILLED
        reader.errors.add(sentence.error(UnknownDivisionError, name=name), place)
        return None
    told = _told(new[:_TOWNSHIP_DIGITS], reference)
    reader.note(NEW.note(code=new, name=name, township=told), record.number, "village_code")
    return new


def _new_code(code: str | None, reference: ReferenceData) -> str | None:
    """Return a code of twelve digits that no village has, within a township that is known."""
    if code is None or not (code.isascii() and code.isdigit() and len(code) == _VILLAGE_DIGITS):
        return None
    if code in reference.known_villages.index or code.endswith("000"):
        return None
    return code if code[:_TOWNSHIP_DIGITS] in reference.outlines.index else None


def _check_township(
    record: Record, reader: TableReader, village: str, reference: ReferenceData
) -> None:
    raw = reader.cell(record, "township_code")
    own = _township_of(village, reference)
    if is_blank(raw) or not isinstance(raw, str | int | float):
        return
    stated = _written(raw)
    stated = stated[:_TOWNSHIP_DIGITS] if stated.endswith("000") else stated
    if stated != own:
        told = _told(stated, reference)
        error = ELSEWHERE.error(village=village, own=_told(own, reference), stated=told)
        reader.errors.add(error, reader.place(record.number, "township_code"))


def _check_twice(record: Record, reader: TableReader, village: str, seen: dict[str, int]) -> None:
    first = seen.setdefault(village, record.number)
    if first != record.number:
        error = TWICE.error(DuplicateError, code=village, row=first)
        reader.errors.add(error, _place(record, reader))


def _filled(
    record: Record, reader: TableReader, village: str | None, reference: ReferenceData
) -> Record:
    """Return a record with what is known of its village where the row says nothing."""
    known: dict[str, Any] = {}
    if village is not None and village in reference.known_villages.index:
        known = dict(
            reference.known_villages.drop(columns="geometry", errors="ignore").loc[village]
        )
    told = {name: value for name, value in record.values.items() if value is not None}
    # Names are the register's: misspelt ones were noted.
    values = known | told | {name: known[name] for name in ("name_zh",) if name in known}
    values |= {"village_code": village, "source_id": reference.source_id}
    values["township_code"] = None if village is None else _township_of(village, reference)
    _check_class(record, reader)
    if values.get("kind") is None and "kind" not in record.faulty:
        values["kind"] = _kind(record, reader)
    return replace(record, values=values)


def _check_class(record: Record, reader: TableReader) -> None:
    text = record.values.get("urban_rural_class")
    if text is not None and text not in _CLASSES:
        error = CLASS_UNKNOWN.error(UnknownTermError, text=str(text), known=_CLASSES)
        reader.errors.add(error, reader.place(record.number, "urban_rural_class"))


def _kind(record: Record, reader: TableReader) -> str | None:
    name = str(record.values.get("name_zh") or "")
    for ending, kind in _ENDINGS.items():
        if name.endswith(ending):
            return kind.value
    if name:
        error = KIND_UNKNOWN.error(name=name)
        reader.errors.add(error, reader.place(record.number, "name_zh"))
    return None


def _code(record: Record, reader: TableReader) -> str | None:
    for column in ("village_code", "township_code"):
        raw = reader.cell(record, column)
        if not is_blank(raw) and isinstance(raw, str | int | float):
            return _written(raw)
    return None


def _written(raw: str | float) -> str:
    """Return a code as it stands; one that a spreadsheet made too long is matched as it is."""
    try:
        return plain_text(raw).strip()
    except InputError:
        return str(raw)


def _name(record: Record) -> str | None:
    parts = [record.values.get(name) for name in ("township_name", "name_zh")]
    return "".join(str(part).strip() for part in parts if part) or None


def _township_of(village: str, reference: ReferenceData) -> str:
    known = reference.known_villages["township_code"].get(village)
    return village[:_TOWNSHIP_DIGITS] if known is None else str(known)


def _told(code: str, reference: ReferenceData) -> str:
    name = reference.outlines["name_zh"].get(code)
    return code if name is None else f"{code} {name}"


def _column(record: Record, reader: TableReader) -> str | None:
    names = ("village_code", "name_zh", "township_code")
    return next((name for name in names if not is_blank(reader.cell(record, name))), None)


def _place(record: Record, reader: TableReader) -> Any:
    return reader.place(record.number, _column(record, reader))
