"""What the features of each collection carry, and the columns that a file has for them.

Read from the one dictionary of columns (``columns.toml``), so that a property has one name,
one unit and one label as a property, a queryable, a filter and a column of a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from types import MappingProxyType
from typing import Any, Final

from geo.core.errors import NotFoundError
from geo.core.schema import FACILITIES, Column, Table, column_of, columns_of, dictionary
from geo.core.sentences import Sentences
from geo.core.vocabulary import LABELS, Audience, Group, Kind, Profile

TEXT: Final = Sentences("geo.core")

_COLLECTIONS: Final[Mapping[str, Mapping[str, Any]]] = dictionary()["collections"]
_SHORT: Final[Mapping[str, Mapping[str, str]]] = dictionary()["short"]
_LONG_TEXT: Final = 1_000_000

POSITION_COLUMNS: Final = ("longitude", "latitude")
"""Properties of sites that no file has: its geometry says it, in the system asked for."""

NESTED: Final = frozenset(
    f"{name}.{column}" for name, entry in _COLLECTIONS.items() for column in entry.get("nested", ())
)
"""Properties that are lists or objects: they are shown, and not asked about."""


def words_column(column: Column) -> Column:
    """Return the column of Chinese words that stands beside one of coded words.

    Examples
    --------
    >>> words_column(FACILITIES["status"]).name
    'status_zh'
    """
    return Column(
        f"{column.name}_zh", "text", f"{column.zh}（中文）", f"{column.en} in Chinese",
        release=column.release,
    )  # fmt: skip


def is_worded(column: Column) -> bool:
    """Tell whether a property holds codes that have words."""
    return column.choices is not None and column.choices in LABELS


def _worded(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return properties with the words of each code behind it, where it has none of its own."""
    named = {column.name for column in columns}
    found: list[Column] = []
    for column in columns:
        found.append(column)
        if is_worded(column) and f"{column.name}_zh" not in named:
            found.append(words_column(column))
    return tuple(found)


BARE_FIELDS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {name: columns_of(entry) for name, entry in _COLLECTIONS.items()}
)
"""The properties of each collection's features, before words are laid beside their codes."""

FIELDS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {name: _worded(columns) for name, columns in BARE_FIELDS.items()}
)
"""The properties of each collection's features."""


def fields_of(name: str, profile: Profile = Profile.PUBLIC) -> tuple[Column, ...]:
    """Return the properties of a collection's features, as far as a profile carries them.

    Raises
    ------
    NotFoundError
        There is no such collection.

    Examples
    --------
    >>> [column.name for column in fields_of("districts")]
    ['district_code', 'name_zh', 'role', 'quality', 'quality_zh']
    >>> "contact" in [column.name for column in fields_of("facilities")]
    False
    """
    if name not in FIELDS:
        raise NotFoundError(**TEXT.both("there_is_no_such_collection", fields=", ".join(FIELDS)))
    return tuple(column for column in FIELDS[name] if profile.carries(column.release))


def queryable_fields(name: str, profile: Profile = Profile.PUBLIC) -> tuple[Column, ...]:
    """Return the properties of a collection that may be asked about, sorted and filtered by.

    Examples
    --------
    >>> "designations" in [column.name for column in queryable_fields("facilities")]
    False
    """
    return tuple(
        column for column in fields_of(name, profile) if f"{name}.{column.name}" not in NESTED
    )


@dataclass(frozen=True, slots=True)
class _Term:
    """A term as the patterns of ``[flat]`` name it: its code, its words and its short name."""

    code: str
    zh: str
    en: str
    short: str


_VOCABULARIES: Final[Mapping[str, type[StrEnum]]] = {
    "kind": Kind,
    "group": Group,
    "audience": Audience,
}


def _flat_columns(property_name: str) -> Iterator[tuple[Column, str]]:
    """Yield the columns that a file has in place of a nested property, with their short names."""
    pattern = dictionary()["flat"][property_name]
    for entry in pattern.get("first", ()):
        yield column_of(entry["name"], entry), entry["short"]
    terms = [
        [_Term(term.value, *LABELS[words][term], _SHORT[over][term.value]) for term in words]
        for over, words in ((over, _VOCABULARIES[over]) for over in pattern["over"])
    ]
    for values in product(*terms):
        named = dict(zip(pattern["over"], values, strict=True))
        filled = {
            key: text.format(**named) if isinstance(text, str) else text
            for key, text in pattern.items()
        }
        yield column_of(filled["name"], filled), filled["short"]


def _file_columns(name: str) -> Iterator[Column]:
    """Yield the columns of a collection's files: flat, and the Chinese words beside coded ones."""
    entry = _COLLECTIONS[name]
    if entry["key"] == FACILITIES.key and name == FACILITIES.name:
        yield FACILITIES[entry["key"]]
    for column in FIELDS[name]:
        if column.name in entry.get("not_in_files", ()):
            continue
        if column.name in entry.get("nested", ()) and column.name in dictionary()["flat"]:
            yield from (flat for flat, _ in _flat_columns(column.name))
        elif column.name in FACILITIES.names:
            yield column
        else:
            yield replace(column, max_length=_LONG_TEXT)


def _unique_titles(columns: Iterator[Column]) -> tuple[Column, ...]:
    """Return columns whose Chinese names differ, as GeoPackage and those who read a list want."""
    found: dict[str, Column] = {}
    for column in columns:
        zh = column.zh if column.zh not in found else f"{column.zh}（{column.name}）"
        found[zh] = replace(column, zh=zh)
    return tuple(found.values())


FILE_TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        name: Table(
            name,
            entry["zh"],
            entry["en"],
            entry["key"],
            _unique_titles(_file_columns(name)),
            entry["geometry"],
        )
        for name, entry in _COLLECTIONS.items()
    }
)
"""By collection: every column that its files may have, in their order."""

SHORT_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{
            name: entry["short"]
            for name, entry in dictionary()["columns"].items()
            if "short" in entry
        },
        **_SHORT["derived"],
        **{
            column.name: short
            for property_name in dictionary()["flat"]
            for column, short in _flat_columns(property_name)
        },
    }
)
"""Of every column of every collection."""


def short_name(name: str) -> str:
    """Return the name of a column in a Shapefile: at most ten bytes of ASCII.

    Examples
    --------
    >>> short_name("exhibition_area_m2"), short_name("kind")
    ('exh_m2', 'kind')
    >>> short_name("coverage_rate_kind_library")
    'cov_librar'
    """
    return SHORT_NAMES[name]
