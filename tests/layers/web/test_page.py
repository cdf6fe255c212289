import hashlib
import json
import re
from base64 import b64encode
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.vocabulary import Caliber, Group, Kind, Mode
from layers.text import words
from layers.web.assets import SCRIPTS, STYLES, modules
from layers.web.page import (
    Basemap,
    PageConfig,
    json_block,
    render_file,
    render_page,
    vocabulary,
)

HOSTILE = "</script><img src=x onerror=alert(1)>{{7*7}}${x}\u2028"

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


def _block(page: str, name: str) -> Any:
    return json.loads(page.split(f'id="{name}">')[1].split("</script>", maxsplit=1)[0])


def test_the_settings_hold_both_languages_and_every_label() -> None:
    settings = _block(render_page(PageConfig(lang="en"), nonce="x"), "settings")
    assert settings["lang"] == "en"
    assert settings["words"] == {"zh": words("zh"), "en": words("en")}
    assert settings["basemap"] is None
    assert settings["vocabulary"] == json.loads(json.dumps(vocabulary()))


def test_the_vocabulary_has_a_label_in_both_languages_for_each_term() -> None:
    labels = vocabulary()["labels"]
    for name, terms_of in {"group": Group, "kind": Kind, "mode": Mode, "caliber": Caliber}.items():
        assert set(labels[name]) == {term.value for term in terms_of}
        for pair in labels[name].values():
            assert pair["zh"]
            assert pair["en"]


def test_signs_and_classes_are_those_of_the_palette() -> None:
    found = vocabulary()
    assert set(found["symbols"]) == {group.value for group in Group}
    assert set(found["group_of_kind"]) == {kind.value for kind in Kind}
    assert set(found["group_of_kind"].values()) <= set(found["symbols"])
    # As shares of the target, which the script multiplies.
    assert [item["low"] for item in found["classes"]] == [0.0, 0.25, 0.5, 0.75, 1.0, 1.5]
    assert [item["low"] for item in found["coverage_classes"]] == [0.0, 0.5, 0.7, 0.85, 0.95]
    assert len(found["site_symbols"]) == 4


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("</script>", r"\u003c/script\u003e"),
        ("<!--<script>", r"\u003c!--\u003cscript\u003e"),
        ("a&b", r"a\u0026b"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("]]>", r"]]\u003e"),
        ("\\", r"\\"),
        ("\x00", r"\u0000"),
    ],
)
def test_signs_of_html_are_escaped_in_a_block(text: str, block: str) -> None:
    assert str(json_block(text)) == f'"{block}"'
    assert json.loads(str(json_block({text: [text]}))) == {text: [text]}


def test_the_policy_of_the_file_is_the_hash_of_each_of_its_scripts() -> None:
    page = render_file({"views": {}, "trends": {}}, lang="en")
    policy = page.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    policy = policy.replace("&#39;", "'").replace("&#43;", "+")
    for tag in ("script", "style"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert bodies
        for body in bodies:
            digest = b64encode(hashlib.sha256(body.encode("utf-8")).digest()).decode("ascii")
            assert f"'sha256-{digest}'" in policy
    assert "\r" not in page, "a browser would hash what it reads, which has none"


def test_the_file_holds_what_it_was_given() -> None:
    bundle = {"views": {}, "trends": {}, "name": HOSTILE}
    page = render_file(bundle, lang="zh")
    assert _block(page, "bundle") == bundle | {"charts": {}}
    assert HOSTILE not in page


def test_a_page_loads_its_files_from_where_it_is_told_to() -> None:
    page = render_page(PageConfig(static_url="/elsewhere/"), nonce="x")
    sources = [a["src"] for tag, a in _tags(page) if tag == "script" and "src" in a]
    assert sources == [f"/elsewhere/{name}" for name in (*SCRIPTS, "main.js")]
    links = [a for tag, a in _tags(page) if tag == "link"]
    early = [a["href"] for a in links if a["rel"] == "modulepreload"]
    assert early
    assert set(early) <= {f"/elsewhere/{name}" for name in modules()}
    styles = [a["href"] for a in links if a["rel"] != "modulepreload"]
    assert styles == ["/elsewhere/favicon.svg", *(f"/elsewhere/{name}" for name in STYLES)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_of_the_frame_is_written_before_the_script_runs(lang: str) -> None:
    page = render_page(PageConfig(lang=lang), nonce="x")  # type: ignore[arg-type]
    told = words(lang)  # type: ignore[arg-type]
    for tag, attributes in _tags(page):
        if "data-word-label" in attributes:
            assert attributes["aria-label"] == told[str(attributes["data-word-label"])], tag
        if "data-word" in attributes:
            assert attributes["data-word"] in told
    assert f"<title>{told['product']}</title>" in page
