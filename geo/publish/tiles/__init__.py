"""Features cut into vector tiles: which tile, what lies in it, and its bytes."""

from geo.publish.tiles.matrix import (
    MOST_ZOOM,
    TILE_MATRIX_SET,
    Tile,
    tile_matrix_set,
    tile_named,
    tile_of,
)
from geo.publish.tiles.source import MOST_FEATURES, EncodedTile, TileSource

__all__ = [
    "MOST_FEATURES",
    "MOST_ZOOM",
    "TILE_MATRIX_SET",
    "EncodedTile",
    "Tile",
    "TileSource",
    "tile_matrix_set",
    "tile_named",
    "tile_of",
]
