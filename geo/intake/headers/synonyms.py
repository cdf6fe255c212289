"""The words that offices use for the columns."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from geo.core.errors import FileTooLargeError, FileTypeError, InputError, Place
from geo.core.schema import TABLES
from geo.intake.formats.limits import shown_name
from geo.intake.headers.normalise import MAX_HEADING, heading_word
from geo.intake.sentences import message

PLACE: Final = "place"
PLACE_COLUMNS: Final = (
    "longitude",
    "latitude",
    "x_coordinate",
    "y_coordinate",
    "position",
    "township_name",
    "village_name",
    "datum",
)
"""What may stand in any table beside its own columns; ``x_coordinate`` and
``y_coordinate`` apart from the degrees, as a survey's X is north and a map's is east."""

BESIDE: Final = {"designations": ("facility_name", "township_code")}
"""What may stand in a table's sheets beside its own columns: a designation may name its place
and the township of it."""

SECTIONS: Final = ("facilities", "designations", "population", "townships", "villages", PLACE)
PROVENANCE: Final = frozenset({"source_file", "source_sheet", "source_row"})
MAX_SYNONYM_BYTES: Final = 256 * 1024

_LISTS: Final = ("silent", "hints", "datums", "parents")
_TOO_LARGE: Final = message("headers.synonym_file_size")
_NO_TOML: Final = message("headers.synonym_file_form")
_UNKNOWN_KEY: Final = message("headers.synonym_key_unknown")
_BAD_WORDS: Final = message("headers.synonym_words_form")
_TWICE: Final = message("headers.synonym_word_twice")


@dataclass(frozen=True)
class Section:
    """The words of one table, each as :func:`geo.intake.headers.normalise.heading_word` returns it.

    Attributes
    ----------
    words : Mapping[str, str]
        Word to the name of the column that it means for certain.
    never : frozenset of str
        Words that look like a column and are none.
    ask : Mapping[str, tuple of str]
        Word to the columns that it may mean.
    states : Mapping[str, Mapping[str, str]]
        Word to what it says of other columns.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    ask: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    states: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def under(self, other: Section) -> Section:
        """Return both together; where they disagree on a word, the other holds."""
        told = {*other.words, *other.never, *other.ask}
        return Section(
            {w: c for w, c in self.words.items() if w not in told} | dict(other.words),
            (self.never - told) | other.never,
            {w: c for w, c in self.ask.items() if w not in told} | dict(other.ask),
            dict(self.states) | dict(other.states),
        )


@dataclass(frozen=True)
class Synonyms:
    """The words of every table, and those that belong to none.

    Attributes
    ----------
    sections : Mapping[str, Section]
        By the names of :data:`SECTIONS`.
    silent : frozenset of str
        Headings that are left out without a word: 序号.
    hints, datums, parents : frozenset of str
        See ``synonyms.toml``.
    """

    sections: Mapping[str, Section]
    silent: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()
    datums: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()

    def under(self, other: Synonyms) -> Synonyms:
        """Return both together; where they disagree on a word, the other holds."""
        return Synonyms(
            {name: self.sections[name].under(other.sections[name]) for name in SECTIONS},
            self.silent | other.silent,
            self.hints | other.hints,
            self.datums | other.datums,
            self.parents | other.parents,
        )


@cache
def builtin_synonyms() -> Synonyms:
    """Return the words of ``synonyms.toml``, which stands beside this module.

    Examples
    --------
    >>> builtin_synonyms().sections["facilities"].words["布展面积"]
    'exhibition_area_m2'
    """
    content = files("geo.intake.headers").joinpath("synonyms.toml").read_text(encoding="utf-8")
    return _synonyms(tomllib.loads(content))


