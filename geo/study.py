"""The whole answer for a district on a date."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.counting import UNKNOWN_REASONS, count_area, kinds_on, operating_on
from geo.coverage import coverage, coverage_by_audience, gaps
from geo.coverage import summary as coverage_summary
from geo.district import DistrictData
from geo.findings import findings
from geo.population import Residents, chosen_denominator, denominators, residents
from geo.provision import area_gap_m2, area_per_10k_m2, provision
from geo.reach import reach
from geo.scenario import Scenario
from geo.surface import Surface, make_surface, people_of
from geo.terms import GROUP_OF_KIND, Agreement, CountReason, Group, Verification
from geo.townships import assign


@dataclass(frozen=True)
class DistrictFigures:
    """The headline figures; areas in m², people as the denominator counts them.

    ``outside`` is what stands in no township of the district, ``unplaced`` what
    has neither code nor position; their areas are those that would count, and
    are never added to the district's.
    """

    population: float
    counted_area_m2: float
    area_per_10k_m2: float
    area_gap_m2: float
    is_lower_bound: bool
    unknown_area_count: int
    facility_count: int
    facility_count_by_group: dict[Group, int]
    outside_count: int
    outside_area_m2: float
    unplaced_count: int
    unplaced_area_m2: float
    pending_count: int
    disagreement_count: int


@dataclass(frozen=True)
class Study:
    """What :func:`study` returns; frames keep the index of the data they answer for.

    Attributes
    ----------
    facilities : geopandas.GeoDataFrame
        The ledger with what :func:`geo.townships.assign` and
        :func:`geo.counting.count_area` said of each row.
    townships : geopandas.GeoDataFrame
        The townships with what :func:`geo.provision.provision` said.
    surface : Surface
        The demand points that coverage is counted at, in the measuring system.
    coverage : geopandas.GeoDataFrame
        What :func:`geo.coverage.coverage` returned, in the measuring system.
    coverage_by_audience : pandas.DataFrame
        What :func:`geo.coverage.coverage_by_audience` returned.
    coverage_of_district : pandas.DataFrame
        By target, with ``facility_count``.
    gaps : geopandas.GeoDataFrame
        What :func:`geo.coverage.gaps` returned.
    findings : pandas.DataFrame
        What a person should look at, as :func:`geo.findings.findings` lists it.
    """

    scenario: Scenario
    data: DistrictData
    residents: Residents
    district: DistrictFigures
    townships: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    surface: Surface
    coverage: gpd.GeoDataFrame
    coverage_of_district: pd.DataFrame
    coverage_by_audience: pd.DataFrame
    gaps: gpd.GeoDataFrame
    findings: pd.DataFrame


@dataclass(frozen=True)
class _Reach:
    by_township: gpd.GeoDataFrame
    of_district: pd.DataFrame
    by_audience: pd.DataFrame
    gaps: gpd.GeoDataFrame


def study(data: DistrictData, scenario: Scenario) -> Study:
    """Measure a district under a scenario.

    Parameters
    ----------
    data : DistrictData
        The frames of the district; never changed.
    scenario : Scenario
        Date, caliber, scope, denominator and standards.

    Returns
    -------
    Study
        Every figure, with the data and the scenario it rests on.

    Raises
    ------
    ScenarioError
        The denominator is not in the data.
    DataError
        The data have no outline of the district itself.
    """
    denominator = chosen_denominator(
        data.population, scenario.denominator, district_code=data.district_code
    )
    people = residents(
        data.population,
        denominator,
        district_code=data.district_code,
        township_codes=data.townships.index,
    )
    facilities = _judged(data, scenario)
    by_township = provision(
        facilities,
        facilities["assigned_township_code"],
        people.by_township,
        target=scenario.target_area_per_10k_m2,
    )
    surface = make_surface(
        data.townships.to_crs(data.measuring_crs),
        people_of(
            data.population,
            denominator,
            district_code=data.district_code,
            townships=data.townships,
        ),
        villages=_villages(data, denominator),
        weights=None if data.weights is None else data.weights.to_crs(data.measuring_crs),
        cell_m=scenario.demand_cell_m,
    )
    found = _reached(data, scenario, surface, facilities)
    return Study(
        scenario=scenario,
        data=data,
        residents=people,
        district=_headline(facilities, people, scenario),
        townships=data.townships.join(by_township),
        facilities=facilities,
        surface=surface,
        coverage=found.by_township,
        coverage_of_district=found.of_district,
        coverage_by_audience=found.by_audience,
        gaps=found.gaps,
        findings=findings(facilities, data.townships, people),
    )


def _villages(data: DistrictData, denominator: str) -> gpd.GeoDataFrame | None:
    """Return villages in metres, counted by the denominator's own figures before others.

    None where no village has a position.
    """
    villages = data.villages
    if not isinstance(villages, gpd.GeoDataFrame) or villages.geometry.isna().all():
        return None
    rows = data.population[denominators(data.population) == denominator]
    own = rows.set_index("division_code")["population"].reindex(villages.index).astype("float64")
    # A township goes by one kind of count alone: shares of two would be of neither.
    whole = own.notna().groupby(villages["township_code"]).transform("all")
    counts = villages["population"].astype("float64")
    return villages.assign(population=own.where(whole, counts)).to_crs(data.measuring_crs)


def _judged(data: DistrictData, scenario: Scenario) -> gpd.GeoDataFrame:
    """Return the ledger with township, agreement, reason and counted area of each row."""
    ledger = data.facilities
    placing = assign(ledger, data.townships, prefer=scenario.assignment)
    counted = count_area(
        ledger,
        data.designations,
        on=scenario.on,
        caliber=scenario.caliber,
        scope=scenario.scope,
    )
    return ledger.join(placing).join(_set_apart(counted, placing))


def _set_apart(counted: pd.DataFrame, placing: pd.DataFrame) -> pd.DataFrame:
    """Return what counts, with what stands in no township told apart from it.

    ``apart_area_m2`` is what such a facility would add; its counted area is 0, and
    its reason is where it stands, unless it would not count anyway.
    """
    inside = placing["assigned_township_code"].notna()
    unplaced = placing["agreement"] == Agreement.UNPLACED.value
    might = counted["count_reason"].isin({CountReason.COUNTED, *UNKNOWN_REASONS})
    reason = counted["count_reason"]
    reason = reason.mask(~inside & might & unplaced, CountReason.UNPLACED.value)
    reason = reason.mask(~inside & might & ~unplaced, CountReason.OUTSIDE.value)
    return counted.assign(
        count_reason=reason,
        apart_area_m2=counted["counted_area_m2"].where(~inside, 0.0),
        counted_area_m2=counted["counted_area_m2"].where(inside, 0.0),
    )


def _reached(
    data: DistrictData, scenario: Scenario, surface: Surface, facilities: gpd.GeoDataFrame
) -> _Reach:
    serving = facilities[_serves(facilities, scenario)]
    kinds = kinds_on(serving, data.designations, scenario.on)
    sites = serving.geometry.to_crs(data.measuring_crs)
    reached = reach(surface.points, sites, kinds, scenario)
    rows = coverage(surface, reached)
    whole = coverage_summary(rows)
    places = kinds.assign(group=kinds["kind"].map(GROUP_OF_KIND))
    by_kind = places.groupby("kind")["facility_id"].nunique()
    with_standard = places[places["kind"].isin(rows["kind"].dropna())]
    by_group = with_standard.groupby("group")["facility_id"].nunique()
    count = whole["kind"].map(by_kind).where(whole["kind"].notna(), whole["group"].map(by_group))
    whole = whole.assign(facility_count=count.fillna(0).astype("int64"))
    return _Reach(rows, whole, coverage_by_audience(surface, reached), gaps(rows, surface, reached))


def _serves(facilities: gpd.GeoDataFrame, scenario: Scenario) -> pd.Series:
    """Return who serves residents on the date, wherever it stands and whatever its area."""
    return (
        operating_on(facilities, scenario.on)
        & facilities["open_to_public"].fillna(False).astype(bool)
        & (facilities["verification"] == Verification.VERIFIED.value)
        & facilities.geometry.notna()
    )


def _headline(
    facilities: gpd.GeoDataFrame, people: Residents, scenario: Scenario
) -> DistrictFigures:
    inside = facilities["assigned_township_code"].notna()
    unplaced = facilities["agreement"] == Agreement.UNPLACED.value
    outside = ~inside & ~unplaced
    operating = facilities["operating"]
    own_area = float(facilities["counted_area_m2"].sum())
    apart = facilities["apart_area_m2"]
    unknown = facilities["count_reason"].isin(UNKNOWN_REASONS)
    groups = facilities.loc[inside & operating, "kind"].map(GROUP_OF_KIND).value_counts()
    return DistrictFigures(
        population=people.district,
        counted_area_m2=own_area,
        area_per_10k_m2=area_per_10k_m2(own_area, people.district),
        area_gap_m2=area_gap_m2(own_area, people.district, scenario.target_area_per_10k_m2),
        is_lower_bound=bool(unknown.any()),
        unknown_area_count=int(unknown.sum()),
        facility_count=int((inside & operating).sum()),
        facility_count_by_group={group: int(groups.get(group, 0)) for group in Group},
        outside_count=int((outside & operating).sum()),
        outside_area_m2=float(apart[outside].sum()),
        unplaced_count=int((unplaced & operating).sum()),
        unplaced_area_m2=float(apart[unplaced].sum()),
        pending_count=int((facilities["verification"] == Verification.PENDING.value).sum()),
        disagreement_count=int((facilities["agreement"] == Agreement.DISAGREE.value).sum()),
    )
