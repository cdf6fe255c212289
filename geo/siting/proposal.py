"""Proposals: the best plan of a request, with its proof and its explanation."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.core.siting_options import NO_LAYERS, CandidateSource, Question, SitingChoice, SitingLayers
from geo.measures.study import Study
from geo.siting.explain import coverage_table, site_table
from geo.siting.model import Positions, Progress, Solution
from geo.siting.phases import phases
from geo.siting.problem import TIE, SitingProblem, make_problem, solve


@dataclass(frozen=True)
class SitePlan:
    """Some sites, solved for or placed by hand, and their effect.

    Attributes
    ----------
    problem : SitingProblem
        Under which they are evaluated.
    chosen : numpy.ndarray
        Their columns.
    value : float
        The objective of the problem: persons (or schools) newly covered, or minutes, negative.
    sites : geopandas.GeoDataFrame
        As :func:`geo.siting.explain.site_table` returns it; of a proposal with ``phase``,
        1 for those that come first.
    reached : pandas.DataFrame
        As :func:`geo.siting.explain.coverage_table` returns it.
    """

    problem: SitingProblem
    chosen: Positions
    value: float
    sites: gpd.GeoDataFrame
    reached: pd.DataFrame


@dataclass(frozen=True)
class SitingProposal:
    """A plan with the proof of how good it is.

    Attributes
    ----------
    plan : SitePlan
        What is proposed.
    solution : Solution
        Of the plan: objective and bound in persons (or schools) newly covered,
        person-minutes, minutes, or sites.
    optimum : Solution
        As it was solved, before search areas were exchanged for places with a name.
    seconds : float
        Run time.
    """

    plan: SitePlan
    solution: Solution
    optimum: Solution
    seconds: float


def propose(
    study: Study,
    choice: SitingChoice | None = None,
    *,
    layers: SitingLayers = NO_LAYERS,
    progress: Progress | None = None,
) -> SitingProposal:
    """Return where new sites should stand.

    Parameters
    ----------
    study : Study
        The district as it stands on a date.
    choice : SitingChoice, optional
        The request; the scenario's unless given.
    layers : SitingLayers
        Polygons in which nothing may stand, and parcels that are offered.
    progress : callable, optional
        Called with objective, bound and seconds; False ends the search with the best plan so far.

    Returns
    -------
    SitingProposal
        The plan, its explanation, and the bound that no plan exceeds.

    Raises
    ------
    SitingError
        As :func:`geo.siting.problem.make_problem` and :func:`geo.siting.problem.solve` raise it.
    """
    started = time.monotonic()
    problem = make_problem(study, choice or study.scenario.siting, layers=layers)
    optimum = solve(problem, progress=progress)
    solution = snap_to_host_sites(problem, optimum)
    plan = plan_of(problem, solution.chosen)
    phase = pd.Series(phases(problem, solution.chosen), index=solution.chosen)
    sites = plan.sites.assign(phase=phase.reindex(plan.sites["column"]).to_numpy())
    plan = replace(plan, sites=sites)
    return SitingProposal(plan, solution, optimum, time.monotonic() - started)


def plan_of(problem: SitingProblem, chosen: Positions, *, swaps: bool = True) -> SitePlan:
    """Return some columns as a plan with its explanation.

    Parameters
    ----------
    problem : SitingProblem
        Under which the plan is evaluated.
    chosen : numpy.ndarray
        Columns.
    swaps : bool
        Whether the next best place of each site is looked for.

    Returns
    -------
    SitePlan
        Value in the unit of the objective.
    """
    return SitePlan(
        problem,
        chosen,
        problem.objective.value(chosen),
        site_table(problem, chosen, swaps=swaps),
        coverage_table(problem, chosen),
    )


def snap_to_host_sites(problem: SitingProblem, solution: Solution) -> Solution:
    """Return a plan with hosts, villages and parcels instead of search areas, at little loss.

    A search area is a grid square and no address, so a planner can do more with a named place.
    Sites are exchanged one at a time, the cheapest exchange first, as long as every constraint
    holds and all exchanges together lose no more than ``named_loss_share`` of the objective. The
    bound stays that of the optimum, so the gap shows what was given up.

    Parameters
    ----------
    problem : SitingProblem
        The problem.
    solution : Solution
        Its optimum.

    Returns
    -------
    Solution
        Objective and bound in the unit of the problem.
    """
    covers = problem.choice.question in {Question.MOST_COVERED, Question.BACKUP}
    whole = problem.objective.value(solution.chosen)
    share = max(problem.choice.named_loss_share if covers else 0.0, TIE)
    least, chosen = whole - share * max(1.0, abs(whole)), solution.chosen
    while (better := _cheapest_snap(problem, chosen, least)) is not None:
        chosen = better
    if covers:
        return Solution(chosen, problem.objective.value(chosen), solution.bound)
    return replace(solution, chosen=chosen)


def _cheapest_snap(problem: SitingProblem, chosen: Positions, least: float) -> Positions | None:
    """Return the plan after the cheapest exchange of a search area for a named place."""
    stacked = problem.stacked
    source = stacked.candidates["source"].to_numpy()[stacked.candidate]
    unnamed = source == CandidateSource.SEARCH_AREA.value
    best: tuple[float, Positions] | None = None
    for column in chosen[unnamed[chosen]].tolist():
        rest = chosen[chosen != column]
        values = problem.objective.value_with_each(rest)
        fits = ~unnamed & (stacked.programme == stacked.programme[column])
        fits[chosen] = False
        found = np.flatnonzero(fits & (values >= (least if best is None else best[0])))
        for other in found[np.argsort(-values[found], kind="stable")].tolist():
            plan = np.sort(np.append(rest, other))
            if (best is None or values[other] > best[0]) and problem.is_feasible(plan):
                best = float(values[other]), plan
                break
    return None if best is None else best[1]
