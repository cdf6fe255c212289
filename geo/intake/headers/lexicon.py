"""One heading: which column it means, in which unit, and what else it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from geo.core.schema import TABLES, Column
from geo.intake.headers.normalise import ALL_UNITS, UNIT_AT_END, UNITS, heading_word
from geo.intake.headers.synonyms import (
    PLACE,
    SECTIONS,
    Section,
    Synonyms,
    builtin_synonyms,
    labels_of,
)

_BRACKETED: Final = re.compile(r"(.+)\(([^()]*)\)")
_HINT_START: Final = (
    "如:",
    "例:",
    "例如",
    "如20",
    "如19",
    "格式",
    "请",
    "填",
    "单位:",
    "注:",
    "按",
)
_YEAR: Final = re.compile(r"(?:截至|截止)?((?:19|20)\d\d)年?(?:年?[末底初]|\d{1,2}月[末底]?)?")
_YEAR_FIRST: Final = re.compile(r"((?:19|20)\d\d)年?[末底]?(\D.+)")
_PLANNED: Final = re.compile("规划|计划|拟|新增|预计|目标|任务|缺口")
_TOTALS: Final = frozenset({"合计", "总计", "小计", "总数", "共计", "计", "总量", "名称", "全称"})
_SHORT: Final = 2
_COORDINATES: Final = frozenset(
    {"longitude", "latitude", "x_coordinate", "y_coordinate", "position"}
)

Rank = Literal["label", "synonym", "near"]
RANKS: Final[tuple[Rank, ...]] = ("label", "synonym", "near")
"""From the surest on."""


@dataclass(frozen=True)
class HeadingMatch:
    """What a heading means.

    Attributes
    ----------
    column : str
        The column's name.
    rank : {"label", "synonym", "near"}
        How it was found.
    factor : float or None
        By which figures are multiplied to be in the column's unit; None where the
        heading gives no unit.
    foreign : str
        A unit in the heading that cannot be the column's, else empty.
    states : Mapping[str, str]
        What the heading says of other columns.
    confidence : float
        1 but for ``near``.
    """

    column: str
    rank: Rank
    factor: float | None = None
    foreign: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 1.0


@dataclass(frozen=True)
class Lexicon:
    """The words that count in one sheet: its table's, and those of a place."""

    labels: Mapping[str, str]
    section: Section
    synonyms: Synonyms
    units: Mapping[str, str]
    counts_people: bool

    def column(self, word: str) -> tuple[str, Rank] | None:
        """Return the column of a whole word."""
        if word in self.labels:
            return self.labels[word], "label"
        name = self.section.words.get(word)
        return None if name is None else (name, "synonym")


def lexicon_of(
    columns: Sequence[Column],
    *,
    aliases: Mapping[str, str] | None = None,
    synonyms: Synonyms | None = None,
) -> Lexicon:
    """Return the words for a table's columns.

    The table is the one that has most of them; words of its other columns keep
    their meaning, so that nothing else is taken for one of theirs.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> match_heading("布展面积（亩）", lexicon_of(FACILITIES.columns)).column
    'exhibition_area_m2'
    """
    shares = {
        name: sum(column in table.columns for column in columns) for name, table in TABLES.items()
    }
    best = max(shares, key=lambda name: shares[name])
    table = best if shares[best] else ""
    known = synonyms or builtin_synonyms()
    section, labels = known.sections[PLACE], dict(labels_of(PLACE))
    units = {"longitude": "°", "latitude": "°"}
    if table in SECTIONS:
        section = section.under(known.sections[table])
        labels |= labels_of(table)
        units |= {column.name: column.unit for column in TABLES[table].columns}
    for column in columns:
        labels |= {heading_word(w): column.name for w in (column.en, column.zh, column.name)}
        units[column.name] = column.unit
    labels |= {heading_word(word): name for word, name in (aliases or {}).items()}
    return Lexicon(labels, section, known, units, table == "population")


def match_heading(text: str, lexicon: Lexicon) -> HeadingMatch | None:
    """Return what a heading means for certain, None where no word of a column is like it.

    Storeys of a heading stand one behind the other, with a slash between them.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> words = lexicon_of(FACILITIES.columns)
    >>> match_heading("面积（万㎡）/展厅", words).factor
    10000.0
    >>> match_heading("开放时间", words) is None
    True
    """
    word = heading_word(text)
    return _read(word, lexicon) or _levels(word, lexicon)


