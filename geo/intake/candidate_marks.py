"""A list of candidate places that other bureaus have filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from geo.core.errors import BadValueError, EmptyFileError, InputError, MissingColumnError, Place
from geo.core.messages import message, shown
from geo.intake.bureau_marks import BureauMarks, is_mark, read_marks
from geo.intake.faults import Faults
from geo.intake.headings.folding import folded
from geo.intake.process import read_file
from geo.intake.rows import Raw, Row, Sheet, is_blank

LIST_SUFFIXES: Final = (".xlsx", ".xls", ".csv", ".tsv")
CANDIDATE_ID: Final = "候选点编号"
LISTED: Final = ("名称", "性质", "乡镇街道", "经度", "纬度")
"""Headings of the list that is handed out, which say nothing new."""
_IDS: Final = frozenset(
    map(folded, (CANDIDATE_ID, "设施编号", "编号", "candidate_id", "facility_id"))
)
_MOST_ABOVE: Final = 30
"""Rows in which the headings are looked for."""

_NO_ID: Final = message(
    "marks_without_id",
    "缺少「候选点编号」一列。请用 kepu site --list-candidates 导出候选点清单再填写。",
    "There is no column of candidate ids; begin with the list of --list-candidates.",
)
_NO_MARK: Final = message(
    "marks_without_marks",
    "没有可读的审查列：表头应以「审查」结尾，或为「适宜性」「费用（万元）」。",
    "There is no column of marks: headings end in 审查, or are 适宜性 or 费用（万元）.",
)
_EMPTY: Final = message(
    "marks_without_rows",
    "清单里没有候选点。",
    "The list has no candidates.",
)
_TWICE: Final = message(
    "marks_twice",
    "候选点「{candidate_id}」已在第 {row} 行出现，请合并成一行。",
    "Candidate '{candidate_id}' stands in row {row} already; make one row of them.",
)


@dataclass(frozen=True)
class CandidateMarks:
    """What a list says of candidates.

    Attributes
    ----------
    by_id : dict of str to BureauMarks
        Rows with something filled in; the others say nothing.
    ignored : tuple of str
        Headings that were not read.
    """

    by_id: dict[str, BureauMarks]
    ignored: tuple[str, ...]


def read_candidate_marks(path: Path, *, name: str | None = None) -> CandidateMarks:
    """Return what other bureaus say of candidates, from the first sheet that has their ids.

    Titles above the headings and notes below are passed over; marks are read by
    :func:`geo.intake.bureau_marks.read_marks`. The file is opened in a process of its own.

    Raises
    ------
    InputError
        The file cannot be read, has no ids or no marks, or a cell is no such value; all
        faulty cells are told at once.
    """
    book = read_file(path, takes=LIST_SUFFIXES, name=name)
    tables = [part for part in book.parts if part.rows and not part.hidden]
    sheets = (_from_headings(part.sheet(book.file)) for part in tables)
    found = next((sheet for sheet in sheets if sheet is not None), None)
    if found is None:
        kind = MissingColumnError if tables else EmptyFileError
        raise _NO_ID.fault(kind, place=Place(file=book.file))
    return _read(found)


def _from_headings(sheet: Sheet) -> Sheet | None:
    """Return a sheet from the row on that has a heading of ids; None where there is none."""
    for at, row in enumerate(sheet.rows[:_MOST_ABOVE]):
        if any(folded(str(raw)) in _IDS for raw in row.cells if not is_blank(raw)):
            return replace(sheet, rows=sheet.rows[at:])
    return None


def _headings(sheet: Sheet) -> list[str]:
    return ["" if is_blank(raw) else " ".join(str(raw).split()) for raw in sheet.rows[0].cells]


def _is_read(head: str) -> bool:
    return not head or is_mark(head) or folded(head) in _IDS or head in LISTED


def _read(sheet: Sheet) -> CandidateMarks:
    heads = _headings(sheet)
    at = next(at for at, head in enumerate(heads) if folded(head) in _IDS)
    if not any(is_mark(head) for head in heads):
        raise _NO_MARK.fault(MissingColumnError, place=sheet.place())
    faults = Faults()
    found: dict[str, BureauMarks] = {}
    rows: dict[str, int] = {}
    for row, candidate_id in _named(sheet, at):
        place = sheet.place(row.number)
        if candidate_id in rows:
            fault = _TWICE.fault(
                BadValueError, candidate_id=shown(candidate_id), row=rows[candidate_id]
            )
            faults.add(fault, place)
            continue
        rows[candidate_id] = row.number
        told = _marks_of(sheet, heads, row, faults)
        if told is not None and told != BureauMarks(None, None, None):
            found[candidate_id] = told
    if not rows:
        raise _EMPTY.fault(EmptyFileError, place=sheet.place())
    faults.raise_if_any()
    return CandidateMarks(found, tuple(head for head in heads if not _is_read(head)))


def _named(sheet: Sheet, at: int) -> Iterator[tuple[Row, str]]:
    """Return the rows that name a candidate, and its id."""
    for row in sheet.rows[1:]:
        raw = row.cells[at] if at < len(row.cells) else None
        if not is_blank(raw):
            yield row, str(raw).strip()


def _marks_of(sheet: Sheet, heads: list[str], row: Row, faults: Faults) -> BureauMarks | None:
    cells: list[tuple[str, Raw]] = list(zip(heads, row.cells, strict=False))
    try:
        return read_marks(cells, lambda head: sheet.place(row.number, head))
    except InputError as fault:
        faults.add(fault, fault.place or sheet.place(row.number))
        return None
