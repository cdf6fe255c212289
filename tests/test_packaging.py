"""What is installed from a wheel is what stands in the checkout."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(project["tool"]["setuptools"]["packages"]) - {"kepu_boundaries"}
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for top in ("geo", "layers", "api")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert listed == found
