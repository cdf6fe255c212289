"""Rows as witnesses of a datum: how far their positions lie from where they should be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from geo.core.crs import STORAGE_CRS, measuring_crs_of
from geo.core.datum import Degrees, Pair
from geo.core.vocabulary import Quality

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_NO_TOWNSHIP: Final = -1
_FARTHEST_MATCH_M: Final = 1_000.0
"""A known place farther off is another place of the same name, and says nothing."""
_NOTICEABLE_M: Final = 100.0
_SQUARE_M: Final = 2_000.0


TOLERANCE_M: Final[Mapping[Quality, float]] = MappingProxyType(
    {
        Quality.SURVEYED: 50.0,
        Quality.OFFICIAL: 100.0,
        Quality.GENERALISED: 300.0,
        Quality.SCHEMATIC: 3_000.0,
    }
)
"""How far a boundary of each quality may lie from the true one, in metres."""


@dataclass(frozen=True)
class Residuals:
    """The rows of a file under one hypothesis, in metres; NaN is not known.

    Attributes
    ----------
    to_outline_m, to_township_m : numpy.ndarray
        From each point to the district and to its declared township, 0 inside.
    to_known_m : numpy.ndarray
        From each point to where it is known to stand.
    contradicting : numpy.ndarray of bool
        Points farther outside either polygon than that may be wrong.
    """

    to_outline_m: Degrees
    to_township_m: Degrees
    to_known_m: Degrees
    contradicting: Mask


def tolerance_of(reference: gpd.GeoDataFrame) -> float:
    """Return how far a frame's borders may be wrong, metres, by its worst ``quality``.

    Examples
    --------
    >>> tolerance_of(gpd.GeoDataFrame({"quality": ["official", "generalised"]}))
    300.0
    """
    worst = max(TOLERANCE_M.values())
    if "quality" not in reference or not len(reference):
        return worst
    return max(TOLERANCE_M.get(quality, worst) for quality in reference["quality"])


class Reference:
    """A district's townships in metres, and how far their borders may be wrong.

    Parameters
    ----------
    townships : geopandas.GeoDataFrame
        In EPSG:4490, indexed by code.
    tolerance_m, outline_tolerance_m : float
        How far a township's border, and the district's outline, may be wrong.
    """

    def __init__(
        self, townships: gpd.GeoDataFrame, tolerance_m: float, outline_tolerance_m: float
    ) -> None:
        crs = measuring_crs_of(townships)
        self._transformer = Transformer.from_crs(STORAGE_CRS, crs, always_xy=True)
        self._polygons = np.asarray(townships.geometry.to_crs(crs).array)
        self._outline = shapely.union_all(self._polygons)
        shapely.prepare(self._outline)
        self._codes = {str(code): row for row, code in enumerate(townships.index)}
        self._tolerance_m, self._outline_tolerance_m = tolerance_m, outline_tolerance_m

    def rows_of(self, declared: Sequence[object]) -> Rows:
        """Return the row of each township declared, -1 where the reference has no such."""
        codes = self._codes
        found = (
            codes.get(c, _NO_TOWNSHIP) if isinstance(c, str) else _NO_TOWNSHIP for c in declared
        )
        return np.fromiter(found, dtype=np.int64, count=len(declared))

    def places(self, position: Pair, known: Pair) -> Rows:
        """Return a number for each row, the same for rows that are one place.

        Those of one known place are one, of the others those in one square of 2 km.
        Positions are as the file has them; both in degrees.
        """
        here = np.column_stack(self._transformer.transform(*position))
        there = np.column_stack(self._transformer.transform(*known))
        is_known = np.isfinite(there).all(axis=1)
        squares = np.floor(np.where(np.isfinite(here), here, 0) / _SQUARE_M)
        keys = np.column_stack([is_known, np.where(is_known[:, None], there, squares)])
        return np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)

    def residuals(self, position: Pair, own: Rows, known: Pair) -> Residuals:
        """Return how far rows lie from their polygons and known places.

        Parameters
        ----------
        position : tuple of numpy.ndarray
            Longitude and latitude under a hypothesis, degrees.
        own : numpy.ndarray of int
            As :meth:`rows_of` returns it.
        known : tuple of numpy.ndarray
            Longitude and latitude of known places, NaN where unknown.
        """
        x, y = self._transformer.transform(*position)
        points = shapely.points(x, y)
        to_outline = _distances(points, np.full(points.shape, self._outline))
        to_township, declaring = np.full(points.shape, np.nan), own >= 0
        to_township[declaring] = _distances(points[declaring], self._polygons[own[declaring]])
        known_x, known_y = self._transformer.transform(*known)
        to_known = np.hypot(x - known_x, y - known_y)
        contradicting = to_outline > self._outline_tolerance_m
        contradicting |= to_township > self._tolerance_m
        to_known = np.where(np.isfinite(to_known), to_known, np.nan)
        return Residuals(to_outline, to_township, to_known, contradicting)


def votes(one: Residuals, other: Residuals, places: Rows, asked: Mask) -> tuple[int, int]:
    """Return how many places vote for one hypothesis over another, and how many against.

    A row whose place is known votes for the hypothesis that brings it nearer by
    100 m, if to within a kilometre; any other for the one it does not contradict.
    The rows of a place have one vote together, by their majority: ten facilities in
    one village across the border are one mistake and not ten.

    Parameters
    ----------
    one, other : Residuals
        The same rows under two hypotheses.
    places : numpy.ndarray of int
        As :meth:`Reference.places` returns it.
    asked : numpy.ndarray of bool
        The rows that may vote.
    """
    ballots = np.where(asked, _ballots(one, other).astype(np.float64) - _ballots(other, one), 0)
    tally = np.bincount(places, weights=ballots) if len(places) else np.zeros(0)
    return int((tally > 0).sum()), int((tally < 0).sum())


def chance(support: int, telling: int) -> float:
    """Return the probability of at least so many votes of two equal sides: P(X ≥ support).

    Examples
    --------
    >>> chance(8, 8), chance(4, 4), chance(0, 3)
    (0.00390625, 0.0625, 1.0)
    """
    ways, exactly = 0, math.comb(telling, support)
    for votes_for in range(support, telling + 1):
        ways += exactly
        exactly = exactly * (telling - votes_for) // (votes_for + 1)
    # Whole numbers throughout: 2 to the power of thousands is no float.
    return float(Fraction(ways, 2**telling))


def _ballots(this: Residuals, that: Residuals) -> Mask:
    nearer = that.to_known_m - this.to_known_m > _NOTICEABLE_M
    nearer &= this.to_known_m <= _FARTHEST_MATCH_M
    fits = that.contradicting & ~this.contradicting
    return np.where(np.isnan(this.to_known_m), fits, nearer)


def _distances(
    points: npt.NDArray[np.object_], polygons: npt.NDArray[np.object_]
) -> npt.NDArray[np.float64]:
    """Return metres from points to polygons; those inside are not measured, which is slow."""
    metres = np.zeros(points.shape)
    outside = ~shapely.intersects(polygons, points)
    metres[outside] = shapely.distance(polygons[outside], points[outside])
    return metres
