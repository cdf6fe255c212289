"""Places brought to the nearest road."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.core.vocabulary import TOLERANCE
from geo.travel.network.parts import ModeNetwork
from geo.travel.network.pieces import SAME_PLACE_M, Floats, Positions

SNAP_LIMIT_M: Final = 500.0
"""Beyond this from every road a place is not reached by the network: half the shortest limit."""


@dataclass(frozen=True, eq=False)
class Snapped:
    """Where places lie on a network.

    Attributes
    ----------
    ids : pandas.Index
        All places.
    edge : numpy.ndarray
        Of each: the nearest edge, -1 where there is none within the limit.
    along_m : numpy.ndarray
        Of each: metres along the edge from its start.
    distance_m : numpy.ndarray
        Of each: straight line to the nearest road, also where it is beyond the limit;
        NaN of a place without a position.
    limit_m : float
    """

    ids: pd.Index
    edge: Positions
    along_m: Floats
    distance_m: Floats
    limit_m: float

    @property
    def unsnapped(self) -> pd.Series:
        """``distance_m`` by id of the places that lie on no road, NaN where they have no position.

        Examples
        --------
        >>> Snapped(pd.Index(["a", "b"]), np.array([0, -1]), np.zeros(2),
        ...         np.array([3.0, 700.0]), 500.0).unsnapped.to_dict()
        {'b': 700.0}
        """
        lost = self.edge < 0
        return pd.Series(self.distance_m[lost], index=self.ids[lost], name="distance_m")


def snap(ways: ModeNetwork, places: gpd.GeoSeries, *, limit_m: float = SNAP_LIMIT_M) -> Snapped:
    """Return the nearest edge of each place, and where along it; exactly at the limit counts.

    Parameters
    ----------
    ways : ModeNetwork
    places : geopandas.GeoSeries
        Points by id, in the system of the network. A missing or empty one is at no place.
    limit_m : float
        Straight line from the place to the road.

    Raises
    ------
    ValueError
        The systems differ, an id is there twice, a geometry is no point, or the limit
        is out of bounds.

    Examples
    --------
    >>> from geo.travel.network import make_network, mode_network
    >>> from geo.core.vocabulary import Mode
    >>> roads = make_network(gpd.GeoDataFrame({"road_class": ["村道"]}, crs="EPSG:4546",
    ...     geometry=[shapely.LineString([(0, 0), (2000, 0)])]))
    >>> places = gpd.GeoSeries(gpd.points_from_xy([70, 70], [30, 900]), crs="EPSG:4546")
    >>> found = snap(mode_network(roads, Mode.FOOT), places)
    >>> found.along_m.tolist(), found.unsnapped.to_dict()
    ([70.0, nan], {1: 900.0})
    """
    _check(ways, places, limit_m)
    points = places.to_numpy()
    there = np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points)))
    edge = np.full(len(points), -1, dtype=np.int64)
    along, distance = np.full(len(points), np.nan), np.full(len(points), np.nan)
    (which, nearest), away = ways.tree.query_nearest(points[there], return_distance=True)
    # Of equally near edges the first: edges have an order of their own.
    first = np.unique(which, return_index=True)[1]
    first_edge = np.minimum.reduceat(nearest, first) if len(first) else nearest
    distance[there] = away[first]
    edge[there] = np.where(away[first] <= limit_m * (1 + TOLERANCE), first_edge, -1)
    on = edge >= 0
    along[on] = shapely.line_locate_point(ways.geometry[edge[on]], points[on])
    return Snapped(places.index, edge, along, distance, limit_m)


@dataclass(frozen=True, eq=False)
class Legs:
    """Minutes between snapped places and the ends of their edges; infinite where there is no way.

    Attributes
    ----------
    to_start, to_end : numpy.ndarray
        From the place to its edge's ends.
    from_start, from_end : numpy.ndarray
        From the edge's ends to the place.
    """

    to_start: Floats
    to_end: Floats
    from_start: Floats
    from_end: Floats


def legs_of(ways: ModeNetwork, edge: Positions, along_m: Floats) -> Legs:
    """Return the legs of places on edges; at an end of an edge one is at its node."""
    length, forth, back = ways.length_m[edge], ways.with_min[edge], ways.against_min[edge]
    rest_m = length - along_m
    return Legs(
        _share(along_m, length, back),
        _share(rest_m, length, forth),
        _share(along_m, length, forth),
        _share(rest_m, length, back),
    )


def _share(part_m: Floats, length_m: Floats, minutes: Floats) -> Floats:
    """Return the minutes of a part of an edge; none of it takes none, also against a one-way."""
    at_node = part_m <= SAME_PLACE_M
    return np.where(at_node, 0.0, part_m / length_m) * np.where(at_node, 0.0, minutes)


def _check(ways: ModeNetwork, places: gpd.GeoSeries, limit_m: float) -> None:
    if places.crs is None or places.crs != ways.network.crs:
        raise ValueError("places and roads need one system")
    if not places.index.is_unique:
        raise ValueError("an id stands for one place only")
    kinds = shapely.get_type_id(places.array)
    if not np.isin(kinds, (shapely.GeometryType.MISSING, shapely.GeometryType.POINT)).all():
        raise ValueError("places are points")
    if not (math.isfinite(limit_m) and limit_m >= 0):
        raise ValueError("a limit of snapping is not negative")
