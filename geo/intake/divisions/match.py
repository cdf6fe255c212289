"""A division code and a name held against each other: a code, a note or an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.core.errors import InputError, Proposal, UnknownDivisionError
from geo.core.messages import Message, Note, Whole, shown
from geo.intake.divisions.codes import (
    DISTRICT_DIGITS,
    TOWNSHIP_DIGITS,
    VILLAGE_DIGITS,
    WrittenCode,
    fits,
    is_coarse,
    is_plausible,
    moved,
)
from geo.intake.divisions.register import Division, Register
from geo.intake.sentences import message

CODE_FROM_NAME: Final = message("divisions.division_code_from_name")
TOWNSHIP_OF_VILLAGE: Final = message("divisions.township_of_village")
VILLAGE_UNKNOWN: Final = message("divisions.village_not_known")
NAME_ELSEWHERE: Final = message("divisions.division_of_other_district")
NAME_MISSPELT: Final = message("divisions.division_name_misspelt")
CODE_WAS_NUMBER: Final = message("divisions.division_code_was_number")
CODE_STATISTICAL: Final = message("divisions.division_code_statistical")
CODE_OF_VILLAGE: Final = message("divisions.division_code_of_village")
CODE_FORMER: Final = message("divisions.division_code_former")
CODE_FORMER_UNSURE: Final = message("divisions.division_code_former_unsure")
CODE_COARSE: Final = message("divisions.division_code_coarse")
CODE_COARSE_WITH_NAME: Final = message("divisions.division_code_completed")
CODE_OUTSIDE: Final = message("divisions.division_code_outside")
CODE_REPAIRED: Final = message("divisions.division_code_damaged")
CODE_INCOMPLETE: Final = message("divisions.division_code_incomplete")
CODE_UNREADABLE: Final = message("divisions.division_code_unreadable")
CODE_UNKNOWN: Final = message("divisions.division_code_unknown")
NAME_UNKNOWN: Final = message("divisions.division_name_unknown")
NAME_AMBIGUOUS: Final = message("divisions.division_name_ambiguous")
NAME_CONTRADICTS_ITSELF: Final = message("divisions.division_name_contradiction")
CONFLICT: Final = message("divisions.division_conflict")

_SHOWN: Final = 30
_PROPOSED: Final = 5
_NEAREST: Final = 3
BY_NAME, BY_CODE = 0.6, 0.5
"""Confidence of either side of a conflict: names are harder to mistype into another's."""


@dataclass(frozen=True, slots=True)
class DivisionMatch:
    """What a row's division code and name come to.

    Attributes
    ----------
    code : str or None
        Of the township, nine digits; None where none is given, or it is not certain.
    note : Note or None
        Where more was done than reading the code.
    error : InputError or None
        Where a person must decide; it stands in no place yet.
    proposals : tuple of Proposal
        What the code might be, likeliest first; the first is also the fault's.
    village_code : str or None
        Where the row names a village that is known.
    """

    code: str | None = None
    note: Note | None = None
    error: InputError | None = None
    proposals: tuple[Proposal, ...] = ()
    village_code: str | None = None


@dataclass(frozen=True, slots=True)
class ByName:
    """What a name alone says.

    Attributes
    ----------
    text : str
        The name as written; empty where there is none.
    hits : tuple of Division
        All that are called so.
    elsewhere : str
        The other district that the name gives.
    village_unknown : bool
        Whether the hits are only the township that the name begins with.
    contradiction : tuple of Division
        What its parts mean, where the village does not lie in the township.
    """

    text: str
    hits: tuple[Division, ...] = ()
    elsewhere: str = ""
    village_unknown: bool = False
    contradiction: tuple[Division, ...] = ()

    @property
    def townships(self) -> tuple[str, ...]:
        """The townships of the hits, each once."""
        return tuple(dict.fromkeys(hit.township_code for hit in self.hits))


def taken(code: str, by_name: ByName, note: Note | None) -> DivisionMatch:
    """Return a township that is certain, and the village where the name is of one alone."""
    villages = {hit.village_code for hit in by_name.hits if hit.township_code == code}
    village = villages.pop() if len(villages) == 1 else None
    return DivisionMatch(code, note, village_code=village)


