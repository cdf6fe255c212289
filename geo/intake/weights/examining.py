"""Weights of a file: the pieces of land on which a township's people are, and the account."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS
from geo.core.datum import Datum
from geo.core.district import DistrictData
from geo.core.errors import BadValueError, EmptyFileError, Place
from geo.core.messages import Message, Noted, message
from geo.core.schema import WEIGHTS, conform
from geo.intake.examined import Examination, LeftOutRow
from geo.intake.formats.part import Feature, Part
from geo.intake.formats.reading import LAYER_SUFFIXES
from geo.intake.layer_shapes import Shapes, area_around, near, shapes_of
from geo.intake.process import Book, read_file
from geo.intake.weights.buildings import weights_of
from geo.intake.weights.raster import RASTER_SUFFIXES, read_raster

WEIGHT_SUFFIXES: Final = (*LAYER_SUFFIXES, ".zip", ".kmz", *RASTER_SUFFIXES)
_SHOWN: Final = 5
_LEAST_AREA_M2: Final = 0.01

NO_AREAS: Final = message(
    "weights_without_areas",
    "文件里没有面图层（{names}），请导出居民地或建筑物的面，或人口栅格（GeoTIFF）。",
    "The file has no layer of areas ({names}); export settlements or buildings, or a raster of"
    " people (GeoTIFF).",
)
LAYER_LEFT: Final = message(
    "weights_layer_without_areas",
    "图层「{name}」里没有面，未读。",
    "Layer '{name}' has no areas and was not read.",
)
NOT_AREAS: Final = message(
    "weights_features_no_areas",
    "{count} 个要素不是面或坐标不能用，已略去。",
    "{count} features are no areas, or have coordinates that cannot be used; they were left out.",
)
MENDED: Final = message(
    "weights_areas_mended",
    "{count} 个面自相交，已自动修正。",
    "{count} areas crossed themselves and were mended.",
)
SAME: Final = message(
    "weights_areas_twice",
    "{count} 个面与前面的完全相同，只取一次。",
    "{count} areas are just as earlier ones and were taken once.",
)
AWAY: Final = message(
    "weights_outside",
    "{count} 个面不在本区，未导入。",
    "{count} areas lie outside the district and were not taken.",
)
NO_WEIGHT: Final = message(
    "weights_all_zero",
    "本区的面权重都是 0 或不明，不能用来分布人口，请核对。",
    "All areas of the district have a weight of 0, or none; please check.",
)
TOWNSHIPS_WITHOUT: Final = message(
    "weights_townships_without",
    "{count} 个乡镇街道没有任何权重（{names}），仍按均匀分布计算。",
    "{count} townships have no weight at all ({names}) and are still counted as evenly peopled.",
)


@dataclass(frozen=True)
class WeightSetting:
    """What weights are read against.

    Attributes
    ----------
    data : DistrictData
        The district.
    source_id : str
        The source of every piece.
    datum : Datum, optional
        Of a layer in degrees, where the sender has stated it; CGCS2000 else.
    """

    data: DistrictData
    source_id: str
    datum: Datum | None = None


@dataclass(frozen=True)
class ExaminedWeights:
    """Pieces of land with a weight each, and what became of the others.

    Attributes
    ----------
    weights : geopandas.GeoDataFrame
        Numbered from 0, as :data:`geo.core.schema.WEIGHTS` lists them, EPSG:4490; those that
        touch the district, whole.
    account : Examination
        Of the file; ``taken`` are its features or cells.
    """

    weights: gpd.GeoDataFrame
    account: Examination


@dataclass
class _Draft:
    file: str
    noted: list[Noted] = field(default_factory=list)
    left_out: list[LeftOutRow] = field(default_factory=list)
    frames: list[gpd.GeoDataFrame] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def note(self, sentence: Message, place: Place, **values: Any) -> None:
        self.noted.append(Noted(place, sentence.remark(**values)))

    def count(self, sentence: Message, place: Place, which: npt.NDArray[np.bool_]) -> None:
        """Tell how many features a sentence is of, if it is of any."""
        if which.any():
            self.note(sentence, place, count=f"{int(which.sum()):,}")


def examine_weights(path: Path, setting: WeightSetting) -> ExaminedWeights:
    """Read what tells where people live, in a process of its own.

    Of a population raster, each cell with people; of a layer, each area with the weight
    that :func:`geo.intake.weights.buildings.weights_of` gives it. Whatever touches the
    district is kept whole; the measure cuts it at the borders of townships.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    setting : WeightSetting
        What it is read against.

    Raises
    ------
    InputError
        Nothing of it can be used, or some value cannot be people.
    """
    if path.suffix.lower() in RASTER_SUFFIXES:
        draft = _Draft(path.name)
        cells, remarks = read_raster(path, setting.data)
        place = Place(file=path.name)
        draft.noted += [Noted(place, remark) for remark in remarks]
        draft.frames.append(cells.assign(source_file=path.name))
    else:
        book = read_file(path, takes=WEIGHT_SUFFIXES)
        draft = _Draft(book.file)
        for part in _layers(book, draft):
            _read(part, draft, setting)
    return _finished(draft, setting)


def _finished(draft: _Draft, setting: WeightSetting) -> ExaminedWeights:
    found = gpd.GeoDataFrame(pd.concat(draft.frames, ignore_index=True), crs=STORAGE_CRS)
    if not found["weight"].sum() > 0:
        raise NO_WEIGHT.fault(BadValueError, place=Place(file=draft.file))
    weights = conform(found.assign(source_id=setting.source_id), WEIGHTS)
    _tell_townships(weights, draft, setting)
    rows = zip(weights["source_sheet"], weights["source_row"], strict=True)
    account = Examination(
        draft.file,
        taken=tuple(
            Place(file=draft.file, sheet=None if pd.isna(sheet) else str(sheet), row=int(row))
            for sheet, row in rows
        ),
        left_out=tuple(draft.left_out),
        noted=tuple(draft.noted),
        ignored_headings=tuple(dict.fromkeys(draft.ignored)),
    )
    return ExaminedWeights(weights, account)


def _tell_townships(weights: gpd.GeoDataFrame, draft: _Draft, setting: WeightSetting) -> None:
    towns = setting.data.townships
    heavy = np.asarray(weights.geometry.array)[weights["weight"].to_numpy() > 0]
    town, _ = shapely.STRtree(heavy).query(np.asarray(towns.geometry.array), predicate="intersects")
    without = towns["name_zh"][~np.isin(np.arange(len(towns)), town)]
    if len(without):
        names = (*map(str, without[:_SHOWN]), *("…",) * (len(without) > _SHOWN))
        draft.note(TOWNSHIPS_WITHOUT, Place(file=draft.file), count=len(without), names=names)


def _layers(book: Book, draft: _Draft) -> list[Part]:
    """Return the layers that have areas; the others are told.

    Raises
    ------
    EmptyFileError
        There is none.
    """
    found = [part for part in book.parts if any(map(_is_area, part.features or ()))]
    if not found:
        names = tuple(part.name or "—" for part in book.parts)
        raise NO_AREAS.fault(EmptyFileError, place=Place(file=book.file), names=names)
    for part in book.parts:
        place = Place(file=book.file, sheet=part.name)
        if not any(part is one for one in found):
            draft.left_out.append(LeftOutRow(place, LAYER_LEFT.remark(name=part.name or "—")))
        draft.noted += [Noted(place, remark) for remark in part.remarks]
    return found


def _is_area(feature: Feature) -> bool:
    kind = (feature.geometry or {}).get("type")
    return isinstance(kind, str) and kind.endswith("Polygon")


def _read(part: Part, draft: _Draft, setting: WeightSetting) -> None:
    place = Place(file=draft.file, sheet=part.name)
    found = shapes_of(part, draft.file, setting.datum)
    draft.noted += [Noted(place, remark) for remark in found.remarks]
    areas = _areas(found.shapes, place, draft)
    district = area_around(setting.data, 0)
    kept = near(areas, district, margin_m=0, place=place)
    draft.count(AWAY, place, ~kept & ~shapely.is_missing(areas))
    kept &= ~_same(areas, kept, place, draft)
    number: list[int] = np.flatnonzero(kept).tolist()
    footprint_m2 = _footprints(areas[number], setting)
    endless = ~np.isfinite(footprint_m2)
    draft.count(NOT_AREAS, place, endless)
    number = [row for row, bad in zip(number, endless, strict=True) if not bad]
    footprint_m2 = footprint_m2[~endless]
    features = [(part.features or ())[row] for row in number]
    weight, remarks, column = weights_of(features, footprint_m2, place)
    draft.noted += [Noted(place, remark) for remark in remarks]
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


def _footprints(areas: Shapes, setting: WeightSetting) -> npt.NDArray[np.float64]:
    """Return areas in m², at least a little; infinite where one spans half the world."""
    metres = gpd.GeoSeries(areas, crs=STORAGE_CRS).to_crs(setting.data.measuring_crs)
    area_m2 = np.maximum(metres.area.to_numpy(), _LEAST_AREA_M2)
    return np.where(np.isfinite(area_m2), area_m2, np.inf)


def _areas(shapes: Shapes, place: Place, draft: _Draft) -> Shapes:
    """Return valid areas, mended where they cross themselves; None of what is none."""
    kinds = shapely.get_type_id(shapes)
    is_area = np.isin(kinds, [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    areas: Shapes = shapes.copy()
    areas[~is_area] = None
    broken = is_area & ~shapely.is_valid(areas)
    for row in np.flatnonzero(broken):
        areas[row] = _mended(areas[row])
    lost = np.asarray(shapely.is_missing(areas), dtype=bool)
    draft.count(NOT_AREAS, place, lost)
    draft.count(MENDED, place, broken & ~lost)
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
    areas: Shapes, kept: npt.NDArray[np.bool_], place: Place, draft: _Draft
) -> npt.NDArray[np.bool_]:
    """Tell which of the areas kept are just as an earlier one."""
    twice = np.zeros(len(areas), dtype=bool)
    twice[kept] = pd.Series(shapely.to_wkb(shapely.normalize(areas[kept]))).duplicated().to_numpy()
    draft.count(SAME, place, twice)
    return twice
