"""A division code, whole or damaged, held against what the row's name says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.core.messages import Remark
from geo.intake.divisions import place_messages as say
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
from geo.intake.divisions.division_match import (
    ByName,
    DivisionMatch,
    conflict,
    refused,
    several,
    taken,
    unknown,
)
from geo.intake.divisions.register import Division, Register

_SHOWN: Final = 30
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
    digits, remark = written.digits, None
    if by_name.contradiction:
        return several(say.NAME_CONTRADICTS_ITSELF, by_name.contradiction, by_name.text)
    if written.certain_digits is not None:
        return _damaged(code, written, by_name, register)
    if written.as_number:
        remark = say.CODE_WAS_NUMBER.remark(text=code, code=digits)
    if _is_known(digits, register):
        return _known_code(digits, by_name, register, remark)
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
        remark = say.CODE_FORMER.remark(text=digits, code=renewed)
        match = _known_code(renewed, by_name, register, remark, sure=False)
        if match.fault is None:
            return match
    likely = [(hit, _EXACT_NAME / len(by_name.hits)) for hit in by_name.hits]
    likely += () if by_name.elsewhere else register.near(by_name.text)
    if known:
        share = _CODE_ALONE / 2 if by_name.text else _SAME_TAIL
        likely.append((register.townships[_township_of(renewed, register)], share))
    told = tuple(dict.fromkeys(division.told for division, _ in likely))[:_SHOWN] or "—"
    district = renewed[:DISTRICT_DIGITS]
    return refused(say.CODE_FORMER_UNSURE, likely, text=digits, district=district, candidates=told)


def _not_ours(
    code: str, written: WrittenCode, by_name: ByName, register: Register
) -> DivisionMatch:
    """Match a code that no known township has: too coarse, elsewhere, damaged or wrong."""
    digits = written.digits
    if is_coarse(digits):
        return _coarse(digits, by_name, register)
    if is_plausible(digits) and digits[:DISTRICT_DIGITS] not in register.districts:
        return _outside(digits, by_name)
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
    remark: Remark | None,
    *,
    sure: bool = True,
) -> DivisionMatch:
    """Match a code that is known with whatever the name says."""
    township = register.townships[_township_of(digits, register)]
    village = register.villages.get(digits)
    remark = remark or _remark_of_length(digits, township)
    same = tuple(hit for hit in by_name.hits if hit.township_code == township.township_code)
    if village is not None and any(hit.village_code not in {None, digits} for hit in same):
        return conflict(village.told, (village,), by_name)
    if not by_name.text or same:
        match = taken(township.township_code, replace(by_name, hits=same), remark)
        own = None if village is None else village.village_code
        return replace(match, village_code=own or match.village_code)
    if by_name.hits or by_name.elsewhere:
        return conflict((village or township).told, (village or township,), by_name)
    near = register.one_edit_away(by_name.text)
    if sure and {d.code for d in near} in ({township.code}, {digits}):
        remark = say.NAME_MISSPELT.remark(text=by_name.text, division=near[0].told)
        return DivisionMatch(township.township_code, remark, village_code=near[0].village_code)
    return _name_not_of_code(township, by_name, register)


def _remark_of_length(digits: str, township: Division) -> Remark | None:
    if len(digits) == TOWNSHIP_DIGITS:
        return None
    sentence = say.CODE_STATISTICAL if digits.endswith("000") else say.CODE_OF_VILLAGE
    return sentence.remark(text=digits, township=township.told)


def _name_not_of_code(township: Division, by_name: ByName, register: Register) -> DivisionMatch:
    """Refuse a name that nobody has beside a code that is known: the code is likelier."""
    likely = [(division, score / 2) for division, score in register.near(by_name.text)]
    return unknown(say.NAME_UNKNOWN, by_name.text, [(township, _CODE_ALONE), *likely], register)


def _coarse(digits: str, by_name: ByName, register: Register, *, now: str = "") -> DivisionMatch:
    """Match a code of a district with the name; ``now`` is its present one where it changed."""
    if not by_name.text or by_name.elsewhere:
        return DivisionMatch(remark=say.CODE_COARSE.remark(text=digits))
    if not by_name.hits:
        return unknown(say.NAME_UNKNOWN, by_name.text, register.near(by_name.text), register)
    own = (now or digits)[:DISTRICT_DIGITS].rstrip("0")
    hits = tuple(hit for hit in by_name.hits if hit.township_code.startswith(own))
    townships = {hit.township_code for hit in hits}
    if not hits:
        return conflict(digits, (), by_name)
    if len(townships) > 1:
        return several(say.NAME_AMBIGUOUS, hits, by_name.text)
    code = hits[0].township_code
    told = register.townships[code].told
    return taken(code, by_name, say.CODE_COARSE_WITH_NAME.remark(text=digits, township=told))


def _outside(digits: str, by_name: ByName) -> DivisionMatch:
    code = digits[:TOWNSHIP_DIGITS]
    if by_name.hits:
        return conflict(code, (), by_name)
    return DivisionMatch(code, say.CODE_OUTSIDE.remark(code=code))


def _damaged(code: str, written: WrittenCode, by_name: ByName, register: Register) -> DivisionMatch:
    """Match a code that has lost digits: taken where one of what it may be has the name."""
    fitting = [d for number, d in register.townships.items() if fits(written, number)]
    both = {hit.township_code for hit in by_name.hits} & {d.township_code for d in fitting}
    if len(both) == 1:
        township = register.townships[both.pop()]
        remark = say.CODE_REPAIRED.remark(text=code, township=township.told)
        return taken(township.township_code, by_name, remark)
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
    return refused(say.CODE_INCOMPLETE, likely, text=code, candidates=told)


def _code_unknown(digits: str, by_name: ByName, register: Register) -> DivisionMatch:
    """Refuse a code that no division has: what the name says, else codes one digit off."""
    if by_name.hits:
        likely = [(hit, _EXACT_NAME / len(by_name.townships)) for hit in by_name.hits]
        return unknown(say.CODE_UNKNOWN, digits, likely, register)
    one_off = process.extract(
        digits[:TOWNSHIP_DIGITS],
        list(register.townships),
        scorer=OSA.distance,
        score_cutoff=1,
        limit=_SHOWN,
    )
    near = [(register.townships[code], _CODE_ALONE / len(one_off)) for code, _, _ in one_off]
    return unknown(say.CODE_UNKNOWN, digits, [*register.near(by_name.text), *near], register)
