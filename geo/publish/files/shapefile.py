"""A Shapefile in a zip: GB18030 as its .cpg says, and a table of the short names beside it.

A .dbf holds ten bytes of a name and 254 of a text, both ASCII-safe and cut between
characters; what was cut is told. A layer of points and areas becomes two Shapefiles.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapefile
import shapely

from geo.core.fields import short_name
from geo.core.json_values import Record
from geo.core.schema import Column
from geo.publish.files.csv_file import csv_bytes
from geo.publish.files.layer import Layer, plain_values
from geo.publish.files.texts import archive, cut_to_bytes, on_one_line

ENCODING: Final = "gb18030"
CPG: Final = b"GB18030"
TEXT_BYTES: Final = 254
NAMES_TABLE: Final = "字段对照表.csv"
NOTES: Final = "说明.txt"

_LANGUAGE_DRIVER: Final = 0x4D
"""GBK, for those who do not read .cpg; stands at byte 29 of a .dbf."""

_REAL: Final = ("N", 20, 6)
_FORMS: Final = {"integer": ("N", 18, 0), "boolean": ("N", 1, 0), "date": ("D", 8, 0)}
_POINTS, _AREAS = "point", "area"


@dataclass(frozen=True)
class Made:
    """A zip, and for each column of which text was cut how many rows."""

    content: bytes
    cut: dict[str, int]


def shapefile_zip(layer: Layer, *, notes: str) -> Made:
    """Return a layer as zipped Shapefile.

    Parameters
    ----------
    layer : Layer
        In any system; GCJ-02 has no .prj, since no definition of it exists.
    notes : str
        What stands in 说明.txt.
    """
    cut: dict[str, int] = {}
    columns = [_texts(layer, column, cut) for column in layer.columns]
    rows = list(zip(*columns, strict=True)) if len(layer) else []
    members: dict[str, bytes] = {}
    for name, kind, picked in _parts(layer):
        members |= _one(layer, name, kind, picked, rows)
    members[NAMES_TABLE] = names_table(layer.columns)
    members[NOTES] = b"\xef\xbb\xbf" + notes.encode("utf-8")
    return Made(archive(members), cut)


def names_table(columns: tuple[Column, ...]) -> bytes:
    """Return the table of the short names: short, full, 中文, English, unit, type."""
    head = ["短名 short", "全名 name", "中文", "English", "单位 unit", "类型 type"]
    rows = [
        [short_name(column.name), column.name, column.zh, column.en, column.unit,
         _WORDS[column.dtype]]
        for column in columns
    ]  # fmt: skip
    return csv_bytes(head, rows)


_WORDS: Final = {
    "text": f"文本 text（至多 {TEXT_BYTES} 字节）",
    "real": "小数 real",
    "integer": "整数 integer",
    "boolean": "是 1 / 否 0 / 不明为空 boolean",
    "date": "日期 date",
}


def _parts(layer: Layer) -> list[tuple[str, str, np.ndarray[Any, Any]]]:
    """Return name, kind and rows of each Shapefile; rows without geometry go to the first."""
    name, everything = layer.table.name, np.arange(len(layer))
    if layer.table.geometry == "POINT":
        return [(name, _POINTS, everything)]
    areas = shapely.get_dimensions(layer.shapes) == 2  # noqa: PLR2004
    if layer.table.geometry == "MULTIPOLYGON" or (areas.any() and _no_points(layer)):
        return [(name, _AREAS, everything)]
    if not areas.any():
        return [(name, _POINTS, everything)]
    return [
        (f"{name}_{_POINTS}", _POINTS, np.flatnonzero(~areas)),
        (f"{name}_{_AREAS}", _AREAS, np.flatnonzero(areas)),
    ]


def _no_points(layer: Layer) -> bool:
    return not bool((shapely.get_dimensions(layer.shapes) == 0).any())


def _texts(layer: Layer, column: Column, cut: dict[str, int]) -> list[Any]:
    """Return a column's values as the .dbf takes them, and count the texts that were cut."""
    values = plain_values(layer.rows[column.name], column)
    if column.dtype == "boolean":
        return [None if value is None else int(value) for value in values]
    if column.dtype != "text":
        return values
    plain = ["" if value is None else on_one_line(value).rstrip() for value in values]
    fitting = [cut_to_bytes(text, TEXT_BYTES, ENCODING).rstrip() for text in plain]
    count = sum(short != text for short, text in zip(fitting, plain, strict=True))
    if count:
        cut[column.name] = count
    return fitting


def _one(
    layer: Layer,
    name: str,
    kind: str,
    picked: np.ndarray[Any, Any],
    rows: list[tuple[Any, ...]],
) -> dict[str, bytes]:
    """Return the files of one Shapefile by name."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    own_kind = shapefile.POINT if kind == _POINTS else shapefile.POLYGON
    with shapefile.Writer(
        shp=shp, shx=shx, dbf=dbf, shapeType=own_kind, encoding=ENCODING
    ) as writer:
        for at, column in enumerate(layer.columns):
            _add_field(writer, column, [rows[row][at] for row in picked])
        for row in picked.tolist():
            _add_shape(writer, layer.shapes[row])
            writer.record(*rows[row])
    files = {
        f"{name}.shp": shp.getvalue(),
        f"{name}.shx": shx.getvalue(),
        f"{name}.dbf": _without_the_day(dbf.getvalue()),
        f"{name}.cpg": CPG,
    }
    if layer.system.crs is not None:
        files[f"{name}.prj"] = layer.system.crs.to_wkt("WKT1_ESRI").encode("ascii")
    return files


def _add_field(writer: Any, column: Column, values: list[Any]) -> None:
    if column.dtype == "text":
        longest = max((len(text.encode(ENCODING)) for text in values), default=1)
        writer.field(short_name(column.name), "C", max(longest, 1))
    elif column.dtype == "real":
        writer.field(short_name(column.name), *_REAL)
    else:
        writer.field(short_name(column.name), *_FORMS[column.dtype])


def _add_shape(writer: Any, shape: Any) -> None:
    if shape is None or shape.is_empty:
        writer.null()
    elif shape.geom_type == "Point":
        writer.point(shape.x, shape.y)
    else:
        writer.poly(_rings(shape))


def _rings(shape: Any) -> list[list[tuple[float, float]]]:
    """Return all rings: outer ones clockwise, holes against it, as a Shapefile wants them."""
    turned = shapely.orient_polygons(shape, exterior_cw=True)
    return [
        list(ring.coords)
        for polygon in shapely.get_parts(turned)
        for ring in (polygon.exterior, *polygon.interiors)
    ]


def _without_the_day(dbf: bytes) -> bytes:
    """Return a .dbf whose header tells a fixed day, and the words' encoding."""
    head = bytearray(dbf)
    head[1:4] = bytes((126, 1, 1))
    head[29] = _LANGUAGE_DRIVER
    return bytes(head)


def report(made: Made) -> list[Record]:
    """Return what a manifest says of texts that were cut."""
    return [
        {"column": name, "short_name": short_name(name), "rows_cut": count, "bytes": TEXT_BYTES}
        for name, count in made.cut.items()
    ]
