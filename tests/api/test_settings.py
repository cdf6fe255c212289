from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings


def test_defaults_and_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().store == Path("kepu.gpkg")
    assert (Settings().host, Settings().port) == ("127.0.0.1", 8000)
    assert Settings().basemap_url is None
    monkeypatch.setenv("KEPU_PORT", "9001")
    monkeypatch.setenv("KEPU_BASEMAP_URL", "https://t0.example.cn/{z}/{x}/{y}.png?tk=abc")
    assert Settings().port == 9001
    assert Settings().basemap_url == "https://t0.example.cn/{z}/{x}/{y}.png?tk=abc"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "https://a.cn/{z}/{x}", "https://a.cn/{z}/{x}/{y}; script-src *",
        "https://a.cn/{z}/{x}/{y}'x", "https://a.cn/{z}/{x}/{y}\nX: y", "file:///{z}/{x}/{y}",
    ],
)  # fmt: skip
def test_a_basemap_that_could_widen_the_policy_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(basemap_url=url)
