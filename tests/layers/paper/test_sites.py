"""A siting plan on a sheet: signs with numbers, search areas, and what the legend says of them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from geo.core.district import DistrictData
from geo.core.scenario import load_scenario
from geo.measures.study import Study, study
from geo.publish.map_sheet import map_shapes
from geo.publish.map_sheet_sites import site_shapes
from geo.publish.study_json import study_document
from geo.siting.proposal import SitePlan, propose
from layers.paper import Fonts, MapMeasure, thematic_map
from layers.paper.canvas import Box
from layers.paper.placing import View
from layers.paper.sites import SITE_MM, site_marks

WORDS = {
    "zh": ["推荐选址（建议）", "农业产业科普示范基地", "农村青少年科普体验基地", "10处",
           "虚线框：搜索区（非地址）", "按2025-12-31的台账推算，尚未确定"],
    "en": ["Proposedsites(aproposal)", "Agriculturaldemonstrationbase", "Ruralyouthexperiencebase",
           "Dashed:searcharea,noaddress", "For2025-12-31,notdecided"],
}  # fmt: skip


@pytest.fixture(scope="module")
def planned(demo_data: DistrictData) -> tuple[Study, SitePlan]:
    found = study(demo_data, load_scenario(on=date(2025, 12, 31)))
    return found, propose(found).plan


def _sheet(planned: tuple[Study, SitePlan], fonts: Fonts, **given: Any) -> bytes:
    found, plan = planned
    shapes = map_shapes(found) | {"sites": site_shapes(found, plan)}
    asked: dict[str, Any] = {"measure": MapMeasure(), "sheet": "A4", "lang": "zh"} | given
    return thematic_map(study_document(found), shapes, fonts=fonts, file_format="pdf", **asked)


def _height(word: Any) -> float:
    """Return the middle of a word's box, in points from the sheet's upper edge."""
    middle: float = (word.top + word.bottom) / 2
    return middle


def test_shapes_are_those_of_the_plan(planned: tuple[Study, SitePlan]) -> None:
    found, plan = planned
    told = site_shapes(found, plan)
    assert told["on"] == "2025-12-31"
    assert [row["number"] for row in told["sites"]] == list(range(1, 21))
    assert [row["count"] for row in told["programmes"]] == [10, 10]
    areas = sum(row["is_area"] for row in told["sites"])
    assert areas == Counter(plan.sites["source"].astype(str))["search_area"]
    assert 0 < areas < 20
    points = plan.sites.geometry.to_crs(found.data.measuring_crs)
    places = [(row["east_m"], row["north_m"]) for row in told["sites"]]
    assert places == [(round(point.x, 2), round(point.y, 2)) for point in points]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("name", ["area_per_10k", "accessible", "gaps"])
def test_a_sheet_shows_the_plan_and_says_that_it_is_a_proposal(
    planned: tuple[Study, SitePlan], fonts: Fonts, poppler: Any, keep: Any,
    lang: str, landscape: bool, name: str,
) -> None:  # fmt: skip
    measure = MapMeasure(name, "service_centre")  # type: ignore[arg-type]
    content = _sheet(planned, fonts, lang=lang, landscape=landscape, measure=measure)
    keep(f"paper-sites-{name}-{lang}-{'wide' if landscape else 'tall'}.pdf", content)
    text = poppler.text(content)
    for words in WORDS[lang]:
        assert words in text
    words = poppler.words(content)
    numbers = Counter(word.text for word in words if word.text.isdigit())
    assert all(numbers[str(number)] for number in range(1, 21))
    # The legend holds what it lists: no word of a sheet lies on another.
    lines = [word for word in words if not word.text.isdigit() and len(word.text) > 1]
    for one, other in combinations(lines, 2):
        wide = min(one.right, other.right) - max(one.left, other.left)
        assert wide <= 1 or abs(_height(one) - _height(other)) > 4, (one, other)


def test_without_a_plan_a_sheet_is_as_it_was(
    demo: Any, planned: tuple[Study, SitePlan], fonts: Fonts, poppler: Any
) -> None:
    text = poppler.text(demo.kept(fonts))
    assert "推荐选址" not in text
    assert "搜索区" not in text


def test_a_square_is_as_wide_as_its_search_area_and_wider_than_its_sign() -> None:
    row = {"number": 1, "programme": 0, "is_area": True, "east_m": 5_000.0, "north_m": 5_000.0}
    address = row | {"number": 2, "is_area": False}
    sites = {"grid_m": 1_000.0, "sites": [row, address]}
    near, far = (
        site_marks(sites, View(Box(0, 0, 200, 200), scale, 1.0, 0, 0))
        for scale in (100_000, 1_000_000)
    )
    assert near[0].area_mm == pytest.approx(10.0)
    assert far[0].area_mm > SITE_MM
    assert near[1].area_mm == far[1].area_mm == 0
    assert near[0].box.width == pytest.approx(10.0)
    assert near[1].box.width == SITE_MM
    assert site_marks(None, View(Box(0, 0, 200, 200), 100_000, 1.0, 0, 0)) == []
