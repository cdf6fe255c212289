"""The whole answer for a district on a date."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.core.district import DistrictData
from geo.core.population import Residents, chosen_denominator, residents
from geo.core.scenario import Scenario
from geo.core.vocabulary import Agreement, CountReason
from geo.measures.accessibility_and_equity import AccessibilityAndEquity, accessibility_and_equity
from geo.measures.district_coverage import DistrictCoverage, coverage_options, district_coverage
from geo.measures.district_figures import DistrictFigures, district_figures
from geo.measures.eligible_area import UNKNOWN_REASONS, count_area
from geo.measures.findings import findings
from geo.measures.provision import provision
from geo.measures.township_assignment import assign


@dataclass(frozen=True)
class Study:
    """What :func:`study` returns; frames keep the index of the data they answer for.

    Attributes
    ----------
    facilities : geopandas.GeoDataFrame
        The ledger with what :func:`geo.measures.township_assignment.assign` and
        :func:`geo.measures.eligible_area.count_area` said of each row.
    townships : geopandas.GeoDataFrame
        The townships with what :func:`geo.measures.provision.provision` said.
    district_coverage : DistrictCoverage
        What people reach: surface, coverage, gaps, schools, villages.
    accessibility_and_equity : AccessibilityAndEquity
        Accessible area, and inequality.
    findings : pandas.DataFrame
        What a person should look at, as :func:`geo.measures.findings.findings` lists it.
    """

    scenario: Scenario
    data: DistrictData
    residents: Residents
    district: DistrictFigures
    townships: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    district_coverage: DistrictCoverage
    accessibility_and_equity: AccessibilityAndEquity
    findings: pd.DataFrame


def study(data: DistrictData, scenario: Scenario, *, like: Study | None = None) -> Study:
    """Measure a district under a scenario.

    Parameters
    ----------
    data : DistrictData
        The frames of the district; never changed.
    scenario : Scenario
        Date, caliber, scope, denominator and standards.
    like : Study, optional
        Another view of the same data: what people reach is taken from it, where caliber
        and scope are all that differs. The answer is the same, sooner.

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
    found = _known(like, data, scenario) or district_coverage(
        data, scenario, denominator, facilities
    )
    townships = data.townships.join(by_township)
    return Study(
        scenario=scenario,
        data=data,
        residents=people,
        district=district_figures(facilities, people, scenario.target_area_per_10k_m2),
        townships=townships,
        facilities=facilities,
        district_coverage=found,
        accessibility_and_equity=accessibility_and_equity(
            facilities, townships, found, scenario.accessibility
        ),
        findings=findings(facilities, data.townships, people),
    )


def _known(like: Study | None, data: DistrictData, scenario: Scenario) -> DistrictCoverage | None:
    """Return what another study of the same data has worked out, where nothing differs."""
    if like is None or like.data is not data:
        return None
    same = coverage_options(like.scenario) == coverage_options(scenario)
    return like.district_coverage if same else None


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
