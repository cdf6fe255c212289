"""Which township a facility belongs to: its declared code held against its position."""

from __future__ import annotations

from typing import Final, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.core.vocabulary import Agreement
from geo.measures.first_match import Mask, first_match

Assignment = Literal["declared", "position"]
_Rows = npt.NDArray[np.int64]

_BLOCK: Final = 100_000
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

    The tree finds pairs by box and prepared polygons decide them by bare
    coordinates, which costs a third of asking the tree to decide. Points go
    through in blocks, so that memory does not grow with their number.
    """
    rows = np.full(len(points), _NOWHERE, dtype=np.int64)
    shapely.prepare(polygons)
    for start in range(0, len(points), _BLOCK):
        block = points[start : start + _BLOCK]
        polygon_rows, point_rows = shapely.STRtree(block).query(polygons)
        x, y = shapely.get_x(block)[point_rows], shapely.get_y(block)[point_rows]
        hits = shapely.intersects_xy(polygons[polygon_rows], x, y)
        polygon_rows, point_rows = polygon_rows[hits], point_rows[hits]
        # Written last to first, so that of two polygons the lower code stays.
        order = np.argsort(-polygon_rows, kind="stable")
        rows[start + point_rows[order]] = polygon_rows[order]
    shapely.destroy_prepared(polygons)
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
    given = facilities["township_code"].astype("str")
    given = given.where(given.notna(), facilities["village_code"].astype("str"))
    number, codes = pd.factorize(given)
    township = np.array([code[:_TOWNSHIP_DIGITS] for code in codes] + [np.nan], dtype=object)
    return pd.Series(
        township[number], index=facilities.index, name="declared_township_code", dtype="str"
    )


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
        :class:`geo.core.vocabulary.Agreement`.

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
    known, own, foreign = _kinds_of_code(declared, townships.index)
    inside = position.notna().to_numpy()
    placed = facilities.geometry.notna().to_numpy()
    by_position = inside & (~known & ~foreign if prefer == "declared" else True)
    by_code = known & ~by_position & (True if prefer == "declared" else ~placed)
    assigned = position.where(by_position, declared.where(by_code))
    same = (declared == position).to_numpy(dtype=bool)
    contradicts = (known & placed & ~same) | (foreign & inside) | (own & ~known)
    agreement = first_match(
        [
            (Agreement.DISAGREE, contradicts & (by_position | by_code | placed)),
            (Agreement.AGREE, known & same),
            (Agreement.DECLARED_ONLY, by_code),
            (Agreement.POSITION_ONLY, by_position),
            (Agreement.OUTSIDE, placed | foreign),
        ],
        default=Agreement.UNPLACED,
        index=facilities.index,
    )
    return pd.DataFrame(
        {
            "declared_township_code": declared,
            "position_township_code": position,
            "assigned_township_code": assigned,
            "agreement": agreement,
        }
    )


def _kinds_of_code(declared: pd.Series, known_codes: pd.Index) -> tuple[Mask, Mask, Mask]:
    """Return who declares a township there is, one of this district, one of another.

    A code of this district that no township has is a mistake, not a place elsewhere.
    """
    districts = {str(code)[:_DISTRICT_DIGITS] for code in known_codes}
    number, codes = pd.factorize(declared)
    known_code = np.append(np.isin(codes.to_numpy(dtype=object), known_codes), False)
    own_code = np.array([code[:_DISTRICT_DIGITS] in districts for code in codes] + [False])
    given = number >= 0
    return known_code[number], own_code[number], given & ~own_code[number]
