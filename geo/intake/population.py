"""Population figures of an office: by division, kind and year."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd

from geo.columns import POPULATION, conform
from geo.errors import DuplicateError
from geo.intake.faults import Faults
from geo.intake.formats.reading import TABLE_SUFFIXES
from geo.intake.process import Book, read_file
from geo.intake.rows import Sheet
from geo.intake.sheets import choose_sheets
from geo.intake.table import Record, TableReader, frame_of, require_rows
from geo.terms import PopulationKind, Quality

POPULATION_SHEET: Final = "人口"
POPULATION_SUFFIXES: Final = TABLE_SUFFIXES
_SPLITS: Final = (
    ("城镇、乡村", "urban and rural", ("urban_population", "rural_population")),
    ("各年龄段", "ages", ("population_0_14", "population_15_59", "population_60_plus")),
)


def read_population(
    path: Path,
    *,
    source_id: str | None = None,
    quality: Quality = Quality.REPORTED,
    name: str | None = None,
) -> pd.DataFrame:
    """Read population figures: a file without a fault, or one error.

    An Excel workbook has the sheet 「人口」 or a single sheet; a CSV file is in
    UTF-8. Every required column of :data:`geo.columns.POPULATION` but ``quality``
    must be there and filled in. An empty cell of a part (urban, an age) is unknown.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    source_id : str, optional
        The source of every row. The file then needs no column of sources; what
        it has there goes to the end of ``basis``.
    quality : Quality
        Of every row, in a file without that column.
    name : str, optional
        What to call the file, if not by the path's own name.

    Returns
    -------
    pandas.DataFrame
        Numbered from 0; the columns of :data:`geo.columns.POPULATION`; persons.

    Raises
    ------
    InputError
        Of the class of the first fault in reading order, as in
        :func:`geo.intake.ledger.read_ledger`. Beyond single cells: two rows for
        one division, kind and year, and parts that exceed the whole.
    """
    sheet = _sheet(read_file(path, takes=POPULATION_SUFFIXES, name=name))
    require_rows(sheet)
    lacks = frozenset({"quality", "source_id"} if source_id else {"quality"})
    reader = TableReader(sheet, POPULATION.columns, Faults(), may_lack=lacks)
    rows = [{"quality": quality.value} | row for row in _read_rows(reader, source_id)]
    reader.faults.raise_if_any()
    return conform(frame_of(rows, POPULATION), POPULATION)


def _sheet(book: Book) -> Sheet:
    if book.parts[0].delimited:
        return book.parts[0].sheet(book.file)
    (sheet,) = choose_sheets(book, POPULATION_SHEET)
    return sheet


def _read_rows(reader: TableReader, source_id: str | None) -> list[dict[str, Any]]:
    rows = []
    seen: dict[tuple[object, ...], int] = {}
    for record in reader.records():
        _check_parts(record, reader)
        key = tuple(record.values[n] for n in ("division_code", "population_kind", "year"))
        if None not in key and seen.setdefault(key, record.number) != record.number:
            place = reader.place(record.number, "division_code")
            reader.faults.add(_same_figure(key, seen[key]), place)
        rows.append(record.values | _sourced(record, source_id))
    return rows


def _check_parts(record: Record, reader: TableReader) -> None:
    """Add a fault where parts of a population sum to more than the whole."""
    whole = record.values["population"]
    if not isinstance(whole, int):
        return
    for zh, en, names in _SPLITS:
        parts = [record.values.get(name) for name in names]
        total = sum(part for part in parts if isinstance(part, int))
        if total > whole:
            reader.fault(
                f"{zh}合计 {total:,} 人，多于总人口 {whole:,} 人，请核对。",
                f"The {en} sum to {total:,}, more than the population of {whole:,}.",
                record.number,
                "population",
            )


def _same_figure(key: tuple[object, ...], first: int) -> DuplicateError:
    code, kind, year = key
    title = "户籍人口" if kind == PopulationKind.REGISTERED else "常住人口"
    return DuplicateError(
        zh=f"{code} 的 {year} 年{title}与第{first}行重复，请删去其中一行。",
        en=f"The {kind} population of {code} in {year} stands in row {first} too.",
    )


def _sourced(record: Record, source_id: str | None) -> dict[str, Any]:
    """Return the source given, with what the file says of its own kept in the basis."""
    if source_id is None:
        return {}
    own, basis = record.values.get("source_id"), record.values.get("basis")
    told = f"来源：{own}" if own and own != source_id else None
    words = [str(part) for part in (basis, told) if part]
    return {"source_id": source_id, "basis": "；".join(words) or None}
