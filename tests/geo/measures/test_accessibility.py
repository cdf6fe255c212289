from __future__ import annotations

from dataclasses import dataclass, replace

import access.fca
import access.weights
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.decay import BINARY, GAUSSIAN, LUO_QI_2009, Decay
from geo.core.errors import BadValueError
from geo.measures.accessibility import Accessibility, accessibility, by_area, of_district
from geo.travel.od_matrix import TravelCosts

FIGURE = "accessible_area_per_10k_m2"


@dataclass(frozen=True)
class Case:
    costs: TravelCosts
    supply: pd.Series
    demand: pd.Series

    def answer(self, decay: Decay = LUO_QI_2009) -> Accessibility:
        return accessibility(
            self.costs, self.supply, self.demand, catchment_minutes=30, decay=decay
        )

    def figures(self, decay: Decay = LUO_QI_2009) -> pd.Series:
        return self.answer(decay).by_demand[FIGURE]


def case(minutes: np.ndarray, supply: list[float], demand: list[float]) -> Case:
    """A case of a matrix of minutes, demand points by sites; beyond 30 is no pair."""
    minutes = np.asarray(minutes, dtype=np.float64).reshape(len(demand), len(supply))
    places, sites = [f"d{n}" for n in range(len(demand))], [f"s{n}" for n in range(len(supply))]
    row, column = np.nonzero(minutes <= 30)
    costs = TravelCosts(
        pd.Index(places), pd.Index(sites), row, column, minutes[row, column], 30.0, "network"
    )
    return Case(costs, pd.Series(supply, index=sites), pd.Series(demand, index=places))


# Minutes from three points to two sites; 840 and 360 m²; 5,000, 10,000 and 2,000 residents.
TOWN = case([[5, 25], [15, 10], [99, 20]], [840, 360], [5_000, 10_000, 2_000])


def test_a_town_worked_by_hand() -> None:
    # E2SFCA, weights 1 up to 10 minutes, 0.68 up to 20, 0.22 up to 30.
    # Step 1: s0 serves 5,000 x 1 + 10,000 x 0.68 = 11,800 weighted residents,
    #         840 / 11,800 x 10,000 = 711.864407 m² per 10,000 of them;
    #         s1 serves 5,000 x 0.22 + 10,000 x 1 + 2,000 x 0.68 = 12,460,
    #         360 / 12,460 x 10,000 = 288.924559.
    # Step 2: d0: 711.864407 x 1    + 288.924559 x 0.22 = 775.427810
    #         d1: 711.864407 x 0.68 + 288.924559 x 1    = 772.992356
    #         d2:                     288.924559 x 0.68 = 196.468700
    # Sum of A x P / 10,000: 387.713905 + 772.992356 + 39.293740 = 1,200 = 840 + 360.
    answer = TOWN.answer()
    assert answer.by_site["weighted_demand"].tolist() == pytest.approx([11_800, 12_460])
    assert answer.by_site["site_ratio"].tolist() == pytest.approx([711.864407, 288.924559])
    assert answer.by_demand[FIGURE].tolist() == pytest.approx([775.427810, 772.992356, 196.468700])
    assert answer.by_demand["site_count"].tolist() == [2, 2, 1]
    assert (answer.reached_supply_m2, answer.unreached_supply_m2) == (1_200, 0)


def test_the_same_town_without_decay() -> None:
    # 2SFCA: 840 / 15,000 = 0.056 and 360 / 17,000 = 0.0211765 m² each, x 10,000.
    figures = TOWN.figures(BINARY)
    assert figures.tolist() == pytest.approx([560 + 211.764706, 560 + 211.764706, 211.764706])


def test_a_site_that_no_resident_reaches_is_unreached_and_never_infinite() -> None:
    lonely = case([[99, 5], [5, 99]], [100, 60], [1_000, 0])
    answer = lonely.answer()
    assert (answer.reached_supply_m2, answer.unreached_supply_m2) == (60, 100)
    assert answer.by_demand[FIGURE].tolist() == [600, 0]
    assert answer.by_site["site_ratio"].isna().tolist() == [True, False]


