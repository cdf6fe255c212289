"""How many people more are covered, and how evenly: the plans between which one must choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from geo.core.errors import NoPlanInTimeError, SitingError
from geo.core.siting_options import Question
from geo.measures.inequality import inequality
from geo.siting.asked import Task, solve
from geo.siting.model import Floor, Solution
from geo.siting.named import named_first

STEP: Final = 0.05
"""Of what can be covered: by how much the worst-off township must gain from plan to plan."""

STEP_LIMIT_S: Final = 15.0
"""For one plan of the frontier; that no plan is more even can take longer to prove."""

_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Choice:
    """One plan of the frontier.

    Attributes
    ----------
    solution : Solution
        Its sites, and how many are newly covered, with the bound under its floor.
    covered_share : float
        Of the audience of all programmes, what is covered with the plan.
    lowest_share : float
        In the worst-off township, what is covered of what any candidate could cover.
    gini : float
        Of the townships' coverage rates, every one of the audience counted once.
    may_go_on : bool
        Whether more even plans may exist that were not found in time; of the last plan.
    """

    solution: Solution
    covered_share: float
    lowest_share: float
    gini: float
    may_go_on: bool = False


def frontier(
    task: Task,
    *,
    step: float = STEP,
    step_limit_s: float = STEP_LIMIT_S,
    progress: Callable[[int, int], bool | None] | None = None,
) -> list[Choice]:
    """Return the plans of which none covers more without leaving the worst-off worse.

    The constraint method (Haimes, Lasdon and Wismer 1971): most people newly covered, with a
    floor under every township that rises by a step until no plan keeps it. Townships in which
    no candidate reaches anybody are left out of the floor, not of the Gini.

    Parameters
    ----------
    task : Task
        A question of most people newly covered.
    step : float
        By which the floor rises.
    step_limit_s : float
        For each floor; the search is over where one takes longer.
    progress : callable, optional
        Told how many floors are done, and of how many; False ends it.

    Returns
    -------
    list of Choice
        Most covered first; no plan is worse than another in both.

    Raises
    ------
    SitingError
        The question is another, or its rules contradict each other.
    """
    if task.choice.question is not Question.MOST_COVERED:
        raise SitingError(
            zh="取舍曲线只对「新增覆盖最多」的问题计算。",
            en="The frontier is worked out for most people newly covered only.",
        )
    task = _of_people(task, step_limit_s)
    found = [_judged(task, named_first(task, solve(task)))]
    most = int(np.ceil(1 / step))
    while found[-1].lowest_share < 1 - _ROUNDING:
        level = min(1.0, found[-1].lowest_share + step)
        floored = replace(task, floors=[*task.floors, *_floors(task, level)])
        try:
            found.append(_judged(task, named_first(floored, solve(floored))))
        except NoPlanInTimeError:
            found[-1] = replace(found[-1], may_go_on=True)
            break
        except SitingError:
            break  # No plan lifts the worst-off so far.
        done = round(found[-1].lowest_share * most)
        if progress is not None and progress(done, most) is False:
            break
    return _undominated(found)


def _of_people(task: Task, limit_s: float) -> Task:
    """Return the question without the suitability of sites, with less time for each plan."""
    own = {"suitability_weight": 0.0, "time_limit_s": min(task.choice.time_limit_s, limit_s)}
    return replace(task, choice=task.choice.model_copy(update=own), score=task.covered)


def _townships(task: Task) -> pd.Series:
    points = [demand.points["township_code"] for demand in task.pool.demands]
    return pd.concat(points, ignore_index=True)


def _attainable(task: Task) -> np.ndarray:
    """Return the weight that is covered or that some candidate could cover."""
    covering = task.covered.covering
    can = covering.before > 0
    can[covering.demand] = True
    return np.where(can, covering.weight, 0.0)


def _floors(task: Task, level: float) -> Iterator[Floor]:
    towns, can = _townships(task), _attainable(task)
    for code, rows in towns.groupby(towns).groups.items():
        at = np.asarray(rows, dtype=np.int64)
        whole = float(can[at].sum())
        if whole > 0:
            yield Floor(
                f"{code} 不低于可覆盖的 {level:.0%}",
                f"at least {level:.0%} of what can be covered in {code}",
                at,
                level * whole * (1 - _ROUNDING),
            )


def _judged(task: Task, solution: Solution) -> Choice:
    covering, towns = task.covered.covering, _townships(task)
    covered = np.where(task.covered.times(solution.chosen) > 0, covering.weight, 0.0)
    sums = (
        pd.DataFrame({"weight": covering.weight, "covered": covered, "can": _attainable(task)})
        .groupby(towns)
        .sum()
    )
    own = sums[sums["can"] > 0]
    rates = (sums["covered"] / sums["weight"]).where(sums["weight"] > 0)
    spread = inequality(rates, sums["weight"], pd.Series("", index=sums.index))
    return Choice(
        solution,
        float(covered.sum() / covering.weight.sum()),
        float((own["covered"] / own["can"]).min()),
        spread.gini,
    )


def _undominated(found: list[Choice]) -> list[Choice]:
    kept: list[Choice] = []
    for one in sorted(found, key=lambda one: (-one.covered_share, -one.lowest_share)):
        if not kept or one.lowest_share > kept[-1].lowest_share + _ROUNDING:
            kept.append(one)
    return kept
