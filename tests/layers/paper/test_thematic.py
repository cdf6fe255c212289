"""Whole sheets: real files, read with tools that are not ours."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PIL import Image

from geo.core.district import DistrictData
from geo.core.errors import OutputError, QueryError
from layers.paper import MEASURES, Fonts, MapMeasure

POINTS_PER_MM = 72 / 25.4
SHEETS = [
    (measure, sheet, lang)
    for measure in MEASURES
    for sheet in ("A4", "A3")
    for lang in ("zh", "en")
]
HOSTILE = (
    r"$\frac{1}{0}$", "长" * 10_000, "a\x00\x07\x1bb\u202ecba\u2066", "{district}<b>&{{7*7}}",
)  # fmt: skip


def _measure(name: str) -> MapMeasure:
    return MapMeasure(name, "service_centre")  # type: ignore[arg-type]


def _renamed(data: DistrictData, names: tuple[str, ...]) -> DistrictData:
    townships = data.townships.copy()
    townships["name_zh"] = list(names)
    facilities = data.facilities.copy()
    facilities["name"] = [names[row % len(names)] for row in range(len(facilities))]
    return replace(data, townships=townships, facilities=facilities)


@pytest.mark.parametrize(("measure", "sheet", "lang"), SHEETS)
def test_a_sheet_says_all_that_it_must(
    demo: Any, fonts: Fonts, poppler: Any, keep: Any, measure: str, sheet: str, lang: str
) -> None:
    content = demo.kept(fonts, measure=_measure(measure), sheet=sheet, lang=lang)
    keep(f"paper-{measure}-{sheet}-{lang}.pdf", content)
    text = poppler.text(content)
    wanted = {
        "zh": ["大祥区", "示意图", "内部工作用图不得公开", "审图号：未填写", "口径B考核口径",
               "范围属地", "常住人口2020年", "普查", "真北", "图例", "中央经线111°E", "数据来源："],
        "en": ["大祥区", "schematic", "nottobepublished", "审图号", "caliberBassessed",
               "Residentpopulation2020", "Census", "truenorth", "Legend", "meridian111°E",
               "Sources:"],
    }[lang]  # fmt: skip
    mark = {"zh": "含演示数据，非真实台账", "en": "Containsdemonstrationdata"}[lang]
    assert [words for words in wanted if words not in text] == []
    assert text.count(mark) == 2, "at the title and within the map's frame"
    assert demo.document["scenario"]["digest"] in text
    assert "2025-12-31" in text
    # Every township is named once on the map; a list of all may stand beside it.
    assert all(row["name_zh"] in text for row in demo.document["townships"])


@pytest.mark.parametrize(("measure", "sheet", "lang"), SHEETS)
def test_no_two_words_overlap(
    demo: Any, fonts: Fonts, poppler: Any, measure: str, sheet: str, lang: str
) -> None:
    words = poppler.words(demo.kept(fonts, measure=_measure(measure), sheet=sheet, lang=lang))
    assert len(words) > 100
    edge = (7 + 1.1) * POINTS_PER_MM
    assert min(word.left for word in words) > edge
    # A font's box is higher than its characters; this part is what is inked.
    cores = [
        (w, w.top + (w.bottom - w.top) * 0.33, w.bottom - (w.bottom - w.top) * 0.22) for w in words
    ]
    hits = [
        (a.text, b.text)
        for (a, a_top, a_low), (b, b_top, b_low) in combinations(cores, 2)
        if a.left + 0.5 < b.right and b.left + 0.5 < a.right and a_top < b_low and b_top < a_low
    ]
    assert hits == []


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_toy_district_is_drawn_too(
    toy_subject: Any, fonts: Fonts, poppler: Any, keep: Any, measure: str, lang: str
) -> None:
    content = toy_subject.sheet(fonts, measure=_measure(measure), lang=lang)
    keep(f"paper-toy-{measure}-{lang}.pdf", content)
    text = poppler.text(content)
    assert "演示数据" not in text
    assert "demonstration" not in text
    assert "玩具区" in text


def test_figures_are_those_of_the_study(demo: Any, fonts: Fonts, poppler: Any) -> None:
    text = poppler.text(demo.kept(fonts, measure=_measure("area_per_10k"), sheet="A4", lang="zh"))
    assert "不低于89.7m²" in text
    assert "目标160m²·尚缺至多2,547m²" in text
    assert "≥126" in text, "a lower bound says so"


def test_the_scale_is_true(toy_subject: Any, fonts: Fonts, poppler: Any) -> None:
    for sheet in ("A4", "A3"):
        content = toy_subject.sheet(fonts, sheet=sheet, landscape=False)
        scale = _scale(poppler.text(content))
        # The toy is a square of 8 km; its outline's upright lines are the longest in the map.
        pixels = np.asarray(poppler.picture(content, dpi=200).convert("L"))
        wanted = 8_000 * 1_000 / scale * 200 / 25.4
        dark = (pixels < 60).sum(axis=0)
        upright = np.flatnonzero((dark > 0.97 * wanted) & (dark < 1.15 * wanted))
        found = upright.max() - upright.min()
        assert found == pytest.approx(wanted, rel=0.01)


@pytest.mark.parametrize("sheet", ["A4", "A3"])
def test_the_bar_is_as_long_as_it_says(demo: Any, fonts: Fonts, poppler: Any, sheet: str) -> None:
    content = demo.kept(fonts, measure=_measure("area_per_10k"), sheet=sheet, lang="zh")
    words = poppler.words(content)
    km = next(place for place, word in enumerate(words) if word.text == "km")
    end = (words[km - 1].left + words[km].right) / 2
    start = next(w for w in words if w.text == "0" and abs(w.top - words[km].top) < 1)
    length_mm = (end - start.middle) / POINTS_PER_MM
    wanted_mm = float(words[km - 1].text) * 1e6 / _scale(poppler.text(content))
    assert length_mm == pytest.approx(wanted_mm, rel=0.01)


def _scale(text: str) -> int:
    found = re.search(r"比例尺1:([\d,]+)", text)
    assert found is not None
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize(
    ("sheet", "dpi", "size"), [("A4", 200, (210, 297)), ("A3", 150, (297, 420))]
)
def test_a_picture_has_the_sheets_size(
    demo: Any, fonts: Fonts, keep: Any, tmp_path: Any, sheet: str, dpi: int, size: tuple[int, int]
) -> None:
    content = demo.sheet(fonts, "png", sheet=sheet)
    keep(f"paper-{sheet}.png", content)
    path = tmp_path / "sheet.png"
    path.write_bytes(content)
    with Image.open(path) as picture:
        shown = sorted(round(side * 25.4 / dpi) for side in picture.size)
        assert shown == list(size)
        assert picture.info.keys() <= {"dpi"}, "no software, no date"


@pytest.mark.parametrize("landscape", [True, False])
def test_the_side_can_be_chosen(
    toy_subject: Any, fonts: Fonts, poppler: Any, landscape: bool
) -> None:
    picture = poppler.picture(toy_subject.sheet(fonts, landscape=landscape))
    assert (picture.width > picture.height) == landscape


@pytest.mark.parametrize("file_format", ["pdf", "png"])
def test_the_same_question_gives_the_same_bytes(demo: Any, fonts: Fonts, file_format: str) -> None:
    first, second = (demo.sheet(fonts, file_format) for _ in range(2))
    assert first == second
    assert b"CreationDate" not in first
    assert b"matplotlib" not in first.lower()


def test_sheets_may_be_drawn_at_once(toy_subject: Any, fonts: Fonts) -> None:
    formats = ("pdf", "png", "pdf", "png")
    alone = [toy_subject.sheet(fonts, each) for each in formats]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: toy_subject.sheet(fonts, each), formats))
    assert together == alone


def test_no_state_is_shared_between_drawings() -> None:
    """pyplot keeps figures for the whole process; a process of its own tells who imports it."""
    code = "import sys, layers.paper, layers.report; print('matplotlib.pyplot' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert told.stdout.strip() == "False"


def test_an_approval_number_takes_the_place_of_the_mark(
    toy: DistrictData, subject: Callable[..., Any], fonts: Fonts, poppler: Any
) -> None:
    text = poppler.text(subject(replace(toy, approval_number="湘S(2026)001号")).sheet(fonts))
    assert "审图号：湘S(2026)001号" in text
    assert "不得公开" not in text


def test_boundaries_that_are_not_schematic_say_nothing_of_it(
    toy: DistrictData, subject: Callable[..., Any], fonts: Fonts, poppler: Any
) -> None:
    surveyed = replace(toy, townships=toy.townships.assign(quality="surveyed"))
    assert "示意图" not in poppler.text(subject(surveyed).sheet(fonts))


def test_names_are_printed_as_they_are_and_cut(
    toy: DistrictData, subject: Callable[..., Any], fonts: Fonts, poppler: Any, keep: Any
) -> None:
    hostile = subject(_renamed(toy, HOSTILE))
    for measure in MEASURES:
        content = hostile.sheet(fonts, measure=_measure(measure))
        keep(f"paper-hostile-{measure}.pdf", content)
        text = poppler.text(content)
        assert r"$\frac{1}{0}$" in text
        assert "长" * 13 + "…" in text
        assert "长" * 15 not in text
        assert "abcba" in text, "a direction that is overridden is not"
        assert "{district}<b>" in text


def test_a_character_without_a_font_is_named(
    toy: DistrictData, subject: Callable[..., Any], fonts: Fonts
) -> None:
    names = ("城东街道", "\ue123乡", "河西镇", "山口乡")
    with pytest.raises(OutputError) as caught:
        subject(_renamed(toy, names)).sheet(fonts)
    assert "U+E123" in caught.value.message("zh")
    assert "--font" in caught.value.message("zh")
    assert "U+E123" in caught.value.message("en")


def test_a_target_without_a_standard_is_refused(toy_subject: Any, fonts: Fonts) -> None:
    with pytest.raises(QueryError, match="没有服务标准"):
        toy_subject.sheet(fonts, measure=MapMeasure("gaps", "school"))


def test_a_township_without_residents_is_told_apart(
    toy_subject: Any, fonts: Fonts, poppler: Any
) -> None:
    text = poppler.text(toy_subject.sheet(fonts))
    assert "没有居民或没有数据" in text
    assert "山口乡" in text


@pytest.mark.parametrize("measure", MEASURES)
def test_a_sheet_in_grey_is_kept_to_be_looked_at(
    demo: Any, fonts: Fonts, poppler: Any, keep: Any, measure: str
) -> None:
    """That swatches differ without colour is tested with the measures."""
    content = demo.kept(fonts, measure=_measure(measure), sheet="A4", lang="zh")
    grey = poppler.picture(content).convert("L")
    low, high = grey.getextrema()
    assert (low < 40, high) == (True, 255)
    target = io.BytesIO()
    grey.save(target, format="png")
    keep(f"paper-grey-{measure}.png", target.getvalue())


def test_what_is_drawn_and_what_is_not_add_up_to_the_headline(
    demo: Any, fonts: Fonts, poppler: Any
) -> None:
    told = poppler.text(demo.kept(fonts))
    drawn = re.search(r"(\d+)处：区内(\d+)处，区外(\d+)处", told)
    left = re.search(r"(\d+)处没有坐标，图上未标（区内(\d+)处）", told)
    assert drawn is not None
    assert left is not None
    total, inside, outside = map(int, drawn.groups())
    ledger = demo.document["district"]["ledger"]
    assert total == inside + outside
    assert outside == ledger["outside"]
    assert inside + int(left[2]) == ledger["inside"]
    assert total + int(left[1]) == ledger["total"] - ledger["not_operating"]
