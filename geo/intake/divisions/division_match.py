"""What a row's division comes to: a code, a remark, or a fault that names what it might be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from geo.core.errors import InputError, Proposal, UnknownDivisionError
from geo.core.messages import Message, Remark, Whole, shown
from geo.intake.divisions import place_messages as say
from geo.intake.divisions.register import Division, Register

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
    remark : Remark or None
        Where more was done than reading the code.
    fault : InputError or None
        Where a person must decide; it stands in no place yet.
    proposals : tuple of Proposal
        What the code might be, likeliest first; the first is also the fault's.
    village_code : str or None
        Where the row names a village that is known.
    """

    code: str | None = None
    remark: Remark | None = None
    fault: InputError | None = None
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


def taken(code: str, by_name: ByName, remark: Remark | None) -> DivisionMatch:
    """Return a township that is certain, and the village where the name is of one alone."""
    villages = {hit.village_code for hit in by_name.hits if hit.township_code == code}
    village = villages.pop() if len(villages) == 1 else None
    return DivisionMatch(code, remark, village_code=village)


def conflict(code: str, divisions: tuple[Division, ...], by_name: ByName) -> DivisionMatch:
    """Return the fault of a code and a name that are two places, proposing both.

    ``divisions`` are what the code means, or may mean where it is damaged.
    """
    likely = [(hit, BY_NAME / len(by_name.hits)) for hit in by_name.hits]
    likely += [(division, BY_CODE / len(divisions)) for division in divisions]
    named = tuple(hit.told for hit in by_name.hits[:_SHOWN]) or by_name.text
    return refused(say.CONFLICT, likely, by_code=code, by_name=named)


def several(sentence: Message, divisions: tuple[Division, ...], text: str) -> DivisionMatch:
    """Return the fault of what may be several places, naming all."""
    likely = [(division, round(BY_NAME / len(divisions), 2)) for division in divisions]
    told = tuple(division.told for division in divisions[:_SHOWN]) or "—"
    return refused(sentence, likely, text=text, candidates=told)


def unknown(
    sentence: Message, text: str, likely: Iterable[tuple[Division, float]], register: Register
) -> DivisionMatch:
    """Return the fault of what is on no list, with the nearest where any is near."""
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
    """Return a fault with proposals of townships' codes, each once and likeliest first."""
    best: dict[str, float] = {}
    for division, confidence in likely:
        code = division.township_code
        best[code] = max(best.get(code, 0.0), round(confidence, 2))
    ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:_PROPOSED]
    proposals = tuple(Proposal(code, confidence) for code, confidence in ranked)
    first = proposals[0] if proposals else None
    fault = sentence.fault(UnknownDivisionError, proposal=first, **values)
    return DivisionMatch(fault=fault, proposals=proposals)


def with_own_fault(match: DivisionMatch) -> DivisionMatch:
    """Return the match with a fault that no other row shares, for faults are told their place."""
    fault = match.fault
    if fault is None:
        return match
    own = type(fault)(zh=fault.zh, en=fault.en)
    own.code, own.proposal = fault.code, fault.proposal
    return replace(match, fault=own)
