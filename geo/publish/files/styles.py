"""How QGIS and others draw an exported layer: rules, as QML and as SLD 1.0.0.

Colours are given, not known here. Every class is a rule with its own condition, so that
its bounds are those of the page to the letter, and what has no figure has a rule too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from geo.core.schema import Table
from geo.core.vocabulary import LABELS, Group

_SLD: Final = "http://www.opengis.net/sld"
_OGC: Final = "http://www.opengis.net/ogc"
_MARKS: Final[Mapping[Group, str]] = {
    Group.BASE: "triangle",
    Group.HALL: "square",
    Group.SCHOOL: "circle",
    Group.SERVICE_CENTRE: "diamond",
    Group.PUBLIC_VENUE: "pentagon",
}
_WELL_KNOWN: Final = frozenset({"triangle", "square", "circle"})
_EDGE: Final = "#333333"


class ColourClass(NamedTuple):
    """A class of the townships' map: from ``low`` (inclusive) to below ``high``."""

    low: float
    high: float | None
    colour: str


@dataclass(frozen=True)
class Palette:
    """The colours that the page draws with, as #rrggbb.

    Attributes
    ----------
    groups : Mapping[Group, str]
        Of facilities.
    bands : sequence of ColourClass
        Of the townships' area per 10,000 residents, lowest first.
    no_data : str
        Where there is no figure.
    """

    groups: Mapping[Group, str]
    bands: Sequence[ColourClass]
    no_data: str


class Style(NamedTuple):
    """A layer's style in both languages of styles, and what it shows."""

    title: str
    qml: str
    sld: str


class StyleCondition(NamedTuple):
    """One comparison of a column with a value; ``value`` None asks whether it is unknown."""

    column: str
    sign: str
    value: str | float | None


class StyleRule(NamedTuple):
    """What is drawn where all tests hold; no test holds for everything."""

    label: str
    tests: tuple[StyleCondition, ...]
    colour: str
    mark: str | None = None


def rules_of(collection: str, palette: Palette) -> tuple[str, list[StyleRule]] | None:
    """Return what a collection is drawn by, and its rules; None where nothing is prescribed.

    Examples
    --------
    >>> palette = Palette({}, [ColourClass(0, 160, "#fee0b6")], "#d9d9d9")
    >>> title, rules = rules_of("townships", palette)
    >>> [rule.label for rule in rules]
    ['0 – 160', '无数据']
    """
    if collection == "facilities":
        groups = [
            StyleRule(
                LABELS[Group][group].zh,
                (StyleCondition("group", "=", group.value),),
                palette.groups[group],
                _MARKS[group],
            )
            for group in Group
        ]
        return "类别", groups
    if collection == "townships":
        return "每万人展厅面积（m²）", _bands(palette)
    if collection == "gaps":
        return "覆盖缺口", [StyleRule("未覆盖", (), "#d55e00")]
    return None


def _bands(palette: Palette) -> list[StyleRule]:
    name = "area_per_10k_m2"
    rules = []
    for low, high, colour in palette.bands:
        tests = (StyleCondition(name, ">=", low),) + (
            () if high is None else (StyleCondition(name, "<", high),)
        )
        label = f"{low:g} 以上" if high is None else f"{low:g} – {high:g}"
        rules.append(StyleRule(label, tests, colour))
    return [*rules, StyleRule("无数据", (StyleCondition(name, "IS", None),), palette.no_data)]


def style_of(table: Table, palette: Palette) -> Style:
    """Return a layer's style, and its columns' Chinese names, which QGIS shows."""
    title, rules = rules_of(table.name, palette) or (table.zh, [])
    return Style(title, _qml(table, rules), _sld(table.name, rules) if rules else "")


def _text(root: Element) -> str:
    return tostring(root, encoding="unicode")


def _qml(table: Table, rules: list[StyleRule]) -> str:
    root = Element("qgis", version="3.22.0", styleCategories="Symbology|Fields")
    if rules:
        _renderer(root, rules)
    aliases = SubElement(root, "aliases")
    for at, column in enumerate(table.columns, 1):
        unit = f"（{column.unit}）" if column.unit else ""
        SubElement(aliases, "alias", index=str(at), field=column.name, name=column.zh + unit)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + _text(root)


