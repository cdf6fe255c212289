"""Phases: which sites of a plan come first, where a programme is built in two phases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from geo.siting.model import Constraint, Positions, at_most, exactly
from geo.siting.problem import SitingProblem, solve


def phases(problem: SitingProblem, chosen: Positions) -> Positions:
    """Return the phase of each column of a plan.

    The first phase are those of the plan's own sites that are best under the same objective, so
    that they reach most in the years before the second phase. A programme without phases is in
    the first as a whole. Once the first phase is built, or planned in the ledger, the second is
    proposed anew with it as an existing facility.

    Parameters
    ----------
    problem : SitingProblem
        The problem that the plan solves.
    chosen : numpy.ndarray
        The plan, as columns.

    Returns
    -------
    numpy.ndarray
        1 or 2 for each of ``chosen``.

    Raises
    ------
    SitingError
        As :func:`geo.siting.problem.solve` raises it.
    """
    if all(programme.first_phase is None for programme in problem.stacked.programmes):
        return np.ones(len(chosen), dtype=np.int64)
    first = solve(
        replace(problem, constraints=list(_phase_constraints(problem, chosen)), floors=[])
    ).chosen
    return np.where(np.isin(chosen, first), 1, 2).astype(np.int64)


def _phase_constraints(problem: SitingProblem, chosen: Positions) -> Iterator[Constraint]:
    stacked = problem.stacked
    others = np.setdiff1d(np.arange(len(stacked.programme)), chosen)
    yield at_most(0, others, zh="只从方案中选", en="of the plan's own sites")
    for at, programme in enumerate(stacked.programmes):
        own = chosen[stacked.programme[chosen] == at]
        count = len(own) if programme.first_phase is None else programme.first_phase
        yield exactly(min(count, len(own)), own, zh="第一期处数", en="sites of the first phase")
