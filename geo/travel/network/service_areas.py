"""Service areas that follow the roads, for showing; who is covered is counted at demand points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.core.errors import BadValueError
from geo.core.sentences import Sentences
from geo.core.vocabulary import TOLERANCE, Mode
from geo.travel.network.network import RoadNetwork
from geo.travel.network.parts import ModeNetwork, mode_network
from geo.travel.network.paths import around
from geo.travel.network.pieces import SAME_PLACE_M, Floats, Geometries, Positions, pieces
from geo.travel.network.snap import SNAP_LIMIT_M, Snapped, snap
from geo.travel.network.speeds import WALKING_KM_PER_H

TEXT: Final = Sentences("geo.travel")

BUFFER_M: Final = 100.0
"""To each side of a reached road: the depth of the buildings along it."""

LEAST_HOLE_M2: Final = 250_000.0
"""Smaller holes are filled: a block of 500 by 500 m between reached roads."""

_QUARTER: Final = 4
"""Segments of a quarter circle."""


def service_area(
    network: RoadNetwork,
    site_point: shapely.Point,
    *,
    mode: Mode,
    minutes: float,
    speeds_km_per_h: Mapping[str, float] | None = None,
    snap_limit_m: float = SNAP_LIMIT_M,
    buffer_m: float = BUFFER_M,
    least_hole_m2: float = LEAST_HOLE_M2,
) -> shapely.Geometry:
    """Return the area along roads from which a site is reached within some minutes.

    For showing only: **people are never counted by it**, but at their demand points by
    :func:`geo.travel.network.travel.network_costs`. It is the reached roads, parts of edges
    included, ``buffer_m`` wide to each side, with small holes filled; the way from a
    house to its road is not in the minutes, the way from the road to the site's door is.

    Parameters
    ----------
    network : RoadNetwork
    site_point : shapely.Point
        In the network's system.
    mode : Mode
    minutes : float
    speeds_km_per_h : Mapping of str to float, optional
        As :func:`geo.travel.network.parts.mode_network` takes it.
    snap_limit_m : float
        How far the site may lie from the nearest road.
    buffer_m, least_hole_m2 : float
        Width to each side of a road, metres; holes below this area are filled, m².

    Returns
    -------
    Polygon or MultiPolygon
        Empty where the way to the door alone takes longer.

    Raises
    ------
    BadValueError
        The site lies too far from every road; or as
        :func:`geo.travel.network.parts.mode_network`.
    ScenarioError
        As :func:`geo.travel.network.parts.mode_network`.
    ValueError
        A number is out of bounds, or the place is no point.

    Examples
    --------
    >>> from geo.travel.network import make_network
    >>> roads = make_network(gpd.GeoDataFrame({"road_class": ["村道"]}, crs="EPSG:4546",
    ...     geometry=[shapely.LineString([(0, 0), (9000, 0)])]))
    >>> area = service_area(roads, shapely.Point(4000, 0), mode=Mode.FOOT, minutes=15)
    >>> [round(side) for side in area.bounds]  # 1,000 m to each side, and 100 m around
    [2900, -100, 5100, 100]
    """
    ways = mode_network(network, mode, speeds_km_per_h=speeds_km_per_h)
    found = service_areas(
        ways,
        site_point,
        minutes=[minutes],
        snap_limit_m=snap_limit_m,
        buffer_m=buffer_m,
        least_hole_m2=least_hole_m2,
    )
    area: shapely.Geometry = found.iloc[0]
    return area


def service_areas(
    ways: ModeNetwork,
    site_point: shapely.Point,
    *,
    minutes: Sequence[float],
    snap_limit_m: float = SNAP_LIMIT_M,
    walking_km_per_h: float = WALKING_KM_PER_H,
    buffer_m: float = BUFFER_M,
    least_hole_m2: float = LEAST_HOLE_M2,
) -> gpd.GeoSeries:
    """Return the service area of a site for several limits, from one search of paths.

    For showing only: **people are never counted by it** (see :func:`service_area`).

    Parameters
    ----------
    ways : ModeNetwork
        As :func:`geo.travel.network.parts.mode_network` returns it.
    minutes : sequence of float
        Limits.
    site_point, snap_limit_m, walking_km_per_h, buffer_m, least_hole_m2
        As :func:`service_area` takes them; walking is from the road to the door.

    Returns
    -------
    geopandas.GeoSeries
        Areas by limit, in the order given.

    Raises
    ------
    BadValueError
        The site lies too far from every road.
    ValueError
        A number is out of bounds, or the place is no point.

    Examples
    --------
    >>> from geo.travel.network import make_network
    >>> roads = make_network(gpd.GeoDataFrame({"road_class": ["村道"]}, crs="EPSG:4546",
    ...     geometry=[shapely.LineString([(0, 0), (9000, 0)])]))
    >>> ways = mode_network(roads, Mode.FOOT)
    >>> areas = service_areas(ways, shapely.Point(4000, 0), minutes=[15, 30])
    >>> [round(area.bounds[2]) for area in areas]
    [5100, 6100]
    """
    _check(minutes, walking_km_per_h, buffer_m, least_hole_m2)
    site = snap(ways, gpd.GeoSeries([site_point], crs=ways.network.crs), limit_m=snap_limit_m)
    if site.edge[0] < 0:
        raise _off_the_roads(site)
    door = float(site.distance_m[0]) / (walking_km_per_h * 1_000 / 60)
    widest = max(minutes, default=0.0) * (1 + TOLERANCE)
    reached = _reached(ways, site, door, widest)
    areas = [
        _area(_lines(ways, reached, limit, door), buffer_m, least_hole_m2) for limit in minutes
    ]
    return gpd.GeoSeries(areas, index=list(minutes), crs=ways.network.crs)


@dataclass(frozen=True, eq=False)
class _Reached:
    """Edges near a site, with the minutes from their ends to its door; the site's own edge."""

    edge: Positions
    start_min: Floats
    end_min: Floats
    site_edge: int
    site_along_m: float


