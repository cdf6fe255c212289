"""Features as RFC 7946 asks for them; no other module knows GeoJSON's output.

Longitude before latitude, seven decimals (a centimetre), exterior rings
anticlockwise, no ``crs`` member, unknown as null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import shapely

from geo.errors import QueryError
from geo.plain import Record, records

DECIMALS: Final = 7
_BBOX_NUMBERS: Final = 4
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
        What they can be picked by.
    """

    encoded: npt.NDArray[np.object_]
    geometry: npt.NDArray[np.object_]
    attributes: Mapping[str, npt.NDArray[np.object_]]

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
        keep = np.ones(len(self.encoded), dtype=bool)
        for name, value in (wanted or {}).items():
            keep &= self.attributes[name] == value
        if bbox is not None:
            keep &= shapely.intersects(self.geometry, shapely.box(*bbox))
        return np.flatnonzero(keep)


def encode(frame: gpd.GeoDataFrame, *, pick_by: tuple[str, ...] = ()) -> FeatureSet:
    """Encode each row of a frame as a Feature whose id is the row's index.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Geometry in longitude and latitude; every other column becomes a property.
    pick_by : tuple of str
        The columns by which features will be picked.

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
    rows = zip(ordered.index, geometry_json(np.asarray(shapes)), properties, strict=True)
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
        attributes={name: ordered[name].to_numpy(dtype=object) for name in pick_by},
    )


def geometry_json(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the GeoJSON text of each geometry, None where there is none.

    Examples
    --------
    >>> geometry_json(np.array([shapely.box(0, 0, 1, 1)]))[0]
    '{"type":"Polygon","coordinates":[[[1.0,0.0],[1.0,1.0],[0.0,1.0],[0.0,0.0],[1.0,0.0]]]}'
    """
    rounded = shapely.transform(shapes, lambda numbers: np.round(numbers, DECIMALS))
    oriented = shapely.orient_polygons(rounded, exterior_cw=False)
    return np.asarray(shapely.to_geojson(oriented), dtype=object)


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


def parse_bbox(text: str) -> Bbox:
    """Return the four numbers of a ``bbox`` parameter.

    Raises
    ------
    QueryError
        There are not four finite numbers, they lie outside longitude and
        latitude, or the west or south edge lies beyond its opposite.

    Examples
    --------
    >>> parse_bbox("111.3,27,111.6,27.3")
    (111.3, 27.0, 111.6, 27.3)
    """
    parts = text.split(",")
    try:
        numbers = [float(part) for part in parts if part.isascii()]
    except ValueError:
        numbers = []
    west, south, east, north = (
        numbers if len(numbers) == len(parts) == _BBOX_NUMBERS else [np.nan] * 4
    )
    if not (-_MAX_LON <= west <= east <= _MAX_LON and -_MAX_LAT <= south <= north <= _MAX_LAT):
        raise QueryError(
            zh="bbox 应为四个数：西,南,东,北（经纬度，西≤东，南≤北），如 111.3,27.0,111.6,27.3。",
            en="bbox takes four numbers: west,south,east,north in degrees, "
            "such as 111.3,27.0,111.6,27.3.",
        )
    return west, south, east, north


def as_values(encoded: bytes) -> Any:
    """Return a GeoJSON text as plain values, for those who embed it in another document."""
    return orjson.loads(encoded)
