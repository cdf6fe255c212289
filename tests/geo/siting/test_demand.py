"""Demand of a programme: who counts, what exists, and how far they are."""

from __future__ import annotations

import numpy as np
import pytest

from geo.core.errors import SitingError
from geo.core.siting_options import Programme
from geo.siting.candidates import candidate_sites
from geo.siting.demand import Demand, demand_of

A, B, C = "430599001", "430599002", "430599101"


@pytest.fixture(scope="module")
def candidates(toy_study, make_choice):  # type: ignore[no-untyped-def]
    return candidate_sites(toy_study, make_choice())


def made(toy_study, candidates, cutoff=60.0, **values) -> Demand:  # type: ignore[no-untyped-def]
    given = {"kind": "science_base", "count": 1, "mode": "foot", "minutes": 45}
    programme = Programme.model_validate(given | values)
    return demand_of(toy_study, programme, candidates, cutoff_minutes=cutoff)


def test_residents_are_those_of_the_district(toy_study, candidates) -> None:  # type: ignore[no-untyped-def]
    demand = made(toy_study, candidates)
    towns = demand.points["township_code"].to_numpy()
    assert demand.weight.sum() == pytest.approx(35_000)
    assert demand.weight[towns == A].sum() == pytest.approx(20_000)
    assert demand.unknown_codes == ()


def test_one_settlement_type_alone_counts(toy_study, candidates) -> None:  # type: ignore[no-untyped-def]
    rural = made(toy_study, candidates, demand_settlement="rural")
    urban = made(toy_study, candidates, demand_settlement="urban")
    assert rural.weight.sum() == pytest.approx(5_000)
    assert urban.weight.sum() == pytest.approx(30_000)
    assert ((rural.weight > 0) & (urban.weight > 0)).sum() == 0


def test_costs_reach_as_far_as_the_cut_off(toy_study, candidates) -> None:  # type: ignore[no-untyped-def]
    near, far = (made(toy_study, candidates, cutoff) for cutoff in (45.0, 90.0))
    assert near.to_candidates.minutes.max() <= 45.0
    assert 45.0 < far.to_candidates.minutes.max() <= 90.0
    assert len(near.to_candidates.demand) < len(far.to_candidates.demand)


def test_coverage_is_what_lies_within_the_standard(toy_study, candidates) -> None:  # type: ignore[no-untyped-def]
    demand = made(toy_study, candidates, 90.0)
    covering, wide = demand.covering(), demand.covering(stretch=1.5)
    costs = demand.to_candidates
    assert len(covering.demand) == (costs.minutes <= 45.0 * (1 + 1e-9)).sum()
    assert len(wide.demand) == (costs.minutes <= 67.5 * (1 + 1e-9)).sum()
    assert covering.candidate_count == len(candidates)
    assert (wide.before >= covering.before).all()


def test_other_weights_stand_for_its_own(toy_study, candidates) -> None:  # type: ignore[no-untyped-def]
    demand = made(toy_study, candidates)
    ones = np.ones(len(demand.weight))
    assert demand.covering(weight=ones).weight.sum() == len(ones)
    assert demand.covering().weight is demand.weight


def test_the_nearest_existing_facility_is_the_cost_before(toy_study, candidates) -> None:  # type: ignore[no-untyped-def]
    demand = made(toy_study, candidates, 90.0)
    matrix = demand.travel_matrix()
    costs = demand.to_existing
    for point in range(0, len(demand.weight), 25):
        own = costs.minutes[costs.demand == point]
        assert matrix.before[point] == (own.min() if len(own) else np.inf)
    assert (matrix.cost == demand.to_candidates.minutes).all()


def test_facilities_of_the_kind_exist_as_they_serve(toy_study, candidates) -> None:  # type: ignore[no-untyped-def]
    assert made(toy_study, candidates).existing_ids.tolist() == ["f04"]
    assert made(toy_study, candidates, kind="emergency_base").existing_ids.tolist() == []
    served = made(toy_study, candidates, kind="civilization_practice", minutes=30)
    assert served.existing_ids.tolist() == ["f15"], "by its designation"


def test_an_audience_without_figures_is_refused(toy_study, candidates) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SitingError, match="没有可计的需求"):
        made(toy_study, candidates, audience="seniors")
    with pytest.raises(SitingError, match="学校在各处"):
        made(toy_study, candidates, audience="schools")


def test_too_many_pairs_are_refused(toy_study, candidates) -> None:  # type: ignore[no-untyped-def]
    programme = Programme(kind="science_base", count=1, mode="foot", minutes=45)  # type: ignore[arg-type]
    with pytest.raises(SitingError, match="超过 10 对") as error:
        demand_of(toy_study, programme, candidates, cutoff_minutes=45, most_pairs=10)
    assert "over 10" in error.value.en
