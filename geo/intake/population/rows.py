"""Rows of population figures: one for each division, kind and year of a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from geo.core.errors import BadValueError, DuplicateError, MissingColumnError
from geo.core.messages import Noted, message
from geo.core.schema import POPULATION
from geo.core.vocabulary import LABELS, PopulationKind
from geo.intake.divisions.division_match import DivisionMatch
from geo.intake.divisions.former import former_codes
from geo.intake.divisions.naming import folded_name
from geo.intake.divisions.places import match_divisions
from geo.intake.faults import Faults
from geo.intake.parts import check_parts
from geo.intake.population.setting import PopulationSetting
from geo.intake.population.unfolding import MEASURES, Block, Stated
from geo.intake.rows import is_blank
from geo.intake.table import MUST_BE_FILLED, Record, TableReader

_WHOLE: Final = frozenset({"全区", "本区", "全县", "本县", "全市", "全区合计", "全县合计"})
_DISTRICT_DIGITS: Final = 6

TWICE: Final = message(
    "population_twice",
    "{code} 的 {year} 年{kind}与第{row}行重复，请删去其中一行。",
    "The {kind_en} population of {code} in {year} stands in row {row} too.",
)
NO_YEAR: Final = message(
    "population_year_missing",
    "没有年份：请加「年份」一列，或在表头、标题、表名里写明，如「2023年末常住人口」。",
    "There is no year; add the column, or write it into the headings, title or sheet's name.",
)
NO_KIND: Final = message(
    "population_kind_missing",
    "没有人口口径：请加「人口口径」一列，或在表头、标题里写明常住人口还是户籍人口。",
    "It is not told whether these are residents or the registered; add the column or say it above.",
)
NO_DIVISION: Final = message(
    "population_division_missing",
    "没有行政区划代码，也没有名称，请至少填一列。",
    "There is neither a division code nor a name; give one of them.",
)
STATED_ABOVE: Final = message(
    "population_stated_above",
    "年份或口径由标题、表头或表名得知：{year} 年{kind}。",
    "Year or kind are known from title, headings or the sheet's name: {kind_en}, {year}.",
)
NO_FIGURE: Final = message(
    "population_no_figure",
    "{year} 年{kind}没有数，未登记（不明不是 0）。",
    "There is no figure of the {kind_en} of {year}; none is kept (unknown is not zero).",
)
OUTSIDE: Final = message(
    "population_of_other_district",
    "{code} 不在本区（{district}），请删去这一行。",
    "{code} is not in this district ({district}); leave the row out.",
)


@dataclass(frozen=True)
class Figure:
    """One figure as read.

    Attributes
    ----------
    reader : TableReader
        Of its block.
    record : Record
        Its row, with values by column of :data:`geo.core.schema.POPULATION`.
    """

    reader: TableReader
    record: Record

    @property
    def values(self) -> dict[str, Any]:
        """Its values by column."""
        return self.record.values


def read_block(
    block: Block,
    above: Stated,
    setting: PopulationSetting,
    faults: Faults,
    *,
    units: tuple[str, ...] = (),
    several: bool = False,
) -> tuple[TableReader, list[Figure]]:
    """Return the figures of a block; what is wrong goes to the faults.

    Parameters
    ----------
    block : Block
        Of a sheet.
    above : Stated
        What titles and the sheet's name say.
    setting : PopulationSetting
        What they are read against.
    faults : Faults
        Of the file.
    units : tuple of str
        That a line above the table states.
    several : bool
        Whether the sheet has other blocks: an empty cell then is a figure that is not
        there, and no fault.

    Raises
    ------
    MissingColumnError
        Year, kind, division or source stand nowhere.
    """
    stated = block.stated.over(above)
    reader = _reader(block, stated, setting, faults, units, several=several)
    _require(reader, stated)
    _tell_stated(reader, stated)
    records = [_with_stated(record, stated) for record in reader.records()]
    records = _with_divisions(records, reader, setting)
    figures = []
    for record in records:
        if several and record.values.get("population") is None and not record.faulty:
            _note_missing(record, reader)
            continue
        check_parts(record, reader)
        figures.append(Figure(reader, _sourced(record, setting)))
    return reader, figures


def check_twice(figures: Sequence[Figure], faults: Faults) -> None:
    """Add a fault for each figure of a division, kind and year that an earlier row has."""
    seen: dict[tuple[Any, ...], int] = {}
    for figure in figures:
        values, number = figure.values, figure.record.number
        key = tuple(values.get(name) for name in ("division_code", "population_kind", "year"))
        if None in key or seen.setdefault(key, number) == number:
            continue
        fault = TWICE.fault(
            DuplicateError, code=key[0], year=key[2], row=seen[key], **kind_words(str(key[1]))
        )
        column = next(
            (c for c in ("division_code", "name_zh") if c in figure.reader.headings.positions), None
        )
        faults.add(fault, figure.reader.place(number, column))


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


def _reader(
    block: Block,
    stated: Stated,
    setting: PopulationSetting,
    faults: Faults,
    units: tuple[str, ...],
    *,
    several: bool,
) -> TableReader:
    lacks = {"quality"} | ({"source_id"} if setting.source_id else set())
    if stated.year:
        lacks.add("year")
    if stated.population_kind:
        lacks.add("population_kind")
    if setting.divisions is not None:
        lacks |= {"division_code", "name_zh", "year", "population_kind"}
    return TableReader(
        block.sheet,
        POPULATION.columns,
        faults,
        may_lack=frozenset(lacks),
        synonyms=setting.synonyms,
        units=units,
        forgiving=setting.divisions is not None,
        optional=frozenset({"population"} if several else ())
        | ({"division_code", "name_zh"} if setting.divisions is not None else frozenset()),
        raw=frozenset({"division_code"} if setting.divisions is not None else ()),
        aliases=block.aliases,
    )


def _require(reader: TableReader, stated: Stated) -> None:
    there = reader.headings.positions
    for column, told, said in (
        ("year", stated.year, NO_YEAR),
        ("population_kind", stated.population_kind, NO_KIND),
    ):
        if column not in there and told is None:
            fault = said.fault(MissingColumnError)
            fault.place = reader.place(reader.sheet.rows[0].number)
            raise fault
    if not {"division_code", "name_zh"} & there.keys():
        fault = NO_DIVISION.fault(MissingColumnError)
        fault.place = reader.place(reader.sheet.rows[0].number)
        raise fault


def _tell_stated(reader: TableReader, stated: Stated) -> None:
    there = reader.headings.positions
    if "year" in there and "population_kind" in there:
        return
    remark = STATED_ABOVE.remark(
        year="…" if "year" in there else stated.year,
        **kind_words("…" if "population_kind" in there else str(stated.population_kind)),
    )
    reader.noted.append(Noted(reader.place(reader.sheet.rows[0].number), remark))


def _with_stated(record: Record, stated: Stated) -> Record:
    told: dict[str, Any] = {
        "population_kind": stated.population_kind,
        "year": None if stated.year is None else int(stated.year),
    }
    lacking = {name: value for name, value in told.items() if name not in record.values}
    return replace(record, values={**record.values, **lacking})


def _with_divisions(
    records: Sequence[Record], reader: TableReader, setting: PopulationSetting
) -> list[Record]:
    if setting.divisions is None:
        return list(records)
    codes = [_code(record, reader) for record in records]
    names = [_name(record) for record in records]
    matches = match_divisions(
        codes,
        names,
        setting.divisions,
        former=former_codes(),
        district=setting.district_name,
    )
    found = []
    towns = _named_townships(codes, names, setting)
    for record, code, name, match in zip(records, codes, names, matches, strict=True):
        if name not in towns and _is_district(code, name, setting):
            told = {"division_code": setting.district_code, "name_zh": setting.district_name}
            found.append(replace(record, values={**record.values, **told}))
        else:
            found.append(_matched(record, reader, match, setting))
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
    codes: Sequence[str | None], names: Sequence[str | None], setting: PopulationSetting
) -> set[str]:
    """Return the names of townships that stand beside the district's own code."""
    assert setting.divisions is not None  # noqa: S101  (the caller saw to it)
    asked = dict.fromkeys(
        name
        for code, name in zip(codes, names, strict=True)
        if code is not None and name is not None and _is_district(code, None, setting)
        if not _is_district(None, name, setting)
    )
    nothing = [None] * len(asked)
    matches = match_divisions(nothing, list(asked), setting.divisions)
    return {name for name, match in zip(asked, matches, strict=True) if match.code is not None}


