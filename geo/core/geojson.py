"""Features as RFC 7946 asks for them; no other module knows GeoJSON's output.

Longitude before latitude, seven decimals (a centimetre), exterior rings
anticlockwise, no ``crs`` member, unknown as null.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import shapely

from geo.core.errors import QueryError
from geo.core.json_values import Record, records
from geo.core.output_systems import OutputSystem
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.core")

DECIMALS: Final = 7
_LONG: Final = re.compile(r"\d+\.\d{9,}")
_BBOX_NUMBERS: Final = (4, 6)
_MAX_LON, _MAX_LAT = 180.0, 90.0

Bbox = tuple[float, float, float, float]


@dataclass(frozen=True)
class FeatureSet:
    """Features encoded once, to be picked from many times.

    Attributes
    ----------
    encoded : numpy.ndarray of object
        The bytes of each feature, in the order of their ids.
    geometry : numpy.ndarray of object
        Their geometries, for the bounding box.
    attributes : Mapping[str, numpy.ndarray]
        What they can be picked, filtered and sorted by: numbers as float64, days as
        datetime64, else objects; unknown as NaN, NaT or None.
    ids : Mapping[str, int]
        The row of each id.
    """

    encoded: npt.NDArray[np.object_]
    geometry: npt.NDArray[np.object_]
    attributes: Mapping[str, npt.NDArray[Any]]
    ids: Mapping[str, int]

    def pick(
        self, *, bbox: Bbox | None = None, wanted: Mapping[str, str] | None = None
    ) -> npt.NDArray[np.intp]:
        """Return the rows of the features that intersect a box and have the values wanted.

        Parameters
        ----------
        bbox : tuple of float, optional
            West, south, east, north in degrees; features without a position do
            not intersect it.
        wanted : Mapping[str, str], optional
            Attribute to value; all must hold.
        """
        if bbox is None and not wanted:
            return np.arange(len(self.encoded))
        keep = np.ones(len(self.encoded), dtype=bool)
        for name, value in (wanted or {}).items():
            keep &= self.attributes[name] == value
        if bbox is not None:
            keep &= shapely.intersects(self.geometry, shapely.box(*bbox))
        return np.flatnonzero(keep)


def encode(
    frame: gpd.GeoDataFrame,
    *,
    pick_by: tuple[str, ...] = (),
    system: OutputSystem | None = None,
) -> FeatureSet:
    """Encode each row of a frame as a Feature whose id is the row's index.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Geometry in longitude and latitude; every other column becomes a property.
    pick_by : tuple of str
        The columns by which features will be picked.
    system : OutputSystem, optional
        In which coordinates are written; longitude and latitude unless one is given.

    Returns
    -------
    FeatureSet
        Ordered by id, so that the same question gives the same bytes.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(111.123456789, 27)],
    ...                          index=["a"])
    >>> encode(frame).encoded[0].decode()[:72]
    '{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[111'
    """
    ordered = frame.sort_index()
    shapes = ordered.geometry.array
    properties = records(pd.DataFrame(ordered.drop(columns=ordered.geometry.name)))
    texts = geometry_json(np.asarray(shapes), system)
    rows = zip(ordered.index, texts, properties, strict=True)
    encoded = [
        orjson.dumps(
            {
                "type": "Feature",
                "id": key,
                "geometry": None if shape is None else orjson.Fragment(shape),
                "properties": values,
            },
            option=orjson.OPT_SERIALIZE_NUMPY,
        )
        for key, shape, values in rows
    ]
    return FeatureSet(
        encoded=np.array(encoded, dtype=object),
        geometry=np.asarray(shapes),
        attributes={name: _asked_by(ordered[name]) for name in pick_by},
        ids={str(key): row for row, key in enumerate(ordered.index)},
    )


def _asked_by(column: pd.Series) -> npt.NDArray[Any]:
    """Return a column as filters and sorting take it."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return np.asarray(column.to_numpy(dtype="datetime64[D]"))
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)  # type: ignore[no-any-return]
    return column.astype(object).where(column.notna(), None).to_numpy(dtype=object)  # type: ignore[no-any-return]


