"""Which sites of a plan come first, where a programme is built in two phases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from geo.siting.asked import Task, solve
from geo.siting.model import Positions, Rule, at_most, exactly


def phases(task: Task, chosen: Positions) -> Positions:
    """Return the phase of each column of a plan, 1 or 2.

    Those that come first are, of the plan's own sites, the best by the same question: in the
    years before the second phase they reach most. A programme without phases comes first as
    a whole. Once the first phase is built, or planned in the ledger, the second is proposed
    anew with it as it stands.
    """
    if all(programme.first_phase is None for programme in task.pool.programmes):
        return np.ones(len(chosen), dtype=np.int64)
    first = solve(replace(task, rules=list(_rules(task, chosen)), floors=[])).chosen
    return np.where(np.isin(chosen, first), 1, 2).astype(np.int64)


def _rules(task: Task, chosen: Positions) -> Iterator[Rule]:
    pool = task.pool
    others = np.setdiff1d(np.arange(len(pool.programme)), chosen)
    yield at_most(0, others, zh="只从方案中选", en="of the plan's own sites")
    for at, programme in enumerate(pool.programmes):
        own = chosen[pool.programme[chosen] == at]
        count = len(own) if programme.first_phase is None else programme.first_phase
        yield exactly(min(count, len(own)), own, zh="第一期处数", en="sites of the first phase")
