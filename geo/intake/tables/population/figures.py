"""Rows of population figures: one for each division, kind and year of a block."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from geo.core.errors import BadValueError, DuplicateError, MissingColumnError
from geo.core.messages import CellWarning
from geo.core.schema import POPULATION
from geo.core.vocabulary import LABELS, PopulationKind
from geo.intake.divisions.assignment import match_divisions
from geo.intake.divisions.codes import former_codes
from geo.intake.divisions.match import DivisionMatch
from geo.intake.divisions.names import folded_name
from geo.intake.formats.parts import is_blank
from geo.intake.headers.layout import HeaderLayout
from geo.intake.import_report import ErrorList
from geo.intake.pipeline import Draft, ReadRow, SheetColumns
from geo.intake.reference_data import ReferenceData
from geo.intake.sentences import message
from geo.intake.table_reader import MUST_BE_FILLED, Record, TableReader
from geo.intake.tables.population.blocks import MEASURES, Block, Stated

_SPLITS: Final = (
    ("城镇、乡村", "urban and rural", ("urban_population", "rural_population")),
    ("各年龄段", "ages", ("population_0_14", "population_15_59", "population_60_plus")),
)

PARTS_EXCEED: Final = message("population.population_parts_exceed")
PARTS_DIFFER: Final = message("population.population_parts_differ")


def check_parts(record: Record, reader: TableReader) -> None:
    """Add an error where parts sum to more than the whole, a note where all sum to less.

    Parameters
    ----------
    record : Record
        With ``population`` and what is reported of urban and rural people and of ages, persons;
        None where unknown.
    reader : TableReader
        Who is reported, at the row's population.
    """
    whole = _count(record.values.get("population"))
    if whole is None:
        return
    for zh, en, names in _SPLITS:
        parts = [_count(record.values.get(name)) for name in names]
        known = [part for part in parts if part is not None]
        told: Mapping[str, Any] = {
            "parts": zh, "parts_en": en, "sum": f"{sum(known):,}", "whole": f"{whole:,}",
        }  # fmt: skip
        if sum(known) > whole:
            place = reader.place(record.number, "population")
            reader.errors.add(PARTS_EXCEED.error(**told), place)
        elif len(known) == len(parts) and sum(known) < whole:
            less = f"{whole - sum(known):,}"
            reader.note(PARTS_DIFFER.note(less=less, **told), record.number, "population")


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | np.integer) else None


_WHOLE: Final = frozenset({"全区", "本区", "全县", "本县", "全市", "全区合计", "全县合计"})
_DISTRICT_DIGITS: Final = 6

TWICE: Final = message("population.population_twice")
NO_YEAR: Final = message("population.population_year_missing")
NO_KIND: Final = message("population.population_kind_missing")
NO_DIVISION: Final = message("population.population_division_missing")
STATED_ABOVE: Final = message("population.population_stated_above")
NO_FIGURE: Final = message("population.population_no_figure")
OUTSIDE: Final = message("population.population_of_other_district")


def read_block(
    block: Block,
    above: Stated,
    draft: Draft,
    reference: ReferenceData,
    *,
    units: tuple[str, ...] = (),
    several: bool = False,
) -> TableReader:
    """Add the figures of a block to the draft, and return what read them.

    Parameters
    ----------
    block : Block
        Of a sheet.
    above : Stated
        What titles and the sheet's name say.
    draft : Draft
        Of the file.
    reference : ReferenceData
        What they are read against.
    units : tuple of str
        That a line above the table states.
    several : bool
        Whether the sheet has other blocks: an empty cell then is a figure that is not
        there, and no error.

    Raises
    ------
    MissingColumnError
        Year, kind, division or source stand nowhere.
    """
    stated = block.stated.over(above)
    reader = draft.reader(
        HeaderLayout(block.sheet, units=units),
        _columns(stated, reference, several=several),
        reference,
        forgiving=reference.divisions is not None,
        aliases=block.aliases,
    )
    _require(reader, stated)
    draft.readers.append(reader)
    _tell_stated(reader, stated)
    records = [_with_stated(record, stated) for record in reader.records()]
    for record in _with_divisions(records, reader, reference):
        if several and record.values.get("population") is None and not record.faulty:
            _note_missing(record, reader)
            continue
        check_parts(record, reader)
        draft.rows.append(ReadRow(reader, _sourced(record, reference)))
    return reader


def check_twice(figures: Sequence[ReadRow], errors: ErrorList) -> None:
    """Add an error for each figure of a division, kind and year that an earlier row has."""
    seen: dict[tuple[Any, ...], int] = {}
    for figure in figures:
        values, number = figure.values, figure.record.number
        key = tuple(values.get(name) for name in ("division_code", "population_kind", "year"))
        if None in key or seen.setdefault(key, number) == number:
            continue
        error = TWICE.error(
            DuplicateError, code=key[0], year=key[2], row=seen[key], **kind_words(str(key[1]))
        )
        column = next(
            (c for c in ("division_code", "name_zh") if c in figure.reader.headings.positions), None
        )
        errors.add(error, figure.reader.place(number, column))


def kind_words(kind: str) -> dict[str, Any]:
    """Return a kind of population in both languages, as values of a message.

    Examples
    --------
    >>> kind_words("resident")
    {'kind': '常住人口', 'kind_en': 'resident'}
    """
    known = kind in {one.value for one in PopulationKind}
    label = LABELS[PopulationKind][PopulationKind(kind)].zh if known else kind
    return {"kind": label, "kind_en": kind}


def _columns(stated: Stated, reference: ReferenceData, *, several: bool) -> SheetColumns:
    """Return which columns a block may lack: what is stated elsewhere, or can be matched."""
    lacks = {"quality"} | ({"source_id"} if reference.source_id else set())
    if stated.year:
        lacks.add("year")
    if stated.population_kind:
        lacks.add("population_kind")
    optional = {"population"} if several else set()
    if reference.divisions is None:
        return SheetColumns(POPULATION.columns, frozenset(lacks), frozenset(optional))
    lacks |= {"division_code", "name_zh", "year", "population_kind"}
    optional |= {"division_code", "name_zh"}
    raw = frozenset({"division_code"})
    return SheetColumns(POPULATION.columns, frozenset(lacks), frozenset(optional), raw)


def _require(reader: TableReader, stated: Stated) -> None:
    there = reader.headings.positions
    for column, told, said in (
        ("year", stated.year, NO_YEAR),
        ("population_kind", stated.population_kind, NO_KIND),
    ):
        if column not in there and told is None:
            error = said.error(MissingColumnError)
            error.place = reader.place(reader.sheet.rows[0].number)
            raise error
    if not {"division_code", "name_zh"} & there.keys():
        error = NO_DIVISION.error(MissingColumnError)
        error.place = reader.place(reader.sheet.rows[0].number)
        raise error


def _tell_stated(reader: TableReader, stated: Stated) -> None:
    there = reader.headings.positions
    if "year" in there and "population_kind" in there:
        return
    note = STATED_ABOVE.note(
        year="…" if "year" in there else stated.year,
        **kind_words("…" if "population_kind" in there else str(stated.population_kind)),
    )
    reader.warnings.append(CellWarning(reader.place(reader.sheet.rows[0].number), note))


def _with_stated(record: Record, stated: Stated) -> Record:
    told: dict[str, Any] = {
        "population_kind": stated.population_kind,
        "year": None if stated.year is None else int(stated.year),
    }
    lacking = {name: value for name, value in told.items() if name not in record.values}
    return replace(record, values={**record.values, **lacking})


def _with_divisions(
    records: Sequence[Record], reader: TableReader, reference: ReferenceData
) -> list[Record]:
    if reference.divisions is None:
        return list(records)
    codes = [_code(record, reader) for record in records]
    names = [_name(record) for record in records]
    matches = match_divisions(
        codes,
        names,
        reference.divisions,
        former=former_codes(),
        district=reference.district_name,
    )
    found = []
    towns = _named_townships(codes, names, reference)
    for record, code, name, match in zip(records, codes, names, matches, strict=True):
        if name not in towns and _is_district(code, name, reference):
            told = {"division_code": reference.district_code, "name_zh": reference.district_name}
            found.append(replace(record, values={**record.values, **told}))
        else:
            found.append(_matched(record, reader, match, reference))
    return found


def _code(record: Record, reader: TableReader) -> str | None:
    raw = reader.cell(record, "division_code")
    if is_blank(raw) or not isinstance(raw, str | int | float):
        return None
    return re.sub(r"\.0$", "", str(raw)).strip()


def _name(record: Record) -> str | None:
    name = record.values.get("name_zh")
    return None if name is None else str(name)


def _named_townships(
    codes: Sequence[str | None], names: Sequence[str | None], reference: ReferenceData
) -> set[str]:
    """Return the names of townships that stand beside the district's own code."""
    assert reference.divisions is not None  # noqa: S101  (the caller saw to it)
    asked = dict.fromkeys(
        name
        for code, name in zip(codes, names, strict=True)
        if code is not None and name is not None and _is_district(code, None, reference)
        if not _is_district(None, name, reference)
    )
    nothing = [None] * len(asked)
    matches = match_divisions(nothing, list(asked), reference.divisions)
    return {name for name, match in zip(asked, matches, strict=True) if match.code is not None}


