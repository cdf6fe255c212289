"""Frames as rows of the store, and rows as frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import MultiPolygon

from geo.core.crs import STORAGE_CRS
from geo.core.errors import DataError
from geo.core.schema import PANDAS_DTYPES, Dtype, Table, conform
from geo.core.sentences import Sentences, Words
from geo.store.blob import Bounds, Geometries, bounds_of, decode, encode
from geo.store.differences import MULTIPLIED

TEXT: Final = Sentences("geo.store")

SRS_ID: Final = 4490

_GEOMETRY_TYPES: Final = {
    "POINT": [shapely.GeometryType.POINT],
    "MULTIPOLYGON": [shapely.GeometryType.MULTIPOLYGON],
    "LINESTRING": [shapely.GeometryType.LINESTRING],
    "GEOMETRY": [shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOLYGON],
}


@dataclass(frozen=True)
class StoredRows:
    """A frame as it goes into its table: values by column, each one long for every row."""

    table: Table
    count: int
    columns: tuple[Sequence[Any], ...]
    blobs: list[bytes | None] | None = None
    bounds: Bounds | None = None
    fids: Sequence[int] | None = None

    def records(self) -> Iterator[tuple[Any, ...]]:
        """Return fid, blob (if the table has geometry) and the columns of each row.

        Where none were given, the fids of a table with geometry run from 1, so that
        the R-tree can be filled beside it; elsewhere they are None.
        """
        if self.blobs is None:
            return zip(self.fids or repeat(None, self.count), *self.columns, strict=True)
        return zip(self._numbers(), self.blobs, *self.columns, strict=True)

    def boxes(self) -> Iterator[tuple[float, ...]]:
        """Return fid and bounding box of each row that has a geometry."""
        assert self.bounds is not None  # noqa: S101  (only asked for tables with geometry)
        known = ~np.isnan(self.bounds[:, 0])
        fids = np.array(self._numbers(), dtype=np.int64)[known].tolist()
        return zip(fids, *self.bounds[known].T.tolist(), strict=True)

    def _numbers(self) -> Sequence[int]:
        return range(1, self.count + 1) if self.fids is None else self.fids

    def extent(self) -> tuple[float | None, ...]:
        """Return least x and y and greatest x and y; all None when there is no geometry."""
        if self.bounds is None or np.isnan(self.bounds).all():
            return (None, None, None, None)
        west, _, south, _ = np.nanmin(self.bounds, axis=0).tolist()
        _, east, _, north = np.nanmax(self.bounds, axis=0).tolist()
        return west, south, east, north


def rows_of(frame: pd.DataFrame, table: Table) -> StoredRows:
    """Return a frame as rows of its table.

    Parameters
    ----------
    frame : pandas.DataFrame or geopandas.GeoDataFrame
        With the key as index or as column; left as it is.
    table : Table
        Which table it is.

    Raises
    ------
    TableError
        A required column is missing altogether.
    DataError
        Geometry is missing altogether, of another type or in another system, a
        coordinate is not finite, or a value is not of its column's type.

    Examples
    --------
    >>> from geo.core.schema import VILLAGES
    >>> villages = pd.DataFrame({"township_code": ["430503001"], "name_zh": ["村"],
    ...     "kind": ["village"], "source_id": ["s"]}, index=["430503001200"])
    >>> [row[:6] for row in rows_of(villages, VILLAGES).records()]
    [(1, None, '430503001200', '430503001', '村', 'village')]
    """
    try:
        kept = conform(_keyed(frame, table), table)
        columns = tuple(_values(kept[column.name], column.dtype) for column in table.columns)
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(
            **TEXT.both("value_not_of_column_type", table=Words(table.zh, table.name), error=error)
        ) from error
    if table.geometry is None:
        return StoredRows(table, len(kept), columns)
    geometries = _checked_geometries(frame, table)
    return StoredRows(table, len(kept), columns, encode(geometries, SRS_ID), bounds_of(geometries))


def rows_from_records(records: Sequence[tuple[Any, ...]], table: Table) -> StoredRows:
    """Return stored rows, each led by its fid, as rows with their bounds.

    Raises
    ------
    DataError
        A blob is not a GeoPackage geometry.

    Examples
    --------
    >>> from geo.core.schema import SOURCES
    >>> rows_from_records([], SOURCES).count
    0
    """
    width = 1 + len(table.columns) + (table.geometry is not None)
    fids, *columns = list(zip(*records, strict=True)) or [()] * width
    if table.geometry is None:
        return StoredRows(table, len(records), tuple(columns), fids=fids)
    blobs = list(columns.pop(0))
    bounds = bounds_of(decode(blobs))
    return StoredRows(table, len(records), tuple(columns), blobs, bounds, fids)


def _keyed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    if table.key is None or table.key in frame.columns:
        return frame
    return frame.assign(**{table.key: frame.index})


def _values(column: pd.Series, dtype: Dtype) -> list[Any]:
    if dtype == "real":
        values = column.to_numpy(dtype=np.float64)
        kept = values.astype(object)
        kept[np.isnan(values)] = None
        return kept.tolist()  # type: ignore[no-any-return]
    unknown = column.isna()
    if dtype == "date":
        days = np.datetime_as_string(column.to_numpy(), unit="D").astype(object)
        days[unknown.to_numpy()] = None
        return days.tolist()  # type: ignore[no-any-return]
    return column.astype(object).where(~unknown, None).tolist()  # type: ignore[no-any-return]


def _checked_geometries(frame: pd.DataFrame, table: Table) -> Geometries:
    if table.geometry == "GEOMETRY" and not isinstance(frame, gpd.GeoDataFrame):
        return np.full(len(frame), None, dtype=object)
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs != STORAGE_CRS:
        raise DataError(
            **TEXT.both("geometry_missing_or_not_cgcs2000", table=Words(table.zh, table.name))
        )
    geometries = _multi(np.asarray(frame.geometry.array, dtype=object), table)
    known = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    assert table.geometry is not None  # noqa: S101  (the caller saw to it)
    fitting = np.isin(shapely.get_type_id(geometries), _GEOMETRY_TYPES[table.geometry])
    if (known & ~fitting).any():
        raise DataError(
            **TEXT.both(
                "geometry_of_other_type", table=Words(table.zh, table.name), geometry=table.geometry
            )
        )
    return geometries


def _multi(geometries: Geometries, table: Table) -> Geometries:
    """Return polygons as multipolygons where the table keeps those; QGIS may write either."""
    single = shapely.get_type_id(geometries) == shapely.GeometryType.POLYGON
    if table.geometry not in MULTIPLIED or not single.any():
        return geometries
    made = geometries.copy()
    made[single] = [MultiPolygon([polygon]) for polygon in geometries[single]]
    return made


def frame_of(records: Sequence[tuple[Any, ...]], table: Table) -> pd.DataFrame:
    """Return rows of a table as a frame, with the key as index.

    Parameters
    ----------
    records : sequence of tuple
        The geometry's blob, where the table has one, and the columns in order.
    table : Table
        Which table it is.

    Returns
    -------
    pandas.DataFrame or geopandas.GeoDataFrame
        Of the types of :func:`geo.core.schema.conform`; geometry in EPSG:4490.

    Raises
    ------
    DataError
        A value or blob is not what its column holds.

    Examples
    --------
    >>> from geo.core.schema import DESIGNATIONS
    >>> frame_of([], DESIGNATIONS).shape
    (0, 13)
    """
    width = len(table.columns) + (table.geometry is not None)
    columns: list[Sequence[Any]] = list(zip(*records, strict=True)) or [()] * width
    geometries = decode(columns.pop(0)) if table.geometry else None
    try:
        kept = {
            column.name: _series(values, column.dtype)
            for column, values in zip(table.columns, columns, strict=True)
        }
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(
            **TEXT.both("stored_value_not_of_type", table=Words(table.zh, table.name), error=error)
        ) from error
    frame = pd.DataFrame(kept, columns=list(table.names))
    if geometries is not None:
        frame = gpd.GeoDataFrame(frame, geometry=_multi(geometries, table), crs=STORAGE_CRS)
    return frame if table.key is None else frame.set_index(table.key)


def _series(values: Sequence[Any], dtype: Dtype) -> pd.Series:
    kept: Any = list(values)
    if dtype == "date":
        days = ["NaT" if day is None else day for day in values]
        kept = np.array(days, dtype="datetime64[D]").astype("datetime64[s]")
    elif dtype == "boolean":
        kept = [None if value is None else bool(value) for value in values]
    return pd.Series(kept, dtype=PANDAS_DTYPES[dtype])
