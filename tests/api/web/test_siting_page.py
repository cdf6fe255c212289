"""The section on siting in a real browser: ask, see, change by hand, keep and compare."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from api.settings import Settings
from geo.core.district import DistrictData
from geo.store import LoadRecord, create_store

pytestmark = pytest.mark.browser
ON = "on=2025-12-31"
RUN = "window.ran=1"
HOSTILE = [f"<img src=x onerror={RUN}>", "{{7*7}}", f"</script><script>{RUN}</script>"]


def _ask(page: Page, *, agri: int = 2, youth: int = 1) -> None:
    """Ask for few sites and wait until they are shown."""
    page.fill("input[name=count_agri_demo_base]", str(agri))
    page.fill("input[name=count_youth_experience_base]", str(youth))
    page.click(".siting button.primary")
    expect(page.locator(".site-table tbody tr")).to_have_count(agri + youth)


def _value(page: Page) -> int:
    """Return how many the plan newly covers, as the page tells it."""
    digits = "".join(sign for sign in page.inner_text(".siting-value b") if sign.isdigit())
    return int(digits)


def _after(page: Page) -> list[str]:
    """Return the last column but one of the tables of who is reached."""
    return page.locator(".siting-reached tbody tr td:nth-child(4)").all_inner_texts()


def _with_ages(data: DistrictData) -> DistrictData:
    """Return a district of which a fifth are youth and a fifth seniors, for youth is asked for."""
    people = data.population
    fifth = (people["population"] // 5).astype("Int64")
    ages = {"population_0_14": fifth, "population_60_plus": fifth}
    rest = {"population_15_59": people["population"].astype("Int64") - 2 * fifth}
    return replace(data, population=people.assign(**ages, **rest))


@pytest.fixture(scope="module")
def served(toy, served_at, tmp_path_factory) -> Iterator[Any]:  # type: ignore[no-untyped-def]
    with create_store(tmp_path_factory.mktemp("siting") / "s.gpkg") as store:
        record = LoadRecord(datetime.now(UTC), "x", "0" * 64, "district", 15)
        store.replace_district(_with_ages(toy), record)
        with served_at(store, Settings()) as running:
            yield running


def test_a_planner_asks_and_sees_sites(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    assert page.locator("input[name=question]").count() == 5
    assert page.locator(".site-sign").count() == 0
    _ask(page)
    assert "最优" in page.inner_text(".siting-proof")
    assert page.locator(".site-sign").count() == 3
    assert page.locator(".site-sign text").all_text_contents() == ["1", "2", "3"]
    paths = page.locator(".site-sign path").evaluate_all("all => all.map(e => e.outerHTML)")
    assert paths[0] == paths[1] != paths[2], "programmes are told apart by shape"
    assert page.locator(".siting-legend li").count() >= 2
    assert "农业产业科普示范基地" in page.inner_text(".siting-legend")
    assert page.locator(".siting-reached").count() == 2
    assert "5,000" in page.inner_text(".siting-reached >> nth=0"), "the rural people of 河西镇"
    assert "符合全部要求" in page.inner_text(".siting-edit")
    assert "与建议相同" in page.inner_text(".siting-bar")
    watched.shoot("siting-zh")
    watched.check()


def test_a_row_opens_its_site_on_the_map(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    _ask(page)
    page.locator(".site-table button.link").nth(1).click()
    popup = page.locator(".facts-popup")
    expect(popup).to_contain_text("选址 2")
    for words in ("新增覆盖（按人群）", "新增覆盖（按乡镇）", "河西镇", "次优地点"):
        expect(popup).to_contain_text(words)
    page.focus(".leaflet-control-layers-toggle")
    page.keyboard.press("Enter")
    boxes = page.locator(".leaflet-control-layers-overlays label")
    assert "选址方案" in boxes.all_inner_texts()[-1]
    boxes.last.hover()
    page.wait_for_timeout(200)
    boxes.last.locator("input").click()
    expect(page.locator(".site-sign")).to_have_count(0)
    expect(page.locator(".siting-legend")).to_be_hidden()
    watched.check()


def test_a_search_area_is_a_square_and_no_address(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    _ask(page, agri=3)
    areas = page.locator(".site-table tbody tr", has_text="搜索区（非地址）").count()
    assert areas > 0
    squares = page.locator(".leaflet-sites-pane path")
    assert squares.count() == areas
    assert squares.first.get_attribute("stroke-dasharray")
    box, scale = squares.first.bounding_box(), page.evaluate(
        """() => { const map = window.kepuShell.map;
          const y = map.getSize().y / 2;
          return map.distance(map.containerPointToLatLng([0, y]),
                              map.containerPointToLatLng([100, y])) / 100; }"""
    )  # fmt: skip
    assert box["width"] * scale == pytest.approx(1000, rel=0.05), "as wide as the grid"
    assert "搜索区（非地址）" in page.inner_text(".siting-legend")


def test_sites_are_taken_away_added_and_put_back(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    _ask(page)
    whole, reached = _value(page), _after(page)
    page.locator(".site-table button", has_text="移除").first.click()
    expect(page.locator(".site-table tbody tr")).to_have_count(2)
    assert _value(page) < whole
    assert _after(page) != reached
    expect(page.locator(".siting-edit")).to_contain_text("农业产业科普示范基地共 2 处")
    expect(page.locator(".siting-bar")).to_contain_text("更差")
    fewer = _value(page)
    page.click(".siting-edit button >> text=在图上加点")
    expect(page.locator(".siting-bar")).to_contain_text("请点击地图上的位置")
    _click_town(page, "河西镇")
    expect(page.locator(".site-table tbody tr")).to_have_count(3)
    expect(page.locator(".site-table tbody tr").last).to_contain_text("自选点（非地址）")
    assert _value(page) > fewer
    page.click(".siting-edit button >> text=恢复建议")
    expect(page.locator(".siting-bar")).to_contain_text("与建议相同")
    assert (_value(page), _after(page)) == (whole, reached)
    watched.check()


def _click_town(page: Page, name: str) -> None:
    """Click the map in the middle of a township."""
    page.locator("#map-region").scroll_into_view_if_needed()
    page.wait_for_timeout(600)  # the page scrolls there by itself, smoothly
    place = page.evaluate(
        """async (name) => {
            const answer = await fetch("collections/townships/items?on=2025-12-31");
            const found = (await answer.json()).features.find((f) => f.properties.name_zh === name);
            const middle = L.geoJSON(found).getBounds().getCenter();
            const map = window.kepuShell.map;
            const { x, y } = map.latLngToContainerPoint(middle);
            const box = map.getContainer().getBoundingClientRect();
            return [box.left + x, box.top + y];
        }""",
        name,
    )
    page.mouse.click(*place)


def test_the_keyboard_does_it_without_a_mouse(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    _ask(page)
    swap = page.locator(".site-table button", has_text="换为次优").first
    name = page.locator(".site-table tbody tr button.link").first.inner_text()
    swap.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".site-table tbody tr button.link").first).not_to_have_text(name)
    assert page.evaluate("document.activeElement.closest('.site-table') !== null")
    page.locator(".siting-edit button >> text=在图上加点").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "加在地图中心"
    page.keyboard.press("Escape")
    expect(page.locator(".siting-bar")).not_to_contain_text("请点击地图上的位置")
    watched.check()


def test_a_number_is_dragged(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    _ask(page)
    page.evaluate("document.getElementById('map-region').scrollIntoView()")
    box = page.locator(".site-sign").first.bounding_box()
    x, y = box["x"] + 14, box["y"] + 14
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 12, steps=5)
    page.mouse.up()
    expect(page.locator(".site-table tbody tr").first).to_contain_text("自选点")
    assert page.locator(".site-sign").count() == 3
    watched.check()


def test_plans_are_kept_and_compared(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    _ask(page)
    page.fill("input[name=plan_name]", HOSTILE[0])
    page.click(".siting-edit button >> text=保存为方案")
    whole = _value(page)
    page.locator(".site-table button", has_text="移除").first.click()
    expect(page.locator(".site-table tbody tr")).to_have_count(2)
    page.click(".siting-edit button >> text=保存为方案")
    heads = page.locator(".siting-plans thead th").all_inner_texts()
    assert heads == ["", HOSTILE[0], "方案 1"]
    assert "覆盖最低的乡镇" in page.inner_text(".siting-plans")
    expect(page.locator(".pair-map")).to_have_count(2)
    expect(page.locator(".pair-map >> nth=0 >> .site-sign")).to_have_count(3)
    expect(page.locator(".pair-map >> nth=1 >> .site-sign")).to_have_count(2)
    signs = page.locator(".pair-map .site-sign")
    before = [sign.bounding_box()["x"] for sign in signs.all()]
    page.locator(".pair-map >> nth=0 >> .leaflet-control-zoom-in").click()
    expect(page.locator(".pair-map >> nth=1 >> .leaflet-zoom-anim")).to_have_count(0)
    page.wait_for_timeout(500)
    after = [sign.bounding_box()["x"] for sign in signs.all()]
    assert before[-1] != after[-1], "the other map has moved too"
    page.select_option("select[name=pair_1]", "0")
    expect(page.locator(".pair-map >> nth=1 >> .site-sign")).to_have_count(3)
    page.reload()
    page.wait_for_selector("html[data-ready=yes]")
    assert page.locator(".siting-plans thead th").all_inner_texts() == heads, "they stay"
    page.locator(".siting-plans button", has_text="放到图上").first.click()
    expect(page.locator("#map-region .site-sign")).to_have_count(3)
    assert _value(page) == whole
    page.locator(".siting-plans button", has_text="删去").first.click()
    expect(page.locator(".siting-plans thead th")).to_have_count(2)
    assert page.evaluate("window.ran") is None
    watched.check()


def _held(page: Page, pattern: str) -> list[Route]:
    """Hold a request up, as a slow line does; it is in the list once it was made."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(pattern, hold, times=1)
    return held