def is_silent(text: str, lexicon: Lexicon) -> bool:
    """Return whether a heading is left out without a word: 序号."""
    return heading_word(text) in lexicon.synonyms.silent


def _read(word: str, lexicon: Lexicon) -> HeadingMatch | None:
    found = lexicon.column(word)
    if found is not None:
        states = lexicon.section.states.get(word, {})
        return HeadingMatch(found[0], found[1], states=states)
    if not word or word in lexicon.section.never:
        return None
    bracketed = _BRACKETED.fullmatch(word)
    if bracketed is not None:
        inner = _read(bracketed[1], lexicon)
        return inner and _within(inner, bracketed[2], lexicon)
    return _with_unit(word, lexicon) or _of_year(word, lexicon)


def _within(match: HeadingMatch, inside: str, lexicon: Lexicon) -> HeadingMatch | None:
    """Return a match with what the brackets behind it add; None where they make it another."""
    units = UNITS.get(lexicon.units.get(match.column, ""), {})
    if inside in units:
        return replace(match, factor=units[inside])
    if inside in lexicon.synonyms.hints or inside.startswith(_HINT_START):
        return match
    if match.column in _COORDINATES and inside in lexicon.synonyms.datums:
        return replace(match, states={**match.states, "datum": inside})
    year = _YEAR.fullmatch(inside)
    if year is not None and lexicon.counts_people:
        return replace(match, states={**match.states, "year": year[1]})
    same = lexicon.column(inside)
    if same is not None and same[0] == match.column:
        return match
    # 展厅面积（亩） taken as m², or left out in silence, would both give wrong figures.
    return replace(match, foreign=inside) if units else None


def _with_unit(word: str, lexicon: Lexicon) -> HeadingMatch | None:
    """Return the match of a word with its unit behind it and no brackets: 展厅面积/㎡."""
    match = UNIT_AT_END.fullmatch(word)
    found = lexicon.column(match[1]) if match else None
    if match is None or found is None:
        return None
    factor = UNITS.get(lexicon.units.get(found[0], ""), {}).get(match[2])
    states = lexicon.section.states.get(match[1], {})
    return None if factor is None else HeadingMatch(*found, factor=factor, states=states)


def _of_year(word: str, lexicon: Lexicon) -> HeadingMatch | None:
    year = _YEAR_FIRST.fullmatch(word) if lexicon.counts_people else None
    if year is None:
        return None
    match = _read(year[2], lexicon)
    return match and replace(match, states={**match.states, "year": year[1]})


def _levels(word: str, lexicon: Lexicon) -> HeadingMatch | None:
    """Return the match of a heading in levels, by its lowest and those above it."""
    *above, child = word.split("/")
    if not above or not child or _PLANNED.search("".join(above)):
        return None
    for parent in reversed(above):
        for text in _joined(parent, child, lexicon):
            match = _read(text, lexicon)
            if match is not None:
                stated = _read(parent, lexicon)
                return replace(match, states={**(stated.states if stated else {}), **match.states})
    return None


def _joined(parent: str, child: str, lexicon: Lexicon) -> Iterator[str]:
    """Return the words that two levels may make together, the likeliest first."""
    upper, upper_unit = parted(parent)
    if child.strip("()") in ALL_UNITS:
        yield f"{upper}({child.strip('()')})"
        return
    lower, lower_unit = parted(child)
    unit = lower_unit or upper_unit
    behind = f"({unit})" if unit else ""
    yield lower + upper + behind
    yield upper + lower + behind
    if _stands_alone(upper, lower, lexicon):
        yield lower + behind
    if lower in _TOTALS:
        yield upper + behind


def parted(word: str) -> tuple[str, str]:
    """Return a word and the unit in the brackets behind it."""
    bracketed = _BRACKETED.fullmatch(word)
    return (bracketed[1], bracketed[2]) if bracketed else (word, "")


def _stands_alone(upper: str, lower: str, lexicon: Lexicon) -> bool:
    """Return whether a heading means the same whatever stands above it."""
    if upper in lexicon.synonyms.parents:
        return True
    above, below = lexicon.column(upper), lexicon.column(lower)
    if above and below and above != below and not lexicon.counts_people:
        return False
    if upper in lexicon.section.never:
        return False
    return len(lower) > _SHORT or (below is not None and below[0] in _COORDINATES)
