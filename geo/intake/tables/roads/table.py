"""Roads of an office or of OpenStreetMap: lines near the district, with class and direction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.core.crs import STORAGE_CRS
from geo.core.errors import BadValueError, EmptyFileError, FileTooLargeError, Place
from geo.core.schema import ROADS, conform
from geo.core.vocabulary import Mode, label
from geo.intake.formats.parts import Feature, Part
from geo.intake.formats.readers import LAYER_SUFFIXES
from geo.intake.georeference.layers import Shapes, area_around, near, shapes_of
from geo.intake.pipeline import Draft, Imported, ImportTable, choose_layers, places_of
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Book, read_file
from geo.intake.sentences import message
from geo.intake.tables.roads.attributes import (
    COLUMNS,
    NO_ROADS,
    class_of,
    columns_of,
    level_of,
    name_of,
    oneway_of,
    word_of,
)
from geo.intake.tables.roads.osm import OSM_SUFFIX, read_osm
from geo.travel.network import make_network, mode_network

ROAD_SUFFIXES: Final = (*LAYER_SUFFIXES, ".zip", ".kmz", OSM_SUFFIX)
MARGIN_M: Final = 5_000.0
"""How far around the district roads are kept: what one drives in ten minutes."""
MAX_LINES: Final = 300_000
MAX_EDGES: Final = 2_000_000
_SHOWN_WORDS: Final = 8

NO_LINES: Final = message("roads.roads_without_lines")
LAYER_LEFT: Final = message("roads.roads_layer_without_lines")
CLOSED: Final = message("roads.roads_closed_to_mode")
TOO_MANY: Final = message("roads.roads_too_many")
AWAY: Final = message("roads.roads_far_away")
NOT_LINES: Final = message("roads.roads_features_no_lines")
NO_LENGTH: Final = message("roads.roads_without_length")
ZERO_LENGTH: Final = message("roads.roads_zero_length")
NO_CLASS: Final = message("roads.roads_class_missing")
CLASS_UNKNOWN: Final = message("roads.roads_class_unknown")
NOT_TRAVELLED: Final = message("roads.roads_not_travelled")
ONEWAY_UNKNOWN: Final = message("roads.roads_oneway_unknown")


def _open(path: Path, reference: ReferenceData) -> Book:
    """Read a file of lines in a process of its own; of an .osm.pbf only what is near."""
    if path.suffix.lower() != OSM_SUFFIX:
        return read_file(path, takes=ROAD_SUFFIXES)
    area = area_around(reference.outlines, MARGIN_M)
    return Book(path.name, (read_osm(path, area.bounds),))


def _choose(book: Book, draft: Draft, _reference: ReferenceData) -> Sequence[Part]:
    return choose_layers(book, draft, "LineString", none=NO_LINES, left=LAYER_LEFT)


def _read(part: Part, draft: Draft, reference: ReferenceData) -> None:
    """Add the lines of a layer that come near the district, each whole and as drawn.

    Lines are not cut at the margin, not split at crossings and not mended: that is the
    network's business. What is no line, has no length or is not travelled is left out
    and counted in the notes.
    """
    place = Place(file=draft.file, sheet=part.name)
    found = shapes_of(part, draft.file, reference.datum)
    draft.note_all(place, found.notes)
    lines, owner = _lines(found.shapes, place, draft)
    if not len(lines):
        raise NO_LENGTH.error(EmptyFileError, place=place)
    area = area_around(reference.outlines, MARGIN_M)
    kept = near(lines, area, margin_m=MARGIN_M, place=place)
    if not kept.all():
        draft.note(AWAY, place, count=int((~kept).sum()), margin=f"{MARGIN_M / 1000:g}")
    features = part.features or ()
    chosen = [features[number] for number in owner[kept]]
    _append(chosen, lines[kept], place, draft)


def _lines(shapes: Shapes, place: Place, draft: Draft) -> tuple[Shapes, Any]:
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


def _append(features: Sequence[Feature], lines: Shapes, place: Place, draft: Draft) -> None:
    """Add lines with their columns to the draft; what their words say is reported."""
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
    words: Sequence[str], unknown: Counter[str], place: Place, draft: Draft, *, has_class: bool
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


def _check(draft: Draft, reference: ReferenceData) -> None:
    """Refuse here what would stop every study afterwards.

    Raises
    ------
    InputError
        There is no line, or more than :data:`MAX_LINES` lines or :data:`MAX_EDGES` edges; a
        mode has no road there and back.
    """
    roads = gpd.GeoDataFrame(pd.concat(draft.frames, ignore_index=True), crs=STORAGE_CRS)
    _check_size(roads, draft.file)
    roads = conform(roads.assign(source_id=reference.source_id), ROADS)
    network = make_network(roads.to_crs(reference.measuring_crs))
    for mode in Mode:
        try:
            mode_network(network, mode)
        except BadValueError as error:
            place = Place(file=draft.file)
            raise CLOSED.error(place=place, mode=label(mode), mode_en=label(mode, "en")) from error
    draft.frames = [roads]


def _check_size(roads: gpd.GeoDataFrame, file: str) -> None:
    place = Place(file=file)
    if roads.empty:
        raise NO_LINES.error(EmptyFileError, place=place, names=("—",))
    edges = int(shapely.get_num_points(roads.geometry.array).sum()) - len(roads)
    if len(roads) > MAX_LINES or edges > MAX_EDGES:
        raise TOO_MANY.error(
            FileTooLargeError,
            place=place,
            lines=f"{len(roads):,}",
            edges=f"{edges:,}",
            max_lines=f"{MAX_LINES:,}",
            max_edges=f"{MAX_EDGES:,}",
        )


def _finish(draft: Draft, _reference: ReferenceData) -> Imported[gpd.GeoDataFrame]:
    (roads,) = draft.frames
    # A feature of several lines is taken once.
    report = draft.report(dict.fromkeys(places_of(draft.file, roads)))
    return Imported(roads, report, len(roads))


ROAD_TABLE: Final = ImportTable(
    name="roads",
    suffixes=ROAD_SUFFIXES,
    draft=Draft,
    choose=_choose,
    read=_read,
    check=_check,
    finish=_finish,
    open=_open,
)
