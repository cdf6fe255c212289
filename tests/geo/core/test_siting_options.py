"""Requests that contradict themselves are refused when they are read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from geo.core.siting_options import (
    NO_LAYERS,
    AllotmentChoice,
    CandidateReview,
    CandidateSource,
    Costs,
    Programme,
    Question,
    SitingChoice,
)
from geo.siting.labels import AUDIENCES, QUESTIONS, SOURCES

PROGRAMME = {"kind": "science_base", "count": 2, "mode": "foot", "minutes": 15}


def choice(**values: Any) -> SitingChoice:
    return SitingChoice.model_validate({"programmes": [PROGRAMME]} | values)


def test_what_is_not_given_has_a_default() -> None:
    made = choice()
    assert made.question is Question.MOST_COVERED
    assert made.candidates.villages
    assert made.candidates.grid_m is None
    assert (made.required, made.forbidden, made.marks) == ((), (), ())
    assert made.programmes[0].audience == "residents"
    assert made.costs == Costs()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"programmes": []}, "at least 1"),
        ({"programmes": [PROGRAMME, PROGRAMME]}, "同一类型写了两次"),
        ({"marks": [{"candidate_id": "a"}, {"candidate_id": "a"}]}, "同一候选点写了两次"),
        ({"time_limit_s": 0.5}, "greater than or equal to 1"),
        ({"floor_share": 1.2}, "less than or equal to 1"),
        ({"suitability_weight": float("nan")}, "finite"),
        ({"exclusions": [{"ring": [[111, 27], [112, 27]]}]}, "at least 3"),
        ({"candidates": {"grid_m": 100}}, "200"),
        ({"unknown_key": 1}, "unknown_key"),
        (
            {"programmes": [PROGRAMME | {"first_phase": 1}], "question": "fewest_sites"},
            "first_phase 只用于",
        ),
    ],
)
def test_what_cannot_be_requested(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        choice(**values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "library"}, "不是可选址的类型"),
        ({"first_phase": 3}, "first_phase 大于 count"),
        ({"count": 0}, "greater than or equal to 1"),
        ({"minutes": 601}, "less than or equal to 600"),
        ({"audience": "everybody"}, "residents"),
    ],
)
def test_what_cannot_be_a_programme(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Programme.model_validate(PROGRAMME | values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"candidate_id": ""}, "at least 1"),
        ({"candidate_id": "a", "suitability": 1.1}, "less than or equal to 1"),
        ({"candidate_id": "a", "cost": -1}, "greater than or equal to 0"),
        ({"candidate_id": "a", "failed": ""}, "at least 1"),
    ],
)
def test_what_cannot_be_a_review(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        CandidateReview.model_validate(values)


@pytest.mark.parametrize("question", ["most_covered", "backup"])
def test_phases_go_with_coverage(question: str) -> None:
    made = choice(programmes=[PROGRAMME | {"first_phase": 1}], question=question)
    assert made.programmes[0].first_phase == 1


def test_an_allotment_of_money_needs_a_price() -> None:
    with pytest.raises(ValidationError, match="须有 cost_per_m2"):
        AllotmentChoice(least="money")
    assert AllotmentChoice(least="money", cost_per_m2=0.1).cost_per_m2 == 0.1


def test_each_question_audience_and_source_has_a_label_in_both_languages() -> None:
    audiences = Programme.model_fields["audience"].annotation
    assert set(QUESTIONS) == set(Question)
    assert set(SOURCES) == set(CandidateSource)
    assert set(AUDIENCES) == set(audiences.__args__)  # type: ignore[union-attr]
    for labels in (QUESTIONS, SOURCES, AUDIENCES):
        for label in labels.values():  # type: ignore[attr-defined]
            assert label.zh
            assert label.en


def test_each_source_has_a_cost_of_its_own() -> None:
    assert {source.value for source in CandidateSource} == set(Costs.model_fields) - {"budget"}


def test_a_request_without_layers_has_none() -> None:
    assert (NO_LAYERS.exclusions, NO_LAYERS.parcels) == (None, None)
