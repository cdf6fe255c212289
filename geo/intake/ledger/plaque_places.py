"""On which place a plaque hangs: by the place's id, by its name, or by both where they agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from rapidfuzz import fuzz, process

from geo.core.errors import BadValueError, Proposal
from geo.core.messages import message
from geo.intake.headings.folding import folded
from geo.intake.ledger.draft import Draft, ReadRows
from geo.intake.ledger.setting import Setting

TOWNSHIP_DIGITS: Final = 9
_SHOWN: Final = 10
_LONGEST: Final = 100
_LEAST_LIKENESS: Final = 60.0
_MOST_COMPARED: Final = 20_000_000
_RATIO_WEIGHT: Final = 0.9
"""Our own scale: the name of a place that is written otherwise is never certain."""

NO_PLACE: Final = message(
    "plaque_without_place",
    "设施编号「{key}」不在设施台账中，请改正编号或补上设施。",
    "Facility id '{key}' is not in the ledger; mend it or add the place.",
)
SEVERAL: Final = message(
    "plaque_place_several",
    "名为「{name}」的设施有 {count} 处：{places}。请填写设施编号。",
    "{count} places are called '{name}': {places}. Enter the id of the one meant.",
)
NEAR: Final = message(
    "plaque_place_near",
    "没有名为「{name}」的设施，是否指「{nearest}」（把握 {share}）？请改正名称，或填写设施编号。",
    "No place is called '{name}'; is it '{nearest}' ({share} sure)? Mend the name, or add the id.",
)
UNKNOWN: Final = message(
    "plaque_place_unknown",
    "没有名为「{name}」的设施，请改正名称、填写设施编号，或在台账中补上设施。",
    "No place is called '{name}'; mend the name, give the id, or add the place to the ledger.",
)
CONTRADICTION: Final = message(
    "plaque_place_contradiction",
    "编号「{key}」是「{own}」，与名称「{name}」不符，请改正其中一项。",
    "The place of the id '{key}' is '{own}' and not '{name}'; mend one of the two.",
)
DIFFERS: Final = message(
    "plaque_name_differs",
    "编号「{key}」的设施叫「{own}」，这里写作「{name}」，已按编号对应，请核对。",
    "The place of the id '{key}' is called '{own}', here '{name}'; the id was taken, please check.",
)
OTHER_TOWNSHIP: Final = message(
    "plaque_place_township",
    "设施「{name}」在 {own}，与所写的乡镇街道 {township} 不符，请改正其中一项。",
    "The place '{name}' is in {own} and not in {township}; mend one of the two.",
)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that a plaque may hang on.

    Attributes
    ----------
    key : str or None
        Its id; None where the row that states it has a fault there.
    name : str
        As written.
    township : str
        Code of nine digits, empty where not known.
    told : str
        Where it stands, and its id, as a message shows it.
    demonstration : bool
        Its mark, which a plaque without one takes.
    """

    key: str | None
    name: str
    township: str
    told: str
    demonstration: bool


class KnownPlaces:
    """Places of the file, and of the store beside them, by id and by name.

    Examples
    --------
    >>> places = KnownPlaces([KnownPlace("P1", "清风科技馆", "", "3（P1）", False)])
    >>> places.by_id["P1"].name, [place.key for place in places.named("清风 科技馆")]
    ('清风科技馆', ['P1'])
    >>> places.nearest("清风科枝馆")
    ('清风科技馆', 0.72)
    """

    def __init__(self, places: Iterable[KnownPlace], stored: Sequence[KnownPlace] = ()) -> None:
        self.stored = frozenset(place.key for place in stored if place.key is not None)
        self.by_id: dict[str, KnownPlace] = {}
        named: dict[str, dict[str | None, KnownPlace]] = defaultdict(dict)
        for place in (*places, *stored):
            if place.key is not None:
                self.by_id.setdefault(place.key, place)
            named[folded(place.name)].setdefault(place.key, place)
        self._named: Mapping[str, dict[str | None, KnownPlace]] = named
        self._short = [name for name in named if 0 < len(name) <= _LONGEST]
        self._compared = 0

    def named(self, name: str) -> tuple[KnownPlace, ...]:
        """Return the places of just this name, folded; each id once."""
        return tuple(self._named.get(folded(name), {}).values())

    def nearest(self, name: str) -> tuple[str, float] | None:
        """Return the name that comes nearest, with 0.9 of rapidfuzz's ratio as confidence.

        None for names under 60% alike, and where so many were compared already that
        it would take long.
        """
        key = folded(name[: 2 * _LONGEST])
        if len(key) > _LONGEST or self._compared > _MOST_COMPARED:
            return None
        self._compared += len(self._short)
        best = process.extractOne(key, self._short, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKENESS)
        if best is None:
            return None
        place = next(iter(self._named[best[0]].values()))
        return place.name, round(_RATIO_WEIGHT * best[1] / 100, 2)


