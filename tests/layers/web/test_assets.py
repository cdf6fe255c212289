import gzip
import re

import pytest

from geo.core.errors import NotFoundError
from layers.web.assets import SCRIPTS, STATIC, STYLES, _listed, asset, asset_text, modules, packed


@pytest.mark.parametrize("name", list(_listed()))
def test_every_asset_is_installed_and_names_no_other_file(name: str) -> None:
    found = asset(name)
    assert found.content
    assert found.etag.startswith('"')
    assert b"sourceMappingURL" not in found.content
    if found.media_type == "text/css":
        addresses = re.findall(rb"url\((?!\s*[\"']?(?:data:|#))([^)]*)\)", found.content)
        # Old Internet Explorer's marker shapes are a behaviour, not a file.
        assert [a for a in addresses if a != b"#default#VML"] == []


def test_a_page_loads_what_is_listed() -> None:
    assert set(SCRIPTS) | set(STYLES) | set(modules()) <= set(_listed())


@pytest.mark.parametrize("name", ["", "..", "../page.py", "/etc/passwd", "leaflet.js/", "x.js"])
def test_anything_else_is_not_here(name: str) -> None:
    with pytest.raises(NotFoundError):
        asset(name)


@pytest.mark.parametrize("name", list(_listed()))
def test_what_travels_is_what_is_read(name: str) -> None:
    assert gzip.decompress(packed(name)) == asset(name).content


@pytest.mark.parametrize("name", [*modules(), "docs.js"])
def test_a_page_is_sent_no_comment_and_each_line_under_its_number(name: str) -> None:
    sent = asset_text(name).splitlines()
    written = (STATIC / name).read_text(encoding="utf-8").splitlines()
    # The last line of a file may be a comment; nothing is sent after what runs.
    assert len(sent) <= len(written)
    for mine, theirs in zip(sent, written, strict=False):
        assert "/*" not in mine
        assert not mine.lstrip().startswith(("//", "*"))
        if mine and "/**" not in theirs:
            assert mine == theirs.rstrip()
