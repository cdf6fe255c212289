"""What a person gives of places besides the scenario: where nothing may stand, and offered land."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd


@dataclass(frozen=True)
class SitingLayers:
    """What a person gives besides the scenario.

    Attributes
    ----------
    exclusions : geopandas.GeoSeries, optional
        Polygons in which nothing may be built or designated: reserves, flood zones.
    parcels : geopandas.GeoDataFrame, optional
        Polygons with ``name``, ``suitability``, ``cost`` and ``failed``, numbered, each offered
        as a site unless it failed a mark of another bureau.
    """

    exclusions: gpd.GeoSeries | None = None
    parcels: gpd.GeoDataFrame | None = None


NO_LAYERS: Final = SitingLayers()