def conflict(code: str, divisions: tuple[Division, ...], by_name: ByName) -> DivisionMatch:
    """Return the error of a code and a name that are two places, proposing both.

    ``divisions`` are what the code means, or may mean where it is damaged.
    """
    likely = [(hit, BY_NAME / len(by_name.hits)) for hit in by_name.hits]
    likely += [(division, BY_CODE / len(divisions)) for division in divisions]
    named = tuple(hit.told for hit in by_name.hits[:_SHOWN]) or by_name.text
    return refused(CONFLICT, likely, by_code=code, by_name=named)


def several(sentence: Message, divisions: tuple[Division, ...], text: str) -> DivisionMatch:
    """Return the error of what may be several places, naming all."""
    likely = [(division, round(BY_NAME / len(divisions), 2)) for division in divisions]
    told = tuple(division.told for division in divisions[:_SHOWN]) or "—"
    return refused(sentence, likely, text=text, candidates=told)


def unknown(
    sentence: Message, text: str, likely: Iterable[tuple[Division, float]], register: Register
) -> DivisionMatch:
    """Return the error of what is on no list, with the nearest where any is near."""
    likely = list(likely)
    nearest = list(dict.fromkeys(shown(division.told) for division, _ in likely))[:_NEAREST]
    near = f"，相近的有：{'、'.join(nearest)}" if nearest else ""
    near_en = f", near to {', '.join(nearest)}" if nearest else ""
    return refused(
        sentence,
        likely,
        text=text,
        near=Whole(near),
        near_en=Whole(near_en),
        count=len(register.townships),
    )


def refused(
    sentence: Message, likely: Iterable[tuple[Division, float]], **values: Any
) -> DivisionMatch:
    """Return an error with proposals of townships' codes, each once and likeliest first."""
    best: dict[str, float] = {}
    for division, confidence in likely:
        code = division.township_code
        best[code] = max(best.get(code, 0.0), round(confidence, 2))
    ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:_PROPOSED]
    proposals = tuple(Proposal(code, confidence) for code, confidence in ranked)
    first = proposals[0] if proposals else None
    error = sentence.error(UnknownDivisionError, proposal=first, **values)
    return DivisionMatch(error=error, proposals=proposals)


def with_own_error(match: DivisionMatch) -> DivisionMatch:
    """Return the match with an error of its own, since an error is later given its place."""
    error = match.error
    if error is None:
        return match
    own = type(error)(zh=error.zh, en=error.en)
    own.code, own.proposal = error.code, error.proposal
    return replace(match, error=own)


_EXACT_NAME, _ZEROS_LOST, _CODE_ALONE = 0.7, 0.8, 0.6
"""Confidences of ours, by how much of the evidence stands behind a proposal."""
_SAME_TAIL: Final = 0.85
"""Of 1,384 townships in 98 counties whose code changed from 2016 on and whose last three
digits stand under the new one, 1,183 have kept their name (docs/decisions.md)."""


def match_code(
    code: str,
    written: WrittenCode,
    by_name: ByName,
    register: Register,
    former: Mapping[str, str],
) -> DivisionMatch:
    """Match the code that a cell holds with what the row's name says.

    Parameters
    ----------
    code : str
        As the cell has it, to be quoted.
    written : WrittenCode
        The same, read; with digits.
    by_name : ByName
        What the name says, which may be nothing.
    register : Register
        The divisions there are.
    former : Mapping[str, str]
        Prefixes of codes that were changed, to those in their place.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.intake.divisions.codes import read_code
    >>> register = Register(pd.DataFrame({"name_zh": ["罗市镇"]}, index=["430503101"]))
    >>> match_code("430503101000", read_code("430503101000"), ByName(""), register, {}).code
    '430503101'
    """
    digits, note = written.digits, None
    if by_name.contradiction:
        return several(NAME_CONTRADICTS_ITSELF, by_name.contradiction, by_name.text)
    if written.certain_digits is not None:
        return _damaged(code, written, by_name, register)
    if written.as_number:
        note = CODE_WAS_NUMBER.note(text=code, code=digits)
    if _is_known(digits, register):
        return _known_code(digits, by_name, register, note)
    renewed = moved(digits, former)
    if renewed is not None and renewed != digits and _is_of_ours(renewed, register):
        return _former_code(digits, renewed, by_name, register)
    return _not_ours(code, written, by_name, register)


