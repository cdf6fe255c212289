"""Areas of a layer, by name: where nothing may stand, or parcels that are offered."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.columns import Column
from geo.crs import STORAGE_CRS
from geo.errors import BadValueError, EmptyFileError, InputError, Place
from geo.intake.cells.cell import read_cell
from geo.intake.faults import shown
from geo.intake.formats.part import Feature, Part
from geo.intake.headings.folding import folded
from geo.intake.layer_shapes import shapes_of
from geo.intake.messages import message
from geo.intake.process import read_file

AREA_SUFFIXES: Final = (".geojson", ".json", ".gpkg", ".shp", ".zip", ".kml", ".kmz")
_NAMES: Final = frozenset(map(folded, ("名称", "地块名称", "地块编号", "编号", "name", "id")))
_SUITABLE: Final = frozenset(map(folded, ("适宜性", "适宜性评分", "适宜度", "suitability")))
_MARKS: Final = frozenset(map(folded, ("是否通过", "审查通过", "是否可用", "可用", "passed")))
_POINTS: Final = 100.0
_SUITABILITY: Final = Column("suitability", "real", "适宜性", "Suitability", minimum=0, maximum=100)
_PASSED: Final = {"通过": True, "合格": True, "不通过": False, "未通过": False, "不合格": False}
_MARK: Final = Column("passed", "boolean", "是否通过", "Passed")
_POLYGONS: Final = (3, 6)
"""Numbers of Polygon and MultiPolygon among shapely's types."""

_NO_LAYER: Final = message(
    "areas_without_layer",
    "文件里没有带图形的图层。请给出面图层（GeoJSON、GeoPackage、Shapefile 或 KML）。",
    "The file has no layer with shapes; give a layer of polygons.",
)
_NOT_AREA: Final = message(
    "area_not_polygon",
    "第 {number} 个要素不是有效的面，请改正或删去。",
    "Feature {number} is no valid polygon; mend or remove it.",
)


def read_areas(path: Path, *, name: str | None = None) -> gpd.GeoDataFrame:
    """Return the polygons of a user's layer in EPSG:4490, numbered from 1.

    ``name``; ``suitability`` from 0 to 1 (适宜性, a share or points of 100), missing where not
    given; ``failed``, the marks that the area has not passed (是否通过, any column that ends in
    审查), joined, missing where there are none.

    The file is read in a process of its own, as every user's file is. A polygon that crosses
    itself is mended by :func:`shapely.make_valid`.

    Raises
    ------
    InputError
        The file cannot be read, has no layer, or holds a feature that is no area.
    """
    book = read_file(path, takes=AREA_SUFFIXES, name=name)
    layers = [part for part in book.parts if part.features]
    if not layers:
        raise _NO_LAYER.fault(EmptyFileError, place=Place(file=book.file))
    found = [row for part in layers for row in _areas(part, book.file)]
    frame = gpd.GeoDataFrame(found, geometry="geometry", crs=STORAGE_CRS)
    frame.index = frame.index + 1
    types = {"name": "str", "suitability": "float64", "failed": "str"}
    return gpd.GeoDataFrame(frame.astype(types), crs=STORAGE_CRS)


def _areas(part: Part, file: str) -> list[dict[str, object]]:
    features = list(part.features or ())
    shapes = shapely.make_valid(shapes_of(part, file).shapes)
    kinds = shapely.get_type_id(shapes)
    for feature, is_area in zip(features, np.isin(kinds, _POLYGONS).tolist(), strict=True):
        if not is_area:
            raise _NOT_AREA.fault(
                BadValueError,
                place=Place(file=file, sheet=part.name, row=feature.number),
                number=feature.number,
            )
    return [
        {"name": _name(feature), **_marks(feature, part, file), "geometry": shape}
        for feature, shape in zip(features, shapes, strict=True)
    ]


def _marks(feature: Feature, part: Part, file: str) -> dict[str, object]:
    """Return an area's suitability, and which of the marks of other bureaus it failed."""
    suitability, failed = None, []
    for key, raw in feature.properties.items():
        heading = folded(key)
        column = _SUITABILITY if heading in _SUITABLE else _MARK if _is_mark(heading) else None
        if column is None or isinstance(raw, list | dict):
            continue
        try:
            told = _PASSED.get(str(raw).strip()) if column is _MARK else None
            value = read_cell(raw, column).value if told is None else told
        except InputError as fault:
            fault.place = Place(file=file, sheet=part.name, row=feature.number, column=key)
            raise
        if column is _SUITABILITY and isinstance(value, float):
            suitability = value / _POINTS if value > 1 else value
        elif value is False:
            failed.append(shown(key))
    return {"suitability": suitability, "failed": "、".join(failed) or None}


def _is_mark(heading: str) -> bool:
    return heading in _MARKS or heading.endswith("审查")


def _name(feature: Feature) -> str:
    """Return what a feature is called, else its number."""
    own = (value for key, value in feature.properties.items() if folded(key) in _NAMES)
    told = next((str(value) for value in own if value not in (None, "")), None)
    return shown(told) if told else str(feature.number)