def geometry_json(
    shapes: npt.NDArray[np.object_], system: OutputSystem | None = None
) -> npt.NDArray[np.object_]:
    """Return the GeoJSON text of each geometry, None where there is none.

    Examples
    --------
    >>> geometry_json(np.array([shapely.box(0, 0, 1, 1)]))[0]
    '{"type":"Polygon","coordinates":[[[1.0,0.0],[1.0,1.0],[0.0,1.0],[0.0,0.0],[1.0,0.0]]]}'
    """
    rounded = shapely.transform(shapes, lambda numbers: np.round(numbers, DECIMALS))
    oriented = shapely.orient_polygons(rounded, exterior_cw=False)
    written = oriented if system is None else system.written(oriented)
    return np.array([_short(text) for text in shapely.to_geojson(written)], dtype=object)


def _short(text: str | None) -> str | None:
    """Return a text with each number in its shortest form: GEOS writes some with all digits."""
    return text and _LONG.sub(lambda found: repr(float(found[0])), text)


def collection(
    features: FeatureSet,
    rows: npt.NDArray[np.intp],
    *,
    members: Record,
) -> bytes:
    """Return a FeatureCollection of the rows picked, with foreign members beside them.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"n": [1]}, geometry=[None], index=["a"])
    >>> features = encode(frame)
    >>> collection(features, features.pick(), members={"numberMatched": 1}).decode()[-76:]
    '"Feature","id":"a","geometry":null,"properties":{"n":1}}],"numberMatched":1}'
    """
    body = b",".join(features.encoded[rows].tolist())
    rest = orjson.dumps(members, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]
    tail = b"," + rest if rest else b""
    return b'{"type":"FeatureCollection","features":[' + body + b"]" + tail + b"}"


def reduced(
    features: FeatureSet,
    rows: npt.NDArray[np.intp],
    *,
    properties: Collection[str] | None = None,
    geometry: bool = True,
) -> FeatureSet:
    """Return features of which some rows carry fewer properties, or no geometry.

    Parameters
    ----------
    features : FeatureSet
        Never changed.
    rows : numpy.ndarray of int
        The rows that will be written.
    properties : collection of str, optional
        Those that stay; all unless given.
    geometry : bool
        Whether geometries stay.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"n": [1], "m": [2]}, geometry=[None], index=["a"])
    >>> reduced(encode(frame), np.array([0]), properties=["m"]).encoded[0].decode()
    '{"type":"Feature","id":"a","geometry":null,"properties":{"m":2}}'
    """
    encoded = features.encoded.copy()
    for row in rows:
        one = orjson.loads(encoded[row])
        if properties is not None:
            kept = one["properties"].items()
            one["properties"] = {name: value for name, value in kept if name in properties}
        encoded[row] = orjson.dumps(one if geometry else one | {"geometry": None})
    return replace(features, encoded=encoded)


def bbox_numbers(text: str) -> Bbox:
    """Return the four numbers of a ``bbox`` parameter, of any system; heights are left out.

    Raises
    ------
    QueryError
        There are not four or six finite numbers, or an edge lies beyond its opposite.

    Examples
    --------
    >>> bbox_numbers("3011000,500000,3012000,501000")
    (3011000.0, 500000.0, 3012000.0, 501000.0)
    >>> bbox_numbers("111,27,0,112,28,900")
    (111.0, 27.0, 112.0, 28.0)
    """
    parts = text.split(",")
    try:
        numbers = [float(part) for part in parts if part.isascii()]
    except ValueError:
        numbers = []
    half = len(parts) // 2
    whole = len(numbers) == len(parts) and len(parts) in _BBOX_NUMBERS
    low, high = (numbers[:half], numbers[half:]) if whole else ([np.nan], [np.nan])
    if not (np.isfinite(numbers).all() and all(np.less_equal(low, high))):
        raise QueryError(**TEXT.both("malformed_bbox"))
    return low[0], low[1], high[0], high[1]


def parse_bbox(text: str) -> Bbox:
    """Return the four numbers of a ``bbox`` parameter in degrees.

    Raises
    ------
    QueryError
        As :func:`bbox_numbers`, or they lie outside of longitude and latitude.

    Examples
    --------
    >>> parse_bbox("111.3,27,111.6,27.3")
    (111.3, 27.0, 111.6, 27.3)
    """
    west, south, east, north = bbox_numbers(text)
    if not (-_MAX_LON <= west <= east <= _MAX_LON and -_MAX_LAT <= south <= north <= _MAX_LAT):
        raise QueryError(**TEXT.both("bbox_outside_the_world"))
    return west, south, east, north


def as_values(encoded: bytes) -> Any:
    """Return a GeoJSON text as plain values, for those who embed it in another document."""
    return orjson.loads(encoded)
