"""The page in a real browser, with every address beyond this machine blocked."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ON = "on=2025-12-31"


def test_a_planner_opens_the_map(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    assert "玩具区" in page.title()
    headline = page.inner_text(".headline")
    assert "不低于" in headline
    assert "140.0" in headline
    assert re.search(r"至多\s*70 m²", headline)
    assert "内部工作用图 不得公开" in page.inner_text("#title-block")
    assert "示意图" in page.inner_text("#title-block")
    assert page.is_hidden("#demonstration"), "the toy is no demonstration ledger"
    assert page.locator(".leaflet-townships-pane path").count() == 5
    watched.shoot("toy-zh")
    watched.check()


def test_the_table_sorts_and_finds_its_place(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")

    def names() -> list[str]:
        return page.locator("#townships tbody th").all_inner_texts()

    assert names() == ["城东街道", "城南街道", "河西镇", "山口乡"]
    page.click('#townships button[data-key="counted_area_m2"]')
    assert names() == ["城东街道", "城南街道", "河西镇", "山口乡"]
    header = page.locator('#townships th:has(button[data-key="counted_area_m2"])')
    assert header.get_attribute("aria-sort") == "descending"
    page.click('#townships button[data-key="counted_area_m2"]')
    assert names() == ["山口乡", "河西镇", "城南街道", "城东街道"]
    assert "sort=counted_area_m2" in page.url
    cells = page.locator("#townships tbody tr").nth(3).locator("td").all_inner_texts()
    assert cells[:4] == ["街道", "20,000", "340", "170.0"]
    assert page.locator("#townships tbody tr").nth(0).locator("td").all_inner_texts()[3] == "—"
    before = page.locator(".leaflet-townships-pane path").nth(1).get_attribute("d")
    page.click("#townships tbody th button >> text=河西镇")
    page.wait_for_timeout(600)
    assert page.locator("#townships tr.marked").inner_text().startswith("河西镇")
    assert page.locator(".leaflet-townships-pane path").nth(1).get_attribute("d") != before
    watched.check()


def test_popups_tooltips_and_layers(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}&group=public_venue")
    page.click(".facility")
    popup = page.inner_text(".facts-popup")
    for words in ("f03 library", "图书馆/书苑", "50.0 m²", "5,000.0 m²", "类型不在本口径内"):
        assert words in popup
    page.click(".leaflet-popup-close-button")
    expect(page.locator(".facts-popup")).to_have_count(0)
    page.focus(".leaflet-control-layers-toggle")
    page.keyboard.press("Enter")
    boxes = page.locator(".leaflet-control-layers-overlays label")
    assert "公共场所" in boxes.all_inner_texts()[-1]
    # Leaflet ignores a click that comes in the instant in which the list opens.
    boxes.nth(8).hover()
    page.wait_for_timeout(200)
    boxes.nth(8).locator("input").click()
    expect(page.locator(".facility")).to_have_count(0)
    boxes.nth(8).locator("input").click()
    expect(page.locator(".facility")).to_have_count(1)
    townships = page.locator(".leaflet-townships-pane path.leaflet-interactive")
    assert townships.count() == 4
    boxes.nth(1).locator("input").click()
    expect(townships).to_have_count(0)
    boxes.nth(1).locator("input").click()
    expect(townships).to_have_count(4)
    box = townships.nth(1).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7)
    expect(page.locator(".facts-tip")).to_be_visible()
    tip = page.inner_text(".facts-tip")
    for words in ("人口", "常住人口 2020年", "普查", "计入面积", "B 考核口径"):
        assert words in tip
    watched.check()


def test_switches_change_the_figures_and_the_address(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    page.select_option("select[name=caliber]", "C")
    expect(page.locator(".headline")).to_contain_text("162.9")
    assert "caliber=C" in page.url
    page.select_option("select[name=scope]", "district_run")
    expect(page.locator(".headline")).to_contain_text("区属")
    page.fill("input[name=on]", "2022-12-31")
    expect(page.locator(".headline")).to_contain_text("2022-12-31")
    address = page.url
    again = watched.context.new_page()
    again.goto(address)
    again.wait_for_selector("html[data-ready=yes]")
    assert again.inner_text(".headline") == page.inner_text(".headline"), "a view can be sent on"
    watched.check()


def test_english(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    page.click("#language")
    page.wait_for_selector("html[lang=en][data-ready=yes]")
    assert "lang=en" in page.url
    text = page.inner_text("body")
    for words in ("Exhibition area per 10,000", "at least", "Schematic map", "Not for"):
        assert words.lower() in text.lower()
    for words in ("考核口径", "不低于", "目标"):
        assert words not in text
    watched.shoot("toy-en")
    watched.check()


def test_the_table_is_copied_and_downloaded(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    page.click("#copy")
    expect(page.locator("#table-state")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[1].split("\t")[:5] == [
        "430599001", "城东街道", "街道", "20000", "340",
    ]  # fmt: skip
    with page.expect_download() as download:
        page.click("#download")
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark"
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 6
    assert rows[5][:2] == ["430599", "全区"], "the district closes the table"
    assert rows[2][-3] == "不低于 普查"
    assert download.value.suggested_filename == "kepu-430599-2025-12-31-B.csv"
    watched.check()


def test_a_phone_shows_it_all_without_scrolling_sideways(watched_phone, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched_phone.open(f"{served_toy.url}/?{ON}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.is_visible(".headline")
    assert page.is_visible("#legend")
    watched_phone.shoot("toy-phone")
    watched_phone.check()


def test_escape_closes_a_popup(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    page.locator(".facility").first.click()
    expect(page.locator(".facts-popup")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".facts-popup")).to_have_count(0)
    watched.check()


def test_the_service_describes_itself_without_the_internet(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    watched.page.goto(f"{served_toy.url}/docs")
    watched.page.wait_for_selector(".opblock-summary-path")
    paths = watched.page.locator(".opblock-summary-path").all_inner_texts()
    assert any("/study" in path for path in paths)
    watched.check()


def test_a_fault_is_told_in_words(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    page.route("**/study?*", lambda route: route.fulfill(
        status=503, content_type="application/problem+json",
        body='{"title":"x","detail":"数据库<b>忙</b>","status":503}'))  # fmt: skip
    page.select_option("select[name=caliber]", "A")
    page.wait_for_selector(".message.failed")
    assert "数据库<b>忙</b>" in page.inner_text("#message")
    page.unroute("**/study?*")
    page.click("#retry")
    expect(page.locator(".headline")).to_contain_text("85.7")


def test_the_keyboard_reaches_the_table(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "copy"
    unnamed = page.evaluate(
        """[...document.querySelectorAll("button, a[href], input, select")]
            .filter((e) => e.offsetParent && !(e.innerText.trim() || e.getAttribute("aria-label")
                || e.title || (e.labels && e.labels.length)))
            .map((e) => e.outerHTML)"""
    )
    assert unnamed == []


def test_a_popup_stands_clear_of_the_title(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}&group=hall&gap=none")
    # Put a hall where its popup would open under the title.
    page.evaluate(
        """() => {
            const map = window.kepuShell.map;
            const size = map.getSize();
            let chosen;
            map.eachLayer((layer) => {
                if (!(layer instanceof L.MarkerClusterGroup)) return;
                for (const marker of layer.getLayers()) {
                    chosen = chosen || marker;
                }
            });
            map.setView(chosen.getLatLng(), 16, { animate: false });
            map.panBy([size.x / 2 - 280, size.y / 2 - 200], { animate: false });
            chosen.openPopup();
        }"""
    )
    page.wait_for_timeout(600)
    watched.shoot("popup")
    name = page.locator(".facts-popup strong").bounding_box()
    title = page.locator("#title-block").bounding_box()
    assert name["y"] >= title["y"] + title["height"] or name["x"] >= title["x"] + title["width"]
    watched.check()


def test_a_facility_shows_its_service_area(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}&group=public_venue")
    page.click(".facility")
    page.fill("form.reach input[name=minutes]", "19.5")
    page.click("form.reach button >> text=显示服务范围")
    # 1,000 m on foot: 80 cells of 50 people, worked out in tests/api/test_trend.py.
    expect(page.locator("form.reach p")).to_contain_text("有 4,000 人")
    expect(page.locator("form.reach p")).to_contain_text("直线距离 × 绕行系数 1.3")
    inside = """(p) => p.getBoundingClientRect().bottom
        <= p.closest(".leaflet-popup-content").getBoundingClientRect().bottom + 1"""
    assert page.locator("form.reach p").evaluate(inside), "the answer is not below the fold"
    expect(page.locator(".leaflet-reach-pane path")).to_have_count(1)
    page.click("form.reach button >> text=清除")
    expect(page.locator(".leaflet-reach-pane path")).to_have_count(0)
    watched.shoot("toy-service-area")
    watched.check()


def test_the_change_since_a_date_that_one_types(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    page.click("#townships tbody .link >> text=城南街道")
    card = page.locator("#score-card")
    moved = card.locator("tbody tr").first.locator("td").nth(2)
    expect(card.locator("thead").first).to_contain_text("比 2021-12-31")
    expect(moved).to_have_text("+100.0")
    assert card.locator("#year-ends option").count() == 5
    page.focus("input[name=since]")
    # f02 with its 100 m² for 10,000 people is there from July 2023 on.
    page.keyboard.type("08012023")
    expect(card.locator("thead").first).to_contain_text("比 2023-08-01")
    expect(moved).to_have_text("±0.0")
    assert page.evaluate("document.activeElement.name") == "since", "the cursor stays"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("06")
    expect(card.locator("thead").first).to_contain_text("比 2023-06-01")
    expect(moved).to_have_text("+100.0")
    watched.shoot("toy-card-since")
    page.select_option("select[name=caliber]", "C")
    expect(page.locator(".headline")).to_contain_text("162.9")
    expect(card.locator("thead").first).to_contain_text("比 2023-06-01")
    watched.check()


def test_a_date_is_typed_to_its_end(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    page.focus("input[name=on]")
    page.keyboard.type("06302023", delay=60)
    expect(page.locator(".headline")).to_contain_text("2023-06-30")
    assert page.input_value("input[name=on]") == "2023-06-30"
    expect(page.locator("#message")).to_be_hidden()
    watched.check()


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01", ""])
def test_a_date_that_is_not_possible_is_told(watched, served_toy, day: str) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}")
    page.fill("input[name=on]", day)
    told = page.locator("#message[role=status]")
    expect(told).to_contain_text("应是 2000-01-01 至 2100-12-31 之间的一天；仍按 2025-12-31 显示")
    assert page.is_hidden("#retry")
    page.focus("select[name=caliber]")
    assert page.input_value("input[name=on]") == "2025-12-31"
    assert told.is_visible(), "and stays told"
    page.fill("input[name=on]", "2024-12-31")
    expect(page.locator(".headline")).to_contain_text("2024-12-31")
    expect(told).to_be_hidden()
    page.click("#townships tbody .link >> text=城南街道")
    page.fill("input[name=since]", day)
    expect(page.locator("#score-card [role=status]")).to_contain_text("2000-01-01 至 2100-12-31")
    watched.check()


def test_a_date_that_could_not_be_compared_is_told(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}&lang=en")
    page.click("#townships tbody .link >> text=城南街道")
    page.route("**/trend?*since*", lambda route: route.fulfill(
        status=503, content_type="application/problem+json",
        body='{"title":"x","detail":"<b>busy</b>","status":503}'))  # fmt: skip
    page.fill("input[name=since]", "2023-08-02")
    expect(page.locator("#score-card")).to_contain_text("<b>busy</b>")
    page.unroute("**/trend?*since*")
    page.fill("input[name=since]", "2023-08-01")
    expect(page.locator("#score-card thead").first).to_contain_text("since 2023-08-01")


def test_gaps_are_ranked_for_an_audience(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}&gap=library")
    rows = page.locator("ol.gaps li")
    expect(rows.first).to_contain_text("城东街道：16,000 人")
    assert page.locator(".leaflet-gaps-pane path").count() > 1
    page.select_option("select[name=audience]", "farmers")
    # Only C is rural, and its far corners are out of the 5,769 m of an e-bicycle.
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("河西镇")
    expect(page.locator(".leaflet-gaps-pane path")).to_have_count(1)
    expect(page.locator("#legend")).to_contain_text("图书馆/书苑 · 农民")
    assert "audience=farmers" in page.url
    watched.check()


def test_the_surface_of_accessible_area(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_toy.url}/?{ON}&measure=surface")
    expect(page.locator(".leaflet-cells-pane canvas")).to_have_count(1)
    page.wait_for_timeout(500)
    painted = page.evaluate(
        """() => { const c = document.querySelector(".leaflet-cells-pane canvas");
          const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
          let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }"""
    )
    assert painted > 10_000
    # Colours of demand points, so that no count of townships stands beside them.
    expect(page.locator("#legend .swatch").first).to_be_visible()
    expect(page.locator("#legend li small")).to_have_count(0)
    watched.shoot("toy-surface")
    watched.check()