def load_synonyms(path: Path) -> Synonyms:
    """Read an office's own words, laid over the built-in ones.

    Parameters
    ----------
    path : pathlib.Path
        A TOML file of the shape of ``synonyms.toml``, of which it may leave out any part.

    Raises
    ------
    InputError
        It cannot be read, is larger than :data:`MAX_SYNONYM_BYTES`, is no TOML, names
        an unknown column, or gives a word to two columns; the place names the key.
    """
    try:
        return builtin_synonyms().under(_synonyms(tomllib.loads(_content(path))))
    # A few thousand brackets within each other end in the interpreter's own bound.
    except (OSError, ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else type(error).__name__
        refusal: InputError = _NO_TOML.error(FileTypeError, reason=reason)
        refusal.place = Place(file=shown_name(path))
        raise refusal from error
    except InputError as error:
        error.place = Place(file=shown_name(path))
        raise


def _content(path: Path) -> str:
    with path.open("rb") as stream:
        content = stream.read(MAX_SYNONYM_BYTES + 1)
    if len(content) > MAX_SYNONYM_BYTES:
        raise _TOO_LARGE.error(FileTooLargeError, limit=MAX_SYNONYM_BYTES)
    return content.decode("utf-8-sig")


def _synonyms(about: Mapping[str, Any]) -> Synonyms:
    _check_keys(about, (*_LISTS, *SECTIONS), "")
    sections = {name: _section(name, _table(about, name, "")) for name in SECTIONS}
    lists = {name: frozenset(_list(about, name, "")) for name in _LISTS}
    return Synonyms(sections, **lists)


def _section(name: str, about: Mapping[str, Any]) -> Section:
    columns = columns_of(name)
    _check_keys(about, (*columns, "never", "ask", "states"), f"{name}.")
    owners = dict(labels_of(name))
    words = {}
    for column in (*columns, "never"):
        for word in _list(about, column, f"{name}."):
            if owners.setdefault(word, column) != column:
                raise _TWICE.error(word=word, key=f"{name}.{column}", other=owners[word])
            words[word] = column
    never = frozenset(word for word, column in words.items() if column == "never")
    known = {word: column for word, column in words.items() if column != "never"}
    return Section(known, never, _ask(name, about, owners), _states(name, about))


def _ask(
    name: str, about: Mapping[str, Any], owners: Mapping[str, str]
) -> Mapping[str, tuple[str, ...]]:
    key = f"{name}.ask"
    table = _table(about, "ask", f"{name}.")
    _check_keys(table, columns_of(name), f"{key}.")
    asked: dict[str, tuple[str, ...]] = {}
    for column in table:
        for word in _list(table, column, f"{key}."):
            if word in owners:
                raise _TWICE.error(word=word, key=f"{key}.{column}", other=owners[word])
            asked[word] = (*asked.get(word, ()), column)
    return asked


def _states(name: str, about: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    key = f"{name}.states"
    table = _table(about, "states", f"{name}.")
    for word, told in table.items():
        if not isinstance(told, dict) or not all(isinstance(v, str) for v in told.values()):
            raise _BAD_WORDS.error(key=f"{key}.{word}", limit=MAX_HEADING)
        _check_keys(told, columns_of(name), f"{key}.{word}.")
    return {heading_word(word): dict(told) for word, told in table.items()}


def columns_of(section: str) -> tuple[str, ...]:
    """Return the columns that a section of the table of synonyms may name."""
    if section == PLACE:
        return PLACE_COLUMNS
    return (*TABLES[section].names, *BESIDE.get(section, ()))


@cache
def labels_of(section: str) -> Mapping[str, str]:
    """Return the identifier and both labels of each column of a section, compared."""
    if section == PLACE:
        return {heading_word(name): name for name in PLACE_COLUMNS}
    return {
        heading_word(word): column.name
        for column in TABLES[section].columns
        if column.name not in PROVENANCE
        for word in (column.en, column.zh, column.name)
    } | {heading_word(name): name for name in BESIDE.get(section, ())}


def _table(about: Mapping[str, Any], key: str, within: str) -> Mapping[str, Any]:
    table = about.get(key, {})
    if not isinstance(table, dict):
        raise _BAD_WORDS.error(key=within + key, limit=MAX_HEADING)
    return table


def _list(about: Mapping[str, Any], key: str, within: str) -> Iterator[str]:
    words = about.get(key, [])
    if not isinstance(words, list):
        raise _BAD_WORDS.error(key=within + key, limit=MAX_HEADING)
    for word in words:
        compared = heading_word(word) if isinstance(word, str) else ""
        if not compared:
            raise _BAD_WORDS.error(key=within + key, limit=MAX_HEADING)
        yield compared


def _check_keys(about: Mapping[str, Any], known: Iterable[str], within: str) -> None:
    known = tuple(known)
    for key in about:
        if key not in known:
            raise _UNKNOWN_KEY.error(key=within + key, known=known)
