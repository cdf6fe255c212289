"""Headings that are nearly a column's: proposed, and taken only where little doubt is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from geo.intake.headings.folding import heading_word
from geo.intake.headings.matching import Lexicon, parted

DECIDED: Final = 0.90
"""From this likeness on a heading is taken for a column, with a remark."""
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


def near_columns(text: str, lexicon: Lexicon) -> tuple[tuple[str, float], ...]:
    """Return the columns whose words a heading is like, the likest first, from 0 to 1.

    Likeness is that of :func:`rapidfuzz.fuzz.ratio` (twice the signs in common,
    in order, by all signs). Words whose figures or denials differ are not alike
    (60岁以上, 65岁以上), and nothing is like a word that a never-word fits as well.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES, POPULATION
    >>> from geo.intake.headings.matching import lexicon_of
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
    """Tell whether the first of some likenesses is sure enough to be taken.

    Examples
    --------
    >>> decided([("name", 0.95), ("kind", 0.7)]), decided([("name", 0.95), ("kind", 0.93)])
    (True, False)
    """
    if not likes or likes[0][1] < DECIDED:
        return False
    return len(likes) == 1 or likes[0][1] - likes[1][1] >= MARGIN
