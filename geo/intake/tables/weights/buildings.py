"""Settlements and buildings: how many people a polygon holds in proportion to the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geo.core.errors import InputError, Place
from geo.core.messages import Note
from geo.core.schema import Column
from geo.intake.cells.cell import read_cell
from geo.intake.formats.parts import Feature
from geo.intake.headers.normalise import folded
from geo.intake.sentences import message

STOREY_M: Final = 3.0
"""Of a dwelling, floor to floor: GB 50096-2011 wants 2.8 m, GB 55038-2025 3.0 m."""
_MOST_STOREYS, _HIGHEST_M = 200.0, 1_000.0
_PLAUSIBLE: Final = (0.2, 100.0)
"""Of a column called only 面积, to the footprint: within, it is in m²."""

_COLUMNS: Final = {
    "people": ("人口", "人口数", "总人口", "常住人口", "户籍人口", "population", "pop", "people",
               "权重", "weight"),
    "floor_area": ("建筑面积", "总建筑面积", "floor_area", "floor_area_m2", "gross_floor_area",
                   "gfa", "JZMJ"),
    "floors": ("层数", "楼层", "楼层数", "地上层数", "floors", "floor", "levels", "storeys",
               "building_levels", "building:levels", "CS"),
    "height": ("高度", "建筑高度", "楼高", "height", "building_height", "height_m", "GD"),
    "area": ("面积", "area", "area_m2", "shape_area"),
}  # fmt: skip
_CELLS: Final = {
    "people": Column("people", "real", "人口", "People", unit="人", minimum=0, maximum=1e8),
    "floor_area": Column(
        "floor_area", "real", "建筑面积", "Floor area", unit="m²", minimum=0, maximum=1e8
    ),
    "floors": Column("floors", "real", "层数", "Floors", minimum=0, maximum=_MOST_STOREYS),
    "height": Column("height", "real", "高度", "Height", unit="m", minimum=0, maximum=_HIGHEST_M),
    "area": Column("area", "real", "面积", "Area", unit="m²", minimum=0, maximum=1e9),
}

BY_PEOPLE: Final = message("weights.weights_by_people")
BY_FLOOR_AREA: Final = message("weights.weights_by_floor_area")
BY_FLOORS: Final = message("weights.weights_by_floors")
BY_HEIGHT: Final = message("weights.weights_by_height")
BY_FOOTPRINT: Final = message("weights.weights_by_footprint")
AREA_UNLIKE: Final = message("weights.weights_area_column_unlike")
UNREAD: Final = message("weights.weights_cells_unread")
NEGATIVE: Final = message("weights.weights_negative")

Values = npt.NDArray[np.float64]


def weights_of(
    features: Sequence[Feature], footprint_m2: Values, place: Place | None = None
) -> tuple[Values, list[Note], str | None]:
    """Return a weight for each polygon, NaN where none is known, what was done, and the column.

    The first that there is of: a count of people; a floor area; floors, or a height in
    storeys, times the footprint; a column called only 面积 that is like square metres; the
    footprint. A building without floors is taken to have one; one without a count of
    people, or a floor area, has no weight.

    Parameters
    ----------
    features : sequence of Feature
        With whatever properties they have.
    footprint_m2 : numpy.ndarray
        The area of each as drawn.
    place : Place, optional
        Their layer, for messages.

    Raises
    ------
    BadValueError
        A value is negative.

    Examples
    --------
    >>> houses = [Feature(1, {"层数": 6}, None), Feature(2, {"层数": None}, None)]
    >>> weights_of(houses, np.array([100.0, 80.0]))[0].tolist()
    [600.0, 80.0]
    """
    names = dict.fromkeys(name for feature in features for name in feature.properties)
    there = {folded(name): name for name in reversed(list(names))}
    for what, words in _COLUMNS.items():
        column = next((there[folded(word)] for word in words if folded(word) in there), None)
        if column is None:
            continue
        values, bad = _read(features, column, what, place)
        if np.isnan(values).all():
            continue
        if what == "area" and not _is_like(values, footprint_m2):
            ratio = f"{float(np.nanmedian(values / footprint_m2)):.3g}"
            told = [AREA_UNLIKE.note(column=column, ratio=ratio), BY_FOOTPRINT.note()]
            return footprint_m2, told, None
        return _weighted(what, column, values, bad, footprint_m2)
    return footprint_m2, [BY_FOOTPRINT.note()], None


def _read(
    features: Sequence[Feature], column: str, what: str, place: Place | None
) -> tuple[Values, list[str]]:
    """Return the numbers of a column, NaN where there is none, and what could not be read."""
    values = np.full(len(features), np.nan)
    bad: list[str] = []
    for row, feature in enumerate(features):
        raw = feature.properties.get(column)
        value = _number(raw, what)
        if value is None:
            bad.append("—" if raw is None else str(raw))
            continue
        if value < 0:
            raise NEGATIVE.error(place=place, column=column, row=feature.number, text=str(raw))
        values[row] = value
    return values, bad


def _number(raw: Any, what: str) -> float | None:
    """Return a cell's number in the column's unit; a negative one too, None where it has none."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        number = float(raw)
        highest = _CELLS[what].maximum
        usable = math.isfinite(number) and (highest is None or number <= highest)
        return number if usable else None
    if raw is None or isinstance(raw, list | dict | bool):
        return None
    if str(raw).strip().startswith("-") and str(raw).strip()[1:2].isdigit():
        return -1.0
    try:
        found = read_cell(raw, _CELLS[what]).value
    except InputError:
        return None
    return float(found) if isinstance(found, int | float) else None


def _is_like(values: Values, footprint_m2: Values) -> bool:
    ratio = float(np.nanmedian(values / footprint_m2))
    return _PLAUSIBLE[0] <= ratio <= _PLAUSIBLE[1]


def _weighted(
    what: str, column: str, values: Values, bad: Sequence[str], footprint_m2: Values
) -> tuple[Values, list[Note], str]:
    """Return weights by the numbers of one column, and what is to be said of them."""
    by_floors = what in ("floors", "height")
    if what == "height":
        told = BY_HEIGHT.note(column=column, storey=f"{STOREY_M:g}")
        floors = np.round(values / STOREY_M)
    else:
        said = {"people": BY_PEOPLE, "floors": BY_FLOORS}.get(what, BY_FLOOR_AREA)
        told, floors = said.note(column=column), values
    notes = [told]
    if bad:
        instead = ("按一层计", "taken as of one floor") if by_floors else ("未采用", "left out")
        notes.append(
            UNREAD.note(
                column=column,
                count=len(bad),
                text=bad[0],
                instead=instead[0],
                instead_en=instead[1],
            )
        )
    if by_floors:
        return footprint_m2 * np.maximum(np.nan_to_num(floors, nan=1.0), 1.0), notes, column
    return values, notes, column
