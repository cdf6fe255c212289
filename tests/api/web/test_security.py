import pytest
from fastapi.testclient import TestClient

from api.web.security import nonce, page_policy

PATHS = ["/", "/docs", "/study", "/health", "/collections", "/static/map.js", "/nowhere",
         "/collections/facilities/items?limit=0"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_allow_only_their_own_scripts(client: TestClient, path: str) -> None:
    first, second = (client.get(path, headers={"accept": "text/html"}) for _ in range(2))
    policy = first.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    given = policy.split("'nonce-")[1].split("'")[0]
    scripts = first.text.count("<script") - first.text.count('<script type="application/json"')
    assert scripts == first.text.count(f'<script nonce="{given}"')
    assert given not in second.text, "a nonce is used once"
    assert " style=" not in first.text
    assert " onclick=" not in first.text


def test_nonces_differ_and_are_long() -> None:
    assert len({nonce() for _ in range(100)}) == 100
    assert all(len(nonce()) >= 20 for _ in range(10))


def test_a_basemap_is_the_only_other_origin() -> None:
    assert "img-src 'self' data:;" in page_policy("x")
    assert "img-src 'self' data: https://t0.example.cn;" in page_policy(
        "x", image_origin="https://t0.example.cn"
    )
