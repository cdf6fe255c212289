"""Population figures of a file: clean rows, and the account of all others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from geo.core.errors import Place
from geo.core.messages import Noted, message
from geo.core.schema import POPULATION, conform
from geo.core.vocabulary import Quality
from geo.intake.examined import ByRow, Examination, LeftOutRow, Quarantined
from geo.intake.faults import Faults
from geo.intake.formats.reading import TABLE_SUFFIXES
from geo.intake.layout.laying_out import Layout, lay_out
from geo.intake.ledger.draft import provenance
from geo.intake.population.rows import Figure, check_twice, read_block
from geo.intake.population.setting import PopulationSetting
from geo.intake.population.sums import check_sums
from geo.intake.population.unfolding import (
    Block,
    Stated,
    stated_in,
    unfolded,
    years_as_headings,
)
from geo.intake.process import Book, read_file
from geo.intake.rows import Raw, Sheet
from geo.intake.sheets import choose_sheets
from geo.intake.table import TableReader, frame_of, require_rows

POPULATION_SHEET: Final = "人口"
POPULATION_SUFFIXES: Final = TABLE_SUFFIXES
_NO_FIGURES: Final = message(
    "sheet_without_population",
    "工作表「{name}」里没有人口，未读。",
    "Sheet '{name}' has no population figures and was not read.",
)


@dataclass(frozen=True)
class ExaminedPopulation:
    """Clean figures, and the account of all rows.

    Attributes
    ----------
    population : pandas.DataFrame
        Numbered from 0; the columns of :data:`geo.core.schema.POPULATION`; persons.
    account : Examination
        Of the rows of the file; one of a wide table gives several figures.
    """

    population: pd.DataFrame
    account: Examination


@dataclass
class _Draft:
    file: str
    faults: Faults = field(default_factory=Faults)
    figures: list[Figure] = field(default_factory=list)
    readers: list[TableReader] = field(default_factory=list)
    noted: list[Noted] = field(default_factory=list)
    left_out: list[LeftOutRow] = field(default_factory=list)
    totals: dict[tuple[str, int], int] = field(default_factory=dict)


def read_population(
    path: Path,
    *,
    source_id: str | None = None,
    quality: Quality = Quality.REPORTED,
    name: str | None = None,
) -> pd.DataFrame:
    """Read population figures of which every row must be clean.

    Codes hold as they stand; neither sums nor names are compared with anything.

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
        Numbered from 0; the columns of :data:`geo.core.schema.POPULATION`; persons.

    Raises
    ------
    InputError
        Of the class of the first fault in reading order, as in
        :func:`geo.intake.ledger.read_ledger`. Beyond single cells: two rows for
        one division, kind and year, and parts that exceed the whole.
    """
    book = read_file(path, takes=POPULATION_SUFFIXES, name=name)
    draft = _read(book, PopulationSetting(source_id=source_id, quality=quality))
    draft.faults.raise_if_any()
    return _frame(draft.figures)


def examine_population(book: Book, setting: PopulationSetting) -> ExaminedPopulation:
    """Read population figures as they come: clean rows are taken, others held back.

    A long table has columns of kind and year; in a wide one the headings tell them
    (2020年末常住人口), or the title, or the sheet's name, which is remarked on. Codes and
    names are matched together with those of the district; the townships' sum is held
    against the district's total. What is not told anywhere is never assumed.

    Parameters
    ----------
    book : Book
        As :func:`geo.intake.process.read_file` returns it.
    setting : PopulationSetting
        What it is read against.

    Raises
    ------
    InputError
        No row can be read: no sheet has figures, or it is not told of which year,
        kind or division they are.
    """
    draft = _read(book, setting)
    draft.noted += check_sums(draft.figures, setting, draft.totals, draft.faults)
    return _sorted_out(draft)


def _read(book: Book, setting: PopulationSetting) -> _Draft:
    draft = _Draft(book.file)
    head = Place(file=book.file)
    draft.noted += [Noted(head, remark) for part in book.parts for remark in part.remarks]
    for sheet, merged in _sheets(book, setting, draft):
        _read_sheet(sheet, merged, setting, draft)
    check_twice(draft.figures, draft.faults)
    order = {reader.sheet.name: number for number, reader in enumerate(draft.readers)}
    columns: dict[tuple[str | None, str], int] = {
        (reader.sheet.name, text): position
        for reader in draft.readers
        for text, position in reader.positions_by_heading.items()
    }
    draft.faults.sort(
        lambda at: (
            order.get(at.sheet, 0),
            at.row or 0,
            columns.get((at.sheet, at.column or ""), -1),
        )
    )
    return draft


def _sheets(
    book: Book, setting: PopulationSetting, draft: _Draft
) -> Iterator[tuple[Sheet, Sequence[tuple[int, int, int, int]]]]:
    """Return the sheets that have figures: the text table, the one called so, or all of them."""
    first = book.parts[0]
    if first.delimited:
        yield first.sheet(book.file), first.merged
        return
    visible = [part for part in book.parts if not part.hidden and part.rows]
    named = [part for part in visible if (part.name or "").strip() == POPULATION_SHEET]
    with_figures = [
        part
        for part in visible
        if setting.divisions is not None
        and _has_figures(part.sheet(book.file), part.merged, setting)
    ]
    chosen = named or with_figures
    if not chosen:
        (sheet,) = choose_sheets(book, POPULATION_SHEET)
        yield sheet, next(p.merged for p in book.parts if p.name == sheet.name)
        return
    for part in book.parts:
        if part in chosen:
            yield part.sheet(book.file), part.merged
        elif part.rows:
            name = part.name or "—"
            place = Place(file=book.file, sheet=part.name)
            draft.left_out.append(LeftOutRow(place, _NO_FIGURES.remark(name=name)))


def _has_figures(
    sheet: Sheet, merged: Sequence[tuple[int, int, int, int]], setting: PopulationSetting
) -> bool:
    layout = _laid_out(sheet, merged, setting)
    return any(block.aliases for block in unfolded(layout.sheet, setting.synonyms))


def _laid_out(
    sheet: Sheet, merged: Sequence[tuple[int, int, int, int]], setting: PopulationSetting
) -> Layout:
    return lay_out(
        years_as_headings(sheet, setting.synonyms),
        POPULATION.columns,
        merged=merged,
        synonyms=setting.synonyms,
    )


def _read_sheet(
    sheet: Sheet,
    merged: Sequence[tuple[int, int, int, int]],
    setting: PopulationSetting,
    draft: _Draft,
) -> None:
    require_rows(sheet)
    layout = _laid_out(sheet, merged, setting)
    place = sheet.place()
    draft.noted += [Noted(place, remark) for remark in layout.remarks]
    draft.noted += [Noted(sheet.place(one.first), one.remark) for one in layout.filled]
    draft.left_out += [LeftOutRow(sheet.place(left.row), left.reason) for left in layout.left_out]
    require_rows(layout.sheet)
    above = stated_in(layout.title).over(stated_in([sheet.name or ""]))
    blocks = unfolded(layout.sheet, setting.synonyms)
    for block in blocks:
        reader, figures = read_block(
            block, above, setting, draft.faults, units=layout.units, several=len(blocks) > 1
        )
        draft.readers.append(reader)
        draft.figures += figures
        draft.noted += reader.noted
        _note_totals(reader, layout, block, above, draft)


def _note_totals(
    reader: TableReader, layout: Layout, block: Block, above: Stated, draft: _Draft
) -> None:
    """Keep the figure of a row of totals that was left out: one of a known year and kind."""
    stated = block.stated.over(above)
    position = reader.headings.positions.get("population")
    if stated.year is None or stated.population_kind is None or position is None:
        return
    factor = reader.headings.factors.get("population", 1.0)
    for left in layout.left_out:
        if left.reason.code in ("row_total", "row_sum") and position < len(left.cells):
            persons = _persons(left.cells[position], factor)
            if persons is not None:
                draft.totals[stated.population_kind, int(stated.year)] = persons


def _persons(cell: Raw, factor: float) -> int | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return round(cell * factor)
    return None


def _sorted_out(draft: _Draft) -> ExaminedPopulation:
    by_row = ByRow.of(draft.faults.kept)
    places = {figure.reader.place(figure.record.number): figure for figure in draft.figures}
    held = {place: by_row.at(place) for place in places if by_row.at(place)}
    clean = [
        figure for figure in draft.figures if figure.reader.place(figure.record.number) not in held
    ]
    columns: dict[str | None, dict[str, int]] = {}
    for reader in draft.readers:
        columns.setdefault(reader.sheet.name, {}).update(reader.positions_by_word)
    headings = [heading for reader in draft.readers for heading in reader.ignored]
    account = Examination(
        draft.file,
        taken=tuple(place for place in places if place not in held),
        quarantined=tuple(
            Quarantined(
                place,
                places[place].reader.cells_by_heading(places[place].record),
                faults,
                places[place].reader.positions_by_heading,
            )
            for place, faults in held.items()
        ),
        left_out=tuple(draft.left_out),
        noted=tuple(draft.noted),
        ignored_headings=tuple(dict.fromkeys(headings)),
        columns=columns,
    )
    return ExaminedPopulation(_frame(clean), account)


def _frame(figures: Sequence[Figure]) -> pd.DataFrame:
    rows = [figure.values | provenance(figure.reader.sheet, figure.record) for figure in figures]
    return conform(frame_of(rows, POPULATION), POPULATION)
