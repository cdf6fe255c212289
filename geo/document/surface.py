"""The demand points as columns of plain numbers, for drawing them all at once."""

from __future__ import annotations

from geo.crs import STORAGE_CRS
from geo.document.digits import PEOPLE_DIGITS
from geo.plain import Record, number
from geo.sharing import ACCESSIBLE
from geo.study import Study

_DEGREES_DIGITS = 5
_AREA_DIGITS = 1


def surface_columns(study: Study) -> Record:
    """Return where the demand points are, their residents, and what area they can reach.

    Returns
    -------
    dict
        ``cell_m``, and by demand point, in one order: ``longitude``, ``latitude``
        (degrees), ``population`` and ``accessible_area_per_10k_m2``, null where unknown.
    """
    surface = study.reaching.surface
    places = surface.points.geometry.to_crs(STORAGE_CRS)
    reached = study.sharing.accessibility.by_demand[ACCESSIBLE].reindex(places.index)
    return {
        "cell_m": surface.cell_m,
        "longitude": places.x.round(_DEGREES_DIGITS).tolist(),
        "latitude": places.y.round(_DEGREES_DIGITS).tolist(),
        "population": [number(n, PEOPLE_DIGITS) for n in surface.points["population"]],
        ACCESSIBLE: [number(value, _AREA_DIGITS) for value in reached],
    }
