"""Where new sites reach most people who are not reached yet, or how few sites reach enough.

Every answer comes with a bound that is proven: no plan within the rules does better. Of
equally good plans, which one is returned is not specified, but the same question gets the
same answer as long as it is answered within the time limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.core.errors import SitingError
from geo.siting.model import Covering, Floats, Floor, Positions, Rule, Solution
from geo.siting.solving.asking import Asked, answered, effort_of
from geo.siting.solving.highs import Progress
from geo.siting.solving.merged import merged
from geo.siting.solving.task import FLOOR_SLACK

SETTLED: Final = 1e-8
"""Relative; a plan this near HiGHS's bound is the best within HiGHS's own tolerances."""

WHOLE: Final = 1e-6
"""How far from a whole number a bound on whole numbers may lie by rounding."""


def most_covered(
    covering: Covering,
    rules: Sequence[Rule],
    *,
    floors: Sequence[Floor] = (),
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    start: npt.ArrayLike | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Return the sites that newly cover most weight: the maximal covering location problem.

    Max ``sum(w_j * y_j)`` where ``y_j <= sum of x_i`` over the candidates i that reach j
    (Church and ReVelle 1974, "The maximal covering location problem").

    Parameters
    ----------
    covering : Covering
        Demand that ``before`` covers already gains nothing, but counts for floors.
    rules : sequence of Rule
        All that limits the plan; the number of sites is one of them.
    floors : sequence of Floor
        Groups of which a least weight must be covered.
    time_limit_s : float
        Seconds; after them the best plan found is returned with its bound.
    gap : float
        Relative distance from the bound that is good enough; 0 asks for the proven best.
    start : array_like, optional
        Positions of candidates to start from; not taken where it breaks a rule.
    progress : callable, optional
        Called now and then with objective (minus infinite while no plan is known), bound and
        seconds; the search ends where it returns False.

    Returns
    -------
    Solution
        Objective and bound in newly covered weight.

    Raises
    ------
    geo.core.errors.SitingError
        Rules or floors contradict each other, or no plan was found in time.

    Examples
    --------
    Two of three sites; the middle one reaches most but overlaps with both:

    >>> from geo.siting.model import exactly
    >>> covering = Covering(np.array([3.0, 2.0, 3.0]), np.array([0, 0, 1, 2, 2]),
    ...                     np.array([0, 1, 1, 1, 2]), 3, np.array([0, 0, 0]))
    >>> rule = exactly(1, [0, 1, 2], zh="共 1 处", en="1 site in all")
    >>> solution = most_covered(covering, [rule])
    >>> solution.chosen.tolist(), solution.objective, solution.is_optimal
    ([1], 8.0, True)
    """
    asked = Asked(covering, rules, floors, time_limit_s, gap, start, progress)
    weight = np.where(covering.before == 0, covering.weight, 0.0)
    nothing = np.zeros(len(weight))
    effort = effort_of(asked, 1.0)
    task = merged(covering, rules, floors, first=weight, second=nothing, unit=_unit(weight))
    chosen, found = answered(asked, task, effort)
    objective = float(weight[_times_covered(covering, chosen) > 0].sum())
    return _proven(chosen, objective, found.bound, task.unit)


