"""The service area of one facility, for showing, with the people counted within its limit."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.core.crs import STORAGE_CRS
from geo.core.disclosure import shown_positions
from geo.core.errors import NotFoundError
from geo.core.fields import BARE_FIELDS
from geo.core.sentences import Sentences
from geo.core.vocabulary import GROUP_OF_KIND, Kind, Mode, Settlement
from geo.measures.demand_points.people import settlement_of
from geo.measures.study import Study
from geo.publish.study_json.marks import stamp

TEXT: Final = Sentences("geo.publish")

_M_PER_MIN_OF_KM_PER_H: Final = 1_000 / 60


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
        raise NotFoundError(**TEXT.both("no_such_place"))
    points, travel = study.district_coverage.surface.points, study.district_coverage.travel
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


def service_areas(study: Study) -> gpd.GeoDataFrame:
    """Return from where each facility that serves is reached within the standard of its kind.

    For showing and for handing on: coverage is counted at the demand points, never by overlay.
    The settlement is that of the township that a facility is counted in; facilities outside
    of the district, without position, or of a kind without a standard have none.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4490, indexed by ``facility_id``, in the order of
        :data:`geo.core.fields.BARE_FIELDS`.
    """
    asked = _with_standards(study)
    parts = [
        _areas(study, rows, mode, minutes)
        for (mode, minutes), rows in asked.groupby(["mode", "reach_minutes"], sort=True)
    ]
    names = [column.name for column in BARE_FIELDS["service_areas"]]
    if not parts:
        empty = pd.DataFrame(columns=names, index=pd.Index([], name="facility_id", dtype="str"))
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=STORAGE_CRS))
    found = gpd.GeoDataFrame(pd.concat(parts)).sort_index().to_crs(STORAGE_CRS)
    marked = found.assign(facility_id=found.index, **stamp(study))
    return marked[[*names, "geometry"]]


def _with_standards(study: Study) -> gpd.GeoDataFrame:
    """Return the facilities that serve, in metres, with mode and minutes of their standard."""
    sites, facilities = study.district_coverage.sites, study.facilities
    rows = facilities.loc[facilities.index.isin(sites.index)]
    rows = rows[rows["assigned_township_code"].notna()]
    places = shown_positions(rows, study.data).to_crs(study.data.measuring_crs)
    kinds = study.data.townships["kind"]
    found = gpd.GeoDataFrame(
        {
            "name": rows["name"],
            "kind": rows["kind"],
            "group": rows["kind"].map(GROUP_OF_KIND).astype("str"),
            "township_code": rows["assigned_township_code"],
            "settlement": rows["assigned_township_code"].map(kinds).map(settlement_of),
        },
        geometry=places,
    )
    limits = [
        _limit(study, Kind(kind), Settlement(settlement))
        for kind, settlement in zip(found["kind"], found["settlement"], strict=True)
    ]
    names = ("mode", "minutes", "reach_minutes")
    columns = {name: [limit[at] for limit in limits] for at, name in enumerate(names)}
    told = found.assign(settlement=found["settlement"].astype("str"), **columns)
    return told[told["mode"].notna()]


def _limit(
    study: Study, kind: Kind, settlement: Settlement
) -> tuple[str | None, float | None, float]:
    """Return mode, minutes as the standard says them, and minutes that reach as far."""
    scenario = study.scenario
    standard, metres = scenario.standard(kind, settlement), scenario.limit_m(kind, settlement)
    if standard is None or metres is None:
        return None, None, 0.0
    speed = getattr(scenario.speeds_km_per_h, standard.mode.value) * _M_PER_MIN_OF_KM_PER_H
    in_line = metres * scenario.detour_factor / speed
    straight = study.district_coverage.travel.basis == "straight_line" or standard.minutes is None
    reach = in_line if straight else float(standard.minutes or 0.0)
    return standard.mode.value, standard.minutes or round(in_line, 1), reach


def _areas(study: Study, rows: gpd.GeoDataFrame, mode: str, minutes: float) -> gpd.GeoDataFrame:
    """Return the areas of facilities of one mode and limit, with the people within."""
    points, travel = study.district_coverage.surface.points, study.district_coverage.travel
    costs = travel.costs(points.geometry, rows.geometry, Mode(mode), cutoff_minutes=minutes)
    people = points["population"].to_numpy(dtype="float64", na_value=0.0)[costs.demand]
    within = np.bincount(costs.site, weights=people, minlength=len(rows)).round(3)
    away = travel.off_roads(rows.geometry, Mode(mode)).index
    kept = rows.assign(population=within, basis=travel.basis)
    kept = kept[~kept.index.isin(away)]
    shapes = [travel.service_area(place, Mode(mode), minutes) for place in kept.geometry]
    return kept.set_geometry(gpd.GeoSeries(shapes, index=kept.index, crs=rows.crs))
