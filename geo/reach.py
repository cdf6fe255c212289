"""Which facility each demand point would go to, and whether it is within the standard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.costs import TOLERANCE
from geo.scenario import Scenario
from geo.terms import GROUP_OF_KIND, Group, Kind, Settlement

_Floats = npt.NDArray[np.float64]
_NOBODY = -1


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
class Reached:
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
        Position in ``facility_ids`` of the nearest, of equals the first; -1 for none.
    distance_m : numpy.ndarray of float
        Straight line to it, metres; infinite for none.
    covered : numpy.ndarray of bool
        Whether it is within the standard; exactly at the limit is.
    """

    target: Target
    facility_ids: pd.Index
    asked: npt.NDArray[np.bool_]
    nearest: npt.NDArray[np.int64]
    distance_m: _Floats
    covered: npt.NDArray[np.bool_]


def reach(
    points: gpd.GeoDataFrame, sites: gpd.GeoSeries, kinds: pd.DataFrame, scenario: Scenario
) -> list[Reached]:
    """Return every kind, then every group, with a standard, as the demand points reach it.

    A group is reached where any of its kinds is, each within its own limit; a
    facility's distance is a straight line, and limits in minutes are made straight
    lines by the scenario's speeds and detour factor.

    Parameters
    ----------
    points : geopandas.GeoDataFrame
        Demand points in metres with ``settlement``.
    sites : geopandas.GeoSeries
        Points by ``facility_id`` in the same system, of the facilities that serve on
        the date, those outside the district included.
    kinds : pandas.DataFrame
        ``facility_id`` and ``kind``, as :func:`geo.counting.kinds_on` returns them.
    scenario : Scenario
        Its standards and speeds give the limits.

    Examples
    --------
    >>> from datetime import date
    >>> from geo.scenario import load_scenario
    >>> people = gpd.GeoDataFrame({"settlement": ["urban", "urban"]},
    ...     geometry=[shapely.Point(1000, 0), shapely.Point(1001, 0)], crs="EPSG:4546")
    >>> found = reach(people, gpd.GeoSeries([shapely.Point(0, 0)], index=["f"], crs="EPSG:4546"),
    ...     pd.DataFrame({"facility_id": ["f"], "kind": ["library"]}),
    ...     load_scenario(on=date(2025, 12, 31)))
    >>> {one.target.id: one.covered.tolist() for one in found}["library"]
    [True, False]
    """
    by_kind = list(_by_kind(points, sites, kinds, scenario))
    groups = dict.fromkeys(one.target.group for one in by_kind)
    of_group = [[one for one in by_kind if one.target.group == group] for group in groups]
    return [*by_kind, *(map(_any_of, of_group))]


def _by_kind(
    points: gpd.GeoDataFrame, sites: gpd.GeoSeries, kinds: pd.DataFrame, scenario: Scenario
) -> Iterator[Reached]:
    settlements = points["settlement"].to_numpy()
    people = np.asarray(points.geometry.array)
    for kind in Kind:
        limits = {s: scenario.limit_m(kind, s) for s in Settlement}
        if all(limit is None for limit in limits.values()):
            continue
        limit_m = np.full(len(points), np.nan)
        for settlement, limit in limits.items():
            limit_m[settlements == settlement.value] = np.nan if limit is None else limit
        ids = kinds.loc[kinds["kind"] == kind.value, "facility_id"]
        own = sites[sites.index.isin(ids)]
        nearest, distance_m = _nearest(people, np.asarray(own.array))
        asked = ~np.isnan(limit_m)
        covered = asked & (distance_m <= np.where(asked, limit_m, 0) * (1 + TOLERANCE))
        yield Reached(
            Target(GROUP_OF_KIND[kind], kind), own.index, asked, nearest, distance_m, covered
        )


def _nearest(
    people: npt.NDArray[np.object_], sites: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.int64], _Floats]:
    nearest = np.full(len(people), _NOBODY, dtype=np.int64)
    distance_m = np.full(len(people), np.inf)
    if len(sites) and len(people):
        tree = shapely.STRtree(sites)
        (person, site), metres = tree.query_nearest(people, return_distance=True)
        # Of equally near sites the first: written last to first.
        order = np.argsort(-site, kind="stable")
        nearest[person[order]] = site[order]
        distance_m[person] = metres
    return nearest, distance_m


def _any_of(kinds: list[Reached]) -> Reached:
    """Return a whole group, from each of its kinds."""
    ids = pd.Index([name for one in kinds for name in one.facility_ids], dtype="object")
    starts = np.cumsum([0, *(len(one.facility_ids) for one in kinds)])[:-1]
    distances = np.vstack([np.where(one.asked, one.distance_m, np.inf) for one in kinds])
    nearest = np.vstack([one.nearest + start for one, start in zip(kinds, starts, strict=True)])
    best = distances.argmin(axis=0)
    columns = np.arange(distances.shape[1])
    distance_m = distances[best, columns]
    return Reached(
        Target(kinds[0].target.group),
        ids,
        np.logical_or.reduce([one.asked for one in kinds]),
        np.where(np.isfinite(distance_m), nearest[best, columns], _NOBODY),
        distance_m,
        np.logical_or.reduce([one.covered for one in kinds]),
    )