def test_at_the_edge_of_a_gaussian_catchment_nobody_is_reached() -> None:
    answer = case([[30]], [100], [1_000]).answer(GAUSSIAN)
    assert (answer.reached_supply_m2, answer.unreached_supply_m2) == (0, 100)
    assert answer.by_demand["site_count"].tolist() == [0]


def test_an_unknown_area_is_left_out_and_counted() -> None:
    answer = replace(TOWN, supply=pd.Series({"s1": 360.0})).answer()
    assert (answer.unknown_supply_count, answer.reached_supply_m2) == (1, 360)
    assert answer.by_demand["unknown_supply_count"].tolist() == [1, 1, 0]
    assert answer.by_demand["site_count"].tolist() == [1, 1, 1]
    assert answer.by_demand[FIGURE].tolist() == pytest.approx([63.563403, 288.924559, 196.468700])


def test_unknown_residents_compete_with_nobody_and_are_counted() -> None:
    unknown = replace(TOWN, demand=pd.Series({"d0": 5_000.0, "d1": np.nan, "d2": 2_000.0}))
    nobody = replace(TOWN, demand=pd.Series({"d0": 5_000.0, "d1": 0.0, "d2": 2_000.0}))
    assert unknown.answer().unknown_demand_count == 1
    assert unknown.figures().tolist() == nobody.figures().tolist()
    assert nobody.answer().unknown_demand_count == 0
    assert nobody.figures()["d1"] > 0  # what a resident there would reach


def test_an_unknown_area_that_weighs_nothing_is_not_in_reach() -> None:
    answer = case([[30], [29]], [np.nan], [1_000, 1_000]).answer(GAUSSIAN)
    assert answer.by_demand["unknown_supply_count"].tolist() == [0, 1]


@pytest.mark.parametrize("bad", [-1.0, float("inf")])
def test_negative_or_infinite_numbers_are_refused_by_name(bad: float) -> None:
    with pytest.raises(BadValueError, match="s1"):
        replace(TOWN, supply=pd.Series({"s0": 1.0, "s1": bad})).answer()
    with pytest.raises(BadValueError, match="d2"):
        replace(TOWN, demand=pd.Series({"d0": 1.0, "d2": bad})).answer()


def test_ids_that_the_costs_do_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="do not know"):
        replace(TOWN, supply=pd.Series({"s0": 1.0, "s9": 1.0})).answer()


