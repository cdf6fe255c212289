"""Which features of a collection are asked for, and in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.core.dates import Interval
from geo.core.errors import QueryError
from geo.core.geojson import FeatureSet
from geo.core.schema import Column
from geo.core.sentences import Sentences
from geo.publish.cql2 import Filter, Queryable

TEXT: Final = Sentences("geo.publish")

OPENED, CLOSED = "opened_on", "closed_on"
GEOMETRY: Final = "geometry"
"""What filters call the place of a feature, whatever the collection."""

MOST_SORTED_BY: Final = 5

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Selection:
    """What a client asks of a collection; all of it must hold.

    Attributes
    ----------
    area : shapely.Polygon, optional
        In degrees; features without a position do not meet it.
    wanted : tuple of (str, object)
        Properties and the values that they must have, as :func:`wanted_values` gives them.
    cql : Filter, optional
        A filter of the Common Query Language.
    interval : Interval, optional
        Features that ended before it or began after it are left out; what is not known of
        either does not leave a feature out.
    order : tuple of (str, bool)
        Properties to sort by, and whether downwards; unknown comes last, equals by id.
    """

    area: shapely.Polygon | None = None
    wanted: tuple[tuple[str, object], ...] = ()
    cql: Filter | None = None
    interval: Interval | None = None
    order: tuple[tuple[str, bool], ...] = ()


def select(features: FeatureSet, asked: Selection) -> Rows:
    """Return the rows of the features asked for, in the order asked for.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.core.geojson import encode
    >>> frame = gpd.GeoDataFrame({"n": [3.0, None, 5.0]}, geometry=[None] * 3, index=list("abc"))
    >>> select(encode(frame, pick_by=("n",)), Selection(order=(("n", True),))).tolist()
    [2, 0, 1]
    """
    rows = np.arange(len(features.encoded))
    keep = _kept(features, asked)
    if keep is not None:
        rows = rows[keep]
    for name, downwards in reversed(asked.order):
        rows = rows[_order(features.attributes[name][rows], downwards)]
    return rows


def _kept(features: FeatureSet, asked: Selection) -> npt.NDArray[np.bool_] | None:
    """Return which features meet what is asked; None where nothing is."""
    masks = [features.attributes[name] == value for name, value in asked.wanted]
    if asked.area is not None:
        masks.append(shapely.intersects(features.geometry, asked.area))
    if asked.cql is not None:
        masks.append(asked.cql.mask(features.attributes, features.geometry))
    if asked.interval is not None and OPENED in features.attributes:
        masks.append(_within(features, asked.interval))
    return np.logical_and.reduce(masks) if masks else None


def _within(features: FeatureSet, interval: Interval) -> npt.NDArray[np.bool_]:
    opened, closed = features.attributes[OPENED], features.attributes[CLOSED]
    keep = np.ones(len(features.encoded), dtype=bool)
    if interval.end is not None:
        keep &= ~(opened > np.datetime64(interval.end))
    if interval.start is not None:
        # The day of closing no longer counts.
        keep &= ~(closed <= np.datetime64(interval.start))
    return keep


def _order(values: npt.NDArray[Any], downwards: bool) -> Rows:
    """Return the stable order of values, unknown last whichever way."""
    if values.dtype == object:
        known = np.array([value is not None for value in values], dtype=bool)
        texts = values[known].astype(str)
    else:
        known = ~np.isnat(values) if values.dtype.kind == "M" else ~np.isnan(values)
        texts = values[known]
    _, places = np.unique(texts, return_inverse=True)
    ranks = np.full(len(values), np.inf)
    ranks[known] = -places if downwards else places
    return np.argsort(ranks, kind="stable")


def queryables(columns: Sequence[Column]) -> dict[str, Queryable]:
    """Return what may be asked about, as filters take it, by name; its geometry too.

    Examples
    --------
    >>> from geo.core.fields import queryable_fields
    >>> queryables(queryable_fields("facilities"))["floor_area_m2"].unit
    'm²'
    """
    return {
        column.name: Queryable(
            column.name,
            column.dtype,
            column.zh,
            column.en,
            column.unit,
            tuple(column.choices) if column.choices else (),
        )
        for column in columns
    } | {GEOMETRY: Queryable(GEOMETRY, "geometry", "几何", "Geometry")}


def wanted_values(
    given: Mapping[str, str], asked_about: Mapping[str, Queryable]
) -> tuple[tuple[str, object], ...]:
    """Return parameters such as ``level=county`` as properties and values of their types.

    Raises
    ------
    QueryError
        A property is not queryable, or a value is not of its type.

    Examples
    --------
    >>> from geo.core.fields import queryable_fields
    >>> known = queryables(queryable_fields("facilities"))
    >>> wanted_values({"open_on_date": "true", "floor_area_m2": "650"}, known)
    (('open_on_date', True), ('floor_area_m2', 650.0))
    """
    return tuple((name, _value(name, text, asked_about)) for name, text in given.items())


def _value(name: str, text: str, asked_about: Mapping[str, Queryable]) -> object:
    found = asked_about.get(name)
    if found is None or name == GEOMETRY:
        raise unknown_property(name, asked_about)
    try:
        return _READERS.get(found.kind, str)(text)
    except (ValueError, KeyError) as error:
        raise QueryError(
            **TEXT.both("takes_value_of_type", name=name, found=found, kind=found.kind)
        ) from error


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return float(text)


def _day(text: str) -> np.datetime64:
    return np.datetime64(date.fromisoformat(text), "D")


_NUMBER: Final = re.compile(r"[-+]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "real": _number,
    "integer": _number,
    "date": _day,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def unknown_property(name: str, asked_about: Mapping[str, Queryable]) -> QueryError:
    """Return the fault of naming what cannot be asked about; it lists what can."""
    usable = ", ".join(asked_about)
    return QueryError(**TEXT.both("there_is_no_queryable_property", name=name[:64], usable=usable))


def parse_sortby(text: str, asked_about: Mapping[str, Queryable]) -> tuple[tuple[str, bool], ...]:
    """Return the properties of a ``sortby`` parameter, and whether each is sorted downwards.

    Raises
    ------
    QueryError
        A property cannot be asked about, stands twice, or there are more than
        :data:`MOST_SORTED_BY`.

    Examples
    --------
    >>> from geo.core.fields import queryable_fields
    >>> parse_sortby("-area_per_10k_m2,name_zh", queryables(queryable_fields("townships")))
    (('area_per_10k_m2', True), ('name_zh', False))
    """
    parts = text.split(",")
    # A plus sign that was not percent-encoded arrives as a space.
    order = tuple((part.lstrip(" ")[part[:1] in ("+", "-") :], part[:1] == "-") for part in parts)
    names = [name for name, _ in order]
    if len(names) > MOST_SORTED_BY or len(set(names)) < len(names):
        raise QueryError(**TEXT.both("too_many_sortby", most_sorted_by=MOST_SORTED_BY))
    for name in names:
        if name not in asked_about or name == GEOMETRY:
            raise unknown_property(name, asked_about)
    return order
