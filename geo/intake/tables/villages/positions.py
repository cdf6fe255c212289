"""Where villages are: points as any row may have them, or areas of a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS
from geo.core.datum import Datum, apply_datum
from geo.core.errors import BoundaryError
from geo.core.messages import CellWarning
from geo.core.vocabulary import Quality
from geo.intake.formats.parts import Feature, Sheet
from geo.intake.georeference.features import point_sheet
from geo.intake.georeference.positions import locate
from geo.intake.reference_data import ReferenceData
from geo.intake.sentences import message
from geo.intake.table_reader import Record, TableReader
from geo.intake.tables.boundaries.polygons import INVALID, multi, read_polygon

Areas = Mapping[int, BaseGeometry | BoundaryError]
"""Areas of features by their number, or why one has none."""

_TOLERANCE_M: Final[Mapping[str, float]] = {
    Quality.SURVEYED: 200.0,
    Quality.OFFICIAL: 500.0,
    Quality.GENERALISED: 2_000.0,
    Quality.SCHEMATIC: 5_000.0,
}
"""How far outside its township's outline a village may stand, by how sure the outline is."""
_USUAL_M: Final = 500.0
_LEAST_TOLD_M: Final = 100.0

OUTSIDE: Final = message("villages.village_outside_township")
FAR: Final = message("villages.village_far_outside_township")


def sheet_of_layer(
    file: str, features: Sequence[Feature], name: str | None
) -> tuple[Sheet, tuple[str, ...], Areas]:
    """Return a layer as rows with positions, the properties left out, and the areas by number.

    An area's row has a point within it as its position.
    """
    areas: dict[int, BaseGeometry | BoundaryError] = {}
    points = []
    for feature in features:
        kind = (feature.geometry or {}).get("type")
        made = replace(feature, id=None)
        if isinstance(kind, str) and kind.endswith("Polygon"):
            areas[feature.number] = area = _area(feature)
            made = replace(made, geometry=_within(area))
        points.append(made)
    sheet, dropped = point_sheet(file, points, name)
    return sheet, dropped, areas


def _area(feature: Feature) -> BaseGeometry | BoundaryError:
    try:
        area = read_polygon(feature, "—")
    except BoundaryError as error:
        return error
    if area.is_valid:
        return multi(area)
    reason = str(shapely.is_valid_reason(area))
    return INVALID.error(BoundaryError, number=feature.number, name="—", reason=reason)


def _within(area: BaseGeometry | BoundaryError) -> dict[str, Any] | None:
    if isinstance(area, BoundaryError):
        return None
    point = area.representative_point()
    return {"type": "Point", "coordinates": [point.x, point.y]}


def placed(
    reader: TableReader, records: Sequence[Record], areas: Areas, reference: ReferenceData
) -> list[BaseGeometry | None]:
    """Return where each row's village is; what is wrong, or was done, is reported to the reader."""
    located = locate(reader, records, reference.surroundings, reference.datum)
    reader.warnings += [CellWarning(reader.sheet.place(), note) for note in located.notes]
    shapes: list[BaseGeometry | None] = []
    for record, point in zip(records, located.points, strict=True):
        area = areas.get(record.number)
        if isinstance(area, BoundaryError):
            reader.errors.add(area, reader.place(record.number))
        elif area is not None and point is not None:
            shapes.append(_moved(area, located.datum))
            continue
        shapes.append(point)
    _check_townships(reader, records, shapes, reference)
    return shapes


def _moved(area: BaseGeometry, datum: Datum | None) -> BaseGeometry:
    if datum not in (Datum.GCJ02, Datum.BD09):
        return area

    def change(positions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(apply_datum(positions[:, 0], positions[:, 1], datum))

    moved: BaseGeometry = shapely.transform(area, change)
    return moved


def _check_townships(
    reader: TableReader,
    records: Sequence[Record],
    shapes: Sequence[BaseGeometry | None],
    reference: ReferenceData,
) -> None:
    """Tell of villages that stand outside their township: near by a note, far an error."""
    towns = reference.outlines.geometry.to_crs(reference.measuring_crs)
    change = Transformer.from_crs(STORAGE_CRS, reference.measuring_crs, always_xy=True)
    for record, shape in zip(records, shapes, strict=True):
        code = record.values.get("township_code")
        if shape is None or code not in towns.index:
            continue
        point = shape.representative_point()
        here = shapely.Point(change.transform(point.x, point.y))
        distance_m = float(shapely.distance(towns[code], here))
        if distance_m > _LEAST_TOLD_M:
            _tell_outside(reader, record, distance_m, reference)


def _tell_outside(
    reader: TableReader, record: Record, distance_m: float, reference: ReferenceData
) -> None:
    code = str(record.values["township_code"])
    town = reference.outlines.loc[code]
    told: dict[str, Any] = {
        "township": f"{code} {town['name_zh']}",
        "distance": f"{distance_m:,.0f}",
    }
    place = reader.place(record.number)
    if distance_m > _TOLERANCE_M.get(str(town["quality"]), _USUAL_M):
        reader.errors.add(FAR.error(**told), place)
    else:
        reader.warnings.append(
            CellWarning(place, OUTSIDE.note(quality=str(town["quality"]), **told))
        )
