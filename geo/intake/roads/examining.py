"""Roads of a file: the lines near the district, and the account of what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS
from geo.core.datum import Datum
from geo.core.district import DistrictData
from geo.core.errors import BadValueError, EmptyFileError, FileTooLargeError, Place
from geo.core.messages import Message, Noted, message
from geo.core.schema import ROADS, conform
from geo.core.vocabulary import Mode, label
from geo.intake.examined import Examination, LeftOutRow
from geo.intake.formats.part import Feature, Part
from geo.intake.formats.reading import LAYER_SUFFIXES
from geo.intake.layer_shapes import Shapes, area_around, near, shapes_of
from geo.intake.process import Book, read_file
from geo.intake.roads.osm import OSM_SUFFIX, read_osm
from geo.intake.roads.words import (
    COLUMNS,
    NO_ROADS,
    class_of,
    columns_of,
    level_of,
    name_of,
    oneway_of,
    word_of,
)
from geo.travel.network import make_network, mode_network

ROAD_SUFFIXES: Final = (*LAYER_SUFFIXES, ".zip", ".kmz", OSM_SUFFIX)
MARGIN_M: Final = 5_000.0
"""How far around the district roads are kept: what one drives in ten minutes."""
MAX_LINES: Final = 300_000
MAX_EDGES: Final = 2_000_000
_SHOWN_WORDS: Final = 8

NO_LINES: Final = message(
    "roads_without_lines",
    "文件里没有线图层（{names}），请导出道路的中心线。",
    "The file has no layer of lines ({names}); export the centre lines of roads.",
)
LAYER_LEFT: Final = message(
    "roads_layer_without_lines",
    "图层「{name}」里没有线，未读。",
    "Layer '{name}' has no lines and was not read.",
)
CLOSED: Final = message(
    "roads_closed_to_mode",
    "文件里没有{mode}能往返通行的道路：请核对「单行」和「道路等级」两列（单行填成了全部，或只有高速公路）。",
    "No road of the file can be used there and back by {mode_en}: check the columns of one-ways and"
    " classes (all marked as one-way, or motorways alone).",
)
TOO_MANY: Final = message(
    "roads_too_many",
    "本区附近有 {lines} 条线、{edges} 段，超过上限 {max_lines} 条、{max_edges} 段。"
    "请按区县范围裁剪或简化。",
    "Near the district there are {lines} lines of {edges} edges, over the bound of {max_lines}"
    " and {max_edges}; cut the layer to the county, or simplify it.",
)
AWAY: Final = message(
    "roads_far_away",
    "{count} 条线离本区超过 {margin} 公里，未导入。",
    "{count} lines lie over {margin} km from the district and were not taken.",
)
NOT_LINES: Final = message(
    "roads_features_no_lines",
    "{count} 个要素不是线或坐标不能用，已略去。",
    "{count} features are no lines, or have coordinates that cannot be used; they were left out.",
)
NO_LENGTH: Final = message(
    "roads_without_length",
    "图层里没有可用的线：长度都是零，或坐标不能用。请核对图层。",
    "The layer has no usable line: they have no length, or coordinates that cannot be used.",
)
ZERO_LENGTH: Final = message(
    "roads_zero_length",
    "{count} 条线长度为零，已略去。",
    "{count} lines have no length and were left out.",
)
NO_CLASS: Final = message(
    "roads_class_missing",
    "没有道路等级的列（可用：{known}），速度将按未分级道路计算。",
    "There is no column of road classes (one of: {known}); speeds will be those of unclassed ones.",
)
CLASS_UNKNOWN: Final = message(
    "roads_class_unknown",
    "不认得的道路等级：{words}；这些线的等级登记为不明。",
    "Road classes that are not known: {words}; the class of these lines is kept as unknown.",
)
NOT_TRAVELLED: Final = message(
    "roads_not_travelled",
    "{count} 条线不通行（在建、规划、站台等：{words}），已略去。",
    "Nobody travels on {count} lines (under construction, planned, platforms: {words}); they were"
    " left out.",
)
ONEWAY_UNKNOWN: Final = message(
    "roads_oneway_unknown",
    "「单行」列有读不出方向的内容：{words}；已按双向登记，请核对。",
    "The column of one-way roads has words without a direction: {words}; these lines are kept as"
    " both ways. Please check.",
)


@dataclass(frozen=True)
class RoadSetting:
    """What roads are read against.

    Attributes
    ----------
    data : DistrictData
        The district.
    source_id : str
        The source of every line.
    datum : Datum, optional
        Of a layer in degrees, where the sender has stated it; CGCS2000 else.
    margin_m : float
        How far around the district lines are kept, whole.
    """

    data: DistrictData
    source_id: str
    datum: Datum | None = None
    margin_m: float = MARGIN_M


@dataclass(frozen=True)
class ExaminedRoads:
    """The lines near the district, and what became of the others.

    Attributes
    ----------
    roads : geopandas.GeoDataFrame
        Numbered from 0, as :data:`geo.core.schema.ROADS` lists them, EPSG:4490.
    account : Examination
        Of the file; ``taken`` are the features of which a line was kept.
    """

    roads: gpd.GeoDataFrame
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


def read_roads(path: Path, setting: RoadSetting) -> Book:
    """Read a file of lines in a process of its own; of an .osm.pbf only what is near.

    Raises
    ------
    InputError
        It cannot be read as what its suffix says, or exceeds a bound.
    """
    if path.suffix.lower() != OSM_SUFFIX:
        return read_file(path, takes=ROAD_SUFFIXES)
    area = area_around(setting.data, setting.margin_m)
    part = read_osm(path, area.bounds)
    return Book(path.name, (part,))


def examine_roads(book: Book, setting: RoadSetting) -> ExaminedRoads:
    """Return the lines of a file that come near the district, each whole and as drawn.

    Lines are not cut at the margin, not split at crossings and not mended: that is the
    network's business. What is no line, has no length or is not travelled is left out
    and counted in the remarks.

    Parameters
    ----------
    book : Book
        As :func:`read_roads` returns it.
    setting : RoadSetting
        What it is read against.

    Raises
    ------
    InputError
        There is no line, none near the district, or more than :data:`MAX_LINES` lines or
        :data:`MAX_EDGES` edges; degrees are declared as metres, or the reverse; a mode has
        no road there and back.
    """
    draft = _Draft(book.file)
    area = area_around(setting.data, setting.margin_m)
    for part in _layers(book, draft):
        _read(part, area, draft, setting)
    roads = gpd.GeoDataFrame(pd.concat(draft.frames, ignore_index=True), crs=STORAGE_CRS)
    _check_size(roads, draft.file)
    roads = conform(roads.assign(source_id=setting.source_id), ROADS)
    _check_modes(roads.to_crs(setting.data.measuring_crs), draft.file)
    rows = zip(roads["source_sheet"], roads["source_row"], strict=True)
    taken = tuple(
        Place(file=book.file, sheet=None if pd.isna(sheet) else str(sheet), row=int(row))
        for sheet, row in dict.fromkeys(rows)
    )
    account = Examination(
        book.file,
        taken=taken,
        left_out=tuple(draft.left_out),
        noted=tuple(draft.noted),
        ignored_headings=tuple(dict.fromkeys(draft.ignored)),
    )
    return ExaminedRoads(roads, account)


def _layers(book: Book, draft: _Draft) -> list[Part]:
    """Return the layers that have lines; the others are told.

    Raises
    ------
    EmptyFileError
        There is none.
    """
    found = [part for part in book.parts if any(map(_is_line, part.features or ()))]
    if not found:
        names = tuple(part.name or "—" for part in book.parts)
        raise NO_LINES.fault(EmptyFileError, place=Place(file=book.file), names=names)
    for part in book.parts:
        place = Place(file=book.file, sheet=part.name)
        if not any(part is one for one in found):
            draft.left_out.append(LeftOutRow(place, LAYER_LEFT.remark(name=part.name or "—")))
        draft.noted += [Noted(place, remark) for remark in part.remarks]
    return found


def _is_line(feature: Feature) -> bool:
    kind = (feature.geometry or {}).get("type")
    return isinstance(kind, str) and kind.endswith("LineString")


def _read(part: Part, area: BaseGeometry, draft: _Draft, setting: RoadSetting) -> None:
    place = Place(file=draft.file, sheet=part.name)
    found = shapes_of(part, draft.file, setting.datum)
    draft.noted += [Noted(place, remark) for remark in found.remarks]
    lines, owner = _lines(found.shapes, place, draft)
    if not len(lines):
        raise NO_LENGTH.fault(EmptyFileError, place=place)
    kept = near(lines, area, margin_m=setting.margin_m, place=place)
    if not kept.all():
        margin = f"{setting.margin_m / 1000:g}"
        draft.note(AWAY, place, count=int((~kept).sum()), margin=margin)
    features = part.features or ()
    chosen = [features[number] for number in owner[kept]]
    return _append(chosen, lines[kept], place, draft)


def _lines(shapes: Shapes, place: Place, draft: _Draft) -> tuple[Shapes, Any]:
    """Return single lines that have a length, and the number of the feature of each."""
    kinds = shapely.get_type_id(shapes)
    is_line = np.isin(
        kinds, [shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING]
    )
    if not is_line.all():
        draft.note(NOT_LINES, place, count=int((~is_line).sum()))
    owner = np.flatnonzero(is_line)
    lines, part = shapely.get_parts(shapes[is_line], return_index=True)
    owner = owner[part]
    long = shapely.length(lines) > 0
    if not long.all():
        draft.note(ZERO_LENGTH, place, count=int((~long).sum()))
    return lines[long], owner[long]


def _append(features: Sequence[Feature], lines: Shapes, place: Place, draft: _Draft) -> None:
    """Add lines with their columns to the draft; what their words say is told."""
    names = dict.fromkeys(name for feature in features for name in feature.properties)
    columns = columns_of(list(names))
    draft.ignored += [name for name in names if name not in columns.values()]

    def cells(column: str) -> list[Any]:
        own = columns.get(column)
        return [None if own is None else item.properties.get(own) for item in features]

    words = [word_of(value) for value in cells("road_class")]
    directions, unknown = oneway_of(cells("oneway"))
    levels = zip(cells("level"), cells("bridge"), cells("tunnel"), strict=True)
    frame = gpd.GeoDataFrame(
        {
            "road_class": [class_of(word) for word in words],
            "oneway": directions,
            "level": [level_of(*three) for three in levels],
            "name": [name_of(value) for value in cells("name")],
            "source_file": draft.file,
            "source_sheet": place.sheet,
            "source_row": [feature.number for feature in features],
        },
        geometry=list(lines),
        crs=STORAGE_CRS,
    )
    stands = np.array([word not in NO_ROADS for word in words], dtype=bool)
    _tell_words(words, unknown, place, draft, has_class="road_class" in columns)
    draft.frames.append(frame[stands])


def _tell_words(
    words: Sequence[str], unknown: Counter[str], place: Place, draft: _Draft, *, has_class: bool
) -> None:
    if not has_class:
        draft.note(NO_CLASS, place, known=COLUMNS["road_class"][:6])
    left = Counter(word for word in words if word in NO_ROADS)
    odd = Counter(word for word in words if word and word not in NO_ROADS and not class_of(word))
    if left:
        draft.note(NOT_TRAVELLED, place, count=left.total(), words=_counted(left))
    if odd:
        draft.note(CLASS_UNKNOWN, place, words=_counted(odd))
    if unknown:
        draft.note(ONEWAY_UNKNOWN, place, words=_counted(unknown))


def _counted(words: Counter[str]) -> tuple[str, ...]:
    told = tuple(f"{word} × {count:,}" for word, count in words.most_common(_SHOWN_WORDS))
    return told + ("…",) * (len(words) > _SHOWN_WORDS)


def _check_modes(roads: gpd.GeoDataFrame, file: str) -> None:
    """Refuse here what would stop every study afterwards."""
    network = make_network(roads)
    for mode in Mode:
        try:
            mode_network(network, mode)
        except BadValueError as error:
            raise CLOSED.fault(
                place=Place(file=file), mode=label(mode), mode_en=label(mode, "en")
            ) from error


def _check_size(roads: gpd.GeoDataFrame, file: str) -> None:
    place = Place(file=file)
    if roads.empty:
        raise NO_LINES.fault(EmptyFileError, place=place, names=("—",))
    edges = int(shapely.get_num_points(roads.geometry.array).sum()) - len(roads)
    if len(roads) > MAX_LINES or edges > MAX_EDGES:
        raise TOO_MANY.fault(
            FileTooLargeError,
            place=place,
            lines=f"{len(roads):,}",
            edges=f"{edges:,}",
            max_lines=f"{MAX_LINES:,}",
            max_edges=f"{MAX_EDGES:,}",
        )
