"""Wide tables: a column for each year or kind of population, taken apart into long ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from geo.core.schema import POPULATION
from geo.intake.formats.parts import Raw, Row, Sheet, is_blank
from geo.intake.headers.lexicon import Lexicon, lexicon_of, match_heading
from geo.intake.headers.normalise import heading_word
from geo.intake.headers.synonyms import Synonyms

MEASURES: Final = (
    "population",
    "urban_population",
    "rural_population",
    "population_0_14",
    "population_15_59",
    "population_60_plus",
)
LABEL: Final = POPULATION["population"].zh
_LOOKED_AT: Final = 30
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年度?|[.-]12[.-]31)?[末底]?(?![\d])")
_CENSUSES: Final[Mapping[str, str]] = {
    "第七次全国人口普查": "2020", "第七次人口普查": "2020", "七普": "2020",
    "第六次全国人口普查": "2010", "第六次人口普查": "2010", "六普": "2010",
    "第五次全国人口普查": "2000", "第五次人口普查": "2000", "五普": "2000",
}  # fmt: skip
_OF_WHICH: Final = re.compile(r"其中[:：]?")
_KINDS: Final = {"常住": "resident", "户籍": "registered"}
_UNIT: Final = re.compile(r"[(/](?:万人|人|万)\)?$")
_PER_TEN_THOUSAND: Final = re.compile(r"[(（]万人?[)）]|/万人?$")


@dataclass(frozen=True)
class Stated:
    """What a heading, a title or a sheet's name says of the figures below it."""

    population_kind: str | None = None
    year: str | None = None

    def over(self, other: Stated) -> Stated:
        """Return this, with what it does not say taken from another."""
        return Stated(self.population_kind or other.population_kind, self.year or other.year)


@dataclass(frozen=True)
class Block:
    """The columns of one year and kind, as a sheet of its own.

    Attributes
    ----------
    sheet : Sheet
        Every row, with the headings of other blocks left empty, so that each cell
        stays in its place.
    aliases : Mapping[str, str]
        Headings of figures that words alone do not tell, to their columns.
    stated : Stated
        What its headings say.
    """

    sheet: Sheet
    aliases: Mapping[str, str] = field(default_factory=dict)
    stated: Stated = Stated()


def stated_in(texts: Sequence[str]) -> Stated:
    """Return the year and the kind that titles or a sheet's name say; None where several.

    Examples
    --------
    >>> stated_in(["大祥区2020年末常住人口情况表"])
    Stated(population_kind='resident', year='2020')
    >>> stated_in(["2020年至2023年人口"])
    Stated(population_kind=None, year=None)
    """
    text = " ".join(texts)
    years = {*_YEAR.findall(text), *(year for word, year in _CENSUSES.items() if word in text)}
    kinds = {kind for word, kind in _KINDS.items() if word in text}
    if any(word in text for word in _CENSUSES):
        kinds.add("resident")
    return Stated(
        kinds.pop() if len(kinds) == 1 else None, years.pop() if len(years) == 1 else None
    )


def unfolded(sheet: Sheet, synonyms: Synonyms | None = None) -> list[Block]:
    """Return a sheet as blocks, one for each year and kind that its headings tell.

    A long table, which has columns of year and kind, is one block.

    Parameters
    ----------
    sheet : Sheet
        With one row of headings; levels joined by a slash.
    synonyms : Synonyms, optional
        Of the office.

    Examples
    --------
    >>> rows = [Row(1, ("乡镇", "2020年/常住人口", "2021年/常住人口")), Row(2, ("罗市镇", 5, 6))]
    >>> [(block.stated.year, block.sheet.rows[0].cells) for block in unfolded(
    ...     Sheet("a.xlsx", None, rows))]
    [('2020', ('乡镇', '2020年/常住人口', None)), ('2021', ('乡镇', None, '2021年/常住人口'))]
    """
    lexicon = lexicon_of(POPULATION.columns, synonyms=synonyms)
    texts = ["" if is_blank(cell) else str(cell) for cell in sheet.rows[0].cells]
    found = {
        position: measure
        for position, text in enumerate(texts)
        if text and (measure := _measure(text, lexicon)) is not None
    }
    found = _beside_their_whole(found)
    stated = dict.fromkeys(one for _, one in found.values())
    return [_block(sheet, texts, found, one) for one in stated] or [Block(sheet)]


