"""Boxes, lines of text and sheets in millimetres, each worked out by hand."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from geo.core.errors import OutputError
from layers.paper.canvas import LINE_HEIGHT, MM_PER_POINT, Box, Canvas, outline_of, words_of
from layers.paper.fonts import Fonts

SQUARE = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)])
HOLE = np.array([(1.0, 1.0), (1.0, 2.0), (2.0, 2.0), (2.0, 1.0)])


@pytest.fixture
def canvas(fonts: Fonts) -> Canvas:
    return Canvas(100, 50, 1.0, fonts)


def pixels(canvas: Canvas, dpi: int = 254) -> np.ndarray:
    """Return a sheet as grey values; 254 dots an inch are 10 a millimetre."""
    with Image.open(io.BytesIO(canvas.save("png", dpi, "t"))) as picture:
        return np.asarray(picture.convert("L")).astype(int)


def test_a_box_knows_its_edges() -> None:
    box = Box(2, 3, 10, 4)
    assert (box.right, box.top, box.middle) == (12, 7, (7, 5))
    assert box.grown(1) == Box(1, 2, 12, 6)
    assert box.grown(1).grown(-1) == box


@pytest.mark.parametrize(
    ("other", "overlaps", "within"),
    [
        (Box(2, 2, 2, 2), True, True),
        (Box(0, 0, 10, 10), True, True),
        (Box(9, 9, 5, 5), True, False),
        (Box(10, 0, 5, 5), False, False),
        (Box(0, 10, 5, 5), False, False),
        (Box(-5, -5, 4, 4), False, False),
    ],
)
def test_boxes_overlap_by_more_than_an_edge(other: Box, overlaps: bool, within: bool) -> None:
    box = Box(0, 0, 10, 10)
    assert box.overlaps(other) == other.overlaps(box) == overlaps
    assert other.within(box) == within


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Area per 10,000", ["Area ", "per ", "10,000"]),
        ("展厅面积", ["展", "厅", "面", "积"]),
        ("（常住人口）", ["（常", "住", "人", "口）"]),
        ("a，b", ["a，", "b"]),
        ("", []),
    ],
)
def test_a_line_breaks_between_words_and_chinese_characters(text: str, pieces: list[str]) -> None:
    assert words_of(text) == pieces
    assert "".join(pieces) == text


def test_wrapped_lines_fit_and_lose_no_character(canvas: Canvas) -> None:
    text = (
        "计入口径的展厅面积 ÷ 人口 × 10,000。目标 160 m² 是对全区定的，乡镇街道的数值供参考。" * 2
    )
    lines = canvas.wrapped(text, 8, 40)
    assert all(canvas.width_mm(line, 8) <= 40 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[0] in "，。）" for line in lines), "a closing sign begins no line"
    longer = [canvas.width_mm(a + b[0], 8) for a, b in pairwise(lines)]
    assert sum(width > 40 for width in longer) > len(longer) / 2, "lines are filled"


def test_too_many_lines_end_in_a_mark(canvas: Canvas) -> None:
    lines = canvas.wrapped("展厅面积" * 40, 8, 40, most_lines=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert canvas.width_mm(lines[-1], 8) <= 40


def test_a_word_wider_than_the_line_stands_alone(canvas: Canvas) -> None:
    assert canvas.wrapped("a " + "b" * 60 + " c", 8, 20) == ["a", "b" * 60, "c"]


def test_a_title_becomes_smaller_before_it_is_cut(canvas: Canvas) -> None:
    text = "大祥区每万人科普展厅面积图"
    same, size = canvas.fitted(text, 8, 1_000)
    assert (same, size) == (text, 8)
    smaller, size = canvas.fitted(text, 19, canvas.width_mm(text, 12), least=6)
    assert smaller == text
    assert 11.5 <= size <= 12
    cut, size = canvas.fitted(text, 19, canvas.width_mm(text, 6) / 2, least=6)
    assert size == 6
    assert cut.endswith("…")
    assert text.startswith(cut[:-1])


def test_a_paragraph_says_where_the_next_begins(canvas: Canvas) -> None:
    text = "展" * 30
    below = canvas.paragraph(0, 40, text, 8, 30)
    lines = len(canvas.wrapped(text, 8, 30))
    assert lines > 1
    assert 40 - below == pytest.approx(lines * 8 * MM_PER_POINT * LINE_HEIGHT)


def test_a_width_is_proportional_to_the_size(canvas: Canvas) -> None:
    # A Chinese character is as wide as its size: 10 points are 3.53 mm.
    assert canvas.width_mm("展", 10) == pytest.approx(10 * 25.4 / 72, rel=0.01)
    assert canvas.width_mm("展厅", 20) == pytest.approx(4 * canvas.width_mm("展", 10), rel=0.01)


def test_rings_become_one_closed_outline() -> None:
    outline = outline_of([[SQUARE, HOLE]])
    assert outline is not None
    assert outline.contains_point((0.5, 0.5))
    assert not outline.contains_point((5, 5))
    assert len(outline) == 10, "each ring is closed by its first point"
    assert outline_of([]) is None


def test_a_hole_of_a_polygon_stays_white(canvas: Canvas) -> None:
    canvas.polygons([[SQUARE * 10, HOLE * 10]], clip=canvas.box, fill="#000000")
    grey = pixels(canvas)
    assert grey[500 - 150, 150] > 200, "15 mm from the left, 15 mm up: in the hole"
    assert grey[500 - 50, 50] < 50


def test_a_rectangle_lies_where_its_millimetres_say(canvas: Canvas) -> None:
    canvas.rectangle(Box(10, 20, 30, 5), fill="#000000")
    dark = pixels(canvas) < 128
    assert dark.shape == (500, 1000)
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    # Rows run downwards from the upper edge, at 50 mm.
    assert (columns.min(), columns.max() + 1) == (100, 400)
    assert (rows.min(), rows.max() + 1) == (250, 300)


def test_an_enlarged_sheet_is_the_same_in_larger_millimetres(fonts: Fonts) -> None:
    plain, large = (Canvas(100, 50, enlarged, fonts) for enlarged in (1.0, 2.0))
    for canvas in (plain, large):
        canvas.rectangle(Box(10, 20, 30, 5), fill="#000000")
    assert (pixels(large)[::2, ::2] < 128).sum() == (pixels(plain) < 128).sum()
    assert plain.width_mm("展", 8) == large.width_mm("展", 8), "in layout millimetres"


def test_nothing_is_drawn_beyond_a_clip(canvas: Canvas) -> None:
    canvas.polygons([[SQUARE * 10]], clip=Box(0, 0, 20, 10), fill="#000000")
    dark = pixels(canvas) < 128
    assert dark.sum() == pytest.approx(200 * 100, rel=0.02)
    canvas.polygons([], clip=Box(0, 0, 1, 1))
    canvas.hatched([], "///", clip=Box(0, 0, 1, 1))


def test_hatching_leaves_paper_between_its_lines(canvas: Canvas) -> None:
    canvas.rectangle(Box(0, 0, 100, 50), hatch="///")
    share = (pixels(canvas) < 128).mean()
    assert 0.02 < share < 0.5


@pytest.mark.parametrize(
    ("align", "left", "right"), [("left", 50, 54), ("center", 48, 52), ("right", 46, 50)]
)
def test_a_text_is_aligned_at_its_place(canvas: Canvas, align: str, left: int, right: int) -> None:
    size = 4 / MM_PER_POINT
    canvas.write(50, 20, "国", size, align=align)  # type: ignore[arg-type]
    columns = np.flatnonzero((pixels(canvas) < 128).any(axis=0)) / 10
    assert left - 0.1 <= columns.min() < left + 1
    assert right - 1 < columns.max() <= right + 0.1


def test_a_character_without_a_font_stops_the_sheet(canvas: Canvas) -> None:
    with pytest.raises(OutputError, match="U\\+E123"):
        canvas.write(0, 0, "\ue123", 8)


def test_markup_in_a_text_stands_for_itself(canvas: Canvas) -> None:
    canvas.write(0, 10, r"$\frac{1}{0}$ \alpha", 8)
    canvas.write(0, 20, "<b>&amp;", 8, halo=2)
    assert (pixels(canvas) < 128).any()


def test_a_pdf_has_the_sheets_size_and_no_date(canvas: Canvas) -> None:
    canvas.write(10, 10, "展厅", 8)
    content = canvas.save("pdf", 0, "标题")
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", content)
    assert box is not None
    assert [float(side) * 25.4 / 72 for side in box.groups()] == pytest.approx([100, 50], abs=0.01)
    assert b"CreationDate" not in content
    assert content == canvas.save("pdf", 0, "标题")
