"""Population figures of an office: long tables and wide ones, by division, kind and year.

A long table has columns of kind and year; in a wide one the headings tell them
(2020年末常住人口), or the title, or the sheet's name, which is noted. Codes and
names are matched together with those of the district; the townships' sum is held
against the district's total. What is not told anywhere is never assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from geo.core.errors import FileTypeError, Place
from geo.core.messages import Whole, shown
from geo.core.schema import POPULATION, conform
from geo.core.vocabulary import Quality
from geo.intake.formats.parts import Part, Sheet
from geo.intake.formats.readers import TABLE_SUFFIXES
from geo.intake.headers.layout import HeaderLayout, lay_out
from geo.intake.pipeline import Draft, Imported, ImportTable, ReadRow, parse_clean, provenance
from geo.intake.reference_data import ReferenceData
from geo.intake.sandbox import Book, read_file
from geo.intake.sentences import message
from geo.intake.table_reader import TableReader, frame_of, require_rows
from geo.intake.tables.population.blocks import (
    Stated,
    stated_in,
    unfolded,
    years_as_headings,
)
from geo.intake.tables.population.figures import check_twice, read_block
from geo.intake.tables.population.totals import check_sums

POPULATION_SHEET: Final = "人口"
_NO_FIGURES: Final = message("population.sheet_without_population")
_SHEET_NOT_FOUND: Final = message("general.sheet_not_found")


@dataclass
class _PopulationDraft(Draft):
    """With the figures of rows of totals, by kind and year."""

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
        As :func:`geo.intake.pipeline.parse_clean`. Beyond single cells: two rows for
        one division, kind and year, and parts that exceed the whole.
    """
    book = read_file(path, takes=POPULATION_TABLE.suffixes, name=name)
    return parse_clean(POPULATION_TABLE, book, ReferenceData(source_id=source_id, quality=quality))


def _choose(book: Book, draft: _PopulationDraft, reference: ReferenceData) -> Iterator[Part]:
    """Give the sheets that have figures: the text table, the one called so, or all of them."""
    whole = Place(file=book.file)
    for part in book.parts:
        draft.note_all(whole, part.notes)
    if book.parts[0].delimited:
        yield book.parts[0]
        return
    visible = [part for part in book.parts if not part.hidden and part.rows]
    named = [part for part in visible if (part.name or "").strip() == POPULATION_SHEET]
    with_figures = [
        part
        for part in visible
        if reference.divisions is not None and _has_figures(part, book.file, reference)
    ]
    chosen = named or with_figures
    if not chosen:
        yield only_sheet(book, POPULATION_SHEET)
        return
    for part in book.parts:
        if part in chosen:
            yield part
        elif part.rows:
            place = Place(file=book.file, sheet=part.name)
            draft.leave_out(place, _NO_FIGURES, name=part.name or "—")


def only_sheet(book: Book, title: str) -> Part:
    """Return the one sheet of a workbook that must be there: of that title, or the only one.

    Hidden sheets are not looked at: templates keep the words of their drop-down lists there.

    Raises
    ------
    FileTypeError
        It is not clear which sheet is meant.

    Examples
    --------
    >>> only_sheet(Book("a.xlsx", (Part("说明"), Part("人口"))), "人口").name
    '人口'
    """
    visible = [part for part in book.parts if not part.hidden]
    named = [part for part in visible if (part.name or "").strip() == title]
    if not named and len(visible) != 1:
        found = "、".join(shown(part.name) for part in visible)
        raise _SHEET_NOT_FOUND.error(
            FileTypeError, place=Place(file=book.file), main=Whole(title), found=Whole(found)
        )
    return (named or visible)[0]


def _has_figures(part: Part, file: str, reference: ReferenceData) -> bool:
    layout = _laid_out(part.sheet(file), part, reference)
    return any(block.aliases for block in unfolded(layout.sheet, reference.synonyms))


def _laid_out(sheet: Sheet, part: Part, reference: ReferenceData) -> HeaderLayout:
    headed = years_as_headings(sheet, reference.synonyms)
    columns = POPULATION.columns
    return lay_out(headed, columns, merged=part.merged, synonyms=reference.synonyms)


def _read(part: Part, draft: _PopulationDraft, reference: ReferenceData) -> None:
    sheet = part.sheet(draft.file)
    require_rows(sheet)
    layout = _laid_out(sheet, part, reference)
    draft.keep_layout(layout)
    require_rows(layout.sheet)
    above = stated_in(layout.title).over(stated_in([sheet.name or ""]))
    blocks = unfolded(layout.sheet, reference.synonyms)
    for block in blocks:
        several = len(blocks) > 1
        reader = read_block(block, above, draft, reference, units=layout.units, several=several)
        draft.ignored += reader.ignored
        _keep_totals(reader, layout, block.stated.over(above), draft)


def _keep_totals(
    reader: TableReader, layout: HeaderLayout, stated: Stated, draft: _PopulationDraft
) -> None:
    """Keep the figure of a row of totals that was left out: one of a known year and kind."""
    position = reader.headings.positions.get("population")
    if stated.year is None or stated.population_kind is None or position is None:
        return
    factor = reader.headings.factors.get("population", 1.0)
    for left in layout.left_out:
        if left.reason.code in ("row_total", "row_sum") and position < len(left.cells):
            cell = left.cells[position]
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                draft.totals[stated.population_kind, int(stated.year)] = round(cell * factor)


def _check(draft: _PopulationDraft, reference: ReferenceData) -> None:
    check_twice(draft.rows, draft.errors)
    draft.sort_errors()
    draft.warnings += check_sums(draft.rows, reference, draft.totals, draft.errors)


def _finish(draft: _PopulationDraft, _reference: ReferenceData) -> Imported[pd.DataFrame]:
    clean, held = draft.parted()
    # A row of a wide table gives several figures: it is taken, or held back, as a whole.
    report = draft.report(dict.fromkeys(row.place for row in clean), held)
    return Imported(_frame(clean), report, len(clean))


def _frame(figures: Sequence[ReadRow]) -> pd.DataFrame:
    rows = [figure.values | provenance(figure.reader.sheet, figure.record) for figure in figures]
    return conform(frame_of(rows, POPULATION), POPULATION)


POPULATION_TABLE: Final = ImportTable(
    name="population",
    suffixes=TABLE_SUFFIXES,
    draft=_PopulationDraft,
    choose=_choose,
    read=_read,
    check=_check,
    finish=_finish,
)
