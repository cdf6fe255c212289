"""Rows into a frame of one of our tables, all faults gathered before any is raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from geo.columns import Column, Table
from geo.errors import BadValueError, InputError, Place
from geo.intake.bounds import MAX_FAULTS
from geo.intake.headings import LATITUDE, LONGITUDE, check_required, columns_of
from geo.intake.rows import SheetTable
from geo.intake.values import read_cell

Row = dict[str, Any]
PROVENANCE = ("source_file", "source_sheet", "source_row")


@dataclass
class Faults:
    """The faults of a file in reading order; the first is raised and counts the others."""

    found: list[InputError] = field(default_factory=list)

    def attempt(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Return what the work returns; keep its fault and return None where it has one."""
        try:
            return work(*arguments)
        except InputError as error:
            if len(self.found) < MAX_FAULTS:
                self.found.append(error)
            return None

    def raise_first(self) -> None:
        """Raise the first fault, if there is one, with the number of the others."""
        if not self.found:
            return
        first, others = self.found[0], len(self.found) - 1
        if others:
            more = "至少" if len(self.found) == MAX_FAULTS else ""
            first.zh += f"（{more}另有 {others} 处问题）"
            first.en += f" ({others} more faults)"
        raise first


def rows_of_sheet(
    sheet: SheetTable, table: Table, faults: Faults, *, given: Iterable[str] = ()
) -> tuple[list[Row], tuple[str, ...]]:
    """Return each row of a sheet as values by column name, and the headings not used.

    Parameters
    ----------
    sheet : SheetTable
        Headings and raw rows.
    table : Table
        What it should be.
    faults : Faults
        Takes what is wrong with single cells.
    given : iterable of str
        Required columns that the caller fills in where there is no heading.

    Raises
    ------
    MissingColumnError, DuplicateError
        About the headings: without them no row can be read.
    """
    columns, unused = columns_of(sheet.headings, table, sheet.place)
    required = [
        column
        for column in table.columns
        if column.required and column.name not in {*given, *PROVENANCE}
    ]
    check_required(columns, sheet.headings, required, sheet.place)
    rows = []
    for number, values in sheet.rows:
        row: Row = dict(zip(PROVENANCE, (sheet.place.file, sheet.place.sheet, number), strict=True))
        row.update(_cells(row, values, columns, required, faults))
        rows.append(row)
    return rows, unused


def _cells(
    row: Row,
    values: tuple[Any, ...],
    columns: dict[int, Column],
    required: list[Column],
    faults: Faults,
) -> Row:
    file, sheet, number = (row[name] for name in PROVENANCE)
    cells: Row = {}
    for position, column in columns.items():
        raw = values[position] if position < len(values) else None
        where = Place(file, sheet, number, column.zh)
        cells[column.name] = faults.attempt(read_cell, raw, column, where)
        if cells[column.name] is None and column in required and _is_empty(raw):
            faults.attempt(_raise_empty, column, where)
    return cells


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _raise_empty(column: Column, place: Place) -> None:
    raise BadValueError(
        zh=f"「{column.zh}」不能为空。", en=f"'{column.en}' must not be empty.", place=place
    )


def position_of(row: Row) -> tuple[float, float] | None:
    """Return longitude and latitude of a row, None where it has neither.

    Raises
    ------
    BadValueError
        It has only one of the two.
    """
    x, y = row.get(LONGITUDE.name), row.get(LATITUDE.name)
    if (x is None) != (y is None):
        missing = LONGITUDE if x is None else LATITUDE
        raise BadValueError(
            zh="经度和纬度须同时填写或同时留空。",
            en="Give both longitude and latitude, or neither.",
            place=Place(row["source_file"], row["source_sheet"], row["source_row"], missing.zh),
        )
    return None if x is None or y is None else (x, y)
