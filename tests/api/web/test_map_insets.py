"""What stands on the map keeps clear of what lies over it, in the demonstration district."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
ON = "on=2025-12-31"
FURNITURE = "#title-block, #legend, #map-region .leaflet-control"
ZOOM = "(() => { const m = window.kepuShell.map; return [m.getZoom(), m.getCenter().lat]; })()"
TOWNSHIPS = ".leaflet-townships-pane path.leaflet-interactive"


@pytest.fixture
def served(served_demo: Any) -> Any:
    return served_demo


def _boxes(found: Locator) -> list[dict[str, float]]:
    boxes: list[dict[str, float]] = found.evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().toJSON()).filter(box => box.width > 0)"
    )
    return boxes


def _meet(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(
        one[at] < other[at] + other[size] - 1 and other[at] < one[at] + one[size] - 1
        for at, size in (("x", "width"), ("y", "height"))
    )


def _within(box: dict[str, float], other: dict[str, float]) -> bool:
    return all(
        other[at] <= box[at] and box[at] + box[size] <= other[at] + other[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


def _open(watched: Any, served: Any, width: int, height: int) -> Page:
    watched.page.set_viewport_size({"width": width, "height": height})
    page: Page = watched.open(f"{served.url}/?{ON}")
    return page


def _site(page: Page) -> None:
    page.click(".siting button.primary")
    expect(page.locator(".site-table tbody tr")).to_have_count(20)
    expect(page.locator(".siting-status").first).to_contain_text("完成")
    page.evaluate("window.scrollTo(0, 0)")
    # Signs glide to their places while clusters open.
    page.wait_for_timeout(600)


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_a_proposal_comes_into_view_as_a_whole(
    watched: Any, served: Any, size: tuple[int, int]
) -> None:
    page = _open(watched, served, *size)
    page.evaluate("window.kepuShell.map.setZoom(15, { animate: false })")
    _site(page)
    signs = _boxes(page.locator(".site-sign"))
    assert len(signs) == 20
    region = page.locator(".folium-map").bounding_box()
    assert region
    for sign in signs:
        assert _within(sign, region)
        assert not any(_meet(sign, piece) for piece in _boxes(page.locator(FURNITURE)))
    watched.shoot(f"sites-in-view-{size[0]}")
    before = page.evaluate(ZOOM)
    page.fill("input[name=count_agri_demo_base]", "9")
    page.click(".siting button.primary")
    expect(page.locator(".site-table tbody tr")).to_have_count(19)
    assert page.evaluate(ZOOM) == before, "what is in view does not jump"
    watched.check()


@pytest.mark.parametrize("size", [(1440, 900), (800, 900)])
def test_a_popup_opens_beside_the_legend(watched: Any, served: Any, size: tuple[int, int]) -> None:
    page = _open(watched, served, *size)
    for right, down in ((40, 60), (40, 330), (250, 40)):
        # A facility put where its popup would open behind the legend.
        page.evaluate(
            """([right, down]) => {
                const map = window.kepuShell.map;
                let chosen;
                map.eachLayer((layer) => {
                    if (layer instanceof L.MarkerClusterGroup) chosen = layer.getLayers()[0];
                });
                map.closePopup();
                map.setView(chosen.getLatLng(), 16, { animate: false });
                const { x, y } = map.getSize();
                map.panBy([right - x / 2, down - y / 2], { animate: false });
                chosen.openPopup();
            }""",
            [right, down],
        )
        page.wait_for_timeout(600)
        popup = page.locator(".facts-popup .leaflet-popup-content-wrapper").bounding_box()
        assert popup
        for piece in _boxes(page.locator(FURNITURE)):
            assert not _meet(popup, piece), (right, down)
    watched.shoot(f"popup-legend-{size[0]}")
    watched.check()


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768)])
def test_every_township_has_its_name_at_the_first_zoom(
    watched: Any, served: Any, size: tuple[int, int]
) -> None:
    page = _open(watched, served, *size)
    names = page.locator(".place:not(.neighbour)")
    assert names.count() == page.locator(TOWNSHIPS).count() == 14
    boxes = _boxes(page.locator(".place"))
    for one, other in combinations(boxes, 2):
        assert not _meet(one, other)
    small = _boxes(page.locator(".place.small"))
    assert small, "three townships have no room for their names"
    for box in small:
        others = _boxes(page.locator(f"{FURNITURE}, .cluster, .facility"))
        assert not any(_meet(box, other) for other in others)
    # A line, what makes it stand out, and a dot for each of them.
    assert page.locator(".leaflet-leaders-pane path").count() == 3 * len(small)
    page.evaluate("window.kepuShell.map.setZoom(13, { animate: false })")
    expect(page.locator(".place.small")).to_have_count(0)
    watched.check()


def test_a_card_stays_within_a_narrow_map(watched_phone: Any, served: Any) -> None:
    page = watched_phone.open(f"{served.url}/?{ON}")
    # Without signs, which would take the finger's touch.
    page.evaluate(
        """() => window.kepuShell.map.eachLayer((layer) => {
            if (layer instanceof L.MarkerClusterGroup) window.kepuShell.map.removeLayer(layer);
        })"""
    )
    region = page.locator(".folium-map").bounding_box()
    card = page.locator(".facts-tip")
    seen = set()
    for spots in (TOWNSHIPS, ".leaflet-gaps-pane path"):
        for number, box in enumerate(_boxes(page.locator(spots))[:16]):
            page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            # Two touches in quick succession would zoom.
            page.wait_for_timeout(350)
            for at in _boxes(card):
                assert _within(at, region), number
                seen.add(card.first.inner_text())
                cut = card.first.evaluate("e => e.scrollHeight > e.clientHeight")
                assert not cut, number
    assert len(seen) > 12
    assert any("覆盖缺口" in told for told in seen), "a gap's card, which is the highest"
    watched_phone.shoot("phone-card")
    watched_phone.check()


def test_choices_beyond_the_edge_of_a_phone_have_a_sign(watched_phone: Any, served: Any) -> None:
    page = watched_phone.open(f"{served.url}/?{ON}")
    choices = page.locator("#choices")
    sign = "getComputedStyle(document.getElementById('choices'), '::after').content"
    assert page.evaluate(sign) == '"›"'
    choices.evaluate("e => { e.scrollLeft = e.scrollWidth; }")
    expect(choices).not_to_have_class("choices more")
    assert page.evaluate(sign) == "none"
    box = page.locator("#print").bounding_box()
    assert box["x"] + box["width"] <= 390
    watched_phone.check()
