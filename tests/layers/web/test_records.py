"""Pages of records: every value as text, the page's own words in its language, no script."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.web.records import RecordsPage, render_docs, render_records

HOSTILE = (
    "<img src=x onerror=alert(1)>", "</td></table><script>alert(1)</script>", '" onclick="alert(1)',
    "{{ 7*7 }}", "{% for x in y %}", "{{ page.__class__ }}", "javascript:alert(1)", "&amp;&lt;",
    "甲\x07乙\u202e丙", "'\"`",
)  # fmt: skip


class Parsed(HTMLParser):
    """The elements of a page and the texts in its cells and headings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data

    def links(self) -> list[str | None]:
        return [attributes.get("href") for tag, attributes in self.tags if tag == "a"]


def parsed(lang: Any = "zh", **given: Any) -> Parsed:
    return Parsed(render_records(RecordsPage(**{"title": "t"} | given), lang=lang))


@pytest.mark.parametrize("text", HOSTILE)
def test_every_value_stands_as_text(text: str) -> None:
    page = parsed(
        title=text, trail=[(text, "/a")], notes=[text], warnings=[text], heads=[text],
        rows=[[text, (text, "/b")]], links=[(text, "/c")],
    )  # fmt: skip
    assert page.texts["h1"] == page.texts["title"] == page.texts["th"] == [text]
    assert page.texts["p"] == [text, text]
    assert page.texts["td"] == [text, text]
    assert page.texts["a"] == [text] * 3
    names = {name for _, attributes in page.tags for name in attributes}
    assert not [name for name in names if name.startswith("on")]
    assert "script" not in {tag for tag, _ in page.tags}
    assert "img" not in {tag for tag, _ in page.tags}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_no_text_leaves_its_cell(text: str) -> None:
    page = parsed(heads=["h"], rows=[[text, "after"]])
    assert page.texts["td"] == [text, "after"]


def test_an_address_stays_one_attribute() -> None:
    page = parsed(heads=["h"], rows=[[("x", '/items?a=1&b="><script>')]])
    assert page.links() == ['/items?a=1&b="><script>']


def test_a_page_says_where_it_is_and_where_it_leads() -> None:
    page = parsed(trail=[("上", "/a"), ("中", "/b")], links=[("GeoJSON", "/c?f=json")])
    assert page.links() == ["/a", "/b", "/c?f=json"]
    labels = [a.get("aria-label") for tag, a in page.tags if tag == "nav"]
    assert labels == ["所在位置", "链接"]
    labels = [
        a.get("aria-label") for tag, a in parsed("en", trail=[("a", "/")]).tags if tag == "nav"
    ]
    assert labels == ["Where this is"]


@pytest.mark.parametrize(
    ("lang", "code", "words"), [("zh", "zh-CN", "没有符合条件"), ("en", "en", "Nothing")]
)
def test_an_empty_table_says_so(lang: str, code: str, words: str) -> None:
    page = parsed(lang, heads=["a", "b"])
    assert dict(page.tags)["html"] == {"lang": code}
    assert page.texts["p"][0].startswith(words)
    assert parsed(lang).texts.get("table") is None, "without heads there is no table"
    assert "p" not in parsed(lang).texts


def test_warnings_differ_from_notes() -> None:
    page = parsed(notes=["n"], warnings=["w"])
    classes = [attributes.get("class") for tag, attributes in page.tags if tag == "p"]
    assert classes == ["warning", "note"]


def test_a_table_that_scrolls_is_reached_by_the_keyboard() -> None:
    page = parsed(title="设施", heads=["a"], rows=[["1"]])
    (scroll,) = [a for tag, a in page.tags if a.get("class") == "scroll"]
    assert (scroll["tabindex"], scroll["role"], scroll["aria-label"]) == ("0", "region", "设施")
    assert [a.get("scope") for tag, a in page.tags if tag == "th"] == ["col"]


def test_the_description_runs_two_scripts_of_ours_with_the_nonce() -> None:
    page = Parsed(render_docs(nonce='n"><'))
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert [script["src"] for script in scripts] == [
        "/static/swagger-ui-bundle.js", "/static/docs.js"
    ]  # fmt: skip
    assert {script["nonce"] for script in scripts} == {'n"><'}
    addresses = [v for _, a in page.tags for k, v in a.items() if k in {"src", "href"}]
    assert all(str(address).startswith("/static/") for address in addresses)