def _until_held(page: Page, held: list[Route]) -> Route:
    for _ in range(500):
        if held:
            return held[0]
        page.wait_for_timeout(20)
    raise AssertionError("nothing was asked for")


def test_a_fault_is_told_and_another_date_clears_the_plan(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    _ask(page)
    # The answer for the new date is held up while a person goes on typing.
    held = _held(page, "**/siting?*")
    page.fill("input[name=on]", "2024-12-31")
    expect(page.locator(".siting-status")).to_contain_text("请重新推荐")
    expect(page.locator(".site-sign")).to_have_count(0)
    route = _until_held(page, held)
    count = page.locator("input[name=count_agri_demo_base]")
    count.fill("")
    count.press_sequentially("4")
    page.evaluate("document.documentElement.dataset.ready = ''")
    route.continue_()
    page.wait_for_selector("html[data-ready=yes]")
    page.keyboard.type("00")
    assert count.input_value() == "400", "what is typed stays, and so does the cursor"
    watched.check()
    page.click(".siting button.primary")
    expect(page.locator(".siting-status")).to_contain_text("请减少处数")
    expect(page.locator(".siting button.primary")).to_be_enabled()


def test_another_date_ends_a_search_that_is_under_way(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    held = _held(page, "**/siting/*")
    page.click(".siting button.primary")
    route = _until_held(page, held)
    expect(page.locator(".siting-status button")).to_be_visible()
    page.fill("input[name=on]", "2024-12-31")
    expect(page.locator(".siting-status")).to_contain_text("请重新推荐")
    expect(page.locator(".siting-status button")).to_have_count(0)
    route.continue_()
    expect(page.locator(".siting button.primary")).to_be_enabled()
    expect(page.locator(".site-sign")).to_have_count(0)
    _ask(page)
    watched.check()


def test_a_section_that_did_not_come_comes_when_tried_again(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.page
    page.route("**/siting?*", lambda route: route.fulfill(status=503, json={"detail": "busy"}))
    page.goto(f"{served.url}/?{ON}")
    expect(page.locator("#message-text")).to_contain_text("busy")
    page.unroute("**/siting?*")
    page.click("#retry")
    page.wait_for_selector("html[data-ready=yes]")
    _ask(page)


def test_what_is_worked_out_besides(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    page.check("input[value=alternatives]")
    page.check("input[value=frontier]")
    _ask(page)
    expect(page.locator(".siting-frontier tbody tr").first).to_be_visible()
    image = page.locator(".siting-frontier img")
    assert image.evaluate("async (e) => { await e.decode(); return e.naturalWidth; }") > 0
    assert "其他方案" in page.inner_text(".siting .extras")
    covered = page.locator(".siting-frontier tbody tr").last.locator("td").first.inner_text()
    page.locator(".siting-frontier button").last.click()
    expect(page.locator(".siting-value b")).to_contain_text(covered)
    page.check("input[value=least_travel]")
    assert page.locator("input[name=also]:disabled").count() == 2, "they go with coverage"
    watched.check()


def test_english(watched, served) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}&lang=en")
    _ask(page)
    text = page.inner_text("#siting")
    assert "roven optim" in text
    for words in ("Newly covered", "Agricultural demonstration base"):
        assert words in text
    for words in ("新增", "覆盖", "建议", "移除"):
        assert words not in text
    assert "as the proposal" in page.inner_text(".siting-bar")
    watched.check()


def test_a_phone(watched_phone, served) -> None:  # type: ignore[no-untyped-def]
    page = watched_phone.open(f"{served.url}/?{ON}")
    _ask(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    watched_phone.check()


@pytest.fixture(scope="module")
def served_hostile(  # type: ignore[no-untyped-def]
    make_toy, make_facility, place, served_at, tmp_path_factory
) -> Iterator[Any]:
    """Serve schools with hostile names all over the one rural town that has people."""
    rows = [
        make_facility(f"h{x}{y}", "school", place(0.5 + x, 4.5 + y), name=HOSTILE[(x + y) % 3])
        for x in range(4)
        for y in range(4)
    ]
    data = _with_ages(make_toy(rows))
    with create_store(tmp_path_factory.mktemp("hostile") / "h.gpkg") as store:
        store.replace_district(data, LoadRecord(datetime.now(UTC), "x", "0" * 64, "district", 16))
        with served_at(store, Settings()) as running:
            yield running


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_stay_text(watched, served_hostile, lang: str) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served_hostile.url}/?{ON}&lang={lang}")
    page.check("input[value=alternatives]")
    _ask(page, agri=3)
    names = page.locator(".site-table button.link").all_inner_texts()
    assert set(names) & set(HOSTILE), "schools are preferred to squares"
    assert set(names) <= set(HOSTILE) | {name for name in names if "搜索区" in name}
    expect(page.locator(".siting .extras table")).to_be_visible()
    for at in range(len(names)):
        page.locator(".site-table button.link").nth(at).click()
        expect(page.locator(".facts-popup strong").last).to_contain_text(names[at])
        page.locator(".site-sign").nth(at).hover()
    assert page.locator("#siting img, .tip img, .leaflet-tooltip img").count() == 0
    assert page.evaluate("window.ran") is None
    watched.check()


def test_further_conditions(watched, served, tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    form = page.locator(".siting-form")
    page.focus(".conditions summary")
    page.keyboard.press("Enter")
    page.fill("input[name='first_phase:agri_demo_base']", "1")
    _ask(page)
    heads = page.locator(".site-table thead th").all_inner_texts()
    assert heads[1] == "分期"
    phases = page.locator(".site-table tbody tr td:nth-child(2)").all_inner_texts()
    assert sorted(phases[:2]) == ["第一期", "第二期"]
    page.locator(".site-table button.link").nth(0).click()
    expect(page.locator(".facts-popup")).to_contain_text("第一期")
    page.keyboard.press("Escape")

    # A place that must not be, and a budget that holds one site less than is asked for.
    name = page.locator(".site-table button.link").nth(0).inner_text()
    page.locator(".site-table button", has_text="不选").first.click()
    assert f"不选 {name}" in page.inner_text(".chips")
    page.fill("input[name='first_phase:agri_demo_base']", "")
    _ask(page)
    same = page.locator(".site-table button.link", has_text=name)
    expect(same).to_have_count(0)
    watched.check()
    for source in ("host", "village", "parcel", "search_area"):
        page.fill(f"input[name=cost_{source}]", "10")
    page.fill("input[name=budget]", "29")
    page.click(".siting button.primary")
    expect(page.locator(".siting-status").first).to_contain_text("总费用不超过 29 万元")
    page.locator(".chips button").click()
    assert "必选" in page.inner_text(".chips")

    # How near, told where the number stands; a closed part opens where something is wrong.
    page.fill("input[name='minutes:agri_demo_base']", "25")
    page.keyboard.press("Tab")
    expect(form.locator(".whom").first).to_contain_text("25 分钟内")
    page.fill("input[name='minutes:agri_demo_base']", "")
    page.click(".conditions summary")
    page.click(".siting button.primary")
    assert page.evaluate("document.querySelector('.conditions').open") is True


def test_layers_of_the_office(watched, served, tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = watched.open(f"{served.url}/?{ON}")
    page.click(".conditions summary")
    west, east = 111.0, 111.03
    ring = [[west, 27.0], [east, 27.0], [east, 27.4], [west, 27.4], [west, 27.0]]
    feature = {
        "type": "Feature",
        "properties": {"名称": HOSTILE[0]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    closed = tmp_path / "保护区.geojson"
    closed.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    page.set_input_files("input[data-layer=exclusions]", closed)
    expect(page.locator(".file-name").first).to_contain_text("保护区.geojson：1 个要素")
    with page.expect_response(lambda answer: "what-if" in answer.url) as tried:
        _ask(page)
    answered = tried.value
    assert min(site["longitude"] for site in answered.json()["sites"]) > east
    assert answered.request.post_data_json["exclusions"]["features"][0] == feature
    bad = tmp_path / "x.geojson"
    bad.write_text("{", "utf-8")
    page.set_input_files("input[data-layer=parcels]", bad)
    expect(page.locator(".file-name").nth(1)).to_contain_text("这不是 GeoJSON")
    page.locator(".file-name button").first.click()
    expect(page.locator(".file-name").first).to_contain_text("GeoJSON 面图层")
    assert page.evaluate("window.ran") is None
    watched.check()
