"""The yearly values of a plan's commitments that an office keeps by hand, from its workbook."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from geo.core.approximate import ApproximateValue
from geo.core.errors import BadValueError, EmptyFileError, InputError, MissingColumnError, Place
from geo.core.messages import Unreadable, Whole, shown
from geo.core.plan import Commitment, Plan
from geo.core.schema import Column
from geo.intake.cells.cell import read_cell
from geo.intake.cells.numbers import ABOUT, AT_LEAST
from geo.intake.cells.values import Reading
from geo.intake.formats.parts import Raw, Row, Sheet, is_blank
from geo.intake.import_report import ErrorList
from geo.intake.sandbox import read_file
from geo.intake.sentences import message

PROGRESS_SUFFIXES: Final = (".xlsx", ".xls", ".csv", ".tsv")
ID_HEADING: Final = "编号"
NOT_FILLED: Final = "未填报"
_MOST_ABOVE: Final = 30
_YEAR: Final = re.compile(r"((?:19|20|21)\d\d)(?:\.0)?\s*年?")
_VALUE: Final = Column("value", "real", "数值", "Value", minimum=0, maximum=1e9)
_PER_CENT: Final = 100.0
_INEXACT: Final = frozenset({ABOUT.code, AT_LEAST.code})

_NO_TABLE: Final = message("plan_progress.progress_without_table")
_UNKNOWN_ID: Final = message("plan_progress.progress_unknown_id")
_TWICE: Final = message("plan_progress.progress_twice")
_YEAR_TWICE: Final = message("plan_progress.progress_year_twice")
_NOT_A_SHARE: Final = message("plan_progress.progress_not_a_share")
_NOT_WHOLE: Final = message("plan_progress.progress_not_whole")
_ABOUT: Final = message("plan_progress.progress_about")


def read_hand_kept(
    path: Path, plan: Plan, *, name: str | None = None
) -> dict[str, dict[int, float]]:
    """Return the values kept by hand, by commitment and year; an empty cell is unknown.

    The first sheet with the headings is read: 编号 holds the commitments' ids, a heading
    that is a year its values, in the plan's unit. Other columns, and years that the plan
    does not have, are passed over. The file is opened in a process of its own.
    A value written as about so much is an
    :class:`~geo.core.approximate.ApproximateValue`, which says so.

    Raises
    ------
    InputError
        It cannot be read, has no such columns, names a commitment that the plan does not
        have, or a cell is no such value; all faulty cells are reported at once.
    """
    book = read_file(path, takes=PROGRESS_SUFFIXES, name=name)
    tables = [part.sheet(book.file) for part in book.parts if part.rows and not part.hidden]
    errors = ErrorList()
    for sheet in tables:
        headed = _from_headings(sheet)
        if headed is not None:
            layout = _layout(headed, plan, errors)
            found = _read(headed, layout, plan, errors)
            errors.raise_if_any()
            return found
    kind = MissingColumnError if tables else EmptyFileError
    raise _NO_TABLE.error(kind, place=Place(file=book.file))


@dataclass(frozen=True)
class _Layout:
    """Which columns hold the ids and the years."""

    id_at: int
    years: dict[int, int]


def _from_headings(sheet: Sheet) -> Sheet | None:
    for at, row in enumerate(sheet.rows[:_MOST_ABOVE]):
        texts = [_text(raw) for raw in row.cells]
        if ID_HEADING in texts and any(_YEAR.fullmatch(text) for text in texts):
            return replace(sheet, rows=sheet.rows[at:])
    return None


def _text(raw: Raw) -> str:
    if is_blank(raw):
        return ""
    return unicodedata.normalize("NFKC", " ".join(str(raw).split()))


def _layout(sheet: Sheet, plan: Plan, errors: ErrorList) -> _Layout:
    heads = sheet.rows[0]
    years: dict[int, int] = {}
    for at, raw in enumerate(heads.cells):
        told = _YEAR.fullmatch(_text(raw))
        if told is None or int(told[1]) not in plan.years:
            continue
        year = int(told[1])
        if year in years:
            errors.add(
                _YEAR_TWICE.error(BadValueError, year=year), sheet.place(heads.number, _text(raw))
            )
        years[year] = at
    return _Layout([_text(raw) for raw in heads.cells].index(ID_HEADING), years)


def _read(
    sheet: Sheet, layout: _Layout, plan: Plan, errors: ErrorList
) -> dict[str, dict[int, float]]:
    known = {one.commitment_id: one for one in plan.by_hand}
    found: dict[str, dict[int, float]] = {}
    rows: dict[str, int] = {}
    for row in sheet.rows[1:]:
        commitment_id = _text(_at(row.cells, layout.id_at))
        if not commitment_id:
            continue
        place = sheet.place(row.number, ID_HEADING)
        if commitment_id not in known:
            told = "、".join(known) or "—"
            error = _UNKNOWN_ID.error(
                BadValueError, commitment_id=shown(commitment_id), known=Whole(told)
            )
            errors.add(error, place)
        elif commitment_id in rows:
            error = _TWICE.error(
                BadValueError, commitment_id=shown(commitment_id), row=rows[commitment_id]
            )
            errors.add(error, place)
        else:
            rows[commitment_id] = row.number
            found[commitment_id] = _values(sheet, row, layout, known[commitment_id], errors)
    return found


def _at(cells: Sequence[Raw], at: int) -> Raw:
    return cells[at] if at < len(cells) else None


def _values(
    sheet: Sheet, row: Row, layout: _Layout, one: Commitment, errors: ErrorList
) -> dict[int, float]:
    found: dict[int, float] = {}
    for year, at in layout.years.items():
        place = sheet.place(row.number, str(year))
        try:
            value = _value(_at(row.cells, at), one, place)
        except InputError as error:
            errors.add(error, place)
            continue
        if value is not None:
            found[year] = value
    return found


def _value(raw: Raw, one: Commitment, place: Place) -> float | None:
    """Return a cell's value in the commitment's unit; None where nothing is filled in."""
    text = "" if isinstance(raw, Unreadable) else _text(raw)
    if text == NOT_FILLED:
        return None
    # A number that stands alone is taken as it is, a text without its unit: 约8%, 30家左右.
    asked = text.replace(one.unit_zh, "", 1).strip() if isinstance(raw, str) else raw
    found = read_cell(asked, _VALUE)
    value = _number(found.value)
    if value is None:
        return None
    _check(value, one, text)
    return _marked(value, found, text, one, place)


def _check(value: float, one: Commitment, text: str) -> None:
    """Raise where a share is none, or a count is not whole."""
    if one.is_count and not value.is_integer():
        raise _NOT_WHOLE.error(BadValueError, unit=Whole(one.unit_zh), text=shown(text))
    # A cell that Excel shows as 12.3% holds 0.123, and nothing tells the two apart.
    says_so = "%" in text
    if one.is_share and (value > _PER_CENT or (0 < value < 1 and not says_so)):
        raise _NOT_A_SHARE.error(BadValueError, text=shown(text))


def _marked(value: float, found: Reading, text: str, one: Commitment, place: Place) -> float:
    """Return the value, with a sentence of its place where it is about or at least so much."""
    if found.note is None or found.note.code not in _INEXACT:
        return value
    told = _ABOUT.error(place=place, text=text, value=Whole(f"{value:.10g} {one.unit_zh}".strip()))
    return ApproximateValue(value, zh=told.message("zh"), en=told.message("en"))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
