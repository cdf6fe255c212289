"""Lines of a layer that can be roads, each once; the rest counted by reason."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.travel.network.classes import read_classes, read_directions, read_levels
from geo.travel.network.reports import Loss, LossReason

_LINES = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.LINEARRING,
    shapely.GeometryType.MULTILINESTRING,
)


@dataclass(frozen=True, eq=False)
class Lines:
    """Single lines of some length, with what the layer says of each.

    Attributes
    ----------
    geometry : numpy.ndarray
        Flat LineStrings, metres.
    road_class, direction, level : numpy.ndarray
        As :mod:`geo.travel.network.classes` reads them.
    row : numpy.ndarray
        Position in the layer.
    """

    geometry: npt.NDArray[np.object_]
    road_class: npt.NDArray[np.object_]
    direction: npt.NDArray[np.int8]
    level: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]

    def take(self, keep: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Lines:
        """Return some of the lines."""
        return Lines(
            self.geometry[keep],
            self.road_class[keep],
            self.direction[keep],
            self.level[keep],
            self.row[keep],
        )


@dataclass(frozen=True)
class Cleaned:
    """Clean lines, what was left out, and words that no table knows (by column)."""

    lines: Lines
    losses: tuple[Loss, ...]
    unknown: dict[str, dict[str, int]]


def clean_lines(layer: gpd.GeoDataFrame) -> Cleaned:
    """Return the lines of a layer, multi-lines as their parts, without what is no road.

    Left out are missing and empty geometries, those that are no lines, coordinates
    that are no finite numbers, lines of no length, and exact duplicates: the same
    line, class, direction and level, drawn from either end.

    Parameters
    ----------
    layer : geopandas.GeoDataFrame
        With ``road_class``, and ``oneway`` and ``level`` where it has them.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (300, 0)])
    >>> layer = gpd.GeoDataFrame({"road_class": "省道"}, index=range(3), crs="EPSG:4546",
    ...                          geometry=[line, line.reverse(), None])
    >>> found = clean_lines(layer)
    >>> len(found.lines.geometry), [(loss.reason.value, loss.length_m) for loss in found.losses]
    (1, [('missing', 0.0), ('duplicate', 300.0)])
    """
    nothing = pd.Series([None] * len(layer), index=layer.index, dtype=object)
    road_class, unknown_classes = read_classes(layer["road_class"])
    direction, unknown_directions = read_directions(layer.get("oneway", nothing))
    level, unknown_levels = read_levels(layer.get("level", nothing))
    rows = np.arange(len(layer))
    shapes = shapely.force_2d(layer.geometry.to_numpy())
    lines = Lines(shapes, road_class, direction, level, rows)
    losses: list[Loss] = []
    lines = _without(lines, shapely.is_missing(lines.geometry), LossReason.MISSING, losses)
    lines = _without(lines, shapely.is_empty(lines.geometry), LossReason.EMPTY, losses)
    no_line = ~np.isin(shapely.get_type_id(lines.geometry), _LINES)
    lines = _without(lines, no_line, LossReason.NOT_A_LINE, losses)
    lines = _in_parts(lines)
    lines = _without(lines, ~_is_finite(lines.geometry), LossReason.NOT_FINITE, losses)
    lines = _without(lines, shapely.length(lines.geometry) == 0, LossReason.ZERO_LENGTH, losses)
    lines = _without(lines, _is_repeated(lines), LossReason.DUPLICATE, losses)
    unknown = {"road_class": unknown_classes, "oneway": unknown_directions, "level": unknown_levels}
    return Cleaned(lines, tuple(losses), unknown)


def _without(
    lines: Lines, bad: npt.NDArray[np.bool_], reason: LossReason, losses: list[Loss]
) -> Lines:
    """Return the other lines; what is left out is noted."""
    if not bad.any():
        return lines
    length_m = np.nan_to_num(shapely.length(lines.geometry[bad]), posinf=0.0)
    linear = np.isin(shapely.get_type_id(lines.geometry[bad]), _LINES)
    losses.append(Loss(reason, int(bad.sum()), float(length_m[linear].sum())))
    return lines.take(~bad)


def _in_parts(lines: Lines) -> Lines:
    parts, of = shapely.get_parts(lines.geometry, return_index=True)
    found = lines.take(of)
    there = ~shapely.is_empty(parts)
    whole = Lines(parts, found.road_class, found.direction, found.level, found.row)
    return whole.take(there)


def _is_finite(geometry: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    coordinates, of = shapely.get_coordinates(geometry, return_index=True)
    found = np.ones(len(geometry), dtype=bool)
    found[of[~np.isfinite(coordinates).all(axis=1)]] = False
    return found


def _is_repeated(lines: Lines) -> npt.NDArray[np.bool_]:
    """Return whether an earlier line is the same, drawn from the same end or the other."""
    first = shapely.get_coordinates(shapely.get_point(lines.geometry, 0))
    last = shapely.get_coordinates(shapely.get_point(lines.geometry, -1))
    turned = (last[:, 0] < first[:, 0]) | ((last[:, 0] == first[:, 0]) & (last[:, 1] < first[:, 1]))
    shapes = np.where(turned, shapely.reverse(lines.geometry), lines.geometry)
    found: npt.NDArray[np.bool_] = (
        pd.DataFrame(
            {
                "shape": shapely.to_wkb(shapes),
                "road_class": lines.road_class,
                "direction": np.where(turned, -lines.direction, lines.direction),
                "level": lines.level,
            }
        )
        .duplicated()
        .to_numpy()
    )
    return found
