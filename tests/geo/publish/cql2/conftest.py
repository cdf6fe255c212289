"""A small ledger to filter, with unknowns of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.publish.cql2 import FilterLang, Queryable, parse_filter

QUERYABLES: Mapping[str, Queryable] = {
    each.name: each
    for each in (
        Queryable("name", "text", "名称", "Name"),
        Queryable("alias", "text", "别名", "Alias"),
        Queryable("kind", "text", "类型", "Kind", choices=("library", "park")),
        Queryable("area_m2", "real", "面积", "Area", "m²"),
        Queryable("floor_m2", "real", "建筑面积", "Floor area", "m²"),
        Queryable("people", "integer", "人口", "People", "人"),
        Queryable("free", "boolean", "免费", "Free"),
        Queryable("opened_on", "date", "开放日期", "Opened on"),
        Queryable("closed_on", "date", "关闭日期", "Closed on"),
        Queryable("titles", "list", "挂牌", "Titles"),
        Queryable("geometry", "geometry", "位置", "Position"),
    )
}

COLUMNS: Mapping[str, pd.Series] = {
    "name": pd.Series(["大祥科技馆", "区图书馆", "Straße 5%", None, "O'Neil_园"], dtype="str"),
    "alias": pd.Series(["大祥科技馆", "书苑", "STRASSE 5%", "x", None], dtype="str"),
    "kind": pd.Series(["hall", "library", "library", "park", None], dtype="str"),
    "area_m2": pd.Series([500.0, 0.0, np.nan, 160.0, 80.5]),
    "floor_m2": pd.Series([1000.0, 0.0, 20.0, np.nan, 80.5]),
    "people": pd.Series([3, None, 10, 0, -4], dtype="Int64"),
    "free": pd.Series([True, False, None, True, False], dtype="boolean"),
    "opened_on": pd.Series(
        pd.to_datetime(["2021-05-01", "2022-01-01", None, "2024-02-29", "2019-12-31"])
    ).astype("datetime64[s]"),
    "closed_on": pd.Series(
        pd.to_datetime([None, "2023-01-01", "2022-06-30", "2025-01-01", "2019-12-31"])
    ).astype("datetime64[s]"),
    "titles": pd.Series(
        [["科普基地", "文明实践站"], [], None, ["科普基地"], ["书苑"]], dtype=object
    ),
}

GEOMETRY = np.array(
    [
        shapely.Point(111.5, 27.2),
        shapely.Point(111.4, 27.0),
        None,
        shapely.box(111.45, 27.15, 111.55, 27.25),
        shapely.LineString([(111.3, 27.2), (111.6, 27.2)]),
    ],
    dtype=object,
)


def rows_of(text: str, lang: FilterLang = FilterLang.TEXT) -> list[int]:
    """The numbers of the rows that match."""
    mask = parse_filter(text, lang, QUERYABLES).mask(COLUMNS, GEOMETRY)
    assert mask.dtype == bool
    return np.flatnonzero(mask).tolist()


@pytest.fixture(scope="session")
def matching() -> Callable[..., list[int]]:
    return rows_of


@pytest.fixture(scope="session")
def queryables() -> Mapping[str, Queryable]:
    return QUERYABLES


@pytest.fixture(scope="session")
def columns() -> Mapping[str, pd.Series]:
    return COLUMNS


@pytest.fixture(scope="session")
def geometry() -> np.ndarray:
    return GEOMETRY