def _reached(ways: ModeNetwork, site: Snapped, door: float, limit: float) -> _Reached:
    to_node = np.full(len(ways.node_xy), np.inf)
    for group in around(ways, site.edge, site.along_m, np.array([door]), limit):
        to_node[group.nodes] = group.minutes[0]
    start, end = to_node[ways.start], to_node[ways.end]
    edge = np.flatnonzero(np.isfinite(start) | np.isfinite(end))
    own, along = int(site.edge[0]), float(site.along_m[0])
    return _Reached(edge, start[edge], end[edge], own, along)


def _lines(ways: ModeNetwork, reached: _Reached, limit: float, door: float) -> Geometries:
    """Return the parts of edges from which the site is reached within a limit."""
    if door > limit * (1 + TOLERANCE):
        return np.zeros(0, dtype=object)
    edge = reached.edge
    length = ways.length_m[edge]
    # From a part at the start one leaves by the start, against the edge; and by the end, with it.
    near_start = _metres(limit - reached.start_min, ways.against_min[edge], length)
    near_end = _metres(limit - reached.end_min, ways.with_min[edge], length)
    whole = near_start + near_end >= length
    own = np.array([reached.site_edge])
    before = _metres(np.array([limit - door]), ways.with_min[own], ways.length_m[own])
    behind = _metres(np.array([limit - door]), ways.against_min[own], ways.length_m[own])
    of = np.r_[edge, edge[~whole], own]
    along = reached.site_along_m
    begin = np.r_[np.zeros(len(edge)), (length - near_end)[~whole], np.maximum(along - before, 0)]
    after = np.r_[
        np.where(whole, length, near_start),
        length[~whole],
        np.minimum(along + behind, ways.length_m[own]),
    ]
    some = after - begin > SAME_PLACE_M
    there = shapely.line_interpolate_point(ways.geometry[own], along)
    parts = pieces(ways.geometry, of[some], begin[some], after[some])
    return np.asarray(np.r_[parts, there], dtype=object)


def _metres(rest_min: Floats, edge_min: Floats, length_m: Floats) -> Floats:
    """Return how much of an edge is passed in the minutes that are left."""
    share = np.clip(np.nan_to_num(rest_min, neginf=-1.0), 0, None) / edge_min
    found: Floats = np.minimum(share, 1.0) * length_m
    return found


def _area(lines: Geometries, buffer_m: float, least_hole_m2: float) -> shapely.Geometry:
    if not len(lines):
        return shapely.Polygon()
    # Blocks that will be filled are filled first: the strips within them need not be joined.
    blocks = shapely.get_parts(shapely.polygonize(lines))
    filled = shapely.union_all(blocks[shapely.area(blocks) < least_hole_m2])
    shapely.prepare(filled)
    outside = lines[~shapely.covers(filled, lines)]
    strips = shapely.buffer(np.r_[outside, filled], buffer_m, quad_segs=_QUARTER)
    return _without_small_holes(shapely.union_all(strips), least_hole_m2)


def _without_small_holes(area: shapely.Geometry, least_hole_m2: float) -> shapely.Geometry:
    filled = []
    for polygon in shapely.get_parts(area):
        holes = np.asarray(polygon.interiors, dtype=object)
        large = holes[shapely.area(shapely.polygons(holes)) >= least_hole_m2]
        filled.append(shapely.Polygon(polygon.exterior, list(large)))
    return shapely.union_all(filled)


def _off_the_roads(site: Snapped) -> BadValueError:
    away, limit = float(site.distance_m[0]), site.limit_m
    if math.isnan(away):
        return BadValueError(**TEXT.both("site_has_no_position"))
    return BadValueError(**TEXT.both("nearest_usable_road_site_beyond", away=away, limit=limit))


def _check(
    minutes: Sequence[float], walking_km_per_h: float, buffer_m: float, least_hole_m2: float
) -> None:
    if not all(math.isfinite(limit) and limit >= 0 for limit in minutes):
        raise ValueError("a limit is not negative")
    if not (math.isfinite(walking_km_per_h) and walking_km_per_h > 0):
        raise ValueError("a speed is above zero")
    if not (math.isfinite(buffer_m) and buffer_m > 0):
        raise ValueError("a strip along a road has some width")
    if not (math.isfinite(least_hole_m2) and least_hole_m2 >= 0):
        raise ValueError("an area of holes is not negative")
