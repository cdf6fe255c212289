"""Which township a facility belongs to: its declared code held against its position."""

from __future__ import annotations

from typing import Final, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.terms import Agreement

Assignment = Literal["declared", "position"]
_Rows = npt.NDArray[np.int64]

_BLOCK: Final = 250_000
_NOWHERE: Final = -1
_TOWNSHIP_DIGITS: Final = 9
_DISTRICT_DIGITS: Final = 6


def locate(points: gpd.GeoSeries, townships: gpd.GeoDataFrame) -> pd.Series:
    """Return the code of the township in which each point lies.

    A point on a shared border belongs to the township with the lowest code; a
    point on the outer border is inside.

    Parameters
    ----------
    points : geopandas.GeoSeries
        Points, None where the position is unknown.
    townships : geopandas.GeoDataFrame
        Polygons indexed by ``township_code``, in the same coordinate system.

    Returns
    -------
    pandas.Series
        ``position_township_code`` on the index of ``points``; missing where a
        point lies in no township or is unknown.

    Examples
    --------
    >>> from shapely import Point, box
    >>> squares = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
    ...                            index=["430503001", "430503002"])
    >>> locate(gpd.GeoSeries([Point(1, 0.5), Point(1.5, 0.5), Point(9, 9)]), squares).tolist()
    ['430503001', '430503002', nan]
    """
    ordered = townships.geometry.sort_index()
    found = _locate_rows(np.asarray(points.array), np.asarray(ordered.array))
    codes = np.append(ordered.index.to_numpy(dtype=object), np.nan)
    return pd.Series(codes[found], index=points.index, name="position_township_code", dtype="str")


def _locate_rows(points: npt.NDArray[np.object_], polygons: npt.NDArray[np.object_]) -> _Rows:
    """Return for each point the lowest row of a polygon that it intersects, else -1.

    Points go through the tree in blocks, so memory does not grow with their
    number; the polygons are the query's side, which prepares each of them once.
    """
    rows = np.full(len(points), _NOWHERE, dtype=np.int64)
    for start in range(0, len(points), _BLOCK):
        tree = shapely.STRtree(points[start : start + _BLOCK])
        polygon_rows, point_rows = tree.query(polygons, predicate="intersects")
        # Written last to first, so that of two polygons the lower code stays.
        order = np.argsort(-polygon_rows, kind="stable")
        rows[start + point_rows[order]] = polygon_rows[order]
    return rows


def declared_codes(facilities: pd.DataFrame) -> pd.Series:
    """Return the nine-digit township code that each ledger row declares.

    Where only a village code is given, its first nine digits are the township's.

    Examples
    --------
    >>> declared_codes(pd.DataFrame({"township_code": ["430503001", None],
    ...                              "village_code": [None, "430503002007"]})).tolist()
    ['430503001', '430503002']
    """
    from_village = facilities["village_code"].astype("str").str[:_TOWNSHIP_DIGITS]
    codes = facilities["township_code"].astype("str").str[:_TOWNSHIP_DIGITS]
    return codes.where(codes.notna(), from_village).rename("declared_township_code")


def assign(
    facilities: gpd.GeoDataFrame,
    townships: gpd.GeoDataFrame,
    *,
    prefer: Assignment = "declared",
) -> pd.DataFrame:
    """Assign each facility to a township and say how code and position agree.

    Parameters
    ----------
    facilities : geopandas.GeoDataFrame
        With ``township_code``, ``village_code`` and point geometry.
    townships : geopandas.GeoDataFrame
        Polygons indexed by ``township_code``, in the same system.
    prefer : {"declared", "position"}
        Which holds where both are there and differ.

    Returns
    -------
    pandas.DataFrame
        On the index of ``facilities``: ``declared_township_code``,
        ``position_township_code``, ``assigned_township_code`` (missing when the
        facility stands outside or cannot be placed) and ``agreement``, one of
        :class:`geo.terms.Agreement`.

    Examples
    --------
    >>> from shapely import Point, box
    >>> squares = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
    ...                            index=["430503001", "430503002"])
    >>> ledger = gpd.GeoDataFrame({"township_code": ["430503001", "430503001"],
    ...     "village_code": [None, None]}, geometry=[Point(0.5, 0.5), Point(1.5, 0.5)])
    >>> assign(ledger, squares)[["assigned_township_code", "agreement"]].values.tolist()
    [['430503001', 'agree'], ['430503001', 'disagree']]
    """
    declared = declared_codes(facilities)
    position = locate(facilities.geometry, townships)
    districts = {str(code)[:_DISTRICT_DIGITS] for code in townships.index}
    known = declared.isin(townships.index).to_numpy()
    # A code of this district that no township has is a mistake, not a place elsewhere.
    own = declared.str[:_DISTRICT_DIGITS].isin(districts).to_numpy()
    foreign = (declared.notna() & ~own).to_numpy()
    inside = position.notna().to_numpy()
    placed = facilities.geometry.notna().to_numpy()

    by_position = inside & ~known & ~foreign
    if prefer == "position":
        by_position |= inside
    by_code = known & ~by_position
    if prefer == "position":
        by_code &= ~placed
    assigned = pd.Series(np.nan, index=facilities.index, dtype="str")
    assigned = assigned.mask(by_position, position).mask(by_code, declared)

    same = (declared == position).to_numpy()
    contradicts = (known & placed & ~same) | (foreign & inside) | (own & ~known)
    agreement = np.select(
        [
            contradicts & (assigned.notna().to_numpy() | placed),
            known & same,
            by_code,
            by_position,
            placed | foreign,
        ],
        [
            Agreement.DISAGREE.value,
            Agreement.AGREE.value,
            Agreement.DECLARED_ONLY.value,
            Agreement.POSITION_ONLY.value,
            Agreement.OUTSIDE.value,
        ],
        default=Agreement.UNPLACED.value,
    )
    return pd.DataFrame(
        {
            "declared_township_code": declared,
            "position_township_code": position,
            "assigned_township_code": assigned.astype("str"),
            "agreement": pd.Series(agreement, index=facilities.index, dtype="str"),
        },
        index=facilities.index,
    )
