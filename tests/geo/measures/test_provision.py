import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.vocabulary import CountReason
from geo.measures.eligible_area import UNKNOWN_REASONS
from geo.measures.provision import area_gap_m2, area_per_10k_m2, provision

CODES = ["a", "b", "c"]


def _rows(areas: list[float | None], codes: list[str | None]):  # type: ignore[no-untyped-def]
    reason = ["area_unknown" if area is None else "counted" for area in areas]
    counted = pd.DataFrame(
        {
            "count_reason": reason,
            "counted_area_m2": pd.Series(areas, dtype="float64"),
            "operating": True,
        }
    )
    return counted, pd.Series(codes, dtype="str")


def test_sums_ratios_and_gaps_by_hand() -> None:
    counted, codes = _rows([100, 60, None, 500], ["a", "a", "b", None])
    people = pd.Series({"a": 10_000.0, "b": 5_000.0, "c": 0.0})
    answer = provision(counted, codes, people)
    assert answer["counted_area_m2"].tolist() == [160, 0, 0]
    assert answer["area_per_10k_m2"].tolist()[:2] == [160, 0]
    assert math.isnan(answer["area_per_10k_m2"]["c"]), "nobody lives there: no ratio"
    assert answer["area_gap_m2"].tolist() == [0, 80, 0]
    assert answer["facility_count"].tolist() == [2, 1, 0]
    assert answer["is_lower_bound"].tolist() == [False, True, False]


def test_unknown_population_gives_an_unknown_ratio_and_gap() -> None:
    counted, codes = _rows([100], ["a"])
    answer = provision(counted, codes, pd.Series({"a": np.nan}))
    assert answer[["area_per_10k_m2", "area_gap_m2"]].isna().all(axis=None)


def test_the_plans_own_figures() -> None:
    assert round(area_gap_m2(0, 362_289)) == 5_797
    moved = area_gap_m2(0, 363_200) - area_gap_m2(0, 322_100)
    assert round(moved) == 658, "what the choice of denominator moves"
    assert area_per_10k_m2(160, 10_000) == 160


@pytest.mark.parametrize("people", [0, -1, float("nan")])
def test_without_residents_there_is_no_ratio(people: float) -> None:
    assert math.isnan(area_per_10k_m2(100, people))


def test_every_unknown_reason_makes_a_lower_bound() -> None:
    for reason in CountReason:
        counted, codes = _rows([0], ["a"])
        counted["count_reason"] = reason.value
        answer = provision(counted, codes, pd.Series({"a": 1.0}))
        assert bool(answer["is_lower_bound"]["a"]) == (reason in UNKNOWN_REASONS)


area = st.none() | st.floats(0, 10_000).map(lambda value: round(value, 2))


@given(
    st.lists(st.tuples(area, st.none() | st.sampled_from(CODES)), max_size=30),
    st.lists(st.integers(0, 100_000), min_size=3, max_size=3),
    st.randoms(),
)
def test_nothing_is_counted_twice_and_the_district_is_the_ratio_of_sums(  # type: ignore[no-untyped-def]
    rows, people, random
) -> None:
    counted, codes = _rows([row[0] for row in rows], [row[1] for row in rows])
    population = pd.Series(dict(zip(CODES, people, strict=True)), dtype="float64")
    answer = provision(counted, codes, population)
    known = counted["counted_area_m2"].fillna(0)
    outside = known[codes.isna()].sum()
    assert answer["counted_area_m2"].sum() + outside == pytest.approx(known.sum())
    assert answer["facility_count"].sum() + codes.isna().sum() == len(rows)
    whole = area_per_10k_m2(answer["counted_area_m2"].sum(), population.sum())
    weighted = (answer["area_per_10k_m2"].fillna(0) * population).sum()
    empty_area = answer.loc[population == 0, "counted_area_m2"].sum()
    if population.sum() > 0:
        assert whole * population.sum() == pytest.approx(weighted + empty_area * 10_000)
    order = random.sample(range(len(rows)), len(rows))
    pd.testing.assert_frame_equal(
        provision(counted.iloc[order], codes.iloc[order], population), answer
    )
