"""Features that are points as a sheet with columns of longitude and latitude."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from geo.core.messages import message
from geo.core.schema import FACILITIES
from geo.intake.formats.part import Feature
from geo.intake.headings.matching import Lexicon, lexicon_of, match_heading
from geo.intake.headings.understanding import folded
from geo.intake.layer import feature_sheet
from geo.intake.positions.bounds import LATITUDE, LONGITUDE
from geo.intake.rows import Raw, Sheet

_NO_POINT: Final = message(
    "geometry_no_point",
    "几何应为点（Point），坐标为经度、纬度两个数。",
    "The geometry must be a Point of longitude and latitude.",
).unreadable()
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
        With a Point or no geometry; any other is a fault of its row's longitude.
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
        return _NO_POINT, None
    if not 2 <= len(numbers) <= _MAX_NUMBERS or not all(map(_is_number, numbers)):  # noqa: PLR2004
        return _NO_POINT, None
    return numbers[0], numbers[1]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
