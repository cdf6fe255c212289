"""What people reach in a district: coverage, gaps, schools and villages, on one surface.

None of it depends on the caliber or the scope of counted area, so that the views of one
date share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.core.district import DistrictData
from geo.core.population import denominators
from geo.core.scenario import Scenario
from geo.core.vocabulary import GROUP_OF_KIND, PARTS
from geo.measures.coverage import coverage, coverage_by_audience, gaps
from geo.measures.coverage import summary as coverage_summary
from geo.measures.demand_points import (
    Surface,
    SurfaceKind,
    make_surface,
    people_of,
    residents_beyond,
)
from geo.measures.eligible_area import kinds_on, operating_on, serving_on
from geo.measures.nearest import NearestByTarget, nearest_by_target
from geo.measures.schools import is_school, schools_reaching
from geo.measures.village_centres import VillageCentres, village_centres
from geo.travel.protocol import StraightLines, Travel
from geo.travel.roads import RoadTravel, road_network

_NOT_ASKED: Final = frozenset(
    {
        "name",
        "caliber",
        "scope",
        "target_area_per_10k_m2",
        "accessibility",
        "siting",
        "allotment",
    }
)
"""Choices of a scenario that change nothing here."""


@dataclass(frozen=True)
class DistrictCoverage:
    """What :func:`district_coverage` returns.

    Attributes
    ----------
    surface : Surface
        The demand points that coverage is counted at, in the measuring system.
    beyond : geopandas.GeoDataFrame
        Residents beyond the district's edge, as
        :func:`geo.measures.demand_points.residents_beyond` returns them; they are in no
        figure of coverage.
    travel : Travel
        How people go.
    sites : geopandas.GeoSeries
        Facilities that serve on the date and have a position, in the measuring system.
    reached : list of NearestByTarget
        Each target as the demand points reach it.
    coverage : geopandas.GeoDataFrame
        What :func:`geo.measures.coverage.coverage` returned, in the measuring system.
    even_coverage : geopandas.GeoDataFrame or None
        The same if each township's people were spread evenly; None where the surface is even
        anyway.
    coverage_of_district : pandas.DataFrame
        By target, with ``facility_count``, and ``even_coverage_rate``: the rate if each
        township's people were spread evenly, missing where the surface is even anyway.
    coverage_by_audience : pandas.DataFrame
        What :func:`geo.measures.coverage.coverage_by_audience` returned.
    gaps : geopandas.GeoDataFrame
        What :func:`geo.measures.coverage.gaps` returned.
    schools : pandas.DataFrame
        What :func:`geo.measures.schools.schools_reaching` returned.
    villages : VillageCentres
        Which villages have a service centre.
    """

    surface: Surface
    beyond: gpd.GeoDataFrame
    travel: Travel
    sites: gpd.GeoSeries
    reached: list[NearestByTarget]
    coverage: gpd.GeoDataFrame
    even_coverage: gpd.GeoDataFrame | None
    coverage_of_district: pd.DataFrame
    coverage_by_audience: pd.DataFrame
    gaps: gpd.GeoDataFrame
    schools: pd.DataFrame
    villages: VillageCentres


def coverage_options(scenario: Scenario) -> dict[str, Any]:
    """Return what of a scenario matters to :func:`district_coverage`.

    Examples
    --------
    >>> from datetime import date
    >>> from geo.core.scenario import load_scenario
    >>> scenario = load_scenario(on=date(2025, 12, 31))
    >>> coverage_options(scenario) == coverage_options(scenario.changed(caliber="C"))
    True
    """
    return scenario.model_dump(exclude=set(_NOT_ASKED))


def district_coverage(
    data: DistrictData, scenario: Scenario, denominator: str, facilities: gpd.GeoDataFrame
) -> DistrictCoverage:
    """Measure what the people of a district reach.

    Parameters
    ----------
    data : DistrictData
        The frames of the district.
    scenario : Scenario
        Date, standards, speeds, cells.
    denominator : str
        Whose residents are counted.
    facilities : geopandas.GeoDataFrame
        The ledger with ``assigned_township_code``.
    """
    surface, even = _surfaces(data, scenario, denominator)
    travel = travel_in(data, scenario)
    serving = facilities[serving_on(facilities, scenario.on)]
    kinds = kinds_on(serving, data.designations, scenario.on)
    sites = serving.geometry[serving.geometry.notna()].to_crs(data.measuring_crs)
    reached = nearest_by_target(surface.points, sites, kinds, scenario, travel)
    rows = coverage(surface, reached)
    of_district = _with_counts(coverage_summary(rows), kinds, sites.index)
    again = None
    if even is not None:
        again = coverage(even, nearest_by_target(even.points, sites, kinds, scenario, travel))
        of_district["even_coverage_rate"] = coverage_summary(again)["coverage_rate"]
    return DistrictCoverage(
        surface=surface,
        beyond=_beyond(data),
        travel=travel,
        sites=sites,
        reached=reached,
        coverage=rows,
        even_coverage=again,
        coverage_of_district=of_district,
        coverage_by_audience=coverage_by_audience(surface, reached),
        gaps=gaps(rows, surface, reached),
        schools=_schools(data, scenario, facilities, sites=sites, kinds=kinds, travel=travel),
        villages=village_centres(data.villages, serving, kinds),
    )


def travel_in(data: DistrictData, scenario: Scenario) -> Travel:
    """Return how people go: along the roads that were loaded, else in straight lines."""
    roads = road_network(data)
    if roads is None:
        return StraightLines(scenario.speeds_km_per_h, scenario.detour_factor)
    return RoadTravel(roads, scenario.road_speeds_km_per_h, scenario.snap_limit_m)


def _surfaces(
    data: DistrictData, scenario: Scenario, denominator: str
) -> tuple[Surface, Surface | None]:
    """Return the best surface, and the even one where that is another."""
    townships = data.townships.to_crs(data.measuring_crs)
    people = people_of(
        data.population,
        denominator,
        district_code=data.district_code,
        townships=data.townships,
    )
    best = make_surface(
        townships,
        people,
        villages=_villages(data, denominator),
        weights=None if data.weights is None else data.weights.to_crs(data.measuring_crs),
        cell_m=scenario.demand_cell_m,
    )
    if (best.kind_by_township.dropna() == SurfaceKind.EVEN.value).all():
        return best, None
    return best, make_surface(townships, people, cell_m=scenario.demand_cell_m)


def _beyond(data: DistrictData) -> gpd.GeoDataFrame:
    weights = None if data.weights is None else data.weights.to_crs(data.measuring_crs)
    return residents_beyond(weights, data.townships.to_crs(data.measuring_crs))


def _villages(data: DistrictData, denominator: str) -> gpd.GeoDataFrame | None:
    """Return villages in metres, counted by the denominator's own figures before others, parts too.

    None where no village has a position.
    """
    villages = data.villages
    if not isinstance(villages, gpd.GeoDataFrame) or villages.geometry.isna().all():
        return None
    rows = data.population[denominators(data.population) == denominator]
    names = ["population", *PARTS]
    own = rows.set_index("division_code")[names].reindex(villages.index).astype("float64")
    # A township goes by one kind of count alone: shares of two would be of neither.
    whole = own.notna().groupby(villages["township_code"]).transform("all")
    counts = pd.DataFrame(villages).reindex(columns=names).astype("float64")
    return villages.assign(**own.where(whole, counts)).to_crs(data.measuring_crs)


def _with_counts(whole: pd.DataFrame, kinds: pd.DataFrame, placed: pd.Index) -> pd.DataFrame:
    places = kinds[kinds["facility_id"].isin(placed)]
    places = places.assign(group=places["kind"].map(GROUP_OF_KIND))
    by_kind = places.groupby("kind")["facility_id"].nunique()
    with_standard = places[places["kind"].isin(whole["kind"].dropna())]
    by_group = with_standard.groupby("group")["facility_id"].nunique()
    count = whole["kind"].map(by_kind).where(whole["kind"].notna(), whole["group"].map(by_group))
    return whole.assign(facility_count=count.fillna(0).astype("int64"), even_coverage_rate=pd.NA)


def _schools(
    data: DistrictData,
    scenario: Scenario,
    facilities: gpd.GeoDataFrame,
    *,
    sites: gpd.GeoSeries,
    kinds: pd.DataFrame,
    travel: Travel,
) -> pd.DataFrame:
    running = facilities[operating_on(facilities, scenario.on)]
    of_running = kinds_on(running, data.designations, scenario.on)
    own = running["assigned_township_code"].notna()
    schools = running[own & running.index.isin(is_school(of_running))]
    return schools_reaching(
        schools.to_crs(data.measuring_crs),
        data.townships["kind"],
        sites,
        kinds,
        scenario=scenario,
        travel=travel,
    )
