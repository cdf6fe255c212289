"""What a report says: bounds are said, the unknown is no zero, and marks stand on each page."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from layers.report import DocumentKind, Parts, Pictures, content_of
from layers.report.cards import MOST_GAPS, MOST_SITES
from layers.report.sites import programme_lines
from layers.report.tables import commitment_rows, gap_row, township_rows, worst_gaps
from layers.report.words import ReportWords


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_summary_has_ten_lines(
    toy_parts: Parts, empty_parts: Parts, worst_parts: Parts, lang: str
) -> None:
    for parts in (toy_parts, empty_parts, worst_parts):
        lines = content_of(parts, Pictures(), lang)["summary"]  # type: ignore[arg-type]
        assert len(lines) == 10
        assert all(lines)
        assert not any("None" in line or "nan" in line for line in lines)


def test_the_summary_says_the_bound_and_the_missing(toy_parts: Parts) -> None:
    document = toy_parts.document
    lines = content_of(toy_parts, Pictures(), "zh")["summary"]
    rate = document["district"]["area_per_10k_m2"]
    assert f"不低于 {rate:,.1f} 平方米" in lines[0]
    assert f"至多 {document['district']['area_gap_m2']:,.0f} 平方米" in lines[1]
    assert "常住人口 2020年" in lines[1]


def test_the_summary_without_bound_says_none(toy_parts: Parts) -> None:
    parts = copy.deepcopy(toy_parts)
    parts.document["district"]["is_lower_bound"] = False
    parts.document["district"]["unknown_area_count"] = 0
    lines = content_of(parts, Pictures(), "zh")["summary"]
    assert "不低于" not in lines[0] + lines[1]
    assert "至多" not in lines[0] + lines[1]
    assert "下限" not in lines[9]


def test_commitments_tell_computed_from_kept_by_hand(toy_parts: Parts) -> None:
    content = content_of(toy_parts, Pictures(), "zh")
    rows = {row["name"]: row for row in content["progress"]}
    literate = rows["公民具备科学素质的比例"]
    assert literate["how"] == "手工填报"
    assert literate["by_year"] == ["9.1", "未填报", "12.3", "未填报", "未填报"]
    area = rows["每万人拥有科普展厅面积"]
    assert area["how"] == "计算"
    assert area["by_year"][-1].startswith("≥")
    stands = {row["name"]: row for row in content["commitments"]}
    assert stands["公民具备科学素质的比例"]["current"] == "12.3%"
    assert stands["公民具备科学素质的比例"]["state"] == "未达到（按最近填报的 2023 年）"
    assert stands["居民健康素养水平"]["current"] == "未填报"
    assert stands["农民教育培训"]["current"] == "不低于 400 人次"
    assert stands["每万人拥有科普展厅面积"]["state"] == "不能判定（现有的是下限）"
    assert "另一区县" in content["plan_note"], "the toy is not the district of the plan"


def test_years_to_come_have_no_value(toy_parts: Parts) -> None:
    parts = copy.deepcopy(toy_parts)
    for row in parts.progress["commitments"]:
        row["by_year"].pop("2025")
    content = content_of(parts, Pictures(), "zh")
    assert {row["by_year"][-1] for row in content["progress"]} == {"—"}


def test_marks(toy_parts: Parts) -> None:
    content = content_of(toy_parts, Pictures(), "zh")
    assert content["map_mark"] == "内部工作用图 不得公开"
    assert content["demonstration"] == ""
    for words in ("截至 2025-12-31", "口径 B", "范围 ", "常住人口 2020年", "情景 ", "示意图"):
        assert words in content["stamp"]
    parts = copy.deepcopy(toy_parts)
    parts.document["map"] = {"schematic": False, "approval_number": "湘S(2026)001号"}
    parts.document["demonstration"] = True
    content = content_of(parts, Pictures(), "zh")
    assert content["map_mark"] == "审图号：湘S(2026)001号"
    assert "演示数据" in content["demonstration"]
    assert "示意图" not in content["stamp"]


def test_the_district_is_the_ratio_of_the_sums(toy_parts: Parts) -> None:
    whole = content_of(toy_parts, Pictures(), "zh")["whole"]
    rate = toy_parts.document["district"]["area_per_10k_m2"]
    assert whole["per_10k"] == f"≥{rate:,.1f}"


def test_a_township_without_residents_has_no_ratio(toy_parts: Parts) -> None:
    rows = {row["name"]: row for row in content_of(toy_parts, Pictures(), "zh")["townships"]}
    assert rows["山口乡"]["per_10k"] == "—"


def test_sites_have_reasons(toy_parts: Parts) -> None:
    assert toy_parts.proposal is not None
    content = content_of(toy_parts, Pictures(), "zh")
    assert len(content["sites"]) == len(toy_parts.proposal["sites"]) > 0
    assert all("新增覆盖" in row["reason"] for row in content["sites"])
    assert "最优" in content["siting_note"] or "差距" in content["siting_note"]
    without = content_of(replace(toy_parts, proposal=None), Pictures(), "zh")
    assert without["sites"] == without["programmes"] == []
    assert "没有计算选址" in without["siting_note"]


def _gap(kind: str | None, people: float, farmers: float, group: str = "base") -> dict[str, Any]:
    return {
        "gap_id": f"{kind}-{people}", "group": group, "kind": kind, "township_code": "430599001",
        "township_name": "甲", "population": people, "population_share": 0.5,
        "nearest_facility_name": None, "nearest_travel_minutes": None, "nearest_distance_m": None,
        "audiences": {"youth": people / 10, "seniors": 0.0, "farmers": farmers},
    }  # fmt: skip


def test_a_gap_stands_once_and_is_of_those_whom_the_kind_is_for(toy_parts: Parts) -> None:
    document = copy.deepcopy(toy_parts.document)
    alone = {"group": "public_venue", "kind": "library"}
    document["district"]["coverage"] = [alone, alone | {"kind": None}]
    document["gaps"] = [
        _gap("field_school", 900.0, 0.0), _gap(None, 800.0, 0.0, "public_venue"),
        _gap("library", 800.0, 0.0, "public_venue"), _gap("field_school", 700.0, 60.0),
        _gap("youth_experience_base", 650.0, 20.0), _gap("youth_experience_base", 640.0, 0.0),
    ]  # fmt: skip
    told = worst_gaps(document)
    assert [(row["kind"], row["people"]) for row in told] == [
        ("library", 800.0), ("youth_experience_base", 65.0), ("field_school", 60.0)
    ]  # fmt: skip
    assert gap_row(told[2], ReportWords("zh"))["target"] == "田间学校（乡村居民）"
    assert gap_row(told[0], ReportWords("zh"))["share"] == "50.0%"


def test_a_group_of_one_kind_has_one_row(toy_parts: Parts) -> None:
    rows = content_of(toy_parts, Pictures(), "zh")["coverage"]
    of_libraries = [row["name"] for row in rows if "图书馆" in row["name"]]
    assert of_libraries == ["图书馆/书苑（公共场所中只有它有服务标准）"]
    assert not any(row["name"] == "任一公共场所" for row in rows)


def test_sites_tell_their_standard_and_what_the_plan_lacks(toy_parts: Parts) -> None:
    assert toy_parts.proposal is not None
    parts = copy.deepcopy(toy_parts)
    (line,) = content_of(parts, Pictures(), "zh")["siting_lines"]
    assert "步行 45 分钟能到" in line
    assert "汽车或公交 30 分钟，两处的覆盖人数不能相比" in line
    assert "规划" not in line, "the toy is not the district of the plan"
    parts.progress["of_this_district"] = True
    row = {"measure": "new_facilities", "kinds": ["science_base"], "target": 3.0}
    parts.progress["commitments"][0] |= row | {"current": {"value": 2.0, "is_lower_bound": False}}
    (line,) = programme_lines(parts.document, parts.progress, parts.proposal, ReportWords("zh"))
    assert line.endswith(
        "规划新建 3 个，规划期内已建 2 个，还差 1 个，这里按情景方案列出 2 处备选"
        "（要只选 1 处，改情景方案的 count）。"
    )
    parts.proposal["choice"]["programmes"][0] |= {"mode": "car", "minutes": 30.0}
    parts.progress["commitments"][0]["target"] = 4.0
    (line,) = programme_lines(parts.document, parts.progress, parts.proposal, ReportWords("en"))
    assert "compare" not in line
    assert line.endswith("the plan wants 4 new ones, 2 stand since it began, 2 are lacking.")


def test_all_is_no_lower_bound_and_nothing_no_upper_one(toy_parts: Parts) -> None:
    progress = copy.deepcopy(toy_parts.progress)
    row = progress["commitments"][0] | {"unit_zh": "%", "target": 90.0, "by_hand": False}
    row["current"] = {
        "value": 100.0, "is_lower_bound": True, "is_approximate": False, "digits": 1
    }  # fmt: skip
    (told,) = commitment_rows(progress | {"commitments": [row]}, ReportWords("zh"))
    assert (told["current"], told["target"]) == ("100%", "90%")
    document = copy.deepcopy(toy_parts.document)
    document["townships"][0] |= {"area_gap_m2": 0.0, "is_lower_bound": True}
    assert township_rows(document, ReportWords("zh"))[0]["gap"] == "0"


def test_what_an_office_wrote_as_about_so_much_is_told_as_that(toy_parts: Parts) -> None:
    progress = copy.deepcopy(toy_parts.progress)
    row = progress["commitments"][0] | {"unit_zh": "人次", "unit_en": "persons"}
    row["current"] = {"value": 8.0, "is_lower_bound": False, "is_approximate": True, "digits": 0}
    asked = progress | {"commitments": [row]}
    told = [commitment_rows(asked, ReportWords(lang))[0]["current"] for lang in ("zh", "en")]
    assert told == ["约 8 人次", "about 8 persons"]


def test_a_card_says_how_many_it_leaves_out(worst_parts: Parts) -> None:
    card = content_of(worst_parts, Pictures(), "zh")["cards"][20]
    assert len(card["gaps"]) == MOST_GAPS
    assert "共 9 项" in card["gap_note"]
    assert len(card["sites"]) == MOST_SITES
    assert "共建议 6 处" in card["site_note"]
    assert "等 9 个" in card["schools"]
    assert "等 20 个" in card["villages"]
    assert "参考" in card["measures"][0]["name"]


def test_every_document_of_the_worst_is_sound(
    worst_parts: Parts, made: Callable[..., bytes], text: Callable[[bytes], str]
) -> None:
    for kind in DocumentKind:
        assert "49" not in text(made(worst_parts, kind)).split("科普"), "nothing was evaluated"


def test_the_same_question_is_the_same_bytes(toy_parts: Parts, made: Callable[..., bytes]) -> None:
    for kind in DocumentKind:
        assert made(toy_parts, kind) == made(copy.deepcopy(toy_parts), kind)
