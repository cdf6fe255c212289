"""What the map's page loads from this service: its scripts by name, once, and nothing else."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient


@pytest.mark.parametrize("name", ["main.js", "map/labels.js", "leaflet.css", "favicon.svg"])
def test_a_file_is_sent_whole_packed_or_not_and_not_twice(client: TestClient, name: str) -> None:
    packed = client.get(f"/static/{name}", headers={"accept-encoding": "gzip"})
    plain = client.get(f"/static/{name}", headers={"accept-encoding": "identity"})
    assert packed.content == plain.content
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-type"] == plain.headers["content-type"]
    again = client.get(f"/static/{name}", headers={"if-none-match": packed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "name", ["types.d.ts", "map", "map/", "map/..", "map/%2e%2e/main.js", "../page.py", "/main.js"]
)
def test_what_is_not_listed_is_not_sent(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name.replace('..', '%2e%2e')}").status_code == 404


def test_every_module_of_the_page_is_loaded_early_and_is_there(client: TestClient) -> None:
    answer = client.get("/", headers={"accept": "text/html"})
    nonce = answer.headers["content-security-policy"].split("'nonce-")[1].split("'")[0]
    links = re.findall(r'<link rel="modulepreload" nonce="([^"]+)" href="([^"]+)">', answer.text)
    assert {found for found, _ in links} == {nonce}
    paths = [path for _, path in links]
    assert paths[-1] == "/static/main.js"
    imports = {
        path: re.findall(r'from "([^"]+)";$', client.get(path).text, re.MULTILINE) for path in paths
    }
    # In this order each module follows those that it imports: none is met on the way.
    for at, (path, found) in enumerate(imports.items()):
        folder = client.base_url.join(path)
        assert {folder.join(address).path for address in found} <= set(paths[:at]), path
