"""One layer as every format takes it: plain columns of the dictionary, and geometry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.core.fields import FILE_TABLES
from geo.core.schema import Column, Table, conform
from geo.core.vocabulary import Group
from geo.measures.nearest import Target
from geo.publish.files.systems import Geometries, System

_JOIN: Final = "；"


@dataclass(frozen=True)
class Layer:
    """What stands in a file.

    Attributes
    ----------
    table : Table
        The columns that are there, in their order, and the kind of geometry.
    rows : pandas.DataFrame
        Those columns, of the dictionary's types; unknown is NaN, NA or NaT.
    shapes : numpy.ndarray of object
        In ``system``, rounded; None where unknown.
    system : System
        Of the coordinates.
    """

    table: Table
    rows: pd.DataFrame
    shapes: Geometries
    system: System

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, as the dictionary has them."""
        return self.table.columns

    def values(self) -> Iterator[tuple[Any, ...]]:
        """Yield each row's values as plain Python values, None where unknown, dates as dates."""
        lists = [plain_values(self.rows[column.name], column) for column in self.columns]
        yield from zip(*lists, strict=True)


def plain_values(values: pd.Series, column: Column) -> list[Any]:
    """Return a column as Python values; None where unknown or not finite."""
    if column.dtype == "date":
        return [None if pd.isna(day) else day.date() for day in values]
    known = values.notna()
    if column.dtype == "real":
        known &= np.isfinite(values.to_numpy(dtype=np.float64))
    plain: list[Any] = values.astype(object).where(known, None).tolist()
    return plain


def make_layer(collection: str, frame: gpd.GeoDataFrame, system: System) -> Layer:
    """Return a collection's frame as a layer in the system asked for.

    Parameters
    ----------
    collection : str
        One of :data:`geo.core.fields.FILE_TABLES`.
    frame : geopandas.GeoDataFrame
        As :mod:`geo.publish.features` makes it, in EPSG:4490: what a profile leaves out is gone.
    system : System
        For the coordinates.
    """
    table = FILE_TABLES[collection]
    flat = _flat(pd.DataFrame(frame.drop(columns=frame.geometry.name)), table)
    kept = tuple(column for column in table.columns if column.name in flat)
    shapes = system.shapes(np.asarray(frame.geometry.array, dtype=object))
    own = replace(table, columns=kept)
    rows = conform(flat.reset_index(drop=True), own)
    return Layer(own, _clean(rows, own), _many(shapes, own), system)


def _many(shapes: Geometries, table: Table) -> Geometries:
    """Return polygons as collections of one where a layer has collections, rightly turned."""
    turned = np.asarray(shapely.orient_polygons(shapes, exterior_cw=False), dtype=object)
    if table.geometry == "MULTIPOLYGON":
        single = shapely.get_type_id(turned) == shapely.GeometryType.POLYGON
        turned[single] = [shapely.MultiPolygon([shape]) for shape in turned[single]]
    return turned


def _flat(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a frame without nested values: a column for each, and the key among them."""
    rows = dict(frame.items())
    if table.key is not None:
        rows[table.key] = pd.Series(frame.index, index=frame.index)
    for name, prefix in _NESTED.items():
        if name in rows and rows[name].map(lambda value: isinstance(value, dict)).any():
            rows |= _spread(rows.pop(name).map(_of_groups), prefix)
    if "designations" in rows:
        rows["designations"] = rows["designations"].map(_joined)
    return pd.DataFrame(rows, index=frame.index)


_NESTED: Final = {
    "coverage_rate": "coverage_rate_",
    "even_coverage_rate": "even_coverage_rate_",
    "coverage_rate_by_kind": "coverage_rate_kind_",
    "coverage_rate_by_audience": "coverage_rate_",
    "newly_by_audience": "newly_",
    "ranks": "rank_",
    "audiences": "audience_",
}


def _spread(nested: pd.Series, prefix: str) -> dict[str, pd.Series]:
    names = sorted({name for value in nested for name in value})
    return {f"{prefix}{name}": nested.map(lambda value, n=name: value.get(n)) for name in names}


def _of_groups(nested: dict[str, Any]) -> dict[str, Any]:
    """Return rates by audience and target as those by audience and group; others as they are."""
    found: dict[str, Any] = {}
    for name, value in nested.items():
        if not isinstance(value, dict):
            found[name] = value
            continue
        for group in Group:
            if (rate := value.get(Target(group).id)) is not None:
                found[f"{name}_{group.value}"] = rate
    return found


def _joined(titles: Any) -> str | None:
    return _JOIN.join(titles) or None


def _clean(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return rows whose text can be encoded, whatever it came from."""
    texts = {
        column.name: rows[column.name].map(_encodable, na_action="ignore").astype("str")
        for column in table.columns
        if column.dtype == "text"
    }
    return rows.assign(**texts)


def _encodable(text: str) -> str:
    """Return a text without halves of pairs, which no encoding holds."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
