"""``kepu print`` as a user runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image


@pytest.fixture
def kepu(kepu: Any, toy_store: Any, tmp_path: Path) -> Any:
    """Return what prints a map of the toy district into the test's folder."""

    def run(*arguments: object, code: int = 0) -> str:
        more = ("--store", toy_store.path)
        return str(kepu("print", *arguments, *more, cwd=tmp_path, code=code).stderr)

    return run


def test_the_same_bytes_from_another_process(
    kepu_process: Any, toy_store: Any, tmp_path: Path
) -> None:
    for name, seed in (("a.pdf", "1"), ("b.pdf", "2")):
        asked = ("print", name, "--on", "2025-12-31", "--store", toy_store.path)
        told = kepu_process(*asked, cwd=tmp_path, PYTHONHASHSEED=seed)
        assert f"已写出 {name}" in told.stderr
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


def test_options_are_followed(kepu: Any, tmp_path: Path) -> None:
    kepu(
        "a.png", "--on", "2025-12-31", "--sheet", "A3", "--landscape",
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
    kepu: Any, tmp_path: Path, arguments: tuple[str, ...], words: str, code: int
) -> None:
    told = kepu(*arguments, code=code)
    assert words in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == [], "nothing half-made is left"
