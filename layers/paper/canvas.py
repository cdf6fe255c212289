"""A sheet on which everything is placed in millimetres, and the bytes it becomes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import Stroke

from layers.paper.fonts import Face, Fonts

# A matplotlibrc in the folder or at home would change the sheet, or run TeX on names.
mpl.rcdefaults()

FileFormat = Literal["pdf", "png"]
MM_PER_INCH: Final = 25.4
MM_PER_POINT: Final = 25.4 / 72
INK: Final = "#111111"
SOFT: Final = "#4a4a4a"
LINE_HEIGHT: Final = 1.32
_TRUETYPE, _DRAWN = 42, 3
_SAVING = Lock()

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet in layout millimetres, from its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: Box) -> bool:
        """Return whether two boxes share more than an edge.

        Examples
        --------
        >>> Box(0, 0, 2, 2).overlaps(Box(1, 1, 2, 2)), Box(0, 0, 2, 2).overlaps(Box(2, 0, 1, 1))
        (True, False)
        """
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.top
            and other.y < self.top
        )

    def within(self, other: Box) -> bool:
        """Return whether a box lies wholly in another."""
        return (
            self.x >= other.x
            and self.y >= other.y
            and self.right <= other.right
            and self.top <= other.top
        )

    def grown(self, by: float) -> Box:
        """Return the box with a border around it."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)


