"""The divisions there are: by code, by name, by names that come near, and in addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from geo.core.errors import Proposal
from geo.intake.divisions.codes import DISTRICT_DIGITS, TOWNSHIP_DIGITS
from geo.intake.divisions.names import (
    MAX_NAME,
    comparable,
    folded_name,
    is_village,
    parts_of,
    stem_of,
    stem_of_township,
)

_NEAREST: Final = 3
_LEAST_LIKENESS: Final = 45.0
_BARE, _CONTRADICTED, _RATIO_WEIGHT = 0.8, 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Division:
    """A township, or a village with the township in which it lies."""

    township_code: str
    name_zh: str
    village_code: str | None = None

    @property
    def code(self) -> str:
        """The village's code, else the township's."""
        return self.village_code or self.township_code

    @property
    def told(self) -> str:
        """Code and name as a message shows them."""
        return f"{self.code} {self.name_zh}"


class Register:
    """Divisions by code and by name.

    ``spelled`` has them by their folded names, ``stems`` by their names without 镇, 乡, 街道,
    村 or 社区.

    Parameters
    ----------
    known : pandas.DataFrame
        Indexed by code of 9 or 12 digits, with ``name_zh`` and, for villages,
        ``township_code``; codes of other lengths are left out.

    Examples
    --------
    >>> known = pd.DataFrame({"name_zh": ["罗市镇", "罗市社区"]},
    ...                      index=["430503101", "430503101001"])
    >>> register = Register(known)
    >>> [division.told for division in register.named("罗市社区居委会")]
    ['430503101001 罗市社区']
    >>> register.townships["430503101"].name_zh, register.districts
    ('罗市镇', frozenset({'430503'}))
    """

    def __init__(self, known: pd.DataFrame) -> None:
        made = sorted(_divisions(known), key=lambda division: division.code)
        self.villages = {d.village_code: d for d in made if d.village_code is not None}
        own = {d.township_code: d for d in made if d.village_code is None}
        nameless = {d.township_code: Division(d.township_code, "") for d in made}
        self.townships = nameless | own
        self.districts = frozenset(code[:DISTRICT_DIGITS] for code in self.townships)
        self.spelled: dict[str, list[Division]] = defaultdict(list)
        self._compared: dict[str, list[Division]] = defaultdict(list)
        self.stems: dict[str, list[Division]] = defaultdict(list)
        for division in (*own.values(), *self.villages.values()):
            self.spelled[folded_name(division.name_zh)].append(division)
            self._compared[comparable(division.name_zh)].append(division)
            self.stems[stem_of(comparable(division.name_zh))].append(division)

    def named(self, name: str) -> tuple[Division, ...]:
        """Return the divisions of a name: as it stands, else in its comparable form.

        More than one where several are called so; none of another name.
        """
        unit = parts_of(name).unit
        for key, table in (
            (folded_name(name), self.spelled),
            (unit, self.spelled),
            (stem_of_township(unit), self._compared),
        ):
            if key and key in table:
                return tuple(table[key])
        return ()

    def township_of_stem(self, stem: str) -> tuple[Division, ...]:
        """Return the townships whose name without 镇, 乡 or 街道 is this."""
        found = self._compared.get(stem, ()) if stem else ()
        return tuple(division for division in found if division.village_code is None)

    def one_edit_away(self, name: str) -> tuple[Division, ...]:
        """Return the divisions of the name's own sort that one sign's change would name.

        A township where the name is a township's or says nothing, a village where
        it ends in 村 or 社区. A sign put in, left out, changed, or swapped with the next.
        """
        key = comparable(name)
        if not key:
            return ()
        names = [known for known in self._compared if is_village(known) == is_village(key)]
        found = process.extract(key, names, scorer=OSA.distance, score_cutoff=1, limit=None)
        return tuple(d for known, _, _ in found for d in self._compared[known])

    def near(self, name: str) -> tuple[tuple[Division, float], ...]:
        """Return the divisions whose names come nearest, with a confidence from 0 to 1.

        Our own scale. The same stem: 0.8, or 0.5 where the endings contradict. One
        edit away: 1 - 1 / (signs of the stem + 1), so two of three in a short name.
        Else 0.9 times rapidfuzz's ratio of the comparable names.
        """
        unit = parts_of(name).unit
        key = stem_of_township(unit)
        if not key:
            return ()
        stem = stem_of(key)
        scored: dict[Division, float] = {}
        for known, score, _ in process.extract(
            key, self._compared.keys(), scorer=fuzz.ratio, score_cutoff=_LEAST_LIKENESS, limit=10
        ):
            scored |= dict.fromkeys(self._compared[known], _RATIO_WEIGHT * score / 100)
        for division in self.stems.get(stem, ()):
            scored[division] = _BARE if stem == unit else _CONTRADICTED
        scored |= dict.fromkeys(self.one_edit_away(name), 1 - 1 / (len(stem) + 1))
        ranked = sorted(scored.items(), key=lambda pair: (-pair[1], pair[0].code))
        return tuple((division, round(score, 2)) for division, score in ranked[:_NEAREST])


def _divisions(known: pd.DataFrame) -> list[Division]:
    codes = [str(code) for code in known.index]
    names = ["" if pd.isna(name) else str(name) for name in known["name_zh"]]
    parents = known["township_code"] if "township_code" in known else [None] * len(codes)
    made = []
    for code, name, parent in zip(codes, names, parents, strict=True):
        if len(code) == TOWNSHIP_DIGITS:
            made.append(Division(code, name))
        elif len(code) > TOWNSHIP_DIGITS:
            township = code[:TOWNSHIP_DIGITS] if pd.isna(parent) else str(parent)
            made.append(Division(township, name, code))
    return made


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
        As :func:`geo.intake.divisions.assignment.match_division` takes it.

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
    for names, confidence in ((register.spelled, _FULL), (register.stems, _STEM)):
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
