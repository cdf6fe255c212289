"""Where a search stands: the best plan so far, the bound, and whether to go on."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from geo.siting.model import Positions
from geo.siting.solving.greedy import exchanged
from geo.siting.solving.task import Effort, Found, Task

SETTLED: Final = 1e-8
"""Relative; a plan this near HiGHS's bound is the best within HiGHS's own tolerances."""


class Standing:
    """The best plan so far and the bound on all others.

    Parameters
    ----------
    task : Task
        To be solved.
    best : numpy.ndarray or None
        An allowed plan.
    effort : Effort
        Time, gap and progress.

    Attributes
    ----------
    gain, bound : float
        Of the best plan; no allowed plan gains more than the bound.
    is_infeasible : bool
        Whether it is proven that no plan is allowed.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from geo.siting.solving.ruling import ruling
    >>> task = Task(csr_array(np.eye(2)), np.array([3.0, 1.0]), np.zeros(2), 0.0, ruling(2, []),
    ...             csr_array((0, 2)), np.zeros(0))
    >>> standing = Standing(task, None, Effort(until=np.inf))
    >>> standing.learn(np.array([0])), standing.gain, standing.bound
    (True, 3.0, 4.0)
    """

    def __init__(self, task: Task, best: Positions | None, effort: Effort) -> None:
        self.task, self.effort, self.best = task, effort, best
        self.gain = -np.inf if best is None else task.gain(best)
        self.bound = task.most_gain()
        self.is_infeasible = self.is_stopped = False
        self._began = time.monotonic()

    @property
    def seconds_left(self) -> float:
        """Of the time there is; 0 where it is over."""
        return max(self.effort.until - time.monotonic(), 0.0)

    @property
    def is_done(self) -> bool:
        """Whether time is over, whether it was stopped, or whether the best plan is proven."""
        if self.is_infeasible or self.is_stopped or self.seconds_left <= 0:
            return True
        return self.is_beaten(self.bound)

    def is_beaten(self, bound: float) -> bool:
        """Return whether plans below a bound are none that is looked for."""
        near = max(self.effort.gap, SETTLED) * max(abs(bound), abs(self.gain))
        return self.best is not None and bound - self.gain <= max(near, 0.999 * self.task.unit)

    def learn(self, plan: Positions) -> bool:
        """Exchange sites of a plan; return whether it is the best now, being allowed."""
        if not self.task.is_allowed(plan):
            return False
        plan = exchanged(self.task, plan, self.effort.until)
        gain = self.task.gain(plan)
        if gain <= self.gain:
            return False
        self.best, self.gain = plan, gain
        return True

    def tell(self) -> None:
        """Tell the progress, and stop where it says so."""
        progress = self.effort.progress
        seconds = time.monotonic() - self._began
        if progress is not None and progress(self.gain, self.bound, seconds) is False:
            self.is_stopped = True

    def nothing_is_left(self) -> None:
        """Take note that there is no plan but the best so far."""
        self.is_infeasible = self.best is None
        self.bound = self.gain

    @property
    def found(self) -> Found:
        """What there is to say."""
        return Found(self.best, max(self.bound, self.gain), self.is_infeasible)
