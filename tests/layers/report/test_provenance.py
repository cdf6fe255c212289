"""What a report says of its own making: marks, methods, equity, quality, sources."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from layers.report import Parts
from layers.report.provenance import (
    MOST_FINDINGS,
    access_line,
    denominator,
    equity_lines,
    finding_rows,
    map_mark,
    method_lines,
    quality_lines,
    source_rows,
    stamp,
)
from layers.report.words import ReportWords

ZH, EN = ReportWords("zh"), ReportWords("en")


@pytest.fixture
def document(toy_parts: Parts) -> Any:
    return copy.deepcopy(toy_parts.document)


def test_the_stamp_names_every_choice(document: Any) -> None:
    digest = document["scenario"]["digest"]
    people = "常住人口 2020年（玩具普查）"
    assert stamp(document, ZH) == (
        f"截至 2025-12-31 · 口径 B 考核口径 · 范围 属地 · 人口 {people} · 情景 {digest}"
    )
    assert stamp(document, EN).startswith("as of 2025-12-31 · caliber B assessed · scope: ")


def test_an_office_may_write_braces_anywhere(document: Any) -> None:
    document["denominator"] |= {"zh": "{source}{{7*7}}", "en": "{source}"}
    document["sources"][1]["title_zh"] = "{people}"
    assert denominator(document, ZH) == "{source}{{7*7}}（{people}）"


@pytest.mark.parametrize(
    ("source", "title_en", "zh", "en"),
    [
        ("toy-census", "Toy", "（玩具普查）", " (Toy)"),
        ("toy-census", None, "（玩具普查）", " (玩具普查)"),
        ("elsewhere", "Toy", "（elsewhere）", " (elsewhere)"),
        (None, "Toy", "", ""),
    ],
)
def test_the_source_of_the_people(
    document: Any, source: str | None, title_en: str | None, zh: str, en: str
) -> None:
    document["denominator"]["source_id"] = source
    document["sources"][1]["title_en"] = title_en
    assert denominator(document, ZH) == "常住人口 2020年" + zh
    assert denominator(document, EN) == document["denominator"]["en"] + en


def test_a_map_without_a_number_is_not_for_publication(document: Any) -> None:
    assert map_mark(document, EN) == "Internal working map, not for publication"
    assert any("不得公开" in line for line in method_lines(document, ZH))
    document["map"]["approval_number"] = "湘S(2026)001号"
    assert map_mark(document, ZH) == "审图号：湘S(2026)001号"
    assert not any("不得公开" in line for line in method_lines(document, ZH))


def test_schematic_borders_are_a_method_too(document: Any) -> None:
    every = method_lines(document, EN)
    document["map"]["schematic"] = False
    assert every[:-1] == method_lines(document, EN)
    assert "schematic" in every[-1]


def test_equity_states_its_indices_and_units(document: Any) -> None:
    # 15 / 35 - 150 / 490, worked out in tests/geo/test_sharing.py.
    lines = equity_lines(document, ZH)
    assert lines[0].startswith("每万人展厅面积：基尼系数 0.122（0 为完全均衡）")
    assert len(lines) == len(document["inequality"]) == 2
    for row in document["inequality"]:
        row |= {"gini": None, "theil": None, "theil_between": None, "theil_within": None}
    assert equity_lines(document, EN)[1].startswith("Accessible area: Gini — (0 is even), Theil —")


def test_quality_counts_what_is_left_out(document: Any, toy_parts: Parts) -> None:
    quality = toy_parts.quality | {"held_back_count": 7, "doubtful_count": 9}
    lines = quality_lines(document, quality, ZH)
    unknown = document["district"]["unknown_area_count"]
    assert f"；面积等不明 {unknown} 处，1 处待核，均未计入。" in lines[0], "f10 is pending"
    # f07 lies beyond the border with 500 m², f11 has no position and no township.
    assert lines[1].startswith("区外 1 处（500 平方米）不计面积；无法归属乡镇 1 处（70 平方米）")
    assert "留待改正的 7 行；请核对的 9 条" in lines[2]
    assert lines[-1].startswith("有面积不明的设施")


def test_exact_figures_have_no_line_on_bounds(document: Any, toy_parts: Parts) -> None:
    document["district"]["is_lower_bound"] = False
    assert len(quality_lines(document, toy_parts.quality, EN)) == 3
    document["townships"][0]["population_quality"] = "estimate"
    assert quality_lines(document, toy_parts.quality, EN)[3] == (
        "The residents of 1 townships are an estimate."
    )


def test_findings_name_file_sheet_and_row_and_end_early(toy_parts: Parts) -> None:
    row = {"zh": "面积不明", "en": "area unknown", "source_file": "a.xlsx",
           "source_sheet": "台账", "source_row": 5}  # fmt: skip
    empty = row | {"source_file": None, "source_sheet": None, "source_row": None}
    quality = toy_parts.quality | {"doubtful": [row, empty, *[row] * 40]}
    rows = finding_rows(quality, ZH)
    assert rows[0] == {"what": "面积不明", "place": "a.xlsx · 台账 · 第5行"}
    assert rows[1]["place"] == "—"
    assert finding_rows(quality, EN)[0]["place"] == "a.xlsx · 台账 · row 5"
    assert len(rows) == MOST_FINDINGS


def test_sources_without_a_word_have_a_dash(document: Any) -> None:
    document["sources"][0] |= {
        "title_en": None, "publisher": None, "published_on": None, "quality": None
    }  # fmt: skip
    assert source_rows(document, EN)[0] == {
        "title": "玩具地图", "publisher": "—", "published_on": "—", "quality": "—"
    }  # fmt: skip
    assert source_rows(document, ZH)[1]["quality"] == "普查"


def test_accessible_area_states_its_bound_and_what_is_left_out(document: Any) -> None:
    document["accessibility"] |= {
        "accessible_area_per_10k_m2": 123.46, "is_lower_bound": True,
        "unreached_supply_m2": 1_200.4, "unknown_supply_count": 2,
    }  # fmt: skip
    line = access_line(document, ZH)
    assert "每万人不低于 123.5 平方米" in line
    assert "没有人够得到的面积 1,200 平方米；面积不明未计 2 处。" in line
    document["accessibility"]["is_lower_bound"] = False
    assert "at least" not in access_line(document, EN)
