"""The Pareto frontier: plans that trade total coverage against that of the worst-off township."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from geo.core.errors import NoPlanInTimeError, SitingError
from geo.core.sentences import Sentences
from geo.core.siting_options import Question
from geo.measures.inequality import inequality
from geo.siting.model import CoverageFloor, Solution
from geo.siting.problem import SitingProblem, solve
from geo.siting.proposal import snap_to_host_sites

TEXT: Final = Sentences("geo.siting")

STEP: Final = 0.05
"""Share of the coverable weight by which the floor of each township rises from plan to plan."""

STEP_LIMIT_S: Final = 15.0
"""Time limit of one plan; to prove that no more even plan exists can take much longer."""

_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class ParetoPlan:
    """One plan of the frontier.

    Attributes
    ----------
    solution : Solution
        Its sites and the weight newly covered (persons or schools), with the bound under its
        floors.
    covered_share : float
        Share of the audience of all programmes that is covered with the plan.
    lowest_share : float
        In the worst-off township, the covered share of what any candidate could cover.
    gini : float
        Of the townships' coverage rates, weighted by their audience.
    may_go_on : bool
        Of the last plan: whether more even plans may exist that were not found in time.
    """

    solution: Solution
    covered_share: float
    lowest_share: float
    gini: float
    may_go_on: bool = False


def pareto_frontier(
    problem: SitingProblem,
    *,
    step: float = STEP,
    step_limit_s: float = STEP_LIMIT_S,
    progress: Callable[[int, int], bool | None] | None = None,
) -> list[ParetoPlan]:
    """Return the plans of which none covers more without covering the worst-off township less.

    The epsilon-constraint method (Haimes, Lasdon and Wismer 1971): newly covered weight is
    maximised under a coverage floor for every township, which rises by a step until no plan is
    feasible. Townships in which no candidate covers anybody have no floor; they do count for the
    Gini.

    Parameters
    ----------
    problem : SitingProblem
        Of maximal covering (``most_covered``).
    step : float
        Share by which the floor rises.
    step_limit_s : float
        Seconds for each floor; the search ends where one takes longer.
    progress : callable, optional
        Called with the number of floors done and of all; False ends the search.

    Returns
    -------
    list of ParetoPlan
        Most covered first; no plan is dominated by another.

    Raises
    ------
    SitingError
        The problem is of another question, or its constraints contradict each other.
    """
    if problem.choice.question is not Question.MOST_COVERED:
        raise SitingError(**TEXT.both("frontier_needs_most_covered"))
    problem = _coverage_only(problem, step_limit_s)
    found = [_pareto_plan(problem, snap_to_host_sites(problem, solve(problem)))]
    most = int(np.ceil(1 / step))
    while found[-1].lowest_share < 1 - _ROUNDING:
        level = min(1.0, found[-1].lowest_share + step)
        floored = replace(problem, floors=[*problem.floors, *_floors(problem, level)])
        try:
            found.append(_pareto_plan(problem, snap_to_host_sites(floored, solve(floored))))
        except NoPlanInTimeError:
            found[-1] = replace(found[-1], may_go_on=True)
            break
        except SitingError:
            break  # No plan is feasible under this floor.
        done = round(found[-1].lowest_share * most)
        if progress is not None and progress(done, most) is False:
            break
    return _undominated(found)


def _coverage_only(problem: SitingProblem, limit_s: float) -> SitingProblem:
    """Return the problem without suitability in its objective, with a time limit for each plan."""
    own = {"suitability_weight": 0.0, "time_limit_s": min(problem.choice.time_limit_s, limit_s)}
    return replace(
        problem, choice=problem.choice.model_copy(update=own), objective=problem.coverage
    )


def _townships(problem: SitingProblem) -> pd.Series:
    points = [demand.points["township_code"] for demand in problem.stacked.demands]
    return pd.concat(points, ignore_index=True)


def _coverable_weight(problem: SitingProblem) -> np.ndarray:
    """Return of each demand point its weight where it is or can be covered, else 0."""
    covering = problem.coverage.covering
    can = covering.before > 0
    can[covering.demand] = True
    return np.where(can, covering.weight, 0.0)


def _floors(problem: SitingProblem, level: float) -> Iterator[CoverageFloor]:
    towns, can = _townships(problem), _coverable_weight(problem)
    for code, rows in towns.groupby(towns).groups.items():
        at = np.asarray(rows, dtype=np.int64)
        whole = float(can[at].sum())
        if whole > 0:
            yield CoverageFloor(
                *TEXT.words("floor_of_what_can_be_covered", code=code, level=level),
                at,
                level * whole * (1 - _ROUNDING),
            )


def _pareto_plan(problem: SitingProblem, solution: Solution) -> ParetoPlan:
    covering, towns = problem.coverage.covering, _townships(problem)
    counts = problem.coverage.coverage_counts(solution.chosen)
    covered = np.where(counts > 0, covering.weight, 0.0)
    sums = (
        pd.DataFrame(
            {"weight": covering.weight, "covered": covered, "can": _coverable_weight(problem)}
        )
        .groupby(towns)
        .sum()
    )
    own = sums[sums["can"] > 0]
    rates = (sums["covered"] / sums["weight"]).where(sums["weight"] > 0)
    spread = inequality(rates, sums["weight"], pd.Series("", index=sums.index))
    return ParetoPlan(
        solution,
        float(covered.sum() / covering.weight.sum()),
        float((own["covered"] / own["can"]).min()),
        spread.gini,
    )


def _undominated(found: list[ParetoPlan]) -> list[ParetoPlan]:
    kept: list[ParetoPlan] = []
    for one in sorted(found, key=lambda one: (-one.covered_share, -one.lowest_share)):
        if not kept or one.lowest_share > kept[-1].lowest_share + _ROUNDING:
            kept.append(one)
    return kept
