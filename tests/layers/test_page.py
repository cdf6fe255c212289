import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.assets import asset_text, modules
from layers.page import Basemap, PageConfig, json_block, render_file, render_page
from layers.strings import STRINGS, words

ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
# Names, not addresses: XML namespaces, and a link that Leaflet's own prefix would show.
NAMES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "https://leafletjs.com")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page)
    return parser.tags


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_script_that_runs_carries_the_nonce(lang: str) -> None:
    page = render_page(PageConfig(lang=lang), nonce="n0nce")  # type: ignore[arg-type]
    scripts = [attributes for tag, attributes in _tags(page) if tag == "script"]
    running = [item for item in scripts if item.get("type") != "application/json"]
    # Modules run without a tag of their own, when others import them; a link loads them early.
    running += [item for _, item in _tags(page) if item.get("rel") == "modulepreload"]
    assert len(running) >= 9
    assert all(item.get("nonce") == "n0nce" for item in running)
    html = next(attributes for tag, attributes in _tags(page) if tag == "html")
    assert html["lang"] == {"zh": "zh-CN", "en": "en"}[lang]


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_from_attributes() -> None:
    page = render_page(PageConfig(), nonce="x")
    found = [text for text in ADDRESS.findall(page) if not any(text in name for name in NAMES)]
    assert found == []
    for tag, attributes in _tags(page):
        for name in attributes:
            assert not name.startswith("on"), (tag, name)
            assert name != "style", tag
        for name in ("src", "href"):
            value = attributes.get(name)
            assert value is None or value.startswith(("/static/", "#")), value


def test_the_same_page_twice_is_the_same_bytes() -> None:
    assert render_page(PageConfig(), nonce="a") == render_page(PageConfig(), nonce="a")
    assert render_file({"views": {}}, lang="zh") == render_file({"views": {}}, lang="zh")


def test_a_basemap_goes_as_a_setting_and_through_no_template() -> None:
    url = "https://t.example.cn/{z}/{x}/{y}?tk={{7*7}}</script>"
    page = render_page(PageConfig(basemap=Basemap(url, "{{7*7}}<b>", 1, 18, "x")), nonce="x")
    block = page.split('id="settings">')[1].split("</script>")[0]
    assert json.loads(block)["basemap"]["url"] == url
    assert json.loads(block)["basemap"]["attribution"] == "{{7*7}}<b>"


@given(st.recursive(st.text() | st.none() | st.integers(0, 9), st.lists, max_leaves=8))
def test_a_block_holds_any_value_and_never_ends_its_element(value: object) -> None:
    block = str(json_block({"value": value}))
    assert json.loads(block) == {"value": value}
    for sign in "<>&\u2028\u2029":
        assert sign not in block


def test_the_file_allows_only_its_own_scripts() -> None:
    page = render_file(
        {"name": "</script><script>alert(1)</script>{{7*7}}", "views": {}, "trends": {}}, lang="zh"
    )
    policy = page.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert page.count("sha256-") == page.count("<script>") + page.count("<style>")
    assert "alert(1)</script>" not in page
    assert "{{7*7}}" in page, "the datum went through no template"
    for tag, attributes in _tags(page):
        assert "src" not in attributes, tag
        assert tag != "link"


def test_words_are_there_in_both_languages() -> None:
    for name, pair in STRINGS.items():
        assert len(pair) == 2, name
        assert all(pair), name
        places = [set(re.findall(r"\{(\w+)\}", text)) for text in pair]
        assert places[0] == places[1], name
    assert words("zh").keys() == words("en").keys()


def test_every_word_that_the_scripts_use_is_in_the_table() -> None:
    used = {
        (module, name)
        for module in modules()
        for name in re.findall(r'\btranslate\(\s*"(\w+)"', asset_text(module))
    }
    assert len(used) > 100
    for module, name in used:
        assert name in STRINGS, (module, name)
