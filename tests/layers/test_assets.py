import re

import pytest

from geo.core.errors import NotFoundError
from layers.assets import _ASSETS, SCRIPTS, STYLES, asset


@pytest.mark.parametrize("name", list(_ASSETS))
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
    assert set(SCRIPTS) | set(STYLES) <= set(_ASSETS)


@pytest.mark.parametrize("name", ["", "..", "../page.py", "/etc/passwd", "leaflet.js/", "x.js"])
def test_anything_else_is_not_here(name: str) -> None:
    with pytest.raises(NotFoundError):
        asset(name)
