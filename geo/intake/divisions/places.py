"""Which township a row means: its division code and its division's name, matched together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from geo.core.messages import Remark
from geo.intake.divisions import place_messages as say
from geo.intake.divisions.addresses import find_division, find_divisions
from geo.intake.divisions.codes import read_code
from geo.intake.divisions.division_match import (
    ByName,
    DivisionMatch,
    refused,
    several,
    taken,
    unknown,
    with_own_fault,
)
from geo.intake.divisions.naming import MAX_NAME, folded_name, parts_of
from geo.intake.divisions.place_codes import match_code
from geo.intake.divisions.register import Register

__all__ = ["DivisionMatch", "find_division", "find_divisions", "match_division", "match_divisions"]

_EXACT_NAME: Final = 0.9


def match_division(
    code: str | None,
    name: str | None,
    known: pd.DataFrame,
    *,
    former: Mapping[str, str] | None = None,
    district: str | None = None,
) -> DivisionMatch:
    """Say which township a code and a name mean together.

    Both must agree; where they do not, nothing is chosen and both are proposed. A
    code damaged by a spreadsheet is taken only with its name, a misspelt name only
    with its code, and either only with a remark.

    Parameters
    ----------
    code, name : str or None
        As the cells hold them; missing values of pandas are None.
    known : pandas.DataFrame
        Townships, and villages where known, indexed by code of 9 or 12 digits, with
        ``name_zh``; ``township_code`` of a village is read where the column is there.
    former : Mapping[str, str], optional
        Prefixes of codes that were changed, to those that took their place.
    district : str, optional
        The district's own name, to tell 双清区城西街道 from a place of ours.

    Examples
    --------
    >>> known = pd.DataFrame({"name_zh": ["罗市镇", "蔡锷乡", "板桥乡"]},
    ...                      index=["430503101", "430503202", "430503203"])
    >>> match_division("430503101", "大祥区罗市镇人民政府", known).code
    '430503101'
    >>> print(match_division("430503203", "蔡锷乡", known).fault)
    代码「430503203 板桥乡」与名称「430503202 蔡锷乡」不是同一处，请改正其中一项。
    >>> match_division("43050310", "罗市镇", known).remark.code
    'division_code_damaged'
    """
    return _matched(_given(code), _given(name), Register(known), former or {}, district or "")


def match_divisions(
    codes: Sequence[str | None] | pd.Series,
    names: Sequence[str | None] | pd.Series,
    known: pd.DataFrame,
    *,
    former: Mapping[str, str] | None = None,
    district: str | None = None,
) -> tuple[DivisionMatch, ...]:
    """Match every row as :func:`match_division` does, each different pair once.

    Parameters
    ----------
    codes, names : sequence of str or None
        Of equal length.
    known, former, district
        As :func:`match_division` takes them.

    Returns
    -------
    tuple of DivisionMatch
        In the order of the rows; each with a fault of its own, since a fault is
        later told its place.

    Raises
    ------
    ValueError
        The two are not of equal length.

    Examples
    --------
    >>> known = pd.DataFrame({"name_zh": ["罗市镇"]}, index=["430503101"])
    >>> [m.code for m in match_divisions(["430503101", None], [None, "罗市"], known)]
    ['430503101', '430503101']
    """
    register = Register(known)
    seen: dict[tuple[str, str], DivisionMatch] = {}
    made = []
    for code, name in zip(codes, names, strict=True):
        pair = (_given(code), _given(name))
        if pair not in seen:
            seen[pair] = _matched(*pair, register, former or {}, district or "")
        made.append(with_own_fault(seen[pair]))
    return tuple(made)


def _given(value: object) -> str:
    if isinstance(value, str):
        return value[: 2 * MAX_NAME]
    return str(value) if isinstance(value, int | float) and not pd.isna(value) else ""


def _matched(
    code: str, name: str, register: Register, former: Mapping[str, str], district: str
) -> DivisionMatch:
    written = read_code(code)
    if not written.digits and written.name:
        return _word_for_code(written.name, name, register, district)
    by_name = _by_name(name or written.name, register, district)
    if not written.digits:
        return _name_alone(by_name, register)
    return match_code(code, written, by_name, register, former)


def _by_name(name: str, register: Register, district: str) -> ByName:
    if not folded_name(name):
        return ByName("")
    parts = parts_of(name)
    if parts.district and district and not parts.district.endswith(folded_name(district)):
        return ByName(name, elsewhere=parts.district)
    hits = register.named(name)
    above = register.township_of_stem(parts.township)
    if not above:
        return ByName(name, hits)
    inside = tuple(hit for hit in hits if hit.township_code in {d.township_code for d in above})
    if inside:
        return ByName(name, inside)
    if hits:
        return ByName(name, contradiction=(*above, *hits))
    return ByName(name, above, village_unknown=True)


def _word_for_code(word: str, name: str, register: Register, district: str) -> DivisionMatch:
    """Match a row whose cell for the code holds words: taken unless the name is another."""
    first = _by_name(word, register, district)
    second = _by_name(name, register, district)
    if first.hits and (not second.text or set(first.townships) == set(second.townships)):
        return _name_alone(first, register)
    likely = [(hit, _EXACT_NAME) for hit in second.hits or first.hits]
    return refused(say.CODE_UNREADABLE, likely, text=word)


def _name_alone(by_name: ByName, register: Register) -> DivisionMatch:
    if not by_name.text:
        return DivisionMatch()
    if by_name.elsewhere:
        return DivisionMatch(remark=say.NAME_ELSEWHERE.remark(text=by_name.text))
    if by_name.contradiction:
        return several(say.NAME_CONTRADICTS_ITSELF, by_name.contradiction, by_name.text)
    if not by_name.hits:
        return unknown(say.NAME_UNKNOWN, by_name.text, register.near(by_name.text), register)
    if len(by_name.townships) > 1:
        return several(say.NAME_AMBIGUOUS, by_name.hits, by_name.text)
    return taken(by_name.hits[0].township_code, by_name, _remark_of_name(by_name, register))


def _remark_of_name(by_name: ByName, register: Register) -> Remark:
    hit = by_name.hits[0]
    township = register.townships[hit.township_code].told
    if by_name.village_unknown:
        return say.VILLAGE_UNKNOWN.remark(text=by_name.text, township=township)
    if hit.village_code is not None:
        return say.TOWNSHIP_OF_VILLAGE.remark(text=by_name.text, township=township)
    return say.CODE_FROM_NAME.remark(text=by_name.text, township=township)
