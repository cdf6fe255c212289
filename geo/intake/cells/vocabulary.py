"""From the words that an office writes to the terms of the field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from geo.core.errors import Proposal, UnknownTermError
from geo.core.messages import Whole
from geo.core.script import simplified
from geo.core.vocabulary import LABELS, Kind, Level, Status
from geo.intake.headers.normalise import folded
from geo.intake.sentences import message

_BRACKETED: Final = re.compile(r"(.+?)\(([^()]+)\)(.*)")
_ALSO: Final[Mapping[StrEnum, tuple[str, ...]]] = {
    Kind.CIVILIZATION_PRACTICE: ("新时代文明实践所", "新时代文明实践站"),
    Kind.CULTURAL_CENTRE: ("文化站",),
    Level.COUNTY: ("区级", "县级"),
}
"""What the brackets and joint words of the labels stand for, written out."""

_LIKELY: Final[Mapping[StrEnum, Mapping[str, float]]] = {
    Status.PLANNED: {
        "筹建": 0.8,
        "筹建中": 0.8,
        "筹备": 0.7,
        "筹备中": 0.7,
        "拟建": 0.8,
        "待建": 0.8,
    },
    Status.UNDER_CONSTRUCTION: {
        "建设中": 0.8,
        "施工中": 0.8,
        "施工": 0.7,
        "改建": 0.6,
        "改扩建": 0.6,
    },
    Status.OPERATING: {
        **dict.fromkeys(
            ("正常", "正常运行", "正常使用", "正常开放", "开放", "使用中", "在用"), 0.8
        ),
        **dict.fromkeys(("试运行", "试运营", "已建成", "建成"), 0.6),
    },
    Status.SUSPENDED: {"停用": 0.6, "闭馆": 0.5, "维修": 0.6, "装修": 0.6, "整修": 0.6},
    Status.CLOSED: {
        "撤销": 0.8,
        "已撤销": 0.8,
        "拆除": 0.8,
        "已拆除": 0.8,
        "注销": 0.8,
        "停办": 0.7,
    },
}
"""What offices write for a term, and how sure that is, of ours: asked about, never taken."""

_CLOSE: Final = 60.0
"""Of a hundred, by the normalised indel ratio."""

_RATIO_WEIGHT: Final = 0.9
"""Our own scale: a word that is written otherwise is never certain."""

_LONGEST: Final = 100


_TERM_UNKNOWN = message("cells.term_unknown")


def read_term(text: str, vocabulary: type[StrEnum]) -> str:
    """Return the identifier of the term that a word names.

    Taken are the identifier, both labels, a label without its brackets or
    without their signs, and either side of its slash, where only one term has it.

    Raises
    ------
    UnknownTermError
        No term has the word; the message names the nearest, or all.

    Examples
    --------
    >>> read_term("纪念馆", Kind), read_term("老年大学", Kind), read_term("Library", Kind)
    ('thematic_museum', 'senior_university', 'library')
    """
    words = words_of(vocabulary)
    word = simplified(folded(text))
    found = words.get(word)
    if found is not None:
        return found.value
    labels = LABELS[vocabulary]
    near = _nearest(word[:_LONGEST], vocabulary)
    proposal = None
    if near is not None:
        term, likeness = words[near[0]], near[1]
        proposal = Proposal(labels[term].zh, round(_RATIO_WEIGHT * likeness / 100, 2))
        way_zh, way_en = f"是否应为「{labels[term].zh}」？", f"Is '{term}' meant?"
    else:
        way_zh = f"可填：{'、'.join(label.zh for label in labels.values())}。"
        way_en = f"One of: {', '.join(labels)}."
    raise _TERM_UNKNOWN.error(
        UnknownTermError,
        text=str(text),
        way=Whole(way_zh),
        way_en=Whole(way_en),
        proposal=proposal,
    )


def likely_term(word: str, vocabulary: type[StrEnum]) -> tuple[StrEnum, float] | None:
    """Return the term that a word of the offices probably means, and how sure that is.

    Parameters
    ----------
    word : str
        Folded and in simplified characters.
    vocabulary : type of StrEnum
        Whose terms are looked through.

    Examples
    --------
    >>> likely_term("筹建", Status), likely_term("筹建", Kind)
    ((<Status.PLANNED: 'planned'>, 0.8), None)
    """
    found = ((term, words[word]) for term, words in _LIKELY.items() if word in words)
    return next((one for one in found if isinstance(one[0], vocabulary)), None)


@lru_cache(maxsize=4_096)
def _nearest(text: str, vocabulary: type[StrEnum]) -> tuple[str, float] | None:
    """Return the word of a vocabulary that a text comes near, and how near of a hundred."""
    found = process.extractOne(
        text, {word: word for word in words_of(vocabulary)}, scorer=fuzz.ratio, score_cutoff=_CLOSE
    )
    return None if found is None else (str(found[2]), float(found[1]))


@cache
def words_of(vocabulary: type[StrEnum]) -> Mapping[str, StrEnum]:
    """Return every word that names just one term of a vocabulary, folded."""
    terms: dict[str, set[StrEnum]] = defaultdict(set)
    exact: dict[str, StrEnum] = {}
    for term, label in LABELS[vocabulary].items():
        exact |= {folded(word): term for word in (label.en, label.zh, term.value)}
        own = folded(label.zh)
        variants = [*_ALSO.get(term, ())]
        # What a label says without its brackets, or on each side of a slash.
        bracketed = _BRACKETED.fullmatch(own)
        if bracketed is not None:
            before, within, after = bracketed.groups()
            variants += [before + after, before + within + after]
        if "/" in own:
            variants += own.split("/")
        for variant in variants:
            terms[variant].add(term)
    sure = {word: next(iter(found)) for word, found in terms.items() if len(found) == 1}
    return sure | exact