def _former_code(digits: str, renewed: str, by_name: ByName, register: Register) -> DivisionMatch:
    """Match a code of before a change: taken where the name is of the same last digits.

    Not without a name, for townships were often numbered anew when their county was.
    """
    if is_coarse(renewed):
        return _coarse(digits, by_name, register, now=renewed)
    known = _is_known(renewed, register)
    if known and by_name.text:
        note = CODE_FORMER.note(text=digits, code=renewed)
        match = _known_code(renewed, by_name, register, note, sure=False)
        if match.error is None:
            return match
    likely = [(hit, _EXACT_NAME / len(by_name.hits)) for hit in by_name.hits]
    likely += () if by_name.elsewhere else register.near(by_name.text)
    if known:
        share = _CODE_ALONE / 2 if by_name.text else _SAME_TAIL
        likely.append((register.townships[_township_of(renewed, register)], share))
    told = tuple(dict.fromkeys(division.told for division, _ in likely))[:_SHOWN] or "—"
    district = renewed[:DISTRICT_DIGITS]
    return refused(CODE_FORMER_UNSURE, likely, text=digits, district=district, candidates=told)


def _not_ours(
    code: str, written: WrittenCode, by_name: ByName, register: Register
) -> DivisionMatch:
    """Match a code that no known township has: too coarse, elsewhere, damaged or wrong."""
    digits = written.digits
    if is_coarse(digits):
        return _coarse(digits, by_name, register)
    if is_plausible(digits) and digits[:DISTRICT_DIGITS] not in register.districts:
        outside = digits[:TOWNSHIP_DIGITS]
        if by_name.hits:
            return conflict(outside, (), by_name)
        return DivisionMatch(outside, CODE_OUTSIDE.note(code=outside))
    if DISTRICT_DIGITS < len(digits) < VILLAGE_DIGITS and len(digits) != TOWNSHIP_DIGITS:
        return _damaged(code, written, by_name, register)
    return _code_unknown(digits, by_name, register)


def _is_known(digits: str, register: Register) -> bool:
    right_length = len(digits) in {TOWNSHIP_DIGITS, VILLAGE_DIGITS}
    return right_length and _township_of(digits, register) in register.townships


def _is_of_ours(digits: str, register: Register) -> bool:
    whole = is_coarse(digits) or len(digits) in {TOWNSHIP_DIGITS, VILLAGE_DIGITS}
    return whole and digits[:DISTRICT_DIGITS] in register.districts


def _township_of(digits: str, register: Register) -> str:
    village = register.villages.get(digits)
    return digits[:TOWNSHIP_DIGITS] if village is None else village.township_code


def _known_code(
    digits: str,
    by_name: ByName,
    register: Register,
    note: Note | None,
    *,
    sure: bool = True,
) -> DivisionMatch:
    """Match a code that is known with whatever the name says."""
    township = register.townships[_township_of(digits, register)]
    village = register.villages.get(digits)
    note = note or _note_of_length(digits, township)
    same = tuple(hit for hit in by_name.hits if hit.township_code == township.township_code)
    if village is not None and any(hit.village_code not in {None, digits} for hit in same):
        return conflict(village.told, (village,), by_name)
    if not by_name.text or same:
        match = taken(township.township_code, replace(by_name, hits=same), note)
        own = None if village is None else village.village_code
        return replace(match, village_code=own or match.village_code)
    if by_name.hits or by_name.elsewhere:
        return conflict((village or township).told, (village or township,), by_name)
    near = register.one_edit_away(by_name.text)
    if sure and {d.code for d in near} in ({township.code}, {digits}):
        note = NAME_MISSPELT.note(text=by_name.text, division=near[0].told)
        return DivisionMatch(township.township_code, note, village_code=near[0].village_code)
    return _name_not_of_code(township, by_name, register)


