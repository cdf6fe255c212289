"""Travel along an office's roads, with the same questions as straight lines answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
import shapely

from geo.core.district import DistrictData
from geo.core.vocabulary import Mode
from geo.travel.network import (
    ModeNetwork,
    RoadNetwork,
    costs_on,
    make_network,
    mode_network,
    service_areas,
    snap,
)
from geo.travel.network.nearest import nearest_on
from geo.travel.od_matrix import Basis, TravelCosts
from geo.travel.protocol import Nearest

ModeSpeeds = Mapping[Mode, Mapping[str, float]]


@dataclass(eq=False)
class Roads:
    """A road layer made ready once, for every scenario that travels on it.

    Attributes
    ----------
    network : RoadNetwork
        Of all classes, with the report of what was cleaned away.
    """

    network: RoadNetwork
    _ways: dict[tuple[Mode, tuple[tuple[str, float], ...]], ModeNetwork] = field(
        default_factory=dict, repr=False
    )

    @classmethod
    def of(cls, lines: gpd.GeoDataFrame) -> Roads:
        """Return the network of lines in metres, split where they cross on one level."""
        return cls(make_network(lines))

    def ways(self, mode: Mode, speeds_km_per_h: Mapping[str, float]) -> ModeNetwork:
        """Return the part that a mode can use, worked out once for its speeds."""
        key = (mode, tuple(sorted(speeds_km_per_h.items())))
        if key not in self._ways:
            self._ways[key] = mode_network(self.network, mode, speeds_km_per_h=speeds_km_per_h)
        return self._ways[key]


def road_network(data: DistrictData) -> Roads | None:
    """Return a district's roads made ready to travel on, once; None where none were loaded.

    Raises
    ------
    DataError
        The road layer cannot be used; the message says why.
    """
    lines = data.roads
    if lines is None or lines.empty:
        return None
    return data.cached("road_network", lambda: Roads.of(lines.to_crs(data.measuring_crs)))


@dataclass(frozen=True, eq=False)
class RoadTravel:
    """Along roads by the classes' speeds; a place far from every road is reached by nobody.

    Examples
    --------
    >>> from geo.travel.network import CLASS_SPEEDS_KM_PER_H
    >>> roads = Roads.of(gpd.GeoDataFrame({"road_class": ["村道"]}, crs="EPSG:4546",
    ...     geometry=[shapely.LineString([(0, 0), (9000, 0)])]))
    >>> travel = RoadTravel(roads, CLASS_SPEEDS_KM_PER_H, snap_limit_m=500)
    >>> here = gpd.GeoSeries([shapely.Point(100, 40)], index=["d"], crs="EPSG:4546")
    >>> there = gpd.GeoSeries([shapely.Point(900, 0)], index=["a"], crs="EPSG:4546")
    >>> travel.nearest(here, there, Mode.FOOT).minutes.round(6).tolist()
    [12.6]
    """

    roads: Roads
    speeds_km_per_h: ModeSpeeds
    snap_limit_m: float
    basis: Basis = "network"

    def ways(self, mode: Mode) -> ModeNetwork:
        """Return the network of a mode."""
        return self.roads.ways(mode, self.speeds_km_per_h[mode])

    def nearest(self, points: gpd.GeoSeries, sites: gpd.GeoSeries, mode: Mode) -> Nearest:
        """Return the site that each point reaches first."""
        return Nearest(*nearest_on(self.ways(mode), points, sites, snap_limit_m=self.snap_limit_m))

    def costs(
        self, points: gpd.GeoSeries, sites: gpd.GeoSeries, mode: Mode, *, cutoff_minutes: float
    ) -> TravelCosts:
        """Return the minutes of all pairs within a cut-off."""
        found = costs_on(
            self.ways(mode),
            points,
            sites,
            cutoff_minutes=cutoff_minutes,
            snap_limit_m=self.snap_limit_m,
        )
        return found.costs

    def service_area(self, site: shapely.Point, mode: Mode, minutes: float) -> shapely.Geometry:
        """Return the area from which a site is reached, for showing only.

        Raises
        ------
        BadValueError
            The site lies too far from every road.
        """
        found = service_areas(
            self.ways(mode), site, minutes=[minutes], snap_limit_m=self.snap_limit_m
        )
        area: shapely.Geometry = found.iloc[0]
        return area

    def off_roads(self, places: gpd.GeoSeries, mode: Mode) -> pd.Series:
        """Return the straight line in metres to the nearest road, of places too far from any."""
        return snap(self.ways(mode), places, limit_m=self.snap_limit_m).unsnapped
