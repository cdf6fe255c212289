"""Where within a township its people are likely to be: pieces of land, each with a weight."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

MAX_CELLS: Final = 2_000_000
"""Cells of one grid; a finer one is refused."""

LEAST_SHARE: Final = 1e-9
"""Of a piece's area: smaller slivers along a border are rounding."""


def grid_over(polygon: shapely.Geometry, cell_m: float) -> npt.NDArray[np.object_]:
    """Return the squares of a grid that overlap a polygon, row by row from the south-west.

    The grid's lines lie at whole multiples of ``cell_m``, so that neighbouring
    districts have the same grid.

    Parameters
    ----------
    polygon : Polygon or MultiPolygon
        In metres.
    cell_m : float
        Side of a square, metres.

    Raises
    ------
    ValueError
        There would be more than :data:`MAX_CELLS`.

    Examples
    --------
    >>> len(grid_over(shapely.box(0, 0, 1000, 500), 250))
    8
    """
    west, south, east, north = shapely.bounds(polygon)
    columns = np.arange(np.floor(west / cell_m), np.ceil(east / cell_m))
    rows = np.arange(np.floor(south / cell_m), np.ceil(north / cell_m))
    if len(columns) * len(rows) > MAX_CELLS:
        raise ValueError(f"a grid of {len(columns)} by {len(rows)} squares is too fine")
    x, y = (line.ravel() * cell_m for line in np.meshgrid(columns, rows))
    squares: npt.NDArray[np.object_] = shapely.box(x, y, x + cell_m, y + cell_m)
    shapely.prepare(polygon)
    return squares[shapely.intersects(polygon, squares)]


def even_weights(townships: gpd.GeoDataFrame, cell_m: float) -> gpd.GeoDataFrame:
    """Return the cells of a grid, cut at the borders of townships, each with its area as weight.

    Parameters
    ----------
    townships : geopandas.GeoDataFrame
        Polygons in metres, indexed by ``township_code``.
    cell_m : float
        Side of a square, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        ``township_code``, ``weight`` in m², and the polygon; numbered from 0.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(index=["430503001"], geometry=[shapely.box(0, 0, 1000, 375)],
    ...                           crs="EPSG:4546")
    >>> even_weights(square, 250)["weight"].tolist()[-4:]
    [31250.0, 31250.0, 31250.0, 31250.0]
    """
    parts = []
    for code, polygon in townships.geometry.items():
        squares = grid_over(polygon, cell_m)
        inside = shapely.contains_properly(polygon, squares)
        pieces = np.where(inside, squares, shapely.intersection(squares, polygon))
        parts.append(_pieces(pieces, str(code), townships))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=townships.crs)


def cut_at_borders(weights: gpd.GeoDataFrame, townships: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return pieces of land with their township; one across a border is cut, its weight with it.

    Parameters
    ----------
    weights : geopandas.GeoDataFrame
        ``weight`` and polygons in the same system as the townships.
    townships : geopandas.GeoDataFrame
        Polygons in metres, indexed by ``township_code``.

    Returns
    -------
    geopandas.GeoDataFrame
        ``township_code``, ``weight`` and polygon; what lies outside is left out.

    Examples
    --------
    >>> towns = gpd.GeoDataFrame(index=["430503001", "430503002"], crs="EPSG:4546",
    ...     geometry=[shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    >>> house = gpd.GeoDataFrame({"weight": [4.0]}, geometry=[shapely.box(90, 0, 130, 10)],
    ...                          crs="EPSG:4546")
    >>> cut_at_borders(house, towns)["weight"].tolist()
    [1.0, 3.0]
    """
    polygons = np.asarray(townships.geometry.array)
    land = np.asarray(weights.geometry.array)
    shapely.prepare(polygons)
    town, piece = shapely.STRtree(land).query(polygons, predicate="intersects")
    order = np.lexsort((town, piece))
    town, piece = town[order], piece[order]
    whole = shapely.contains_properly(polygons[town], land[piece])
    cut = land[piece]
    cut[~whole] = shapely.intersection(polygons[town[~whole]], land[piece[~whole]])
    share = np.where(whole, 1.0, shapely.area(cut) / shapely.area(land[piece]))
    found = gpd.GeoDataFrame(
        {
            "township_code": townships.index.to_numpy()[town],
            "weight": weights["weight"].to_numpy(dtype="float64")[piece] * share,
        },
        geometry=cut,
        crs=townships.crs,
    )
    return found[share > LEAST_SHARE].reset_index(drop=True)


def gathered(pieces: gpd.GeoDataFrame, cell_m: float) -> gpd.GeoDataFrame:
    """Return pieces gathered by the grid square in which their middle lies, within a township.

    A hundred thousand houses make a few thousand demand points; nobody is moved by
    more than half a square's diagonal.

    Parameters
    ----------
    pieces : geopandas.GeoDataFrame
        As :func:`cut_at_borders` returns them.
    cell_m : float
        Side of a square, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        ``township_code``, ``weight``, ``x`` and ``y`` (the weighted middle of the
        pieces, metres), by township, then square from the south-west.
    """
    middles = pieces.geometry.centroid
    x, y, weight = middles.x.to_numpy(), middles.y.to_numpy(), pieces["weight"].to_numpy()
    frame = pd.DataFrame(
        {
            "township_code": pieces["township_code"].to_numpy(),
            "row": np.floor(y / cell_m),
            "column": np.floor(x / cell_m),
            "weight": weight,
            "x": x * weight,
            "y": y * weight,
        }
    )
    sums = frame[frame["weight"] > 0].groupby(["township_code", "row", "column"]).sum()
    found = sums.reset_index().drop(columns=["row", "column"])
    return found.assign(x=found["x"] / found["weight"], y=found["y"] / found["weight"])


def _pieces(
    pieces: npt.NDArray[np.object_], code: str, townships: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    area_m2 = shapely.area(pieces)
    kept = area_m2 > LEAST_SHARE * area_m2.max(initial=0)
    return gpd.GeoDataFrame(
        {"township_code": code, "weight": area_m2[kept]}, geometry=pieces[kept], crs=townships.crs
    )
