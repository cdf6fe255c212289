"""Which datum a file of polygons is in, by laying its outline over the one that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.core.crs import measuring_crs_of
from geo.core.datum import DATUM_LABELS, Datum, apply_datum
from geo.core.messages import Note
from geo.intake.georeference.datum import HYPOTHESES, Verdict
from geo.intake.sentences import message

MIN_CONFIDENCE: Final = 0.5
"""The best overlay lies at most half as far off as the next best."""
MIN_OVERLAP: Final = 0.6
"""Intersection over union of the best overlay: below it these are not one district."""

_SAMPLES: Final = 1_000

SHIFTED: Final = message("georeference.outline_shifted")
UNSHIFTED: Final = message("georeference.outline_unshifted")
UNDECIDED: Final = message("georeference.outline_undecided")


@dataclass(frozen=True)
class Overlay:
    """How an outline lies over the known one if it is in a datum.

    Attributes
    ----------
    datum : Datum
        The datum supposed.
    distance_m : float
        Mean distance between the two borders, both ways, metres.
    overlap : float
        Intersection over union of the areas, 0 to 1.
    """

    datum: Datum
    distance_m: float
    overlap: float


@dataclass(frozen=True)
class OutlineGuess:
    """What an outline's datum seems to be.

    Attributes
    ----------
    datum : Datum
        For :func:`transformed`; CGCS2000 unless a shift was concluded.
    verdict : {"shifted", "unshifted", "undecided"}
        "undecided" asks a person to name the datum.
    confidence : float
        1 − the best distance / the next best, 0 to 1; 0 where undecided.
    overlays : tuple of Overlay
        In the order of :data:`geo.intake.georeference.datum.HYPOTHESES`.
    evidence : Note
        The conclusion with its numbers.
    """

    datum: Datum
    verdict: Verdict
    confidence: float
    overlays: tuple[Overlay, ...]
    evidence: Note


def transformed(geometry: gpd.GeoSeries, datum: Datum) -> gpd.GeoSeries:
    """Return geometry of a datum in CGCS2000, on the same index; heights are dropped.

    Examples
    --------
    >>> from shapely import Point
    >>> moved = transformed(gpd.GeoSeries([Point(111.475555, 27.19674)], crs=4490), Datum.GCJ02)
    >>> round(moved[0].x, 5), round(moved[0].y, 5)
    (111.47, 27.2)
    """

    def corrected(vertices: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(apply_datum(vertices[:, 0], vertices[:, 1], datum))

    made = shapely.transform(np.asarray(geometry.array), corrected)
    return gpd.GeoSeries(made, index=geometry.index, crs=geometry.crs)


def compare_outline(
    outline: gpd.GeoSeries | gpd.GeoDataFrame, reference: gpd.GeoSeries | gpd.GeoDataFrame
) -> OutlineGuess:
    """Return in which datum a file's polygons best overlay the known ones.

    Parameters
    ----------
    outline : geopandas.GeoSeries or GeoDataFrame
        The file's polygons in degrees as EPSG:4490; together they are the district.
    reference : geopandas.GeoSeries or GeoDataFrame
        The district as known, in EPSG:4490.

    Returns
    -------
    OutlineGuess
        Undecided, and so unchanged, where no hypothesis lies twice as near as the
        others, or the two do not overlap by :data:`MIN_OVERLAP`.

    Raises
    ------
    BoundaryError
        The reference lies outside the zones of CGCS2000.

    Examples
    --------
    >>> from shapely import box
    >>> known = gpd.GeoSeries([box(111.3, 27.0, 111.6, 27.3)], crs=4490)
    >>> guess = compare_outline(known.translate(0.005555, -0.00326), known)
    >>> guess.datum, guess.verdict
    (<Datum.GCJ02: 'gcj02'>, 'shifted')
    """
    crs = measuring_crs_of(reference)
    known = _whole(reference.geometry.to_crs(crs))
    overlays = []
    for datum in HYPOTHESES:
        laid = _whole(transformed(outline.geometry, datum).to_crs(crs))
        distance, overlap = _distance_m(laid, known), _overlap(laid, known)
        overlays.append(Overlay(datum, distance, overlap))
    return _judged(tuple(overlays))


def _judged(overlays: tuple[Overlay, ...]) -> OutlineGuess:
    best, second, *_ = sorted(overlays, key=lambda overlay: overlay.distance_m)
    confidence = 1 - best.distance_m / second.distance_m if second.distance_m > 0 else 0.0
    verdict: Verdict = "unshifted" if best.datum is Datum.CGCS2000 else "shifted"
    if not (confidence >= MIN_CONFIDENCE and best.overlap >= MIN_OVERLAP):
        verdict, confidence = "undecided", 0.0
    datum = best.datum if verdict == "shifted" else Datum.CGCS2000
    name = DATUM_LABELS[datum]
    said = {"shifted": SHIFTED, "unshifted": UNSHIFTED, "undecided": UNDECIDED}[verdict]
    evidence = said.note(
        datum_zh=name.zh,
        datum_en=name.en,
        best_m=f"{best.distance_m:.0f}",
        plain_m=f"{overlays[0].distance_m:.0f}",
    )
    return OutlineGuess(datum, verdict, confidence, overlays, evidence)


def _whole(polygons: gpd.GeoSeries) -> BaseGeometry:
    # "structure" mends a polygon into polygons; the default may leave lines among them.
    mended = shapely.make_valid(
        np.asarray(polygons.array), method="structure", keep_collapsed=False
    )
    return shapely.union_all(mended)


def _overlap(one: BaseGeometry, other: BaseGeometry) -> float:
    both = shapely.area(shapely.intersection(one, other))
    either = shapely.area(one) + shapely.area(other) - both
    return float(both / either) if either else 0.0


def _distance_m(one: BaseGeometry, other: BaseGeometry) -> float:
    """Return the mean distance between two borders, sampled evenly along each."""
    return (_one_way_m(one, other) + _one_way_m(other, one)) / 2


def _one_way_m(here: BaseGeometry, there: BaseGeometry) -> float:
    if not shapely.area(here) or not shapely.area(there):
        return math.inf
    parts = shapely.get_parts(shapely.boundary(here))
    ends = np.cumsum(shapely.length(parts))
    along = np.linspace(0, ends[-1], _SAMPLES, endpoint=False)
    part = np.minimum(np.searchsorted(ends, along, side="right"), len(parts) - 1)
    starts = np.append(0, ends[:-1])[part]
    points = shapely.line_interpolate_point(parts[part], along - starts)
    return float(shapely.distance(points, shapely.boundary(there)).mean())
