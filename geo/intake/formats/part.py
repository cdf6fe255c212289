"""What a reader of any format hands on: the parts of a file, each a table or a layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.core.messages import Remark
from geo.intake.rows import Row, Sheet

Merged = tuple[int, int, int, int]
"""First row and column, last row and column of merged cells, from 1."""


@dataclass(frozen=True)
class Feature:
    """One feature: its number from 1, its properties, its geometry as GeoJSON says it, its id."""

    number: int
    properties: dict[str, Any]
    geometry: dict[str, Any] | None
    id: str | int | None = None


@dataclass(frozen=True)
class Part:
    """A sheet of a workbook, a text table, or a layer of features.

    Attributes
    ----------
    name : str or None
        Of the sheet or layer; None in formats that have none.
    rows : sequence of Row
        Of a table: those that are not blank. A layer has none.
    features : sequence of Feature or None
        Of a layer; None of a table.
    hidden : bool
        Whether the sender has hidden the sheet.
    merged : tuple of Merged
        Ranges of merged cells.
    delimited : bool
        Whether a row longer than the headings means that a comma has shifted it.
    system : str or None
        The coordinate system that a layer declares, as EPSG:... or WKT.
    remarks : tuple of Remark
        What the reader did beyond reading, such as taking text for GB18030.
    """

    name: str | None
    rows: Sequence[Row] = ()
    features: Sequence[Feature] | None = None
    hidden: bool = False
    merged: tuple[Merged, ...] = ()
    delimited: bool = False
    system: str | None = None
    remarks: tuple[Remark, ...] = ()

    def sheet(self, file: str) -> Sheet:
        """Return a table's rows with the name of their file."""
        return Sheet(file, self.name, self.rows, self.delimited)
