"""A siting question made ready: the columns of its model, its rules, and how it is solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import geopandas as gpd

from geo.core.errors import SitingError
from geo.core.siting_layers import NO_LAYERS, SitingLayers
from geo.core.siting_options import Question, SitingChoice
from geo.measures.study import Study
from geo.siting.candidates import candidate_sites
from geo.siting.center import shortest_worst
from geo.siting.covering import backup_covered, fewest_sites, most_covered
from geo.siting.demand import MOST_PAIRS, MOST_TRAVEL_PAIRS, Demand, demand_of
from geo.siting.median import least_travel
from geo.siting.model import Floor, Rule, Solution
from geo.siting.pool import Pool, pool_of
from geo.siting.rules import floors_of, rules_of
from geo.siting.scoring import CoverScore, Score, TravelScore
from geo.siting.solving.ruling import Ruling, ruling
from geo.siting.suitability import counts_suitability, suitability_worth, with_worth

Progress = Callable[[float, float, float], bool | None]
"""Told objective, bound and seconds now and then; the search ends where it returns False."""

LONGEST_MINUTES: Final = 180.0
"""Journeys beyond it are not looked at, where travel is what is made short."""

_TRAVEL: Final = frozenset({Question.LEAST_TRAVEL, Question.SHORTEST_WORST})


@dataclass(frozen=True)
class Task:
    """A question made ready: the columns of its model, its rules, and what a plan is worth."""

    choice: SitingChoice
    layers: SitingLayers
    pool: Pool
    rules: list[Rule]
    floors: list[Floor]
    score: Score
    covered: CoverScore

    @cached_property
    def ruling(self) -> Ruling:
        """The rules as one matrix."""
        return ruling(len(self.pool.programme), self.rules)


def make_task(
    study: Study,
    choice: SitingChoice,
    *,
    layers: SitingLayers = NO_LAYERS,
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
    candidates = candidate_sites(study, choice, layers)
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
            most_pairs=MOST_TRAVEL_PAIRS if travels else MOST_PAIRS,
        )
        for programme in choice.programmes
    ]


def score_of(pool: Pool, choice: SitingChoice, covered: CoverScore) -> Score:
    """Return what plans are worth under a question."""
    if choice.question in _TRAVEL:
        return TravelScore(pool.journeys(), worst=choice.question is Question.SHORTEST_WORST)
    first = choice.first_weight if choice.question is Question.BACKUP else 1.0
    if not counts_suitability(choice):
        return replace(covered, first_weight=first)
    worth = suitability_worth(pool, choice)
    return CoverScore(with_worth(covered.covering, worth, first_weight=first), first)


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
    if choice.question is Question.FEWEST_SITES:
        return fewest_sites(
            task.covered.covering, rules, share=choice.share, floors=task.floors,
            time_limit_s=limit, gap=gap, progress=progress,
        )  # fmt: skip
    covering = task.score.covering
    if choice.question is Question.BACKUP:
        return backup_covered(
            covering, rules, theta=choice.first_weight, floors=task.floors,
            time_limit_s=limit, gap=gap, progress=progress,
        )  # fmt: skip
    return most_covered(
        covering, rules, floors=task.floors, time_limit_s=limit, gap=gap, progress=progress
    )
