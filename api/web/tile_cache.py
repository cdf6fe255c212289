"""Tiles that were made lately, compressed once, within a bound of bytes."""

from __future__ import annotations

import gzip
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from cachetools import LRUCache

from geo.publish.tiles import EncodedTile

_MOST_BYTES: Final = 64 * 1024 * 1024
_LEAST_BYTES: Final = 512
"""Of an entry, with its key."""

_LEVEL: Final = 3


@dataclass(frozen=True)
class PackedTile:
    """A tile as it travels: gzip, as nearly every client takes it.

    Attributes
    ----------
    packed : bytes
        Empty where nothing lies in the tile.
    matched : int
        How many features lie in it.
    truncated : bool
        Whether not all are drawn.
    """

    packed: bytes
    matched: int
    truncated: bool

    @classmethod
    def of(cls, tile: EncodedTile) -> PackedTile:
        """Return a tile compressed; the same tile gives the same bytes.

        Examples
        --------
        >>> PackedTile.of(EncodedTile(b"x", 1)).plain
        b'x'
        """
        packed = gzip.compress(tile.content, _LEVEL, mtime=0) if tile.content else b""
        return cls(packed, tile.matched, tile.truncated)

    @property
    def plain(self) -> bytes:
        """The tile for a client that takes no compressed answer."""
        return gzip.decompress(self.packed) if self.packed else b""


class TileCache:
    """Keeps the tiles that were asked for last, by the answer that they are of."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._lock = Lock()
        self._tiles: LRUCache[Hashable, PackedTile] = LRUCache(
            most_bytes, getsizeof=lambda tile: len(tile.packed) + _LEAST_BYTES
        )

    def get(self, key: Hashable) -> PackedTile | None:
        """Return a tile if it is kept."""
        with self._lock:
            return self._tiles.get(key)

    def put(self, key: Hashable, tile: PackedTile) -> None:
        """Keep a tile, unless it alone is larger than the bound."""
        with self._lock:
            if self._tiles.getsizeof(tile) <= self._tiles.maxsize:
                self._tiles[key] = tile
