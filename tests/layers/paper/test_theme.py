"""Classes, figures and words of each measure."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from layers.paper import MEASURES, MapMeasure
from layers.paper.theme import MapClass, theme_of

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


def test_people_of_gaps_are_the_documents(demo: Any) -> None:
    theme = theme_of(demo.document, MapMeasure("gaps", "library"), "en")
    told = {row["township_code"]: theme.text(row) for row in demo.document["townships"]}
    for gap in demo.document["gaps"]:
        if gap["target_id"] == "library":
            assert told[gap["township_code"]] == f"{gap['population']:,.0f}"
    assert theme.gap_target == "library"


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_sentence_waits_for_a_value(demo: Any, name: Any, lang: Any) -> None:
    theme = theme_of(demo.document, MapMeasure(name), lang)
    assert "{" not in theme.title.replace("{district}", "")
    assert "{" not in "".join((theme.unit, theme.meaning, *theme.headline))
