"""The pixels of a GeoTIFF within the district, as the process with bounds reads them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from geo.core.crs import STORAGE_CRS
from geo.core.errors import BadValueError, FileTooLargeError, FileTypeError, InputError, Place
from geo.core.messages import Message, Note
from geo.intake.formats.parts import Part
from geo.intake.georeference.layers import declared_system
from geo.intake.sentences import message

CELLS: Final = "cells.json"
MAX_PIXELS: Final = 4_000_000
"""In the window of the district: 5 m pixels of 100 km², or 100 m pixels of 40,000 km²."""
MOST_PEOPLE: Final = 1_000_000.0
"""In one pixel; a greater value is a mark of something else."""
_LEAST_COVERED: Final = 0.99
_WHOLE: Final = 0.9999
_ENVIRONMENT: Final = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_CACHEMAX": 64,
    "GDAL_NUM_THREADS": 1,
    "GDAL_HTTP_MAX_RETRY": 0,
}

DAMAGED: Final = message("weights.raster_damaged")
NO_SYSTEM: Final = message("weights.raster_without_system")
ROTATED: Final = message("weights.raster_rotated")
BANDS: Final = message("weights.raster_bands")
NOT_NUMBERS: Final = message("weights.raster_not_numbers")
ELSEWHERE: Final = message("weights.raster_not_over_district")
ALMOST: Final = message("weights.raster_almost_over_district")
TOO_FINE: Final = message("weights.raster_too_fine")
NOT_FINITE: Final = message("weights.raster_not_finite")
NEGATIVE: Final = message("weights.raster_negative")
MARK_TAKEN: Final = message("weights.raster_mark_taken")
NO_NODATA: Final = message("weights.raster_without_nodata")
IMPLAUSIBLE: Final = message("weights.raster_implausible")
TOP_OF_TYPE: Final = message("weights.raster_top_of_type")
NOT_BEYOND: Final = message("weights.raster_not_beyond")
NOBODY: Final = message("weights.raster_nobody")

Values = npt.NDArray[np.float64]


def cells_of(path: Path, order: Mapping[str, Any]) -> bytes:
    """Return the cells of a raster with people in them, that touch the district, as JSON.

    ``row`` and ``column`` of each, its ``weight``, the ``step`` and ``origin`` by which a row
    and column become coordinates, the ``system`` of those, and ``notes``.

    Parameters
    ----------
    path : pathlib.Path
        The file, named by us; opened as GTiff and as nothing else.
    order : Mapping
        ``name`` of the file; ``district``, its area in degrees as WKB in hexadecimal, and
        ``around``, the same with the margin within which cells are wanted too.

    Raises
    ------
    FileTypeError, FileTooLargeError, BadValueError
        As the sentences of this module say.
    """
    import rasterio  # noqa: PLC0415  (only ever loaded in the process with bounds)

    place = Place(file=order["name"])
    district, around = (shapely.from_wkb(order[name]) for name in ("district", "around"))
    with warnings.catch_warnings(), rasterio.Env(**_ENVIRONMENT):
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        try:
            with rasterio.open(path, driver="GTiff") as source:
                found = _Raster(source, district, around, place).read()
        except (rasterio.errors.RasterioError, rasterio.errors.CRSError) as error:
            raise _error(FileTypeError, DAMAGED, place, reason=str(error)) from error
    return orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY)


def _error(kind: type[InputError], sentence: Message, place: Place, /, **values: Any) -> InputError:
    return sentence.error(kind, place=place, **values)


class _Raster:
    """One raster and the district, while its window is read."""

    def __init__(
        self, source: Any, district: BaseGeometry, around: BaseGeometry, place: Place
    ) -> None:
        self.source, self.district, self.around, self.place = source, district, around, place
        self.notes: list[Note] = []

    def read(self) -> dict[str, Any]:
        """Return what :func:`cells_of` returns, before it is JSON."""
        crs = self._check()
        top, left, height, width = self._window(crs)
        window = ((top, top + height), (left, left + width))
        raw = self.source.read(1, window=window)
        there = self.source.read_masks(1, window=window) > 0
        at_top = there & _at_top(raw)
        values = raw.astype(np.float64) * self.source.scales[0] + self.source.offsets[0]
        near = self._near(self.district, crs, top, left, values.shape)
        around = self._near(self.around, crs, top, left, values.shape)
        if self.source.nodata is None and there.all() and not (values < 0).any():
            self.notes.append(NO_NODATA.note())
        # Beyond the district what cannot be people is nobody's business.
        could = (values > 0) & (values <= MOST_PEOPLE) & ~at_top
        beyond = np.where(there & around & ~near & could, values, 0.0)
        values = self._people(values, there & near)
        self._check_top(raw, at_top & near)
        if not (values > 0).any():
            raise _error(BadValueError, NOBODY, self.place)
        values = values + beyond
        row, column = np.nonzero(values > 0)
        step = self.source.transform
        return {
            "row": row + top,
            "column": column + left,
            "weight": values[row, column],
            "step": [step.a, step.e],
            "origin": [step.c, step.f],
            "columns": self.source.width,
            "system": crs.to_wkt(),
            "remarks": [[one.code, one.zh, one.en] for one in self.notes],
        }

    def _check(self) -> CRS:
        """Return the system of a raster that is one band of numbers, north up."""
        source, step = self.source, self.source.transform
        if source.crs is None or step.is_identity:
            raise _error(FileTypeError, NO_SYSTEM, self.place)
        if step.b or step.d or not step.a or not step.e:
            raise _error(FileTypeError, ROTATED, self.place)
        if source.count != 1:
            raise _error(FileTypeError, BANDS, self.place, count=source.count)
        kind = np.dtype(source.dtypes[0])
        if kind.kind not in "iuf":
            raise _error(FileTypeError, NOT_NUMBERS, self.place, kind=str(kind))
        crs = declared_system(Part(None, features=[], system=source.crs.to_wkt()), self._name)
        assert crs is not None  # noqa: S101  (it was declared)
        return crs

    @property
    def _name(self) -> str:
        return self.place.file or ""

    def _window(self, crs: CRS) -> tuple[int, int, int, int]:
        """Return the first row and column of the district's window, and its size."""
        change = Transformer.from_crs(STORAGE_CRS, crs, always_xy=True)
        self._check_cover(change)
        top, left, height, width = self._window_of(self.around, change)
        if height * width > MAX_PIXELS:
            self.around = self.district
            self.notes.append(NOT_BEYOND.note())
            top, left, height, width = self._window_of(self.district, change)
        if height * width > MAX_PIXELS:
            raise _error(
                FileTooLargeError,
                TOO_FINE,
                self.place,
                count=f"{height * width:,}",
                limit=f"{MAX_PIXELS:,}",
            )
        return top, left, height, width

    def _window_of(self, area: BaseGeometry, change: Transformer) -> tuple[int, int, int, int]:
        west, south, east, north = change.transform_bounds(*area.bounds, densify_pts=21)
        step = self.source.transform
        columns = sorted(((west - step.c) / step.a, (east - step.c) / step.a))
        rows = sorted(((north - step.f) / step.e, (south - step.f) / step.e))
        left, right = _clipped(columns, self.source.width)
        top, bottom = _clipped(rows, self.source.height)
        return top, left, bottom - top, right - left

    def _check_cover(self, change: Transformer) -> None:
        moved = shapely.transform(
            self.district, lambda at: np.column_stack(change.transform(at[:, 0], at[:, 1]))
        )
        moved = moved if moved.is_valid else shapely.make_valid(moved)
        found = self.source.bounds
        low, high = sorted((found.bottom, found.top))
        left, right = sorted((found.left, found.right))
        inside = shapely.intersection(moved, shapely.box(left, low, right, high)).area
        share = inside / moved.area if moved.area else 0.0
        told = f"{share:.1%}"
        if share < _LEAST_COVERED:
            raise _error(BadValueError, ELSEWHERE, self.place, share=told)
        if share < _WHOLE:
            self.notes.append(ALMOST.note(share=told))

    def _near(
        self, place: BaseGeometry, crs: CRS, top: int, left: int, shape: tuple[int, ...]
    ) -> npt.NDArray[np.bool_]:
        """Return which pixels of a window touch an area, or nearly so."""
        step = self.source.transform
        x = step.c + (left + np.arange(shape[1]) + 0.5) * step.a
        y = step.f + (top + np.arange(shape[0]) + 0.5) * step.e
        grid_x, grid_y = np.meshgrid(x, y)
        change = Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
        longitude, latitude = change.transform(grid_x, grid_y)
        reach = self._half_diagonal(change, x, y)
        area = shapely.buffer(place, reach)
        shapely.prepare(area)
        return np.asarray(shapely.contains_xy(area, longitude, latitude), dtype=bool)

    def _half_diagonal(self, change: Transformer, x: Values, y: Values) -> float:
        """Return half the diagonal of a pixel in degrees."""
        step = self.source.transform
        ends = change.transform([x[0], x[0] + step.a], [y[0], y[0] + step.e])
        return float(np.hypot(ends[0][1] - ends[0][0], ends[1][1] - ends[1][0])) / 2

    def _check_top(self, raw: npt.NDArray[Any], at_top: npt.NDArray[np.bool_]) -> None:
        """Refuse whole numbers that are the greatest of their type: no count stops just there."""
        if at_top.any():
            told = {"count": f"{int(at_top.sum()):,}", "value": f"{raw[at_top][0]:,}"}
            raise _error(BadValueError, TOP_OF_TYPE, self.place, kind=str(raw.dtype), **told)

    def _people(self, values: Values, there: npt.NDArray[np.bool_]) -> Values:
        """Return the people of each pixel, 0 where it is missing; no negative is ever people."""
        odd = there & ~np.isfinite(values)
        if odd.any():
            raise _error(BadValueError, NOT_FINITE, self.place, count=f"{int(odd.sum()):,}")
        negative = there & (values < 0)
        declared = self.source.nodata is not None
        if negative.any():
            marks = np.unique(values[negative])
            told = {"count": f"{int(negative.sum()):,}", "value": f"{marks[0]:.10g}"}
            if declared or len(marks) > 1:
                raise _error(BadValueError, NEGATIVE, self.place, **told)
            self.notes.append(MARK_TAKEN.note(**told))
            there = there & ~negative
        most = float(values[there].max(initial=0.0))
        if most > MOST_PEOPLE:
            raise _error(BadValueError, IMPLAUSIBLE, self.place, value=f"{most:.10g}")
        return np.where(there, values, 0.0)


def _at_top(raw: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    if raw.dtype.kind not in "iu":
        return np.zeros(raw.shape, dtype=bool)
    return np.asarray(raw == np.iinfo(raw.dtype).max, dtype=bool)


def _clipped(span: list[float], size: int) -> tuple[int, int]:
    """Return the pixels of a span, one more at each side, within a raster's size."""
    low, high = int(np.floor(span[0])) - 1, int(np.ceil(span[1])) + 1
    return max(0, min(low, size)), max(0, min(high, size))
