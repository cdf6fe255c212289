"""Columns as arrays, and truth with three values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from geo.core.errors import TableError
from geo.core.sentences import Sentences

TEXT: Final = Sentences("geo.publish")

OperandKind = Literal["text", "number", "boolean", "instant", "geometry", "list", "interval"]


@dataclass(frozen=True, slots=True)
class Cells:
    """Values and, of the same shape, which of them are unknown.

    Either is an array with one element for each row, or a single value for all rows.
    What stands at an unknown value means nothing.
    """

    values: Any
    unknown: Any


@dataclass(frozen=True, slots=True)
class Truth:
    """For each row whether it holds, and whether it does not; neither is unknown.

    Examples
    --------
    >>> import numpy as np
    >>> known = Truth(np.array([True, False, False]), np.array([False, True, False]))
    >>> (~known).holds.tolist(), (known | ~known).holds.tolist()
    ([False, True, False], [True, True, False])
    """

    holds: Any
    fails: Any

    @classmethod
    def of(cls, outcome: Any, unknown: Any) -> Truth:
        """Return the truth of an outcome where it is known."""
        outcome, known = np.asarray(outcome, dtype=bool), ~np.asarray(unknown, dtype=bool)
        return cls(outcome & known, ~outcome & known)

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.holds & other.holds, self.fails | other.fails)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.holds | other.holds, self.fails & other.fails)

    def __invert__(self) -> Truth:
        return Truth(self.fails, self.holds)


@dataclass(slots=True)
class CellTable:
    """The rows that a filter is held against; each column is converted once."""

    columns: Mapping[str, Any]
    geometry: Any
    count: int
    _kept: dict[Hashable, Cells] = field(default_factory=dict)

    def column(self, name: str, kind: OperandKind) -> Cells:
        """Return a column as cells.

        Raises
        ------
        TableError
            The column is not among those that were handed over.
        """
        return self.kept(name, lambda: self._convert(name, kind))

    def kept(self, key: Hashable, make: Callable[[], Cells]) -> Cells:
        """Return cells that were made before, or make them."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def _convert(self, name: str, kind: OperandKind) -> Cells:
        column = self.geometry if kind == "geometry" else self.columns.get(name)
        if column is None:
            raise TableError(**TEXT.both("column_is_missing", name=name))
        return _CONVERSIONS[kind](column)


def _texts(column: Any) -> Cells:
    values = np.asarray(column, dtype=object)
    unknown = pd.isna(values)
    return Cells(np.where(unknown, "", values) if unknown.any() else values, unknown)


def _numbers(column: Any) -> Cells:
    if isinstance(column, np.ndarray) and column.dtype.kind in "fiu":
        values = column.astype(np.float64)
    else:
        values = pd.Series(column).to_numpy(dtype=np.float64, na_value=np.nan)
    return Cells(values, ~np.isfinite(values))


def _booleans(column: Any) -> Cells:
    series = pd.Series(column)
    unknown = series.isna().to_numpy()
    values = np.zeros(len(series), dtype=bool)
    values[~unknown] = series[~unknown].to_numpy(dtype=bool)
    return Cells(values, unknown)


def _instants(column: Any) -> Cells:
    values = np.asarray(column)
    if values.dtype.kind != "M":
        moments = pd.to_datetime(pd.Series(column), format="ISO8601", errors="coerce", utc=True)
        values = moments.dt.tz_localize(None).to_numpy()
    values = values.astype("datetime64[us]")
    return Cells(values, np.isnat(values))


def _geometries(column: Any) -> Cells:
    values = np.asarray(column, dtype=object)
    return Cells(values, pd.isna(values))


def _lists(column: Any) -> Cells:
    known = np.array([isinstance(each, list | tuple | set | frozenset) for each in column], bool)
    values = np.empty(len(known), dtype=object)
    values[:] = [
        frozenset(each) if ok else frozenset() for each, ok in zip(column, known, strict=True)
    ]
    return Cells(values, ~known)


_CONVERSIONS: dict[OperandKind, Callable[[Any], Cells]] = {
    "text": _texts,
    "number": _numbers,
    "boolean": _booleans,
    "instant": _instants,
    "geometry": _geometries,
    "list": _lists,
}
