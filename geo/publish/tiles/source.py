"""A collection made ready to be cut into tiles (Mapbox Vector Tile 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from mapbox_vector_tile.Mapbox import vector_tile_pb2

from geo.core.geojson import FeatureSet
from geo.core.output_systems import OutputSystem
from geo.core.schema import Column
from geo.publish.tiles.matrix import Bounds, Tile
from geo.publish.tiles.properties import PropertyTable
from geo.publish.tiles.shapes import (
    BUFFER,
    EXTENT,
    POINT,
    Commands,
    Shapes,
    commands_of,
    drawn,
    mended,
    point_commands,
)

MOST_FEATURES: Final = 10_000
"""Of one tile; a map shows no more of them apart."""

_VERSION: Final = 2

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class EncodedTile:
    """The bytes of a tile, empty where nothing lies in it.

    Attributes
    ----------
    content : bytes
        As the format has it.
    matched : int
        How many features lie in it; more than :data:`MOST_FEATURES` are not all drawn.
    """

    content: bytes
    matched: int

    @property
    def truncated(self) -> bool:
        """Whether features were left out because there are too many."""
        return self.matched > MOST_FEATURES


class TileSource:
    """A collection made ready to be cut into tiles: its places in metres, found by a tree.

    Parameters
    ----------
    name : str
        Of the collection, which is also that of the layer.
    features : FeatureSet
        With geometry in degrees.
    columns : sequence of Column
        Which properties are written: those of ``features.attributes``, none of them nested.
    mercator : OutputSystem
        EPSG:3857.

    Attributes
    ----------
    bounds : tuple of float, optional
        West, south, east, north of all features, in degrees; None where none has a place.
    """

    def __init__(
        self,
        name: str,
        features: FeatureSet,
        columns: Sequence[Column],
        mercator: OutputSystem,
    ) -> None:
        self._name = name
        self.bounds = _bounds(features.geometry)
        self._places = mended(np.asarray(mercator.written(features.geometry), dtype=object))
        self._tree = shapely.STRtree(self._places)
        self._points = shapely.get_type_id(self._places) == shapely.GeometryType.POINT
        self._table = PropertyTable.of(features, columns)

    def rows_in(self, tile: Tile, kept: Rows | None = None) -> Rows:
        """Return the features that a tile may draw, in the order of their ids.

        Parameters
        ----------
        tile : Tile
            With its buffer.
        kept : numpy.ndarray of int, optional
            Of these only.
        """
        rows = np.sort(self._tree.query(shapely.box(*tile.bounds(BUFFER / EXTENT)), "intersects"))
        return rows if kept is None else np.intersect1d(rows, kept)

    def encode(self, tile: Tile, kept: Rows | None = None) -> EncodedTile:
        """Return a tile of the features, or of some of them.

        The same features give the same bytes. Where there are more than
        :data:`MOST_FEATURES`, the first by id are drawn.
        """
        found = self.rows_in(tile, kept)
        rows, kinds, commands = self._drawn(found[:MOST_FEATURES], tile)
        if not len(rows):
            return EncodedTile(b"", len(found))
        tags, used = self._table.tags(rows)
        whole = vector_tile_pb2.tile()
        layer = whole.layers.add(name=self._name, version=_VERSION, extent=EXTENT)
        layer.keys.extend(self._table.names)
        self._add_values(layer, used)
        add = layer.features.add
        for kind, own, numbers in zip(kinds, commands, tags, strict=True):
            feature = add(type=kind)
            feature.tags.extend(numbers)
            feature.geometry.extend(own)
        return EncodedTile(whole.SerializeToString(deterministic=True), len(found))

    def _add_values(self, layer: Any, used: npt.NDArray[np.int64]) -> None:
        add, table = layer.values.add, self._table
        for number in used.tolist():
            add(**{table.kinds[number]: table.values[number]})

    def _drawn(self, rows: Rows, tile: Tile) -> tuple[Rows, list[int], list[Commands]]:
        """Return which of the features are drawn, as what, and by which commands."""
        points = self._points[rows]
        if points.all():
            return rows, [POINT] * len(rows), point_commands(self._places[rows], tile)
        shapes = drawn(self._places[rows], tile)
        told = [commands_of(shape) for shape in shapes[~shapely.is_missing(shapes)]]
        kept = rows[~shapely.is_missing(shapes)]
        return kept, [kind for kind, _ in told], [own for _, own in told]


def _bounds(places: Shapes) -> Bounds | None:
    there = places[~(shapely.is_missing(places) | shapely.is_empty(places))]
    if not len(there):
        return None
    west, south, east, north = shapely.total_bounds(there).tolist()
    return west, south, east, north
