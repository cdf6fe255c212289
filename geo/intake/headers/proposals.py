"""Headings that may mean a column: proposed, and taken only where little doubt is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from geo.core.errors import MissingColumnError
from geo.core.messages import Whole, shown
from geo.core.schema import Column
from geo.intake.formats.parts import Sheet, is_blank
from geo.intake.headers.lexicon import Lexicon, parted
from geo.intake.headers.normalise import heading_word
from geo.intake.sentences import message

DECIDED: Final = 0.90
"""From this likeness on a heading is taken for a column, with a note."""
MARGIN: Final = 0.05
"""By which it must be likelier than any other column."""
PROPOSED: Final = 0.60
"""From this likeness on a column is proposed, and a person decides."""
_IN_PART: Final = 0.85
"""The most that a heading is like a word, where only what stands before its brackets is."""
ASKED: Final = 0.50
"""The confidence of a word that the table of synonyms says to ask about."""
_SHORTEST_NEAR: Final = 2
_LONGEST_NEAR: Final = 40
_SHORTEST_NEVER: Final = 4
_DENIALS: Final = frozenset("不非未无否没")
_SHOWN_HEADINGS: Final = 40
_SHOWN_HINTS: Final = 5
_HEADINGS_MISSING = message("headers.headings_missing")


@dataclass(frozen=True, slots=True)
class HeadingProposal:
    """A heading that may mean a column; a person decides.

    Attributes
    ----------
    text : str
        The heading.
    column : str
        The column's name.
    confidence : float
        From 0 to 1.
    """

    text: str
    column: str
    confidence: float


def near_columns(text: str, lexicon: Lexicon) -> tuple[tuple[str, float], ...]:
    """Return the columns whose words a heading is like, the likest first, from 0 to 1.

    Likeness is that of :func:`rapidfuzz.fuzz.ratio` (twice the signs in common,
    in order, by all signs). Words whose figures or denials differ are not alike
    (60岁以上, 65岁以上), and nothing is like a word that a never-word fits as well.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES, POPULATION
    >>> from geo.intake.headers.lexicon import lexicon_of
    >>> near_columns("本馆展厅面积", lexicon_of(FACILITIES.columns))[0]
    ('exhibition_area_m2', 0.8)
    >>> near_columns("65岁及以上人口数", lexicon_of(POPULATION.columns))
    ()
    """
    word = heading_word(text)
    asked = lexicon.section.ask.get(word, ())
    if asked:
        return tuple((name, ASKED) for name in asked)
    base, behind = parted(word)
    most = _IN_PART if behind else 1.0
    if not _SHORTEST_NEAR <= len(base) <= _LONGEST_NEAR or _is_never(base, lexicon):
        return ()
    best: dict[str, float] = {}
    never = 0.0
    for like, ratio, _ in _like(base, lexicon):
        if like in lexicon.section.never:
            never = max(never, ratio)
        elif _agree(base, like):
            found = lexicon.column(like)
            if found is not None:
                best[found[0]] = max(best.get(found[0], 0.0), min(ratio, most))
    kept = [(name, round(ratio, 3)) for name, ratio in best.items() if ratio > never]
    return tuple(sorted(kept, key=lambda pair: -pair[1]))


def _like(word: str, lexicon: Lexicon) -> Iterator[tuple[str, float, object]]:
    words = [*lexicon.labels, *lexicon.section.words, *lexicon.section.never]
    found = process.extract(
        word, words, scorer=fuzz.ratio, score_cutoff=100 * PROPOSED, limit=_LONGEST_NEAR
    )
    for like, score, index in found:
        yield like, score / 100, index


def _is_never(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.section.never or any(
        len(never) >= _SHORTEST_NEVER and never in word for never in lexicon.section.never
    )


def _agree(word: str, like: str) -> bool:
    if re.findall(r"\d+", word) != re.findall(r"\d+", like):
        return False
    return [s for s in word if s in _DENIALS] == [s for s in like if s in _DENIALS]


def decided(likes: Sequence[tuple[str, float]]) -> bool:
    """Return whether the first of some likenesses is sure enough to be taken.

    Examples
    --------
    >>> decided([("name", 0.95), ("kind", 0.7)]), decided([("name", 0.95), ("kind", 0.93)])
    (True, False)
    """
    if not likes or likes[0][1] < DECIDED:
        return False
    return len(likes) == 1 or likes[0][1] - likes[1][1] >= MARGIN


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
    return _HEADINGS_MISSING.error(
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
