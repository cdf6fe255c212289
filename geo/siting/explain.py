"""Explanations of a plan: what each site does, its best replacement, and who is covered."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.measures.coverage import PEOPLE_OF
from geo.siting.demand import RESIDENTS, SCHOOLS
from geo.siting.model import Positions
from geo.siting.problem import TIE, SitingProblem
from geo.siting.stacked_model import StackedModel

_ALWAYS: Final = ("column", "newly_covered", "covered_alone")
"""Columns of the table of a plan without sites."""


def site_table(
    problem: SitingProblem, chosen: Positions, *, swaps: bool = True
) -> gpd.GeoDataFrame:
    """Return what each site of a plan does, and its best replacement.

    Parameters
    ----------
    problem : SitingProblem
        Under which the plan is evaluated.
    chosen : numpy.ndarray
        The plan, as columns.
    swaps : bool
        Whether the last four columns are computed.

    Returns
    -------
    geopandas.GeoDataFrame
        Numbered from 1: ``programme`` (kind), ``candidate_id``, the candidate's columns,
        ``newly_covered`` (persons or schools that nothing covers today, within the standard),
        ``covered_alone`` (those of them that no other new site covers: lost without it),
        ``loss_without`` (in the unit of the objective, without it and without replacement),
        ``next_best_id``, ``next_best_name`` and ``next_best_loss`` (of the best replacement
        that keeps the plan feasible, all other sites as they are; missing where there is none).
    """
    coverage, covering = problem.coverage, problem.coverage.covering
    alone = coverage.coverage_counts(chosen) - covering.before == 1
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
                **(_replacement(problem, chosen, column) if swaps else {}),
            }
        )
    return _numbered(
        problem.stacked, pd.DataFrame(rows, columns=list(rows[0] if rows else _ALWAYS))
    )


def _numbered(stacked: StackedModel, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    columns = rows["column"].to_numpy(dtype=np.int64)
    places = stacked.candidates.iloc[stacked.candidate[columns]].reset_index()
    kinds = np.array([programme.kind.value for programme in stacked.programmes])
    rows = rows.assign(programme=kinds[stacked.programme[columns]])
    found = gpd.GeoDataFrame(
        pd.concat([rows, places], axis=1), geometry="geometry", crs=stacked.candidates.crs
    ).assign(order=stacked.programme[columns])
    found = found.sort_values(
        ["order", "newly_covered", "candidate_id"], ascending=[True, False, True]
    )
    found.index = pd.RangeIndex(1, len(found) + 1, name="site")
    return found.drop(columns="order")


def _replacement(problem: SitingProblem, chosen: Positions, column: int) -> dict[str, object]:
    """Return what is lost without a site, and the best single exchange that is feasible."""
    rest = chosen[chosen != column]
    now = problem.objective.value(chosen)
    values = problem.objective.value_with_each(rest)
    values[chosen] = -np.inf
    own = problem.stacked.programme == problem.stacked.programme[column]
    values[~own] = -np.inf
    best: int | None = None
    for other in np.argsort(-values, kind="stable").tolist():
        if not np.isfinite(values[other]):
            break
        if problem.is_feasible(np.append(rest, other)):
            best = other
            break
    place = None if best is None else int(problem.stacked.candidate[best])
    names = problem.stacked.candidates["name"]
    return {
        "loss_without": _without_rounding(now - problem.objective.value(rest), now),
        "next_best_id": None if place is None else str(names.index[place]),
        "next_best_name": None if place is None else str(names.iloc[place]),
        "next_best_loss": np.nan if best is None else _without_rounding(now - values[best], now),
    }


def _without_rounding(loss: float, whole: float) -> float:
    """Return a loss, 0 where it is only rounding."""
    return 0.0 if abs(loss) <= TIE * max(1.0, abs(whole)) else loss


def newly_covered_by(problem: SitingProblem, column: int) -> pd.DataFrame:
    """Return whom one site newly covers, whatever other new sites cover.

    Parameters
    ----------
    problem : SitingProblem
        Under which the site is evaluated.
    column : int
        The site's column.

    Returns
    -------
    pandas.DataFrame
        By ``township_code``, the nearest first as the demand lists them: a column for each
        audience, in persons, or ``schools``. Townships without anybody are left out.
    """
    stacked, covering = problem.stacked, problem.coverage.covering
    at = int(stacked.programme[column])
    demand, start = stacked.demands[at], int(stacked.starts[at])
    own = covering.demand[covering.candidate == column]
    own = own[(covering.before[own] == 0) & (covering.weight[own] > 0)] - start
    people = pd.DataFrame(_audiences(demand.points, demand.weight))
    towns = demand.points["township_code"].to_numpy()
    return people.iloc[own].groupby(towns[own]).sum(min_count=1).rename_axis("township_code")


def coverage_table(problem: SitingProblem, chosen: Positions) -> pd.DataFrame:
    """Return who is covered before and after a plan, by programme, township and audience.

    Parameters
    ----------
    problem : SitingProblem
        Under which the plan is evaluated.
    chosen : numpy.ndarray
        The plan, as columns.

    Returns
    -------
    pandas.DataFrame
        ``programme`` (kind), ``township_code``, ``audience`` (``residents``, ``youth``,
        ``seniors``, ``farmers``, or ``schools``), ``population``, ``covered_before`` and
        ``covered_after``, in persons or schools; missing where the demand points lack it.
    """
    counts, before = problem.coverage.coverage_counts(chosen), problem.coverage.covering.before
    parts = []
    for at, demand in enumerate(problem.stacked.demands):
        own = slice(int(problem.stacked.starts[at]), int(problem.stacked.starts[at + 1]))
        for audience, people in _audiences(demand.points, demand.weight).items():
            table = pd.DataFrame(
                {
                    "township_code": demand.points["township_code"].to_numpy(),
                    "population": people,
                    "covered_before": np.where(before[own] > 0, people, 0.0),
                    "covered_after": np.where(counts[own] > 0, people, 0.0),
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