def _is_district(code: str | None, name: str | None, setting: PopulationSetting) -> bool:
    """Tell whether a row is of the district itself: by its code, or by its name without one."""
    if code is not None:
        return code.ljust(_DISTRICT_DIGITS, "0") == setting.district_code or (
            len(code) > _DISTRICT_DIGITS and code.rstrip("0") == setting.district_code.rstrip("0")
        )
    own = {folded_name(setting.district_name), *map(folded_name, _WHOLE)}
    return name is not None and folded_name(name) in own


def _matched(
    record: Record, reader: TableReader, match: DivisionMatch, setting: PopulationSetting
) -> Record:
    columns = ("division_code", "name_zh")
    column = next((c for c in columns if not is_blank(reader.cell(record, c))), None)
    place = reader.place(record.number, column)
    if match.fault is not None:
        reader.faults.add(match.fault, place)
    elif match.code is None:
        reader.faults.add(
            MUST_BE_FILLED.fault()
            if match.remark is None
            else OUTSIDE.fault(BadValueError, code=str(_name(record) or _code(record, reader)),
                               district=setting.district_name),
            place,
        )  # fmt: skip
    elif match.remark is not None:
        reader.noted.append(Noted(place, match.remark))
    code = match.village_code or match.code
    assert setting.divisions is not None  # noqa: S101  (the caller saw to it)
    name = setting.divisions["name_zh"].get(code, record.values.get("name_zh"))
    return replace(record, values=record.values | {"division_code": code, "name_zh": name})


def _note_missing(record: Record, reader: TableReader) -> None:
    told = kind_words(str(record.values.get("population_kind")))
    remark = NO_FIGURE.remark(year=record.values.get("year"), **told)
    reader.note(remark, record.number, "population")


def _sourced(record: Record, setting: PopulationSetting) -> Record:
    """Return a record with its source; what the file says of its own goes to the basis."""
    values = {"quality": setting.quality.value} | record.values
    if setting.source_id is not None:
        own, basis = record.values.get("source_id"), record.values.get("basis")
        told = f"来源：{own}" if own and own != setting.source_id else None
        words = [str(part) for part in (basis, told) if part]
        values |= {"source_id": setting.source_id, "basis": "；".join(words) or None}
    figures = {name: values.get(name) for name in MEASURES}
    return replace(record, values=values | figures)
