"""Around the map: title and marks, scale bar, north, approval and sources."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from layers.paper.canvas import Box
from layers.paper.frame import (
    Margin,
    draw_band,
    draw_footer,
    draw_north,
    draw_title,
    north_corner,
    room_above_band,
)
from layers.paper.layout import layout_of
from layers.paper.placement import View

CRS = {"zh": "CGCS2000 中央经线 111°E", "en": "CGCS2000, meridian 111°E", "epsg": 4546,
       "true_north_deg": 0.25}  # fmt: skip
FRAME = Box(10, 40, 198, 145)


@pytest.fixture
def document(toy_subject: Any) -> Any:
    return copy.deepcopy(toy_subject.document)


def margin(recorder: Any, document: Any, lang: Any = "zh", *, landscape: bool = True) -> Margin:
    return Margin(recorder, document, layout_of("A4", landscape=landscape), lang)


@pytest.mark.parametrize("landscape", [True, False])
def test_the_title_stands_between_the_marks(recorder: Any, document: Any, landscape: bool) -> None:
    document["demonstration"] = True
    draw_title(margin(recorder, document, landscape=landscape), "玩具区每万人科普展厅面积图")
    by_text = {one.text: one for one in recorder.written}
    title = by_text["玩具区每万人科普展厅面积图"]
    left, right = by_text["含演示数据，非真实台账"], by_text["内部工作用图 不得公开"]
    assert left.x < title.x < right.x
    assert title.size > 9
    assert (title.y < left.y) == landscape or title.y > left.y
    choices = by_text["截止 2025-12-31 · 口径 B 考核口径 · 范围 属地 · 分母 常住人口 2020年"]
    assert choices.y < title.y


def test_an_approved_map_that_is_real_has_no_mark(recorder: Any, document: Any) -> None:
    document["map"]["approval_number"] = "湘S(2026)001号"
    draw_title(margin(recorder, document), "t")
    assert len(recorder.written) == 2
    assert recorder.filled == []


def test_a_very_long_title_is_cut_to_its_space(recorder: Any, document: Any) -> None:
    draw_title(margin(recorder, document), "长" * 200)
    title = recorder.written[-2]
    assert title.text.endswith("…")
    assert recorder.width_mm(title.text, title.size, bold=True) < 277


def test_demonstration_data_are_marked_within_the_frame(recorder: Any, document: Any) -> None:
    draw_band(margin(recorder, document))
    assert recorder.written == []
    assert room_above_band(document, FRAME) == FRAME
    document["demonstration"] = True
    draw_band(margin(recorder, document))
    ((band, _),) = recorder.filled
    frame = layout_of("A4", landscape=True).frame
    assert band.within(frame)
    room = room_above_band(document, frame)
    assert not room.overlaps(band)
    assert room.height + band.height == pytest.approx(frame.height)


def footer(recorder: Any, document: Any, lang: Any = "zh", **crs: Any) -> Any:
    view = View(FRAME, 100_000, 1.0, 0, 0)
    draw_footer(margin(recorder, document, lang), CRS | crs, view, "A4")
    return recorder


def test_the_bar_has_the_length_that_it_states(recorder: Any, document: Any) -> None:
    footer(recorder, document)
    assert "比例尺 1:100,000（A4 原幅打印）" in recorder.texts
    by_text = {one.text: one for one in recorder.written}
    # 5 km at 1:100,000 are 50 mm: the longest round distance in the 54 mm that there are.
    assert by_text["5 km"].x - by_text["0"].x == pytest.approx(50)
    assert by_text["2.5"].x - by_text["0"].x == pytest.approx(25)
    widths = [box.width for box, _ in recorder.filled]
    assert widths == pytest.approx([12.5] * 4)
    fills = [given["fill"] for _, given in recorder.filled]
    assert fills[0] == fills[2] != fills[1] == fills[3]


@pytest.mark.parametrize(
    ("degrees", "lang", "words"),
    [
        (0.25, "zh", "坐标北（图上竖直）在真北以西 0.25°"),
        (-0.25, "zh", "坐标北（图上竖直）在真北以东 0.25°"),
        (0.25, "en", "grid north (straight up) lies 0.25° west of it"),
    ],
)
def test_the_side_of_grid_north(
    recorder: Any, document: Any, degrees: float, lang: str, words: str
) -> None:
    text = footer(recorder, document, lang, true_north_deg=degrees).text
    assert words.replace(" ", "") in text.replace(" ", "")


def test_the_footer_names_approval_system_scenario_and_sources(
    recorder: Any, document: Any
) -> None:
    text = footer(recorder, document).text
    for words in ("审图号：未填写", "示意图：界线为示意", "(EPSG:4546)", "玩具地图（tests，2020-",
                  "人口：常住人口 2020年（普查", document["scenario"]["digest"]):  # fmt: skip
        assert words in text


def test_an_approval_number_and_a_sources_own_number_are_printed(
    recorder: Any, document: Any
) -> None:
    document["map"] = {"approval_number": "湘S(2026)001号\n{digest}", "schematic": False}
    document["sources"][0]["map_approval_number"] = "GS(2020)1号"
    text = footer(recorder, document).text
    assert "审图号：湘S(2026)001号 {digest}" in text
    assert "2020-11-01，GS(2020)1号）" in text
    assert "示意图" not in text


def test_many_sources_stay_above_the_lower_edge(recorder: Any, document: Any) -> None:
    document["sources"] = document["sources"] * 40
    footer(recorder, document)
    low = layout_of("A4", landscape=True).footer.y
    assert min(one.y for one in recorder.written) >= low - 0.5
    assert any(text.endswith("…") for text in recorder.texts)


@pytest.mark.parametrize("where", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_the_arrow_stands_in_the_emptiest_corner(where: tuple[int, int]) -> None:
    """Points everywhere but in one corner of the frame."""
    rng = np.random.default_rng(1)
    points = rng.uniform((FRAME.x, FRAME.y), (FRAME.right, FRAME.top), (4_000, 2))
    middle = np.array(FRAME.middle)
    free = ((points > middle) == np.array(where, dtype=bool)).all(axis=1)
    x, y = north_corner(FRAME, [], points[~free])
    assert (x > middle[0], y > middle[1]) == (bool(where[0]), bool(where[1]))


def test_the_arrow_keeps_off_an_enlarged_part() -> None:
    points = np.array([(0.0, 0.0)])
    first = north_corner(FRAME, [], points)
    second = north_corner(FRAME, [Box(*first, 20, 20)], points)
    assert first != second


def test_the_arrow_leans_to_true_north(recorder: Any) -> None:
    tips = []
    recorder.polygons = lambda shapes, **_: tips.append(shapes[0][0][0])
    for degrees in (0.0, 10.0):
        draw_north(recorder, (50, 50), degrees, "zh")
    # Clockwise from straight up: 8.5 mm long, its foot at the middle of 11 mm.
    assert tips[0] == pytest.approx((55.5, 53.2 + 8.5))
    assert tips[2] == pytest.approx((55.5 + 8.5 * 0.17365, 53.2 + 8.5 * 0.98481), abs=1e-3)
    assert recorder.texts == ["N", "真北"] * 2
