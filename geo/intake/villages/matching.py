"""Which village each row means: codes and names matched with the villages that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from geo.core.errors import DuplicateError, InputError, UnknownDivisionError, UnknownTermError
from geo.core.messages import message
from geo.core.vocabulary import VillageKind
from geo.intake.cells.values import plain_text
from geo.intake.divisions import place_messages as say
from geo.intake.divisions.division_match import DivisionMatch
from geo.intake.divisions.former import former_codes
from geo.intake.divisions.places import match_divisions
from geo.intake.rows import is_blank
from geo.intake.table import MUST_BE_FILLED, Record, TableReader
from geo.intake.villages.setting import VillageSetting

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
"""Remarks that only say that a row is of a village."""

NEW: Final = message(
    "village_new",
    "「{code} {name}」不在现有名单里，按新的村社区登记（属 {township}），请核对。",
    "'{code} {name}' is not on the present list and is taken as new, of {township}; please check.",
)
NOT_LISTED: Final = message(
    "village_not_listed",
    "「{name}」不在村社区名单里，也没有 12 位代码，不知道是哪一个。请填代码，或改正名称。",
    "'{name}' is not on the list of villages, and has no code of twelve digits; give its code.",
)
OTHER_DISTRICT: Final = message(
    "village_of_other_district",
    "「{text}」不在本区（{district}），请删去这一行。",
    "'{text}' is not in this district ({district}); leave the row out.",
)
ELSEWHERE: Final = message(
    "village_township_differs",
    "村社区 {village} 属于 {own}，这一行却写着 {stated}，请改正其中一个。",
    "Village {village} is of township {own}, but the row says {stated}; mend one of the two.",
)
TWICE: Final = message(
    "village_twice",
    "村社区 {code} 与第{row}行重复，请删去其中一行。",
    "Village {code} stands in row {row} too; delete one of the two.",
)
KIND_UNKNOWN: Final = message(
    "village_kind_unknown",
    "从名称「{name}」看不出是村还是社区，请加上「类别」一列。",
    "The name '{name}' does not tell a village from a community; add the column of kinds.",
)
CLASS_UNKNOWN: Final = message(
    "village_class_unknown",
    "城乡分类代码「{text}」不在国家的分类里，应为 {known} 之一。",
    "'{text}' is no national urban-rural class; it is one of {known}.",
)


def with_villages(
    reader: TableReader, records: Sequence[Record], setting: VillageSetting
) -> list[Record]:
    """Return records with village, township, name, kind and class; what is wrong is told.

    A code and a name must mean the same village. A code of twelve digits within a known
    township may be a village that is not known yet. What a row leaves empty stays as it
    is known.
    """
    codes = [_code(record, reader) for record in records]
    names = [_name(record) for record in records]
    matches = match_divisions(
        codes,
        names,
        setting.divisions,
        former=former_codes(),
        district=setting.data.district_name,
    )
    seen: dict[str, int] = {}
    found = []
    for record, code, match in zip(records, codes, matches, strict=True):
        village = _village(record, reader, code, match, setting)
        if village is not None:
            _check_township(record, reader, village, setting)
            _check_twice(record, reader, village, seen)
        found.append(_filled(record, reader, village, setting))
    return found


def _village(
    record: Record,
    reader: TableReader,
    code: str | None,
    match: DivisionMatch,
    setting: VillageSetting,
) -> str | None:
    """Return the code of a row's village; None where that is not certain, with a fault."""
    place = _place(record, reader)
    name = str(record.values.get("name_zh") or "")
    new = _new_code(code, setting)
    if match.fault is not None and not (new and match.fault.code == say.NAME_UNKNOWN.code):
        reader.faults.add(match.fault, place)
        return None
    if match.village_code is not None:
        if match.remark is not None and match.remark.code not in _EXPECTED:
            reader.note(match.remark, record.number, _column(record, reader))
        return match.village_code
    if match.code is not None and match.code not in setting.data.townships.index:
        district = setting.data.district_name
        reader.faults.add(OTHER_DISTRICT.fault(text=code or name, district=district), place)
        return None
    if new is None or not name:
        sentence = NOT_LISTED if name else MUST_BE_FILLED
        reader.faults.add(sentence.fault(UnknownDivisionError, name=name), place)
        return None
    told = _told(new[:_TOWNSHIP_DIGITS], setting)
    reader.note(NEW.remark(code=new, name=name, township=told), record.number, "village_code")
    return new


