"""Where people live within a township: settlements, buildings, or a population raster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS
from geo.core.errors import BadValueError, Place
from geo.core.messages import Message, Note
from geo.core.schema import WEIGHTS, conform
from geo.core.vocabulary import Quality
from geo.intake.formats.parts import Part
from geo.intake.formats.readers import LAYER_SUFFIXES
from geo.intake.georeference.layers import Shapes, area_around, near, shapes_of
from geo.intake.pipeline import Draft, Imported, ImportTable, choose_layers, places_of
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Book, read_file
from geo.intake.sentences import message
from geo.intake.tables.weights.buildings import weights_of
from geo.intake.tables.weights.raster import RASTER_SUFFIXES, read_raster

WEIGHT_SUFFIXES: Final = (*LAYER_SUFFIXES, ".zip", ".kmz", *RASTER_SUFFIXES)
_SHOWN: Final = 5
_LEAST_AREA_M2: Final = 0.01

NO_AREAS: Final = message("weights.weights_without_areas")
LAYER_LEFT: Final = message("weights.weights_layer_without_areas")
NOT_AREAS: Final = message("weights.weights_features_no_areas")
MENDED: Final = message("weights.weights_areas_mended")
SAME: Final = message("weights.weights_areas_twice")
AWAY: Final = message("weights.weights_outside")
NO_WEIGHT: Final = message("weights.weights_all_zero")
TOWNSHIPS_WITHOUT: Final = message("weights.weights_townships_without")


@dataclass(frozen=True)
class _RasterBook(Book):
    """A raster as read: no sheet and no layer, but cells."""

    cells: gpd.GeoDataFrame | None = None
    notes: tuple[Note, ...] = ()


def _open(path: Path, reference: ReferenceData) -> Book:
    """Read a layer, or the cells of a raster with people, in a process of its own."""
    if path.suffix.lower() not in RASTER_SUFFIXES:
        return read_file(path, takes=WEIGHT_SUFFIXES)
    cells, notes = read_raster(path, reference.outlines)
    return _RasterBook(path.name, (), cells.assign(source_file=path.name), notes)


def _choose(book: Book, draft: Draft, _reference: ReferenceData) -> Sequence[Part]:
    if isinstance(book, _RasterBook) and book.cells is not None:
        draft.note_all(Place(file=book.file), book.notes)
        draft.frames.append(book.cells)
        return ()
    return choose_layers(book, draft, "Polygon", none=NO_AREAS, left=LAYER_LEFT)


def _read(part: Part, draft: Draft, reference: ReferenceData) -> None:
    """Add each area of a layer with its weight, of :mod:`geo.intake.tables.weights.buildings`.

    Whatever touches the district is kept whole; the measure cuts it at the borders of
    townships.
    """
    place = Place(file=draft.file, sheet=part.name)
    found = shapes_of(part, draft.file, reference.datum)
    draft.note_all(place, found.notes)
    areas = _areas(found.shapes, place, draft)
    kept = near(areas, area_around(reference.outlines, 0), margin_m=0, place=place)
    _count(draft, AWAY, place, ~kept & ~shapely.is_missing(areas))
    kept &= ~_same(areas, kept, place, draft)
    number: list[int] = np.flatnonzero(kept).tolist()
    footprint_m2 = _footprints(areas[number], reference)
    endless = ~np.isfinite(footprint_m2)
    _count(draft, NOT_AREAS, place, endless)
    number = [row for row, bad in zip(number, endless, strict=True) if not bad]
    features = [(part.features or ())[row] for row in number]
    weight, notes, column = weights_of(features, footprint_m2[~endless], place)
    draft.note_all(place, notes)
    names = dict.fromkeys(name for feature in features for name in feature.properties)
    draft.ignored += [name for name in names if name != column]
    frame = gpd.GeoDataFrame(
        {
            "weight": weight,
            "source_file": draft.file,
            "source_sheet": part.name,
            "source_row": [feature.number for feature in features],
        },
        geometry=areas[number],
        crs=STORAGE_CRS,
    )
    draft.frames.append(frame[frame["weight"].notna()])


def _count(draft: Draft, said: Message, place: Place, which: npt.NDArray[np.bool_]) -> None:
    """Tell how many features a sentence is of, if it is of any."""
    if which.any():
        draft.note(said, place, count=f"{int(which.sum()):,}")


def _footprints(areas: Shapes, reference: ReferenceData) -> npt.NDArray[np.float64]:
    """Return areas in m², at least a little; infinite where one spans half the world."""
    metres = gpd.GeoSeries(areas, crs=STORAGE_CRS).to_crs(reference.measuring_crs)
    area_m2 = np.maximum(metres.area.to_numpy(), _LEAST_AREA_M2)
    return np.where(np.isfinite(area_m2), area_m2, np.inf)


def _areas(shapes: Shapes, place: Place, draft: Draft) -> Shapes:
    """Return valid areas, mended where they cross themselves; None of what is none."""
    kinds = shapely.get_type_id(shapes)
    is_area = np.isin(kinds, [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    areas: Shapes = shapes.copy()
    areas[~is_area] = None
    broken = is_area & ~shapely.is_valid(areas)
    for row in np.flatnonzero(broken):
        areas[row] = _mended(areas[row])
    lost = np.asarray(shapely.is_missing(areas), dtype=bool)
    _count(draft, NOT_AREAS, place, lost)
    _count(draft, MENDED, place, broken & ~lost)
    return areas


def _mended(area: BaseGeometry) -> BaseGeometry | None:
    parts = shapely.get_parts(shapely.make_valid(area))
    kept = [
        polygon
        for part in parts
        for polygon in shapely.get_parts(part)
        if polygon.geom_type == "Polygon" and polygon.area > 0
    ]
    return shapely.MultiPolygon(kept) if kept else None


def _same(
    areas: Shapes, kept: npt.NDArray[np.bool_], place: Place, draft: Draft
) -> npt.NDArray[np.bool_]:
    """Return which of the areas kept are just as an earlier one."""
    twice = np.zeros(len(areas), dtype=bool)
    twice[kept] = pd.Series(shapely.to_wkb(shapely.normalize(areas[kept]))).duplicated().to_numpy()
    _count(draft, SAME, place, twice)
    return twice


def _check(draft: Draft, reference: ReferenceData) -> None:
    """Refuse weights of which none is above 0, and tell of townships without any."""
    found = gpd.GeoDataFrame(pd.concat(draft.frames, ignore_index=True), crs=STORAGE_CRS)
    if not found["weight"].sum() > 0:
        raise NO_WEIGHT.error(BadValueError, place=Place(file=draft.file))
    weights = conform(found.assign(source_id=reference.source_id), WEIGHTS)
    towns = reference.outlines
    heavy = np.asarray(weights.geometry.array)[weights["weight"].to_numpy() > 0]
    town, _ = shapely.STRtree(heavy).query(np.asarray(towns.geometry.array), predicate="intersects")
    without = towns["name_zh"][~np.isin(np.arange(len(towns)), town)]
    if len(without):
        names = (*map(str, without[:_SHOWN]), *("…",) * (len(without) > _SHOWN))
        draft.note(TOWNSHIPS_WITHOUT, Place(file=draft.file), count=len(without), names=names)
    draft.frames = [weights]


def _finish(draft: Draft, _reference: ReferenceData) -> Imported[gpd.GeoDataFrame]:
    (weights,) = draft.frames
    return Imported(weights, draft.report(places_of(draft.file, weights)), len(weights))


WEIGHT_TABLE: Final = ImportTable(
    name="weights",
    suffixes=WEIGHT_SUFFIXES,
    draft=Draft,
    choose=_choose,
    read=_read,
    check=_check,
    finish=_finish,
    open=_open,
    quality=Quality.ESTIMATE,
)
