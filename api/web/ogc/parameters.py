"""The parameters of a collection's items, read and checked once for a request."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.web.parameters import StudyQuery
from geo.core.dates import Interval, parse_interval
from geo.core.errors import QueryError
from geo.core.fields import fields_of, queryable_fields
from geo.core.geojson import bbox_numbers, parse_bbox
from geo.core.output_systems import CRS84, OutputSystem, system_named
from geo.core.sentences import Sentences
from geo.core.vocabulary import Profile
from geo.publish.cql2 import Filter, FilterLang, Queryable, parse_filter
from geo.publish.features import collection_named
from geo.publish.selection import (
    Selection,
    parse_sortby,
    queryables,
    unknown_property,
    wanted_values,
)

TEXT: Final = Sentences("api.web")

MOST_ITEMS: Final = 10_000
"""Of one page; who asks for more is given so many, as the standard says."""

DEFAULT_ITEMS: Final = 100
_MAX_OFFSET: Final = 10_000_000
_MAX_IMPORT: Final = 2**53
_URI: Final[Any] = {"max_length": 200, "description": "an address of the collection's crs list"}
Query = TypeVar("Query", bound=BaseModel)


class DocumentQuery(BaseModel):
    """The parameters of a document about the service."""

    model_config = ConfigDict(extra="forbid")

    f: Literal["json", "html"] | None = Field(None, description="format")
    lang: Literal["zh", "en"] = Field("zh", description="language")


class AsOfQuery(StudyQuery):
    """Which study, of which time, and when known."""

    datetime: str | None = Field(
        None, max_length=100, description="a day, a moment or an interval: the ledger as of then"
    )
    known: int | None = Field(
        None, ge=1, le=_MAX_IMPORT, description="as known after this import; links pin it"
    )

    @property
    def interval(self) -> Interval | None:
        """What ``datetime`` means, if it is given.

        Raises
        ------
        QueryError
            It means nothing, or ``on`` is given beside it.
        """
        if self.datetime is None:
            return None
        if self.on is not None:
            raise QueryError(**TEXT.both("on_and_datetime_exclude_each_other"))
        return parse_interval(self.datetime)

    def study_choices(self) -> dict[str, Any]:
        """Return what was chosen of the study; its date is the last day of ``datetime``."""
        choices = self.choices()
        interval = self.interval
        return choices if interval is None else choices | {"on": interval.end}


class ItemQuery(AsOfQuery):
    """The parameters of one item: which study, in which system and format."""

    f: Literal["json", "html"] | None = Field(None, description="format")
    crs: str | None = Field(None, **_URI)


class SelectionQuery(AsOfQuery):
    """Which features of a collection; any other name is a property that must be so."""

    model_config = ConfigDict(extra="allow")

    filter: str | None = Field(None, max_length=2_048, description="a filter in CQL2")
    filter_lang: FilterLang = Field(FilterLang.TEXT, alias="filter-lang")
    filter_crs: str | None = Field(None, alias="filter-crs", **_URI)


class ItemsQuery(SelectionQuery, ItemQuery):
    """The parameters of a collection's items."""

    # Of several bases pydantic takes the last one's.
    model_config = SelectionQuery.model_config

    f: Literal["json", "html", "csv", "gpkg"] | None = Field(  # type: ignore[assignment]
        None, description="format"
    )
    bbox: str | None = Field(
        None, max_length=200, description="west,south,east,north in degrees, or as bbox-crs says"
    )
    bbox_crs: str | None = Field(None, alias="bbox-crs", **_URI)
    limit: int = Field(
        DEFAULT_ITEMS, ge=1, description=f"features of a page, {MOST_ITEMS:,} at most"
    )
    offset: int = Field(0, ge=0, le=_MAX_OFFSET)
    sortby: str | None = Field(
        None, max_length=400, description="properties, with - before those sorted downwards"
    )
    properties: str | None = Field(
        None, max_length=2_000, description="the properties to be given, by commas"
    )
    skip_geometry: bool = Field(False, alias="skipGeometry")

    @property
    def page_size(self) -> int:
        """How many features a page has at the most."""
        return min(self.limit, MOST_ITEMS)


def read_query(model: type[Query], request: Request) -> Query:
    """Return the parameters of a request, read once for it.

    Raises
    ------
    RequestValidationError
        All of them that are malformed.
    """
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


@lru_cache(maxsize=16)
def queryables_of(name: str) -> dict[str, Queryable]:
    """Return what the public may ask about of a collection, by name."""
    return queryables(queryable_fields(name, Profile.PUBLIC))


@lru_cache(maxsize=256)
def _filter(text: str, lang: FilterLang, name: str, system: OutputSystem | None) -> Filter:
    return parse_filter(text, lang, queryables_of(name), system.crs if system else None)


def asked_of(
    name: str, query: SelectionQuery, offered: dict[str, OutputSystem]
) -> Selection | None:
    """Return what is asked of a collection; None where all of it is.

    Box and order are those of :class:`ItemsQuery` alone.

    Raises
    ------
    QueryError
        A parameter cannot be used as it stands.
    """
    known, found = queryables_of(name), collection_named(name)
    given: dict[str, str] = query.model_extra or {}
    # ``township`` and the like, with values of a vocabulary; then any other property.
    listed = {key: value for key, value in given.items() if key in found.filters}
    others = {key: value for key, value in given.items() if key not in found.filters}
    asked = Selection(
        wanted=(*found.wanted(listed).items(), *wanted_values(others, known)),
        cql=_cql(name, query, offered),
        interval=query.interval,
    )
    if isinstance(query, ItemsQuery):
        order = parse_sortby(query.sortby, known) if query.sortby is not None else ()
        asked = replace(asked, area=_area(query, offered), order=order)
    return None if asked == Selection() else asked


def _area(query: ItemsQuery, offered: dict[str, OutputSystem]) -> Any:
    if query.bbox is None:
        return None
    system = system_named(CRS84 if query.bbox_crs is None else query.bbox_crs, offered)
    return system.box(parse_bbox(query.bbox) if system.crs is None else bbox_numbers(query.bbox))


def _cql(name: str, query: SelectionQuery, offered: dict[str, OutputSystem]) -> Filter | None:
    if query.filter is None:
        return None
    system = None if query.filter_crs is None else system_named(query.filter_crs, offered)
    return _filter(query.filter, query.filter_lang, name, system)


def chosen_properties(name: str, query: ItemsQuery) -> tuple[str, ...] | None:
    """Return the properties to be given; None for all.

    Raises
    ------
    QueryError
        There is no property of a name.
    """
    if query.properties is None:
        return None
    names = tuple(part for part in query.properties.split(",") if part)
    given = {column.name for column in fields_of(name)}
    for wanted in names:
        if wanted not in given:
            raise unknown_property(wanted, queryables_of(name))
    return names
