"""A population raster as pieces of land with people, read in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import orjson
import shapely
from pyproj import CRS, Transformer

from geo.core.crs import STORAGE_CRS
from geo.core.errors import BadValueError, FileTooLargeError, Place
from geo.core.messages import Note
from geo.intake.formats.limits import (
    MAX_COPIED_BYTES,
    MEBIBYTE,
    InputFile,
    foreign_content,
    open_copied,
)
from geo.intake.georeference.layers import area_around
from geo.intake.sandbox import Limits, run_apart
from geo.intake.sentences import message
from geo.intake.tables.weights.pixels import CELLS, NOBODY, NOT_BEYOND

MODULE: Final = "geo.intake.tables.weights"
RASTER_SUFFIXES: Final = (".tif", ".tiff")
MAX_CELLS: Final = 300_000
BEYOND_M: Final = 12_000.0
"""How far beyond the district cells are kept: the largest catchment, 30 minutes by car in a
straight line with its detour, is 11,538 m."""
LIMITS: Final = Limits(cpu_seconds=60, memory_bytes=3072 * MEBIBYTE, wall_seconds=120)
_MAGIC: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

TOO_MANY: Final = message("weights.raster_too_many_cells")


def read_raster(
    path: Path, townships: gpd.GeoDataFrame, *, limits: Limits = LIMITS
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Read the cells of a GeoTIFF with people that touch the district or lie near it.

    Near is within :data:`BEYOND_M`; where cells are too many, those beyond are left out.

    Parameters
    ----------
    path : pathlib.Path
        The file; one band of people for each cell, north up.
    townships : geopandas.GeoDataFrame
        Of the district.
    limits : Limits
        Of the process.

    Returns
    -------
    cells : geopandas.GeoDataFrame
        ``weight``, ``persons`` (it is), ``source_row`` (the cell's number, row by row
        from 1) and the cell as a polygon in EPSG:4490, whole.
    notes : tuple of Note
        What was done, or is to be known.

    Raises
    ------
    InputError
        It is no GeoTIFF, is damaged, rotated or without a system, lies elsewhere, holds
        what cannot be people, or exceeds a bound.
    """
    source = open_copied(path, takes=RASTER_SUFFIXES, most=MAX_COPIED_BYTES)
    if not source.content.startswith(_MAGIC):
        raise foreign_content(source, " QGIS 按 GeoTIFF ", "a GeoTIFF")
    return _read(source, path, townships, limits)


def _read(
    source: InputFile, path: Path, townships: gpd.GeoDataFrame, limits: Limits
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    district, around = area_around(townships, 0), area_around(townships, BEYOND_M)
    order = {
        "task": "raster",
        "district": shapely.to_wkb(district, hex=True),
        "around": shapely.to_wkb(around, hex=True),
    }
    found = orjson.loads(run_apart(MODULE, source.name, path, order, CELLS, limits=limits))
    place = Place(file=source.name)
    row, column = np.array(found["row"]), np.array(found["column"])
    (step_x, step_y), (x, y) = found["step"], found["origin"]
    boxes = shapely.box(
        x + column * step_x, y + row * step_y, x + (column + 1) * step_x, y + (row + 1) * step_y
    )
    change = Transformer.from_crs(CRS.from_wkt(found["system"]), STORAGE_CRS, always_xy=True)
    cells = shapely.transform(
        boxes, lambda at: np.column_stack(change.transform(at[:, 0], at[:, 1]))
    )
    shapely.prepare(district)
    notes = [Note(*note) for note in found["remarks"]]
    kept = touching = np.asarray(shapely.intersects(district, cells), dtype=bool)
    if not touching.any():
        raise NOBODY.error(BadValueError, place=place)
    if touching.sum() > MAX_CELLS:
        raise TOO_MANY.error(
            FileTooLargeError, place=place, count=f"{touching.sum():,}", limit=f"{MAX_CELLS:,}"
        )
    shapely.prepare(around)
    beyond = np.asarray(shapely.intersects(around, cells), dtype=bool)
    if beyond.sum() > MAX_CELLS:
        notes.append(NOT_BEYOND.note())
    else:
        kept = beyond | touching
    frame = gpd.GeoDataFrame(
        {
            "weight": found["weight"],
            "persons": True,
            "source_row": row * found["columns"] + column + 1,
        },
        geometry=cells,
        crs=STORAGE_CRS,
    )
    return frame[kept].reset_index(drop=True), tuple(notes)
