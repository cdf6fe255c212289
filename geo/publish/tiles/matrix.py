"""WebMercatorQuad: the squares that web maps cut the world into (OGC 17-083r4, D.1)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from geo.core.errors import NotFoundError, QueryError
from geo.core.json_values import Record
from geo.core.output_systems import WEB_MERCATOR, epsg_uri
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.publish")

TILE_MATRIX_SET: Final = "WebMercatorQuad"
MOST_ZOOM: Final = 24
"""A pixel of 1 cm: nothing is known closer."""

_RADIUS_M: Final = 6_378_137.0
_HALF_M: Final = math.pi * _RADIUS_M
"""From the middle of the square to its edge."""

_MOST_LAT: Final = math.degrees(math.atan(math.sinh(math.pi)))
_PIXELS: Final = 256
_PIXEL_M: Final = 0.000_28
"""Of a screen, as the standard has it."""

_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Tile:
    """One square: its zoom (tile matrix), row from the north and column from the west."""

    zoom: int
    row: int
    col: int

    @property
    def size_m(self) -> float:
        """The length of its side in metres of EPSG:3857."""
        return 2 * _HALF_M / (1 << self.zoom)

    @property
    def west_north(self) -> tuple[float, float]:
        """Its corner in EPSG:3857, from which it is drawn."""
        return self.col * self.size_m - _HALF_M, _HALF_M - self.row * self.size_m

    def bounds(self, margin: float = 0) -> Bounds:
        """Return west, south, east and north in EPSG:3857.

        Parameters
        ----------
        margin : float
            By which part of its side it reaches further on each side.

        Examples
        --------
        >>> [round(number) for number in Tile(1, 0, 1).bounds()]
        [0, 0, 20037508, 20037508]
        """
        west, north = self.west_north
        more = margin * self.size_m
        return west - more, north - self.size_m - more, west + self.size_m + more, north + more

    @property
    def children(self) -> tuple[Tile, ...]:
        """The four tiles of the next zoom that it falls into."""
        return tuple(
            Tile(self.zoom + 1, 2 * self.row + down, 2 * self.col + right)
            for down in (0, 1)
            for right in (0, 1)
        )


def tile_named(zoom: str, row: str, col: str) -> Tile:
    """Return the tile of an address.

    Raises
    ------
    QueryError
        A part of it is no number.
    NotFoundError
        It lies beyond the matrix.

    Examples
    --------
    >>> tile_named("1", "0", "1")
    Tile(zoom=1, row=0, col=1)
    """
    parts = (zoom, row, col)
    if not all(_NUMBER.fullmatch(part) for part in parts):
        raise QueryError(**TEXT.both("malformed_tile_address"))
    found = Tile(*map(int, parts))
    if found.zoom > MOST_ZOOM:
        raise NotFoundError(**TEXT.both("there_is_no_such_zoom", most_zoom=MOST_ZOOM))
    last = (1 << found.zoom) - 1
    if max(found.row, found.col) > last:
        raise NotFoundError(**TEXT.both("no_such_tile", zoom=found.zoom, last=last))
    return found


def tile_of(longitude: float, latitude: float, zoom: int) -> Tile:
    """Return the tile in which a place lies; beyond 85.05° the outermost.

    Examples
    --------
    大祥区, 111.46° E 27.23° N:

    >>> tile_of(111.46, 27.23, 10)
    Tile(zoom=10, row=431, col=829)
    """
    count = 1 << zoom
    angle = math.radians(max(-_MOST_LAT, min(_MOST_LAT, latitude)))
    x = (longitude + 180) / 360
    y = (1 - math.asinh(math.tan(angle)) / math.pi) / 2
    return Tile(zoom, *(max(0, min(count - 1, math.floor(part * count))) for part in (y, x)))


def tile_matrix_set(last: int = MOST_ZOOM) -> Record:
    """Return the definition of the tile matrix set, as the standard writes it.

    Examples
    --------
    >>> tile_matrix_set()["tileMatrices"][0]["scaleDenominator"]
    559082264.0287178
    """
    return {
        "id": TILE_MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{TILE_MATRIX_SET}",
        "crs": epsg_uri(WEB_MERCATOR),
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(last + 1)],
    }


def _matrix(zoom: int) -> Record:
    cell = 2 * _HALF_M / _PIXELS / (1 << zoom)
    return {
        "id": str(zoom),
        "scaleDenominator": cell / _PIXEL_M,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-_HALF_M, _HALF_M],
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": 1 << zoom,
        "matrixHeight": 1 << zoom,
    }
