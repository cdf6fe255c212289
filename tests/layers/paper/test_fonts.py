"""Fonts are found, asked for, and refused."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import pytest

from geo.core.errors import OutputError
from layers.paper import Fonts, find_fonts
from layers.paper.fonts import Face, printable

DEJAVU = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def test_the_fonts_of_this_machine_draw_chinese(fonts: Fonts) -> None:
    for faces in (fonts.regular, fonts.bold):
        assert all(faces[0].has(character) for character in "审图号内部工作用图祥")
    assert not any("LastResort" in face.path for face in fonts.regular)


def test_a_font_that_is_asked_for_comes_first(fonts: Fonts) -> None:
    found = find_fonts(DEJAVU)
    assert found.regular[0] == found.bold[0] == Face(str(DEJAVU))
    assert [face.path for face, _ in found.runs("AB")] == [str(DEJAVU)]
    assert found.runs("科普AB") == [(fonts.regular[0], "科普AB")], "one face, where one has all"


def test_a_collection_opens_at_its_chinese_face(fonts: Fonts) -> None:
    path = Path(fonts.regular[0].path)
    if path.suffix != ".ttc":
        pytest.skip("the font of this machine is no collection")
    assert find_fonts(path).regular[0].index == fonts.regular[0].index


def test_what_is_no_font_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    for content in (None, b"", b"no font"):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(OutputError, match=r"font\.ttf：读不了这个字体文件"):
            find_fonts(path)


def test_a_character_in_no_font_is_named() -> None:
    only = Fonts((Face(str(DEJAVU)),), (Face(str(DEJAVU)),))
    with pytest.raises(OutputError, match=r"「祥」（U\+7965）"):
        only.runs("A祥")


def test_outlines_are_told_apart(fonts: Fonts) -> None:
    assert not Face(str(DEJAVU)).has_compact_outlines
    first = fonts.regular[0]
    assert first.has_compact_outlines == ("NotoSansCJK" in first.path)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  城东\t街道\n", "城东 街道"),
        ("a\u200bb\ufeffc\u2028d", "abc d"),
        ("\u202e\u2066", ""),
        ("e\u0301", "é"),
        (None, "None"),
        ("长" * 1_000_000, "长" * 39 + "…"),
        ("a" * 40, "a" * 40),
        ("\x00" * 1_000 + "a", "…"),
    ],
)
def test_what_is_printed_is_one_line(given: object, shown: str) -> None:
    assert printable(given) == shown
