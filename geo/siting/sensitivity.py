"""Sensitivity: how a plan holds when population, speeds or standards differ from the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import shapely

from geo.core.errors import SitingError
from geo.core.sentences import Sentences
from geo.siting.model import Floats, Positions
from geo.siting.objective import CoverageObjective
from geo.siting.problem import SitingProblem, objective_of, solve

TEXT: Final = Sentences("geo.siting")

MOST_DRAWS: Final = 500

CUTOFF_FACTOR: Final = 1.4
"""Travel costs are needed up to so many times the standard, for a deviation of 0.1."""

GAP: Final = 0.005
"""Relative gap of each draw; it suffices to see which sites are chosen again."""

_WIDEST: Final = 3.0
"""Standard deviations at which draws are truncated."""


@dataclass(frozen=True)
class Sensitivity:
    """How often the sites of a plan were chosen again over random draws.

    Attributes
    ----------
    draws : int
        Number of draws that were solved.
    by_site : pandas.DataFrame
        In the order of the plan's columns: ``chosen_share``, share of the draws in which this
        very site was chosen, and ``near_share``, in which a site of the programme lay within
        ``near_m`` of it.
    kept_share : pandas.Series
        Of each draw: objective of the plan, as a share of the draw's own best plan.
    near_m : float
        Metres.
    """

    draws: int
    by_site: pd.DataFrame
    kept_share: pd.Series
    near_m: float


def sensitivity(
    problem: SitingProblem,
    chosen: Positions,
    *,
    draws: int = 100,
    population_sd: float = 0.1,
    reach_sd: float = 0.1,
    near_m: float = 1_000.0,
    seed: int = 1,
    progress: Callable[[int, int], bool | None] | None = None,
) -> Sensitivity:
    """Return in what share of random draws each site of a plan is chosen again.

    In each draw the population of every township is multiplied by exp(e), e normal with the
    standard deviation ``population_sd`` (the error of an estimate), and all standards by one
    exp(e) with ``reach_sd`` (speeds and standards alike: 10% faster reaches as far as 10%
    more minutes). The problem is then solved anew, to a gap of 0.5%. Normal draws are truncated
    at three standard deviations.

    Parameters
    ----------
    problem : SitingProblem
        Of coverage, with travel costs up to three deviations beyond its standards; see
        ``cutoff_factor`` of :func:`geo.siting.problem.make_problem`.
    chosen : numpy.ndarray
        The plan, as columns.
    draws : int
        Number of draws, at most :data:`MOST_DRAWS`.
    population_sd, reach_sd : float
        Standard deviations, of the logarithm.
    near_m : float
        Distance in metres within which another site is the same to a planner: search areas are
        adjacent squares.
    seed : int
        The same seed gives the same draws.
    progress : callable, optional
        Called with the number of draws done and of all; False ends the draws.

    Returns
    -------
    Sensitivity
        Shares from 0 to 1.

    Raises
    ------
    SitingError
        The problem is not one of coverage.
    """
    if not isinstance(problem.objective, CoverageObjective):
        raise SitingError(**TEXT.both("robustness_needs_coverage"))
    generator = np.random.default_rng(seed)
    again, near, kept = np.zeros(len(chosen)), np.zeros(len(chosen)), []
    for done in range(min(draws, MOST_DRAWS)):
        perturbed = _perturbed(problem, generator, population_sd, reach_sd)
        found = solve(perturbed, gap=GAP)
        again += np.isin(chosen, found.chosen)
        near += _is_near(problem, chosen, found.chosen, near_m)
        best = perturbed.objective.value(found.chosen)
        kept.append(perturbed.objective.value(chosen) / best if best > 0 else 1.0)
        if progress is not None and progress(done + 1, draws) is False:
            break
    count = max(len(kept), 1)
    by_site = pd.DataFrame({"chosen_share": again / count, "near_share": near / count})
    return Sensitivity(len(kept), by_site, pd.Series(kept, dtype="float64"), near_m)


def _perturbed(
    problem: SitingProblem, generator: np.random.Generator, population_sd: float, reach_sd: float
) -> SitingProblem:
    """Return the problem with random population and standards."""
    stretch = float(np.exp(reach_sd * _normal(generator, 1)[0]))
    codes = sorted(
        {code for demand in problem.stacked.demands for code in demand.points["township_code"]}
    )
    factor = dict(zip(codes, np.exp(population_sd * _normal(generator, len(codes))), strict=True))
    weights: list[Floats] = [
        demand.weight * demand.points["township_code"].map(factor).to_numpy(dtype=np.float64)
        for demand in problem.stacked.demands
    ]
    coverage = CoverageObjective(problem.stacked.covering(stretch=stretch, weights=weights))
    return replace(
        problem,
        coverage=coverage,
        objective=objective_of(problem.stacked, problem.choice, coverage),
    )


def _normal(generator: np.random.Generator, count: int) -> Floats:
    return np.clip(generator.standard_normal(count), -_WIDEST, _WIDEST)


def _is_near(problem: SitingProblem, chosen: Positions, others: Positions, near_m: float) -> Floats:
    stacked = problem.stacked
    points = np.asarray(stacked.candidates.geometry.array)[stacked.candidate]
    found = np.zeros(len(chosen))
    for at, column in enumerate(chosen.tolist()):
        same = others[stacked.programme[others] == stacked.programme[column]]
        found[at] = bool((shapely.distance(points[column], points[same]) <= near_m).any())
    return found
