"""The service area of one facility, for showing, with the people counted within its limit."""

from __future__ import annotations

import geopandas as gpd

from geo.crs import STORAGE_CRS
from geo.errors import NotFoundError
from geo.release import shown_positions
from geo.study import Study
from geo.terms import Mode


def service_area_of(study: Study, facility_id: str, mode: Mode, minutes: float) -> gpd.GeoDataFrame:
    """Return from where a facility is reached within some minutes, whether it serves or not.

    It starts from the position that the profile shows.

    Returns
    -------
    geopandas.GeoDataFrame
        One row in EPSG:4490, indexed by ``facility_id``: ``name``, ``mode``, ``minutes``,
        ``basis`` (along roads or straight lines), ``population`` (residents of the demand
        points within the limit; never those inside the polygon) and the area.

    Raises
    ------
    NotFoundError
        No facility has the id, or it has no position.
    BadValueError
        It lies too far from every road.

    Examples
    --------
    ``GET /service-area?facility=D0118&mode=foot&minutes=15`` asks for it.
    """
    places = shown_positions(study.facilities, study.data)
    if facility_id not in places.index or places[facility_id] is None:
        raise NotFoundError(
            zh="没有这个设施，或它没有位置。请核对设施编号。",
            en="There is no such facility, or it has no position; check its id.",
        )
    points, travel = study.reaching.surface.points, study.reaching.travel
    site = gpd.GeoSeries([places[facility_id]], index=[facility_id], crs=places.crs)
    site = site.to_crs(points.crs)
    costs = travel.costs(points.geometry, site, mode, cutoff_minutes=minutes)
    people = float(points["population"].to_numpy(dtype="float64")[costs.demand].sum())
    return gpd.GeoDataFrame(
        {
            "name": [study.facilities.loc[facility_id, "name"]],
            "mode": [mode.value],
            "minutes": [minutes],
            "basis": [travel.basis],
            "population": [round(people, 3)],
        },
        geometry=[travel.service_area(site.iloc[0], mode, minutes)],
        index=[facility_id],
        crs=points.crs,
    ).to_crs(STORAGE_CRS)
