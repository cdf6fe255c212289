"""One question as it was asked: its clock, its progress, and the fault when it has no answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.core.errors import NoPlanInTimeError
from geo.siting.model import Covering, Floor, Positions, Rule
from geo.siting.solving.contradiction import contradiction, contradiction_error
from geo.siting.solving.highs import Progress
from geo.siting.solving.searching import best_plan
from geo.siting.solving.task import Effort, Found, Task


@dataclass(frozen=True)
class Asked:
    """A question as it was asked, for faults and for progress.

    Attributes are the arguments of :func:`geo.siting.covering.most_covered`.
    """

    covering: Covering
    rules: Sequence[Rule]
    floors: Sequence[Floor]
    time_limit_s: float
    gap: float
    start: npt.ArrayLike | None
    progress: Progress | None


def effort_of(asked: Asked, sign: float) -> Effort:
    """Start the clock; let progress be told seconds since now and figures with their sign.

    Parameters
    ----------
    asked : Asked
        With the time limit in seconds.
    sign : float
        -1 where fewer is better, which the search takes as a gain below 0.
    """
    began, progress = time.monotonic(), asked.progress
    if progress is None:
        return Effort(began + asked.time_limit_s, asked.gap)

    def told(gain: float, bound: float, _: float) -> bool | None:
        return progress(sign * gain, sign * bound, time.monotonic() - began)

    return Effort(began + asked.time_limit_s, asked.gap, told)


def answered(asked: Asked, task: Task, effort: Effort) -> tuple[Positions, Found]:
    """Return the best plan that was found, with the bound.

    Raises
    ------
    geo.core.errors.SitingError
        Which demands contradict each other.
    geo.core.errors.NoPlanInTimeError
        No plan was found in time.
    """
    start = None if asked.start is None else np.unique(np.asarray(asked.start, dtype=np.int64))
    found = best_plan(task, start, effort)
    if found.plan is not None:
        return found.plan, found
    if found.is_infeasible:
        covering, rules, floors = asked.covering, asked.rules, asked.floors
        parts = contradiction(covering.candidate_count, rules, covering=covering, floors=floors)
        raise contradiction_error(parts or (*rules, *floors))
    raise NoPlanInTimeError(
        zh=f"在 {asked.time_limit_s:g} 秒内没有找到可行的方案；请延长时限或减少要求。",
        en=f"No plan was found within {asked.time_limit_s:g} s; allow more time or demand less.",
    )
