"""The coordinate systems of a district: kept, measured and served.

Kept in CGCS2000 (EPSG:4490), measured in CGCS2000 3-degree Gauss-Kruger of the
district's own meridian, served as longitude and latitude of RFC 7946, from
which CGCS2000 differs by centimetres.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
from pyproj import CRS

from geo.core.errors import BoundaryError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.core")

STORAGE_CRS: Final = CRS.from_epsg(4490)
"""CGCS2000, longitude and latitude in degrees: what the store keeps."""

_FIRST_MERIDIAN, _LAST_MERIDIAN, _ZONE_WIDTH = 75, 135, 3
_FIRST_EPSG_WITHOUT_ZONE, _FIRST_EPSG_WITH_ZONE = 4534, 4513


def central_meridian(longitude: float) -> int:
    """Return the 3-degree meridian nearest to a longitude, in degrees east.

    Raises
    ------
    BoundaryError
        The longitude lies outside the zones of CGCS2000 (73.5 to 136.5 degrees east).

    Examples
    --------
    >>> central_meridian(111.47), central_meridian(112.6)
    (111, 114)
    """
    meridian = round(longitude / _ZONE_WIDTH) * _ZONE_WIDTH
    if not _FIRST_MERIDIAN <= meridian <= _LAST_MERIDIAN:
        raise BoundaryError(**TEXT.both("longitude_outside_zones", longitude=longitude))
    return meridian


def measuring_crs(longitude: float) -> CRS:
    """Return CGCS2000 / 3-degree Gauss-Kruger without zone prefix, in metres.

    Parameters
    ----------
    longitude : float
        Of the district's middle, degrees east.

    Examples
    --------
    >>> measuring_crs(111.47).to_epsg(), measuring_crs(116.4).to_epsg()
    (4546, 4548)
    """
    steps = (central_meridian(longitude) - _FIRST_MERIDIAN) // _ZONE_WIDTH
    return CRS.from_epsg(_FIRST_EPSG_WITHOUT_ZONE + steps)


def zoned_crs(measuring: CRS) -> CRS:
    """Return a measuring system with the zone before the easting.

    Examples
    --------
    >>> zoned_crs(measuring_crs(111.47)).to_epsg()
    4525
    """
    steps = int(measuring.to_epsg() or 0) - _FIRST_EPSG_WITHOUT_ZONE
    return CRS.from_epsg(_FIRST_EPSG_WITH_ZONE + steps)


def measuring_crs_of(frame: gpd.GeoDataFrame) -> CRS:
    """Return the measuring system for a frame in CGCS2000, by the middle of its extent.

    Examples
    --------
    >>> from shapely import box
    >>> frame = gpd.GeoDataFrame(geometry=[box(111.3, 27.0, 111.6, 27.3)], crs=STORAGE_CRS)
    >>> measuring_crs_of(frame).to_epsg()
    4546
    """
    west, _, east, _ = frame.total_bounds
    return measuring_crs((west + east) / 2)
