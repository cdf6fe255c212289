"""Geometry as GeoPackage keeps it: a short header with the bounding box, then WKB.

The layout is that of OGC 12-128r17 (GeoPackage 1.3), section 2.1.3.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import ShapelyError

from geo.core.errors import DataError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.store")

Geometries = npt.NDArray[np.object_]
Bounds = npt.NDArray[np.float64]
Envelope = tuple[float, float, float, float]
"""Least and greatest x, then least and greatest y."""

_MAGIC: Final = b"GP"
_HEADER: Final = struct.Struct("<2sBBi")
_LITTLE_ENDIAN_WITH_ENVELOPE: Final = 0b0000_0011
_EMPTY: Final = 0b0001_0000
_EXTENDED: Final = 0b0010_0000
_ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)
"""By the envelope code in bits 1 to 3 of the flags; codes 5 to 7 are invalid."""
_XXYY: Final = [0, 2, 1, 3]


def bounds_of(geometries: Geometries) -> Bounds:
    """Return an (n, 4) array of :data:`Envelope` rows; NaN where missing or empty.

    Examples
    --------
    >>> bounds_of(np.array([shapely.Point(111, 27), None]))[0].tolist()
    [111.0, 111.0, 27.0, 27.0]
    """
    return np.ascontiguousarray(shapely.bounds(geometries)[:, _XXYY], dtype="<f8")


def encode(geometries: Geometries, srs_id: int) -> list[bytes | None]:
    """Return geometries as blobs, little-endian, in two dimensions and with their envelope.

    Parameters
    ----------
    geometries : numpy.ndarray
        Shapely geometries; None and empty ones give None.
    srs_id : int
        Of the coordinate system, as in ``gpkg_spatial_ref_sys``.

    Raises
    ------
    DataError
        A coordinate is not a finite number.

    Examples
    --------
    >>> encode(np.array([shapely.Point(111, 27), None]), 4490)[0][:8].hex()
    '475000038a110000'
    """
    bounds = bounds_of(geometries)
    known = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    if not np.isfinite(shapely.get_coordinates(geometries)).all():
        raise DataError(**TEXT.both("coordinate_not_finite"))
    header = _HEADER.pack(_MAGIC, 0, _LITTLE_ENDIAN_WITH_ENVELOPE, srs_id)
    texts = shapely.to_wkb(geometries, byte_order=1, output_dimension=2)
    boxes = bounds.tobytes()
    size = _ENVELOPE_BYTES[1]
    return [
        header + boxes[row * size : (row + 1) * size] + text if kept else None
        for row, (text, kept) in enumerate(zip(texts.tolist(), known.tolist(), strict=True))
    ]


def decode(blobs: Sequence[bytes | None]) -> Geometries:
    """Return blobs, also those that other programs wrote, as shapely geometries.

    Raises
    ------
    DataError
        A blob is not a GeoPackage geometry.

    Examples
    --------
    >>> decode(encode(np.array([shapely.Point(111, 27), None]), 4490)).tolist()
    [<POINT (111 27)>, None]
    """
    texts = np.empty(len(blobs), dtype=object)
    texts[:] = [None if blob is None else _wkb(blob) for blob in blobs]
    try:
        return np.asarray(shapely.from_wkb(texts), dtype=object)
    except ShapelyError as error:
        raise _broken() from error


def envelope(blob: bytes) -> Envelope | None:
    """Return a blob's bounding box, from its header or else its coordinates; None when empty.

    Raises
    ------
    DataError
        It is not a GeoPackage geometry.

    Examples
    --------
    >>> envelope(encode(np.array([shapely.box(1, 2, 3, 4)]), 4490)[0])
    (1.0, 3.0, 2.0, 4.0)
    """
    if is_empty(blob):
        return None
    start, end = _HEADER.size, _header_bytes(blob)
    if end > start:
        order = "<" if blob[3] & 1 else ">"
        west, east, south, north = struct.unpack_from(f"{order}4d", blob, start)
        return west, east, south, north
    west, east, south, north = bounds_of(decode([blob]))[0].tolist()
    return None if np.isnan(west) else (west, east, south, north)


def is_empty(blob: bytes) -> bool:
    """Return whether a blob says of itself that it holds no coordinate.

    Examples
    --------
    >>> is_empty(encode(np.array([shapely.Point(1, 2)]), 4490)[0])
    False
    """
    _header_bytes(blob)
    return bool(blob[3] & _EMPTY)


def _wkb(blob: bytes) -> bytes | None:
    size = _header_bytes(blob)
    return None if blob[3] & _EMPTY else blob[size:]


def _header_bytes(blob: bytes) -> int:
    if len(blob) < _HEADER.size or blob[:2] != _MAGIC or blob[3] & _EXTENDED:
        raise _broken()
    code = blob[3] >> 1 & 0b111
    if code >= len(_ENVELOPE_BYTES) or len(blob) < _HEADER.size + _ENVELOPE_BYTES[code]:
        raise _broken()
    return _HEADER.size + _ENVELOPE_BYTES[code]


def _broken() -> DataError:
    return DataError(**TEXT.both("stored_geometry_broken"))


def sql_functions() -> dict[str, Any]:
    """Return the five functions that the R-tree triggers call, by their SQL names.

    Examples
    --------
    >>> sorted(sql_functions())
    ['ST_IsEmpty', 'ST_MaxX', 'ST_MaxY', 'ST_MinX', 'ST_MinY']
    """

    def side(position: int) -> Any:
        def of(blob: bytes | None) -> float | None:
            box = None if blob is None else envelope(blob)
            return None if box is None else box[position]

        return of

    def empty(blob: bytes | None) -> bool | None:
        return None if blob is None else envelope(blob) is None

    names = ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")
    return {"ST_IsEmpty": empty} | {name: side(row) for row, name in enumerate(names)}
