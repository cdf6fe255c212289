"""The tables of the store and their columns, as ``columns.toml`` lists them.

``columns.toml`` beside this module is the one dictionary of columns. This module reads it
and makes the tables that the store keeps; :mod:`geo.core.fields` makes from it what features,
files, filters and queryables carry. Intake looks up headings under the same names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

import geopandas as gpd
import pandas as pd

from geo.core import vocabulary
from geo.core.errors import TableError
from geo.core.sentences import Sentences, Words
from geo.core.vocabulary import Profile, Scope

TEXT: Final = Sentences("geo.core")

Dtype = Literal["text", "real", "integer", "boolean", "date"]

PANDAS_DTYPES: Final[Mapping[Dtype, str]] = MappingProxyType(
    {
        "text": "str",
        "real": "float64",
        "integer": "Int64",
        "boolean": "boolean",
        "date": "datetime64[s]",
    }
)
"""How each kind of column stands in a frame; unknown is NaN, NA or NaT, never zero."""


MAX_TEXT_LENGTH: Final = 20_000
"""Characters of a text column that states no bound of its own."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, its unit, its labels and its bounds.

    ``required`` means that no row may leave it empty; ``release`` is the widest
    profile that carries it.
    """

    name: str
    dtype: Dtype
    zh: str
    en: str
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: type[StrEnum] | None = None
    release: Profile = Profile.PUBLIC
    max_length: int = MAX_TEXT_LENGTH


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its key column and its other columns in order."""

    name: str
    zh: str
    en: str
    key: str | None
    columns: tuple[Column, ...]
    geometry: Literal["POINT", "MULTIPOLYGON", "LINESTRING", "GEOMETRY"] | None = None
    """``GEOMETRY``: a point, an area, or nothing as yet."""
    base_layer: bool = False
    """A layer of many rows on which coverage rests, which a district may lack."""

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in the order in which they are kept."""
        return tuple(column.name for column in self.columns)


@cache
def dictionary() -> dict[str, Any]:
    """Return ``columns.toml`` as it stands; its head says what each part means."""
    return tomllib.loads(files("geo.core").joinpath("columns.toml").read_text(encoding="utf-8"))


def column_of(name: str, entry: Mapping[str, Any], *, required: bool = False) -> Column:
    """Return a column as an entry of the dictionary describes it.

    Parameters
    ----------
    name : str
        Of the column.
    entry : Mapping
        Its line of ``[columns]``, perhaps with a variant laid over it.
    required : bool
        Whether no row may leave it empty.

    Examples
    --------
    >>> column_of("level", dictionary()["columns"]["level"]).choices
    <enum 'Level'>
    """
    choices = entry.get("choices")
    return Column(
        name,
        entry["dtype"],
        entry["zh"],
        entry["en"],
        unit=entry.get("unit", ""),
        required=required,
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        choices=None if choices is None else getattr(vocabulary, choices),
        release=Profile(entry.get("release", Profile.PUBLIC)),
        max_length=entry.get("max_length", MAX_TEXT_LENGTH),
    )


def columns_of(entry: Mapping[str, Any]) -> tuple[Column, ...]:
    """Return the columns of a table or of a collection of the dictionary, in their order.

    Parameters
    ----------
    entry : Mapping
        ``[tables.NAME]`` or ``[collections.NAME]``.
    """
    known, groups = dictionary()["columns"], dictionary()["groups"]
    variants, required = entry.get("variants", {}), entry.get("required", ())
    names = [
        name
        for item in entry["columns"]
        for name in (groups[item[1:]] if item.startswith("*") else [item])
    ]
    found = []
    for name in names:
        variant = variants.get(name, {})
        kept = {k: v for k, v in known[name].items() if k not in variant.get("unset", ())}
        found.append(column_of(name, kept | variant, required=name in required))
    return tuple(found)


def _table(name: str) -> Table:
    entry = dictionary()["tables"][name]
    return Table(
        name,
        entry["zh"],
        entry["en"],
        entry.get("key"),
        columns_of(entry),
        entry.get("geometry"),
        entry.get("base_layer", False),
    )


FACILITIES: Final = _table("facilities")
DESIGNATIONS: Final = _table("designations")
TOWNSHIPS: Final = _table("townships")
DISTRICTS: Final = _table("districts")
VILLAGES: Final = _table("villages")
POPULATION: Final = _table("population")
SOURCES: Final = _table("sources")
WEIGHTS: Final = _table("weights")
"""Pieces of land, and how many people each holds in proportion to the others."""

ROADS: Final = _table("roads")
"""Lines as they were drawn; crossings on different levels are none."""

ALL_TABLES: Final = (
    FACILITIES,
    DESIGNATIONS,
    TOWNSHIPS,
    DISTRICTS,
    VILLAGES,
    POPULATION,
    SOURCES,
    WEIGHTS,
    ROADS,
)
TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {table.name: table for table in ALL_TABLES if not table.base_layer}
)
BASE_LAYERS: Final[Mapping[str, Table]] = MappingProxyType(
    {table.name: table for table in ALL_TABLES if table.base_layer}
)
"""What a district may have beside: the layers on which coverage rests, many rows each."""

SCOPES: Final = tuple(scope.value for scope in Scope)


def empty_frame(table: Table) -> pd.DataFrame:
    """Return a frame with a table's columns and types and no row (geometry left out).

    Examples
    --------
    >>> empty_frame(SOURCES).shape
    (0, 10)
    """
    return pd.DataFrame(
        {column.name: pd.Series(dtype=PANDAS_DTYPES[column.dtype]) for column in table.columns}
    )


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with exactly the table's columns, in order and of its types.

    Columns that are not there are added as unknown; others than the table's
    (``geometry`` excepted) are dropped. Values are not checked: intake does that.

    Parameters
    ----------
    frame : pandas.DataFrame or geopandas.GeoDataFrame
        Any index; the key stays an ordinary column.
    table : Table
        Which table it is.

    Returns
    -------
    pandas.DataFrame
        Of the class that came in, on the same index.

    Raises
    ------
    TableError
        A required column is missing altogether.

    Examples
    --------
    >>> frame = pd.DataFrame({"village_code": ["1"], "township_code": ["1"], "name_zh": ["村"],
    ...                       "kind": ["village"], "source_id": ["x"]})
    >>> conform(frame, VILLAGES).columns.tolist()[:3]
    ['village_code', 'township_code', 'name_zh']
    """
    require(frame, table, tuple(column.name for column in table.columns if column.required))
    kept = {}
    for column in table.columns:
        dtype = PANDAS_DTYPES[column.dtype]
        if column.name in frame.columns:
            kept[column.name] = frame[column.name].astype(dtype)
        else:
            kept[column.name] = pd.Series(index=frame.index, dtype=dtype)
    if "geometry" in frame.columns:
        kept["geometry"] = frame["geometry"]
        return gpd.GeoDataFrame(kept, index=frame.index, geometry="geometry", crs=frame.crs)
    return pd.DataFrame(kept, index=frame.index)


def require(frame: pd.DataFrame, table: Table, names: tuple[str, ...]) -> None:
    """Raise unless the frame has the columns named.

    Raises
    ------
    TableError
        Naming the table and every column that is missing.

    Examples
    --------
    >>> require(pd.DataFrame({"name": []}), FACILITIES, ("name", "kind"))
    Traceback (most recent call last):
    geo.core.errors.TableError: 「科普设施」表缺少列：kind（类型）。
    """
    missing = [name for name in names if name not in frame.columns]
    if missing:
        zh = "、".join(f"{name}（{table[name].zh}）" for name in missing)
        raise TableError(
            **TEXT.both(
                "table_lacks_columns",
                table=Words(table.zh, table.name),
                what=Words(zh, ", ".join(missing)),
            )
        )
