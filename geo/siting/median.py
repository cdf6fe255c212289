"""P-median: the sites from which all demand together has the least way to its nearest one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from geo.siting.model import Journeys, Rule, Solution
from geo.siting.solving.assigning import Assigning, gathered, must_be_reached
from geo.siting.solving.branching import Grain, Tree
from geo.siting.solving.highs import Progress
from geo.siting.solving.keeping import HALF, kept
from geo.siting.solving.median_model import finished, first_plan, is_small, polish

FIRST_NODES: Final = 60
"""After as many branches that close less than half of the gap, prices are taken from HiGHS."""

MOST_NODES: Final = 1_000_000
"""Where the model is too large for HiGHS, only the time ends the branching."""

NODES: Final = 1_000
"""After as many branches HiGHS is asked to finish; counted, so that every machine does alike."""


def least_travel(
    journeys: Journeys,
    rules: Sequence[Rule],
    *,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    progress: Progress | None = None,
) -> Solution:
    """Return the sites within the rules that make ``sum(weight x cost)`` least.

    Each demand point goes to the nearest of its existing facilities and the chosen sites
    (Hakimi 1964; ReVelle and Swain 1970). One that has no facility must get a site that it
    can reach; one without weight is left out. The number of sites is a rule like others.

    A plan found by exchange (Teitz and Bart 1968) and a bound from Lagrangian prices (Beasley
    1985) decide most candidates; the rest is proven by branching, and, where rules make that
    long, by HiGHS on the chained model of Garcia, Labbe and Marin (2011).

    Parameters
    ----------
    journeys : Journeys
        What it costs whom to reach which candidate.
    rules : sequence of Rule
        All must be kept.
    time_limit_s : float
        Seconds, after which the best plan so far is returned with its bound.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    progress : callable, optional
        Called with objective, bound and seconds now and then; False stops.

    Returns
    -------
    Solution
        ``objective`` is weight times the unit of cost, existing facilities included.

    Raises
    ------
    SitingError
        Some weight can reach nothing, the rules contradict each other, or time was up before
        any plan was found.

    Examples
    --------
    Three villages along a road, 0, 4 and 5 minutes from its end; one site:

    >>> from geo.siting.model import exactly
    >>> at = np.array([0.0, 4.0, 5.0])
    >>> demand, candidate = np.divmod(np.arange(9), 3)
    >>> journeys = Journeys(np.array([10.0, 20.0, 40.0]), demand, candidate,
    ...                     np.abs(at[demand] - at[candidate]), 3, np.full(3, np.inf))
    >>> solution = least_travel(journeys, [exactly(1, [0, 1, 2], zh="一处", en="one site")])
    >>> solution.chosen.tolist(), solution.objective, solution.is_optimal
    ([2], 70.0, True)
    """
    begun = time.monotonic()
    stop_at = begun + time_limit_s
    everyone = [*rules, *must_be_reached(journeys)]
    travel = gathered(journeys)
    keeping = kept(everyone, journeys.candidate_count)
    start = first_plan(travel, keeping, everyone, stop_at)
    tree = Tree(travel, keeping, start, Grain(_unit(travel), gap), stop_at)
    tree.plant()

    def tell(objective: float, bound: float) -> bool:
        return progress is None or progress(objective, bound, time.monotonic() - begun) is not False

    root = tree.bound
    tree.grow(tell, FIRST_NODES)
    suits_highs = bool(tree.heap) and is_small(tree)
    if suits_highs and tree.bound - root < HALF * (tree.objective - root):
        polish(tree)
    tree.grow(tell, NODES if suits_highs else MOST_NODES)
    return finished(tree, progress, begun)


def _unit(travel: Assigning) -> float:
    """Return 1 where all costs are whole numbers, so that plans differ by 1 at least, else 0."""
    numbers = np.concatenate([travel.cost, travel.limit])
    whole = bool((numbers == np.round(numbers)).all()) and numbers.sum() < 2**52
    return 1.0 if whole else 0.0
