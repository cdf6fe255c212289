"""How large: the area allotted to each site so that residents have what the plan promises."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from geo.core.vocabulary import PER_10K, TARGET_AREA_PER_10K_M2
from geo.measures.provision import area_per_10k_m2
from geo.siting.model import OPTIMALITY_GAP
from geo.siting.solving.allotment_model import Answered, answered
from geo.siting.solving.allotment_table import AllotmentTable, allotment_table
from geo.siting.solving.highs import Progress

Scope = Literal["township", "district"]
"""Whether each township must reach the target, or the district as a whole."""

Least = Literal["area", "money"]
"""What an allotment that reaches the target has least of."""


@dataclass(frozen=True)
class Allotment:
    """Added area by site, and where that leaves the residents.

    Attributes
    ----------
    added_area_m2 : pandas.Series
        By ``site_id``: m² beyond what stands; 0 where a site is not opened or enlarged.
    area_per_10k_m2 : pandas.Series
        By ``township_code``, afterwards: m² per 10,000 residents; NaN without residents.
    shortfall_m2 : pandas.Series
        By ``township_code``: m² still missing to the target; with the scope "district" a
        reference only, for the target is then the district's.
    is_lower_bound : pandas.Series
        By ``township_code``: whether a present area is unknown there and counted as 0.
    district_area_per_10k_m2, district_shortfall_m2 : float
        The same of the district, ratio of sums.
    total_added_m2, cost : float
        Sums of all sites; the cost is NaN where a price is not known.
    reaches_target : bool
        Whether nobody in the scope is short.
    objective, bound : float
        Least area or money where the target is reached, else the m² short over the scope;
        and what no allotment goes below.
    """

    added_area_m2: pd.Series
    area_per_10k_m2: pd.Series
    shortfall_m2: pd.Series
    is_lower_bound: pd.Series
    district_area_per_10k_m2: float
    district_shortfall_m2: float
    total_added_m2: float
    cost: float
    reaches_target: bool
    objective: float
    bound: float

    @property
    def is_optimal(self) -> bool:
        """Whether it is proven that no allotment is better."""
        return self.objective - self.bound <= OPTIMALITY_GAP * max(abs(self.objective), 1.0)


def allotted(
    sites: pd.DataFrame,
    townships: pd.DataFrame,
    *,
    target: float = TARGET_AREA_PER_10K_M2,
    scope: Scope = "township",
    least: Least = "area",
    area_budget_m2: float = np.inf,
    money_budget: float = np.inf,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    progress: Progress | None = None,
) -> Allotment:
    """Return the least added area, or money, that brings each township to the target.

    A site gets nothing, or between its minimum and its maximum (semi-continuous); what stands
    stays. Where the budgets do not suffice, the m² short over all townships are least, then
    those of the worst township, then what is spent. Solved as a mixed-integer programme, in
    that order of aims.

    Parameters
    ----------
    sites : pandas.DataFrame
        Indexed by ``site_id``: ``township_code``, ``present_area_m2`` (0 of a new site;
        missing counts as 0 and is flagged), ``min_added_m2``, ``max_added_m2``,
        ``cost_per_m2`` and ``fixed_cost`` (may be missing where money plays no part).
    townships : pandas.DataFrame
        Indexed by ``township_code``: ``population``, residents.
    target : float
        m² per 10,000 residents.
    scope : {"township", "district"}
        Who must reach it.
    least : {"area", "money"}
        What to spare.
    area_budget_m2, money_budget : float
        Not to be exceeded, in all.
    time_limit_s : float
        Seconds, after which the best so far is returned with its bound.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    progress : callable, optional
        Called with objective, bound and seconds; False stops.

    Returns
    -------
    Allotment
        With the indexes of the frames.

    Raises
    ------
    SitingError
        A population, a bound of a site or a price that is needed is not known; a township has
        no site or not enough room; the budget does not pay for the cheapest site.
    TableError
        A column is missing, or a site's township is not in the other frame.

    Examples
    --------
    20,000 residents need 320 m²; 100 stand, a second site is worth opening from 150 on:

    >>> sites = pd.DataFrame({"township_code": ["430503001"] * 2, "present_area_m2": [100.0, 0.0],
    ...     "min_added_m2": [10.0, 150.0], "max_added_m2": [90.0, 300.0],
    ...     "cost_per_m2": [900.0, 500.0], "fixed_cost": [0.0, 20_000.0]},
    ...     index=pd.Index(["a", "b"], name="site_id"))
    >>> townships = pd.DataFrame({"population": [20_000]}, index=["430503001"])
    >>> answer = allotted(sites, townships, least="money")
    >>> answer.added_area_m2.tolist(), answer.cost, answer.district_area_per_10k_m2
    ([0.0, 220.0], 130000.0, 160.0)
    """
    stop_at = time.monotonic() + time_limit_s
    table = allotment_table(
        sites, townships, target, scope == "district",
        with_money=least == "money" or np.isfinite(money_budget),
    )  # fmt: skip
    found = answered(
        table, (area_budget_m2, money_budget), spares_money=least == "money",
        stop_at=stop_at, gap=gap, progress=progress,
    )  # fmt: skip
    return _told(table, found, target, least)


def _told(table: AllotmentTable, found: Answered, target: float, least: Least) -> Allotment:
    added = found.added
    area = np.bincount(table.township, table.present + added, len(table.population))
    needed = target * table.population / PER_10K
    short = _cut(needed - area, needed)
    whole = _cut(needed.sum() - area.sum(), needed.sum())
    opened = added > 0
    cost = (
        float(added @ table.cost_per_m2 + table.fixed_cost[opened].sum()) if opened.any() else 0.0
    )
    group = _cut(table.missing - np.bincount(table.group, added, len(table.missing)), table.needed)
    spent = cost if least == "money" else float(added.sum())
    reaches = found.reaches or not group.any()
    objective = spent if reaches else float(group.sum())
    codes = table.codes
    per_10k = [area_per_10k_m2(a, p) for a, p in zip(area, table.population, strict=True)]
    return Allotment(
        pd.Series(added, index=table.sites, name="added_area_m2"),
        pd.Series(per_10k, index=codes, name="area_per_10k_m2", dtype="float64"),
        pd.Series(short, index=codes, name="shortfall_m2"),
        pd.Series(table.is_lower_bound, index=codes, name="is_lower_bound"),
        area_per_10k_m2(float(area.sum()), float(table.population.sum())),
        float(whole),
        float(added.sum()),
        cost,
        reaches,
        objective,
        _consistent(found, objective),
    )


def _cut(missing: np.ndarray | float, needed: np.ndarray | float) -> np.ndarray:
    """Return what is missing, rounding of the solver left out."""
    rounding = 1e-6 * np.maximum(1.0, np.asarray(needed) * 1e-3)
    return np.where(np.asarray(missing) > rounding, missing, 0.0)


def _consistent(found: Answered, objective: float) -> float:
    """Return the bound, at most the objective; equal to it where only rounding is between."""
    near = abs(objective - found.bound) <= 1e-6 * max(1.0, abs(objective))
    return objective if found.is_proven and near else min(found.bound, objective)
