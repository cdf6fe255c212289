"""What-if: plans that a person puts on the map, their effect and the constraints they break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import model_validator

from geo.core.crs import STORAGE_CRS
from geo.core.errors import SitingError
from geo.core.options import Frozen
from geo.core.sentences import Sentences, Words
from geo.core.siting_options import (
    NO_LAYERS,
    CandidateId,
    CandidateSource,
    Latitude,
    Longitude,
    SitingChoice,
    SitingLayers,
)
from geo.core.vocabulary import LABELS, Kind, Settlement
from geo.measures.demand_points.people import settlement_of
from geo.measures.study import Study
from geo.measures.township_assignment import locate
from geo.siting.candidates import candidate_sites, closed_area
from geo.siting.constraints import constraints_of
from geo.siting.objective import CoverageObjective
from geo.siting.problem import SitingProblem, demands_of, objective_of
from geo.siting.proposal import SitePlan, plan_of
from geo.siting.stacked_model import StackedModel

TEXT: Final = Sentences("geo.siting")


class PlacedSite(Frozen):
    """A site as a person puts it: a candidate by its id, or a point in degrees (CGCS2000)."""

    programme: Kind
    candidate_id: CandidateId | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> PlacedSite:
        by_point = self.longitude is not None and self.latitude is not None
        if (self.candidate_id is not None) == by_point:
            raise ValueError(TEXT.words("candidate_or_position_needed").in_one_line())
        return self


POINT: Final = "point-"
"""Prefix of the id of a site at a point that is no candidate."""


@dataclass(frozen=True)
class WhatIf:
    """A plan put on the map by hand, and the constraints that it breaks.

    Attributes
    ----------
    plan : SitePlan
        As of a proposal; without next best places.
    broken : list of tuple of str
        Clauses of the constraints that it breaks, in Chinese and English, each once.
    """

    plan: SitePlan
    broken: list[tuple[str, str]]


def what_if(
    study: Study,
    choice: SitingChoice,
    placed: Sequence[PlacedSite],
    *,
    layers: SitingLayers = NO_LAYERS,
) -> WhatIf:
    """Return the effect of sites that were placed, dragged or removed by hand.

    Parameters
    ----------
    study : Study
        The district as it stands.
    choice : SitingChoice
        Programmes and constraints; a different number of sites is reported as broken.
    placed : sequence of PlacedSite
        The sites; may be empty.
    layers : SitingLayers
        As of the request; a point where nothing may stand is reported as broken.

    Returns
    -------
    WhatIf
        The plan, evaluated in the unit of the objective.

    Raises
    ------
    SitingError
        A candidate is unknown, a point lies outside the district, or a programme is not part of
        the request.
    """
    kinds = [programme.kind for programme in choice.programmes]
    stray = next((one for one in placed if one.programme not in kinds), None)
    if stray is not None:
        raise SitingError(**TEXT.both("is_not_among_programmes", programme=stray.programme.value))
    sites = _sites(study, choice, placed, layers)
    programme = np.array([kinds.index(one.programme) for one in placed], dtype=np.int64)
    demands = demands_of(study, choice, sites)
    stacked = StackedModel(sites, tuple(demands), programme, np.arange(len(placed), dtype=np.int64))
    coverage = CoverageObjective(stacked.covering())
    free = choice.model_copy(
        update={
            "required": (),
            "forbidden": (),
            "programmes": tuple(
                programme.model_copy(update={"required": ()}) for programme in choice.programmes
            ),
        }
    )
    problem = SitingProblem(
        choice,
        layers,
        stacked,
        constraints_of(stacked, free),
        [],
        objective_of(stacked, choice, coverage),
        coverage,
    )
    chosen = np.arange(len(placed), dtype=np.int64)
    broken = [
        (constraint.zh, constraint.en)
        for constraint in problem.constraints
        if not constraint.holds(chosen)
    ]
    broken += [*_misplaced(stacked), *_closed(sites, choice, layers)]
    return WhatIf(plan_of(problem, chosen, swaps=False), list(dict.fromkeys(broken)))


def _misplaced(stacked: StackedModel) -> list[tuple[str, str]]:
    settlement = stacked.candidates["settlement"].to_numpy()
    required = [programme.settlement for programme in stacked.programmes]
    return [
        TEXT.words(
            "site_is_not_in_place",
            at=at + 1,
            wanted=Words(LABELS[Settlement][wanted].zh, wanted.value),
        )
        for at, of in enumerate(stacked.programme.tolist())
        if (wanted := required[of]) is not None and settlement[at] != wanted.value
    ]


def _closed(
    sites: gpd.GeoDataFrame, choice: SitingChoice, layers: SitingLayers
) -> list[tuple[str, str]]:
    inside = sites.geometry.intersects(closed_area(choice, layers, sites.crs))
    return [
        TEXT.words("site_in_closed_area", at=at + 1)
        for at in np.flatnonzero(inside.to_numpy()).tolist()
    ]


def _sites(
    study: Study, choice: SitingChoice, placed: Sequence[PlacedSite], layers: SitingLayers
) -> gpd.GeoDataFrame:
    """Return the places as candidates, one for each, in their order."""
    known = candidate_sites(study, choice, layers)
    named = [one.candidate_id for one in placed if one.candidate_id is not None]
    unknown = [name for name in named if name not in known.index]
    if unknown:
        raise SitingError(**TEXT.both("unknown_candidate", unknown=unknown[0]))
    free = _points(study, choice, [one for one in placed if one.candidate_id is None])
    rows = iter(range(len(free)))
    parts = [
        free.iloc[[next(rows)]] if one.candidate_id is None else known.loc[[one.candidate_id]]
        for one in placed
    ]
    return gpd.GeoDataFrame(pd.concat([known.iloc[:0], *parts]), crs=known.crs)


def _points(study: Study, choice: SitingChoice, placed: Sequence[PlacedSite]) -> gpd.GeoDataFrame:
    data = study.data
    towns = data.townships.to_crs(data.measuring_crs)
    degrees = gpd.points_from_xy(
        [one.longitude for one in placed], [one.latitude for one in placed], crs=STORAGE_CRS
    )
    points = gpd.GeoSeries(degrees).to_crs(data.measuring_crs)
    code = locate(points, towns)
    if code.isna().any():
        at = int(np.flatnonzero(code.isna())[0])
        raise SitingError(
            **TEXT.both(
                "point_lies_outside_district",
                longitude=placed[at].longitude,
                latitude=placed[at].latitude,
            )
        )
    settlement = towns["kind"].map(lambda kind: settlement_of(kind).value)
    return gpd.GeoDataFrame(
        {
            "name": [f"自选点 {at + 1}" for at in range(len(placed))],
            "source": CandidateSource.SEARCH_AREA.value,
            "facility_id": None,
            "township_code": code.to_numpy(),
            "settlement": code.map(settlement).to_numpy(),
            "kinds": None,
            "cost": choice.costs.search_area,
            "suitability": np.nan,
        },
        geometry=points.to_numpy(),
        index=pd.Index([f"{POINT}{at + 1}" for at in range(len(placed))], name="candidate_id"),
        crs=data.measuring_crs,
    )
