"""Classes, figures and words of each measure."""

from __future__ import annotations

import copy
from itertools import combinations, pairwise
from typing import Any

import pytest

from geo.core.errors import QueryError
from geo.core.vocabulary import Group, Kind
from layers.paper import MEASURES, MapMeasure
from layers.paper.theme import MapClass, figure, percent, theme_of

_WEIGHTS = (0.2126, 0.7152, 0.0722)


def _lightness(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return sum(weight * part for weight, part in zip(_WEIGHTS, parts, strict=True))


def _differ(a: MapClass, b: MapClass) -> bool:
    return a.hatch != b.hatch or abs(_lightness(a.colour) - _lightness(b.colour)) > 0.1


@pytest.mark.parametrize("name", ["area_per_10k", "accessible", "coverage"])
def test_classes_are_told_apart_in_grey(demo: Any, name: Any) -> None:
    classes = theme_of(demo.document, MapMeasure(name), "zh").classes
    assert all(_differ(a, b) for a, b in combinations(classes, 2))


@pytest.mark.parametrize("name", ["area_per_10k", "accessible", "coverage"])
def test_every_value_has_one_class(demo: Any, name: Any) -> None:
    theme = theme_of(demo.document, MapMeasure(name), "zh")
    for row in demo.document["townships"]:
        value = theme.value(row)
        inside = [c for c in theme.classes if value >= c.low and (c.high is None or value < c.high)]
        assert [theme.class_of(row)] == inside


def test_a_class_begins_at_its_lower_end(demo: Any) -> None:
    theme = theme_of(demo.document, MapMeasure(), "zh")
    assert theme.class_of({"area_per_10k_m2": 160.0}).is_met  # type: ignore[union-attr]
    assert not theme.class_of({"area_per_10k_m2": 159.99}).is_met  # type: ignore[union-attr]


def test_classes_of_area_are_shares_of_the_target(demo: Any) -> None:
    # A quarter, a half, three quarters, the target of 160, and half as much again.
    classes = theme_of(demo.document, MapMeasure(), "zh").classes
    words = ["0 – 40", "40 – 80", "80 – 120", "120 – 160", "160 – 240", "≥ 240"]
    assert [item.words for item in classes] == words
    assert [item.is_met for item in classes] == [False] * 4 + [True] * 2
    assert all(a.high == b.low for a, b in pairwise(classes))
    document = copy.deepcopy(demo.document)
    document["district"]["target_area_per_10k_m2"] = 1_000.0
    moved = theme_of(document, MapMeasure(), "en").classes
    assert [item.words for item in moved][-2:] == ["1,000 – 1,500", "≥ 1,500"]


def test_classes_of_coverage_are_fixed_shares(demo: Any) -> None:
    classes = theme_of(demo.document, MapMeasure("coverage"), "zh").classes
    words = ["0% – 50%", "50% – 70%", "70% – 85%", "85% – 95%", "≥ 95%"]
    assert [item.words for item in classes] == words
    assert not any(item.is_met for item in classes)
    lightness = [_lightness(item.colour) for item in classes]
    assert lightness == sorted(lightness, reverse=True), "darker for more"


def test_a_township_without_residents_has_no_class(toy_subject: Any) -> None:
    theme = theme_of(toy_subject.document, MapMeasure(), "zh")
    rows = {row["name_zh"]: row for row in toy_subject.document["townships"]}
    assert theme.class_of(rows["山口乡"]) is None
    assert theme.text(rows["山口乡"]) == "—"


def test_figures_are_those_worked_out_for_the_toy(toy_subject: Any) -> None:
    # f01 300 and f08 40 in the east for 20,000; f02 100 and f05 unknown in the south.
    theme = theme_of(toy_subject.document, MapMeasure(), "zh")
    rows = {row["name_zh"]: row for row in toy_subject.document["townships"]}
    assert theme.text(rows["城东街道"]) == "170"
    assert theme.text(rows["城南街道"]).startswith("≥")
    assert theme.headline[:3] == ("全区每万人展厅面积", "不低于 ", "140.0 m²")
    assert theme.headline[3] == "目标 160 m² · 尚缺 至多 70 m²"
    assert theme.share == pytest.approx(140 / 160)
    assert theme.groups == tuple(Group)
    assert theme.kinds is None


def test_an_exact_area_has_no_bound(toy_subject: Any) -> None:
    document = copy.deepcopy(toy_subject.document)
    document["district"]["is_lower_bound"] = False
    theme = theme_of(document, MapMeasure(), "en")
    assert theme.headline[1] == ""
    assert "at most" not in theme.headline[3]
    document["district"] |= {"area_per_10k_m2": None, "area_gap_m2": None}
    theme = theme_of(document, MapMeasure(), "en")
    assert theme.share is None, "no bar without a figure"
    assert theme.headline[2] == "— m²"


def test_accessible_area_is_read_against_the_districts_target(toy_subject: Any) -> None:
    theme = theme_of(toy_subject.document, MapMeasure("accessible"), "en")
    access = toy_subject.document["accessibility"]["accessible_area_per_10k_m2"]
    assert theme.headline[2] == f"{access:,.1f} m²"
    assert theme.headline[3] == "Reference 160 m² (the district's target)"
    row = toy_subject.document["townships"][0]
    assert theme.value(row) == row["accessible_area_per_10k_m2"]


def test_coverage_shows_the_facilities_that_serve(toy_subject: Any) -> None:
    theme = theme_of(toy_subject.document, MapMeasure("coverage", "library"), "zh")
    assert (theme.groups, theme.kinds) == ((Group.PUBLIC_VENUE,), frozenset({"library"}))
    assert theme.title == "玩具区居民覆盖率图：图书馆/书苑"
    assert "步行 15 分钟" in theme.meaning
    group = theme_of(toy_subject.document, MapMeasure("coverage", "base"), "zh")
    assert group.kinds is not None
    assert group.kinds > {"science_base"}
    assert all(Kind(kind) for kind in group.kinds)


def test_people_of_gaps_are_the_documents(demo: Any) -> None:
    theme = theme_of(demo.document, MapMeasure("gaps", "library"), "en")
    told = {row["township_code"]: theme.text(row) for row in demo.document["townships"]}
    for gap in demo.document["gaps"]:
        if gap["target_id"] == "library":
            assert told[gap["township_code"]] == f"{gap['population']:,.0f}"
    assert theme.gap_target == "library"


def test_a_township_without_a_gap_shows_nobody(toy_subject: Any) -> None:
    theme = theme_of(toy_subject.document, MapMeasure("gaps", "library"), "zh")
    assert theme.text({"township_code": "elsewhere"}) == "0 人"
    assert theme.classes == ()
    assert theme.class_of({"township_code": "elsewhere"}) is None


@pytest.mark.parametrize(
    ("of", "target"), [("base", "any-base"), ("library", "library"), ("hall", "any-hall")]
)
def test_the_gap_of_a_group_is_that_of_any_of_it(of: str, target: str) -> None:
    assert MapMeasure("gaps", of).target_id == target


def test_what_has_no_standard_is_refused_with_what_has(toy_subject: Any) -> None:
    with pytest.raises(QueryError) as caught:
        theme_of(toy_subject.document, MapMeasure("coverage", "park"), "zh")
    for lang in ("zh", "en"):
        told = caught.value.message(lang)  # type: ignore[arg-type]
        assert "park" in told
        assert "library" in told


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_sentence_waits_for_a_value(demo: Any, name: Any, lang: Any) -> None:
    theme = theme_of(demo.document, MapMeasure(name), lang)
    assert "{" not in theme.title.replace("{district}", "")
    assert "{" not in "".join((theme.unit, theme.meaning, *theme.headline))
    assert theme.title.startswith("大祥区")


def test_the_name_of_a_district_is_no_placeholder(demo: Any) -> None:
    document = copy.deepcopy(demo.document)
    document["district"]["name_zh"] = "{target}\n{{7*7}}\u202e"
    theme = theme_of(document, MapMeasure("coverage"), "en")
    assert theme.title == "{target} {{7*7}}: residents covered, Science bases"


@pytest.mark.parametrize(
    ("value", "whole", "tenths"),
    [(0.0, "0", "0.0"), (1234.56, "1,235", "1,234.6"), (None, "—", "—")],
)
def test_figures_on_paper(value: float | None, whole: str, tenths: str) -> None:
    assert (figure(value), figure(value, 1)) == (whole, tenths)


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0.0%"), (0.2, "20.0%"), (0.99951, "99.9%"), (0.9999999, "99.9%"), (1.0, "100.0%")],
)
def test_almost_all_is_not_all(share: float, shown: str) -> None:
    assert percent(share) == shown
