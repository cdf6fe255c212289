"""The report on a file: what its sender must mend, in the sender's own workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from geo.core.errors import InputError, Lang
from geo.core.messages import Noted
from geo.intake.examined import Examination
from geo.intake.formats.marking import Mark, workbook_of
from geo.intake.process import MARKABLE, Book, mark_workbook

MAX_MARKS: Final = 5_000
"""Marks in one report; a file with more is mended in rounds."""


def marks_of(account: Examination, lang: Lang = "zh") -> list[Mark]:
    """Return what to say at which cell: the faults of rows held back, then the remarks.

    At most :data:`MAX_MARKS`.
    """
    faults = [
        _of_fault(fault, row.positions, lang) for row in account.quarantined for fault in row.faults
    ]
    remarks = [
        _of_remark(noted, account.columns.get(noted.place.sheet, {}), lang)
        # What is said of a whole sheet comes first, then row by row.
        for noted in sorted(account.noted, key=lambda one: one.place.row or 0)
    ]
    return [*faults, *remarks][:MAX_MARKS]


def report_workbook(path: Path, book: Book, account: Examination, lang: Lang = "zh") -> bytes:
    """Return a copy of the sender's workbook with the cells to mend marked.

    Of a file that is no .xlsx a new workbook is made, with the same rows.

    Parameters
    ----------
    path : pathlib.Path
        The sender's file.
    book : Book
        As it was read.
    account : Examination
        What was found.
    lang : {"zh", "en"}
        Of the comments.

    Raises
    ------
    InputError
        The file can no longer be read.
    """
    marks = marks_of(account, lang)
    if path.suffix.lower() in MARKABLE:
        return mark_workbook(path, marks)
    return workbook_of([part for part in book.parts if part.rows], marks)


def _of_fault(fault: InputError, positions: Mapping[str, int], lang: Lang) -> Mark:
    place = fault.place
    column = (place.column if place else None) or ""
    return Mark(
        place.sheet if place else None,
        (place.row if place else None) or 1,
        positions.get(column),
        column,
        fault.zh if lang == "zh" else fault.en,
        fault.proposal.value if fault.proposal else "",
        "fault",
    )


def _of_remark(noted: Noted, positions: Mapping[str, int], lang: Lang) -> Mark:
    column = noted.place.column or ""
    return Mark(
        noted.place.sheet,
        noted.place.row or 0,
        positions.get(column),
        column,
        noted.remark.zh if lang == "zh" else noted.remark.en,
        "",
        "remark",
    )