def _note_of_length(digits: str, township: Division) -> Note | None:
    if len(digits) == TOWNSHIP_DIGITS:
        return None
    sentence = CODE_STATISTICAL if digits.endswith("000") else CODE_OF_VILLAGE
    return sentence.note(text=digits, township=township.told)


def _name_not_of_code(township: Division, by_name: ByName, register: Register) -> DivisionMatch:
    """Refuse a name that nobody has beside a code that is known: the code is likelier."""
    likely = [(division, score / 2) for division, score in register.near(by_name.text)]
    return unknown(NAME_UNKNOWN, by_name.text, [(township, _CODE_ALONE), *likely], register)


def _coarse(digits: str, by_name: ByName, register: Register, *, now: str = "") -> DivisionMatch:
    """Match a code of a district with the name; ``now`` is its present one where it changed."""
    if not by_name.text or by_name.elsewhere:
        return DivisionMatch(note=CODE_COARSE.note(text=digits))
    if not by_name.hits:
        return unknown(NAME_UNKNOWN, by_name.text, register.near(by_name.text), register)
    own = (now or digits)[:DISTRICT_DIGITS].rstrip("0")
    hits = tuple(hit for hit in by_name.hits if hit.township_code.startswith(own))
    townships = {hit.township_code for hit in hits}
    if not hits:
        return conflict(digits, (), by_name)
    if len(townships) > 1:
        return several(NAME_AMBIGUOUS, hits, by_name.text)
    code = hits[0].township_code
    told = register.townships[code].told
    return taken(code, by_name, CODE_COARSE_WITH_NAME.note(text=digits, township=told))


def _damaged(code: str, written: WrittenCode, by_name: ByName, register: Register) -> DivisionMatch:
    """Match a code that has lost digits: taken where one of what it may be has the name."""
    fitting = [d for number, d in register.townships.items() if fits(written, number)]
    both = {hit.township_code for hit in by_name.hits} & {d.township_code for d in fitting}
    if len(both) == 1:
        township = register.townships[both.pop()]
        note = CODE_REPAIRED.note(text=code, township=township.told)
        return taken(township.township_code, by_name, note)
    if not fitting:
        return _code_unknown(written.digits, by_name, register)
    if by_name.hits or by_name.elsewhere:
        return conflict(code, tuple(fitting), by_name)
    return _incomplete(code, written, fitting, register.near(by_name.text))


def _incomplete(
    code: str,
    written: WrittenCode,
    fitting: Sequence[Division],
    near: Sequence[tuple[Division, float]],
) -> DivisionMatch:
    """Refuse a code that has lost digits, with all that it may be; a like name counts for more."""
    zeros = written.digits.ljust(TOWNSHIP_DIGITS, "0")
    likeness = dict(near)
    likely = []
    for division in fitting:
        share = _ZEROS_LOST if division.township_code == zeros else _CODE_ALONE / len(fitting)
        likely.append((division, max(share, likeness.get(division, 0.0))))
    told = tuple(division.told for division in fitting[:_SHOWN])
    told += ("…",) * (len(fitting) > _SHOWN)
    return refused(CODE_INCOMPLETE, likely, text=code, candidates=told)


def _code_unknown(digits: str, by_name: ByName, register: Register) -> DivisionMatch:
    """Refuse a code that no division has: what the name says, else codes one digit off."""
    if by_name.hits:
        likely = [(hit, _EXACT_NAME / len(by_name.townships)) for hit in by_name.hits]
        return unknown(CODE_UNKNOWN, digits, likely, register)
    one_off = process.extract(
        digits[:TOWNSHIP_DIGITS],
        list(register.townships),
        scorer=OSA.distance,
        score_cutoff=1,
        limit=_SHOWN,
    )
    near = [(register.townships[code], _CODE_ALONE / len(one_off)) for code, _, _ in one_off]
    return unknown(CODE_UNKNOWN, digits, [*register.near(by_name.text), *near], register)
