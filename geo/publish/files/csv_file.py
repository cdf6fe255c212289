"""CSV that Excel opens: with the mark of UTF-8, and no cell that it would run.

What the figures rest on stands beside the file only: Excel takes a line of remarks for a row,
and filters and sorts it away.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import shapely

from geo.core.schema import Column
from geo.publish.files.layer import Layer
from geo.publish.files.systems import geometry_texts
from geo.publish.files.texts import not_a_formula

_BOM: Final = b"\xef\xbb\xbf"


def csv_of(layer: Layer) -> bytes:
    """Return a layer as CSV: two columns of coordinates for points, WKT for areas.

    A heading is the Chinese name with its unit, and the column's name behind it.
    """
    positions = positions_of(layer)
    head = [*(heading(column) for column in layer.columns), *positions.titles]
    rows = ([*values, *place] for values, place in zip(layer.values(), positions.rows, strict=True))
    return csv_bytes(head, rows)


def heading(column: Column) -> str:
    """Return a column's heading.

    Examples
    --------
    >>> from geo.core.schema import FACILITIES
    >>> heading(FACILITIES["exhibition_area_m2"])
    '展厅面积（m²） exhibition_area_m2'
    """
    unit = f"（{column.unit}）" if column.unit else ""
    return f"{column.zh}{unit} {column.name}"


@dataclass(frozen=True)
class Positions:
    """The columns of geometry of a layer: their headings, names and rows."""

    head: list[str]
    names: list[str]
    rows: list[tuple[Any, ...]]

    @property
    def titles(self) -> list[str]:
        """Headings with the names behind them."""
        return [f"{head} {name}" for head, name in zip(self.head, self.names, strict=True)]


def positions_of(layer: Layer) -> Positions:
    """Return a layer's geometry as columns: two numbers for a point, WKT for what is none."""
    points = np.array([_point(shape) for shape in layer.shapes], dtype=object)
    others = layer.shapes.copy()
    others[~shapely.is_missing(points)] = None
    head: list[str] = []
    names: list[str] = []
    columns: list[list[Any]] = []
    if layer.table.geometry != "MULTIPOLYGON":
        head += [axis.label.zh for axis in layer.system.axes]
        names += [axis.name for axis in layer.system.axes]
        columns += [_numbers(shapely.get_x(points)), _numbers(shapely.get_y(points))]
    if layer.table.geometry != "POINT":
        head.append(f"几何（{layer.system.id}）")
        names.append("wkt")
        columns.append(geometry_texts(others))
    return Positions(head, names, list(zip(*columns, strict=True)))


def _numbers(numbers: Any) -> list[float | None]:
    return [None if np.isnan(number) else number for number in numbers.tolist()]


def _point(shape: Any) -> Any:
    return shape if shape is not None and shape.geom_type == "Point" else None


def csv_bytes(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    r"""Return a table as CSV of UTF-8 with its mark; text stays text.

    Examples
    --------
    >>> csv_bytes(["名称"], [["=1+1"], [None], [2.5]])[3:].decode()
    '名称\r\n\'=1+1\r\n""\r\n2.5\r\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([not_a_formula(name) for name in head])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return _BOM + out.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return not_a_formula(value.replace("\0", "\ufffd")) if isinstance(value, str) else value
