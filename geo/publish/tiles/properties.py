"""The properties of features as a tile keeps them: each value once, and numbers that name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.core.geojson import FeatureSet
from geo.core.schema import Column

ID: Final = "id"
"""The property that holds a feature's id; the format's own ids are numbers."""

_UNKNOWN: Final = -1

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PropertyTable:
    """Scalar properties of features, made once and read for each tile.

    Attributes
    ----------
    names : tuple of str
        Of the properties.
    values : tuple
        Every value that any of them has: text, float, int or bool.
    kinds : tuple of str
        As which field of the format each value is written.
    cells : numpy.ndarray of int
        A row for each feature, a column for each property: the number of its value in
        ``values``, -1 where unknown.
    """

    names: tuple[str, ...]
    values: tuple[Any, ...]
    kinds: tuple[str, ...]
    cells: Numbers

    @classmethod
    def of(cls, features: FeatureSet, columns: Sequence[Column]) -> Self:
        """Return the table of the columns that are no lists or objects, and the id.

        Examples
        --------
        >>> import geopandas as gpd
        >>> from geo.core.geojson import encode
        >>> frame = gpd.GeoDataFrame({"n": [2.5, None]}, geometry=[None] * 2, index=["a", "b"])
        >>> found = PropertyTable.of(encode(frame, pick_by=("n",)), [Column("n", "real", "", "")])
        >>> found.names, found.values, found.cells.tolist()
        (('id', 'n'), ('a', 'b', 2.5), [[0, 2], [1, -1]])
        """
        ids = np.array(list(features.ids), dtype=object)
        parts = [("string_value", *_coded(ids))]
        parts += [_part(column, features.attributes) for column in columns]
        cells: list[Numbers] = []
        values: list[Any] = []
        kinds: list[str] = []
        for kind, codes, found in parts:
            cells.append(np.where(codes == _UNKNOWN, _UNKNOWN, codes + len(values)))
            values += found
            kinds += [kind] * len(found)
        return cls(
            (ID, *(column.name for column in columns)),
            tuple(values),
            tuple(kinds),
            np.column_stack(cells).astype(np.int64),
        )

    def tags(self, rows: Numbers) -> tuple[list[list[int]], Numbers]:
        """Return what names the properties of some features, and which values they have.

        Returns
        -------
        tags : list of list of int
            For each row property and value by turns; values numbered as in ``used``.
        used : numpy.ndarray of int
            Into ``values``.
        """
        cells = self.cells[rows]
        known = cells != _UNKNOWN
        mask = np.zeros(len(self.values), dtype=bool)
        mask[cells[known]] = True
        numbers = np.cumsum(mask) - 1
        places = np.broadcast_to(np.arange(len(self.names)), cells.shape)
        flat = np.column_stack([places[known], numbers[cells[known]]]).ravel().tolist()
        ends = (2 * known.sum(axis=1).cumsum()).tolist()
        starts = [0, *ends[:-1]]
        tags = [flat[start:end] for start, end in zip(starts, ends, strict=True)]
        return tags, np.flatnonzero(mask)


def _coded(values: npt.NDArray[np.object_]) -> tuple[Numbers, list[Any]]:
    """Return the number of each value and the values, -1 where unknown."""
    codes, found = pd.factorize(values)
    return codes.astype(np.int64), list(found)


def _part(
    column: Column, attributes: Mapping[str, npt.NDArray[Any]]
) -> tuple[str, Numbers, list[Any]]:
    codes, found = _coded(attributes[column.name])
    if column.dtype == "real":
        return "double_value", codes, [float(value) for value in found]
    if column.dtype == "integer":
        return "int_value", codes, [int(value) for value in found]
    if column.dtype == "boolean":
        return "bool_value", codes, [bool(value) for value in found]
    if column.dtype == "date":
        return "string_value", codes, [str(np.datetime64(value, "D")) for value in found]
    return "string_value", codes, [str(value) for value in found]
