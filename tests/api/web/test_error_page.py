"""A fault met by a browser is a page to read; programs are given problem+json."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
FAULTS = [
    ("/?on=2025-02-30", 400, "on"),
    ("/?caliber=Z", 400, "caliber"),
    ("/collections/nothing", 404, "nothing"),
    ("/collections/facilities/items?limit=x", 400, "limit"),
    ("/collections/facilities/items?filter=((", 400, ""),
    ("/collections/facilities/items/none", 404, "none"),
    ("/service?colour=red", 400, "colour"),
    ("/nowhere", 404, ""),
    ("/study?on=1999-01-01", 400, ""),
]


@pytest.mark.parametrize(("path", "status", "named"), FAULTS)
def test_a_browser_is_given_a_page(client: TestClient, path: str, status: int, named: str) -> None:
    answer = client.get(path, headers={"accept": BROWSER})
    plain = client.get(path, headers={"accept": "*/*"})
    assert answer.status_code == plain.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert plain.headers["content-type"] == "application/problem+json"
    assert plain.json()["detail"] in unescape(answer.text), "the same reason"
    assert named in answer.text
    assert 'href="http://testserver/"' in answer.text, "a way back"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("accept", "path"),
    [
        ("application/json", "/?on=2025-02-30"),
        ("application/geo+json, application/json;q=0.9", "/collections/nothing"),
        ("", "/nowhere"),
        (BROWSER, "/collections/facilities/items?limit=x&f=json"),
        ("image/avif,image/webp,*/*;q=0.8", "/charts/none.svg"),
    ],
)
def test_programs_and_pictures_are_given_none(client: TestClient, accept: str, path: str) -> None:
    answer = client.get(path, headers={"accept": accept})
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_page_is_in_the_language_asked_for(client: TestClient) -> None:
    answer = client.get("/?on=2025-02-30&lang=en", headers={"accept": BROWSER})
    assert '<html lang="en">' in answer.text
    assert "Parameter 'on'" in unescape(answer.text)
    assert "http://testserver/?lang=en" in answer.text
    assert 'href="http://testserver/?on=2025-02-30&amp;lang=zh">中文' in answer.text


def test_the_way_back_leaves_out_what_was_wrong(client: TestClient) -> None:
    answer = client.get("/?on=2025-02-30&caliber=A&gap=library", headers={"accept": BROWSER})
    found = re.search(r'href="([^"]*)">去掉有误的参数', answer.text)
    assert found
    again = unescape(found[1])
    assert again == "http://testserver/?caliber=A&gap=library"
    assert client.get(again, headers={"accept": BROWSER}).status_code == 200


@pytest.mark.parametrize("hostile", ["<img src=x onerror=alert(1)>", "\"'><script>1</script>"])
def test_nothing_of_the_address_is_markup(client: TestClient, hostile: str) -> None:
    given: dict[str, Any] = {hostile: hostile, "on": hostile, "caliber": hostile}
    for path in ("/", "/service", f"/collections/{hostile}"):
        answer = client.get(path, params=given, headers={"accept": BROWSER})
        assert answer.status_code in {400, 404}
        assert "<script" not in answer.text
        assert "<img" not in answer.text


@pytest.mark.browser
def test_a_person_reads_it_and_finds_back(watched, served_toy) -> None:  # type: ignore[no-untyped-def]
    watched.page.goto(f"{served_toy.url}/?on=2025-02-30&caliber=A")
    expect(watched.page.locator("h1")).to_have_text("请求参数有误")
    expect(watched.page.locator(".warning")).to_contain_text("on")
    watched.shoot("fault")
    watched.page.click("text=去掉有误的参数")
    watched.page.wait_for_selector("html[data-ready=yes]")
    assert "caliber=A" in watched.page.url
    told = f"400 {served_toy.url}/?on=2025-02-30&caliber=A"
    assert [fault for fault in watched.faults if not fault.startswith("console")] == [told]
