"""Which facility each demand point would go to, and whether it is within the standard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.core.scenario import Scenario, ServiceStandard
from geo.core.vocabulary import GROUP_OF_KIND, TOLERANCE, Group, Kind, Settlement
from geo.travel.protocol import NOBODY, Nearest, Travel, nearest_in_line

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Target:
    """What residents should reach: any facility of a group, or of one kind of it."""

    group: Group
    kind: Kind | None = None

    @property
    def id(self) -> str:
        """The kind's identifier, else the group's with ``any-`` before it."""
        return self.kind.value if self.kind else f"any-{self.group.value}"


@dataclass(frozen=True)
class NearestByTarget:
    """One target as each demand point reaches it.

    Attributes
    ----------
    target : Target
        What is to be reached.
    facility_ids : pandas.Index
        Of the facilities of the target that serve.
    asked : numpy.ndarray of bool
        Demand points for whose settlement there is a standard.
    nearest : numpy.ndarray of int
        Position in ``facility_ids`` of the one that takes the least time by the mode of
        the standard, of equals the first; -1 for none, and where nothing is asked.
    minutes : numpy.ndarray of float
        To it, by that mode; infinite for none.
    distance_m : numpy.ndarray of float
        Straight line to it, metres; infinite for none.
    covered : numpy.ndarray of bool
        Whether it is within the standard; exactly at the limit is.
    """

    target: Target
    facility_ids: pd.Index
    asked: _Flags
    nearest: npt.NDArray[np.int64]
    minutes: _Floats
    distance_m: _Floats
    covered: _Flags


def nearest_by_target(
    points: gpd.GeoDataFrame,
    sites: gpd.GeoSeries,
    kinds: pd.DataFrame,
    scenario: Scenario,
    travel: Travel,
) -> list[NearestByTarget]:
    """Return every kind, then every group, with a standard, as the demand points reach it.

    A group is reached where any of its kinds is, each within its own limit. A limit in
    minutes holds along the way that is travelled; one in metres is a straight line, and
    where a standard gives both, metres hold for straight lines and minutes along roads.

    Parameters
    ----------
    points : geopandas.GeoDataFrame
        Demand points in metres with ``settlement``.
    sites : geopandas.GeoSeries
        Points by ``facility_id`` in the same system, of the facilities that serve on
        the date, those outside the district included.
    kinds : pandas.DataFrame
        ``facility_id`` and ``kind``, as :func:`geo.measures.eligible_area.kinds_on` returns them.
    scenario : Scenario
        Its standards.
    travel : Travel
        How people get there.

    Examples
    --------
    >>> from datetime import date
    >>> from geo.core.scenario import load_scenario
    >>> from geo.travel.protocol import StraightLines
    >>> scenario = load_scenario(on=date(2025, 12, 31))
    >>> people = gpd.GeoDataFrame({"settlement": ["urban", "urban"]},
    ...     geometry=[shapely.Point(1000, 0), shapely.Point(1001, 0)], crs="EPSG:4546")
    >>> sites = gpd.GeoSeries([shapely.Point(0, 0)], index=["f"], crs="EPSG:4546")
    >>> found = nearest_by_target(people, sites,
    ...     pd.DataFrame({"facility_id": ["f"], "kind": ["library"]}), scenario,
    ...     StraightLines(scenario.speeds_km_per_h, scenario.detour_factor))
    >>> {one.target.id: one.covered.tolist() for one in found}["library"]
    [True, False]
    """
    by_kind = list(_by_kind(points, sites, kinds, scenario, travel))
    groups = dict.fromkeys(one.target.group for one in by_kind)
    of_group = [[one for one in by_kind if one.target.group == group] for group in groups]
    return [*by_kind, *(map(_any_of, of_group))]


def _by_kind(
    points: gpd.GeoDataFrame,
    sites: gpd.GeoSeries,
    kinds: pd.DataFrame,
    scenario: Scenario,
    travel: Travel,
) -> Iterator[NearestByTarget]:
    settlements = points["settlement"].to_numpy()
    for kind in Kind:
        standards = {s: scenario.standard(kind, s) for s in Settlement}
        if not any(standards.values()):
            continue
        own = sites[sites.index.isin(kinds.loc[kinds["kind"] == kind.value, "facility_id"])]
        answer = _nowhere(Target(GROUP_OF_KIND[kind], kind), own.index, len(points))
        for settlement, standard in standards.items():
            if standard is not None:
                here = settlements == settlement.value
                _fill(answer, here, points.geometry[here], own, standard=standard, travel=travel)
        yield answer


def _nowhere(target: Target, facility_ids: pd.Index, count: int) -> NearestByTarget:
    return NearestByTarget(
        target,
        facility_ids,
        asked=np.zeros(count, dtype=np.bool_),
        nearest=np.full(count, NOBODY, dtype=np.int64),
        minutes=np.full(count, np.inf),
        distance_m=np.full(count, np.inf),
        covered=np.zeros(count, dtype=np.bool_),
    )


def _fill(
    answer: NearestByTarget,
    here: _Flags,
    people: gpd.GeoSeries,
    sites: gpd.GeoSeries,
    *,
    standard: ServiceStandard,
    travel: Travel,
) -> None:
    """Write what the points of one settlement reach into an answer that is being made."""
    found = travel.nearest(people, sites, standard.mode)
    metres = _metres(people, sites, found)
    answer.asked[here] = True
    answer.nearest[here] = found.site
    answer.minutes[here] = found.minutes
    answer.distance_m[here] = metres
    in_line = standard.straight_line_m is not None and (
        travel.basis == "straight_line" or standard.minutes is None
    )
    if in_line:
        limit, costs = standard.straight_line_m, nearest_in_line(people, sites)[1]
    else:
        limit, costs = standard.minutes, found.minutes
    answer.covered[here] = costs <= (limit or 0.0) * (1 + TOLERANCE)


def _metres(people: gpd.GeoSeries, sites: gpd.GeoSeries, found: Nearest) -> _Floats:
    metres = np.full(len(people), np.inf)
    some = found.site >= 0
    at = np.asarray(sites.array)[found.site[some]]
    metres[some] = shapely.distance(np.asarray(people.array)[some], at)
    return metres


def _any_of(kinds: list[NearestByTarget]) -> NearestByTarget:
    """Return a whole group, from each of its kinds."""
    ids = pd.Index([name for one in kinds for name in one.facility_ids], dtype="object")
    starts = np.cumsum([0, *(len(one.facility_ids) for one in kinds)])[:-1]
    minutes = np.vstack([one.minutes for one in kinds])
    nearest = np.vstack([one.nearest + start for one, start in zip(kinds, starts, strict=True)])
    best = minutes.argmin(axis=0)
    columns = np.arange(minutes.shape[1])
    least = minutes[best, columns]
    return NearestByTarget(
        Target(kinds[0].target.group),
        ids,
        np.logical_or.reduce([one.asked for one in kinds]),
        np.where(np.isfinite(least), nearest[best, columns], NOBODY),
        least,
        np.vstack([one.distance_m for one in kinds])[best, columns],
        np.logical_or.reduce([one.covered for one in kinds]),
    )