def _new_code(code: str | None, setting: VillageSetting) -> str | None:
    """Return a code of twelve digits that no village has, within a township that is known."""
    if code is None or not (code.isascii() and code.isdigit() and len(code) == _VILLAGE_DIGITS):
        return None
    if code in setting.data.villages.index or code.endswith("000"):
        return None
    return code if code[:_TOWNSHIP_DIGITS] in setting.data.townships.index else None


def _check_township(
    record: Record, reader: TableReader, village: str, setting: VillageSetting
) -> None:
    raw = reader.cell(record, "township_code")
    own = _township_of(village, setting)
    if is_blank(raw) or not isinstance(raw, str | int | float):
        return
    stated = _written(raw)
    stated = stated[:_TOWNSHIP_DIGITS] if stated.endswith("000") else stated
    if stated != own:
        told = _told(stated, setting)
        fault = ELSEWHERE.fault(village=village, own=_told(own, setting), stated=told)
        reader.faults.add(fault, reader.place(record.number, "township_code"))


def _check_twice(record: Record, reader: TableReader, village: str, seen: dict[str, int]) -> None:
    first = seen.setdefault(village, record.number)
    if first != record.number:
        fault = TWICE.fault(DuplicateError, code=village, row=first)
        reader.faults.add(fault, _place(record, reader))


def _filled(
    record: Record, reader: TableReader, village: str | None, setting: VillageSetting
) -> Record:
    """Return a record with what is known of its village where the row says nothing."""
    known: dict[str, Any] = {}
    if village is not None and village in setting.data.villages.index:
        known = dict(setting.data.villages.drop(columns="geometry", errors="ignore").loc[village])
    told = {name: value for name, value in record.values.items() if value is not None}
    # Names are the register's: misspelt ones were remarked on.
    values = known | told | {name: known[name] for name in ("name_zh",) if name in known}
    values |= {"village_code": village, "source_id": setting.source_id}
    values["township_code"] = None if village is None else _township_of(village, setting)
    _check_class(record, reader)
    if values.get("kind") is None and "kind" not in record.faulty:
        values["kind"] = _kind(record, reader)
    return replace(record, values=values)


def _check_class(record: Record, reader: TableReader) -> None:
    text = record.values.get("urban_rural_class")
    if text is not None and text not in _CLASSES:
        fault = CLASS_UNKNOWN.fault(UnknownTermError, text=str(text), known=_CLASSES)
        reader.faults.add(fault, reader.place(record.number, "urban_rural_class"))


def _kind(record: Record, reader: TableReader) -> str | None:
    name = str(record.values.get("name_zh") or "")
    for ending, kind in _ENDINGS.items():
        if name.endswith(ending):
            return kind.value
    if name:
        fault = KIND_UNKNOWN.fault(name=name)
        reader.faults.add(fault, reader.place(record.number, "name_zh"))
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


def _township_of(village: str, setting: VillageSetting) -> str:
    known = setting.data.villages["township_code"].get(village)
    return village[:_TOWNSHIP_DIGITS] if known is None else str(known)


def _told(code: str, setting: VillageSetting) -> str:
    name = setting.data.townships["name_zh"].get(code)
    return code if name is None else f"{code} {name}"


def _column(record: Record, reader: TableReader) -> str | None:
    names = ("village_code", "name_zh", "township_code")
    return next((name for name in names if not is_blank(reader.cell(record, name))), None)


def _place(record: Record, reader: TableReader) -> Any:
    return reader.place(record.number, _column(record, reader))
