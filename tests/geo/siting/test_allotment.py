"""Allotment: hand-worked cases, enumeration of what is opened, and what must always hold."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.core.errors import SitingError, TableError
from geo.siting.allotment import allot_area

A, B = "430503001", "430503002"


def site_table(*rows: tuple[str, float, float, float, float, float]) -> pd.DataFrame:
    """Return sites: township, present, least, most, price a m², price at all."""
    names = ["township_code", "present_area_m2", "min_added_m2", "max_added_m2"]
    frame = pd.DataFrame(list(rows), columns=[*names, "cost_per_m2", "fixed_cost"])
    return frame.set_axis(pd.Index([f"s{i}" for i in range(len(rows))], name="site_id"))


def people(**population: float) -> pd.DataFrame:
    frame = pd.DataFrame({"population": population})
    return frame.set_axis(pd.Index([{"a": A, "b": B}[key] for key in population]))


def test_each_township_gets_what_it_lacks() -> None:
    sites = site_table((A, 100, 0, 500, 1, 0), (B, 0, 0, 500, 1, 0))
    answer = allot_area(sites, people(a=10_000, b=20_000))
    assert answer.added_area_m2.round(6).tolist() == [60.0, 320.0]
    assert answer.area_per_10k_m2.round(6).to_dict() == {A: 160.0, B: 160.0}
    assert answer.reaches_target
    assert answer.is_optimal


def test_a_minimum_counts_only_for_who_gets_any() -> None:
    """80 m² are lacking: the site that starts at 100 is dear in area, the other in money."""
    sites = site_table((A, 80, 100, 200, 1, 0), (A, 0, 10, 200, 5, 10))
    assert allot_area(sites, people(a=10_000)).added_area_m2.tolist() == [0.0, 80.0]
    by_money = allot_area(sites, people(a=10_000), least="money")
    assert by_money.added_area_m2.tolist() == [100.0, 0.0]
    assert by_money.objective == by_money.cost == 100.0


def test_the_district_as_a_whole_may_build_in_one_place() -> None:
    sites = site_table((A, 0, 0, 1_000, 1, 0), (B, 0, 0, 1_000, 2, 0))
    answer = allot_area(sites, people(a=10_000, b=20_000), scope="district", least="money")
    assert answer.added_area_m2.round(6).tolist() == [480.0, 0.0]
    assert answer.shortfall_m2.round(6).to_dict() == {A: 0.0, B: 320.0}
    assert answer.district_area_per_10k_m2 == pytest.approx(160.0)
    assert answer.reaches_target


def test_too_small_a_budget_leaves_the_worst_least_short() -> None:
    """480 m² lack and 240 can be paid for: 240 stay, shared so that the worst lacks 120."""
    sites = site_table((A, 0, 0, 500, 1, 0), (B, 0, 0, 500, 1, 0))
    answer = allot_area(sites, people(a=10_000, b=20_000), area_budget_m2=240)
    assert not answer.reaches_target
    assert answer.objective == pytest.approx(240.0)
    assert answer.shortfall_m2.round(4).to_dict() == {A: 120.0, B: 120.0}
    assert answer.is_optimal


def test_an_unknown_area_counts_nothing_and_is_flagged() -> None:
    sites = site_table((A, np.nan, 0, 500, 1, 0), (B, 160, 0, 0, 1, 0))
    answer = allot_area(sites, people(a=10_000, b=10_000))
    assert answer.added_area_m2.round(6).tolist() == [160.0, 0.0]
    assert answer.is_lower_bound.to_dict() == {A: True, B: False}


def test_what_stands_already_is_enough() -> None:
    answer = allot_area(site_table((A, 900, 50, 90, 1, 0)), people(a=10_000))
    assert (answer.total_added_m2, answer.cost, answer.objective) == (0.0, 0.0, 0.0)
    assert answer.area_per_10k_m2.to_dict() == {A: 900.0}


def test_prices_may_be_unknown_where_money_plays_no_part() -> None:
    sites = site_table((A, 0, 0, 500, np.nan, np.nan))
    assert np.isnan(allot_area(sites, people(a=10_000)).cost)
    with pytest.raises(SitingError, match="cost_per_m2"):
        allot_area(sites, people(a=10_000), least="money")


@pytest.mark.parametrize(
    ("sites", "population", "budget", "told"),
    [
        (site_table((A, 0, 0, 500, 1, 0)), {"a": 1e4, "b": 1e4}, {}, [B, "160.0", "no site"]),
        (site_table((A, 0, 0, 100, 1, 0)), {"a": 1e4}, {}, [A, "160.0", "100.0"]),
        (site_table((A, 0, 90, 500, 1, 0)), {"a": 1e4}, {"area_budget_m2": 80}, ["s0", A, "90.0"]),
        (site_table((A, 0, 9, 500, 2, 7)), {"a": 1e4}, {"money_budget": 20}, ["s0", A, "25.0"]),
        (site_table((A, 0, 0, 500, 1, 0)), {"a": np.nan}, {}, [A, "population"]),
        (site_table((A, 0, 9, 5, 1, 0)), {"a": 1e4}, {}, ["s0"]),
        (site_table((A, 0, 0, np.nan, 1, 0)), {"a": 1e4}, {}, ["s0", "max_added_m2"]),
    ],
)
def test_contradictions_are_named_with_figures(
    sites: pd.DataFrame, population: dict[str, float], budget: dict[str, float], told: list[str]
) -> None:
    with pytest.raises(SitingError) as error:
        allot_area(sites, people(**population), **budget)
    assert all(part in error.value.en for part in told)
    assert all(part in error.value.zh for part in told if part != "no site")
    assert "\n" not in error.value.zh + error.value.en


def test_a_site_in_no_township_is_refused() -> None:
    with pytest.raises(TableError, match=B):
        allot_area(site_table((B, 0, 0, 1, 1, 0)), people(a=1e4))
    with pytest.raises(TableError, match="population"):
        allot_area(site_table((A, 0, 0, 1, 1, 0)), people(a=1e4).drop(columns="population"))


@st.composite
def questions(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return sites of two townships with room enough."""
    rows = [(A, 0.0, 0.0, 600.0, 9.0, 5.0), (B, 0.0, 0.0, 600.0, 7.0, 50.0)]
    for _ in range(draw(st.integers(0, 3))):
        least = draw(st.integers(0, 200))
        rows.append(
            (
                draw(st.sampled_from([A, B])),
                float(draw(st.sampled_from([0, 0, 50, 400]))),
                float(least),
                float(least + draw(st.integers(0, 300))),
                float(draw(st.integers(1, 9))),
                float(draw(st.integers(0, 900))),
            )
        )
    return site_table(*rows), people(a=draw(st.integers(0, 30_000)), b=draw(st.integers(0, 30_000)))


