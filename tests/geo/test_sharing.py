"""Accessible area, inequality and score cards of the toy district, worked out by hand."""

from __future__ import annotations

import math

import pytest

from geo.district import DistrictData
from geo.scenario import Scenario
from geo.scorecard import ranks, score_cards
from geo.sharing import ACCESSIBLE, PROVIDED
from geo.study import study
from tests.conftest import A, B, C, D

EVERYWHERE = {"mode": "car", "catchment_minutes": 60, "method": "binary"}


def test_whom_everything_reaches_has_the_same(toy: DistrictData, scenario: Scenario) -> None:
    found = study(toy, scenario.changed(accessibility=EVERYWHERE)).sharing
    # 490 m² that count and 500 m² beyond the edge (f07), among 35,000 people.
    assert found.accessibility.reached_supply_m2 == 990
    assert found.district[ACCESSIBLE] == pytest.approx(990 / 3.5)
    assert found.by_township.loc[A, ACCESSIBLE] == pytest.approx(990 / 3.5)
    assert math.isnan(found.by_township.loc[D, ACCESSIBLE]), "nobody lives there"
    assert found.accessibility.unknown_supply_count == 1, "f05"
    assert bool(found.district["is_lower_bound"]) is True
    assert found.inequality[ACCESSIBLE].gini == pytest.approx(0, abs=1e-9)


def test_what_is_shared_out_is_what_is_reached(toy: DistrictData, scenario: Scenario) -> None:
    for method in ("zones", "gaussian"):
        choice = {"mode": "e_bicycle", "catchment_minutes": 15, "method": method}
        answer = study(toy, scenario.changed(accessibility=choice))
        people = answer.reaching.surface.points["population"]
        access = answer.sharing.accessibility
        total = (people * access.by_demand[ACCESSIBLE]).sum() / 10_000
        assert total == pytest.approx(access.reached_supply_m2)
        assert access.reached_supply_m2 + access.unreached_supply_m2 == pytest.approx(990)


def test_inequality_among_the_townships(toy: DistrictData, scenario: Scenario) -> None:
    found = study(toy, scenario).sharing.inequality[PROVIDED]
    # 170 for 20,000 people, 100 for 15,000, nobody in D; the mean is 140.
    assert found.gini == pytest.approx(15 / 35 - 150 / 490)
    theil = 340 / 490 * math.log(170 / 140) + 150 / 490 * math.log(100 / 140)
    assert found.theil == pytest.approx(theil)
    # Urban 440 m² for 30,000 people, rural 50 for 5,000.
    between = 440 / 490 * math.log(440 / 3 / 140) + 50 / 490 * math.log(100 / 140)
    assert found.theil_between == pytest.approx(between)
    assert found.theil_of_group["rural"] == 0
    assert (found.unit_count, found.unknown_count) == (3, 0)


def test_another_caliber_of_the_same_date_reaches_the_same(
    toy: DistrictData, scenario: Scenario
) -> None:
    first = study(toy, scenario)
    again = study(toy, scenario.changed(caliber="C"), like=first)
    afresh = study(toy, scenario.changed(caliber="C"))
    assert again.reaching is first.reaching
    assert again.reaching.gaps.equals(afresh.reaching.gaps)
    assert again.sharing.district.equals(afresh.sharing.district)
    assert again.district == afresh.district
    other = study(toy, scenario.changed(detour_factor=2), like=first)
    assert other.reaching is not first.reaching


def test_cards_and_ranks(toy: DistrictData, scenario: Scenario) -> None:
    answer = study(toy, scenario)
    cards = score_cards(answer)
    assert cards.index.equals(toy.townships.index)
    assert cards.loc[A, ["pending_count", "disagreement_count"]].tolist() == [1, 1], "f10, f08"
    assert cards.loc[B, "pending_count"] == 0
    places = ranks(answer)
    # B and C have 100 both; D has no ratio.
    assert places[PROVIDED].fillna(0).tolist() == [1, 2, 2, 0]
    assert places.loc[D, ACCESSIBLE] != places.loc[D, ACCESSIBLE]
    assert places["service_centre"].loc[C] == 1
