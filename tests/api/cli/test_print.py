"""``kepu print`` as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from geo.store import Store

KEPU = Path(sys.executable).with_name("kepu")


def _print(store: Any, folder: Path, *arguments: object, code: int = 0, seed: str = "0") -> str:
    done = subprocess.run(
        [KEPU, "print", *map(str, arguments), "--store", store.path],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "200", "PYTHONHASHSEED": seed},
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stderr


def test_the_same_bytes_from_another_process(toy_store: Store, tmp_path: Path) -> None:
    for name, seed in (("a.pdf", "1"), ("b.pdf", "2")):
        told = _print(toy_store, tmp_path, name, "--on", "2025-12-31", seed=seed)
        assert f"已写出 {name}" in told
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


def test_options_are_followed(toy_store: Store, tmp_path: Path) -> None:
    _print(
        toy_store, tmp_path, "a.png", "--on", "2025-12-31", "--sheet", "A3", "--landscape",
        "--measure", "gaps", "--of", "library", "--caliber", "C", "--lang", "en",
    )  # fmt: skip
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width > picture.height
        assert picture.format == "PNG"


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("a.docx",), "a.docx：文件名应以 .pdf 或 .png 结尾", 73),
        (("a.pdf", "--measure", "coverage", "--of", "nothing"), "「nothing」没有服务标准", 64),
        (("a.pdf", "--font", "none.ttf"), "none.ttf：读不了这个字体文件", 73),
        (("nowhere/a.pdf",), "a.pdf：写不了这个文件", 73),
    ],
)
def test_faults_are_one_line(
    toy_store: Store, tmp_path: Path, arguments: tuple[str, ...], words: str, code: int
) -> None:
    told = _print(toy_store, tmp_path, *arguments, code=code)
    assert words in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == [], "nothing half-made is left"
