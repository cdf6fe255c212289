"""Which column of a file is which column of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from geo.core.errors import InputError, MissingColumnError
from geo.core.messages import Remark, Whole, message, shown
from geo.core.schema import Column
from geo.intake.headings.choice import (
    Found,
    HeadingProposal,
    Outcome,
    choose,
    find_claims,
    look_near,
)
from geo.intake.headings.folding import folded
from geo.intake.headings.matching import lexicon_of
from geo.intake.headings.synonyms import PROVENANCE, Synonyms
from geo.intake.headings.units import UNITS
from geo.intake.rows import Raw, Sheet, is_blank

__all__ = [
    "HeadingProposal",
    "Headings",
    "folded",
    "missing_columns",
    "understand",
    "without_heading",
]

_UNIT_WORDS: Final = {"m²": "平方米", "m": "米", "人": "人", "°": "度"}
_SHOWN_HEADINGS: Final = 40
_SHOWN_HINTS: Final = 5

_UNIT: Final = message(
    "heading_unit",
    "「{text}」一列的单位不是{unit}，各数已乘以 {factor} 换算。",
    "The figures under '{text}' are not in {unit} and were multiplied by {factor}.",
)
_CONFLICT: Final = message(
    "heading_contradiction",
    "表头对「{column}」说法不一：{values}。请在表中另设一列填明。",
    "The headings contradict each other on '{column}': {values}; give it a column.",
)


_HEADING_WRONG_UNIT = message(
    "heading_wrong_unit",
    "「{text}」的单位应为{unit}，请换算后把表头改为「{column}（{unit}）」。",
    "The unit of '{text}' must be {unit_en}; convert the figures.",
)
_HEADINGS_MISSING = message(
    "headings_missing",
    "缺少必需的列{lacking}。现有表头：{found}{more}。{near}请补上，或改正表头。",
    "Columns are missing: {columns_en}. The headings are: {found}{more}.{near_en}",
)


@dataclass(frozen=True)
class Headings:
    """The headings of a sheet, understood.

    Attributes
    ----------
    positions : Mapping[str, int]
        Column's name to its position in a row, from 0.
    texts : Mapping[str, str]
        Column's name to the heading as the file writes it.
    ignored : tuple of str
        Headings that name no column of the table.
    width : int
        Positions that have a heading.
    factors : Mapping[str, float]
        Column's name to what its figures are to be multiplied by, to be in its unit.
    implied : Mapping[str, str]
        What headings say of columns that are not there: 常住人口 of ``population_kind``,
        经度（高德） of ``datum``; as words of the file.
    joined : Mapping[str, tuple of int]
        Column's name to the positions after the first that belong to it as well.
    remarks : tuple of Remark
        What was taken otherwise than it stands.
    proposals : tuple of HeadingProposal
        What the headings left over may mean, the likeliest first.
    """

    positions: Mapping[str, int]
    texts: Mapping[str, str]
    ignored: tuple[str, ...]
    width: int
    factors: Mapping[str, float] = field(default_factory=dict)
    implied: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    proposals: tuple[HeadingProposal, ...] = ()


def understand(
    sheet: Sheet,
    columns: Sequence[Column],
    *,
    aliases: Mapping[str, str] | None = None,
    may_lack: frozenset[str] = frozenset(),
    synonyms: Synonyms | None = None,
    units: Sequence[str] = (),
    forgiving: bool = False,
) -> Headings:
    """Find each column of a table among the headings of a sheet.

    A heading is a column's identifier, its Chinese or English label or another
    word that offices use for it, with or without its unit in brackets of either
    width. Where a label and another word name the same column the label holds.
    Columns of provenance are not looked for: intake fills them itself.

    Parameters
    ----------
    sheet : Sheet
        With at least one row, the headings.
    columns : sequence of Column
        Of the table.
    aliases : Mapping[str, str], optional
        Further words, already :func:`folded`, to a column's name.
    may_lack : frozenset of str
        Required columns that may be missing altogether all the same.
    synonyms : Synonyms, optional
        Of the office; the built-in ones if not given.
    units : sequence of str
        That a line above the table states, for headings that give none.
    forgiving : bool
        Whether the caller multiplies by ``factors`` and passes ``remarks`` on. Only
        then is another unit converted, and a heading that is nearly a column's taken.

    Raises
    ------
    MissingColumnError
        Required columns are missing; all are named, and what was found.
    DuplicateError
        Two headings name the same column.
    BadValueError
        A heading gives its column a unit that cannot be converted.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> from geo.intake.rows import Row
    >>> sheet = Sheet("a.csv", None, [Row(1, ("name", "布展面积（平方米）", "备忘"))])
    >>> found = understand(sheet, [FACILITIES["name"], FACILITIES["exhibition_area_m2"]])
    >>> dict(found.positions), found.ignored
    ({'name': 0, 'exhibition_area_m2': 1}, ('备忘',))
    """
    known = {column.name: column for column in columns if column.name not in PROVENANCE}
    lexicon = lexicon_of(list(known.values()), aliases=aliases, synonyms=synonyms)
    outcome = Outcome()
    claims = find_claims(sheet, known, lexicon, outcome)
    for name, found in claims.items():
        choose(known[name], found, outcome, sheet, known[name].required and name not in may_lack)
    look_near(known, lexicon, outcome, forgiving)
    missing = [c for c in known.values() if c.required and c.name not in outcome.chosen]
    missing = [column for column in missing if column.name not in may_lack]
    if missing:
        raise missing_columns(sheet, missing, outcome.proposals)
    factors = dict(_factors(known, outcome, sheet, tuple(units), forgiving))
    return _headings(sheet, outcome, factors)


def _headings(sheet: Sheet, outcome: Outcome, factors: Mapping[str, float]) -> Headings:
    chosen = dict(sorted(outcome.chosen.items(), key=lambda item: item[1].position))
    implied = dict(_implied(chosen, outcome))
    return Headings(
        positions={name: found.position for name, found in chosen.items()},
        texts={name: found.text for name, found in chosen.items()},
        ignored=tuple(text for _, text in sorted(outcome.left.items())),
        width=len(sheet.rows[0].cells),
        factors=factors,
        implied=implied,
        joined=outcome.joined,
        remarks=tuple(outcome.remarks),
        proposals=tuple(sorted(outcome.proposals, key=lambda p: -p.confidence)),
    )


def _factors(
    known: Mapping[str, Column],
    outcome: Outcome,
    sheet: Sheet,
    stated: tuple[str, ...],
    forgiving: bool,
) -> Iterator[tuple[str, float]]:
    """Return what the figures of columns are to be multiplied by, where it is not 1."""
    for name, found in sorted(outcome.chosen.items(), key=lambda item: item[1].position):
        column = known[name]
        factor = found.match.factor
        if factor is None:
            fitting = {UNITS[column.unit][unit] for unit in stated if unit in UNITS[column.unit]}
            factor = fitting.pop() if len(fitting) == 1 else 1.0
        if found.match.foreign or (factor != 1 and not forgiving):
            raise _wrong_unit(found.text, column, sheet)
        if factor != 1:
            unit = _UNIT_WORDS[column.unit]
            remark = _UNIT.remark(text=found.text, unit=unit, factor=f"{factor:.10g}")
            outcome.remarks.append(remark)
            yield name, factor


def _implied(chosen: Mapping[str, Found], outcome: Outcome) -> Iterator[tuple[str, str]]:
    told: dict[str, dict[str, None]] = defaultdict(dict)
    for found in chosen.values():
        for name, value in found.match.states.items():
            told[name][value] = None
    for name, values in told.items():
        if name in chosen:
            continue
        if len(values) == 1:
            yield name, next(iter(values))
        else:
            outcome.remarks.append(_CONFLICT.remark(column=name, values=tuple(values)))


def _wrong_unit(text: str, column: Column, sheet: Sheet) -> InputError:
    unit = _UNIT_WORDS[column.unit]
    fault = _HEADING_WRONG_UNIT.fault(
        text=str(text), unit=Whole(unit), column=Whole(column.zh), unit_en=Whole(column.unit)
    )
    fault.place = sheet.place(sheet.rows[0].number, text)
    return fault


def missing_columns(
    sheet: Sheet, missing: Sequence[Column], proposals: Sequence[HeadingProposal] = ()
) -> MissingColumnError:
    """Return the error that names the columns missing, and the headings found."""
    header = sheet.rows[0]
    found = [shown(cell) for cell in header.cells if not is_blank(cell)]
    more = "…" * (len(found) > _SHOWN_HEADINGS)
    found = found[:_SHOWN_HEADINGS] or ["—"]
    lacking = "".join(f"「{column.zh}」" for column in missing)
    near_zh, near_en = _hints(missing, proposals)
    return _HEADINGS_MISSING.fault(
        MissingColumnError,
        place=sheet.place(header.number),
        lacking=Whole(lacking),
        found=tuple(found),
        more=Whole(more),
        near=Whole(near_zh),
        columns_en=Whole(", ".join(column.en for column in missing)),
        near_en=Whole(near_en),
    )


def _hints(missing: Sequence[Column], proposals: Sequence[HeadingProposal]) -> tuple[str, str]:
    """Return the question whether some headings mean the columns missing."""
    lacking = {column.name: column for column in missing}
    asked = [p for p in proposals if p.column in lacking][:_SHOWN_HINTS]
    if not asked:
        return "", ""
    pairs = [(shown(proposal.text), lacking[proposal.column]) for proposal in asked]
    zh = "，".join(f"「{text}」是否指「{column.zh}」" for text, column in pairs)
    en = ", ".join(f"'{text}' for '{column.en}'" for text, column in pairs)
    return f"{zh}？", f" Is that {en}?"


def without_heading(headings: Headings, cells: Sequence[Raw]) -> list[int]:
    """Return the positions, from 0, of cells that stand beyond the last heading."""
    return [
        position for position in range(headings.width, len(cells)) if not is_blank(cells[position])
    ]