class Canvas:
    """A sheet drawn in the millimetres of A4; a larger one is the same, enlarged.

    Parameters
    ----------
    width_mm, height_mm : float
        In layout millimetres: those of the A4 sheet of this shape.
    enlarged : float
        Millimetres on paper for one of the layout; 1 for A4, the root of two for A3.
    fonts : Fonts
        With which every text is drawn.
    """

    def __init__(self, width_mm: float, height_mm: float, enlarged: float, fonts: Fonts) -> None:
        self.enlarged = enlarged
        self.fonts = fonts
        self.box = Box(0, 0, width_mm, height_mm)
        inches = (width_mm * enlarged / MM_PER_INCH, height_mm * enlarged / MM_PER_INCH)
        self._figure = Figure(figsize=inches, facecolor="white")
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width_mm)
        self._axes.set_ylim(0, height_mm)
        self._faces: set[Face] = set()

    def rectangle(
        self, box: Box, *, fill: str = "none", line: str = "none", width: float = 0.5,
        layer: float = 1, hatch: str | None = None,
    ) -> None:  # fmt: skip
        """Draw a rectangle; ``width`` of its line in points."""
        patch = Rectangle(
            (box.x, box.y), box.width, box.height, facecolor=fill, edgecolor=line,
            linewidth=width * self.enlarged, zorder=layer,
        )  # fmt: skip
        self._add(patch, None)
        if hatch:
            ring = [(box.x, box.y), (box.right, box.y), (box.right, box.top), (box.x, box.top)]
            self.hatched([[np.array(ring)]], hatch, clip=box, layer=layer + 0.01)

    def polygons(
        self, shapes: Iterable[Sequence[np.ndarray]], *, clip: Box, fill: str = "none",
        line: str = "none", width: float = 0.5, layer: float = 1, dashes: tuple[float, ...] = (),
    ) -> None:  # fmt: skip
        """Draw polygons of rings in layout millimetres, cut off at a box."""
        outline = outline_of(shapes)
        if outline is None:
            return
        patch = PathPatch(
            outline, facecolor=fill, edgecolor=line, linewidth=width * self.enlarged, zorder=layer,
            joinstyle="round", linestyle=(0, dashes) if dashes else "-",
        )  # fmt: skip
        self._add(patch, clip)

    def hatched(
        self, shapes: Iterable[Sequence[np.ndarray]], hatch: str, *, clip: Box,
        colour: str = "#222222", width: float = 0.4, layer: float = 1,
    ) -> None:  # fmt: skip
        """Draw lines or dots over polygons, so that they differ without colour."""
        outline = outline_of(shapes)
        if outline is None:
            return
        patch = PathPatch(outline, facecolor="none", edgecolor=colour, linewidth=0, zorder=layer)
        patch.set_hatch(hatch)
        patch.set_hatch_linewidth(width * self.enlarged)
        self._add(patch, clip)

    def line(
        self, xs: Sequence[float], ys: Sequence[float], *, colour: str = INK, width: float = 0.5,
        layer: float = 1, clip: Box | None = None, dashes: tuple[float, ...] = (),
    ) -> None:  # fmt: skip
        """Draw a line through points."""
        drawn = Line2D(
            xs, ys, color=colour, linewidth=width * self.enlarged, zorder=layer,
            linestyle=(0, dashes) if dashes else "-", solid_capstyle="butt",
        )  # fmt: skip
        self._axes.add_artist(drawn)
        self._clip(drawn, clip)

    def _add(self, patch: Any, clip: Box | None) -> None:
        self._axes.add_artist(patch)
        self._clip(patch, clip)

    def _clip(self, artist: Any, clip: Box | None) -> None:
        if clip is not None:
            artist.set_clip_path(
                Rectangle((clip.x, clip.y), clip.width, clip.height, transform=self._axes.transData)
            )

    def width_mm(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a text is in layout millimetres; ``size`` in points."""
        return self.fonts.width_em(text, bold=bold) * size * MM_PER_POINT

    def write(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: str = INK,
        align: Align = "left", layer: float = 5, halo: float = 0.0,
    ) -> None:  # fmt: skip
        """Write one line with its baseline at ``y``; characters stand for themselves.

        Raises
        ------
        OutputError
            A character is in no font.
        """
        runs = self.fonts.runs(text, bold=bold)
        widths = [face.width_em(piece) * size * MM_PER_POINT for face, piece in runs]
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}[align] * sum(widths)
        start = x - shift
        for (face, piece), width in zip(runs, widths, strict=True):
            self._faces.add(face)
            style: dict[str, Any] = {
                "fontproperties": FontProperties(
                    fname=face.font_path, size=size * self.enlarged
                ),
                "ha": "left", "va": "baseline", "parse_math": False, "usetex": False,
            }  # fmt: skip
            if halo:
                self._write_halo(start, y, piece, layer - 0.01, halo, style)
            self._axes.text(start, y, piece, color=colour, zorder=layer, **style)
            start += width

    def _write_halo(  # noqa: PLR0917
        self, x: float, y: float, text: str, layer: float, width: float, style: dict[str, Any]
    ) -> None:
        """Write a white edge under a text."""
        # A text of its own: a path effect turns text into outlines, which nobody can search.
        edge = self._axes.text(x, y, text, color="white", zorder=layer, **style)
        stroke = Stroke(linewidth=width * self.enlarged, foreground="white", joinstyle="round")
        edge.set_path_effects([stroke])

    def fitted(
        self, text: str, size: float, width: float, *, bold: bool = False, least: float = 6.0
    ) -> tuple[str, float]:
        """Return a text and a size at which it fits into a width: smaller first, then cut."""
        while size > least and self.width_mm(text, size, bold=bold) > width:
            size = max(least, size - 0.25)
        while len(text) > 1 and self.width_mm(text, size, bold=bold) > width:
            text = text.removesuffix("…")[:-1] + "…"
        return text, size

    def wrapped(
        self, text: str, size: float, width: float, *, bold: bool = False, most_lines: int = 99
    ) -> list[str]:
        """Return a text in lines that fit into a width in layout millimetres."""
        lines: list[str] = [""]
        for word in words_of(text):
            tried = lines[-1] + word
            if self.width_mm(tried.rstrip(), size, bold=bold) <= width or not lines[-1]:
                lines[-1] = tried
            else:
                lines.append(word.lstrip())
        kept = [line.rstrip() for line in lines]
        if len(kept) > most_lines:
            kept = kept[:most_lines]
            kept[-1] = self.fitted(kept[-1] + "…", size, width, bold=bold, least=size)[0]
        return kept

    def paragraph(
        self, x: float, top: float, text: str, size: float, width: float, *, bold: bool = False,
        colour: str = INK, most_lines: int = 99,
    ) -> float:  # fmt: skip
        """Write a text in lines below ``top`` and return where the next begins."""
        step = size * MM_PER_POINT * LINE_HEIGHT
        for line in self.wrapped(text, size, width, bold=bold, most_lines=most_lines):
            self.write(x, top - size * MM_PER_POINT, line, size, bold=bold, colour=colour)
            top -= step
        return top

    def save(self, file_format: FileFormat, dpi: int, title: str) -> bytes:
        """Return the sheet as a file; the same sheet gives the same bytes."""
        target = io.BytesIO()
        if file_format == "png":
            FigureCanvasAgg(self._figure)
            self._figure.savefig(target, format="png", dpi=dpi, metadata={"Software": None})
            return target.getvalue()
        # matplotlib keeps CFF outlines as TrueType with a table that is none; as Type 3 they are
        # sound, and text is found in either.
        compact = any(face.has_compact_outlines for face in self._faces)
        kind = _DRAWN if compact else _TRUETYPE
        metadata = {"Title": title, "Creator": "kepu-atlas", "Producer": None, "CreationDate": None}
        # How fonts are kept is one setting for the whole process.
        with _SAVING, mpl.rc_context({"pdf.fonttype": kind}):
            FigureCanvasPdf(self._figure)
            self._figure.savefig(target, format="pdf", metadata=metadata)
        return target.getvalue()


def outline_of(shapes: Iterable[Sequence[np.ndarray]]) -> Outline | None:
    """Return polygons of rings as one outline; None where there are none."""
    rings = [np.asarray(ring, dtype=float) for polygon in shapes for ring in polygon]
    if not rings:
        return None
    return Outline.make_compound_path(*(Outline(ring, closed=True) for ring in map(_closed, rings)))


def _closed(ring: np.ndarray) -> np.ndarray:
    return ring if np.array_equal(ring[0], ring[-1]) else np.vstack([ring, ring[:1]])


def words_of(text: str) -> list[str]:
    """Return the pieces between which a line may break: words, and Chinese characters.

    Examples
    --------
    >>> words_of("按 2020 年，人口")
    ['按 ', '2020 ', '年，', '人', '口']
    """
    pieces: list[str] = []
    for character in text:
        if pieces and _clings(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


_CLOSING: Final = "，。；：、）」》！？%’”…)],.;:"
_OPENING: Final = "（「《‘“(["
_FIRST_WIDE: Final = "\u2e80"


def _clings(before: str, character: str) -> bool:
    if character == " " or character in _CLOSING or before[-1] in _OPENING:
        return True
    return before[-1] != " " and character < _FIRST_WIDE and before[-1] < _FIRST_WIDE
