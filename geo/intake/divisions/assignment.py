"""The township and village of each row: what its cells say, matched with those that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from geo.core.messages import Note
from geo.core.schema import Column
from geo.intake.cells.values import plain_text
from geo.intake.divisions import match as say
from geo.intake.divisions.codes import former_codes, moved, read_code
from geo.intake.divisions.match import (
    CODE_FORMER,
    ByName,
    DivisionMatch,
    match_code,
    refused,
    several,
    taken,
    unknown,
    with_own_error,
)
from geo.intake.divisions.names import MAX_NAME, folded_name, parts_of
from geo.intake.divisions.register import Register, find_divisions
from geo.intake.formats.parts import Raw, is_blank
from geo.intake.sentences import message
from geo.intake.table_reader import Record, TableReader

_EXACT_NAME: Final = 0.9


def match_division(
    code: str | None,
    name: str | None,
    known: pd.DataFrame,
    *,
    former: Mapping[str, str] | None = None,
    district: str | None = None,
) -> DivisionMatch:
    """Say which township a code and a name mean together.

    Both must agree; where they do not, nothing is chosen and both are proposed. A
    code damaged by a spreadsheet is taken only with its name, a misspelt name only
    with its code, and either only with a note.

    Parameters
    ----------
    code, name : str or None
        As the cells hold them; missing values of pandas are None.
    known : pandas.DataFrame
        Townships, and villages where known, indexed by code of 9 or 12 digits, with
        ``name_zh``; ``township_code`` of a village is read where the column is there.
    former : Mapping[str, str], optional
        Prefixes of codes that were changed, to those that took their place.
    district : str, optional
        The district's own name, to tell 双清区城西街道 from a place of ours.

    Examples
    --------
    >>> known = pd.DataFrame({"name_zh": ["罗市镇", "蔡锷乡", "板桥乡"]},
    ...                      index=["430503101", "430503202", "430503203"])
    >>> match_division("430503101", "大祥区罗市镇人民政府", known).code
    '430503101'
    >>> print(match_division("430503203", "蔡锷乡", known).error)
    代码「430503203 板桥乡」与名称「430503202 蔡锷乡」不是同一处，请改正其中一项。
    >>> match_division("43050310", "罗市镇", known).note.code
    'division_code_damaged'
    """
    return _matched(_given(code), _given(name), Register(known), former or {}, district or "")


def match_divisions(
    codes: Sequence[str | None] | pd.Series,
    names: Sequence[str | None] | pd.Series,
    known: pd.DataFrame,
    *,
    former: Mapping[str, str] | None = None,
    district: str | None = None,
) -> tuple[DivisionMatch, ...]:
    """Match every row as :func:`match_division` does, each different pair once.

    Parameters
    ----------
    codes, names : sequence of str or None
        Of equal length.
    known, former, district
        As :func:`match_division` takes them.

    Returns
    -------
    tuple of DivisionMatch
        In the order of the rows; each with an error of its own, since an error is
        later told its place.

    Raises
    ------
    ValueError
        The two are not of equal length.

    Examples
    --------
    >>> known = pd.DataFrame({"name_zh": ["罗市镇"]}, index=["430503101"])
    >>> [m.code for m in match_divisions(["430503101", None], [None, "罗市"], known)]
    ['430503101', '430503101']
    """
    register = Register(known)
    seen: dict[tuple[str, str], DivisionMatch] = {}
    made = []
    for code, name in zip(codes, names, strict=True):
        pair = (_given(code), _given(name))
        if pair not in seen:
            seen[pair] = _matched(*pair, register, former or {}, district or "")
        made.append(with_own_error(seen[pair]))
    return tuple(made)


def _given(value: object) -> str:
    if isinstance(value, str):
        return value[: 2 * MAX_NAME]
    return str(value) if isinstance(value, int | float) and not pd.isna(value) else ""


def _matched(
    code: str, name: str, register: Register, former: Mapping[str, str], district: str
) -> DivisionMatch:
    written = read_code(code)
    if not written.digits and written.name:
        return _word_for_code(written.name, name, register, district)
    by_name = _by_name(name or written.name, register, district)
    if not written.digits:
        return _name_alone(by_name, register)
    return match_code(code, written, by_name, register, former)


def _by_name(name: str, register: Register, district: str) -> ByName:
    if not folded_name(name):
        return ByName("")
    parts = parts_of(name)
    if parts.district and district and not parts.district.endswith(folded_name(district)):
        return ByName(name, elsewhere=parts.district)
    hits = register.named(name)
    above = register.township_of_stem(parts.township)
    if not above:
        return ByName(name, hits)
    inside = tuple(hit for hit in hits if hit.township_code in {d.township_code for d in above})
    if inside:
        return ByName(name, inside)
    if hits:
        return ByName(name, contradiction=(*above, *hits))
    return ByName(name, above, village_unknown=True)


def _word_for_code(word: str, name: str, register: Register, district: str) -> DivisionMatch:
    """Match a row whose cell for the code holds words: taken unless the name is another."""
    first = _by_name(word, register, district)
    second = _by_name(name, register, district)
    if first.hits and (not second.text or set(first.townships) == set(second.townships)):
        return _name_alone(first, register)
    likely = [(hit, _EXACT_NAME) for hit in second.hits or first.hits]
    return refused(say.CODE_UNREADABLE, likely, text=word)


def _name_alone(by_name: ByName, register: Register) -> DivisionMatch:
    if not by_name.text:
        return DivisionMatch()
    if by_name.elsewhere:
        return DivisionMatch(note=say.NAME_ELSEWHERE.note(text=by_name.text))
    if by_name.contradiction:
        return several(say.NAME_CONTRADICTS_ITSELF, by_name.contradiction, by_name.text)
    if not by_name.hits:
        return unknown(say.NAME_UNKNOWN, by_name.text, register.near(by_name.text), register)
    if len(by_name.townships) > 1:
        return several(say.NAME_AMBIGUOUS, by_name.hits, by_name.text)
    return taken(by_name.hits[0].township_code, by_name, _note_of_name(by_name, register))


def _note_of_name(by_name: ByName, register: Register) -> Note:
    hit = by_name.hits[0]
    township = register.townships[hit.township_code].told
    if by_name.village_unknown:
        return say.VILLAGE_UNKNOWN.note(text=by_name.text, township=township)
    if hit.village_code is not None:
        return say.TOWNSHIP_OF_VILLAGE.note(text=by_name.text, township=township)
    return say.CODE_FROM_NAME.note(text=by_name.text, township=township)


TOWNSHIP_NAME: Final = Column("township_name", "text", "乡镇街道", "Township")
VILLAGE_NAME: Final = Column("village_name", "text", "村社区", "Village")
_IN_ADDRESS: Final = message("divisions.township_in_address")
DIVISION_COLUMNS: Final = (TOWNSHIP_NAME, VILLAGE_NAME)


def with_divisions(
    reader: TableReader,
    records: Sequence[Record],
    known: pd.DataFrame | None,
    district_name: str | None = None,
) -> list[Record]:
    """Return records with the township, and the village, that code and name mean together.

    Parameters
    ----------
    reader : TableReader
        Of the sheet; notes and errors go to it.
    records : sequence of Record
        Its rows.
    known : pandas.DataFrame, optional
        As :func:`geo.intake.divisions.assignment.match_divisions` takes it. Without it records
        keep the codes that they declare.
    district_name : str, optional
        To tell a neighbour's places that are called like ours.
    """
    if known is None:
        return list(records)
    matches = match_townships(reader, records, known, district_name)
    _ask_of_addresses(reader, records, known)
    renewed = [_with_village_renewed(record, reader, known) for record in records]
    return [
        _with_match(record, reader, match) for record, match in zip(renewed, matches, strict=True)
    ]


def match_townships(
    reader: TableReader,
    records: Sequence[Record],
    known: pd.DataFrame | None,
    district_name: str | None = None,
) -> tuple[DivisionMatch, ...]:
    """Return what the township's code and name of each record mean together.

    As :func:`with_divisions` takes the same; nothing is said to the reader. Without
    ``known`` a code stands for itself.
    """
    codes = [_code(record, reader) for record in records]
    if known is None:
        return tuple(DivisionMatch(code) for code in codes)
    names = [_name(record) for record in records]
    former = former_codes()
    return match_divisions(codes, names, known, former=former, district=district_name)


def _with_village_renewed(record: Record, reader: TableReader, known: pd.DataFrame) -> Record:
    """Return a record with its village's code as it is now, where that one is known."""
    stated = record.values.get("village_code")
    renewed = moved(stated, former_codes()) if isinstance(stated, str) else None
    if renewed is None or stated in known.index or renewed not in known.index:
        return record
    if not is_blank(reader.cell(record, "township_code")):
        note = CODE_FORMER.note(text=stated, code=renewed)
        reader.note(note, record.number, "village_code")
    return replace(record, values=record.values | {"village_code": renewed})


