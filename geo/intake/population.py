"""Population figures, strictly."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo.columns import POPULATION, conform
from geo.errors import DuplicateError, EmptyFileError, Place
from geo.intake.rows import read_tables
from geo.intake.table import Faults, Row, rows_of_sheet
from geo.terms import Quality

_KEY = ("division_code", "population_kind", "year")


def read_population(
    path: Path, *, source_id: str, quality: Quality = Quality.REPORTED
) -> pd.DataFrame:
    """Read population figures from .xlsx or .csv, a row for each division, kind and year.

    Parameters
    ----------
    path : pathlib.Path
        The user's file; a workbook's first visible sheet is read.
    source_id : str
        For rows that name no source.
    quality : Quality
        For rows that name no quality.

    Returns
    -------
    pandas.DataFrame
        With the columns of :data:`geo.columns.POPULATION`.

    Raises
    ------
    InputError
        The first fault in reading order, with its place and the number of others.
    """
    sheet = next(iter(read_tables(path).values()))
    faults = Faults()
    rows, _ = rows_of_sheet(sheet, POPULATION, faults, given=("source_id", "quality"))
    if not rows:
        raise EmptyFileError(
            zh="没有人口数据行。", en="There is no row of population.", place=sheet.place
        )
    _check_keys(rows, faults)
    faults.raise_first()
    defaults = {"source_id": source_id, "quality": quality.value}
    filled = [{**defaults, **{k: v for k, v in row.items() if v is not None}} for row in rows]
    return conform(pd.DataFrame(filled), POPULATION)


def _check_keys(rows: list[Row], faults: Faults) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = tuple(row.get(name) for name in _KEY)
        if None not in key and key in seen:
            faults.attempt(_raise_twice, row, seen[key])
        seen.setdefault(key, row["source_row"])


def _raise_twice(row: Row, first: int) -> None:
    raise DuplicateError(
        zh=f"同一区划、口径和年份的人口与第{first}行重复。",
        en=f"Division, kind and year are those of row {first} too.",
        place=Place(row["source_file"], row["source_sheet"], row["source_row"]),
    )
