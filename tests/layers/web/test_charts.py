"""Charts: well-formed, without scripts, the same bytes again, and nothing left out."""

from __future__ import annotations

import copy
import sys
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from geo.core.district import DistrictData
from geo.core.errors import Lang
from geo.core.json_values import Record
from geo.core.scenario import load_scenario
from geo.measures.study import study
from geo.measures.trend import studies_on
from geo.publish.study_json import study_document, trend_record
from layers.web.charts import (
    area_trend_chart,
    basis_of,
    charts,
    coverage_trend_chart,
    frontier_chart,
    lorenz_chart,
)


@pytest.fixture(scope="module")
def answers(toy: DistrictData) -> tuple[Record, Record]:
    scenario = load_scenario(on=date(2025, 12, 31))
    return study_document(study(toy, scenario)), trend_record(studies_on(toy, scenario))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_is_a_picture_that_runs_nothing(answers: tuple[Record, Record], lang: Lang) -> None:
    drawn = charts(*answers, lang)
    assert list(drawn) == ["lorenz", "area_trend", "coverage_trend"]
    for picture in drawn.values():
        root = ET.fromstring(picture)
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert "script" not in tags
        assert "http" not in picture.replace("http://www.w3.org/", "")
    assert drawn == charts(*answers, lang), "the same question, the same bytes"


def test_each_says_what_it_rests_on(answers: tuple[Record, Record]) -> None:
    for picture in charts(*answers, "zh").values():
        told = "".join("".join(ET.fromstring(picture).itertext()).split())
        for words in ("常住人口2020年", "直线×绕行系数1.3", "人口均匀分布"):
            assert words in told
    assert basis_of(answers[0], "en").startswith("2025-12-31 · B · Resident population 2020")
    assert "2025" not in basis_of(answers[0], "en", dated=False)


def test_the_index_stands_in_the_legend(answers: tuple[Record, Record]) -> None:
    # 15 / 35 - 150 / 490, worked out in tests/geo/test_sharing.py.
    assert "Gini 0.122" in lorenz_chart(answers[0]["inequality"], "zh")


def test_the_target_is_drawn_where_nothing_comes_near_it(answers: tuple[Record, Record]) -> None:
    assert "1600" in area_trend_chart(answers[1], 1600, "zh")


def test_what_is_unknown_leaves_a_gap(answers: tuple[Record, Record]) -> None:
    rows = [row | {"area_per_10k_m2": None} for row in answers[1]["district"]]
    ET.fromstring(area_trend_chart(answers[1] | {"district": rows}, 160, "zh"))
    empty = [{"measure": "area_per_10k_m2", "gini": None, "lorenz": []}]
    assert "Gini —" in lorenz_chart(empty, "zh")


def test_no_finder_of_an_old_kind_is_left_behind() -> None:
    assert all(hasattr(finder, "find_spec") for finder in sys.meta_path)


def _text(picture: str) -> list[str]:
    return [text for element in ET.fromstring(picture).iter() if (text := element.text)]


def test_the_frontier_numbers_its_plans_from_most_covered() -> None:
    plans = [{"covered_share": 0.9 - at / 10, "lowest_share": at / 5} for at in range(4)]
    for lang, words in (("zh", "各方案，从覆盖最多到最均衡"), ("en", "Plans, from most covered")):
        texts = _text(frontier_chart(plans, lang))  # type: ignore[arg-type]
        assert {"1", "2", "3", "4"} <= set(texts)
        assert any(words in text for text in texts)


def test_years_stand_for_dates_that_are_all_their_ends(answers: tuple[Record, Record]) -> None:
    trend = answers[1]
    assert {"2021", "2025"} <= set(_text(area_trend_chart(trend, 160, "zh")))
    other = trend | {"dates": ["2021-06-30", *trend["dates"][1:]]}
    assert {"2021-06-30", "2025-12-31"} <= set(_text(area_trend_chart(other, 160, "zh")))


def test_a_group_without_a_standard_has_no_line(answers: tuple[Record, Record]) -> None:
    trend = copy.deepcopy(answers[1])
    every = "".join(_text(coverage_trend_chart(trend, "zh")))
    assert "科普基地" in every
    for row in trend["district"]:
        row["coverage_rate"].pop("base")
    assert "科普基地" not in "".join(_text(coverage_trend_chart(trend, "zh")))


def test_nobody_to_cover_is_a_gap_in_the_line(answers: tuple[Record, Record]) -> None:
    trend = copy.deepcopy(answers[1])
    for row in trend["district"]:
        row["coverage_rate"] = dict.fromkeys(row["coverage_rate"])
    ET.fromstring(coverage_trend_chart(trend, "en"))


def test_lines_differ_by_more_than_colour(answers: tuple[Record, Record]) -> None:
    picture = coverage_trend_chart(answers[1], "zh")
    groups = answers[1]["district"][0]["coverage_rate"]
    dashes = {text.split()[0] + text.split()[1][:1] for text in _text(picture) if "━" in text
              or "┅" in text or "╍" in text}  # fmt: skip
    assert len(dashes) == len(groups) > 2


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{7*7}}", "a&b", "]]>", "甲\u202e"])
def test_a_name_of_an_office_stands_as_it_is(answers: tuple[Record, Record], name: str) -> None:
    study = copy.deepcopy(answers[0])
    study["denominator"] |= {"zh": name, "en": name}
    for picture in charts(study, answers[1], "zh").values():
        assert name in "".join(_text(picture))
        assert "script" not in {e.tag.rpartition("}")[2] for e in ET.fromstring(picture).iter()}


def test_demonstration_data_and_roads_are_named(answers: tuple[Record, Record]) -> None:
    study = answers[0] | {"demonstration": True, "travel": {"basis": "network"}}
    assert basis_of(study, "en").endswith("demonstration".capitalize())
    assert "along roads" in basis_of(study, "en")
    assert basis_of(study, "zh").endswith("演示数据")
