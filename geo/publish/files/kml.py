"""KML 2.2 of a layer: names, the columns under their Chinese names, colours by class.

KML knows one system, longitude and latitude of WGS 84; nothing in it is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

import shapely

from geo.core.schema import Column
from geo.publish.files.layer import Layer
from geo.publish.files.styles import Palette, StyleRule, rules_of
from geo.publish.files.texts import for_xml

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_TYPES: Final = {"text": "string", "real": "double", "integer": "int", "boolean": "string",
                 "date": "string"}  # fmt: skip
_FILL_OPACITY: Final = "b0"


def kml_bytes(layer: Layer, *, title: str, notes: str, palette: Palette) -> bytes:
    """Return a layer as KML.

    Parameters
    ----------
    layer : Layer
        In degrees of WGS 84 or CGCS2000.
    title, notes : str
        Name and description of the document: what it is and what it rests on.
    palette : Palette
        Of the page.
    """
    root = Element("kml", xmlns=_NAMESPACE)
    document = SubElement(root, "Document")
    _say(document, "name", title)
    _say(document, "description", notes)
    found = rules_of(layer.table.name, palette)
    rules = found[1] if found else []
    for at, rule in enumerate(rules):
        _add_style(document, at, rule)
    _add_schema(document, layer.columns)
    names = [column.name for column in layer.columns]
    called = next((name for name in _NAME_COLUMNS if name in names), names[0])
    for values, shape in zip(layer.values(), layer.shapes, strict=True):
        row = dict(zip(names, values, strict=True))
        place = SubElement(document, "Placemark")
        _say(place, "name", str(row[called] or ""))
        at_rule = next((at for at, rule in enumerate(rules) if _holds(rule, row)), None)
        if at_rule is not None:
            _say(place, "styleUrl", f"#s{at_rule}")
        _add_values(place, layer.columns, values)
        if shape is not None:
            _add_shape(place, shape)
    text: str = tostring(root, encoding="unicode")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode("utf-8")


_NAME_COLUMNS: Final = ("name", "name_zh", "gap_id")


def _say(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = for_xml(text)


def _holds(rule: StyleRule, row: Mapping[str, Any]) -> bool:
    return all(_true(row.get(test.column), test.sign, test.value) for test in rule.tests)


def _true(found: Any, sign: str, value: Any) -> bool:
    if value is None or found is None:
        return found is value
    if sign == "=":
        return bool(found == value)
    return bool(found >= value) if sign == ">=" else bool(found < value)


def _add_style(document: Element, at: int, rule: StyleRule) -> None:
    style = SubElement(document, "Style", id=f"s{at}")
    # KML writes opacity, blue, green, red.
    bgr = rule.colour[5:7] + rule.colour[3:5] + rule.colour[1:3]
    if rule.mark is not None:
        _say(SubElement(style, "IconStyle"), "color", f"ff{bgr}")
    else:
        _say(SubElement(style, "LineStyle"), "color", "ff333333")
        _say(SubElement(style, "PolyStyle"), "color", f"{_FILL_OPACITY}{bgr}")


def _add_schema(document: Element, columns: tuple[Column, ...]) -> None:
    schema = SubElement(document, "Schema", name="kepu", id="kepu")
    for column in columns:
        field = SubElement(schema, "SimpleField", name=column.name, type=_TYPES[column.dtype])
        unit = f"（{column.unit}）" if column.unit else ""
        _say(field, "displayName", f"{column.zh}{unit}")


def _add_values(place: Element, columns: tuple[Column, ...], values: tuple[Any, ...]) -> None:
    data = SubElement(SubElement(place, "ExtendedData"), "SchemaData", schemaUrl="#kepu")
    for column, value in zip(columns, values, strict=True):
        if value is not None:
            SubElement(data, "SimpleData", name=column.name).text = for_xml(_written(value))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


def _add_shape(place: Element, shape: Any) -> None:
    if shape.geom_type == "Point":
        _say(SubElement(place, "Point"), "coordinates", _pairs([(shape.x, shape.y)]))
        return
    polygons = shapely.get_parts(shape)
    parent = SubElement(place, "MultiGeometry") if len(polygons) > 1 else place
    for polygon in polygons:
        one = SubElement(parent, "Polygon")
        for tag, rings in (("outerBoundaryIs", [polygon.exterior]),
                           ("innerBoundaryIs", polygon.interiors)):  # fmt: skip
            for ring in rings:
                line = SubElement(SubElement(one, tag), "LinearRing")
                _say(line, "coordinates", _pairs(ring.coords))


def _pairs(numbers: Any) -> str:
    return " ".join(f"{x!r},{y!r}" for x, y in numbers)
