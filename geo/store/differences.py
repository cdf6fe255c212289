"""How two states of a table differ: which rows are the same thing, and in which fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Geod

from geo.core.schema import Table, conform

PROVENANCE: Final = frozenset({"source_file", "source_sheet", "source_row"})
"""Where a row stands in its file. A row that only moved there has not changed."""

FIELD_COLUMNS: Final = ("table", "id", "item", "column", "before", "after", "distance_m")

_IDENTITY: Final = {
    "designations": ("facility_id", "title"),
    "population": ("division_code", "population_kind", "year"),
    "weights": ("source_file", "source_row"),
    "roads": ("source_file", "source_row"),
}
MULTIPLIED: Final = frozenset({"MULTIPOLYGON", "GEOMETRY"})
"""Kinds of geometry of which a single polygon is kept as a multipolygon."""

# CGCS2000's own ellipsoid (GB 22021-2008).
_ELLIPSOID: Final = Geod(a=6_378_137.0, rf=298.257222101)
_JOINT: Final = " · "


def no_fields() -> pd.DataFrame:
    """Return the frame of differing fields with no row in it.

    Examples
    --------
    >>> tuple(no_fields().columns) == FIELD_COLUMNS
    True
    """
    types = dict.fromkeys(FIELD_COLUMNS, "str") | {"distance_m": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})


def identity_of(table: Table) -> tuple[str, ...]:
    """Return the columns that tell a table's rows apart.

    Examples
    --------
    >>> from geo.core.schema import DESIGNATIONS, FACILITIES
    >>> identity_of(FACILITIES), identity_of(DESIGNATIONS)
    (('facility_id',), ('facility_id', 'title'))
    """
    return (table.key,) if table.key else _IDENTITY[table.name]


class Pairs:
    """Two states of a table, and which rows of them are the same thing.

    ``was`` and ``now`` are positions in ``before`` and ``after`` of the rows that
    are in both; ``gone`` and ``new`` of the others.
    """

    def __init__(self, before: pd.DataFrame, after: pd.DataFrame, table: Table) -> None:
        self.table = table
        self.before, self.after = _plain(before, table), _plain(after, table)
        found = _index(self.before, table).get_indexer(_index(self.after, table))
        self.now = np.flatnonzero(found >= 0)
        self.was = found[self.now]
        self.new = np.flatnonzero(found < 0)
        self.gone = np.setdiff1d(np.arange(len(self.before)), self.was)


def keyed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a frame with its key as a column too.

    Examples
    --------
    >>> from geo.core.schema import SOURCES
    >>> keyed(pd.DataFrame(index=["a"]), SOURCES)["source_id"].tolist()
    ['a']
    """
    if table.key is None or table.key in frame.columns:
        return frame
    return frame.assign(**{table.key: frame.index})


