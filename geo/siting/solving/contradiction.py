"""Which of a person's demands cannot hold together: as few of them as still contradict."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from geo.core.errors import SitingError
from geo.siting.model import Covering, Floats, Floor, Positions, Rule
from geo.siting.solving.greedy import greedy_plan
from geo.siting.solving.merged import merged
from geo.siting.solving.ruling import Ruling
from geo.siting.solving.searching import best_plan
from geo.siting.solving.task import Effort, Task

TIME_LIMIT_S: Final = 20.0


def contradiction(
    candidate_count: int,
    rules: Sequence[Rule],
    *,
    covering: Covering | None = None,
    floors: Sequence[Floor] = (),
    time_limit_s: float = TIME_LIMIT_S,
) -> tuple[Rule | Floor, ...]:
    """Return rules and floors that cannot hold together, none of which can be spared.

    Halves of the demands are tried in turn and left out where the rest still contradicts
    (Junker 2004, "QuickXplain"); each trial asks HiGHS whether any plan is allowed. Of several
    contradictions one is returned, the same each time.

    Parameters
    ----------
    candidate_count : int
        Candidates in all.
    rules : sequence of Rule
        Over the candidates.
    covering : Covering, optional
        Who would be covered by whom; floors need it.
    floors : sequence of Floor
        Least covered weights.
    time_limit_s : float
        Seconds. What cannot be tried in time is not left out: what is returned contradicts
        all the same, but may hold more than it must.

    Returns
    -------
    tuple of Rule or Floor
        In the order given, rules first; of those with the same clause the first, for they
        are one demand; empty where they can hold together, or where that could not be told
        in time.

    Raises
    ------
    ValueError
        There are floors and no ``covering``.

    Examples
    --------
    >>> from geo.siting.model import at_most, exactly
    >>> rules = [exactly(2, [0, 1, 2], zh="共 2 处", en="2 sites"),
    ...          at_most(0, [2], zh="不选丙", en="not C"),
    ...          at_most(1, [0, 1], zh="甲乙不同选", en="not both A and B"),
    ...          exactly(1, [0], zh="必选甲", en="A for certain")]
    >>> [rule.en for rule in contradiction(3, rules)]
    ['2 sites', 'not C', 'not both A and B']
    """
    if floors and covering is None:
        raise ValueError("floors need the covering that they are about")
    task = _feasibility(candidate_count, rules, covering, floors)
    demands: list[Rule | Floor] = [*rules, *floors]
    clauses = _clauses(demands)
    trial = _Trial(task, len(rules), clauses, time.monotonic() + time_limit_s)
    everything = list(range(len(clauses)))
    if not trial.contradicts(everything):
        return ()
    return tuple(demands[clauses[at][0]] for at in sorted(_fewest(trial, [], False, everything)))


def _clauses(demands: Sequence[Rule | Floor]) -> list[list[int]]:
    """Return the positions of demands by what they say: a least distance is one, not a thousand."""
    found: dict[tuple[str, str], list[int]] = {}
    for at, part in enumerate(demands):
        found.setdefault((part.zh, part.en), []).append(at)
    return list(found.values())


def contradiction_error(parts: Sequence[Rule | Floor]) -> SitingError:
    """Return the fault that names demands that cannot hold together.

    Examples
    --------
    >>> from geo.siting.model import exactly
    >>> rules = [exactly(2, [0], zh="共 2 处", en="2 sites in all")]
    >>> contradiction_error(rules).message("en")
    'This cannot be met: 2 sites in all.'
    """
    zh, en = "；".join(part.zh for part in parts), "; ".join(part.en for part in parts)
    if len(parts) == 1:
        return SitingError(zh=f"这项要求无法满足：{zh}。", en=f"This cannot be met: {en}.")
    return SitingError(zh=f"这些要求不能同时满足：{zh}。", en=f"These cannot hold together: {en}.")


def _fewest(trial: _Trial, given: list[int], is_new: bool, among: list[int]) -> list[int]:
    """Return which of some demands contradict together with the given ones, none to spare.

    Given and ``among`` contradict together; given by itself is tried only when it is new.
    """
    if is_new and trial.contradicts(given):
        return []
    if len(among) == 1:
        return among
    middle = len(among) // 2
    one, other = among[:middle], among[middle:]
    of_other = _fewest(trial, given + one, True, other)
    of_one = _fewest(trial, given + of_other, bool(of_other), one)
    return of_one + of_other


class _Trial:
    """Whether some of the demands can hold together, within a time for all trials."""

    def __init__(self, task: Task, rule_count: int, clauses: list[list[int]], until: float) -> None:
        self.task, self.rule_count, self.until = task, rule_count, until
        self.clauses = clauses

    def contradicts(self, numbers: list[int]) -> bool:
        """Return whether it is proven that some demands cannot hold together."""
        if time.monotonic() > self.until:
            return False
        chosen = np.array([at for one in numbers for at in self.clauses[one]], dtype=np.int64)
        rules = chosen[chosen < self.rule_count]
        floors = chosen[chosen >= self.rule_count] - self.rule_count
        task = _only(self.task, rules, floors)
        if greedy_plan(task, self.until) is not None:
            return False
        return best_plan(task, None, Effort(self.until)).is_infeasible


def _only(task: Task, rules: Positions, floors: Positions) -> Task:
    whole = task.ruling
    some = Ruling(csr_array(whole.rows[rules]), whole.lower[rules], whole.upper[rules])
    levels: Floats = task.levels[floors]
    return replace(task, ruling=some, floors=csr_array(task.floors[floors]), levels=levels)


def _feasibility(
    candidate_count: int,
    rules: Sequence[Rule],
    covering: Covering | None,
    floors: Sequence[Floor],
) -> Task:
    """Return the task whose plans all gain nothing: any allowed one will do."""
    if covering is None:
        nobody = np.zeros(0, dtype=np.int64)
        covering = Covering(np.zeros(0), nobody, nobody, candidate_count, nobody)
    nothing = np.zeros(covering.demand_count)
    return merged(covering, rules, floors, first=nothing, second=nothing)
