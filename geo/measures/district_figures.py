"""The headline figures of a district."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from geo.core.population import Residents
from geo.core.vocabulary import GROUP_OF_KIND, Agreement, Group, Verification
from geo.measures.eligible_area import UNKNOWN_REASONS
from geo.measures.provision import area_gap_m2, area_per_10k_m2


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


def district_figures(
    facilities: gpd.GeoDataFrame, people: Residents, target_area_per_10k_m2: float
) -> DistrictFigures:
    """Return the figures of a district from its judged ledger.

    Parameters
    ----------
    facilities : geopandas.GeoDataFrame
        The ledger with ``assigned_township_code``, ``agreement``, ``operating``,
        ``count_reason``, ``counted_area_m2`` and ``apart_area_m2``.
    people : Residents
        The denominator in use.
    target_area_per_10k_m2 : float
        What the area missing is measured against.
    """
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
        area_gap_m2=area_gap_m2(own_area, people.district, target_area_per_10k_m2),
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