def enumerated(
    sites: pd.DataFrame, townships: pd.DataFrame, least: str, budget: float, money: float
) -> tuple[float, float]:
    """Return the least spending without a shortfall, and the least shortfall, by LPs."""
    needed = townships["population"] * 160 / 10_000
    present = sites.groupby("township_code")["present_area_m2"].sum().reindex(townships.index)
    missing = (needed - present.fillna(0)).clip(lower=0).to_numpy()
    where = townships.index.get_indexer(sites["township_code"])
    member = (where == np.arange(len(missing))[:, None]).astype(float)
    price, fixed = sites["cost_per_m2"].to_numpy(), sites["fixed_cost"].to_numpy()
    count, groups = len(sites), len(missing)
    spending, shortage = [np.inf], [np.inf]
    for opened in product([0, 1], repeat=count):
        on = np.array(opened)
        bounds = [
            (lo * o, hi * o)
            for lo, hi, o in zip(sites["min_added_m2"], sites["max_added_m2"], on, strict=True)
        ]
        rows = [*np.hstack([-member, -np.eye(groups)])]
        limits = [*-missing]
        if np.isfinite(budget):
            rows.append(np.concatenate([np.ones(count), np.zeros(groups)]))
            limits.append(budget)
        if np.isfinite(money):
            rows.append(np.concatenate([price, np.zeros(groups)]))
            limits.append(money - fixed @ on)
        each = price if least == "money" else np.ones(count)
        extra = float(fixed @ on) if least == "money" else 0.0
        for aim, room, kept, more in (
            (np.concatenate([each, np.zeros(groups)]), 0.0, spending, extra),
            (np.concatenate([np.zeros(count), np.ones(groups)]), None, shortage, 0.0),
        ):
            found = linprog(aim, np.array(rows), limits, bounds=[*bounds, *[(0, room)] * groups])
            if found.status == 0:
                kept.append(found.fun + more)
    return min(spending), min(shortage)


@settings(max_examples=60, deadline=None)
@given(
    questions(),
    st.sampled_from(["area", "money"]),
    st.sampled_from([np.inf, 100.0, 400.0, 900.0]),
    st.sampled_from([np.inf, 100.0, 2_000.0, 6_000.0]),
)
def test_no_choice_of_openings_is_better(
    question: tuple[pd.DataFrame, pd.DataFrame], least: str, budget: float, money: float
) -> None:
    sites, townships = question
    spending, shortage = enumerated(sites, townships, least, budget, money)
    answer = allot_area(sites, townships, least=least, area_budget_m2=budget, money_budget=money)
    expected = spending if np.isfinite(spending) else shortage
    assert answer.reaches_target == np.isfinite(spending)
    assert answer.objective == pytest.approx(expected, rel=1e-6, abs=1e-3)
    assert answer.is_optimal
    assert answer.bound <= answer.objective
    assert_allowed(sites, answer.added_area_m2, budget)
    assert answer.cost <= money * (1 + 1e-6)


def assert_allowed(sites: pd.DataFrame, added: pd.Series, budget: float) -> None:
    """Nothing, or between the site's least and most; never less than what stands."""
    given = added > 0
    assert (added >= 0).all()
    assert (added <= sites["max_added_m2"]).all()
    assert (added[given] >= sites["min_added_m2"][given]).all()
    assert added.sum() <= budget * (1 + 1e-6)


@settings(max_examples=40, deadline=None)
@given(questions(), st.integers(1, 900), st.integers(0, 500))
def test_a_larger_budget_is_never_worse(
    question: tuple[pd.DataFrame, pd.DataFrame], budget: int, more: int
) -> None:
    small = allot_area(*question, area_budget_m2=budget)
    large = allot_area(*question, area_budget_m2=budget + more)
    assert large.reaches_target >= small.reaches_target
    if small.reaches_target == large.reaches_target:
        assert large.objective <= small.objective + 1e-3


def test_a_bound_holds_when_time_is_up() -> None:
    sites = site_table((A, 0, 100, 500, 1, 7), (A, 0, 90, 500, 2, 3))
    answer = allot_area(sites, people(a=20_000), time_limit_s=0.0)
    assert answer.bound <= 320.0
    assert answer.bound <= answer.objective
    assert_allowed(sites, answer.added_area_m2, np.inf)
