"""Accessible exhibition area in a district, and how unequally area is shared in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.core.scenario import AccessibilityChoice
from geo.core.vocabulary import PER_10K, CountReason
from geo.measures.accessibility import Accessibility, accessibility, by_area, of_district
from geo.measures.demand_points.people import settlement_of
from geo.measures.district_coverage import DistrictCoverage
from geo.measures.eligible_area import UNKNOWN_REASONS
from geo.measures.inequality import Inequality, inequality

PROVIDED: Final = "area_per_10k_m2"
ACCESSIBLE: Final = "accessible_area_per_10k_m2"


@dataclass(frozen=True)
class AccessibilityAndEquity:
    """What :func:`accessibility_and_equity` returns.

    Attributes
    ----------
    accessibility : Accessibility
        At the demand points, with the area that anyone reaches, residents beyond the edge
        among them.
    by_township : pandas.DataFrame
        By ``township_code``: what :func:`geo.measures.accessibility.by_area` returned.
    district : pandas.Series
        The same of the district.
    inequality : Mapping
        By measure: of :data:`PROVIDED` among townships, of :data:`ACCESSIBLE` among
        demand points; urban and rural apart.
    beyond_population : float
        Residents beyond the district's edge who reach some facility and compete for it.
    beyond_supply_m2 : float
        The area that falls to them.
    """

    accessibility: Accessibility
    by_township: pd.DataFrame
    district: pd.Series
    inequality: Mapping[str, Inequality]
    beyond_population: float = 0.0
    beyond_supply_m2: float = 0.0


def accessibility_and_equity(
    facilities: gpd.GeoDataFrame,
    townships: gpd.GeoDataFrame,
    found: DistrictCoverage,
    choice: AccessibilityChoice,
) -> AccessibilityAndEquity:
    """Return what area people can reach, and how unequally area is shared.

    Supply is the counted area of every facility with a position, those beyond the
    district's edge included. Demand is the residents of the district and, as far as a
    population raster has them, those beyond its edge, who compete and have no figure of
    their own. An unknown area is left out and counted.

    Parameters
    ----------
    facilities : geopandas.GeoDataFrame
        The judged ledger: ``count_reason``, ``counted_area_m2``, ``apart_area_m2``.
    townships : geopandas.GeoDataFrame
        With what :func:`geo.measures.provision.provision` said, and ``kind``.
    found : DistrictCoverage
        Its demand points and its way of travelling.
    choice : AccessibilityChoice
        Mode, catchment and decay.
    """
    supply = _supply(facilities)
    points = found.surface.points
    everybody = pd.concat([points[["population", "geometry"]], found.beyond])
    costs = found.travel.costs(
        everybody.geometry,
        facilities.geometry[supply.index].to_crs(points.crs),
        choice.mode,
        cutoff_minutes=choice.catchment_minutes,
    )
    access = accessibility(
        costs,
        supply,
        everybody["population"],
        catchment_minutes=choice.catchment_minutes,
        decay=choice.decay,
    )
    outside = access.by_demand.loc[found.beyond.index]
    access = replace(access, by_demand=access.by_demand.loc[points.index])
    areas = by_area(access.by_demand, points["population"], points["township_code"])
    return AccessibilityAndEquity(
        accessibility=access,
        by_township=areas.reindex(townships.index),
        district=of_district(areas),
        inequality={
            PROVIDED: inequality(
                townships[PROVIDED],
                townships["population"],
                townships["kind"].map(lambda kind: settlement_of(kind).value),
            ),
            ACCESSIBLE: inequality(
                access.by_demand[ACCESSIBLE], points["population"], points["settlement"]
            ),
        },
        beyond_population=float(found.beyond["population"][outside["site_count"] > 0].sum()),
        beyond_supply_m2=float((found.beyond["population"] * outside[ACCESSIBLE]).sum() / PER_10K),
    )


def _supply(facilities: gpd.GeoDataFrame) -> pd.Series:
    """Return the area of each facility that has any to offer and stands somewhere."""
    reason = facilities["count_reason"]
    unknown = reason.isin(UNKNOWN_REASONS)
    offers = reason.isin({CountReason.COUNTED.value, CountReason.OUTSIDE.value}) | unknown
    area = facilities["counted_area_m2"].fillna(0.0) + facilities["apart_area_m2"].fillna(0.0)
    placed = facilities.geometry.notna()
    return area.mask(unknown)[offers & placed].rename("supply_m2")
