"""Residents beyond the district's edge, as a population raster counts them."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.measures.demand_points.weights import gathered

BEYOND_CELL_M: Final = 1_000.0
"""Side of the squares in which they are gathered: they only compete, and have no figure."""

_BEYOND: Final = "beyond"


def residents_beyond(
    weights: gpd.GeoDataFrame | None,
    townships: gpd.GeoDataFrame,
    *,
    cell_m: float = BEYOND_CELL_M,
) -> gpd.GeoDataFrame:
    """Return points of the residents that a raster has outside the townships.

    Their numbers are the raster's own, an estimate: there is no published figure of a
    neighbour's land to scale them to. A cell across the border is parted by area.
    Weights that are no persons, such as buildings, say nothing of them.

    Parameters
    ----------
    weights : geopandas.GeoDataFrame or None
        As :data:`geo.core.schema.WEIGHTS` lists them, polygons in metres.
    townships : geopandas.GeoDataFrame
        Polygons in metres.
    cell_m : float
        Side of the squares in which people are gathered, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        ``population``, persons, and a Point in metres, indexed ``beyond-1`` and so on; no
        row where nothing is known.

    Examples
    --------
    >>> town = gpd.GeoDataFrame(index=["430503001"], geometry=[shapely.box(0, 0, 100, 100)],
    ...                         crs="EPSG:4546")
    >>> cell = gpd.GeoDataFrame({"weight": [80.0], "persons": [True]}, crs="EPSG:4546",
    ...                         geometry=[shapely.box(75, 0, 175, 100)])
    >>> residents_beyond(cell, town)["population"].tolist()
    [60.0]
    """
    if weights is None or "persons" not in weights:
        return _points(pd.DataFrame(columns=["weight", "x", "y"], dtype="float64"), townships)
    people = weights[weights["persons"].eq(True).fillna(False)]
    land = shapely.union_all(np.asarray(townships.geometry.array))
    shapely.prepare(land)
    cells = np.asarray(people.geometry.array)
    outside = ~np.asarray(shapely.covers(land, cells), dtype=bool)
    across = outside & np.asarray(shapely.intersects(land, cells), dtype=bool)
    parts = cells.copy()
    parts[across] = shapely.difference(cells[across], land)
    share = shapely.area(parts[outside]) / shapely.area(cells[outside])
    pieces = gpd.GeoDataFrame(
        {"township_code": _BEYOND, "weight": people["weight"].to_numpy()[outside] * share},
        geometry=parts[outside],
        crs=townships.crs,
    )
    found = gathered(pieces[share > 0], cell_m)
    return _points(found, townships)


def _points(found: pd.DataFrame, townships: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"population": found["weight"].to_numpy(dtype=np.float64)},
        index=[f"{_BEYOND}-{number}" for number in range(1, len(found) + 1)],
        geometry=gpd.points_from_xy(found["x"], found["y"]),
        crs=townships.crs,
    )
