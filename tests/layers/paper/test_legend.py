"""The panel: classes with their counts, signs with theirs, and how the figures are read."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest

from geo.core.vocabulary import Group, label
from layers.paper import MapMeasure
from layers.paper.layout import layout_of
from layers.paper.legend import Legend, Tally, draw_legend, tally
from layers.paper.theme import theme_of

SITES = {
    "on": "2025-12-31", "grid_m": 1_000.0,
    "programmes": [{"zh": "农业产业科普示范基地", "en": "Agricultural base", "count": 7},
                   {"zh": "体验基地", "en": "Youth base", "count": 3}],
    "sites": [{"is_area": True}],
}  # fmt: skip


def legend(document: Any, measure: MapMeasure | None = None, **given: Any) -> Legend:
    lang = given.pop("lang", "zh")
    theme = theme_of(document, measure or MapMeasure(), lang)
    asked: dict[str, Any] = {
        "counts": Counter({Group.HALL: 4, Group.BASE: 2}), "drawn": Tally(6, 5),
        "without_position": Tally(0, 0), "has_inset": False,
    }  # fmt: skip
    return Legend(document=document, theme=theme, lang=lang, **asked | given)


def drawn(recorder: Any, shown: Legend, *, landscape: bool = True) -> Any:
    programmes = len(shown.sites["programmes"]) if shown.sites else 0
    layout = layout_of("A4", landscape=landscape, programmes=programmes)
    draw_legend(recorder, shown, layout)
    for one in recorder.written:
        assert layout.panel.x <= one.x <= layout.panel.right, one
        assert layout.panel.y <= one.y <= layout.panel.top, one
    return recorder


def test_facilities_are_counted_in_and_outside_the_district() -> None:
    rows = [{"in_district": True}, {"in_district": False}, {"in_district": True}]
    assert tally(rows) == Tally(3, 2)
    assert tally([]) == Tally(0, 0)


def test_classes_stand_from_high_to_low_with_how_many_are_in_each(
    recorder: Any, toy_subject: Any
) -> None:
    shown = legend(toy_subject.document)
    drawn(recorder, shown)
    heights = {one.text: one.y for one in recorder.written}
    classes = [heights[item.words] for item in shown.theme.classes]
    assert classes == sorted(classes)
    by_row = {
        other.text: one.text
        for one in recorder.written if one.text.endswith("个乡镇街道")
        for other in recorder.written if other.y == one.y and other is not one
    }  # fmt: skip
    # 170 in the east; 100 and 260 elsewhere; nobody lives in the fourth.
    inside = Counter(
        found.words if (found := shown.theme.class_of(row)) else "没有居民或没有数据"
        for row in toy_subject.document["townships"]
    )
    assert sum(inside.values()) == 4
    for words, count in inside.items():
        assert by_row[words] == f"{count} 个乡镇街道"
    assert by_row["没有居民或没有数据"] == "1 个乡镇街道"


def test_the_line_of_the_target_parts_the_classes(recorder: Any, toy_subject: Any) -> None:
    drawn(recorder, legend(toy_subject.document))
    heights = {one.text: one.y for one in recorder.written}
    line = heights["↑ 以上达到目标 160 m²"]
    assert heights["160 – 240"] > line > heights["120 – 160"]


def test_without_empty_townships_there_is_no_row_for_them(recorder: Any, toy_subject: Any) -> None:
    document = copy.deepcopy(toy_subject.document)
    document["townships"] = [
        row for row in document["townships"] if row["area_per_10k_m2"] is not None
    ]
    assert "没有居民或没有数据" not in drawn(recorder, legend(document)).texts


def test_each_group_has_its_sign_and_its_count(recorder: Any, toy_subject: Any) -> None:
    drawn(recorder, legend(toy_subject.document))
    rows = {one.text: one.y for one in recorder.written}
    for group in Group:
        (count,) = [
            one.text for one in recorder.written
            if one.y == rows[label(group, "zh")] and one.given.get("align") == "right"
        ]  # fmt: skip
        assert count == {"hall": "4", "base": "2"}.get(group.value, "0")


@pytest.mark.parametrize(
    ("drawn_count", "left", "words", "missing"),
    [
        (Tally(6, 5), Tally(0, 0), "图上 6 处：区内 5 处，区外 1 处", "没有坐标"),
        (Tally(6, 6), Tally(0, 0), "图上 6 处，都在区内", "没有坐标"),
        (Tally(6, 5), Tally(3, 2), "另有 3 处没有坐标，图上未标（区内 2 处）", "都在区内"),
    ],
)
def test_what_is_drawn_and_what_is_not_is_stated(
    recorder: Any, toy_subject: Any, drawn_count: Tally, left: Tally, words: str, missing: str
) -> None:
    shown = legend(toy_subject.document, drawn=drawn_count, without_position=left)
    text = drawn(recorder, shown).text.replace(" ", "")
    assert words.replace(" ", "") in text
    assert missing not in text


def test_gaps_have_two_swatches_and_no_classes(recorder: Any, toy_subject: Any) -> None:
    shown = legend(toy_subject.document, MapMeasure("gaps", "library"))
    texts = drawn(recorder, shown).texts
    assert {"到不了任何一处", "在服务标准之内", "图书馆/书苑"} & set(texts) >= {
        "到不了任何一处", "在服务标准之内"
    }  # fmt: skip
    assert not any("个乡镇街道" in text for text in texts)
    assert not any("实心大符号" in text for text in texts), "all that serve are drawn alike"


def test_a_plan_is_listed_by_programme_and_dated(recorder: Any, toy_subject: Any) -> None:
    shown = legend(toy_subject.document, sites=SITES)
    text = drawn(recorder, shown, landscape=False).text
    for words in (
        "推荐选址（建议）",
        "农业产业科普示范基地",
        "7 处",
        "3 处",
        "虚线框：搜索区",
        "2025-12-31",
    ):
        assert words in text
    assert "放大图范围" not in text


def test_without_search_areas_none_is_explained(recorder: Any, toy_subject: Any) -> None:
    sites = SITES | {"sites": [{"is_area": False}]}
    assert "虚线框" not in drawn(recorder, legend(toy_subject.document, sites=sites)).text


def test_an_enlarged_part_is_explained(recorder: Any, toy_subject: Any) -> None:
    assert "放大图范围" in drawn(recorder, legend(toy_subject.document, has_inset=True)).texts


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("landscape", [True, False])
def test_every_township_is_listed_with_its_figure(
    recorder: Any, toy_subject: Any, lang: Any, landscape: bool
) -> None:
    shown = legend(toy_subject.document, MapMeasure("gaps", "library"), lang=lang)
    texts = drawn(recorder, shown, landscape=landscape).texts
    for row in toy_subject.document["townships"]:
        assert row["name_zh"] in texts
        assert shown.theme.text(row) in texts


def test_where_not_all_fit_none_is_listed(recorder: Any, toy_subject: Any) -> None:
    document = copy.deepcopy(toy_subject.document)
    document["townships"] = document["townships"] * 30
    texts = drawn(recorder, legend(document)).texts
    assert "各乡镇街道" not in texts


def test_a_district_beyond_its_target_has_a_mark_in_its_bar(
    recorder: Any, toy_subject: Any
) -> None:
    document = copy.deepcopy(toy_subject.document)
    document["district"]["area_per_10k_m2"] = 320.0
    shown = legend(document)
    assert shown.theme.share == 2.0
    drawn(recorder, shown)
    upright = [xs[0] for xs, ys in recorder.lines if xs[0] == xs[1] and ys[0] != ys[1]]
    panel = layout_of("A4", landscape=True).panel.grown(-3)
    assert upright[0] == pytest.approx(panel.x + panel.width / 2), "the target is half of it"
