"""What if here instead: sites that a person puts on the map, and what they do."""

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
from geo.core.siting_layers import NO_LAYERS, SitingLayers
from geo.core.siting_options import CandidateId, CandidateSource, Latitude, Longitude, SitingChoice
from geo.core.vocabulary import LABELS, Kind, Settlement
from geo.measures.demand_points.people import settlement_of
from geo.measures.study import Study
from geo.measures.township_assignment import locate
from geo.siting.asked import Task, demands_of, score_of
from geo.siting.candidates import candidate_sites, closed_area
from geo.siting.pool import Pool
from geo.siting.proposal import Plan, plan_of
from geo.siting.rules import rules_of
from geo.siting.scoring import CoverScore


class Placed(Frozen):
    """A site as a person puts it: a candidate by its id, or a point in degrees (CGCS2000)."""

    programme: Kind
    candidate_id: CandidateId | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Placed:
        by_point = self.longitude is not None and self.latitude is not None
        if (self.candidate_id is not None) == by_point:
            raise ValueError(
                "须有 candidate_id，或经纬度 (either a candidate_id, or longitude and latitude)"
            )
        return self


POINT: Final = "point-"
"""Begins the id of a site that was put where no candidate is."""


@dataclass(frozen=True)
class WhatIf:
    """A plan put on the map by hand, and which of the constraints it breaks.

    Attributes
    ----------
    plan : Plan
        Its sites and whom they reach, as for a proposal; without a next best place.
    broken : list of tuple of str
        The clauses it breaks, in Chinese and English, each once.
    """

    plan: Plan
    broken: list[tuple[str, str]]


def what_if(
    study: Study,
    choice: SitingChoice,
    placed: Sequence[Placed],
    *,
    layers: SitingLayers = NO_LAYERS,
) -> WhatIf:
    """Return what sites do that were put, dragged or taken away by hand.

    Parameters
    ----------
    study : Study
        The district as it stands.
    choice : SitingChoice
        Programmes and constraints; the number of sites is told as broken where it differs.
    placed : sequence of Placed
        The sites; none is allowed.
    layers : SitingLayers
        As the plan was asked for; a point put where nothing may stand is told as broken.

    Raises
    ------
    SitingError
        A candidate is unknown, a point lies outside the district, or a programme is not among
        those asked.
    """
    kinds = [programme.kind for programme in choice.programmes]
    stray = next((one for one in placed if one.programme not in kinds), None)
    if stray is not None:
        raise SitingError(
            zh=f"{stray.programme.value} 不在 programmes 里，请先加上这个项目。",
            en=f"{stray.programme.value} is not among the programmes; add it first.",
        )
    sites = _sites(study, choice, placed, layers)
    programme = np.array([kinds.index(one.programme) for one in placed], dtype=np.int64)
    demands = demands_of(study, choice, sites)
    pool = Pool(sites, tuple(demands), programme, np.arange(len(placed), dtype=np.int64))
    covered = CoverScore(pool.covering())
    free = choice.model_copy(
        update={
            "required": (),
            "forbidden": (),
            "programmes": tuple(
                programme.model_copy(update={"required": ()}) for programme in choice.programmes
            ),
        }
    )
    task = Task(
        choice, layers, pool, rules_of(pool, free), [], score_of(pool, choice, covered), covered
    )
    chosen = np.arange(len(placed), dtype=np.int64)
    broken = [(rule.zh, rule.en) for rule in task.rules if not rule.holds(chosen)]
    broken += [*_misplaced(pool), *_closed(sites, choice, layers)]
    return WhatIf(plan_of(task, chosen, swaps=False), list(dict.fromkeys(broken)))


def _misplaced(pool: Pool) -> list[tuple[str, str]]:
    settlement = pool.candidates["settlement"].to_numpy()
    asked = [programme.settlement for programme in pool.programmes]
    return [
        (
            f"第 {at + 1} 处不在要求的{LABELS[Settlement][wanted].zh}地区",
            f"site {at + 1} is not in a {wanted.value} place",
        )
        for at, of in enumerate(pool.programme.tolist())
        if (wanted := asked[of]) is not None and settlement[at] != wanted.value
    ]


def _closed(
    sites: gpd.GeoDataFrame, choice: SitingChoice, layers: SitingLayers
) -> list[tuple[str, str]]:
    inside = sites.geometry.intersects(closed_area(choice, layers, sites.crs))
    return [
        (f"第 {at + 1} 处在禁止范围内", f"site {at + 1} is where nothing may stand")
        for at in np.flatnonzero(inside.to_numpy()).tolist()
    ]


def _sites(
    study: Study, choice: SitingChoice, placed: Sequence[Placed], layers: SitingLayers
) -> gpd.GeoDataFrame:
    """Return the places as candidates, one for each, in their order."""
    known = candidate_sites(study, choice, layers)
    named = [one.candidate_id for one in placed if one.candidate_id is not None]
    unknown = [name for name in named if name not in known.index]
    if unknown:
        raise SitingError(
            zh=f"没有候选点「{unknown[0]}」，请核对编号。",
            en=f"There is no candidate '{unknown[0]}'; check its id.",
        )
    free = _points(study, choice, [one for one in placed if one.candidate_id is None])
    rows = iter(range(len(free)))
    parts = [
        free.iloc[[next(rows)]] if one.candidate_id is None else known.loc[[one.candidate_id]]
        for one in placed
    ]
    return gpd.GeoDataFrame(pd.concat([known.iloc[:0], *parts]), crs=known.crs)


def _points(study: Study, choice: SitingChoice, placed: Sequence[Placed]) -> gpd.GeoDataFrame:
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
            zh=f"点 {placed[at].longitude}, {placed[at].latitude} 不在本区内，请移到区内。",
            en=f"The point {placed[at].longitude}, {placed[at].latitude} lies outside the "
            "district; move it inside.",
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
