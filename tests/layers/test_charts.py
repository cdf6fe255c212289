"""Charts: well-formed, without scripts, the same bytes again, and nothing left out."""

from __future__ import annotations

import sys
from xml.etree import ElementTree as ET

import pytest

from geo.core.district import DistrictData
from geo.core.json_values import Record
from geo.core.scenario import Scenario
from geo.measures.study import study
from geo.measures.trend import studies_on
from geo.publish.study_json import study_document, trend_record
from layers.charts import area_trend_chart, basis_of, charts, lorenz_chart
from layers.strings import Lang


@pytest.fixture
def answers(toy: DistrictData, scenario: Scenario) -> tuple[Record, Record]:
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