def _ask_of_addresses(
    reader: TableReader,
    records: Sequence[Record],
    known: pd.DataFrame,
) -> None:
    """Ask whether a row that names no township lies in the one that its address names."""
    asked = [
        record
        for record in records
        if _code(record, reader) is None and _name(record) is None and record.values.get("address")
    ]
    addresses = [str(record.values["address"]) for record in asked]
    for record, proposal in zip(asked, find_divisions(addresses, known), strict=True):
        if proposal is not None:
            note = _IN_ADDRESS.note(code=proposal.value, share=f"{proposal.confidence:.0%}")
            reader.note(note, record.number, "address")


def _code(record: Record, reader: TableReader) -> str | None:
    for column in ("township_code", "village_code"):
        raw: Raw = reader.cell(record, column)
        if not is_blank(raw) and isinstance(raw, str | int | float):
            return plain_text(raw).strip()
    return None


def _name(record: Record) -> str | None:
    parts = [record.values.get(column.name) for column in DIVISION_COLUMNS]
    return "".join(str(part).strip() for part in parts if part) or None


def _with_match(record: Record, reader: TableReader, match: DivisionMatch) -> Record:
    names = ("township_code", "township_name", "village_code", "village_name")
    filled = (name for name in names if not is_blank(reader.cell(record, name)))
    column = next(filled, None)
    if match.error is not None:
        reader.errors.add(match.error, reader.place(record.number, column))
    elif match.note is not None:
        reader.note(match.note, record.number, column)
    village = record.values.get("village_code") or match.village_code
    values = record.values | {"township_code": match.code, "village_code": village}
    return replace(record, values=values)
