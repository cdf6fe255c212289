"""Areas of a layer, by name: where nothing may stand, or parcels that are offered."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.core.crs import STORAGE_CRS
from geo.core.errors import BadValueError, EmptyFileError, Place
from geo.core.messages import shown
from geo.core.siting_options import SitingLayers
from geo.intake.candidate_marks import read_marks
from geo.intake.formats.parts import Feature, Part
from geo.intake.georeference.layers import shapes_of
from geo.intake.headers.normalise import folded
from geo.intake.sandbox import read_file
from geo.intake.sentences import message

AREA_SUFFIXES: Final = (".geojson", ".json", ".gpkg", ".shp", ".zip", ".kml", ".kmz")
_NAMES: Final = frozenset(map(folded, ("名称", "地块名称", "地块编号", "编号", "name", "id")))
_POLYGONS: Final = (3, 6)
"""Numbers of Polygon and MultiPolygon among shapely's types."""

_NO_LAYER: Final = message("general.areas_without_layer")
_NOT_AREA: Final = message("general.area_not_polygon")


def read_areas(path: Path, *, name: str | None = None) -> gpd.GeoDataFrame:
    """Return the polygons of a user's layer in EPSG:4490, numbered from 1.

    ``name``; ``suitability`` from 0 to 1 and ``cost`` in 10,000 yuan, missing where not given;
    ``failed``, the marks that the area has not passed, joined, missing where there are none;
    as :func:`geo.intake.candidate_marks.read_marks` reads them.

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
        raise _NO_LAYER.error(EmptyFileError, place=Place(file=book.file))
    found = [row for part in layers for row in _areas(part, book.file)]
    frame = gpd.GeoDataFrame(found, geometry="geometry", crs=STORAGE_CRS)
    frame.index = frame.index + 1
    types = {"name": "str", "suitability": "float64", "cost": "float64", "failed": "str"}
    return gpd.GeoDataFrame(frame.astype(types), crs=STORAGE_CRS)


def layers_of(exclusions: bytes | None, parcels: bytes | None) -> SitingLayers:
    """Return the layers of a siting question that came over the web, each as GeoJSON.

    Raises
    ------
    InputError
        As :func:`read_areas` raises it; a file is called by what it is.
    """
    closed, offered = _sent(exclusions, "exclusions.geojson"), _sent(parcels, "parcels.geojson")
    return SitingLayers(None if closed is None else closed.geometry, offered)


def _sent(content: bytes | None, name: str) -> gpd.GeoDataFrame | None:
    if content is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "areas.geojson"
        path.write_bytes(content)
        return read_areas(path, name=name)


def _areas(part: Part, file: str) -> list[dict[str, object]]:
    features = list(part.features or ())
    shapes = shapely.make_valid(shapes_of(part, file).shapes)
    kinds = shapely.get_type_id(shapes)
    for feature, is_area in zip(features, np.isin(kinds, _POLYGONS).tolist(), strict=True):
        if not is_area:
            raise _NOT_AREA.error(
                BadValueError,
                place=Place(file=file, sheet=part.name, row=feature.number),
                number=feature.number,
            )
    return [
        {"name": _name(feature), **_marks(feature, part, file), "geometry": shape}
        for feature, shape in zip(features, shapes, strict=True)
    ]


def _marks(feature: Feature, part: Part, file: str) -> dict[str, object]:
    """Return an area's suitability and cost, and which marks of other bureaus it failed."""
    flat = ((key, raw) for key, raw in feature.properties.items() if _is_cell(raw))
    told = read_marks(
        flat, lambda head: Place(file=file, sheet=part.name, row=feature.number, column=head)
    )
    return {"suitability": told.suitability, "cost": told.cost, "failed": told.failed}


def _is_cell(raw: object) -> bool:
    return not isinstance(raw, list | dict)


def _name(feature: Feature) -> str:
    """Return what a feature is called, else its number."""
    own = (value for key, value in feature.properties.items() if folded(key) in _NAMES)
    told = next((str(value) for value in own if value not in (None, "")), None)
    return shown(told) if told else str(feature.number)
