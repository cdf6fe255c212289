"""The demand points as columns of plain numbers, for drawing them all at once."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from geo.core.crs import STORAGE_CRS
from geo.core.json_values import Record, number
from geo.measures.accessibility_and_equity import ACCESSIBLE
from geo.measures.demand_points import Surface, SurfaceKind
from geo.measures.study import Study
from geo.publish.study_json.digits import PEOPLE_DIGITS

_DEGREES_DIGITS = 5
_AREA_DIGITS = 1


def surface_columns(study: Study) -> Record:
    """Return where the demand points are, their residents, and what area they can reach.

    Returns
    -------
    dict
        ``cell_m``, and by demand point, in one order: ``longitude``, ``latitude``
        (degrees), ``population`` and ``accessible_area_per_10k_m2``, null where unknown,
        and ``land``: the polygons of a village's land as RFC 7946 writes a MultiPolygon's,
        null for a cell of the grid, whose land is the square around it.
    """
    surface = study.district_coverage.surface
    places = surface.points.geometry.to_crs(STORAGE_CRS)
    reached = study.accessibility_and_equity.accessibility.by_demand[ACCESSIBLE].reindex(
        places.index
    )
    return {
        "cell_m": surface.cell_m,
        "longitude": places.x.round(_DEGREES_DIGITS).tolist(),
        "latitude": places.y.round(_DEGREES_DIGITS).tolist(),
        "population": [number(n, PEOPLE_DIGITS) for n in surface.points["population"]],
        ACCESSIBLE: [number(value, _AREA_DIGITS) for value in reached],
        "land": _land(surface),
    }


def _land(surface: Surface) -> list[list[list[list[list[float]]]] | None]:
    """Return the land of each village, as coordinates; None for a cell."""
    kinds = surface.points["township_code"].map(surface.kind_by_township)
    drawn = (kinds == SurfaceKind.VILLAGES.value) & ~surface.cells.is_empty
    cells = gpd.GeoSeries(surface.cells[drawn]).to_crs(STORAGE_CRS)
    told = pd.Series([_coordinates(cell) for cell in cells], index=cells.index, dtype="object")
    return [told.get(name) for name in surface.points.index]


def _coordinates(cell: shapely.Geometry) -> list[list[list[list[float]]]]:
    return [
        [
            shapely.get_coordinates(ring).round(_DEGREES_DIGITS).tolist()
            for ring in (part.exterior, *part.interiors)
        ]
        for part in shapely.get_parts(cell)
        if isinstance(part, shapely.Polygon)
    ]
