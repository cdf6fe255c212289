"""Rows that may be one place with several designations (一地多牌); proposed, never joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import STRtree

from geo.intake.deduplicate.neighbours import Floats, Integers, addresses, cells, components, metres
from geo.intake.divisions.names import folded_name, leading_place
from geo.intake.sentences import message

_REACH_M: Final = 15.0
_MANY: Final = 8
_ADDRESS_SPREAD_M: Final = 500.0
_NEAR, _ADDRESS_ALONE, _HELD, _HALVED_AFTER_M = 0.9, 0.6, 0.8, 50.0
"""Confidences of ours: rows in one spot, half of it where a chain of them reaches 50 m farther."""
_COLUMNS: Final = (
    "group", "facility_id", "role", "reason", "zh", "en", "rows", "spread_m", "confidence",
)  # fmt: skip

ONE_PLACE: Final = message("deduplicate.shared_place")
PLACEHOLDER: Final = message("deduplicate.placeholder_position")


def shared_places(facilities: gpd.GeoDataFrame, measuring_crs: CRS) -> pd.DataFrame:
    """Propose which rows are one facility, and which of them would be its designations.

    Rows belong together within 15 m, or at one address that says more than a town
    or a village, and so do all that hang together by such pairs. The place is the
    row with an exhibition area, else a floor area, else the lowest id. 15 m is a
    heuristic of ours: a building's width, and above what a phone's position errs.

    More than 8 rows at exactly one point, of which at least half as many addresses
    (or villages in their names, where there is no address) differ, are reported as
    a probable placeholder, and not joined by position. An address whose rows stand
    more than 500 m apart joins nothing.

    Parameters
    ----------
    facilities : geopandas.GeoDataFrame
        As :data:`geo.core.schema.FACILITIES` describes, indexed by ``facility_id``.
    measuring_crs : pyproj.CRS
        In metres, of the district.

    Returns
    -------
    pandas.DataFrame
        A row for each facility of a group: ``group``, the id of its place;
        ``facility_id``; ``role``: ``place``, ``plaque`` or ``placeholder``;
        ``reason``, ``zh``, ``en``; ``rows`` of the group; ``spread_m``, the diagonal
        of what it covers, NaN where no position is known; ``confidence``, 0 to 1.

    Examples
    --------
    >>> from shapely import Point
    >>> rows = gpd.GeoDataFrame({"name": ["清风村党群服务中心", "社区科普大学"],
    ...     "kind": ["party_service_centre", "community_university"]},
    ...     index=["a", "b"], geometry=[Point(111.46, 27.23)] * 2, crs=4490)
    >>> shared_places(rows, CRS.from_epsg(4546))[["facility_id", "role"]].values.tolist()
    [['a', 'place'], ['b', 'plaque']]
    """
    rows = facilities.iloc[np.argsort([str(number) for number in facilities.index], kind="stable")]
    places, where = metres(rows, measuring_crs), addresses(rows)
    holders = _placeholders(rows, where)
    trusted = places.copy()
    for positions in holders:
        trusted[positions] = np.nan
    pairs = np.concatenate([_by_position(trusted), _by_address(trusted, where)])
    groups = components(len(rows), pairs)
    made = [row for positions in holders for row in _placeholder_rows(rows, positions)]
    for group in _proposed(rows, groups, places):
        made += _group_rows(group)
    return pd.DataFrame(made, columns=list(_COLUMNS))


def _by_position(places: Floats) -> Integers:
    """Return pairs that hang rows within reach together, in n log n whatever their crowding.

    Rows in a square of diagonal 15 m are chained; two squares are then joined by
    the first rows of each, where the nearest of their rows are within reach.
    """
    square = cells(places, _REACH_M / 2**0.5)
    rows = np.flatnonzero(square >= 0)
    if not len(rows):
        return np.zeros((0, 2), dtype=np.int64)
    rows = rows[np.argsort(square[rows], kind="stable")]
    inside = square[rows]
    firsts = rows[np.unique(inside, return_index=True)[1]]
    chained = np.column_stack([firsts[inside], rows])
    points = np.asarray(shapely.points(places[rows]), dtype=object)
    clouds = np.asarray(shapely.multipoints(points, indices=inside), dtype=object)
    joined = STRtree(clouds).query(clouds, predicate="dwithin", distance=_REACH_M)
    return np.concatenate([chained, firsts[joined.T]]).astype(np.int64)


def _by_address(places: Floats, where: NDArray[np.object_]) -> Integers:
    table = pd.DataFrame({"where": where, "x": places[:, 0], "y": places[:, 1]})
    table = table[where != ""]
    if table.empty:
        return np.zeros((0, 2), dtype=np.int64)
    groups = table.groupby("where")
    spread = groups[["x", "y"]].transform("max") - groups[["x", "y"]].transform("min")
    close = ~(np.hypot(spread["x"], spread["y"]) > _ADDRESS_SPREAD_M)
    kept = table[close]
    first = kept.index.to_series().groupby(kept["where"]).transform("min")
    return np.column_stack([first.to_numpy(np.int64), kept.index.to_numpy(np.int64)])


def _placeholders(rows: gpd.GeoDataFrame, where: NDArray[np.object_]) -> list[Integers]:
    """Return the rows of every point that is probably a placeholder, each set in order."""
    points = pd.DataFrame({"x": shapely.get_x(rows.geometry), "y": shapely.get_y(rows.geometry)})
    points = points.reset_index(drop=True).dropna()
    crowded = points[points.groupby(["x", "y"])["x"].transform("size") > _MANY]
    held = []
    for members in crowded.groupby(["x", "y"]).indices.values():
        positions = crowded.index.to_numpy(np.int64)[members]
        names = rows["name"].iloc[positions]
        if _unlike(where[positions], names):
            held.append(positions)
    return sorted(held, key=lambda positions: int(positions[0]))


def _unlike(where: NDArray[np.object_], names: pd.Series) -> bool:
    """Return whether rows of one point say that they are in different spots."""
    told = [
        address or leading_place(str(name))[0] for address, name in zip(where, names, strict=True)
    ]
    said = [text for text in told if text]
    return len(set(said)) >= max(2, len(said) / 2)


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of one place, the place first."""

    ids: list[object]
    name: str
    spread_m: float


