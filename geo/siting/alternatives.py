"""Other plans that are nearly as good: ties and near-optimal ones, each really different."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from geo.core.errors import SitingError
from geo.siting.asked import Progress, Task, solve
from geo.siting.model import Rule, Solution
from geo.siting.named import named_first

MOST_PLANS: Final = 10


def alternatives(
    task: Task,
    best: Solution,
    *,
    most: int = 3,
    loss_share: float = 0.02,
    least_different: int = 1,
    progress: Progress | None = None,
) -> Iterator[Solution]:
    """Give the best plans that differ from the proposal and from each other, the best first.

    Each is the proven best among those that are left, until one is worse than the proposal
    by more than a share.

    Parameters
    ----------
    task : Task
        The question.
    best : Solution
        Its answer.
    most : int
        Plans at most.
    loss_share : float
        Of the proposal's objective, what a plan may be worse.
    least_different : int
        Sites in which any two plans differ at least.
    progress : callable, optional
        As for :func:`geo.siting.asked.solve`.
    """
    known, rules = [best], list(task.rules)
    for _ in range(min(most, MOST_PLANS)):
        rules.append(_unlike(known[-1], len(task.pool.programme), least_different))
        try:
            found = solve(replace(task, rules=rules), progress=progress)
        except SitingError:
            return  # No other plan keeps the rules.
        if abs(found.objective - best.objective) > loss_share * max(abs(best.objective), 1e-12):
            return
        found = named_first(replace(task, rules=rules), found)
        known.append(found)
        yield found


def _unlike(plan: Solution, columns: int, least_different: int) -> Rule:
    """Return the rule that a plan lacks at least some sites of another, or has more.

    Sites of the other that are kept, less sites that are new: an exchange takes 2 off.
    """
    factors = np.full(columns, -1.0)
    factors[plan.chosen] = 1.0
    return Rule(
        f"与已有方案至少差 {least_different} 处",
        f"at least {least_different} sites unlike the other plans",
        np.arange(columns),
        factors,
        -np.inf,
        len(plan.chosen) - (2 * least_different - 1),
    )
