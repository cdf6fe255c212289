"""Signs: facilities by group and counting; a plan's sites with numbers and search areas."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from geo.core.district import DistrictData
from geo.core.scenario import load_scenario
from geo.core.vocabulary import Group
from geo.measures.study import Study, study
from geo.publish.map_sheet import map_shapes
from geo.publish.map_sheet_sites import site_shapes
from geo.publish.study_json import study_document
from geo.siting.proposal import SitePlan, propose
from layers.palette import SITE_SYMBOLS, SYMBOLS
from layers.paper import Fonts, MapMeasure, thematic_map
from layers.paper.canvas import INK, Box
from layers.paper.placement import View
from layers.paper.symbols import (
    COUNTED_MM,
    OTHER_MM,
    SITE_MM,
    SiteMark,
    draw_sites,
    marks_in,
    ring_of,
    shown_facilities,
    site_marks,
)
from layers.paper.theme import theme_of

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


def test_each_sign_is_a_closed_shape_within_its_box() -> None:
    for symbols, side in ((SYMBOLS.values(), 20.0), (SITE_SYMBOLS, 28.0)):
        for symbol in symbols:
            ring = ring_of(symbol.path, side)
            assert len(ring) >= 3
            assert ring.min() >= 0
            assert ring.max() <= 1
            x, y = ring.T
            area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
            assert 0.3 < area <= 1, symbol.path


def test_paths_are_read_as_svg_reads_them() -> None:
    assert ring_of("M3 3H17V17H3Z").tolist() == [
        [0.15, 0.15], [0.85, 0.15], [0.85, 0.85], [0.15, 0.85]
    ]  # fmt: skip
    assert ring_of("M10 2 18.5 17.5H1.5Z").tolist() == [[0.5, 0.1], [0.925, 0.875], [0.075, 0.875]]
    circle = ring_of("M10 2A8 8 0 1 1 10 18A8 8 0 1 1 10 2Z") - 0.5
    assert np.hypot(*circle.T) == pytest.approx(np.full(len(circle), 8 / 20))


def _facility(kind: str, group: str, **given: Any) -> dict[str, Any]:
    return {
        "kind": kind, "kinds": [kind], "group": group, "east_m": 1_000.0, "north_m": 1_000.0,
        "open_on_date": True, "serves": True, "counted": False, "in_district": True,
    } | given  # fmt: skip


FACILITIES = [
    _facility("library", "public_venue"),
    _facility("library", "public_venue", serves=False, open_on_date=False),
    _facility("science_museum", "hall", counted=True),
    _facility("party_service_centre", "service_centre", kinds=["party_service_centre", "library"]),
    _facility("library", "public_venue", east_m=None, north_m=None),
]


def test_area_shows_what_operates_and_coverage_what_serves(toy_subject: Any) -> None:
    area = theme_of(toy_subject.document, MapMeasure(), "zh")
    assert shown_facilities(FACILITIES, area) == [FACILITIES[at] for at in (0, 2, 3, 4)]
    library = theme_of(toy_subject.document, MapMeasure("coverage", "library"), "zh")
    shown = shown_facilities(FACILITIES, library)
    assert shown == [FACILITIES[at] for at in (0, 3, 4)], "a designation counts as well"


def test_what_counts_is_large_filled_and_drawn_last(toy_subject: Any) -> None:
    area = theme_of(toy_subject.document, MapMeasure(), "zh")
    view = View(Box(0, 0, 100, 100), 100_000, 1.0, 0, 0)
    marks = marks_in(FACILITIES, area, view)
    assert [mark.group for mark in marks] == [
        Group.SERVICE_CENTRE, Group.PUBLIC_VENUE, Group.HALL
    ]  # fmt: skip
    assert [mark.is_filled for mark in marks] == [False, False, True]
    assert [mark.size for mark in marks] == [OTHER_MM, OTHER_MM, COUNTED_MM]
    assert {(mark.x, mark.y) for mark in marks} == {(10, 10)}


def test_what_lies_beyond_the_view_has_no_mark(toy_subject: Any) -> None:
    area = theme_of(toy_subject.document, MapMeasure(), "zh")
    view = View(Box(0, 0, 11, 11), 100_000, 1.0, 0, 0)
    # At 10 mm the large mark would stick out of the box of 11 mm, the small ones do not.
    assert {mark.size for mark in marks_in(FACILITIES, area, view)} == {OTHER_MM}
    assert marks_in(FACILITIES, area, View(Box(0, 0, 5, 5), 100_000, 1.0, 0, 0)) == []


def test_a_sign_has_its_number_in_a_colour_that_is_read_on_it(recorder: Any) -> None:
    marks = [SiteMark(10 * at, 10, at, str(at + 1), 0.0) for at in range(len(SITE_SYMBOLS))]
    draw_sites(recorder, marks, recorder.box, 4)
    colours = {one.text: one.given["colour"] for one in recorder.written}
    assert colours == {"1": INK, "2": "#ffffff", "3": INK, "4": INK}
    assert recorder.texts == ["4", "3", "2", "1"], "the first lies on top"