def _renderer(root: Element, rules: list[StyleRule]) -> None:
    renderer = SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0",
                          forceraster="0", enableorderby="0")  # fmt: skip
    listed = SubElement(renderer, "rules", key="kepu")
    symbols = SubElement(renderer, "symbols")
    for at, rule in enumerate(rules):
        given = {"key": f"kepu-{at}", "symbol": str(at), "label": rule.label}
        condition = " AND ".join(_expression(test) for test in rule.tests)
        SubElement(listed, "rule", given | ({"filter": condition} if condition else {}))
        _symbol(symbols, at, rule)


def _expression(test: StyleCondition) -> str:
    if test.value is None:
        return f'"{test.column}" IS NULL'
    value = f"'{test.value}'" if isinstance(test.value, str) else f"{test.value:g}"
    return f'"{test.column}" {test.sign} {value}'


def _symbol(symbols: Element, at: int, rule: StyleRule) -> None:
    kind = "fill" if rule.mark is None else "marker"
    symbol = SubElement(symbols, "symbol", name=str(at), type=kind, alpha="1",
                        clip_to_extent="1", force_rhr="0")  # fmt: skip
    drawn = SubElement(symbol, "layer", {"enabled": "1", "locked": "0", "pass": "0"})
    drawn.set("class", "SimpleFill" if rule.mark is None else "SimpleMarker")
    given = {"color": _rgba(rule.colour), "outline_color": _rgba(_EDGE), "outline_style": "solid",
             "outline_width": "0.2", "outline_width_unit": "MM"}  # fmt: skip
    if rule.mark is None:
        given |= {"style": "solid"}
    else:
        given |= {"name": rule.mark, "size": "2.6", "size_unit": "MM"}
    options = SubElement(drawn, "Option", type="Map")
    for name, value in given.items():
        SubElement(options, "Option", name=name, type="QString", value=value)
        # What versions before 3.26 read.
        SubElement(drawn, "prop", k=name, v=value)


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _sld(collection: str, rules: list[StyleRule]) -> str:
    root = Element("StyledLayerDescriptor", {"version": "1.0.0", "xmlns": _SLD, "xmlns:ogc": _OGC})
    named = SubElement(root, "NamedLayer")
    SubElement(named, "Name").text = collection
    style = SubElement(SubElement(named, "UserStyle"), "FeatureTypeStyle")
    for rule in rules:
        one = SubElement(style, "Rule")
        SubElement(one, "Title").text = rule.label
        if rule.tests:
            _filter(SubElement(one, "ogc:Filter"), rule.tests)
        if rule.mark is None:
            _paint(SubElement(one, "PolygonSymbolizer"), rule.colour)
        else:
            graphic = SubElement(SubElement(one, "PointSymbolizer"), "Graphic")
            mark = SubElement(graphic, "Mark")
            known = rule.mark if rule.mark in _WELL_KNOWN else "star"
            SubElement(mark, "WellKnownName").text = known
            _paint(mark, rule.colour)
            SubElement(graphic, "Size").text = "9"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _text(root)


_COMPARISONS: Final = {
    "=": "PropertyIsEqualTo",
    ">=": "PropertyIsGreaterThanOrEqualTo",
    "<": "PropertyIsLessThan",
    "IS": "PropertyIsNull",
}


def _filter(parent: Element, tests: tuple[StyleCondition, ...]) -> None:
    inside = SubElement(parent, "ogc:And") if len(tests) > 1 else parent
    for test in tests:
        one = SubElement(inside, f"ogc:{_COMPARISONS[test.sign]}")
        SubElement(one, "ogc:PropertyName").text = test.column
        if test.value is not None:
            value = test.value if isinstance(test.value, str) else f"{test.value:g}"
            SubElement(one, "ogc:Literal").text = value


def _paint(parent: Element, colour: str) -> None:
    fill = SubElement(parent, "Fill")
    SubElement(fill, "CssParameter", name="fill").text = colour
    stroke = SubElement(parent, "Stroke")
    SubElement(stroke, "CssParameter", name="stroke").text = _EDGE
    SubElement(stroke, "CssParameter", name="stroke-width").text = "0.5"
