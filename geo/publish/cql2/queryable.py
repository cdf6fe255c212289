"""What may be asked about, in which languages, and which classes of the standard hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

QueryableKind = Literal["text", "real", "integer", "boolean", "date", "geometry", "list"]


@dataclass(frozen=True, slots=True)
class Queryable:
    """A property that a filter may name.

    Attributes
    ----------
    name : str
        As it is written in a filter.
    kind : {'text', 'real', 'integer', 'boolean', 'date', 'geometry', 'list'}
        What its column holds; a list holds texts.
    zh, en : str
        Its label in each language.
    unit : str
        Of its numbers; empty where there is none.
    choices : tuple of str
        The vocabulary, for the description of queryables. A value outside of it is not
        an error, it just matches nothing: an error would tell what exists.

    Examples
    --------
    >>> Queryable("exhibition_area_m2", "real", "展厅面积", "Exhibition area", "m²").unit
    'm²'
    """

    name: str
    kind: QueryableKind
    zh: str
    en: str
    unit: str = ""
    choices: tuple[str, ...] = ()


class FilterLang(StrEnum):
    """The value of the parameter ``filter-lang``."""

    TEXT = "cql2-text"
    JSON = "cql2-json"


_CLASSES = (
    "basic-cql2",
    "advanced-comparison-operators",
    "case-insensitive-comparison",
    "basic-spatial-functions",
    "basic-spatial-functions-plus",
    "spatial-functions",
    "temporal-functions",
    "property-property",
    "arithmetic",
    "cql2-text",
    "cql2-json",
)

CONFORMANCE: Final = tuple(f"http://www.opengis.net/spec/cql2/1.0/conf/{name}" for name in _CLASSES)
"""Conformance classes of CQL2 that hold. Not among them: ``accent-insensitive-comparison``
(letters such as ø are no accents here), ``array-functions`` (lists hold texts only) and
``functions`` (there are none of ours)."""
