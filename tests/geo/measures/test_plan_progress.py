"""Where the plan's commitments stand: computed ones by the toy's arithmetic, the others by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from geo.core.approximate import ApproximateValue
from geo.core.plan import Commitment, Measure, Plan, YearlyRule, load_plan
from geo.core.scenario import load_scenario
from geo.core.vocabulary import Kind
from geo.measures.plan_progress import CommitmentProgress, State, progress
from geo.measures.study import Study, study
from geo.publish.study_json.progress import progress_record

YEARS = range(2021, 2026)


@pytest.fixture(scope="module")
def by_year(toy: Any) -> dict[int, Study]:
    return {year: study(toy, load_scenario(on=date(year, 12, 31))) for year in YEARS}


def standing(
    by_year: Mapping[int, Study], by_hand: Mapping[str, Mapping[int, float]] | None = None
) -> dict[str, CommitmentProgress]:
    found = progress(load_plan(), by_year[2025], by_year, by_hand or {})
    return {one.commitment.commitment_id: one for one in found}


def commitment(**values: Any) -> Commitment:
    return Commitment(commitment_id="x", zh="x", en="x", unit_zh="个", unit_en="sites", **values)


def plan_of(*commitments: Commitment) -> Plan:
    return load_plan().model_copy(update={"commitments": commitments})


def test_computed_values_are_those_of_the_studies(by_year: dict[int, Study]) -> None:
    area = standing(by_year)["area_per_10k"]
    assert {year: one.value for year, one in area.by_year.items()} == {
        year: found.district.area_per_10k_m2 for year, found in by_year.items()
    }
    # f05 is a hall of unknown area: the indicator is a lower bound, so nobody knows.
    assert area.current.is_lower_bound
    assert area.state is State.UNDECIDED


def test_what_nobody_filled_in_is_unknown_and_not_zero(by_year: dict[int, Study]) -> None:
    literate = standing(by_year)["literate_residents"]
    assert literate.current.value is None
    assert {one.value for one in literate.by_year.values()} == {None}
    assert literate.state is State.UNKNOWN


@pytest.mark.parametrize(
    ("name", "values", "value", "bound", "state"),
    [
        ("literate_residents", {2021: 9.0, 2024: 15.2}, 15.2, False, State.MET),
        ("literate_residents", {2023: 15.2, 2025: 14.9}, 14.9, False, State.NOT_MET),
        ("farmers_training", dict.fromkeys(YEARS, 400.0), 2000, False, State.MET),
        ("farmers_training", dict.fromkeys(YEARS, 300.0), 1500, False, State.NOT_MET),
        ("farmers_training", {2021: 400.0, 2022: 500.0}, 900, True, State.UNDECIDED),
        ("farmers_training", {2021: 2500.0}, 2500, True, State.MET),
        ("counsellors", dict.fromkeys(YEARS, 20.0), 20, False, State.MET),
        ("counsellors", {2021: 25.0, 2022: 19.0}, 19, False, State.NOT_MET),
        ("counsellors", {2021: 25.0}, 25, False, State.UNKNOWN),
        ("enterprises", {2021: 0.0}, 0, True, State.UNDECIDED),
    ],
)
def test_values_kept_by_hand_go_by_their_rule(
    by_year: dict[int, Study],
    name: str,
    values: dict[int, float],
    value: float,
    bound: bool,
    state: State,
) -> None:
    found = standing(by_year, {name: values})[name]
    assert (found.current.value, found.current.is_lower_bound) == (value, bound)
    assert found.state is state


def test_years_to_come_are_left_out(by_year: dict[int, Study]) -> None:
    by_hand = {"rural_leaders": {2022: 50.0, 2025: 500.0}}
    found = {
        one.commitment.commitment_id: one
        for one in progress(load_plan(), by_year[2022], by_year, by_hand)
    }
    assert list(found["area_per_10k"].by_year) == [2021, 2022]
    assert found["rural_leaders"].current.value == 50
    assert list(found["rural_leaders"].by_year) == [2021, 2022]


def test_new_bases_are_those_that_did_not_stand_before(
    make_toy: Callable[..., Any], make_facility: Callable[..., Any], place: Callable[..., Any]
) -> None:
    kind = "agri_demo_base"
    rows = [
        make_facility("old", kind, place(1, 1), opened_on="2019-05-01"),
        make_facility("new", kind, place(2, 1), opened_on="2023-05-01"),
        make_facility("pending", kind, place(3, 1), opened_on="2023-05-01",
                      verification="pending"),
        make_facility("outside", kind, place(20, 1), opened_on="2023-05-01"),
    ]  # fmt: skip
    asked = commitment(target=1, measure=Measure.NEW_FACILITIES, kinds=(Kind.AGRI_DEMO_BASE,))
    scenario = load_scenario(on=date(2025, 12, 31))

    def found(*ledger: Any) -> CommitmentProgress:
        of_toy = study(make_toy(list(ledger)), scenario)
        return progress(plan_of(asked), of_toy, {}, {})[0]

    assert found(*rows).current.value == 1
    assert not found(*rows).current.is_lower_bound
    assert found(*rows).state is State.MET
    # One that nobody dated may be new: nobody can say that there is none.
    undated = make_facility("undated", kind, place(2, 2))
    unsure = found(rows[0], undated)
    assert (unsure.current.value, unsure.current.is_lower_bound) == (0, True)
    assert unsure.state is State.UNDECIDED


def test_a_kind_without_standard_has_no_coverage(by_year: dict[int, Study]) -> None:
    asked = commitment(measure=Measure.COVERAGE, kinds=(Kind.PARK,))
    (found,) = progress(plan_of(asked), by_year[2025], {}, {})
    assert found.current.value is None
    library = commitment(measure=Measure.COVERAGE, kinds=(Kind.LIBRARY,))
    (found,) = progress(plan_of(library), by_year[2025], {}, {})
    rates = by_year[2025].district_coverage.coverage_of_district["coverage_rate"]
    assert found.current.value == pytest.approx(100 * rates["library"])
    assert found.state is State.NO_TARGET


def test_no_villages_and_no_schools_are_unknown(by_year: dict[int, Study]) -> None:
    found = standing(by_year)
    assert found["villages"].current.value is None
    assert found["schools"].current.value is None


def test_the_record_is_plain_and_says_whose_plan_it_is(by_year: dict[int, Study]) -> None:
    plan = load_plan()
    rows = progress(plan, by_year[2025], by_year, {"literate_residents": {2023: 12.34}})
    record = progress_record(plan, by_year[2025], rows)
    assert record["source"] == "大政办发〔2022〕12号"
    # The toy is another district: its table must not pass for its own plan's.
    assert record["of_this_district"] is False
    found = {row["commitment_id"]: row for row in record["commitments"]}
    assert found["literate_residents"]["by_hand"] is True
    assert found["literate_residents"]["by_year"]["2023"]["value"] == 12.3
    assert found["literate_residents"]["by_year"]["2024"]["value"] is None
    assert found["area_per_10k"]["by_hand"] is False
    assert YearlyRule(found["farmers_training"]["rule"]) is YearlyRule.SUM


@pytest.mark.parametrize(
    ("name", "values", "zh", "en"),
    [
        ("literate_residents", {2023: 15.2, 2024: 14.9}, "未达到（按最近填报的 2024 年）",
         "not met (by 2024, the latest)"),
        ("literate_residents", {2021: 16.0}, "已达到（按最近填报的 2021 年）",
         "met (by 2021, the latest)"),
        ("counsellors", {2021: 25.0, 2022: 19.0, 2023: 3.0}, "未达到：2022、2023 年不足 20 名",
         "not met: below 20 persons in 2022, 2023"),
        ("counsellors", {2021: 25.0, 2022: 20.0, 2023: 30.0, 2025: 20.0},
         "不能判定：2024 年未填报", "cannot be decided: 2024 not given"),
        ("counsellors", dict.fromkeys(YEARS, 20.0), "已达到：至 2025 年每年都达到",
         "met: every year to 2025"),
        ("enterprises", {2021: 3.0, 2022: 4.0, 2023: 1.0, 2024: 0.0},
         "不能判定：2025 年未填报", "cannot be decided: 2025 not given"),
        ("enterprises", dict.fromkeys(YEARS, 1.0), "未达到（合计至 2025 年）",
         "not met (sum to 2025)"),
        ("enterprises", {}, "未填报或无数据", "no data"),
    ],
)  # fmt: skip
def test_the_judgement_names_the_years_that_decide_it(
    by_year: dict[int, Study], name: str, values: dict[int, float], zh: str, en: str
) -> None:
    rows = list(standing(by_year, {name: values}).values())
    record = progress_record(load_plan(), by_year[2025], rows)
    found = next(row for row in record["commitments"] if row["commitment_id"] == name)
    assert (found["state_zh"], found["state_en"]) == (zh, en)
    assert found["current_year"] == max(values, default=None)


def test_what_rests_on_an_inexact_figure_says_so(by_year: dict[int, Study]) -> None:
    about = ApproximateValue(4, zh="约数", en="about")
    found = standing(by_year, {"enterprises": {2021: 3.0, 2022: about},
                               "literate_residents": {2021: about, 2022: 5.0}})  # fmt: skip
    assert found["enterprises"].current.is_approximate
    assert [one.is_approximate for one in found["enterprises"].by_year.values()][:2] == [
        False,
        True,
    ]
    assert not found["literate_residents"].current.is_approximate
