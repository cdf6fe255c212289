"""What other bureaus say of a place in columns of their own, and lists of candidates with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from geo.core.errors import BadValueError, EmptyFileError, InputError, MissingColumnError, Place
from geo.core.messages import shown
from geo.core.schema import Column
from geo.intake.cells.cell import read_cell
from geo.intake.formats.parts import Raw, Row, Sheet, is_blank
from geo.intake.headers.normalise import folded
from geo.intake.import_report import ErrorList
from geo.intake.sandbox import read_file
from geo.intake.sentences import message

_SUITABLE: Final = frozenset(map(folded, ("适宜性", "适宜性评分", "适宜度", "suitability")))
_MARKS: Final = frozenset(map(folded, ("是否通过", "审查通过", "是否可用", "可用", "passed")))
_COSTS: Final = frozenset(map(folded, ("费用", "费用（万元）", "造价", "投资", "cost")))
_POINTS: Final = 100.0
_SUITABILITY: Final = Column("suitability", "real", "适宜性", "Suitability", minimum=0, maximum=100)
_PASSED: Final = {"通过": True, "合格": True, "不通过": False, "未通过": False, "不合格": False}
_MARK: Final = Column("passed", "boolean", "是否通过", "Passed")
_COST: Final = Column("cost", "real", "费用", "Cost", unit="万元", minimum=0, maximum=1e9)


@dataclass(frozen=True)
class BureauMarks:
    """What is said of one place.

    Attributes
    ----------
    suitability : float or None
        From 0 to 1.
    cost : float or None
        10,000 yuan.
    failed : str or None
        The marks not passed, joined.
    """

    suitability: float | None
    cost: float | None
    failed: str | None


def is_mark(heading: str) -> bool:
    """Return whether a heading is one of those that are read here.

    Examples
    --------
    >>> is_mark("国土空间规划审查"), is_mark("适宜性"), is_mark("备注")
    (True, True, False)
    """
    return _column(folded(heading)) is not None


def read_marks(cells: Iterable[tuple[str, Raw]], place: Callable[[str], Place]) -> BureauMarks:
    """Return what the cells of one place say, by their headings; others are passed over.

    ``适宜性`` is a share or points of 100; any heading that ends in 审查, and 是否通过, is
    a mark of another bureau: an empty one is no judgement, and leaves the place in.

    Parameters
    ----------
    cells : iterable of (str, value)
        Headings and what stands under them.
    place : callable
        Where the cell under a heading stands, for the error.

    Raises
    ------
    InputError
        A cell is no such value.

    Examples
    --------
    >>> read_marks([("规划审查", "通过"), ("环保审查", "不通过"), ("适宜性", 80)],
    ...            lambda heading: Place(column=heading))
    BureauMarks(suitability=0.8, cost=None, failed='环保审查')
    """
    suitability, cost, failed = None, None, []
    for heading, raw in cells:
        column = _column(folded(heading))
        if column is None:
            continue
        value = _value(heading, raw, column, place)
        if column is _SUITABILITY and isinstance(value, float):
            suitability = value / _POINTS if value > 1 else value
        elif column is _COST and isinstance(value, float):
            cost = value
        elif value is False:
            failed.append(shown(heading))
    return BureauMarks(suitability, cost, "、".join(failed) or None)


def _column(heading: str) -> Column | None:
    if heading in _SUITABLE:
        return _SUITABILITY
    if heading in _COSTS:
        return _COST
    return _MARK if heading in _MARKS or heading.endswith("审查") else None


def _value(heading: str, raw: Raw, column: Column, place: Callable[[str], Place]) -> object:
    told = _PASSED.get(str(raw).strip()) if column is _MARK else None
    if told is not None:
        return told
    try:
        return read_cell(raw, column).value
    except InputError as error:
        error.place = place(heading)
        raise


LIST_SUFFIXES: Final = (".xlsx", ".xls", ".csv", ".tsv")
CANDIDATE_ID: Final = "候选点编号"
LISTED: Final = ("名称", "性质", "乡镇街道", "经度", "纬度")
"""Headings of the list that is handed out, which say nothing new."""
_IDS: Final = frozenset(
    map(folded, (CANDIDATE_ID, "设施编号", "编号", "candidate_id", "facility_id"))
)
_MOST_ABOVE: Final = 30
"""Rows in which the headings are looked for."""

_NO_ID: Final = message("general.marks_without_id")
_NO_MARK: Final = message("general.marks_without_marks")
_EMPTY: Final = message("general.marks_without_rows")
_TWICE: Final = message("general.marks_twice")


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
    :func:`geo.intake.candidate_marks.read_marks`. The file is opened in a process of its own.

    Raises
    ------
    InputError
        The file cannot be read, has no ids or no marks, or a cell is no such value; all
        faulty cells are reported at once.
    """
    book = read_file(path, takes=LIST_SUFFIXES, name=name)
    tables = [part for part in book.parts if part.rows and not part.hidden]
    sheets = (_from_headings(part.sheet(book.file)) for part in tables)
    found = next((sheet for sheet in sheets if sheet is not None), None)
    if found is None:
        kind = MissingColumnError if tables else EmptyFileError
        raise _NO_ID.error(kind, place=Place(file=book.file))
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
        raise _NO_MARK.error(MissingColumnError, place=sheet.place())
    errors = ErrorList()
    found: dict[str, BureauMarks] = {}
    rows: dict[str, int] = {}
    for row, candidate_id in _named(sheet, at):
        place = sheet.place(row.number)
        if candidate_id in rows:
            error = _TWICE.error(
                BadValueError, candidate_id=shown(candidate_id), row=rows[candidate_id]
            )
            errors.add(error, place)
            continue
        rows[candidate_id] = row.number
        told = _marks_of(sheet, heads, row, errors)
        if told is not None and told != BureauMarks(None, None, None):
            found[candidate_id] = told
    if not rows:
        raise _EMPTY.error(EmptyFileError, place=sheet.place())
    errors.raise_if_any()
    return CandidateMarks(found, tuple(head for head in heads if not _is_read(head)))


def _named(sheet: Sheet, at: int) -> Iterator[tuple[Row, str]]:
    """Return the rows that name a candidate, and its id."""
    for row in sheet.rows[1:]:
        raw = row.cells[at] if at < len(row.cells) else None
        if not is_blank(raw):
            yield row, str(raw).strip()


def _marks_of(sheet: Sheet, heads: list[str], row: Row, errors: ErrorList) -> BureauMarks | None:
    cells: list[tuple[str, Raw]] = list(zip(heads, row.cells, strict=False))
    try:
        return read_marks(cells, lambda head: sheet.place(row.number, head))
    except InputError as error:
        errors.add(error, error.place or sheet.place(row.number))
        return None
