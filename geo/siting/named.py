"""Places with a name for squares of the map, where little is lost by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from geo.core.siting_options import CandidateSource, Question
from geo.siting.asked import Task
from geo.siting.model import Positions, Solution

TIE: Final = 1e-9
"""Relative; plans that differ by less are worth the same."""


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


def is_allowed(task: Task, plan: Positions) -> bool:
    """Return whether a plan, as columns, keeps every rule and floor of a question."""
    if not task.ruling.hold(plan):
        return False
    covering = task.covered.covering
    covered = np.where(task.covered.times(plan) > 0, covering.weight, 0.0)
    return all(
        covered[floor.demand].sum() >= floor.covered_weight * (1 - 1e-9) for floor in task.floors
    )
