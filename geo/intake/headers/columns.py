"""Which column of a file is which column of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from openpyxl.utils import get_column_letter

from geo.core.errors import DuplicateError, InputError
from geo.core.messages import Note, Whole, shown
from geo.core.schema import Column
from geo.intake.formats.parts import Raw, Row, Sheet, is_blank
from geo.intake.headers.lexicon import (
    RANKS,
    HeadingMatch,
    Lexicon,
    is_silent,
    lexicon_of,
    match_heading,
)
from geo.intake.headers.normalise import UNITS
from geo.intake.headers.proposals import (
    ASKED,
    PROPOSED,
    HeadingProposal,
    decided,
    missing_columns,
    near_columns,
)
from geo.intake.headers.synonyms import PROVENANCE, Synonyms
from geo.intake.sentences import message

_JOINED: Final = frozenset({"contact", "note"})
"""Columns that offices divide: 联系人, 联系电话."""

_NEAR: Final = message("headers.heading_near")
_YIELDS: Final = message("headers.heading_second")
_JOINS: Final = message("headers.heading_joined")
_UNCLEAR: Final = message("headers.heading_unclear")
_TWICE: Final = message("headers.heading_twice")


_HEADING_SAME_TWICE = message("headers.heading_same_twice")


@dataclass(frozen=True)
class FoundHeading:
    """A heading, where it stands, and what it means."""

    position: int
    text: str
    match: HeadingMatch


@dataclass
class HeadingChoice:
    """What is gathered of the headings, one column after the other."""

    chosen: dict[str, FoundHeading] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    joined: dict[str, tuple[int, ...]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    proposals: list[HeadingProposal] = field(default_factory=list)


def find_claims(
    sheet: Sheet, known: Mapping[str, Column], lexicon: Lexicon, outcome: HeadingChoice
) -> Mapping[str, list[FoundHeading]]:
    """Return the headings that claim each column; the others are left."""
    claims: dict[str, list[FoundHeading]] = defaultdict(list)
    for position, raw in enumerate(sheet.rows[0].cells):
        if is_blank(raw):
            continue
        text = " ".join(str(raw).split())
        match = match_heading(text, lexicon)
        if match is not None and match.column in known:
            claims[match.column].append(FoundHeading(position, text, match))
        elif not is_silent(text, lexicon):
            outcome.left[position] = shown(text)
    return claims


def choose(
    column: Column,
    found: Sequence[FoundHeading],
    outcome: HeadingChoice,
    sheet: Sheet,
    required: bool,
) -> None:
    """Give a column the surest of the headings that claim it."""
    rank = min((one.match.rank for one in found), key=RANKS.index)
    best = [one for one in found if one.match.rank == rank]
    if len(best) > 1 and rank == "label":
        raise _twice(sheet, sheet.rows[0], best[0].position, best[1].position)
    if len(best) > 1 and column.name not in _JOINED:
        _leave_open(column, best, outcome, sheet, required)
        return
    first = outcome.chosen[column.name] = best[0]
    if column.name in _JOINED and len(found) > 1:
        outcome.joined[column.name] = tuple(o.position for o in found if o is not first)
        texts = tuple(one.text for one in found)
        outcome.notes.append(_JOINS.note(texts=texts, column=column.zh))
        return
    for one in found:
        if one is not first:
            outcome.left[one.position] = shown(one.text)
    outcome.notes += [
        _YIELDS.note(text=one.text, kept=first.text, column=column.zh)
        for one in found
        if one is not first
    ]


def _leave_open(
    column: Column,
    best: Sequence[FoundHeading],
    outcome: HeadingChoice,
    sheet: Sheet,
    required: bool,
) -> None:
    """Say that a person must choose; without the column where that may be lacking."""
    texts = tuple(one.text for one in best)
    if required:
        error = _TWICE.error(DuplicateError, texts=texts, column=column.zh)
        error.place = sheet.place(sheet.rows[0].number)
        raise error
    outcome.notes.append(_UNCLEAR.note(texts=texts, column=column.zh))
    for one in best:
        outcome.left[one.position] = shown(one.text)
        outcome.proposals.append(HeadingProposal(one.text, column.name, ASKED))


def look_near(
    known: Mapping[str, Column], lexicon: Lexicon, outcome: HeadingChoice, forgiving: bool
) -> None:
    """Take or propose columns that no heading names for headings that name none."""
    named = {proposal.text for proposal in outcome.proposals}
    free = set(known) - set(outcome.chosen) - {proposal.column for proposal in outcome.proposals}
    near: dict[str, list[FoundHeading]] = defaultdict(list)
    for position, text in outcome.left.items():
        likes = near_columns(text, lexicon)
        if not likes or text in named:
            continue
        if forgiving and decided(likes) and likes[0][0] in free:
            match = HeadingMatch(likes[0][0], "near", confidence=likes[0][1])
            near[match.column].append(FoundHeading(position, text, match))
        else:
            outcome.proposals += _proposals(text, likes, free)
    for name, found in near.items():
        if len(found) > 1:
            outcome.proposals += [HeadingProposal(o.text, name, o.match.confidence) for o in found]
            continue
        del outcome.left[found[0].position]
        outcome.chosen[name] = found[0]
        percent = f"{found[0].match.confidence:.0%}".rstrip("%")
        note = _NEAR.note(text=found[0].text, column=known[name].zh, percent=percent)
        outcome.notes.append(note)


def _proposals(
    text: str, likes: Sequence[tuple[str, float]], free: set[str]
) -> Iterator[HeadingProposal]:
    best = likes[0][1]
    for name, confidence in likes:
        if name in free and confidence == best and (best >= PROPOSED or best == ASKED):
            yield HeadingProposal(text, name, confidence)


def _twice(sheet: Sheet, header: Row, first: int, second: int) -> DuplicateError:
    texts = [shown(header.cells[position]) for position in (first, second)]
    letters = [get_column_letter(position + 1) for position in (first, second)]
    return _HEADING_SAME_TWICE.error(
        DuplicateError,
        place=sheet.place(header.number),
        first=Whole(letters[0]),
        first_text=Whole(texts[0]),
        second=Whole(letters[1]),
        second_text=Whole(texts[1]),
    )


_UNIT_WORDS: Final = {"m²": "平方米", "m": "米", "人": "人", "°": "度"}

_UNIT: Final = message("headers.heading_unit")
_CONFLICT: Final = message("headers.heading_contradiction")


_HEADING_WRONG_UNIT = message("headers.heading_wrong_unit")


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
    notes : tuple of Note
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
    notes: tuple[Note, ...] = ()
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
        Whether the caller multiplies by ``factors`` and passes ``notes`` on. Only
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
    >>> from geo.intake.formats.parts import Row
    >>> sheet = Sheet("a.csv", None, [Row(1, ("name", "布展面积（平方米）", "备忘"))])
    >>> found = understand(sheet, [FACILITIES["name"], FACILITIES["exhibition_area_m2"]])
    >>> dict(found.positions), found.ignored
    ({'name': 0, 'exhibition_area_m2': 1}, ('备忘',))
    """
    known = {column.name: column for column in columns if column.name not in PROVENANCE}
    lexicon = lexicon_of(list(known.values()), aliases=aliases, synonyms=synonyms)
    outcome = HeadingChoice()
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


