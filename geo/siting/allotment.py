"""Allotment: the exhibition area to add at each place so that residents reach the target."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from geo.core.siting_options import AllotmentChoice
from geo.core.vocabulary import PER_10K, TARGET_AREA_PER_10K_M2
from geo.measures.provision import area_per_10k_m2
from geo.measures.study import Study
from geo.siting.model import OPTIMALITY_GAP, Progress
from geo.siting.solver.allotment import (
    AllotmentResult,
    AllotmentTable,
    allotment_table,
    solve_allotment,
)

Scope = Literal["township", "district"]
"""Whether each township must reach the target, or the district as a whole."""

Least = Literal["area", "money"]
"""What an allotment that reaches the target minimises."""


@dataclass(frozen=True)
class Allotment:
    """Added area by site, and the resulting area per resident by township.

    Attributes
    ----------
    added_area_m2 : pandas.Series
        By ``site_id``: m² beyond the present area; 0 where a site is not opened or enlarged.
    area_per_10k_m2 : pandas.Series
        By ``township_code``, afterwards: m² per 10,000 residents; NaN without residents.
    shortfall_m2 : pandas.Series
        By ``township_code``: m² still missing to the target; with the scope "district" a
        reference only, since the target then applies to the district.
    is_lower_bound : pandas.Series
        By ``township_code``: whether a present area is unknown there and counted as 0.
    district_area_per_10k_m2, district_shortfall_m2 : float
        The same of the district, ratio of sums.
    total_added_m2, cost : float
        Sums of all sites, in m² and money; the cost is NaN where a price is not known.
    reaches_target : bool
        Whether no township (or not the district) is short of the target.
    objective, bound : float
        Least area or money where the target is reached, else the m² short over the scope; no
        allotment has less than the bound.
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