def _is_district(code: str | None, name: str | None, reference: ReferenceData) -> bool:
    """Return whether a row is of the district itself: by its code, or by its name without one."""
    if code is not None:
        return code.ljust(_DISTRICT_DIGITS, "0") == reference.district_code or (
            len(code) > _DISTRICT_DIGITS and code.rstrip("0") == reference.district_code.rstrip("0")
        )
    own = {folded_name(reference.district_name or ""), *map(folded_name, _WHOLE)}
    return name is not None and folded_name(name) in own


def _matched(
    record: Record, reader: TableReader, match: DivisionMatch, reference: ReferenceData
) -> Record:
    columns = ("division_code", "name_zh")
    column = next((c for c in columns if not is_blank(reader.cell(record, c))), None)
    place = reader.place(record.number, column)
    if match.error is not None:
        reader.errors.add(match.error, place)
    elif match.code is None:
        reader.errors.add(
            MUST_BE_FILLED.error()
            if match.note is None
            else OUTSIDE.error(BadValueError, code=str(_name(record) or _code(record, reader)),
                               district=reference.district_name),
            place,
        )  # fmt: skip
    elif match.note is not None:
        reader.warnings.append(CellWarning(place, match.note))
    code = match.village_code or match.code
    assert reference.divisions is not None  # noqa: S101  (the caller saw to it)
    name = reference.divisions["name_zh"].get(code, record.values.get("name_zh"))
    return replace(record, values=record.values | {"division_code": code, "name_zh": name})


def _note_missing(record: Record, reader: TableReader) -> None:
    told = kind_words(str(record.values.get("population_kind")))
    note = NO_FIGURE.note(year=record.values.get("year"), **told)
    reader.note(note, record.number, "population")


def _sourced(record: Record, reference: ReferenceData) -> Record:
    """Return a record with its source; what the file says of its own goes to the basis."""
    values = {"quality": reference.quality.value} | record.values
    if reference.source_id is not None:
        own, basis = record.values.get("source_id"), record.values.get("basis")
        told = f"来源：{own}" if own and own != reference.source_id else None
        words = [str(part) for part in (basis, told) if part]
        values |= {"source_id": reference.source_id, "basis": "；".join(words) or None}
    figures = {name: values.get(name) for name in MEASURES}
    return replace(record, values=values | figures)
