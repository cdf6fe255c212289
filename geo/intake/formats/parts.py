"""What a reader of any format hands on: the parts of a file, each a table of rows or a layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from geo.core.errors import Place
from geo.core.messages import Note, Unreadable

Raw = str | int | float | bool | datetime | date | time | timedelta | Unreadable | None
"""A cell as its format gave it; None is empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank: its number, from 1 as Excel counts, and its cells."""

    number: int
    cells: tuple[Raw, ...]


@dataclass(frozen=True)
class Sheet:
    """One table of a file; its first row holds the headings.

    Attributes
    ----------
    file : str
        Name of the file as shown.
    name : str or None
        Name of the sheet, None in formats that have none.
    rows : sequence of Row
        Blank ones left out, so numbers may skip.
    delimited : bool
        Whether a row longer than the headings means that a comma has shifted it.
    """

    file: str
    name: str | None
    rows: Sequence[Row]
    delimited: bool = False

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """Return a place in this sheet; row 0 is no row (a GeoJSON file's headings)."""
        return Place(file=self.file, sheet=self.name, row=row or None, column=column)


def is_blank(raw: Raw) -> bool:
    r"""Return whether a cell says nothing: empty, or white space only.

    Examples
    --------
    >>> is_blank(None), is_blank(" \u3000"), is_blank(0)
    (True, True, False)
    """
    return raw is None or (isinstance(raw, str) and not raw.strip())


def trimmed(cells: Sequence[Raw]) -> tuple[Raw, ...]:
    """Return cells without the blank ones at the end.

    Examples
    --------
    >>> trimmed(["a", None, 0, "", None])
    ('a', None, 0)
    """
    end = len(cells)
    while end and is_blank(cells[end - 1]):
        end -= 1
    return tuple(cells[:end])


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
    notes : tuple of Note
        What the reader did beyond reading, such as taking text for GB18030.
    """

    name: str | None
    rows: Sequence[Row] = ()
    features: Sequence[Feature] | None = None
    hidden: bool = False
    merged: tuple[Merged, ...] = ()
    delimited: bool = False
    system: str | None = None
    notes: tuple[Note, ...] = ()

    def sheet(self, file: str) -> Sheet:
        """Return a table's rows with the name of their file."""
        return Sheet(file, self.name, self.rows, self.delimited)