def _plain(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a frame as the store would keep it: whole days, flat multipolygons."""
    plain = pd.DataFrame(keyed(frame, table)).drop(columns="geometry", errors="ignore")
    kept = conform(plain, table).reset_index(drop=True)
    for column in table.columns:
        if column.dtype == "date":
            kept[column.name] = kept[column.name].dt.floor("D")
    if table.geometry:
        shapes = frame["geometry"] if "geometry" in frame.columns else [None] * len(frame)
        kept["geometry"] = pd.Series(_flat(shapes, table), dtype=object)
    return kept


def _flat(column: Iterable[Any], table: Table) -> npt.NDArray[np.object_]:
    shapes = shapely.force_2d(np.array(column, dtype=object))
    shapes[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = None
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    if table.geometry in MULTIPLIED:
        shapes[single] = [shapely.MultiPolygon([shape]) for shape in shapes[single]]
    return shapes


def _index(frame: pd.DataFrame, table: Table) -> pd.MultiIndex:
    names = list(identity_of(table))
    turn = frame.groupby(names, dropna=False, sort=False).cumcount()
    return pd.MultiIndex.from_arrays([*(frame[name] for name in names), turn])


def labels_of(frame: pd.DataFrame, table: Table) -> npt.NDArray[np.object_]:
    """Return what names each row to a person.

    Examples
    --------
    >>> from geo.core.schema import DESIGNATIONS
    >>> labels_of(pd.DataFrame({"facility_id": ["P1"], "title": ["基地"]}), DESIGNATIONS)[0]
    'P1 · 基地'
    """
    first, *others = (frame[name].astype("str") for name in identity_of(table))
    return _objects(first.str.cat(others, sep=_JOINT) if others else first)


def _objects(column: pd.Series) -> npt.NDArray[np.object_]:
    return np.asarray(column, dtype=object)


def fields_of(pairs: Pairs) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """Return the fields that differ, and which of the pairs they make changed."""
    changed = np.zeros(len(pairs.now), dtype=bool)
    parts = []
    for name, differs, text in _columns(pairs):
        if differs.any():
            was, now = pairs.was[differs], pairs.now[differs]
            before, after = pairs.before[name].iloc[was], pairs.after[name].iloc[now]
            parts.append(
                told_of(pairs.after.iloc[now], pairs.table, name, text(before), text(after))
            )
            if name == "geometry":
                parts[-1]["distance_m"] = _distances(_objects(before), _objects(after))
            changed |= differs
    return stacked(parts), changed


_Text = Callable[[pd.Series], pd.Series]


def _columns(pairs: Pairs) -> Iterator[tuple[str, npt.NDArray[np.bool_], _Text]]:
    left = pairs.before.iloc[pairs.was].reset_index(drop=True)
    right = pairs.after.iloc[pairs.now].reset_index(drop=True)
    for column in pairs.table.columns:
        if column.name not in PROVENANCE:
            was, now = left[column.name], right[column.name]
            differs = was.ne(now).fillna(True).to_numpy(dtype=bool)
            yield column.name, differs & ~(was.isna() & now.isna()).to_numpy(), _text_of
    if pairs.table.geometry:
        shapes, others = _objects(left["geometry"]), _objects(right["geometry"])
        yield "geometry", ~_same(shapes, others), _shape_text


def _same(left: npt.NDArray[np.object_], right: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    missing = shapely.is_missing(left) & shapely.is_missing(right)
    return np.asarray(shapely.equals_identical(left, right) | missing, dtype=bool)


def told_of(
    rows: pd.DataFrame, table: Table, name: str, before: pd.Series, after: pd.Series
) -> pd.DataFrame:
    """Return one differing field of several rows as rows of :func:`no_fields`."""
    first, *others = (rows[each].astype("str") for each in identity_of(table))
    item = others[0].str.cat(others[1:], sep=_JOINT) if others else ""
    told = pd.DataFrame({"table": table.name, "id": _objects(first)})
    told["item"] = _objects(item) if others else ""
    return told.assign(
        column=name, before=_objects(before), after=_objects(after), distance_m=np.nan
    )


def stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return several frames of differing fields as one, of the types of :func:`no_fields`.

    Examples
    --------
    >>> stacked([]).shape
    (0, 7)
    """
    none = no_fields()
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True).astype(none.dtypes) if kept else none


def _text_of(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column.dt.strftime("%Y-%m-%d")
    return column.map(_word, na_action="ignore").astype("str")


def _word(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _shape_text(column: pd.Series) -> pd.Series:
    """Return a point as longitude and latitude, another shape as its kind and size."""

    def text(shape: shapely.Geometry) -> str:
        if isinstance(shape, shapely.Point):
            return f"{shape.x:.7f}, {shape.y:.7f}"
        return f"{type(shape).__name__} ({shapely.get_num_coordinates(shape)})"

    return column.map(text, na_action="ignore").astype("str")


def _distances(
    before: npt.NDArray[np.object_], after: npt.NDArray[np.object_]
) -> npt.NDArray[np.float64]:
    # Coordinates of what is no point, or of none, are NaN.
    ends = [of(shapes) for shapes in (before, after) for of in (shapely.get_x, shapely.get_y)]
    known = np.isfinite(np.array(ends)).all(axis=0)
    distances = np.full(len(before), np.nan)
    distances[known] = _metres(*(end[known] for end in ends))
    return distances


def _metres(
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    to_x: npt.NDArray[np.float64],
    to_y: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    return np.asarray(_ELLIPSOID.inv(x, y, to_x, to_y)[2])
