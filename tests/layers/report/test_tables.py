"""Tables and lines of a report from small documents, each worked out by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from layers.report import Parts, Pictures, content_of
from layers.report.cards import MOST_GAPS, card_rows
from layers.report.sites import programme_rows, site_rows, siting_note
from layers.report.summary import summary
from layers.report.tables import (
    MOST_GAPS as MOST_ROWS,
)
from layers.report.tables import (
    commitment_rows,
    coverage_rows,
    gap_row,
    gaps_title,
    progress_rows,
    shares_note,
    single_kinds,
)
from layers.report.words import ReportWords

ZH, EN = ReportWords("zh"), ReportWords("en")


def commitment(**given: Any) -> dict[str, Any]:
    value = {"value": 5.0, "is_lower_bound": False, "is_approximate": False, "digits": 1}
    return {
        "zh": "新建基地", "en": "New bases", "unit_zh": "个", "unit_en": "sites", "target": 10.0,
        "rule": "latest", "by_hand": True, "section": "三(二)4", "state_zh": "未达到",
        "state_en": "not met", "current": value, "by_year": {"2024": value | {"value": 4.25}},
    } | given  # fmt: skip


@pytest.mark.parametrize(
    ("given", "target", "current", "how"),
    [
        ({}, "10 个", "5 个", "手工填报，取最近一年"),
        ({"rule": "each_year"}, "每年 10 个", "5 个", "手工填报，逐年对照"),
        ({"rule": "sum", "target": None}, "—", "5 个", "手工填报，各年合计"),
        ({"by_hand": False, "unit_zh": "%"}, "10%", "5%", "计算"),
        ({"unit_zh": ""}, "10", "5", "手工填报，取最近一年"),
        ({"target": 20_000.0}, "20,000 个", "5 个", "手工填报，取最近一年"),
    ],
)
def test_a_commitment(given: dict[str, Any], target: str, current: str, how: str) -> None:
    (row,) = commitment_rows({"commitments": [commitment(**given)]}, ZH)
    assert (row["target"], row["current"], row["how"]) == (target, current, how)
    assert row["has_target"] == (target != "—")
    assert (row["name"], row["state"], row["section"]) == ("新建基地", "未达到", "三(二)4")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ({"value": None}, "未填报", "not given"),
        ({"value": 1_234.0}, "1,234 个", "1,234 sites"),
        ({"value": 12.34}, "12.3 个", "12.3 sites"),
        ({"is_lower_bound": True}, "不低于 5 个", "at least 5 sites"),
        (
            {"is_lower_bound": True, "is_approximate": True},
            "不低于 约 5 个",
            "at least about 5 sites",
        ),
    ],
)
def test_where_a_commitment_stands(value: dict[str, Any], zh: str, en: str) -> None:
    row = commitment()
    row["current"] = row["current"] | value
    for words, shown in ((ZH, zh), (EN, en)):
        assert commitment_rows({"commitments": [row]}, words)[0]["current"] == shown


def test_a_year_to_come_is_no_unknown_and_an_unknown_no_zero() -> None:
    row = commitment()
    row["by_year"] |= {"2022": row["current"] | {"value": None},
                       "2023": row["current"] | {"is_lower_bound": True}}  # fmt: skip
    progress = {"years": [2021, 2022, 2023, 2024], "commitments": [row, row | {"by_hand": False}]}
    by_hand, computed = progress_rows(progress, ZH)
    assert by_hand["by_year"] == ["—", "未填报", "≥5", "4.2"]
    assert computed["by_year"][1] == "无数据"
    assert (by_hand["how"], computed["how"], by_hand["unit"]) == ("手工填报", "计算", "个")


def test_the_standard_of_a_row_of_coverage(toy_parts: Parts) -> None:
    document = copy.deepcopy(toy_parts.document)
    row = next(r for r in document["district"]["coverage"] if r["kind"] == "library")
    row["standards"] = [
        {"settlement": "urban", "mode": "foot", "minutes": 15.0, "straight_line_m": None},
        {"settlement": "rural", "mode": "foot", "minutes": None, "straight_line_m": 1_500.0},
    ]
    document["district"]["coverage"] = [row, row | {"kind": "park"}, row | {"kind": None}]
    first = coverage_rows(document, ZH)[0]
    assert first["name"] == "任一公共场所"
    assert first["standard"] == "城镇步行 15 分钟；乡村步行1,500 m"
    assert (
        coverage_rows(document, EN)[0]["standard"] == "Urban on foot 15 min; Rural on foot 1,500 m"
    )
    assert [one["is_group"] for one in coverage_rows(document, ZH)] == [True, False, False]


def test_a_group_of_one_kind_is_that_kind() -> None:
    pairs = [("hall", None), ("hall", "science_museum"), ("base", "science_base"),
             ("base", "field_school")]  # fmt: skip
    rows = [{"group": group, "kind": kind} for group, kind in pairs]
    assert single_kinds({"district": {"coverage": rows}}) == {"hall": "science_museum"}


@pytest.mark.parametrize(
    ("given", "nearest", "way"),
    [
        ({}, "甲馆", "2.5 km / 31 min"),
        ({"nearest_travel_minutes": None}, "甲馆", "2.5 km"),
        ({"nearest_distance_m": None, "nearest_travel_minutes": None}, "甲馆", "—"),
        ({"nearest_facility_name": None}, "没有这类设施", "—"),
    ],
)
def test_the_nearest_of_a_gap(given: dict[str, Any], nearest: str, way: str) -> None:
    gap = {
        "kind": "library", "group": "public_venue", "township_name": "乙乡", "people": 1_234.5,
        "audience": None, "population_share": 0.5, "nearest_facility_name": "甲馆",
        "nearest_distance_m": 2_500.0, "nearest_travel_minutes": 31.2,
    } | given  # fmt: skip
    row = gap_row(gap, ZH)
    assert (row["nearest"], row["way"]) == (nearest, way)
    assert (row["people"], row["share"], row["target"]) == ("1,234", "50.0%", "图书馆/书苑")


def test_the_title_of_the_gaps_counts_what_is_shown() -> None:
    assert gaps_title(0, ZH) == "按现行服务标准没有覆盖缺口。"
    assert "共 3 项，列出未覆盖人数最多的 3 项" in gaps_title(3, ZH)
    assert f"(90 in all; the {MOST_ROWS} with most" in gaps_title(90, EN)


def test_shares_of_ages_are_explained_where_they_are_the_districts() -> None:
    assert shares_note({"surface": {"by_district_share": False}}, ZH) == ""
    assert "全区比例" in shares_note({"surface": {"by_district_share": True}}, ZH)


SITE = {
    "site": 1, "programme": "science_base", "programme_zh": "基地", "programme_en": "Base",
    "name": "甲村", "township_name": "乙乡", "township_code": "1", "source": "village",
    "source_zh": "村社区", "source_en": "village", "newly_covered": 1_500.0, "covered_alone": 900.0,
    "next_best_name": "丙村", "next_best_loss": 20.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({}, "；改用「丙村」则少 20 人", "; '丙村' instead would cover 20 fewer"),
        ({"next_best_loss": -7.0}, "则多 7 人", "7 more"),
        ({"next_best_loss": None}, "则少 0 人", "0 fewer"),
        ({"next_best_name": None}, "；没有可替换的位置", "; nothing could stand in for it"),
        ({"next_best_name": "{reason}"}, "改用「{reason}」", "'{reason}' instead"),
    ],
)
def test_the_reason_of_a_site(given: dict[str, Any], zh: str, en: str) -> None:
    for words, ending in ((ZH, zh), (EN, en)):
        (row,) = site_rows({"sites": [SITE | given]}, words)
        assert ending in row["reason"]
    assert site_rows({"sites": [SITE]}, ZH)[0]["reason"].startswith(
        "新增覆盖 1,500 人，其中 900 人没有别处可去"
    )


def test_a_programme_counts_its_own_sites() -> None:
    demand = {"population": 9_000.0, "covered_before": 10.4, "covered_after": None}
    programme = {"kind": "science_base", "zh": "基地", "en": "Base", "audience_zh": "青少年",
                 "audience_en": "youth", "existing_count": 3, "demand": demand}  # fmt: skip
    other = SITE | {"programme": "field_school"}
    (row,) = programme_rows({"programmes": [programme], "sites": [SITE, other, SITE]}, ZH)
    assert (row["existing"], row["sites"]) == ("3", "2")
    assert (row["population"], row["before"], row["after"]) == ("9,000", "10", "—")


def test_search_areas_are_explained_where_there_are_some() -> None:
    proposal = {
        "choice": {"question_zh": "新增覆盖最多", "question_en": "Most newly covered"},
        "proof": {"zh": "已证明最优", "en": "proved optimal"}, "sites": [SITE],
    }  # fmt: skip
    assert siting_note(proposal, ZH) == "新增覆盖最多：已证明最优"
    proposal["sites"] = [SITE | {"source": "search_area"}]
    assert siting_note(proposal, EN) == (
        "Most newly covered: proved optimal A search area is a square of the map, no address."
    )
    assert siting_note(None, ZH) == "本次没有计算选址建议。"


def test_townships_without_any_area_are_named_in_the_summary(toy_parts: Parts) -> None:
    document = copy.deepcopy(toy_parts.document)
    for row in document["townships"]:
        row |= {"counted_area_m2": 0.0, "is_lower_bound": False, "area_per_10k_m2": 0.0}
    document["townships"][0]["is_lower_bound"] = True
    line = summary(document, toy_parts.progress, None, ZH)[2]
    assert line == (
        "4 个乡镇街道中，0 个达到每万人 160 平方米（参考）；"
        "3 个没有一平方米计入面积：城南街道、河西镇、山口乡。"
    )
    for row in document["townships"]:
        row["area_gap_m2"] = 0.0
    assert summary(document, toy_parts.progress, None, EN)[3] == (
        "No township is known to lack exhibition area."
    )


def test_the_most_missing_come_first_in_the_summary(toy_parts: Parts) -> None:
    document = copy.deepcopy(toy_parts.document)
    for at, row in enumerate(document["townships"]):
        row |= {"area_gap_m2": 100.0 * at, "is_lower_bound": at == 3}
    line = summary(document, toy_parts.progress, None, ZH)[3]
    assert line == "缺展厅面积最多的是（平方米，参考）：山口乡 至多 300、河西镇 200、城南街道 100。"


def test_schools_and_villages_are_counted_or_said_to_be_missing(toy_parts: Parts) -> None:
    document = copy.deepcopy(toy_parts.document)
    document["schools"] |= {"school_count": 5, "reached_count": 2}
    document["villages"] |= {"village_count": 9, "with_count": 4}
    line = summary(document, toy_parts.progress, None, EN)[6]
    assert line == "2 of 5 schools reach a science base; 4 of 9 villages have a service centre."
    document["schools"]["school_count"] = 0
    assert summary(document, toy_parts.progress, None, ZH)[6].startswith(
        "台账中没有学校；9 个村社区"
    )


def test_a_card_has_a_measure_for_each_group_and_year(toy_parts: Parts) -> None:
    cards = card_rows(toy_parts.document, toy_parts.trend, None, ZH)
    years = len(toy_parts.trend["dates"])
    for card in cards:
        assert all(len(row["years"]) == years for row in card["measures"])
        assert card["site_note"] == "本次没有计算选址建议。"
        assert len(card["gaps"]) <= MOST_GAPS
    first = cards[0]
    assert first["name"] == "城东街道"
    assert (first["counted"], first["per_10k"], first["gap"]) == ("340", "170.0", "0")
    assert first["measures"][0]["rank"].endswith("/ 3"), "nobody lives in the fourth: no rank"
    assert cards[3]["measures"][0]["rank"] == "—"


def test_a_card_of_a_township_without_sites_says_so(toy_parts: Parts) -> None:
    proposal = {"sites": [SITE | {"township_code": "430599002"}] * 6}
    cards = {card["name"]: card for card in card_rows(
        toy_parts.document, toy_parts.trend, proposal, EN)}  # fmt: skip
    assert cards["城东街道"]["site_note"] == "No new base is proposed here this time."
    assert cards["城南街道"]["site_note"] == "6 are proposed; the first 4."
    assert cards["城东街道"]["sites"] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_content_is_text_lists_and_truth_values_only(
    toy_parts: Parts, empty_parts: Parts, worst_parts: Parts, lang: Any
) -> None:
    """A number in a template would come without its bound."""

    def check(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for key, one in value.items():
                check(one, f"{path}.{key}")
        elif isinstance(value, list):
            for one in value:
                check(one, path)
        else:
            assert isinstance(value, str | bool), path
            assert value not in {"None", "nan"}, path

    for parts in (toy_parts, empty_parts, worst_parts):
        check(content_of(parts, Pictures(), lang), "")
