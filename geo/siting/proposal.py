"""The door: where new sites should stand, with the proof and the reasons."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage import PEOPLE_OF
from geo.errors import SitingError
from geo.siting.candidates import NO_LAYERS, Layers, candidate_sites
from geo.siting.center import shortest_worst
from geo.siting.choice import CandidateSource, Question, SitingChoice
from geo.siting.covering import backup_covered, fewest_sites, most_covered
from geo.siting.demand import RESIDENTS, SCHOOLS, Demand, demand_of
from geo.siting.median import least_travel
from geo.siting.model import Floor, Positions, Rule, Solution
from geo.siting.pool import Pool, floors_of, pool_of, rules_of
from geo.siting.scoring import CoverScore, Score, TravelScore
from geo.study import Study

Progress = Callable[[float, float, float], bool | None]
"""Told objective, bound and seconds now and then; the search ends where it returns False."""

LONGEST_MINUTES: Final = 180.0
"""Journeys beyond it are not looked at, where travel is what is made short."""

TIE: Final = 1e-9
"""Relative; plans that differ by less are worth the same."""

_TRAVEL: Final = frozenset({Question.LEAST_TRAVEL, Question.SHORTEST_WORST})


@dataclass(frozen=True)
class Task:
    """A question made ready: the columns of its model, its rules, and what a plan is worth."""

    choice: SitingChoice
    layers: Layers
    pool: Pool
    rules: list[Rule]
    floors: list[Floor]
    score: Score
    covered: CoverScore


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
        As :func:`sites_of` returns it.
    reached : pandas.DataFrame
        As :func:`reached_by` returns it.
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


def make_task(
    study: Study,
    choice: SitingChoice,
    *,
    layers: Layers = NO_LAYERS,
    beyond: float = 1.0,
) -> Task:
    """Return a question made ready, without solving it.

    Parameters
    ----------
    study, choice, layers
        As :func:`propose` takes them.
    beyond : float
        Up to how many times its standard a programme's journeys are known, at least 1; more
        for :func:`geo.siting.robustness.robustness`.

    Raises
    ------
    SitingError
        There are too few candidates, too many, or a name among the rules is unknown.
    """
    candidates = candidate_sites(study, choice.candidates, choice.costs, layers)
    pool = pool_of(demands_of(study, choice, candidates, beyond=beyond), candidates)
    floors = floors_of(pool, choice)
    if floors and choice.question in _TRAVEL:
        raise SitingError(
            zh="floor_share 只用于按覆盖选址的问题，请去掉它，或换一个问题。",
            en="floor_share goes with questions of coverage; leave it out, or ask another.",
        )
    covered = CoverScore(pool.covering())
    return Task(
        choice,
        layers,
        pool,
        rules_of(pool, choice),
        floors,
        score_of(pool, choice, covered),
        covered,
    )


def demands_of(
    study: Study, choice: SitingChoice, candidates: gpd.GeoDataFrame, *, beyond: float = 1.0
) -> list[Demand]:
    """Return the demand of each programme over some candidates, as far as it is looked at."""
    travels = choice.question in _TRAVEL
    return [
        demand_of(
            study,
            programme,
            candidates,
            cutoff_minutes=max(programme.minutes * beyond, LONGEST_MINUTES if travels else 0.0),
        )
        for programme in choice.programmes
    ]


def score_of(pool: Pool, choice: SitingChoice, covered: CoverScore) -> Score:
    """Return what plans are worth under a question."""
    if choice.question in _TRAVEL:
        return TravelScore(pool.journeys(), worst=choice.question is Question.SHORTEST_WORST)
    if choice.question is Question.BACKUP:
        return replace(covered, first_weight=choice.first_weight)
    return covered


def solve(task: Task, *, gap: float = 0.0, progress: Progress | None = None) -> Solution:
    """Return the best plan for a question, with its bound; ``gap`` of it is near enough.

    Raises
    ------
    SitingError
        Constraints contradict each other (the message says which), somebody cannot be
        reached, or no plan was found in time.
    """
    choice, rules, limit = task.choice, task.rules, task.choice.time_limit_s
    if isinstance(task.score, TravelScore):
        find = shortest_worst if task.score.worst else least_travel
        return find(task.score.journeys, rules, time_limit_s=limit, gap=gap, progress=progress)
    covering = task.covered.covering
    if choice.question is Question.FEWEST_SITES:
        return fewest_sites(
            covering, rules, share=choice.share, floors=task.floors,
            time_limit_s=limit, gap=gap, progress=progress,
        )  # fmt: skip
    if choice.question is Question.BACKUP:
        return backup_covered(
            covering, rules, theta=choice.first_weight, floors=task.floors,
            time_limit_s=limit, gap=gap, progress=progress,
        )  # fmt: skip
    return most_covered(covering, rules, floors=task.floors, time_limit_s=limit, progress=progress)


def propose(
    study: Study,
    choice: SitingChoice | None = None,
    *,
    layers: Layers = NO_LAYERS,
    progress: Progress | None = None,
) -> Proposal:
    """Return where new sites should stand.

    Parameters
    ----------
    study : Study
        The district as it stands on a date.
    choice : SitingChoice, optional
        What is asked; the scenario's unless given.
    layers : Layers
        Polygons in which nothing may stand, and parcels that are offered.
    progress : callable, optional
        Told objective, bound and seconds; False ends the search with the best so far.

    Raises
    ------
    SitingError
        As :func:`make_task` and :func:`solve` raise it.
    """
    began = time.monotonic()
    task = make_task(study, choice or study.scenario.siting, layers=layers)
    optimum = solve(task, progress=progress)
    solution = named_first(task, optimum)
    plan = plan_of(task, solution.chosen)
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


def named_first(task: Task, solution: Solution) -> Solution:
    """Return a plan with hosts and villages for search areas, where little is lost by it.

    A place with a name is worth more to a planner than a square of the map. Sites are
    exchanged one at a time, the cheapest exchange first, as long as every rule holds and all
    together give up no more than ``named_loss_share``. The bound stays, so the gap says it.
    """
    covers = task.choice.question in {Question.MOST_COVERED, Question.BACKUP}
    whole = task.score.of(solution.chosen)
    share = max(task.choice.named_loss_share if covers else 0.0, TIE)
    least, chosen = whole - share * max(1.0, abs(whole)), solution.chosen
    while (better := _named_swap(task, chosen, least)) is not None:
        chosen = better
    if covers:
        return Solution(chosen, task.score.of(chosen), solution.bound)
    return replace(solution, chosen=chosen)


def _named_swap(task: Task, chosen: Positions, least: float) -> Positions | None:
    """Return the plan after the cheapest exchange of a search area for a named place."""
    source = task.pool.candidates["source"].to_numpy()[task.pool.candidate]
    unnamed = source == CandidateSource.SEARCH_AREA.value
    best: tuple[float, Positions] | None = None
    for column in chosen[unnamed[chosen]].tolist():
        rest = chosen[chosen != column]
        swaps = task.score.with_each(rest)
        fits = ~unnamed & (task.pool.programme == task.pool.programme[column])
        fits[chosen] = False
        found = np.flatnonzero(fits & (swaps >= (least if best is None else best[0])))
        for other in found[np.argsort(-swaps[found], kind="stable")].tolist():
            plan = np.sort(np.append(rest, other))
            if (best is None or swaps[other] > best[0]) and is_allowed(task, plan):
                best = float(swaps[other]), plan
                break
    return None if best is None else best[1]


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
    return _numbered(task.pool, pd.DataFrame(rows))


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


def is_allowed(task: Task, plan: Positions) -> bool:
    """Return whether a plan, as columns, keeps every rule and floor of a question."""
    if not all(rule.holds(plan) for rule in task.rules):
        return False
    covering = task.covered.covering
    covered = np.where(task.covered.times(plan) > 0, covering.weight, 0.0)
    return all(
        covered[floor.demand].sum() >= floor.covered_weight * (1 - 1e-9) for floor in task.floors
    )


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
