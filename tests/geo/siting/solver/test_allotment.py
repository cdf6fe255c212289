"""The allotment's programme: its arrays, its objectives in their order, and what it refuses."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from geo.core.errors import SitingError, TableError
from geo.siting.solver.allotment import AllotmentResult, allotment_table, solve_allotment

A, B = "430503001", "430503002"


def sites_of(seed: int, count: int = 4) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    least = random.integers(0, 60, count).astype(float)
    return pd.DataFrame(
        {
            "township_code": [A, B, *random.choice([A, B], count - 2)],
            "present_area_m2": random.integers(0, 100, count).astype(float),
            "min_added_m2": least,
            "max_added_m2": least + random.integers(100, 200, count),
            "cost_per_m2": random.integers(1, 9, count).astype(float),
            "fixed_cost": random.integers(0, 300, count).astype(float),
        },
        index=pd.Index([f"s{n}" for n in range(count)], name="site_id"),
    )


TOWNSHIPS = pd.DataFrame({"population": [10_000, 5_000]}, index=[A, B])


def solved(
    sites: pd.DataFrame, *, whole: bool, money: bool, area: float = np.inf, cost: float = np.inf
) -> AllotmentResult:
    table = allotment_table(sites, TOWNSHIPS, 160.0, whole, with_money=True)
    return solve_allotment(
        table, (area, cost), spares_money=money, deadline=np.inf, gap=0.0, progress=None
    )


def least_by_hand(sites: pd.DataFrame, *, whole: bool, money: bool) -> float:
    """Open each set of sites in turn; what they add is a linear programme."""
    price = sites["cost_per_m2"].to_numpy() if money else np.ones(len(sites))
    need, present = TOWNSHIPS["population"] / 10_000 * 160, sites.groupby("township_code")
    present = present["present_area_m2"].sum()
    missing = (need - present).to_numpy()
    groups = np.array([[c == code for c in sites["township_code"]] for code in (A, B)], float)
    if whole:
        groups, missing = groups.sum(axis=0, keepdims=True), missing.sum(keepdims=True)
    best = np.inf
    for opened in product([0, 1], repeat=len(sites)):
        on = np.array(opened, dtype=float)
        bounds = np.column_stack([sites["min_added_m2"] * on, sites["max_added_m2"] * on])
        fixed = float(sites["fixed_cost"] @ on) if money else 0.0
        found = linprog(price, A_ub=-groups, b_ub=-np.maximum(missing, 0), bounds=bounds)
        if found.status == 0:
            best = min(best, found.fun + fixed)
    return best


@pytest.mark.parametrize("money", [False, True])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_the_least_that_reaches_the_target(seed: int, whole: bool, money: bool) -> None:
    sites = sites_of(seed)
    found = solved(sites, whole=whole, money=money)
    opened = found.added > 0
    price = sites["cost_per_m2"].to_numpy() if money else np.ones(len(sites))
    spent = float(found.added @ price)
    spent += float(sites["fixed_cost"].to_numpy()[opened].sum()) if money else 0.0
    assert found.reaches
    assert found.is_proven
    assert spent == pytest.approx(least_by_hand(sites, whole=whole, money=money), abs=1e-4)
    assert found.bound == pytest.approx(spent, abs=1e-4)
    added = found.added[opened]
    assert (added >= sites["min_added_m2"].to_numpy()[opened] - 1e-9).all()
    assert (added <= sites["max_added_m2"].to_numpy()[opened] + 1e-9).all()


@pytest.mark.parametrize("seed", range(6))
def test_a_budget_of_area_is_used_up_and_shared_by_the_worst(seed: int) -> None:
    sites = sites_of(seed).assign(min_added_m2=0.0)
    table = allotment_table(sites, TOWNSHIPS, 160.0, False, with_money=True)
    budget = float(table.missing.sum()) / 2
    found = solved(sites, whole=False, money=False, area=budget)
    short = table.missing - np.bincount(table.group, found.added, 2)
    assert not found.reaches
    assert found.added.sum() == pytest.approx(budget, abs=1e-4)
    assert short.sum() == pytest.approx(found.bound, abs=1e-3)
    for share in np.linspace(0, 1, 11):
        room = np.bincount(table.group, table.most, 2)
        parts = np.minimum([share * budget, (1 - share) * budget], np.minimum(room, table.missing))
        if parts.sum() >= budget - 1e-6:
            assert short.max() <= (table.missing - parts).max() + 1e-3


def test_a_budget_of_money_is_kept() -> None:
    sites = sites_of(4)
    free = solved(sites, whole=False, money=True)
    opened = free.added > 0
    full = float(free.added @ sites["cost_per_m2"] + sites["fixed_cost"].to_numpy()[opened].sum())
    found = solved(sites, whole=False, money=True, cost=0.9 * full)
    on = found.added > 0
    spent = float(found.added @ sites["cost_per_m2"] + sites["fixed_cost"].to_numpy()[on].sum())
    assert not found.reaches
    assert spent <= 0.9 * full + 1e-3


def test_nothing_is_added_where_nothing_is_missing() -> None:
    sites = sites_of(2).assign(present_area_m2=1_000.0)
    found = solved(sites, whole=False, money=False)
    assert (found.added.tolist(), found.reaches, found.bound) == ([0.0] * 4, True, 0.0)


def test_a_budget_that_pays_for_no_site_is_refused() -> None:
    sites = sites_of(3).assign(min_added_m2=50.0)
    with pytest.raises(SitingError, match="不够最省的点位"):
        solved(sites, whole=False, money=False, area=10.0)


def test_groups_are_townships_or_the_district() -> None:
    sites = sites_of(4)
    apart = allotment_table(sites, TOWNSHIPS, 160.0, False, with_money=False)
    whole = allotment_table(sites, TOWNSHIPS, 160.0, True, with_money=False)
    assert apart.needed.tolist() == [160.0, 80.0]
    assert whole.needed.tolist() == [240.0]
    assert (whole.group == 0).all()
    assert (apart.group == apart.township).all()
    assert [en for _, en in apart.names] == [f"Township {A}", f"Township {B}"]
    assert whole.names == (("全区", "The district"),)


def test_an_unknown_present_area_counts_0_and_is_flagged() -> None:
    sites = sites_of(5)
    sites.loc["s0", "present_area_m2"] = np.nan
    table = allotment_table(sites, TOWNSHIPS, 160.0, False, with_money=False)
    assert table.present[0] == 0.0
    assert table.is_lower_bound.tolist() == [True, False]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"max_added_m2": np.nan}, SitingError, "max_added_m2 未知或为负"),
        ({"min_added_m2": -1.0}, SitingError, "min_added_m2 未知或为负"),
        ({"cost_per_m2": np.nan}, SitingError, "cost_per_m2 未知或为负"),
        ({"min_added_m2": 900.0}, SitingError, "最小新增面积大于最大新增面积"),
        ({"max_added_m2": 0.0, "min_added_m2": 0.0}, SitingError, "没有可新增面积的点位"),
        ({"max_added_m2": 1.0, "min_added_m2": 0.0}, SitingError, "最多只能新增"),
        ({"township_code": "430503999"}, TableError, "430503999 不在乡镇表中"),
    ],
)
def test_what_cannot_be_solved_is_refused(
    change: dict[str, object], error: type[Exception], message: str
) -> None:
    sites = sites_of(1).assign(**change)
    with pytest.raises(error, match=message):
        allotment_table(sites, TOWNSHIPS, 160.0, False, with_money=True)


def test_prices_are_not_needed_where_money_plays_no_part() -> None:
    sites = sites_of(1).assign(cost_per_m2=np.nan, fixed_cost=np.nan)
    assert allotment_table(sites, TOWNSHIPS, 160.0, False, with_money=False).sites is sites.index


def test_missing_columns_are_named() -> None:
    with pytest.raises(TableError, match="max_added_m2"):
        allotment_table(
            sites_of(1).drop(columns="max_added_m2"), TOWNSHIPS, 160.0, False, with_money=False
        )
    with pytest.raises(TableError, match="population"):
        allotment_table(
            sites_of(1), TOWNSHIPS.drop(columns="population"), 160.0, False, with_money=False
        )
