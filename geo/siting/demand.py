"""Demand of a programme: its audience by demand point, and their travel costs to facilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.core.errors import SitingError
from geo.core.sentences import Sentences
from geo.core.siting_options import Programme
from geo.core.vocabulary import Audience, Status, Verification
from geo.measures.coverage import PEOPLE_OF
from geo.measures.eligible_area import kinds_on
from geo.measures.study import Study
from geo.siting.labels import AUDIENCES
from geo.siting.model import Covering, Floats, TravelMatrix
from geo.travel.od_matrix import TravelCosts
from geo.travel.protocol import Travel

TEXT: Final = Sentences("geo.siting")

RESIDENTS: Final = "residents"
SCHOOLS: Final = "schools"
MOST_PAIRS: Final = 25_000_000
"""Limit of OD pairs of a programme; building the model from so many takes some 2 GB."""

MOST_TRAVEL_PAIRS: Final = 6_000_000
"""The same where travel is minimised: 4 million took 24 s with a time limit of 20."""

_SAMPLED: Final = 40
"""Candidates from which the number of pairs is estimated."""

_COMING: Final = (Status.PLANNED.value, Status.UNDER_CONSTRUCTION.value)


@dataclass(frozen=True)
class Demand:
    """The audience of a programme, and their travel costs to candidates and existing facilities.

    Attributes
    ----------
    programme : Programme
        Kind, audience and standard.
    points : geopandas.GeoDataFrame
        By ``demand_id``: ``township_code``, ``population`` and its parts where residents are
        counted, and a Point.
    weight : numpy.ndarray
        Of each point: persons of the audience, or 1 for a school; 0 where unknown.
    unknown_codes : tuple of str
        Townships with demand points of unknown audience: these count 0, and what is covered
        is a lower bound.
    existing_ids : pandas.Index
        Facilities of the kind that serve, are planned or being built, and have a position.
    to_existing, to_candidates : TravelCosts
        In minutes, within the cut-off.
    """

    programme: Programme
    points: gpd.GeoDataFrame
    weight: Floats
    unknown_codes: tuple[str, ...]
    existing_ids: pd.Index
    to_existing: TravelCosts
    to_candidates: TravelCosts

    def covering(self, *, stretch: float = 1.0, weight: Floats | None = None) -> Covering:
        """Return the covering instance within the standard.

        Parameters
        ----------
        stretch : float
            By which the standard is multiplied.
        weight : numpy.ndarray, optional
            Of each demand point, instead of its own.
        """
        near = self.to_candidates.within(self.programme.minutes * stretch)
        now = self.to_existing.within(self.programme.minutes * stretch)
        return Covering(
            self.weight if weight is None else weight,
            near.demand,
            near.site,
            len(near.site_ids),
            np.bincount(now.demand, minlength=len(self.weight)).astype(np.int64),
        )

    def travel_matrix(self) -> TravelMatrix:
        """Return the OD costs to each candidate, in minutes."""
        before = np.full(len(self.weight), np.inf)
        np.minimum.at(before, self.to_existing.demand, self.to_existing.minutes)
        costs = self.to_candidates
        return TravelMatrix(
            self.weight, costs.demand, costs.site, costs.minutes, len(costs.site_ids), before
        )


def demand_of(
    study: Study,
    programme: Programme,
    candidates: gpd.GeoDataFrame,
    *,
    cutoff_minutes: float,
    most_pairs: int = MOST_PAIRS,
) -> Demand:
    """Return the demand of a programme and its OD costs.

    Parameters
    ----------
    study : Study
        Whose demand points, travel model and ledger are used.
    programme : Programme
        Kind, audience and standard (minutes).
    candidates : geopandas.GeoDataFrame
        As :func:`geo.siting.candidates.candidate_sites` returns them.
    cutoff_minutes : float
        Up to which costs are computed; not below the programme's standard.
    most_pairs : int
        Limit of pairs of demand points and candidates within the cut-off.

    Returns
    -------
    Demand
        Weights in persons or schools, costs in minutes.

    Raises
    ------
    SitingError
        The audience is 0 or unknown everywhere, or there are too many pairs.
    """
    points, known = _points(study, programme)
    weight = np.nan_to_num(known, nan=0.0)
    if not weight.sum() > 0:
        raise SitingError(**TEXT.both("there_is_no_demand", audience=AUDIENCES[programme.audience]))
    sites = _existing(study, programme)
    travel = study.district_coverage.travel
    _check_pairs(
        travel, points, candidates, programme,
        cutoff_minutes=cutoff_minutes, most_pairs=most_pairs,
    )  # fmt: skip
    return Demand(
        programme,
        points,
        weight,
        tuple(sorted(points["township_code"][np.isnan(known)].astype("str").unique())),
        sites.index,
        travel.costs(points.geometry, sites, programme.mode, cutoff_minutes=cutoff_minutes),
        travel.costs(
            points.geometry, candidates.geometry, programme.mode, cutoff_minutes=cutoff_minutes
        ),
    )


def _check_pairs(
    travel: Travel,
    points: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame,
    programme: Programme,
    *,
    cutoff_minutes: float,
    most_pairs: int,
) -> None:
    """Refuse a problem too large for memory, estimated from a sample of the candidates."""
    some = candidates.geometry.iloc[:: max(1, len(candidates) // _SAMPLED)]
    found = travel.costs(points.geometry, some, programme.mode, cutoff_minutes=cutoff_minutes)
    pairs = len(found.demand) / max(len(some), 1) * len(candidates)
    if pairs > most_pairs:
        raise SitingError(**TEXT.both("too_many_pairs", pairs=pairs, most_pairs=most_pairs))


def _points(study: Study, programme: Programme) -> tuple[gpd.GeoDataFrame, Floats]:
    """Return the demand points and the weight of each, NaN where it is unknown."""
    if programme.audience == SCHOOLS:
        return _schools(study)
    points = study.district_coverage.surface.points
    column = "population"
    if programme.audience != RESIDENTS:
        column = PEOPLE_OF[Audience(programme.audience)]
    weight = points[column].to_numpy(dtype=np.float64, na_value=np.nan)
    settlement = programme.demand_settlement
    if settlement is not None:
        weight = np.where(points["settlement"] == settlement.value, weight, 0.0)
    return points, weight


def _schools(study: Study) -> tuple[gpd.GeoDataFrame, Floats]:
    schools = study.facilities.loc[study.district_coverage.schools.index]
    placed = schools[schools.geometry.notna()].to_crs(study.data.measuring_crs)
    points = gpd.GeoDataFrame(
        {"township_code": placed["assigned_township_code"].astype("str")}, geometry=placed.geometry
    ).rename_axis("demand_id")
    return points, np.ones(len(points))


def _existing(study: Study, programme: Programme) -> gpd.GeoSeries:
    """Return the positions of present and planned facilities of the kind, in the measuring CRS."""
    data, on = study.data, study.scenario.on
    ledger = study.facilities
    coming = ledger[
        ledger["status"].isin(_COMING)
        & (ledger["verification"] == Verification.VERIFIED.value)
        & ledger.geometry.notna()
    ]
    coming_sites = coming.geometry.to_crs(data.measuring_crs)
    sites = pd.concat(
        [
            study.district_coverage.sites,
            coming_sites[~coming.index.isin(study.district_coverage.sites.index)],
        ]
    )
    kinds = kinds_on(ledger.loc[sites.index], data.designations, on)
    own = kinds.loc[kinds["kind"] == programme.kind.value, "facility_id"]
    return gpd.GeoSeries(sites[sites.index.isin(own)], crs=data.measuring_crs)