def _beside_their_whole(
    found: Mapping[int, tuple[str, Stated]],
) -> dict[int, tuple[str, Stated]]:
    """Let parts that say less than the whole, 0-14岁 after 2020年常住人口, stand with it.

    Where they may belong to several wholes they stay apart: nothing is guessed.
    """
    wholes = dict.fromkeys(one for column, one in found.values() if column == "population")
    joined = {}
    for position, (column, one) in found.items():
        fits = [whole for whole in wholes if one.over(whole) == whole]
        alone = column != "population" and one not in wholes and len(fits) == 1
        joined[position] = (column, fits[0] if alone else one)
    return joined


def _measure(text: str, lexicon: Lexicon) -> tuple[str, Stated] | None:
    """Return the column of figures that a heading means, and what else it says."""
    own = stated_in([text])
    unit = "(万人)" if _PER_TEN_THOUSAND.search(text) else ""
    rest = _OF_WHICH.sub("", _YEAR.sub("", _PER_TEN_THOUSAND.sub("", text)))
    for word in _CENSUSES:
        rest = rest.replace(word, "")
    rest = rest.strip("/ 　:：-—")
    bare = not rest or rest in _KINDS
    for told in (text, f"{rest}{unit}"):
        match = match_heading(told, lexicon)
        if match is not None and match.column in MEASURES:
            states = Stated(match.states.get("population_kind"), match.states.get("year"))
            return match.column, states.over(own)
    return ("population", own) if bare and (own.year or own.population_kind) else None


def _block(
    sheet: Sheet,
    texts: Sequence[str],
    found: Mapping[int, tuple[str, Stated]],
    stated: Stated,
) -> Block:
    mine = {position: column for position, (column, one) in found.items() if one == stated}
    heads = tuple(
        cell if position in mine or position not in found else None
        for position, cell in enumerate(sheet.rows[0].cells)
    )
    head = replace(sheet.rows[0], cells=heads)
    aliases = {
        _UNIT.sub("", heading_word(texts[position])): column for position, column in mine.items()
    }
    return Block(replace(sheet, rows=[head, *sheet.rows[1:]]), aliases, stated)


def years_as_headings(sheet: Sheet, synonyms: Synonyms | None = None) -> Sheet:
    """Return a sheet whose headings that are bare years say whose they are: 2020 is 2020年人口.

    Looked at are the rows down to the first of which two cells are understood: below it,
    a number such as 2020 may be people.

    Examples
    --------
    >>> rows = [Row(1, ("表一",)), Row(2, ("乡镇", 2020, "2021年")), Row(3, ("罗市镇", 5, 2020))]
    >>> [row.cells for row in years_as_headings(Sheet("a.xlsx", None, rows)).rows[1:]]
    [('乡镇', '2020年人口', '2021年人口'), ('罗市镇', 5, 2020)]
    """
    lexicon = lexicon_of(POPULATION.columns, synonyms=synonyms)
    rows = list(sheet.rows)
    understood = [_understood(row, lexicon) for row in rows[:_LOOKED_AT]]
    for number, (row, count, below) in enumerate(
        zip(rows, understood, [*understood[1:], 0], strict=False)
    ):
        if count > 1:
            break
        years = [_bare_year(cell) for cell in row.cells]
        # Where the row below names kinds or ages, the years are the upper level of headings.
        if count and any(years) and not below:
            cells = (
                cell if year is None else f"{year}年{LABEL}"
                for cell, year in zip(row.cells, years, strict=True)
            )
            rows[number] = Row(row.number, tuple(cells))
            break
    return replace(sheet, rows=rows)


def _understood(row: Row, lexicon: Lexicon) -> int:
    words = [cell for cell in row.cells if isinstance(cell, str)]
    return sum(match_heading(word, lexicon) is not None for word in words)


def _bare_year(cell: Raw) -> str | None:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    text = str(cell).strip().removesuffix(".0")
    found = _YEAR.fullmatch(text)
    return found[1] if found else None
