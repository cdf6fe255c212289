"""Which division an address tells, for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from geo.core.errors import Proposal
from geo.intake.divisions.naming import MAX_NAME, folded_name
from geo.intake.divisions.register import Division, Register

_LEAST_SIGNS: Final = 2
_BOTH, _FULL, _STEM = 0.95, 0.85, 0.4
"""Confidences of ours: village within its township, a whole name, a name without its ending.

The last is low because streets and shops are called after villages: 宝庆中路.
"""


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    divisions: tuple[Division, ...]


def find_division(address: str | None, known: pd.DataFrame) -> Proposal | None:
    """Propose the division whose name stands in an address, None where none or several do.

    The longest names count; a village that lies in the township named before it
    speaks for both. Nothing is decided by it.

    Parameters
    ----------
    address : str or None
        As written; its first 200 letters and digits are read.
    known : pandas.DataFrame
        As :func:`geo.intake.divisions.places.match_division` takes it.

    Returns
    -------
    geo.core.errors.Proposal or None
        A code of 9 digits, or of 12 where a village is named.

    Examples
    --------
    >>> known = pd.DataFrame({"name_zh": ["罗市镇", "罗市社区", "板桥乡"]},
    ...                      index=["430503101", "430503101001", "430503203"])
    >>> find_division("大祥区罗市镇罗市社区12号", known)
    Proposal(value='430503101001', confidence=0.95)
    >>> find_division("板桥乡政府旁", known).value
    '430503203'
    """
    return find_divisions([address], known)[0]


def find_divisions(
    addresses: Sequence[str | None] | pd.Series, known: pd.DataFrame
) -> tuple[Proposal | None, ...]:
    """Propose for every address as :func:`find_division` does, each different one once.

    Examples
    --------
    >>> known = pd.DataFrame({"name_zh": ["板桥乡"]}, index=["430503203"])
    >>> find_divisions(["不详", None], known)
    (None, None)
    """
    register = Register(known)
    seen: dict[str, Proposal | None] = {}
    made = []
    for address in addresses:
        text = folded_name(address) if isinstance(address, str) else ""
        if text not in seen:
            seen[text] = _proposed(text, register)
        made.append(seen[text])
    return tuple(made)


def _proposed(text: str, register: Register) -> Proposal | None:
    for names, confidence in ((register.spelled(), _FULL), (register.stems(), _STEM)):
        found = _longest(_standing_in(text, names))
        if found:
            return _only(found, confidence)
    return None


def _standing_in(text: str, names: Mapping[str, Sequence[Division]]) -> list[_Found]:
    lengths = sorted({len(name) for name in names if _LEAST_SIGNS <= len(name) <= MAX_NAME})
    return [
        _Found(start, start + length, tuple(names[text[start : start + length]]))
        for length in lengths
        for start in range(len(text) - length + 1)
        if text[start : start + length] in names
    ]


def _longest(found: Iterable[_Found]) -> list[_Found]:
    """Return what does not stand within or across a longer name."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return kept


def _only(found: Sequence[_Found], confidence: float) -> Proposal | None:
    """Return the one division that all names can mean together, None where there is none."""
    every = [set(one.divisions) for one in found]
    named = set().union(*every)
    villages = [v for v in named if v.village_code and all(_agree(g, v) for g in every)]
    if len(villages) == 1:
        alone = len(found) == 1 or confidence < _FULL
        return Proposal(villages[0].code, confidence if alone else _BOTH)
    codes = {division.code for division in named}
    return Proposal(codes.pop(), confidence) if len(codes) == 1 else None


def _agree(group: set[Division], village: Division) -> bool:
    return any(one.code in {village.code, village.township_code} for one in group)
