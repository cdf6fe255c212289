"""Sentences in both languages, each under a code of its own, and what is made of them.

The texts stand in TOML files of the package that they belong to, by area
(:class:`Catalogue`); the code names them by area and code, and makes errors and notes
of them. ``docs/intake.md`` lists those of intake, and a test keeps the two in step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar, overload

from geo.core.errors import BadValueError, InputError, Place, Proposal

_Error = TypeVar("_Error", bound=InputError)
_catalogues: list[Catalogue] = []
_SHOWN_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Note:
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

    def error(self) -> BadValueError:
        """Return it as an error; whoever knows the place adds it."""
        error = BadValueError(zh=self.zh, en=self.en)
        error.code = self.code
        return error

    def __str__(self) -> str:
        """Return what stands for it where it is a heading."""
        return "（读不出的单元格）"


@dataclass(frozen=True)
class CellWarning:
    """A note, and the place that it is about."""

    place: Place
    note: Note


class Whole(str):
    """Words of ours among the values of a message: taken whole, where a sender's are cut."""

    __slots__ = ()


class Message:
    """A sentence in both languages, with names in braces for what changes.

    Parameters
    ----------
    code : str
        Stable, for tests and ``docs/intake.md``.
    zh, en : str
        What is wrong, or was done, and what to do.
    """

    __slots__ = ("_read", "_texts", "code")

    def __init__(self, code: str, zh: str = "", en: str = "") -> None:
        self.code = code
        self._texts: tuple[str, str] | None = (zh, en)
        self._read: Callable[[], Mapping[str, Mapping[str, str]]] = dict

    @classmethod
    def stored(cls, code: str, read: Callable[[], Mapping[str, Mapping[str, str]]]) -> Message:
        """Return the sentence of a code, whose texts are read when they are first needed.

        Most sentences are never needed: no process reads files of texts for those.
        """
        made = cls(code)
        made._texts, made._read = None, read
        return made

    @property
    def texts(self) -> tuple[str, str]:
        """Both texts, Chinese first."""
        if self._texts is None:
            found = self._read()[self.code]
            self._texts = found["zh"], found["en"]
        return self._texts

    @property
    def zh(self) -> str:
        """The Chinese text."""
        return self.texts[0]

    @property
    def en(self) -> str:
        """The English text."""
        return self.texts[1]

    def __repr__(self) -> str:
        """Return the sentence by its code."""
        return f"Message({self.code!r})"

    @overload
    def error(
        self, *, proposal: Proposal | None = None, place: Place | None = None, **values: object
    ) -> BadValueError: ...

    @overload
    def error(
        self,
        kind: type[_Error],
        /,
        *,
        proposal: Proposal | None = None,
        place: Place | None = None,
        **values: object,
    ) -> _Error: ...

    def error(  # type: ignore[misc]
        self,
        kind: type[InputError] = BadValueError,
        /,
        *,
        proposal: Proposal | None = None,
        place: Place | None = None,
        **values: object,
    ) -> InputError:
        """Return the sentence as an error; whoever knows the place adds it.

        Text among the values is cut to one short line but for a :class:`Whole`, a tuple
        is joined.
        """
        zh, en = self._said(values)
        error = kind(zh=zh, en=en, place=place)
        error.code, error.proposal = self.code, proposal
        return error

    def unreadable(self, **values: object) -> Unreadable:
        """Return the sentence as what stands for a cell that holds no value."""
        told = self.note(**values)
        return Unreadable(told.zh, told.en, told.code)

    def note(self, **values: object) -> Note:
        """Return the sentence as a note on a cell that was read all the same."""
        zh, en = self._said(values)
        return Note(self.code, zh, en)

    def _said(self, values: Mapping[str, object]) -> tuple[str, str]:
        """Return both texts with values in them: text cut to one short line, tuples joined."""
        said = []
        for text, joint in zip(self.texts, ("、", ", "), strict=True):
            told: dict[str, object] = {}
            for name, value in values.items():
                if isinstance(value, tuple):
                    told[name] = joint.join(map(shown, value))
                else:
                    theirs = isinstance(value, str) and not isinstance(value, Whole)
                    told[name] = shown(value) if theirs else value
            said.append(text.format(**told))
        return said[0], said[1]


class Catalogue:
    """The sentences of a package: a TOML file for each area, a table for each code.

    Examples
    --------
    >>> message = Catalogue("geo.intake.sentences")
    >>> told = message("cells.amount_about")
    >>> print(told.error(text="约200", value=200))
    「约200」是约数，读作 200；有准数时请改正。
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._area = cache(self._read_area)
        _catalogues.append(self)

    def __call__(self, key: str) -> Message:
        """Return the sentence of a key, ``area.code``; its file is not read yet."""
        area, _, code = key.partition(".")
        return Message.stored(code, lambda: self._area(area))

    def areas(self) -> Mapping[str, Mapping[str, Message]]:
        """Return every sentence, by area and code."""
        from importlib.resources import files  # noqa: PLC0415

        names = (one.name for one in files(self._package).iterdir() if one.name.endswith(".toml"))
        return {
            area: {code: self(f"{area}.{code}") for code in self._area(area)}
            for area in sorted(name.removesuffix(".toml") for name in names)
        }

    def _read_area(self, area: str) -> Mapping[str, Mapping[str, str]]:
        # Loaded here: the process that opens a file seldom has anything to say, and starts sooner.
        import tomllib  # noqa: PLC0415
        from importlib.resources import files  # noqa: PLC0415

        content = files(self._package).joinpath(f"{area}.toml").read_text(encoding="utf-8")
        return tomllib.loads(content)


def catalogue() -> Mapping[str, Message]:
    """Return every sentence of the packages imported so far, by code."""
    areas = (area for one in _catalogues for area in one.areas().values())
    return {code: said for area in areas for code, said in area.items()}


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
