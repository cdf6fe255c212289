"""How a plan holds when people, speeds or standards are not quite what they are taken to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import shapely

from geo.core.errors import SitingError
from geo.siting.asked import Task, score_of, solve
from geo.siting.model import Floats, Positions
from geo.siting.scoring import CoverScore

MOST_DRAWS: Final = 500
BEYOND: Final = 1.4
"""How many times its standard a programme's journeys must be known, for deviations of 0.1."""

GAP: Final = 0.005
"""Of a draw's bound: a plan so near the best is good enough to see which sites come again."""
_WIDEST: Final = 3.0
"""Standard deviations beyond which nothing is drawn."""


@dataclass(frozen=True)
class Robustness:
    """What became of a plan's sites over draws.

    Attributes
    ----------
    draws : int
        Draws that were solved.
    by_site : pandas.DataFrame
        In the order of the plan's columns: ``chosen_share``, of the draws in which just this
        site was chosen, and ``near_share``, in which a site of the programme stood within
        ``near_m`` of it.
    kept_share : pandas.Series
        Of each draw: what the plan covers there, as a share of the draw's own best.
    near_m : float
        Metres.
    """

    draws: int
    by_site: pd.DataFrame
    kept_share: pd.Series
    near_m: float


def robustness(
    task: Task,
    chosen: Positions,
    *,
    draws: int = 100,
    population_sd: float = 0.1,
    reach_sd: float = 0.1,
    near_m: float = 1_000.0,
    seed: int = 1,
    progress: Callable[[int, int], bool | None] | None = None,
) -> Robustness:
    """Return in how many of some draws each site of a plan is chosen again.

    In each draw the people of every township are multiplied by exp(e), e normal with the
    deviation ``population_sd`` (what an estimate may be off), and all standards by one
    exp(e) with ``reach_sd`` (speeds and standards alike: 10% faster reaches as far as 10%
    more minutes). The question is then solved anew, to 0.5% of its bound. Deviations are cut
    at three.

    Parameters
    ----------
    task : Task
        A question of coverage, whose journeys are known beyond its standards as far as
        three deviations; see :func:`geo.siting.asked.make_task`.
    chosen : numpy.ndarray
        The plan, as columns.
    draws, population_sd, reach_sd, seed
        As above; the same seed gives the same draws.
    near_m : float
        How near another site is the same to a planner: search areas lie side by side.
    progress : callable, optional
        Told how many are done and of how many; False ends the draws.

    Raises
    ------
    SitingError
        The question is none of coverage.
    """
    if not isinstance(task.score, CoverScore):
        raise SitingError(
            zh="稳健性只对按覆盖选址的问题计算。",
            en="Robustness is worked out for questions of coverage only.",
        )
    random = np.random.default_rng(seed)
    again, near, kept = np.zeros(len(chosen)), np.zeros(len(chosen)), []
    for done in range(min(draws, MOST_DRAWS)):
        drawn = _drawn(task, random, population_sd, reach_sd)
        found = solve(drawn, gap=GAP)
        again += np.isin(chosen, found.chosen)
        near += _is_near(task, chosen, found.chosen, near_m)
        best = drawn.score.of(found.chosen)
        kept.append(drawn.score.of(chosen) / best if best > 0 else 1.0)
        if progress is not None and progress(done + 1, draws) is False:
            break
    count = max(len(kept), 1)
    by_site = pd.DataFrame({"chosen_share": again / count, "near_share": near / count})
    return Robustness(len(kept), by_site, pd.Series(kept, dtype="float64"), near_m)


def _drawn(task: Task, random: np.random.Generator, population_sd: float, reach_sd: float) -> Task:
    """Return the question as it would be with other people and other standards."""
    stretch = float(np.exp(reach_sd * _normal(random, 1)[0]))
    codes = sorted(
        {code for demand in task.pool.demands for code in demand.points["township_code"]}
    )
    factor = dict(zip(codes, np.exp(population_sd * _normal(random, len(codes))), strict=True))
    weights: list[Floats] = [
        demand.weight * demand.points["township_code"].map(factor).to_numpy(dtype=np.float64)
        for demand in task.pool.demands
    ]
    covered = CoverScore(task.pool.covering(stretch=stretch, weights=weights))
    return replace(task, covered=covered, score=score_of(task.pool, task.choice, covered))


def _normal(random: np.random.Generator, count: int) -> Floats:
    return np.clip(random.standard_normal(count), -_WIDEST, _WIDEST)


def _is_near(task: Task, chosen: Positions, others: Positions, near_m: float) -> Floats:
    pool = task.pool
    points = np.asarray(pool.candidates.geometry.array)[pool.candidate]
    found = np.zeros(len(chosen))
    for at, column in enumerate(chosen.tolist()):
        same = others[pool.programme[others] == pool.programme[column]]
        found[at] = bool((shapely.distance(points[column], points[same]) <= near_m).any())
    return found
