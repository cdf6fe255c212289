"""Alternatives: other plans that are as good or nearly as good, and differ by some sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from geo.core.errors import SitingError
from geo.core.sentences import Sentences
from geo.siting.model import Constraint, Progress, Solution
from geo.siting.problem import SitingProblem, solve
from geo.siting.proposal import snap_to_host_sites

TEXT: Final = Sentences("geo.siting")

MOST_PLANS: Final = 10


def alternatives(
    problem: SitingProblem,
    best: Solution,
    *,
    most: int = 3,
    loss_share: float = 0.02,
    least_different: int = 1,
    progress: Progress | None = None,
) -> Iterator[Solution]:
    """Yield the best plans that differ from the optimum and from each other, the best first.

    Each is proven optimal among the plans that are left, until one is worse than the optimum by
    more than a share.

    Parameters
    ----------
    problem : SitingProblem
        The problem.
    best : Solution
        Its optimum.
    most : int
        Number of plans at most.
    loss_share : float
        Share of the optimum's objective that a plan may lose.
    least_different : int
        Number of sites in which any two plans differ at least.
    progress : callable, optional
        As for :func:`geo.siting.problem.solve`.

    Yields
    ------
    Solution
        Objective and bound in the unit of the problem.
    """
    known, constraints = [best], list(problem.constraints)
    for _ in range(min(most, MOST_PLANS)):
        constraints.append(_unlike(known[-1], len(problem.stacked.programme), least_different))
        try:
            found = solve(replace(problem, constraints=constraints), progress=progress)
        except SitingError:
            return  # No other plan is feasible.
        if abs(found.objective - best.objective) > loss_share * max(abs(best.objective), 1e-12):
            return
        found = snap_to_host_sites(replace(problem, constraints=constraints), found)
        known.append(found)
        yield found


def _unlike(plan: Solution, columns: int, least_different: int) -> Constraint:
    """Return the constraint that a plan differs from another in at least some sites.

    The total is sites of the other plan that are kept, less sites that are new; each exchange
    lowers it by 2.
    """
    factors = np.full(columns, -1.0)
    factors[plan.chosen] = 1.0
    return Constraint(
        *TEXT.words("least_sites_unlike_other_plans", least_different=least_different),
        np.arange(columns),
        factors,
        -np.inf,
        len(plan.chosen) - (2 * least_different - 1),
    )
