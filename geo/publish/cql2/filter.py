"""The door: from what a client wrote to a mask over rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geo.publish.cql2.bounds import check_size
from geo.publish.cql2.cells import CellTable
from geo.publish.cql2.compiler import Compiler
from geo.publish.cql2.json_form import read_json
from geo.publish.cql2.operands import Predicate
from geo.publish.cql2.queryable import FilterLang, Queryable
from geo.publish.cql2.text import read_text


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was understood, to be held against any number of frames.

    Attributes
    ----------
    properties : frozenset of str
        Names of the properties that it uses.
    predicate : callable
        What each row is asked.
    """

    properties: frozenset[str]
    predicate: Predicate

    def mask(self, columns: Mapping[str, Any], geometry: Any = None) -> NDArray[np.bool_]:
        """Return for each row whether it matches; what is unknown does not.

        Parameters
        ----------
        columns : mapping of str to array or Series
            By name of the property; those that the filter uses suffice. Texts as objects
            or ``str``, dates as ``datetime64``, dates or ISO texts, lists as lists; unknown is
            None, NaN, NA or NaT. Positions count, an index does not.
        geometry : array of shapely geometries, optional
            In longitude and latitude, in the order of the columns; None is unknown.

        Raises
        ------
        TableError
            A column that the filter uses is missing.
        QueryError
            GEOS cannot relate the geometries.

        Examples
        --------
        >>> area = Queryable("area_m2", "real", "面积", "Area", "m²")
        >>> large = parse_filter("area_m2 > 100", FilterLang.TEXT, {"area_m2": area})
        >>> large.mask({"area_m2": np.array([50.0, 200.0, np.nan])}).tolist()
        [False, True, False]
        """
        first = geometry if geometry is not None else next(iter(columns.values()), ())
        rows = CellTable(columns, geometry, len(first))
        return np.broadcast_to(self.predicate(rows).holds, (rows.count,)).copy()


def parse_filter(
    text: str,
    lang: FilterLang,
    queryables: Mapping[str, Queryable],
    crs: CRS | None = None,
) -> Filter:
    """Return a filter for rows of these properties.

    Parameters
    ----------
    text : str
        At most 2,048 bytes and 20 levels.
    lang : FilterLang
        Which of the two encodings it is in.
    queryables : mapping of str to Queryable
        What may be named. A property that is not among them does not exist, whatever a
        table holds.
    crs : pyproj.CRS, optional
        ``filter-crs``: the system of the geometries written in the filter, with its own order
        of axes. Without one, longitude and latitude (CRS84).

    Raises
    ------
    QueryError
        It is no CQL2, goes beyond a bound, names what is not queryable, or compares what
        cannot be compared. The message says what, never what the data hold.

    Notes
    -----
    Common Query Language (CQL2), OGC 21-065r2. Unknowns follow its table of three values:
    a comparison with an unknown is unknown, and so is NOT of it.

    Examples
    --------
    >>> name = Queryable("name", "text", "名称", "Name")
    >>> asked = parse_filter("name LIKE '%科技%'", FilterLang.TEXT, {"name": name})
    >>> asked.mask({"name": np.array(["大祥科技馆", "图书馆", None], dtype=object)}).tolist()
    [True, False, False]
    >>> sorted(asked.properties)
    ['name']
    >>> parse_filter("phone = '1'", FilterLang.TEXT, {"name": name})
    Traceback (most recent call last):
    geo.core.errors.QueryError: filter：没有可查询的属性 phone。可用：name。
    """
    check_size(text)
    tree = read_json(text) if lang is FilterLang.JSON else read_text(text)
    compiler = Compiler(queryables, crs)
    predicate = compiler.predicate(tree)
    return Filter(frozenset(compiler.properties), predicate)
