"""``kepu map --sites`` and ``kepu print --sites``: the scenario's plan drawn beside the figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def folder(demo_folder: Callable[[], Path]) -> Path:
    return demo_folder()


@pytest.fixture
def kepu(kepu: Any) -> Any:
    """Return what runs a command for one day in a folder and returns what it says."""

    def run(folder: Path, *arguments: str, code: int = 0) -> str:
        return str(kepu(*arguments, "--on", "2025-12-31", cwd=folder, code=code).stderr)

    return run


def test_print_draws_them_where_asked(kepu: Any, kepu_process: Any, folder: Path) -> None:
    for name, more in (("plain.pdf", ()), ("sites.pdf", ("--sites",))):
        assert f"已写出 {name}" in kepu(folder, "print", name, *more)
    again = kepu_process("print", "again.pdf", "--sites", "--on", "2025-12-31", cwd=folder)
    assert "已写出 again.pdf" in again.stderr
    plain, sites, again = (
        (folder / name).read_bytes() for name in ("plain.pdf", "sites.pdf", "again.pdf")
    )
    assert plain != sites
    assert sites == again


def test_what_cannot_be_met_is_told(kepu: Any, folder: Path) -> None:
    scenario = folder / "many.toml"
    scenario.write_text(
        '[siting]\nprogrammes = [{kind = "agri_demo_base", count = 2, audience = "residents",'
        ' mode = "car", minutes = 20, required = ["nowhere"]}]\n',
        encoding="utf-8",
    )
    told = kepu(folder, "print", "no.pdf", "--sites", "--scenario", "many.toml", code=65)
    assert "nowhere" in told
    assert not (folder / "no.pdf").exists()


@pytest.mark.browser
def test_a_file_holds_the_plan_and_cannot_change_it(kepu: Any, watched: Any, folder: Path) -> None:
    kepu(folder, "map", "plain.html")
    kepu(folder, "map", "sites.html", "--sites")
    page = watched.open((folder / "plain.html").as_uri())
    assert page.locator(".site-sign").count() == 0
    assert "推荐选址" not in page.inner_text("#legend")
    page = watched.open((folder / "sites.html").as_uri())
    assert page.locator(".site-sign").count() == 20
    legend = page.inner_text("#legend")
    for words in ("推荐选址（建议）· 2025-12-31", "农业产业科普示范基地", "搜索区（非地址）"):
        assert words in legend
    assert page.locator(".siting-legend small").all_inner_texts() == ["10", "10"]
    areas = page.locator(".site-table tbody tr", has_text="搜索区（非地址）").count()
    assert page.locator(".leaflet-sites-pane path").count() == areas > 0
    section = page.locator("#siting")
    expect(section).to_contain_text("尚未确定")
    assert section.locator("button:not(.link)").count() == 0, "nothing in it can be changed"
    page.select_option("select[name=caliber]", "A")
    expect(page.locator(".headline")).to_contain_text("A 统计口径")
    expect(page.locator(".site-sign")).to_have_count(20)
    page.locator(".site-table .link").nth(1).click()
    expect(page.locator(".facts-popup")).to_contain_text("选址 2")
    page.click("#language")
    page.wait_for_selector("html[lang=en][data-ready=yes]")
    assert "Proposed sites (a proposal)" in page.inner_text("#legend")
    watched.check()
