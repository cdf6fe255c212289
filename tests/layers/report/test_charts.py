"""Charts are pictures of the figures, unknown ones left out, the same each time."""

from __future__ import annotations

import copy
import io
from typing import Any

import numpy as np
import pytest
from matplotlib.font_manager import FontProperties
from PIL import Image

from layers.paper import find_fonts
from layers.report import Parts
from layers.report.charts import lorenz_chart, trend_chart
from layers.report.words import ReportWords


@pytest.fixture(scope="module")
def face() -> FontProperties:
    return FontProperties(fname=find_fonts().regular[0].font_path)


def ink(png: bytes) -> int:
    return int((np.asarray(Image.open(io.BytesIO(png)).convert("L")) < 128).sum())


def test_a_trend_has_the_size_asked_for_and_is_the_same_twice(
    toy_parts: Parts, face: FontProperties
) -> None:
    rows = toy_parts.trend["district"]
    one, other = (
        trend_chart(rows, 160, ReportWords("zh"), face, size_mm=(100, 50)) for _ in range(2)
    )
    assert one == other
    width, height = Image.open(io.BytesIO(one)).size
    assert (width, height) == (int(100 / 25.4 * 200), int(50 / 25.4 * 200))


def test_another_figure_is_another_picture(toy_parts: Parts, face: FontProperties) -> None:
    rows = copy.deepcopy(toy_parts.trend["district"])
    before = trend_chart(rows, 160, ReportWords("zh"), face)
    rows[-1]["area_per_10k_m2"] += 20
    assert trend_chart(rows, 160, ReportWords("zh"), face) != before


def test_unknown_figures_are_left_out_and_not_drawn_as_zero(
    toy_parts: Parts, face: FontProperties
) -> None:
    rows: list[Any] = copy.deepcopy(toy_parts.trend["district"])
    whole = ink(trend_chart(rows, 160, ReportWords("zh"), face))
    for row in rows:
        row["area_per_10k_m2"] = row["accessible_area_per_10k_m2"] = None
    without = trend_chart(rows, 160, ReportWords("zh"), face)
    zeros = [row | {"area_per_10k_m2": 0.0, "accessible_area_per_10k_m2": 0.0} for row in rows]
    assert ink(without) < whole
    assert without != trend_chart(zeros, 160, ReportWords("zh"), face)


def test_curves_of_nobody_are_an_empty_picture(toy_parts: Parts, face: FontProperties) -> None:
    rows = [row | {"gini": None, "lorenz": []} for row in toy_parts.document["inequality"]]
    drawn = lorenz_chart(toy_parts.document["inequality"], ReportWords("en"), face)
    assert ink(lorenz_chart(rows, ReportWords("en"), face)) < ink(drawn)
