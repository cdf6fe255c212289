"""The self-contained file in Chromium, as a reader at home with a USB stick uses it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from shapely import Point

from geo.core.district import DistrictData
from geo.core.scenario import load_scenario
from geo.publish.offline_map import bundle
from layers.page import render_file

pytestmark = pytest.mark.browser

_ZOOM = "window.kepuShell.map.getZoom()"
_NAMED = """(all) => all.filter((e) => e.offsetParent !== null)
  .filter((e) => !(e.getAttribute("aria-label") || e.title || e.textContent.trim()
    || (e.labels && e.labels.length && e.labels[0].textContent.trim())))
  .map((e) => e.outerHTML.slice(0, 120))"""


def _save(data: DistrictData, folder: Path) -> str:
    scenario = load_scenario(on=date(2025, 12, 31))
    path = folder / "科普 地图.html"
    content = bundle(data, scenario, generated_on=date(2026, 1, 2))
    path.write_text(render_file(content, lang="zh"), encoding="utf-8", newline="")
    return path.as_uri()


@pytest.fixture(scope="module")
def toy_address(toy: DistrictData, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _save(toy, tmp_path_factory.mktemp("stick"))


def _wait_for_zoom(page: Page, holds: Callable[[float], bool]) -> None:
    # Playwright's own waiting for a function needs eval, which the policy forbids.
    for _ in range(100):
        if holds(page.evaluate(_ZOOM)):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"the map stays at zoom {page.evaluate(_ZOOM)}")


def _names(page: Page) -> list[str]:
    return page.locator("#townships tbody .link").all_text_contents()


def test_it_opens_without_a_server_within_its_own_policy(watched: Any, toy_address: str) -> None:
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    page = watched.open(toy_address)
    # 490 m² for 35,000 people, f05 unknown: worked out in tests/geo/test_study.py.
    expect(page.locator(".headline .big b")).to_have_text("140.0")
    expect(page.locator(".headline .big small")).to_have_text("不低于")
    expect(page.locator("#notes")).to_contain_text("生成于 2026-01-02")
    assert [url for url in asked if not url.startswith("data:")] == [toy_address]
    assert page.is_disabled("input[name=on]"), "the file holds one date"
    watched.check()


def test_every_choice_is_in_the_file(watched: Any, toy_address: str) -> None:
    page = watched.open(toy_address)
    figures = {}
    for caliber in "ABC":
        for scope in ("all", "district_run"):
            page.select_option("select[name=caliber]", caliber)
            page.select_option("select[name=scope]", scope)
            figures[caliber, scope] = page.inner_text(".headline .big b")
    # A: f01. B adds f02, f08 and a quarter of f12; C adds f03 and f15 as well.
    assert figures["A", "all"] == "85.7"
    assert figures["B", "all"] == "140.0"
    assert figures["C", "all"] == "162.9"
    # f02 is not the district's, and of f08 nobody knows.
    assert figures["B", "district_run"] == "100.0"
    assert "caliber=C" in page.url
    page.reload()
    page.wait_for_selector("html[data-ready=yes]")
    assert page.input_value("select[name=scope]") == "district_run"
    watched.check()


def test_what_counts_follows_the_caliber_in_popups_too(watched: Any, toy_address: str) -> None:
    page = watched.open(toy_address + "?group=public_venue&caliber=B")
    page.click(".facility")
    expect(page.locator(".facts-popup")).to_contain_text("类型不在本口径内")
    assert page.get_attribute(".leaflet-popup-close-button", "aria-label") == "关闭"
    page.keyboard.press("Escape")
    page.select_option("select[name=caliber]", "C")
    page.click(".facility")
    expect(page.locator(".facts-popup tr", has_text="计入情况 C")).to_contain_text("50.0 m²")
    watched.check()


def test_gaps_are_drawn_and_can_be_put_away(watched: Any, toy_address: str) -> None:
    page = watched.open(toy_address + "?group=service_centre")
    gaps = page.locator('path[fill="url(#gap-hatch)"]')
    assert gaps.count() >= 1
    expect(page.locator(".bars")).to_contain_text("未覆盖 30,000 人")
    page.select_option("select[name=gap]", "")
    expect(gaps).to_have_count(0)
    assert "gap=none" in page.url
    watched.check()


def test_english_and_back_keep_the_view(watched: Any, toy_address: str) -> None:
    page = watched.open(toy_address + "?lang=en&caliber=C")
    assert page.get_attribute("html", "lang") == "en"
    expect(page.locator(".headline h2")).to_have_text("Exhibition area per 10,000 residents")
    assert page.get_attribute(".leaflet-control-zoom-in", "aria-label") == "Zoom in"
    page.click("#language")
    page.wait_for_selector("html[data-ready=yes][lang=zh-CN]")
    assert page.input_value("select[name=caliber]") == "C"
    watched.check()


def test_what_is_unknown_sorts_last_either_way(watched: Any, toy_address: str) -> None:
    page = watched.open(toy_address)
    ratio = page.locator("#townships thead button[data-key=area_per_10k_m2]")
    ratio.click()
    assert _names(page) == ["城东街道", "城南街道", "河西镇", "山口乡"]
    ratio.press("Enter")
    assert _names(page)[-1] == "山口乡", "nobody lives there: no ratio, not the least one"
    assert _names(page)[2] == "城东街道"
    assert page.evaluate("document.activeElement.dataset.key") == "area_per_10k_m2"


def test_the_table_finds_a_township_and_the_map_its_row(
    watched: Any, toy_address: str, toy: DistrictData
) -> None:
    page = watched.open(toy_address + "?gap=none")
    before = page.evaluate(_ZOOM)
    page.click("#townships tbody .link >> text=河西镇")
    _wait_for_zoom(page, lambda zoom: zoom > before)
    centre = page.evaluate("window.kepuShell.map.getCenter()")
    outline = toy.townships.geometry["430599101"]
    assert outline.contains(Point(centre["lng"], centre["lat"]))
    page.click("#map-region button[aria-label=全区]")
    _wait_for_zoom(page, lambda zoom: zoom == before)
    # The labels layer lets clicks through to the township beneath.
    page.locator(".place", has_text="城南街道").click(force=True)
    expect(page.locator("#townships tr.marked .link")).to_have_text("城南街道")
    watched.check()


def _boxes(found: Locator) -> list[dict[str, float]]:
    # All at one moment: the map may draw its names anew between two questions.
    boxes: list[dict[str, float]] = found.evaluate_all(
        "(all) => all.map((e) => e.getBoundingClientRect().toJSON())"
    )
    return boxes


def _meet(a: dict[str, float], b: dict[str, float]) -> bool:
    return all(
        a[at] < b[at] + b[size] and b[at] < a[at] + a[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_names_lie_on_nothing_and_nothing_sticks_out(
    watched: Any, toy_address: str, size: tuple[int, int], lang: str
) -> None:
    watched.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = watched.open(f"{toy_address}?lang={lang}")
    assert page.locator(".place").count() == 4
    # Moved about, townships come to lie under the title, the controls and the legend.
    for down, right in ((0, 0), (160, 0), (80, 160), (-330, -330)):
        page.evaluate(f"window.kepuShell.map.panBy([{-right}, {down}], {{animate: false}})")
        names = _boxes(page.locator(".place"))
        assert names
        others = _boxes(page.locator("#title-block, #legend, #map-region .leaflet-control"))
        for number, box in enumerate(names):
            for other in [*names[number + 1 :], *others]:
                assert not _meet(box, other)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    region = page.locator("#map-region").bounding_box()
    assert region["height"] > 300
    if size[0] > 1000:
        assert region["y"] + region["height"] <= size[1], "and ends on it"
    assert region["y"] < size[1], "the map begins on the first screen"


def test_every_control_has_a_name(watched: Any, toy_address: str) -> None:
    page = watched.open(toy_address)
    controls = page.locator("a[href], button, input, select, [tabindex='0'], [role=button]")
    assert controls.count() > 20
    assert controls.evaluate_all(_NAMED) == []
    assert page.locator("main").count() == page.locator("h1").count() == 1
    assert page.locator("#townships th:not([scope])").count() == 0
    assert page.locator("#message").get_attribute("aria-live") == "polite"


def test_nonsense_in_the_address_is_told_as_text(watched: Any, toy_address: str) -> None:
    watched.page.goto(toy_address + "?caliber=%3Cimg%20src=x%20onerror=window.ran=1%3E")
    message = watched.page.locator("#message.failed")
    expect(message).to_contain_text("没有读到数据: <img src=x onerror=window.ran=1>")
    expect(watched.page.locator("#retry")).to_be_visible()
    assert watched.page.evaluate("window.ran") is None
    watched.check()


def test_paper_shows_the_whole_district_and_the_screen_comes_back(
    watched: Any, toy_address: str
) -> None:
    # A tall window, of which paper would show the upper half.
    watched.page.set_viewport_size({"width": 1366, "height": 1500})
    page = watched.open(toy_address)
    before = page.evaluate(_ZOOM)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    region = page.locator("#map-region").bounding_box()
    assert region["height"] == pytest.approx(165 / 25.4 * 96, abs=2)
    for path in _boxes(page.locator("path.leaflet-interactive")):
        assert region["y"] <= path["y"]
        assert path["y"] + path["height"] <= region["y"] + region["height"]
    assert not page.is_visible("#choices")
    assert page.is_visible("#legend")
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(_ZOOM) == before
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    watched.check()


def test_names_cannot_become_formulas_or_cells(
    watched: Any, tmp_path: Path, toy: DistrictData
) -> None:
    names = ["=1+1", '@"quoted",\n=2', "+\t=3", "山口乡"]
    data = replace(toy, townships=toy.townships.assign(name_zh=names))
    page = watched.open(_save(data, tmp_path))
    assert _names(page) == names, "on the page to the letter"
    with page.expect_download() as download:
        page.click("#download")
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8"
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row[1] for row in rows[1:]] == ["'=1+1", '\'@"quoted",\n=2', "'+\t=3", "山口乡", "全区"]
    assert rows[4][5] == "", "no ratio, which is not zero"
    page.click("#copy")
    expect(page.locator("#table-state")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    cells = [line.split("\t") for line in copied]
    assert len(cells) == 6
    assert {line[-1] for line in cells[1:]} == {rows[1][-1]}
    assert "直线距离 × 绕行系数 1.3（没有道路数据）；人口在乡镇内均匀分布" in rows[1][-1]
    assert {len(line) for line in cells} == {len(rows[0])}
    assert not [cell for line in cells for cell in line if cell.startswith(("=", "@"))]
    watched.check()


def test_a_township_has_a_score_card(watched: Any, toy_address: str) -> None:
    page = watched.open(toy_address)
    expect(page.locator("#score-card")).to_contain_text("点击地图或表格")
    page.click("#townships tbody .link >> text=城东街道")
    card = page.locator("#score-card")
    expect(card.locator("h2")).to_have_text("城东街道评分卡")
    # 170 m², the first of the four; 450 - 100 m² of 2021 stood here: f01, f08, f09.
    first = card.locator("tbody tr").first.locator("td")
    expect(first.nth(0)).to_have_text("170.0")
    expect(first.nth(1)).to_have_text("1/4")
    expect(first.nth(2)).to_have_text("−30.0")
    expect(card).to_contain_text("其他日期请打开服务页面")
    page.select_option("select[name=since]", "2023-12-31")
    expect(first.nth(2)).not_to_have_text("−30.0")
    expect(card.locator("thead").first).to_contain_text("比 2023-12-31")
    expect(card).to_contain_text("待核 1")
    expect(card).to_contain_text("直线距离 × 绕行系数 1.3")
    card.locator("summary").click()
    library = card.locator("details tr", has_text="图书馆/书苑").locator("td")
    expect(library.first).to_have_text("20.0%")
    watched.check()


def test_the_map_shows_one_measure_at_a_time(watched: Any, toy_address: str) -> None:
    page = watched.open(toy_address)
    legend = page.locator("#legend")
    expect(legend.locator("h2")).to_have_text("每万人展厅面积（m²）")
    page.select_option("select[name=measure]", "coverage")
    page.select_option("select[name=gap]", "library")
    expect(legend.locator("h2")).to_have_text("居民覆盖率：图书馆/书苑")
    expect(legend).to_contain_text("≥ 95%")
    expect(page.locator(".place", has_text="城东街道").locator("i")).to_have_text("20.0%")
    page.select_option("select[name=measure]", "accessible")
    expect(legend.locator("h2")).to_have_text("可达展厅面积（每万人 m²）")
    watched.check()


def test_charts_and_lists_are_in_the_file(watched: Any, toy_address: str) -> None:
    page = watched.open(toy_address)
    images = page.locator("#analysis img")
    expect(images).to_have_count(3)
    drawn = images.evaluate_all("(all) => all.map((i) => i.complete && i.naturalWidth > 0)")
    assert drawn == [True, True, True]
    assert all(images.evaluate_all("(all) => all.map((i) => i.alt)"))
    expect(page.locator("#analysis")).to_contain_text("台账中没有运行中的学校")
    expect(page.locator("#analysis")).to_contain_text("0.122")
    watched.check()