def allot_area(
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

    ``min sum(q_j)`` subject to ``present_t + sum(q_j in t) >= target * population_t / 10,000``,
    ``q_j = 0 or min_j <= q_j <= max_j`` (semi-continuous) and the budgets; present area stays.
    Where the budgets do not suffice, the total shortfall in m² is minimised, then that of the
    worst township, then the spending.

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
        What to minimise.
    area_budget_m2, money_budget : float
        Upper limits, in m² and money.
    time_limit_s : float
        Seconds, after which the best so far is returned with its bound.
    gap : float
        Relative distance from the bound that is good enough; 0 proves the optimum.
    progress : callable, optional
        Called with objective, bound and seconds; False stops.

    Returns
    -------
    Allotment
        Series on the indexes of the frames; areas in m².

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
    >>> allotment = allot_area(sites, townships, least="money")
    >>> allotment.added_area_m2.tolist(), allotment.cost, allotment.district_area_per_10k_m2
    ([0.0, 220.0], 130000.0, 160.0)
    """
    deadline = time.monotonic() + time_limit_s
    table = allotment_table(
        sites, townships, target, scope == "district",
        with_money=least == "money" or np.isfinite(money_budget),
    )  # fmt: skip
    found = solve_allotment(
        table, (area_budget_m2, money_budget), spares_money=least == "money",
        deadline=deadline, gap=gap, progress=progress,
    )  # fmt: skip
    return _allotment(table, found, target, least)


def _allotment(
    table: AllotmentTable, found: AllotmentResult, target: float, least: Least
) -> Allotment:
    added = found.added
    area = np.bincount(table.township, table.present + added, len(table.population))
    needed = target * table.population / PER_10K
    short = _without_rounding(needed - area, needed)
    whole = _without_rounding(needed.sum() - area.sum(), needed.sum())
    opened = added > 0
    cost = (
        float(added @ table.cost_per_m2 + table.fixed_cost[opened].sum()) if opened.any() else 0.0
    )
    group = _without_rounding(
        table.missing - np.bincount(table.group, added, len(table.missing)), table.needed
    )
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


def _without_rounding(missing: np.ndarray | float, needed: np.ndarray | float) -> np.ndarray:
    """Return what is missing, 0 where it is rounding of the solver."""
    rounding = 1e-6 * np.maximum(1.0, np.asarray(needed) * 1e-3)
    return np.where(np.asarray(missing) > rounding, missing, 0.0)


def _consistent(found: AllotmentResult, objective: float) -> float:
    """Return the bound, at most the objective; equal to it where they differ by rounding."""
    near = abs(objective - found.bound) <= 1e-6 * max(1.0, abs(objective))
    return objective if found.is_proven and near else min(found.bound, objective)


NEW: Final = "new"
"""Prefix of the id of a place that does not exist yet."""


@dataclass(frozen=True)
class AllotmentPlan:
    """The allotment of a district: its places with what they add.

    Attributes
    ----------
    choice : AllotmentChoice
        The request.
    places : pandas.DataFrame
        By ``site_id``: ``name`` (missing of a new place), ``township_code``,
        ``present_area_m2`` as counted (missing where unknown), ``added_area_m2``.
    allotment : Allotment
        The result by township and of the district.
    """

    choice: AllotmentChoice
    places: pd.DataFrame
    allotment: Allotment


def allotment_plan(
    study: Study, choice: AllotmentChoice | None = None, *, progress: Progress | None = None
) -> AllotmentPlan:
    """Return the least area, or money, that brings the district or each township to the target.

    Parameters
    ----------
    study : Study
        Whose counted areas, caliber, scope, residents and target are used.
    choice : AllotmentChoice, optional
        The scenario's unless given.
    progress : callable, optional
        As :func:`allot_area` takes it.

    Returns
    -------
    AllotmentPlan
        Places of the ledger and new ones, areas in m².

    Raises
    ------
    SitingError
        There is not room enough, or the budget does not pay for the smallest place.
    """
    request = choice or study.scenario.allotment
    places = pd.concat([_existing(study, request), _new(study, request)])
    found = allot_area(
        places.drop(columns="name"),
        study.townships[["population"]],
        target=study.scenario.target_area_per_10k_m2,
        scope=request.scope,
        least=request.least,
        area_budget_m2=_or_infinite(request.area_budget_m2),
        money_budget=_or_infinite(request.money_budget),
        progress=progress,
    )
    kept = places[["name", "township_code", "present_area_m2"]]
    return AllotmentPlan(request, kept.assign(added_area_m2=found.added_area_m2), found)


def _existing(study: Study, request: AllotmentChoice) -> pd.DataFrame:
    """Return places of the district whose area counts; one of unknown area is not enlarged."""
    ledger = study.facilities
    counts = (ledger["counted_area_m2"] > 0) | ledger["counted_area_m2"].isna()
    own = ledger[counts & ledger["assigned_township_code"].notna()]
    return pd.DataFrame(
        {
            "name": own["name"],
            "township_code": own["assigned_township_code"].astype("str"),
            "present_area_m2": own["counted_area_m2"].astype("float64"),
            "min_added_m2": 0.0,
            "max_added_m2": own["counted_area_m2"].notna() * request.existing_max_added_m2,
            "cost_per_m2": _or_unknown(request.cost_per_m2),
            "fixed_cost": 0.0,
        }
    ).rename_axis("site_id")


def _new(study: Study, request: AllotmentChoice) -> pd.DataFrame:
    """Return the places that may be opened, the same number in each township."""
    codes = np.repeat(study.townships.index.to_numpy(dtype=object), request.new_count_per_township)
    number = np.tile(np.arange(request.new_count_per_township) + 1, len(study.townships))
    ids = [f"{NEW}-{code}-{at}" for code, at in zip(codes, number, strict=True)]
    return pd.DataFrame(
        {
            "name": pd.Series([None] * len(ids), dtype="str", index=ids),
            "township_code": codes.astype("str"),
            "present_area_m2": 0.0,
            "min_added_m2": request.new_min_m2,
            "max_added_m2": request.new_max_m2,
            "cost_per_m2": _or_unknown(request.cost_per_m2),
            "fixed_cost": 0.0 if request.new_fixed_cost is None else request.new_fixed_cost,
        },
        index=pd.Index(ids, name="site_id"),
    )


def _or_infinite(value: float | None) -> float:
    return np.inf if value is None else value


def _or_unknown(value: float | None) -> float:
    return np.nan if value is None else value
