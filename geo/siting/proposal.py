"""The door: where new sites should stand, with the proof and the reasons."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from geo.core.siting_layers import NO_LAYERS, SitingLayers
from geo.core.siting_options import SitingChoice
from geo.measures.study import Study
from geo.siting.asked import Progress, Task, make_task, solve
from geo.siting.model import Positions, Solution
from geo.siting.named import named_first
from geo.siting.phasing import phases
from geo.siting.reasons import reached_by, sites_of


@dataclass(frozen=True)
class Plan:
    """Some sites, solved for or put on the map by hand, and what they do.

    Attributes
    ----------
    task : Task
        Under which they are looked at.
    chosen : numpy.ndarray
        Their columns.
    value : float
        What they are worth in the question's own unit: persons (or schools) newly covered,
        or minutes, negative.
    sites : geopandas.GeoDataFrame
        As :func:`geo.siting.reasons.sites_of` returns it; of a proposal with ``phase``,
        1 for those that come first.
    reached : pandas.DataFrame
        As :func:`geo.siting.reasons.reached_by` returns it.
    """

    task: Task
    chosen: Positions
    value: float
    sites: gpd.GeoDataFrame
    reached: pd.DataFrame


@dataclass(frozen=True)
class Proposal:
    """A plan, and how good it is by proof.

    Attributes
    ----------
    plan : Plan
        What is proposed.
    solution : Solution
        Of the plan: objective and bound in persons (or schools) newly covered,
        person-minutes, minutes, or sites.
    optimum : Solution
        As it was solved, before search areas gave way to places with a name.
    seconds : float
        From the ledger to the proof.
    """

    plan: Plan
    solution: Solution
    optimum: Solution
    seconds: float


def propose(
    study: Study,
    choice: SitingChoice | None = None,
    *,
    layers: SitingLayers = NO_LAYERS,
    progress: Progress | None = None,
) -> Proposal:
    """Return where new sites should stand.

    Parameters
    ----------
    study : Study
        The district as it stands on a date.
    choice : SitingChoice, optional
        What is asked; the scenario's unless given.
    layers : SitingLayers
        Polygons in which nothing may stand, and parcels that are offered.
    progress : callable, optional
        Told objective, bound and seconds; False ends the search with the best so far.

    Raises
    ------
    SitingError
        As :func:`geo.siting.asked.make_task` and :func:`geo.siting.asked.solve` raise it.
    """
    began = time.monotonic()
    task = make_task(study, choice or study.scenario.siting, layers=layers)
    optimum = solve(task, progress=progress)
    solution = named_first(task, optimum)
    plan = plan_of(task, solution.chosen)
    phase = pd.Series(phases(task, solution.chosen), index=solution.chosen)
    sites = plan.sites.assign(phase=phase.reindex(plan.sites["column"]).to_numpy())
    plan = replace(plan, sites=sites)
    return Proposal(plan, solution, optimum, time.monotonic() - began)


def plan_of(task: Task, chosen: Positions, *, swaps: bool = True) -> Plan:
    """Return what some sites do; ``swaps`` looks for the next best place of each."""
    return Plan(
        task,
        chosen,
        task.score.of(chosen),
        sites_of(task, chosen, swaps=swaps),
        reached_by(task, chosen),
    )
