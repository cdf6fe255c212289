"""Every sentence that intake says of a sender's file, each under a code of its own.

A module declares its sentences once, as constants, with :func:`message`; faults
and remarks are made from them. ``docs/intake.md`` lists the catalogue, and a test
keeps the two in step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar, overload

from geo.core.errors import BadValueError, InputError, Place, Proposal

_Fault = TypeVar("_Fault", bound=InputError)
_catalogue: dict[str, Message] = {}
_SHOWN_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Remark:
    """What intake did to a cell beyond reading it as it stands, and its sender should know."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that holds something, but no value: a formula's error, a nested object.

    ``code`` is of the sentence that says so in the catalogue.
    """

    zh: str
    en: str
    code: str = ""

    def fault(self) -> BadValueError:
        """Return it as a fault; whoever knows the place adds it."""
        fault = BadValueError(zh=self.zh, en=self.en)
        fault.code = self.code
        return fault

    def __str__(self) -> str:
        """Return what stands for it where it is a heading."""
        return "（读不出的单元格）"


@dataclass(frozen=True)
class Noted:
    """A remark, and the place that it is about."""

    place: Place
    remark: Remark


class Whole(str):
    """Words of ours among the values of a message: taken whole, where a sender's are cut."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence in both languages, with names in braces for what changes.

    Attributes
    ----------
    code : str
        Stable, for tests and ``docs/intake.md``.
    zh, en : str
        What is wrong, or was done, and what to do.
    """

    code: str
    zh: str
    en: str

    @overload
    def fault(
        self, *, proposal: Proposal | None = None, place: Place | None = None, **values: object
    ) -> BadValueError: ...

    @overload
    def fault(
        self,
        kind: type[_Fault],
        /,
        *,
        proposal: Proposal | None = None,
        place: Place | None = None,
        **values: object,
    ) -> _Fault: ...

    def fault(  # type: ignore[misc]
        self,
        kind: type[InputError] = BadValueError,
        /,
        *,
        proposal: Proposal | None = None,
        place: Place | None = None,
        **values: object,
    ) -> InputError:
        """Return the sentence as a fault; whoever knows the place adds it.

        Text among the values is cut to one short line but for a :class:`Whole`, a tuple
        is joined.
        """
        zh, en = self.zh.format(**_told(values, "、")), self.en.format(**_told(values))
        fault = kind(zh=zh, en=en, place=place)
        fault.code, fault.proposal = self.code, proposal
        return fault

    def unreadable(self, **values: object) -> Unreadable:
        """Return the sentence as what stands for a cell that holds no value."""
        told = self.remark(**values)
        return Unreadable(told.zh, told.en, told.code)

    def remark(self, **values: object) -> Remark:
        """Return the sentence as a remark on a cell that was read all the same."""
        zh, en = self.zh.format(**_told(values, "、")), self.en.format(**_told(values))
        return Remark(self.code, zh, en)


def message(code: str, zh: str, en: str) -> Message:
    """Declare a sentence, and return it.

    Raises
    ------
    ValueError
        Another sentence has the code.

    Examples
    --------
    >>> told = message("doctest_only", "「{text}」读作 {value} m²。", "'{text}' is {value} m².")
    >>> print(told.fault(text="约200", value=200))
    「约200」读作 200 m²。
    >>> told.remark(text="约200", value=200).en
    "'约200' is 200 m²."
    >>> del _catalogue["doctest_only"]
    """
    made = Message(code, zh, en)
    if _catalogue.setdefault(code, made) != made:
        raise ValueError(f"two sentences of the code {code}")
    return made


def catalogue() -> Mapping[str, Message]:
    """Return every sentence declared by the modules imported so far, by code."""
    return MappingProxyType(_catalogue)


def _told(values: Mapping[str, object], joint: str = ", ") -> dict[str, object]:
    return {
        name: shown(value)
        if isinstance(value, str) and not isinstance(value, Whole)
        else joint.join(map(shown, value))
        if isinstance(value, tuple)
        else value
        for name, value in values.items()
    }


def shown(value: object) -> str:
    r"""Return a value as a message may quote it: short, on one line, nothing unseen in it.

    Examples
    --------
    >>> shown("飞\x1b[31m碟"), shown("长" * 50)[-3:]
    ('飞\\u001b[31m碟', '长长…')
    """
    text = str(value)
    cut = text[:_SHOWN_CHARACTERS] + "…" * (len(text) > _SHOWN_CHARACTERS)
    return "".join(
        sign if sign.isprintable() or sign == "　" else f"\\u{ord(sign):04x}" for sign in cut
    )