def _proposed(rows: gpd.GeoDataFrame, groups: Integers, places: Floats) -> Iterator[_Group]:
    """Give the groups in which a name or a kind differs, for equal rows are duplicates."""
    names = [folded_name(str(name)) for name in rows["name"]]
    what = list(zip(names, rows["kind"].astype(str), strict=True))
    table = pd.DataFrame(
        {"group": groups, "rank": _rank_of_area(rows), "x": places[:, 0], "y": places[:, 1]}
    ).assign(what=pd.factorize(pd.Series(what, dtype=object))[0])
    table = table[table.groupby("group")["what"].transform("nunique") > 1]
    table = table.sort_values(["group", "rank"], kind="stable")
    coordinates = table.groupby("group")[["x", "y"]]
    ranges = coordinates.max() - coordinates.min()
    spreads = dict(zip(ranges.index, np.hypot(ranges["x"], ranges["y"]), strict=True))
    ids, labels = rows.index.to_numpy(), rows["name"].to_numpy(dtype=object)
    for group, members in table.groupby("group").indices.items():
        first, *others = table.index.to_numpy()[members]
        order = [first, *sorted(others)]
        yield _Group(list(ids[order]), str(labels[first]), float(spreads[group]))


def _rank_of_area(rows: pd.DataFrame) -> Integers:
    """Return 0 for rows with an exhibition area, 1 for those with a floor area only, else 2."""
    rank = np.full(len(rows), 2, dtype=np.int64)
    for number, column in ((1, "floor_area_m2"), (0, "exhibition_area_m2")):
        if column in rows:
            rank[rows[column].notna().to_numpy()] = number
    return rank


def _group_rows(group: _Group) -> list[tuple[object, ...]]:
    """Return what is proposed of one group: its place first, then its designations by id."""
    spread, ids = group.spread_m, group.ids
    said = ONE_PLACE.note(rows=len(ids), place=group.name)
    confidence = _ADDRESS_ALONE
    if not np.isnan(spread):
        confidence = round(_NEAR / (1 + max(0.0, spread - _REACH_M) / _HALVED_AFTER_M), 2)
    told = (said.code, said.zh, said.en, len(ids), round(spread, 1), confidence)
    return [(ids[0], one, "plaque" if number else "place", *told) for number, one in enumerate(ids)]


def _placeholder_rows(rows: pd.DataFrame, positions: Integers) -> list[tuple[object, ...]]:
    ids = rows.index[positions]
    said = PLACEHOLDER.note(rows=len(ids))
    told = ("placeholder", said.code, said.zh, said.en, len(ids), 0.0, _HELD)
    return [(ids[0], one, *told) for one in ids]
