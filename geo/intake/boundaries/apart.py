"""Polygons of a file, assessed in a process of its own, with bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geo.core.datum import Datum
from geo.core.errors import BoundaryError, FileTooLargeError, Place
from geo.core.messages import Remark, message
from geo.intake.boundaries.assessing import Assessment, Mended, OutlineMatch, assess
from geo.intake.boundaries.coverage import Coverage, Detached, Gap, Overlap
from geo.intake.process import Limits, run_apart

MODULE: Final = "geo.intake.boundaries"
ASSESSED: Final = "assessed.json"
_LIMITS: Final = Limits()
_FAILED: Final = message(
    "boundaries_overlay_failed",
    "各面无法叠加核对（{reason}），请在 QGIS 中用“修正几何图形”处理后重新导出。",
    "The polygons cannot be laid over each other ({reason}); fix their geometries in QGIS.",
)
_TOO_COMPLEX: Final = message(
    "boundaries_too_complex",
    "面的相互关系太复杂，核对超过 {seconds} 秒或内存上限，已停止。请先在 QGIS 中简化或修正边界。",
    "Checking the polygons against each other took over {seconds} s, or too much memory;"
    " simplify or mend them in QGIS.",
)


def assess_apart(
    file: str,
    polygons: Sequence[BaseGeometry],
    reference: BaseGeometry | None = None,
    *,
    datum: Datum | None = None,
    mend_width_m: float = 0.0,
    limits: Limits = _LIMITS,
) -> Assessment:
    """Do as :func:`geo.intake.boundaries.assessing.assess`, in a process with bounds.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    polygons, reference, datum, mend_width_m
        As :func:`geo.intake.boundaries.assessing.assess` takes them.
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
        fault = _TOO_COMPLEX.fault(BoundaryError, seconds=limits.cpu_seconds)
        fault.place = Place(file=file)
        raise fault from error
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
        raise _FAILED.fault(BoundaryError, reason=str(error)) from error
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
        None if evidence is None else Remark(**evidence),
    )
