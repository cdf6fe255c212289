"""Charts as vector pictures: the Lorenz curve and the trends, drawn by pygal, without scripts.

They say nothing that the figures beside them do not say in words and tables.
"""

from __future__ import annotations

import sys
from typing import Any, Final
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

from geo.core.vocabulary import Group, label
from layers.palette import SYMBOLS
from layers.strings import Lang, words

# pygal leaves a finder of an old kind behind, for plug-ins that we do not have; Python
# warns of it at every module that is missing.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

_INK: Final = "#1c2733"
_SOFT: Final = "#5a6672"
_PROVIDED: Final = "#b35806"
_ACCESSIBLE: Final = "#4d5f9e"
_FONT: Final = (
    "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, Source Han Sans SC, sans-serif"
)
_WIDTH, _HEIGHT = 560, 380
_PERCENT_TICKS: Final = (0, 20, 40, 60, 80, 100)
# A stroke each as well, shown in the legend, so that lines are told apart in grey.
_DASHES: Final = {"": "━━", "9,4": "━ ━", "2,3": "┅┅", "12,3,2,3": "━ ·", "5,2": "╍╍"}
_FINE: Final = "4,4"

CHARTS: Final = ("lorenz", "area_trend", "coverage_trend")

Record = dict[str, Any]


def lorenz_chart(inequality: list[Record], lang: Lang, *, basis: str | None = None) -> str:
    """Return the Lorenz curves of the measures, below the line of equality, as SVG.

    Parameters
    ----------
    inequality : list of dict
        ``inequality`` of a study's document.
    lang : {"zh", "en"}
        Of the words in it.
    basis : str, optional
        Stands above the picture: what its figures rest on (:func:`basis_of`).

    Examples
    --------
    >>> curve = [{"measure": "area_per_10k_m2", "gini": 0.5, "lorenz": [[0, 0], [1, 1]]}]
    >>> lorenz_chart(curve, "en").startswith("<svg")
    True
    """
    text = words(lang)
    colours = [_SOFT, *(_colour(row["measure"]) for row in inequality)]
    chart = pygal.XY(
        **_config(colours),
        title=basis,
        x_title=text["lorenz_x"],
        y_title=text["lorenz_y"],
        xrange=(0, 100),
        range=(0, 100),
        show_dots=False,
    )
    chart.x_labels = chart.y_labels = _PERCENT_TICKS
    chart.x_value_formatter = chart.value_formatter = _percent
    chart.add(f"╌╌ {text['lorenz_equal']}", [(0, 0), (100, 100)], stroke_style=_stroke(_FINE))
    for row, dash in zip(inequality, _DASHES, strict=False):
        name = text[f"measure_{row['measure']}"]
        gini = "—" if row["gini"] is None else f"{row['gini']:.3f}"
        points = [(100 * x, 100 * y) for x, y in row["lorenz"]]
        chart.add(f"{_DASHES[dash]} {name}  Gini {gini}", points, stroke_style=_stroke(dash))
    return _svg(chart)


def area_trend_chart(trend: Record, target: float, lang: Lang, *, basis: str | None = None) -> str:
    """Return area per 10,000 residents on the plan's dates, beside the target, as SVG."""
    text = words(lang)
    rows = trend["district"]
    chart = pygal.Line(
        **_config([_PROVIDED, _ACCESSIBLE, _SOFT]),
        title=basis,
        y_title=text["legend"],
        min_scale=4,
    )
    chart.x_labels = _years(trend)
    chart.value_formatter = lambda value: "—" if value is None else f"{value:.0f}"
    for name, dash in (("area_per_10k_m2", ""), ("accessible_area_per_10k_m2", "9,4")):
        title = f"{_DASHES[dash]} {text[f'measure_{name}']}"
        chart.add(title, [row[name] for row in rows], stroke_style=_stroke(dash))
    chart.add(
        f"╌╌ {text['target'].format(target=f'{target:g}')}",
        [target] * len(rows),
        stroke_style=_stroke(_FINE),
        show_dots=False,
    )
    top = max([target, *(row[name] or 0 for row in rows for name in _MEASURES)])
    chart.range = (0, top * 1.05)
    return _svg(chart)


_MEASURES: Final = ("area_per_10k_m2", "accessible_area_per_10k_m2")


def coverage_trend_chart(trend: Record, lang: Lang, *, basis: str | None = None) -> str:
    """Return the share of residents covered on the plan's dates, by group, as SVG."""
    text = words(lang)
    groups = [group for group in Group if group.value in trend["district"][0]["coverage_rate"]]
    chart = pygal.Line(
        **_config([SYMBOLS[group].colour for group in groups]),
        title=basis,
        y_title=text["coverage"],
        range=(0, 100),
    )
    chart.x_labels = _years(trend)
    chart.y_labels = _PERCENT_TICKS
    chart.value_formatter = _percent
    for group, dash in zip(groups, _DASHES, strict=False):
        rates = [row["coverage_rate"][group.value] for row in trend["district"]]
        values = [None if rate is None else 100 * rate for rate in rates]
        chart.add(f"{_DASHES[dash]} {label(group, lang)}", values, stroke_style=_stroke(dash))
    return _svg(chart)


