"""Features of a layer as rows: their attributes, and points as longitude and latitude."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from geo.core.errors import FileTooLargeError, Place
from geo.core.schema import FACILITIES
from geo.intake.formats.limits import MAX_COLUMNS
from geo.intake.formats.parts import Feature, Raw, Row, Sheet
from geo.intake.georeference.bounds import LATITUDE, LONGITUDE
from geo.intake.headers.lexicon import Lexicon, lexicon_of, match_heading
from geo.intake.headers.normalise import folded
from geo.intake.sentences import message

_NESTED: Final = message("general.property_nested")


_LAYER_TOO_MANY_PROPERTIES = message("general.layer_too_many_properties")


def feature_sheet(
    file: str, features: Sequence[Feature], *, drop: Sequence[str] = (), name: str | None = None
) -> Sheet:
    """Return the features' properties as a sheet: headings first, then a row a feature.

    A row has its feature's number, which is its row in QGIS's attribute table.

    Parameters
    ----------
    file : str
        Name of the file that they come from, as shown.
    features : sequence of Feature
        With whatever properties each has; their names together are the headings.
    drop : sequence of str
        Names of properties to leave out.
    name : str, optional
        Of the layer.

    Raises
    ------
    FileTooLargeError
        There are more names than columns are allowed.
    """
    names = dict.fromkeys(name for feature in features for name in feature.properties)
    headings = [name for name in names if name not in drop]
    if len(headings) > MAX_COLUMNS:
        raise _LAYER_TOO_MANY_PROPERTIES.error(
            FileTooLargeError, place=Place(file=file), max_columns=MAX_COLUMNS
        )
    return Sheet(file, name, [Row(0, tuple(headings)), *_feature_rows(features, headings)])


def _feature_rows(features: Sequence[Feature], headings: Sequence[str]) -> Iterator[Row]:
    for feature in features:
        cells = (_cell(feature.properties.get(name)) for name in headings)
        yield Row(feature.number, tuple(cells))


def _cell(value: Any) -> Raw:
    if isinstance(value, list | dict):
        return _NESTED.unreadable()
    cell: Raw = value
    return cell


_NO_POINT: Final = message("general.geometry_no_point")
_MAX_NUMBERS: Final = 3
_POSITION: Final = frozenset({"longitude", "latitude", "x_coordinate", "y_coordinate", "position"})
_KEY: Final = FACILITIES["facility_id"]
_KEY_WORDS: Final = frozenset(folded(word) for word in (_KEY.name, _KEY.zh, _KEY.en))


def point_sheet(
    file: str, features: Sequence[Feature], name: str | None = None
) -> tuple[Sheet, tuple[str, ...]]:
    """Return points as rows, and the names of properties that were left out.

    The geometry is the position, so properties that repeat it are left out; a
    feature's ``id`` is its facility's where no property is.

    Parameters
    ----------
    file : str
        Name of the file that they come from, as shown.
    features : sequence of Feature
        With a Point or no geometry; any other is an error of its row's longitude.
    name : str, optional
        Of the layer.
    """
    names = dict.fromkeys(name for feature in features for name in feature.properties)
    lexicon = lexicon_of((LONGITUDE, LATITUDE))
    dropped = tuple(name for name in names if _is_position(name, lexicon))
    named = any(folded(name) in _KEY_WORDS for name in names)
    made = [_with_position(feature, dropped, named) for feature in features]
    return feature_sheet(file, made, name=name), dropped


def _is_position(name: str, lexicon: Lexicon) -> bool:
    match = match_heading(name, lexicon)
    return match is not None and match.column in _POSITION


def _with_position(feature: Feature, dropped: Sequence[str], named: bool) -> Feature:
    own = {} if named or feature.id is None else {_KEY.name: feature.id}
    kept = {name: value for name, value in feature.properties.items() if name not in dropped}
    longitude, latitude = _degrees(feature.geometry)
    position = {LONGITUDE.name: longitude, LATITUDE.name: latitude}
    return replace(feature, properties=own | kept | position)


def _degrees(geometry: dict[str, Any] | None) -> tuple[Raw, Raw]:
    if geometry is None:
        return None, None
    numbers = geometry.get("coordinates")
    if geometry.get("type") != "Point" or not isinstance(numbers, list):
        return _NO_POINT.unreadable(), None
    if not 2 <= len(numbers) <= _MAX_NUMBERS or not all(map(_is_number, numbers)):  # noqa: PLR2004
        return _NO_POINT.unreadable(), None
    return numbers[0], numbers[1]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
