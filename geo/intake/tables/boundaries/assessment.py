"""All that is computed on polygons of a file: datum, coverage, mending, outline.

Overlays of hostile polygons may take any time and memory, so this runs in a process
of its own (:mod:`geo.intake.tables.boundaries.__main__`); nothing here touches a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import shapely
from pyproj import CRS
from shapely import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS, measuring_crs_of
from geo.core.datum import Datum
from geo.core.errors import BoundaryError, FileTooLargeError, Place
from geo.core.messages import Note
from geo.intake.georeference.outlines import compare_outline, transformed
from geo.intake.sandbox import Limits, run_apart
from geo.intake.sentences import message
from geo.intake.tables.boundaries.coverage import (
    GAP_WIDTH_M,
    Coverage,
    Detached,
    Gap,
    Overlap,
    examine_coverage,
    mend_coverage,
)
from geo.intake.tables.boundaries.polygons import multi

_DECIMALS: Final = 9
"""Of degrees of mended polygons: a tenth of a millimetre, so that neighbours still meet."""


@dataclass(frozen=True)
class OutlineMatch:
    """How the union of the townships lies over the outline that is known.

    Attributes
    ----------
    overlap : float
        Intersection over union, 0 to 1.
    extra_m2, missing_m2 : float
        Area of the file beyond the known outline, and of that beyond the file.
    """

    overlap: float
    extra_m2: float
    missing_m2: float


@dataclass(frozen=True)
class Mended:
    """What mending did to one township.

    Attributes
    ----------
    position : int
        Of the township.
    before_m2, after_m2 : float
        Its area. That of an invalid polygon is what its corners give.
    changed_m2 : float
        Area that it gained and lost, together.
    """

    position: int
    before_m2: float
    after_m2: float
    changed_m2: float


@dataclass(frozen=True)
class Assessment:
    """The townships in degrees of CGCS2000, and all that was found about them.

    Attributes
    ----------
    areas : tuple of shapely.MultiPolygon
        Unchanged but for a datum that was converted, and mending that was asked for.
    coverage : Coverage
        What is still wrong; points within gaps in degrees.
    mended : tuple of Mended
        Of townships that mending changed.
    outline : OutlineMatch or None
        None where no outline is known.
    datum : Datum
        From which they were converted.
    evidence : Note or None
        For a datum that was guessed.
    """

    areas: tuple[MultiPolygon, ...]
    coverage: Coverage = field(default_factory=Coverage)
    mended: tuple[Mended, ...] = ()
    outline: OutlineMatch | None = None
    datum: Datum = Datum.CGCS2000
    evidence: Note | None = None


def assess(
    polygons: Sequence[BaseGeometry],
    reference: BaseGeometry | None = None,
    *,
    datum: Datum | None = None,
    mend_width_m: float = 0.0,
) -> Assessment:
    """Judge the townships of a district as a coverage, and mend them where asked.

    Parameters
    ----------
    polygons : sequence of Polygon or MultiPolygon
        Of the townships in degrees; they may be invalid where mending is asked for.
    reference : Polygon or MultiPolygon, optional
        The outline of the district as known, in EPSG:4490.
    datum : Datum, optional
        Of the polygons; guessed from the reference if not given.
    mend_width_m : float
        The widest overlap or gap to mend, in metres; 0 mends nothing.

    Raises
    ------
    BoundaryError
        The polygons lie outside the zones of CGCS2000.

    Examples
    --------
    >>> from shapely import box
    >>> found = assess([box(111.40, 27, 111.45, 27.1), box(111.45, 27, 111.5, 27.1)],
    ...                box(111.4, 27, 111.5, 27.1), datum=Datum.CGCS2000)
    >>> found.coverage, round(found.outline.overlap, 3)
    (Coverage(overlaps=(), gaps=(), detached=(), ended_early=False), 1.0)
    """
    drawn = gpd.GeoSeries(list(polygons), crs=STORAGE_CRS)
    known = None if reference is None else gpd.GeoSeries([reference], crs=STORAGE_CRS)
    evidence = None
    if datum is None and known is not None:
        guess = compare_outline(drawn, known)
        datum, evidence = guess.datum, guess.evidence
    datum = datum or Datum.CGCS2000
    if datum is not Datum.CGCS2000:
        drawn = transformed(drawn, datum)
    crs = measuring_crs_of(drawn)
    measured = drawn.to_crs(crs)
    metres = _valid(measured)
    coverage = examine_coverage(metres, gap_width_m=max(mend_width_m, GAP_WIDTH_M))
    mended: tuple[Mended, ...] = ()
    if mend_width_m:
        if not any(overlap.width_m > mend_width_m for overlap in coverage.overlaps):
            metres = mend_coverage(metres, width_m=mend_width_m)
            coverage = examine_coverage(metres)
        mended = _differences(measured, metres)
        drawn = _degrees(metres, crs) if mended else drawn
    return Assessment(
        tuple(map(multi, drawn)),
        _located(coverage, crs),
        mended,
        None if known is None else _match(metres, known.to_crs(crs).iloc[0]),
        datum,
        evidence,
    )


def _valid(drawn: gpd.GeoSeries) -> tuple[MultiPolygon, ...]:
    """Return polygons made valid: by "structure", which gives polygons and no lines."""
    made = shapely.make_valid(np.asarray(drawn.array), method="structure", keep_collapsed=False)
    return tuple(map(multi, made))


def _degrees(metres: Sequence[BaseGeometry], crs: CRS) -> gpd.GeoSeries:
    back = gpd.GeoSeries(list(metres), crs=crs).to_crs(STORAGE_CRS)
    rounded = shapely.transform(np.asarray(back.array), lambda xy: np.round(xy, _DECIMALS))
    return gpd.GeoSeries(rounded, crs=STORAGE_CRS)


def _located(coverage: Coverage, crs: CRS) -> Coverage:
    """Return a coverage with the points within its gaps in degrees."""
    points = _degrees([Point(gap.at) for gap in coverage.gaps], crs)
    pairs = zip(coverage.gaps, points, strict=True)
    gaps = tuple(replace(gap, at=(point.x, point.y)) for gap, point in pairs)
    return replace(coverage, gaps=gaps)


def _differences(before: gpd.GeoSeries, after: Sequence[MultiPolygon]) -> tuple[Mended, ...]:
    areas = zip(before.area.tolist(), shapely.area(list(after)).tolist(), strict=True)
    moved = shapely.area(shapely.symmetric_difference(list(_valid(before)), list(after))).tolist()
    found = [
        Mended(position, was_m2, now_m2, max(moved_m2, abs(now_m2 - was_m2)))
        for position, ((was_m2, now_m2), moved_m2) in enumerate(zip(areas, moved, strict=True))
    ]
    valid = before.is_valid.tolist()
    # Snapping of vertices, which moves them by less than a millimetre, is no mending.
    return tuple(one for one in found if one.changed_m2 >= 1 or not valid[one.position])


def _match(metres: Sequence[MultiPolygon], known: BaseGeometry) -> OutlineMatch:
    own = shapely.union_all(list(metres))
    reference = shapely.make_valid(known)
    shared = shapely.intersection(own, reference).area
    either = own.area + reference.area - shared
    return OutlineMatch(
        shared / either if either else 0.0, own.area - shared, reference.area - shared
    )


MODULE: Final = "geo.intake.tables.boundaries"
ASSESSED: Final = "assessed.json"
_LIMITS: Final = Limits()
_FAILED: Final = message("boundaries.boundaries_overlay_failed")
_TOO_COMPLEX: Final = message("boundaries.boundaries_too_complex")


def assess_apart(
    file: str,
    polygons: Sequence[BaseGeometry],
    reference: BaseGeometry | None = None,
    *,
    datum: Datum | None = None,
    mend_width_m: float = 0.0,
    limits: Limits = _LIMITS,
) -> Assessment:
    """Do as :func:`geo.intake.tables.boundaries.assessment.assess`, in a process with bounds.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    polygons, reference, datum, mend_width_m
        As :func:`geo.intake.tables.boundaries.assessment.assess` takes them.
    limits : Limits
        Of CPU, memory, output and time.

    Raises
    ------
    BoundaryError
        It takes more than the limits allow.
    """
    order = {
        "task": "assess",
        "reference": None if reference is None else shapely.to_wkb(reference, hex=True),
        "datum": datum,
        "mend_width_m": mend_width_m,
    }
    content = orjson.dumps(shapely.to_wkb(list(polygons), hex=True).tolist())
    try:
        left = run_apart(MODULE, file, content, order, ASSESSED, limits=limits)
    except FileTooLargeError as error:
        refusal = _TOO_COMPLEX.error(BoundaryError, seconds=limits.cpu_seconds)
        refusal.place = Place(file=file)
        raise refusal from error
    return _assessment(orjson.loads(left))


def assessed(content: bytes, order: Mapping[str, Any]) -> bytes:
    """Return what the process leaves, for what :func:`assess_apart` ordered.

    Raises
    ------
    BoundaryError
        GEOS cannot lay the polygons over each other.
    """
    try:
        found = assess(
            shapely.from_wkb(orjson.loads(content)).tolist(),
            shapely.from_wkb(order["reference"]),
            datum=None if order["datum"] is None else Datum(order["datum"]),
            mend_width_m=order["mend_width_m"],
        )
    except shapely.errors.GEOSException as error:
        raise _FAILED.error(BoundaryError, reason=str(error)) from error
    areas = shapely.to_wkb(list(found.areas), hex=True).tolist()
    return orjson.dumps(asdict(found) | {"areas": areas})


def _assessment(told: Mapping[str, Any]) -> Assessment:
    coverage, outline, evidence = told["coverage"], told["outline"], told["evidence"]
    return Assessment(
        tuple(shapely.from_wkb(told["areas"]).tolist()),
        Coverage(
            tuple(Overlap(**one) for one in coverage["overlaps"]),
            tuple(
                Gap(tuple(one["neighbours"]), one["area_m2"], one["width_m"], tuple(one["at"]))
                for one in coverage["gaps"]
            ),
            tuple(
                Detached(tuple(one["members"]), one["area_m2"], one["distance_m"])
                for one in coverage["detached"]
            ),
            coverage["ended_early"],
        ),
        tuple(Mended(**one) for one in told["mended"]),
        None if outline is None else OutlineMatch(**outline),
        Datum(told["datum"]),
        None if evidence is None else Note(**evidence),
    )