def known_places(draft: Draft, setting: Setting) -> KnownPlaces:
    """Return the places of the file, and in an update those of the store beside them."""
    own = [place for places in draft.places for place in _of_file(places.rows)]
    stored = _of_store(setting) if setting.update else []
    keys = {place.key for place in own}
    return KnownPlaces(own, [place for place in stored if place.key not in keys])


def _of_file(rows: ReadRows) -> Iterator[KnownPlace]:
    names = ("facility_id", "name", "township_code", "village_code", "demonstration")
    columns = (rows.column(name) for name in names)
    sheet = rows.reader.sheet.name or ""
    for number, key, name, township, village, mark in zip(rows.numbers, *columns, strict=True):
        where = f"{sheet} {number}".strip()
        yield KnownPlace(
            None if key is None else str(key),
            str(name or ""),
            str(township or village or "")[:TOWNSHIP_DIGITS],
            where if key is None else f"{where}（{key}）",
            bool(mark),
        )


def _of_store(setting: Setting) -> list[KnownPlace]:
    stored = setting.facilities
    if stored is None or stored.empty:
        return []
    columns = (stored[name] for name in ("name", "township_code", "demonstration"))
    return [
        KnownPlace(
            str(key),
            str(name),
            "" if pd.isna(code) else str(code)[:TOWNSHIP_DIGITS],
            str(key),
            not pd.isna(mark) and bool(mark),
        )
        for key, name, code, mark in zip(stored.index, *columns, strict=True)
    ]


def find_place(
    places: KnownPlaces, key: str | None, name: str, township: str
) -> KnownPlace | BadValueError:
    """Return the one place that id, name and township mean, or the fault of there being none.

    Parameters
    ----------
    places : KnownPlaces
        Of the file, and of the store in an update.
    key : str or None
        The id that the row states.
    name : str
        The name that it states; empty for none. One of the two must be there.
    township : str
        Code of nine digits, empty for none.

    Examples
    --------
    >>> places = KnownPlaces([KnownPlace("P1", "清风科技馆", "430503101", "3（P1）", False)])
    >>> find_place(places, None, "清风科技馆", "430503101").key
    'P1'
    >>> print(find_place(places, None, "清风科枝馆", ""))
    没有名为「清风科枝馆」的设施，是否指「清风科技馆」（把握 72%）？请改正名称，或填写设施编号。
    """
    if key is not None:
        return _by_id(places, key, name, township)
    named = places.named(name)
    fitting = [place for place in named if _agrees(place, township)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        told = tuple(place.told for place in fitting[:_SHOWN]) + ("…",) * (len(fitting) > _SHOWN)
        return SEVERAL.fault(name=name, count=len(fitting), places=told)
    return _elsewhere(named[0], township) if named else _unknown(places, name)


def _by_id(places: KnownPlaces, key: str, name: str, township: str) -> KnownPlace | BadValueError:
    named = places.named(name) if name else ()
    proposal = _only(named)
    place = places.by_id.get(key)
    if place is None:
        return NO_PLACE.fault(key=key, proposal=proposal)
    same = key in {one.key for one in named}
    if name and not same and (named or not is_like(name, place.name)):
        return CONTRADICTION.fault(key=key, own=place.name, name=name, proposal=proposal)
    return place if _agrees(place, township) else _elsewhere(place, township)


def is_like(name: str, other: str) -> bool:
    """Tell whether two names are 60% alike or more, by rapidfuzz's ratio.

    Examples
    --------
    >>> is_like("清风科技馆", "清风村科技馆"), is_like("清风科技馆", "图书馆")
    (True, False)
    """
    first, second = (folded(text[: 2 * _LONGEST]) for text in (name, other))
    return fuzz.ratio(first, second) >= _LEAST_LIKENESS


def _only(named: tuple[KnownPlace, ...]) -> Proposal | None:
    """Return the id of the only place of a name, to stand in for one that is wrong."""
    if len(named) != 1 or named[0].key is None:
        return None
    return Proposal(named[0].key, _RATIO_WEIGHT)


def _agrees(place: KnownPlace, township: str) -> bool:
    return not township or place.township in {"", township}


def _elsewhere(place: KnownPlace, township: str) -> BadValueError:
    return OTHER_TOWNSHIP.fault(name=place.name, own=place.township, township=township)


def _unknown(places: KnownPlaces, name: str) -> BadValueError:
    near = places.nearest(name)
    if near is None:
        return UNKNOWN.fault(name=name)
    proposal = Proposal(*near)
    return NEAR.fault(name=name, nearest=near[0], share=f"{near[1]:.0%}", proposal=proposal)
