"""Siting problems: the model, constraints and objective that a request defines; their solution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import geopandas as gpd
import numpy as np

from geo.core.errors import SitingError
from geo.core.sentences import Sentences
from geo.core.siting_options import NO_LAYERS, Question, SitingChoice, SitingLayers
from geo.measures.study import Study
from geo.siting.candidates import candidate_sites
from geo.siting.constraints import constraints_of, floors_of
from geo.siting.demand import MOST_PAIRS, MOST_TRAVEL_PAIRS, Demand, demand_of
from geo.siting.model import Constraint, CoverageFloor, Positions, Progress, Solution
from geo.siting.objective import (
    CoverageObjective,
    Objective,
    TravelObjective,
    counts_suitability,
    suitability_worth,
    with_worth,
)
from geo.siting.solver.constraint_matrix import ConstraintMatrix, constraint_matrix
from geo.siting.solver.coverage import backup_covered, fewest_sites, most_covered
from geo.siting.solver.p_center import shortest_worst
from geo.siting.solver.p_median import least_travel
from geo.siting.stacked_model import StackedModel, stacked_model

TEXT: Final = Sentences("geo.siting")

LONGEST_MINUTES: Final = 180.0
"""Travel cut-off where travel is minimised; longer pairs are left out of the OD matrix."""

TIE: Final = 1e-9
"""Relative; plans whose objectives differ by less are equally good."""

_TRAVEL: Final = frozenset({Question.LEAST_TRAVEL, Question.SHORTEST_WORST})


@dataclass(frozen=True)
class SitingProblem:
    """An instance of a siting question, ready to be solved.

    Attributes
    ----------
    choice : SitingChoice
        The request.
    layers : SitingLayers
        The layers given with it.
    stacked : StackedModel
        Columns of the model: one for each programme and candidate.
    constraints : list of Constraint
        Over these columns.
    floors : list of CoverageFloor
        Over the stacked demand points.
    objective : Objective
        What a plan is worth under the request.
    coverage : CoverageObjective
        Who is covered by a plan, within the service standards, whatever the objective is.
    """

    choice: SitingChoice
    layers: SitingLayers
    stacked: StackedModel
    constraints: list[Constraint]
    floors: list[CoverageFloor]
    objective: Objective
    coverage: CoverageObjective

    @cached_property
    def constraint_matrix(self) -> ConstraintMatrix:
        """The constraints as one sparse matrix."""
        return constraint_matrix(len(self.stacked.programme), self.constraints)

    def is_feasible(self, plan: Positions) -> bool:
        """Return whether a plan, given as columns, meets every constraint and floor."""
        if not self.constraint_matrix.holds(plan):
            return False
        covering = self.coverage.covering
        covered = np.where(self.coverage.coverage_counts(plan) > 0, covering.weight, 0.0)
        return all(
            covered[floor.demand].sum() >= floor.covered_weight * (1 - 1e-9)
            for floor in self.floors
        )


def make_problem(
    study: Study,
    choice: SitingChoice,
    *,
    layers: SitingLayers = NO_LAYERS,
    cutoff_factor: float = 1.0,
) -> SitingProblem:
    """Return the problem that a request defines, without solving it.

    Parameters
    ----------
    study : Study
        The district as it stands on a date.
    choice : SitingChoice
        The request.
    layers : SitingLayers
        Exclusion areas and parcels.
    cutoff_factor : float
        Travel costs are computed up to so many times the programme's standard, at least 1;
        :func:`geo.siting.sensitivity.sensitivity` needs more than 1.

    Returns
    -------
    SitingProblem
        Candidates, demand and OD costs (minutes) of all programmes, stacked.

    Raises
    ------
    SitingError
        There are too few candidates or too many, a candidate named in the request does not
        exist, nobody is to be served, or floors are combined with a travel objective.
    """
    candidates = candidate_sites(study, choice, layers)
    demands = demands_of(study, choice, candidates, cutoff_factor=cutoff_factor)
    stacked = stacked_model(demands, candidates)
    floors = floors_of(stacked, choice)
    if floors and choice.question in _TRAVEL:
        raise SitingError(**TEXT.both("floor_share_needs_coverage"))
    coverage = CoverageObjective(stacked.covering())
    return SitingProblem(
        choice,
        layers,
        stacked,
        constraints_of(stacked, choice),
        floors,
        objective_of(stacked, choice, coverage),
        coverage,
    )


def demands_of(
    study: Study, choice: SitingChoice, candidates: gpd.GeoDataFrame, *, cutoff_factor: float = 1.0
) -> list[Demand]:
    """Return the demand of each programme, with its travel costs to some candidates.

    Parameters
    ----------
    study, choice, cutoff_factor
        As :func:`make_problem` takes them.
    candidates : geopandas.GeoDataFrame
        As :func:`geo.siting.candidates.candidate_sites` returns them.

    Returns
    -------
    list of Demand
        In the order of the programmes; costs in minutes.

    Raises
    ------
    SitingError
        As :func:`geo.siting.demand.demand_of` raises it.
    """
    travels = choice.question in _TRAVEL
    least = LONGEST_MINUTES if travels else 0.0
    return [
        demand_of(
            study,
            programme,
            candidates,
            cutoff_minutes=max(programme.minutes * cutoff_factor, least),
            most_pairs=MOST_TRAVEL_PAIRS if travels else MOST_PAIRS,
        )
        for programme in choice.programmes
    ]


def objective_of(
    stacked: StackedModel, choice: SitingChoice, coverage: CoverageObjective
) -> Objective:
    """Return the objective of a request.

    Parameters
    ----------
    stacked : StackedModel
        The model's columns and demand.
    choice : SitingChoice
        The request.
    coverage : CoverageObjective
        First coverage of the stacked demand.

    Returns
    -------
    CoverageObjective or TravelObjective
        In persons (or schools), person-minutes or minutes.
    """
    if choice.question in _TRAVEL:
        worst = choice.question is Question.SHORTEST_WORST
        return TravelObjective(stacked.travel_matrix(), worst=worst)
    first = choice.first_weight if choice.question is Question.BACKUP else 1.0
    if not counts_suitability(choice):
        return replace(coverage, first_weight=first)
    worth = suitability_worth(stacked, choice)
    return CoverageObjective(with_worth(coverage.covering, worth, first_weight=first), first)


def solve(
    problem: SitingProblem, *, gap: float = 0.0, progress: Progress | None = None
) -> Solution:
    """Return the best plan of a problem with its bound.

    Parameters
    ----------
    problem : SitingProblem
        To be solved within its time limit.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    progress : callable, optional
        Called with objective, bound and seconds; False ends the search with the best plan so far.

    Returns
    -------
    Solution
        Columns chosen; objective and bound in persons (or schools) newly covered, sites,
        person-minutes or minutes.

    Raises
    ------
    SitingError
        Constraints contradict each other (the message names them), somebody cannot be
        reached, or no plan was found in time.
    """
    choice, constraints, limit = problem.choice, problem.constraints, problem.choice.time_limit_s
    if isinstance(problem.objective, TravelObjective):
        find = shortest_worst if problem.objective.worst else least_travel
        return find(
            problem.objective.travel_matrix, constraints,
            time_limit_s=limit, gap=gap, progress=progress,
        )  # fmt: skip
    if choice.question is Question.FEWEST_SITES:
        return fewest_sites(
            problem.coverage.covering, constraints, share=choice.share, floors=problem.floors,
            time_limit_s=limit, gap=gap, progress=progress,
        )  # fmt: skip
    covering = problem.objective.covering
    if choice.question is Question.BACKUP:
        return backup_covered(
            covering, constraints, theta=choice.first_weight, floors=problem.floors,
            time_limit_s=limit, gap=gap, progress=progress,
        )  # fmt: skip
    return most_covered(
        covering, constraints, floors=problem.floors, time_limit_s=limit, gap=gap, progress=progress
    )
