"""What each site of a plan does, what would stand in for it, and whom the plan reaches."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.measures.coverage import PEOPLE_OF
from geo.siting.asked import Task
from geo.siting.demand import RESIDENTS, SCHOOLS
from geo.siting.model import Positions
from geo.siting.named import TIE, is_allowed
from geo.siting.pool import Pool

_ALWAYS: Final = ("column", "newly_covered", "covered_alone")
"""Columns that a plan without sites has too."""


def sites_of(task: Task, chosen: Positions, *, swaps: bool = True) -> gpd.GeoDataFrame:
    """Return what each site of a plan does, and what would stand in for it.

    Returns
    -------
    geopandas.GeoDataFrame
        Numbered from 1: ``programme`` (kind), ``candidate_id``, the candidate's columns,
        ``newly_covered`` (persons or schools that nothing covers today, within the standard),
        ``covered_alone`` (those of them that no other new site covers: lost without it),
        ``loss_without`` (in the question's unit, without it and without another in its
        stead), ``next_best_id``, ``next_best_name`` and ``next_best_loss`` (the best place
        in its stead that keeps every rule, all others as they are; missing where none does).
    """
    covered, covering = task.covered, task.covered.covering
    alone = covered.times(chosen) - covering.before == 1
    new = covering.before == 0
    rows = []
    for column in chosen.tolist():
        own = covering.demand[covering.candidate == column]
        weight = covering.weight[own]
        rows.append(
            {
                "column": column,
                "newly_covered": float(weight[new[own]].sum()),
                "covered_alone": float(weight[new[own] & alone[own]].sum()),
                **(_in_its_stead(task, chosen, column) if swaps else {}),
            }
        )
    return _numbered(task.pool, pd.DataFrame(rows, columns=list(rows[0] if rows else _ALWAYS)))


def _numbered(pool: Pool, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    columns = rows["column"].to_numpy(dtype=np.int64)
    places = pool.candidates.iloc[pool.candidate[columns]].reset_index()
    kinds = np.array([programme.kind.value for programme in pool.programmes])
    rows = rows.assign(programme=kinds[pool.programme[columns]])
    found = gpd.GeoDataFrame(
        pd.concat([rows, places], axis=1), geometry="geometry", crs=pool.candidates.crs
    ).assign(order=pool.programme[columns])
    found = found.sort_values(
        ["order", "newly_covered", "candidate_id"], ascending=[True, False, True]
    )
    found.index = pd.RangeIndex(1, len(found) + 1, name="site")
    return found.drop(columns="order")


def _in_its_stead(task: Task, chosen: Positions, column: int) -> dict[str, object]:
    """Return what is lost without a site, and the best swap that keeps every rule."""
    rest = chosen[chosen != column]
    now = task.score.of(chosen)
    swaps = task.score.with_each(rest)
    swaps[chosen] = -np.inf
    own = task.pool.programme == task.pool.programme[column]
    swaps[~own] = -np.inf
    best: int | None = None
    for other in np.argsort(-swaps, kind="stable").tolist():
        if not np.isfinite(swaps[other]):
            break
        if is_allowed(task, np.append(rest, other)):
            best = other
            break
    place = None if best is None else int(task.pool.candidate[best])
    names = task.pool.candidates["name"]
    return {
        "loss_without": _plain(now - task.score.of(rest), now),
        "next_best_id": None if place is None else str(names.index[place]),
        "next_best_name": None if place is None else str(names.iloc[place]),
        "next_best_loss": np.nan if best is None else _plain(now - swaps[best], now),
    }


def _plain(loss: float, whole: float) -> float:
    """Return a loss, 0 where it is rounding alone."""
    return 0.0 if abs(loss) <= TIE * max(1.0, abs(whole)) else loss


def newly_by(task: Task, column: int) -> pd.DataFrame:
    """Return whom one site newly covers, whatever other new sites do.

    Returns
    -------
    pandas.DataFrame
        By ``township_code``, the nearest first as the demand lists them: a column for each
        audience, in persons, or ``schools``. Townships without anybody are left out.
    """
    pool, covering = task.pool, task.covered.covering
    at = int(pool.programme[column])
    demand, start = pool.demands[at], int(pool.starts[at])
    own = covering.demand[covering.candidate == column]
    own = own[(covering.before[own] == 0) & (covering.weight[own] > 0)] - start
    people = pd.DataFrame(_audiences(demand.points, demand.weight))
    towns = demand.points["township_code"].to_numpy()
    return people.iloc[own].groupby(towns[own]).sum(min_count=1).rename_axis("township_code")


def reached_by(task: Task, chosen: Positions) -> pd.DataFrame:
    """Return who is covered before and after a plan, by programme, township and audience.

    Returns
    -------
    pandas.DataFrame
        ``programme`` (kind), ``township_code``, ``audience`` (``residents``, ``youth``,
        ``seniors``, ``farmers``, or ``schools``), ``population``, ``covered_before`` and
        ``covered_after``, in persons or schools; unknown where the surface does not tell.
    """
    times, before = task.covered.times(chosen), task.covered.covering.before
    parts = []
    for at, demand in enumerate(task.pool.demands):
        own = slice(int(task.pool.starts[at]), int(task.pool.starts[at + 1]))
        for audience, people in _audiences(demand.points, demand.weight).items():
            table = pd.DataFrame(
                {
                    "township_code": demand.points["township_code"].to_numpy(),
                    "population": people,
                    "covered_before": np.where(before[own] > 0, people, 0.0),
                    "covered_after": np.where(times[own] > 0, people, 0.0),
                }
            )
            sums = table.groupby("township_code", as_index=False).sum(min_count=1)
            parts.append(sums.assign(programme=demand.programme.kind.value, audience=audience))
    names = ["programme", "township_code", "audience"]
    found = pd.concat(parts, ignore_index=True)
    return found[[*names, "population", "covered_before", "covered_after"]]


def _audiences(points: gpd.GeoDataFrame, weight: np.ndarray) -> dict[str, np.ndarray]:
    if "population" not in points:
        return {SCHOOLS: weight}
    columns = {RESIDENTS: "population"} | {
        audience.value: column for audience, column in PEOPLE_OF.items()
    }
    return {
        name: points[column].to_numpy(dtype=np.float64, na_value=np.nan)
        for name, column in columns.items()
    }