@pytest.mark.parametrize(("catchment", "fault"), [(31, "cut-off"), (0, "wider"), (np.nan, "wider")])
def test_a_catchment_that_the_costs_do_not_cover_is_refused(catchment: float, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        accessibility(
            TOWN.costs, TOWN.supply, TOWN.demand, catchment_minutes=catchment, decay=BINARY
        )


def test_a_narrower_catchment_than_the_costs() -> None:
    answer = accessibility(TOWN.costs, TOWN.supply, TOWN.demand, catchment_minutes=10, decay=BINARY)
    assert answer.by_demand[FIGURE].tolist() == pytest.approx([1_680, 360, 0])


def test_nothing_at_all() -> None:
    empty = case(np.empty((0, 0)), [], []).answer()
    assert (empty.reached_supply_m2, len(empty.by_demand), len(empty.by_site)) == (0, 0, 0)


def test_townships_and_the_district_are_means_by_residents() -> None:
    # North: (775.427810 x 5,000 + 772.992356 x 10,000) / 15,000 = 773.804174.
    # District: 1,200 m² for 17,000 residents, 705.882353.
    answer = TOWN.answer()
    areas = by_area(
        answer.by_demand, TOWN.demand, pd.Series({"d0": "north", "d1": "north", "d2": "south"})
    )
    assert areas[FIGURE].to_dict() == pytest.approx({"north": 773.804174, "south": 196.468700})
    assert of_district(areas)[FIGURE] == pytest.approx(1_200 / 17_000 * 10_000)
    assert not areas["is_lower_bound"].any()


def test_areas_without_people_have_no_figure_and_neighbours_count_for_none() -> None:
    town = replace(
        TOWN, supply=pd.Series({"s1": 360.0}), demand=pd.Series({"d0": 0.0, "d2": 2_000.0})
    )
    area_of = pd.Series({"d0": "north", "d1": "west", "d2": np.nan}, dtype="str")
    areas = by_area(town.answer().by_demand, town.demand, area_of)
    assert areas[FIGURE].isna().to_dict() == {"north": True, "west": True}
    assert areas["unknown_demand_count"].to_dict() == {"north": 0, "west": 1}
    assert np.isnan(of_district(areas)[FIGURE])


def test_a_township_whose_residents_reach_an_unknown_area_has_a_lower_bound() -> None:
    town = replace(TOWN, supply=pd.Series({"s1": 360.0}))
    area_of = pd.Series({"d0": "north", "d1": "north", "d2": "south"})
    areas = by_area(town.answer().by_demand, town.demand, area_of)
    assert areas["is_lower_bound"].to_dict() == {"north": True, "south": False}
    assert of_district(areas)["is_lower_bound"]


def test_an_unknown_area_that_no_resident_reaches_bounds_nothing() -> None:
    town = replace(TOWN, supply=pd.Series({"s1": 360.0}), demand=pd.Series({"d0": 0.0, "d2": 9.0}))
    area_of = pd.Series({"d0": "north", "d2": "south"})
    areas = by_area(town.answer().by_demand, town.demand, area_of)
    assert areas["is_lower_bound"].to_dict() == {"north": False, "south": False}


NUMBERS = st.one_of(st.just(0.0), st.floats(1e-3, 1e6))
DECAYS = st.sampled_from([BINARY, LUO_QI_2009, GAUSSIAN])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    demand, supply = draw(st.lists(NUMBERS, max_size=8)), draw(st.lists(NUMBERS, max_size=5))
    cells = len(demand) * len(supply)
    minutes = draw(st.lists(st.floats(0, 45), min_size=cells, max_size=cells))
    return case(np.array(minutes), supply, demand)


@given(cases(), DECAYS)
def test_what_people_reach_adds_up_to_the_supply_that_anyone_reaches(
    town: Case, decay: Decay
) -> None:
    answer = town.answer(decay)
    shared = (answer.by_demand[FIGURE] * town.demand).sum() / 10_000
    assert shared == pytest.approx(answer.reached_supply_m2, rel=1e-9, abs=0)
    total = answer.reached_supply_m2 + answer.unreached_supply_m2
    assert total == pytest.approx(town.supply.sum(), rel=1e-9)
    assert np.isfinite(answer.by_demand[FIGURE]).all()


@given(cases(), DECAYS, st.randoms(use_true_random=False))
def test_order_changes_nothing(town: Case, decay: Decay, random) -> None:  # type: ignore[no-untyped-def]
    rows = random.sample(range(len(town.demand)), len(town.demand))
    columns = random.sample(range(len(town.supply)), len(town.supply))
    of_row, of_column = np.argsort(rows), np.argsort(columns)
    demand = np.asarray(of_row, dtype=np.int64)[town.costs.demand]
    site = np.asarray(of_column, dtype=np.int64)[town.costs.site]
    order = np.lexsort((site, demand))
    shuffled = TravelCosts(
        town.costs.demand_ids[rows],
        town.costs.site_ids[columns],
        demand[order],
        site[order],
        town.costs.minutes[order],
        30.0,
        "network",
    )
    found = replace(town, costs=shuffled).figures(decay).reindex(town.demand.index)
    assert found.tolist() == pytest.approx(town.figures(decay).tolist(), rel=1e-9)


@given(cases(), DECAYS, st.floats(0.01, 100))
def test_scaling_supply_scales_accessibility(town: Case, decay: Decay, factor: float) -> None:
    scaled = replace(town, supply=town.supply * factor).figures(decay)
    assert scaled.tolist() == pytest.approx((town.figures(decay) * factor).tolist(), rel=1e-9)


@given(cases(), DECAYS, st.data())
def test_more_supply_never_lowers_anyones(town: Case, decay: Decay, data: st.DataObject) -> None:
    size = len(town.supply)
    more = data.draw(st.lists(st.floats(0, 1e4), min_size=size, max_size=size))
    richer = replace(town, supply=town.supply + np.array(more)).figures(decay)
    assert (richer >= town.figures(decay) * (1 - 1e-12)).all()


def peer(town: Case, weight) -> pd.Series:  # type: ignore[no-untyped-def]
    """PySAL's access on the same pairs; it knows no point without a pair."""
    pairs = pd.DataFrame(
        {
            "origin": town.costs.demand_ids[town.costs.demand],
            "dest": town.costs.site_ids[town.costs.site],
            "cost": town.costs.minutes,
        }
    )
    demand = town.demand.rename("demand").rename_axis("geoid").reset_index()
    supply = town.supply.rename("supply").rename_axis("geoid").to_frame()
    ratios = access.fca.two_stage_fca(demand, supply, pairs, max_cost=30, weight_fn=weight)
    return ratios.reindex(town.demand.index, fill_value=0.0) * 10_000


@pytest.mark.parametrize("seed", range(5))
def test_equal_to_pysal_on_random_towns(seed: int) -> None:
    random = np.random.default_rng(seed)
    minutes = random.integers(0, 120, (200, 30)) / 2  # many exactly at a border
    town = case(minutes, random.uniform(1, 500, 30).tolist(), random.uniform(1, 900, 200).tolist())
    stepped = access.weights.step_fn({10: 1, 20: 0.68, 30: 0.22})
    assert town.figures().tolist() == pytest.approx(peer(town, stepped).tolist(), rel=1e-9)
    assert town.figures(BINARY).tolist() == pytest.approx(peer(town, None).tolist(), rel=1e-9)


# The example of access's own tests (its hospital example, BSD-3): three tracts with their people
# and doctors, minutes from tract to tract as the roads are jammed, or free one way, or both.
TRACTS_PEOPLE, TRACTS_DOCTORS = [100.0, 50.0, 10.0], [15.0, 20.0, 100.0]
JAMS = {
    "both ways": [[1, 80, 40], [80, 1, 40], [40, 40, 1]],
    "out of town": [[1, 80, 20], [80, 1, 20], [40, 40, 1]],
    "into town": [[1, 80, 40], [80, 1, 40], [20, 20, 1]],
    "nowhere": [[1, 40, 20], [40, 1, 20], [20, 20, 1]],
}


@pytest.mark.parametrize("minutes", JAMS.values(), ids=list(JAMS))
@pytest.mark.parametrize(
    ("decay", "weight"),
    [
        (BINARY, None),
        (LUO_QI_2009, access.weights.step_fn({10: 1, 20: 0.68, 30: 0.22})),
        # access's gaussian never ends; ours is 0 at the edge: the same after shift and scale.
        (
            GAUSSIAN,
            lambda cost: (access.weights.gaussian(30)(cost) - np.exp(-0.5)) / (1 - np.exp(-0.5)),
        ),
    ],
)
def test_equal_to_pysal_on_its_own_example(minutes, decay: Decay, weight) -> None:  # type: ignore[no-untyped-def]
    town = case(np.array(minutes), TRACTS_DOCTORS, TRACTS_PEOPLE)
    assert town.figures(decay).tolist() == pytest.approx(peer(town, weight).tolist(), rel=1e-9)
