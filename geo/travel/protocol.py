"""How people get to facilities: one protocol, and straight lines where there are no roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.core.scenario import Speeds
from geo.core.vocabulary import Mode
from geo.travel.od_matrix import Basis, TravelCosts
from geo.travel.straight_line import straight_line_costs

_QUARTER: Final = 32
"""Segments of a quarter circle, for drawing."""

NOBODY: Final = -1
"""The position of the nearest site where there is none."""

_M_PER_MIN_OF_KM_PER_H: Final = 1_000 / 60


@dataclass(frozen=True)
class Nearest:
    """Of each demand point: the position of its nearest site, -1 for none, and the minutes."""

    site: npt.NDArray[np.int64]
    minutes: npt.NDArray[np.float64]


class Travel(Protocol):
    """A way of travelling in a district; points and sites are in the measuring system."""

    @property
    def basis(self) -> Basis:
        """What minutes rest on; printed with every figure made of them."""

    def nearest(self, points: gpd.GeoSeries, sites: gpd.GeoSeries, mode: Mode) -> Nearest:
        """Return the nearest site of each point, of equals the first, however far it is."""

    def costs(
        self, points: gpd.GeoSeries, sites: gpd.GeoSeries, mode: Mode, *, cutoff_minutes: float
    ) -> TravelCosts:
        """Return the minutes of all pairs within a cut-off."""

    def service_area(self, site: shapely.Point, mode: Mode, minutes: float) -> shapely.Geometry:
        """Return the area from which a site is reached within some minutes, for showing only."""

    def off_roads(self, places: gpd.GeoSeries, mode: Mode) -> pd.Series:
        """Return by id how many metres places are from the nearest road, of those too far."""


@dataclass(frozen=True)
class StraightLines:
    """Straight lines times a detour factor, by a mode's door-to-door speed.

    Examples
    --------
    >>> lines = StraightLines(Speeds(foot=4, e_bicycle=15, car=30), detour_factor=1.3)
    >>> here = gpd.GeoSeries([shapely.Point(0, 0)], index=["d"], crs="EPSG:4546")
    >>> there = gpd.GeoSeries([shapely.Point(300, 400)], index=["a"], crs="EPSG:4546")
    >>> lines.nearest(here, there, Mode.FOOT).minutes.round(6).tolist()
    [9.75]
    """

    speeds: Speeds
    detour_factor: float
    basis: Basis = "straight_line"

    def nearest(self, points: gpd.GeoSeries, sites: gpd.GeoSeries, mode: Mode) -> Nearest:
        """Return the site that lies nearest to each point."""
        site, distance_m = nearest_in_line(points, sites)
        speed = getattr(self.speeds, mode.value) * _M_PER_MIN_OF_KM_PER_H
        return Nearest(site, distance_m * (self.detour_factor / speed))

    def costs(
        self, points: gpd.GeoSeries, sites: gpd.GeoSeries, mode: Mode, *, cutoff_minutes: float
    ) -> TravelCosts:
        """Return the minutes of all pairs within a cut-off."""
        return straight_line_costs(
            points,
            sites,
            speed_km_per_h=getattr(self.speeds, mode.value),
            detour_factor=self.detour_factor,
            cutoff_minutes=cutoff_minutes,
        )

    def service_area(self, site: shapely.Point, mode: Mode, minutes: float) -> shapely.Geometry:
        """Return a circle: minutes as a straight line, by speed and detour factor."""
        metres = minutes * getattr(self.speeds, mode.value) * _M_PER_MIN_OF_KM_PER_H
        return site.buffer(metres / self.detour_factor, quad_segs=_QUARTER)

    def off_roads(self, places: gpd.GeoSeries, mode: Mode) -> pd.Series:  # noqa: ARG002
        """Return none: a straight line needs no road."""
        return pd.Series(dtype="float64", index=places.index[:0], name="distance_m")


def nearest_in_line(
    points: gpd.GeoSeries, sites: gpd.GeoSeries
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return position of and straight line to the nearest site; -1 and infinity for none.

    Of equally near sites it is the first. A missing point has none.

    Examples
    --------
    >>> here = gpd.GeoSeries([shapely.Point(0, 0), None], crs="EPSG:4546")
    >>> there = gpd.GeoSeries([shapely.Point(0, 9), shapely.Point(9, 0)], crs="EPSG:4546")
    >>> [found.tolist() for found in nearest_in_line(here, there)]
    [[0, -1], [9.0, inf]]
    """
    site = np.full(len(points), NOBODY, dtype=np.int64)
    distance_m = np.full(len(points), np.inf)
    if len(sites) and len(points):
        tree = shapely.STRtree(np.asarray(sites.array))
        (person, found), metres = tree.query_nearest(np.asarray(points.array), return_distance=True)
        # Of equally near sites the first: written last to first.
        order = np.argsort(-found, kind="stable")
        site[person[order]] = found[order]
        distance_m[person] = metres
    return site, distance_m
