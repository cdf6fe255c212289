"""Charts of a report as PNG: area against the target over the years, and the Lorenz curve.

Drawn by matplotlib in the style of the maps on paper; all words are ours, so that one face
with Chinese characters draws them. Lines differ by their strokes in greyscale.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from layers import Record
from layers.report.words import NONE, ReportWords
from layers.text import PAGE

# A matplotlibrc in the folder or at home would change the charts.
mpl.rcdefaults()

_MM_PER_INCH: Final = 25.4
_DPI: Final = 200
_INK, _SOFT, _GRID = "#1c2733", "#5a6672", "#dfe4e8"
_PROVIDED, _ACCESSIBLE = "#b35806", "#4d5f9e"
_POINTS: Final = 8.0
_STYLES: Final = {
    "area_per_10k_m2": (_PROVIDED, "-", "o"),
    "accessible_area_per_10k_m2": (_ACCESSIBLE, (0, (6, 2)), "s"),
}
_HEADROOM: Final = 1.25


def trend_chart(
    rows: Sequence[Record],
    target: float,
    words: ReportWords,
    face: FontProperties,
    *,
    size_mm: tuple[float, float] = (160, 62),
) -> bytes:
    """Return area per 10,000 residents at the ends of years beside the target, as PNG.

    Parameters
    ----------
    rows : sequence of dict
        Rows of :func:`geo.publish.study_json.trend_record`: of the district, or of a township.
        A year whose figure is unknown has no point.
    target : float
        m² per 10,000.
    words : ReportWords
        The language.
    face : matplotlib.font_manager.FontProperties
        A face with Chinese characters.
    size_mm : (float, float)
        Width and height on paper.

    Returns
    -------
    bytes
        PNG at 200 dots per inch; the same arguments give the same bytes.
    """
    figure, axes = _canvas(size_mm)
    years = [row["on"][:4] for row in rows]
    places = range(len(years))
    top = target
    for name, (colour, stroke, marker) in _STYLES.items():
        values = [row[name] for row in rows]
        known = [float("nan") if value is None else value for value in values]
        axes.plot(places, known, color=colour, linestyle=stroke, marker=marker, markersize=4,
                  linewidth=1.6, label=PAGE.text(f"measure_{name}", words.lang))  # fmt: skip
        top = max([top, *(value for value in values if value is not None)])
        if name == "area_per_10k_m2":
            _write_values(axes, rows, face)
    axes.axhline(target, color=_SOFT, linewidth=1.2, linestyle=(0, (2, 2)),
                 label=PAGE.text("target", words.lang, target=f"{target:g}"))  # fmt: skip
    axes.set_ylim(0, top * _HEADROOM)
    axes.set_xlim(-0.4, len(years) - 0.6)
    axes.set_xticks(list(places), years)
    axes.set_ylabel(PAGE.text("legend", words.lang))
    figure.legend(loc="outside upper center", ncols=3, frameon=False, handlelength=3,
                  prop=_sized(face))  # fmt: skip
    return _png(figure, axes, face)


def lorenz_chart(
    inequality: Sequence[Record],
    words: ReportWords,
    face: FontProperties,
    *,
    size_mm: tuple[float, float] = (105, 85),
) -> bytes:
    """Return the Lorenz curves of a study's ``inequality`` below the line of equality, as PNG."""
    figure, axes = _canvas(size_mm)
    axes.plot([0, 100], [0, 100], color=_SOFT, linewidth=1.2, linestyle=(0, (2, 2)),
              label=PAGE.text("lorenz_equal", words.lang))  # fmt: skip
    for row in inequality:
        colour, stroke, _ = _STYLES[row["measure"]]
        gini = NONE if row["gini"] is None else f"{row['gini']:.3f}"
        measure = PAGE.text(f"measure_{row['measure']}", words.lang)
        points = row["lorenz"] or [[float("nan"), float("nan")]]
        axes.plot([100 * x for x, _ in points], [100 * y for _, y in points], color=colour,
                  linestyle=stroke, linewidth=1.6, label=f"{measure}  Gini {gini}")  # fmt: skip
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    axes.set_xlabel(PAGE.text("lorenz_x", words.lang) + " %")
    axes.set_ylabel(PAGE.text("lorenz_y", words.lang) + " %")
    axes.legend(loc="upper left", frameon=False, handlelength=3, prop=_sized(face))
    return _png(figure, axes, face)


def _canvas(size_mm: tuple[float, float]) -> tuple[Figure, Any]:
    width, height = (one / _MM_PER_INCH for one in size_mm)
    figure = Figure(figsize=(width, height), dpi=_DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes: Any = figure.add_subplot()
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_SOFT)
    axes.tick_params(colors=_INK, length=2)
    return figure, axes


def _write_values(axes: Any, rows: Sequence[Record], face: FontProperties) -> None:
    """Write each value above its point, so that nobody has to read it off the axis."""
    for at, row in enumerate(rows):
        value, sign = row["area_per_10k_m2"], "≥" if row["is_lower_bound"] else ""
        if value is not None:
            written = axes.annotate(
                f"{sign}{value:,.1f}", (at, value), textcoords="offset points", xytext=(0, 6),
                ha="center", color=_PROVIDED, parse_math=False,
                bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
            )  # fmt: skip
            written.set_fontproperties(_sized(face))


def _sized(face: FontProperties) -> FontProperties:
    sized = face.copy()
    sized.set_size(_POINTS)
    return sized


def _png(figure: Figure, axes: Any, face: FontProperties) -> bytes:
    sized = _sized(face)
    texts = (
        axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels(),
    )  # fmt: skip
    for text in texts:
        text.set_fontproperties(sized)
        text.set_color(_INK)
    out = io.BytesIO()
    # Without the name of the program and its version: the same figures, the same bytes.
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
