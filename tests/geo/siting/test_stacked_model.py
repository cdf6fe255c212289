"""Several programmes as one model: columns, demand side by side, pairs of their own."""

from __future__ import annotations

import numpy as np
import pytest

from geo.core.errors import SitingError
from geo.siting.problem import make_problem

BASE = {"kind": "science_base", "count": 2, "mode": "foot", "minutes": 45}
OTHER = {"kind": "emergency_base", "count": 1, "mode": "foot", "minutes": 30}


@pytest.fixture(scope="module")
def stacked(toy_study, make_choice):  # type: ignore[no-untyped-def]
    return make_problem(toy_study, make_choice()).stacked


def test_columns_go_by_programme_then_candidate(stacked) -> None:  # type: ignore[no-untyped-def]
    count = len(stacked.candidates)
    assert stacked.programme.tolist() == [0] * count + [1] * count
    assert stacked.candidate.tolist() == [*range(count), *range(count)]
    assert stacked.columns(1).tolist() == list(range(count, 2 * count))
    assert [one.kind.value for one in stacked.programmes] == ["science_base", "emergency_base"]


def test_the_column_of_a_programme_and_candidate(stacked) -> None:  # type: ignore[no-untyped-def]
    for column in range(len(stacked.programme)):
        programme, candidate = stacked.programme[column], stacked.candidate[column]
        assert stacked.column_of[programme, candidate] == column
    flags = np.zeros(len(stacked.candidates), dtype=bool)
    flags[2] = True
    assert stacked.columns_at(flags).tolist() == stacked.column_of[:, 2].tolist()


def test_where_a_candidate_is_of_one_programme_alone_the_other_has_no_column(  # type: ignore[no-untyped-def]
    toy_study, make_choice
) -> None:
    choice = make_choice(programmes=[BASE | {"settlement": "urban"}, OTHER])
    stacked = make_problem(toy_study, choice).stacked
    urban = (stacked.candidates["settlement"] == "urban").to_numpy()
    assert ((stacked.column_of[0] >= 0) == urban).all()
    assert (stacked.column_of[1] >= 0).all()
    assert len(stacked.columns(0)) == urban.sum()


def test_demand_stands_side_by_side_and_pairs_stay_within_a_programme(stacked) -> None:  # type: ignore[no-untyped-def]
    covering = stacked.covering()
    first, second = (len(demand.weight) for demand in stacked.demands)
    assert stacked.starts.tolist() == [0, first, first + second]
    assert covering.demand_count == first + second
    assert (stacked.programme[covering.candidate] == (covering.demand >= first)).all()
    for at, demand in enumerate(stacked.demands):
        own, part = demand.covering(), stacked.programme[covering.candidate] == at
        assert covering.candidate_count == len(stacked.programme)
        pairs = set(zip(own.demand + stacked.starts[at], own.candidate, strict=True))
        columns = stacked.candidate[covering.candidate[part]]
        assert set(zip(covering.demand[part], columns, strict=True)) == pairs


def test_travel_costs_are_those_of_each_programme(stacked) -> None:  # type: ignore[no-untyped-def]
    matrix = stacked.travel_matrix()
    parts = [demand.travel_matrix() for demand in stacked.demands]
    assert matrix.cost.tolist() == np.concatenate([part.cost for part in parts]).tolist()
    assert matrix.before.tolist() == np.concatenate([part.before for part in parts]).tolist()
    assert matrix.weight.sum() == pytest.approx(sum(part.weight.sum() for part in parts))


def test_weights_and_standards_may_be_others(stacked) -> None:  # type: ignore[no-untyped-def]
    ones = [np.ones(len(demand.weight)) for demand in stacked.demands]
    assert stacked.covering(weights=ones).weight.sum() == sum(map(len, ones))
    half = stacked.covering(stretch=0.5)
    assert len(half.demand) < len(stacked.covering().demand)


def test_too_few_candidates_are_named_with_their_programme(toy_study, make_choice) -> None:  # type: ignore[no-untyped-def]
    choice = make_choice(programmes=[BASE, OTHER | {"host_kinds": [], "count": 40}])
    with pytest.raises(SitingError, match="要选 40 处，候选点只有") as error:
        make_problem(toy_study, choice)
    assert "40 sites are asked for" in error.value.en