def frontier_chart(frontier: list[Record], lang: Lang) -> str:
    """Return the plans between which one must choose, most covered to most even, as SVG.

    Parameters
    ----------
    frontier : list of dict
        ``frontier`` of a siting proposal, most covered first.
    lang : {"zh", "en"}
        Of the words in it.

    Examples
    --------
    >>> plans = [{"covered_share": 0.75, "lowest_share": 0.2},
    ...          {"covered_share": 0.7, "lowest_share": 0.8}]
    >>> frontier_chart(plans, "zh").startswith("<svg")
    True
    """
    text = words(lang)
    points = [
        {"value": (100 * row["lowest_share"], 100 * row["covered_share"]), "label": str(number)}
        for number, row in enumerate(frontier, 1)
    ]
    chart = pygal.XY(
        **_config([_PROVIDED]) | {"dots_size": 6, "print_labels": True},
        x_title=text["frontier_x"],
        y_title=text["frontier_y"],
        xrange=(0, 100),
    )
    chart.x_labels = _PERCENT_TICKS
    chart.x_value_formatter = _percent
    chart.value_formatter = lambda value: "—" if value is None else f"{value:.1f}%"
    chart.add(text["frontier_plans"], points)
    return _svg(chart)


def charts(study: Record, trend: Record, lang: Lang) -> dict[str, str]:
    """Return every chart of a study's document and its trend, by name."""
    target = study["district"]["target_area_per_10k_m2"]
    return {
        "lorenz": lorenz_chart(study["inequality"], lang, basis=basis_of(study, lang)),
        "area_trend": area_trend_chart(
            trend, target, lang, basis=basis_of(study, lang, dated=False)
        ),
        "coverage_trend": coverage_trend_chart(
            trend, lang, basis=basis_of(study, lang, dated=False)
        ),
    }


def basis_of(study: Record, lang: Lang, *, dated: bool = True) -> str:
    """Return in short what a study's figures rest on, for a picture that goes its own way.

    Parameters
    ----------
    study : dict
        A study's document, or its marks.
    lang : {"zh", "en"}
        Of the words.
    dated : bool
        Whether the date stands in it.

    Examples
    --------
    >>> basis_of({"on": "2025-12-31", "caliber": "B", "denominator": {"en": "Residents 2020"},
    ...     "surface": {"kinds": ["villages"]}, "travel": {"basis": "network"},
    ...     "demonstration": False}, "en")
    '2025-12-31 · B · Residents 2020 · along roads · people by villages'
    """
    text, travel = words(lang), study["travel"]
    parts = [
        study["on"] if dated else "",
        study["caliber"],
        study["denominator"][lang],
        text[f"basis_{travel['basis']}"].format(factor=travel.get("detour_factor")),
        *(text[f"people_{kind}"] for kind in study["surface"]["kinds"]),
        text["is_demonstration"] if study["demonstration"] else "",
    ]
    return " · ".join(part for part in parts if part)


def _colour(measure: str) -> str:
    return _PROVIDED if measure == "area_per_10k_m2" else _ACCESSIBLE


def _years(trend: Record) -> list[str]:
    """Return the dates as short as they can be told: years where all are their ends."""
    dates = trend["dates"]
    ends = all(day.endswith("-12-31") for day in dates)
    return [day[:4] if ends else day for day in dates]


def _stroke(dash: str) -> dict[str, Any]:
    return {"dasharray": dash} if dash else {}


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}%"


def _config(colours: list[str]) -> dict[str, Any]:
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "explicit_size": True,
        "js": [],
        "no_prefix": True,
        "disable_xml_declaration": True,
        "pretty_print": False,
        "show_legend": True,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 1 if len(colours) <= 3 else 2,  # noqa: PLR2004
        "truncate_legend": -1,
        "dots_size": 3.5,
        "margin": 10,
        "no_data_text": "—",
        "style": Style(
            background="#ffffff",
            plot_background="#ffffff",
            foreground=_INK,
            foreground_strong=_INK,
            foreground_subtle="#d5dbe0",
            font_family=_FONT,
            guide_stroke_color="#dfe4e8",
            guide_stroke_dasharray="none",
            major_guide_stroke_color="#dfe4e8",
            major_guide_stroke_dasharray="none",
            stroke_width="2.5",
            label_font_size=12,
            major_label_font_size=12,
            legend_font_size=13,
            title_font_size=11,
            tooltip_font_size=12,
            value_font_size=11,
            opacity=1,
            transition="0s",
            colors=tuple(colours),
        ),
    }


def _svg(chart: Any) -> str:
    chart.add_xml_filter(_without_scripts)
    drawn: str = chart.render(is_unicode=True)
    return drawn


def _without_scripts(root: Element) -> Element:
    """Leave out scripts and remarks: the same question gives the same bytes, and runs nothing."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] == "script":
                parent.remove(child)
    return root