def _headings(sheet: Sheet, outcome: HeadingChoice, factors: Mapping[str, float]) -> Headings:
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
        notes=tuple(outcome.notes),
        proposals=tuple(sorted(outcome.proposals, key=lambda p: -p.confidence)),
    )


def _factors(
    known: Mapping[str, Column],
    outcome: HeadingChoice,
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
            note = _UNIT.note(text=found.text, unit=unit, factor=f"{factor:.10g}")
            outcome.notes.append(note)
            yield name, factor


def _implied(
    chosen: Mapping[str, FoundHeading], outcome: HeadingChoice
) -> Iterator[tuple[str, str]]:
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
            outcome.notes.append(_CONFLICT.note(column=name, values=tuple(values)))


def _wrong_unit(text: str, column: Column, sheet: Sheet) -> InputError:
    unit = _UNIT_WORDS[column.unit]
    error = _HEADING_WRONG_UNIT.error(
        text=str(text), unit=Whole(unit), column=Whole(column.zh), unit_en=Whole(column.unit)
    )
    error.place = sheet.place(sheet.rows[0].number, text)
    return error


def without_heading(headings: Headings, cells: Sequence[Raw]) -> list[int]:
    """Return the positions, from 0, of cells that stand beyond the last heading."""
    beyond = range(headings.width, len(cells))
    return [position for position in beyond if not is_blank(cells[position])]
