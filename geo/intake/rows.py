"""What every tabular reader hands on, whatever the format: a sheet of numbered rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from geo.core.errors import Place
from geo.core.messages import Unreadable

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
    r"""Tell whether a cell says nothing: empty, or white space only.

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
