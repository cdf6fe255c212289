"""Several headings for one column, or none: which is taken, which is left, what is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from openpyxl.utils import get_column_letter

from geo.core.errors import DuplicateError
from geo.core.messages import Remark, Whole, message, shown
from geo.core.schema import Column
from geo.intake.headings.matching import RANKS, Lexicon, Match, is_silent, match_heading
from geo.intake.headings.near import ASKED, PROPOSED, decided, near_columns
from geo.intake.rows import Row, Sheet, is_blank

_JOINED: Final = frozenset({"contact", "note"})
"""Columns that offices divide: 联系人, 联系电话."""

_NEAR: Final = message(
    "heading_near",
    "表头「{text}」按「{column}」读取（相近度 {percent}%）。不是的话请改表头。",
    "The heading '{text}' is read as '{column}' ({percent}% alike); rename it if that is wrong.",
)
_YIELDS: Final = message(
    "heading_second",
    "「{text}」一列未读入，因为「{kept}」已作为「{column}」。要改用它请对调表头。",
    "'{text}' was left out, as '{kept}' is '{column}' already; swap the headings to use it.",
)
_JOINS: Final = message(
    "heading_joined",
    "「{texts}」都属于「{column}」，已按列的次序合在一起。",
    "'{texts}' all belong to '{column}' and were put together in their order.",
)
_UNCLEAR: Final = message(
    "heading_unclear",
    "「{texts}」都像「{column}」，均未读入。请把要采用的一列改名为「{column}」。",
    "'{texts}' may each be '{column}', none was read; rename the one to use to that.",
)
_TWICE: Final = message(
    "heading_twice",
    "「{texts}」都像必需的「{column}」。请把要采用的一列改名为「{column}」。",
    "'{texts}' may each be the required '{column}'; rename the one to use to that.",
)


_HEADING_SAME_TWICE = message(
    "heading_same_twice",
    "{first}列「{first_text}」和{second}列「{second_text}」是同一项，请删去一列。",
    "Columns {first} '{first_text}' and {second} '{second_text}' are the same.",
)


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


@dataclass(frozen=True)
class Found:
    """A heading, where it stands, and what it means."""

    position: int
    text: str
    match: Match


@dataclass
class Outcome:
    """What is gathered of the headings, one column after the other."""

    chosen: dict[str, Found] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    joined: dict[str, tuple[int, ...]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    proposals: list[HeadingProposal] = field(default_factory=list)


def find_claims(
    sheet: Sheet, known: Mapping[str, Column], lexicon: Lexicon, outcome: Outcome
) -> Mapping[str, list[Found]]:
    """Return the headings that claim each column; the others are left."""
    claims: dict[str, list[Found]] = defaultdict(list)
    for position, raw in enumerate(sheet.rows[0].cells):
        if is_blank(raw):
            continue
        text = " ".join(str(raw).split())
        match = match_heading(text, lexicon)
        if match is not None and match.column in known:
            claims[match.column].append(Found(position, text, match))
        elif not is_silent(text, lexicon):
            outcome.left[position] = shown(text)
    return claims


def choose(
    column: Column, found: Sequence[Found], outcome: Outcome, sheet: Sheet, required: bool
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
        outcome.remarks.append(_JOINS.remark(texts=texts, column=column.zh))
        return
    for one in found:
        if one is not first:
            outcome.left[one.position] = shown(one.text)
    outcome.remarks += [
        _YIELDS.remark(text=one.text, kept=first.text, column=column.zh)
        for one in found
        if one is not first
    ]


def _leave_open(
    column: Column, best: Sequence[Found], outcome: Outcome, sheet: Sheet, required: bool
) -> None:
    """Say that a person must choose; without the column where that may be lacking."""
    texts = tuple(one.text for one in best)
    if required:
        fault = _TWICE.fault(DuplicateError, texts=texts, column=column.zh)
        fault.place = sheet.place(sheet.rows[0].number)
        raise fault
    outcome.remarks.append(_UNCLEAR.remark(texts=texts, column=column.zh))
    for one in best:
        outcome.left[one.position] = shown(one.text)
        outcome.proposals.append(HeadingProposal(one.text, column.name, ASKED))


def look_near(
    known: Mapping[str, Column], lexicon: Lexicon, outcome: Outcome, forgiving: bool
) -> None:
    """Take or propose columns that no heading names for headings that name none."""
    named = {proposal.text for proposal in outcome.proposals}
    free = set(known) - set(outcome.chosen) - {proposal.column for proposal in outcome.proposals}
    near: dict[str, list[Found]] = defaultdict(list)
    for position, text in outcome.left.items():
        likes = near_columns(text, lexicon)
        if not likes or text in named:
            continue
        if forgiving and decided(likes) and likes[0][0] in free:
            match = Match(likes[0][0], "near", confidence=likes[0][1])
            near[match.column].append(Found(position, text, match))
        else:
            outcome.proposals += _proposals(text, likes, free)
    for name, found in near.items():
        if len(found) > 1:
            outcome.proposals += [HeadingProposal(o.text, name, o.match.confidence) for o in found]
            continue
        del outcome.left[found[0].position]
        outcome.chosen[name] = found[0]
        percent = f"{found[0].match.confidence:.0%}".rstrip("%")
        remark = _NEAR.remark(text=found[0].text, column=known[name].zh, percent=percent)
        outcome.remarks.append(remark)


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
    return _HEADING_SAME_TWICE.fault(
        DuplicateError,
        place=sheet.place(header.number),
        first=Whole(letters[0]),
        first_text=Whole(texts[0]),
        second=Whole(letters[1]),
        second_text=Whole(texts[1]),
    )