def fewest_sites(
    covering: Covering,
    rules: Sequence[Rule],
    *,
    share: float = 1.0,
    floors: Sequence[Floor] = (),
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    start: npt.ArrayLike | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Return the fewest new sites that together with ``before`` cover a share of all weight.

    The set covering problem (Toregas and others 1971, "The location of emergency service
    facilities"), for a share below 1 in its partial form. Demand of no weight need not be
    covered.

    Parameters
    ----------
    covering, rules, floors, time_limit_s, gap, start, progress
        As in :func:`most_covered`; progress is told numbers of sites.
    share : float
        From 0 to 1, of the weight of all demand points.

    Returns
    -------
    Solution
        Objective and bound in new sites.

    Raises
    ------
    geo.core.errors.SitingError
        Candidates cannot reach the share, rules or floors contradict it or each other, or no
        plan was found in time.
    ValueError
        The share is not from 0 to 1.

    Examples
    --------
    >>> covering = Covering(np.array([3.0, 2.0, 3.0]), np.array([0, 0, 1, 2]),
    ...                     np.array([0, 1, 1, 2]), 3, np.array([0, 0, 0]))
    >>> fewest_sites(covering, []).chosen.tolist()
    [1, 2]
    >>> fewest_sites(covering, [], share=0.6).objective
    1.0
    """
    if not 0 <= share <= 1:
        raise ValueError("the share must lie from 0 to 1")
    _check_reach(covering, share)
    everybody = _share_floor(covering, share)
    floors = (*floors, everybody) if everybody.covered_weight > 0 else tuple(floors)
    asked = Asked(covering, rules, floors, time_limit_s, gap, start, progress)
    nothing = np.zeros(covering.demand_count)
    effort = effort_of(asked, -1.0)
    task = merged(covering, rules, floors, first=nothing, second=nothing, per_site=-1.0, unit=1.0)
    chosen, found = answered(asked, task, effort)
    bound = min(float(np.ceil(-found.bound - WHOLE)), float(len(chosen)))
    return Solution(chosen, float(len(chosen)), max(bound, 0.0))


def backup_covered(
    covering: Covering,
    rules: Sequence[Rule],
    *,
    theta: float,
    floors: Sequence[Floor] = (),
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    start: npt.ArrayLike | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Return the sites that gain most first coverage and second coverage, weighed together.

    Max ``theta * sum(w_j * y_j) + (1 - theta) * sum(w_j * u_j)``, with y for demand covered
    at least once, u at least twice (Hogan and ReVelle 1986, "Concepts and applications of
    backup coverage", BACOP2). Facilities in ``before`` count: demand that one of them covers
    can gain its second coverage only, demand that two cover gains nothing.

    Parameters
    ----------
    covering, rules, floors, time_limit_s, gap, start, progress
        As in :func:`most_covered`.
    theta : float
        From 0 to 1: weight of first coverage; below 0.5 a second coverage is worth more
        than a first one.

    Returns
    -------
    Solution
        Objective and bound in weighed weight that is newly covered once or twice.

    Raises
    ------
    geo.core.errors.SitingError
        Rules or floors contradict each other, or no plan was found in time.
    ValueError
        Theta is not from 0 to 1.

    Examples
    --------
    >>> from geo.siting.model import exactly
    >>> covering = Covering(np.array([4.0, 1.0]), np.array([0, 0, 1]), np.array([0, 1, 2]), 3,
    ...                     np.array([0, 0]))
    >>> rule = exactly(2, [0, 1, 2], zh="共 2 处", en="2 sites in all")
    >>> backup_covered(covering, [rule], theta=0.6).chosen.tolist()
    [0, 1]
    >>> backup_covered(covering, [rule], theta=0.9).objective
    4.5
    """
    if not 0 <= theta <= 1:
        raise ValueError("theta must lie from 0 to 1")
    asked = Asked(covering, rules, floors, time_limit_s, gap, start, progress)
    first, second = _backup_gains(covering, theta)
    effort = effort_of(asked, 1.0)
    task = merged(covering, rules, floors, first=first, second=second)
    chosen, found = answered(asked, task, effort)
    times = _times_covered(covering, chosen)
    objective = float(first[times > 0].sum() + second[times > 1].sum())
    return _proven(chosen, objective, found.bound, 0.0)


def _backup_gains(covering: Covering, theta: float) -> tuple[Floats, Floats]:
    """Return what the first and the second new site gain at each demand point."""
    before, weight = covering.before, covering.weight
    backup = (1 - theta) * weight
    first = np.where(before == 0, theta * weight, np.where(before == 1, backup, 0.0))
    return first, np.where(before == 0, backup, 0.0)


def _times_covered(covering: Covering, chosen: Positions) -> Positions:
    """Return how many of the chosen candidates cover each demand point."""
    is_chosen = np.zeros(covering.candidate_count, dtype=bool)
    is_chosen[chosen] = True
    covered = covering.demand[is_chosen[covering.candidate]]
    return np.bincount(covered, minlength=covering.demand_count)


def _unit(weight: Floats) -> float:
    """Return what all sums of the weights are multiples of, 0 where they are no whole numbers."""
    if (weight != np.floor(weight)).any() or weight.sum() >= 2**53:
        return 0.0
    return float(np.gcd.reduce(np.unique(weight).astype(np.int64)))


def _proven(chosen: Positions, objective: float, bound: float, unit: float) -> Solution:
    """Return a solution whose bound is rounded as far as it may be."""
    if unit > 0:
        bound = float(np.floor(bound / unit * (1 + 1e-12) + WHOLE)) * unit
    if bound - objective <= SETTLED * abs(objective):
        bound = objective
    return Solution(np.sort(chosen), objective, bound)


def _share_floor(covering: Covering, share: float) -> Floor:
    return Floor(
        zh=f"覆盖不少于 {100 * share:g}%",
        en=f"at least {100 * share:g}% covered",
        demand=np.arange(covering.demand_count),
        covered_weight=share * float(covering.weight.sum()),
    )


def _check_reach(covering: Covering, share: float) -> None:
    reached = covering.before > 0
    reached[covering.demand] = True
    total = float(covering.weight.sum())
    out_of_reach = float(covering.weight[~reached].sum())
    if share * total <= (total - out_of_reach) + FLOOR_SLACK * max(1.0, total):
        return
    most = np.floor(1e4 * (total - out_of_reach) / total) / 100
    raise SitingError(
        zh=f"所有候选点都覆盖不到的权重（人口或学校数）共 {out_of_reach:,.0f}，"
        f"最多只能覆盖 {most:g}%；请降低覆盖要求或增加候选点。",
        en=f"No candidate reaches {out_of_reach:,.0f} of the weight (residents or schools); "
        f"at most {most:g}% can be covered; ask for less or add candidates.",
    )
