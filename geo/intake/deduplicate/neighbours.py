"""Which rows stand near each other, in bounded time whatever the file holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geo.intake.divisions.names import folded_name, leading_place, split_district

_WINDOW, _LEAST_WINDOW = 20, 5
_MOST_PAIRS: Final = 500_000
"""For which the window shrinks: what is asked is a thousand pairs at most, the likest first."""

_LEAST_ADDRESS: Final = 3

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def metres(frame: gpd.GeoDataFrame, measuring_crs: CRS) -> Floats:
    """Return easting and northing of every row in metres, NaN where it has no position.

    Examples
    --------
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame(geometry=[Point(111, 27), None], crs=4490)
    >>> metres(frame, CRS.from_epsg(4546)).round().tolist()
    [[500000.0, 2987630.0], [nan, nan]]
    """
    if not len(frame):
        return np.zeros((0, 2))
    points = frame.geometry.to_crs(measuring_crs)
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def addresses(frame: pd.DataFrame) -> NDArray[np.object_]:
    """Return folded addresses that say where in a village or town, empty for others.

    District, city and province are left out, for few rows name them.

    An address that is only 罗市镇 or 蔡锷乡蔡锷村 is no place to meet at.

    Examples
    --------
    >>> addresses(pd.DataFrame({"address": ["罗市镇罗市社区12号", "罗市镇", None]})).tolist()
    ['罗市镇罗市社区12号', '', '']
    """
    given = frame["address"] if "address" in frame else [None] * len(frame)
    made: list[str] = []
    for text in given:
        if isinstance(text, str) and len(leading_place(text)[1]) >= _LEAST_ADDRESS:
            made.append(split_district(folded_name(text))[0])
        else:
            made.append("")
    return np.array([*made, ""], dtype=object)[:-1]


def cells(places: Floats, side: float, shift: tuple[float, float] = (0.0, 0.0)) -> Integers:
    """Return the number of the square in which each place stands, -1 where unknown.

    Squares that hold no place have no number.
    """
    known = ~np.isnan(places).any(axis=1)
    numbers = np.full(len(places), -1, dtype=np.int64)
    if known.any():
        corners = np.floor((places[known] + np.array(shift)) / side).astype(np.int64)
        numbers[known] = np.unique(corners, axis=0, return_inverse=True)[1].reshape(-1)
    return numbers


def within(places: Floats, reach_m: float, order: Sequence[NDArray[np.object_]]) -> Integers:
    """Return pairs of rows no farther apart than a reach, each once.

    Squares of twice the reach are laid four times, each shifted by the reach, so
    that two near places share a square at least once. In a square each row meets
    the 20 that follow it by ``order`` (5 in files of 100,000 rows): all pairs where no
    more stand there, in a crowd those whose keys are neighbours (sorted neighbourhood,
    Hernandez and Stolfo 1995). At most 80 pairs for each row.

    Parameters
    ----------
    places : numpy.ndarray
        n × 2, metres, NaN where unknown.
    reach_m : float
        In metres; exactly that far is within.
    order : sequence of numpy.ndarray
        Keys of the rows, first the one that counts most.

    Returns
    -------
    numpy.ndarray
        Pairs × 2, the lower position first.

    Examples
    --------
    >>> places = np.array([[0.0, 0.0], [60.0, 80.0], [0.0, 101.0]])
    >>> within(places, 100.0, [np.array(["a", "b", "c"], dtype=object)]).tolist()
    [[0, 1], [1, 2]]
    """
    rank = _rank(order)
    found = np.zeros((0, 2), dtype=np.int64)
    for shift in ((0.0, 0.0), (reach_m, 0.0), (0.0, reach_m), (reach_m, reach_m)):
        pairs = in_blocks(cells(places, 2 * reach_m, shift), rank)
        near = pairs[distances(places, pairs) <= reach_m]
        # Joined one after the other: most pairs come up in several of the four.
        found = _once(np.concatenate([found, near]))
    return found


def sharing(keys: NDArray[np.object_], order: Sequence[NDArray[np.object_]]) -> Integers:
    """Return pairs of rows with the same key, as :func:`within` bounds them; an empty key is none.

    Examples
    --------
    >>> keys = np.array(["a", "", "a", ""], dtype=object)
    >>> sharing(keys, [keys]).tolist()
    [[0, 2]]
    """
    blocks = pd.factorize(keys)[0].astype(np.int64)
    return _once(in_blocks(np.where(keys == "", -1, blocks), _rank(order)))


def in_blocks(blocks: Integers, rank: Integers) -> Integers:
    """Return each row of a block with those that follow it by rank; block -1 is none.

    Followed by 20, fewer in a large file, so that memory stays within bounds.
    """
    rows = np.flatnonzero(blocks >= 0)
    window = min(_WINDOW, max(_LEAST_WINDOW, _MOST_PAIRS // max(len(rows), 1)))
    rows = rows[np.lexsort((rank[rows], blocks[rows]))]
    found = [np.zeros((0, 2), dtype=np.int64)]
    for step in range(1, min(window, max(len(rows) - 1, 0)) + 1):
        first, second = rows[:-step], rows[step:]
        same = blocks[first] == blocks[second]
        if not same.any():
            break
        found.append(np.sort(np.column_stack([first, second])[same], axis=1))
    return np.concatenate(found)


def _once(pairs: Integers) -> Integers:
    """Return different pairs in order; one number each sorts sooner than rows of two."""
    width = int(pairs.max(initial=0)) + 1
    return np.column_stack(np.divmod(np.unique(pairs[:, 0] * width + pairs[:, 1]), width))


def _rank(order: Sequence[NDArray[np.object_]]) -> Integers:
    numbers = [pd.factorize(key, sort=True)[0] for key in reversed(order)]
    rank = np.empty(len(order[0]), dtype=np.int64)
    rank[np.lexsort(numbers)] = np.arange(len(rank))
    return rank


def distances(places: Floats, pairs: Integers) -> Floats:
    """Return how far the rows of each pair stand apart, in metres, NaN where not known."""
    apart = places[pairs[:, 0]] - places[pairs[:, 1]]
    return np.hypot(apart[:, 0], apart[:, 1])


def components(count: int, pairs: Integers) -> Integers:
    """Return the group of every row, as the lowest position in it, pairs being joined.

    Examples
    --------
    >>> components(5, np.array([[3, 1], [1, 4]])).tolist()
    [0, 1, 2, 1, 1]
    """
    links = coo_matrix((np.ones(len(pairs), dtype=np.int8), pairs.T), shape=(count, count))
    group = connected_components(links, directed=False)[1]
    lowest = np.unique(group, return_index=True)[1]
    return np.asarray(lowest[group], dtype=np.int64)
